"""A Maildir as a source: new/ and cur/ are read, each letter once, and none is lost on the way."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from maild.clock import ManualClock
from maild.config.model import Maildir
from maild.errors import SourceRefused, Stopping, StoreError
from maild.ingest.backoff import Backoff
from maild.ingest.maildir import BATCH, MaildirSource, _instant
from maild.ingest.source import BEGINNING
from tests.servers.sink import MemorySink

NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)
ARRIVED = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
SOON = Backoff(first=timedelta(milliseconds=1), most=timedelta(milliseconds=5),
               refused_first=timedelta(milliseconds=1), refused_most=timedelta(milliseconds=5))  # fmt: skip


@pytest.fixture
def box(tmp_path: Path) -> Path:
    path = tmp_path / "Maildir"
    for part in ("tmp", "new", "cur"):
        (path / part).mkdir(parents=True)
    return path


def put(box: Path, name: str, octets: bytes = b"Subject: x\r\n\r\n", at: datetime = ARRIVED) -> Path:
    path = box / name
    path.write_bytes(octets)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def source(box: Path, sink: MemorySink, **more: object) -> MaildirSource:
    settings = Maildir.model_validate({"path": box, "poll": timedelta(milliseconds=5)} | more)
    return MaildirSource("acme/support", settings, sink, ManualClock(NOW), backoff=SOON)


async def polled(reader: MaildirSource) -> None:
    while True:
        await asyncio.sleep(reader._settings.poll.total_seconds())
        reader.poll()


def files(box: Path) -> list[str]:
    return sorted(str(path.relative_to(box)) for path in box.glob("*/*"))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the conditions are about files, which set no event
            await asyncio.sleep(0.005)


async def test_letters_come_from_new_and_cur_in_order_of_arrival(box: Path) -> None:
    """With octets, place and arrival; what was new is moved to cur/ unread, what was there stays."""
    put(box, "new/3.b.host", b"second\r\n")
    put(box, "cur/9.a.host,S=5:2,RS", b"first", at=ARRIVED - timedelta(hours=1))
    put(box, "tmp/1.half", b"half a letter")
    put(box, "new/.hidden")
    (box / "cur/directory").mkdir()
    sink = MemorySink()
    await source(box, sink).sync_once()
    assert sink.octets() == [b"first", b"second\r\n"]
    first, second = sink.letters
    assert (first.place.mailbox, first.place.folder, first.place.uidvalidity) == ("acme/support", "", 0)
    assert (first.place.uid, second.place.uid) == ("9.a.host,S=5", "3.b.host")
    assert (first.received_at, second.received_at) == (ARRIVED - timedelta(hours=1), ARRIVED)
    assert files(box) == ["cur/3.b.host:2,", "cur/9.a.host,S=5:2,RS", "cur/directory", "new/.hidden", "tmp/1.half"]
    assert sink.books["acme/support", "", 0].marked == {"9.a.host,S=5", "3.b.host"}


async def test_reading_twice_changes_nothing(box: Path) -> None:
    """Not in a later look, not after a restart, not when a mail client has set flags meanwhile."""
    path = put(box, "cur/1.a:2,")
    sink = MemorySink()
    reader = source(box, sink)
    await reader.sync_once()
    path.rename(box / "cur/1.a:2,FS")
    await reader.sync_once()
    await source(box, sink).sync_once()
    assert len(sink.letters) == 1
    assert sink.calls.count("known") == 2  # what is settled is not asked about at every poll


async def test_a_sink_that_fails_leaves_the_maildir_untouched(box: Path) -> None:
    """The next look does it all."""
    put(box, "new/1.a")
    sink = MemorySink()
    sink.fail("take")
    with pytest.raises(StoreError):
        await source(box, sink).sync_once()
    assert files(box) == ["new/1.a"]
    await source(box, sink).sync_once()
    assert files(box) == ["cur/1.a:2,"]


async def test_what_was_not_marked_is_settled_at_the_next_start(box: Path) -> None:
    """Whether the letter was moved before the crash, after it, or removed by somebody."""
    put(box, "new/1.a")
    put(box, "new/2.b")
    put(box, "new/3.c")
    sink = MemorySink()
    sink.fail("marked")
    with pytest.raises(StoreError):
        await source(box, sink).sync_once()
    (box / "cur/2.b:2,").rename(box / "new/2.b")
    (box / "cur/3.c:2,").unlink()
    await source(box, sink).sync_once()
    assert files(box) == ["cur/1.a:2,", "cur/2.b:2,"]
    assert sink.books["acme/support", "", 0].marked == {"1.a", "2.b", "3.c"}
    assert len(sink.letters) == 3


@pytest.mark.parametrize("size", [1000, 1001])
async def test_a_letter_that_is_too_large_is_taken_in_part_and_stays(box: Path, size: int) -> None:
    """`max_size` itself is not too large."""
    put(box, "new/1.a", b"x" * size)
    sink = MemorySink()
    await source(box, sink, max_size=1000).sync_once()
    (taken,) = sink.letters
    assert (len(taken.octets), taken.truncated) == (1000, size > 1000)
    assert taken.size == (1001 if size > 1000 else None)
    assert files(box) == (["new/1.a"] if size > 1000 else ["cur/1.a:2,"])
    await source(box, sink, max_size=1000).sync_once()
    assert len(sink.letters) == 1


async def test_only_the_beginning_of_a_large_letter_is_read(box: Path) -> None:
    """As much as with IMAP."""
    put(box, "new/1.a", b"x" * 500_000)
    sink = MemorySink()
    await source(box, sink, max_size=400_000).sync_once()
    assert (len(sink.letters[0].octets), sink.letters[0].size) == (BEGINNING, 500_000)


async def test_a_letter_that_vanishes_or_is_renamed_between_listing_and_reading(box: Path) -> None:
    """Gone is accounted for as gone; merely opened by a mail client is read under its new name."""
    gone, opened = put(box, "new/1.gone"), put(box, "new/2.opened", b"opened")
    sink = MemorySink()

    def meddle() -> None:
        gone.unlink()
        opened.rename(box / "cur/2.opened:2,S")
        del sink.before["known"]

    sink.before["known"] = meddle
    await source(box, sink).sync_once()
    book = sink.books["acme/support", "", 0]
    assert (book.vanished, list(book.taken)) == ({"1.gone"}, ["2.opened"])
    assert files(box) == ["cur/2.opened:2,S"]
    assert book.marked == {"1.gone", "2.opened"}


async def test_letters_come_in_batches(box: Path) -> None:
    """Memory does not grow with the Maildir."""
    for number in range(2 * BATCH + 1):
        put(box, f"new/{number:04}.a")
    sink = MemorySink()
    await source(box, sink).sync_once()
    assert sink.calls.count("take") == 3
    assert len(sink.letters) == 2 * BATCH + 1


async def test_a_name_that_is_in_new_and_in_cur_overwrites_nothing(box: Path) -> None:
    """One UID is one letter, but no file is lost."""
    put(box, "new/1.a", b"one")
    put(box, "cur/1.a:2,", b"other")
    sink = MemorySink()
    await source(box, sink).sync_once()
    assert len(sink.letters) == 1
    assert files(box) == ["cur/1.a:2,", "new/1.a"]


async def test_a_name_that_is_not_utf_8_can_be_stored(box: Path) -> None:
    """No lone surrogate reaches the database."""
    put(box, os.fsdecode(b"new/1.\xff"))
    sink = MemorySink()
    await source(box, sink).sync_once()
    assert sink.letters[0].place.uid == r"1.\xff"
    assert sink.letters[0].place.uid.encode()


async def test_a_subfolder_is_named_as_in_imap(box: Path) -> None:
    """Maildir++ keeps it in a directory with a dot and modified UTF-7."""
    sent = box / ".&BB4EMQRABDAESQQ1BD0EOARP-"
    for part in ("tmp", "new", "cur"):
        (sent / part).mkdir(parents=True)
    put(sent, "new/1.a")
    sink = MemorySink()
    await source(sent, sink).sync_once()
    assert sink.letters[0].place.folder == "Обращения"


async def test_an_unreadable_letter_costs_only_itself(box: Path) -> None:
    """The others are read, the admin is told, and it is tried again at every look."""
    (box / "cur/1.broken").symlink_to("/proc/self/mem")  # a regular file whose reading fails, even for root
    put(box, "cur/2.b:2,")
    sink = MemorySink()
    await source(box, sink).sync_once()
    assert [letter.place.uid for letter in sink.letters] == ["2.b"]
    assert "1.broken cannot be read" in str(sink.troubles[0])


async def test_a_letter_held_in_part_stays_though_more_is_allowed_now(box: Path) -> None:
    """After a crash between taking and moving, and a larger `max_size`."""
    put(box, "new/1.a", b"x" * 2000)
    sink = MemorySink()
    sink.fail("marked")
    with pytest.raises(StoreError):
        await source(box, sink, max_size=1000).sync_once()
    await source(box, sink, max_size=5000).sync_once()
    assert files(box) == ["new/1.a"]


async def test_a_link_to_itself_costs_only_itself(box: Path) -> None:
    """It cannot even be asked whether it is a file."""
    (box / "new/1.loop").symlink_to("1.loop")
    put(box, "cur/2.b:2,")
    sink = MemorySink()
    await source(box, sink).sync_once()
    assert [letter.place.uid for letter in sink.letters] == ["2.b"]
    assert "1.loop cannot be read" in str(sink.troubles[0])


@pytest.mark.parametrize("timestamp", [1e12, -1e12, 1e18, -1e18])
def test_a_year_beyond_all_calendars_is_none(timestamp: float) -> None:
    """A file's time is what anybody has set it to, on file systems that take it (ext4 ends in 2446)."""
    assert _instant(timestamp) is None


async def test_a_bug_is_told_and_ends_nothing(box: Path) -> None:
    """With its traceback in the log; the Maildir is tried again, and other sources never notice."""
    bugs = [ZeroDivisionError, ZeroDivisionError]

    def bug() -> None:
        if bugs:
            raise bugs.pop()

    put(box, "new/1.a")
    sink = MemorySink()
    sink.before["open_folder"] = bug
    with capture_logs() as logs:
        task = asyncio.create_task(source(box, sink).run())
        try:
            await until(lambda: len(sink.letters) == 1)
        finally:
            task.cancel()
            await asyncio.wait([task])
    assert len([entry for entry in logs if entry["event"] == "maildir-bug"]) == 2
    assert "because of a bug (ZeroDivisionError)" in str(sink.troubles[0])


async def test_stopping_ends_the_source_quietly(box: Path) -> None:
    """A daemon that goes down is no trouble of a mailbox."""

    def stop() -> None:
        raise Stopping

    sink = MemorySink()
    sink.before["open_folder"] = stop
    async with asyncio.timeout(5):
        await source(box, sink).run()
    assert sink.troubles == []


async def test_no_maildir_says_what_to_set(tmp_path: Path) -> None:
    """A missing directory, or one that is none."""
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(SourceRefused, match=r"cannot be read as a Maildir .* set path"):
            await source(path, MemorySink()).sync_once()


async def test_running_reads_what_comes_and_survives_trouble(box: Path) -> None:
    """Polls, tries again after the store's trouble and its own, wakes at once."""
    sink = MemorySink()
    put(box, "new/1.a")
    sink.fail("open_folder")
    reader = source(box, sink)
    task, ticks = asyncio.create_task(reader.run()), asyncio.create_task(polled(reader))
    try:
        await until(lambda: len(sink.letters) == 1)
        (box / "new").rename(box / "elsewhere")
        await until(lambda: bool(sink.troubles))
        (box / "elsewhere").rename(box / "new")
        put(box, "new/2.b")
        await until(lambda: len(sink.letters) == 2)
    finally:
        task.cancel()
        ticks.cancel()
        await asyncio.wait([task, ticks])
    assert task.cancelled()


async def test_wake_looks_at_once(box: Path) -> None:
    """Long before the poll."""
    sink = MemorySink()
    reader = source(box, sink, poll=timedelta(hours=1))
    task, ticks = asyncio.create_task(reader.run()), asyncio.create_task(polled(reader))
    try:
        await until(lambda: sink.alive_count == 1)
        put(box, "new/1.a")
        reader.wake()
        await until(lambda: len(sink.letters) == 1)
    finally:
        task.cancel()
        ticks.cancel()
        await asyncio.wait([task, ticks])
