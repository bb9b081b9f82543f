"""Letters that an agent was asked about (`desk.confirming`): kept, found by the reply, ended by the first answer."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from maild.desk.case import Kept
from maild.model import OutcomeKind
from maild.store.news import news_of
from maild.store.schema import confirmation, letter


def find_kept(
    connection: Connection, organization: str, ids: Collection[int], until: datetime | None
) -> tuple[Kept, ...]:
    """Return what agents were asked about these letters of an organisation; what was answered after `until` waits yet."""
    if not ids:
        return ()
    query = (
        select(confirmation, letter.c.ticket_id)
        .join(letter, letter.c.id == confirmation.c.letter_id)
        .where(confirmation.c.letter_id.in_(ids), letter.c.organization == organization)
        .where(letter.c.erased_by.is_(None))
        .order_by(confirmation.c.letter_id)
    )
    rows = connection.execute(query).all()
    news = news_of(connection, [row.letter_id for row in rows])
    return tuple(
        Kept(
            letter_id=row.letter_id,
            agent=row.agent,
            until=row.expires_at,
            ticket_id=row.ticket_id,
            answered=row.answered_at is not None and (until is None or row.answered_at < until),
            **news.get(row.letter_id, {}),
        )
        for row in rows
    )


def count_open(
    connection: Connection,
    agent: str,
    ticket_id: int | None,
    now: datetime,
    until: datetime | None,
    seen: tuple[ColumnElement[bool], ...],
) -> int:
    """Return about how many letters in a ticket, or in none, an agent has been asked and has not answered, while they still may."""
    unanswered = confirmation.c.answered_at.is_(None)
    query = (
        select(func.count())
        .select_from(confirmation)
        .join(letter, letter.c.id == confirmation.c.letter_id)
        .where(confirmation.c.agent == agent, letter.c.ticket_id == ticket_id, confirmation.c.expires_at > now, *seen)
        .where(unanswered if until is None else or_(unanswered, confirmation.c.answered_at >= until))
    )
    return int(connection.execute(query).scalar() or 0)


def save_kept(connection: Connection, letter_id: int, agent: str, until: datetime) -> None:
    """Remember that an agent is asked about a letter."""
    connection.execute(delete(confirmation).where(confirmation.c.letter_id == letter_id))
    connection.execute(insert(confirmation).values(letter_id=letter_id, agent=agent, expires_at=until))


def end_kept(connection: Connection, letter_id: int, now: datetime) -> None:
    """Remember that the agent has said whether the letter is theirs: nobody can say so again."""
    here = (confirmation.c.letter_id == letter_id, confirmation.c.answered_at.is_(None))
    if connection.execute(update(confirmation).where(*here).values(answered_at=now)).rowcount != 1:
        raise RuntimeError(f"letter {letter_id} was confirmed or disowned already")


def release_confirmed(connection: Connection, letter_id: int, agent: str) -> None:
    """Take a letter that was kept back onto its walk, this time as the agent's."""
    where = (letter.c.id == letter_id, letter.c.outcome == OutcomeKind.IGNORED)
    values = {"outcome": None, "reason": None, "walks": 1, "confirmed": agent}
    connection.execute(update(letter).where(*where).values(values))
