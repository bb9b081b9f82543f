"""What changes the terms of a ticket's clocks: other promises, a person's word, an extension, another calendar. Pure.

`at` is when the act reached us (D1); acts come in any order, see `moves`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from maild.sla import moves
from maild.sla.clock import Clock, Extension, Pause, Span
from maild.sla.moves import ORDER, Change, Events, Plan, pauses_before
from maild.sla.reminders import Calendars, calendar_of, parse_threshold, utc
from maild.sla.target import Mode, Moment, Target

_OWN_TERM = "term"  # the name of a promise that no target makes: a person's own


class Refusal(StrEnum):
    """Why a term stays as it is. `wording` has the sentences, which say as well what would work."""

    PAST = "past"  # the term that somebody wants to set
    RESOLVED = "resolved"
    NOTHING_RUNS = "nothing-runs"
    FIXED = "fixed"  # no promise that runs may be extended
    SET = "set"  # a person has set it, and may set another one
    TWICE = "twice"
    OVERDUE = "overdue"
    BEYOND = "beyond"  # more than may be had
    NO_MORE = "no-more"  # no more than is promised already
    HALF_DAYS = "half-days"
    UNCOUNTED = "uncounted"  # nothing until `resolved` is counted from anywhere


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A change that cannot be had, with what a sentence about it needs."""

    reason: Refusal
    term: datetime | None = None  # the one that was asked for, or the one that has passed
    limit: timedelta | None = None  # how long the promise is, or may become, in total from the start
    mode: Mode = Mode.CONTINUOUS  # how `limit` is counted


def retarget(
    clocks: tuple[Clock, ...],
    plan: Plan,
    at: datetime,
    *,
    moments: Mapping[Moment, datetime],
    waits: tuple[Pause, ...] = (),
) -> Change:
    """The clocks once level, category or severity, and so the plan, have changed.

    A running clock whose promise is made no more stops; the promise in its place starts where it did and keeps its pauses,
    and the extension if it allows that one. Met and breached clocks stay (D14), and so do terms that a person set. A promise
    that is new starts when it would have: at its moment in `moments`, which says when those that hold came about (at least
    REGISTERED; not RESOLVED of a ticket that is open again), resting through `waits` if it is until `resolved`. One whose
    `until` has come about already is not made.
    """
    moments = {**moves.moments_of(clocks), **moments}
    chosen = {target.until: target for target in plan.targets}
    fresh: list[Clock] = []

    def superseded(clock: Clock) -> bool:
        target = chosen.get(clock.until)
        return clock.running and not clock.set_at and (target is None or target.name != clock.target.name)

    def step(clock: Clock) -> tuple[Clock, Events]:
        clock, said = moves.settle(clock, plan.calendars, at)
        if clock.breached_at:
            return clock, said
        target = chosen.get(clock.until)
        if target is None:
            clock, stopped = moves.stop(clock, at, "promised no more")
            return clock, said + stopped
        again = any(one.until is clock.until and one.met_at for one in clocks)  # then it started with a letter
        start = clock.started_at if again or target.start is clock.target.start else moments.get(target.start)
        if start is not None:
            fresh.append(_successor(clock, plan, target, start, at))
        clock, stopped = moves.stop(clock, at, f"superseded by {target.name}")
        return clock, said + stopped

    changed = moves.each(clocks, superseded, step)
    over = moments.keys() - {Moment.REGISTERED}
    taken = over | {one.until for one in (*changed.clocks, *fresh) if not one.stopped_at}
    fresh += [
        moves.start(plan, target, start, waits if target.until is Moment.RESOLVED else ())
        for target in plan.targets
        if target.until not in taken and (start := moments.get(target.start))
    ]
    return Change(clocks=(*changed.clocks, *fresh), events=changed.events + moves.say_started(fresh))


def set_term(clocks: tuple[Clock, ...], plan: Plan, due_at: datetime, at: datetime, calendar: str) -> Change | Refused:
    """The clocks once a person has set the term for `resolved` (IN-9), or why it cannot be set.

    From then on neither pauses nor calendars move it, though another term may be set. Where nothing promises `resolved`,
    there is a clock of its own, whose reminders keep the working time of the calendar of this name.
    """
    solving = [one for one in clocks if one.running and one.until is Moment.RESOLVED]
    at = max([at, *(one.started_at for one in solving)])
    if due_at <= at:
        return Refused(reason=Refusal.PAST, term=due_at)
    if not solving and any(moves.is_resolved(one) for one in clocks):
        return Refused(reason=Refusal.RESOLVED)

    def step(clock: Clock) -> tuple[Clock, Events]:
        clock, said = moves.settle(clock, plan.calendars, at)
        span = Span(start=at, end=due_at, counts=True, why="a person has set the term")
        pauses = pauses_before(clock.pauses, at)
        clock = replace(clock, pauses=pauses, due_at=due_at, set_at=at, extension=None, spans=(span,), doubts=())
        clock = moves.timed(moves.rearm(clock, plan.calendars, at), plan.calendars)
        return clock, said + moves.say(clock, f"set by a person, {moves.tell_due(clock)}", "term")

    if not solving:
        thresholds = (parse_threshold("-1h"), parse_threshold("0"))
        own = Target(name=_OWN_TERM, until=Moment.RESOLVED, calendar=calendar, thresholds=thresholds)
        mine = next((one for one in plan.targets if one.until is Moment.RESOLVED), own)
        clocks = (*clocks, moves.start(plan, mine, at))
    return moves.each(clocks, lambda one: one.running and one.until is Moment.RESOLVED, step)


def count_from(clocks: tuple[Clock, ...], plan: Plan, since: datetime, at: datetime) -> Change | Refused:
    """The clocks once a person has said from when the term for `resolved` is counted, past or to come (IN-10), or why it cannot be.

    One clock stops, and one of the same promise goes on in its place: with its pauses as far as they lie after `since`, and
    with its extension. A term that a person set gives way to the one that is counted.
    """
    solving = [one for one in clocks if one.running and one.until is Moment.RESOLVED and one.target.within is not None]
    if not solving:
        return Refused(reason=Refusal.UNCOUNTED)
    fresh: list[Clock] = []

    def step(clock: Clock) -> tuple[Clock, Events]:
        fresh.append(_successor(clock, plan, clock.target, since, at))
        return moves.stop(clock, at, f"counted from {utc(since)}")

    changed = moves.each(clocks, lambda one: one in solving, step)
    return Change(clocks=(*changed.clocks, *fresh), events=changed.events + moves.say_started(fresh))


def extend(clocks: tuple[Clock, ...], total: timedelta | None, at: datetime, notice: str) -> Change | Refused:
    """The clocks once more time is asked for, or why it cannot be had (D8): `total` from the start, None for all it may have.

    The latest moment's clock that may be extended is meant, resting or not. Its term stays as it is until `notice`, the
    Message-ID of the letter to the customer, has left: see `notice_left`.
    """
    running = sorted((one for one in clocks if one.running), key=lambda one: ORDER[one.until])
    able = [one for one in running if one.target.up_to is not None and one.target.within is not None]
    if not able:
        return Refused(reason=Refusal.FIXED if running else Refusal.NOTHING_RUNS)
    clock = able[-1]
    within, up_to, mode = clock.target.within, clock.target.up_to, clock.target.mode
    assert up_to is not None
    assert within is not None
    total = up_to if total is None else total
    if clock.set_at:
        return Refused(reason=Refusal.SET)
    if clock.extension:
        return Refused(reason=Refusal.TWICE)
    if clock.breached_at or (clock.due_at and at >= clock.due_at):
        return Refused(reason=Refusal.OVERDUE, term=clock.breached_at or clock.due_at)
    if total > up_to:
        return Refused(reason=Refusal.BEYOND, limit=up_to, mode=mode)
    if total <= within:
        return Refused(reason=Refusal.NO_MORE, limit=within, mode=mode)
    if mode.in_days and total % timedelta(days=1):
        return Refused(reason=Refusal.HALF_DAYS, limit=up_to, mode=mode)

    def step(clock: Clock) -> tuple[Clock, Events]:
        detail = f"extension to {_length(total)} in total asked for, counts once its notice has left"
        return replace(clock, extension=asked), moves.say(clock, detail, "term")

    asked = Extension(to=total, asked_at=at, notice=notice)
    return moves.each(clocks, lambda one: one is clock, step)


def notice_left(clock: Clock, left_at: datetime, calendars: Calendars) -> Change:
    """The clock once the notice of its extension has left: that counts if it was before the old term, else nothing changes.

    Also where the term was found passed in the meantime: what had left before it had left in time. The term is another one
    then, and what was reminded of and lies in the future again will be reminded of again.
    """
    term, asked = clock.breached_at or clock.due_at, clock.extension
    if not clock.running or asked is None or asked.left_at or (term and left_at >= term):
        return Change(clocks=(clock,))
    clock, said = moves.settle(clock, calendars, left_at)
    clock = moves.timed(replace(clock, extension=replace(asked, left_at=left_at)), calendars)
    clock = moves.rearm(clock, calendars, left_at)
    return Change(clocks=(clock,), events=said + moves.say(clock, f"extended, {moves.tell_due(clock)}", "term"))


def notice_lost(clock: Clock, calendars: Calendars) -> tuple[Clock, Events]:
    """The clock once it is known that the notice of its extension has not reached the customer: the old term stands (D8).

    Where that has passed meanwhile, it is a breach at the next look; where it has not, more time may be asked for again.
    A breach of the longer term stays, and so does what was met.
    """
    if not clock.running or clock.extension is None or clock.breached_at:
        return clock, ()
    clock = moves.timed(replace(clock, extension=None), calendars)
    return clock, moves.say(clock, f"not extended, its notice has not arrived: {moves.tell_due(clock)}", "term")


def term_if_extended(clock: Clock, calendars: Calendars) -> datetime | None:
    """When the clock is due if the notice of its extension leaves in time: what that notice says. None while it rests."""
    if clock.extension is None:
        return clock.due_at
    extension = replace(clock.extension, left_at=clock.extension.asked_at)
    return moves.timed(replace(clock, extension=extension), calendars).due_at


def adopt(clock: Clock, calendars: Calendars) -> Change | None:
    """The clock after a reload of the configuration; None if that leaves it as it is.

    A changed calendar moves the term of an open clock, and the event says so. Met, stopped and breached ones stay (D14), and
    so does a clock whose calendar is there no more. What was reminded of stays so, as it does through a pause.
    """
    calendar = calendar_of(clock, calendars)
    if not clock.running or clock.breached_at or calendar is None or calendar.fingerprint == clock.calendar:
        return None
    after = moves.timed(clock, calendars)
    if after.due_at == clock.due_at:
        return Change(clocks=(after,))
    before = f"was due {utc(clock.due_at)}" if clock.due_at else "had no term"
    return Change(
        clocks=(after,),
        events=moves.say(after, f"calendar {calendar.name} has changed: {before}, {moves.tell_due(after)}", "term"),
    )


def _successor(old: Clock, plan: Plan, target: Target, start: datetime, at: datetime) -> Clock:
    """The clock of `target` in the place of `old`."""
    more, limit, within = old.extension, target.up_to, target.within
    extension = more if more and limit and within and within < more.to <= limit else None
    reminded = old.reminded & {threshold.text for threshold in target.thresholds}
    new = moves.start(plan, target, start, old.pauses)
    return moves.rearm(
        moves.timed(replace(new, extension=extension, reminded=reminded), plan.calendars), plan.calendars, at
    )


def _length(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):g} h"
