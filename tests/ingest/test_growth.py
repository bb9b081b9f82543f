"""However a letter is built, reading it takes time in step with its size, under two seconds and 300 MB.

Every shape is one that a reader of mail was once slow on, or easily is: what is searched for is repeated, nested, left
open, or missing in a very long line.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.corpora.apart import apart
from tests.corpora.reading import read
from tests.pace import find_growth_between

SLOW = 2.0  # seconds of processor time
LARGE = 300_000_000  # octets, the daemon and the letter counted, see `apart.RESIDENT`
LARGEST = 25_000_000  # octets: the largest letter that is read at all
HEADER = b"From: Customer <customer@example.com>\nTo: support@acme.example\nSubject: Question\nMIME-Version: 1.0\n"
SENTENCE = "Здравствуйте, программа не открывает отчёт за прошлый месяц.\n"


def text(body: str, subtype: str = "plain") -> bytes:
    return HEADER + f"Content-Type: text/{subtype}; charset=utf-8\n\n".encode() + body.encode()


def page(body: str) -> bytes:
    return text(f"<html><body>{body}</body></html>", "html")


def header(lines: str) -> bytes:
    return lines.encode() + HEADER + b"\ntext\n"


def every_field(value: str) -> bytes:
    names = ["From", "To", "Subject", "Message-ID", "References", "Date", "Content-Type", "Auto-Submitted"]
    return header("".join(f"{name}: {value}\n" for name in names))


def many(wrap: Callable[[str], bytes], piece: str, before: str = "") -> Callable[[int], bytes]:
    return lambda count: wrap(before + piece * count)


def mixed(parts: str) -> bytes:
    return HEADER + b'Content-Type: multipart/mixed; boundary="b"\n\n' + parts.encode() + b"--b--\n"


def attached(content_type: str, octets: bytes) -> bytes:
    encoded = base64.encodebytes(octets).decode()
    part = f"Content-Type: {content_type}\nContent-Transfer-Encoding: base64\n\n{encoded}"
    return mixed(f"--b\nContent-Type: text/plain\n\nSee attachment.\n--b\n{part}")


def nested_multiparts(depth: int) -> bytes:
    kinds = "".join(f"Content-Type: multipart/mixed; boundary={level}\n\n--{level}\n" for level in range(depth))
    return HEADER + kinds.encode() + b"\nthe innermost\n"


def nested_letters(depth: int) -> bytes:
    return HEADER + b"Content-Type: message/rfc822\n\n" * depth + b"Subject: the innermost\n\ntext\n"


def report(recipients: int) -> bytes:
    blocks = "".join(
        f"\nFinal-Recipient: rfc822; user{n}@example.com\nAction: failed\nStatus: 5.1.1\n" for n in range(recipients)
    )
    return (
        b"From: MAILER-DAEMON@example.com\nReturn-Path: <>\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n"
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; example.com\n"
    ) + f"{blocks}--b--\n".encode()  # fmt: skip


def plain_report(recipients: int) -> bytes:
    lines = "".join(f"<user{n}@example.com>: 550 5.1.1 user unknown\n" for n in range(recipients))
    top = "From: Mail Delivery System <MAILER-DAEMON@example.com>\nReturn-Path: <>\nSubject: Undelivered Mail Returned to Sender\n"
    return f"{top}\nYour message could not be delivered to:\n\n{lines}".encode()


def header_pieces(count: int) -> bytes:
    pieces = ";\n".join(f" filename*{n}*=%D0%B0" for n in range(count))
    return mixed(f"--b\nContent-Type: application/pdf\nContent-Disposition: attachment;\n{pieces}\n\nx\n")


@dataclass(frozen=True)
class Shape:
    """A way to build a letter of any size."""

    name: str
    build: Callable[[int], bytes]
    size: int  # how many of what is repeated
    step: int = 4  # into so many parts the size is divided for a letter of a quarter of the octets


WHOLE = (
    Shape("25 MB of text", lambda n: text(SENTENCE * (n // len(SENTENCE.encode()))), LARGEST),
    Shape("25 MB of HTML", lambda n: page(f"<p>{SENTENCE}</p>" * (n // (len(SENTENCE.encode()) + 7))), LARGEST),
    Shape("25 MB attached", lambda n: attached("application/pdf", bytes(n // 137 * 100)), LARGEST),
    Shape("25 MB of base64 text", lambda n: attached("text/plain; charset=utf-8", SENTENCE.encode() * (n // 150)), LARGEST),
    Shape("25 MB of quoted-printable", lambda n: HEADER + b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=D0=B0=D0=B1 \n" * (n // 14), LARGEST),
    Shape("25 MB without a header", lambda n: b"x y z\n" * (n // 6), LARGEST),
    Shape("25 MB of octets", lambda n: bytes(range(256)) * (n // 256), LARGEST),
    Shape("10 MB in one line of text", lambda n: text("слово " * (n // 11)), 10_000_000),
    Shape("10 MB in one word", lambda n: text("x" * n), 10_000_000),
    Shape("10 MB in one line of HTML", lambda n: page("слово " * (n // 11)), 10_000_000),
    Shape("10 MB in one header line", lambda n: header(f"X-Long: {'x' * n}\n"), 10_000_000),
    Shape("10 MB in one encoded word", lambda n: header(f"Subject: =?utf-8?q?{'=D0=B0' * (n // 6)}?=\n"), 10_000_000),
    Shape("10 MB of winmail.dat", lambda n: attached("application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22" + bytes(n)), 7_000_000),
    Shape("10 MB of calendar", lambda n: attached("text/calendar; method=REQUEST", b"BEGIN:VEVENT\r\n" * (n // 14)), 7_000_000),
)  # fmt: skip

HEADERS = (
    Shape("10,000 headers", lambda n: header("".join(f"X-Header-{i}: value {i}\n" for i in range(n))), 10_000),
    *(
        Shape(f"10,000 of {line.partition(':')[0]}", many(header, line), 10_000)
        for line in (
            "From: Ann <ann@example.com>\n", "To: Ann <ann@example.com>\n", "Subject: =?utf-8?q?=D0=B0?=\n",
            "Message-ID: <1@example.com>\n", "References: <1@example.com>\n", "Date: Mon, 1 Jan 2024 10:00:00 +0300\n",
            "Received: from a (b [192.0.2.1]) by c; Mon, 1 Jan 2024 10:00:00 +0300\n", "Delivered-To: a@example.com\n",
            "Return-Path: <a@example.com>\n", "Auto-Submitted: no\n", "Precedence: x\n", "List-Id: <a.example.com>\n",
            "Content-Type: text/plain\n", "Content-Transfer-Encoding: 8bit\n",
        )
    ),
    Shape("50,000 recipients", lambda n: header("To: " + ",\n ".join(f"User {i} <u{i}@example.com>" for i in range(n)) + "\n"), 50_000),
    Shape("50,000 bare recipients", lambda n: header("Cc: " + ", ".join(f"u{i}@example.com" for i in range(n)) + "\n"), 50_000),
    Shape("50,000 groups of recipients", lambda n: header("To: " + "g: a@example.com; " * n + "\n"), 50_000),
    Shape("50,000 comments", lambda n: header("To: " + "(" * n + "a@example.com" + ")" * n + "\n"), 50_000),
    Shape("50,000 quotation marks", lambda n: header('From: "' + '\\"' * n + '" <a@example.com>\n'), 50_000),
    Shape("50,000 encoded words", lambda n: header("Subject: " + "=?utf-8?b?0LDQsQ==?=\n " * n + "x\n"), 50_000),
    Shape("50,000 encoded words in a name", lambda n: header("From: " + "=?utf-8?q?=D0=B0?= " * n + "<a@example.com>\n"), 50_000),
    Shape("50,000 encoded words left open", lambda n: header("Subject: " + "=?utf-8?q?" * n + "\n"), 50_000),
    Shape("50,000 references", lambda n: header("References:" + "".join(f" <{i}@example.com>\n" for i in range(n)) + "\n"), 50_000),
    Shape("50,000 continuation lines", lambda n: header("Subject: a\n" + " b\n" * n), 50_000),
    Shape("5,000 pieces of a name", header_pieces, 5_000),
    Shape("50,000 parameters", lambda n: mixed("--b\nContent-Type: text/plain" + "; a=b" * n + "\n\nx\n"), 50_000),
)  # fmt: skip

STRUCTURES = (
    Shape("5,000 nested multiparts", nested_multiparts, 5_000),
    Shape("5,000 nested letters", nested_letters, 5_000),
    Shape("50,000 parts", lambda n: mixed("--b\n\nx\n" * n), 50_000),
    Shape("50,000 attachments", lambda n: mixed("--b\nContent-Type: image/png\n\nx\n" * n), 50_000),
    Shape("50,000 HTML parts", lambda n: mixed("--b\nContent-Type: text/html\n\n<p>x</p>\n" * n), 50_000),
    Shape("50,000 boundaries of another", lambda n: mixed("--b\n\n" + "--bb\n" * n), 50_000),
    Shape("50,000 uuencoded files begun", lambda n: text("begin 644 a.txt\n" * n), 50_000),
    Shape("50,000 lines of uuencode", lambda n: text("begin 644 a.txt\n" + "#0V%T\n" * n + "end\n"), 50_000),
    Shape("10,000 recipients of a report", report, 10_000),
    Shape("50,000 recipients of a plain report", plain_report, 50_000),
)

REPLIES = (
    Shape("5,000 quoted levels", lambda n: text("".join(">" * level + " words\n" for level in range(n))), 5_000, step=2),
    Shape("5,000 quoted levels of HTML", lambda n: page("<blockquote>words" * n + "</blockquote>" * n), 5_000),
    Shape("50,000 newlines", lambda n: text("one" + "\n" * n + "two"), 50_000),
    Shape("50,000 lines of blanks", lambda n: text("one" + " \t \n" * n + "two"), 50_000),
    *(
        Shape(f"50,000 times {' '.join(line.split())[:30]}", many(text, line, "New words.\n"), 50_000)
        for line in (
            ">\n", "> \n", "> > >\n", "-- \n", "--\n", "____________________\n", "On Mon, 1 Jan 2024 at 10:00, Ann <ann@example.com> wrote:\n",
            "On Mon, 1 Jan 2024 at 10:00, Ann\n", "пн, 1 янв. 2024 г. в 10:00, Анна <ann@example.com>:\n", "1 января 2024, 10:00, Анна пишет:\n",
            "From: Ann <ann@example.com>\n", "От: Анна\nДата: 1 января\n", "-----Original Message-----\n", "---------- Forwarded message ---------\n",
            "Sent from my iPhone\n", "word:\n", "Le lun. 1 janv. 2024 à 10:00, Ann\na écrit :\n", "##- \n", "* a\n", "| a | b |\n",
        )
    ),
)  # fmt: skip

PAGES = (
    Shape("20,000 nested divs", lambda n: page("<div>" * n + "words" + "</div>" * n), 20_000),
    Shape("20,000 divs left open", lambda n: page("words<div>" * n), 20_000),
    Shape("20,000 nested tables", lambda n: page("<table><tr><td>" * n + "words" + "</td></tr></table>" * n), 20_000),
    Shape("20,000 nested lists", lambda n: page("<ul><li>a" * n), 20_000),
    Shape("20,000 fonts left open", lambda n: page("<p><font><b>a" * n), 20_000),
    *(
        Shape(f"100,000 times {tag[:24]}", many(page, tag), 100_000)
        for tag in ("<b>a</b>", "<br>", "<p>", "</p>", "<a href=x>a</a>", "<li>a", "<td>a", "<tr><td>a", "<img src=x>", "<!--", "<!-- -->", "<", "<a ", "&amp;", "&", "<style>", "<script>", "<o:p></o:p>")
    ),
    Shape("100,000 attributes", lambda n: page("<p" + "".join(f" a{i}=b" for i in range(n)) + ">words"), 100_000),
    Shape("1,000 columns in 100 rows", lambda n: page("<table>" + ("<tr>" + "<td>a</td>" * 1_000 + "</tr>") * n + "</table>"), 100),
)  # fmt: skip

# One line of a quarter megabyte of what a pattern may begin with, in the text, in HTML, and in header fields
FUEL = (" ", "\t", "\u00a0", "-", "_", "=", ">", "> ", "|", "*", ".", "a.", "a@", "<a@b", "<", "(", "[", "'", '"', "\\", ":", "a:", "1", "1.", "1:", "1/", "=?", "=?a?b?", "a ", "On ", "пишет ", "From: ", "http://", "&#", "\r", "ё", "\u0301\u0316", "\ufdfa")  # fmt: skip
LINES = (
    *(Shape(f"text of {fuel!r}", many(text, fuel, "New words.\n"), 250_000 // len(fuel)) for fuel in FUEL),
    *(Shape(f"HTML of {fuel!r}", many(page, fuel, "New words.<br>"), 250_000 // len(fuel)) for fuel in FUEL),
    *(Shape(f"fields of {fuel!r}", many(every_field, fuel), 50_000 // len(fuel)) for fuel in FUEL),
)
SHAPES = (*WHOLE, *HEADERS, *STRUCTURES, *REPLIES, *PAGES, *LINES)


def find_excess(shape: Shape, reader: Callable[[bytes], object] = read, slow: float = SLOW) -> str:
    """Return in words what is too slow or too large about reading a letter of this shape, "" where nothing is."""
    quarter, whole = shape.build(shape.size // shape.step), shape.build(shape.size)
    measured = apart(lambda: find_growth_between(reader, quarter, whole, slow=slow))
    if measured.died:
        return measured.died
    if measured.peak >= LARGE:
        return f"{measured.peak // 1_000_000} MB"
    return str(measured.result)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_time_and_memory_keep_step_with_size(shape: Shape) -> None:
    """No letter is slow or large, and four times the letter takes about four times as long."""
    assert find_excess(shape) == ""


def test_what_is_too_slow_or_too_large_is_noticed() -> None:
    """Else the test above could not fail."""
    shape = Shape("text", lambda n: b"x" * n, 40_000)

    def quadratic(letter: bytes) -> int:
        return sum(range(len(letter) ** 2 // 50))

    assert find_excess(shape, len) == ""
    assert "for less of it" in find_excess(shape, quadratic)
    assert find_excess(shape, lambda letter: bytearray(letter * 10_000)).endswith("MB")
    assert find_excess(shape, lambda letter: sum(range(100 * len(letter))), slow=0.01).endswith(" s")
    assert find_excess(shape, lambda letter: 1 / 0) == "exit status 1"
