"""Whether digests have a reader, and a working minute to be sent in."""

from collections.abc import Iterator
from datetime import time

from maild.config.checks.common import Check, at, organizations
from maild.config.lines import KeyPath
from maild.config.model import AgentEntry, Config, Organization
from maild.config.promises import CalendarEntry
from maild.config.sources import Sources
from maild.errors import Problem


def _readers(organization: Organization) -> Iterator[tuple[str, time, str, AgentEntry]]:
    """Yield who is to have a digest: the key that says so, its time, their id and entry."""
    wanted = organization.digest
    for id_, agent in organization.agent.items():
        if wanted.heads is not None and id_ == organization.head:
            yield "heads", wanted.heads, id_, agent
        elif wanted.agents is not None and agent.notify:
            yield "agents", wanted.agents, id_, agent


def _somebody_is_head(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        if organization.digest.heads is not None and organization.head is None:
            yield sources.problem(
                (*base, "digest", "heads"),
                found="a digest for the head, and nobody is the head",
                expected="an agent who is the head",
                remedy='Name one, for example head = "petrova", or write heads = false.',
            )


def _readers_have_a_calendar(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        for key, moment, id_, agent in _readers(organization):
            name = agent.calendar or organization.assignment.calendar
            path: KeyPath = (*base, "digest", key)
            if name is None:
                yield sources.problem(
                    path,
                    found=f"a digest for {id_}, whose working time is not known",
                    expected="a calendar by which they work",
                    remedy='Write calendar = "…" into [….assignment], or into the table of the agent.',
                )
            elif name in organization.calendar and not _is_before_closing(moment, organization.calendar[name]):
                yield sources.problem(
                    path,
                    found=f"{moment:%H:%M}, when {at(sources, (*base, 'calendar', name))} is closed for the day",
                    expected="a time that is followed by working time on some day of the week",
                    remedy="Name an earlier time.",
                )


def _is_before_closing(moment: time, calendar: CalendarEntry) -> bool:
    openings = [one for each in calendar.week.values() for one in each]
    openings += [one for rule in calendar.days.values() for one in rule or ()]
    return any(one.end is None or moment < one.end for one in openings)


CONFLICTS: tuple[Check, ...] = ()
GAPS: tuple[Check, ...] = (_somebody_is_head, _readers_have_a_calendar)
