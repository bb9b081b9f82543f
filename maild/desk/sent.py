"""What becomes of what our own people sent from the mailbox by themselves: nothing more goes out to anybody outside. Pure."""

from maild.desk.acts import State, asked_for, cannot, proven_agent
from maild.desk.admission import clocks_of
from maild.desk.answered import answered
from maild.desk.case import Case
from maild.desk.chase import begin_chase
from maild.desk.decision import Decision
from maild.desk.tickets import copied, tell_crossed, truncated
from maild.ingest.sent import addressees, machine_evidence, went_to_customer
from maild.model import Direction, Entry, Kind, Outcome, OutcomeKind, Status, Ticket, TicketEvent
from maild.tokens import hide_tokens


def why_no_word(case: Case) -> str | None:
    """Return why a sent letter is nobody's word now, or None: ours that a provider keeps, a machine's, one from before."""
    if case.facts.itself or case.kind.kind is Kind.LOOP:
        return "a letter of maild's own, kept among what was sent"
    if machine := machine_evidence(case.message, case.kind):
        return f"sent by a machine: {machine}"
    if case.letter.old:
        return "it was among what was sent before maild's first look there"
    return None


def pass_over(_case: Case, reason: str) -> Decision:
    """Nothing follows, and no history speaks of it: whatever was to be done about it has been done."""
    return Decision(outcome=Outcome(kind=OutcomeKind.IGNORED, reason=reason))


def answer_sent(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The customer has an agent's answer already: it is recorded, and all follows that follows from an answer."""
    agent = proven_agent(case)
    how = f"by {_named(case)}, straight from the mailbox"
    before = State(ticket=ticket, clocks=clocks_of(case, ticket))
    state = answered(case, before, how, heard=case.facts.heard_at.get(ticket.id))
    cut = (truncated(case),) if case.letter.raw.truncated else ()
    told, crossing = tell_crossed(case, ticket)
    waits = state.ticket.status is Status.WAITING
    return Decision(
        outcome=Outcome(kind=OutcomeKind.APPENDED, reason=reason),
        ticket_id=ticket.id,
        joined=copied(case, ticket),
        status=state.ticket.status,
        became=state.ticket,
        clocks=state.clocks,
        chase_over=True,
        chase=begin_chase(ticket.id, case.policy.catalogue.chasing, case.now) if waits else None,
        answered_already=True,
        entries=(Entry(direction=Direction.OUT, author=agent.address, text=_words(case)),),
        events=(*state.events, *cut, *crossing),
        drafts=told,
    )


def note_sent(case: Case, ticket: Ticket, reason: str) -> Decision:
    """A letter about a request to others than its customer stays among agents, and answers nobody."""
    detail = f"by {_named(case)} to {', '.join(sorted(addressees(case.message))) or 'nobody'}"
    note = Entry(direction=Direction.NOTE, author=proven_agent(case).address, text=_words(case))
    return Decision(
        outcome=Outcome(kind=OutcomeKind.APPENDED, reason=reason),
        ticket_id=ticket.id,
        entries=(note,),
        events=(TicketEvent(kind="written to others", detail=detail),),
    )


def leave_sent(_case: Case, reason: str) -> Decision:
    """A letter that belongs to no request opens none; what it answers may be read later, and finds it then."""
    return Decision(outcome=Outcome(kind=OutcomeKind.IGNORED, reason=reason), awaits=True)


def permit(case: Case, verb: str, before: State, after: State) -> None:
    """Raise CannotError where a command of a sent letter would write to a customer who has that very letter, or needs a name.

    They would get two letters about one thing, one of them with the command in it.
    """
    if not case.letter.raw.sent:
        return
    writes = verb == "dispatch" or any(
        getattr(after, what) != getattr(before, what) for what in ("drafts", "suggested", "announced", "released")
    )
    if (writes or asked_for(after.clocks)) and went_to_customer(case.message, after.ticket):
        raise cannot(case, "customer-has-it")
    if (verb == "take" or after.spent != before.spent) and not proven_agent(case).id:
        raise cannot(case, "nobody-named")


def _words(case: Case) -> str:
    """Return what they wrote themselves, where they wrote anything."""
    return hide_tokens(case.said.note or case.said.text)


def _named(case: Case) -> str:
    agent = proven_agent(case)
    return f"agent {agent.id}" if agent.id else f"somebody at {agent.address.addr}"
