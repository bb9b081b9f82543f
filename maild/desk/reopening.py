"""What a further letter makes of a ticket's terms, and of why it was refused or put off; or whether it comes too late. Pure."""

from dataclasses import replace
from datetime import datetime

from maild.contracts.recognition import Standing
from maild.desk.acts import OVER
from maild.desk.admission import clocks_of
from maild.desk.case import Case, DeskPolicy, Facts
from maild.desk.courtesy import Courtesy, read_courtesy
from maild.desk.rating import read_rating
from maild.ingest.thread import Thread
from maild.model import Attachment, Classification, Kind, Message, Role, Said, Status, Ticket
from maild.sla.clock import OTHERS, Clock
from maild.sla.clocks import Change, begin, customer_wrote, open_again, resume
from maild.sla.target import Moment

MAX_LOGO = 30_000  # octets


def go_on(case: Case, ticket: Ticket, *, unit: bool) -> Change | None:
    """Return the clocks after a letter of the customer, or of the unit outside; None: nothing was promised, and nothing is.

    Whom a rule had refused, nothing was promised for that alone: once they have done what they were told, it is.
    """
    promised, plan, service = clocks_of(case, ticket), case.policy.service.plan(ticket), case.policy.service
    if not promised:
        known = ticket.standing != Standing.UNKNOWN or service.identity.unknown == "serve"
        return begin(plan, case.at) if ticket.ground_state == "refused" and known else None
    opened = open_again(promised, plan, case.at) if ticket.status is Status.CLOSED else Change(clocks=promised)
    wrote = (resume if unit else customer_wrote)(opened.clocks, plan, case.at)
    return Change(clocks=wrote.clocks, events=opened.events + wrote.events)


def waits_for_others(case: Case, ticket: Ticket, clocks: tuple[Clock, ...]) -> bool:
    """Whether a request is put off until somebody else than its customer acts: no letter of theirs brings that about.

    Where a solution is promised, its clock says what a letter ends (D12, D13).
    """
    ground = case.policy.catalogue.grounds.get(ticket.ground)
    put_off = ticket.status is Status.WAITING and ticket.ground_state == "postponed"
    promised = any(one.running and one.until is Moment.RESOLVED for one in clocks)
    return put_off and not promised and ground is not None and ground.wait in OTHERS


def ground_over(ticket: Ticket) -> Ticket:
    """Return a ticket that is worked on again: it is neither refused nor put off, and counts like any other."""
    if ticket.ground_state not in ("refused", "postponed"):
        return ticket
    return replace(ticket, ground="", ground_state="", counted=True)


def part_if_late(
    thread: Thread, said: Said, message: Message, kind: Classification, facts: Facts, desk: DeskPolicy, at: datetime
) -> Thread:
    """Return a letter's thread, which leads to no ticket any more where that has been over for too long: it only speaks of it.

    Agents and units outside may write to whatever is over, and who only thanks, or says what we asked for, opens nothing.
    """
    ticket = thread.ticket
    since = facts.over_since.get(ticket.id) if ticket else None
    if ticket is None or since is None or at <= since + desk.reopen_within:
        return thread
    ours = thread.holder is not None and thread.holder.role in (Role.AGENT, Role.UNIT)
    kept = courtesy_of(said, message, ticket, desk) or _verdict(said, message, ticket, facts, desk, at)
    if ours or kind.kind not in (Kind.PERSON, Kind.NOTIFICATION) or kept:
        return thread
    why = f"{ticket.number} has been over since {since:%Y-%m-%d}, for longer than reopen_within"
    return replace(
        thread, ticket=None, holder=None, spot=None, linked=ticket, late=True, evidence=(*thread.evidence, why)
    )


def courtesy_of(said: Said, message: Message, ticket: Ticket, desk: DeskPolicy) -> Courtesy | None:
    """Return what makes a letter of a person mere thanks in a ticket that is over; None: it is for people."""
    if ticket.status not in OVER or said.wrapped or has_files(message):
        return None
    return read_courtesy(said.text, people_in(message, ticket, desk))


def _verdict(said: Said, message: Message, ticket: Ticket, facts: Facts, desk: DeskPolicy, at: datetime) -> bool:
    """Whether a letter answers what we asked of a ticket, and nothing in it waits for us; too late only as we had it ready."""
    question = facts.questions.get(ticket.id)
    if question is None:
        return False
    rated = read_rating(message.subject, said.text, ticket.number, people_in(message, ticket, desk))
    if rated is None or rated.asks or has_files(message):
        return False
    return at <= question.until or (rated.ready and not rated.besides)


def people_in(message: Message, ticket: Ticket, desk: DeskPolicy) -> list[str]:
    """Return the names that a customer's letter may call people by."""
    people = [ticket.requester.name, message.author.name if message.author else "", desk.address.name]
    return [*people, *(agent.address.name for agent in desk.agents)]


def has_files(message: Message) -> bool:
    """Whether something that may show the matter is attached."""
    return any(not _is_logo(one) for one in message.attachments)


def _is_logo(one: Attachment) -> bool:
    """Whether a picture may be part of a signature: a screenshot that shows the trouble is larger."""
    return one.inline and one.size <= MAX_LOGO
