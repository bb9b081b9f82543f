"""Time spent on tickets, and a client's requests: what accounting is made of (C20)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from maild.contracts.accounting import Request, Work
from maild.store.schema import ticket, work

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A piece of work as it was written down."""

    work: Work
    number: str  # of the ticket
    agent: str  # id
    note: str


def add_work(connection: Connection, done: Work, *, agent: str, note: str) -> int:
    """Write work down and return its id. It is the ticket's client's, and moves along when the ticket gets another one.

    Raises ValueError for a part of a second.
    """
    if done.spent % _SECOND:
        raise ValueError(f"work is counted in whole seconds, not {done.spent}")
    of = ticket.c.id == done.ticket
    added = connection.execute(
        insert(work)
        .values(
            ticket_id=done.ticket,
            organization=select(ticket.c.organization).where(of).scalar_subquery(),
            client=select(ticket.c.client).where(of).scalar_subquery(),
            agent=agent,
            spent=done.spent // _SECOND,
            at=done.at,
            note=note,
        )
        .returning(work.c.id)
    )
    return int(added.scalar_one())


def works(
    connection: Connection, organization: str, client: str, start: datetime | None, end: datetime
) -> Iterator[Noted]:
    """Yield a client's work done within [start, end), in order; no start: from the beginning."""
    since = [work.c.at >= start] if start is not None else []
    query = (
        select(work, ticket.c.number)
        .join(ticket, ticket.c.id == work.c.ticket_id)
        .where(work.c.organization == organization, work.c.client == client, work.c.at < end, *since)
        .order_by(work.c.at, work.c.id)
    )
    for row in connection.execute(query):
        done = Work(ticket=row.ticket_id, at=row.at, spent=row.spent * _SECOND)
        yield Noted(work=done, number=row.number, agent=row.agent, note=row.note)


def requests(
    connection: Connection, organization: str, client: str, start: datetime | None, end: datetime
) -> Iterator[Request]:
    """Yield a client's requests that count and were received within [start, end), in order; no start: from the beginning."""
    since = [ticket.c.received_at >= start] if start is not None else []
    query = (
        select(ticket.c.id, ticket.c.received_at)
        .where(ticket.c.organization == organization, ticket.c.client == client, ticket.c.counted)
        .where(ticket.c.received_at < end, *since)
        .order_by(ticket.c.received_at, ticket.c.id)
    )
    for row in connection.execute(query):
        yield Request(ticket=row.id, at=row.received_at)


def active_clients(connection: Connection, organization: str, start: datetime, end: datetime) -> list[str]:
    """Return the keys of the clients that asked for something that counts, or had work done, within [start, end)."""
    asked = select(ticket.c.client).where(
        ticket.c.organization == organization,
        ticket.c.received_at >= start,
        ticket.c.received_at < end,
        ticket.c.counted,
    )
    served = select(work.c.client).where(work.c.organization == organization, work.c.at >= start, work.c.at < end)
    return sorted(filter(None, connection.execute(asked.union(served)).scalars()))
