"""The life of a ticket's clocks: what starts, meets, rests and moves them. Pure: `at` is when an act reached us (D1).

Acts may come out of order, for mail does: an answer that arrived before the letter it crossed, a machine's clock set back.
No order raises or makes a negative time. An instant before the clock's start, or before the end of its last pause, counts
as that; a pause that would end before it began has never been; and a breach that was recorded at a term which an act proves
to have been kept, having arrived before it, is withdrawn.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maild.model import TicketEvent
from maild.sla.calendar import NoWorkingTime
from maild.sla.clock import Clock, Extension, Pause, Span, Wait
from maild.sla.reminders import Calendars, calendar_of, instant_of, next_at, parse_threshold, passed, promised, utc
from maild.sla.target import Mode, Moment, Target
from maild.sla.terms import due, elapsed

_ORDER = {moment: place for place, moment in enumerate(Moment)}
_OWN_TERM = "term"  # the name of a promise that no target makes: a person's own
_Events = tuple[TicketEvent, ...]


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
    events: _Events = ()


# ── what happens on a ticket ─────────────────────────────────────────────────────────────────────────────────────────


def begin(plan: Plan, at: datetime) -> Change:
    """The clocks of a ticket that is registered at `at`: every target that starts there."""
    return _start((), plan, (Moment.REGISTERED,), at)


def happened(clocks: tuple[Clock, ...], plan: Plan, moment: Moment, at: datetime) -> Change:
    """The clocks once an agent has brought `moment` about: its own and all earlier ones are met.

    The moments before it have happened with it: an answer is a start, too (D6). A target that starts at one of them begins
    when that happens first, and is met at once where its `until` happens at the same instant. What is met late is breached.
    """
    moments = tuple(one for one in Moment if Moment.REGISTERED is not one and _ORDER[one] <= _ORDER[moment])
    met = _each(clocks, lambda one: one.running and one.until in moments, lambda one: _meet(one, plan.calendars, at))
    started = _start(met.clocks, plan, moments, at)
    return Change(clocks=started.clocks, events=met.events + started.events)


def rest(clocks: tuple[Clock, ...], plan: Plan, reason: Wait, at: datetime) -> Change:
    """The clocks once the ticket waits: those until `resolved` rest, reaction clocks do not (D7).

    A second reason while they rest takes the place of the first: overlapping waits are one pause. A term that a person set
    does not rest: whoever gave a date gives another one.
    """

    def step(clock: Clock) -> tuple[Clock, _Events]:
        if clock.resting:
            if clock.pauses[-1].reason is reason:
                return clock, ()
            pauses = (*clock.pauses[:-1], replace(clock.pauses[-1], reason=reason))
            return replace(clock, pauses=pauses), _say(clock, f"now waits: {_words(reason)}")
        since = max(at, _no_earlier(clock))
        clock, said = _settle(clock, plan.calendars, since)
        pauses = (*clock.pauses, Pause(since=since, reason=reason))
        return _timed(replace(clock, pauses=pauses), plan.calendars), said + _say(clock, f"rests: {_words(reason)}")

    return _each(clocks, lambda one: one.running and one.until is Moment.RESOLVED and not one.set_at, step)


def resume(clocks: tuple[Clock, ...], plan: Plan, at: datetime) -> Change:
    """The clocks once the ticket waits no longer: what rested goes on with the time it had left."""
    return _each(clocks, lambda one: one.running and one.resting, lambda one: _go_on(one, plan.calendars, at))


def customer_wrote(clocks: tuple[Clock, ...], plan: Plan, at: datetime) -> Change:
    """The clocks after a letter of the customer to a ticket on which nothing is unanswered: it waits, or is resolved.

    What rests goes on, a resolved ticket is measured again with the time it had left, and there is a fresh clock until
    `answered`, if the plan promises an answer (D12). While a start or an answer is still owed a letter changes nothing (D13).
    """
    if any(one.running and one.until in (Moment.STARTED, Moment.ANSWERED) for one in clocks):
        return Change(clocks=clocks)
    going = resume(clocks, plan, at)
    met = next((one for one in reversed(going.clocks) if _is_resolved(one)), None)
    again = _each(going.clocks, lambda one: one is met, lambda one: _reopen(one, plan.calendars, at))
    fresh = [_new(plan, target, at) for target in plan.targets if target.until is Moment.ANSWERED]
    events = tuple(event for one in fresh for event in _say(one, f"started, {_due(one)}"))
    return Change(clocks=(*again.clocks, *fresh), events=going.events + again.events + events)


def stop(clocks: tuple[Clock, ...], at: datetime, why: str) -> Change:
    """The clocks of a ticket on which nothing is promised any more, `why` being "the ticket was refused" or the like.

    A plan without targets keeps later acts from starting others.
    """
    return _each(clocks, lambda one: one.running, lambda one: _stop(one, at, why))


# ── what changes a term ──────────────────────────────────────────────────────────────────────────────────────────────


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
    moments = {**_moments(clocks), **moments}
    chosen = {target.until: target for target in plan.targets}
    fresh: list[Clock] = []

    def superseded(clock: Clock) -> bool:
        target = chosen.get(clock.until)
        return clock.running and not clock.set_at and (target is None or target.name != clock.target.name)

    def step(clock: Clock) -> tuple[Clock, _Events]:
        clock, said = _settle(clock, plan.calendars, at)
        if clock.breached_at:
            return clock, said
        target = chosen.get(clock.until)
        if target is None:
            clock, stopped = _stop(clock, at, "promised no more")
            return clock, said + stopped
        again = any(one.until is clock.until and one.met_at for one in clocks)  # then it started with a letter
        start = clock.started_at if again or target.start is clock.target.start else moments.get(target.start)
        if start is not None:
            fresh.append(_successor(clock, plan, target, start, at))
        clock, stopped = _stop(clock, at, f"superseded by {target.name}")
        return clock, said + stopped

    changed = _each(clocks, superseded, step)
    taken = {one.until for one in (*changed.clocks, *fresh) if not one.stopped_at} | (
        moments.keys() - {Moment.REGISTERED}
    )
    fresh += [
        _new(plan, target, start, waits if target.until is Moment.RESOLVED else ())
        for target in plan.targets
        if target.until not in taken and (start := moments.get(target.start))
    ]
    said = tuple(event for one in fresh for event in _say(one, f"started {utc(one.started_at)}, {_due(one)}"))
    return Change(clocks=(*changed.clocks, *fresh), events=changed.events + said)


def set_term(clocks: tuple[Clock, ...], plan: Plan, due_at: datetime, at: datetime, calendar: str) -> Change | str:
    """The clocks once a person has set the term for `resolved` (IN-9), or why it cannot be set.

    From then on neither pauses nor calendars move it, though another term may be set. Where nothing promises `resolved`,
    there is a clock of its own, whose reminders keep the working time of the calendar of this name.
    """
    solving = [one for one in clocks if one.running and one.until is Moment.RESOLVED]
    at = max([at, *(one.started_at for one in solving)])
    if due_at <= at:
        return f"the term is in the past: {utc(due_at)}"
    if not solving and any(_is_resolved(one) for one in clocks):
        return "the ticket is resolved"

    def step(clock: Clock) -> tuple[Clock, _Events]:
        clock, said = _settle(clock, plan.calendars, at)
        span = Span(start=at, end=due_at, counts=True, why="a person has set the term")
        pauses = _until(clock.pauses, at)
        clock = replace(clock, pauses=pauses, due_at=due_at, set_at=at, extension=None, spans=(span,), doubts=())
        clock = _timed(_rearm(clock, plan.calendars, at), plan.calendars)
        return clock, said + _say(clock, f"set by a person, {_due(clock)}", "term")

    if not solving:
        thresholds = (parse_threshold("-1h"), parse_threshold("0"))
        own = Target(name=_OWN_TERM, until=Moment.RESOLVED, calendar=calendar, thresholds=thresholds)
        mine = next((one for one in plan.targets if one.until is Moment.RESOLVED), own)
        clocks = (*clocks, _new(plan, mine, at))
    return _each(clocks, lambda one: one.running and one.until is Moment.RESOLVED, step)


def extend(clocks: tuple[Clock, ...], total: timedelta | None, at: datetime, notice: str) -> Change | str:
    """The clocks once more time is asked for, or why it cannot be had (D8): `total` from the start, None for all it may have.

    The latest moment's clock that may be extended is meant, resting or not. Its term stays as it is until `notice`, the
    Message-ID of the letter to the customer, has left: see `notice_left`.
    """
    running = sorted((one for one in clocks if one.running), key=lambda one: _ORDER[one.until])
    able = [one for one in running if one.target.up_to is not None and one.target.within is not None]
    if not able:
        return "what is promised may not be extended" if running else "nothing is being measured any more"
    clock = able[-1]
    assert clock.target.up_to is not None
    assert clock.target.within is not None
    name, total = clock.target.name, clock.target.up_to if total is None else total
    if clock.set_at:
        return f"a person has set the term of {name}: set another one"
    if clock.extension:
        return f"{name} has been extended before"
    if clock.breached_at or (clock.due_at and at >= clock.due_at):
        return f"the term of {name} has passed"
    if total > clock.target.up_to:
        return f"{name} may have {_length(clock.target.up_to)} at most, in total from the start"
    if total <= clock.target.within:
        return f"{name} has {_length(clock.target.within)} already"
    if clock.target.mode.in_days and total % timedelta(days=1):
        return f"{name} is counted in whole days"

    def step(clock: Clock) -> tuple[Clock, _Events]:
        detail = f"extension to {_length(total)} in total asked for, counts once its notice has left"
        return replace(clock, extension=asked), _say(clock, detail, "term")

    asked = Extension(to=total, asked_at=at, notice=notice)
    return _each(clocks, lambda one: one is clock, step)


def notice_left(clock: Clock, left_at: datetime, calendars: Calendars) -> Change:
    """The clock once the notice of its extension has left: that counts if it was before the old term, else nothing changes.

    Also where the term was found passed in the meantime: what had left before it had left in time. The term is another one
    then, and what was reminded of and lies in the future again will be reminded of again.
    """
    term, asked = clock.breached_at or clock.due_at, clock.extension
    if not clock.running or asked is None or asked.left_at or (term and left_at >= term):
        return Change(clocks=(clock,))
    clock, said = _settle(clock, calendars, left_at)
    clock = _timed(replace(clock, extension=replace(asked, left_at=left_at)), calendars)
    clock = _rearm(clock, calendars, left_at)
    return Change(clocks=(clock,), events=said + _say(clock, f"extended, {_due(clock)}", "term"))


def adopt(clock: Clock, calendars: Calendars) -> Change | None:
    """The clock after a reload of the configuration; None if that leaves it as it is.

    A changed calendar moves the term of an open clock, and the event says so. Met, stopped and breached ones stay (D14), and
    so does a clock whose calendar is there no more. What was reminded of stays so, as it does through a pause.
    """
    calendar = calendar_of(clock, calendars)
    if not clock.running or clock.breached_at or calendar is None or calendar.fingerprint == clock.calendar:
        return None
    after = _timed(clock, calendars)
    if after.due_at == clock.due_at:
        return Change(clocks=(after,))
    before = f"was due {utc(clock.due_at)}" if clock.due_at else "had no term"
    return Change(
        clocks=(after,), events=_say(after, f"calendar {calendar.name} has changed: {before}, {_due(after)}", "term")
    )


# ── one clock ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _new(plan: Plan, target: Target, at: datetime, waits: tuple[Pause, ...] = ()) -> Clock:
    clock = Clock(ticket_id=plan.ticket_id, target=target, started_at=at, pauses=_since(waits, at))
    return _timed(clock, plan.calendars)


def _successor(old: Clock, plan: Plan, target: Target, start: datetime, at: datetime) -> Clock:
    """The clock of `target` in the place of `old`."""
    more, limit, within = old.extension, target.up_to, target.within
    extension = more if more and limit and within and within < more.to <= limit else None
    reminded = old.reminded & {threshold.text for threshold in target.thresholds}
    new = _new(plan, target, start, old.pauses)
    return _rearm(_timed(replace(new, extension=extension, reminded=reminded), plan.calendars), plan.calendars, at)


def _start(clocks: tuple[Clock, ...], plan: Plan, moments: tuple[Moment, ...], at: datetime) -> Change:
    """Start what starts at one of `moments`, which happen at `at`, and has not yet been started."""
    known = {one.until for one in clocks if not one.stopped_at}
    new = [_new(plan, one, at) for one in plan.targets if one.start in moments and one.until not in known]
    said = tuple(event for one in new for event in _say(one, f"started, {_due(one)}"))
    met = _each(new, lambda one: one.until in moments, lambda one: _meet(one, plan.calendars, at))
    return Change(clocks=clocks + met.clocks, events=said + met.events)


def _meet(clock: Clock, calendars: Calendars, at: datetime) -> tuple[Clock, _Events]:
    at = max(at, clock.started_at)
    clock = _timed(replace(clock, pauses=_until(clock.pauses, at)), calendars)
    clock, said = _settle(clock, calendars, at)
    late = f", late: it was due {utc(clock.breached_at)}" if clock.breached_at else ""
    return replace(clock, met_at=at, next_at=None), said + _say(clock, f"met {utc(at)}{late}")


def _stop(clock: Clock, at: datetime, why: str) -> tuple[Clock, _Events]:
    clock, said = passed(clock, at)
    at = max(at, clock.started_at)
    return replace(clock, pauses=_until(clock.pauses, at), stopped_at=at, next_at=None), said + _say(
        clock, f"stopped: {why}"
    )


def _go_on(clock: Clock, calendars: Calendars, at: datetime) -> tuple[Clock, _Events]:
    rested = clock.pauses[-1]
    at = max(at, rested.since)
    clock = _timed(replace(clock, pauses=_until(clock.pauses, at)), calendars, waited=at - rested.since)
    return clock, _say(clock, f"goes on, {_due(clock)}")


def _reopen(clock: Clock, calendars: Calendars, at: datetime) -> tuple[Clock, _Events]:
    """Un-meet it: the time it was met is a pause (D12). A person's term moves by what was left of it, counted its own way."""
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
    clock = _timed(replace(clock, met_at=None, pauses=pauses), calendars, waited=at - met_at)
    return clock, _say(clock, f"open again, {_due(clock)}")


def _settle(clock: Clock, calendars: Calendars, at: datetime) -> tuple[Clock, _Events]:
    """Bring the clock to what its term has made of it by `at`, when something is to be done with it that arrived then."""
    if clock.breached_at is None or at >= clock.breached_at:
        clock, said = passed(clock, at)
        return replace(clock, next_at=next_at(clock, calendars)) if said else clock, said
    detail = f"the breach of {utc(clock.breached_at)} is withdrawn: what arrived {utc(at)} came before the term"
    return _rearm(_timed(replace(clock, breached_at=None), calendars), calendars, at), _say(clock, detail, "breach")


def _timed(clock: Clock, calendars: Calendars, waited: timedelta = timedelta(0)) -> Clock:
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


def _rearm(clock: Clock, calendars: Calendars, at: datetime) -> Clock:
    """The clock, whose term is another one since `at`, with those thresholds open again that lie in the future again."""
    probe = clock
    if clock.resting:
        probe = _timed(replace(clock, pauses=_until(clock.pauses, max(at, clock.pauses[-1].since))), calendars)
    ahead = {
        threshold.text
        for threshold in clock.target.thresholds
        if (instant := instant_of(threshold, probe, calendars)) and instant > at
    }
    clock = replace(clock, reminded=clock.reminded - ahead)
    return replace(clock, next_at=next_at(clock, calendars))


# ── pauses, words ────────────────────────────────────────────────────────────────────────────────────────────────────


def _no_earlier(clock: Clock) -> datetime:
    """The instant before which a pause of the clock cannot begin."""
    last = clock.pauses[-1].until if clock.pauses else None
    return max(clock.started_at, last or clock.started_at)


def _is_resolved(clock: Clock) -> bool:
    return clock.until is Moment.RESOLVED and clock.met_at is not None and clock.stopped_at is None


def _until(pauses: Iterable[Pause], at: datetime) -> tuple[Pause, ...]:
    """The pauses as far as they lie before `at`; an open one ends there."""
    return tuple(replace(one, until=min(one.until or at, at)) for one in pauses if one.since < at)


def _since(pauses: Iterable[Pause], at: datetime) -> tuple[Pause, ...]:
    """The pauses as far as they lie after `at`."""
    return tuple(replace(one, since=max(one.since, at)) for one in pauses if one.until is None or one.until > at)


def _moments(clocks: tuple[Clock, ...]) -> dict[Moment, datetime]:
    """When moments happened, as far as clocks tell."""
    started = {one.target.start: one.started_at for one in reversed(clocks)}
    met = {one.until: one.met_at for one in reversed(clocks) if one.met_at}
    return started | met


def _each(
    clocks: Iterable[Clock], which: Callable[[Clock], bool], step: Callable[[Clock], tuple[Clock, _Events]]
) -> Change:
    after: list[Clock] = []
    events: list[TicketEvent] = []
    for clock in clocks:
        now, said = step(clock) if which(clock) else (clock, ())
        after.append(now)
        events += said
    return Change(clocks=tuple(after), events=tuple(events))


def _say(clock: Clock, what: str, kind: str = "clock") -> _Events:
    return (TicketEvent(kind=kind, detail=f"{clock.target.name}: {what}"),)


def _due(clock: Clock) -> str:
    if clock.due_at:
        return f"due {utc(clock.due_at)}"
    return "resting" if clock.resting else "no term"


def _words(reason: Wait) -> str:
    return reason.replace("_", " ")


def _length(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):g} h"
