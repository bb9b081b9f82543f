"""Octets to rows: what Excel, LibreOffice and people hand in, and what is no table at all."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.chart import BarChart

from maild.contracts import tables
from maild.contracts.tables import Format, Row, Table, read_table, write_table
from maild.errors import MaildError, TableError
from tests.contracts.files import archive, repack, workbook

HEAD = "Клиент;Название;Адреса"
EXCEL = f"{HEAD}\r\nromashka;ООО Ромашка;info@romashka.ru\r\n"
CELLS = [("Клиент", "Название", "Адреса"), ("romashka", "ООО Ромашка", "info@romashka.ru")]
SHEET1 = "xl/worksheets/sheet1.xml"


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def refusal(octets: bytes, name: str = "clients.csv") -> str:
    with pytest.raises(TableError) as caught:
        read_table(octets, name)
    return str(caught.value)


# ── encodings ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("codec", "called"),
    [
        pytest.param("utf-8", "UTF-8", id="libreoffice"),
        pytest.param("utf-8-sig", "UTF-8", id="excel-csv-utf-8"),
        pytest.param("utf-16", "UTF-16", id="excel-unicode-text"),
        pytest.param("cp1251", "windows-1251", id="russian-excel-csv"),
        pytest.param("cp866", "cp866", id="excel-csv-ms-dos"),
        pytest.param("mac_cyrillic", "mac-cyrillic", id="excel-csv-macintosh"),
    ],
)
def test_the_encoding_is_the_one_that_makes_russian_of_it(codec: str, called: str) -> None:
    """And it is told, so that somebody can see it when it was the wrong one."""
    table = read_table(EXCEL.encode(codec), "clients.csv")
    assert cells(table) == CELLS
    assert table.form == f"CSV in {called}, separated by semicolons"


@pytest.mark.parametrize("codec", ["cp1251", "cp866", "mac_cyrillic"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Клиент;Адреса\nя;a@b.ru\n", id="a-letter"),
        pytest.param("ключ;название\nivan;«Ёлки-палки» — № 7\n", id="quotes-dash-number"),
        pytest.param("КЛИЕНТ;НАЗВАНИЕ\nRZD;РЖД\n", id="capitals"),
        pytest.param("Клієнт;Назва\nkyiv;Їжак і Єнот\n", id="ukrainian"),
    ],
)
def test_little_text_is_enough(codec: str, text: str) -> None:
    """A list of one client is decoded like a list of thousands."""
    if "—" in text and codec == "cp866":
        text = text.replace("—", "-").replace("«", "").replace("»", "").replace("№", "N")
    if "Ї" in text and codec == "cp866":
        text = text.replace("і", "i")
    assert read_table(text.encode(codec), "clients.csv").rows[0].cells[0].casefold() in (
        "клиент",
        "ключ",
        "клієнт",
        "клiєнт",
    )


@pytest.mark.parametrize("codec", ["cp1251", "cp866"])
def test_russian_may_begin_late(codec: str) -> None:
    """After a thousand clients with English names."""
    text = "key;name\n" + "a;Acme, Inc.\n" * 20_000 + "b;ООО Ромашка\n"
    assert read_table(text.encode(codec), "clients.csv").rows[-1].cells == ("b", "ООО Ромашка")


def test_what_is_marked_is_not_guessed_at() -> None:
    """A mark that lies is told with the line."""
    broken = "\ufeffКлиент\nа\n".encode() + "б".encode("cp1251")
    assert "clients.csv:3: found a file marked as UTF-8 that is not" in refusal(broken)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        pytest.param("key;name\na;Müller und Söhne\n", "latin-1", id="german"),
        pytest.param("key;name\na;Ромашка и Василёк\n", "koi8-r", id="koi8"),
        pytest.param("key;name\na;株式会社\n", "shift-jis", id="japanese"),
    ],
)
def test_octets_of_no_encoding_are_told_with_their_line(text: str, codec: str) -> None:
    """Nothing is guessed where nothing fits."""
    assert refusal(text.encode(codec)).startswith("clients.csv:2: found octets in no encoding")


# ── separators and quotes ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a;b\n1;2\n", [("a", "b"), ("1", "2")], id="semicolons"),
        pytest.param("a,b\n1,2\n", [("a", "b"), ("1", "2")], id="commas"),
        pytest.param("a\tb\n1\t2\n", [("a", "b"), ("1", "2")], id="pasted-from-excel"),
        pytest.param(
            "a;b\n1;x@a.ru, y@a.ru, z@a.ru\n", [("a", "b"), ("1", "x@a.ru, y@a.ru, z@a.ru")], id="commas-in-cells"
        ),
        pytest.param("a,b\n1,x;y;z;w\n", [("a", "b"), ("1", "x;y;z;w")], id="semicolons-in-cells"),
        pytest.param('"a;x;y",b\n1,2\n', [("a;x;y", "b"), ("1", "2")], id="semicolons-in-a-quoted-name"),
        pytest.param("a\n1, 2, 3\n", [("a",), ("1, 2, 3",)], id="one-column"),
        pytest.param("PK;BM\nRar;GIF\n", [("PK", "BM"), ("Rar", "GIF")], id="letters-that-begin-other-files"),
        pytest.param("sep=,\r\na,b;c\r\n1,2\r\n", [("a", "b;c"), ("1", "2")], id="sep-line"),
        pytest.param('"sep=|"\na|b\n1|2\n', [("a", "b"), ("1", "2")], id="quoted-sep-line"),
        pytest.param("a;b\r1;2\r", [("a", "b"), ("1", "2")], id="old-macintosh"),
        pytest.param('a;b\r\n"1";"x\r\ny"\r\n', [("a", "b"), ("1", "x\ny")], id="line-end-inside"),
        pytest.param('a;b\n1;"ООО ""Ромашка"""\n', [("a", "b"), ("1", 'ООО "Ромашка"')], id="doubled-quotes"),
        pytest.param(
            'a;b\n1;ООО "Ромашка"\n', [("a", "b"), ("1", 'ООО "Ромашка"')], id="quotes-inside-an-unquoted-cell"
        ),
        pytest.param("\n\n;;\na;b\n\n;\n 1 ;\u00a02\t\n;;;\n", [("a", "b"), ("1", "2")], id="empty-rows-and-spaces"),
        pytest.param("a;b;;;\n1;2;;;\n", [("a", "b"), ("1", "2")], id="empty-columns-at-the-right"),
        pytest.param("a;b\n;2", [("a", "b"), ("", "2")], id="no-last-line-end"),
    ],
)
def test_rows_are_parted_as_they_were_meant(text: str, expected: list[tuple[str, ...]]) -> None:
    """The first row, where names of columns are, decides what the separator is."""
    assert cells(read_table(text.encode(), "clients.csv")) == expected


def test_lines_are_those_of_the_file() -> None:
    """So that an editor goes to them, whatever was skipped before and however long a cell is."""
    table = read_table(b'sep=;\n\na;b\n1;"x\ny\nz"\n\n2;w\n', "clients.csv")
    assert [row.line for row in table.rows] == [3, 4, 8]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            'a;b\n1;"x\n2;y\n', "clients.csv:2: found a quotation mark that is never closed", id="never-closed"
        ),
        pytest.param('a;b\n1;2\n2;"ООО "Ромашка""\n', "clients.csv:3: found a quotation mark inside", id="not-doubled"),
        pytest.param(
            "a;b\n1;" + "x" * 200_000, "clients.csv:2: found a cell of more than 131072 characters", id="endless"
        ),
        pytest.param('sep=;\na;b\n1;"x\n', "clients.csv:3: found a quotation mark", id="after-a-sep-line"),
    ],
)
def test_quotes_that_do_not_add_up_are_told_where_they_begin(text: str, told: str) -> None:
    """Or half the file would silently become one cell."""
    assert refusal(text.encode()).startswith(told)


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("  ООО Ромашка \r\n", "ООО Ромашка", id="text"),
        pytest.param(7707083893, "7707083893", id="number"),
        pytest.param(7707083893.0, "7707083893", id="float"),
        pytest.param(10.5, "10.5", id="fraction"),
        pytest.param(12345678900000000000.0, "1.23456789e+19", id="digits-lost"),
        pytest.param(datetime(2026, 12, 31), "2026-12-31", id="day"),
        pytest.param(date(2026, 12, 31), "2026-12-31", id="date"),
        pytest.param(datetime(2026, 12, 31, 18, 30), "2026-12-31 18:30:00", id="instant"),
        pytest.param(time(10, 30), "10:30:00", id="time"),
        pytest.param(timedelta(hours=26, minutes=30), "26:30", id="duration-over-a-day"),
        pytest.param(True, "true", id="yes"),
        pytest.param(False, "false", id="no"),
        pytest.param("one\ntwo", "one\ntwo", id="two-lines"),
        pytest.param("'-apostrophe of Excel's user", "'-apostrophe of Excel's user", id="no-guard-to-take-off"),
    ],
)
def test_cells_of_a_workbook_are_what_a_person_would_have_typed(value: object, text: str) -> None:
    """A spreadsheet's types end here."""
    table = read_table(workbook([["Клиент", "x"], ["a", value]]), "clients.xlsx")
    assert table.rows[1].cells == ("a", text)


def test_cells_that_are_dates_are_marked() -> None:
    """The agreement "12-5" that Excel made a date of looks like a date afterwards, and must not pass for a number."""
    table = read_table(workbook([["a", "b", "c"], ["2026-05-12", date(2026, 5, 12), None]]), "clients.xlsx")
    assert table.rows[1] == Row(line=2, cells=("2026-05-12", "2026-05-12"), dates=frozenset({1}))


def test_empty_rows_are_none_and_lines_are_the_sheet_s() -> None:
    """Formatted and forgotten rows do not count, the numbers at the left of Excel do."""
    table = read_table(workbook([["a"], [None], ["", " "], ["x", None]]), "clients.xlsx")
    assert [(row.line, row.cells) for row in table.rows] == [(1, ("a",)), (4, ("x",))]


def test_a_formula_is_refused_wherever_it_stands() -> None:
    """What it showed was true when the file was saved, if ever; each is told with its place."""
    table = read_table(workbook([["Клиент", "ИНН"], ["=A1&B1", 1], [2, "=SUM(B1:B2)"]]), "clients.xlsx")
    assert [(one.line, one.key, one.found) for one in table.problems] == [
        (2, "Клиент", "the formula =A1&B1"),
        (3, "ИНН", "the formula =SUM(B1:B2)"),
    ]
    assert cells(table)[1:] == [("", "1"), ("2",)]


def test_a_formula_of_libreoffice_s_csv_is_refused_too() -> None:
    """It saves formulas when asked to; ="0077", which keeps zeros from Excel, is a text."""
    table = read_table(b'a;b\n1;=A1+1\n2;"=""0077"""\n', "clients.csv")
    assert [(one.line, one.key, one.found) for one in table.problems] == [(2, "b", "the formula =A1+1")]
    assert cells(table)[2] == ("2", "0077")


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#Н/Д", "#ЗНАЧ!"])
def test_an_error_of_the_spreadsheet_is_no_value(error: str) -> None:
    """In either format, in either language."""
    for octets, name in ((workbook([["a"], [error]]), "x.xlsx"), (f"a\n{error}\n".encode(), "x.csv")):
        (problem,) = read_table(octets, name).problems
        assert str(problem).startswith(f"{name}:2: a: found {error}, an error of the spreadsheet")


def test_the_first_visible_sheet_is_read_and_named() -> None:
    """Nobody wonders where the other clients are."""

    def arrange(book: Any) -> None:
        book.active.sheet_state = "hidden"
        book.create_sheet("Клиенты").append(["Клиент"])
        book.create_sheet("Архив").append(["x"])

    table = read_table(workbook([["secret"]], arrange), "clients.xlsx")
    assert (cells(table), table.form) == ([("Клиент",)], 'XLSX, sheet "Клиенты"')
    assert table.remarks == ('clients.xlsx: read was the first visible sheet, "Клиенты"; not read: "Лист1", "Архив"',)


def test_merged_cells_hold_their_value_once() -> None:
    """In the first of them, as in Excel."""

    def merge(book: Any) -> None:
        book.active.merge_cells("A2:A3")

    table = read_table(workbook([["a", "b"], ["x", "1"], [None, "2"]], merge), "clients.xlsx")
    assert cells(table)[1:] == [("x", "1"), ("", "2")]


def test_a_workbook_that_lies_about_its_size_is_read_whole() -> None:
    """Some exporters write the dimension A1, and a reader that believes them reads one cell."""
    lying = repack(
        workbook([["a", "b"], ["1", "2"]]), {SHEET1: lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1:A1"')}
    )
    assert cells(read_table(lying, "clients.xlsx")) == [("a", "b"), ("1", "2")]


# ── what is no table ─────────────────────────────────────────────────────────────────────────────────────────────────


def many_columns(_: bytes) -> bytes:
    return b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="XFD1" t="n"><v>1</v></c><c r="CW1"><v>2</v></c></row></sheetData></worksheet>'


def far_row(_: bytes) -> bytes:
    return b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="999999999"><c t="n"><v>1</v></c></row></sheetData></worksheet>'


PLAIN = workbook([["a"]])


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        pytest.param(b"", "an empty file", id="empty"),
        pytest.param(b"\xef\xbb\xbf \r\n", "an empty file", id="mark-only"),
        pytest.param(b"\xff\xfe", "an empty file", id="utf-16-mark-only"),
        pytest.param(b";;;\n;;\n", "a table without a row", id="separators-only"),
        pytest.param(workbook([]), "a table without a row", id="empty-sheet"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Office file", id="doc-xls-or-password"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(60), "an image", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0JFIF", "an image", id="jpeg"),
        pytest.param(b"%PDF-1.7\n", "a PDF", id="pdf"),
        pytest.param(b"{\\rtf1 x}", "an RTF text", id="rtf"),
        pytest.param(b"<html><table><tr><td>a</td></tr></table>", "a web page or XML", id="html-called-xls"),
        pytest.param(b'\xef\xbb\xbf\n<?xml version="1.0"?><Workbook/>', "a web page or XML", id="xml-spreadsheet-2003"),
        pytest.param(b"\x00\x01\x02binary\x7f", "octets that are no text", id="binary"),
        pytest.param("a;b".encode("utf-16-le"), "octets that are no text", id="utf-16-without-mark"),
        pytest.param(archive({"word/document.xml": b"<x/>"}), "an archive, or another Office file", id="docx"),
        pytest.param(archive({"mimetype": b"x", "content.xml": b"<x/>"}), "an OpenDocument file", id="ods"),
        pytest.param(archive({"xl/workbook.bin": b"x"}), "a binary workbook", id="xlsb"),
        pytest.param(b"PK\x03\x04" + bytes(100), "a damaged workbook", id="broken-zip"),
        pytest.param(PLAIN[:-30], "a damaged workbook", id="cut-off"),
        pytest.param(repack(PLAIN, {SHEET1: lambda xml: xml[:-40]}), "a damaged workbook", id="broken-xml"),
        pytest.param(repack(PLAIN, {"xl/workbook.xml": lambda xml: b""}), "a damaged workbook", id="empty-xml"),
        pytest.param(archive({"xl/workbook.xml": b"<x/>"}), "a damaged workbook", id="hollow"),
        pytest.param(repack(PLAIN, {SHEET1: many_columns}), "more than 100 columns", id="far-columns"),
        pytest.param(repack(PLAIN, {SHEET1: far_row}), "a row below row 1048576", id="far-row"),
        pytest.param(
            repack(PLAIN, {SHEET1: lambda xml: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml}),
            "XML with a DOCTYPE",
            id="entities",
        ),
        pytest.param(b"a;" * 200 + b"\n", "more than 100 columns", id="wide-csv"),
    ],
)
def test_what_is_no_table_is_told_with_a_remedy(octets: bytes, told: str) -> None:
    """Never a traceback: file, what it is, what to do."""
    message = refusal(octets, "clients.xlsx")
    assert message.startswith(
        ("clients.xlsx: found " + told, "clients.xlsx:1: found " + told, "clients.xlsx:1048577: found " + told)
    )
    assert message.endswith(".")


def test_a_sheet_of_charts_alone_has_no_table() -> None:
    """As has a workbook whose sheets are all hidden."""

    def hide(book: Any) -> None:
        book.active.sheet_state = "hidden"
        book.create_chartsheet("График").add_chart(BarChart())

    assert "a workbook without a visible sheet" in refusal(workbook([["a"]], hide))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, limit in {"MAX_OCTETS": 5 << 20, "MAX_UNPACKED": 8 << 20, "MAX_ROWS": 100, "MAX_PARTS": 50}.items():
        monkeypatch.setattr(tables, name, limit)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("make", "told"),
    [
        pytest.param(lambda: b"a" * ((5 << 20) + 1), "5 MiB", id="too-large"),
        pytest.param(lambda: archive({"xl/workbook.xml": bytes(9 << 20)}), "a workbook of 9 MiB", id="zip-bomb"),
        pytest.param(
            lambda: archive({f"xl/workbook{n}.xml": b"" for n in range(51)}), "a workbook of 0 MiB in 51", id="parts"
        ),
        pytest.param(lambda: b"a\n" * 101, "more than 100 rows", id="rows"),
        pytest.param(lambda: workbook([["a"]] * 101), "more than 100 rows", id="rows-of-a-workbook"),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_unpacked(make: Callable[[], bytes], told: str) -> None:
    """A limit is told as a number, and with what to do."""
    assert told in refusal(make())


@pytest.mark.usefixtures("small")
def test_what_is_just_not_too_large_is_read() -> None:
    """The limits are the last that is allowed."""
    assert len(read_table(b"a\n" * 100, "x").rows) == 100
    assert len(read_table(workbook([["a"]] * 100), "x").rows) == 100
    assert len(read_table(b"a;" * 99 + b"b\n", "x").rows[0].cells) == 100


def test_too_many_formulas_end_the_reading() -> None:
    """A hundred are told, and nobody waits for the rest."""
    with pytest.raises(TableError) as caught:
        read_table(b"a\n" + b"=1\n" * 101, "x.csv")
    assert len(caught.value.problems) == 100
    assert len(read_table(b"a\n" + b"=1\n" * 100, "x.csv").problems) == 100


def test_a_cell_longer_than_excel_s_is_a_problem() -> None:
    """It holds something that belongs elsewhere."""
    (problem,) = read_table(b"a;b\n1;" + b"x" * 32_768, "x.csv").problems
    assert problem.found == "a cell of 32768 characters"
    assert not read_table(b"a;b\n1;" + b"x" * 32_767, "x.csv").problems


@given(st.binary(max_size=300))
@example(b"PK\x05\x06" + bytes(18))
def test_any_octets_are_a_table_or_refused(octets: bytes) -> None:
    """There is no third way to end."""
    with suppress(MaildError):
        assert read_table(octets, "x").rows


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_is_a_table_or_refused(at: int, octets: bytes) -> None:
    """Wherever a disk or a mail gateway has bitten it."""
    at %= len(PLAIN)
    with suppress(MaildError):
        assert read_table(PLAIN[:at] + octets + PLAIN[at + len(octets) :], "x").rows


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff")
    | st.sampled_from("=+-@';\",\n\t"),
    max_size=20,
).map(str.strip)


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=5), min_size=1, max_size=5), st.sampled_from(Format))
@example([["=1+1", "'=1", "''", "-", "@x", "+7 495", "'+"]], Format.CSV)
@example([["=1+1", "'=1", "''", "-", "@x", "+7 495", "'+"]], Format.XLSX)
def test_what_is_written_reads_back(rows: list[list[str]], form: Format) -> None:
    """Any text, whatever a spreadsheet would take it for."""
    head = [f"c{number}" for number in range(max(map(len, rows)))]
    kept = [tuple(row) for row in rows if any(row)]
    while any(row and not row[-1] for row in kept):
        kept = [row[:-1] if not row[-1] else row for row in kept]
    table = read_table(write_table([head, *rows], form, title="Клиенты"), "x")
    assert cells(table) == [tuple(head), *kept]
    assert not table.problems


@pytest.mark.parametrize("form", Format)
def test_days_are_days_where_a_spreadsheet_opens_them(form: Format) -> None:
    """31.12.2026 in CSV, a date with that look in XLSX."""
    table = read_table(write_table([["С"], [date(2026, 12, 31)]], form, title="Клиенты"), "x")
    assert cells(table)[1] == (("31.12.2026",) if form is Format.CSV else ("2026-12-31",))


def test_csv_opens_in_a_russian_excel() -> None:
    """The mark at its beginning makes it UTF-8, semicolons part the cells, and nothing becomes a formula."""
    written = write_table([["Клиент", "x"], ["=cmd|' /C calc'!A0", "-1+2"]], Format.CSV, title="Клиенты")
    assert written == "\ufeffКлиент;x\r\n'=cmd|' /C calc'!A0;'-1+2\r\n".encode()


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    """Whatever a stranger wrote, it is stored as text, and stays text when the cell is edited."""
    import io

    import openpyxl

    written = write_table([["=A1", "@x"], ["=HYPERLINK(1)", "+1"]], Format.XLSX, title="Клиенты")
    found = [cell for row in openpyxl.load_workbook(io.BytesIO(written)).active for cell in row]
    assert [(cell.data_type, cell.number_format) for cell in found] == [("s", "@")] * 4


def test_what_xml_cannot_hold_is_left_out() -> None:
    """A bell in a name does not keep the rest from being exported."""
    for form in Format:
        assert cells(read_table(write_table([["a\x07b\x00"]], form, title="x"), "x")) == [("ab",)]
