"""Which lines of an agent's letter may be somebody else's though no client's line says so. Pure.

Where a mail client quotes in a way that nobody knows, the customer's lines stand among the agent's words, and what looks like
a command may be one that the customer wrote. Such a line orders nothing. What stands above everything else is the agent's.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence

from maild.model import Ticket

MAX_HEAD = 300  # characters of a line that may stand above a quotation
MIN_NAME = 3  # letters of a name that says something
_NO_SIGN = re.compile(r"[^\w#]+|_")
_SIGNS = str.maketrans({"№": "#", "＃": "#", "﹟": "#", "ё": "е"})
_DRAWN = re.compile(r"([-–—_=*~+•·─━])(?: ?\1){2}")
_DATED = re.compile(r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}")
_BRACKETED = re.compile(r"<[^<>\s@]{1,64}@[^<>\s]{1,255}>")  # as people do not write addresses
_WORD = re.compile(r"[^\W\d_]+")
_ENDED = (".", "!", "?", "…")  # as sentences end, and no line that a client writes above a quotation


def squeeze(text: str) -> str:
    """Return a text's letters, digits and number signs alone: how lines are broken and marked does not matter then."""
    return _NO_SIGN.sub("", unicodedata.normalize("NFC", text).casefold().translate(_SIGNS))


def names_of(ticket: Ticket) -> frozenset[str]:
    """Return the words by which the line above a quotation may name who takes part in a ticket."""
    words = (word for one in ticket.participants for word in _WORD.findall(one.address.name.casefold()))
    return frozenset(word for word in words if len(word) >= MIN_NAME)


def doubted_lines(
    lines: Sequence[str], commands: Callable[[str], object], theirs: str, names: Collection[str] | None
) -> frozenset[int]:
    """Return which of the lines that look like commands may be a customer's.

    `theirs` is what customers wrote in the ticket, squeezed. `names` (of them) are given of a letter that quotes what they
    sent and not what we showed of it: that may say more than we know, so all below the likeness of a quotation's head is in
    doubt.
    """
    found = set()
    leading, quoted = True, False
    above: frozenset[str] = frozenset()
    for n, line in enumerate(lines):
        if commands(line):
            if not leading and (quoted or squeeze(line) in theirs):
                found.add(n)
        elif line.strip():
            leading = False
            marks = frozenset() if names is None else _marks_of_head(line[:MAX_HEAD].strip(), names)
            quoted = quoted or len(marks | above) > 1
            above = marks
        else:
            above = frozenset()
    return frozenset(found)


def _marks_of_head(line: str, names: Collection[str]) -> frozenset[str]:
    """Return what makes a line like one above a quotation; two such signs, on neighbouring lines even, are enough."""
    if _DRAWN.match(line) or _BRACKETED.search(line):
        return frozenset({"a client's", "alone enough"})
    if line.endswith(_ENDED):
        return frozenset()
    named = "@" in line or any(word in names for word in _WORD.findall(line.casefold()))
    signs = {"colon": line.endswith((":", "：")), "date": _DATED.search(line), "name": named}
    return frozenset(sign for sign, there in signs.items() if there)
