"""The configuration is edited under a running daemon: whole or not at all, and the admin hears of what is wrong, once."""

import contextlib
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.outbox.shelves import SHIPPED
from tests.daemon.desk import Desk, Running, imap, letter, until
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Letter, SmtpServer

ADMIN = "admin@hq.example"


@pytest.fixture
def daemon(desk: Desk) -> Iterator[Running]:
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        yield daemon


def refused(daemon: Running, count: int) -> list[str]:
    """Wait until the configuration was refused so many times, and return the problems it told of last."""
    problems: list[str] = daemon.wait_for("configuration refused, the old one stays in force", count)["problems"]
    return problems


def to(smtp: SmtpServer, recipient: str) -> list[Letter]:
    return [sent for sent in smtp.letters if sent.recipient == recipient]


def test_a_good_edit_comes_into_force(
    desk: Desk, daemon: Running, dovecot: Dovecot, smtp: SmtpServer, folder: str
) -> None:
    """A mailbox that is added is read, one that is removed is not; letters leave through the new server in new words."""
    dovecot.create(f"{folder}-sales")
    templates = desk.path / "words"
    templates.mkdir()
    (templates / "acknowledgement.txt").write_text("Совсем другие слова: {{ number }}, {{ token }}", "utf-8")
    with SmtpServer().in_thread() as other:
        desk.write(
            smtp_port=other.port,
            mailboxes={"sales": imap(dovecot, folders=f'["{folder}-sales"]')},
            top='[log]\nlevel = "debug"',
            tail=f'[organization.acme.limits]\nper_address = 20\n[organization.other]\nname = "Другие"\nnumber_prefix = "OTH"\n'
            f'templates = "words"\n[organization.other.mailbox.box]\naddress = "box@other.example"\nold_letters = "answer"\n'
            f'[organization.other.mailbox.box.imap]\n{imap(dovecot, folders=f"""["{folder}"]""")}',
        )
        assert daemon.wait_for("configuration reloaded")["mailboxes"] == 2
        until(lambda: len(daemon.events("mailbox-connected")) == 3, "two more mailboxes")
        dovecot.append(letter(id_="sales", sender="s@b.example"), f"{folder}-sales")
        dovecot.append(letter(id_="other", sender="o@b.example"), folder)
        until(lambda: len(other.letters) == 3, "both acknowledgements and a notification")
        [sent] = to(other, "o@b.example")
        assert "Совсем другие слова: OTH-1" in body(sent)
        assert smtp.letters == []
        (templates / "acknowledgement.txt").write_text("И снова другие: {{ number }}, {{ token }}", "utf-8")
        daemon.wait_for("configuration reloaded", 2)
        dovecot.append(letter(id_="other2", sender="p@b.example", subject="Второй"), folder)
        until(lambda: to(other, "p@b.example"), "the next acknowledgement")
        assert "И снова другие: OTH-2" in body(to(other, "p@b.example")[0])
    balance = desk.read("ledger")
    assert {(row["mailbox"], row["seen"]) for row in balance["folders"]} == {("acme/sales", 1), ("other/box", 2)}


def body(sent: Letter) -> str:
    from maild.ingest.parse import parse

    return parse(sent.octets).text


def test_bad_edits_leave_the_old_one_in_force(
    desk: Desk, daemon: Running, dovecot: Dovecot, smtp: SmtpServer, folder: str
) -> None:
    """Whatever is wrong: the old configuration works on, the problems are told with a remedy, once for as long as they stay."""
    good = desk.text()
    (desk.path / "broken").mkdir()
    (desk.path / "broken" / "acknowledgement.txt").write_text("{{ nummer }}", "utf-8")
    edits = [
        (good[: len(good) // 2], "config.toml:"),  # half-saved, and the watch was faster
        ("smtp = = 1", "config.toml:"),
        (good.replace("[smtp]\n", "[smtp]\nprot = 25\n"), "Did you mean `port`?"),
        (good.replace('number_prefix = "ACME"', 'number_prefix = "ACME"\ntemplates = "broken"'), "nummer"),
        (good.replace('{ file = "pw" }', '{ file = "nowhere" }'), "nowhere does not exist"),
        (good.replace('data_dir = "data"', 'data_dir = "elsewhere"'), "Restart maild to change it"),
        (f'{good}[database]\nurl = "sqlite:///elsewhere.sqlite3"\n', "Restart maild to change it"),
    ]
    for count, (text, told) in enumerate(edits, 1):
        desk.file.write_text(text, "utf-8")
        assert told in " ".join(refused(daemon, count)), daemon.events()
        until(lambda count=count: len(to(smtp, ADMIN)) == count, "a letter to the admin for each")  # type: ignore[misc]
    daemon.signal(signal.SIGHUP)
    daemon.wait_for("configuration is still refused for the same problems")
    desk.file.write_text(edits[-1][0] + "# more\n", "utf-8")  # other octets, the same problem
    daemon.wait_for("configuration is still refused for the same problems", 2)
    dovecot.append(letter(id_="bad-edits"), folder)
    until(lambda: to(smtp, "anna@b.example"), "an acknowledgement under the old configuration")
    desk.file.write_text(good, "utf-8")
    daemon.wait_for("configuration reloaded")
    desk.file.write_text(edits[-1][0], "utf-8")
    refused(daemon, len(edits) + 1)  # wrong again after it was right: that is news
    until(lambda: len(to(smtp, ADMIN)) == len(edits) + 1, "the news")


def test_a_new_password_counts_at_once(
    desk: Desk, daemon: Running, dovecot: Dovecot, smtp: SmtpServer, folder: str
) -> None:
    """A wrong one: status tells. The right one saved into its file: reading goes on without restart or signal."""
    (desk.path / "pw").write_text("wrong")
    daemon.wait_for("configuration reloaded")
    dovecot.kill()
    dovecot.start()
    until(lambda: any("password" in (box["trouble"] or "") for box in desk.read("status")["mailboxes"]), "trouble")
    assert desk.ask("status").status == 1
    (desk.path / "pw").write_text(dovecot.password)
    daemon.wait_for("configuration reloaded", 2)
    dovecot.append(letter(id_="password"), folder)
    until(lambda: to(smtp, "anna@b.example"), "an acknowledgement")
    until(lambda: desk.ask("status").status == 0, "a good status")


def test_what_the_watch_has_missed(desk: Desk, daemon: Running) -> None:
    """A change that the system did not report is found all the same, once nobody writes any more."""
    text = desk.text().replace("Ромашка", "Василёк")
    folder = desk.path
    moved = Path(f"{folder}-away")
    folder.rename(moved)  # the watch follows the folder; what is put into its old place it does not see
    folder.mkdir()
    for path in moved.iterdir():
        os.link(path, folder / path.name) if path.is_file() and path.name != "config.toml" else None
    (folder / "config.toml").write_text(text, "utf-8")
    (folder / "data").symlink_to(moved / "data")
    daemon.wait_for("configuration reloaded")


def watched(daemon: Running, folder: Path) -> None:
    """Wait until the system tells the daemon of changes in a folder (proc(5), fdinfo), of which no event speaks."""
    mark = re.compile(rf"^inotify .*\bino:{folder.stat().st_ino:x}\b", re.MULTILINE)
    infos = Path(f"/proc/{daemon.process.pid}/fdinfo")

    def looks() -> bool:
        texts = []
        for info in infos.iterdir():
            with contextlib.suppress(FileNotFoundError):  # it was closed just now
                texts.append(info.read_text("ascii"))
        return any(mark.search(text) for text in texts)

    until(looks, f"a watch on {folder}")


def test_an_edit_is_noticed_within_seconds(desk: Desk) -> None:
    """By the watch itself, while the slower safety net looks every ten seconds; also in files that an edit has brought."""
    words = desk.path / "words"
    words.mkdir()
    (words / "letter.html").write_text((SHIPPED / "letter.html").read_text("utf-8"), "utf-8")
    with desk.daemon(env={"WATCHDOG_USEC": "0"}) as daemon:
        watched(daemon, desk.path)
        begun = time.monotonic()
        desk.file.write_text(
            desk.text().replace("[organization.acme]", '[organization.acme]\ntemplates = "words"'), "utf-8"
        )
        daemon.wait_for("configuration reloaded")
        watched(daemon, words)
        with (words / "letter.html").open("a", encoding="utf-8") as file:
            file.write("{{ oops")
        refused(daemon, 1)
        assert time.monotonic() - begun < 15, "the net would have taken twenty"
