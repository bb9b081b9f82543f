"""What an admin asks of a desk whose customers write hostile things: answers in words and in JSON, nothing changed."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild import pipeline
from maild.config.load import load_config
from maild.model import Place, RawMessage
from maild.store import letters, open_blobs, open_database, queue
from tests.cli.call import call
from tests.daemon.desk import Desk, letter

NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)
HOSTILE = letter("Тело \x1b[31m[bold]жирно[/bold]\n\x9b2J", subject="[red]Срочно[/red]", name="Анна", id_="hostile")
HOSTILE = HOSTILE.replace(b"Message-ID", b"X-Evil: \x1b]0;owned\x07\r\nMessage-ID")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Two letters of one customer on a ticket each, one letter in quarantine, one outgoing letter failed."""
    call("receive", "-m", "acme/support", stdin=HOSTILE)
    call("receive", "-m", "acme/support", stdin=letter("Другое", subject="Второй", id_="second"))
    config = load_config(desk.file).config
    database = open_database(config)
    place = Place(mailbox="acme/support", folder="INBOX", uidvalidity=7, uid="9")
    raw = RawMessage(octets=letter("Третье", id_="third"), place=place, received_at=NOW)
    [broken] = pipeline.receive([raw], database, open_blobs(config), NOW)
    with database.write() as connection:
        letters.set_aside(connection, broken, "ValueError in parse:1", "Traceback\n  \x1b[2J[red]boom", NOW)
        queue.failed(connection, 1, datetime.now(UTC), "550 \x1b[1mno such user[/] here")
    database.close()
    return desk


def everything(desk: Desk) -> dict[str, object]:
    """All rows of all tables, and the digest of every blob."""
    with closing(sqlite3.connect(desk.data / "maild.sqlite3")) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        rows: dict[str, object] = {name: list(connection.execute(f"select * from {name}")) for name in sorted(names)}
    blobs = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (desk.data / "blobs").rglob("*")
             if path.is_file()}  # fmt: skip
    return rows | {"blobs": blobs, "files": sorted(path.name for path in desk.data.iterdir())}


LOOKS = [
    ("ticket list", 0, ["ACME-1", "[red]Срочно[/red]", "Анна <anna@b.example>"]),
    ("ticket list --status closed", 0, ["No ticket."]),
    ("ticket list --limit 1", 0, ["ACME-1"]),
    ("client list", 0, ["No client."]),
    ("client usage", 0, ["Nothing was used."]),
    ("coupon list", 0, ["No coupon."]),
    ("sla explain ACME-1", 0, ["Nothing was promised"]),
    (
        "ticket show acme-1",
        0,
        ["standing: unknown", "requester: Анна <anna@b.example>", "[bold]жирно[/bold]", r"\x9b2J", "outbox 1:"],
    ),
    ("ticket show ACME-9", 1, []),
    ("outbox list", 0, ["acknowledgement", "anna@b.example", r"550 \x1b[1mno such user[/] here"]),
    ("outbox list --state sent", 0, ["No such letter."]),
    ("outbox show 1", 0, ["acknowledgement to anna@b.example: failed", r"error: 550 \x1b[1mno such user[/] here"]),
    ("outbox show 99", 1, []),
    ("quarantine list", 0, ["ValueError in parse:1"]),
    ("quarantine show 3", 0, [r"\x1b[2J[red]boom", "maild replay 3"]),
    ("quarantine show 1", 1, []),
    ("ledger", 0, ["(handed in)", "2 opened", "1 quarantined", "balanced"]),
    ("ledger --letters --limit 1", 0, ["ACME-1", "… and 2 more"]),
    ("status", 1, ["does not run", "2 new", "1 failed in the last 7 days", "maild quarantine list"]),
    ("explain 1", 0, ["classify  person", "opened: ", "ticket: ACME-1"]),
    ("explain 3", 0, ["quarantined: ValueError in parse:1", "maild quarantine show 3"]),
    ("explain 1 --again", 0, ["decide", "opened: ", "would send: acknowledgement to anna@b.example"]),
    ("explain hostile.eml", 0, ["dedupe    a copy of letter 1", "duplicate: "]),
    (
        "explain hostile.eml",
        0,
        ["parse     ", "0 files", "│ Анна <anna@b.example>: [red]", "[bold]жирно[/bold]", r"│ \x9b2J"],
    ),
    ("explain new.eml -m acme/support", 0, ["opened: ", "would send: notification to ivan@staff.example"]),
    ("explain 99", 1, []),
    ("explain no-such-file", 1, []),
    ("explain new.eml -m acme/nobody", 1, []),
]


def test_looking(desk: Desk) -> None:
    """Every look tells what it should, in words that cannot command the terminal and in JSON, and changes nothing."""
    (desk.path / "hostile.eml").write_bytes(HOSTILE)
    (desk.path / "new.eml").write_bytes(letter(sender="new@b.example", id_="new"))
    before = everything(desk)
    for command, status, told in LOOKS:
        done = call(*command.split())
        assert done.status == status, (command, done)
        assert [words for words in told if words not in done.out] == [], (command, done.out)
        assert bool(done.stderr) == (not told), (command, done.stderr)
        assert not {"\x1b", "\x9b", "\x07", "\r"} & set(done.out + done.stderr), command
        as_json = call(*command.split(), "--json")
        assert as_json.status == status
        assert as_json.json is not None
    assert everything(desk) == before


def test_octets_as_they_came(desk: Desk) -> None:
    """A raw letter goes to a file or a program untouched."""
    assert call("quarantine", "show", "3", "--raw").stdout == letter("Третье", id_="third")
    assert call("outbox", "show", "1", "--raw").stdout.startswith(b"From: ")


def test_replay(desk: Desk) -> None:
    """After the fault was mended the letter ends as it should have; once, and only what is in quarantine."""
    assert "not in quarantine: 1, 2;" in call("replay", "1", "2", "3").stderr
    assert call("quarantine", "list", "--json").json[0]["letter_id"] == 3, "all or none"
    done = call("replay", "--all", "--json")
    assert [(one["letter"], one["outcome"]["kind"]) for one in done.json] == [(3, "opened")]
    assert call("replay", "3").status == 1
    assert "The quarantine is empty." in call("quarantine", "list").out
    assert len(call("quarantine", "list", "--all", "--json").json) == 1
    assert call("ticket", "show", "ACME-3").status == 0
    assert call("ledger").status == 0


def test_retry(desk: Desk) -> None:
    """Failed letters are queued again, all that are named or none; `status` is content with that."""
    done = call("outbox", "retry", "1", "2")
    assert done.status == 1
    assert "not failed: 2;" in done.stderr
    assert call("outbox", "retry", "--all", "--json").json == {"queued": [1]}
    assert call("outbox", "show", "1", "--json").json["outbox"]["state"] == "queued"
    assert "nothing, no letter has failed" in call("outbox", "retry", "--all").out
    assert "failed" not in call("status").out


def test_explain_before_the_first_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter can be walked against an empty desk, from a file or a pipe; no database and no key are made for it."""
    desk = Desk(tmp_path / "fresh")
    monkeypatch.setenv("MAILD_CONFIG", str(desk.file))
    done = call("explain", "-", stdin=HOSTILE)
    assert done.status == 0
    assert "would send: acknowledgement to anna@b.example" in done.out
    assert call("explain", "-", "--json", stdin=HOSTILE).json["ticket"] == "ACME-1"
    assert not desk.data.exists()
    assert call("explain", "1").status == 1, "a number needs a database"


def test_explain_tells_what_was_read(desk: Desk) -> None:
    """A program gets the letter as it was understood: who, what, which files, what is new, what a report says."""
    text = "Да, спасибо.\n\n23.11.2026 09:10, Поддержка <support@acme.example> пишет:\n> Работает?\n"
    read = call("explain", "-", "--json", stdin=letter(text, id_="said")).json
    assert (read["message"]["author"]["addr"], read["message"]["text"].strip()) == ("anna@b.example", text.strip())
    assert (read["said"]["text"], read["report"]) == ("Да, спасибо.", None)
    assert "attribution, 1 line" in str(read["findings"])


def test_a_long_letter_is_shown_in_part(desk: Desk) -> None:
    """Enough to recognise it; how much more there is stands below."""
    done = call("explain", "-", stdin=letter("\n".join(f"Строка {n}." for n in range(30)), id_="long"))
    assert "│ Строка 19." in done.out
    assert "│ Строка 20." not in done.out
    assert "│ … 10 more lines" in done.out


def test_explain_a_letter_that_breaks_our_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be quarantined; that is an answer, and the traceback is its evidence."""

    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError("\x1b[2Jboom")

    monkeypatch.setattr(pipeline, "walk", broken)
    done = call("explain", "-", stdin=HOSTILE)
    assert done.status == 0
    assert "quarantined: ZeroDivisionError" in done.out
    assert r"\x1b[2Jboom" in done.out
