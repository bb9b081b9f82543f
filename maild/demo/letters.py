"""How the people of the demo and their programs write letters. Pure; knows `post`'s shapes, the cast and `serialize`."""

from base64 import b64encode
from datetime import datetime, timedelta, timezone
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from maild.demo.cast import NEWS, POSTMASTER, SUPPORT
from maild.demo.post import Arrived, Envelope
from maild.model import Address
from maild.outbox.serialize import serialize

MOSCOW = timezone(timedelta(hours=3))


def question(author: Address, subject: str, text: str, now: datetime) -> Envelope:
    """A letter of plain text to support."""
    message = _begin(author, SUPPORT.addr, subject, now)
    message.set_content(text)
    return _envelope(author.addr, SUPPORT.addr, message)


def relayed_again(sent: Envelope, now: datetime) -> Envelope:
    """The same letter once more, as a relay sends it that never saw the answer to its first try."""
    trace = f"Received: from mx.vasilek.example by relay.example with ESMTP; {format_datetime(now)}\r\n"
    return Envelope(sender=sent.sender, recipient=sent.recipient, octets=trace.encode("ascii") + sent.octets)


def reply(author: Address, to: Arrived, text: str, now: datetime) -> Envelope:
    """An answer as a mail client writes it: to Reply-To, with References, the letter quoted below the words."""
    message = _answer(author, to, _again("Re: ", to.message.subject), now)
    quoted = "\n".join(f"> {line}".rstrip() for line in to.message.text.splitlines())
    message.set_content(f"{text}\n\n{now.astimezone(MOSCOW):%d.%m.%Y %H:%M}, {to.message.author} пишет:\n{quoted}\n")
    return _envelope(author.addr, str(message["To"]), message)


def out_of_office(author: Address, to: Arrived, text: str, now: datetime) -> Envelope:
    """A vacation notice as RFC 3834 wants it: marked, from nobody, to the envelope sender."""
    message = _answer(author, to, _again("Автоответ: ", to.message.subject), now)
    message["Auto-Submitted"] = "auto-replied"
    message.set_content(text)
    return _envelope("", to.envelope.sender, message)


def in_windows_1251(author: Address, subject: str, text: str, now: datetime) -> Envelope:
    """A letter of an older Russian mail client: windows-1251 in the headers and, as bare eight bits, in the body."""

    def word(words: str) -> str:
        return f"=?windows-1251?B?{b64encode(words.encode('cp1251')).decode('ascii')}?="

    head = (
        f"From: {word(author.name)} <{author.addr}>",
        f"To: {SUPPORT.addr}",
        f"Subject: {word(subject)}",
        f"Date: {format_datetime(now.astimezone(MOSCOW))}",
        f"Message-ID: {make_msgid(domain=author.domain)}",
        "X-Mailer: The Bat! (v3.99) Professional",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=windows-1251",
        "Content-Transfer-Encoding: 8bit",
    )
    octets = "\r\n".join((*head, "", *text.splitlines(), "")).encode("cp1251")
    return Envelope(sender=author.addr, recipient=SUPPORT.addr, octets=octets)


def only_html(author: Address, subject: str, html: str, now: datetime) -> Envelope:
    """A letter without a plain-text half."""
    message = _begin(author, SUPPORT.addr, subject, now)
    message.set_content(html, subtype="html")
    return _envelope(author.addr, SUPPORT.addr, message)


def newsletter(subject: str, text: str, now: datetime) -> Envelope:
    """A letter of a mailing list that support is subscribed to."""
    message = _begin(NEWS, SUPPORT.addr, subject, now)
    message["List-Id"] = f"<news.{NEWS.domain}>"
    message["List-Unsubscribe"] = f"<https://{NEWS.domain}/unsubscribe>"
    message["Precedence"] = "bulk"
    message.set_content(text)
    return _envelope(f"bounces@{NEWS.domain}", SUPPORT.addr, message)


def undelivered(lost: Arrived, status: str, diagnostic: str, now: datetime) -> Envelope:
    """A delivery report (RFC 3464) about a letter that really went out, with that letter inside."""
    boundary = "=_report"
    head = (
        f"From: {POSTMASTER.name} <{POSTMASTER.addr}>",
        f"To: {lost.envelope.sender}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {make_msgid(domain=POSTMASTER.domain)}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
    )
    explanation = (
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"I'm sorry to have to inform you that your message could not be delivered to {lost.envelope.recipient}:",
        diagnostic,
    )
    report = (
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; {POSTMASTER.domain}",
        f"Arrival-Date: {format_datetime(lost.at)}",
        "",
        f"Final-Recipient: rfc822; {lost.envelope.recipient}",
        "Action: failed",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; {diagnostic}",
    )
    mark = f"--{boundary}"
    top = "\r\n".join((*head, "", mark, *explanation, mark, *report, mark, "Content-Type: message/rfc822", "", ""))
    octets = top.encode("ascii") + lost.envelope.octets + f"\r\n{mark}--\r\n".encode("ascii")
    return Envelope(sender="", recipient=lost.envelope.sender, octets=octets)


def _begin(author: Address, to: str, subject: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = HeaderAddress(display_name=author.name, addr_spec=author.addr)
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(now.astimezone(MOSCOW))
    message["Message-ID"] = make_msgid(domain=author.domain)
    return message


def _answer(author: Address, to: Arrived, subject: str, now: datetime) -> EmailMessage:
    received = to.message
    assert received.author is not None, "every letter of ours has an author"
    answers_to = received.reply_to[0] if received.reply_to else received.author
    message = _begin(author, answers_to.addr, subject, now)
    message["In-Reply-To"] = f"<{received.message_id}>"
    message["References"] = " ".join(f"<{one}>" for one in (*received.references, received.message_id))
    return message


def _again(prefix: str, subject: str) -> str:
    """Put a prefix in front of a subject that does not have it yet."""
    return subject if subject.startswith(prefix) else prefix + subject


def _envelope(sender: str, recipient: str, message: EmailMessage) -> Envelope:
    return Envelope(sender=sender, recipient=recipient, octets=serialize(message))
