"""Complaints that providers pass on: which letters are some, who complains and about what; people complain, too."""

import pytest

from maild.ingest.machines.feedback import find_complaint, parse_complaint
from maild.ingest.parse import parse

OURS = "From: support@acme.example\nTo: a@x.example\nMessage-ID: <t42.7@acme.example>\n\nText"
LETTER = f"Content-Type: message/rfc822\n\n{OURS}"
MARKED = f"Content-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: a@x.example\n{OURS}"


def mixed(*parts: str, author: str = "fbl@x.example", subject: str = "x", kind: str = "mixed") -> bytes:
    body = "\n".join(f"--b\n{part}" for part in parts)
    return f"From: {author}\nSubject: {subject}\nContent-Type: multipart/{kind}; boundary=b\n\n{body}\n--b--\n".encode()


def report(*fields: str, text: str = "", returned: str = OURS) -> bytes:
    machine = "Content-Type: message/feedback-report\n\n" + "\n".join(("Version: 1", *fields))
    copy = f"Content-Type: message/rfc822\n\n{returned}"
    return mixed(f"\n{text}", machine, copy, kind="report; report-type=feedback-report")


@pytest.mark.parametrize(
    ("octets", "recipients", "original"),
    [
        (report("Original-Rcpt-To: <a@x.example>"), ("a@x.example",), "t42.7@acme.example"),
        (report("Removal-Recipient: a@x.example"), ("a@x.example",), "t42.7@acme.example"),
        (report("Redacted-Address: a@x.example"), ("a@x.example",), "t42.7@acme.example"),
        (report(returned="Subject: redacted\n\nx"), (), None),
        (report("Original-Message-ID: <t1@acme.example>"), (), "t1@acme.example"),
        (report(text="Message-ID: <t2.7@acme.example>", returned="Subject: x\n\nx"), (), "t2.7@acme.example"),
        (mixed("\nx", kind="report; report-type=feedback-report"), (), None),
        (mixed(MARKED, author="staff@hotmail.example"), ("a@x.example",), "t42.7@acme.example"),
        (mixed("\nYour letter was reported as spam", LETTER), (), "t42.7@acme.example"),
        (mixed("\nx", LETTER, subject="Жалоба на письмо"), (), "t42.7@acme.example"),
    ],
)
def test_complaints(octets: bytes, recipients: tuple[str, ...], original: str | None) -> None:
    """By the standard's part, the type of the whole, Microsoft's field, or words from a feedback loop's address."""
    found = parse_complaint(parse(octets))
    assert found is not None
    assert (found.action, found.recipients, found.original_message_id) == ("complaint", recipients, original)


@pytest.mark.parametrize(
    "octets",
    [
        mixed("\nYour letter was reported as spam", LETTER, author="anna@x.example"),
        mixed(MARKED, author="anna@x.example"),
        mixed("\nPlease read this", LETTER),
        mixed("\nYour letter was reported as spam"),
        mixed("\nYour letter was reported as spam", LETTER, author="Anna"),
        mixed("\nx", kind="report; report-type=delivery-status"),
    ],
    ids=["a person says so", "a person passes a letter on", "no word of it", "no letter", "no address", "no complaint"],
)
def test_letters_that_are_no_complaints(octets: bytes) -> None:
    """Only a provider encloses our letter and says so from such an address."""
    assert parse_complaint(parse(octets)) is None


@pytest.mark.parametrize(("fields", "kind"), [(["Feedback-Type: fraud"], "fraud"), ([], "abuse")])
def test_the_evidence_says_what_kind(fields: list[str], kind: str) -> None:
    """Abuse where the report does not say (RFC 5965 §3.1 demands it, and some leave it out)."""
    assert find_complaint(parse(report(*fields))) == ("feedback-report part (RFC 5965)", f"Feedback-Type: {kind}")
