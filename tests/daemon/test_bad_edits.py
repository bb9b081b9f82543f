"""Wrong edits under a running daemon: the old set stays in force, and the admin gets one letter, not one per reload."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from maild.ingest.parse import parse
from tests.daemon.desk import Desk, Running, letter, until
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

ADMIN = "admin@hq.example"
REFUSED = "configuration refused, the old one stays in force"
STILL = "configuration is still refused for the same problems"
RULE = '[organization.acme.rule.urgent]\nwhen.words = "не работает"\nthen.tags = "urgent"\n'


@pytest.fixture
def daemon(desk: Desk) -> Iterator[Running]:
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        yield daemon


def told(smtp: SmtpServer, count: int) -> list[str]:
    """Wait for so many letters to the admin, no more, and return their texts."""

    def texts() -> list[str]:
        return [parse(sent.octets).text for sent in smtp.letters if sent.recipient == ADMIN]

    until(lambda: len(texts()) >= count, f"{count} letter(s) to the admin")
    assert len(texts()) == count
    return texts()


def test_one_letter_for_the_same_problems(
    desk: Desk, daemon: Running, dovecot: Dovecot, smtp: SmtpServer, folder: str
) -> None:
    """However often it is saved, touched, or signalled, and wherever in the file it stands; another one for other problems."""
    good = desk.text() + RULE
    bad = good + RULE
    desk.file.write_text(bad, "utf-8")
    daemon.wait_for(REFUSED)
    (text,) = told(smtp, 1)
    assert "the same key or table again (first on line " in text
    os.utime(desk.file)
    daemon.wait_for(STILL, 1)
    desk.file.write_text("# Правила\n\n" + bad, "utf-8")
    daemon.wait_for(STILL, 2)
    daemon.signal(signal.SIGHUP)
    daemon.wait_for(STILL, 3)
    desk.file.write_text(bad.replace('"не работает"', "«не работает»"), "utf-8")
    daemon.wait_for(REFUSED, 2)
    assert "a typographic quote «" in told(smtp, 2)[1]
    dovecot.append(letter(id_="kept"), folder)
    until(lambda: [sent for sent in smtp.letters if sent.recipient == "anna@b.example"], "an answer by the old set")
    desk.file.write_text(good, "utf-8")
    daemon.wait_for("configuration reloaded")
    desk.file.write_text(bad, "utf-8")
    daemon.wait_for(REFUSED, 3)
    told(smtp, 3)  # wrong again after it was right is news


def test_a_file_that_is_only_being_saved(desk: Desk, daemon: Running, smtp: SmtpServer) -> None:
    """Half of it, then the rest; gone, then there again; emptied, then filled: told to the log, to nobody by mail."""
    good = desk.text() + RULE
    spoils: list[Callable[[], object]] = [
        lambda: desk.file.write_text(good[: len(good) // 2], "utf-8"),
        desk.file.unlink,
        lambda: desk.file.write_bytes(b""),
    ]
    for count, spoil in enumerate(spoils, 1):
        spoil()
        daemon.wait_for(REFUSED, count)
        desk.file.write_text(good, "utf-8")
        daemon.wait_for("configuration reloaded", count)
    desk.file.write_text(good.replace("when.words", "when.wrods"), "utf-8")
    (text,) = told(smtp, 1)
    assert "wrods" in text


def test_what_editors_leave_beside_the_file(desk: Desk, daemon: Running) -> None:
    """Swap files, backups and locks are none of ours; the file that an editor puts in place of the old one is."""
    for name in (".config.toml.swp", "config.toml~", "4913", "#config.toml#", "config.toml.bak"):
        (desk.path / name).write_text("no TOML at all", "utf-8")
    (desk.path / ".#config.toml").symlink_to("admin@host.1:2")
    new = desk.path / "sed4Hx2Kq"
    new.write_text(desk.text() + RULE, "utf-8")
    desk.file.rename(desk.path / "config.toml~")
    new.rename(desk.file)
    daemon.wait_for("configuration reloaded")
    assert daemon.events(REFUSED) == []


def test_a_mistake_in_a_file_that_is_new(desk: Desk, daemon: Running, smtp: SmtpServer) -> None:
    """What is mended there is in force at once, though the file was part of no configuration so far; so with templates."""
    for name in ("rules", "words"):
        (desk.path / name).mkdir()
    rules, words = desk.path / "rules" / "first.toml", desk.path / "words" / "acknowledgement.txt"
    rules.write_text("[rule.r]\nthen.tags = «a»\n", "utf-8")
    words.write_text("{{ nummer }}", "utf-8")
    desk.file.write_text(
        desk.text().replace(
            'number_prefix = "ACME"', 'number_prefix = "ACME"\ninclude = ["rules/*.toml"]\ntemplates = "words"'
        ),
        "utf-8",
    )
    problems = daemon.wait_for(REFUSED)["problems"]
    assert [problem.partition(" ")[0].rpartition("/")[2] for problem in problems] == [
        "first.toml:2:",
        "acknowledgement.txt:1:",
    ]
    (text,) = told(smtp, 1)
    assert "first.toml:2" in text
    assert "nummer" in text
    rules.write_text('[rule.r]\nthen.tags = "a"\n', "utf-8")
    daemon.wait_for(REFUSED, 2)
    words.write_text("{{ number }}, {{ token }}", "utf-8")
    daemon.wait_for("configuration reloaded")
