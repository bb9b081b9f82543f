"""What a customer's verdict on our work brings about, and whose word is one. Pure.

Only the requester's, in a letter that their own token leads to the ticket: whoever is copied, or was sent the letter on, says
nothing for them. It counts for the request that was asked about, and joins the one into which that has gone since. A verdict reopens nothing; what still waits for us beside it does, as in any letter. Nothing answers it.
"""

from dataclasses import replace

from maild.desk import tickets
from maild.desk.acts import OVER
from maild.desk.case import Case
from maild.desk.decision import Decision
from maild.desk.history import writer_of
from maild.desk.notifications import to_be_told, write_notifications
from maild.desk.rating import Rated, read_rating
from maild.desk.reopening import has_files, people_in
from maild.desk.solved import confirm
from maild.desk.survey import Question, Vote
from maild.desk.tickets import entry_of
from maild.model import Agent, Draft, Kind, Outcome, OutcomeKind, Rating, Role, Status, Ticket, TicketEvent
from maild.wording.ratings import say_rating


def vote_in(case: Case) -> tuple[Question, Rated] | None:
    """Return what a letter says in answer to which question; None: it is no verdict."""
    ticket, questions = case.thread.ticket, case.facts.questions
    asked = next((one for one in (case.thread.merged, ticket) if one and one.id in questions), None)
    question = questions[asked.id] if asked else None
    if ticket is None or asked is None or question is None or not _is_requesters(case, asked):
        return None
    names = people_in(case.message, ticket, case.policy)
    rated = read_rating(case.message.subject, case.said.text, asked.number, names)
    if rated is None:
        return None
    # in a request that is worked on, "отлично" answers something else; too late, it is a letter like others
    plain = rated.ready or (ticket.status in OVER and case.at <= question.until)
    return (question, rated) if plain and (case.at <= question.until or not rated.besides) else None


def _is_requesters(case: Case, ticket: Ticket) -> bool:
    """Whether the letter is the requester's own: by From, by where answers go, and by the token that led here."""
    mine = {one.address.key for one in ticket.participants if one.role is Role.REQUESTER} | {ticket.requester.key}
    author, wrote, holder = case.author.address, case.message.author, case.thread.holder
    theirs = author and wrote and holder and {author.key, wrote.key, holder.address.key} <= mine
    whole = not (case.letter.raw.truncated or case.letter.old or case.said.wrapped)
    return bool(theirs) and whole and case.kind.kind is Kind.PERSON and case.author.agent is None


def vote(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The verdict counts from now on in place of an earlier one; who has to know of it hears."""
    found = vote_in(case)
    assert found is not None, "the question asked for it"
    question, rated = found
    case = replace(case, said=replace(case.said, text=rated.words))
    if case.at > question.until:
        return _kept(case, ticket, reason, f"{rated.value}, too late to count")
    bad = rated.value is Rating.BAD
    if rated.asks or has_files(case.message) or (rated.besides and ticket.status not in OVER):
        decision = tickets.append(case, ticket, reason)
        told = {one.recipient.key for one in decision.drafts}
        readers = [one for one in _heads(case) if bad and one.address.key not in told]
    else:
        waits = ticket.status is Status.RESOLVED and question.ticket_id == ticket.id  # for a word whether it is solved
        decision = (confirm if rated.solved and waits else _kept)(case, ticket, reason)
        readers = to_be_told(case, ticket) if bad or rated.besides else []
        readers += [one for one in _heads(case) if bad and one not in readers]
    now = replace(decision.became or ticket, status=decision.status or ticket.status)
    notices, held = _notices(case, now, rated.value, readers)
    merged = case.thread.merged
    about = f"about {merged.number}: " if merged and merged.id == question.ticket_id else ""
    said = f"{about}{rated.value}, in {rated.evidence}" + (f", instead of {question.said}" if question.said else "")
    return replace(
        decision,
        vote=Vote(ticket_id=question.ticket_id, value=rated.value, author=writer_of(case).key),
        events=(TicketEvent(kind="verdict", detail=said), *decision.events, *held),
        drafts=(*decision.drafts, *notices),
    )


def _kept(case: Case, ticket: Ticket, reason: str, verdict: str = "") -> Decision:
    """The letter joins the history, and nothing else follows; `verdict` is what becomes of one that does not count."""
    return Decision(
        outcome=Outcome(kind=OutcomeKind.APPENDED, reason=reason),
        ticket_id=ticket.id,
        entries=(entry_of(case),),
        events=(TicketEvent(kind="verdict", detail=verdict),) if verdict else (),
    )


def _heads(case: Case) -> list[Agent]:
    return [one for one in case.policy.agents if one.id == case.policy.service.head]


def _notices(
    case: Case, ticket: Ticket, value: Rating, readers: list[Agent]
) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    if not readers:
        return (), ()
    word = say_rating(value, case.policy.service.language)
    return write_notifications(case, ticket, to=tuple(readers), notice="rated", detail=word)
