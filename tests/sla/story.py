"""Lives of tickets, written as a person would tell them, and what they come to.

The days are those of late November and December 2026 in Moscow: the 23rd and the 30th are Mondays, "1" is 1 December, a
Tuesday. The desk is open from 9 to 18, Monday to Friday.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maild.model import TicketEvent
from maild.sla import changes, clocks
from maild.sla.calendar import Calendar, Opening
from maild.sla.clock import Clock, Wait
from maild.sla.moves import Change, Plan
from maild.sla.reminders import Reminder, look, parse_threshold
from maild.sla.target import Audience, Mode, Moment, Target

MOSCOW = ZoneInfo("Europe/Moscow")
NINE_TO_SIX = (Opening(start=time(9), end=time(18)),)
DESK = Calendar(name="desk", zone=MOSCOW, week=(*(NINE_TO_SIX,) * 5, (), ()))
LONGER = Calendar(name="desk", zone=MOSCOW, week=(*((Opening(start=time(9), end=time(20)),),) * 5, (), ()))
CALENDARS = {"desk": DESK}

_ACTS = {
    "registered": Moment.REGISTERED,
    "took": Moment.STARTED,
    "answered": Moment.ANSWERED,
    "resolved": Moment.RESOLVED,
}


def at(text: str) -> datetime:
    """`"27 16:00"` as an instant, in UTC like every instant of the desk."""
    day, clock = text.split()
    month = 12 if int(day) < 20 else 11
    return datetime.combine(datetime(2026, month, int(day)), time.fromisoformat(clock), MOSCOW).astimezone(UTC)


def said(instant: datetime) -> str:
    """The instant as the stories write it."""
    local = instant.astimezone(MOSCOW)
    return f"{local.day} {local:%H:%M:%S}".removesuffix(":00")


def hours(text: str) -> timedelta:
    return timedelta(hours=float(text))


def target(
    name: str,
    until: Moment,
    within: timedelta | None,
    *thresholds: str,
    start: Moment = Moment.REGISTERED,
    mode: Mode = Mode.WORKING,
    up_to: timedelta | None = None,
    calendar: str = "desk",
    to: tuple[Audience, ...] = (Audience.AGENT,),
) -> Target:
    return Target(
        name=name,
        start=start,
        until=until,
        within=within,
        mode=mode,
        calendar="" if mode is Mode.CONTINUOUS else calendar,
        thresholds=tuple(parse_threshold(text, to) for text in thresholds),
        up_to=up_to,
    )


class Story:
    """A ticket, told line by line; `clocks`, `events` and `sent` are what came of it."""

    def __init__(self, *targets: Target) -> None:
        self.plan = Plan(ticket_id=7, targets=targets, calendars=CALENDARS)
        self.clocks: tuple[Clock, ...] = ()
        self.events: list[TicketEvent] = []
        self.sent: list[Reminder] = []
        self.refused: list[changes.Refused] = []
        self.registered_at = at("23 00:00")

    def tell(self, *lines: str) -> "Story":
        for line in lines:
            day, clock, verb, *rest = line.split()
            self.do(at(f"{day} {clock}"), verb, " ".join(rest))
        return self

    def clock(self, name: str) -> Clock:
        """The latest clock of this target."""
        return next(one for one in reversed(self.clocks) if one.target.name == name)

    def __str__(self) -> str:
        return "; ".join(describe(one) for one in self.clocks)

    def do(self, now: datetime, verb: str, rest: str) -> None:
        if verb == "registered":
            self.registered_at = now
            self.take(clocks.begin(self.plan, now))
        elif verb in _ACTS:
            self.take(clocks.happened(self.clocks, self.plan, _ACTS[verb], now))
        elif verb == "waits":
            self.take(clocks.rest(self.clocks, self.plan, Wait(rest or "customer"), now))
        elif verb == "resumed":
            self.take(clocks.resume(self.clocks, self.plan, now))
        elif verb == "customer":
            self.take(clocks.customer_wrote(self.clocks, self.plan, now))
        elif verb == "refused":
            self.take(clocks.stop(self.clocks, now, "the ticket was refused"))
        elif verb == "term":
            self.take(changes.set_term(self.clocks, self.plan, at(rest), now, "desk"))
        elif verb == "counted":
            self.take(changes.count_from(self.clocks, self.plan, at(rest), now))
        elif verb == "extend":
            self.take(changes.extend(self.clocks, hours(rest) if rest else None, now, "notice@desk"))
        elif verb == "left":
            self._each(lambda one: changes.notice_left(one, now, self.plan.calendars))
        elif verb == "calendars":
            self.plan = replace(self.plan, calendars={"desk": LONGER} if rest == "longer" else {})
            self._each(lambda one: changes.adopt(one, self.plan.calendars))
        else:
            assert verb == "look", verb
            self.look(now)

    def become(self, when: str, *targets: Target) -> "Story":
        """Another level, category or severity: other targets."""
        self.plan = replace(self.plan, targets=targets)
        moments = {Moment.REGISTERED: self.registered_at}
        self.take(changes.retarget(self.clocks, self.plan, at(when), moments=moments))
        return self

    def look(self, now: datetime) -> None:
        after = []
        for one in self.clocks:
            looked = look(one, self.plan.calendars, now)
            after.append(looked.clock)
            self.events += looked.events
            self.sent += [looked.reminder] if looked.reminder else []
        self.clocks = tuple(after)

    def _each(self, step: Callable[[Clock], Change | None]) -> None:
        after: list[Clock] = []
        for one in self.clocks:
            change = step(one)
            after += change.clocks if change else [one]
            self.events += change.events if change else []
        self.clocks = tuple(after)

    def take(self, change: Change | changes.Refused) -> None:
        if isinstance(change, changes.Refused):
            self.refused.append(change)
        else:
            self.clocks = change.clocks
            self.events += change.events


def describe(clock: Clock) -> str:
    """What a clock shows: "solve due 27 17:00, breached, next 27 16:30"."""
    words = [f"{clock.target.name} due {said(clock.due_at)}" if clock.due_at else f"{clock.target.name} not due"]
    words += [f"met {said(clock.met_at)}"] if clock.met_at else []
    words += [f"breached {said(clock.breached_at)}"] if clock.breached_at else []
    words += [f"stopped {said(clock.stopped_at)}"] if clock.stopped_at else []
    words += [f"rests: {clock.pauses[-1].reason}"] if clock.resting else []
    words += [f"next {said(clock.next_at)}"] if clock.next_at else []
    return ", ".join(words)
