"""The letter that somebody forwards inside the text of theirs. Pure; imports `clients`, `people` and the model.

A forward is told from an answer by what a client wrote first below the writer's own words: the line that it puts above
a forward; or, where it writes the same lines above both (Outlook, Roundcube, K-9), by the mark before the subject, or by
there being nothing above them in a letter that answers none. Who is merely named in the words is nobody's author.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from maild.ingest.clients import (
    MAX_LABEL,
    Field,
    base_subject,
    find_field,
    is_end_line,
    is_forward_line,
    is_original_line,
    is_scissors,
    outer_mark,
)
from maild.ingest.people import Person, find_people, find_person, find_writer
from maild.model import Address

MAX_BLOCK = 60  # lines of a header block; an agent may have forwarded a letter to fifty people
MAX_GAP = 6  # blank lines between a forward line and the header below it
MAX_VALUE = 4_000  # characters of one field's value, folded lines put together
MAX_ATTRIBUTION = 300  # characters of "12.11.2026, 10:15, "Anna" <anna@…>:"
FOLDS_AT = 60  # characters: a line this long may have been folded by the client that wrote it

_MARKED = re.compile(r"[ \t]*>")
_QUOTE_MARK = re.compile(r"[ \t]?> ?")
_RULE = re.compile(r"[ \t]*[-_=–—*]{5,}[ \t]*$")
_DATED = re.compile(r"\d{1,2}[:.]\d\d|\b(?:19|20)\d\d\b")
_BLOCK_FIELDS = frozenset(
    {Field.DATE, Field.TO, Field.SUBJECT, Field.CC}
)  # of which a block without a line above has two
_HEADER_FIELD = re.compile(
    r"[A-Z][A-Za-z0-9]{0,30}(?:-[A-Za-z0-9]{1,30}){1,6}: "
)  # "X-Mailer: …": some show all of them
# the line above a forward with more behind it; where a label may begin: after ">" or a blank, or with a capital letter
_FLAT = re.compile(r"([ \t]*-{4,10} [^-\n]{5,60} -{4,10}) (\S.{0,2000})$")
_LABEL_BEGINS = re.compile(r"(?<=[>\s])(?=[^\W\d_])|(?<=[^\W_])(?=[A-ZА-ЯЁІЇЄÀ-ÖØ-Þ])|^")
_LABELLED = re.compile(r"[ \t*]*[^\W\d_][\w .'-]{0,24}\*?[ \t]?[:\uff1a][ \t*]")
_INDENT = " " * 4
_ADDRESS_FIELDS = frozenset({Field.FROM, Field.TO, Field.CC, Field.REPLY_TO})


@dataclass(frozen=True, kw_only=True)
class Forwarded:
    """A letter found in the text of another one."""

    author: Address | None  # None where its header does not tell
    name: str  # of the author, also where the address is missing
    subject: str  # without the marks before it
    raw_subject: str  # with them
    text: str  # its words, without the quote marks of a client that marks what it forwards
    note: str  # what was written above it, and below
    evidence: tuple[str, ...]


def find_forwarded(text: str, subject: str) -> Forwarded | None:
    """Return the outermost letter that is forwarded in `text`, None where it is no forward. Takes time linear in it.

    `subject` is that of the letter whose text this is.
    """
    lines = _unfolded(text.replace("\xa0", " ").split("\n"))
    found = _find_beginning(lines, subject)
    if found is None:
        return None
    at, explicit, why = found
    note = lines[:at]
    below, rest = _unmarked(lines[at:])
    header = _read_header(below, 1 if explicit else 0)
    author, name, told = _author(below, header)
    words, after = _words(below, header.end if header else 1)
    raw_subject = (header.text(Field.SUBJECT) if header else "") or subject
    return Forwarded(
        author=author,
        name=name,
        subject=base_subject(raw_subject),
        raw_subject=raw_subject,
        text="\n".join(words).strip("\n").rstrip(),
        note=_joined(note, after, rest),
        evidence=(why, told),
    )


def _unfolded(lines: list[str]) -> list[str]:
    """Give each field its line again where a client (Yahoo) ran the line above a forward and its header together."""
    for at, line in enumerate(lines):
        if (flat := _FLAT.match(line)) and is_forward_line(flat[1]):
            return [*lines[:at], flat[1], *_fields_of(flat[2]), "", *lines[at + 1 :]]
    return lines


def _fields_of(flat: str) -> list[str]:
    """Cut "От: Анна <anna@…>Кому: …Тема: …" before each field that is named for the first time."""
    cuts: dict[Field, int] = {}
    for begin in _LABEL_BEGINS.finditer(flat):
        found = find_field(flat[begin.end() : begin.end() + MAX_LABEL + 10])
        if found and found[0] is not Field.OTHER:
            cuts.setdefault(found[0], begin.end())
    starts = sorted(cuts.values())
    return [flat[start:end] for start, end in pairwise([*starts, len(flat)])]


# ── where it begins ──────────────────────────────────────────────────────────────────────────────────────────────────


def _find_beginning(lines: Sequence[str], subject: str) -> tuple[int, bool, str] | None:
    """Return the line with which a forwarded letter begins, whether it is one of the client's own, and what says so."""
    mark = outer_mark(subject)
    above = False  # whether the writer said something
    quoted = False  # whether a quote has begun: what begins below its first line is quoted, too
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if is_forward_line(line):
            return at, True, f"the line {_shown(line)!r}"
        if _MARKED.match(line):
            if not quoted:
                quoted = True
                first = _unmark(line)
                if is_forward_line(first) and not _is_attribution(_last_words(lines, at)):
                    return at, True, f"the line {_shown(first)!r}"
                plain = [_unmark(other) for other in lines[at : at + MAX_BLOCK]]
                if (mark == "forward" or not (mark or above)) and (is_original_line(first) or _is_block(plain, 0)):
                    return at, is_original_line(first), _says(mark, "a quoted header")
            continue
        original = is_original_line(line)
        if original or _is_block(lines, at) or _is_attribution_here(lines, at):
            attribution = not original and find_field(line) is None
            if mark == "forward" or not (mark or above or attribution):  # people also answer below a quote
                return at, original, _says(mark, "a header")
            if not _quote_follows(lines, at):
                return None  # what is below was answered
        above = above or _RULE.match(line) is None
    return None


def _says(mark: str, what: str) -> str:
    return f"{what} under a forward's subject" if mark == "forward" else f"{what}, nothing above it, and no answer"


def _is_block(lines: Sequence[str], at: int) -> bool:
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


def _is_attribution(line: str) -> bool:
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


def _is_attribution_here(lines: Sequence[str], at: int) -> bool:
    """Whether an attribution stands in this line, and no forward begins below it, for then it is a person's words."""
    if "@" not in lines[at] or not _is_attribution(lines[at]):
        return False
    below = next((line for line in lines[at + 1 : at + MAX_GAP] if line.strip()), "")
    return not is_forward_line(below)


def _quote_follows(lines: Sequence[str], at: int) -> bool:
    below = next((line for line in lines[at + 1 : at + MAX_GAP] if line.strip()), "")
    return _MARKED.match(below) is not None


def _last_words(lines: Sequence[str], at: int) -> str:
    """Return the last line above `at` that is not blank; looks no further than a few lines."""
    return next((line for line in reversed(lines[max(0, at - MAX_GAP) : at]) if line.strip()), "")


def _unmark(line: str) -> str:
    mark = _QUOTE_MARK.match(line)
    return line[mark.end() :] if mark else line


def _unmarked(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Take one level of quote marks off a forwarded letter; what follows the last marked line is the writer's again.

    The line that the client wrote above it may be marked or not; it is marked as a whole or not at all.
    """
    first = next((line for line in lines[1 : 1 + MAX_GAP] if line.strip()), "")
    if not (_MARKED.match(lines[0]) or _MARKED.match(first)):
        return list(lines), []
    end = len(lines)
    while end > 1 and not _MARKED.match(lines[end - 1]):
        end -= 1
    return [_unmark(line) for line in lines[:end]], list(lines[end:])


# ── what its header says ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class _Header:
    values: Mapping[Field, str]
    end: int  # the first line below
    writer: Person | None = None  # whom an attribution in its place names

    def text(self, field: Field) -> str:
        return " ".join(self.values.get(field, "").split())


def _read_header(lines: Sequence[str], start: int) -> _Header | None:
    """Return the header fields from line `start` on, or an attribution in their place; None where neither is there."""
    at = start
    while at < min(start + MAX_GAP, len(lines)) and (not lines[at].strip() or _RULE.match(lines[at])):
        at += 1
    for length in (1, 2, 3):  # an attribution may be folded
        joined = " ".join(line.strip() for line in lines[at : at + length])
        if _is_attribution(joined):
            return _Header(values={}, writer=find_writer(joined), end=at + length)
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
            if last is None or not _goes_on(values[last], last, lines[at - 1], line):
                break
            values[last] = f"{values[last]} {line.strip()}"[:MAX_VALUE]
        elif not _goes_on_below(lines, at, values, last):
            break
        at += 1
    return _Header(values=values, end=at) if values else None


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


def _author(lines: Sequence[str], header: _Header | None) -> tuple[Address | None, str, str]:
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
        if "@" in line and (field := find_field(_MARKS.sub("", line))) and field[0] in _ADDRESS_FIELDS:
            for person in find_people(field[1]):
                if person.address and person.name.casefold() == wanted:
                    return person.address
    return None


_MARKS = re.compile(r"^[ \t>]{1,40}")


# ── its words ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _words(lines: Sequence[str], start: int) -> tuple[list[str], list[str]]:
    """Return the words of the forwarded letter, and what the writer said below it."""
    drawn = lines[0].strip()  # Zoho draws its line above the header and below it
    while start < len(lines) and (lines[start].strip() in ("", drawn) or is_scissors(lines[start])):
        start += 1
    # the last one: a letter that holds a forward of its own has an end line before ours
    end = next((at for at in range(len(lines) - 1, start - 1, -1) if is_end_line(lines[at])), len(lines))
    words = lines[start:end]
    if all(line.startswith(_INDENT) for line in words if line.strip()):  # Outlook for Mac shifts what it forwards
        words = [line.removeprefix(_INDENT) for line in words]
    if all(map(_MARKED.match, filter(str.strip, words))):  # some mark the words and not the header
        words = [_unmark(line) for line in words]
    return list(words), list(lines[end + 1 :])


def _joined(*parts: Sequence[str]) -> str:
    """Join what the writer said above and below, without the rules that clients draw between."""
    said = []
    for part in parts:
        lines = list(part)
        while lines and (not lines[-1].strip() or _RULE.match(lines[-1])):
            lines.pop()
        said.append("\n".join(lines).strip("\n"))
    return "\n\n".join(filter(None, said))


def _shown(line: str) -> str:
    return " ".join(line.split())[:80]
