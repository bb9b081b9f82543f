"""Which agents are at work at an instant. Pure."""

from datetime import datetime

from maild.desk.case import DeskPolicy
from maild.model import Agent


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
