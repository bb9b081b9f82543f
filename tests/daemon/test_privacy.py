"""What belongs to customers and what is secret never reaches the log of a daemon at work."""

import re

from tests.daemon.desk import Desk, imap, letter, until
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Answer, SmtpServer


def test_nothing_of_a_letter_is_logged(desk: Desk, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """Neither addresses, names, subjects, words, attachments' names, Message-IDs and tokens, nor passwords: through
    good days, refusals and trouble, at the level that a desk runs at. Every line is a JSON object."""
    smtp.on("RCPT", Answer(550, "5.1.1 no such person ivan@staff.example, said Kolobok"), times=1)
    (desk.path / "bad").write_text("Parol-Shapoklyak")
    wrong = imap(dovecot, "bad", folders=f'["{folder}-2"]')
    desk.write(mailboxes=dict(desk.mailboxes) | {"sales": wrong})
    letters = [
        letter(
            "Слова-Чебурашка",
            sender="krokodil@gena.example",
            name="Имя-Гена",
            subject="Тема-Апельсин",
            id_="id-Buratino",
        ),
        b"From: krokodil@gena.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\xff\x00Malvina",
        b"From: <krokodil@\r\nSubject: =?utf-8?b?0KLQ?=\r\nContent-Type: text/plain; charset=Karabas\r\n\r\n\xffDuremar",
        letter("снова Чебурашка", sender="krokodil@gena.example", subject="Re: [ACME-1] Апельсин", id_="id-Artemon"),
    ]
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        dovecot.append_all(letters, folder)
        until(lambda: len(daemon.events("letter")) == len(letters), "all letters")
        daemon.wait_for("letter-failed")
        until(lambda: smtp.letters, "something sent")
        daemon.wait_for("mailbox-trouble")
    text = daemon.log.read_text("utf-8")
    tokens = {found for sent in smtp.letters for found in re.findall(r"t\d+\.([a-z2-7]{16})", sent.octets.decode())}
    assert tokens
    secret = [
        "Чебурашка", "krokodil", "gena.example", "Гена", "Апельсин", "Buratino", "Malvina", "Karabas", "Duremar",
        "Artemon", "ivan@", "staff.example", dovecot.password, "Shapoklyak", (desk.data / "token.key").read_text(), *tokens,
    ]  # fmt: skip
    assert [words for words in secret if words in text] == []
    assert len(daemon.events()) == len(text.splitlines())
