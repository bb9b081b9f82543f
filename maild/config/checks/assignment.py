"""Whether what is said of who gets requests, and of how they end, fits together."""

from collections.abc import Iterator

from maild.config.checks.common import Check, not_defined, organizations
from maild.config.model import Config
from maild.config.sources import Sources
from maild.errors import Problem


def _somebody_is_dealt_to(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        dealt = organization.assignment.way != "manual"
        if dealt and not any(agent.notify for agent in organization.agent.values()):
            yield sources.problem(
                (*base, "assignment", "way"),
                found=f'"{organization.assignment.way}", and no agent who is notified',
                expected='"manual", or agents with notify = true',
                remedy="Add an agent, or let one be notified.",
            )


def _calendars_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        named = [
            ((*base, "assignment", "calendar"), organization.assignment.calendar),
            ((*base, "confirmation", "calendar"), organization.confirmation.calendar),
        ]
        named += [((*base, "agent", id_, "calendar"), one.calendar) for id_, one in organization.agent.items()]
        for path, name in named:
            if name is not None and name not in organization.calendar:
                yield not_defined(sources, path, name, organization.calendar, (*base, "calendar"))


def _skills_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        known = [*organization.category, *organization.level]
        for id_, agent in organization.agent.items():
            for index, skill in enumerate(agent.skills):
                if skill not in known:
                    yield not_defined(
                        sources, (*base, "agent", id_, "skills", index), skill, known, (*base, "category")
                    )


def _senders_of_news_are_agents(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        for index, id_ in enumerate(organization.news.senders if organization.news else ()):
            if id_ not in organization.agent:
                path = (*base, "news", "senders", index)
                yield not_defined(sources, path, id_, organization.agent, (*base, "agent"))


CONFLICTS: tuple[Check, ...] = ()
GAPS: tuple[Check, ...] = (
    _somebody_is_dealt_to,
    _calendars_are_defined,
    _skills_are_defined,
    _senders_of_news_are_agents,
)
