"""What waits for an update, and which updates are out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text, update

from maild.desk.backlog import release_key
from maild.desk.decision import Release
from maild.model import Ticket
from maild.store.schema import OPEN, release, ticket
from maild.store.tickets import MAX_MERGES, load_tickets


@dataclass(frozen=True, kw_only=True)
class Shipping:
    """An update that is out, and not everybody has heard of it yet."""

    id: int
    organization: str
    release: Release


def backlog(connection: Connection, organization: str) -> tuple[Ticket, ...]:
    """Return every request that waits for an update, the oldest first."""
    where = (ticket.c.organization == organization, text("backlog"), text(OPEN))
    ids = list(
        connection.execute(select(ticket.c.id).where(*where).order_by(ticket.c.received_at, ticket.c.id)).scalars()
    )
    found = load_tickets(connection, ids)
    return tuple(found[one] for one in ids)


def waiting_for(connection: Connection, organization: str, name: str) -> tuple[Ticket, ...]:
    """Return the requests that wait for an update, in any spelling of its name, the oldest first."""
    key = release_key(name)
    return tuple(one for one in backlog(connection, organization) if one.release and release_key(one.release) == key)


def askers(connection: Connection, tickets: Collection[Ticket]) -> Mapping[int, int]:
    """Return how many customers ask for each of these, by id: those whose requests went into it count."""
    people = {one.id: {one.client or one.requester.key} for one in tickets}
    into = {one.id: one.id for one in tickets}
    latest = set(into)
    for _ in range(MAX_MERGES):
        if not latest:
            break
        gone = select(ticket.c.id, ticket.c.merged_into, ticket.c.client, ticket.c.requester)
        rows = connection.execute(gone.where(ticket.c.merged_into.in_(latest))).all()
        latest = {row.id for row in rows} - set(into)
        for row in rows:
            into[row.id] = into[row.merged_into]
            people[into[row.id]].add(row.client or row.requester.casefold())
    return {id_: len(who) for id_, who in people.items()}


def ship(connection: Connection, organization: str, one: Release, now: datetime, *, by: str = "") -> None:
    """Begin to tell those who wait for an update that it is out."""
    values = {"organization": organization, "name": one.name, "notes": one.notes, "agent": by}
    connection.execute(insert(release).values(**values, at=now, next_at=now))


def next_shipping(connection: Connection) -> datetime | None:
    """Return when somebody is to hear of an update; None: nobody waits."""
    return connection.execute(select(func.min(release.c.next_at)).where(release.c.next_at.is_not(None))).scalar()


def due_shippings(connection: Connection, now: datetime) -> list[Shipping]:
    """Return the updates of which somebody is to hear by now, the oldest first."""
    query = select(release).where(release.c.next_at.is_not(None), release.c.next_at <= now).order_by(release.c.id)
    return [
        Shipping(id=row.id, organization=row.organization, release=Release(name=row.name, notes=row.notes))
        for row in connection.execute(query)
    ]


def told(connection: Connection, id_: int, count: int, next_at: datetime | None) -> None:
    """Remember that so many more have heard of an update, and when the next do; None: all have."""
    values = {"told": release.c.told + count, "next_at": next_at}
    connection.execute(update(release).where(release.c.id == id_).values(values))


def forget_begun(connection: Connection, organization: str, since: datetime) -> None:
    """Let nobody hear of what an organisation has said to be out since then: their requests wait for its being said again."""
    begun = (release.c.organization == organization, release.c.at >= since)
    connection.execute(update(release).where(*begun).values(next_at=None))
