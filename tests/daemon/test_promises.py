"""Promises in a real daemon: a letter through Dovecot, the letters out through SMTP, an agent's commands, the command line."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from maild.outbox.serialize import serialize
from tests.daemon.desk import Desk, letter, until
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

PROMISES = """
[organization.acme.calendar.office.week]
mon-sun = "00:00-24:00"
[organization.acme.level.base]
name = "Базовый"
[organization.acme.target.answer]
until = "answered"
within = "48h"
calendar = "office"
level = "base"
[organization.acme.target.solution]
until = "resolved"
within = "72h"
calendar = "office"
level = "base"
[organization.acme.identity]
unknown = "ask"
[organization.acme.client.rose]
name = "ООО «Роза»"
addresses = "anna@b.example"
level = "base"
"""


def text_of(octets: bytes) -> str:
    """Return the plain text of a letter."""
    body = message_from_bytes(octets, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def answer(octets: bytes, text: str) -> bytes:
    """Answer a letter as an agent's mail client does."""
    received = message_from_bytes(octets, policy=policy.default)
    message = EmailMessage()
    message["From"] = received["To"]
    message["To"] = received["Reply-To"] or received["From"]
    message["Subject"] = f"Re: {received['Subject']}"
    message["In-Reply-To"] = received["Message-ID"]
    message["Message-ID"] = "<agent-1@staff.example>"
    quoted = "\n".join(f"> {line}" for line in text_of(octets).splitlines())
    message.set_content(f"{text}\n\n27.11.2026 10:00, Ромашка пишет:\n{quoted}\n")
    return serialize(message)


def test_a_client_is_promised_a_term_and_an_agent_works_by_commands(
    desk: Desk, dovecot: Dovecot, smtp: SmtpServer, folder: str
) -> None:
    """The term is in the acknowledgement and in `sla explain`; a command is carried out and receipted; the queue shows it."""
    desk.write(tail=PROMISES)
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        dovecot.append(letter(id_="promise"), folder)
        until(lambda: len(smtp.letters) == 2, "an acknowledgement and a notification")
        by_recipient = {sent.recipient: sent.octets for sent in smtp.letters}
        assert "ответит вам до" in text_of(by_recipient["anna@b.example"])
        assert "ООО «Роза»" in text_of(by_recipient["ivan@staff.example"])
        dovecot.append(answer(by_recipient["ivan@staff.example"], "#взять\n#ждём согласования\nПришлём счёт."), folder)
        until(lambda: len(smtp.letters) == 4, "the answer and a receipt")
        receipt, relayed = sorted(
            (text_of(sent.octets) for sent in smtp.letters[2:]), key=lambda text: "#взять" not in text
        )
        assert "#взять" in receipt
        assert "Пришлём счёт." in relayed
        assert "#" not in relayed
        (ticket,) = desk.read("ticket", "list")
        assert (ticket["client"], ticket["level"], ticket["status"], ticket["agent"]) == (
            "rose",
            "base",
            "waiting",
            "ivan",
        )

        def clocks_of(number: str) -> dict[str, Any]:
            return {one["target"]["until"]: one for one in desk.read("sla", "explain", number)["clocks"]}

        # The server has the answer a moment before it is recorded as sent.
        until(lambda: clocks_of(ticket["number"])["answered"]["met_at"], "the answer to be counted")
        clocks = clocks_of(ticket["number"])
        assert clocks["resolved"]["pauses"][-1]["reason"] == "approval"
