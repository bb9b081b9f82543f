"""An IMAP account as a source, on a real Dovecot and on servers that misbehave: nothing lost, nothing twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from maild.clock import ManualClock
from maild.config.model import Imap
from maild.config.secret import SecretRef
from maild.errors import SourceRefused, Stopping, StoreError
from maild.ingest.backoff import Backoff
from maild.ingest.mailbox import ImapSource
from maild.ingest.source import BATCH_OCTETS, BEGINNING
from tests.servers.dovecot import Dovecot
from tests.servers.imap_script import Act, ScriptedImap, Session, drop, drop_mid_fetch, say, stall
from tests.servers.sink import MemorySink

NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)
ARRIVED = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
SOON = Backoff(
    first=timedelta(milliseconds=1),
    most=timedelta(milliseconds=20),
    refused_first=timedelta(milliseconds=1),
    refused_most=timedelta(milliseconds=20),
)


def letter(number: int, octets: int = 0) -> bytes:
    return f"Message-ID: <{number}@example.org>\r\nSubject: {number}\r\n\r\n".encode() + b"x" * octets


def names(sink: MemorySink) -> list[str]:
    """The numbers in the subjects of what was taken."""
    return [octets.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for octets in sink.octets()]


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Poll for a condition; a real server is involved."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the conditions are about servers, which set no event
            await asyncio.sleep(0.005)


async def polled(source: ImapSource) -> None:
    while True:
        await asyncio.sleep(source._settings.poll.total_seconds())
        source.poll()


@contextlib.asynccontextmanager
async def running(source: ImapSource) -> AsyncIterator[None]:
    """Let the source run, polled as the scheduler does, and stop it at the end as the daemon does."""
    task, ticks = asyncio.create_task(source.run()), asyncio.create_task(polled(source))
    try:
        yield
    finally:
        task.cancel()
        ticks.cancel()
        await asyncio.wait([task, ticks])
    assert task.cancelled(), task.exception()


@pytest.fixture
def secret(tmp_path: Path) -> SecretRef:
    (tmp_path / "password").write_text("secret-of-dovecot")
    return SecretRef(file=tmp_path / "password")


@pytest.fixture(scope="module")
def private_dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    dovecot = Dovecot(tmp_path_factory.mktemp("dovecot"))
    dovecot.start()
    yield dovecot
    dovecot.close()


@pytest.fixture
def dovecot(private_dovecot: Dovecot) -> Dovecot:
    """The same server for all tests, with an empty INBOX."""
    private_dovecot.clear()
    return private_dovecot


class Reader:
    """A source over Dovecot, with its sink."""

    def __init__(self, dovecot: Dovecot, secret: SecretRef, sink: MemorySink | None = None, **more: object) -> None:
        self.sink = sink or MemorySink()
        settings = {
            "host": "127.0.0.1", "port": dovecot.port, "security": "none", "username": dovecot.user, "password": secret,
            "timeout": "5s", "poll": "20s",
        }  # fmt: skip
        self.settings = Imap.model_validate(settings | more)
        self.source = ImapSource("acme/support", self.settings, self.sink, ManualClock(NOW), backoff=SOON)

    async def look(self) -> MemorySink:
        await self.source.sync_once()
        return self.sink


def scripted(server: ScriptedImap, secret: SecretRef, **more: object) -> tuple[ImapSource, MemorySink]:
    """A source over a scripted server, with its sink."""
    sink = MemorySink()
    settings = {
        "host": "127.0.0.1", "port": server.port, "security": "none", "username": "support", "password": secret,
        "timeout": timedelta(milliseconds=300), "poll": timedelta(seconds=20),
    }  # fmt: skip
    return ImapSource("acme/support", Imap.model_validate(settings | more), sink, ManualClock(NOW), backoff=SOON), sink


# ── reading, on Dovecot ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_letter_comes_with_its_octets_place_and_arrival(dovecot: Dovecot, secret: SecretRef) -> None:
    """INTERNALDATE in UTC, the key of progress, the octets untouched and \\Seen too."""
    octets = "Subject: привет\r\n\r\n\0 8-bit \xff\r\n".encode("latin-1", "replace") + bytes(range(128, 256)) + b"\r\n"
    uid = dovecot.append(octets.replace(b"\0", b""), date=ARRIVED)
    sink = await Reader(dovecot, secret).look()
    (taken,) = sink.letters
    assert taken.octets == octets.replace(b"\0", b"")
    assert taken.received_at == ARRIVED
    assert (taken.place.mailbox, taken.place.folder, taken.place.uid) == ("acme/support", "INBOX", str(uid))
    assert taken.place.uidvalidity == dovecot.uidvalidity()
    assert not taken.truncated
    assert dovecot.flags() == {uid: set()}


async def test_reading_twice_changes_nothing(dovecot: Dovecot, secret: SecretRef) -> None:
    """Neither in a later look nor after a restart that remembers."""
    dovecot.append_all([letter(1), letter(2)])
    reader = Reader(dovecot, secret)
    await reader.look()
    await reader.look()
    await Reader(dovecot, secret, reader.sink).look()
    assert names(reader.sink) == ["1", "2"]
    dovecot.append(letter(3))
    assert names(await reader.look()) == ["1", "2", "3"]


async def test_seen_means_nothing(dovecot: Dovecot, secret: SecretRef) -> None:
    """A person or a phone that reads the mailbox first hides no letter."""
    dovecot.set_flag(dovecot.append(letter(1)), "\\Seen")
    assert names(await Reader(dovecot, secret).look()) == ["1"]


async def test_a_new_uidvalidity_reads_everything_again(dovecot: Dovecot, secret: SecretRef) -> None:
    """The same UIDs may be other letters: they come under their new place, and the desk tells duplicates apart."""
    dovecot.append_all([letter(1), letter(2)])
    reader = Reader(dovecot, secret)
    old = dovecot.uidvalidity()
    await reader.look()
    new = dovecot.reset_uidvalidity()
    dovecot.append(letter(3))
    await reader.look()
    assert [len(reader.sink.books["acme/support", "INBOX", value].taken) for value in (old, new)] == [2, 3]


async def test_folders_with_cyrillic_names(dovecot: Dovecot, secret: SecretRef) -> None:
    """Each has its own progress, under its plain name; one that does not exist is named and stops none."""
    folders = ["INBOX", "Обращения", "Нет такой", "Заявки & «прочее»"]
    for number, folder in enumerate(folders):
        if folder != "Нет такой":
            dovecot.append(letter(number), folder)
    reader = Reader(dovecot, secret, folders=folders)
    with pytest.raises(SourceRefused, match=r"127\.0\.0\.1:\d+: folder 'Нет такой' cannot be opened .*create it"):
        await reader.look()
    assert {(taken.place.folder) for taken in reader.sink.letters} == set(folders) - {"Нет такой"}


async def test_two_thousand_letters_come_in_batches(dovecot: Dovecot, secret: SecretRef) -> None:
    """Each once, in order, never more at a time than configured."""
    dovecot.append_all([letter(n) for n in range(2000)])
    reader = Reader(dovecot, secret, batch=200)
    sink = await reader.look()
    assert names(sink) == [str(n) for n in range(2000)]
    assert sink.calls.count("take") == 10
    await reader.look()
    assert sink.calls.count("take") == 10


async def test_batches_are_bounded_in_octets(dovecot: Dovecot, secret: SecretRef) -> None:
    """Ten letters of 1.8 MB do not stand in memory together, however large a batch may be."""
    dovecot.append_all([letter(n, 1_800_000) for n in range(6)])
    sink = await Reader(dovecot, secret, batch=200).look()
    assert [len(octets) for octets in sink.octets()] == [len(letter(n, 1_800_000)) for n in range(6)]
    assert sink.calls.count("take") == -(-6 // (BATCH_OCTETS // 1_800_000))


@pytest.mark.parametrize("after", ["nothing", "flag", "move", "delete"])
async def test_a_letter_that_is_too_large_is_taken_in_part_and_stays(
    dovecot: Dovecot, secret: SecretRef, after: str
) -> None:
    """Its beginning and its real size; moving or deleting it would lose the rest, now and after a restart."""
    large, small = dovecot.append_all([letter(1, 700_000), letter(2)])
    dovecot.create("Done")
    reader = Reader(dovecot, secret, max_size=600_000, after=after, move_to="Done")
    sink = await reader.look()
    first, second = sink.letters
    assert (first.octets, first.size) == (letter(1, 700_000)[:BEGINNING], len(letter(1, 700_000)))
    assert first.truncated
    assert not second.truncated
    (book,) = sink.books.values()
    assert book.marked == {str(large), str(small)}
    book.marked.clear()  # as if maild had died before it could write that down
    await reader.look()
    assert large in dovecot.uids()
    assert book.marked == {str(large), str(small)}


@pytest.mark.parametrize("size", [999, 1000, 1001])
async def test_the_edge_of_too_large(dovecot: Dovecot, secret: SecretRef, size: int) -> None:
    """`max_size` itself is not too large."""
    dovecot.append(letter(1, size - len(letter(1))))
    (taken,) = (await Reader(dovecot, secret, max_size=1000).look()).letters
    assert taken.truncated == (size > 1000)


# ── telling the server, on Dovecot ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("flag", ["\\Seen", "$Maild"])
async def test_after_flag(dovecot: Dovecot, secret: SecretRef, flag: str) -> None:
    """A flag or a keyword of one's own, and nothing else."""
    uid = dovecot.append(letter(1))
    reader = Reader(dovecot, secret, after="flag", flag=flag)
    reader.sink.before["take"] = lambda: check(dovecot.flags() == {uid: set()})
    await reader.look()
    assert dovecot.flags() == {uid: {flag}}
    assert names(await reader.look()) == ["1"]


def check(condition: bool) -> None:
    assert condition


async def test_after_move(dovecot: Dovecot, secret: SecretRef) -> None:
    """Only what was taken, only after it was taken; what comes later follows."""
    dovecot.append_all([letter(1), letter(2)])
    dovecot.create("Готово")
    reader = Reader(dovecot, secret, after="move", move_to="Готово")
    reader.sink.before["take"] = lambda: check(len(dovecot.uids()) == 2)
    await reader.look()
    assert dovecot.uids() == []
    assert len(dovecot.uids("Готово")) == 2
    assert names(reader.sink) == ["1", "2"]


async def test_after_delete(dovecot: Dovecot, secret: SecretRef) -> None:
    """Somebody's own \\Deleted letters stay where they are."""
    theirs = dovecot.append(letter(1))
    reader = Reader(dovecot, secret, after="delete", max_size=1000)
    await reader.look()
    assert dovecot.uids() == []
    theirs = dovecot.append(letter(2, 2000))  # too large to be deleted by us
    dovecot.set_flag(theirs, "\\Deleted")
    dovecot.append(letter(3))
    await reader.look()
    assert dovecot.uids() == [theirs]


@pytest.mark.parametrize("after", ["flag", "move", "delete"])
@pytest.mark.parametrize("call", ["open_folder", "known", "take", "reached"])
async def test_a_sink_that_fails_leaves_the_mailbox_untouched(
    dovecot: Dovecot, secret: SecretRef, call: str, after: str
) -> None:
    """The server hears of nothing before the commit, and nothing is lost: the next look does it all."""
    uids = dovecot.append_all([letter(1), letter(2)])
    dovecot.create("Done")
    reader = Reader(dovecot, secret, after=after, move_to="Done")
    reader.sink.fail(call)
    with pytest.raises(StoreError):
        await reader.look()
    assert dovecot.flags() == {uid: set() for uid in uids}
    await reader.look()
    assert names(reader.sink) == ["1", "2"]
    assert dovecot.flags() == ({uid: {"\\Seen"} for uid in uids} if after == "flag" else {})


@pytest.mark.parametrize("after", ["nothing", "flag", "move", "delete"])
async def test_what_the_server_was_not_told_is_told_at_the_next_start(
    dovecot: Dovecot, secret: SecretRef, after: str
) -> None:
    """Whether the last attempt reached the server or not: telling it again does no harm."""
    uids = dovecot.append_all([letter(1), letter(2)])
    dovecot.create("Done")
    done = len(dovecot.uids("Done"))
    reader = Reader(dovecot, secret, after=after, move_to="Done")
    reader.sink.fail("marked")
    with pytest.raises(StoreError):
        await reader.look()
    (book,) = reader.sink.books.values()
    assert book.marked == set()
    await Reader(dovecot, secret, reader.sink, after=after, move_to="Done").look()
    assert book.marked == {str(uid) for uid in uids}
    assert names(reader.sink) == ["1", "2"]
    assert len(dovecot.uids("Done")) - done == (2 if after == "move" else 0)


async def test_a_missing_target_folder_stops_no_letter(dovecot: Dovecot, secret: SecretRef) -> None:
    """Letters are read, the admin is told, and once the folder is there they are moved."""
    dovecot.append(letter(1))
    reader = Reader(dovecot, secret, after="move", move_to="Later")
    await reader.look()
    dovecot.append(letter(2))
    await reader.look()
    assert names(reader.sink) == ["1", "2"]
    assert len(dovecot.uids()) == 2
    assert all("letters cannot be moved to 'Later'" in str(trouble) for trouble in reader.sink.troubles)
    dovecot.create("Later")
    await reader.look()
    assert dovecot.uids() == []


async def test_moving_into_the_folder_itself_is_no_circle(dovecot: Dovecot, secret: SecretRef) -> None:
    """Each move would make a new UID, and so a new letter, for ever."""
    dovecot.append(letter(1))
    reader = Reader(dovecot, secret, after="move", move_to="INBOX")
    await reader.look()
    assert names(await reader.look()) == ["1"]


# ── progress ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_was_missed_is_found_again(dovecot: Dovecot, secret: SecretRef) -> None:
    """A connection's first look goes through all UIDs, not only those above the last."""
    dovecot.append_all([letter(1), letter(2), letter(3)])
    reader = Reader(dovecot, secret)
    await reader.look()
    (book,) = reader.sink.books.values()
    del book.taken[sorted(book.taken)[1]]
    book.marked.clear()
    assert sorted(names(await reader.look())) == ["1", "2", "3"]


async def test_progress_is_recorded_behind_the_letters(dovecot: Dovecot, secret: SecretRef) -> None:
    """Taken, then reached, then marked, batch by batch."""
    uids = dovecot.append_all([letter(n) for n in range(3)])
    reader = Reader(dovecot, secret, batch=2, after="flag")
    await reader.look()
    assert [call for call in reader.sink.calls if call in ("take", "reached", "marked")] == [
        "take", "reached", "marked", "take", "reached", "marked",
    ]  # fmt: skip
    (book,) = reader.sink.books.values()
    assert book.last_uid == uids[-1]
    assert reader.sink.alive_count == 1


async def test_a_letter_expunged_between_search_and_fetch_is_accounted_for(secret: SecretRef) -> None:
    """It counts as seen and vanished; the others are read."""

    async def search(session: Session, tag: str, _arguments: str) -> None:
        await session.say(f"* SEARCH 1 2 3\r\n{tag} OK done\r\n".encode())
        session.letters.pop(2, None)

    async with ScriptedImap({"INBOX": {n: letter(n) for n in (1, 2, 3)}}) as server:
        source, sink = scripted(server, secret, after="flag")
        server.on("UID SEARCH", search)
        await source.sync_once()
        (book,) = sink.books.values()
        assert (set(book.taken), book.vanished, book.last_uid) == ({"1", "3"}, {"2"}, 3)
        assert book.marked == {"1", "2", "3"}
        assert ("INBOX", 2) not in server.flags


@pytest.mark.parametrize(("batch", "reached"), [(1, 1), (50, 0)])
async def test_a_letter_that_the_server_withholds_costs_only_itself(
    secret: SecretRef, batch: int, reached: int
) -> None:
    """It is not given up: the others are read, the admin is told, and it is tried at every look."""

    async def fetch(session: Session, tag: str, arguments: str) -> None:
        uids, _, items = arguments.partition(" ")
        if "BODY" in items and 2 in ScriptedImap.chosen(session, uids):
            await session.say(f"{tag} NO [SERVERBUG] disk\r\n".encode())
        else:
            await server._do_uid_fetch(session, tag, arguments)

    async with ScriptedImap({"INBOX": {n: letter(n) for n in (1, 2, 3)}}) as server:
        source, sink = scripted(server, secret, batch=batch)
        server.on("UID FETCH", fetch, times=None)
        await source.sync_once()
        (book,) = sink.books.values()
        assert (set(book.taken), book.vanished, book.last_uid) == ({"1", "3"}, set(), reached)
        assert "UID 2" in str(sink.troubles[0])
        server.on("UID FETCH", server._do_uid_fetch, times=None)
        await source.sync_once()
        assert (set(book.taken), book.last_uid) == ({"1", "2", "3"}, 3)


async def test_a_body_of_nil_is_a_letter_withheld(secret: SecretRef) -> None:
    """It is neither deleted nor taken for an empty letter, of which two would be copies of each other."""
    async with ScriptedImap({"INBOX": {1: letter(1)}}) as server:
        source, sink = scripted(server, secret, after="delete")
        server.on("UID FETCH", sizes)
        server.on("UID FETCH", say("* 1 FETCH (UID 1 BODY[] NIL)\n{tag} OK done\n"), times=2)
        await source.sync_once()
        (book,) = sink.books.values()
        assert (book.accounted, book.last_uid) == (set(), 0)
        assert "UID 1 but the server does not hand it out" in str(sink.troubles[0])
        await source.sync_once()
        assert names(sink) == ["1"]
        assert list(server.folders["INBOX"]) == []


@pytest.mark.parametrize("after", ["move", "delete"])
async def test_a_letter_held_in_part_stays_though_more_is_allowed_now(secret: SecretRef, after: str) -> None:
    """After a crash between taking and telling, and a larger `max_size`: what we do not have is never deleted."""
    async with ScriptedImap({"INBOX": {1: letter(1, 2000)}, "Done": {}}) as server:
        source, sink = scripted(server, secret, after=after, move_to="Done", max_size=1000)
        sink.fail("marked")
        with pytest.raises(StoreError):
            await source.sync_once()
        source, _ = scripted(server, secret, after=after, move_to="Done", max_size=5000)
        source._sink = sink
        await source.sync_once()
        assert list(server.folders["INBOX"]) == [1]
        assert sink.books["acme/support", "INBOX", 1].marked == {"1"}


async def sizes(session: Session, tag: str, _arguments: str) -> None:
    await session.say(b"* 1 FETCH (RFC822.SIZE 40 UID 1)\r\n* 1 FETCH (FLAGS ())\r\n", tag.encode(), b" OK done\r\n")


async def test_without_internaldate_a_letter_arrived_now(secret: SecretRef) -> None:
    """The Date header is never believed for that."""
    async with ScriptedImap({"INBOX": {1: letter(1)}}) as server:
        source, sink = scripted(server, secret)
        server.on("UID FETCH", sizes)
        await source.sync_once()
        assert sink.letters[0].received_at == NOW


# ── staying connected ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_idle_brings_a_new_letter_at_once(dovecot: Dovecot, secret: SecretRef) -> None:
    """Long before the poll, in every folder; stopping is quick."""
    dovecot.append(letter(1), "Обращения")
    reader = Reader(dovecot, secret, folders=["INBOX", "Обращения"])
    async with running(reader.source):
        await until(lambda: reader.sink.alive_count >= 2)
        for number, folder in ((2, "INBOX"), (3, "Обращения"), (4, "INBOX")):
            await asyncio.to_thread(dovecot.append, letter(number), folder)
            await until(lambda number=number: str(number) in names(reader.sink))  # type: ignore[misc]
    assert reader.sink.troubles == []


async def test_without_idle_the_server_is_polled(dovecot: Dovecot, secret: SecretRef) -> None:
    """The same where the admin does not want it."""
    reader = Reader(dovecot, secret, idle=False, poll=timedelta(milliseconds=50))
    async with running(reader.source):
        await until(lambda: reader.sink.alive_count > 0)
        await asyncio.to_thread(dovecot.append, letter(1))
        await until(lambda: names(reader.sink) == ["1"])


async def test_a_server_without_idle_is_polled(secret: SecretRef) -> None:
    """IDLE is not even tried."""
    async with ScriptedImap({"INBOX": {}}, capabilities="IMAP4rev1") as server:
        source, sink = scripted(server, secret, poll=timedelta(milliseconds=30))
        async with running(source):
            await until(lambda: sink.alive_count > 0)
            await server.deliver(1, letter(1))
            await until(lambda: names(sink) == ["1"])
        assert "IDLE" not in server.heard
        assert server.connections == 1


async def test_a_silent_idle_is_backed_by_the_poll(secret: SecretRef) -> None:
    """A server that forgets to tell is asked."""
    async with ScriptedImap({"INBOX": {}}) as server:
        source, sink = scripted(server, secret, poll=timedelta(milliseconds=50))
        async with running(source):
            await until(lambda: "IDLE" in server.heard)
            server.folders["INBOX"][1] = letter(1)
            await until(lambda: names(sink) == ["1"])
        assert server.connections == 1


@pytest.mark.parametrize("idle", [True, False])
async def test_silence_is_questioned_within_a_slice(secret: SecretRef, idle: bool) -> None:
    """Long before the poll: IDLE is renewed (far below its 29 minutes), or NOOP said, on the same connection."""
    async with ScriptedImap({"INBOX": {}}) as server:
        settings = scripted(server, secret, poll=timedelta(hours=1), idle=idle)[0]._settings
        sink = MemorySink()
        slices = timedelta(milliseconds=20)
        source = ImapSource("acme/support", settings, sink, ManualClock(NOW), backoff=SOON, idle_slice=slices)
        async with running(source):
            await until(lambda: server.heard.count("IDLE" if idle else "NOOP") >= 3)
        assert (server.connections, sink.alive_count) == (1, 1)


async def test_wake_looks_at_once(secret: SecretRef) -> None:
    """Whatever the source is waiting for."""
    async with ScriptedImap({"INBOX": {}}) as server:
        source, sink = scripted(server, secret, poll=timedelta(hours=1))
        async with running(source):
            await until(lambda: "IDLE" in server.heard)
            server.folders["INBOX"][1] = letter(1)
            source.wake()
            await until(lambda: names(sink) == ["1"])


async def test_wake_cuts_the_wait_after_trouble_short_once(secret: SecretRef) -> None:
    """A server that is down is not called without pause because somebody was impatient."""
    async with ScriptedImap({"INBOX": {}}) as server:
        settings = scripted(server, secret)[0]._settings
        sink = MemorySink()
        source = ImapSource("acme/support", settings, sink, ManualClock(NOW), backoff=Backoff())
        server.on("LOGIN", say("{tag} NO wrong\n"), times=None)
        async with running(source):
            for expected in (1, 2):
                await until(lambda expected=expected: len(sink.troubles) == expected)  # type: ignore[misc]
                source.wake()
            await until(lambda: len(sink.troubles) == 3)
            await asyncio.sleep(0.05)
        assert len(sink.troubles) == 3


@pytest.mark.parametrize("act", [drop, drop_mid_fetch, stall, say("{tag} BAD what\n"), say("gibberish\n")])
@pytest.mark.parametrize("command", ["CAPABILITY", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE", "NOOP"])
async def test_trouble_is_reported_and_tried_again(secret: SecretRef, command: str, act: Act) -> None:
    """Drops and silence at any step: the source comes back by itself, and reads each letter once."""
    async with ScriptedImap({"INBOX": {1: letter(1), 2: letter(2)}}) as server:
        source, sink = scripted(server, secret, after="flag", poll=timedelta(milliseconds=50))
        server.on(command, act)
        if command == "NOOP":  # said when a letter is missing
            server.on("UID FETCH", sizes)
            server.on("UID FETCH", say("{tag} NO not now\n"))
        async with running(source):
            await until(lambda: all(book.marked == {"1", "2"} for book in sink.books.values()) and bool(sink.books))
        assert sorted(names(sink)) == ["1", "2"]
        assert server.flags["INBOX", 1] == {"\\Seen"}


async def test_a_server_that_is_restarted_is_found_again(tmp_path: Path, secret: SecretRef) -> None:
    """Killed, then stopped politely: letters that come in between are read."""
    dovecot = Dovecot(tmp_path)
    dovecot.start()
    try:
        reader = Reader(dovecot, secret)
        async with running(reader.source):
            await until(lambda: reader.sink.alive_count > 0)
            for number, end in enumerate((dovecot.kill, dovecot.stop)):
                troubles = len(reader.sink.troubles)
                await asyncio.to_thread(end)
                await until(lambda troubles=troubles: len(reader.sink.troubles) > troubles)  # type: ignore[misc]
                await asyncio.to_thread(dovecot.start)
                await asyncio.to_thread(dovecot.append, letter(number))
                await until(lambda number=number: str(number) in names(reader.sink))  # type: ignore[misc]
        assert names(reader.sink) == ["0", "1"]
    finally:
        dovecot.close()


async def test_refusals_are_told_and_tried_again(dovecot: Dovecot, secret: SecretRef, tmp_path: Path) -> None:
    """A wrong password may be mended without a restart: the secret is read anew."""
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")
    dovecot.append(letter(1))
    reader = Reader(dovecot, SecretRef(file=wrong))
    async with running(reader.source):
        await until(lambda: len(reader.sink.troubles) >= 2)
        assert all(isinstance(trouble, SourceRefused) for trouble in reader.sink.troubles)
        assert reader.sink.alive_count == 0
        wrong.write_text(dovecot.password)
        await until(lambda: names(reader.sink) == ["1"])


async def test_an_unknown_folder_does_not_stop_the_others(dovecot: Dovecot, secret: SecretRef) -> None:
    """Not while running either."""
    reader = Reader(dovecot, secret, folders=["No such", "INBOX"])
    async with running(reader.source):
        await until(lambda: len(reader.sink.troubles) >= 2 and reader.sink.alive_count > 0)
        await asyncio.to_thread(dovecot.append, letter(1))
        await until(lambda: names(reader.sink) == ["1"])
    assert {type(trouble) for trouble in reader.sink.troubles} == {SourceRefused}


async def test_a_store_that_fails_is_tried_again(dovecot: Dovecot, secret: SecretRef) -> None:
    """It is not the mailbox's trouble, and nothing is marked meanwhile."""
    uid = dovecot.append(letter(1))
    reader = Reader(dovecot, secret, after="flag")
    reader.sink.fail("take", times=3)
    async with running(reader.source):
        await until(lambda: dovecot.flags() == {uid: {"\\Seen"}})
    assert names(reader.sink) == ["1"]
    assert reader.sink.troubles == []


async def test_a_bug_is_told_and_ends_nothing(dovecot: Dovecot, secret: SecretRef) -> None:
    """With its traceback in the log; the mailbox is tried again, and the other mailboxes never notice."""
    bugs = [ZeroDivisionError, ZeroDivisionError]

    def bug() -> None:
        if bugs:
            raise bugs.pop()

    dovecot.append(letter(1))
    reader = Reader(dovecot, secret)
    reader.sink.before["open_folder"] = bug
    with capture_logs() as logs:
        async with running(reader.source):
            await until(lambda: names(reader.sink) == ["1"])
    assert [str(trouble) for trouble in reader.sink.troubles] == [
        "reading fails because of a bug (ZeroDivisionError): report it with the log's traceback"
    ] * 2
    assert [entry["exc_info"] for entry in logs if entry["event"] == "mailbox-bug"] == [True, True]


async def test_stopping_ends_the_source_quietly(dovecot: Dovecot, secret: SecretRef) -> None:
    """A daemon that goes down is no trouble of a mailbox."""

    def stop() -> None:
        raise Stopping

    reader = Reader(dovecot, secret)
    reader.sink.before["open_folder"] = stop
    async with asyncio.timeout(5):
        await reader.source.run()
    assert reader.sink.troubles == []


# ── backing off ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("failures", "refused", "low", "high"),
    [
        (1, False, 1, 2),
        (2, False, 2, 4),
        (5, False, 16, 32),
        (9, False, 150, 300),
        (10_000, False, 150, 300),
        (1, True, 60, 120),
        (2, True, 120, 240),
        (10_000, True, 900, 1800),
    ],
)
def test_waits_double_up_to_a_cap_with_jitter(failures: int, refused: bool, low: float, high: float) -> None:
    """Half of a term is left to chance, so that many clients do not come back together; refusals wait longer."""
    assert Backoff(dice=lambda: 0.0).delay(failures, refused=refused) == timedelta(seconds=low)
    assert Backoff(dice=lambda: 1.0).delay(failures, refused=refused) == timedelta(seconds=high)
