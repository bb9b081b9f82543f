"""Answers of the FAQ that customers were shown, and which of them solved it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, update

from maild.desk.decision import Suggested
from maild.store.schema import suggestion


def add_suggestions(
    connection: Connection, ticket_id: int, organization: str, suggested: Sequence[Suggested], at: datetime
) -> None:
    """Record what the customer of a ticket was shown."""
    standing = {"ticket_id": ticket_id, "organization": organization, "at": at}
    if suggested:
        connection.execute(insert(suggestion), [standing | {"entry": s.entry, "way": s.way} for s in suggested])


def note_helped(connection: Connection, ticket_id: int, entries: Sequence[str], at: datetime) -> None:
    """Record that one of these entries has solved it; where nobody says which, each has its share."""
    where = (suggestion.c.ticket_id == ticket_id, suggestion.c.entry.in_(entries), suggestion.c.helped.is_(None))
    connection.execute(update(suggestion).where(*where).values(helped=1 / len(entries), helped_at=at))
