"""Delivery reports of the standard and before it; ordinary letters are none."""

import time

import pytest

from maild.ingest.dsn import parse_delivery_report
from maild.ingest.parse import parse
from maild.model import DeliveryReport


def report(*blocks: str, kind: str = "multipart/report; report-type=delivery-status") -> DeliveryReport | None:
    status = "\n\n".join(("Reporting-MTA: dns; mx.example", *blocks))
    octets = f"From: MAILER-DAEMON@mx.example\nContent-Type: {kind}; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\n{status}\n--b--\n"
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


def test_diagnostic_is_shortened() -> None:
    """The remote server's words, without their type, at most 500 characters."""
    found = report(f"{FAILED}\nDiagnostic-Code: smtp; 550 {'x' * 2000}")
    assert found is not None
    assert found.diagnostic.startswith("550 xxx")
    assert len(found.diagnostic) == 500


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
        ("Иван <ivan@x.example>", "<>", "Автоответ: Заявка", "Я в отпуске."),
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


def test_our_own_address_did_not_fail() -> None:
    """A report that greets us by our address and names the recipient means the recipient."""
    octets = b"From: mailer-daemon@x.example\nTo: support@acme.example\nSubject: failure notice\n\nMail from <support@acme.example>\nto <a@x.example> could not be delivered\n"
    found = parse_delivery_report(parse(octets))
    assert found is not None
    assert found.recipients == ("a@x.example",)


@pytest.mark.parametrize(
    "text",
    [" " * 20_000, "a" * 20_000, "to " * 7_000, "a@" * 10_000, "<a" * 10_000, "delivery " * 3_000, "5.1." * 5_000],
)
def test_hostile_reports(text: str) -> None:
    """No wording of a report makes the reading of it slow."""
    message = parse(f"From: mailer-daemon@x.example\nSubject: failure notice\n\n{text}\n".encode())
    started = time.monotonic()
    assert parse_delivery_report(message) is not None
    assert time.monotonic() - started < 2
