"""What customers were asked and have said, as stored: asked once, the latest word counts, and the past is seen as it was."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from maild.desk.survey import Question, Vote
from maild.model import Rating
from maild.store import letters
from maild.store.engine import Database
from maild.store.schema import verdict
from maild.store.surveys import find_questions, read_satisfaction, save_question, save_vote, verdicts_of
from tests.store.conftest import NOW, letter
from tests.store.tickets import open_ticket

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
QUESTION = Question(ticket_id=1, at=NOW, until=NOW + 14 * DAY, agent="ivan", team="first", client="romashka")


def ask(connection: Connection) -> int:
    """Ask about the first of two tickets, and return the letter in which its customer will answer."""
    for ticket_id in (1, 2):
        open_ticket(connection, ticket_id)
    save_question(connection, "acme", QUESTION, None)
    (letter_id,) = letters.add(connection, [letter(1)], NOW)
    return letter_id


def test_asked_and_answered(database: Database) -> None:
    """The latest word counts, all are kept; who was not asked is not there."""
    with database.write() as connection:
        letter_id = ask(connection)
        assert find_questions(connection, [1, 2]) == {1: QUESTION}
        assert find_questions(connection, []) == find_questions(connection, [2]) == {}
        for days, value in enumerate((Rating.BAD, Rating.GOOD)):
            save_vote(connection, letter_id, Vote(ticket_id=1, value=value, author="olga@x.example"), NOW + days * DAY)
        assert find_questions(connection, [1, 2])[1].said is Rating.GOOD
        assert [(one.value, one.counts) for one in verdicts_of(connection, 1)] == [("bad", False), ("good", True)]
        for by, of in ((None, ""), ("agent", "ivan"), ("team", "first"), ("client", "romashka")):
            (row,) = read_satisfaction(connection, "acme", NOW, NOW + MOMENT, by)  # type: ignore[arg-type]
            assert (row.of, row.asked, row.answered, row.good, row.bad, row.share) == (of, 1, 1, 1, 0, 1.0)
        for since, until, whose in (
            (NOW - DAY, NOW, "acme"),
            (NOW + MOMENT, NOW + DAY, "acme"),
            (NOW, NOW + DAY, "beta"),
        ):
            assert list(read_satisfaction(connection, whose, since, until, None)) == []


def test_the_past_is_seen_as_it_was(database: Database) -> None:
    with database.write() as connection:
        letter_id = ask(connection)
        save_vote(connection, letter_id, Vote(ticket_id=1, value=Rating.BAD, author="olga@x.example"), NOW + DAY)
        assert find_questions(connection, [1], until=NOW) == {}
        assert find_questions(connection, [1], until=NOW + DAY)[1].said is None
        assert find_questions(connection, [1], until=NOW + DAY + MOMENT)[1].said is Rating.BAD


def test_the_database_itself_refuses_a_second(database: Database) -> None:
    """Question about a ticket, or verdict that counts."""
    with database.write() as connection:
        letter_id = ask(connection)
        save_vote(connection, letter_id, Vote(ticket_id=1, value=Rating.BAD, author="olga@x.example"), NOW)
    again = {"ticket_id": 1, "letter_id": letter_id, "at": NOW, "value": "good", "author": "", "superseded": False}
    with pytest.raises(IntegrityError), database.write() as connection:
        save_question(connection, "acme", QUESTION, None)
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(verdict).values(**again))
