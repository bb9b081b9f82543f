"""What is shown of the desk is what the tables hold: compared with a reading of every row, on desks made at random."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, update

from maild.desk.case import DeskPolicy
from maild.desk.queries import Query, read_queries
from maild.desk.seen import MAX_SHOWN, Answered, Listing
from maild.model import Status
from maild.policy import Policy
from maild.sla.clock import Clock
from maild.sla.target import Moment, Target
from maild.store import clocks
from maild.store.digests import lists_of_day, theirs
from maild.store.engine import Database
from maild.store.overviews import end_of_day, look_up
from maild.store.schema import clock, ticket
from tests.store.conftest import BOX, NOW
from tests.store.tickets import open_ticket

HOUR = timedelta(hours=1)
TICKETS = 60
OPEN = {"new", "open", "waiting"}


def fill(connection: Connection, random: Random) -> None:
    """Tickets of two organisations in every state, with clocks that run, rest, are met or stopped."""
    for n in range(1, TICKETS + 1):
        open_ticket(
            connection, n, organization=random.choice(("acme", "acme", "acme", "beta")), status=random.choice(list(Status)),
            agent=random.choice(("", "ivan", "petra")), team=random.choice(("", "first", "second")),
            client=random.choice(("", "lutik")), rank=random.randrange(3),
            received_at=NOW - random.randrange(5) * HOUR,
        )  # fmt: skip
        moments = random.sample(list(Moment)[:3], random.randrange(3))
        started = []
        for moment in moments:
            due = random.choice((None, NOW, *(NOW + hours * HOUR for hours in (-30, -1, 1, 5, 14, 15, 16, 40))))
            target = Target(name="t", until=moment, within=HOUR, calendar="office")
            over: dict[str, Any] = random.choice(({}, {}, {"met_at": NOW - HOUR}, {"stopped_at": NOW - HOUR}))
            started.append(Clock(ticket_id=n, target=target, started_at=NOW - 40 * HOUR, due_at=due, **over))
        clocks.save(connection, started)


def oracle(connection: Connection, holds: Callable[[dict[str, Any], list[datetime]], bool]) -> list[str]:
    """The numbers of the open tickets of acme for which something holds, told their running terms, in queue order."""
    tickets = [dict(row) for row in connection.execute(ticket.select()).mappings()]
    running = [dict(row) for row in connection.execute(clock.select()).mappings()]
    found = []
    for one in tickets:
        terms = [
            row["due_at"]
            for row in running
            if row["ticket_id"] == one["id"] and row["due_at"] and not row["met_at"] and not row["stopped_at"]
        ]
        if one["organization"] == "acme" and one["status"] in OPEN and holds(one, terms):
            found.append((one["rank"], one["received_at"], one["id"], one["number"]))
    return [number for *_, number in sorted(found)]


def numbers(listing: Listing | None) -> list[str]:
    assert listing is not None
    assert listing.total == len(listing.tickets)
    return [one.ticket.number for one in listing.tickets]


def shown(connection: Connection, desk: DeskPolicy, line: str) -> Answered:
    """What Ivan is shown who asks this."""
    (one,) = look_up(connection, connection, read_queries(line, ""), desk, desk.agents[0], NOW)
    return one


@pytest.fixture
def desk(policy: Policy) -> DeskPolicy:
    return policy.mailboxes[BOX].desk


@pytest.mark.parametrize("seed", range(12))
def test_lists_are_those_of_the_tables(database: Database, desk: DeskPolicy, seed: int) -> None:
    """Mine, queue, overdue, today: every ticket that belongs there and no other, in the order of the queue."""
    with database.write() as connection:
        fill(connection, Random(seed))
        midnight = end_of_day(desk, NOW)
        expected = {
            "mine": oracle(connection, lambda one, _: one["agent"] == "ivan"),
            "queue": oracle(connection, lambda one, _: True),
            "overdue": oracle(connection, lambda _, terms: any(due <= NOW for due in terms)),
            "today": oracle(connection, lambda _, terms: any(due <= midnight for due in terms)),
        }
        for line, found in expected.items():
            answer = shown(connection, desk, line).listing
            assert answer is not None
            assert [one.ticket.number for one in answer.tickets] == found[:MAX_SHOWN]
            assert answer.total == len(found)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("of", ["ivan", ""], ids=["an agent", "the head"])
def test_a_digest_is_that_of_the_tables(database: Database, desk: DeskPolicy, seed: int, of: str) -> None:
    """Each ticket stands once: overdue, due today, taken by nobody, or waiting; an agent's are theirs and their team's."""
    with database.write() as connection:
        fill(connection, Random(seed))
        midnight = end_of_day(desk, NOW)

        def is_theirs(one: dict[str, Any]) -> bool:
            return not of or one["agent"] == of or (one["agent"] == "" and one["team"] in ("", "first"))

        def kind(one: dict[str, Any], terms: list[datetime]) -> str:
            if any(due <= NOW for due in terms):
                return "overdue"
            if any(due <= midnight for due in terms):
                return "due"
            if not one["agent"]:
                return "unassigned"
            return "waiting" if one["status"] == "waiting" else ""

        lists = lists_of_day(connection, "acme", theirs("ivan", ["first"]) if of else None, NOW, midnight)
        assert list(lists) == ["overdue", "due", "unassigned", "waiting"]
        for name, listing in lists.items():
            wanted = oracle(connection, lambda one, terms, name=name: is_theirs(one) and kind(one, terms) == name)  # type: ignore[misc]
            assert numbers(listing) == wanted[:MAX_SHOWN]


def test_the_term_shown_is_the_first_that_runs(sqlite: Database, desk: DeskPolicy) -> None:
    """One that is met or has no term is none."""
    with sqlite.write() as connection:
        open_ticket(connection, 1)
        target = [Target(name="t", until=moment, within=HOUR, calendar="office") for moment in list(Moment)[:3]]
        started = {"ticket_id": 1, "started_at": NOW}
        clocks.save(
            connection,
            [
                Clock(target=target[0], due_at=NOW + HOUR, met_at=NOW, **started),  # type: ignore[arg-type]
                Clock(target=target[1], due_at=NOW + 3 * HOUR, **started),  # type: ignore[arg-type]
                Clock(target=target[2], due_at=None, **started),  # type: ignore[arg-type]
            ],
        )
        listing = shown(connection, desk, "queue").listing
        assert listing is not None
        assert [one.term and one.term.due_at for one in listing.tickets] == [NOW + 3 * HOUR]


def test_what_is_not_shown_is_counted(sqlite: Database, desk: DeskPolicy) -> None:
    """Twenty stand there, the others are a number."""
    with sqlite.write() as connection:
        for n in range(1, MAX_SHOWN + 13):
            open_ticket(connection, n)
        listing = shown(connection, desk, "queue").listing
        assert listing is not None
        assert (len(listing.tickets), listing.total) == (MAX_SHOWN, MAX_SHOWN + 12)
        connection.execute(update(ticket).values(status="closed"))
        assert shown(connection, desk, "queue").listing == Listing()


def test_the_day_ends_at_midnight_of_the_organisation(desk: DeskPolicy) -> None:
    """In Moscow it does three hours before it does in UTC."""
    assert end_of_day(desk, datetime(2026, 3, 2, 20, 59, tzinfo=UTC)) == datetime(2026, 3, 2, 21, tzinfo=UTC)
    assert end_of_day(desk, datetime(2026, 3, 2, 21, tzinfo=UTC)) == datetime(2026, 3, 3, 21, tzinfo=UTC)


def test_only_five_are_looked_up(sqlite: Database, desk: DeskPolicy) -> None:
    """What is not answered is still there, to be counted."""
    with sqlite.write() as connection:
        queries = [Query(name="queue", line="queue")] * 7
        answers = look_up(connection, connection, queries, desk, desk.agents[0], NOW)
        assert [one.listing is not None for one in answers] == [True] * 5 + [False] * 2
