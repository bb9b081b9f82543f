"""Promises of stored clocks: kept exactly, found when they are due, reminded of once, and only the open ones cost anything."""

from dataclasses import fields, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Connection

from maild.model import Status
from maild.sla.clock import Clock, Extension, Pause, Span, Wait
from maild.sla.target import Audience, Hours, Mode, Moment, Target, Threshold
from maild.store import clocks, views
from maild.store.clocks import Reminded
from maild.store.engine import Database
from maild.store.tickets import queue_lengths
from tests.store.conftest import NOW
from tests.store.tickets import open_ticket, reminders_of

ORG = "acme"
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
TARGET = Target(name="answer", until=Moment.ANSWERED, within=HOUR, calendar="office")
FULL = Clock(
    ticket_id=1,
    target=Target(
        name="решение", start=Moment.STARTED, until=Moment.RESOLVED, within=timedelta(days=30, microseconds=7),
        mode=Mode.SKIP_DAYS_OFF, calendar="office", up_to=timedelta(hours=72), levels=frozenset({"gold"}),
        categories=frozenset({"fault", "question"}), severities=frozenset({"high"}), hours=frozenset({Hours.WORKING}),
        thresholds=(
            Threshold(text="66%", share=Fraction(2, 3), to=(Audience.HEAD, Audience.AGENT)),
            Threshold(text="+1h", offset=HOUR, to=()),
        ),
    ),
    started_at=NOW + TICK,
    pauses=(Pause(since=NOW, until=NOW + HOUR, reason=Wait.RELEASE), Pause(since=NOW + 2 * HOUR)),
    due_at=NOW + 3 * HOUR,
    set_at=NOW + 4 * HOUR,
    extension=Extension(to=72 * HOUR, asked_at=NOW, notice="more@acme.example", left_at=NOW + TICK),
    met_at=NOW + 5 * HOUR,
    breached_at=NOW + 3 * HOUR,
    stopped_at=NOW + 6 * HOUR,
    reminded=frozenset({"66%", "+1h"}),
    next_at=NOW + 7 * HOUR,
    calendar="f" * 64,
    spans=(Span(start=NOW, end=NOW + HOUR, counts=True, why="открыто 10:00–18:00"),),
    doubts=("after 31.12.2026 the calendar's days off are not confirmed",),
)  # fmt: skip


def clock(ticket_id: int = 1, **values: object) -> Clock:
    return replace(Clock(ticket_id=ticket_id, target=TARGET, started_at=NOW), **values)  # type: ignore[arg-type]


@pytest.fixture
def database(database: Database) -> Database:
    """Three open tickets."""
    with database.write() as connection:
        for n in (1, 2, 3):
            open_ticket(connection, n)
    return database


def start(connection: Connection, *given: Clock) -> list[Clock]:
    return list(clocks.save(connection, given))


# ── kept ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kept", [FULL, clock()], ids=["everything set", "nothing set"])
def test_a_clock_comes_back_as_it_was(database: Database, kept: Clock) -> None:
    """Microseconds, Cyrillic and all: on its first writing, and on the next."""
    with database.write() as connection:
        (saved,) = clocks.save(connection, [kept])
    assert saved == replace(kept, id=saved.id)
    with database.write() as connection:
        assert clocks.load_clocks(connection, [1]) == {1: (saved,)}
        other = FULL if kept != FULL else clock(target=replace(TARGET, until=Moment.RESOLVED))
        assert clocks.save(connection, [replace(other, id=saved.id)]) == (replace(other, id=saved.id),)
    with database.read() as connection:
        assert clocks.load_clocks(connection, [1]) == {1: (replace(other, id=saved.id),)}


def test_every_field_of_a_clock_is_put_to_the_test() -> None:
    """`FULL` differs from a bare clock in everything, so that a column forgotten above would be found."""
    bare = clock()
    assert [one.name for one in fields(Clock) if getattr(FULL, one.name) == getattr(bare, one.name)] == [
        "id",
        "ticket_id",
    ]


def test_clocks_are_loaded_by_ticket_in_the_order_of_their_start(database: Database) -> None:
    """More tickets than fit into one query as well."""
    with database.write() as connection:
        late, early, other = start(
            connection,
            clock(started_at=NOW + HOUR, met_at=NOW),
            clock(),
            clock(2),
        )
        found = clocks.load_clocks(connection, range(1, 2 * clocks.CHUNK))
    assert found == {1: (early, late), 2: (other,)}


def test_a_ticket_has_one_running_clock_until_each_moment(database: Database) -> None:
    """The database refuses the second; what was met or stopped is no hindrance."""
    with database.write() as connection:
        start(connection, clock(met_at=NOW), clock(stopped_at=NOW), clock(), clock(target=FULL.target), clock(2))
    with pytest.raises(Exception, match=r"(?i)unique"), database.write() as connection:
        start(connection, clock())


def test_what_ends_one_clock_and_starts_another_is_saved_in_one_call(database: Database) -> None:
    """In any order, and also where two stored clocks change places."""
    with database.write() as connection:
        first, met = start(connection, clock(), clock(met_at=NOW))
        fresh, stopped = clocks.save(connection, [clock(started_at=NOW + HOUR), replace(first, stopped_at=NOW)])
        assert clocks.load_clocks(connection, [1])[1] == (stopped, met, fresh)
        clocks.save(connection, [replace(met, met_at=None), replace(fresh, stopped_at=NOW)])
        assert [one.running for one in clocks.load_clocks(connection, [1])[1]] == [False, True, False]


# ── due ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_due_are_the_clocks_that_have_waited_longest(database: Database) -> None:
    """The instant itself is due; those that want nothing never are."""
    with database.write() as connection:
        saved = start(
            connection,
            clock(1, next_at=NOW),
            clock(2, next_at=NOW - HOUR),
            clock(3, next_at=NOW + TICK),
            clock(1, target=FULL.target),
            clock(2, target=FULL.target, next_at=NOW),
        )
        assert clocks.due(connection, NOW, 10) == [saved[1], saved[0], saved[4]]
        assert clocks.due(connection, NOW, 2) == [saved[1], saved[0]]
        assert clocks.due(connection, NOW - 2 * HOUR, 10) == []
        assert clocks.next_look(connection) == NOW - HOUR


def test_nothing_is_due_where_nothing_runs(database: Database) -> None:
    with database.write() as connection:
        start(connection, clock())
        assert clocks.due(connection, NOW, 10) == []
        assert clocks.next_look(connection) is None


def test_a_clock_is_found_by_the_letter_that_its_extension_waits_for(database: Database) -> None:
    with database.write() as connection:
        saved = start(
            connection,
            clock(extension=FULL.extension), clock(2), clock(3, extension=FULL.extension),
        )  # fmt: skip
        assert clocks.by_notice(connection, "more@acme.example") == [saved[0], saved[2]]
        assert clocks.by_notice(connection, "other@acme.example") == []


# ── calendars ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_open_clocks_of_another_calendar_come_in_batches(database: Database) -> None:
    """By id, each once, however many are changed on the way; not those that have the rules already, or are over."""
    night = replace(TARGET, calendar="night")
    with database.write() as connection:
        open_ticket(connection, 4, organization="beta")
        saved = start(
            connection,
            clock(1, calendar="old"), clock(2, calendar="new"), clock(3, calendar=""), clock(4, calendar="old"),
            clock(1, calendar="old", met_at=NOW), clock(2, calendar="old", stopped_at=NOW),
            clock(3, calendar="old", target=replace(night, until=Moment.RESOLVED)),
            clock(2, calendar="older", target=replace(TARGET, until=Moment.RESOLVED)),
        )  # fmt: skip
        expected = [saved[0], saved[2], saved[7]]
        batches: list[list[Clock]] = []
        after = 0
        while batch := clocks.open_with_other_calendar(connection, ORG, "office", "new", after, 2):
            batches.append(batch)
            after = batch[-1].id or 0
            clocks.save(connection, [replace(one, calendar="new") for one in batch[:1]])
        assert batches == [expected[:2], expected[2:]]


def test_a_calendar_has_one_version(database: Database) -> None:
    with database.write() as connection:
        for name, fingerprint, organization in (
            ("office", "1", ORG), ("office", "2", ORG), ("night", "3", ORG), ("office", "4", "beta"),
        ):  # fmt: skip
            clocks.set_calendar_version(connection, organization, name, fingerprint, NOW)
        assert clocks.calendar_versions(connection, ORG) == {"office": "2", "night": "3"}
        assert clocks.calendar_versions(connection, "gamma") == {}


# ── reminders ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reminder_is_recorded_once_for_a_clock_a_threshold_and_a_term(database: Database) -> None:
    """A term that has moved arms the threshold anew; the history keeps each with its words."""
    with database.write() as connection:
        first, second = start(connection, clock(1), clock(2))
        assert first.id is not None
        assert second.id is not None
        told = Reminded(clock_id=first.id, threshold="50%", term=NOW, kind="before", at=NOW - HOUR)
        moved = replace(told, term=NOW + TICK, at=NOW, late=True)
        other = replace(told, threshold="0", kind="term", at=NOW + HOUR, sent=False)
        for reminder, expected in (
            (told, True), (told, False), (replace(told, at=NOW, late=True, kind="after"), False), (moved, True),
            (other, True), (replace(told, clock_id=second.id), True),
        ):  # fmt: skip
            assert clocks.record(connection, [reminder]) == [reminder] * expected
        assert reminders_of(connection, 1) == [told, moved, other]


def test_recording_twice_spoils_no_transaction(database: Database) -> None:
    """On PostgreSQL an error would end it; what was written before has to stay."""
    with database.write() as connection:
        (one,) = start(connection, clock())
        assert one.id is not None
        told = Reminded(clock_id=one.id, threshold="0", term=NOW, kind="term", at=NOW)
        clocks.record(connection, [told])
        clocks.record(connection, [told])
        start(connection, clock(2))
    with database.read() as connection:
        assert set(clocks.load_clocks(connection, [1, 2])) == {1, 2}


# ── the queue ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_queue_is_by_rank_then_receipt(database: Database) -> None:
    """With the nearest term that still runs, page by page; what is resolved or closed has no place in it."""
    with database.write() as connection:
        for n, rank, received_at, status in (
            (4, 2, NOW - HOUR, Status.OPEN), (5, 0, NOW + HOUR, Status.WAITING), (6, 1, NOW + HOUR, Status.NEW),
            (7, 0, NOW, Status.RESOLVED), (8, 0, NOW, Status.CLOSED), (9, 2, NOW - HOUR, Status.NEW),
        ):  # fmt: skip
            open_ticket(connection, n, rank=rank, received_at=received_at, status=status)
        open_ticket(connection, 10, organization="beta")
        start(
            connection,
            clock(4, due_at=NOW + 2 * HOUR), clock(4, due_at=NOW + HOUR, target=FULL.target),
            clock(4, due_at=NOW, met_at=NOW), clock(4, due_at=NOW, stopped_at=NOW), clock(5),
        )  # fmt: skip
        everything = views.queue(connection, ORG)
        assert [one.ticket.id for one in everything] == [5, 6, 4, 9, 1, 2, 3]
        assert {one.ticket.id: one.due_at for one in everything if one.due_at} == {4: NOW + HOUR}
        pages = [views.queue(connection, ORG, limit=3)]
        while pages[-1]:
            pages.append(views.queue(connection, ORG, limit=3, after=pages[-1][-1].ticket))
        assert [one for page in pages for one in page] == everything


def test_the_first_tickets_of_any_status_are_in_the_order_of_the_queue(database: Database) -> None:
    """Of all organisations or one, whatever else there is."""
    with database.write() as connection:
        for n, rank, received_at, status in (
            (4, 2, NOW - HOUR, Status.CLOSED), (5, 0, NOW + HOUR, Status.CLOSED), (6, 0, NOW, Status.OPEN),
        ):  # fmt: skip
            open_ticket(connection, n, rank=rank, received_at=received_at, status=status)
        open_ticket(connection, 7, organization="beta", rank=1)

        def first(**named: Any) -> list[int]:
            return [one.id for one in views.first_tickets(connection, **named)]

        assert first(limit=10) == [6, 5, 7, 4, 1, 2, 3]
        assert first(limit=3) == [6, 5, 7]
        assert first(limit=10, organization=ORG) == [6, 5, 4, 1, 2, 3]
        assert first(limit=10, status="closed") == [5, 4]
        assert first(limit=1, status="closed", organization=ORG) == [5]
        assert first(limit=10, status="closed", organization="beta") == []


def test_the_queue_is_counted_from_its_front_by_rank(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """No further than a place means anything: it is counted for every letter that opens a ticket."""
    with database.write() as connection:
        for n, rank, status in (
            (4, 0, Status.OPEN), (5, 2, Status.WAITING), (6, 1, Status.NEW), (7, 0, Status.RESOLVED), (8, 0, Status.CLOSED),
        ):  # fmt: skip
            open_ticket(connection, n, rank=rank, status=status)
        open_ticket(connection, 9, organization="beta")
        assert queue_lengths(connection, ORG) == {0: 1, 1: 1, 2: 4}
        monkeypatch.setattr("maild.store.tickets.MAX_COUNTED", 4)
        assert queue_lengths(connection, ORG) == {0: 1, 1: 1, 2: 2}
