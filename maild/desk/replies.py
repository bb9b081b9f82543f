"""What a customer's short reply settles by itself: an answer of the FAQ has solved it, paid work is agreed to or not. Pure.

Only the requester's own word counts, and only where it is plain; anything else is a letter for people.
"""

from dataclasses import replace

from maild.desk.admission import clocks_of
from maild.desk.case import Case
from maild.desk.consenting import own_ticket, reply_to_offer
from maild.desk.decision import Decision
from maild.desk.notifications import write_notifications
from maild.desk.offering import offer_of, say_offer, say_offered
from maild.desk.silence import reason_for_silence
from maild.desk.tickets import append, entry_of
from maild.faq.helped import read_verdict
from maild.model import Draft, Outcome, OutcomeKind, Purpose, Status, Ticket, TicketEvent
from maild.sla.clocks import Change, resume, stop


def solved_by(case: Case) -> tuple[str, ...]:
    """Return the entries of which one has solved it, as the requester says in answer to the suggestion."""
    ticket = own_ticket(case)
    verdict = read_verdict(case.said.text) if ticket and ticket.faq and not case.said.files else None
    if ticket is None or verdict is None:
        return ()
    if verdict.number is None:
        return ticket.faq
    return ticket.faq[verdict.number - 1 : verdict.number]


def consent_of(case: Case) -> bool | None:
    """Return whether the requester agrees to the work that was offered; None where they do not say so plainly."""
    reply = reply_to_offer(case)
    return reply.agrees if reply else None


def words_of(case: Case) -> str:
    """Return the words of a reply to an offer that decided."""
    reply = reply_to_offer(case)
    return ", ".join(f"«{one}»" for one in reply.consent.evidence) if reply else ""


def unclear(case: Case) -> bool:
    """Whether a reply sounds like a yes and is asked about."""
    reply = reply_to_offer(case)
    return reply is not None and reply.ask


def ask_plainly(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The letter is for people, as any; besides, the customer is asked once for a plain word."""
    decision = append(case, ticket, reason)
    offer = offer_of(ticket, case.policy.catalogue)
    words: dict[str, object] = {
        "asked": [],
        "until": "",
        "unclear": say_offer(offer, case.policy.service.language) if offer else None,
    }
    question = Draft(
        purpose=Purpose.CHASER, recipient=ticket.requester, subject=ticket.subject, ticket=ticket, words=words,
        in_reply_to=case.message.message_id, references=case.message.references,
    )  # fmt: skip
    asked = TicketEvent(kind="asked", detail=f"whether they agree, by their words {words_of(case)}")
    return replace(
        decision,
        became=replace(decision.became or ticket, offer_asked=True),
        events=(*decision.events, asked),
        drafts=(question, *decision.drafts),
    )


def solved(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The customer has helped themselves: the ticket is closed, the entry has the credit."""
    helped = solved_by(case)
    titles = [case.policy.catalogue.faq[one].title for one in helped if one in case.policy.catalogue.faq]
    ended = stop(clocks_of(case, ticket), case.at, "an answer of the FAQ has solved it")
    became = replace(ticket, status=Status.CLOSED, faq=(), asked=())
    event = TicketEvent(kind="solved", detail=f"by the FAQ: {', '.join(helped)}")
    decision = _settled(case, became, reason, event, ended, detail="; ".join(titles))
    return replace(decision, helped=helped)


def agreed(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The customer agrees to paid work: it begins, and the agents are told."""
    going = resume(clocks_of(case, ticket), case.policy.service.plan(ticket), case.at)
    became = replace(ticket, status=Status.OPEN, offer_state="accepted")
    event = TicketEvent(kind="agreed", detail=f"to {_offer_name(case, ticket)}: {words_of(case)}")
    return _settled(case, became, reason, event, going, detail=f"{_offer_name(case, ticket)} ({words_of(case)})")


def declined(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The customer does not want paid work: the ticket is closed, and they hear that a letter opens it again."""
    ended = stop(clocks_of(case, ticket), case.at, "the offer was declined")
    became = replace(ticket, status=Status.CLOSED, offer_state="declined", asked=())
    event = TicketEvent(kind="declined", detail=f"{_offer_name(case, ticket)}: {words_of(case)}")
    decision = _settled(case, became, reason, event, ended, detail=f"{_offer_name(case, ticket)} ({words_of(case)})")
    closing = () if reason_for_silence(case, ticket) else (_closing(case, became),)
    return replace(decision, drafts=(*closing, *decision.drafts))


def _settled(case: Case, became: Ticket, reason: str, event: TicketEvent, change: Change, *, detail: str) -> Decision:
    """Return what every such reply has in common: nobody waits any longer, and the agents are told of `event`."""
    was = case.thread.ticket
    assert was is not None, "only a ticket is settled"
    notices, held = write_notifications(case, became, notice=event.kind, detail=detail)
    status = TicketEvent(kind="status", detail=f"{was.status} → {became.status}")
    return Decision(
        outcome=Outcome(kind=OutcomeKind.APPENDED, reason=reason),
        ticket_id=became.id,
        status=became.status,
        became=became,
        clocks=change.clocks,
        chase_over=True,
        entries=(entry_of(case),),
        events=(event, status, *change.events, *held),
        drafts=notices,
    )


def _closing(case: Case, ticket: Ticket) -> Draft:
    offer = offer_of(ticket, case.policy.catalogue)
    words = {"why": "declined", "offer": say_offer(offer, case.policy.service.language) if offer else None}
    return Draft(
        purpose=Purpose.CLOSING, recipient=ticket.requester, subject=ticket.subject, ticket=ticket, words=words,
        in_reply_to=case.message.message_id, references=case.message.references,
    )  # fmt: skip


def _offer_name(case: Case, ticket: Ticket) -> str:
    offer = offer_of(ticket, case.policy.catalogue)
    return say_offered(offer, case.policy.service.language) if offer else ticket.offer
