"""The labelled questions: what people write, and which entries answer it."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from maild.config.steering import FaqEntry
from maild.faq.entry import Entry

HERE = Path(__file__).parent
TUNED, HELD_OUT, SEVERAL = "tuned", "held out", "several"
FILES = {TUNED: "questions_tuned.txt", HELD_OUT: "questions_held_out.txt", SEVERAL: "questions_several.txt"}
PRODUCT = "Ладья"
TODAY = date(2026, 11, 23)  # a day on which all entries are valid


@dataclass(frozen=True, kw_only=True)
class Question:
    """One letter."""

    answers: frozenset[str]  # ids of entries; empty: none of them
    subject: str
    text: str


@cache
def entries() -> tuple[Entry, ...]:
    """Return the FAQ, read as a configuration is."""
    tables: dict[str, Any] = tomllib.loads((HERE / "faq.toml").read_text("utf-8"))["faq"]
    return tuple(
        Entry(id=id_, **{name: value for name, value in FaqEntry.model_validate(table) if value is not None})
        for id_, table in tables.items()
    )


@cache
def questions(half: str) -> tuple[Question, ...]:
    """Return one half, or the letters that ask several things, each of which has an entry of its own.

    A letter begins with "=== id id | subject", or with "=== -" where nothing answers it.
    """
    found = []
    for block in (HERE / FILES[half]).read_text("utf-8").removeprefix("=== ").split("\n=== "):
        head, _, text = block.partition("\n")
        ids, _, subject = head.partition("|")
        answers = frozenset(ids.split()) - {"-"}
        found.append(Question(answers=answers, subject=subject.strip(), text=text.strip()))
    return tuple(found)
