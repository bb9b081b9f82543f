"""Letters of ours: which they are, what an agent was told lately, who wrote what customers were told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from maild.model import Direction, OutboxState, Purpose
from maild.outbox.relayed import relay_key
from maild.store.schema import event, message, observing, outbox

MAX_NAMED = 3  # letters that one answer quotes, at most


def is_ours(message_ids: Sequence[str]) -> ColumnElement[bool]:
    """The condition that an outbox row has one of these Message-IDs, or went out with it because a relay changed its own."""
    keys = [key for one in message_ids if (key := relay_key(one))]
    named = outbox.c.message_id.in_(message_ids)
    return or_(named, outbox.c.relay_key.in_(keys)) if keys else named


def reaches() -> ColumnElement[bool]:
    """The condition that an outgoing letter reaches people, or is taken as if it did as long as its organisation observes.

    While it does, caps and words are to be what they would be; afterwards nobody has had what was withheld.
    """
    begins = observing.c.organization + "/"  # not by LIKE, where the "_" of one id is any letter of another's
    theirs = func.substr(outbox.c.mailbox, 1, func.length(begins)) == begins
    return or_(outbox.c.state != OutboxState.WITHHELD, exists().where(theirs))


def was_told_of(
    connection: Connection, kind: str, ticket_id: int, agent_key: str, since: datetime,
    seen: tuple[ColumnElement[bool], ...],
) -> bool:  # fmt: skip
    """Whether an agent has been notified since then of something of this kind in a ticket; `seen`: what may be looked at."""
    query = (
        select(outbox.c.id)
        .join(event, (event.c.letter_id == outbox.c.letter_id) & (event.c.ticket_id == outbox.c.ticket_id))
        .where(outbox.c.ticket_id == ticket_id, outbox.c.recipient_key == agent_key, outbox.c.queued_at > since)
        .where(outbox.c.purpose == Purpose.NOTIFICATION, event.c.kind == kind, *seen)
        .limit(1)
    )
    return connection.execute(query).first() is not None


def letters_named(
    connection: Connection, ticket_id: int, message_ids: Sequence[str], seen: tuple[ColumnElement[bool], ...]
) -> list[bytes]:
    """Return our latest letters about a ticket that have one of these Message-IDs; `seen`: what may be looked at."""
    query = (
        select(outbox.c.octets)
        .where(is_ours(message_ids), outbox.c.ticket_id == ticket_id, *seen)
        .order_by(outbox.c.id.desc())
        .limit(MAX_NAMED)
    )
    return [bytes(octets) for octets in connection.execute(query).scalars()]


def writer_of(connection: Connection, outbox_id: int) -> str:
    """Return the address (casefolded) of the agent who wrote an answer, or passed a request on, with a letter in the outbox; "" where nobody did.

    Whoever passes a request on has the receipt of it.
    """
    query = (
        select(message.c.author)
        .join(outbox, (outbox.c.letter_id == message.c.letter_id) & (outbox.c.ticket_id == message.c.ticket_id))
        .where(outbox.c.id == outbox_id, outbox.c.purpose == Purpose.ANSWER, message.c.direction == Direction.OUT)
        .limit(1)
    )
    receipt = outbox.alias()
    passed_on = (
        select(receipt.c.recipient_key)
        .join(outbox, (outbox.c.letter_id == receipt.c.letter_id) & (outbox.c.ticket_id == receipt.c.ticket_id))
        .where(outbox.c.id == outbox_id, outbox.c.purpose == Purpose.PASSING, receipt.c.purpose == Purpose.RECEIPT)
        .limit(1)
    )
    return (connection.execute(query).scalar() or connection.execute(passed_on).scalar() or "").casefold()
