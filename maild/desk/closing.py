"""What ends a request by an agent's command, and what opens it again. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from maild.desk.acts import OVER, Act, State, cannot, moved, noted, proven_agent, usage
from maild.desk.case import Case
from maild.model import Status
from maild.sla.clocks import Change, happened, open_again, resume, stop
from maild.sla.target import Moment


def _close(case: Case, state: State, _value: object) -> tuple[State, str]:
    """It is done and over: whoever closes says that it is solved, and does not wait for the customer's word."""
    change = happened(state.clocks, case.policy.service.plan(state.ticket), Moment.RESOLVED, case.at)
    return moved(case, replace(state, chase=None), change, Status.CLOSED)


def _reopen(case: Case, state: State, _value: object) -> tuple[State, str]:
    """It is worked on again, with the time that it had left (D12)."""
    was = state.ticket
    if was.status not in OVER:
        raise cannot(case, "not-over")
    if was.ground_state == "refused":
        raise cannot(case, "refused", usage=usage(case, "serve"))
    plan = case.policy.service.plan(was)
    opened = open_again(state.clocks, plan, case.at) if was.status is Status.CLOSED else Change(clocks=state.clocks)
    going = resume(opened.clocks, plan, case.at)
    tags = tuple(tag for tag in was.tags if tag != SPAM)
    state = replace(state, ticket=replace(was, tags=tags, counted=was.counted or tags != was.tags))
    return moved(case, state, Change(clocks=going.clocks, events=opened.events + going.events), Status.OPEN)


def _spam(case: Case, state: State, _value: object) -> tuple[State, str]:
    """It is no request: nothing is promised on it, it counts for nobody, and its author is never written to."""
    if case.orders.words:
        raise cannot(case, "spam-words")
    stopped = stop(state.clocks, case.at, f"spam, says agent {proven_agent(case).id}")
    was = state.ticket
    ticket = replace(was, counted=False, tags=tuple(dict.fromkeys((*was.tags, SPAM))), asked=(), faq=())
    state = noted(replace(state, ticket=ticket, chase=None), "spam", f"says agent {proven_agent(case).id}")
    return moved(case, state, stopped, Status.CLOSED)


SPAM = "spam"  # the tag by which reports tell it

ACTS: Mapping[str, Act] = {"close": _close, "reopen": _reopen, "spam": _spam}
