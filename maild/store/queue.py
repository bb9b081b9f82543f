"""The outbox: what is put in, what is due, and what became of each attempt."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from maild.model import OutboxRow, OutboxState, Outgoing, Purpose
from maild.outbox.relayed import find_relay_id
from maild.store.schema import outbox
from maild.store.tickets import add_event

MAX_DUE = 50_000_000  # octets of letters in memory at once, but never less than one letter


def due(connection: Connection, now: datetime, limit: int, without: Collection[str]) -> list[OutboxRow]:
    """Return queued letters whose time has come, oldest first, none of the mailboxes `without`, as many as fit into memory."""
    query = (
        select(outbox.c.id, func.length(outbox.c.octets).label("size"))
        .where(outbox.c.state == OutboxState.QUEUED, outbox.c.next_attempt_at <= now)
        .where(outbox.c.mailbox.not_in(without))
        .order_by(outbox.c.purpose == Purpose.NEWS, outbox.c.queued_at, outbox.c.id)  # whoever asked waits for no news
        .limit(limit)
    )
    ids: list[int] = []
    room = MAX_DUE
    for row in connection.execute(query):
        room -= row.size
        if ids and room < 0:
            break
        ids.append(row.id)
    order = {row_id: n for n, row_id in enumerate(ids)}
    rows = [row_of(row) for row in connection.execute(select(outbox).where(outbox.c.id.in_(ids)))]
    return sorted(rows, key=lambda row: order[row.id])


def recover(connection: Connection, now: datetime) -> int:
    """Queue again what a crash left in `sending`: it may have been delivered, which is counted as uncertain."""
    values = {
        "state": OutboxState.QUEUED,
        "attempts": outbox.c.attempts + 1,
        "uncertain": outbox.c.uncertain + 1,
        "next_attempt_at": now,
        "error": "maild ended before the server's answer was recorded; the letter may have arrived",
    }
    stuck = update(outbox).where(outbox.c.state == OutboxState.SENDING).values(values)
    return connection.execute(stuck).rowcount


def begin(connection: Connection, row_id: int) -> bool:
    """Record that DATA is about to begin: from here on the letter may arrive. False when it is not queued any more."""
    where = (outbox.c.id == row_id, outbox.c.state == OutboxState.QUEUED)
    return bool(connection.execute(update(outbox).where(*where).values(state=OutboxState.SENDING)).rowcount)


def sent(connection: Connection, row_id: int, now: datetime, answer: str) -> None:
    """Record that the server took the letter."""
    values = {"state": OutboxState.SENT, "sent_at": now, "answer": answer, "error": None}
    _conclude(connection, row_id, values | {"relay_key": find_relay_id(answer)})


def retry(connection: Connection, row_id: int, error: str, at: datetime, *, uncertain: bool) -> None:
    """Record a failure that may pass."""
    values: dict[str, Any] = {"state": OutboxState.QUEUED, "error": error, "next_attempt_at": at}
    if uncertain:
        values["uncertain"] = outbox.c.uncertain + 1
    _conclude(connection, row_id, values)


def failed(connection: Connection, row_id: int, now: datetime, error: str) -> OutboxRow | None:
    """Give a letter up: visible in its ticket's history.

    Returns the row, or None when the letter was over already.
    """
    if not _conclude(connection, row_id, {"state": OutboxState.FAILED, "error": error}):
        return None
    row = find(connection, row_id)
    assert row is not None, "it was just changed"
    ticket_id = row.letter.ticket_id
    if ticket_id is not None:
        add_event(connection, ticket_id, "not sent", f"{row.letter.purpose} (outbox {row_id}): {error}", now)
    return row


def withdraw(connection: Connection, ticket_id: int, purposes: Collection[Purpose], why: str, now: datetime) -> None:
    """Keep a ticket's letters of these purposes from leaving, where they have not left yet: its history says so."""
    where = (
        outbox.c.ticket_id == ticket_id, outbox.c.purpose.in_(purposes), outbox.c.state == OutboxState.QUEUED,
    )  # fmt: skip
    withdrawn = update(outbox).where(*where).values(state=OutboxState.WITHDRAWN, error=why)
    # One statement: between a look and a change, another process may have begun to send the letter.
    for row in sorted(connection.execute(withdrawn.returning(outbox.c.id, outbox.c.purpose)).all()):
        add_event(connection, ticket_id, "withdrawn", f"{row.purpose} (outbox {row.id}): {why}", now)


def again(connection: Connection, row_id: int, now: datetime) -> bool:
    """Queue a failed letter once more, by the admin's word; False when it has not failed."""
    values = {"state": OutboxState.QUEUED, "queued_at": now, "next_attempt_at": now, "attempts": 0, "uncertain": 0}
    where = (outbox.c.id == row_id, outbox.c.state == OutboxState.FAILED)
    return bool(connection.execute(update(outbox).where(*where).values(values)).rowcount)


def hurry(connection: Connection, mailbox: str, now: datetime) -> None:
    """Make a mailbox's waiting letters due now, because its way out has changed; those that may have arrived wait on."""
    where = (outbox.c.mailbox == mailbox, outbox.c.state == OutboxState.QUEUED, outbox.c.uncertain == 0)
    connection.execute(update(outbox).where(*where, outbox.c.next_attempt_at > now).values(next_attempt_at=now))


def cap_waits(connection: Connection, latest: datetime) -> None:
    """Let no queued letter wait beyond `latest`."""
    where = (outbox.c.state == OutboxState.QUEUED, outbox.c.next_attempt_at > latest)
    connection.execute(update(outbox).where(*where).values(next_attempt_at=latest))


def find(connection: Connection, row_id: int) -> OutboxRow | None:
    """Return an outgoing letter by its id, or None."""
    row = connection.execute(select(outbox).where(outbox.c.id == row_id)).one_or_none()
    return row_of(row) if row else None


def withheld_after(connection: Connection, row_id: int) -> list[OutboxRow]:
    """Return the letters beyond a row that are withheld, in their order."""
    query = select(outbox).where(outbox.c.state == OutboxState.WITHHELD, outbox.c.id > row_id).order_by(outbox.c.id)
    return [row_of(row) for row in connection.execute(query)]


def _conclude(connection: Connection, row_id: int, values: dict[str, Any]) -> bool:
    """Record how an attempt ended; what is over stays over. Returns whether anything changed."""
    where = (outbox.c.id == row_id, outbox.c.state.in_((OutboxState.QUEUED, OutboxState.SENDING)))
    counted = values | {"attempts": outbox.c.attempts + 1}
    return bool(connection.execute(update(outbox).where(*where).values(counted)).rowcount)


def row_of(row: Row[Any]) -> OutboxRow:
    """Return an outgoing letter as stored."""
    return OutboxRow(
        id=row.id,
        letter=outgoing_of(row),
        state=OutboxState(row.state),
        attempts=row.attempts,
        queued_at=row.queued_at,
        next_attempt_at=row.next_attempt_at,
        uncertain=row.uncertain,
        error=row.error,
        sent_at=row.sent_at,
        answer=row.answer,
    )


def enqueue(connection: Connection, outgoing: Outgoing, now: datetime, *, letter_id: int | None = None) -> None:
    """Put a composed letter into the outbox of this very transaction; one that is withheld never comes out of there.

    That is settled here for good: whatever is configured later, only what is queued is ever sent.
    """
    connection.execute(
        insert(outbox).values(
            message_id=outgoing.message_id,
            mailbox=outgoing.mailbox,
            purpose=outgoing.purpose,
            automatic=outgoing.automatic,
            envelope_sender=outgoing.envelope_sender,
            recipient=outgoing.recipient,
            recipient_key=outgoing.recipient.casefold(),
            ticket_id=outgoing.ticket_id,
            letter_id=letter_id,
            subject=outgoing.subject,
            octets=outgoing.octets,
            state=OutboxState.WITHHELD if outgoing.withheld else OutboxState.QUEUED,
            attempts=0,
            uncertain=0,
            queued_at=now,
            next_attempt_at=now,
        )
    )


def outgoing_of(row: Row[Any]) -> Outgoing:
    """Return the letter that an outbox row holds."""
    return Outgoing(
        message_id=row.message_id,
        mailbox=row.mailbox,
        purpose=Purpose(row.purpose),
        envelope_sender=row.envelope_sender,
        recipient=row.recipient,
        octets=bytes(row.octets),
        ticket_id=row.ticket_id,
        subject=row.subject,
        withheld=row.state == OutboxState.WITHHELD,
    )
