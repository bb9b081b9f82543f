"""The texts of tests/texts/labelled, each with the checks that should find something in it.

A text begins below a line "== LABELS", LABELS being "-" or names of checks. "?abuse" is in doubt and counts for and
against nobody; "held" means that the text was never looked at while the checks were tuned; a subject stands behind "|".
"\\u200b" is that character. Lines with "#" before the first text, or behind an empty line, are comments.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maild.texts.flaw import Check

FOLDER = Path(__file__).parent / "labelled"
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
_COMMENT = re.compile(r"(?:\A|\n\n)# .*(?:\n\n|\Z|\n(?===))")


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A text as people write them."""

    place: str  # "abuse.txt:4"
    subject: str
    text: str
    expected: frozenset[Check]
    doubtful: frozenset[Check]
    held: bool


@cache
def labelled(folder: Path = FOLDER) -> tuple[Labelled, ...]:
    """Return all of them in the order of their files."""
    return tuple(text for path in sorted(folder.glob("*.txt")) for text in _read(path))


def _read(path: Path) -> list[Labelled]:
    found: list[Labelled] = []
    heading, lines = "", list[str]()
    content = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), path.read_text(encoding="utf-8"))
    for number, line in enumerate([*content.split("\n"), "== end"], 1):
        if not line.startswith("== "):
            lines.append(line)
            continue
        if heading:
            found.append(_labelled(heading, "\n".join(lines).strip("\n"), f"{path.name}:{number - len(lines) - 1}"))
        heading, lines = line.removeprefix("== "), []
    return found


def _labelled(heading: str, text: str, place: str) -> Labelled:
    labels, _, subject = heading.partition("|")
    words = set(labels.split())
    doubtful = {Check(word[1:]) for word in words if word.startswith("?")}
    expected = {Check(word) for word in words if not word.startswith("?") and word not in ("-", "held")}
    assert ("-" in words) == (not expected), f"{place}: {heading}"
    return Labelled(
        place=place,
        subject=subject.strip(),
        text=_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text),
        expected=frozenset(expected),
        doubtful=frozenset(doubtful),
        held="held" in words,
    )
