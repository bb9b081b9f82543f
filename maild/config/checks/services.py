"""Whether the table of services fits the rest: its levels, and what is named for where a service is not included."""

from collections.abc import Iterator

from maild.config.checks.common import Check, not_defined, organizations
from maild.config.lines import KeyPath
from maild.config.model import Config, Organization
from maild.config.schema import dotted
from maild.config.services import ServiceEntry
from maild.config.sources import Sources
from maild.errors import Problem

_OUTSIDE = (("offer", "offer"), ("refuse", "ground"), ("route", "unit"))  # key, and the table that it names


def _rows(config: Config) -> Iterator[tuple[KeyPath, ServiceEntry, Organization]]:
    for base, organization in organizations(config):
        for id_, row in organization.service.items():
            yield (*base, "service", id_), row, organization


def _one_thing_follows(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, row, _ in _rows(config):
        if row.outside is None:
            continue
        said = [key for key, _ in _OUTSIDE if getattr(row.outside, key) is not None]
        if len(said) != 1:
            yield sources.problem(
                (*path, "outside", *said[1:2]),
                found=f"`{said[1]}` beside `{said[0]}`" if said else "nothing",
                expected="one of `offer`, `refuse` and `route`",
                remedy="Leave one of them."
                if said
                else "Write one of them, or delete the line: then an agent decides.",
            )


def _grounds_refuse(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, row, organization in _rows(config):
        ground = organization.ground.get((row.outside and row.outside.refuse) or "")
        if ground is not None and ground.effect != "refuse":
            yield sources.problem(
                (*path, "outside", "refuse"),
                found=f"a ground that puts off, [{dotted((*path[:2], 'ground', str(row.outside and row.outside.refuse)))}]",
                expected='a ground with effect = "refuse"',
                remedy="Name a ground that refuses.",
            )


def _names_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, row, organization in _rows(config):
        for level in row.included:
            if level not in organization.level:
                yield not_defined(sources, (*path, "included", level), level, organization.level, (*path[:2], "level"))
        for key, table in _OUTSIDE if row.outside else ():
            name, defined = getattr(row.outside, key), getattr(organization, table)
            if name is not None and name not in defined:
                yield not_defined(sources, (*path, "outside", key), name, defined, (*path[:2], table))


CONFLICTS: tuple[Check, ...] = (_one_thing_follows, _grounds_refuse)
GAPS: tuple[Check, ...] = (_names_are_defined,)
