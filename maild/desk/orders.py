"""What follows from an agent's commands: all of a letter's, or, where one of them cannot be, none. Pure.

The words besides the commands are an answer to the customer, but for `extend`: there they are the reason that the
customer is told with the new term. The agent gets a receipt of what was and what is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maild.contracts.recognition import Standing
from maild.contracts.standing import standing_of
from maild.desk.acknowledgement import zone_of
from maild.desk.admission import clocks_of
from maild.desk.case import Case
from maild.desk.commands import VERBS, Command, Unknown
from maild.desk.decision import Decision, Spent
from maild.desk.tickets import answer
from maild.model import Draft, Outcome, OutcomeKind, Purpose, Status, Ticket, TicketEvent
from maild.sla.changes import extend, retarget, set_term, term_if_extended
from maild.sla.clock import Clock, Wait
from maild.sla.clocks import begin, happened, rest, resume
from maild.sla.moves import Change
from maild.sla.target import Moment
from maild.wording import say_duration, say_instant


class CannotError(Exception):
    """A command cannot be carried out; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class State:
    """A ticket on its way through an agent's commands."""

    ticket: Ticket
    clocks: tuple[Clock, ...]
    events: tuple[TicketEvent, ...] = ()
    spent: tuple[Spent, ...] = ()
    drafts: tuple[Draft, ...] = ()


def obey(case: Case, ticket: Ticket, reason: str) -> Decision:
    """Carry out every command of the letter, then send the words to the customer; or do neither and say why."""
    commands = case.orders.commands
    extends = any(isinstance(one, Command) and one.verb == "extend" for one in commands)
    answered = None
    if case.orders.words and not extends:
        answered = answer(case, ticket, reason)
        if answered.outcome.kind is not OutcomeKind.APPENDED or not answered.drafts:
            return answered  # it cannot be sent, and the agent is told so; the commands belong to what was not
    state = (
        State(ticket=answered.became or ticket, clocks=answered.clocks)
        if answered
        else State(ticket=ticket, clocks=clocks_of(case, ticket))
    )
    lines: list[dict[str, object]] = []
    failed = False
    for one in commands:
        try:
            if isinstance(one, Unknown):
                raise CannotError(one.remedy)
            state, said = _VERBS[one.verb](case, state, one.value)
        except CannotError as error:
            failed = True
            lines.append({"command": one.line, "done": False, "text": str(error)})
        else:
            lines.append({"command": one.line, "done": True, "text": said})
    agent = case.author.agent
    assert agent is not None, "only a proven agent commands"
    if failed:
        lines = [line | {"done": False, "text": "" if line["done"] else line["text"]} for line in lines]
        note = f"commands of agent {agent.id} not carried out: " + "; ".join(str(line["command"]) for line in lines)
        return Decision(
            outcome=Outcome(
                kind=OutcomeKind.COMMAND, reason=f"{reason}; nothing was done: not understood, or not possible"
            ),
            ticket_id=ticket.id,
            events=(TicketEvent(kind="not done", detail=note),),
            drafts=(_receipt(case, ticket, lines, answered=False),),
        )
    status = state.ticket.status
    events = [*(answered.events if answered else ()), *state.events]
    if status is not (answered.status if answered and answered.status else ticket.status):
        events.append(TicketEvent(kind="status", detail=f"{ticket.status} → {status}"))
    receipt = _receipt(case, state.ticket, lines, answered=answered is not None)
    return Decision(
        outcome=Outcome(
            kind=OutcomeKind.APPENDED if answered else OutcomeKind.COMMAND,
            reason=f"{reason}: {', '.join(one.verb for one in commands if isinstance(one, Command))}",
        ),
        ticket_id=ticket.id,
        status=status,
        became=state.ticket,
        clocks=state.clocks,
        spent=state.spent,
        entries=answered.entries if answered else (),
        events=tuple(events),
        drafts=(*(answered.drafts if answered else ()), *state.drafts, receipt),
    )


def _receipt(case: Case, ticket: Ticket, lines: list[dict[str, object]], *, answered: bool) -> Draft:
    agent = case.author.agent
    assert agent is not None, "only a proven agent commands"
    asked = any(isinstance(one, Command) and one.verb == "help" for one in case.orders.commands)
    extended = any(isinstance(one, Command) and one.verb == "extend" for one in case.orders.commands)
    words = {
        "lines": lines,
        "answered": answered,
        "extended": extended and lines[0]["done"],
        "help": [verb.usage for verb in VERBS] if asked else [],
    }
    return Draft(purpose=Purpose.RECEIPT, recipient=agent.address, subject=ticket.subject, ticket=ticket, words=words)


# ── the verbs ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _changed(state: State, change: Change, **fields: object) -> State:
    ticket = replace(state.ticket, **fields)  # type: ignore[arg-type]
    return replace(state, ticket=ticket, clocks=change.clocks, events=(*state.events, *change.events))


def _take(case: Case, state: State, _value: object) -> tuple[State, str]:
    agent = case.author.agent
    assert agent is not None, "only a proven agent commands"
    plan = case.policy.service.plan(state.ticket)
    change = happened(state.clocks, plan, Moment.STARTED, case.at)
    status = Status.OPEN if state.ticket.status is Status.NEW else state.ticket.status
    before = state.ticket.agent or "—"
    return _changed(state, change, agent=agent.id, status=status), f"{before} → {agent.id}"


def _wait(case: Case, state: State, value: object) -> tuple[State, str]:
    assert isinstance(value, Wait), "the grammar gives one"
    if state.ticket.status in (Status.RESOLVED, Status.CLOSED):
        raise CannotError(f"{state.ticket.status}")
    change = rest(state.clocks, case.policy.service.plan(state.ticket), value, case.at)
    return _changed(state, change, status=Status.WAITING), f"{state.ticket.status} → waiting ({value})"


def _resume(case: Case, state: State, _value: object) -> tuple[State, str]:
    change = resume(state.clocks, case.policy.service.plan(state.ticket), case.at)
    return _changed(state, change, status=Status.OPEN), f"{state.ticket.status} → open{_terms(case, change.clocks)}"


def _resolve(case: Case, state: State, _value: object) -> tuple[State, str]:
    change = happened(state.clocks, case.policy.service.plan(state.ticket), Moment.RESOLVED, case.at)
    return _changed(state, change, status=Status.RESOLVED), f"{state.ticket.status} → resolved"


def _due(case: Case, state: State, value: object) -> tuple[State, str]:
    assert isinstance(value, datetime), "the grammar gives one"
    plan = case.policy.service.plan(state.ticket)
    change = set_term(state.clocks, plan, value, case.at, next(iter(plan.calendars), ""))
    if isinstance(change, str):
        raise CannotError(change)
    return _changed(state, change), _said(case, value)


def _extend(case: Case, state: State, value: object) -> tuple[State, str]:
    assert value is None or isinstance(value, timedelta), "the grammar gives one"
    if not state.ticket.requester.addr:
        raise CannotError("the customer left no address, so nobody can be told")
    change = extend(state.clocks, value, case.at, notice="")
    if isinstance(change, str):
        raise CannotError(change)
    clock = next(one for one in change.clocks if one.extension and one.extension.notice == "")
    term = term_if_extended(clock, case.policy.service.calendars)
    if term is None:
        raise CannotError("the ticket waits: #продолжить comes first")
    words = {
        "term": {
            "text": say_instant(term, zone_of(case), case.policy.service.language, case.now),
            "what": clock.until,
        },
        "reason": case.orders.words,
    }
    notice = Draft(
        purpose=Purpose.EXTENSION, recipient=state.ticket.requester, subject=state.ticket.subject, ticket=state.ticket,
        words=words, in_reply_to=state.ticket.answers,
    )  # fmt: skip
    before = _said(case, clock.due_at) if clock.due_at else "—"
    state = _changed(state, change)
    return replace(state, drafts=(*state.drafts, notice)), f"{before} → {_said(case, term)}"


def _category(case: Case, state: State, value: object) -> tuple[State, str]:
    service = case.policy.service
    chosen = _named(str(value), service.categories)
    before = service.categories.get(state.ticket.category, "—")
    state = _retargeted(case, state, replace(state.ticket, category=chosen))
    return state, f"{before} → {service.categories[chosen]}{_terms(case, state.clocks)}"


def _severity(case: Case, state: State, value: object) -> tuple[State, str]:
    service = case.policy.service
    names = {id_: severity.name for id_, severity in service.severities.items()}
    chosen = _named(str(value), names)
    before = names.get(state.ticket.severity, "—")
    state = _retargeted(case, state, replace(state.ticket, severity=chosen))
    return state, f"{before} → {names[chosen]}{_terms(case, state.clocks)}"


def _client(case: Case, state: State, value: object) -> tuple[State, str]:
    """A person decides whose request it is. Terms run from receipt, but for a stranger who has only now been identified."""
    service, client = case.policy.service, case.orders.named
    if client is None or client.key.casefold() != str(value).casefold():
        raise CannotError(f"no client {value}: maild client list")
    standing, _ = standing_of(client, client.level, frozenset(service.levels), case.today)
    level = client.level if standing is Standing.SERVED else ""
    was = state.ticket
    ticket = replace(
        was, client=client.key, client_name=client.name, standing=standing, level=level, hours=client.hours, coupon="",
        counted=True, status=Status.OPEN if was.status is Status.CLOSED else was.status,
    )  # fmt: skip
    state = _retargeted(case, state, ticket) if state.clocks else replace(state, ticket=ticket)
    if not state.clocks:
        since = case.at if was.standing == Standing.UNKNOWN else was.received_at or was.opened_at
        begun = begin(service.plan(state.ticket), since)
        state = replace(state, clocks=begun.clocks, events=(*state.events, *begun.events))
    before = was.client_name or "—"
    level_name = service.level_name(level) or "—"
    return state, f"{before} → {client.name} ({standing}, {level_name}){_terms(case, state.clocks)}"


def _time(case: Case, state: State, value: object) -> tuple[State, str]:
    assert isinstance(value, timedelta), "the grammar gives one"
    agent = case.author.agent
    assert agent is not None, "only a proven agent commands"
    spent = Spent(agent=agent.id, time=value)
    said = say_duration(value, case.policy.service.language)
    event = TicketEvent(kind="time", detail=f"{value} by agent {agent.id}")
    return replace(state, spent=(*state.spent, spent), events=(*state.events, event)), f"+ {said}"


def _help(_case: Case, state: State, _value: object) -> tuple[State, str]:
    return state, "✓"


def _retargeted(case: Case, state: State, ticket: Ticket) -> State:
    service = case.policy.service
    ticket = replace(ticket, rank=service.rank_of(ticket))
    registered = ticket.received_at or ticket.opened_at
    since = min((one.started_at for one in state.clocks if one.target.start is Moment.REGISTERED), default=registered)
    change = retarget(state.clocks, service.plan(ticket), case.at, moments={Moment.REGISTERED: since})
    return replace(state, ticket=ticket, clocks=change.clocks, events=(*state.events, *change.events))


def _named(word: str, names: Mapping[str, str]) -> str:
    """Return the id that a person means by a name, by the id itself, or by the beginning of just one name."""
    key = word.casefold()
    exact = [id_ for id_, name in names.items() if key in (id_.casefold(), name.casefold())]
    found = exact or [id_ for id_, name in names.items() if name.casefold().startswith(key)]
    if len(found) == 1:
        return found[0]
    raise CannotError(", ".join(names.values()) or "—")


def _said(case: Case, instant: datetime) -> str:
    return say_instant(instant, case.policy.service.zone, case.policy.service.language, case.now)


def _terms(case: Case, clocks: tuple[Clock, ...]) -> str:
    """Say the terms that now hold, for the receipt."""
    terms = [f"{clock.until}: {_said(case, clock.due_at)}" for clock in clocks if clock.running and clock.due_at]
    return f" ({'; '.join(terms)})" if terms else ""


_VERBS: Mapping[str, Callable[[Case, State, object], tuple[State, str]]] = {
    "take": _take,
    "wait": _wait,
    "resume": _resume,
    "resolve": _resolve,
    "due": _due,
    "extend": _extend,
    "category": _category,
    "severity": _severity,
    "client": _client,
    "time": _time,
    "help": _help,
}
