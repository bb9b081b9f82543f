"""A phone call in a real daemon: an agent writes it down and confirms it, it becomes two requests, is solved, and rated by a mail link."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from maild.outbox.serialize import serialize
from tests.daemon.desk import Desk, until
from tests.daemon.test_promises import text_of
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

ASKING = """
[organization.acme.satisfaction]
ask = "resolved"
"""
CALL = "#клиент anna@b.example Анна\nЗвонила: касса не печатает чек.\nЕщё просит выставить счёт за ноябрь."
IVAN = "Иван <ivan@staff.example>"


def letter_to(to: str, text: str, *, author: str, id_: str, subject: str, answers: str = "") -> bytes:
    """Return a letter as a mail client writes it."""
    message = EmailMessage()
    message["From"] = author
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{id_}@client.example>"
    if answers:
        message["In-Reply-To"] = answers
    message.set_content(text)
    return serialize(message)


def reply_to(octets: bytes, text: str, *, author: str, id_: str) -> bytes:
    """Return an answer without the quotation, as phones write it."""
    got = message_from_bytes(octets, policy=policy.default)
    to, subject = str(got["Reply-To"] or got["From"]), f"Re: {got['Subject']}"
    return letter_to(to, text, author=author, id_=id_, subject=subject, answers=str(got["Message-ID"]))


def test_a_call_becomes_requests_and_a_verdict(desk: Desk, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> None:
    """No server vouches for the agent, so that the registered address says yes first; the caller votes with one of the links."""
    desk.write(tail=ASKING)

    def sent(recipient: str, count: int) -> list[bytes]:
        """Wait for so many letters to an address; return them."""
        return until(  # type: ignore[no-any-return]
            lambda: len(found := [one.octets for one in smtp.letters if one.recipient == recipient]) >= count and found,
            f"{count} letter(s) to {recipient}",
            lambda: "\n".join(f"{one.recipient}: {text_of(one.octets)[:200]}" for one in smtp.letters),
        )

    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        dovecot.append(letter_to("support@acme.example", CALL, author=IVAN, id_="call", subject="Касса"), folder)
        (question,) = sent("ivan@staff.example", 1)
        assert [one.recipient for one in smtp.letters] == ["ivan@staff.example"]
        dovecot.append(reply_to(question, "да", author=IVAN, id_="yes"), folder)
        (acknowledged,) = sent("anna@b.example", 1)
        assert "Звонила: касса не печатает чек." in text_of(acknowledged)
        assert "#" not in text_of(acknowledged)
        notification = until(
            lambda: next(
                (one for one in sent("ivan@staff.example", 1) if "Новое обращение ACME-1" in text_of(one)), None
            ),
            "the notification",
        )
        split = "#разделить\nЕщё просит выставить счёт за ноябрь.\n"
        dovecot.append(reply_to(notification, split, author=IVAN, id_="split"), folder)
        assert "ACME-2" in text_of(sent("anna@b.example", 2)[1])
        dovecot.append(reply_to(notification, "Поменяли ленту.\n#решено", author=IVAN, id_="done"), folder)
        answer = text_of(sent("anna@b.example", 3)[2])
        assert answer.startswith("Поменяли ленту.")
        link = urlsplit(re.findall(r"Плохо <(mailto:[^>]+)>", answer)[0])
        query = parse_qs(link.query)
        vote = letter_to(
            unquote(link.path),
            query["body"][0],
            author="Анна <anna@b.example>",
            id_="vote",
            subject=query["subject"][0],
        )
        dovecot.append(vote, folder)
        # He still gets receipts of what he ordered, in whatever order.
        until(
            lambda: any("Плохо" in text_of(one) for one in sent("ivan@staff.example", 1)),
            "the verdict to reach the agent",
        )
        assert len(sent("anna@b.example", 3)) == 3, "nothing answers a verdict"
        tickets = {one["number"]: one for one in desk.read("ticket", "list", "--all")}
        assert {number: one["status"] for number, one in tickets.items()} == {"ACME-1": "resolved", "ACME-2": "new"}
        (row,) = desk.read("satisfaction", "--by", "agent")["rows"]
        assert (row["asked"], row["bad"]) == (1, 1)
