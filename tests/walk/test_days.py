"""The digest of a day: who reads what when, by a moved clock, whatever the clock and the daemons do."""

import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select, text

from maild.digesting import next_digest, readers, send_digests
from maild.errors import StoreError
from maild.rehearsal import Rehearsal, SentLetter
from maild.store.engine import Database
from maild.store.schema import digest, outbox
from tests.walk.served import HEAD_ADDRESS, IVAN, IVAN_ADDRESS, OLGA, STRANGER, open_served, order, write
from tests.walk.stage import START, SUPPORT, reply, to

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CALENDAR = '[organization.acme.assignment]\ncalendar = "office"\n'
BOTH = f'[organization.acme.digest]\nagents = "09:00"\nheads = "10:30"\n{CALENDAR}'


def open_desk(wanted: str = BOTH) -> Rehearsal:
    """A request that Ivan has, and one that nobody has."""
    desk = open_served(organization=wanted)
    write(desk, STRANGER, "Что с сайтом?", subject="Сайт")
    order(desk, to(write(desk), IVAN_ADDRESS), "#взять")
    return desk


@pytest.fixture(scope="module")
def desk() -> Iterator[Rehearsal]:
    with open_desk() as desk:
        yield desk


def digests(sent: Iterable[SentLetter]) -> list[str]:
    """Who had a digest when, in Moscow."""
    found = [one for one in sent if one.purpose == "overview"]
    return [f"{one.at + timedelta(hours=3):%d.%m %H:%M} {one.recipient.partition('@')[0]}" for one in found]


def tick(desk: Rehearsal, now: datetime, database: Database | None = None) -> list[str]:
    """Look once for what is due; return who is written to."""
    database = database or desk._office.database
    with database.read() as connection:
        before = set(connection.execute(select(outbox.c.id)).scalars())
    send_digests(database, desk._policy, now)
    with database.read() as connection:
        rows = connection.execute(select(outbox.c.id, outbox.c.recipient).where(outbox.c.purpose == "overview"))
        return [row.recipient for row in rows if row.id not in before]


# ── what is in it ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_exact_words_of_a_digest() -> None:
    """What is due, and what nobody has taken; a question in answer to it is answered."""
    with open_desk(f'[organization.acme.digest]\nagents = "10:30"\n{CALENDAR}') as desk:
        sent = desk.advance(timedelta(hours=3))
        one = to([one for one in sent if one.purpose == "overview"], IVAN_ADDRESS)
        assert (one.at, one.message.subject) == (
            START + timedelta(minutes=90),
            "На сегодня: срок сегодня 1, никто не взял 1",
        )
        assert one.message.text == Path(__file__).with_name("digest.ru.txt").read_text("utf-8")
        asked = desk.deliver(reply(one, "мои", author=IVAN), SUPPORT)
        assert to(asked, IVAN_ADDRESS).message.text.startswith("Ваши обращения: 1\n")


def test_an_agent_reads_of_their_own_and_the_head_of_all() -> None:
    """Petra has a request that Ivan does not read of; a request that waits for its customer is at the end."""
    with open_desk() as desk:
        notification = to(write(desk, OLGA, "Факс молчит.", subject="Факс"), HEAD_ADDRESS)
        desk.deliver(reply(notification, "#взять", author=HEAD_ADDRESS), SUPPORT)
        desk.deliver(reply(notification, "Какой номер у факса?", author=HEAD_ADDRESS), SUPPORT)
        sent = desk.advance(DAY + timedelta(hours=3))
        agents, heads = (
            [one for one in sent if one.purpose == "overview" and one.recipient == who][-1].message.text
            for who in (IVAN_ADDRESS, HEAD_ADDRESS)
        )
        assert "ACME-3" not in agents
        assert "Просрочено: 1\n\nACME-2" in heads
        assert "Никто не взял: 1\n\nACME-1" in heads
        assert "Ждут: 1\n\nACME-3" in heads


def test_an_empty_one_is_not_sent() -> None:
    """Nor is it sent later on the same day, when there is something."""
    with open_served(organization=BOTH) as desk:
        assert desk.advance(timedelta(hours=2)) == []
        desk.advance(DAY - timedelta(hours=1, minutes=30))  # 09:30
        write(desk)
        assert digests(desk.advance(timedelta(hours=2))) == ["24.11 10:30 petra"]


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_week(desk: Rehearsal) -> None:
    """Each working day once, at the configured minute; no Saturday, no Sunday."""
    week = [f"{day}.11 {who}" for day in range(24, 28) for who in ("09:00 ivan", "10:30 petra")]
    assert digests(desk.advance(START + 7 * DAY - MINUTE))[-8:] == week


def test_a_holiday_has_none(desk: Rehearsal) -> None:
    """The days off at New Year are passed over, the first working day is not."""
    at = datetime(2027, 1, 1, 6, tzinfo=UTC)
    days = [at + n * DAY for n in range(14)]
    assert [f"{day:%d}" for day in days if IVAN_ADDRESS in tick(desk, day)] == ["11", "12", "13", "14"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("07:00", "09:00"), ("09:00", "09:00"), ("17:59", "17:59"), ("13:15", "13:15")],
    ids=["before opening", "at opening", "before closing", "in the middle"],
)
def test_the_first_working_minute(wanted: str, expected: str) -> None:
    """Not before the desk opens, and not before the configured time."""
    with open_desk(f'[organization.acme.digest]\nagents = "{wanted}"\n{CALENDAR}') as desk:
        at = next_digest(desk._policy, START + 12 * timedelta(hours=1))
        assert at is not None
        assert f"{at + timedelta(hours=3):%d %H:%M}" == f"24 {expected}"
        assert tick(desk, at - MINUTE) == []
        assert IVAN_ADDRESS in tick(desk, at)


def test_off_by_default() -> None:
    """Nobody has one who is not asked for one."""
    with open_desk("") as desk:
        assert list(readers(desk._policy)) == []
        assert digests(desk.advance(2 * DAY)) == []


def test_who_was_away_in_the_morning_reads_it_at_noon_but_not_at_night(desk: Rehearsal) -> None:
    """A daemon that was down sends what is due while there is still work that day."""
    night, noon = datetime(2026, 12, 1, 19, tzinfo=UTC), datetime(2026, 12, 2, 9, tzinfo=UTC)
    assert tick(desk, night) == []
    assert tick(desk, noon) == [IVAN_ADDRESS, HEAD_ADDRESS]


@pytest.mark.parametrize(
    ("first", "local"),
    [(datetime(2027, 3, 27, tzinfo=UTC), "28 03:00"), (datetime(2026, 10, 24, tzinfo=UTC), "25 02:30")],
    ids=["02:30 is passed over", "02:30 comes twice"],
)
def test_a_change_of_the_clocks(first: datetime, local: str) -> None:
    """Once on that day as on any other: where the time does not exist, when the clocks go forward."""
    week = '[organization.acme.calendar.always]\nzone = "Europe/Berlin"\n[organization.acme.calendar.always.week]\nmon-sun = "00:00-24:00"\n'
    wanted = '[organization.acme.digest]\nagents = "02:30"\n[organization.acme.assignment]\ncalendar = "always"\n'
    with open_desk(wanted + week) as desk:
        (reader, *_) = readers(desk._policy)
        sent = [at for n in range(0, 2 * 24 * 60, 10) if tick(desk, at := first + n * MINUTE)]
        assert f"{sent[1].astimezone(reader.calendar.zone):%d %H:%M}" == local
        assert len(sent) == 2


# ── once ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_clock_that_leaps_sends_none_twice() -> None:
    """Whatever instants the ticks have, in whatever order: nobody has two digests of one day, or one on a day off."""
    with open_desk() as desk:
        random = Random(7)
        calendar = next(readers(desk._policy)).calendar
        had: list[tuple[str, object]] = []
        for _ in range(400):
            at = START + random.randrange(14 * 24 * 60) * MINUTE
            for who in tick(desk, at):
                assert calendar.is_working(at)
                had.append((who, calendar.date_of(at)))
        assert len(had) == len(set(had)) > 10


def test_a_restart_sends_none_twice(desk: Rehearsal) -> None:
    """Another process finds what was sent in the database."""
    at = datetime(2026, 12, 3, 8, tzinfo=UTC)
    assert tick(desk, at) == [IVAN_ADDRESS, HEAD_ADDRESS]
    again = Database.open(f"sqlite:///{desk.folder / 'maild.sqlite3'}", migrate=False)
    assert tick(desk, at + MINUTE, again) == []
    again.close()


def test_two_daemons_at_once_send_one(desk: Rehearsal) -> None:
    """Both look at the same instant, each by its own connection."""
    at = datetime(2026, 12, 4, 8, tzinfo=UTC)
    databases = [Database.open(f"sqlite:///{desk.folder / 'maild.sqlite3'}", migrate=False) for _ in range(4)]
    start = threading.Barrier(len(databases))

    def look(database: Database) -> None:
        start.wait()
        send_digests(database, desk._policy, at)

    threads = [threading.Thread(target=look, args=(one,)) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[0].read() as connection:
        queued = connection.execute(select(outbox.c.recipient).where(outbox.c.queued_at == at)).scalars().all()
        noted = connection.execute(select(digest.c.agent).where(digest.c.day == at.date())).scalars().all()
    for one in databases:
        one.close()
    assert sorted(queued) == [IVAN_ADDRESS, HEAD_ADDRESS]
    assert sorted(noted) == ["ivan", "petra"]


def test_a_digest_that_cannot_be_queued_is_not_lost() -> None:
    """The disk is full: then the day is not noted either, and the next tick sends it."""
    with open_desk() as desk:
        database, at = desk._office.database, START + DAY + 2 * timedelta(hours=1)
        with database.write() as connection:
            connection.execute(text("PRAGMA max_page_count = 1"))  # of this connection: no page more than there are
        with pytest.raises(StoreError):
            send_digests(database, desk._policy, at)
        with database.write() as connection:
            connection.execute(text("PRAGMA max_page_count = 1000000"))
            assert connection.execute(select(digest.c.agent).where(digest.c.day == at.date())).all() == []
        assert tick(desk, at + MINUTE) == [IVAN_ADDRESS, HEAD_ADDRESS]
