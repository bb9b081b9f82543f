"""Customers who are waited for (`desk.chase`): kept, found when they are due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from maild.desk.chase import Chase
from maild.store.schema import chase


def save_chase(connection: Connection, one: Chase) -> None:
    """Write a ticket's chase in place of the one it had; one in which nothing will happen is forgotten."""
    end_chase(connection, one.ticket_id)
    if one.next_at is not None:
        values = {"since": one.since, "remind_at": one.remind_at, "close_at": one.close_at, "next_at": one.next_at}
        connection.execute(insert(chase).values(ticket_id=one.ticket_id, **values))


def find_chase(connection: Connection, ticket_id: int) -> Chase | None:
    """Return how long a ticket's customer is waited for; None: they are not."""
    row = connection.execute(select(chase).where(chase.c.ticket_id == ticket_id)).one_or_none()
    return _chase_of(row) if row else None


def end_chase(connection: Connection, ticket_id: int) -> None:
    """Wait for a ticket's customer no longer."""
    connection.execute(delete(chase).where(chase.c.ticket_id == ticket_id))


def put_off(connection: Connection, ticket_id: int, at: datetime) -> None:
    """Look at a ticket's chase later."""
    connection.execute(update(chase).where(chase.c.ticket_id == ticket_id).values(next_at=at))


def due_chases(connection: Connection, now: datetime, limit: int) -> Sequence[Chase]:
    """Return the chases in which something is due, the earliest first."""
    query = select(chase).where(chase.c.next_at <= now).order_by(chase.c.next_at, chase.c.ticket_id).limit(limit)
    return [_chase_of(row) for row in connection.execute(query)]


def next_chase(connection: Connection) -> datetime | None:
    """Return when the next one is due."""
    return connection.execute(select(func.min(chase.c.next_at))).scalar()


def _chase_of(row: Row[Any]) -> Chase:
    return Chase(ticket_id=row.ticket_id, since=row.since, remind_at=row.remind_at, close_at=row.close_at)
