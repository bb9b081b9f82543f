r"""Regular expressions that an admin may write: RE2, linear in the text whatever the pattern. The one home of re2.

Differences from RE2, whose \w, \s, \b know ASCII alone: \w and \s are of any script, and \b is refused. Small and
capital letters are alike; (?-i) ends that. What a pattern may use: https://github.com/google/re2/wiki/Syntax
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import re2

MAX_SOURCE = 1000  # characters of a pattern
MAX_SEARCHED = 65_536  # characters of a text that a pattern looks through
KEPT = 8  # texts that are ready to be searched: subject, text and a few headers of a letter
MAX_EVIDENCE = 120  # characters that are quoted
_OWN_MEMORY = 64 << 20
_MAX_MEMORY = 4 << 20  # octets of a compiled pattern, which bound the time per character
_ACCENTED = re.compile("\\w[\u0300-\u036f]{1,3}")  # not the whole text: normalizing is quadratic in a row of accents


class PatternError(ValueError):
    """What was expected of a pattern, and what to do."""

    def __init__(self, expected: str, remedy: str) -> None:
        super().__init__(f"a regular expression {expected}")
        self.remedy = remedy


@dataclass(frozen=True)
class CompiledPattern:
    """A pattern, ready for searching."""

    source: str
    _compiled: Any = field(compare=False, repr=False)

    def find(self, text: str) -> str | None:
        """Return what matched first, cut to MAX_EVIDENCE, "" included, or None."""
        match = self._compiled.search(_octets(text[:MAX_SEARCHED]))
        return match.group(0)[: MAX_EVIDENCE * 4].decode("utf-8", "replace")[:MAX_EVIDENCE] if match else None


@lru_cache(KEPT)
def _octets(text: str) -> bytes:
    """Return a text as RE2 reads it. To make it takes longer than most searches, and many patterns look through one text."""
    return _compose(text).encode("utf-8", "replace")


def _compose(text: str) -> str:
    """Return a text whose й and ё are one character each: names of files from a Mac have two."""
    return _ACCENTED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)


def compile_pattern(source: str) -> CompiledPattern:
    """Return the pattern. Raises PatternError, whose text completes "expected …", where RE2 cannot take it."""
    if not source.strip():
        raise PatternError("that is not empty", "Write what to look for, or delete the line.")
    if len(source) > MAX_SOURCE:
        raise PatternError(f"of at most {MAX_SOURCE} characters", "Make several of it: of a list one is enough.")
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", source):
        raise PatternError(
            "without control characters",
            r"Put it in single quotes: between double ones TOML takes \b, \t and \n for characters.",
        )
    _compile(source)  # so that RE2 complains about what the admin wrote, not about what we made of it
    return CompiledPattern(source, _compile(_translate(_compose(source))))


def compile_own(source: str) -> CompiledPattern:
    """Return a pattern of maild's own, which may be as long as a list of words. Raises PatternError."""
    return CompiledPattern(source, _compile(_translate(source), _OWN_MEMORY))


def _compile(source: str, memory: int = _MAX_MEMORY) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.never_capture = True
    options.max_mem = memory
    try:
        return re2.compile(source.encode(), options)
    except re2.error as error:
        [detail] = error.args
        said = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    raise _explain(source, said)


_ESCAPED = r"or write \( \) \[ \] \* \+ \? where the character itself is meant."
_REMEDIES = {  # by how RE2's message begins
    "invalid perl operator: (?=": "RE2 looks neither ahead nor back: write a second condition in `all`.",
    "invalid perl operator: (?!": "RE2 looks neither ahead nor back: write a second condition in `not`.",
    "invalid perl operator: (?<": "RE2 looks neither ahead nor back: write a second condition in `all` or `not`.",
    "invalid perl operator": "RE2 does not know this; a plain group is (…), or (?:…).",
    "trailing": r"Write \\ for a backslash itself, or delete it.",
    "invalid escape sequence: \\u": r"Write the letter itself, or its code as \x{0430}.",
    "invalid escape sequence: \\Z": r"Write \z for the end of the text.",
    "invalid escape sequence: \\b": "Delete it: between square brackets it is nothing.",
    "invalid escape sequence": r"RE2 has no references back to a group (\1) and not this sequence: write the words out.",
    "missing )": f"Close the parenthesis, {_ESCAPED}",
    "unexpected )": f"Delete the parenthesis or open it, {_ESCAPED}",
    "missing ]": f"Close the bracket, {_ESCAPED}",
    "no argument for repetition": f"Write before it what is repeated, {_ESCAPED}",
    "bad repetition": f"Write one of the two signs, {_ESCAPED}",
    "invalid repetition size": "Repeat a thing at most 1000 times, all repetitions within one another multiplied.",
    "invalid character class range: \\p": r"Write a class that RE2 has, such as \pL for letters or \p{Cyrillic}.",
    "invalid character class range: [:": r"Write a class that RE2 has, such as \w, \d or \pL.",
    "invalid character class range": 'Write the smaller character first, as in "[a-z]"; "-" itself goes to the end.',
    "pattern too large": "Make it smaller: fewer alternatives, or smaller numbers of repetitions.",
}


def _explain(source: str, said: str) -> PatternError:
    """Return what is wrong with a pattern, and where."""
    piece = said.partition(": ")[2]
    place = _find_bracket(source) if said.startswith(("missing )", "unexpected )")) else None
    if place is None and piece and source.count(piece) == 1:
        place = source.index(piece)
    where = "" if place is None else f", at character {place + 1}"
    remedy = next((text for start, text in _REMEDIES.items() if said.startswith(start)), "Correct it.")
    return PatternError(f"that RE2 knows: {said[:MAX_EVIDENCE]}{where}", remedy)


def _find_bracket(source: str) -> int | None:
    """Return where the first round bracket stands that has no partner, None if all have."""
    opened = []
    for match in _PIECE.finditer(source):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == ")" and opened:
            opened.pop()
        elif match[0] == ")":
            return match.start()
    return opened[0] if opened else None


_INSIDE = {"w": r"\pL\pN_", "s": r"\s\pZ"}
_OUTSIDE = {"w": r"[\pL\pN_]", "W": r"[^\pL\pN_]", "s": r"[\s\pZ]", "S": r"[^\s\pZ]"}

_PIECE = re.compile(
    r"""\\Q.*?(?:\\E|\Z)      # taken as it is
      | \\.
      | \[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]   # a class
      | .""",
    re.VERBOSE | re.DOTALL,
)
_CLASS_PIECE = re.compile(r"\\(.)", re.DOTALL)


def _translate(source: str) -> str:
    r"""Return a pattern that RE2 knows with \w, \W, \s and \S of any script. Raises PatternError for \b and \B.

    A boundary cannot be had: RE2's is between an ASCII letter and anything else, so that \bсайт\b is never found and
    \bVPN\b is found in "VPNом"; and without looking around there is no other way to say it.
    """
    return "".join(map(_translate_piece, _PIECE.findall(source)))


def _translate_piece(piece: str) -> str:
    if piece.startswith("["):
        return _CLASS_PIECE.sub(_translate_in_class, _refuse_negation(piece))
    if piece in (r"\b", r"\B"):
        raise PatternError(
            f"without {piece}, which RE2 knows for Latin letters only",
            r"Take `words`, which finds whole words, or write (^|\W)слово(\W|$).",
        )
    if piece.startswith("\\") and len(piece) == 2:
        return _OUTSIDE.get(piece[1], piece)
    return piece


def _translate_in_class(match: re.Match[str]) -> str:
    return _INSIDE.get(match[1], match[0])


def _refuse_negation(piece: str) -> str:
    r"""Return a class. Raises PatternError for \W or \S in one, unless it is with its opposite: [\s\S] is anything."""
    escaped = set(_CLASS_PIECE.findall(piece))
    for letter in "WS":
        if letter in escaped and letter.lower() not in escaped:
            raise PatternError(
                rf"without \{letter} between square brackets", rf"Write [^\{letter.lower()}], or (?:\{letter}|…)."
            )
    return piece
