"""Parsing never raises, loses no words, and leaves nothing that a database or a terminal cannot take."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.octets import addresses, body, mime
from maild.ingest.octets.names import safe_name
from maild.ingest.parse import MAX_SUBJECT, parse, read_attachment
from maild.model import Address, Message

GOLDEN = Path(__file__).parents[1] / "mail" / "parse"


def strings(value: Any) -> Iterator[str]:
    """Every string in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.items() for text in strings(item))
    elif isinstance(value, tuple | list):
        yield from (text for item in value for text in strings(item))
    elif is_dataclass(value):
        yield from (text for field in fields(value) for text in strings(getattr(value, field.name)))
    elif hasattr(value, "items"):
        yield from strings(dict(value.items()))


def assert_storable(message: Message) -> None:
    for text in strings(message):
        text.encode("utf-8")
        assert "\0" not in text
        assert "\r" not in text
    lines = [message.subject, *(part.name for part in message.attachments), *(value for _, value in message.headers)]
    lines += [
        text for person in (message.author, *message.to, *message.cc) if person for text in (person.name, person.addr)
    ]
    for line in lines:
        assert not set(line) & set(map(chr, range(32))), line
    for part in message.attachments:
        assert part.name
        assert not set(part.name) & set('/\\:<>"|?*')
        assert part.name not in (".", "..")


# ── promises about any octets ────────────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b"\x00",
        b"--b",
        b"--b--",
        b"\n--b\n",
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"Subject: ",
        b"Content-Type: text/html\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: x-uuencode\n",
        b"From: ",
        b"=?utf-8?B?",
        b"?=",
        b"=?koi8-r?Q?=C1?=",
        "Привет".encode("cp1251"),
        "Привет".encode(),
        b"<a@b.example>",
        b"<",
        b">",
        b'"',
        b",",
        b"Content-Disposition: attachment; filename*0*=utf-8''%D0",
        b"Content-Type: message/delivery-status\n\n",
        b"Date: ",
        b"99999",
        b"Content-Type: message/rfc822\n\n",
        b"Message-ID: ",
        b"References: ",
        b"begin 644 x\n",
        b"\xed\xa0\x80",
        b"+2AA-",
        b"begin 644 x\n#0V%T\n`\nend\n",
        b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\1\0",
        b"\2\2\x90\0\0\0\0\0\0\0\0",
        b"Content-Type: application/pkcs7-mime\n\n\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
        b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80",
        b"Content-Type: text/plain; format=flowed; delsp=yes\n\n> a \n>> b\n",
        b"-----BEGIN PGP SIGNED MESSAGE-----\n",
        b"-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\n",
        b"Content-Type: text/calendar\n\nBEGIN:VEVENT\n",
        b"ATTENDEE;CN=x:mailto:",
        "оПХБЕР Ð¿Ñ€Ð¸Ð²ÐµÑ‚".encode(),
        b"\x1b$B-b\x1b(B",
        b"P\0r\0i\0v\0e\0t\0",
        b"begin 644 x\n#0V%T\n`\nend\n",
        b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\1\0",
        b"\2\2\x90\0\0\0\0\0\0\0\0",
        b"Content-Type: application/pkcs7-mime\n\n\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
        b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80",
        b"Content-Type: text/plain; format=flowed; delsp=yes\n\n> a \n>> b\n",
        b"-----BEGIN PGP SIGNED MESSAGE-----\n",
        b"-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\n",
        b"Content-Type: text/calendar\n\nBEGIN:VEVENT\n",
        b"ATTENDEE;CN=x:mailto:",
        "оПХБЕР Ð¿Ñ€Ð¸Ð²ÐµÑ‚".encode(),
        b"\x1b$B-b\x1b(B",
        b"P\0r\0i\0v\0e\0t\0",
        b"charset=utf-7",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES | st.binary(max_size=20), max_size=40).map(b"".join))
def test_any_octets(octets: bytes) -> None:
    """Any octets give a Message that can be stored, and every attachment it names can be read."""
    message = parse(octets, envelope_sender="", envelope_recipient="support@acme.example")
    assert_storable(message)
    for part in message.attachments:
        assert len(read_attachment(octets, part.index)) == part.size


LETTERS = [path.read_bytes() for path in sorted(GOLDEN.glob("*.eml"))]


@settings(max_examples=200)
@given(st.randoms(use_true_random=False), st.sampled_from(LETTERS), st.sampled_from(LETTERS))
def test_mutated_letters(chance: random.Random, one: bytes, other: bytes) -> None:
    """Real letters cut, spliced and with octets flipped are still letters."""
    mutated = bytearray(one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other) + 1) :])
    for _ in range(chance.randrange(8)):
        if mutated:
            mutated[chance.randrange(len(mutated))] = chance.randrange(256)
    assert_storable(parse(bytes(mutated)))


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
PHRASE = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@settings(max_examples=100)
@given(subject=PHRASE, text=PHRASE, file_name=WORDS, content=st.binary(max_size=200))
def test_what_was_composed_comes_back(subject: str, text: str, file_name: str, content: bytes) -> None:
    """A letter written by the standard library reads as what went into it."""
    letter = EmailMessage()
    letter["Subject"] = subject
    letter["To"] = "support@acme.example"
    letter["Message-ID"] = "<one@client.example>"
    letter.set_content(text)
    letter.add_attachment(content, maintype="application", subtype="pdf", filename=f"{file_name}.pdf")
    octets = letter.as_bytes(
        policy=SMTP.clone(max_line_length=0)
    )  # the library's folding loses spaces (libraries.md §2.3)
    message = parse(octets)
    assert message.subject == " ".join(subject.split())
    assert message.text == text
    assert message.message_id == "one@client.example"
    assert [part.media_type for part in message.attachments] == ["application/pdf"]
    assert read_attachment(octets, message.attachments[0].index) == content
    assert message.attachments[0].name == safe_name(f"{file_name}.pdf", 1, "application/pdf")
    assert message.defects == ("no usable From address",)


# ── single promises ──────────────────────────────────────────────────────────────────────────────────────────────────


def letter(*lines: str, words: str = "text") -> bytes:
    return ("\n".join(lines) + f"\n\n{words}\n").encode()


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Иван <ivan@x.example>", Address(name="Иван", addr="ivan@x.example")),
        ('"Петров, Иван" <ivan@x.example>', Address(name="Петров, Иван", addr="ivan@x.example")),
        ("=?utf-8?B?0JjQstCw0L0sINCf?= <ivan@x.example>", Address(name="Иван, П", addr="ivan@x.example")),
        ('"=?utf-8?B?0JjQstCw0L0=?=" <ivan@x.example>', Address(name="Иван", addr="ivan@x.example")),
        ("=?utf-8?B?0JjQstCw0L0=?= ivan@x.example", Address(name="Иван", addr="ivan@x.example")),
        ("ivan@x.example (Иван)", Address(name="Иван", addr="ivan@x.example")),
        ("ivan@x.example", Address(addr="ivan@x.example")),
        ("<ivan@x.example", Address(addr="ivan@x.example")),
        ('"ivan@x.example" <ivan@x.example>', Address(addr="ivan@x.example")),
        ('"boss@bank.example" <evil@x.example>', Address(name="boss@bank.example", addr="evil@x.example")),
        ("Модератор <moderator>", Address(name="Модератор", addr="moderator")),
        ("Иван@почта.рф", Address(addr="Иван@почта.рф")),
        ("", None),
        ("undisclosed-recipients:;", None),
    ],
)
def test_authors(field: str, expected: Address | None) -> None:
    """The first From address, by the book or as real clients write it."""
    assert parse(letter(f"From: {field}")).author == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Thu, 12 Nov 2026 10:00:00 +0300", datetime(2026, 11, 12, 7, tzinfo=UTC)),
        ("12 Nov 2026 10:00 GMT", datetime(2026, 11, 12, 10, tzinfo=UTC)),
        ("Thu, 12 Nov 2026 10:00:00 -0000", datetime(2026, 11, 12, 10, tzinfo=UTC)),
        ("Thu, 32 Nov 2026 10:00:00 +0300", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("вчера", None),
    ],
)
def test_dates(field: str, expected: datetime | None) -> None:
    """What the Date field claims, in UTC; nonsense is no date."""
    assert parse(letter(f"Date: {field}")).date == expected


@pytest.mark.parametrize(
    ("given", "header", "expected"),
    [
        (None, None, None),
        (None, "<>", ""),
        (None, "<a@x.example>", "a@x.example"),
        ("", "<a@x.example>", ""),
        ("b@x.example", "<a@x.example>", "b@x.example"),
        ("<b@x.example>", None, "b@x.example"),
    ],
)
def test_envelope_sender(given: str | None, header: str | None, expected: str | None) -> None:
    """What the source knows goes before Return-Path; the null reverse-path is not the unknown one."""
    octets = letter(*([f"Return-Path: {header}"] if header else []), "Subject: x")
    assert parse(octets, envelope_sender=given).envelope_sender == expected


def test_envelope_recipient_comes_first() -> None:
    """All the addresses a letter was delivered to, each once."""
    octets = letter("Delivered-To: help@acme.example", "X-Original-To: <support@acme.example>")
    message = parse(octets, envelope_recipient="support@acme.example")
    assert message.delivered_to == ("support@acme.example", "help@acme.example")


def test_report_is_kept_for_the_dsn_room() -> None:
    """The blocks of every delivery-status part, names lower-case, values unfolded, the first of a repeated field."""
    message = parse(
        letter(
            "Content-Type: multipart/report; boundary=b",
            words="--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nAction: failed\nAction: delayed\nDiagnostic-Code: smtp;\n  550 no\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <ours@acme.example>\n\nsecret\n--b--",
        )
    )
    assert message.report is not None
    assert message.report.type == "delivery-status"
    assert [dict(block) for block in message.report.blocks] == [
        {"reporting-mta": "dns; mx"},
        {"action": "failed", "diagnostic-code": "smtp; 550 no"},
    ]
    assert message.report.original_message_id == "ours@acme.example"
    assert "secret" not in message.text


def test_names_of_nameless_parts_are_reproducible() -> None:
    """Reading the same letter twice gives the same names."""
    octets = (GOLDEN / "0012-attachment-without-a-name.eml").read_bytes()
    assert parse(octets).attachments == parse(octets).attachments


def test_header_lines_broken_by_a_gateway() -> None:
    """A line that lost its indent does not end the header where the header plainly goes on; elsewhere words are words."""
    message = parse(letter("Received: from a", "by b with SMTP", "Received: from c", "Subject: x"))
    assert (message.subject, message.text) == ("x", "text")
    assert parse(b"Subject: x\nHello there,\nNote: I am not a header\n").text == "Hello there,\nNote: I am not a header"


def test_unknown_part() -> None:
    """Asking for a part that the letter has not is the caller's mistake."""
    with pytest.raises(IndexError, match="no part 7"):
        read_attachment(b"Subject: x\n\ny", 7)


# ── bounds: each is reached, told, and costs little ──────────────────────────────────────────────────────────────────

MEASURE = """
import json, re, sys
sys.path.insert(0, sys.argv[1])
from tests.ingest.test_parse import HUGE
from tests.pace import find_slowness
from maild.ingest.parse import parse
octets, read = HUGE[sys.argv[2]](), {}
slowness = find_slowness(lambda: read.update(message=parse(octets)), slow=8)  # about a second at rest
message = read["message"]
print(json.dumps({
    "slowness": slowness,
    # not getrusage(): its peak is inherited from the process that started this one
    "megabytes": int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) / 1024,
    "defects": message.defects, "text": len(message.text), "attachments": len(message.attachments),
}))
"""
TOP = b"From: ivan@client.example\nSubject: x\n"
MIXED = TOP + b"Content-Type: multipart/mixed; boundary=b\n\n"
SIZE = 50_000_000  # octets: the largest letter that a source hands in whole

HUGE = {
    "attachment": lambda: MIXED + b"--b\n\nhi\n--b\nContent-Type: application/x\nContent-Transfer-Encoding: base64\n\n" + (b"A" * 76 + b"\r\n") * (SIZE // 78) + b"--b--\n",
    "damaged base64": lambda: MIXED + b"--b\nContent-Type: application/x\nContent-Transfer-Encoding: base64\n\n" + b"A!" * (SIZE // 2) + b"A",
    "text": lambda: TOP + b"\n" + "Слова и слова.\n".encode("cp1251") * (SIZE // 15),
    "quoted-printable": lambda: TOP + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=D0=B0" * (SIZE // 6),
    "short lines": lambda: TOP + b"\n" + b"a\n" * (SIZE // 2),
    "html": lambda: TOP + b"Content-Type: text/html\n\n" + b"<div><p>word</p>" * (SIZE // 16),
    "boundary lines": lambda: MIXED + b"--b\n" * (SIZE // 4),
    "almost boundary lines": lambda: MIXED + b"--bx\n" * (SIZE // 5),
    "depth": lambda: TOP + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1_000)) + b"\ndeep\n",
    "parts": lambda: MIXED + b"--b\n\nhello\n" * 30_000 + b"--b--",
    "recipients": lambda: b"To: " + b",\n ".join(b'"User %d" <u%d@x.example>' % (n, n) for n in range(50_000)) + b"\n" + TOP + b"\nhi",
    "recipient fields": lambda: b"".join(b"To: u%d@x.example\n" % n for n in range(50_000)) + TOP + b"\nhi",
    "headers": lambda: b"".join(b"X-%d: v\n" % n for n in range(50_000)) + TOP + b"\nhi",
    "one header": lambda: TOP + b"X: " + b"a\n " * (SIZE // 3) + b"\n\nhi",
    "encoded words": lambda: TOP + b"Subject: " + b"=?utf-8?q?=D0=B0?= " * 50_000 + b"\n\nhi",
    "parameters": lambda: MIXED + (b'--b\nContent-Disposition: attachment; filename="' + b'a;"' * 1_500 + b"\n\nx\n") * 1_000,
    "report": lambda: TOP + b"Content-Type: message/delivery-status\n\n" + b"a: b\n\n" * 300_000 + b"junk\n" * 200_000,
    "pieces of a name": lambda: MIXED + (b"--b\nContent-Disposition: attachment;" + b"".join(b" filename*%d*=%%D0%%9F;" % n for n in range(700)) + b"\n\nx\n") * 1_000,
    "forgotten semicolons": lambda: MIXED + (b"--b\nContent-Disposition: attachment; " + b"name=a b= " * 1_900 + b"\n\nx\n") * 1_000,
    "words that never end": lambda: TOP + b"Subject: " + b"=?utf-8?q?" * 50_000 + b"\n\nhi",
    "quotes that never close": lambda: b"To: " + b'"\\"' * 60_000 + b"\n" + TOP + b"\nhi",
    "recipients without an address": lambda: b"To: " + b"a," * 90_000 + b"<x@y.example>\n" + TOP + b"\nhi",
    "text encoded twice": lambda: TOP + b"Content-Type: text/plain; charset=utf-8\n\n" + "мЕ ПЮАНРЮЕР\n".encode() * (SIZE // 22),
    "flowed": lambda: TOP + b"Content-Type: text/plain; format=flowed\n\n" + b">>>> word \n" * (SIZE // 11),
    "signed texts": lambda: TOP + b"\n" + b"-----BEGIN PGP SIGNED MESSAGE-----\n\n-----BEGIN PGP SIGNATURE-----\n" * (SIZE // 67) + b"-----END PGP SIGNATURE-----\n",
    "calendar": lambda: TOP + b"Content-Type: text/calendar\n\nBEGIN:VEVENT\n" + b"ATTENDEE;CN=a:mailto:a@b\n" * (SIZE // 25),
    "winmail.dat": lambda: TOP + b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\1\0" + b"\2\2\x90\0\0\0\0\0\0\0\0" * (SIZE // 11),
    "values in winmail.dat": lambda: TOP + b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\1\0\1\3\x90\6\0\0\0\0\4\1\0\0\0\2\x10\x34\x12\xff\xff\xff\xff" + bytes(SIZE),
    "S/MIME": lambda: TOP + b"Content-Type: application/pkcs7-mime\n\n\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x01\x2a\xa0\x80\x24\x80" + b"\x04\x08\n\nwords\n" * (SIZE // 10),
    "begin lines": lambda: TOP + b"\n" + b"begin 644 x\n" * (SIZE // 12) + b"end\n",
    "file in the text": lambda: TOP + b"\nbegin 644 x\n" + (b"M" + b"0" * 60 + b"\n") * (SIZE // 62) + b"end\n",
    "file of short lines": lambda: TOP + b"\nbegin 644 x\n" + b"#0V%T\n" * (SIZE // 6) + b"end\n",
    "uuencode": lambda: TOP + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n" + b"#0V%T\n" * (SIZE // 6),
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_huge_letters(name: str) -> None:
    """50 MB, 1,000 levels, 30,000 parts, 50,000 recipients or headers: a few seconds, under 300 MB."""
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", MEASURE, str(root), name], capture_output=True, check=True, timeout=120)
    measured = json.loads(ran.stdout)
    assert measured["slowness"] == ""
    assert measured["megabytes"] < 300  # the whole process; making the letter takes half of it
    assert measured["text"] <= body.MAX_TEXT
    assert measured["attachments"] <= mime.MAX_PARTS


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("depth", "parts nested deeper than 50 left unread"),
        ("parts", "parts beyond 1000 left unread"),
        ("recipients", "to: about 50000 addresses, at most 1000 read"),
        ("headers", "50002 header fields, the first 1000 kept"),
    ],
)
def test_cuts_are_told(name: str, told: str) -> None:
    """What was cut stands in the defects; author and subject are found wherever they stand."""
    message = parse(HUGE[name]())
    assert told in message.defects
    assert message.author == Address(addr="ivan@client.example")
    assert message.subject == "x"
    assert len(message.to) <= addresses.MAX_RECIPIENTS


def test_long_strings_are_cut() -> None:
    """A subject, name, file name or thread of any length fits the bounds, first and newest references kept."""
    many = " ".join(f"<{n}@x.example>" for n in range(1_000))
    message = parse(
        letter(
            f"Subject: {'я' * 5000}",
            f"From: {'имя ' * 500} <a@x.example>",
            f"References: {many}",
            f"Content-Type: application/pdf; name={'ф' * 300}.pdf",
        )
    )
    assert len(message.subject) == MAX_SUBJECT
    assert message.author is not None
    assert len(message.author.name) <= addresses.MAX_NAME
    assert (len(message.references), message.references[0], message.references[-1]) == (
        200,
        "0@x.example",
        "999@x.example",
    )
    assert message.attachments[0].name.endswith("ф.pdf")
    assert len(message.attachments[0].name.encode()) <= 255
