"""Terms in the daemon: a clock that leaps reminds nobody falsely, a reload moves terms or is refused whole."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.contracts.client import Client, Contact
from maild.daemon import LEAP_REST, Daemon
from maild.errors import ConfigError
from maild.model import Place, RawMessage
from maild.policy import load_running
from maild.store import enrol, views
from maild.store.clocks import load_clocks
from tests.daemon.test_clock import Clocks
from tests.walk.stage import letter

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CONFIG = """
data_dir = "data"
[admin]
address = "admin@staff.example"
[smtp]
host = "127.0.0.1"
security = "none"
[organization.acme]
name = "Acme"
number_prefix = "ACME"
head = "ivan"
[organization.acme.mailbox.support]
address = "support@acme.example"
[organization.acme.mailbox.support.maildir]
path = "mail"
[organization.acme.agent.ivan]
name = "Ivan"
address = "ivan@staff.example"
[organization.acme.calendar.office.week]
mon-fri = "09:00-18:00"
[organization.acme.target.answer]
until = "answered"
within = "4h"
calendar = "office"
remind = ["50%"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path / "config.toml"


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()  # Tuesday 17 November 2026, noon in Moscow


@pytest.fixture
async def daemon(config: Path, clocks: Clocks) -> AsyncIterator[Daemon]:
    daemon = Daemon(config, clock=clocks, monotonic=clocks.monotonic, boottime=clocks.monotonic)
    await daemon.office.follow(daemon.policy)
    raw = RawMessage(
        octets=letter(), received_at=clocks.now(),
        place=Place(mailbox="acme/support", folder="", uidvalidity=0, uid="1"),
    )  # fmt: skip
    await daemon.office.take([raw])
    await daemon._watchdog()
    yield daemon
    daemon.office.close()


def rewrite(config: Path, text: str) -> None:
    """Change the configuration as an editor does."""
    config.write_text(text, encoding="utf-8")


def reminded(daemon: Daemon) -> list[str]:
    """Return the subjects of all reminders in the outbox, oldest first."""
    with daemon.office.database.read() as connection:
        rows = views.outbox_rows(connection)
    return [row.letter.subject for row in reversed(rows) if row.letter.purpose == "reminder"]


async def test_a_clock_that_leaps_and_comes_back_reminds_nobody(daemon: Daemon, clocks: Clocks) -> None:
    """A wrong time server for a minute: nothing is sent meanwhile, and nothing is lost afterwards."""
    clocks.pass_by(MINUTE, wall=timedelta(days=400))
    await daemon._remind()
    clocks.pass_by(MINUTE)
    await daemon._remind()
    assert reminded(daemon) == []
    clocks.pass_by(MINUTE, wall=-timedelta(days=400))
    await daemon._remind()
    assert reminded(daemon) == []
    clocks.pass_by(2 * HOUR)
    await daemon._remind()
    assert len(reminded(daemon)) == 1
    await daemon._remind()
    assert len(reminded(daemon)) == 1


async def test_a_leap_that_stands_is_believed_after_a_while(daemon: Daemon, clocks: Clocks) -> None:
    """The clock was wrong before and is right now: what is due is sent, a little later."""
    clocks.pass_by(MINUTE, wall=2 * HOUR)
    await daemon._remind()
    clocks.pass_by(LEAP_REST - MINUTE)
    await daemon._remind()
    assert reminded(daemon) == []
    clocks.pass_by(MINUTE)
    await daemon._remind()
    assert len(reminded(daemon)) == 1


async def test_small_corrections_and_sleep_are_no_leaps(daemon: Daemon, clocks: Clocks) -> None:
    """NTP moves the clock by seconds; a machine that slept finds both of its clocks ahead."""
    for _ in range(5):
        clocks.pass_by(MINUTE, wall=MINUTE + timedelta(seconds=30))
        await daemon._remind()
    clocks.pass_by(2 * HOUR)
    await daemon._remind()
    assert len(reminded(daemon)) == 1


async def test_mail_is_read_before_anybody_is_reminded(config: Path, daemon: Daemon, clocks: Clocks) -> None:
    """An answer that came while maild was away counts: reminders wait for every mailbox, but not for ever."""
    daemon.office.close()
    clocks.pass_by(3 * HOUR)
    again = Daemon(config, clock=clocks, monotonic=clocks.monotonic, boottime=clocks.monotonic)
    try:
        again._start_sources()
        await again._watchdog()
        await again._remind()
        assert reminded(again) == []
        again.office.alive("acme/support")
        await again._watchdog()
        await again._remind()
        assert len(reminded(again)) == 1
    finally:
        await again._cancel([reader.task for reader in again._readers.values()])
        again.office.close()


async def test_a_changed_calendar_moves_open_terms(daemon: Daemon, config: Path) -> None:
    """D14: they are computed anew, the ticket's history and the admin say so."""
    rewrite(config, CONFIG.replace("09:00-18:00", "09:00-13:00"))
    assert await daemon.reload()
    with daemon.office.database.read() as connection:
        (clock,) = load_clocks(connection, [1])[1]
        history = views.history(connection, 1)
        admin = [row.letter.subject for row in views.outbox_rows(connection) if row.letter.purpose == "admin"]
    assert clock.due_at == datetime(2026, 11, 18, 9, tzinfo=UTC)  # 1 h on Tuesday until 13:00, 3 h on Wednesday
    assert [line.text for line in history if "calendar office has changed" in line.text]
    assert len(admin) == 1
    assert await daemon.reload()
    with daemon.office.database.read() as connection:
        assert len([r for r in views.outbox_rows(connection) if r.letter.purpose == "admin"]) == 1


async def test_a_client_who_was_imported_cannot_be_configured_too(daemon: Daemon, config: Path, clocks: Clocks) -> None:
    """The reload is refused whole, with both sides named; the old configuration stays in force."""
    imported = Client(key="rose", name="Rose", contacts=(Contact(addresses=("anna@rose.example",)),))
    with daemon.office.database.write() as connection:
        enrol.apply_import(connection, "acme", [imported], [], clocks.now())
    before = daemon.policy
    text = '\n[organization.acme.client.lily]\nname = "Lily"\naddresses = "anna@rose.example"\n'
    rewrite(config, CONFIG.replace("4h", "5h") + text)
    assert not await daemon.reload()
    assert daemon.policy is before
    assert any("rose" in problem and "lily" in problem for problem in daemon._refused)
    with pytest.raises(ConfigError, match="rose"):  # what a start says
        await daemon.office.follow(load_running(config, key=daemon.policy.keyring.key))
