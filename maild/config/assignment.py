"""The shape of what an admin writes about who gets which requests. Imports only types."""

from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, PlainSerializer, PlainValidator

from maild.config.hours import parse_date
from maild.config.section import Section
from maild.config.types import Slug, as_list


class Days(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}..{self.last}" if self.first != self.last else str(self.first)


def parse_days(value: object) -> Days:
    """Turn `"2026-12-01..2026-12-14"`, or one date, into days; anything else raises ValueError."""
    if isinstance(value, Days):
        return value
    first, dots, last = value.partition("..") if isinstance(value, str) else (value, "", "")
    try:
        begin = parse_date(first.strip() if isinstance(first, str) else first)
        days = Days(begin, parse_date(last.strip()) if dots else begin)
    except ValueError:
        raise ValueError('days such as "2026-12-01..2026-12-14", or one date') from None
    if days.last < days.first:
        raise ValueError("days whose last is not before the first")
    return days


Absences = Annotated[
    tuple[Annotated[Days, PlainValidator(parse_days), PlainSerializer(str)], ...], BeforeValidator(as_list)
]


class AssignmentEntry(Section):
    """Who gets a new request."""

    way: Literal["manual", "round-robin", "least-open"] = "manual"
    calendar: Slug | None = None  # when agents without one of their own are at work; None: always
