"""Customers who are waited for, and what the FAQ did, as stored."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from maild.desk.catalogue import Asking
from maild.desk.chase import Chase, begin_chase, look_at_chase
from maild.desk.decision import Suggested
from maild.store.chases import due_chases, end_chase, next_chase, put_off, save_chase
from maild.store.engine import Database
from maild.store.schema import suggestion
from maild.store.suggestions import add_suggestions, note_helped
from tests.store.conftest import NOW
from tests.store.tickets import open_ticket

DAY = timedelta(days=1)
ASKING = Asking(remind=3 * DAY, give_up=10 * DAY)


def chase(ticket_id: int = 1, **more: object) -> Chase:
    begun = begin_chase(ticket_id, ASKING, NOW)
    return Chase(**{**vars(begun), **more})


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asking", "remind", "close"),
    [
        (ASKING, NOW + 3 * DAY, NOW + 10 * DAY),
        (Asking(remind=timedelta(0), give_up=DAY), None, NOW + DAY),
        (Asking(remind=DAY, give_up=timedelta(0)), NOW + DAY, None),
        (Asking(remind=timedelta(0), give_up=timedelta(0)), None, None),
    ],
    ids=["both", "no reminder", "never given up", "neither"],
)
def test_a_chase_begins(asking: Asking, remind: object, close: object) -> None:
    begun = begin_chase(1, asking, NOW)
    assert (begun.remind_at, begun.close_at) == (remind, close)
    assert begun.next_at == (remind or close)


def test_nothing_is_due_before_its_instant() -> None:
    moment = timedelta(microseconds=1)
    assert look_at_chase(chase(), NOW + 3 * DAY - moment) == (chase(), None)
    reminded, what = look_at_chase(chase(), NOW + 3 * DAY)
    assert (what, reminded.remind_at, reminded.close_at) == ("remind", None, NOW + 10 * DAY)
    assert look_at_chase(reminded, NOW + 10 * DAY - moment)[1] is None
    assert look_at_chase(reminded, NOW + 10 * DAY)[1] == "close"


def test_nobody_is_given_up_without_their_reminder() -> None:
    """After a month away: the reminder first, and as much time as there would have been after it."""
    reminded, what = look_at_chase(chase(), NOW + 30 * DAY)
    assert (what, reminded.close_at) == ("remind", NOW + 37 * DAY)


# ── as stored ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_chase_is_found_when_it_is_due(database: Database) -> None:
    with database.write() as connection:
        for ticket_id in (1, 2):
            open_ticket(connection, ticket_id)
        save_chase(connection, chase(1))
        save_chase(connection, chase(2, remind_at=NOW + DAY))
        assert next_chase(connection) == NOW + DAY
        assert due_chases(connection, NOW + 3 * DAY - timedelta(seconds=1), 10) == [chase(2, remind_at=NOW + DAY)]
        assert due_chases(connection, NOW + 3 * DAY, 1) == [chase(2, remind_at=NOW + DAY)]
        assert [one.ticket_id for one in due_chases(connection, NOW + 3 * DAY, 10)] == [2, 1]


def test_a_ticket_has_one_chase(database: Database) -> None:
    """A second question takes the place of the first; when it is over nothing is due any more."""
    with database.write() as connection:
        open_ticket(connection, 1)
        save_chase(connection, chase())
        save_chase(connection, chase(remind_at=None))
        assert next_chase(connection) == NOW + 10 * DAY
        put_off(connection, 1, NOW + 20 * DAY)
        assert next_chase(connection) == NOW + 20 * DAY
        save_chase(connection, chase(remind_at=None, close_at=None))
        assert next_chase(connection) is None
        save_chase(connection, chase())
        end_chase(connection, 1)
        assert next_chase(connection) is None


def test_what_helped_has_its_share(database: Database) -> None:
    """One of two that may both have helped has half of it; said twice it counts once."""
    with database.write() as connection:
        open_ticket(connection, 1)
        shown = [Suggested(entry=entry, way="search") for entry in ("a", "b", "c")]
        add_suggestions(connection, 1, "acme", shown, NOW)
        note_helped(connection, 1, ("a", "b"), NOW + DAY)
        note_helped(connection, 1, ("a",), NOW + 2 * DAY)
        rows = connection.execute(select(suggestion.c.entry, suggestion.c.helped).order_by(suggestion.c.id)).all()
        assert [tuple(row) for row in rows] == [("a", 0.5), ("b", 0.5), ("c", None)]
