"""What follows from an agent's letter with commands: all that it says, or, where one command cannot be, nothing. Pure.

But an answer does not wait for a command that has nothing to do with it (`Verb.beside`): it goes out, the other commands are
carried out, and the receipt says which were not.

What the request is (client, category, severity) is settled first, on whichever line it stands: that holds from receipt on; and
whose it is, for whoever answers makes it their own. Then the words besides the commands go to the customer as an answer, and the other commands follow in their order. With
`extend` the words are the reason that the customer is told with the new term. The agent gets a receipt of it all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from maild.contracts.coupons import CODE, shorten
from maild.desk import acts, assigning, closing, later, merging, undo, verdicts
from maild.desk.acts import CannotError, State, asked_for, cannot, proven_agent, reject, usage
from maild.desk.admission import clocks_of
from maild.desk.assigning import hand_over
from maild.desk.attached import choose_attached
from maild.desk.case import Case
from maild.desk.commands import MAX_COMMANDS, Command, Slip, Unknown
from maild.desk.decision import Decision, Obeyed
from maild.desk.merging import tell_merged
from maild.desk.notifications import team_of
from maild.desk.queries import marked_usages
from maild.desk.sent import permit
from maild.desk.solved import ask_to_confirm, say_solved
from maild.desk.tickets import answer
from maild.desk.verbs import VERBS, verb_named
from maild.desk.verdicts import answers_of, say_answer
from maild.ingest.sent import went_to_customer
from maild.model import Draft, Outcome, OutcomeKind, Purpose, Status, Ticket, TicketEvent
from maild.sla.changes import term_if_extended
from maild.sla.clock import OTHERS
from maild.wording import say_instant
from maild.wording.receipts import say_refusal

_ACTS = {
    **acts.ACTS,
    **assigning.ACTS,
    **closing.ACTS,
    **later.ACTS,
    **merging.ACTS,
    **undo.ACTS,
    **verdicts.ACTS,
}
# What the request is, and whose: before what is done with it
SETTLING = frozenset({"client", "category", "severity", "take"})


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What became of one command."""

    done: bool
    text: str
    changed: bool = False  # whether anything is another now, so that it can be taken back


def obey(case: Case, ticket: Ticket, reason: str) -> Decision:
    """Carry out the commands of the letter and send its words to the customer; or do neither and say why."""
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
    asked = ask_to_confirm(case, ticket, state)
    if asked:
        letter = () if answered or _has_it(case, ticket) else (asked.letter,)
        state = replace(state, chase=asked.chase, drafts=(*state.drafts, *letter))
    notice, refused = _notice(case, state)
    if all(one.done for one in told.values()):
        told |= refused
    failed = [commands[place] for place, one in sorted(told.items()) if not one.done]
    if failed and not (answered and all(map(_is_beside, failed))):
        return _nothing_done(case, ticket, reason, told)
    done = [commands[place].verb for place, one in sorted(told.items()) if one.done]
    letters = (*state.drafts, *notice)
    colleagues, unheard = hand_over(case, ticket, state)
    others, unheard_of = tell_merged(case, state)
    noticed = letters[0].purpose if letters else ""
    ready = len(answers_of(case)) if answered and not case.orders.words else 0
    elsewhere = state.merged is not None or state.wakes  # what these leave behind is not the ticket's alone
    final = elsewhere or _has_it(case, ticket)  # no word of ours takes back what a customer has read
    undoes = any(one.changed for one in told.values()) and state.taken_back is None and not final
    undo_word = usage(case, "undo") if undoes else ""
    receipt, held = _receipt(
        case, state.ticket, told, answered=answered, ready=ready, noticed=noticed, undo_word=undo_word
    )
    return Decision(
        outcome=Outcome(
            kind=OutcomeKind.APPENDED if answered else OutcomeKind.COMMAND,
            reason=f"{reason}: {', '.join(done) or 'none of them done, but it does not hold the answer'}",
        ),
        ticket_id=ticket.id,
        joined=answered.joined if answered else (),
        status=state.ticket.status,
        wakes=state.wakes,
        merged=state.merged,
        became=state.ticket,
        clocks=state.clocks,
        spent=state.spent,
        obeyed=Obeyed(agent=proven_agent(case).id, ticket=ticket, clocks=clocks_of(case, ticket))
        if undo_word
        else None,
        taken_back=state.taken_back,
        suggested=state.suggested,
        chase=state.chase or (answered.chase if answered and _waits_for_customer(case, state) else None),
        chase_over=answered is not None
        or state.taken_back is not None
        or state.ticket.status is not Status.WAITING
        or _waits_for_others(case),
        entries=(*(answered.entries if answered else ()), *state.notes),
        events=(*state.events, *([_not_done(case, failed)] if failed else []), *held, *unheard, *unheard_of),
        drafts=(*say_solved(answered.drafts if answered else (), asked), *letters, *receipt, *colleagues, *others),
    )


def send(case: Case, ticket: Ticket, reason: str) -> Decision:
    """An answer without commands; the agent gets a receipt of it where they are wanted, and of whom it brings along."""
    answered = answer(case, ticket, reason)
    if answered.became is None or not (case.policy.receipts or answered.joined):
        return answered
    receipt, held = _receipt(case, answered.became, {}, answered=answered)
    return replace(answered, events=(*answered.events, *held), drafts=(*answered.drafts, *receipt))


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
            if other := _against(case, one):
                raise cannot(case, "against", command=_quoted(other))
            after, said = _ACTS[one.verb](case, state, one.value)
            permit(case, one.verb, state, after)
        except CannotError as error:
            told[place] = _Told(done=False, text=str(error))
        else:
            told[place] = _Told(done=True, text=said, changed=after != state)
            state = after
    return state, told


def _is_beside(command: Command | Unknown) -> bool:
    """Whether the answer is as right without this command."""
    understood = isinstance(command, Command) or command.slip in (Slip.ARGUMENT, Slip.ALONE)
    return understood and verb_named(command.verb).beside


def _against(case: Case, one: Command) -> Command | None:
    """Return a command of the letter that lets the request stand elsewhere than this one does."""
    if not verb_named(one.verb).ends:
        return None
    commands = (other for other in case.orders.commands if isinstance(other, Command))
    ends = (other for other in commands if verb_named(other.verb).ends)
    return next((other for other in ends if (other.verb, other.value) != (one.verb, one.value)), None)


def _waits_for_customer(case: Case, state: State) -> bool:
    return state.ticket.status is Status.WAITING and not _waits_for_others(case)


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
    return Decision(
        outcome=Outcome(
            kind=OutcomeKind.COMMAND, reason=f"{reason}; nothing was done: not understood, or not possible"
        ),
        ticket_id=ticket.id,
        events=(_not_done(case, case.orders.commands), *held),
        drafts=receipt,
    )


def _not_done(case: Case, commands: Iterable[Command | Unknown]) -> TicketEvent:
    lines = "; ".join(map(_quoted, commands))
    return TicketEvent(kind="not done", detail=f"commands of agent {proven_agent(case).id}: {lines}")


def _help(language: str) -> list[str]:
    """Return all that an agent can say to us in a ticket's letter: commands, then questions."""
    return [*(one.usage[language] for one in VERBS), *marked_usages(language)]


def _places(case: Case) -> range:
    return range(len(case.orders.commands))


def _receipt(
    case: Case,
    ticket: Ticket,
    told: Mapping[int, _Told],
    *,
    answered: Decision | None = None,
    ready: int = 0,
    noticed: str = "",
    undo_word: str = "",
) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    """Return the agent's receipt, or the event that says why they get none: letters that answer letters have a limit."""
    agent, commands, language = proven_agent(case), case.orders.commands, case.policy.service.language
    limit = case.policy.caps.per_agent
    readers = (agent,) if agent.id else team_of(case.policy, ticket)  # of a mailbox's own commands all hear
    full = [one for one in readers if case.facts.sent_to.get(one.address.key, 0) >= limit]
    why = f"has had {limit} automatic letters lately (limits.per_agent)"
    held = tuple(TicketEvent(kind="no receipt", detail=f"agent {one.id} {why}") for one in full)
    lost = any(isinstance(one, Unknown) and one.slip is Slip.UNKNOWN for one in commands)
    words = {
        "lines": [
            {"command": _quoted(commands[place]), "done": told[place].done, "text": told[place].text}
            for place in _places(case)
        ],
        "answered": answered is not None,
        "sent": answered.drafts[0].words["text"] if answered else "",
        "sent_to": [str(one.recipient) for one in answered.drafts if one.purpose is Purpose.ANSWER] if answered else (),
        "ready": ready,
        "noticed": noticed,
        "letter": "",  # the words of one that is ordered: whoever composes both letters fills them in
        "undo": undo_word,
        "seen": _has_it(case, ticket),
        "help": _help(language) if lost or _place_of(case, "help") is not None else [],
    }
    drafts = (
        Draft(purpose=Purpose.RECEIPT, recipient=one.address, subject=ticket.subject, ticket=ticket, words=words)
        for one in readers
        if one not in full
    )
    return tuple(drafts), held


def _has_it(case: Case, ticket: Ticket) -> bool:
    """Whether the customer has the very letter with the commands: it was sent from the mailbox itself."""
    return case.letter.raw.sent and went_to_customer(case.message, ticket)


def _quoted(command: Command | Unknown) -> str:
    """Return a command's line as written, but for a coupon that stands in it."""
    return CODE.sub(lambda code: shorten(code[0]), command.line)
