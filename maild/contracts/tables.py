"""Octets of a CSV or XLSX file to rows of text and back. The only importer of openpyxl, whose errors end here.

What a cell *means* is `sheet`'s business. Here it only becomes stripped text, without what spreadsheets do to it: a number
that looks like 7707083893.0 is "7707083893", a date is "2026-12-31", an empty row is none.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from maild.contracts.cells import format_hours
from maild.contracts.delimited import NotDelimited, parse_delimited
from maild.errors import Problem, TableError

MAX_OCTETS = 64 * 1024 * 1024  # of a file: a hundred thousand clients with their coupons take a third of it
MAX_UNPACKED = (
    512 * 1024 * 1024
)  # of a workbook's parts together: what the zip promises is looked at before it is unpacked
MAX_PARTS = 2_000  # files inside a workbook
MAX_ROWS = 500_000  # that hold something
MAX_COLUMNS = 100  # the columns we know are fewer than thirty
MAX_CELL = 32_767  # characters, Excel's own limit
_MAX_LINE = 1_048_576  # the last row that Excel has
_MAX_PROBLEMS = 100  # cells refused here before the file as a whole is
_EXACT = 10**15  # spreadsheets keep fifteen digits of a number

_SAVE_AS = "Open it in Excel or LibreOffice and save it as XLSX (or CSV UTF-8)."
_OTHERS = (  # what else people send, by its first octets
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.xls, .doc), or a workbook with a password"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"{\\rtf", "an RTF text"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|table|meta|\?xml|body|style)", re.IGNORECASE)
_GUARDED = re.compile(r"'+[=+\-@]")
_DANGEROUS = re.compile(r"'*[=+\-@]")  # what a spreadsheet would take for a formula (or for our guard of one)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # no XML can hold them
_TEXT_TRICK = re.compile(r'="([^"=]*)"')  # how exporters keep the zeros of ="0077" from Excel
_ERRORS = frozenset(
    "#N/A #Н/Д #REF! #ССЫЛКА! #VALUE! #ЗНАЧ! #NAME? #ИМЯ? #DIV/0! #ДЕЛ/0! #NULL! #ПУСТО! #NUM! #ЧИСЛО! #SPILL! #CALC!".split()
)


class Format(StrEnum):
    """The files that are written."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that holds something."""

    line: int  # of the file (CSV: where the row begins), or the row of the sheet; 1-based
    cells: tuple[
        str, ...
    ]  # stripped, lines inside them end in \n; none is missing before the last one that holds something
    dates: frozenset[int] = frozenset()  # the cells that are dates of the spreadsheet, whatever was once typed there


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table as found, the names of the columns in its first row."""

    name: str  # of the file
    rows: tuple[Row, ...]  # never empty
    form: str  # how it was read, for people: "CSV in windows-1251, separated by semicolons"
    problems: tuple[Problem, ...] = ()  # cells that hold no value: formulas, errors of the spreadsheet
    remarks: tuple[str, ...] = ()  # what nobody need mend, but somebody might want to know


def read_table(octets: bytes, name: str) -> Table:
    """Return the rows of a CSV or XLSX file.

    What it is shows in the octets, not in the name. Raises TableError, with a remedy, for whatever is no table, or is too
    large to be a list of clients.
    """
    if len(octets) > MAX_OCTETS:
        raise _refused(
            name, f"{len(octets) >> 20} MiB", f"at most {MAX_OCTETS >> 20} MiB", "Part the table in several."
        )
    if not octets.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise _refused(name, "an empty file", "a table whose first row names the columns", "Save it again.")
    for magic, what in _OTHERS:
        if octets.startswith(magic):
            raise _refused(name, what, "a CSV or XLSX table", _SAVE_AS)
    if _MARKUP.match(octets):
        raise _refused(name, "a web page or XML, whatever its name says", "a CSV or XLSX table", _SAVE_AS)
    reading = _Reading(name)
    if octets.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        form, lines = reading.workbook(octets)
    else:
        form, lines = reading.delimited(octets)
    rows = tuple(lines)
    if not rows:
        raise _refused(name, "a table without a row", "the names of the columns in the first row", "Save it again.")
    return Table(name=name, rows=rows, form=form, problems=tuple(reading.problems), remarks=tuple(reading.remarks))


def write_table(rows: Iterable[Sequence[str | date]], form: Format, *, title: str) -> bytes:
    """Return a file that `read_table` reads back, and that opens in a Russian Excel by a double click.

    The first row names the columns. No cell can become a formula, whatever a stranger wrote into it: a text cell of XLSX
    is stored as text; in CSV an apostrophe stands before it, which `read_table` takes off again.
    """
    return _write_csv(rows) if form is Format.CSV else _write_xlsx(rows, title)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Reading:
    """One file being read: problems and remarks gather."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.remarks: list[str] = []
        self.guards = False  # whether text can be taken for a formula, and an apostrophe may stand guard before it
        self._columns: list[str] = []
        self._rows = 0

    def delimited(self, octets: bytes) -> tuple[str, Iterator[Row]]:
        try:
            found = parse_delimited(octets)
        except NotDelimited as error:
            raise _refused(self.name, error.found, error.expected, error.remedy, line=error.line) from None
        self.guards = True
        return found.form, self._records(found.records())

    def _records(self, records: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
        try:
            for line, record in records:
                yield from self._row(line, record)
        except NotDelimited as error:
            raise _refused(self.name, error.found, error.expected, error.remedy, line=error.line) from None

    def workbook(self, octets: bytes) -> tuple[str, Iterator[Row]]:
        self._look_inside(octets)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what openpyxl leaves out: drawings, validations, styles
                book = openpyxl.load_workbook(io.BytesIO(octets), read_only=True, keep_links=False)
            sheets = book.worksheets
            sheet = next((one for one in sheets if one.sheet_state == "visible"), None)
        except Exception as error:
            raise self._damaged(error) from None
        if sheet is None:
            raise _refused(
                self.name, "a workbook without a visible sheet", "one with a table", "Show the sheet, save again."
            )
        if len(book.sheetnames) > 1:
            others = ", ".join(f'"{one}"' for one in book.sheetnames if one != sheet.title)
            self.remarks.append(f'{self.name}: read was the first visible sheet, "{sheet.title}"; not read: {others}')
        return f'XLSX, sheet "{sheet.title}"', self._sheet(sheet)

    def _look_inside(self, octets: bytes) -> None:
        """Refuse what is no workbook, would not end when it is unpacked, or would grow when its XML is read."""
        try:
            with zipfile.ZipFile(io.BytesIO(octets)) as archive:
                parts = archive.infolist()
                names = {part.filename for part in parts}
                if "xl/workbook.xml" not in names and not any(one.startswith("xl/workbook") for one in names):
                    what = "an OpenDocument file" if "mimetype" in names else "an archive, or another Office file"
                    raise _refused(self.name, what, "a CSV or XLSX table", _SAVE_AS)
                if any(one.endswith(".bin") and one.startswith("xl/workbook") for one in names):
                    raise _refused(self.name, "a binary workbook (.xlsb)", "a CSV or XLSX table", _SAVE_AS)
                if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                    raise _refused(
                        self.name,
                        f"a workbook of {sum(part.file_size for part in parts) >> 20} MiB in {len(parts)} parts, unpacked",
                        f"at most {MAX_UNPACKED >> 20} MiB in {MAX_PARTS} parts",
                        "Copy the table alone into a new workbook and save that.",
                    )
                for part in parts:
                    if part.filename.endswith((".xml", ".rels")) and _declares_a_type(archive, part):
                        raise _refused(
                            self.name, "XML with a DOCTYPE, which no Office writes", "an XLSX table", _SAVE_AS
                        )
        except TableError:
            raise
        except Exception as error:  # zipfile raises what it likes, zlib's errors too
            raise self._damaged(error) from None

    def _sheet(self, sheet: Any) -> Iterator[Row]:
        sheet.reset_dimensions()  # some exporters write "A1", and the rest would be left out
        before: object = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
                    if line > _MAX_LINE:
                        found, expected = f"a row below row {_MAX_LINE}", "no more than Excel has"
                        raise _refused(self.name, found, expected, "Delete what stands below the table.", line=line)
                    if cells is before:  # openpyxl's one stand-in for all rows that are not there
                        continue
                    before = cells
                    width = next((n for n in range(len(cells), 0, -1) if cells[n - 1].value is not None), 0)
                    cells = cells[:width]  # noqa: PLW2901 - the rest is padding
                    if cells:
                        dates = frozenset(n for n, cell in enumerate(cells) if isinstance(cell.value, date))
                        yield from self._row(line, [self._shown(line, n, cell) for n, cell in enumerate(cells)], dates)
        except TableError:
            raise
        except Exception as error:
            raise self._damaged(error) from None

    def _shown(self, line: int, column: int, cell: Any) -> str:
        """Return a cell's text. A formula is none: what it showed when the file was saved may be long untrue, or never was."""
        if cell.data_type != "f":
            return _text(cell.value)
        formula = _short(str(getattr(cell.value, "text", cell.value)))
        remedy = "Copy the column and paste it again as values."
        return self._no_value(line, column, f"the formula {formula}", remedy)

    def _row(self, line: int, texts: Sequence[str], dates: frozenset[int] = frozenset()) -> Iterator[Row]:
        """Yield the row, unless it is empty."""
        cells = [self._value(line, column, _normalize(text)) for column, text in enumerate(texts)]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            return
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise self._too_many(line)
        if len(cells) > MAX_COLUMNS:
            found, expected = f"more than {MAX_COLUMNS} columns", "the columns of a list of clients"
            raise _refused(self.name, found, expected, "Delete what stands to the right of the table.", line=line)
        self._columns = self._columns or cells
        yield Row(line=line, cells=tuple(cells), dates=dates)

    def _value(self, line: int, column: int, text: str) -> str:
        """Return what a cell holds; "" and a problem where that is no value."""
        if text in _ERRORS:
            found, remedy = f"{text}, an error of the spreadsheet", "Mend its formula, or write the value."
        elif len(text) > MAX_CELL:
            found, remedy = f"a cell of {len(text)} characters", f"Write at most {MAX_CELL}."
        elif self.guards and text.startswith("="):
            if trick := _TEXT_TRICK.fullmatch(text):
                return trick[1].strip()
            found, remedy = f"the formula {_short(text)}", "Write its value instead."
        elif self.guards and _GUARDED.match(text):
            return text[1:]
        else:
            return text
        return self._no_value(line, column, found, remedy)

    def _no_value(self, line: int, column: int, found: str, remedy: str) -> str:
        if len(self.problems) >= _MAX_PROBLEMS:
            raise TableError(self.problems)
        key = self._columns[column] if column < len(self._columns) else ""
        key = key or f"column {get_column_letter(column + 1)}"
        self.problems.append(
            Problem(file=self.name, line=line, key=key, found=found, expected="a value", remedy=remedy)
        )
        return ""

    def _too_many(self, line: int) -> TableError:
        return _refused(self.name, f"more than {MAX_ROWS} rows", "fewer", "Part the table in several.", line=line)

    def _damaged(self, error: Exception) -> TableError:
        return _refused(self.name, f"a damaged workbook ({type(error).__name__})", "an XLSX table", _SAVE_AS)


def _text(value: object) -> str:
    """Return the text of a workbook's cell, as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return format_hours(value)
    return str(value)


def _normalize(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip().removeprefix("\ufeff")


def _declares_a_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part's XML could define entities, in whatever encoding."""
    tail = b""
    with archive.open(part) as stream:
        while block := stream.read(1 << 20):
            tail += block.replace(b"\0", b"")
            if b"<!DOCTYPE" in tail:
                return True
            tail = tail[-len(b"<!DOCTYPE") :]
    return False


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _refused(name: str, found: str, expected: str, remedy: str, *, line: int | None = None) -> TableError:
    return TableError([Problem(file=name, line=line, key="", found=found, expected=expected, remedy=remedy)])


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _write_csv(rows: Iterable[Sequence[str | date]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"{cell:%d.%m.%Y}" if isinstance(cell, date) else _guard(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")  # without the mark Excel takes it for windows-1251


def _guard(text: str) -> str:
    text = _UNWRITABLE.sub("", text)
    return "'" + text if _DANGEROUS.match(text) else text


def _write_xlsx(rows: Iterable[Sequence[str | date]], title: str) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        if not number:
            for column in range(1, len(row) + 1):
                sheet.column_dimensions[get_column_letter(column)].width = 20
        sheet.append([_written(sheet, cell, bold=not number) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _written(sheet: Any, value: str | date, *, bold: bool) -> Any:
    """Return a cell that holds a date, or text that stays text, also once it is edited in Excel."""
    if value == "":
        return None
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "DD.MM.YYYY"
        return cell
    cell = WriteOnlyCell(sheet, _UNWRITABLE.sub("", value))
    cell.data_type, cell.number_format = "s", "@"
    if bold:
        cell.font = Font(bold=True)
    elif "\n" in value:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
