"""What becomes of a request that an agent has written down for somebody else: a ticket of theirs, and a receipt. Pure.

Its author is served as if they had written: recognised, acknowledged, promised the same. What the agent says of it in the
same letter (kind, severity, whose it is, notes, time) holds from the beginning and stands before what rules say. What else
they order waits for a reply to the receipt.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from maild.desk.acts import CannotError, agent_name, cannot, named, reject, say_changed
from maild.desk.assigning import find_agent
from maild.desk.author import Author
from maild.desk.behalf import Behalf
from maild.desk.case import Case, Orders
from maild.desk.commands import MAX_COMMANDS, Unknown
from maild.desk.decision import Decision, Spent
from maild.desk.orders import Told, write_receipt
from maild.desk.silence import agents_limit
from maild.desk.tickets import open_ticket
from maild.model import (
    Agent,
    Direction,
    Draft,
    Entry,
    Outcome,
    OutcomeKind,
    Purpose,
    Status,
    TicketEvent,
)
from maild.sla.clocks import happened
from maild.sla.target import Moment
from maild.tokens import hide_tokens
from maild.wording import say_duration
from maild.wording.receipts import say_phrase, say_time


@dataclass(frozen=True, kw_only=True)
class _Order:
    """What the commands of the letter have said so far."""

    case: Case  # with what they say the request is
    taken: bool = False
    entries: tuple[Entry, ...] = ()
    spent: tuple[Spent, ...] = ()


def open_on_behalf(case: Case, reason: str) -> Decision:
    """A ticket of whom the agent names, its acknowledgement to them, and a receipt for the agent."""
    behalf, agent = _written(case)
    order, told = _Order(case=case), dict[int, Told]()
    for place, one in enumerate(behalf.commands):
        if place == behalf.place:
            continue
        try:
            if isinstance(one, Unknown):
                raise reject(case, one, MAX_COMMANDS)
            act = _ACTS.get(one.verb)
            if act is None:
                raise cannot(case, "behalf-later")
            order, text = act(order, agent, one.value)
        except CannotError as error:
            told[place] = Told(done=False, text=str(error))
        else:
            told[place] = Told(done=True, text=text)
    decision = open_ticket(order.case, reason)
    ticket = decision.opened
    assert ticket is not None, "it has just been opened"
    if order.taken and ticket.status is Status.NEW:
        ticket = replace(ticket, status=Status.OPEN)
        begun = happened(decision.clocks, case.policy.service.plan(ticket), Moment.STARTED, case.at)
        decision = replace(decision, opened=ticket, clocks=begun.clocks, events=(*decision.events, *begun.events))
    letter = next((one for one in decision.drafts if one.recipient == ticket.requester), None)
    language = case.policy.service.language
    said = say_changed(case, "request", "", f"{ticket.number} («{ticket.subject}»)")
    said = said if letter else f"{said}; {say_phrase('untold', language)}"
    told[behalf.place] = Told(done=True, text=said)
    acting = replace(
        case, author=Author(address=agent.address, agent=agent), orders=Orders(commands=behalf.commands)
    )  # fmt: skip
    receipt, held = write_receipt(acting, ticket, told, noticed=letter.purpose if letter else "")
    return replace(
        decision,
        spent=order.spent,
        entries=(*decision.entries, *order.entries),
        events=(*decision.events, TicketEvent(kind="written down", detail=f"by agent {agent.id}"), *held),
        drafts=(*decision.drafts, *receipt),
    )


def refuse_behalf(case: Case, reason: str) -> Decision:
    """Nothing happens, and the agent is told why, with their words."""
    behalf, agent = case.behalf, case.author.asks
    assert behalf is not None, "the question asked for it"
    assert agent is not None, "the question asked for it"
    outcome = Outcome(kind=OutcomeKind.COMMAND, reason=f"{reason}; nothing was done")
    if held := agents_limit(case, agent):
        return Decision(outcome=replace(outcome, reason=f"{outcome.reason}; {held}"))
    line = behalf.commands[behalf.place].line
    words = {
        "lines": [{"command": line, "done": False, "text": str(cannot(case, behalf.problem))}],
        "subject": hide_tokens(case.message.subject),
        "unfiled": hide_tokens("\n\n".join(filter(None, (behalf.said.note, behalf.said.text)))),
    }
    draft = Draft(
        purpose=Purpose.RECEIPT, recipient=agent.address, subject=case.message.subject, words=words,
        in_reply_to=case.message.message_id, references=case.message.references,
    )  # fmt: skip
    return Decision(outcome=outcome, drafts=(draft,))


def _written(case: Case) -> tuple[Behalf, Agent]:
    assert case.behalf is not None, "the question asked for it"
    assert case.recorded is not None, "the question asked for it"
    return case.behalf, case.recorded.by


# ── what can be said of a request in the letter that opens it ────────────────────────────────────────────────────────


def _category(order: _Order, _agent: Agent, value: object) -> tuple[_Order, str]:
    names = order.case.policy.service.categories
    chosen = named(order.case, str(value), names)
    return _ruled(order, category=chosen), say_changed(order.case, "category", "", names[chosen])


def _service(order: _Order, _agent: Agent, value: object) -> tuple[_Order, str]:
    names = {id_: row.name for id_, row in order.case.policy.catalogue.services.items()}
    chosen = named(order.case, str(value), names)
    return _ruled(order, service=chosen), say_changed(order.case, "service", "", names[chosen])


def _severity(order: _Order, _agent: Agent, value: object) -> tuple[_Order, str]:
    names = {id_: severity.name for id_, severity in order.case.policy.service.severities.items()}
    chosen = named(order.case, str(value), names)
    return _ruled(order, severity=chosen), say_changed(order.case, "severity", "", names[chosen])


def _take(order: _Order, agent: Agent, _value: object) -> tuple[_Order, str]:
    return replace(_ruled(order, agent=agent.id), taken=True), _say_agent(order.case, agent)


def _assign(order: _Order, _agent: Agent, value: object) -> tuple[_Order, str]:
    chosen = find_agent(order.case, str(value))
    return replace(_ruled(order, agent=chosen.id), taken=False), _say_agent(order.case, chosen)


def _note(order: _Order, agent: Agent, value: object) -> tuple[_Order, str]:
    note = Entry(direction=Direction.NOTE, author=agent.address, text=str(value))
    said = say_phrase("note", order.case.policy.service.language)
    return replace(order, entries=(*order.entries, note)), said


def _time(order: _Order, agent: Agent, value: object) -> tuple[_Order, str]:
    assert isinstance(value, timedelta), "the grammar gives one"
    language = order.case.policy.service.language
    spent = Spent(agent=agent.id, time=value)
    return replace(order, spent=(*order.spent, spent)), say_time(say_duration(value, language), language)


def _ruled(order: _Order, **said: str) -> _Order:
    """Return the order with what is said of the request in place of what rules say."""
    ruling = order.case.ruling
    by = {field: rule for field, rule in ruling.by.items() if field not in said}
    return replace(order, case=replace(order.case, ruling=replace(ruling, by=by, **said)))  # type: ignore[arg-type]


def _say_agent(case: Case, agent: Agent) -> str:
    return say_changed(case, "agent", agent_name(case, ""), agent.address.name or agent.id)


_ACTS: Mapping[str, Callable[[_Order, Agent, object], tuple[_Order, str]]] = {
    "category": _category,
    "service": _service,
    "severity": _severity,
    "take": _take,
    "assign": _assign,
    "note": _note,
    "time": _time,
}
