"""Whatever stands in a header comes back the same from the other side, folded into lines that every server takes."""

from email import policy
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.parse import parse
from maild.outbox.serialize import _OUT, serialize

LINE = 998  # RFC 5322 §2.1.1

words = st.text(
    alphabet=st.sampled_from("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВЯabcXYZ0123456789.,:;!?()[]<>«»—\"'@=_ "),
    max_size=300,
)
one_line = words.map(lambda text: " ".join(text.split()))
names = one_line.filter(lambda name: not name.startswith("=?"))


def head(octets: bytes) -> list[bytes]:
    return octets.partition(b"\r\n\r\n")[0].split(b"\r\n")


def check(octets: bytes) -> None:
    """7 bits, CRLF, short lines, no header that nobody wrote."""
    assert octets.isascii()
    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert b"\r" not in octets.replace(b"\r\n", b"")
    assert max(map(len, octets.split(b"\r\n"))) <= LINE


@settings(max_examples=150, deadline=None)
@given(one_line)
def test_subjects(subject: str) -> None:
    """Long Cyrillic subjects, which the standard library damages on the way out."""
    message = EmailMessage()
    message["Subject"] = subject
    octets = serialize(message)
    check(octets)
    assert max(map(len, head(octets))) <= 78
    assert parse(octets).subject == subject
    assert BytesParser(policy=policy.compat32).parsebytes(octets)["Subject"] is not None


@settings(max_examples=150, deadline=None)
@given(st.lists(names, min_size=1, max_size=4))
def test_display_names(people: list[str]) -> None:
    """Names of any length and with any punctuation, several in one header."""
    message = EmailMessage()
    message["To"] = tuple(
        HeaderAddress(display_name=name, addr_spec=f"p{n}@client.example") for n, name in enumerate(people)
    )
    octets = serialize(message)
    check(octets)
    read = parse(octets).to
    assert [address.addr for address in read] == [f"p{n}@client.example" for n in range(len(people))]
    assert [address.name.strip("\"' ") for address in read] == [
        " ".join(name.split())[:200].strip("\"' ") for name in people
    ]


ids = st.from_regex(r"[a-z0-9.]{1,150}@[a-z0-9-]{1,60}\.example", fullmatch=True)


@settings(max_examples=80, deadline=None)
@given(st.lists(ids, min_size=1, max_size=12, unique=True))
def test_ids(references: list[str]) -> None:
    """Message-IDs are never split, encoded or joined: threading hangs on them."""
    message = EmailMessage()
    message["Message-ID"] = f"<{references[0]}>"
    message["In-Reply-To"] = f"<{references[-1]}>"
    message["References"] = " ".join(f"<{one}>" for one in references)
    octets = serialize(message)
    check(octets)
    assert b"=?" not in octets
    read = parse(octets)
    assert (read.message_id, read.in_reply_to, read.references) == (references[0], (references[-1],), tuple(references))


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_characters="\0\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
        max_size=400,
    )
)
def test_bodies(text: str) -> None:
    """Any text travels in 7 bits and comes back, the white space at its ends apart."""
    message = EmailMessage()
    message.set_content(text)
    octets = serialize(message)
    check(octets)
    body = BytesParser(policy=policy.default).parsebytes(octets).get_content()
    assert body.replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


def written(text: str, page: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Отчёт"
    message.set_content(text)
    message.add_alternative(page, subtype="html")
    message.add_attachment(b"\xff\x00", maintype="image", subtype="png", filename="вид.png")
    for n, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"boundary{n}")
    return message


@settings(max_examples=100, deadline=None)
@given(st.text(), words)
def test_texts_are_encoded_as_the_library_does(text: str, page: str) -> None:
    """Octet for octet what it would write, which copies the whole letter for every part; again on the second time."""
    once, message = written(text, page).as_bytes(policy=_OUT), written(text, page)
    assert (serialize(message), serialize(message)) == (once, once)


@pytest.mark.parametrize("line", ["x" * 5000, "ж" * 5000, "x " * 3000, "." * 10, "From here", "-- "])
def test_lines(line: str) -> None:
    """Endless lines, dots and "From " survive SMTP's rules."""
    message = EmailMessage()
    message.set_content(f"a\n{line}\nb\n")
    octets = serialize(message)
    check(octets)
    assert parse(octets).text.split("\n")[1].rstrip() == line.rstrip()
