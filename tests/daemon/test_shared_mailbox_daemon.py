"""A mailbox that agents answer from by themselves, on a real Dovecot: two Sent folders, and maild killed on the way."""

import random
from email.message import EmailMessage
from pathlib import Path

from maild.outbox.serialize import serialize
from tests.daemon.desk import Desk, imap, letter, until
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


def sent(number: int, text: str = "Готово") -> bytes:
    """Return an answer to the customer's letter as a mail client appends it."""
    message = EmailMessage()
    message["From"] = "Иван <support@acme.example>"
    message["To"] = "anna@b.example"
    message["Subject"] = "Re: Вопрос"
    message["Message-ID"] = f"<sent{number}@acme.example>"
    message["In-Reply-To"] = f"<{number}@b.example>"
    message.set_content(text)
    return serialize(message)


def open_desk(path: Path, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> tuple[Desk, list[str]]:
    """Return a desk that reads the folder and watches two others, the first of which has a letter from before."""
    folders = [f"{folder}-Sent", f"{folder}-Отправленные"]
    for name in folders:
        dovecot.create(name)
    (path / "pw").write_text(dovecot.password)
    dovecot.append(sent(1, "Из прошлого"), folders[0])
    table = imap(dovecot, folders=f'["{folder}"]', sent=f'["{folders[0]}", "{folders[1]}"]', after='"flag"')
    return Desk(path, smtp.port, {"support": table}), folders


def answers(desk: Desk) -> dict[str, list[str]]:
    """Return what went out in each ticket's history."""
    tickets = [one["number"] for one in desk.read("ticket", "list", "--all")]
    shown = {number: desk.read("ticket", "show", number)["history"] for number in tickets}
    return {number: [line["text"] for line in history if line["kind"] == "out"] for number, history in shown.items()}


def test_answers_from_two_folders_count_once(tmp_path: Path, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """Heard at once, whichever folder the client uses; what was there before is left alone, and so is every letter."""
    desk, folders = open_desk(tmp_path, dovecot, smtp, folder)
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected", 3)
        until(lambda: desk.read("ledger")["seen"] == 1, "the letter from before")
        dovecot.append(letter(id_="1"), folder)
        dovecot.append(letter("Ещё вопрос", id_="2"), folder)
        until(lambda: len(smtp.letters) == 4, "acknowledgements and notifications")
        dovecot.append(sent(2), folders[0])
        dovecot.append(sent(1), folders[1])
        until(lambda: all(one["status"] == "waiting" for one in desk.read("ticket", "list", "--all")), "two answers")
        dovecot.append(sent(1), folders[0])  # and once more in the other
        until(lambda: desk.read("ledger")["seen"] == 6, "the copy")
    assert list(answers(desk).values()) == [["Готово"], ["Готово"]]
    assert len(smtp.letters) == 4
    assert [set(dovecot.flags(name)[uid]) for name in folders for uid in dovecot.uids(name)] == [set()] * 4
    assert desk.ask("ledger").status == 0


def test_killed_on_the_way_and_numbered_anew(tmp_path: Path, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """However often maild dies among answers and their questions, each answer is in its ticket, once."""
    desk, folders = open_desk(tmp_path, dovecot, smtp, folder)
    chance = random.Random(6)
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected", 3)
        until(lambda: desk.read("ledger")["seen"] == 1, "the letter from before")
    numbers = list(range(1, 13))
    for round_ in range(3):
        some = numbers[round_ * 4 : round_ * 4 + 4]
        arriving = [(folder, letter(f"Вопрос {n}", id_=str(n))) for n in some]
        arriving += [(chance.choice(folders), sent(n)) for n in some]
        chance.shuffle(arriving)
        with desk.daemon(ready=False) as daemon:
            for where, octets in arriving:
                dovecot.append(octets, where)
            daemon.wait_for("letter", len(daemon.events("letter")) + round_)
            daemon.process.kill()
            daemon.process.wait()
        for name in folders:
            dovecot.reset_uidvalidity(name)
    with desk.daemon():
        until(
            lambda: list(answers(desk).values()) == [["Готово"]] * 12,
            "an answer in every ticket",
            lambda: str(answers(desk)),
        )
    assert all(one["status"] == "waiting" for one in desk.read("ticket", "list", "--all"))
    assert desk.ask("ledger").status == 0
