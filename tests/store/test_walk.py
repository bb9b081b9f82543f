"""Promises of the whole walk on both databases: one outcome for each letter, nothing half-done, nothing doubled."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import event, text
from structlog.testing import capture_logs

from maild import pipeline
from maild.clock import ManualClock
from maild.edges import Office, Worker
from maild.errors import Stopping, StoreError
from maild.model import OutboxRow, OutboxState, Outgoing, Purpose, RawMessage
from maild.outbox.dispatcher import Dispatched, Dispatcher
from maild.outbox.templates import Templates
from maild.pipeline import Settled
from maild.policy import Policy
from maild.store import letters, views
from maild.store.blobs import LocalBlobs
from maild.store.engine import Database
from tests.store.conftest import BOX, NOW, letter

MAIL = Path(__file__).parent.parent / "mail"


class Stage:
    """A way out that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    async def send(self, letter: Outgoing, before_data: Callable[[], Awaitable[None]]) -> str:
        await before_data()
        self.sent.append(letter)
        return "250 taken"

    async def close(self) -> None:
        return


class Bomb:
    """Templates with a bug, whose message holds what a database cannot: the worst of both kinds of poison."""

    files = ()

    def render(self, purpose: Purpose, words: object, *, ticket: object = None) -> object:
        raise ValueError("poison \0 and \ud800")


def receive(database: Database, blobs: LocalBlobs, *raws: RawMessage) -> list[int]:
    return pipeline.receive(raws, database, blobs, NOW)


def walk(database: Database, blobs: LocalBlobs, policy: Policy, *raws: RawMessage, at: datetime = NOW) -> list[Settled]:
    return pipeline.settle(receive(database, blobs, *raws), database, blobs, policy, at)


def outcomes(settled: Sequence[Settled]) -> list[str]:
    return [one.outcome.kind.value for one in settled]


def numbers(database: Database) -> list[str]:
    with database.read() as connection:
        return [ticket.number for ticket in views.all_tickets(connection)]


def outbox(database: Database) -> list[OutboxRow]:
    """Every outgoing letter, oldest first."""
    with database.read() as connection:
        return views.outbox_rows(connection, limit=1000)[::-1]


def unaccounted(database: Database) -> int:
    with database.read() as connection:
        return sum(folder.unaccounted for folder in views.ledger(connection))


def exploding(policy: Policy, *boxes: str) -> Policy:
    """The same policy with two mailboxes, of which `boxes` have templates that break on use."""
    good = policy.mailboxes[BOX]
    bad = replace(good, letterhead=replace(good.letterhead, templates=cast(Templates, Bomb())))
    return replace(policy, mailboxes={box: bad if box in boxes else good for box in ("acme/other", BOX)})


# ── a conversation ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_conversation(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """From the question through an agent's answer to a bounce: outcomes, tickets and letters, sent by the dispatcher."""
    clock, stage = ManualClock(NOW), Stage()
    office = Office(database, blobs, policy, clock)
    dispatcher = Dispatcher(office, lambda _: stage, lambda _: timedelta(days=3), clock, jitter=lambda: 0)
    ends: list[Settled] = []
    office.on_settled = ends.append

    async def come(*raws: RawMessage) -> list[tuple[str, str]]:
        before = len(stage.sent)
        await office.take(raws)
        await dispatcher.run_once()
        return [(sent.purpose.value, sent.recipient) for sent in stage.sent[before:]]

    anna, ivan = "anna@customer.example", "ivan@staff.example"
    assert await come(letter(1)) == [("acknowledgement", anna), ("notification", ivan)]
    notification = stage.sent[-1]
    assert await come(letter(1)) == []  # the same place: taken before
    assert await come(letter(2, headers="Message-ID: <m1@customer.example>\nReceived: another way\n")) == []
    assert await come(letter(3, "And it smells.", headers="In-Reply-To: <m1@customer.example>\n")) == [
        ("notification", ivan)
    ]
    answer = letter(4, "Switch it off.", author=ivan, headers=f"In-Reply-To: <{notification.message_id}>\n")
    assert await come(answer) == [("answer", anna)]
    assert await come(letter(5, "I am away.", headers="Auto-Submitted: auto-replied\n")) == []
    assert await come(letter(6, author="eve@stranger.example", headers="References: <m1@customer.example>\n")) == [
        ("acknowledgement", "eve@stranger.example"),
        ("notification", ivan),
    ]
    assert outcomes(ends) == ["opened", "duplicate", "appended", "appended", "ignored", "opened"]
    assert numbers(database) == ["ACME-1", "ACME-2"]
    assert {row.state for row in outbox(database)} == {OutboxState.SENT}
    assert await dispatcher.run_once() == Dispatched()
    assert unaccounted(database) == 0
    await dispatcher.close()
    office.close()


@pytest.mark.parametrize("room", sorted({path.parent.name for path in MAIL.glob("*/*.eml")}))
def test_the_corpus_has_outcomes_on_both_databases(
    sqlite: Database, postgresql: Database, blobs: LocalBlobs, policy: Policy, room: str
) -> None:
    """Whatever stranger thing was once sent, both databases take it, and to the same end."""
    samples = [path.read_bytes() for path in sorted((MAIL / room).rglob("*.eml"))]
    assert samples
    raws = [replace(letter(uid), octets=octets) for uid, octets in enumerate(samples, 1)]
    ends = [outcomes(walk(database, blobs, policy, *raws)) for database in (sqlite, postgresql)]
    assert ends[0] == ends[1]
    assert len(ends[0]) == len(raws)
    assert "quarantined" not in ends[0]


# ── poison ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_poison_letter_costs_only_itself(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """Its batch goes on, its octets and the traceback are kept, the admin is told once, and it can be replayed."""
    raws = [letter(uid, mailbox=BOX if uid in (2, 4) else "acme/other") for uid in range(1, 6)]
    settled = walk(database, blobs, exploding(policy, BOX), *raws)
    assert outcomes(settled) == ["opened", "quarantined", "opened", "quarantined", "opened"]
    assert numbers(database) == ["ACME-1", "ACME-2", "ACME-3"]
    assert [row.letter.purpose for row in outbox(database)].count(Purpose.ADMIN) == 1
    with database.read() as connection:
        first, second = views.quarantined(connection)
    assert (first.letter_id, second.letter_id) == (settled[1].letter_id, settled[3].letter_id)
    assert "poison \\x00 and \\ud800" in first.traceback
    assert blobs.get(letter(2).sha256) == letter(2).octets
    with database.write() as connection:
        assert letters.release(connection, first.letter_id, NOW)
    [replayed] = pipeline.settle([first.letter_id], database, blobs, policy, NOW)
    assert replayed.outcome.kind == "opened"


def test_a_fault_that_cannot_be_told_holds_nothing_up(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """The admin's letter breaks on the same bug: the log says so, and the letters behind go on."""
    raws = [letter(1, mailbox="acme/other"), letter(2, mailbox=BOX)]
    assert outcomes(walk(database, blobs, exploding(policy, "acme/other"), *raws)) == ["quarantined", "opened"]


def test_a_letter_of_a_mailbox_that_is_gone_is_set_aside(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """Received, then the mailbox was taken out of the configuration: kept, to be replayed once it is back."""
    assert outcomes(walk(database, blobs, policy, letter(1, mailbox="acme/gone"), letter(2))) == [
        "quarantined",
        "opened",
    ]


def test_a_letter_that_kills_us_is_set_aside_unread(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """The third time the process dies over one letter, the next start does not read it again."""
    ids = receive(database, blobs, letter(1), letter(2))
    for _ in range(pipeline.MAX_WALKS - 1):
        with database.write() as connection:
            letters.begin_walks(connection, ids[:1])  # and died
    settled = pipeline.recover(database, blobs, policy, NOW)
    assert outcomes(settled) == ["quarantined", "opened"]
    with database.read() as connection:
        [view] = views.quarantined(connection)
    assert "maild died 3 times with this letter in hand" in view.traceback


@pytest.mark.parametrize("damage", [None, b"damaged"], ids=["missing", "damaged"])
def test_a_lost_blob_costs_only_its_letter(
    database: Database, blobs: LocalBlobs, policy: Policy, damage: bytes | None
) -> None:
    """A disk lost one raw letter after a crash: the daemon starts, the others are walked, this one waits for a backup."""
    ids = receive(database, blobs, letter(1), letter(2), letter(3))
    path = blobs.directory / letter(2).sha256[:2] / letter(2).sha256[2:]
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    assert outcomes(pipeline.recover(database, blobs, policy, NOW)) == ["opened", "quarantined", "opened"]
    with database.read() as connection:
        [view] = views.quarantined(connection)
    assert (view.letter_id, "restore it from a backup" in view.traceback) == (ids[1], True)


# ── what stops a walk ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stop_rolls_the_batch_back(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """Told to end in the middle of a batch, nothing of it stays; after the start it ends as if nothing had been."""
    ids = receive(database, blobs, *(letter(uid) for uid in range(1, 6)))
    asked = iter([False, False, True])
    with pytest.raises(Stopping):
        pipeline.settle(ids, database, blobs, policy, NOW, lambda: next(asked))
    assert (unaccounted(database), numbers(database), outbox(database)) == (5, [], [])
    assert outcomes(pipeline.recover(database, blobs, policy, NOW)) == ["opened"] * 5
    assert numbers(database) == [f"ACME-{n}" for n in range(1, 6)]


def test_stopping_is_no_letters_fault(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """A daemon that is stopped again and again while it recovers does not set an innocent letter aside."""
    receive(database, blobs, letter(1))
    for _ in range(pipeline.MAX_WALKS + 1):
        with pytest.raises(Stopping):
            pipeline.recover(database, blobs, policy, NOW, lambda: True)
    assert outcomes(pipeline.recover(database, blobs, policy, NOW)) == ["opened"]


def test_a_full_disk_is_no_letters_fault(sqlite: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """The disk fills up in the middle of a batch: all of it waits, no letter is set aside, and then all goes on."""
    words = "word " * 20_000
    ids = receive(sqlite, blobs, *(letter(uid, f"{uid} {words}") for uid in range(1, 6)))
    with sqlite.read() as connection:
        pages = connection.execute(text("pragma page_count")).scalar_one() + 150  # room for about two of the five
    limit = [pages]
    event.listen(sqlite.writer, "connect", lambda dbapi, _: dbapi.execute(f"PRAGMA max_page_count={limit[0]}").close())
    sqlite.writer.dispose()
    for _ in range(pipeline.MAX_WALKS + 1):
        with pytest.raises(StoreError, match="free some space"):
            pipeline.settle(ids, sqlite, blobs, policy, NOW)
        assert (unaccounted(sqlite), numbers(sqlite), outbox(sqlite)) == (5, [], [])
    for _ in range(pipeline.MAX_WALKS + 1):
        with pytest.raises(StoreError, match="free some space"):
            pipeline.recover(sqlite, blobs, policy, NOW)
    limit[0] = 1_000_000
    sqlite.writer.dispose()
    pipeline.recover(sqlite, blobs, policy, NOW)
    assert unaccounted(sqlite) == 0
    with sqlite.read() as connection:
        assert Counter(view.outcome for view in views.letters_of(connection)) == {"opened": 5}


# ── several processes ────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_walkers_decide_one_after_the_other(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """`maild receive` beside the daemon, both fed the same letters at once: one ticket each, the other a duplicate."""
    count = 12
    ends: dict[tuple[str, int], list[str]] = {}

    def work(name: str) -> None:
        with closing(Database.open(database.url)) as own:
            ready.wait()
            for uid in range(1, count + 1):
                ends[name, uid] = outcomes(walk(own, blobs, policy, letter(uid, folder=name)))

    ready = threading.Barrier(2)
    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(ends) == 2 * count
    pairs = [sorted(ends["one", uid] + ends["two", uid]) for uid in range(1, count + 1)]
    assert pairs == [["duplicate", "opened"]] * count
    assert numbers(database) == [f"ACME-{n}" for n in range(1, count + 1)]


def test_a_letter_is_walked_by_one_of_two(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """The daemon's housekeeping finds a letter that `maild receive` is just walking: one of them leaves it alone."""
    ids = receive(database, blobs, *(letter(uid) for uid in range(1, 9)))
    ends: list[Settled] = []

    def work() -> None:
        with closing(Database.open(database.url)) as own:
            ready.wait()
            ends.extend(pipeline.settle(ids, own, blobs, policy, NOW))

    ready = threading.Barrier(3)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(one.letter_id for one in ends) == ids
    assert numbers(database) == [f"ACME-{n}" for n in range(1, 9)]


# ── the writer thread ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_cancelled_caller_leaves_no_half_transaction(
    database: Database, blobs: LocalBlobs, policy: Policy
) -> None:
    """A source that is cancelled while its letters are walked: they are walked to the end, and the lock is let go."""
    office = Office(database, blobs, policy, ManualClock(NOW))
    task = asyncio.create_task(office.take([letter(uid) for uid in range(1, 6)]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await office.take([letter(6)])
    assert unaccounted(database) == 0
    assert numbers(database) == [f"ACME-{n}" for n in range(1, 7)]
    office.close()


async def test_a_writer_that_is_closed_drops_what_waits() -> None:
    """The call that has begun ends, those behind it never begin, nobody hangs or complains; nothing new is begun."""
    worker, began = Worker(), threading.Event()
    done: list[str] = []

    def slow() -> None:
        began.set()
        time.sleep(0.1)
        done.append("slow")

    first = asyncio.create_task(worker.run(slow))
    waiting = [asyncio.create_task(worker.run(done.append, name)) for name in ("a", "b")]
    left = asyncio.create_task(worker.run(done.append, "c"))
    await asyncio.to_thread(began.wait, 5)
    left.cancel()
    with capture_logs() as logs:
        worker.close()
        async with asyncio.timeout(5):
            ends = await asyncio.gather(first, *waiting, left, return_exceptions=True)
        with pytest.raises(Stopping):
            await worker.run(done.append, "new")
    assert done == ["slow"]
    assert [type(end) for end in ends] == [type(None), *[asyncio.CancelledError] * 3]
    assert logs == []


async def test_what_no_future_can_carry_is_raised_all_the_same() -> None:
    """A next() that finds nothing in the writer thread is a bug that is told, not a caller who waits for ever."""
    worker = Worker()
    try:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await asyncio.wait_for(worker.run(next, iter(())), timeout=5)
    finally:
        worker.close()
