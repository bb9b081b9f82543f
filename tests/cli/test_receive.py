"""`maild receive`: what it says, and that the MTA keeps the letter where something is wrong, whatever it is."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import pytest

from tests.cli.call import call
from tests.daemon.desk import Desk, letter

BOX = ("--mailbox", "acme/support")


@contextmanager
def nothing(_desk: Desk) -> Iterator[None]:
    yield


@contextmanager
def broken_toml(desk: Desk) -> Iterator[None]:
    desk.file.write_text("data_dir = = 1", "utf-8")
    yield


@contextmanager
def unreadable_secret(desk: Desk) -> Iterator[None]:
    desk.write(top='tokens.key = { file = "nowhere" }')
    yield


@contextmanager
def no_configuration(desk: Desk) -> Iterator[None]:
    desk.file.unlink()
    yield


@contextmanager
def locked_database(desk: Desk) -> Iterator[None]:
    assert call("db", "upgrade").status == 0
    with closing(sqlite3.connect(desk.data / "maild.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def damaged_database(desk: Desk) -> Iterator[None]:
    assert call("db", "upgrade").status == 0
    path = desk.data / "maild.sqlite3"
    good = path.read_bytes()
    path.write_bytes(b"this is no database" * 1000)
    yield
    path.write_bytes(good)


@pytest.mark.parametrize(
    ("trouble", "arguments", "told"),
    [
        pytest.param(nothing, ("--mailbox", "acme/nobody"), "there are: acme/support", id="unknown mailbox"),
        pytest.param(nothing, (), "--mailbox", id="no mailbox named"),
        pytest.param(nothing, (*BOX, "--unknown"), "--unknown", id="wrong command line"),
        pytest.param(broken_toml, BOX, "config.toml", id="broken TOML"),
        pytest.param(unreadable_secret, BOX, "nowhere does not exist", id="unreadable secret"),
        pytest.param(no_configuration, BOX, "config.toml", id="no configuration"),
        pytest.param(locked_database, BOX, "locked", id="locked database"),
        pytest.param(damaged_database, BOX, "is not an SQLite database", id="damaged database"),
    ],
)
def test_the_mta_keeps_it(
    desk: Desk, trouble: Callable[[Desk], AbstractContextManager[None]], arguments: tuple[str, ...], told: str
) -> None:
    """Exit 75 and what to do, whatever is wrong; after it is mended the letter is taken, once."""
    with trouble(desk):
        done = call("receive", *arguments, stdin=letter())
        assert done.status == 75, done
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    desk.write(top="")
    assert call("receive", *BOX, stdin=letter()).status == 0
    assert call("ledger", "--json").json["seen"] == 1


def test_other_secrets_are_none_of_its_business(desk: Desk) -> None:
    """An MTA's user need not be able to read the passwords of IMAP and SMTP; systemd gives them to the daemon alone."""
    desk.write(mailboxes={"support": 'host = "127.0.0.1"\nusername = "u"\npassword = { credential = "mail" }'})
    assert call("receive", *BOX, stdin=letter()).status == 0


def test_its_answer(desk: Desk) -> None:
    """Silent unless asked; the envelope is taken as given, the null sender included."""
    done = call("receive", *BOX, "-f", "", "-r", "support@acme.example", stdin=letter())
    assert (done.status, done.stdout, done.stderr) == (0, b"", "")
    again = call("receive", *BOX, "--json", stdin=letter())
    assert again.json == [{"letter": 2, "outcome": again.json[0]["outcome"], "ticket_id": 1}]
    assert again.json[0]["outcome"]["kind"] == "duplicate"
    evidence = str(call("explain", "1", "--json").json["letter"]["findings"])
    assert "null reverse-path" in evidence


def test_an_envelope_of_any_octets(desk: Desk) -> None:
    """A sender that is no UTF-8 costs the letter nothing."""
    assert call("receive", *BOX, "-f", "\udcff@x.example", stdin=letter()).status == 0
    assert call("ledger", "--json").json["balanced"] is True
