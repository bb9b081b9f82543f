"""The letter that somebody forwards inside the text of theirs. Pure; imports `lines`, `quoted_header` and the model.

A forward is told from an answer by what a client wrote first below the writer's own words: the line that it puts above
a forward; or, where it writes the same lines above both (Outlook, Roundcube, K-9), by the mark before the subject, or by
there being nothing above them in a letter that answers none. Who is merely named in the words is nobody's author.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from maild.ingest.clients.lines import (
    Field,
    base_subject,
    find_field,
    is_end_line,
    is_forward_line,
    is_original_line,
    is_scissors,
    outer_mark,
)
from maild.ingest.clients.quoted_header import (
    MAX_BLOCK,
    MAX_GAP,
    RULE,
    find_author,
    is_attribution,
    is_block,
    read_header,
    split_fields,
)
from maild.model import Address

_MARKED = re.compile(r"[ \t]*>")
_QUOTE_MARK = re.compile(r"[ \t]?> ?")
# the line above a forward with more behind it
_FLAT = re.compile(r"([ \t]*-{4,10} [^-\n]{5,60} -{4,10}) (\S.{0,2000})$")
_INDENT = " " * 4
MAX_BARE = 8  # lines of a header without colons
_BARE_AUTHOR = re.compile(r"<[^<>\s]{1,200}@[^<>\s]{1,200}>$|^\S{1,12} \S{1,200}@\S{1,200}$")


@dataclass(frozen=True, kw_only=True)
class Forwarded:
    """A letter found in the text of another one."""

    author: Address | None  # None where its header does not tell
    name: str  # of the author, also where the address is missing
    subject: str  # without the marks before it; "" where neither its header nor a forward's mark tells
    raw_subject: str  # with them; that of the outer letter where its header has none
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
    header = read_header(below, 1 if explicit else 0)
    author, name, told = find_author(below, header)
    words, after = _words(below, header.end if header else 1)
    copied = header.text(Field.SUBJECT) if header else ""
    # without a forward's mark the outer subject is of whoever passes the letter on
    stands_in = subject if outer_mark(subject) == "forward" else ""
    return Forwarded(
        author=author,
        name=name,
        subject=base_subject(copied or stands_in),
        raw_subject=copied or subject,
        text="\n".join(words).strip("\n").rstrip(),
        note=_joined(note, after, rest),
        evidence=(why, told),
    )


def _unfolded(lines: list[str]) -> list[str]:
    """Give each field its line where a client (Yahoo) ran the line above a forward and its header together, and its colon."""
    for at, line in enumerate(lines):
        if (flat := _FLAT.match(line)) and is_forward_line(flat[1]):
            return [*lines[:at], flat[1], *split_fields(flat[2]), "", *lines[at + 1 :]]
        if is_forward_line(line) or is_original_line(line):
            header = list(takewhile(str.strip, lines[at + 1 : at + 1 + MAX_BARE]))
            if len(header) > 2 and all(map(_with_colon, header)) and _BARE_AUTHOR.search(header[0]):
                lines[at + 1 : at + 1 + len(header)] = map(_with_colon, header)
    return lines


def _with_colon(line: str) -> str:
    """Return a field as other clients write it that eM Client wrote without a colon: "Кому Иван <ivan@…>"; "" for none."""
    label, _, value = line.strip().partition(" ")
    field = f"{label}: {value}"
    return field if label.isalpha() and not find_field(line) and find_field(field) else ""


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
                if is_forward_line(first) and not is_attribution(_last_words(lines, at)):
                    return at, True, f"the line {_shown(first)!r}"
                plain = [_unmark(other) for other in lines[at : at + MAX_BLOCK]]
                if (mark == "forward" or not (mark or above)) and (is_original_line(first) or is_block(plain, 0)):
                    return at, is_original_line(first), _says(mark, "a quoted header")
            continue
        original = is_original_line(line)
        if original or is_block(lines, at) or _is_attribution_here(lines, at):
            attribution = not original and find_field(line) is None
            if mark == "forward" or not (mark or above or attribution):  # people also answer below a quote
                return at, original, _says(mark, "a header")
            if not _quote_follows(lines, at):
                return None  # what is below was answered
        above = above or RULE.match(line) is None
    return None


def _says(mark: str, what: str) -> str:
    return f"{what} under a forward's subject" if mark == "forward" else f"{what}, nothing above it, and no answer"


def _is_attribution_here(lines: Sequence[str], at: int) -> bool:
    """Whether an attribution stands in this line, and no forward begins below it, for then it is a person's words."""
    if "@" not in lines[at] or not is_attribution(lines[at]):
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


# ── its words ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _words(lines: Sequence[str], start: int) -> tuple[list[str], list[str]]:
    """Return the words of the forwarded letter, and what the writer said below it."""
    drawn = lines[0].strip() if lines[0].startswith("=") else ""  # Zoho draws its line above the header and below it
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
        while lines and (not lines[-1].strip() or RULE.match(lines[-1])):
            lines.pop()
        said.append("\n".join(lines).strip("\n"))
    return "\n\n".join(filter(None, said))


def _shown(line: str) -> str:
    return " ".join(line.split())[:80]
