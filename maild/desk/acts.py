"""What each command of an agent does to a ticket, and what their receipt says of it. Pure.

An act takes the state that the commands before it have left, and returns the next one with what was and what is, in the
organisation's language; or it raises CannotError. The ticket's history stays English.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from maild.contracts.client import Client
from maild.contracts.coupons import CODE, shorten
from maild.contracts.recognition import Standing
from maild.contracts.standing import standing_of
from maild.desk.arguments import plain
from maild.desk.case import Case
from maild.desk.chase import Chase
from maild.desk.commands import Unknown
from maild.desk.decision import Merged, Opened, Release, Spent, Suggested, Wake
from maild.desk.matrix import read_again, say_row
from maild.desk.verbs import usage_of
from maild.ingest.classify import is_no_reply
from maild.model import Agent, Direction, Draft, Entry, Status, Ticket, TicketEvent
from maild.sla.changes import Refused, count_from, extend, retarget, set_term, term_if_extended
from maild.sla.clock import Clock, Pause, Wait
from maild.sla.clocks import begin, happened, rest, resume
from maild.sla.moves import Change
from maild.sla.target import Mode, Moment
from maild.wording import say_date, say_days, say_duration, say_instant
from maild.wording.receipts import (
    say_change,
    say_phrase,
    say_refusal,
    say_standing,
    say_status,
    say_term,
    say_time,
    say_when_noticed,
)

MAX_NOTED = 500  # characters of a note in its receipt
OVER = (Status.RESOLVED, Status.CLOSED)  # where a ticket is not worked on


class CannotError(Exception):
    """A command cannot be carried out; the text tells the agent why, and what would work."""


@dataclass(frozen=True, kw_only=True)
class State:
    """A ticket on its way through an agent's commands."""

    ticket: Ticket
    clocks: tuple[Clock, ...]
    events: tuple[TicketEvent, ...] = ()
    spent: tuple[Spent, ...] = ()
    notes: tuple[Entry, ...] = ()  # words for agents only
    drafts: tuple[Draft, ...] = ()  # letters to the customer in the configuration's words
    suggested: tuple[Suggested, ...] = ()
    chase: Chase | None = None  # whom we wait for from now on
    wakes: tuple[Wake, ...] = ()  # when agents are reminded
    merged: Merged | None = None  # the ticket that it goes into
    split: tuple[Opened, ...] = ()  # what was made out of parts of it …
    announced: tuple[Draft, ...] = ()  # … and who hears of that
    client: Client | None = None  # whose it has become by one of the commands
    shipped: Release | None = None  # an update of which those who wait for it are told
    released: int | None = None  # the letter of a unit whose words the customer has now
    taken_back: int | None = None  # the letter whose commands are undone


Act = Callable[[Case, State, object], tuple[State, str]]


def reject(case: Case, slip: Unknown, limit: int) -> CannotError:
    """Return why a line that looks like a command is none, and what would be one."""
    language = case.policy.service.language
    usage = usage_of(slip.verb, language)
    return CannotError(say_refusal(slip.slip, language, usage=usage, limit=str(limit)))


def cannot(case: Case, reason: str, **facts: str) -> CannotError:
    """Return a refusal in the organisation's language."""
    return CannotError(say_refusal(reason, case.policy.service.language, **facts))


def proven_agent(case: Case) -> Agent:
    """Return whose commands these are."""
    assert case.author.agent is not None, "only a proven agent commands"
    return case.author.agent


def asked_for(clocks: Iterable[Clock]) -> Clock | None:
    """Return the clock for which these commands ask for more time: its notice has not been composed yet."""
    return next((one for one in clocks if one.running and one.extension and not one.extension.notice), None)


# ── whose it is and where it stands ──────────────────────────────────────────────────────────────────────────────────


def _take(case: Case, state: State, _value: object) -> tuple[State, str]:
    agent = proven_agent(case)
    change = happened(state.clocks, case.policy.service.plan(state.ticket), Moment.STARTED, case.at)
    status = Status.OPEN if state.ticket.status is Status.NEW else state.ticket.status
    before = agent_name(case, state.ticket.agent)
    state = changed(case, state, change, agent=agent.id, status=status)
    return state, say_changed(case, "agent", before, agent_name(case, agent.id))


def _start(case: Case, state: State, _value: object) -> tuple[State, str]:
    """Somebody works on it: its own agent, or the one who says so where it has none."""
    refuse_if_over(case, state)
    plan, agent = case.policy.service.plan(state.ticket), state.ticket.agent or proven_agent(case).id
    going = (
        resume(state.clocks, plan, case.at) if state.ticket.status is Status.WAITING else Change(clocks=state.clocks)
    )
    begun = happened(going.clocks, plan, Moment.STARTED, case.at)
    before = agent_name(case, state.ticket.agent)
    state, said = moved(case, state, Change(clocks=begun.clocks, events=going.events + begun.events), Status.OPEN)
    if agent != state.ticket.agent:
        said = f"{say_changed(case, 'agent', before, agent_name(case, agent))}; {said}"
    return changed(case, state, Change(clocks=state.clocks), agent=agent), said


def _wait(case: Case, state: State, value: object) -> tuple[State, str]:
    assert isinstance(value, Wait), "the grammar gives one"
    refuse_if_over(case, state)
    change = rest(state.clocks, case.policy.service.plan(state.ticket), value, case.at)
    return moved(case, state, change, Status.WAITING, value)


def _resume(case: Case, state: State, _value: object) -> tuple[State, str]:
    change = resume(state.clocks, case.policy.service.plan(state.ticket), case.at)
    return moved(case, state, change, Status.OPEN)


def _resolve(case: Case, state: State, _value: object) -> tuple[State, str]:
    if state.ticket.status is Status.CLOSED:
        refuse_if_over(case, state)
    change = happened(state.clocks, case.policy.service.plan(state.ticket), Moment.RESOLVED, case.at)
    return moved(case, state, change, Status.RESOLVED)


def moved(case: Case, state: State, change: Change, status: Status, wait: str = "") -> tuple[State, str]:
    """Return the state in which the ticket stands elsewhere, and what the receipt says of that and of its terms."""
    language = case.policy.service.language
    said = say_changed(case, "status", say_status(state.ticket.status, language), say_status(status, language, wait))
    return changed(case, state, change, status=status), with_terms(case, said, change.clocks)


def refuse_if_over(case: Case, state: State) -> None:
    """Raise CannotError where the ticket is not worked on any more."""
    if state.ticket.status in OVER:
        status = say_status(state.ticket.status, case.policy.service.language)
        raise cannot(case, "over", status=status, usage=usage(case, "reopen"))


# ── its terms ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _due(case: Case, state: State, value: object) -> tuple[State, str]:
    assert isinstance(value, datetime), "the grammar gives one"
    refuse_if_over(case, state)
    plan = case.policy.service.plan(state.ticket)
    change = set_term(state.clocks, plan, value, case.at, next(iter(plan.calendars), ""))
    if isinstance(change, Refused):
        raise _refused(case, change)
    before = next((one.due_at for one in state.clocks if one.running and one.until is Moment.RESOLVED), None)
    return changed(case, state, change), say_changed(case, "term", _instant(case, before), _instant(case, value))


def _count(case: Case, state: State, value: object) -> tuple[State, str]:
    """The term runs from the day of an event, wherever the letter about it lies: services that ended a week ago (IN-10)."""
    assert isinstance(value, date), "the grammar gives one"
    refuse_if_over(case, state)
    service = case.policy.service
    since = datetime.combine(value, time(0), service.zone).astimezone(UTC)
    change = count_from(state.clocks, service.plan(state.ticket), since, case.at)
    if isinstance(change, Refused):
        raise cannot(case, change.reason, usage=usage(case, "due"))
    before = next(one for one in state.clocks if one.running and one.until is Moment.RESOLVED).started_at
    was, now = (say_date(one.astimezone(service.zone).date(), service.language) for one in (before, since))
    return changed(case, state, change), with_terms(case, say_changed(case, "counted", was, now), change.clocks)


def _extend(case: Case, state: State, value: object) -> tuple[State, str]:
    assert value is None or isinstance(value, timedelta), "the grammar gives one"
    refuse_if_over(case, state)
    if not state.ticket.requester.addr or is_no_reply(state.ticket.requester.addr):
        raise cannot(case, "no-address")
    change = extend(state.clocks, value, case.at, notice="")
    if isinstance(change, Refused):
        raise _refused(case, change)
    clock = asked_for(change.clocks)
    assert clock is not None, "it has just been asked for"
    term = term_if_extended(clock, case.policy.service.calendars)
    if term is None:
        raise cannot(case, "waits", usage=usage(case, "resume"))
    said = say_changed(case, "term", _instant(case, clock.due_at), _instant(case, term))
    return changed(case, state, change), say_when_noticed(said, case.policy.service.language)


def _refused(case: Case, refused: Refused) -> CannotError:
    verb = {"set": "due"}.get(refused.reason, "resume")
    limit = _length(case, refused.limit, refused.mode) if refused.limit else ""
    term = _instant(case, refused.term)
    return cannot(case, refused.reason, term=term, limit=limit, usage=usage(case, verb))


def _length(case: Case, length: timedelta, mode: Mode) -> str:
    language = case.policy.service.language
    if mode.in_days:
        return say_days(length // timedelta(days=1), language, working=mode is Mode.WORKING_DAYS)
    return say_duration(length, language, in_hours=True)


# ── what it is ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _category(case: Case, state: State, value: object) -> tuple[State, str]:
    names = case.policy.service.categories
    chosen = named(case, str(value), names)
    before = names.get(state.ticket.category)
    state = retargeted(case, state, replace(state.ticket, category=chosen))
    return noted(state, "category", chosen), with_terms(
        case, say_changed(case, "category", before, names[chosen]), state.clocks
    )


def _severity(case: Case, state: State, value: object) -> tuple[State, str]:
    names = {id_: severity.name for id_, severity in case.policy.service.severities.items()}
    chosen = named(case, str(value), names)
    before = names.get(state.ticket.severity)
    state = retargeted(case, state, replace(state.ticket, severity=chosen))
    return noted(state, "severity", chosen), with_terms(
        case, say_changed(case, "severity", before, names[chosen]), state.clocks
    )


def _client(case: Case, state: State, value: object) -> tuple[State, str]:
    """A person decides whose request it is. Terms run from receipt, but for a stranger who has only now been identified."""
    service, client = case.policy.service, case.orders.named
    if "@" in str(value):
        raise cannot(case, "client-address")
    if client is None or client.key.casefold() != str(value).casefold():
        raise cannot(case, "no-client")
    standing, why = standing_of(client, client.level, frozenset(service.levels), case.today)
    was = state.ticket
    ticket = replace(
        was, client=client.key, client_name=client.name, standing=standing, hours=client.hours, coupon="", counted=True,
        level=client.level if standing is Standing.SERVED else "",
    )  # fmt: skip
    if state.clocks:
        state = retargeted(case, state, ticket)
    else:
        ticket = replace(ticket, rank=service.rank_after(was, ticket))
        change = _begun(case, ticket, was)
        state = replace(state, ticket=ticket)
        state = changed(case, state, change)
    state = noted(state, "client", f"{client.key}, by agent {proven_agent(case).id}; {why}")
    if was.status is Status.CLOSED:
        state = changed(case, state, Change(clocks=state.clocks), status=Status.OPEN)
    ticket, events = read_again(was, state.ticket, case.policy)
    state = replace(state, ticket=ticket, events=(*state.events, *events))
    told = [client.name, service.level_name(ticket.level)]
    told += [say_standing(standing, service.language)] if standing is not Standing.SERVED else []
    said = say_changed(case, "client", was.client_name, ", ".join(filter(None, told)))
    said += f"; {say_row(ticket, case.policy)}" if ticket.service in case.policy.catalogue.services else ""
    return replace(state, client=client), with_terms(case, said, state.clocks)


def _begun(case: Case, ticket: Ticket, was: Ticket) -> Change:
    """Return the clocks of a request to which nothing was promised, met as far as it has come already.

    Nobody could keep a term before they knew that there was one: so for strangers, and where the answer has been given.
    """
    plan = case.policy.service.plan(ticket)
    done = {Status.WAITING: Moment.ANSWERED, Status.RESOLVED: Moment.RESOLVED}.get(was.status)
    received = was.received_at or was.opened_at
    since = case.at if done or was.status is Status.CLOSED or was.standing == Standing.UNKNOWN else received
    change = begin(plan, since)
    if done is None and was.agent:
        done = Moment.STARTED
    if done:
        change = _then(change, happened(change.clocks, plan, done, since))
    if was.status is Status.WAITING:
        change = _then(change, rest(change.clocks, plan, Wait.CUSTOMER, since))
    return change


def _then(first: Change, second: Change) -> Change:
    return Change(clocks=second.clocks, events=first.events + second.events)


def retargeted(case: Case, state: State, ticket: Ticket) -> State:
    """Return the state with a ticket that is something else now, and with the terms that hold for that."""
    service = case.policy.service
    ticket = replace(ticket, rank=service.rank_after(state.ticket, ticket))
    if not state.clocks and ticket.standing == Standing.UNKNOWN and service.identity.unknown != "serve":
        return replace(state, ticket=ticket)  # terms run once they have said who they are
    registered = ticket.received_at or ticket.opened_at
    since = min((one.started_at for one in state.clocks if one.target.start is Moment.REGISTERED), default=registered)
    moments = {Moment.REGISTERED: since}
    change = retarget(state.clocks, service.plan(ticket), case.at, moments=moments, waits=_waits(case, state))
    return replace(state, ticket=ticket, clocks=change.clocks, events=(*state.events, *change.events))


def _waits(case: Case, state: State) -> tuple[Pause, ...]:
    """Return the rests of the ticket so far, as well as its clocks tell: a promise that is new has them, too."""
    solving = max((one for one in state.clocks if one.until is Moment.RESOLVED), key=_latest, default=None)
    if solving or state.ticket.status is not Status.WAITING:
        return solving.pauses if solving else ()
    answered = [one.met_at for one in state.clocks if one.until is Moment.ANSWERED and one.met_at]
    return (Pause(since=max(answered, default=case.at), reason=Wait.CUSTOMER),)


def _latest(clock: Clock) -> datetime:
    return clock.started_at


def named(case: Case, word: str, names: Mapping[str, str]) -> str:
    """Return the id that a person means by a name, by the id itself, or by the beginning of just one name, or of a word in it."""
    found = names_meant(word, names)
    if len(found) == 1:
        return found[0]
    if not names:
        raise cannot(case, "no-names")
    among = found or list(names)
    raise cannot(case, "ambiguous" if found else "no-name", names=", ".join(names[id_] for id_ in among))


def names_meant(word: str, names: Mapping[str, str]) -> list[str]:
    """Return every id that a person may mean by a name, or by its beginning."""
    key = plain(word)
    called = {id_: plain(name) for id_, name in names.items()}
    exact = [id_ for id_, name in called.items() if key in (id_.casefold(), name)]
    begun = exact or [id_ for id_, name in called.items() if name.startswith(key)]
    return begun or [id_ for id_, name in called.items() if f" {key}" in name]


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _time(case: Case, state: State, value: object) -> tuple[State, str]:
    assert isinstance(value, timedelta), "the grammar gives one"
    agent, language = proven_agent(case), case.policy.service.language
    state = replace(state, spent=(*state.spent, Spent(agent=agent.id, time=value)))
    return noted(state, "time", f"{value} by agent {agent.id}"), say_time(say_duration(value, language), language)


def _note(case: Case, state: State, value: object) -> tuple[State, str]:
    """Words that agents see, and no customer ever: they stand in the ticket's history, and in no letter."""
    note = Entry(direction=Direction.NOTE, author=proven_agent(case).address, text=str(value))
    said, whole = say_phrase("note", case.policy.service.language), " ".join(note.text.split())
    if not any(one.line.endswith(whole) for one in case.orders.commands):
        # the receipt quotes the command's own line alone; the agent may have meant those below for the customer
        said += f": {CODE.sub(lambda code: shorten(code[0]), whole)[:MAX_NOTED]}"
    return replace(state, notes=(*state.notes, note)), said


def _help(case: Case, state: State, _value: object) -> tuple[State, str]:
    return state, say_phrase("help", case.policy.service.language)


def changed(
    case: Case, state: State, change: Change, *, agent: str | None = None, status: Status | None = None
) -> State:
    """Return the state with other clocks, and the moves of the ticket in its history."""
    was, events = state.ticket, [*state.events, *change.events]
    ticket = replace(was, agent=was.agent if agent is None else agent, status=status or was.status)
    if ticket.agent != was.agent:
        events.append(TicketEvent(kind="agent", detail=f"{was.agent or 'nobody'} → {ticket.agent}"))
    if ticket.status is not was.status:
        detail = f"{was.status} → {ticket.status}, by agent {proven_agent(case).id}"
        events.append(TicketEvent(kind="status", detail=detail))
    return replace(state, ticket=ticket, clocks=change.clocks, events=tuple(events))


def noted(state: State, kind: str, detail: str) -> State:
    """Return the state with one more line in the ticket's history."""
    return replace(state, events=(*state.events, TicketEvent(kind=kind, detail=detail)))


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def say_changed(case: Case, what: str, before: str | None, after: str) -> str:
    """Return what was and what is, for the receipt."""
    language = case.policy.service.language
    return say_change(what, before or say_phrase("nothing", language), after, language)


def agent_name(case: Case, agent_id: str) -> str:
    """Return how an agent is called, or that it is nobody."""
    named = next((agent.address.name for agent in case.policy.agents if agent.id == agent_id), "")
    return named or agent_id or say_phrase("nobody", case.policy.service.language)


def _instant(case: Case, instant: datetime | None) -> str:
    service = case.policy.service
    return say_instant(instant, service.zone, service.language, case.now) if instant else ""


def with_terms(case: Case, said: str, clocks: tuple[Clock, ...]) -> str:
    """Add the terms that now hold, those that have passed already named so."""
    language = case.policy.service.language
    terms = (
        say_term(clock.until, _instant(case, clock.due_at), language, passed=clock.due_at <= case.now)
        for clock in clocks
        if clock.running and clock.due_at
    )
    return "; ".join((said, *terms))


def usage(case: Case, verb: str) -> str:
    """Return how a verb is typed, in the organisation's language."""
    return usage_of(verb, case.policy.service.language)


ACTS: Mapping[str, Act] = {
    "take": _take,
    "start": _start,
    "wait": _wait,
    "resume": _resume,
    "resolve": _resolve,
    "due": _due,
    "count": _count,
    "extend": _extend,
    "category": _category,
    "severity": _severity,
    "client": _client,
    "time": _time,
    "note": _note,
    "help": _help,
}
