"""What an admin writes about working time: opening hours, days of the week, dates. Imports only `types`.

Each `parse_` takes what TOML gave and returns the value, or raises ValueError whose text completes "expected …".
"""

import re
from datetime import date, datetime, time
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, PlainSerializer, PlainValidator

from maild.config.types import as_list

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEARS = range(2000, 2100)  # of dates that mean something to a support desk
_DASH = r"\s*[-–—]\s*"
_OPENING = re.compile(rf"([0-9]{{1,2}}):([0-9]{{2}}){_DASH}([0-9]{{1,2}}):([0-9]{{2}})")


class OpeningHours(NamedTuple):
    """A stretch [start, end) of a local day; an `end` of None is the end of the day, 24:00."""

    start: time
    end: time | None

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}" if self.end else f"{self.start:%H:%M}-24:00"

    @property
    def minutes(self) -> int:
        """How long it is by the clock on the wall."""
        return _minutes(self.end) - _minutes(self.start)


def parse_opening(value: object) -> OpeningHours:
    """Turn `"10:00-18:00"` into opening hours; anything else raises ValueError, as do hours that end before they begin."""
    if isinstance(value, OpeningHours):
        return value
    match = _OPENING.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError('opening hours in quotes such as "10:00-18:00", or "00:00-24:00" for the whole day')
    start, end = _clock_time(match[1], match[2]), _clock_time(match[3], match[4])
    if start is None or end == time(0):
        raise ValueError('hours that end on the day they begin; the end of the day is written 24:00 ("22:00-24:00")')
    if end is not None and end == start:
        raise ValueError("hours that end later than they begin")
    if end is not None and end < start:
        raise ValueError(
            'hours that end later than they begin; those over midnight are two: "22:00-24:00" and "00:00-06:00"'
        )
    return OpeningHours(start, end)


def parse_clock_time(value: str) -> time | None:
    """Return "09:00" as a time of day; None for anything else, 24:00 included."""
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", value)
    try:
        return _clock_time(match[1], match[2]) if match else None
    except ValueError:
        return None


def parse_moment(value: object) -> time:
    """Turn `"09:00"` into a time of day; anything else raises ValueError."""
    if isinstance(value, time):
        return value
    if isinstance(value, str) and (found := parse_clock_time(value)):
        return found
    raise ValueError('a time of day in quotes such as "09:00"')


def _clock_time(hours: str, minutes: str) -> time | None:
    """Return a time of day, None for 24:00."""
    if (hours, minutes) == ("24", "00"):
        return None
    if int(hours) > 23 or int(minutes) > 59:
        raise ValueError("times of day from 00:00 to 24:00")
    return time(int(hours), int(minutes))


def _minutes(moment: time | None) -> int:
    return 24 * 60 if moment is None else moment.hour * 60 + moment.minute


def parse_weekdays(value: object) -> str:
    """Accept `mon` or `mon-fri`; anything else raises ValueError."""
    if isinstance(value, str) and all(part in WEEKDAYS for part in value.split("-", 1)):
        return value
    raise ValueError(f"a day of the week ({', '.join(WEEKDAYS)}) or several such as mon-fri")


def weekdays(key: str) -> tuple[int, ...]:
    """Return the days that `mon` or `mon-fri` names, Monday being 0; `sat-mon` goes over the end of the week."""
    first, _, last = key.partition("-")
    begin = WEEKDAYS.index(first)
    length = (WEEKDAYS.index(last) - begin) % 7 + 1 if last else 1
    return tuple((begin + step) % 7 for step in range(length))


def parse_date(value: object) -> date:
    """Accept a date of TOML, in quotes or not; anything else raises ValueError."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise ValueError("a date that the calendar has") from None
    if isinstance(value, date) and not isinstance(value, datetime) and value.year in _YEARS:
        return value
    raise ValueError(f"a date without quotes such as 2026-12-31, from {_YEARS[0]} to {_YEARS[-1]}")


def parse_date_key(value: object) -> str:
    """Accept `2026-12-31` as a key; anything else raises ValueError."""
    parse_date(value if isinstance(value, str) else None)
    return str(value)


def parse_day_rule(value: object) -> tuple[OpeningHours, ...] | None:
    """Return the openings of a single day, none for `"off"`; None for `"working"`, the hours of its weekday."""
    if value == "off":
        return ()
    if value is None or value == "working":
        return None
    if isinstance(value, tuple | str) or (isinstance(value, list) and value):
        try:
            return tuple(parse_opening(part) for part in ((value,) if isinstance(value, str) else value))
        except ValueError as error:
            if not isinstance(value, str) or ":" in value:
                raise ValueError(str(error)) from None
    raise ValueError('"off", "working", or opening hours such as "10:00-14:00"')


def _as_text(rule: tuple[OpeningHours, ...] | None) -> str | list[str]:
    return "working" if rule is None else [str(opening) for opening in rule] or "off"


Openings = Annotated[
    tuple[Annotated[OpeningHours, PlainValidator(parse_opening), PlainSerializer(str)], ...], BeforeValidator(as_list)
]  # one, or a list
Weekdays = Annotated[str, BeforeValidator(parse_weekdays)]
DateKey = Annotated[str, BeforeValidator(parse_date_key)]
DayRule = Annotated[
    tuple[OpeningHours, ...] | None, PlainValidator(parse_day_rule), PlainSerializer(_as_text)
]  # (): off; None: working
Day = Annotated[date, PlainValidator(parse_date)]
MomentOfDay = Annotated[time, PlainValidator(parse_moment), PlainSerializer(lambda one: f"{one:%H:%M}")]
