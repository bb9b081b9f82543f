"""Delivery reports of the standard and before it; ordinary letters are none."""

import pytest

from maild.ingest.dsn import parse_delivery_report
from maild.ingest.machines.dsn_formats import (
    explanation,
    find_diagnostic,
    find_local_names,
    find_recipients,
    find_reply,
    find_status,
)
from maild.ingest.parse import parse
from maild.model import DeliveryReport
from tests.pace import find_growth


def report(*blocks: str, kind: str = "multipart/report; report-type=delivery-status") -> DeliveryReport | None:
    status = "\n\n".join(("Reporting-MTA: dns; mx.example", *blocks))
    octets = f"From: MAILER-DAEMON@mx.example\nTo: support@acme.example, support+t1.x@acme.example\nContent-Type: {kind}; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\n{status}\n--b--\n"
    return parse_delivery_report(parse(octets.encode()))


FAILED = "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1"
DELAYED = "Final-Recipient: rfc822; b@x.example\nAction: delayed\nStatus: 4.4.1"
DELIVERED = "Final-Recipient: rfc822; c@x.example\nAction: delivered\nStatus: 2.0.0"


@pytest.mark.parametrize(
    ("blocks", "action", "recipients", "status"),
    [
        ([FAILED], "failed", ("a@x.example",), "5.1.1"),
        ([DELAYED], "delayed", ("b@x.example",), "4.4.1"),
        ([DELIVERED], "delivered", ("c@x.example",), "2.0.0"),
        ([DELIVERED, DELAYED, FAILED], "failed", ("a@x.example",), "5.1.1"),
        ([DELIVERED, DELAYED], "delayed", ("b@x.example",), "4.4.1"),
        ([FAILED, FAILED.replace("a@", "d@")], "failed", ("a@x.example", "d@x.example"), "5.1.1"),
        (["Final-Recipient: rfc822; a@x.example\nStatus: 5.0.0"], "failed", ("a@x.example",), "5.0.0"),
        (["Final-Recipient: rfc822;<a@x.example>\nAction: Failed (bad mailbox)"], "failed", ("a@x.example",), None),
        (["Original-Recipient: rfc822;us@x.example\n" + FAILED], "failed", ("us@x.example",), "5.1.1"),
        (["Final-Recipient: a@x.example\nAction: expanded"], "expanded", ("a@x.example",), None),
        (
            ["Action: failed\nStatus: 5.0.0", "Final-Recipient: rfc822; a@x.example"],
            "failed",
            ("a@x.example",),
            "5.0.0",
        ),
        ([FAILED + "\n" + FAILED.replace("a@", "d@")], "failed", ("a@x.example", "d@x.example"), "5.1.1"),
        ([FAILED, FAILED.replace("a@x", "A@X")], "failed", ("a@x.example",), "5.1.1"),
        (["Original-Recipient: rfc822; 1\n" + FAILED], "failed", ("a@x.example",), "5.1.1"),
        (["Original-Recipient: rfc822;a+2Btag@x.example\n" + FAILED], "failed", ("a+tag@x.example",), "5.1.1"),
        ([FAILED, FAILED.replace("a@x.example", "support@acme.example")], "failed", ("a@x.example",), "5.1.1"),
        ([FAILED, FAILED.replace("a@x.example", "support+t1.x@acme.example")], "failed", ("a@x.example",), "5.1.1"),
        (
            ["Action: failed\nFinal-Recipient: rfc822; a@x.example\nDiagnostic-Code: smtp; 550 5.7.1 no"],
            "failed",
            ("a@x.example",),
            "5.7.1",
        ),
    ],
)
def test_structured_reports(blocks: list[str], action: str, recipients: tuple[str, ...], status: str | None) -> None:
    """A report is as bad as the worst of its recipients, and names those; the address is the one we wrote to."""
    found = report(*blocks)
    assert found is not None
    assert (found.action, found.recipients, found.status) == (action, recipients, status)


def test_a_report_without_its_wrapping() -> None:
    """Some gateways send the part for machines as the whole letter."""
    octets = f"From: gateway@x.example\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n{FAILED}\n"
    found = parse_delivery_report(parse(octets.encode()))
    assert found is not None
    assert found.recipients == ("a@x.example",)


def test_diagnostic_is_shortened() -> None:
    """The remote server's words, without their type, at most 500 characters."""
    found = report(f"{FAILED}\nDiagnostic-Code: smtp; 550 {'x' * 2000}")
    assert found is not None
    assert found.diagnostic.startswith("550 xxx")
    assert len(found.diagnostic) == 500


@pytest.mark.parametrize(
    ("said", "recipients"),
    [
        ("<a@x.example>: 550 gone", ("a@x.example",)),
        ("  a@x.example\n    reason\n  b@x.example\n    reason", ("a@x.example", "b@x.example")),
        ("* [a@x.example]: 550 gone", ("a@x.example",)),
        ("1. a@x.example\n2. b@x.example", ("a@x.example", "b@x.example")),
        ("Recipient: a@x.example", ("a@x.example",)),
        ("Адрес получателя: a@x.example", ("a@x.example",)),
        ("Final-Recipient: rfc822; a@x.example", ("a@x.example",)),
        ("MAIL FROM: list@x.example\nRCPT TO: a@x.example", ("a@x.example",)),
        ("Could not be delivered to the following recipients:\n\nAnna (a@x.example)<mailto:a@x.example>\nNot found", ("a@x.example",)),
        ("Delivery failed 20 attempts: a@x.example", ("a@x.example",)),
        ("Invalid final delivery userid: a@x.example", ("a@x.example",)),
        ("550 no mailbox for a@x.example, ask help@x.example", ("a@x.example", "help@x.example")),
        ("We could not deliver it to a@x.example.", ("a@x.example",)),
        ("Unable to deliver to a@x.example for\n 552 quota of b@x.example", ("a@x.example", "b@x.example")),
        ("an undisclosed address\n  (generated from a@x.example)", ("a@x.example",)),
        ("b@x.example\n  (expanded from: <a@x.example>)", ("b@x.example", "a@x.example")),
        ("Your message\n  To: list@x.example\n  Subject: x\n\ndid not reach:\n\na@x.example on Monday", ("a@x.example",)),
        ("Your message\n  To: a@x.example\n  Subject: x\n\nwas refused.", ("a@x.example",)),
        ("c=RU;a= ;p=X;dda:SMTP=a@x.example; on Monday", ("a@x.example",)),
        ("<a@x.example>: gone\nFor help write to postmaster@x.example or contact desk@x.example", ("a@x.example",)),
        ("Your message to a@x.example has been blocked. See below for more information.", ("a@x.example",)),
        ("<a@x.example>: gone\nIt was sent by b@x.example. See below.", ("a@x.example",)),
        ("<a@x.example>: gone\nMessage-ID: <1@x.example>", ("a@x.example",)),
        ("support@acme.example\n<a@x.example>: gone", ("a@x.example",)),
        ("SUPPORT+t1.abc@acme.example\n<a@x.example>: gone", ("a@x.example",)),
        ("see https://x.example/?to=b@x.example\nRecipient: a@x.example", ("a@x.example",)),
        ("support@acme.example: 550 gone", ()),
        ("nobody is named", ()),
        ("Anna b@x.example says hello", ()),
        ("Details:\nAnna b@x.example says hello", ()),
        ("Sender: b@x.example", ()),
        ("Address: https://x.example/b@x.example", ()),
        ("Address: x.example/?to=b@x.example", ()),
        ("We could not deliver it to b@x.example\nRECIPIENT: a@x.example", ("a@x.example",)),
        ("Recipient: a@x.example\n\n  b@x.example", ("a@x.example", "b@x.example")),
        ("It was sent to b@x.example.\n550 no such user a@x.example", ("a@x.example",)),
        ("Not delivered to the following recipients:\n\nAnna a@x.example, in place of b@x.example", ("a@x.example",)),
        ("Delivery to the following addresses failed.\nAnna a@x.example", ("a@x.example",)),
        ("Delivery to the recipient failed.\nAnna b@x.example says hello", ()),
        ("--- Could not be delivered to 2 recipients ---\nAnna a@x.example", ("a@x.example",)),
        ("Not delivered to the following recipients:\n" + 9 * "\nso it goes" + "\nAnna b@x.example says hello", ()),
        ("To: a@x.example\nLost on the way to b@x.example", ("a@x.example",)),
        ("We are sorry.\nYour letter\n\nSubject: x\n\nTo: a@x.example\nLost on the way to b@x.example", ("b@x.example",)),
        ("Subject: x\n\nLost on the way to b@x.example\n\nTo: a@x.example", ("a@x.example",)),
    ],
)  # fmt: skip
def test_recipients_in_words(said: str, recipients: tuple[str, ...]) -> None:
    """By whatever means a report names them; never ourselves, the postmaster to turn to, or an id."""
    assert find_recipients(said, frozenset({"support@acme.example", "support+t1.abc@acme.example"})) == recipients


@pytest.mark.parametrize(
    ("said", "reply", "status"),
    [
        ("550 gone", "550", None),
        ("550-5.1.1 gone", "550", "5.1.1"),
        ("gone (#5.1.1)", "5.1.1", "5.1.1"),
        ("It failed with 5.1.1.", "5.1.1", "5.1.1"),
        ("250 2.0.0 taken", None, "2.0.0"),
        ("at 10.5.1.1 or 5.1.1.7 or 5.1.12.7", None, None),
        ("in 2550 days at 12:550 or 4.550 for v4.10.2", None, None),
    ],
)
def test_codes_in_words(said: str, reply: str | None, status: str | None) -> None:
    """An SMTP reply or a status code, not a part of some other number."""
    assert (find_reply(said), find_status(said)) == (reply, status)


@pytest.mark.parametrize(
    ("said", "domain", "names"),
    [
        ("Failed for the following addresses:\n\n  anna.b\n\n  boris", "x.example", ("anna.b@x.example", "boris@x.example")),
        ("Failed for the following addresses:\n  anna\nBye now\n  boris", "x.example", ("anna@x.example",)),
        ("Hello\n  anna", "x.example", ()),
        ("Failed for the following addresses:\n  anna", "", ()),
    ],
)  # fmt: skip
def test_names_without_a_domain(said: str, domain: str, names: tuple[str, ...]) -> None:
    """Alone on their lines, below the sentence that announces them, at the domain of the report's author."""
    assert find_local_names(said, domain) == names


@pytest.mark.parametrize(
    ("said", "diagnostic"),
    [
        ("host said: 550 5.1.1 gone", "host said: 550 5.1.1 gone"),
        (
            "<a@x.example>: host said: 550 5.1.1\n    gone\n    for good\n\nbye",
            "<a@x.example>: host said: 550 5.1.1 gone for good",
        ),
        ("  550 gone\n  for good\n  <b@x.example>: 550 too", "550 gone for good"),
        ("550 gone\nbye", "550 gone"),
        ("550 gone\n   \n   bye", "550 gone"),
        ("in 2550 days at 12:550 or 4.550", ""),
    ],
)
def test_diagnostic_in_words(said: str, diagnostic: str) -> None:
    """The line with the SMTP reply and those that continue it further in."""
    assert find_diagnostic(said) == diagnostic


@pytest.mark.parametrize(
    "line",
    [
        "------ This is a copy of the message, including all the headers. ------", "--- Below this line is a copy of the message.",
        "   ----- Original message follows -----", "--- The header of the original message is following. ---",
        "Included is a copy of the message header:", "------- Returned Message --------", "   ----- Unsent message follows -----",
        "---- Заголовки исходного письма ----", "Копия вашего письма:", "Исходные заголовки сообщения:", "Old message:",
        "Original message headers:", "Received: from x.example", "The first 50 lines of your original message follow:",
    ],
)  # fmt: skip
def test_the_returned_letter_is_no_explanation(line: str) -> None:
    """What follows such a line is ours; at the very beginning it is all that there is."""
    assert explanation(f"<a@x.example>: gone\n\n{line}\n\nTo: b@x.example") == "<a@x.example>: gone\n\n"
    assert "b@x.example" in explanation(f"{line}\n\nTo: b@x.example")


@pytest.mark.parametrize(
    ("extra", "text", "original"),
    [
        ("", "Message-ID: <1@acme.example>", "1@acme.example"),
        ("", "> Message-Id:\n  <1@acme.example>", "1@acme.example"),
        ("In-Reply-To: <1@acme.example>\n", "", "1@acme.example"),
        ("References: <0@acme.example> <1@acme.example>\n", "", "1@acme.example"),
        ("In-Reply-To: <2@acme.example>\n", "Message-ID: <1@acme.example>", "1@acme.example"),
        ("", "", None),
    ],
)
def test_original_id_in_words(extra: str, text: str, original: str | None) -> None:
    """From the returned header, else from what the report answers."""
    octets = f"From: mailer-daemon@x.example\n{extra}Subject: failure notice\n\n<a@x.example>: gone\n\n{text}\n"
    found = parse_delivery_report(parse(octets.encode()))
    assert found is not None
    assert found.original_message_id == original


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("message/rfc822", "Message-ID: <1@acme.example>\nTo: a@x.example\n\nText"),
        ("text/rfc822-headers", "message-id:\n <1@acme.example>\nTo: Anna <a@x.example>"),
    ],
)
def test_returned_letters_tell_what_the_report_does_not(kind: str, body: str) -> None:
    """Whose letter it was and whom it was for, where the words name nobody."""
    octets = f"From: mailer-daemon@x.example\nTo: support@acme.example\nSubject: failure notice\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nIt failed.\n--b\nContent-Type: {kind}\n\n{body}\n--b--\n"
    found = parse_delivery_report(parse(octets.encode()))
    assert found is not None
    assert (found.recipients, found.original_message_id) == (("a@x.example",), "1@acme.example")


@pytest.mark.parametrize(
    ("subject", "text", "action"),
    [
        ("Undelivered Mail", "550 5.1.1 gone", "failed"),
        ("Undelivered Mail", "gone", "failed"),
        ("Delayed Mail (still being retried)", "not yet", "delayed"),
        ("Warning: message delayed", "Will keep trying. 4.4.1", "delayed"),
        ("Delivery status notification: warning", "A message is on its way.", "delayed"),
        ("MAILER-DAEMON", "A message is delayed for more than 4 hours.", "delayed"),
        ("Warning: message delayed", "gave up: 550 5.4.7 expired", "failed"),
        ("Доставка отложена", "Попытки доставки будут продолжены", "delayed"),
        ("Лист затримано", "Доставку відкладено", "delayed"),
        ("Zustellung verzögert: x", "wird weiter versucht", "delayed"),
        ("Successful Mail Delivery Report", "250 2.0.0 OK", "delivered"),
        ("Доставлено: x", "Ваше сообщение доставлено: a@x.example", "delivered"),
        ("Delivered: x", "could not be delivered", "failed"),
    ],
)
def test_action_in_words(subject: str, text: str, action: str) -> None:
    """Late, arrived or failed; a permanent status outweighs words."""
    found = parse_delivery_report(parse(f"From: mailer-daemon@x.example\nSubject: {subject}\n\n{text}\n".encode()))
    assert found is not None
    assert found.action == action


@pytest.mark.parametrize(
    ("author", "path", "subject", "text"),
    [
        (
            "Иван <ivan@x.example>",
            "<ivan@x.example>",
            "Не доставлено: почему?",
            "Письмо не может быть доставлено, 550 user unknown <a@x.example>",
        ),
        ("postmaster@x.example", "<postmaster@x.example>", "Договор", "Пришлите договор, пожалуйста."),
        ("postmaster@x.example", "<postmaster@x.example>", "Договор", "Сообщение не доставлено: <a@x.example>"),
        (
            "postmaster@x.example",
            "<postmaster@x.example>",
            "Не доставлено: что делать?",
            "Не доставлено: <a@x.example>",
        ),
        (
            "postmaster@x.example",
            "<postmaster@x.example>",
            "Не доставлено",
            "Добрый день! Не доставлено: <a@x.example>",
        ),
        ("postmaster@x.example", "<postmaster@x.example>\nIn-Reply-To: <t@acme.example>", "Re: x", "Спасибо!"),
        ("Иван <ivan@x.example>", "<>", "Заявка", "Пишет user unknown."),
        ("Иван", "<ivan@x.example>", "Не доставлено", "Пишет user unknown."),
        ("Иван <>", "<ivan@x.example>", "Заявка", "Когда придёт мастер?"),
        ("Иван <ivan@x.example>", "<>", "Заявка", "Пишет 550 user unknown."),
        ("Иван <ivan@x.example>", "<>", "Заявка", "User unknown:\na@x.example"),
        ("System Administrator <it@x.example>", "<it@x.example>", "Undeliverable: x", "See you tomorrow."),
        (
            "System Administrator <it@x.example>",
            "<it@x.example>",
            "Re: mail not delivered",
            "User unknown: a@x.example",
        ),
        (
            "no-reply@shop.example",
            "<x@shop.example>\nAuto-Submitted: auto-generated",
            "Delivery failed",
            "Your order was not delivered.",
        ),
        ("Hans <hans@x.example>", "<hans@x.example>", "Undeliverable: x", "Hello, user unknown:\na@x.example"),
        (
            "Hans <hans@x.example>",
            "<hans@x.example>",
            "Undeliverable: x",
            "--- Forwarded message ---\nuser unknown:\na@x.example",
        ),
        (
            "Hans <hans@x.example>",
            "<hans@x.example>",
            "Undeliverable: x",
            "My mail to bob could not be delivered:\nbob@y.example",
        ),
        (
            "Hans <hans@x.example>",
            "<hans@x.example>",
            "Undeliverable: x",
            "Your message to bob@y.example could not be delivered.",
        ),
        ("Иван <ivan@x.example>", "<>", "Автоответ: Заявка", "Я в отпуске."),
        (
            "gw@x.example",
            "<gw@x.example>",
            "Undeliverable: x",
            "Hello,\nYour message could not be delivered to\na@x.example",
        ),
        ("gw@x.example", "<gw@x.example>", "Undeliverable: x?", "Your message could not be delivered to\na@x.example"),
        (
            "gw@x.example",
            "<gw@x.example>",
            "Undeliverable: x",
            "Your message could not be delivered to\na@x.example\nWhy?",
        ),
        (
            "gw@x.example",
            "<gw@x.example>",
            "Fwd: Undeliverable: x",
            "Your message could not be delivered to\na@x.example",
        ),
        ("System Administrator <it@x.example>", "<it@x.example>", "Re: Undeliverable: x", "User unknown: a@x.example"),
        ("postmaster@x.example", "<postmaster@x.example>", "x", "Recipient: a@x.example\n550 user unknown"),
        (
            "System Administrator <admin@x.example>",
            "<admin@x.example>",
            "Плановые работы",
            "Почта не будет доставлена ночью.",
        ),
    ],
)
def test_letters_that_are_no_reports(author: str, path: str, subject: str, text: str) -> None:
    """Wording alone makes no report, nor does a mail system's address alone."""
    octets = f"From: {author}\nReturn-Path: {path}\nSubject: {subject}\n\n{text}\n".encode()
    assert parse_delivery_report(parse(octets)) is None


@pytest.mark.parametrize(
    ("author", "path", "subject", "text"),
    [
        ("postmaster@x.example", "<>", "Не доставлено: что делать?", "Не доставлено: <a@x.example>"),
        ("postmaster@x.example", "<postmaster@x.example>", "Не доставлено", "Не доставлено: <a@x.example>"),
        ("Post_Master@x.example", "<x@x.example>", "Re: x", "Invalid user address\nRCPT TO: a@x.example"),
        ("System Administrator <admin@x.example>", "<admin@x.example>", "Undeliverable: x", "User unknown: a@x.example"),
        ("gw@x.example", "<gw@x.example>", "Undeliverable: x", "--- Non-Delivery Report ---\nunknown user:\na@x.example"),
        ("gw@x.example", "<gw@x.example>", "[EXT] Undeliverable: x", "Your message could not be delivered to\na@x.example"),
        ("no-reply@x.example", "<x@x.example>\nAuto-Submitted: auto-generated", "Delivery failed", "It was not delivered to a@x.example."),
        ("MAILER-DAEMON@x.example", "<x@x.example>", "系统退信", "抱歉\na@x.example"),
        ("gw@x.example", "<>", "x", "<a@x.example>: 550 user unknown"),
        ("gw@x.example", "<gw@x.example>", "Undeliverable: x", "-----\n" * 3 + "Your message could not be delivered to\na@x.example"),
        ("postmaster@x.example", "<postmaster@x.example>\nIn-Reply-To: <t1@acme.example>", "x", "Recipient: a@x.example\n550 user unknown"),
        ("gw@x.example", "<MAILER-DAEMON>", "Delivery failed", "a@x.example"),
        ("<>", "<x@x.example>", "Undeliverable", "a@x.example"),
        ("MAILER-DAEMON", "<x@x.example>", "x", "User unknown: a@x.example"),
        ("Mail Delivery System", "<x@x.example>", "x", "User unknown: a@x.example"),
    ],
)  # fmt: skip
def test_reports_before_the_standard(author: str, path: str, subject: str, text: str) -> None:
    """A mail system's traces with its words, or the form in which none but it says them."""
    octets = f"From: {author}\nTo: support@acme.example\nReturn-Path: {path}\nSubject: {subject}\n\n{text}\n".encode()
    found = parse_delivery_report(parse(octets))
    assert found is not None
    assert found.recipients == ("a@x.example",)


@pytest.mark.parametrize(
    ("kind", "path", "is_report"),
    [
        ("delivery-status", "<>", True),
        ("delivery-status", "<scanner@x.example>", False),
        ("disposition-notification", "<>", False),
    ],
)
def test_a_report_that_a_scanner_wrapped(kind: str, path: str, is_report: bool) -> None:
    """Where the envelope says that a mail system sends it on; people attach reports, too."""
    inner = f"Content-Type: multipart/report; report-type={kind}; boundary=c\n\n--c\nContent-Type: message/{kind}\n\n{FAILED}\n--c--"
    octets = f"From: scanner@x.example\nReturn-Path: {path}\nSubject: Scanned\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    found = parse_delivery_report(parse(octets.encode()))
    assert (found.recipients if found else None) == (("a@x.example",) if is_report else None)


@pytest.mark.parametrize(("returned", "is_report"), [("support@acme.example", True), ("hans@x.example", False)])
def test_a_gateway_returns_our_letter(returned: str, is_report: bool) -> None:
    """A letter of ours that comes back under such words was returned; a letter of their own, people attach."""
    octets = f"From: gw@x.example\nTo: support@acme.example\nSubject: Mail could not be delivered\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nThe mail could not be delivered.\n--b\nContent-Type: message/rfc822\n\nFrom: {returned}\nTo: a@x.example\n\nx\n--b--\n"
    found = parse_delivery_report(parse(octets.encode()))
    assert (found.recipients if found else None) == (("a@x.example",) if is_report else None)


@pytest.mark.parametrize(
    "name",
    ["Returned mail: User unknown", "Недоставленное сообщение", "Повідомлення не доставлено", "failure notice", ""],
)
def test_any_mailer_daemon_reports(name: str) -> None:
    """That address sends nothing else, so the report stands even where we know no word of it."""
    octets = f"From: MAILER-DAEMON (Mail Delivery System)\nSubject: {name}\nReturn-Path: <>\nTo: support@acme.example\n\n<a@x.example>: 550 5.1.1 gone\n"
    found = parse_delivery_report(parse(octets.encode()))
    assert found is not None
    assert (found.recipients, found.status, found.diagnostic) == (
        ("a@x.example",),
        "5.1.1",
        "<a@x.example>: 550 5.1.1 gone",
    )


@pytest.mark.parametrize(
    ("headers", "text", "recipients"),
    [
        ("X-Failed-Recipients: a@x.example, b@x.example", "<c@x.example>: 550 gone", ("a@x.example", "b@x.example")),
        ("To: support@acme.example", "<support@acme.example>: 550 too\n<a@x.example>: 550 gone", ("a@x.example",)),
        ("Delivered-To: support+t1@acme.example", "<support@acme.example>: 550 too\n<a@x.example>: 550 gone", ("a@x.example",)),
        ("To: support+t1@acme.example", "<support@acme.example>: 550 too\n<a@x.example>: 550 gone", ("a@x.example",)),
        ("X: x", "<MAILER-DAEMON@x.example>: 550 too\n<a@x.example>: 550 gone", ("a@x.example",)),
        ("X: x", "Failed for the following addresses:\n  anna", ("anna@x.example",)),
        ("From: gw@x.example", "Failed for the following addresses:\n  anna", ()),
        ("X: x", "Gone.\n\nReceived: by mx.acme.example\n for <a@x.example>; Thu", ("a@x.example",)),
        ("To: support@acme.example", "Gone.\n\nReceived: by mx\n\nTo: support@acme.example\nTo: a@x.example", ("a@x.example",)),
        ("X: x", "Gone.\n\nReceived: by mx\nTo: a@x.example, b@x.example", ()),
    ],
)  # fmt: skip
def test_recipients_of_reports_before_the_standard(headers: str, text: str, recipients: tuple[str, ...]) -> None:
    """The surest that a report tells: its field, its words, a name at the daemon's domain, the one the copy went to."""
    author = "" if headers.startswith("From:") else "From: MAILER-DAEMON@x.example\n"
    octets = f"{author}{headers}\nReturn-Path: <>\nSubject: Undeliverable: x\n\n{text}\n".encode()
    found = parse_delivery_report(parse(octets))
    assert found is not None
    assert found.recipients == recipients


def test_a_report_that_names_its_recipients_in_words_only() -> None:
    """What its part for machines tells all the same stands."""
    found = report("Action: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; 450 later")
    assert found is not None
    assert (found.action, found.recipients, found.status, found.diagnostic) == ("delayed", (), "4.4.1", "450 later")


@pytest.mark.parametrize(
    ("headers", "is_report"),
    [
        ("From: Post_Master@x.example", True),
        ("From: ivan@x.example\nReturn-Path: <>", True),
        ("From: ivan@x.example\nAuto-Submitted: auto-generated", True),
        ("From: ivan@x.example\nSubject: Undeliverable: x", True),
        ("From: ivan@x.example\nSubject: Undeliverable: x\nUser-Agent: Mozilla Thunderbird", False),
        ("From: ivan@x.example\nSubject: x", False),
    ],
)
def test_a_part_for_machines_in_a_mixture(headers: str, is_report: bool) -> None:
    """One more sign of a mail system makes it a report; people pass such parts on."""
    octets = f"{headers}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/delivery-status\n\n{FAILED}\n--b--\n"
    assert (parse_delivery_report(parse(octets.encode())) is not None) is is_report


@pytest.mark.parametrize("label", ["Message-ID", "MESSAGE-ID", "Original message ID", ">  Message-Id"])
def test_the_id_in_words(label: str) -> None:
    """As the copy of the returned letter shows it, or the report's own words."""
    octets = f"From: MAILER-DAEMON@x.example\nSubject: x\n\nIt failed.\n{label}: <t1@acme.example>\n"
    found = parse_delivery_report(parse(octets.encode()))
    assert found is not None
    assert found.original_message_id == "t1@acme.example"


def test_our_own_address_did_not_fail() -> None:
    """A report that greets us by our address and names the recipient means the recipient."""
    octets = b"From: mailer-daemon@x.example\nTo: support@acme.example\nSubject: failure notice\n\nMail from <support@acme.example>\nto <a@x.example> could not be delivered\n"
    found = parse_delivery_report(parse(octets))
    assert found is not None
    assert found.recipients == ("a@x.example",)


@pytest.mark.parametrize(
    "body",
    [
        "\n\nhelp@acme.example: 550 gone\na@x.example: 550 gone",
        (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
            "Final-Recipient: rfc822; help@acme.example\nAction: failed\n\nFinal-Recipient: rfc822; a@x.example\nAction: failed\n--b--"
        ),
    ],
)
def test_no_address_of_ours_failed(body: str) -> None:
    """Not even one that the report was not sent to."""
    octets = f"From: mailer-daemon@x.example\nTo: support@acme.example\nSubject: failure notice\n{body}\n"
    found = parse_delivery_report(parse(octets.encode()), frozenset({"help@acme.example"}))
    assert found is not None
    assert found.recipients == ("a@x.example",)


@pytest.mark.parametrize(
    "text",
    [" " * 20_000, "a" * 20_000, "to " * 7_000, "a@" * 10_000, "<a" * 10_000, "delivery " * 3_000, "5.1." * 5_000],
)
def test_hostile_reports(text: str) -> None:
    """No wording of a report makes the reading of it slow."""

    def read(some: str) -> None:
        message = parse(f"From: mailer-daemon@x.example\nSubject: failure notice\n\n{some}\n".encode())
        assert parse_delivery_report(message) is not None

    assert find_growth(read, text, slow=2) == ""
