"""What an agent puts off until later, and what they promise: they are reminded, the terms run on. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from maild.desk.acts import Act, State, cannot, noted, proven_agent, refuse_if_over, say_changed
from maild.desk.case import Case
from maild.desk.decision import Wake
from maild.desk.mornings import morning_of
from maild.sla.calendar import Calendar
from maild.wording import say_instant

LEAD = timedelta(hours=1)  # how long before what was promised its agent hears; of what is sooner, halfway


def _snooze(case: Case, state: State, value: object) -> tuple[State, str]:
    """The ticket is not shown among what there is to do until then, or until the customer writes."""
    assert isinstance(value, date), "the grammar gives a day, or an instant of one"
    agent = state.ticket.agent or proven_agent(case).id
    term = value if isinstance(value, datetime) else morning_of(value, _calendar(case, agent), case.policy.service.zone)
    _refuse_past(case, state, term)
    state = replace(state, wakes=(*state.wakes, Wake(kind="snooze", agent=agent, at=term, term=term)))
    return noted(state, "put off", f"until {term:%Y-%m-%d %H:%M}"), say_changed(case, "snooze", "", _say(case, term))


def _calendar(case: Case, agent_id: str) -> Calendar | None:
    """Return when an agent is at work."""
    name = next((one.calendar for one in case.policy.agents if one.id == agent_id), "")
    return case.policy.service.calendars.get(name)


def _promise(case: Case, state: State, value: object) -> tuple[State, str]:
    """Whoever promises is reminded before."""
    assert isinstance(value, tuple), "the grammar gives instant and words"
    term, words = value
    _refuse_past(case, state, term)
    at = max(term - LEAD, case.now + (term - case.now) / 2)
    state = replace(
        state, wakes=(*state.wakes, Wake(kind="promise", agent=proven_agent(case).id, at=at, term=term, words=words))
    )
    said = say_changed(case, "promise", "", f"{words}, {_say(case, term)}" if words else _say(case, term))
    return noted(state, "promised", f"by {term:%Y-%m-%d %H:%M}: {words}"), said


def _refuse_past(case: Case, state: State, term: datetime) -> None:
    refuse_if_over(case, state)
    if term <= case.now:
        raise cannot(case, "past", term=_say(case, term))


def _say(case: Case, instant: datetime) -> str:
    service = case.policy.service
    return say_instant(instant, service.zone, service.language, case.now)


ACTS: Mapping[str, Act] = {"snooze": _snooze, "promise": _promise}
