"""Whether a customer has written again since the letter of ours that an agent's letter answers."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, or_, select

from maild.model import Direction
from maild.outbox.relayed import relay_key
from maild.store.schema import letter, message, outbox


def is_overtaken(
    connection: Connection, ticket_id: int, answers: Sequence[str], seen: tuple[ColumnElement[bool], ...]
) -> bool:
    """Whether a letter came into the ticket after the one of which the answered letter of ours told; `seen`: what may be looked at.

    By the order in which they were walked: what the notification did not hold, the agent has not answered. False where it
    is not known what they answer.
    """
    keys = [key for one in answers if (key := relay_key(one))]
    named = or_(outbox.c.message_id.in_(answers), outbox.c.relay_key.in_(keys))
    told = connection.execute(
        select(func.max(outbox.c.letter_id)).where(named, outbox.c.ticket_id == ticket_id)
    ).scalar()
    if told is None:
        return False
    query = (
        select(message.c.id)
        .join(letter, letter.c.id == message.c.letter_id)
        .where(message.c.ticket_id == ticket_id, message.c.direction == Direction.IN, message.c.letter_id > told, *seen)
        .limit(1)
    )
    return connection.execute(query).first() is not None
