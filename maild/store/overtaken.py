"""What an agent who answers could not know: that the customer has written again, or that a colleague has answered already."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from maild.model import Direction, Purpose
from maild.store.schema import event, letter, message, outbox
from maild.store.told import is_ours


def told_by(connection: Connection, tickets: Collection[int], answers: Sequence[str]) -> tuple[int, int] | None:
    """Return the ticket and the letter (ids) of which the answered letter of ours told; None where it is not known what is answered."""
    query = (
        select(outbox.c.ticket_id, outbox.c.letter_id)
        .where(is_ours(answers), outbox.c.ticket_id.in_(tickets), outbox.c.letter_id.is_not(None))
        .order_by(outbox.c.letter_id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return (row.ticket_id, row.letter_id) if row else None


def knows_latest_answer(
    connection: Connection, ticket_id: int, answers: Sequence[str], agent_key: str,
    walked: tuple[ColumnElement[bool], ...], queued: tuple[ColumnElement[bool], ...],
) -> bool:  # fmt: skip
    """Whether an agent who writes now had word from us of the last answer in a ticket.

    `walked` and `queued` are what may be looked at of letters and of our own.

    They have where the letter of ours that theirs answers came with that answer or after it, and where they were handed
    the request then.
    """
    given = (
        select(message.c.letter_id, message.c.at)
        .join(letter, letter.c.id == message.c.letter_id)
        .where(message.c.ticket_id == ticket_id, message.c.direction == Direction.OUT, *walked)
    )
    last = connection.execute(given.order_by(message.c.id.desc()).limit(1)).one_or_none()
    if last is None:
        return False
    # the daemon's own letters, by the hour, were caused by none
    since = or_(outbox.c.letter_id >= last.letter_id, and_(outbox.c.letter_id.is_(None), outbox.c.queued_at >= last.at))
    moved = exists().where(
        event.c.letter_id == outbox.c.letter_id, event.c.ticket_id == ticket_id, event.c.kind == "agent"
    )
    told = (outbox.c.ticket_id == ticket_id, outbox.c.recipient_key == agent_key)
    handed = and_(*told, outbox.c.purpose == Purpose.NOTIFICATION, moved)
    query = select(outbox.c.id).where(or_(is_ours(answers), handed), since, *queued).limit(1)
    return connection.execute(query).first() is not None


def is_overtaken(
    connection: Connection, ticket_id: int, answers: Sequence[str], seen: tuple[ColumnElement[bool], ...]
) -> bool:
    """Whether a letter came into the ticket after the one of which the answered letter of ours told; `seen`: what may be looked at.

    By the order in which they were walked: what the notification did not hold, the agent has not answered. False where it
    is not known what they answer.
    """
    told = told_by(connection, [ticket_id], answers)
    if told is None:
        return False
    _, told_of = told
    query = (
        select(message.c.id)
        .join(letter, letter.c.id == message.c.letter_id)
        .where(
            message.c.ticket_id == ticket_id, message.c.direction == Direction.IN, message.c.letter_id > told_of, *seen
        )
        .limit(1)
    )
    return connection.execute(query).first() is not None
