"""When agents are reminded of what they put off or promised: kept, found when it is due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, select, update

from maild.desk.decision import Wake
from maild.store.schema import ticket, wake


def save_wake(connection: Connection, ticket_id: int, one: Wake) -> None:
    """Write a reminder in place of the one of its kind that the ticket had."""
    end_wake(connection, ticket_id, one.kind)
    values = {"kind": one.kind, "agent": one.agent, "at": one.at, "term": one.term, "words": one.words}
    connection.execute(insert(wake).values(ticket_id=ticket_id, **values))


def end_wake(connection: Connection, ticket_id: int, kind: str) -> None:
    """Remind nobody of it any longer."""
    connection.execute(delete(wake).where(wake.c.ticket_id == ticket_id, wake.c.kind == kind))


def move_wakes(connection: Connection, merged: int, into: int) -> None:
    """Let the ticket that another went into keep what was promised there; neither is put off any longer.

    It has one promise at most: of two the earlier holds, and says what both said.
    """
    for one in (merged, into):
        end_wake(connection, one, "snooze")
    query = select(wake).where(wake.c.ticket_id.in_((merged, into)), wake.c.kind == "promise").order_by(wake.c.term)
    promised = connection.execute(query).all()
    if not promised:
        return
    first, words = _wake_of(promised[0]), "; ".join(row.words for row in promised if row.words)
    end_wake(connection, merged, "promise")
    save_wake(connection, into, replace(first, words=words))


def put_off(connection: Connection, ticket_id: int, kind: str, at: datetime) -> None:
    """Remind of it later; until when it was put off, or promised, stays as it was said."""
    connection.execute(update(wake).where(wake.c.ticket_id == ticket_id, wake.c.kind == kind).values(at=at))


def due_wakes(connection: Connection, now: datetime, limit: int) -> Sequence[tuple[int, Wake]]:
    """Return what agents are to be reminded of by now, with the tickets' ids, the earliest first."""
    query = select(wake).where(wake.c.at <= now).order_by(wake.c.at, wake.c.ticket_id, wake.c.kind).limit(limit)
    return [(row.ticket_id, _wake_of(row)) for row in connection.execute(query)]


def _wake_of(row: Row[Any]) -> Wake:
    return Wake(kind=row.kind, agent=row.agent, at=row.at, term=row.term, words=row.words)


def next_wake(connection: Connection) -> datetime | None:
    """Return when the next one is due."""
    return connection.execute(select(func.min(wake.c.at))).scalar()


def is_put_off(now: datetime) -> ColumnElement[bool]:
    """The condition that a ticket is not to be shown among what there is to do."""
    return exists().where(wake.c.ticket_id == ticket.c.id, wake.c.kind == "snooze", wake.c.term > now)
