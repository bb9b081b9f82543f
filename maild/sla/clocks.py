"""The life of a ticket's clocks: what starts, meets, rests and ends them. Pure: `at` is when an act reached us (D1).

Acts come in any order, see `moves`. What changes a term is in `changes`; the desk imports both from here.
"""

from dataclasses import replace
from datetime import datetime

from maild.sla import moves
from maild.sla.changes import adopt, extend, notice_left, notice_lost, retarget, set_term, term_if_extended
from maild.sla.clock import Clock, Pause, Wait
from maild.sla.moves import ORDER, Change, Events, Plan
from maild.sla.target import Moment

__all__ = [
    "Change",
    "Plan",
    "adopt",
    "begin",
    "customer_wrote",
    "extend",
    "happened",
    "notice_left",
    "notice_lost",
    "open_again",
    "rest",
    "resume",
    "retarget",
    "set_term",
    "stop",
    "term_if_extended",
]


def begin(plan: Plan, at: datetime) -> Change:
    """The clocks of a ticket that is registered at `at`: every target that starts there."""
    return _start((), plan, (Moment.REGISTERED,), at)


def happened(clocks: tuple[Clock, ...], plan: Plan, moment: Moment, at: datetime) -> Change:
    """The clocks once an agent has brought `moment` about: its own and all earlier ones are met.

    The moments before it have happened with it: an answer is a start, too (D6). A target that starts at one of them begins
    when that happens first, and is met at once where its `until` happens at the same instant. What is met late is breached.
    """
    moments = tuple(one for one in Moment if Moment.REGISTERED is not one and ORDER[one] <= ORDER[moment])
    met = moves.each(
        clocks, lambda one: one.running and one.until in moments, lambda one: moves.meet(one, plan.calendars, at)
    )
    started = _start(met.clocks, plan, moments, at)
    return Change(clocks=started.clocks, events=met.events + started.events)


def rest(clocks: tuple[Clock, ...], plan: Plan, reason: Wait, at: datetime) -> Change:
    """The clocks once the ticket waits: those until `resolved` rest, reaction clocks do not (D7).

    A second reason while they rest takes the place of the first: overlapping waits are one pause. A term that a person set
    does not rest: whoever gave a date gives another one.
    """
    words = reason.replace("_", " ")

    def step(clock: Clock) -> tuple[Clock, Events]:
        if clock.resting:
            if clock.pauses[-1].reason is reason:
                return clock, ()
            pauses = (*clock.pauses[:-1], replace(clock.pauses[-1], reason=reason))
            return replace(clock, pauses=pauses), moves.say(clock, f"rests on: {words}")
        since = max(at, moves.no_earlier(clock))
        clock, said = moves.settle(clock, plan.calendars, since)
        clock = replace(clock, pauses=(*clock.pauses, Pause(since=since, reason=reason)))
        return moves.timed(clock, plan.calendars), said + moves.say(clock, f"rests: {words}")

    return moves.each(clocks, lambda one: one.running and one.until is Moment.RESOLVED and not one.set_at, step)


def resume(clocks: tuple[Clock, ...], plan: Plan, at: datetime) -> Change:
    """The clocks once somebody works on the ticket again: it waited, or was resolved.

    What rested goes on with the time it had left, and so does what a solution had met: it is as if it had rested (D12).
    """
    going = moves.each(
        clocks, lambda one: one.running and one.resting, lambda one: moves.go_on(one, plan.calendars, at)
    )
    met = next((one for one in reversed(going.clocks) if moves.is_resolved(one)), None)
    again = moves.each(going.clocks, lambda one: one is met, lambda one: moves.reopen(one, plan.calendars, at))
    return Change(clocks=again.clocks, events=going.events + again.events)


def customer_wrote(clocks: tuple[Clock, ...], plan: Plan, at: datetime) -> Change:
    """The clocks after a letter of the customer: the wait for it is over, and where nothing is unanswered, every other one.

    Then, for the ticket waits or is resolved, there is a fresh clock until `answered`, too, if the plan promises an answer
    (D12). While a start or an answer is still owed, no letter sets another term for it (D13), nor ends a wait for others.
    """
    if any(one.running and one.until in (Moment.STARTED, Moment.ANSWERED) for one in clocks):
        return moves.each(
            clocks,
            lambda one: one.running and one.resting and one.pauses[-1].reason is Wait.CUSTOMER,
            lambda one: moves.go_on(one, plan.calendars, at),
        )
    going = resume(clocks, plan, at)
    begun = {Moment.REGISTERED, *moves.moments_of(clocks)}  # a stage that has not begun is owed as a whole
    wanted = [one for one in plan.targets if one.until is Moment.ANSWERED and one.start in begun]
    fresh = [moves.start(plan, target, at) for target in wanted]
    return Change(clocks=(*going.clocks, *fresh), events=going.events + moves.say_started(fresh))


def open_again(clocks: tuple[Clock, ...], plan: Plan, at: datetime) -> Change:
    """The clocks of a ticket that was closed unsolved, once it is open again: its solution has the time that it had left (D12)."""
    solutions = [one for one in clocks if one.until is Moment.RESOLVED]
    if any(one.stopped_at is None for one in solutions) or all(
        one.until is not Moment.RESOLVED for one in plan.targets
    ):
        return Change(clocks=clocks)
    last = max(solutions, key=lambda one: (one.stopped_at or at, one.started_at), default=None)
    return moves.each(
        clocks,
        lambda one: one is last,
        lambda one: moves.reopen(replace(one, met_at=one.stopped_at, stopped_at=None), plan.calendars, at),
    )


def stop(clocks: tuple[Clock, ...], at: datetime, why: str) -> Change:
    """The clocks of a ticket on which nothing is promised any more, `why` being "the ticket was refused" or the like.

    A plan without targets keeps later acts from starting others.
    """
    return moves.each(clocks, lambda one: one.running, lambda one: moves.stop(one, at, why))


def _start(clocks: tuple[Clock, ...], plan: Plan, moments: tuple[Moment, ...], at: datetime) -> Change:
    """Start what starts at one of `moments`, which happen at `at`, and has not yet been started."""
    known = {one.until for one in clocks if not one.stopped_at}
    new = [moves.start(plan, one, at) for one in plan.targets if one.start in moments and one.until not in known]
    met = moves.each(new, lambda one: one.until in moments, lambda one: moves.meet(one, plan.calendars, at))
    return Change(clocks=clocks + met.clocks, events=moves.say_started(new) + met.events)
