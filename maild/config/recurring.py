"""The shape of what an admin writes about works that come round (NI-16)."""

import re
from datetime import time
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, PlainValidator

from maild.config.hours import WEEKDAYS, Day, MomentOfDay, weekdays
from maild.config.section import Section
from maild.config.types import Name, Names, Paragraphs, Words
from maild.sla.occurrences import Pattern

MOST_DAYS = 366  # between two occurrences of "every N days"

_DAY = re.compile(r"day ([1-9]|[12]\d|3[01])")
_WORKING = re.compile(r"working day ([1-9]|1\d|2[0-3])")
_EVERY = re.compile(r"every ([1-9]\d{0,2}) days?")
_FORMS = (
    '"mon", "mon, thu" or "mon-fri"; "day 15"; "last day"; "working day 3"; "last working day"; "every day"; '
    f'"every 10 days" (up to {MOST_DAYS})'
)


def parse_pattern(value: object) -> Pattern:
    """Turn the days that a work falls on into a pattern. Raises ValueError that says what can be written."""
    if isinstance(value, Pattern):
        return value
    text = " ".join(value.casefold().split()) if isinstance(value, str) else ""
    if text == "last day":
        return Pattern(kind="last day")
    if text == "last working day":
        return Pattern(kind="last working day")
    if text == "every day":
        return Pattern(kind="days", number=1)
    if found := _DAY.fullmatch(text):
        return Pattern(kind="day", number=int(found[1]))
    if found := _WORKING.fullmatch(text):
        return Pattern(kind="working day", number=int(found[1]))
    if (found := _EVERY.fullmatch(text)) and int(found[1]) <= MOST_DAYS:
        return Pattern(kind="days", number=int(found[1]))
    try:
        named = [day for part in text.split(",") for day in weekdays(part.strip())]
    except ValueError:
        raise ValueError(_FORMS) from None
    return Pattern(kind="weekdays", weekdays=frozenset(named))


def say_pattern(pattern: Pattern) -> str:
    """Return a pattern as an admin would write it."""
    if pattern.kind == "weekdays":
        return ", ".join(name for n, name in enumerate(WEEKDAYS) if n in pattern.weekdays)
    if pattern.kind == "days":
        return "every day" if pattern.number == 1 else f"every {pattern.number} days"
    return f"{pattern.kind} {pattern.number}" if pattern.number else pattern.kind


Days = Annotated[Pattern, PlainValidator(parse_pattern), PlainSerializer(say_pattern)]


class RecurringEntry(Section):
    """A work that is to be done again and again."""

    title: Words = Field(examples=["The example work"])  # the subject of its requests
    text: Paragraphs = Field(examples=["What is to be done"])  # for whoever does it
    on: Days = Field(examples=["day 1"])
    at: MomentOfDay = time(9)
    calendar: Name | None = None  # whose zone and days off count; None: the organisation's zone, no days off
    off_day: Literal["keep", "next", "previous", "skip"] = "keep"  # what happens where it falls on a day off
    since: Day | None = None  # nothing before
    until: Day | None = None  # nothing after
    whom: Literal["desk", "clients"] = "desk"  # one request, or one for each client under contract
    level: Names = ()  # of which clients; empty: of all
    client: Names = ()  # likewise, by their keys
    mailbox: Name | None = None  # that its requests belong to; None: the organisation's first
    category: Name | None = None
    severity: Name | None = None
    team: Name | None = None
    agent: Name | None = None
