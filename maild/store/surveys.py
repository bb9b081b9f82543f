"""What customers were asked of our work, and what they have said (`desk.survey`)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, and_, exists, func, insert, select, update
from sqlalchemy.sql import Select

from maild.desk.survey import Question, Vote
from maild.model import TO_OUR_OWN, OutboxState, Rating
from maild.store.schema import outbox, survey, verdict

By = Literal["agent", "team", "client"]


def find_questions(connection: Connection, ids: Collection[int], until: datetime | None = None) -> dict[int, Question]:
    """Return what the customers of these tickets were asked, by ticket; asked and said before `until`, if that is given."""
    if not ids:
        return {}
    seen = () if until is None else (survey.c.at < until,)
    asked = connection.execute(select(survey).where(survey.c.ticket_id.in_(ids), *seen)).all()
    if not asked:
        return {}
    then = () if until is None else (verdict.c.at < until,)
    said = select(verdict.c.ticket_id, verdict.c.value).where(verdict.c.ticket_id.in_(ids), *then)
    latest = dict(connection.execute(said.order_by(verdict.c.id)).all())
    return {
        row.ticket_id: Question(
            ticket_id=row.ticket_id, at=row.at, until=row.until, agent=row.agent, team=row.team, client=row.client,
            said=Rating(latest[row.ticket_id]) if row.ticket_id in latest else None,
        )
        for row in asked
    }  # fmt: skip


def save_question(connection: Connection, organization: str, asked: Question, letter_id: int | None) -> None:
    """Remember that a customer is asked; a second time the database refuses. `letter_id`: None where time asks."""
    whose = {"agent": asked.agent, "team": asked.team, "client": asked.client}
    values = {"ticket_id": asked.ticket_id, "organization": organization, "at": asked.at, "until": asked.until}
    connection.execute(insert(survey).values(**values, **whose, letter_id=letter_id))


def save_vote(connection: Connection, letter_id: int, vote: Vote, at: datetime) -> None:
    """Write what a customer says, in place of what counted so far."""
    here = (verdict.c.ticket_id == vote.ticket_id, ~verdict.c.superseded)
    connection.execute(update(verdict).where(*here).values(superseded=True))
    values = {"ticket_id": vote.ticket_id, "letter_id": letter_id, "at": at, "value": vote.value, "author": vote.author}
    connection.execute(insert(verdict).values(**values, superseded=False))


def unask(connection: Connection, letter_id: int) -> None:
    """Forget the question that a letter of commands has asked, unless it has left."""
    left = exists().where(
        outbox.c.letter_id == letter_id,
        outbox.c.purpose.not_in(TO_OUR_OWN),
        outbox.c.state.in_((OutboxState.SENDING, OutboxState.SENT, OutboxState.WITHHELD)),
    )
    connection.execute(survey.delete().where(survey.c.letter_id == letter_id, ~left))


@dataclass(frozen=True, kw_only=True)
class Given:
    """One verdict in a ticket's history."""

    at: datetime
    value: Rating
    author: str
    letter_id: int
    counts: bool  # it is the latest


def verdicts_of(connection: Connection, ticket_id: int) -> list[Given]:
    """Return what the customer of a ticket has said of our work, oldest first."""
    query = select(verdict).where(verdict.c.ticket_id == ticket_id).order_by(verdict.c.id)
    return [
        Given(at=row.at, value=Rating(row.value), author=row.author, letter_id=row.letter_id, counts=not row.superseded)
        for row in connection.execute(query)
    ]


@dataclass(frozen=True, kw_only=True)
class Satisfied:
    """What customers of one kind say."""

    of: str  # id of the agent or team, key of the client; "": nobody's, or all
    asked: int
    answered: int
    good: int
    fair: int
    bad: int
    share: float | None  # of the good ones among those that were answered, 0 to 1; None: none was


def read_satisfaction(
    connection: Connection, organization: str, since: datetime, until: datetime, by: By | None
) -> Iterator[Satisfied]:
    """Yield what was said by those who were asked from `since` to before `until`: all of them, or by whose the work was then.

    Who was asked nothing is left out, so that it may be nobody.
    """
    of = survey.c[by] if by else None
    columns: list[Any] = [] if of is None else [of.label("of")]
    query: Select[Any] = select(
        *columns,
        func.count().label("asked"),
        *(func.count().filter(verdict.c.value == one).label(str(one)) for one in Rating),
    ).select_from(survey.outerjoin(verdict, and_(verdict.c.ticket_id == survey.c.ticket_id, ~verdict.c.superseded)))
    query = query.where(survey.c.organization == organization, survey.c.at >= since, survey.c.at < until)
    if of is not None:
        query = query.group_by(of).order_by(of)
    for row in connection.execute(query):
        good, fair, bad = (int(getattr(row, one)) for one in Rating)
        if row.asked:
            answered = good + fair + bad
            yield Satisfied(
                of=row.of if by else "", asked=row.asked, answered=answered, good=good, fair=fair, bad=bad,
                share=good / answered if answered else None,
            )  # fmt: skip
