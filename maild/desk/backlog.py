"""What needs development: a request waits for a coming update, and its customer hears when that is out (C31). Pure.

They are told once that it is planned; no term is promised. Whatever is written in the request meanwhile leaves it planned.
"""

from collections.abc import Mapping
from dataclasses import replace

from maild.desk.acts import (
    OVER,
    Act,
    State,
    cannot,
    moved,
    noted,
    proven_agent,
    refuse_if_over,
    say_changed,
    usage,
)
from maild.desk.arguments import plain
from maild.desk.case import Case
from maild.desk.decision import Release
from maild.desk.reopening import ground_over
from maild.desk.silence import why_not_to
from maild.ingest.classify import is_no_reply
from maild.model import Draft, Purpose, Status, Ticket
from maild.sla.clock import Wait
from maild.sla.clocks import happened, rest, resume
from maild.sla.moves import Change
from maild.sla.target import Moment
from maild.wording.receipts import say_phrase

MAX_NOTES = 4_000
MAX_LISTED = 30  # requests in a receipt


def is_planned(ticket: Ticket) -> bool:
    """Whether it waits for an update."""
    return ticket.backlog and ticket.status not in OVER


def release_key(name: str) -> str:
    """Return what two spellings of a release have in common."""
    return " ".join(plain(name).split())


def _plan(case: Case, state: State, value: object) -> tuple[State, str]:
    refuse_if_over(case, state)
    was, plan = state.ticket, case.policy.service.plan(state.ticket)
    before = _say_planned(case, was)
    if value is None:
        if not was.backlog:
            raise cannot(case, "not-planned")
        state = noted(
            replace(state, ticket=replace(ground_over(was), backlog=False, release="")), "planned", "no longer"
        )
        state, said = moved(case, state, resume(state.clocks, plan, case.at), Status.OPEN)
        return (
            state,
            f"{say_changed(case, 'backlog', before, say_phrase('nothing', case.policy.service.language))}; {said}",
        )
    ticket = replace(was, backlog=True, release=str(value))
    state = noted(replace(state, ticket=ticket), "planned", ticket.release or "for a coming update")
    letters = _tell(case, ticket) if not was.backlog and not case.orders.words else ()
    met = happened(state.clocks, plan, Moment.ANSWERED, case.at) if letters else Change(clocks=state.clocks)
    waits = rest(met.clocks, plan, Wait.RELEASE, case.at)
    change = Change(clocks=waits.clocks, events=met.events + waits.events)
    state = replace(state, drafts=(*state.drafts, *letters), chase=None)
    state, said = moved(case, state, change, Status.WAITING, Wait.RELEASE)
    return state, f"{say_changed(case, 'backlog', before, _say_planned(case, ticket))}; {said}"


def _release(case: Case, state: State, value: object) -> tuple[State, str]:
    """Everybody who waits for it is told, each in their own request; the ticket of this letter is one like all others."""
    assert isinstance(value, Release), "the grammar gives one"
    waiting = case.orders.planned
    if len(value.notes) > MAX_NOTES:
        raise cannot(case, "too-long-notes", limit=str(MAX_NOTES))
    if case.orders.words:
        raise cannot(case, "release-words", usage=usage(case, "ship"))
    if not waiting:
        raise cannot(case, "nobody-waits", name=value.name, usage=usage(case, "plan"))
    shown = ", ".join(f"{one.number} ({one.client_name or one.requester})" for one in waiting[:MAX_LISTED])
    more = f", … ({len(waiting)})" if waiting[MAX_LISTED:] else ""
    said = say_phrase("shipped", case.policy.service.language).format(name=value.name, tickets=f"{shown}{more}")
    state = noted(state, "shipped", f"{value.name}, by agent {proven_agent(case).id}")
    return replace(state, shipped=value), said


def say_planned(drafts: tuple[Draft, ...], was: Ticket, now: Ticket) -> tuple[Draft, ...]:
    """Return the letters of an answer, which say besides that it needs a coming update, where the same letter plans that."""
    if not is_planned(now) or was.backlog:
        return drafts
    return tuple(replace(one, words={**one.words, "planned": {"release": now.release}}) for one in drafts)


def _say_planned(case: Case, ticket: Ticket) -> str:
    if not ticket.backlog:
        return ""
    return ticket.release or say_phrase("some-release", case.policy.service.language)


def _tell(case: Case, ticket: Ticket) -> tuple[Draft, ...]:
    """Return the letter to the customer; () where nothing may go to them."""
    to = ticket.requester
    if not to.addr or is_no_reply(to.addr) or why_not_to(case, to) or case.letter.raw.sent:
        return ()
    letter = Draft(
        purpose=Purpose.PLANNED, recipient=to, subject=ticket.subject, ticket=ticket,
        words={"release": ticket.release}, in_reply_to=ticket.answers,
    )  # fmt: skip
    return (letter,)


ACTS: Mapping[str, Act] = {"plan": _plan, "ship": _release}
