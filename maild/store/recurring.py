"""Works that come round: up to when they have been seen to, and what came of each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select

from maild.store.schema import occurrence, recurring, ticket


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A work that was seen to."""

    rhythm: str  # as it was configured then
    since: datetime  # what was due by then is done with


@dataclass(frozen=True, kw_only=True)
class Came:
    """A work came round, for one client or for the desk."""

    day: date
    client: str = ""  # its key; "": for the desk
    number: str = ""  # of the ticket; "": there is none …
    skipped: str = ""  # … and why


def seen_works(connection: Connection) -> dict[tuple[str, str], Seen]:
    """Return every work that was ever seen to, by organisation and name."""
    return {
        (row.organization, row.name): Seen(rhythm=row.rhythm, since=row.since)
        for row in connection.execute(select(recurring))
    }


def note_seen(connection: Connection, organization: str, name: str, seen: Seen) -> None:
    """Remember up to when a work was seen to."""
    of = (recurring.c.organization == organization, recurring.c.name == name)
    connection.execute(delete(recurring).where(*of))
    values = {"organization": organization, "name": name, "rhythm": seen.rhythm, "since": seen.since}
    connection.execute(insert(recurring).values(values))


def note_came(
    connection: Connection,
    organization: str,
    name: str,
    day: date,
    client: str,
    now: datetime,
    *,
    ticket_id: int | None = None,
    skipped: str = "",
) -> None:
    """Remember what came of a work on a day; a second time the database refuses."""
    key = {"organization": organization, "name": name, "day": day, "client": client}
    connection.execute(insert(occurrence).values(key | {"ticket_id": ticket_id, "skipped": skipped, "at": now}))


def came(connection: Connection, organization: str, name: str, day: date) -> frozenset[str]:
    """Return for which clients (their keys) a work has come round on a day."""
    of = (occurrence.c.organization == organization, occurrence.c.name == name, occurrence.c.day == day)
    return frozenset(connection.execute(select(occurrence.c.client).where(*of)).scalars())


def last_came(connection: Connection, organization: str, name: str) -> Iterator[Came]:
    """Yield what came of a work the last time, client by client."""
    of = (occurrence.c.organization == organization, occurrence.c.name == name)
    last = select(func.max(occurrence.c.day)).where(*of).scalar_subquery()
    query = (
        select(occurrence, ticket.c.number)
        .outerjoin(ticket, ticket.c.id == occurrence.c.ticket_id)
        .where(*of, occurrence.c.day == last)
        .order_by(occurrence.c.client)
    )
    for row in connection.execute(query):
        yield Came(day=row.day, client=row.client, number=row.number or "", skipped=row.skipped)
