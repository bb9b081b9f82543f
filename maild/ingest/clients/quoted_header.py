"""The header that mail clients write above a letter which they quote or forward: where one is, and whom it names.

Pure; imports `lines`, `people` and the model. Headers are laid out in many ways: fields on a line each, in table cells,
in paragraphs, bold, folded, in a language that we do not know; or one line that says when and by whom it was written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from maild.ingest.clients.lines import MAX_LABEL, Field, find_field, is_forward_line
from maild.ingest.clients.people import Person, find_people, find_person, find_writer
from maild.model import Address

MAX_BLOCK = 60  # lines of a header block; an agent may have forwarded a letter to fifty people
MAX_GAP = 6  # blank lines between a forward line and the header below it
MAX_VALUE = 4_000  # characters of one field's value, folded lines put together
MAX_ATTRIBUTION = 300  # characters of "12.11.2026, 10:15, "Anna" <anna@…>:"
FOLDS_AT = 60  # characters: a line this long may have been folded by the client that wrote it

RULE = re.compile(r"[ \t]*[-_=–—*]{5,}[ \t]*$")
_DATED = re.compile(r"\d{1,2}[:.]\d\d|\b(?:19|20)\d\d\b")
# a block without a client's line above it has two of these
_BLOCK_FIELDS = frozenset({Field.DATE, Field.TO, Field.SUBJECT, Field.CC})
_ADDRESS_FIELDS = frozenset({Field.FROM, Field.TO, Field.CC, Field.REPLY_TO})
# "X-Mailer: …": some clients show all fields
_HEADER_FIELD = re.compile(r"[A-Z][A-Za-z0-9]{0,30}(?:-[A-Za-z0-9]{1,30}){1,6}: ")
_LABELLED = re.compile(r"[ \t*]*[^\W\d_][\w .'-]{0,24}\*?[ \t]?[:\uff1a][ \t*]")
# where a label may begin in a header run together: after ">" or a blank, or with a capital letter
_LABEL_BEGINS = re.compile(r"(?<=[>\s])(?=[^\W\d_])|(?<=[^\W_])(?=[A-ZА-ЯЁІЇЄÀ-ÖØ-Þ])|^")
_MARKS = re.compile(r"^[ \t>]{1,40}")


def is_block(lines: Sequence[str], at: int) -> bool:
    """Whether a header block begins in this line with the author, as Outlook writes it."""
    if ":" not in lines[at] and "\uff1a" not in lines[at]:
        return False
    field = find_field(lines[at])
    if field is None or field[0] is not Field.FROM:
        return False
    below: set[Field] = set()
    for line in lines[at + 1 : at + 12]:
        field = find_field(line)
        if field and field[0] is Field.FROM:
            break
        below |= {field[0]} & _BLOCK_FIELDS if field else set()
        if len(below) == 2:
            return True
    return False


def is_attribution(line: str) -> bool:
    """Whether a line says when and by whom something was written: "12.11.2026, 10:15, "Anna" <anna@…>:"."""
    line = line.strip()
    return (
        len(line) <= MAX_ATTRIBUTION
        and line.endswith((":", ": |"))
        and "@" in line
        and _DATED.search(line) is not None
        and find_field(line) is None
        and find_person(line).address is not None
    )


def split_fields(flat: str) -> list[str]:
    """Cut "От: Анна <anna@…>Кому: …Тема: …" before each field that is named for the first time."""
    cuts: dict[Field, int] = {}
    for begin in _LABEL_BEGINS.finditer(flat):
        found = find_field(flat[begin.end() : begin.end() + MAX_LABEL + 10])
        if found and found[0] is not Field.OTHER:
            cuts.setdefault(found[0], begin.end())
    starts = sorted(cuts.values())
    return [flat[start:end] for start, end in pairwise([*starts, len(flat)])]


@dataclass(frozen=True, kw_only=True)
class Header:
    """What stands above a letter: its fields, each once and as written, or who an attribution says wrote it."""

    values: Mapping[Field, str]
    end: int  # the first line below
    writer: Person | None = None  # whom an attribution in its place names

    def text(self, field: Field) -> str:
        """Return a field's value on one line, "" where it is not there."""
        return " ".join(self.values.get(field, "").split())


def read_header(lines: Sequence[str], start: int) -> Header | None:
    """Return the header fields from line `start` on, or an attribution in their place; None where neither is there."""
    at = start
    while at < min(start + MAX_GAP, len(lines)) and (not lines[at].strip() or RULE.match(lines[at])):
        at += 1
    for length in (1, 2, 3):  # an attribution may be folded
        joined = " ".join(line.strip() for line in lines[at : at + length])
        if is_attribution(joined):
            return Header(values={}, writer=find_writer(joined), end=at + length)
    values: dict[Field, str] = {}
    last: Field | None = None
    while at < min(start + MAX_BLOCK, len(lines)):
        line = lines[at]
        found = find_field(line)
        if found and (found[0] is Field.OTHER or found[0] not in values):
            last = found[0]
            values[last] = found[1].removeprefix("|").strip(" \t*")
        elif _HEADER_FIELD.match(line) or (values and _is_between_fields(lines, at, values)):
            last = Field.OTHER
            values[last] = ""
        elif line.strip():
            if Field.FROM not in values and is_attribution(line):  # Yandex: "To" and "Subject" above it
                return Header(values=values, writer=find_writer(line), end=at + 1)
            if last is None or not _goes_on(values[last], last, lines[at - 1], line):
                break
            values[last] = f"{values[last]} {line.strip()}"[:MAX_VALUE]
        elif not _goes_on_below(lines, at, values, last):
            break
        at += 1
    return Header(values=values, end=at) if values else None


def _is_between_fields(lines: Sequence[str], at: int, values: Mapping[Field, str]) -> bool:
    """Whether a line is a field in a language that we do not know: a label, and below it a field that we do."""
    below = find_field(lines[at + 1]) if _LABELLED.match(lines[at]) and at + 1 < len(lines) else None
    return below is not None and below[0] not in values


def _goes_on(value: str, field: Field, above: str, line: str) -> bool:
    """Whether a line that names no field continues the one above it."""
    if not value or line[:1] in " \t":
        return True
    if field in _ADDRESS_FIELDS:
        return (
            value.endswith((",", ";", "<", "["))
            or value.count("<") > value.count(">")
            or line.lstrip().startswith(("<", "[mailto:", "(mailto:"))
            or ("@" not in value and find_person(line).address is not None and len(line) <= FOLDS_AT)
        )
    return field is Field.SUBJECT and len(above) >= FOLDS_AT and len(line) < len(above)


def _goes_on_below(lines: Sequence[str], at: int, values: Mapping[Field, str], last: Field | None) -> bool:
    """Whether a blank line stands inside a header: HTML made every field a paragraph, or a value is still to come."""
    below = next((line for line in lines[at + 1 : at + 3] if line.strip()), "")
    found = find_field(below)
    if found is None:
        return last is Field.FROM and not values[last] and find_person(below).address is not None
    return found[0] not in values and not {Field.FROM, Field.SUBJECT, Field.TO, Field.DATE} <= values.keys()


def find_author(lines: Sequence[str], header: Header | None) -> tuple[Address | None, str, str]:
    """Return the author of the forwarded letter as far as its header tells, and the name, and where it was found."""
    if header and header.writer and header.writer.address:
        return header.writer.address, header.writer.name, "the line above it names the author"
    value = header.values.get(Field.FROM, "") if header else ""
    above = find_writer(lines[0]) if is_forward_line(lines[0]) else Person()
    found = find_person(value)
    if found.address:
        return found.address, found.name, "its header names the author"
    if header and (answers := find_person(header.values.get(Field.REPLY_TO, ""))).address:
        name = found.name or answers.name
        return Address(name=name, addr=answers.address.addr), name, "its header says where answers go"
    if above.address and not value:
        return above.address, above.name, "the line above it names the author"
    if found.name and header and (same := _elsewhere(found.name, lines[header.end :])):
        return same, same.name, f"a header further down has the address of {found.name}"
    if found.name:
        return None, found.name, f"its header names {found.name} without an address"
    return None, "", "no header says who wrote it"


def _elsewhere(name: str, lines: Sequence[str]) -> Address | None:
    """Return the address that the headers of older letters below give to somebody of this very name."""
    wanted = name.casefold()
    for line in lines:
        if "@" in line and (field := find_field(_MARKS.sub("", line, count=1))) and field[0] in _ADDRESS_FIELDS:
            for person in find_people(field[1]):
                if person.address and person.name.casefold() == wanted:
                    return person.address
    return None
