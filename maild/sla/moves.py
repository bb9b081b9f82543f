"""What can befall one clock, step by step, for `clocks` and `changes` to put together. Pure.

Acts may come out of order, for mail does: an answer that arrived before the letter it crossed, a machine's clock set back.
No order raises or makes a negative time. An instant before the clock's start, or before the end of its last pause, counts
as that; a pause that would end before it began has never been; and a breach that was recorded at a term which an act proves
to have been kept, having arrived before it, is withdrawn.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maild.model import TicketEvent
from maild.sla.calendar import NoWorkingTime
from maild.sla.clock import Clock, Pause, Span, Wait
from maild.sla.reminders import Calendars, calendar_of, instant_of, next_at, passed, promised, utc
from maild.sla.target import Mode, Moment, Target
from maild.sla.terms import due, elapsed

Events = tuple[TicketEvent, ...]
ORDER = {moment: place for place, moment in enumerate(Moment)}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is promised on one ticket now."""

    ticket_id: int
    targets: tuple[Target, ...]  # as `choose_targets` gives them: one for each `until`; none: a ticket without promises
    calendars: Calendars


@dataclass(frozen=True, kw_only=True)
class Change:
    """What became of a ticket's clocks."""

    clocks: tuple[Clock, ...]  # all that were handed in, changed or not, in their order; then the new ones, without id
    events: Events = ()


def each(
    clocks: Iterable[Clock], which: Callable[[Clock], bool], step: Callable[[Clock], tuple[Clock, Events]]
) -> Change:
    """All the clocks, those that `which` names after their `step`, and what the steps had to say."""
    after: list[Clock] = []
    events: list[TicketEvent] = []
    for clock in clocks:
        now, said = step(clock) if which(clock) else (clock, ())
        after.append(now)
        events += said
    return Change(clocks=tuple(after), events=tuple(events))


# ── one clock ────────────────────────────────────────────────────────────────────────────────────────────────────────


def start(plan: Plan, target: Target, at: datetime, waits: tuple[Pause, ...] = ()) -> Clock:
    """A new clock, resting through the part of `waits` that lies after its start."""
    clock = Clock(ticket_id=plan.ticket_id, target=target, started_at=at, pauses=pauses_after(waits, at))
    return timed(clock, plan.calendars)


def meet(clock: Clock, calendars: Calendars, at: datetime) -> tuple[Clock, Events]:
    """The clock, met: no earlier than it started, and breached where that is late. A rest ends with it."""
    at = max(at, clock.started_at)
    if clock.resting:
        clock, _ = go_on(clock, calendars, at)
    clock = timed(replace(clock, pauses=pauses_before(clock.pauses, at)), calendars)
    clock, said = settle(clock, calendars, at)
    late = f", late: it was due {utc(clock.breached_at)}" if clock.breached_at else ""
    return replace(clock, met_at=at, next_at=None), said + say(clock, f"met {utc(at)}{late}")


def stop(clock: Clock, at: datetime, why: str) -> tuple[Clock, Events]:
    """The clock, measuring nothing any more; a term that passed before stays broken."""
    clock, said = passed(clock, at)
    at = max(at, clock.started_at)
    clock = replace(clock, pauses=pauses_before(clock.pauses, at), stopped_at=at, next_at=None)
    return clock, said + say(clock, f"stopped: {why}")


def go_on(clock: Clock, calendars: Calendars, at: datetime) -> tuple[Clock, Events]:
    """The clock that rested, running again with the time it had left."""
    rested = clock.pauses[-1]
    at = max(at, rested.since)
    clock = timed(replace(clock, pauses=pauses_before(clock.pauses, at)), calendars, waited=at - rested.since)
    return clock, say(clock, f"goes on, {tell_due(clock)}")


def reopen(clock: Clock, calendars: Calendars, at: datetime) -> tuple[Clock, Events]:
    """The clock that was met, running again: meanwhile it has paused (D12).

    A person's term moves so that what was left of it, counted as the target counts, is left again.
    """
    assert clock.met_at is not None
    met_at, at = clock.met_at, max(at, clock.met_at)
    pauses = (*clock.pauses, Pause(since=met_at, until=at, reason=Wait.RESOLVED)) if at > met_at else clock.pauses
    if clock.set_at and clock.due_at and clock.due_at > met_at:
        calendar, mode = calendar_of(clock, calendars), clock.target.mode
        if calendar is None or mode not in (Mode.WORKING, Mode.SKIP_DAYS_OFF):
            mode = Mode.CONTINUOUS
        with suppress(NoWorkingTime):  # then it stays where it was
            term = due(mode, calendar, at, elapsed(mode, calendar, met_at, clock.due_at))
            clock = replace(clock, due_at=term.due_at, spans=term.spans, doubts=term.doubts)
    clock = timed(replace(clock, met_at=None, pauses=pauses), calendars, waited=at - met_at)
    return clock, say(clock, f"open again, {tell_due(clock)}")


def settle(clock: Clock, calendars: Calendars, at: datetime) -> tuple[Clock, Events]:
    """Bring the clock to what its term has made of it by `at`, when something is to be done with it that arrived then."""
    if clock.breached_at is None or at >= clock.breached_at:
        clock, said = passed(clock, at)
        return replace(clock, next_at=next_at(clock, calendars)) if said else clock, said
    detail = f"the breach of {utc(clock.breached_at)} is withdrawn: what arrived {utc(at)} came before the term"
    return rearm(timed(replace(clock, breached_at=None), calendars), calendars, at), say(clock, detail, "breach")


def timed(clock: Clock, calendars: Calendars, waited: timedelta = timedelta(0)) -> Clock:
    """The clock with its term and its next instant worked out anew. While it rests `spans` go on telling its former term.

    Where its calendar has left the configuration, the former term moves by the plain time `waited`: better than no term.
    """
    calendar = calendar_of(clock, calendars)
    within = promised(clock)
    clock = replace(clock, calendar=calendar.fingerprint if calendar else "")
    if clock.resting:
        clock = replace(clock, due_at=None)
    elif clock.set_at:
        pass
    elif clock.breached_at:
        clock = replace(clock, due_at=clock.breached_at)  # the term that passed, whatever became of calendars since
    elif within is None or clock.target.mode is Mode.NONE:
        clock = replace(clock, due_at=None, spans=(), doubts=())
    elif calendar is None and clock.target.mode.needs_calendar:
        clock = replace(clock, doubts=(f"the configuration has no calendar {clock.target.calendar!r}",))
        if clock.spans:
            end = clock.spans[-1].end
            more = (Span(start=end, end=end + waited, counts=False, why="waiting"),) if waited else ()
            clock = replace(clock, due_at=end + waited, spans=clock.spans + more)
    else:
        try:
            term = due(clock.target.mode, calendar, clock.started_at, within, clock.pauses)
        except NoWorkingTime as error:
            clock = replace(clock, due_at=None, spans=(), doubts=(str(error),))
        else:
            clock = replace(clock, due_at=term.due_at, spans=term.spans, doubts=term.doubts)
    return replace(clock, next_at=next_at(clock, calendars))


def rearm(clock: Clock, calendars: Calendars, at: datetime) -> Clock:
    """The clock, whose term is another one since `at`, with those thresholds open again that lie in the future again.

    While it rests they lie where they would if it went on at `at`.
    """
    probe = timed(replace(clock, pauses=pauses_before(clock.pauses, at)), calendars) if clock.resting else clock
    ahead = {
        threshold.text
        for threshold in clock.target.thresholds
        if (instant := instant_of(threshold, probe, calendars)) and instant > at
    }
    clock = replace(clock, reminded=clock.reminded - ahead)
    return replace(clock, next_at=next_at(clock, calendars))


# ── pauses, words ────────────────────────────────────────────────────────────────────────────────────────────────────


def moments_of(clocks: tuple[Clock, ...]) -> dict[Moment, datetime]:
    """When moments of the ticket's life came about for the first time, as far as its clocks tell."""
    started = {one.target.start: one.started_at for one in reversed(clocks)}
    met = {one.until: one.met_at for one in reversed(clocks) if one.met_at}
    return started | met


def is_resolved(clock: Clock) -> bool:
    """Whether the clock says that its ticket is resolved."""
    return clock.until is Moment.RESOLVED and clock.met_at is not None and clock.stopped_at is None


def no_earlier(clock: Clock) -> datetime:
    """The instant before which a pause of the clock cannot begin."""
    last = clock.pauses[-1].until if clock.pauses else None
    return last or clock.started_at


def pauses_before(pauses: Iterable[Pause], at: datetime) -> tuple[Pause, ...]:
    """The pauses as far as they lie before `at`; an open one ends there."""
    return tuple(replace(one, until=min(one.until or at, at)) for one in pauses if one.since < at)


def pauses_after(pauses: Iterable[Pause], at: datetime) -> tuple[Pause, ...]:
    """The pauses as far as they lie after `at`."""
    return tuple(replace(one, since=max(one.since, at)) for one in pauses if one.until is None or one.until > at)


def say(clock: Clock, what: str, kind: str = "clock") -> Events:
    """What the ticket's history says of a move, in plain English."""
    return (TicketEvent(kind=kind, detail=f"{clock.target.name}: {what}"),)


def say_started(clocks: Iterable[Clock]) -> Events:
    """What the history says of new clocks."""
    return tuple(event for one in clocks for event in say(one, f"started {utc(one.started_at)}, {tell_due(one)}"))


def tell_due(clock: Clock) -> str:
    """When the clock is due, in the words of the history."""
    if clock.due_at:
        return f"due {utc(clock.due_at)}"
    return "resting" if clock.resting else "no term"
