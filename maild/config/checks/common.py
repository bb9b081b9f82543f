"""What all checks have in common."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping

from maild.config.letters import retype, to_latin
from maild.config.lines import KeyPath
from maild.config.model import Config, Organization
from maild.config.schema import dotted
from maild.config.sources import Sources
from maild.config.types import is_slug
from maild.errors import Problem

Check = Callable[[Config, Sources], Iterator[Problem]]


def organizations(config: Config) -> Iterator[tuple[KeyPath, Organization]]:
    """Yield each organisation with its path."""
    for id_, organization in config.organization.items():
        yield ("organization", id_), organization


def at(sources: Sources, path: KeyPath) -> str:
    """Name a key and its line, to point from one problem to another place."""
    return f"{dotted(path)} ({sources.spot(path)})"


def as_written(sources: Sources, path: KeyPath) -> object:
    """Return what TOML gave for a key, before it became a value of ours; None where nothing stands."""
    found: object = sources.data
    for key in path:
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and isinstance(key, int) and key < len(found):
            found = found[key]
        else:
            return None
    return found


def not_defined(sources: Sources, path: KeyPath, name: str, among: Iterable[str], table: KeyPath) -> Problem:
    """Make the problem of a name at `path` that no [table.name] defines; where `among` has the tables, what they are called helps."""
    defined = sorted(among)
    near = _called(name, among) or difflib.get_close_matches(name, defined, n=1, cutoff=0.6)
    there_is = ", ".join(defined[:8])
    if to_latin(name):
        remedy = retype(name)
    elif near:
        remedy = f'Did you mean "{near[0]}"?'
    elif is_slug(name):
        remedy = f"Add a table [{dotted((*table, name))}], or name another one{there_is and f'; there is {there_is}'}."
    elif defined:
        remedy = f"Name one by its id; there is {there_is}."
    else:
        remedy = f"Add a table [{dotted(table)}.<id>], and write its id here."
    return sources.problem(
        path,
        found=f'"{name}", which is not defined',
        expected=f"the name of a table [{dotted(table)}.…]",
        remedy=remedy,
    )


def _called(name: str, among: Iterable[str]) -> list[str]:
    """Return the ids of tables that have such a `name` or `title`: "Авария", which people say, for [category.outage]."""
    tables = among.items() if isinstance(among, Mapping) else ()
    wanted = " ".join(name.split()).casefold()
    names = {id_: getattr(entry, "name", None) or getattr(entry, "title", "") for id_, entry in tables}
    return [id_ for id_, own in names.items() if own and " ".join(own.split()).casefold() == wanted]
