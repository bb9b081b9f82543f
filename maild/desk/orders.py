"""What follows from an agent's letter with commands: all that it says, or, where one command cannot be, nothing. Pure.

But an answer does not wait for a command that has nothing to do with it (`Verb.beside`): it goes out, the other commands are
carried out, and the receipt says which were not.

What the request is (client, category, service, severity) is settled first, on whichever line it stands: that holds from receipt on; and
whose it is, for whoever answers makes it their own. Then the words besides the commands go to the customer as an answer, and
the other commands follow in their order. Some have those words for themselves: with `extend` they are the reason that the
customer is told with the new term. The agent gets a receipt of it all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from maild.contracts.coupons import CODE, shorten
from maild.desk import (
    acts,
    assigning,
    backlog,
    closing,
    dispatching,
    later,
    merging,
    releasing,
    routing,
    servicing,
    splitting,
    undo,
    verdicts,
)
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
from maild.desk.routing import routed_to, tell_team
from maild.desk.sent import permit
from maild.desk.silence import agents_limit
from maild.desk.solved import ask_to_confirm, say_solved
from maild.desk.survey import Question, question_about, with_question
from maild.desk.tickets import answer
from maild.desk.verbs import VERBS, verb_named
from maild.desk.verdicts import answers_of, say_answer
from maild.ingest.sent import went_to_customer
from maild.model import Draft, Outcome, OutcomeKind, Participant, Purpose, Status, Ticket, TicketEvent
from maild.sla.changes import term_if_extended
from maild.sla.clock import OTHERS
from maild.wording import say_instant
from maild.wording.receipts import say_refusal

_ACTS = {
    **acts.ACTS,
    **assigning.ACTS,
    **backlog.ACTS,
    **closing.ACTS,
    **dispatching.ACTS,
    **later.ACTS,
    **merging.ACTS,
    **releasing.ACTS,
    **routing.ACTS,
    **servicing.ACTS,
    **splitting.ACTS,
    **undo.ACTS,
    **verdicts.ACTS,
}
# Which have the letter's other words for themselves: they are no answer
_WITH_THE_WORDS = {"extend", "route", "offer"}
# What the request is, and whose: before what is done with it
SETTLING = frozenset({"client", "category", "service", "severity", "take"})


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of one command."""

    done: bool
    text: str
    changed: bool = False  # whether anything is another now, so that it can be taken back


@dataclass(frozen=True, kw_only=True)
class _Carried:
    """What the letter has brought about."""

    state: State
    told: Mapping[int, Told]  # by the command's place
    answered: Decision | None  # what its words have
    letters: tuple[Draft, ...]  # to customers and units, and whoever has to do with a request that was split off


def obey(case: Case, ticket: Ticket, reason: str) -> Decision:
    """Carry out the commands of the letter and send its words to the customer; or do neither and say why."""
    state, told = _carry_out(case, State(ticket=ticket, clocks=clocks_of(case, ticket)), settling=True)
    answered = None
    if (words := _words(case)) and not case.orders.verbs & _WITH_THE_WORDS:
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
    if all(one.done or _may_be_quoted(case.orders.commands[place]) for place, one in told.items()):
        told |= refused
    if _holds_up(case, told, answered):
        return _nothing_done(case, ticket, reason, told)
    state = replace(state, drafts=(*state.drafts, *notice))
    answers = say_solved(answered.drafts if answered else (), asked)
    answers = backlog.say_planned(answers, ticket, state.ticket)
    letters = (*answers, *state.drafts, *state.announced)
    return _done(case, ticket, reason, _Carried(state=state, told=told, answered=answered, letters=letters))


def _holds_up(case: Case, told: Mapping[int, Told], answered: Decision | None) -> bool:
    """Whether a command that cannot be carried out lets nothing of the letter happen, not even its answer."""
    failed = (case.orders.commands[place] for place, one in told.items() if not one.done)
    hindering = [one for one in failed if not _may_be_quoted(one)]
    return bool(hindering) and not (answered and all(map(_is_beside, hindering)))


def _done(case: Case, ticket: Ticket, reason: str, carried: _Carried) -> Decision:
    """Return what is written and sent once the commands have been carried out; `ticket` is as it was before."""
    state, answered, commands = carried.state, carried.answered, case.orders.commands
    done = [commands[place].verb for place, one in sorted(carried.told.items()) if one.done]
    failed = [commands[place] for place, one in sorted(carried.told.items()) if not one.done]
    undo_word = _undo_word(case, ticket, carried)
    question = _question(case, ticket, state, carried.letters)
    letters = with_question(carried.letters, state.ticket) if question else carried.letters
    receipt, held = write_receipt(
        case, state.ticket, carried.told, answered=answered,
        ready=len(answers_of(case)) + len(dispatching.dispatches_of(case)) if answered and not case.orders.words else 0,
        noticed=_noticed(state), undo_word=undo_word,
    )  # fmt: skip
    colleagues, unheard = _tell_colleagues(case, ticket, state)
    return Decision(
        outcome=Outcome(
            kind=OutcomeKind.APPENDED if answered else OutcomeKind.COMMAND,
            reason=f"{reason}: {', '.join(done) or 'none of them done, but it does not hold the answer'}",
        ),
        ticket_id=ticket.id,
        joined=_newly_joined(ticket, state.ticket),  # those whom an answer brings along among them
        status=state.ticket.status,
        wakes=state.wakes,
        merged=state.merged,
        split=state.split,
        became=state.ticket,
        clocks=state.clocks,
        spent=state.spent,
        obeyed=Obeyed(agent=proven_agent(case).id, ticket=ticket, clocks=clocks_of(case, ticket))
        if undo_word
        else None,
        released=state.released,
        shipped=state.shipped,
        taken_back=state.taken_back,
        suggested=state.suggested,
        chase=state.chase or (answered.chase if answered and _waits_for_customer(case, state) else None),
        chase_over=answered is not None or state.taken_back is not None or _ends_chase(case, ticket, state.ticket),
        entries=(*(answered.entries if answered else ()), *state.notes),
        events=(*state.events, *([_not_done(case, failed)] if failed else []), *held, *unheard),
        question=question,
        drafts=(*letters, *receipt, *colleagues),
    )


def _undo_word(case: Case, ticket: Ticket, carried: _Carried) -> str:
    """Return how all this is taken back; "" where it cannot be: no word of ours unsays what a customer has read."""
    state = carried.state
    beyond = (
        state.merged is not None or state.split or state.wakes or state.shipped
    )  # what these leave behind is not the ticket's alone
    final = beyond or _has_it(case, ticket) or state.taken_back is not None
    changed = any(one.changed for one in carried.told.values())
    return usage(case, "undo") if changed and not final else ""


def _noticed(state: State) -> str:
    """Return what kind of letter in our words the customer gets by these commands; "" for none."""
    announced = (one for one in state.announced if one.purpose is Purpose.ACKNOWLEDGEMENT)
    return next((one.purpose for one in (*state.drafts, *announced) if one.purpose is not Purpose.PASSING), "")


def _tell_colleagues(case: Case, ticket: Ticket, state: State) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    """Return word to everybody who has something to do by this, and events for those who are not told."""
    told = (hand_over(case, ticket, state), tell_merged(case, state), tell_team(case, state))
    return tuple(one for letters, _ in told for one in letters), tuple(one for _, held in told for one in held)


def _question(case: Case, was: Ticket, state: State, drafts: tuple[Draft, ...]) -> Question | None:
    """Return what the customer is asked of our work, where these commands have brought it to its end."""
    wish, ticket = case.policy.catalogue.satisfaction, state.ticket
    ended = case.orders.verbs & {"resolve", "close"}
    if not ended or not wish.ends(was.status, ticket.status) or ticket.id in case.facts.questions:
        return None
    full = case.facts.sent_to.get(ticket.requester.key, 0) >= case.policy.caps.per_address
    if full and not any(one.recipient.key == ticket.requester.key for one in drafts):
        return None  # a letter that only asks is not worth it
    whose = replace(ticket, agent=ticket.agent or proven_agent(case).id)
    return question_about(whose, wish, case.now, case.policy.staff)


def send(case: Case, ticket: Ticket, reason: str) -> Decision:
    """An answer without commands; the agent gets a receipt where they want one, of whom it brings along, and of what was not sent."""
    answered = answer(case, ticket, reason)
    if answered.became is None or not (case.policy.receipts or answered.joined or case.orders.lost):
        return answered
    receipt, held = write_receipt(case, answered.became, {}, answered=answered)
    return replace(answered, events=(*answered.events, *held), drafts=(*answered.drafts, *receipt))


def _words(case: Case) -> str:
    """Return what goes to the customer: the agent's words, then the answers of the FAQ that they name, then a unit's words."""
    try:
        answers = [say_answer(entry) for entry in answers_of(case)]
    except CannotError:
        return case.orders.words  # its own command says so, and nothing is done at all
    return "\n\n".join(
        filter(None, (case.orders.words, dispatching.dispatched_words(case), *answers, releasing.released_words(case)))
    )


def _carry_out(case: Case, state: State, *, settling: bool) -> tuple[State, dict[int, Told]]:
    """Carry out the commands that settle what the request is, or the others; what became of each, by its place."""
    told: dict[int, Told] = {}
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
            told[place] = Told(done=False, text=str(error))
        else:
            told[place] = Told(done=True, text=said, changed=after != state)
            state = after
    return state, told


def _is_beside(command: Command | Unknown) -> bool:
    """Whether the answer is as right without this command."""
    understood = isinstance(command, Command) or command.slip in (Slip.ARGUMENT, Slip.ALONE)
    return understood and verb_named(command.verb).beside


def _may_be_quoted(command: Command | Unknown) -> bool:
    """Whether the line may be a customer's: it holds up nothing else then."""
    return isinstance(command, Unknown) and command.slip is Slip.QUOTED


def _against(case: Case, one: Command) -> Command | None:
    """Return a command of the letter that lets the request stand elsewhere than this one does."""
    if not verb_named(one.verb).ends:
        return None
    commands = (other for other in case.orders.commands if isinstance(other, Command))
    ends = (other for other in commands if verb_named(other.verb).ends)
    return next((other for other in ends if (other.verb, other.value) != (one.verb, one.value)), None)


def _waits_for_customer(case: Case, state: State) -> bool:
    return state.ticket.status is Status.WAITING and not _waits_for_others(case, state.ticket)


def _ends_chase(case: Case, was: Ticket, ticket: Ticket) -> bool:
    """Whether the customer is not waited for any more, neither for their answer nor until what is solved is closed."""
    if ticket.status is Status.RESOLVED:
        return was.status is not Status.RESOLVED  # else it is closed when they have been told it would be
    return ticket.status is not Status.WAITING or _waits_for_others(case, ticket)


def _waits_for_others(case: Case, ticket: Ticket) -> bool:
    """Whether the agent says that it waits for somebody else than the customer, who is not chased then."""
    unit = routed_to(case, ticket)
    if unit and unit.address:
        return True
    commands = [one for one in case.orders.commands if isinstance(one, Command)]
    return any(one.verb in ("postpone", "plan") or (one.verb == "wait" and one.value in OTHERS) for one in commands)


def _newly_joined(was: Ticket, ticket: Ticket) -> tuple[Participant, ...]:
    there = {(one.address.key, one.role) for one in was.participants}
    return tuple(one for one in ticket.participants if (one.address.key, one.role) not in there)


def _notice(case: Case, state: State) -> tuple[tuple[Draft, ...], dict[int, Told]]:
    """Return the letter that tells the customer of the new term; or what became of `extend` by what another command did.

    It is written last: what it promises is what holds when all commands have been carried out.
    """
    if "extend" not in case.orders.verbs:
        return (), {}
    place = next(n for n, one in enumerate(case.orders.commands) if isinstance(one, Command) and one.verb == "extend")
    clock = asked_for(state.clocks)
    service, ticket = case.policy.service, state.ticket
    term = term_if_extended(clock, service.calendars) if clock else None
    if clock is None or term is None:
        return (), {place: Told(done=False, text=str(cannot(case, "contradicted")))}
    zone = service.zone_of(state.client or case.orders.client)
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
    told = {0: Told(done=False, text=str(why))}
    nothing = _nothing_done(case, ticket, answered.outcome.reason, told)
    return replace(answered, drafts=nothing.drafts, events=(*answered.events, *nothing.events))


def _nothing_done(case: Case, ticket: Ticket, reason: str, told: Mapping[int, Told]) -> Decision:
    others = Told(done=False, text=say_refusal("others", case.policy.service.language))
    why = {place: told[place] if place in told and not told[place].done else others for place in _places(case)}
    receipt, held = write_receipt(case, ticket, why)
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


def write_receipt(
    case: Case,
    ticket: Ticket,
    told: Mapping[int, Told],
    *,
    answered: Decision | None = None,
    ready: int = 0,
    noticed: str = "",
    undo_word: str = "",
) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    """Return the agent's receipt of the commands of the letter, or the event that says why they get none: letters that answer letters have a limit."""
    agent, commands, language = proven_agent(case), case.orders.commands, case.policy.service.language
    readers = (agent,) if agent.id else team_of(case.policy, ticket)  # of a mailbox's own commands all hear
    full = {one: why for one in readers if (why := agents_limit(case, one))}
    held = tuple(TicketEvent(kind="no receipt", detail=why) for why in full.values())
    lost = any(isinstance(one, Unknown) and one.slip is Slip.UNKNOWN for one in commands)
    words = {
        "lines": [
            {"command": _quoted(commands[place]), "done": told[place].done, "text": told[place].text}
            for place in _places(case)
        ],
        "answered": answered is not None,
        "sent": answered.drafts[0].words["text"] if answered else "",
        "sent_to": [str(one.recipient) for one in answered.drafts if one.purpose is Purpose.ANSWER] if answered else (),
        "lost": case.orders.lost,
        "ready": ready,
        "released": bool(answered and releasing.released_letter(case) and not case.orders.words),
        "noticed": noticed,
        "kept": case.orders.kept,
        "letter": "",  # the words of one that is ordered: whoever composes both letters fills them in
        "undo": undo_word,
        "seen": _has_it(case, ticket),
        "help": _help(language) if lost or "help" in case.orders.verbs else [],
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
