"""Content-Type and Content-Disposition say what their writer meant, however they were written."""

from email.message import Message as Header
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.octets.parameters import MAX_COUNT, read_parameters

P = quote("При")
VET = quote("вет")


@pytest.mark.parametrize(
    ("value", "kind", "name", "expected"),
    [
        ('text/plain; charset="utf-8"', "text/plain", "charset", "utf-8"),
        ("TEXT/PLAIN; CHARSET=utf-8; format=flowed", "text/plain", "charset", "utf-8"),
        ("text/plain charset=utf-8", "text/plain", "charset", "utf-8"),
        ('multipart/mixed\n\tboundary="b x"', "multipart/mixed", "boundary", "b x"),
        ('a/b; x=mail server="l@b"; y=z', "a/b", "server", "l@b"),
        ('a/b; x=mail server="l@b"; y=z', "a/b", "x", "mail"),
        ("attachment; filename=My report 2026.pdf", "attachment", "filename", "My report 2026.pdf"),
        ('attachment; filename="a;b.pdf"; size=3', "attachment", "filename", "a;b.pdf"),
        ('attachment; filename="a\\"b.pdf"', "attachment", "filename", 'a"b.pdf'),
        ('attachment; filename="C:\\Users\\x.txt"', "attachment", "filename", "C:\\Users\\x.txt"),
        ('attachment; filename="open.txt', "attachment", "filename", "open.txt"),
        ('attachment; filename=open.txt"; size=3', "attachment", "filename", "open.txt"),
        ('; filename="x.png"', "", "filename", "x.png"),
        ("attachment; filename=a.txt; filename=b.txt", "attachment", "filename", "a.txt"),
        (f"attachment; filename*=utf-8''{P}{VET}", "attachment", "filename", "Привет"),
        (f"attachment; filename*=utf-8'ru'{P}{VET}; filename=x", "attachment", "filename", "Привет"),
        (f"attachment; filename*0*=utf-8''{P}; filename*1*={VET}", "attachment", "filename", "Привет"),
        (f"attachment; filename*1*={VET}; filename*0*=utf-8''{P}", "attachment", "filename", "Привет"),
        (f"attachment; filename*0*=utf-8''{P}; filename*1=%20.pdf", "attachment", "filename", "При%20.pdf"),
        (f"attachment; filename*0*=utf-8''{P}; filename*1={VET}", "attachment", "filename", "Привет"),
        (f"attachment; filename*0=utf-8''{P}; filename*1={VET}", "attachment", "filename", "Привет"),
        (f"attachment; filename=utf-8''{P}{VET}", "attachment", "filename", "Привет"),
        (f'attachment; filename="{P}{VET}"', "attachment", "filename", "Привет"),
        (f"attachment; filename*={P}{VET}", "attachment", "filename", "Привет"),
        ("attachment; filename*=koi8-r''%F0%D2%C9", "attachment", "filename", "При"),
        (f"attachment; filename*0*=utf-8''{P}{VET[:3]}; filename*1*={VET[3:]}", "attachment", "filename", "Привет"),
        ("attachment; filename*0=abc; filename*1=def", "attachment", "filename", "abcdef"),
        ('attachment; filename*0="=?utf-8?B?0J/Rg"; filename*1="NC4?="', "attachment", "filename", "При"),
        ('attachment; filename="=?utf-8?B?0J/RgNC4?="', "attachment", "filename", "При"),
        ("attachment; filename==?utf-8?B?0J/RgNC4?=", "attachment", "filename", "При"),
        ('attachment; filename="100%25.pdf"', "attachment", "filename", "100%25.pdf"),
        ("attachment; filename=a=b.txt", "attachment", "filename", "a=b.txt"),
        ("attachment", "attachment", "filename", None),
        ("", "", "filename", None),
    ],
)
def test_parameters(value: str, kind: str, name: str, expected: str | None) -> None:
    """By the book (RFC 2231) and as clients break it."""
    found = read_parameters(value.encode())
    assert (found.value, found.text(name, None)) == (kind, expected)


def test_raw_letters_are_in_the_charset_of_the_part() -> None:
    """Old clients write names in their own charset, without a word about it."""
    found = read_parameters(b"attachment; filename=" + "Счёт на оплату.pdf".encode("cp1251"))
    assert found.text("filename", "koi8-r") == "Счёт на оплату.pdf"


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40)


@given(NAMES.filter(lambda name: "=?" not in name and "%" not in name), st.booleans())
def test_what_the_standard_library_writes(name: str, extended: bool) -> None:
    """Quoted or in RFC 2231, every name comes back."""
    header = Header()
    written = ("utf-8", "", name) if extended or not name.isascii() else name
    header.add_header("Content-Disposition", "attachment", filename=written)
    found = read_parameters(str(header["Content-Disposition"]).encode())
    assert (found.value, found.text("filename", None)) == ("attachment", name)


@given(
    st.binary(max_size=300)
    | st.lists(
        st.sampled_from([b";", b'"', b"=", b"*", b"0", b"a", b"\\", b"'", b" ", b"%D0", b"\n", b"\xff"]), max_size=80
    ).map(b"".join)
)
def test_any_octets(value: bytes) -> None:
    """No field raises, and every text can be stored."""
    found = read_parameters(value)
    assert len(found.octets) <= MAX_COUNT
    for name in found.octets:
        (found.text(name, None) or "").encode("utf-8", "strict")
        found.machine(name)
