"""Which agents are at work at an instant, and when they come. Pure."""

from datetime import datetime, time, timedelta

from maild.desk.case import DeskPolicy
from maild.model import Agent
from maild.sla.local import instant_of

AHEAD = timedelta(days=31)  # nobody looks further for somebody who comes to work


def why_not_at_work(agent: Agent, desk: DeskPolicy, now: datetime) -> str:
    """Return why an agent is not at work, "" where they are."""
    calendar = desk.service.calendars.get(agent.calendar)
    if is_absent(agent, desk, now):
        return "absent"
    if calendar and not calendar.is_working(now):
        return f"not at work by calendar {calendar.name}"
    return ""


def is_absent(agent: Agent, desk: DeskPolicy, now: datetime) -> bool:
    """Whether it is one of an agent's days of absence, in their calendar's zone."""
    calendar = desk.service.calendars.get(agent.calendar)
    today = now.astimezone(calendar.zone if calendar else desk.service.zone).date()
    return any(first <= today <= last for first, last in agent.absent)


def next_arrival(agent: Agent, desk: DeskPolicy, now: datetime) -> datetime | None:
    """Return the first instant after `now` at which an agent comes to work, or is back from absence."""
    calendar = desk.service.calendars.get(agent.calendar)
    zone = calendar.zone if calendar else desk.service.zone
    today = now.astimezone(zone).date()
    comes = [instant_of(today + timedelta(days=n), time(), zone) for n in range(AHEAD.days)]
    comes += (since for since, _ in calendar.openings(now, now + AHEAD)) if calendar else ()
    return min((at for at in comes if at > now and not why_not_at_work(agent, desk, at)), default=None)
