"""Folders with what our own people have sent, on a real Dovecot and in Maildirs: read as any other, and left alone."""

import asyncio
import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.clock import ManualClock
from maild.config.model import Imap, Maildir
from maild.config.secret import SecretRef
from maild.errors import SourceRefused, StoreError
from maild.ingest.backoff import Backoff
from maild.ingest.imap_grammar import parse_folders
from maild.ingest.mailbox import ImapSource
from maild.ingest.maildir import MaildirSource
from tests.servers.dovecot import Dovecot
from tests.servers.imap_script import ScriptedImap, Session
from tests.servers.sink import MemorySink

NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)
SENT = "Отправленные"


@pytest.fixture
def secret(tmp_path: Path) -> SecretRef:
    (tmp_path / "password").write_text("secret-of-dovecot")
    return SecretRef(file=tmp_path / "password")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    dovecot = Dovecot(tmp_path_factory.mktemp("dovecot"))
    dovecot.start()
    yield dovecot
    dovecot.close()


@pytest.fixture
def dovecot(server: Dovecot) -> Dovecot:
    """The same server for all tests, its folders empty."""
    for folder in ("INBOX", "Sent", SENT):
        server.create(folder)
        server.clear(folder)
    return server


def source(port: int, secret: SecretRef, sink: MemorySink, **more: object) -> ImapSource:
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "username": "support", "password": secret}
    return ImapSource("acme/support", Imap.model_validate(settings | more), sink, ManualClock(NOW))


def seen(sink: MemorySink) -> list[tuple[str, bytes, bool]]:
    """Which folder each letter was found in, what it was, and whether it counts as sent by us."""
    return [(one.place.folder, one.octets, one.sent) for one in sink.letters]


# ── IMAP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("after", ["nothing", "flag", "delete", "move"])
async def test_whatever_becomes_of_others_letters_what_was_sent_is_only_read(
    dovecot: Dovecot, secret: SecretRef, after: str
) -> None:
    """Neither moved nor flagged nor deleted, in two folders; each letter once."""
    dovecot.append(b"in\r\n\r\n")
    kept = {name: dovecot.append(b"out\r\n\r\n", name) for name in ("Sent", SENT)}
    sink = MemorySink()
    for _ in range(2):
        await source(dovecot.port, secret, sink, sent=["Sent", SENT], after=after, move_to="Gone").sync_once()
    assert seen(sink) == [("INBOX", b"in\r\n\r\n", False), ("Sent", b"out\r\n\r\n", True), (SENT, b"out\r\n\r\n", True)]
    assert {name: dovecot.flags(name) for name in kept} == {name: {uid: set()} for name, uid in kept.items()}
    assert sink.troubles == ([] if after != "move" else sink.troubles)


async def test_auto_finds_the_folder_that_the_server_marks(dovecot: Dovecot, secret: SecretRef) -> None:
    """Its letters stand in the ledger under its own name; the watchdog knows it as the admin wrote it."""
    dovecot.append(b"out\r\n\r\n", "Sent")
    sink = MemorySink()
    await source(dovecot.port, secret, sink, sent="auto").sync_once()
    assert seen(sink) == [("Sent", b"out\r\n\r\n", True)]


@pytest.mark.parametrize(
    ("capabilities", "answers", "found"),
    [
        ("IMAP4rev1", [rb'* LIST (\HasNoChildren \Sent) "/" "Out &BCQ-"'], "Out Ф"),
        ("IMAP4rev1", [rb"* LIST (\Noselect) NIL All", rb'* LIST (\sent) "." {4}', b"Se)n"], "Se)n"),
        ("IMAP4rev1 SPECIAL-USE LIST-EXTENDED", [rb'* LIST (\Sent) "/" Gesendet'], "Gesendet"),
        ("IMAP4rev1", [], "marks no folder"),
        ("IMAP4rev1", [rb"* LIST (\Sent) NIL A", rb"* LIST (\Sent) NIL B"], 'marks 2 folders as \\Sent, so sent = "auto"'),
    ],
)  # fmt: skip
async def test_the_marked_folder_as_servers_tell_it(
    secret: SecretRef, capabilities: str, answers: list[bytes], found: str
) -> None:
    """By any spelling of the answer; none, or two, is a refusal that says what to write."""

    async def listing(session: Session, tag: str, _arguments: str) -> None:
        await session.say(*(line + b"\r\n" for line in answers), tag.encode() + b" OK listed\r\n")

    server = ScriptedImap({"INBOX": {}, found: {7: b"out\r\n"}}, capabilities=capabilities)
    server.on("LIST", listing, times=None)
    sink = MemorySink()
    async with server:
        looking = source(server.port, secret, sink, sent="auto")
        if "marks" in found:
            with pytest.raises(SourceRefused) as refused:
                await looking.sync_once()
            assert found in str(refused.value)
            assert 'sent = ["A", "B"]' in str(refused.value) or 'sent = ["Sent"]' in str(refused.value)
        else:
            await looking.sync_once()
            assert seen(sink) == [(found, b"out\r\n", True)]
    (asked,) = [line for line in server.heard if line.startswith("LIST")]
    assert asked.endswith("RETURN (SPECIAL-USE)") is ("SPECIAL-USE" in capabilities)


@pytest.mark.parametrize(
    "line", [b"", b"(", b'(\\Sent) "/"', b'(\\Sent) "/" "a', b"(\\Sent) x y z", b'((\\Sent)) "/" a', b"(" * 99]
)
def test_what_is_no_answer_names_no_folder(line: bytes) -> None:
    """Nor does it raise."""
    assert list(parse_folders([line])) == []


async def test_a_sent_folder_that_is_missing_stops_no_other(dovecot: Dovecot, secret: SecretRef) -> None:
    """The letters of customers come in; the admin hears of the folder by its name."""
    dovecot.append(b"in\r\n\r\n")
    sink = MemorySink()
    with pytest.raises(SourceRefused, match="Nowhere"):
        await source(dovecot.port, secret, sink, sent="Nowhere").sync_once()
    assert seen(sink) == [("INBOX", b"in\r\n\r\n", False)]


async def test_what_is_sent_while_maild_runs_is_heard_at_once(dovecot: Dovecot, secret: SecretRef) -> None:
    """By IDLE, as in every other folder."""
    sink = MemorySink()
    task = asyncio.create_task(source(dovecot.port, secret, sink, sent="auto", poll="10m").run())
    try:
        async with asyncio.timeout(10):
            while sink.alive_count < 2:  # noqa: ASYNC110 - a real server, which sets no event
                await asyncio.sleep(0.005)
            await asyncio.to_thread(dovecot.append, b"out\r\n\r\n", "Sent")
            while not sink.letters:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert seen(sink) == [("Sent", b"out\r\n\r\n", True)]


async def test_after_a_crash_each_is_handed_in_once(dovecot: Dovecot, secret: SecretRef) -> None:
    """Whichever step the store fails at, the next look goes on from there."""
    dovecot.append_all([b"1\r\n\r\n", b"2\r\n\r\n", b"3\r\n\r\n"], "Sent")
    for call in ("open_folder", "known", "take", "reached", "marked"):
        sink = MemorySink()
        sink.fail(call)
        reader = source(dovecot.port, secret, sink, sent="Sent", batch=1)
        with pytest.raises(StoreError):
            await reader.sync_once()
        await reader.sync_once()
        assert [octets for _, octets, _ in seen(sink)] == [b"1\r\n\r\n", b"2\r\n\r\n", b"3\r\n\r\n"]


# ── Maildir ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def maildir(path: Path) -> Path:
    for part in ("tmp", "new", "cur"):
        (path / part).mkdir(parents=True)
    return path


async def test_maildirs_of_what_was_sent_are_only_read(tmp_path: Path) -> None:
    """A letter stays where it is, even in new/; each folder has its name, as IMAP has it where it is a subfolder."""
    box, dotted, plain = maildir(tmp_path / "box"), maildir(tmp_path / "box/.Sent"), maildir(tmp_path / "outgoing")
    for path, name in ((box, "new/1"), (dotted, "new/2"), (plain, "cur/3:2,S")):
        (path / name).write_bytes(path.name.encode())
        os.utime(path / name, (0, 0))
    settings = Maildir.model_validate({"path": box, "sent": [dotted, plain], "poll": timedelta(seconds=1)})
    sink = MemorySink()
    for _ in range(2):
        await MaildirSource("acme/support", settings, sink, ManualClock(NOW)).sync_once()
    assert seen(sink) == [("", b"box", False), ("Sent", b".Sent", True), ("outgoing", b"outgoing", True)]
    assert (box / "cur/1:2,").exists()
    assert (dotted / "new/2").exists()
    assert (plain / "cur/3:2,S").exists()


async def test_maildirs_are_watched_side_by_side(tmp_path: Path) -> None:
    """One that cannot be read costs the other nothing, and both hear of a poll."""
    box, sent = maildir(tmp_path / "box"), tmp_path / "gone"
    settings = Maildir.model_validate({"path": box, "sent": [sent]})
    sink = MemorySink()
    fast = Backoff(first=timedelta(0), most=timedelta(0), refused_first=timedelta(0), refused_most=timedelta(0))
    reader = MaildirSource("acme/support", settings, sink, ManualClock(NOW), backoff=fast)
    task = asyncio.create_task(reader.run())
    try:
        async with asyncio.timeout(5):
            while not (sink.alive_count and sink.troubles):  # noqa: ASYNC110 - the conditions are about files
                await asyncio.sleep(0.005)
            maildir(sent)
            (sent / "cur/1").write_bytes(b"out")
            (box / "new/2").write_bytes(b"in")
            while len(sink.letters) < 2:
                reader.poll()
                await asyncio.sleep(0.005)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert sorted(seen(sink)) == [("", b"in", False), ("gone", b"out", True)]
