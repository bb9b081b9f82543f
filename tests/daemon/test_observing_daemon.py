"""An observing desk on a real Dovecot and a real SMTP server: nobody gets anything but the admin, nothing in the mailbox moves."""

import asyncio
import imaplib
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from maild.clock import ManualClock
from maild.daemon import Daemon
from tests.daemon.desk import Desk, Running, imap, letter, until
from tests.daemon.test_shared_mailbox_daemon import sent
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

OBSERVE = 'mode = "observe"'


def open_desk(path: Path, dovecot: Dovecot, smtp: SmtpServer, folder: str, after: str = "delete") -> Desk:
    """Return a desk whose organisation observes, on a folder beside one with what its people send."""
    dovecot.create(f"{folder}-Sent")
    (path / "pw").write_text(dovecot.password)
    table = imap(dovecot, folders=f'["{folder}"]', sent=f'["{folder}-Sent"]', after=f'"{after}"')
    desk = Desk(path, smtp.port, {"support": table})
    observe(desk, OBSERVE)
    return desk


def observe(desk: Desk, mode: str) -> None:
    """Write the configuration in a mode."""
    plain = Desk.text(desk)
    changed = plain.replace('name = "Ромашка"\n', f'name = "Ромашка"\n{mode}\n', 1)
    new = desk.file.with_name("config.new")
    new.write_text(changed, "utf-8")
    new.replace(desk.file)


def seen(desk: Desk) -> int:
    return int(desk.read("ledger")["seen"])


def recipients(smtp: SmtpServer) -> set[str]:
    return {received.recipient for received in smtp.letters}


def live_on(desk: Desk, span: timedelta) -> None:
    """Let a daemon do what time brings about once so much of it has passed, and send what is to leave."""

    async def go() -> None:
        daemon = Daemon(desk.file, clock=ManualClock(datetime.now(UTC) + span))
        await daemon.office.follow(daemon.policy)
        await daemon.office.remind()
        await daemon.dispatcher.run_once()
        await daemon.dispatcher.close()
        daemon.office.close()

    asyncio.run(go())


def recent(dovecot: Dovecot, folder: str) -> int:
    r"""Return how many letters of a folder are \Recent: nobody has opened it for writing since they came."""
    client = imaplib.IMAP4("127.0.0.1", dovecot.port)
    client.login(dovecot.user, dovecot.password)
    _, answer = client.status(f'"{folder}"', "(RECENT)")
    client.logout()
    return int(answer[0].split()[-1].rstrip(b")"))


def test_twenty_letters_and_nobody_hears(tmp_path: Path, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """Twenty letters are walked, one is answered by a person; the mailbox stays as it was, and the admin alone is written to."""
    desk = open_desk(tmp_path, dovecot, smtp, folder)
    with desk.daemon() as daemon:
        assert daemon.wait_for("organization observes: nothing is sent")["organization"] == "acme"
        daemon.wait_for("mailbox-connected", 2)
        until(lambda: recent(dovecot, folder) == 0, "an empty folder")
        for n in range(1, 21):
            dovecot.append(letter(f"Вопрос {n}", sender=f"anna{n}@b.example", id_=str(n)), folder)
        until(lambda: seen(desk) == 20, "twenty letters", lambda: str(seen(desk)))
        dovecot.append(sent(7), f"{folder}-Sent")
        until(lambda: seen(desk) == 21, "an answer", lambda: str(seen(desk)))
        daemon.signal(signal.SIGHUP)  # a reload changes nothing about it
        daemon.wait_for("configuration reloaded")
    assert daemon.events("mailbox-trouble") == []  # nor did anything try to delete, and was refused
    assert smtp.letters == []
    assert recent(dovecot, folder) == 20  # before anybody opens the folder
    assert len(dovecot.uids(folder)) == 20
    assert set().union(*dovecot.flags(folder).values()) == set()
    assert desk.read("status")["outbox"] == {
        "queued": 0, "sending": 0, "sent": 0, "failed": 0, "withdrawn": 0, "withheld": 40,
    }  # fmt: skip
    for hours in (24, 24, 48, 48):  # two daemons each day: it is told once
        live_on(desk, timedelta(hours=hours))
    assert recipients(smtp) == {"admin@hq.example"}
    assert len(smtp.letters) == 2


def test_live_and_back(tmp_path: Path, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """Going live sends nothing of what was withheld and deletes no letter that was there; what comes then is dealt with."""
    desk = open_desk(tmp_path, dovecot, smtp, folder)
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected", 2)
        dovecot.append(letter("Первое", id_="1"), folder)
        until(lambda: seen(desk) == 1, "a letter")
        observe(desk, 'mode = "live"')
        daemon.wait_for("organization is live: letters are sent from now on")
        daemon.wait_for("mailbox-connected", 4)
        dovecot.append(letter("Второе", sender="boris@b.example", id_="2"), folder)
        until(lambda: len(smtp.letters) == 2, "an acknowledgement and a notification")
        until(lambda: len(dovecot.uids(folder)) == 1, "the second letter deleted")
        observe(desk, OBSERVE)
        daemon.wait_for("organization observes: nothing is sent", 2)
        daemon.wait_for("mailbox-connected", 6)
        dovecot.append(letter("Третье", sender="vera@b.example", id_="3"), folder)
        until(lambda: seen(desk) == 3, "a third letter")
    assert recipients(smtp) == {"boris@b.example", "ivan@staff.example"}
    assert len(dovecot.uids(folder)) == 2
    assert desk.ask("outbox", "retry", "--all").status == 0
    assert desk.read("status")["outbox"]["withheld"] == 4


def test_killed_at_any_instant(tmp_path: Path, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """However often maild dies while it observes, nothing leaves, nothing is lost; and not when it comes back live."""
    desk = open_desk(tmp_path, dovecot, smtp, folder)
    for round_ in range(4):
        with desk.daemon(ready=False) as daemon:
            for n in range(3):
                number = round_ * 3 + n
                dovecot.append(letter(f"Вопрос {number}", sender=f"a{number}@b.example", id_=str(number)), folder)
            if round_ < 3:
                daemon.wait_for("letter", len(daemon.events("letter")) + 1)
                daemon.process.kill()
                daemon.process.wait()
            else:
                until(
                    lambda: seen(desk) == 12 and desk.ask("ledger").status == 0, "all letters", lambda: str(seen(desk))
                )
    assert smtp.letters == []
    observe(desk, 'mode = "live"')
    with desk.daemon() as daemon:
        _come_round(daemon)
    assert smtp.letters == []
    assert len(dovecot.uids(folder)) == 12


def _come_round(daemon: Running) -> None:
    daemon.wait_for("organization is live: letters are sent from now on")
    connected = len(daemon.events("mailbox-connected"))
    daemon.wait_for("mailbox-connected", max(connected, 2))
    daemon.signal(signal.SIGHUP)
    daemon.wait_for("configuration reloaded")
