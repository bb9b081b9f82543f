"""A letter to an agent's address for notes: words for colleagues, which no customer ever gets. Pure."""

from dataclasses import replace

from maild.desk.case import Case
from maild.desk.decision import Decision
from maild.desk.notifications import write_notifications
from maild.desk.orders import obey
from maild.desk.tickets import answer
from maild.model import Direction, Entry, Outcome, OutcomeKind, Ticket, TicketEvent


def keep_note(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The words stand in the ticket's history, its commands are obeyed, and whoever else has the ticket hears of it."""
    agent, text = case.author.agent, case.orders.words
    assert agent is not None, "only a proven agent writes notes"
    kept = bool(text) and case.orders.work is not None
    wordless = replace(case, orders=replace(case.orders, words="", kept=kept))
    if not text:
        return obey(wordless, ticket, reason) if case.orders.commands else answer(wordless, ticket, reason)
    entry = Entry(direction=Direction.NOTE, author=agent.address, text=text)
    event = TicketEvent(kind="note", detail=f"by agent {agent.id}")
    owner = tuple(one for one in case.policy.agents if one.id == ticket.agent and one != agent)
    told, held = write_notifications(case, ticket, to=owner, notice="note", detail=text) if owner else ((), ())
    done = obey(wordless, ticket, reason) if case.orders.commands else _nothing_else(ticket, reason)
    return replace(
        done, entries=(entry, *done.entries), events=(event, *done.events, *held), drafts=(*done.drafts, *told)
    )


def carry_out(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The commands are obeyed; the words go to the customer, or are a note where a work came round and there is none."""
    noted = case.orders.work is not None and case.orders.words
    return keep_note(case, ticket, reason) if noted else obey(case, ticket, reason)


def _nothing_else(ticket: Ticket, reason: str) -> Decision:
    return Decision(outcome=Outcome(kind=OutcomeKind.COMMAND, reason=reason), ticket_id=ticket.id)
