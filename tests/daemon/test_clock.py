"""The wall clock is set back by hours: ticks, rests and waits do not wait until it has caught up."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from maild.clock import StepWatch
from maild.daemon import Daemon
from maild.errors import StoreBusy
from maild.scheduler import Scheduler, Tick

NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)
MINUTE, HOURS = timedelta(minutes=1), timedelta(hours=3)
CONFIG = """
data_dir = "data"
[smtp]
host = "127.0.0.1"
security = "none"
[organization.acme]
name = "Acme"
number_prefix = "ACME"
[organization.acme.mailbox.support]
address = "support@acme.example"
[organization.acme.mailbox.support.maildir]
path = "mail"
[organization.acme.agent.ivan]
name = "Ivan"
address = "ivan@staff.example"
"""


class Clocks:
    """A wall clock that can be set, and one that cannot."""

    def __init__(self) -> None:
        self.wall = NOW
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def pass_by(self, time: timedelta, *, wall: timedelta | None = None) -> None:
        self.seconds += time.total_seconds()
        self.wall += time if wall is None else wall


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path / "config.toml"


def test_only_a_step_back_is_one() -> None:
    """Not the passing of time, nor a step forward, nor small corrections; many small ones add up to a step."""
    clocks = Clocks()
    watch = StepWatch(clocks, clocks.monotonic)
    assert watch.set_back(MINUTE) is None
    clocks.pass_by(HOURS)
    assert watch.set_back(MINUTE) is None
    clocks.pass_by(MINUTE, wall=HOURS)
    assert watch.set_back(MINUTE) is None
    clocks.pass_by(MINUTE, wall=-HOURS)
    assert watch.set_back(MINUTE) == HOURS + MINUTE
    assert watch.set_back(MINUTE) is None
    clocks.pass_by(MINUTE, wall=timedelta(seconds=20))
    assert watch.set_back(MINUTE) is None
    clocks.pass_by(MINUTE, wall=timedelta(seconds=20))
    assert watch.set_back(MINUTE) == timedelta(seconds=80)


async def test_ticks_can_be_counted_anew() -> None:
    """A tick that was to come in hours comes after its interval; one that was removed stays away."""
    ticked: list[str] = []

    def tick(name: str) -> Tick:
        async def action() -> None:
            ticked.append(name)

        return Tick(name=name, every=timedelta(milliseconds=20), action=action)

    scheduler = Scheduler()
    scheduler.add(tick("outbox"), datetime.now(UTC) + HOURS)
    scheduler.add(tick("poll"), datetime.now(UTC) + HOURS)
    scheduler.remove("poll")
    scheduler.start()
    try:
        await asyncio.sleep(0.06)
        assert ticked == []
        scheduler.restart(datetime.now(UTC))
        async with asyncio.timeout(5):
            while len(ticked) < 2:  # noqa: ASYNC110 - a tick sets no event
                await asyncio.sleep(0.005)
    finally:
        scheduler.stop()
    assert set(ticked) == {"outbox"}


async def test_the_daemon_notices(config: Path) -> None:
    """It says so, and sends again at once through servers that it had left alone."""
    clocks = Clocks()
    daemon = Daemon(config, clock=clocks, monotonic=clocks.monotonic)
    try:
        daemon.dispatcher._rest("acme/support", "the server is away")
        with capture_logs() as logs:
            daemon._look_at_the_clock()
            assert daemon.dispatcher.resting()
            clocks.pass_by(timedelta(seconds=1), wall=-HOURS)
            daemon._look_at_the_clock()
            daemon._look_at_the_clock()
        assert [entry["event"] for entry in logs] == ["the clock was set back"]
        assert daemon.dispatcher.resting() == {}
    finally:
        daemon.office.close()


class TakenOver:
    """What `Database.keep_lock` comes to when the server was restarted and another daemon was faster."""

    async def keep_lock(self) -> None:
        raise StoreBusy("another maild daemon works on this PostgreSQL database: stop it first")


async def test_a_lost_database_ends_the_daemon_aloud(config: Path) -> None:
    """Two daemons must not send the same letters: the one that lost the lock stops with an error."""
    daemon = Daemon(config)
    daemon.office.keep_lock = TakenOver().keep_lock  # type: ignore[method-assign]
    with capture_logs() as logs:
        await daemon._watchdog()
        with pytest.raises(StoreBusy):
            await daemon.run()
    assert any(entry["log_level"] == "critical" for entry in logs)
