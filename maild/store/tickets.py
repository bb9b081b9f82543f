"""Tickets as they are stored: read, saved, with their histories."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, text, update

from maild.desk.case import MAX_COUNTED
from maild.model import (
    PASSED_ON,
    Address,
    Participant,
    Role,
    Status,
    Ticket,
    TicketEvent,
)
from maild.store import clocks
from maild.store.schema import (
    OPEN,
    event,
    letter,
    message,
    participant,
    ticket,
    ticket_was,
    work,
)

SERVED = (  # columns of a ticket that have the names of its fields
    "standing", "client", "client_name", "level", "category", "service", "included", "severity", "hours", "coupon", "agent", "rank", "counted",
    "team", "ground", "ground_state", "offer", "offer_state", "offer_name", "offer_price", "offer_currency", "offer_per", "offer_asked",
    "backlog", "release", "unit", "variant", "merged_into",
)  # fmt: skip
MAX_MERGES = 10  # of one ticket after another
LISTS = ("tags", "asked", "faq")  # likewise, as JSON


def find_current(connection: Connection, ticket_id: int) -> Ticket:
    """Return a ticket, or the one that it went into where it was merged."""
    found = load_tickets(connection, [ticket_id])[ticket_id]
    for _ in range(MAX_MERGES):
        if found.merged_into is not None:
            found = load_tickets(connection, [found.merged_into])[found.merged_into]
    return found


def find_merged(connection: Connection, ticket_id: int) -> list[int]:
    """Return a ticket (its id), and all that went into it, one after another."""
    found, latest = [ticket_id], [ticket_id]
    for _ in range(MAX_MERGES):
        query = select(ticket.c.id).where(ticket.c.merged_into.in_(latest)).order_by(ticket.c.id)
        latest = list(connection.execute(query).scalars())
        if not latest:
            break
        found += latest
    return found


def load_tickets(
    connection: Connection, ids: Sequence[int], organization: str | None = None, *, answers: bool = True
) -> dict[int, Ticket]:
    """Return the tickets with these ids (of one organisation, if named) by id; without `answers`, if nobody writes to them."""
    if not ids:
        return {}
    rows = [row for row in connection.execute(_TICKETS, {"ids": ids}) if organization in (None, row.organization)]
    people: dict[int, list[Participant]] = {row.id: [] for row in rows}
    for row in connection.execute(_PEOPLE, {"ids": list(people)}):
        person = Participant(address=Address(name=row.name, addr=row.addr), role=Role(row.role))
        people[row.ticket_id].append(person)
    latest = _latest_ids(connection, list(people)) if answers else {}
    return {
        row.id: Ticket(
            id=row.id,
            number=row.number,
            organization=row.organization,
            mailbox=row.mailbox,
            subject=row.subject,
            status=Status(row.status),
            requester=Address(name=row.requester_name, addr=row.requester),
            participants=tuple(people[row.id]),
            opened_at=row.opened_at,
            answers=latest.get(row.id),
            received_at=row.received_at,
            **{name: getattr(row, name) for name in SERVED},
            tags=tuple(row.tags),
            asked=tuple(row.asked),
            faq=tuple(row.faq),
        )
        for row in rows
    }


# put together once: that takes longer than the answer
_TICKETS = select(ticket).where(ticket.c.id.in_(bindparam("ids", expanding=True)))
_PEOPLE = select(participant).where(participant.c.ticket_id.in_(bindparam("ids", expanding=True)))


def find_number(connection: Connection, number: str, prefix: str = "") -> int | None:
    """Return the id of the ticket that people call so, in any case ("acme-7"), and without its prefix where that is given."""
    whole = number if "-" in number or not prefix else f"{prefix}-{number}"
    return connection.execute(select(ticket.c.id).where(ticket.c.number == whole.upper())).scalar()


def find_ticket(connection: Connection, number: str, prefix: str = "") -> Ticket | None:
    """Return the ticket with a number (`find_number`), or None."""
    id_ = find_number(connection, number, prefix)
    return load_tickets(connection, [id_])[id_] if id_ is not None else None


def queue_lengths(connection: Connection, organization: str) -> dict[int, int]:
    """Return how many of the first MAX_COUNTED open tickets there are by rank."""
    front = (
        select(ticket.c.rank)
        .where(ticket.c.organization == organization, text(OPEN))
        .order_by(ticket.c.rank)
        .limit(MAX_COUNTED)
    )
    return Counter(connection.execute(front).scalars())


def save_service(connection: Connection, changed: Ticket, now: datetime) -> None:
    """Write what a stored ticket says of its client and of how they are served, agent included; work done moves along."""
    note_state(connection, changed.id, now)
    save_changes(connection, changed, now)


def save_changes(connection: Connection, changed: Ticket, now: datetime) -> None:
    """Write the same where what the ticket was is kept already."""
    connection.execute(
        update(ticket).where(ticket.c.id == changed.id).values(served_columns(changed) | {"updated_at": now})
    )
    moved = (work.c.ticket_id == changed.id, work.c.client != changed.client)
    connection.execute(update(work).where(*moved).values(client=changed.client))


def save_status(connection: Connection, ticket_id: int, status: Status, now: datetime) -> None:
    """Write where a stored ticket stands."""
    note_state(connection, ticket_id, now)
    connection.execute(update(ticket).where(ticket.c.id == ticket_id).values(status=status, updated_at=now))


def note_state(connection: Connection, ticket_id: int, at: datetime, *, letter_id: int | None = None) -> None:
    """Keep what a ticket is just before it changes, for `store.past`; `letter_id` is the letter that changes it."""
    row = connection.execute(select(ticket).where(ticket.c.id == ticket_id)).one()
    people = connection.execute(select(participant.c.address_key).where(participant.c.ticket_id == ticket_id)).scalars()
    was = {name: getattr(row, name) for name in ("status", *SERVED, *LISTS)}
    was |= {"people": list(people), "clocks": clocks.states(connection, ticket_id)}
    connection.execute(insert(ticket_was).values(ticket_id=ticket_id, letter_id=letter_id, at=at, was=was))


def add_event(
    connection: Connection, ticket_id: int, kind: str, detail: str, now: datetime, *, letter_id: int | None = None
) -> None:
    """Add a line to a ticket's history."""
    values = {"ticket_id": ticket_id, "letter_id": letter_id, "kind": kind, "detail": detail, "at": now}
    connection.execute(insert(event).values(values))


def add_events(connection: Connection, happened: Sequence[tuple[int, TicketEvent]], now: datetime) -> None:
    """Add lines to the histories of tickets, in order: what time has brought about, no letter."""
    values = {"letter_id": None, "at": now}
    rows = [values | {"ticket_id": ticket_id, "kind": one.kind, "detail": one.detail} for ticket_id, one in happened]
    if rows:
        connection.execute(insert(event), rows)


def served_columns(one: Ticket) -> dict[str, Any]:
    """Return the columns of what a ticket says of its client and of how they are served."""
    values = {name: getattr(one, name) for name in SERVED} | {name: list(getattr(one, name)) for name in LISTS}
    return values | {"received_at": one.received_at or one.opened_at}


def _latest_ids(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the Message-ID of the latest letter that the customer sent to each ticket, and nobody passed on.

    The id of an agent's forward, or of a unit's letter, would tell the customer where they have their mail, and threads with
    nothing there.
    """
    passed_on = select(event.c.letter_id).where(event.c.ticket_id.in_(ids), event.c.kind == PASSED_ON)
    newest = (
        select(func.max(message.c.letter_id))
        .where(message.c.ticket_id.in_(ids), message.c.direction == "in", message.c.letter_id.not_in(passed_on))
        .group_by(message.c.ticket_id)
    )
    query = select(letter.c.ticket_id, letter.c.message_id).where(
        and_(
            letter.c.id.in_(newest),
            letter.c.message_id.is_not(None),
            letter.c.message_id.not_like("date:%"),
            letter.c.message_id.not_like("long:%"),
        )
    )
    return dict(connection.execute(query).all())
