"""What the last letter of commands in each ticket found and caused, so that it can be taken back (`desk.undo`)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from maild.desk.chase import Chase
from maild.desk.decision import Obeyed
from maild.desk.undoable import Undoable
from maild.model import TO_OUR_OWN, Direction, OutboxState, Purpose, Status, Ticket
from maild.store import clocks
from maild.store.schema import event, message, obeyed, outbox, work

HARMLESS = (  # what happens to a ticket without changing it
    "not done", "no receipt", "not notified", "duplicate", "not proven", "not asked", "not told", "not an answer",
)  # fmt: skip
_INSTANTS = ("since", "remind_at", "close_at")


def save_obeyed(
    connection: Connection, letter_id: int, at: datetime, done: Obeyed, chase: Chase | None, works: Sequence[int],
    fields: Sequence[str],
) -> None:  # fmt: skip
    """Write what a letter of commands found, in place of the ticket's last one; `fields` are those that can change.

    All that the letter causes must be written already: what comes later has happened since.
    """
    ticket_id = done.ticket.id
    connection.execute(delete(obeyed).where(obeyed.c.ticket_id == ticket_id))
    found = {
        "ticket": {name: getattr(done.ticket, name) for name in ("status", *fields)},
        "clocks": [clocks.dump(one) for one in done.clocks],
        "chase": {name: at.isoformat() for name in _INSTANTS if (at := getattr(chase, name))} if chase else None,
        "works": list(works),
        "last": _last(connection, ticket_id),
    }
    values = {"ticket_id": ticket_id, "letter_id": letter_id, "agent": done.agent, "at": at, "found": found}
    connection.execute(insert(obeyed).values(values))


def find_undoable(connection: Connection, now: Ticket) -> Undoable | None:
    """Return the last letter of commands in a ticket as far as it can be taken back; None: there is none.

    Its letters that are still queued cannot leave until the transaction has ended.
    """
    row = connection.execute(select(obeyed).where(obeyed.c.ticket_id == now.id)).one_or_none()
    if row is None:
        return None
    found, letter_id = row.found, row.letter_id
    mail = connection.execute(
        select(outbox.c.purpose, outbox.c.state)
        .where(outbox.c.letter_id == letter_id, outbox.c.purpose.not_in(TO_OUR_OWN))
        .with_for_update()
    ).all()
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in found["ticket"].items()
    }
    fields["status"] = Status(fields["status"])
    seconds = connection.execute(select(func.sum(work.c.spent)).where(work.c.id.in_(found["works"]))).scalar()
    wrote = select(message.c.direction).where(message.c.letter_id == letter_id)
    words = set(connection.execute(wrote).scalars())
    gone = (OutboxState.SENDING, OutboxState.SENT, OutboxState.WITHHELD)  # what is withheld counts as if it had left
    left, queued = _purposes(mail, gone), _purposes(mail, (OutboxState.QUEUED,))
    if Direction.OUT in words and Purpose.ANSWER not in queued:
        left |= {Purpose.ANSWER}  # an answer that its agent has sent from the mailbox itself is in no outbox
    return Undoable(
        letter_id=letter_id,
        agent=row.agent,
        at=row.at,
        ticket=replace(now, **fields),
        clocks=tuple(clocks.load(one) for one in found["clocks"]),
        chase=_chase_of(now.id, found["chase"]),
        spent=timedelta(seconds=seconds or 0),
        noted=Direction.NOTE in words,
        left=left,
        queued=queued,
        touched=_last(connection, now.id) != found["last"],
    )


def take_back(connection: Connection, letter_id: int, why: str) -> None:
    """Undo what a letter of commands caused besides the ticket's own state: mail that has not left, and time."""
    theirs = (outbox.c.letter_id == letter_id, outbox.c.purpose.not_in(TO_OUR_OWN))  # agents' stay, and change nothing
    queued = (*theirs, outbox.c.state == OutboxState.QUEUED)
    connection.execute(update(outbox).where(*queued).values(state=OutboxState.WITHDRAWN, error=why))
    left = (
        outbox.c.letter_id == letter_id,
        outbox.c.purpose == Purpose.ANSWER,
        outbox.c.state != OutboxState.WITHDRAWN,
    )
    if connection.execute(select(outbox.c.id).where(*left)).first() is None:  # what a unit said has not left, either
        connection.execute(update(message).where(message.c.released_by == letter_id).values(released_by=None))
    row = connection.execute(select(obeyed).where(obeyed.c.letter_id == letter_id)).one()
    connection.execute(delete(work).where(work.c.id.in_(row.found["works"])))
    connection.execute(delete(obeyed).where(obeyed.c.letter_id == letter_id))


def _last(connection: Connection, ticket_id: int) -> list[int]:
    """Return the last event and the last words of a ticket."""
    moved = and_(event.c.ticket_id == ticket_id, event.c.kind.not_in(HARMLESS))
    events = connection.execute(select(func.max(event.c.id)).where(moved)).scalar()
    words = connection.execute(select(func.max(message.c.id)).where(message.c.ticket_id == ticket_id)).scalar()
    return [events or 0, words or 0]


def _purposes(mail: Sequence[Row[Any, Any]], states: tuple[OutboxState, ...]) -> frozenset[Purpose]:
    return frozenset(Purpose(row.purpose) for row in mail if row.state in states)


def _chase_of(ticket_id: int, stored: dict[str, str] | None) -> Chase | None:
    if stored is None:
        return None
    instants = {name: datetime.fromisoformat(stored[name]) if name in stored else None for name in _INSTANTS}
    since = instants.pop("since")
    assert since is not None, "every chase has begun"
    return Chase(ticket_id=ticket_id, since=since, **instants)
