"""Octets of a CSV file to text and records: which encoding, which separator. What Excel, LibreOffice and people write.

`csv.Sniffer` is not asked: it guesses from the frequency of characters, and an address list has commas of its own.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_FIELD = (
    131_072  # characters of one cell that the csv module takes: a quote that is never closed ends here at the latest
)
_SEPARATORS = {
    ";": "semicolons",
    "\t": "tabs",
    ",": "commas",
}  # in the order of preference: Russian Excel writes the first
_SEP_LINE = re.compile(r'"?sep=(.)"?[\t;, ]*\r?\n?', re.IGNORECASE)  # Excel's own first line, which only Excel hides
_PLAUSIBLE = 0.9  # share of the characters beyond ASCII that are letters and signs of Russian or Ukrainian text
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_CYRILLIC = {  # without koi8: no spreadsheet writes it, and a word in it is another word in windows-1251
    "cp1251": "windows-1251",
    "cp866": "cp866",  # Excel's "CSV (MS-DOS)"
    "mac_cyrillic": "mac-cyrillic",  # Excel's "CSV (Macintosh)"
}
_LETTERS = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁІЇЄҐ")
_SIGNS = frozenset("«»„“”’‘–—…№§©®°· \u00a0₽€")
_ODD = re.compile(r"[а-яё][А-ЯЁ]|[a-z][А-яЁё]|[А-яЁё][a-z]")  # what koi8 and Western letters look like as windows-1251
_SAMPLE = 200_000  # octets from the first one beyond ASCII on: they show what encoding a file is in
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class NotDelimited(ValueError):  # noqa: N818 - what the octets are, told by `tables` with the name of the file
    """The octets are no CSV. `line` is where it shows, None for the file as a whole."""

    def __init__(self, found: str, expected: str, remedy: str, line: int | None = None) -> None:
        super().__init__(found)
        self.found, self.expected, self.remedy, self.line = found, expected, remedy, line


@dataclass(frozen=True, kw_only=True)
class Delimited:
    """A text that is to be parted into records."""

    text: str
    encoding: str  # as people call it
    separator: str
    skipped: int  # lines before the first record: Excel's "sep=;"

    @property
    def form(self) -> str:
        """How it was read, in words."""
        return f"CSV in {self.encoding}, separated by {_SEPARATORS.get(self.separator, repr(self.separator))}"

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the records with the line that each begins in. Raises NotDelimited where the quotes do not add up."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True)
        line = 1
        while True:
            try:
                record = next(reader, None)
            except csv.Error as error:
                raise _misquoted(str(error), line + self.skipped) from None
            if record is None:
                return
            yield line + self.skipped, record
            line = reader.line_num + 1


def parse_delimited(octets: bytes) -> Delimited:
    """Return the text and how it is parted. Raises NotDelimited for what is no text."""
    text, encoding = _decode(octets)
    if _CONTROL.search(text):
        raise NotDelimited(
            "octets that are no text", "a CSV or XLSX table", "Open it in the program it came from and save it as XLSX."
        )
    sep = _SEP_LINE.match(text)
    if sep:
        rest = text[sep.end() :]
        return Delimited(text=rest, encoding=encoding, separator=sep[1], skipped=1)
    return Delimited(text=text, encoding=encoding, separator=_find_separator(text), skipped=0)


# ── encodings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _decode(octets: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: the mark at its beginning, UTF-8, or what makes Cyrillic words of it."""
    for mark, codec, name in _MARKS:
        if octets.startswith(mark):
            try:
                return octets[len(mark) :].decode(codec), name
            except UnicodeDecodeError as error:
                raise _undecodable(f"a file marked as {name} that is not", octets, error.start + len(mark)) from None
    try:
        return octets.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        sample = octets[error.start :][:_SAMPLE]
        ranked = sorted(_CYRILLIC, key=lambda codec: _plausibility(sample.decode(codec, "replace")), reverse=True)
        text = octets.decode(ranked[0], "replace")
        if _plausibility(text[error.start :][:_SAMPLE]) < _PLAUSIBLE:
            raise _undecodable("octets in no encoding that makes Russian of them", octets, error.start) from None
        return text, _CYRILLIC[ranked[0]]


def _plausibility(text: str) -> float:
    """Return how much like Russian or Ukrainian a text beyond ASCII reads, from 0 to 1."""
    beyond = [char for char in text if char > "\x7f"]
    good = sum(char in _LETTERS or char in _SIGNS for char in beyond) - len(_ODD.findall(text))
    return max(0.0, good / len(beyond))


def _undecodable(found: str, octets: bytes, at: int) -> NotDelimited:
    line = octets.count(b"\n", 0, at) + 1
    return NotDelimited(found, "UTF-8, UTF-16 or windows-1251", 'In Excel, save it as "CSV UTF-8" or as XLSX.', line)


# ── separators and quotes ────────────────────────────────────────────────────────────────────────────────────────────


def _find_separator(text: str) -> str:
    """Return what parts the first record, the names of the columns, into most cells.

    Names of columns have no separators inside, which cannot be said of what stands below them.
    """
    head = text.lstrip("".join(_SEPARATORS) + "\r\n ")[:MAX_FIELD]
    return max(_SEPARATORS, key=lambda separator: _width(head, separator))


def _width(head: str, separator: str) -> int:
    try:
        record = next(csv.reader(io.StringIO(head, newline=""), delimiter=separator), [])
    except csv.Error:
        return 0
    return len([cell for cell in record if cell.strip()])


def _misquoted(error: str, line: int) -> NotDelimited:
    if "field limit" in error:
        found = f"a cell of more than {MAX_FIELD} characters"
    elif "end of data" in error:
        found = "a quotation mark that is never closed"
    else:
        found = "a quotation mark inside a quoted cell"
    return NotDelimited(
        found,
        'quotes written twice inside a quoted cell: "ООО ""Ромашка"""',
        "Mend the quotes of the row that begins here, or save the table as XLSX.",
        line,
    )
