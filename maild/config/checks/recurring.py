"""Whether works that come round name what there is, can happen at all, and are somebody's."""

from collections.abc import Iterator

from maild.config.checks.common import Check, not_defined, organizations
from maild.config.lines import KeyPath
from maild.config.model import Config, Organization
from maild.config.recurring import RecurringEntry
from maild.config.sources import Sources
from maild.errors import Problem

_NAMES = (
    ("calendar", "calendar"), ("mailbox", "mailbox"), ("category", "category"), ("severity", "severity"),
    ("team", "team"), ("agent", "agent"),
)  # fmt: skip


def _works(config: Config) -> Iterator[tuple[KeyPath, RecurringEntry, Organization]]:
    for base, organization in organizations(config):
        for name, work in organization.recurring.items():
            yield (*base, "recurring", name), work, organization


def _names_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, work, organization in _works(config):
        base = path[:2]
        for key, table in _NAMES:
            name, among = getattr(work, key), getattr(organization, table)
            if name is not None and name not in among:
                yield not_defined(sources, (*path, key), name, among, (*base, table))
        for index, level in enumerate(work.level):
            if level not in organization.level:
                yield not_defined(sources, (*path, "level", index), level, organization.level, (*base, "level"))


def _its_days_are_known(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, work, _ in _works(config):
        if work.on.needs_calendar and work.calendar is None:
            yield sources.problem(
                (*path, "on"),
                found="working days, and no calendar that tells them",
                expected="a calendar by which working days are counted",
                remedy='Write calendar = "…" beside it.',
            )
        elif work.off_day != "keep" and work.calendar is None:
            yield sources.problem(
                (*path, "off_day"),
                found=f'"{work.off_day}", and no calendar that tells days off',
                expected="a calendar, or off_day left out",
                remedy='Write calendar = "…" beside it.',
            )
        if work.on.kind == "days" and work.on.number > 1 and work.since is None:
            yield sources.problem(
                (*path, "on"),
                found=f"every {work.on.number} days, and no day to count from",
                expected="the first day",
                remedy="Write since = 2026-12-01, for example, beside it.",
            )
        if work.since and work.until and work.until < work.since:
            yield sources.problem(
                (*path, "until"),
                found=f"{work.until}, before {work.since}, when it begins",
                expected="a later day",
                remedy="Correct one of the two.",
            )


def _clients_are_meant(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, work, _ in _works(config):
        for key in ("level", "client"):
            if getattr(work, key) and work.whom != "clients":
                yield sources.problem(
                    (*path, key),
                    found="which clients it is done for, where it is done once for the desk",
                    expected='whom = "clients"',
                    remedy=f'Write whom = "clients" beside it, or leave {key} out.',
                )


def _somebody_hears_of_it(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, work, organization in _works(config):
        if work.agent is None and not any(one.notify for one in organization.agent.values()):
            yield sources.problem(
                path,
                found="no agent who would hear of it",
                expected="an agent of its own, or one with notify = true",
                remedy='Write agent = "…", or add an agent.',
            )


CONFLICTS: tuple[Check, ...] = (_clients_are_meant,)
GAPS: tuple[Check, ...] = (_names_are_defined, _its_days_are_known, _somebody_hears_of_it)
