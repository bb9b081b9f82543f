"""Whether monthly reports have a day once a month, and a reader."""

from collections.abc import Iterator

from maild.config.checks.common import Check, not_defined, organizations
from maild.config.model import Config
from maild.config.sources import Sources
from maild.errors import Problem


def _once_a_month(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        entry = organization.reports
        if entry.on.kind in ("weekdays", "days"):
            yield sources.problem(
                (*base, "reports", "on"),
                found="days that come more than once a month",
                expected='"day 1", "last day", "working day 3" or "last working day"',
                remedy="Name a day of the month.",
            )
        for key, needs in (("on", entry.on.needs_calendar), ("off_day", entry.off_day != "keep")):
            if needs and entry.calendar is None:
                yield sources.problem(
                    (*base, "reports", key),
                    found="working days, and no calendar that tells them",
                    expected="a calendar by which working days are counted",
                    remedy='Write calendar = "…" beside it.',
                )


def _names_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        name = organization.reports.calendar
        if name is not None and name not in organization.calendar:
            yield not_defined(sources, (*base, "reports", "calendar"), name, organization.calendar, (*base, "calendar"))


def _somebody_is_head(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        if organization.reports.monthly == "head" and organization.head is None:
            yield sources.problem(
                (*base, "reports", "monthly"),
                found="reports for the head, and nobody is the head",
                expected="an agent who is the head",
                remedy='Name one, for example head = "petrova", or write monthly = "manager".',
            )


CONFLICTS: tuple[Check, ...] = (_once_a_month,)
GAPS: tuple[Check, ...] = (_names_are_defined, _somebody_is_head)
