"""What follows from commands in a letter that our own people sent from the mailbox by themselves. Pure."""

from dataclasses import replace

from maild.desk.case import Case
from maild.desk.decision import Decision
from maild.desk.orders import obey
from maild.desk.sent import answer_sent, note_sent
from maild.ingest.sent import went_to_customer
from maild.model import Outcome, OutcomeKind, Status, Ticket


def obey_sent(case: Case, ticket: Ticket, reason: str) -> Decision:
    """What the letter says has been said; then its commands are carried out, all or none, and the receipt tells what they did."""
    said = (answer_sent if went_to_customer(case.message, ticket) else note_sent)(case, ticket, reason)
    now = said.became or ticket
    clocks = {**case.facts.clocks, ticket.id: said.clocks or case.facts.clocks.get(ticket.id, ())}
    then = replace(case, facts=replace(case.facts, clocks=clocks), thread=replace(case.thread, ticket=now))
    done = obey(then, now, reason)
    return replace(
        done,
        outcome=Outcome(kind=OutcomeKind.APPENDED, reason=done.outcome.reason),
        joined=said.joined,
        status=done.status or said.status,
        became=done.became or said.became,
        clocks=done.clocks or said.clocks,
        chase_over=done.chase_over or said.chase_over,
        chase=done.chase or (said.chase if (done.became or now).status is Status.WAITING else None),
        answered_already=said.answered_already,
        entries=(*said.entries, *done.entries),
        events=(*said.events, *done.events),
        drafts=(*said.drafts, *done.drafts),
    )
