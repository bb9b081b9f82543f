"""What agents ask about the desk: tickets of a kind in the order of the queue, one ticket, one client. Reads only, capped.

Lists go by partial indexes over what is open (`schema`): what is closed costs nothing.
"""

import difflib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, not_, select, text

from maild.contracts.accounting import Month
from maild.contracts.keys import organization_key
from maild.desk.case import MAX_COUNTED, DeskPolicy
from maild.desk.queries import MAX_QUERIES, Query, Unclear
from maild.desk.seen import MAX_HISTORY, MAX_SHOWN, Answered, Happened, Listing, SeenTicket
from maild.model import Agent, Direction
from maild.sla.clock import next_term
from maild.sla.local import instant_of
from maild.store import clocks, register, releases
from maild.store.schema import OPEN, RUNNING, clock, event, message, ticket
from maild.store.tickets import find_ticket, load_tickets
from maild.store.usage import read_usage
from maild.store.views import PLACE
from maild.store.wakes import is_put_off

MAX_NAMES = 5_000  # of clients among which one is looked for that was misspelt
MAX_NEAR = 5
MAX_TEXT = 2_000  # characters of somebody's words: an excerpt of them is shown
_CLOSE = 0.6

Condition = ColumnElement[bool]


def look_up(
    connection: Connection, enrolled: Connection, queries: Sequence[Query | Unclear], desk: DeskPolicy, agent: Agent,
    now: datetime,
) -> tuple[Answered, ...]:  # fmt: skip
    """Return what is known of each thing that an agent asks; beyond MAX_QUERIES nothing is looked up."""
    finder = _Finder(connection, enrolled, desk, agent, now)
    answers = tuple(
        finder.answer(one) if isinstance(one, Query) else Answered(query=one) for one in queries[:MAX_QUERIES]
    )
    return (*answers, *(Answered(query=one) for one in queries[MAX_QUERIES:]))


class _Finder:
    """One agent's look at their organisation's desk."""

    def __init__(
        self, connection: Connection, enrolled: Connection, desk: DeskPolicy, agent: Agent, now: datetime
    ) -> None:
        self._connection, self._enrolled, self._desk, self._agent, self._now = connection, enrolled, desk, agent, now

    def answer(self, query: Query) -> Answered:
        found = Answered(query=query)
        if query.name == "status":
            return self._status(found, query.about)
        if query.name in ("client", "usage"):
            return self._client(found, query)
        if query.name == "backlog":
            return replace(found, listing=self._backlog())
        where = {
            "mine": (ticket.c.agent == self._agent.id, not_(is_put_off(self._now))),
            "queue": (not_(is_put_off(self._now)),),
            "overdue": (due_before(self._desk.organization, self._now),),
            "today": (due_before(self._desk.organization, end_of_day(self._desk, self._now)),),
        }.get(query.name)
        return found if where is None else replace(found, listing=self._list(*where))

    def _list(self, *where: Condition) -> Listing:
        return list_tickets(self._connection, self._desk.organization, *where)

    def _backlog(self) -> Listing:
        waiting = releases.backlog(self._connection, self._desk.organization)
        shown = waiting[:MAX_SHOWN]
        askers = releases.askers(self._connection, shown)
        return Listing(
            tickets=tuple(SeenTicket(ticket=one, askers=askers[one.id]) for one in shown), total=len(waiting)
        )

    def _status(self, found: Answered, number: str) -> Answered:
        one = find_ticket(self._connection, number, self._desk.prefix)
        if one is None or one.organization != self._desk.organization:
            return found
        term = next_term(clocks.load_clocks(self._connection, [one.id]).get(one.id, ()))
        listing = Listing(tickets=(SeenTicket(ticket=one, term=term),), total=1)
        return replace(found, listing=listing, history=_latest(self._connection, one.id))

    def _client(self, found: Answered, query: Query) -> Answered:
        named = register.find_named(self._enrolled, self._desk.organization, query.about) if query.about else []
        if len(named) != 1:
            return replace(found, near=tuple(one.key for one in named[:MAX_NEAR]) or self._near(query.about))
        (one,) = named
        if query.name == "client":
            return replace(found, client=one, listing=self._list(ticket.c.client == one.key))
        service = self._desk.service
        month = Month.of(self._now, service.zone)
        policy, quota = service.accounting_of(one.level), service.quota_of(one.level)
        (used,) = read_usage(self._connection, self._desk.organization, one, [month], policy, quota, service.zone)
        return replace(found, client=one, used=used)

    def _near(self, name: str) -> tuple[str, ...]:
        """Return the keys of clients who are called nearly so."""
        keys: dict[str, str] = {}
        for key, called in register.client_names(self._enrolled, self._desk.organization, MAX_NAMES) if name else ():
            keys |= {organization_key(called): key, organization_key(key): key}
        near = difflib.get_close_matches(organization_key(name), keys, n=MAX_NEAR, cutoff=_CLOSE)
        return tuple(dict.fromkeys(keys[one] for one in near))


def list_tickets(connection: Connection, organization: str, *where: Condition) -> Listing:
    """Return the first open tickets of an organisation for which all of it holds, and how many there are."""
    ids = select(ticket.c.id).where(ticket.c.organization == organization, text(OPEN), *where)
    first = list(connection.execute(ids.order_by(*PLACE).limit(MAX_SHOWN)).scalars())
    total = len(first)
    if total == MAX_SHOWN:
        counted = select(func.count()).select_from(ids.limit(MAX_COUNTED).subquery())
        total = int(connection.execute(counted).scalar_one())
    tickets = load_tickets(connection, first, answers=False)
    running = clocks.load_clocks(connection, first)
    seen = (SeenTicket(ticket=tickets[one], term=next_term(running.get(one, ()))) for one in first)
    return Listing(tickets=tuple(seen), total=total)


def due_before(organization: str, instant: datetime) -> Condition:
    """The condition that a term of a ticket has passed by an instant, or passes then."""
    due = select(clock.c.ticket_id).where(
        clock.c.organization == organization, clock.c.due_at <= instant, text(RUNNING)
    )
    return ticket.c.id.in_(due)


def end_of_day(desk: DeskPolicy, now: datetime) -> datetime:
    """Return the last instant of the organisation's day."""
    zone = desk.service.zone
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return instant_of(tomorrow, datetime.min.time(), zone)


def _latest(connection: Connection, ticket_id: int) -> tuple[Happened, ...]:
    """Return the latest words and changes of status of a ticket, the oldest first."""
    words = select(message).where(message.c.ticket_id == ticket_id).order_by(message.c.id.desc()).limit(MAX_HISTORY)
    moves = (
        select(event)
        .where(event.c.ticket_id == ticket_id, event.c.kind == "status")
        .order_by(event.c.id.desc())
        .limit(MAX_HISTORY)
    )
    found = [
        Happened(
            at=row.at, who=row.author_name or row.author, ours=row.direction != Direction.IN, text=row.text[:MAX_TEXT]
        )
        for row in connection.execute(words)
    ]
    found += (Happened(at=row.at, text=row.detail) for row in connection.execute(moves))
    return tuple(sorted(found, key=lambda one: one.at)[-MAX_HISTORY:])
