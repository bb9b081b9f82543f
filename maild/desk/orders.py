"""What follows from an agent's letter with commands: all that it says, or, where one command cannot be, nothing. Pure.

What the request is (client, category, severity) is settled first, on whichever line it stands: that holds from receipt on.
Then the words besides the commands go to the customer as an answer, and the other commands follow in their order. With
`extend` the words are the reason that the customer is told with the new term. The agent gets a receipt of it all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from maild.contracts.coupons import CODE, shorten
from maild.desk import acts, verdicts
from maild.desk.acts import CannotError, State, asked_for, cannot, proven_agent, reject
from maild.desk.admission import clocks_of
from maild.desk.attached import choose_attached
from maild.desk.case import Case
from maild.desk.commands import MAX_COMMANDS, VERBS, Command, Slip, Unknown
from maild.desk.decision import Decision
from maild.desk.tickets import answer
from maild.desk.verdicts import answers_of, say_answer
from maild.model import Draft, Outcome, OutcomeKind, Purpose, Status, Ticket, TicketEvent
from maild.sla.changes import term_if_extended
from maild.sla.clock import OTHERS
from maild.wording import say_instant
from maild.wording.receipts import say_refusal

_ACTS = {**acts.ACTS, **verdicts.ACTS}
SETTLING = frozenset({"client", "category", "severity"})  # what the request is: before what is done with it


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What became of one command."""

    done: bool
    text: str


def obey(case: Case, ticket: Ticket, reason: str) -> Decision:
    """Carry out every command of the letter and send its words to the customer; or do neither and say why."""
    commands = case.orders.commands
    state, told = _carry_out(case, State(ticket=ticket, clocks=clocks_of(case, ticket)), settling=True)
    answered = None
    if (words := _words(case)) and _place_of(case, "extend") is None:
        answered = answer(case, state.ticket, reason, clocks=state.clocks, words=words)
        if answered.outcome.kind is not OutcomeKind.APPENDED or answered.became is None:
            return _unsent(case, ticket, answered)
        state = replace(state, ticket=answered.became, clocks=answered.clocks, events=(*state.events, *answered.events))
    state, more = _carry_out(case, state, settling=False)
    told |= more
    notice, refused = _notice(case, state)
    if all(one.done for one in told.values()):
        told |= refused
    if not all(one.done for one in told.values()):
        return _nothing_done(case, ticket, reason, told)
    letters = (*state.drafts, *notice)
    noticed = letters[0].purpose if letters else ""
    ready = len(answers_of(case)) if answered and not case.orders.words else 0
    receipt, held = _receipt(case, state.ticket, told, answered=answered is not None, ready=ready, noticed=noticed)
    return Decision(
        outcome=Outcome(
            kind=OutcomeKind.APPENDED if answered else OutcomeKind.COMMAND,
            reason=f"{reason}: {', '.join(one.verb for one in commands)}",
        ),
        ticket_id=ticket.id,
        status=state.ticket.status,
        became=state.ticket,
        clocks=state.clocks,
        spent=state.spent,
        suggested=state.suggested,
        chase=state.chase,
        chase_over=answered is not None or state.ticket.status is not Status.WAITING or _waits_for_others(case),
        entries=answered.entries if answered else (),
        events=(*state.events, *held),
        drafts=(*(answered.drafts if answered else ()), *letters, *receipt),
    )


def _words(case: Case) -> str:
    """Return what goes to the customer: the agent's words, then the answers of the FAQ that they name."""
    try:
        answers = [say_answer(entry) for entry in answers_of(case)]
    except CannotError:
        return case.orders.words  # its own command says so, and nothing is done at all
    return "\n\n".join(filter(None, (case.orders.words, *answers)))


def _carry_out(case: Case, state: State, *, settling: bool) -> tuple[State, dict[int, _Told]]:
    """Carry out the commands that settle what the request is, or the others; what became of each, by its place."""
    told: dict[int, _Told] = {}
    for place, one in enumerate(case.orders.commands):
        if (one.verb in SETTLING and isinstance(one, Command)) is not settling:
            continue
        try:
            if isinstance(one, Unknown):
                raise reject(case, one, MAX_COMMANDS)
            state, said = _ACTS[one.verb](case, state, one.value)
        except CannotError as error:
            told[place] = _Told(done=False, text=str(error))
        else:
            told[place] = _Told(done=True, text=said)
    return state, told


def _waits_for_others(case: Case) -> bool:
    """Whether the agent says that it waits for somebody else than the customer, who is not chased then."""
    commands = [one for one in case.orders.commands if isinstance(one, Command)]
    return any(one.verb == "postpone" or (one.verb == "wait" and one.value in OTHERS) for one in commands)


def _place_of(case: Case, verb: str) -> int | None:
    """Return where a verb stands among the commands; None: nowhere."""
    verbs = [one.verb if isinstance(one, Command) else "" for one in case.orders.commands]
    return verbs.index(verb) if verb in verbs else None


def _notice(case: Case, state: State) -> tuple[tuple[Draft, ...], dict[int, _Told]]:
    """Return the letter that tells the customer of the new term; or what became of `extend` by what another command did.

    It is written last: what it promises is what holds when all commands have been carried out.
    """
    place, clock = _place_of(case, "extend"), asked_for(state.clocks)
    if place is None:
        return (), {}
    service, ticket = case.policy.service, state.ticket
    term = term_if_extended(clock, service.calendars) if clock else None
    if clock is None or term is None:
        return (), {place: _Told(done=False, text=str(cannot(case, "contradicted")))}
    client = state.client or case.orders.client
    zone = (client.zone if client else None) or service.zone  # the customer's (D11)
    words = {
        "term": {"text": say_instant(term, zone, service.language, case.now), "what": clock.until},
        "reason": case.orders.words,
    }
    attached, _ = choose_attached(case, for_customer=True)
    draft = Draft(
        purpose=Purpose.EXTENSION, recipient=ticket.requester, subject=ticket.subject, ticket=ticket, words=words,
        in_reply_to=ticket.answers, attached=attached,
    )  # fmt: skip
    return (draft,), {}


def _unsent(case: Case, ticket: Ticket, answered: Decision) -> Decision:
    """The words cannot go to the customer, so nothing is done; one letter tells the agent of both."""
    why = cannot(case, "too-large" if case.letter.raw.truncated else "words-no-address")
    told = {0: _Told(done=False, text=str(why))}
    nothing = _nothing_done(case, ticket, answered.outcome.reason, told)
    return replace(answered, drafts=nothing.drafts, events=(*answered.events, *nothing.events))


def _nothing_done(case: Case, ticket: Ticket, reason: str, told: Mapping[int, _Told]) -> Decision:
    others = _Told(done=False, text=say_refusal("others", case.policy.service.language))
    why = {place: told[place] if place in told and not told[place].done else others for place in _places(case)}
    receipt, held = _receipt(case, ticket, why)
    lines = "; ".join(_quoted(one) for one in case.orders.commands)
    event = TicketEvent(kind="not done", detail=f"commands of agent {proven_agent(case).id}: {lines}")
    return Decision(
        outcome=Outcome(
            kind=OutcomeKind.COMMAND, reason=f"{reason}; nothing was done: not understood, or not possible"
        ),
        ticket_id=ticket.id,
        events=(event, *held),
        drafts=receipt,
    )


def _places(case: Case) -> range:
    return range(len(case.orders.commands))


def _receipt(
    case: Case, ticket: Ticket, told: Mapping[int, _Told], *, answered: bool = False, ready: int = 0, noticed: str = ""
) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    """Return the agent's receipt, or the event that says why they get none: letters that answer letters have a limit."""
    agent, commands, language = proven_agent(case), case.orders.commands, case.policy.service.language
    limit = case.policy.caps.per_agent
    if case.facts.sent_to.get(agent.address.key, 0) >= limit:
        why = f"agent {agent.id} has had {limit} automatic letters lately (limits.per_agent)"
        return (), (TicketEvent(kind="no receipt", detail=why),)
    lost = any(isinstance(one, Unknown) and one.slip is Slip.UNKNOWN for one in commands)
    words = {
        "lines": [
            {"command": _quoted(commands[place]), "done": told[place].done, "text": told[place].text}
            for place in _places(case)
        ],
        "answered": answered,
        "ready": ready,
        "noticed": noticed,
        "help": [one.usage[language] for one in VERBS] if lost or _place_of(case, "help") is not None else [],
    }
    draft = Draft(purpose=Purpose.RECEIPT, recipient=agent.address, subject=ticket.subject, ticket=ticket, words=words)
    return (draft,), ()


def _quoted(command: Command | Unknown) -> str:
    """Return a command's line as written, but for a coupon that stands in it."""
    return CODE.sub(lambda code: shorten(code[0]), command.line)
