"""The words of a letter: all of them, once, as they were written, and nobody else's."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.octets import invitation, pgp
from maild.ingest.octets.flowed import unflow
from maild.ingest.octets.invitation import summarize
from maild.ingest.parse import parse


def mixed(*parts: str, kind: str = "mixed") -> bytes:
    """A multipart of these parts, each a header and a body."""
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"From: a@client.example\nContent-Type: multipart/{kind}; boundary=b\n\n{body}--b--\n".encode()


def plain(words: str, more: str = "") -> str:
    return f"Content-Type: text/plain; charset=utf-8{more}\n\n{words}"


def page(words: str) -> str:
    return f"Content-Type: text/html; charset=utf-8\n\n<p>{words}</p>"


@pytest.mark.parametrize(
    ("octets", "text", "files"),
    [
        (mixed(plain("слова"), page("страница"), kind="alternative"), "слова", []),
        (mixed(plain(" "), page("страница"), kind="alternative"), "страница", []),
        (mixed(plain("слова"), page("страница")), "слова\nстраница", []),
        (mixed(plain("слова"), page("слова")), "слова", []),
        (mixed(plain("слова"), plain("слова")), "слова\nслова", []),
        (mixed(plain("раз"), plain("два"), kind="alternative"), "раз\nдва", []),
        (mixed(plain("раз"), plain("раз"), kind="alternative"), "раз", []),
        (mixed(plain("слова"), plain("файл", "; name=a.txt")), "слова", ["a.txt"]),
        (mixed(plain("слова", "; name=body.txt"), plain("файл", "; name=a.txt")), "слова", ["a.txt"]),
        (mixed(plain("файл", "; name=a.txt\nContent-Disposition: attachment"), plain("слова")), "слова", ["a.txt"]),
        (mixed(plain("слова", "\nContent-Disposition: inline")), "слова", []),
        (mixed("Content-Type: text/markdown; charset=utf-8\n\n# слова"), "# слова", ["part-0.bin"]),
        (mixed("Content-Type: text/markdown; charset=utf-8\n\n# ещё", plain("слова")), "слова", ["part-0.bin"]),
        (mixed("Content-Type: text/markdown; name=a.md\n\n# file"), "", ["a.md"]),
        (mixed("Content-Type: text/markdown\nContent-Disposition: attachment\n\n# file"), "", ["part-0.bin"]),
        (mixed("Content-Type: text/vcard\n\nBEGIN:VCARD"), "", ["part-0.vcf"]),
        (
            mixed("Content-Type: text/enriched; charset=utf-8\n\n<color><param>red</param>раз</color>, 1 << 2"),
            "раз, 1 < 2",
            ["part-0.bin"],
        ),
        (mixed("Content-Type: text/csv\n\na;b", plain("слова")), "слова", ["part-0.csv"]),
        (mixed(plain("слова"), "Content-Type: message/rfc822\n\nSubject: fwd\n\nчужие"), "слова", ["fwd.eml"]),
        (mixed("\nFrom: x\nSubject: fwd\n\nчужие", kind="digest"), "", ["fwd.eml"]),
        (mixed("From: x\nSubject: fwd\n\nчужие", kind="digest"), "", ["fwd.eml"]),
        (mixed("Content-Type: text/plain; name=a.txt\n\nчужие", kind="digest"), "", ["a.txt"]),
        (
            mixed(plain("слова"), "Content-Type: message/rfc822\nX-Attachment-Id: f_1\n\nSubject: fwd\n\nчужие"),
            "слова",
            ["fwd.eml"],
        ),
        (mixed(plain("слова"), "Content-Type: message/rfc822\nSubject: fwd\n\nчужие"), "слова", ["fwd.eml"]),
        (mixed(plain("слова")).replace(b"\n--b--", b"--b--"), "слова", []),
        (mixed(plain("слова")).replace(b"--b--", b""), "слова", []),
        (mixed(plain("слова")).replace(b"mixed; boundary", b"mixed boundary"), "слова", []),
    ],
)
def test_whose_words(octets: bytes, text: str, files: list[str]) -> None:
    """Alternatives say one thing, mixtures several; files and attached letters are not the letter."""
    message = parse(octets)
    assert (message.text.strip(), [part.name for part in message.attachments]) == (text, files)


def test_page_names_its_charset() -> None:
    """Where the header does not say, the page may; where both do, the header counts."""
    words = '<meta charset="iso-8859-2"><p>Zażółć gęślą jaźń</p>'.encode("iso-8859-2")
    assert parse(b"Content-Type: text/html\n\n" + words).text == "Zażółć gęślą jaźń"
    assert parse(b"Content-Type: text/html; charset=us-ascii\n\n" + words).text == "Zażółć gęślą jaźń"
    wrong = words.replace(b"8859-2", b"8859-1")
    assert parse(b"Content-Type: text/html; charset=iso-8859-2\n\n" + wrong).text == "Zażółć gęślą jaźń"


# ── format=flowed ────────────────────────────────────────────────────────────────────────────────────────────────────


def flow(paragraphs: list[tuple[int, str]], width: int, *, delete_space: bool) -> str:
    """What a client by the book sends (RFC 3676 §4.1, §4.2), written from the other side."""
    lines = []
    for depth, words in paragraphs:
        broken = textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False) or [""]
        soft = [*(line + (" " + " " * delete_space) for line in broken[:-1]), broken[-1]]
        marks = ">" * depth
        lines += [f"{marks} {line}" if depth or line.startswith((" ", ">", "From ")) else line for line in soft]
    return "\n".join(lines)


WORDS = st.lists(st.text("абвxyz.,", min_size=1, max_size=9), min_size=1, max_size=20).map(" ".join)


@given(st.lists(st.tuples(st.integers(0, 3), WORDS), max_size=8), st.integers(5, 40), st.booleans())
def test_paragraphs_come_back(paragraphs: list[tuple[int, str]], width: int, delete_space: bool) -> None:
    """However a client broke them, at whatever depth of quotes."""
    expected = "\n".join(f"{'>' * depth} {words}" if depth else words for depth, words in paragraphs)
    assert unflow(flow(paragraphs, width, delete_space=delete_space), delete_space=delete_space) == expected


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("one \ntwo", "one two"),
        ("one\ntwo", "one\ntwo"),
        ("> one \n> two \nthree", "> one two \nthree"),
        (">> one \n> two", ">> one \n> two"),
        ("words \n-- \nAnna", "words \n-- \nAnna"),
        ("-- \nAnna", "-- \nAnna"),
        ("> -- \n> Anna", "> -- \n> Anna"),
        (" From: a word", "From: a word"),
        ("  indented", " indented"),
        (" > no quote", " > no quote"),
        ("\n \n", "\n\n"),
        ("", ""),
    ],
)
def test_flowed_lines(sent: str, written: str) -> None:
    """Quote depths and signatures end a paragraph; a protecting blank goes, but nothing becomes a quote by that."""
    assert unflow(sent, delete_space=False) == written


def test_only_what_says_flowed_flows() -> None:
    """A blank at the end of a line means nothing elsewhere."""
    assert parse(b"Content-Type: text/plain\n\none \ntwo").text == "one \ntwo"
    assert parse(b"Content-Type: text/plain; format=Flowed\n\none \ntwo").text == "one two"
    assert parse(b"Content-Type: text/plain; format=flowed; delsp=yes\n\none \ntwo").text == "onetwo"


# ── OpenPGP ──────────────────────────────────────────────────────────────────────────────────────────────────────────

SIGNED = f"{pgp.SIGNED}\nHash: SHA512\n\n%s\n{pgp.SIGNATURE}\n\niQEz=\n=abcd\n{pgp.END}"


@given(st.lists(st.text("ab -", max_size=8), max_size=8))
def test_signed_words_come_back(lines: list[str]) -> None:
    """The armour goes and every escaped line is as it was; what stands around stays."""
    escaped = "\n".join(f"- {line}" if line.startswith("-") else line for line in lines)
    words = "\n".join(lines)
    assert pgp.read_through(f"before\n{SIGNED % escaped}\nafter") == f"before\n{words}\nafter"


@pytest.mark.parametrize(
    "text",
    [
        (SIGNED % "words").replace(pgp.END, ""),
        (SIGNED % "words").replace(pgp.SIGNATURE, ""),
        (SIGNED % "words").replace(pgp.SIGNED, f"> {pgp.SIGNED}"),
        f"{pgp.END}\n{pgp.SIGNATURE}\n{pgp.SIGNED}\n\nwords",
    ],
)
def test_armour_in_pieces_stays(text: str) -> None:
    """Where the armour is not whole, no word is lost."""
    assert pgp.read_through(text) == text


def test_two_signed_texts() -> None:
    """A signed answer to a signed letter is two."""
    assert pgp.read_through(f"{SIGNED % 'one'}\n{SIGNED % 'two'}") == "one\ntwo"


@pytest.mark.parametrize(
    "octets",
    [
        f"Subject: x\n\n{pgp.ENCRYPTED}\n\nwcDM\n-----END PGP MESSAGE-----\n".encode(),
        mixed("Content-Type: application/pgp-encrypted\n\nVersion: 1", kind="encrypted"),
    ],
)
def test_encrypted_letter_is_told(octets: bytes) -> None:
    """An agent reads why there is nothing to read."""
    assert "encrypted: only the recipient's key opens it" in parse(octets).defects


# ── invitations ──────────────────────────────────────────────────────────────────────────────────────────────────────


def event(*lines: str, method: str = "REQUEST") -> str:
    return "\n".join(["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        (event("SUMMARY:Call"), "Invitation: Call"),
        (event("SUMMARY:Звонок"), "Приглашение: Звонок"),
        (event("SUMMARY:Call", method="CANCEL"), "Meeting cancelled: Call"),
        (event("SUMMARY:Звонок", method="REPLY"), "Ответ на приглашение: Звонок"),
        (event("SUMMARY:Call", method="WHATEVER"), "Invitation: Call"),
        (event(r"SUMMARY:a\, b\; c\\ d"), "Invitation: a, b; c\\ d"),
        (event("SUMMARY:lo", " ng\r"), "Invitation: long"),
        (event("SUMMARY:x", "DTSTART:20261116T080000Z"), "Invitation: x\nWhen: 16.11.2026 08:00 UTC"),
        (event("SUMMARY:x", "DTSTART;VALUE=DATE:20261116"), "Invitation: x\nWhen: 16.11.2026"),
        (
            event("SUMMARY:x", "DTSTART;TZID=Europe/Kyiv:20261116T080000"),
            "Invitation: x\nWhen: 16.11.2026 08:00 Europe/Kyiv",
        ),
        (event("SUMMARY:x", "DTSTART:20261316T080000Z"), "Invitation: x\nWhen: 20261316T080000Z"),
        (
            event("SUMMARY:x", 'ORGANIZER;CN="A; B: C":MAILTO:a@x.example'),
            "Invitation: x\nOrganizer: A; B: C <a@x.example>",
        ),
        (
            event("SUMMARY:x", "ATTENDEE;PARTSTAT=DECLINED:mailto:a@x.example"),
            "Invitation: x\nAttendees: ✗ a@x.example",
        ),
        (event("SUMMARY:x", "BEGIN:VALARM", "SUMMARY:alarm", "LOCATION:nowhere", "END:VALARM"), "Invitation: x"),
        (event("SUMMARY:x", r"DESCRIPTION:one\ntwo"), "Invitation: x\n\none\ntwo"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", ""),
        ("words", ""),
    ],
)
def test_invitation_in_words(calendar: str, expected: str) -> None:
    """What, when, where and who, in the invitation's own language."""
    assert summarize(calendar) == expected


def test_many_attendees_are_counted() -> None:
    """A meeting of everybody names the first of them."""
    told = summarize(event(*(f"ATTENDEE:mailto:u{n}@x.example" for n in range(100))))
    assert told.endswith(f"u{invitation.MAX_ATTENDEES - 1}@x.example and more: 50")


def test_invitation_speaks_only_where_nothing_else_does() -> None:
    """Beside words it is a file; alone it is a file and the words."""
    calendar = f"Content-Type: text/calendar; charset=utf-8\n\n{event('SUMMARY:Звонок')}"
    for octets, text in ((mixed(plain("слова"), calendar), "слова"), (mixed(calendar), "Приглашение: Звонок")):
        message = parse(octets)
        assert message.text == text
        assert [part.media_type for part in message.attachments] == ["text/calendar"]


@given(
    st.lists(
        st.sampled_from(
            [
                "BEGIN:VEVENT",
                "END:VEVENT",
                "SUMMARY:x",
                "DTSTART:1",
                ";",
                ":",
                '"',
                " ",
                "\r",
                "ATTENDEE;CN=",
                "METHOD:",
            ]
        ),
        max_size=30,
    ).map("\n".join)
)
def test_any_calendar(calendar: str) -> None:
    """No text raises."""
    summarize(calendar)
