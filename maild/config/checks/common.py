"""What all checks have in common."""

import difflib
from collections.abc import Callable, Iterable, Iterator

from maild.config.lines import KeyPath
from maild.config.model import Config, Organization
from maild.config.schema import dotted
from maild.config.sources import Sources
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
    """Make the problem of a name at `path` that no [table.name] defines."""
    defined = list(among)
    near = difflib.get_close_matches(name, defined, n=1, cutoff=0.6)
    if near:
        remedy = f'Did you mean "{near[0]}"?'
    else:
        there_is = f"; there is {', '.join(sorted(defined)[:8])}" if defined else ""
        remedy = f"Add a table [{dotted((*table, name))}], or name another one{there_is}."
    return sources.problem(
        path,
        found=f'"{name}", which is not defined',
        expected=f"the name of a table [{dotted(table)}.…]",
        remedy=remedy,
    )
