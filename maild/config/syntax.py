"""From octets to a TOML table, or to one clear sentence about what is wrong with the file."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from maild.config.lines import Mention, find_mentions
from maild.config.schema import dotted

_TYPOGRAPHIC = "“”„‟«»‘’‚‹›"
_INVISIBLE = {
    "\u00a0": "a no-break space",
    "\u202f": "a narrow no-break space",
    "\u200b": "a zero-width space",
    "\ufeff": "a byte order mark in the middle of the file",
}
_COPIED = "Such characters come from a web page or a word processor: type the line again in a plain text editor."


@dataclass(frozen=True, kw_only=True)
class SyntaxProblem(Exception):  # noqa: N818 - a problem, as in errors.Problem, still without its file
    """Why a file is not TOML."""

    line: int | None
    key: str = ""
    found: str
    expected: str
    remedy: str


def decode(octets: bytes) -> str:
    """Return the text of a TOML file; a UTF-8 byte order mark, which Windows editors add, is dropped. Raises SyntaxProblem."""
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SyntaxProblem(line=1, found="a file saved as UTF-16", expected="UTF-8", remedy=_SAVE_AS_UTF8)
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SyntaxProblem(
            line=octets.count(b"\n", 0, error.start) + 1,
            found="octets that are not UTF-8 (windows-1251 perhaps)",
            expected="UTF-8",
            remedy=_SAVE_AS_UTF8,
        ) from None
    return text.replace("\r\n", "\n")


_SAVE_AS_UTF8 = 'Save the file again with the encoding "UTF-8".'


def parse_toml(text: str) -> dict[str, Any]:
    """Return the table that `text` describes. Raises SyntaxProblem for the first thing that TOML does not allow.

    A file without even a comment is refused too: it is what a save that broke off leaves behind.
    """
    if not text.strip():
        raise SyntaxProblem(
            line=None,
            found="an empty file",
            expected="TOML",
            remedy="Save it again, or delete it and take it out of `include`.",
        )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _explain(text, str(error)) from None
    except RecursionError:
        raise SyntaxProblem(
            line=None, found="lists or tables nested too deeply", expected="TOML", remedy="Take the inner ones out."
        ) from None


def _explain(text: str, message: str) -> SyntaxProblem:
    """Turn tomllib's message into what an admin needs: many mistakes share a message, so the text is looked at too."""
    reason, _, place = message.rpartition(" (at ")
    lines = text.split("\n")
    numbers = [int(number) for number in re.findall(r"\d+", place)]  # none: "at end of document"
    line, column = numbers or (len(text.rstrip().split("\n")), 0)
    rest = lines[line - 1][column - 1 :] if column else ""

    def problem(found: str, expected: str, remedy: str) -> SyntaxProblem:
        return SyntaxProblem(line=line, found=found, expected=expected, remedy=remedy)

    if reason.startswith(("Cannot", "Duplicate")) and (twice := _find_duplicate(text)) is not None:
        first, second = twice
        return SyntaxProblem(
            line=second.line,
            key=dotted(second.path),
            found=f"the same key or table again (first on line {first.line})",
            expected="each key and each table once",
            remedy="Delete one of the two, or join them.",
        )
    if rest[:1] and rest[0] in _TYPOGRAPHIC:
        return problem(f"a typographic quote {rest[0]}", 'plain quotes "…"', f'Replace {rest[0]} by ". {_COPIED}')
    if rest[:1] in _INVISIBLE:
        return problem(_INVISIBLE[rest[0]], "an ordinary space or nothing", _COPIED)
    if not numbers:
        return problem(
            "the end of the file in the middle of a value",
            "a complete file",
            "Close the last quote, bracket or brace; if the file was cut short while it was saved or copied, save it again.",
        )
    if reason.startswith("Unclosed") or (reason == "Invalid value" and "=" not in lines[line - 1][: column - 1]):
        remedy = "Put text in quotes and a comma between two elements, and close the list with ] or the table with }."
        return problem("something that does not belong into a list", "the next element or the end of the list", remedy)
    if rest[:1].isalpha() and not rest[0].isascii() and reason != "Invalid value":
        return problem("a name that is not in Latin letters", 'a-z, 0-9, "-" and "_"', "Rename the key or the table.")
    if reason.startswith("Illegal character") and not rest:
        return problem("a text without its closing quote", "a quote at both ends", "Add the missing quote.")
    if "\\" in reason:
        remedy = r"Double the backslash (\"\\Seen\") or use single quotes ('\Seen')."
        return problem("a single backslash between double quotes", "an escaped backslash", remedy)
    if reason == "Invalid value" and not rest.strip():
        return problem('no value after "="', "a value", "Write the value, or delete the line to get the default.")
    if rest.lower().startswith(("true", "false", "yes", "no", "on", "off")) and reason == "Invalid value":
        return problem(
            "a yes or no of another language than TOML", "true or false", "Write true or false in small letters."
        )
    if reason in ("Invalid value", "Expected newline or end of document after a statement"):
        remedy = 'Put text, durations and sizes in quotes: "5m". Every key stands on a line of its own.'
        return problem(
            "a value without quotes, or two things on one line", 'text in "quotes", a number, true or false', remedy
        )
    if reason.startswith("Expected '=' after a key"):
        remedy = "Write `key = value`; keys are written in Latin letters."
        return problem('a line without "=" after its key', "key = value", remedy)
    return problem(
        f"text that is not TOML ({reason})", "key = value or [table]", "Compare the line with config.example.toml."
    )


def _find_duplicate(text: str) -> tuple[Mention, Mention] | None:
    """Return the first two definitions of one key, None where tomllib objects to something subtler."""
    first: dict[tuple[str | int, ...], Mention] = {}
    for mention in find_mentions(text):
        if mention.defines and first.setdefault(mention.path, mention) is not mention:
            return first[mention.path], mention
    return None
