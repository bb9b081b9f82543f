"""What people ask the store: tickets, outbox, quarantine, ledger, status. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, select, text, tuple_

from maild.model import OutboxRow, OutboxState, Purpose, Status, Ticket
from maild.store import letters
from maild.store import queue as outbox_queue
from maild.store.schema import OPEN, RUNNING, clock, event, letter, message, outbox, quarantine, ticket
from maild.store.tickets import load_tickets


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """One line of a ticket's history: words or an event."""

    at: datetime
    kind: str  # "in", "out", or the event's kind
    who: str  # of words; "" for an event
    text: str
    letter_id: int | None


@dataclass(frozen=True, kw_only=True)
class LetterView:
    """A letter of the ledger."""

    id: int
    place: str
    received_at: datetime
    size: int
    message_id: str | None
    outcome: str | None
    reason: str | None
    findings: Sequence[Mapping[str, Any]]
    ticket_id: int | None


@dataclass(frozen=True, kw_only=True)
class QuarantineView:
    """A letter that broke our code."""

    letter_id: int
    at: datetime
    error: str
    traceback: str
    replayed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FolderLedger:
    """The balance of one folder: `seen` is the sum of `outcomes` and `unaccounted`, and the last must be 0."""

    mailbox: str
    folder: str
    uidvalidity: int
    seen: int
    outcomes: Mapping[str, int]
    unaccounted: int


def all_tickets(connection: Connection) -> list[Ticket]:
    """Return every ticket, oldest first."""
    return _load(connection, select(ticket.c.id).order_by(ticket.c.id))


def first_tickets(
    connection: Connection, *, limit: int, status: str | None = None, organization: str | None = None
) -> list[Ticket]:
    """Return so many tickets of any status, or of one status or organisation if named, the first in the queue's order."""
    query = select(ticket.c.id).order_by(*PLACE).limit(limit)
    if status is not None:
        query = query.where(ticket.c.status == status)
    if organization is not None:
        query = query.where(ticket.c.organization == organization)
    return _load(connection, query)


def _load(connection: Connection, query: Select[Any]) -> list[Ticket]:
    ids = list(connection.execute(query).scalars())
    tickets: dict[int, Ticket] = {}
    for start in range(0, len(ids), letters.CHUNK):
        tickets |= load_tickets(connection, ids[start : start + letters.CHUNK])
    return [tickets[ticket_id] for ticket_id in ids]


@dataclass(frozen=True, kw_only=True)
class InQueue:
    """An open ticket in its place."""

    ticket: Ticket
    due_at: datetime | None  # the first term of its clocks that are still to be met; None: no term runs


def queue(connection: Connection, organization: str, *, limit: int = 100, after: Ticket | None = None) -> list[InQueue]:
    """Return open tickets in the order in which they are to be dealt with, those behind `after` if named.

    The order: what goes out of queue, then what rests on a coupon, then receipt (CB-3, CB-4, CB-22).
    """
    nearest = (
        select(func.min(clock.c.due_at))
        .where(clock.c.ticket_id == ticket.c.id, text(RUNNING))
        .scalar_subquery()
        .label("nearest")
    )
    query = (
        select(ticket.c.id, nearest)
        .where(ticket.c.organization == organization, text(OPEN))
        .order_by(*PLACE)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(*PLACE) > _place_of(after))
    rows = connection.execute(query).all()
    tickets = load_tickets(connection, [row.id for row in rows])
    return [InQueue(ticket=tickets[row.id], due_at=row.nearest) for row in rows]


PLACE = (ticket.c.rank, ticket.c.received_at, ticket.c.id)


def _place_of(one: Ticket) -> ColumnElement[Any]:
    received_at = one.received_at or one.opened_at
    return tuple_(
        *(
            bindparam(None, value, type_=column.type)
            for column, value in zip(PLACE, (one.rank, received_at, one.id), strict=True)
        )
    )


def history(connection: Connection, ticket_id: int) -> list[HistoryLine]:
    """Return words and events of a ticket in the order in which they happened."""
    words = connection.execute(select(message).where(message.c.ticket_id == ticket_id).order_by(message.c.id))
    events = connection.execute(select(event).where(event.c.ticket_id == ticket_id).order_by(event.c.id))
    lines = [
        *(HistoryLine(at=r.at, kind=r.kind, who="", text=r.detail, letter_id=r.letter_id) for r in events),
        *(HistoryLine(at=r.at, kind=r.direction, who=r.author, text=r.text, letter_id=r.letter_id) for r in words),
    ]
    return sorted(lines, key=lambda line: (line.at, line.letter_id or 0))


def outbox_rows(
    connection: Connection, *, state: str | None = None, ticket_id: int | None = None, limit: int = 100
) -> list[OutboxRow]:
    """Return outgoing letters, newest first."""
    query = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(outbox.c.state == state)
    if ticket_id is not None:
        query = query.where(outbox.c.ticket_id == ticket_id)
    return [outbox_queue.row_of(row) for row in connection.execute(query)]


def outbox_counts(connection: Connection) -> dict[str, int]:
    """Return how many outgoing letters stand in each state, zeros included."""
    counted = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return dict.fromkeys(map(str, OutboxState), 0) | dict(connection.execute(counted).all())


def failed_ids(connection: Connection) -> list[int]:
    """Return the ids of outgoing letters that have failed and may be sent once more, bounced ones included, oldest first.

    Not of those that promised a new term: the old one stands since they failed, so they would tell what is not true.
    """
    where = (outbox.c.state == OutboxState.FAILED, outbox.c.purpose != Purpose.EXTENSION)
    return list(connection.execute(select(outbox.c.id).where(*where).order_by(outbox.c.id)).scalars())


def unsent_since(connection: Connection, since: datetime) -> int:
    """Return how many letters were given up since then without ever leaving; a bounce is a wrong address, not our fault."""
    where = (outbox.c.state == OutboxState.FAILED, outbox.c.sent_at.is_(None), outbox.c.next_attempt_at >= since)
    return int(connection.execute(select(func.count()).select_from(outbox).where(*where)).scalar_one())


def uncertain(connection: Connection) -> int:
    """Return how many sends had no answer: so many copies may have arrived besides the one that counts."""
    return int(connection.execute(select(func.coalesce(func.sum(outbox.c.uncertain), 0))).scalar_one())


def find_letter(connection: Connection, letter_id: int) -> LetterView | None:
    """Return a letter of the ledger, or None."""
    row = connection.execute(select(letter).where(letter.c.id == letter_id)).one_or_none()
    return _letter(row) if row else None


def letters_of(connection: Connection, *, ticket_id: int | None = None, limit: int = 1000) -> list[LetterView]:
    """Return letters in order of arrival, those of one ticket if named."""
    query = select(letter).order_by(letter.c.id).limit(limit)
    if ticket_id is not None:
        query = query.where(letter.c.ticket_id == ticket_id)
    return [_letter(row) for row in connection.execute(query)]


def quarantined(connection: Connection, *, everything: bool = False) -> list[QuarantineView]:
    """Return the letters set aside and not erased, oldest first; with `everything` also those replayed since."""
    query = select(quarantine).join(letter, letter.c.id == quarantine.c.letter_id).order_by(quarantine.c.letter_id)
    query = query.where(letter.c.erased_by.is_(None))
    if not everything:
        query = query.where(quarantine.c.replayed_at.is_(None))
    columns = ("letter_id", "at", "error", "traceback", "replayed_at")
    return [QuarantineView(**{c: getattr(row, c) for c in columns}) for row in connection.execute(query)]


def ledger(connection: Connection) -> list[FolderLedger]:
    """Return the balance of every folder that letters were found in."""
    balance: dict[tuple[str, str, int], dict[str | None, int]] = {}
    for row in letters.count_by_outcome(connection):
        balance.setdefault((row.mailbox, row.folder, row.uidvalidity), {})[row.outcome] = row.letters
    return [
        FolderLedger(
            mailbox=mailbox,
            folder=folder,
            uidvalidity=uidvalidity,
            seen=sum(counts.values()),
            outcomes={str(outcome): n for outcome, n in sorted(counts.items(), key=str) if outcome is not None},
            unaccounted=counts.get(None, 0),
        )
        for (mailbox, folder, uidvalidity), counts in balance.items()
    ]


def _letter(row: Row[Any]) -> LetterView:
    return LetterView(
        id=row.id,
        place=f"{row.mailbox}:{row.folder}:{row.uidvalidity}:{row.uid}",
        received_at=row.received_at,
        size=row.size,
        message_id=row.message_id,
        outcome=row.outcome,
        reason=row.reason,
        findings=row.findings or [],
        ticket_id=row.ticket_id,
    )


def ticket_counts(connection: Connection) -> dict[str, int]:
    """Return how many tickets stand in each status, zeros included."""
    counted = select(ticket.c.status, func.count()).group_by(ticket.c.status)
    return dict.fromkeys(map(str, Status), 0) | dict(connection.execute(counted).all())
