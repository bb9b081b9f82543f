"""From octets to a TOML table, or to clear sentences about what is wrong with the file."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from maild.config.mistakes import Mistake, explain, find_open

MAX_FILE = 32_000_000  # octets; ten thousand clients are five millions
MAX_DEPTH = 40  # of tables and lists within one another; a rule with ten conditions in one another has 25
MOST_MISTAKES = 20  # told of one file at once


_HEADER = re.compile(r"\s*\[\[?[^\[\]=]+\]\]?\s*(#.*)?")  # the line with a table's name


class SyntaxProblem(Exception):  # noqa: N818 - a problem, as in errors.Problem, still without its file
    """Why a file is not TOML."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.found)
        self.mistake = mistake


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What could be read of a file: all of it when there are no mistakes."""

    text: str  # without the lines that had to be passed over, which are empty then
    table: dict[str, Any]
    mistakes: tuple[Mistake, ...] = ()


def decode(octets: bytes) -> str:
    """Return the text of a TOML file; a UTF-8 byte order mark, which Windows editors add, is dropped. Raises SyntaxProblem."""
    if len(octets) > MAX_FILE:
        remedy = "Look whether it is the right file; lists of clients are taken with `maild client import`."
        raise _problem(None, f"a file of {len(octets):,} octets", f"at most {MAX_FILE:,}", remedy)
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _problem(1, "a file saved as UTF-16", "UTF-8", _SAVE_AS_UTF8)
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        found = f"octets that are not UTF-8 ({_guess_encoding(octets)} perhaps)"
        raise _problem(line, found, "UTF-8", _SAVE_AS_UTF8) from None
    return text.replace("\r\n", "\n")


_SAVE_AS_UTF8 = 'Save the file again with the encoding "UTF-8".'
_ENCODINGS = {"cp1251": "windows-1251", "koi8-r": "KOI8-R", "cp866": "cp866, of DOS"}
_USUAL = frozenset("оеаинтсрвлкмдпу")  # the commonest small letters of Russian


def _guess_encoding(octets: bytes) -> str:
    """Name the encoding in which a Russian text would have written these octets: where small letters make most sense."""

    def sense(encoding: str) -> int:
        return sum(letter in _USUAL for letter in octets[:MAX_GUESSED].decode(encoding, "replace"))

    return _ENCODINGS[max(_ENCODINGS, key=sense)]


MAX_GUESSED = 100_000  # octets looked at for a guess


def parse_toml(text: str) -> dict[str, Any]:
    """Return the table that `text` describes. Raises SyntaxProblem for the first thing that TOML does not allow.

    A file without even a comment is refused too: it is what a save that broke off leaves behind.
    """
    if not text.strip():
        raise _problem(None, "an empty file", "TOML", "Save it again, or delete it and take it out of `include`.")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SyntaxProblem(explain(text, str(error))) from None
    except RecursionError:
        raise _too_deep(text) from None
    except ValueError:  # Python reads no number of thousands of digits
        digits = re.search(r"\d{4301,}", text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else None
        raise _problem(
            line, "a number of thousands of digits", "a number that means something", "Correct it."
        ) from None
    if _is_deeper(table, MAX_DEPTH):
        raise _too_deep(text)
    return table


def _is_deeper(value: object, levels: int) -> bool:
    """Whether tables and lists stand in one another more than so many levels deep."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_is_deeper(one, levels - 1) for one in inner if isinstance(one, dict | list))


def _too_deep(text: str) -> SyntaxProblem:
    numbered = enumerate(text.split("\n"), 1)
    line = next((n for n, line in numbered if sum(map(line.count, ".[{")) >= MAX_DEPTH), None)
    return _problem(
        line, "lists or tables nested too deeply", f"at most {MAX_DEPTH} levels", "Take the inner ones out."
    )


def parse_leniently(text: str) -> Parsed:
    """Return what can be read of a text, and every mistake that keeps to its line. Never raises.

    A line `key = value` that is wrong in itself is passed over, and with the name of a table the whole table, so that an
    admin hears of all such lines at once. Where a mistake may have changed the meaning of what follows (a quote or a
    bracket that does not end), nothing is read.
    """
    lines = text.split("\n")
    mistakes: list[Mistake] = []
    while True:
        mended = "\n".join(lines)
        if mistakes and not mended.strip():
            return Parsed(text=mended, table={}, mistakes=tuple(mistakes))  # nothing else was there
        try:
            return Parsed(text=mended, table=parse_toml(mended), mistakes=tuple(mistakes))
        except SyntaxProblem as problem:
            mistake = problem.mistake
            mistakes.append(mistake)
            damage = None if mistake.line is None or mistake.spreads else _damage(lines, mistake.line)
            if damage is None or len(mistakes) == MOST_MISTAKES:
                return Parsed(text=mended, table={}, mistakes=tuple(mistakes))
            lines[damage.start : damage.stop] = [""] * len(damage)


def _damage(lines: list[str], number: int) -> range | None:
    """Return which lines a wrong one takes with it: itself, or the table whose name it is; None where nobody can tell."""
    if _keeps_to_itself(lines, number):
        return range(number - 1, number)
    if not _HEADER.fullmatch(lines[number - 1]) or find_open("\n".join(lines[: number - 1])) is not None:
        return None
    after = (place for place in range(number, len(lines)) if _HEADER.fullmatch(lines[place]))
    return range(number - 1, next(after, len(lines)))


def _keeps_to_itself(lines: list[str], number: int) -> bool:
    """Whether a line is, or means to be, a `key = value` of its own: not a part of something longer, nor its beginning."""
    line = lines[number - 1]
    if not {"=", ":"} & set(line) or line.lstrip().startswith(("[", "]", "}", "#")) or '"""' in line or "'''" in line:
        return False
    balanced = line.count("[") == line.count("]") and line.count("{") == line.count("}")
    return balanced and find_open("\n".join(lines[: number - 1])) is None


def _problem(line: int | None, found: str, expected: str, remedy: str) -> SyntaxProblem:
    return SyntaxProblem(Mistake(line=line, found=found, expected=expected, remedy=remedy))
