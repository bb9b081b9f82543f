"""One request goes into another: whose it may be, which terms hold, where its letters lead from then on. Pure.

Whoever takes part in the one takes part in the other afterwards, so that only requests of one customer, or of one client,
are merged: nobody is let into a stranger's. Both keep their history.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from maild.desk.acts import OVER, Act, State, cannot, changed, noted, proven_agent, refuse_if_over, say_changed
from maild.desk.case import Case, Facts
from maild.desk.decision import Merged
from maild.desk.notifications import write_notifications
from maild.desk.releasing import say_waiting
from maild.desk.silence import reason_for_silence
from maild.ingest.thread import Thread
from maild.model import Address, Draft, Participant, Purpose, Role, Status, Ticket, TicketEvent
from maild.sla.clock import Clock
from maild.sla.clocks import resume, stop
from maild.sla.moves import Change
from maild.wording.receipts import say_phrase, say_status

MAX_NAMED = 5  # of those who read the answers, in a receipt
_READERS = (Role.REQUESTER, Role.COPIED)


def follow_merge(thread: Thread, facts: Facts) -> Thread:
    """Return a letter's thread, which leads to where its ticket went."""
    into = facts.merged.get(thread.ticket.id) if thread.ticket else None
    if thread.ticket is None or into is None:
        return thread
    return replace(
        thread,
        ticket=into,
        merged=thread.ticket,
        evidence=(*thread.evidence, f"{thread.ticket.number} was merged into {into.number}"),
    )


def _merge(case: Case, state: State, value: object) -> tuple[State, str]:
    """The request goes into the one that is named, and is closed with a pointer to it."""
    refuse_if_over(case, state)
    ticket, into = state.ticket, case.orders.other
    if into is None:
        raise cannot(case, "no-ticket", number=str(value))
    if into.id == ticket.id:
        raise cannot(case, "itself", number=into.number)
    if into.status in OVER:
        raise cannot(
            case, "over-there", number=into.number, status=say_status(into.status, case.policy.service.language)
        )
    asker = ticket.requester.key  # "" of whoever only called: two of them are two people
    same = (asker and into.requester.key == asker) or (ticket.client and into.client == ticket.client)
    if not same:
        raise cannot(case, "strangers", number=into.number, mine=str(ticket.requester), theirs=str(into.requester))
    theirs = Change(clocks=case.orders.other_clocks)
    wakes = into.status is Status.WAITING and ticket.status is not Status.WAITING
    if wakes:
        theirs = resume(theirs.clocks, case.policy.service.plan(into), case.at)
    kept = _earliest(state.clocks, theirs.clocks, into, case.at, ticket.number)
    became = replace(
        into, status=Status.OPEN if wakes else into.status, agent=into.agent or ticket.agent,
        rank=min(into.rank, ticket.rank),
    )  # fmt: skip
    events = [TicketEvent(kind="merged", detail=f"{ticket.number} went into it, by agent {proven_agent(case).id}")]
    if wakes:
        events.append(TicketEvent(kind="status", detail=f"{into.status} → {became.status}"))
    merged = Merged(
        ticket=became, joined=_joined(ticket), clocks=kept.clocks, events=(*events, *theirs.events, *kept.events)
    )
    ended = stop(state.clocks, case.at, f"merged into {into.number}")
    gone = replace(ticket, merged_into=into.id, counted=False, asked=(), faq=())
    state = noted(replace(state, ticket=gone, chase=None, merged=merged), "merged", f"into {into.number}")
    state = changed(case, state, ended, status=Status.CLOSED)
    said = [say_changed(case, "merged", "", into.number)]
    readers = {one.address.key: one.address for one in (*into.participants, *merged.joined) if one.role in _READERS}
    said += [f"{say_phrase('readers', case.policy.service.language)}: {_names(list(readers.values()))}"]
    if _is_to_hear(case, ticket, into):
        why = _reason_for_silence(case, state)
        told = (_word_to_customer(ticket, into),) if why is None else ()
        state = replace(state, drafts=(*state.drafts, *told))
        state = noted(state, "not told", f"of the merge: {why}") if why else state
        said += [say_phrase("unmerged", case.policy.service.language)] if why else []
    return state, "; ".join((*said, *say_waiting(case)))


def _names(people: Sequence[Address]) -> str:
    """Return whom answers go to, the first of very many."""
    more = f", … ({len(people)})" if people[MAX_NAMED:] else ""
    return ", ".join(map(str, people[:MAX_NAMED])) + more


def _is_to_hear(case: Case, ticket: Ticket, into: Ticket) -> bool:
    """Whether the customer has both requests, knows this one by its number, and hears nothing else with this letter."""
    return case.orders.known and ticket.requester.key == into.requester.key and not case.orders.words


def _reason_for_silence(case: Case, state: State) -> str | None:
    """Return why the customer gets nothing automatic, with what these commands have already said counted, or None."""
    had = Counter(one.recipient.key for one in state.announced)
    counted = replace(case, facts=replace(case.facts, sent_to=Counter(case.facts.sent_to) + had))
    limit = case.policy.caps.per_ticket
    if case.facts.sent_about.get(state.ticket.id, 0) >= limit:
        return f"{limit} automatic letters went out about this ticket lately (limits.per_ticket)"
    return reason_for_silence(counted, state.ticket)


def _word_to_customer(ticket: Ticket, into: Ticket) -> Draft:
    """Return the letter that tells whoever asked twice where they are answered from now on."""
    words = {"why": "merged", "into": into.number}
    return Draft(
        purpose=Purpose.CLOSING, recipient=ticket.requester, subject=ticket.subject, ticket=ticket, words=words,
        in_reply_to=ticket.answers,
    )  # fmt: skip


def _earliest(mine: tuple[Clock, ...], theirs: tuple[Clock, ...], into: Ticket, at: datetime, number: str) -> Change:
    """Return the clocks of the other request once it has each of this one's terms that comes sooner."""
    sooner, beaten = [], []
    for one in mine:
        there = next((other for other in theirs if other.running and other.until is one.until), None)
        if not one.running or (there and not _comes_sooner(one, there)):
            continue
        sooner.append(replace(one, id=None, ticket_id=into.id))
        beaten += [there] if there else []
    ended = stop(tuple(beaten), at, f"{number}, which has an earlier term, was merged into it")
    standing = (other for other in theirs if other not in beaten)
    return Change(clocks=(*standing, *ended.clocks, *sooner), events=ended.events)


def _comes_sooner(one: Clock, other: Clock) -> bool:
    return one.due_at is not None and (other.due_at is None or one.due_at < other.due_at)


def _joined(ticket: Ticket) -> tuple[Participant, ...]:
    """Return who takes part in the other request from now on: who asked here is copied on its answers there."""
    return tuple(
        replace(one, role=Role.COPIED) if one.role is Role.REQUESTER else one
        for one in ticket.participants
        if one.role is not Role.AGENT
    )


def tell_merged(case: Case, state: State) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    """Return word to whoever has the other request, and to whoever had this one, unless they ordered it."""
    if state.merged is None:
        return (), ()
    into = state.merged.ticket
    theirs = (into.agent, state.ticket.agent)
    agents = tuple(one for one in case.policy.agents if one.id in theirs and one != case.author.agent)
    if not agents:
        return (), ()
    return write_notifications(case, into, to=agents, notice="merged", detail=state.ticket.number)


ACTS: Mapping[str, Act] = {"merge": _merge}
