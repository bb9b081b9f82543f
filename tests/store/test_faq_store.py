"""What the store tells of the FAQ: figures per entry, and requests as they came."""

from datetime import timedelta

from maild.desk.decision import Suggested
from maild.faq.recurrence import Asked
from maild.store import faq
from maild.store.engine import Database
from maild.store.suggestions import add_suggestions, note_helped
from tests.store.conftest import NOW
from tests.store.tickets import add_requests

DAY = timedelta(days=1)


def test_figures_per_entry(database: Database) -> None:
    """By who thought of it; a share where one of several helped; of this organisation, since an instant inclusive."""
    with database.write() as connection:
        one, two, three = add_requests(connection, "acme", [("s", "t", NOW)] * 3)
        [alien] = add_requests(connection, "other", [("s", "t", NOW)], first=4)
        add_suggestions(
            connection, one, "acme", [Suggested(entry="a", way="search"), Suggested(entry="b", way="rule")], NOW
        )
        add_suggestions(connection, two, "acme", [Suggested(entry="a", way="agent")], NOW + DAY)
        add_suggestions(connection, three, "acme", [Suggested(entry="a", way="search")], NOW - DAY)
        add_suggestions(connection, alien, "other", [Suggested(entry="a", way="search")], NOW)
        note_helped(connection, one, ["a", "b"], NOW)
        note_helped(connection, two, ["a"], NOW + DAY)
    a = faq.EntryStats(entry="a", suggested=2, by_search=1, by_rule=0, by_agent=1, helped=1.5)
    b = faq.EntryStats(entry="b", suggested=1, by_search=0, by_rule=1, by_agent=0, helped=0.5)
    with database.read() as connection:
        assert faq.stats(connection, "acme", NOW) == (a, b)
        assert faq.stats(connection, "acme", NOW + DAY * 2) == ()
        [all_] = faq.stats(connection, "other", NOW)
        assert all_.suggested == 1


def test_requests_as_they_came(database: Database) -> None:
    """Number, subject, words of the first letter alone, and whether anything was suggested; oldest first."""
    with database.write() as connection:
        asked = [("Second", "two", NOW), ("First", "one", NOW - DAY), ("Old", "zero", NOW - DAY * 9)]
        two, one, _ = add_requests(connection, "acme", asked)
        add_requests(connection, "other", [("Alien", "t", NOW)], first=4)
        add_suggestions(connection, two, "acme", [Suggested(entry="a", way="search")] * 2, NOW)
    with database.read() as connection:
        assert faq.requests(connection, "acme", NOW - DAY) == [
            Asked(number=f"ACME-{one}", subject="First", text="one", at=NOW - DAY, suggested=False),
            Asked(number=f"ACME-{two}", subject="Second", text="two", at=NOW, suggested=True),
        ]
