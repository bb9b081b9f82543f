"""`maild demo` as people run it: a process of its own, with nothing but what the package brings."""

import contextlib
import email
import imaplib
import json
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.pace import find_crowd

LONG = 90  # seconds that a run may take on a loaded machine; it takes two
SOON = 20  # seconds for what takes a tenth of one

OUTCOMES = {
    "a new question": "opened",
    "the same letter, repeated by a relay": "duplicate",
    "an answer to the acknowledgement": "appended",
    "the agent answers, the notification quoted": "appended",
    "an out-of-office notice": "ignored",
    "windows-1251 from an old mail client": "opened",
    "the agent answers that one": "appended",
    "the answer bounces: mailbox full": "bounce",
    "a letter with nothing but HTML": "opened",
    "a newsletter": "ignored",
}


def demo(*options: str) -> list[str]:
    return [sys.executable, "-X", "dev", "-m", "maild", "demo", *options]


def run(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(demo(*options), capture_output=True, text=True, timeout=LONG * find_crowd(), check=False)


@pytest.fixture(scope="module")
def finished() -> subprocess.CompletedProcess[str]:
    return run("--json")


@pytest.fixture(scope="module")
def report(finished: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return dict(json.loads(finished.stdout))


def test_it_says_nothing_else(finished: subprocess.CompletedProcess[str], report: dict[str, Any]) -> None:
    """Standard output is one object; no library of the servers talks over it, even with all warnings on."""
    assert finished.stderr == ""
    assert report["ok"] is True
    assert report["seconds"] < SOON


def test_nothing_is_lost_and_nothing_repeated(report: dict[str, Any]) -> None:
    kinds = {kind: n for kind, n in report["outcomes"].items() if n}

    assert kinds == {"opened": 3, "appended": 3, "bounce": 1, "duplicate": 1, "ignored": 2}
    assert report["outcomes"]["quarantined"] == 0
    assert (report["letters"], report["tickets"], report["acknowledgements"], report["sent"]) == (10, 3, 3, 10)
    assert (report["unaccounted"], report["repeated"], report["problems"]) == (0, 0, [])


@pytest.mark.parametrize(("number", "title"), list(enumerate(OUTCOMES)), ids=list(OUTCOMES))
def test_each_letter_ends_as_scripted(report: dict[str, Any], number: int, title: str) -> None:
    one = report["script"][number]

    assert (one["title"], one["expected"], one["outcome"]) == (title, OUTCOMES[title], OUTCOMES[title])
    assert one["reason"]
    assert one["problems"] == []
    assert one["sent"] or one["not_sent"], "silence is explained"


def test_the_plain_words_have_no_colour() -> None:
    """Without a terminal there are lines of words: every letter, its outcome, who is written to, why not."""
    finished = run()

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "\x1b" not in finished.stdout
    for words in (*OUTCOMES, "● opened ROM-1", "→ Анна Ковалёва", "nothing goes out: answering a machine is how"):
        assert words in finished.stdout
    assert "✓ Every letter ended as the script says" in finished.stdout
    assert finished.stderr == ""


@pytest.mark.parametrize("package", ["pymap", "aiosmtpd"])
def test_without_the_extra_it_says_what_to_install(package: str) -> None:
    without = f"import sys; sys.modules[{package!r}] = None; sys.argv = ['maild', 'demo']"
    command = [sys.executable, "-c", f"{without}; from maild.cli import main; main()"]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=LONG * find_crowd(), check=False)

    assert finished.returncode == 1
    assert finished.stdout == ""
    assert finished.stderr.splitlines() == [
        f"maild: the demo's mail servers are not installed (no package {package}): pip install 'maild[demo]'"
    ]


def test_it_does_not_write_into_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine")
    finished = run("--dir", str(tmp_path))

    assert finished.returncode == 1
    assert "is not empty" in finished.stderr
    assert (tmp_path / "config.toml").read_text() == "mine"


# ── --keep ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def kept(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """A demo that stays up, and what it has printed."""
    process = subprocess.Popen(
        demo("--keep", "--json", "--dir", str(folder)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line == "}\n":
                break
        yield process, json.loads("".join(lines))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def inbox(connect: dict[str, Any], user: str, subject: str) -> EmailMessage:
    """Wait for a letter in somebody's mailbox as a mail client would; fail if it does not come."""
    until = time.monotonic() + SOON
    with imaplib.IMAP4(connect["imap"]["host"], connect["imap"]["port"]) as client:
        client.login(user, connect["password"])
        while time.monotonic() < until:
            client.select("INBOX")
            for uid in client.uid("search", "ALL")[1][0].split():
                octets = client.uid("fetch", uid, "(BODY.PEEK[])")[1][0][1]
                letter = email.message_from_bytes(octets, policy=default)
                if subject in str(letter["Subject"]):
                    return letter
            time.sleep(0.1)
    pytest.fail(f"{user} never got {subject!r}")


def test_kept_servers_let_anybody_join_in(tmp_path: Path) -> None:
    """With --keep any mail client can play on: write as the customer, answer as the agent, read as both; Ctrl-C ends it."""
    with kept(tmp_path / "demo") as (process, report):
        connect = report["connect"]
        assert report["ok"] is True
        with smtplib.SMTP(connect["smtp"]["host"], connect["smtp"]["port"], local_hostname="test.example") as client:
            client.login("anna@vasilek.example", connect["password"])  # not needed, but some clients insist
            question = EmailMessage()
            question["From"], question["To"] = "Анна <anna@vasilek.example>", "support@romashka.example"
            question["Subject"], question["Message-ID"] = "Ещё один вопрос", "<again@vasilek.example>"
            question.set_content("Когда вы работаете?")
            client.send_message(question)

            acknowledgement = inbox(connect, "anna@vasilek.example", "[ROM-4] Ещё один вопрос")
            assert acknowledgement["In-Reply-To"] == "<again@vasilek.example>"
            notification = inbox(connect, "ivan@romashka.example", "[ROM-4] Ещё один вопрос")

            answer = EmailMessage()
            answer["From"], answer["To"] = "ivan@romashka.example", notification["Reply-To"]
            answer["Subject"], answer["In-Reply-To"] = "Re: [ROM-4]", notification["Message-ID"]
            answer.set_content("С девяти до шести.")
            client.send_message(answer, from_addr="ivan@romashka.example")
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("anna@vasilek.example", ["nobody@romashka.example"], b"Subject: x\r\n\r\n")
        received = inbox(connect, "anna@vasilek.example", "Re: [ROM-4]")
        assert received["Message-ID"]
        tickets = subprocess.run(
            [sys.executable, "-m", "maild", "ticket", "list", "--json", "-c", connect["config"]],
            capture_output=True, text=True, timeout=LONG * find_crowd(), check=True,
        )  # fmt: skip
        assert [ticket["number"] for ticket in json.loads(tickets.stdout)] == ["ROM-1", "ROM-2", "ROM-3", "ROM-4"]

        os.kill(process.pid, signal.SIGINT)
        rest, noise = process.communicate(timeout=LONG * find_crowd())
        assert (process.returncode, rest, noise) == (0, "", "")
    assert (tmp_path / "demo" / "config.toml").exists(), "the folder asked for stays"


def test_a_mail_client_that_stays_does_not_hold_the_demo_up(tmp_path: Path) -> None:
    """Ctrl-C ends the demo while mail clients are connected, as they always are."""
    with kept(tmp_path / "demo") as (process, report):
        connect = report["connect"]
        client = imaplib.IMAP4(connect["imap"]["host"], connect["imap"]["port"])
        client.login("anna@vasilek.example", connect["password"])
        sender = smtplib.SMTP(connect["smtp"]["host"], connect["smtp"]["port"], local_hostname="test.example")
        sender.ehlo()

        os.kill(process.pid, signal.SIGINT)
        _, noise = process.communicate(timeout=SOON * find_crowd())
        assert (process.returncode, noise) == (0, "")
        client.shutdown()
        sender.close()
