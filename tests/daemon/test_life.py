"""The daemon is started, works, is asked to stop, and refuses what it cannot do, with one clear message."""

import os

import pytest

from tests.daemon.desk import Desk, letter, until
from tests.pace import find_crowd
from tests.servers.dovecot import Dovecot
from tests.servers.need import need
from tests.servers.smtp import STALL, SmtpServer


def test_a_letter_is_acknowledged_and_sigterm_ends_it(
    desk: Desk, dovecot: Dovecot, smtp: SmtpServer, folder: str
) -> None:
    """In, ticket, out; `status` says that all is well; the end comes quickly, is clean and leaves nothing half-done."""
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        until(lambda: desk.ask("status").status == 0, "a good status")
        dovecot.append(letter(id_="life"), folder)
        until(lambda: len(smtp.letters) == 2, "an acknowledgement and a notification")
        assert {sent.recipient for sent in smtp.letters} == {"anna@b.example", "ivan@staff.example"}
        until(lambda: desk.read("status")["outbox"]["sent"] == 2, "both recorded: the server has them a moment earlier")
        shown = desk.read("status")
        assert (shown["ok"], shown["running"]) == (True, True), shown
        assert (shown["tickets"]["new"], shown["outbox"]["sent"], shown["unaccounted"]) == (1, 2, 0)
        assert daemon.stop() < 10 * find_crowd()
    assert [event["event"] for event in daemon.events()][-1] == "maild has stopped"
    assert desk.ask("ledger").status == 0
    stopped = desk.ask("status")
    assert stopped.status == 1
    assert "does not run" in stopped.out


def test_a_stalled_server_does_not_hold_up_the_end(desk: Desk, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """A letter whose DATA nobody answers is given up in time, and tried again after the next start."""
    smtp.on("DATA", STALL)
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        dovecot.append(letter(id_="stalled"), folder)
        until(lambda: "DATA" in smtp.commands, "DATA")
        assert daemon.stop() < 10 * find_crowd()
    smtp.behave()
    with desk.daemon():
        until(lambda: len(smtp.letters) == 2, "the letters, at the second try")


def test_two_daemons_on_one_folder(desk: Desk) -> None:
    """The second is refused with one message and status 1; the first goes on. `status` never gets into the way."""
    with desk.daemon() as daemon:
        second = desk.maild("run")
        assert second.status == 1
        assert len(second.stderr.splitlines()) == 1
        assert "another maild daemon works on" in second.stderr
        assert daemon.process.poll() is None


@pytest.mark.parametrize("started_before", [False, True], ids=["first start", "later start"])
def test_a_data_dir_that_cannot_be_written(desk: Desk, started_before: bool) -> None:
    """One clear message that names the place and the remedy, and no traceback."""
    if started_before:
        assert desk.ask("db", "upgrade").status == 0
    desk.data.mkdir(exist_ok=True)
    closed = [desk.data, *desk.data.iterdir()]
    for path in closed:
        path.chmod(path.stat().st_mode & ~0o222)
    # root may write anywhere, unless this capability is taken from it
    drop = (
        [need("setpriv", "apt-get install util-linux"), "--bounding-set", "-dac_override"] if os.getuid() == 0 else []
    )
    done = desk.maild("run", through=drop)
    for path in closed:
        path.chmod(path.stat().st_mode | 0o700)
    assert done.status in (1, 78)
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert str(desk.data) in done.stderr
    assert "write" in done.stderr
