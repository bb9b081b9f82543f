"""The header above a quoted letter: where one begins and ends, however it is laid out, and whom it names."""

import pytest

from maild.ingest.clients.lines import Field
from maild.ingest.clients.quoted_header import find_author, is_attribution, is_block, read_header, split_fields

FROM = "От: Анна Петрова <anna@client.example>"
LONG = "Не печатает принтер в бухгалтерии на третьем этаже, а вчера печатал"  # mail clients fold such lines
WORDS = ["", "Принтер молчит."]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([FROM, "Дата: 12.11.2026", "Кому: Иван"], True),
        ([FROM, "Дата: 12.11.2026", *WORDS], False),
        ([FROM, FROM, "Дата: 12.11.2026", "Кому: Иван"], False),  # the next line begins one
        (["Дата: 12.11.2026", "Кому: Иван", "Тема: счёт"], False),
        ([FROM, *["так и есть"] * 11, "Дата: 12.11.2026", "Кому: Иван"], False),
    ],
)
@pytest.mark.parametrize("above", [0, 15])
def test_blocks(lines: list[str], above: int, expected: bool) -> None:
    """The author, and soon below two of date, recipients and subject; wherever in the letter that is."""
    assert is_block(["слова"] * above + lines, above) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("12.11.2026, 10:15, Анна <anna@client.example>:", True),
        ("On Thu, 12 Nov 2026 Anna <anna@client.example> wrote: |", True),
        ("От: 12.11.2026 10:15 Анна <anna@client.example>:", False),
        ("12.11.2026, 10:15, Анна @anna:", False),
        ("12.11.2026, 10:15, Анна:", False),
        ("Анна <anna@client.example>:", False),
        ("12.11.2026, 10:15, Анна <anna@client.example>", False),
        (f"12.11.2026, 10:15, {'так и есть ' * 30} <anna@client.example>:", False),
    ],
)
def test_attributions(line: str, expected: bool) -> None:
    """When and by whom with an address, up to a colon; a field is none, nor is a paragraph."""
    assert is_attribution(line) is expected


@pytest.mark.parametrize(
    ("flat", "fields"),
    [
        ("From: Anna <a@x.example>To: Ivan <i@x.example>Subject: x", ["From: Anna <a@x.example>", "To: Ivan <i@x.example>", "Subject: x"]),
        ("From: Anna Sent: Monday Subject: x", ["From: Anna ", "Sent: Monday ", "Subject: x"]),
        ("От: АннаКому: ИванТема: счёт", ["От: Анна", "Кому: Иван", "Тема: счёт"]),
        ("From: Anna <a@x.example>Subject: photo: mine (To: Ivan)", ["From: Anna <a@x.example>", "Subject: photo: mine (To: Ivan)"]),
        ("Subject: x From: Anna Subject: y", ["Subject: x ", "From: Anna Subject: y"]),
    ],
)  # fmt: skip
def test_a_header_that_was_run_together(flat: str, fields: list[str]) -> None:
    """Cut where a word begins that is a label, once for each; not inside a word."""
    assert split_fields(flat) == fields


@pytest.mark.parametrize(
    ("lines", "name", "subject", "end"),
    [
        ([FROM, "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 2),
        (["", "_____", FROM, "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 4),
        ([FROM, "", "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 3),
        ([FROM, "", "", "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 4),
        ([FROM, "Prioriteit: hoog", "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 3),
        ([FROM, "X-Mailer: The Bat!", "X-Mailer: x", "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 4),
        ([FROM, "Добрый день: молчит"], "Анна Петрова", "", 1),
        (["От: Анна Петрова", "anna@client.example", "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 3),
        (["От: Анна Петрова <mailto:anna@client.example", ">", "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 3),
        ([FROM, "Кому: Иван <i@x.example>,", "Пётр", "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 4),
        ([FROM, "Кому: Иван", "<i@x.example>", "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 4),
        ([FROM, f"Тема: {LONG}", "и позавчера", *WORDS], "Анна Петрова", f"{LONG} и позавчера", 3),
        (["От:", "", "Анна Петрова <anna@client.example>", "Тема: счёт", *WORDS], "Анна Петрова", "счёт", 4),
        ([FROM, "boris@client.example пишет иначе"], "Анна Петрова", "", 1),
        (["От: Анна Петрова", "Принтер молчит."], "", "", 1),
        (["От: Анна Петрова", f"{LONG}, см. boris@client.example"], "", "", 1),
        ([FROM, f"Дата: {LONG}", "и позавчера"], "Анна Петрова", "", 2),
        ([FROM, "Тема: счёт", "и позавчера"], "Анна Петрова", "счёт", 2),
        ([FROM, f"Тема: {LONG}", f"и позавчера, и третьего дня: {LONG}"], "Анна Петрова", LONG, 2),
        ([FROM, "", "Напишите boris@client.example"], "Анна Петрова", "", 1),
        (["От:", "", "Принтер молчит."], "", "", 1),
        ([FROM, "Тема:", "", "Напишите boris@client.example"], "Анна Петрова", "", 2),
    ],
)  # fmt: skip
@pytest.mark.parametrize("above", [0, 70])
def test_headers(lines: list[str], name: str, subject: str, end: int, above: int) -> None:
    """Folded, with blank lines or unknown labels between, a header ends where the words begin and takes none of them."""
    whole = ["слова"] * above + lines
    header = read_header(whole, above)
    assert header is not None
    assert (header.text(Field.SUBJECT), header.end - above) == (subject, end)
    if name:
        address, told, _ = find_author(whole[above:], header)
        assert (address and address.addr, told) == ("anna@client.example", name)


@pytest.mark.parametrize("lines", [["слова"], [], ["", "", ""], ["Принтер молчит.", FROM]])
def test_no_header(lines: list[str]) -> None:
    """Where neither a field nor an attribution stands, there is none."""
    assert read_header(lines, 0) is None


@pytest.mark.parametrize("above", [0, 10])
def test_a_folded_attribution(above: int) -> None:
    """It stands in the place of a header, on up to three lines."""
    lines = ["слова"] * above + ["12.11.2026, 10:15,", "Анна Петрова", "<anna@client.example>:", "Принтер молчит."]
    header = read_header(lines, above)
    assert header is not None
    assert (header.writer and header.writer.name, header.end) == ("Анна Петрова", above + 3)


@pytest.mark.parametrize(
    ("lines", "addr", "name"),
    [
        (["От: Анна Петрова", *WORDS, "> Кому: Анна Петрова <anna@client.example>"], "anna@client.example", "Анна Петрова"),
        (["От: Анна Петрова", *WORDS, "> Кому: Борис <boris@client.example>"], None, "Анна Петрова"),
        (["От: Анна Петрова", *WORDS, "> Тема: Анна Петрова <boris@client.example>"], None, "Анна Петрова"),
        (["Тема: счёт", *WORDS, "> Кому: boris@client.example"], None, ""),
        (["От: Анна", "Reply-To: anna@client.example", *WORDS], "anna@client.example", "Анна"),
    ],
)  # fmt: skip
def test_an_author_without_an_address(lines: list[str], addr: str | None, name: str) -> None:
    """Where answers go, or what an older header further down has for this very name; nobody else's address."""
    address, told, _ = find_author(lines, read_header(lines, 0))
    assert (address and address.addr, told) == (addr, name)


def test_whom_the_words_name_is_no_author() -> None:
    """Without a header only the line of a client above a forward tells."""
    assert find_author(["Напишите Анне: anna@client.example"], None)[0] is None
