"""What an agent calls solved: the customer is told and may contradict, until it is closed. Pure."""

from dataclasses import dataclass, replace

from maild.desk.acts import State
from maild.desk.admission import clocks_of
from maild.desk.case import Case
from maild.desk.chase import Chase
from maild.desk.decision import Decision
from maild.desk.silence import reason_for_silence
from maild.desk.survey import Question, question_about, question_alone
from maild.desk.tickets import entry_of
from maild.ingest.classify import is_no_reply
from maild.model import Draft, Outcome, OutcomeKind, Purpose, Status, Ticket, TicketEvent
from maild.sla.clocks import stop
from maild.sla.target import Mode
from maild.sla.terms import due
from maild.wording import say_instant


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A customer who hears that we hold their request solved."""

    until: str  # in words, until when they may contradict
    chase: Chase  # in which it is closed
    letter: Draft  # where no words of the agent's tell of it


def ask_to_confirm(case: Case, was: Ticket, state: State) -> Asked | None:
    """Return how the customer is told that their request has just been solved; None: it has not, or nobody is to be told."""
    wish, ticket, service = case.policy.catalogue.confirmation, state.ticket, case.policy.service
    solved = ticket.status is Status.RESOLVED and was.status is not Status.RESOLVED
    if not solved or not wish.within or not ticket.requester.addr or is_no_reply(ticket.requester.addr):
        return None
    calendar = service.calendars.get(wish.calendar)
    close_at = due(Mode.SKIP_DAYS_OFF if calendar else Mode.CONTINUOUS, calendar, case.now, wish.within).due_at
    zone = service.zone_of(state.client or case.orders.client)
    until = say_instant(close_at, zone, service.language, case.now)
    return Asked(
        until=until,
        chase=Chase(ticket_id=ticket.id, since=case.now, remind_at=None, close_at=close_at),
        letter=Draft(
            purpose=Purpose.RESOLUTION, recipient=ticket.requester, subject=ticket.subject, ticket=ticket,
            words={"until": until}, in_reply_to=ticket.answers,
        ),
    )  # fmt: skip


def say_solved(drafts: tuple[Draft, ...], asked: Asked | None) -> tuple[Draft, ...]:
    """Return the letters of an answer, which say besides that we hold the request solved."""
    if asked is None:
        return drafts
    return tuple(replace(one, words={**one.words, "solved_until": asked.until}) for one in drafts)


def confirm(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The customer says that it is solved: it is closed at once, and nobody has to read it."""
    ended = stop(clocks_of(case, ticket), case.at, "the customer says that it is solved")
    moved = TicketEvent(kind="status", detail=f"{ticket.status} → {Status.CLOSED}")
    question = _question(case, ticket)
    return Decision(
        outcome=Outcome(kind=OutcomeKind.APPENDED, reason=reason),
        ticket_id=ticket.id,
        status=Status.CLOSED,
        clocks=ended.clocks,
        chase_over=True,
        entries=(entry_of(case),),
        events=(TicketEvent(kind="confirmed", detail=reason), moved, *ended.events),
        question=question,
        drafts=(question_alone(ticket),) if question else (),
    )


def _question(case: Case, ticket: Ticket) -> Question | None:
    """Return what the customer is asked of our work who has just closed their request."""
    wish = case.policy.catalogue.satisfaction
    ends = wish.ends(ticket.status, Status.CLOSED) and ticket.id not in case.facts.questions
    if not ends or reason_for_silence(case, ticket):
        return None
    return question_about(ticket, wish, case.now, case.policy.staff)
