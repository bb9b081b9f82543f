"""Something outside is broken: the daemon keeps running what it can, `status` and the admin hear of it, and it recovers."""

import resource
import sqlite3
from contextlib import closing

from maild.ingest.parse import parse
from maild.model import Message
from tests.daemon.desk import Desk, imap, letter, until
from tests.pace import find_crowd
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


def test_mailboxes_that_cannot_be_read(desk: Desk, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """A wrong password and an unknown folder: the good folders are read, the bad ones told of, by mail when silent."""
    (desk.path / "bad").write_text("wrong")
    both = imap(dovecot, folders=f'["{folder}", "Nowhere"]')
    wrong = imap(dovecot, "bad", folders=f'["{folder}-2"]')
    desk.write(mailboxes={"support": both, "sales": wrong}, top='silence_after = "3s"')
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        dovecot.append(letter(id_="trouble"), folder)
        until(lambda: any(sent.recipient == "anna@b.example" for sent in smtp.letters), "an acknowledgement")
        told = until(lambda: admin_letters(smtp, 2), "two letters to the admin")
        assert {sent.subject.rpartition(": ")[2] for sent in told} == {
            "acme/support:Nowhere",
            "acme/sales:" + folder + "-2",
        }
        done = desk.ask("status", "--json")
        assert done.status == 1
        good, unknown, refused = done.json["mailboxes"]
        assert (good["folder"], good["trouble"], good["silent"]) == (folder, None, False)
        assert unknown["folder"] == "Nowhere"
        assert "Nowhere" in unknown["trouble"]
        assert unknown["read_at"] is None
        assert "password" in refused["trouble"]
        assert len(daemon.events("mailbox is silent")) == 2, "not at every look"
        dovecot.create("Nowhere")
        dovecot.create(f"{folder}-2")
        (desk.path / "bad").write_text(dovecot.password)
        until(lambda: desk.ask("status").status == 0, "a good status")
        daemon.wait_for("mailbox is heard of again", 2)  # at its next look
        assert len(daemon.events("mailbox is heard of again")) == 2
    assert len(admin_letters(smtp)) == 2


def admin_letters(smtp: SmtpServer, count: int = 0) -> list[Message]:
    found = [parse(sent.octets) for sent in smtp.letters if sent.recipient == "admin@hq.example"]
    return found if len(found) >= count else []


def test_smtp_is_down(desk: Desk, dovecot: Dovecot, folder: str) -> None:
    """Letters are taken and tickets opened; answers wait, and leave once there is a server."""
    with SmtpServer().in_thread() as server:
        port = server.port
    desk.write(smtp_port=port)
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        dovecot.append(letter(id_="down"), folder)
        trouble = until(lambda: desk.read("status")["sending"][0]["trouble"], "trouble in the status")
        assert str(port) in trouble
        until(lambda: "2 queued" in desk.ask("status").out, "the second letter to have been tried as well")
        done = desk.ask("status")
        assert done.status == 1
        assert f"sending      acme/support: {trouble}" in done.out
        assert "1 new" in done.out
        with SmtpServer().in_thread() as server:
            desk.write(smtp_port=server.port)  # or wait until the old one is tried again
            until(lambda: len(server.letters) == 2, "both letters")
            until(lambda: desk.ask("status").status == 0, "a good status")


def test_the_disk_is_full(desk: Desk, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """Letters stay where they are; systemd is not made to kill us; work goes on as soon as there is room."""
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        _, hard = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (0, hard))  # EFBIG for every octet
        dovecot.append(letter(id_="full"), folder)
        daemon.wait_for("mailbox-trouble")
        daemon.wait_for("the database cannot be written for now")
        assert smtp.letters == []
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        until(lambda: len(smtp.letters) == 2, "both letters")
        daemon.wait_for("the database can be written again")
        assert [e for e in daemon.events() if "exception" in e] == []
    assert [row["seen"] for row in desk.read("ledger")["folders"]] == [1]


def test_the_database_is_locked_when_told_to_stop(desk: Desk, dovecot: Dovecot, folder: str) -> None:
    """The call under way may wait for its turn; those behind it are dropped, and the daemon ends well and in time."""
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        with closing(sqlite3.connect(desk.data / "maild.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            dovecot.append(letter(id_="stop"), folder)
            until(lambda: [e for e in daemon.events() if "is locked" in e.get("error", "")], "a complaint")
            assert daemon.stop() < 10 * find_crowd()
            other.execute("ROLLBACK")
        assert [e for e in daemon.events() if "exception" in e] == []


def test_the_database_is_locked(desk: Desk, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """Some other program holds the database for longer than we wait: nothing is lost, nothing ends, work goes on after it."""
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        with closing(sqlite3.connect(desk.data / "maild.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            dovecot.append(letter(id_="locked"), folder)
            until(lambda: [e for e in daemon.events() if "is locked" in e.get("error", "")], "a complaint")
            other.execute("ROLLBACK")
        until(lambda: len(smtp.letters) == 2, "both letters")
        assert [e for e in daemon.events() if "exception" in e] == []
    assert [row["seen"] for row in desk.read("ledger")["folders"]] == [1]
