"""The shape of what an admin writes about how long data of persons is kept. Imports only types."""

import re
from datetime import time, timedelta
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from maild.config.hours import MomentOfDay
from maild.config.section import Section

_DAYS = {"d": 1, "w": 7, "y": 366}  # a year is never shorter than one by the calendar


def parse_keep(value: object) -> timedelta | None:
    """Turn `"3y"`, `"26w"`, `"90d"` into a duration of whole days, `false` into None, for ever; else raises ValueError."""
    if value is False or value is None or isinstance(value, timedelta):
        return value or None
    if isinstance(value, str) and (match := re.fullmatch(r"([1-9][0-9]{0,4})([dwy])", value)):
        days = int(match[1]) * _DAYS[match[2]]
        if days <= 100 * _DAYS["y"]:
            return timedelta(days=days)
    raise ValueError('days, weeks or years in quotes such as "90d", "26w" or "3y", or false: for ever')


def format_keep(value: timedelta | None) -> str | bool:
    """Return what `parse_keep` reads back."""
    return f"{value.days}d" if value else False


Keep = Annotated[timedelta | None, PlainValidator(parse_keep), PlainSerializer(format_keep)]


class RetentionEntry(Section):
    """After how long what is over is erased. None: never."""

    closed: Keep = None  # requests that are solved or closed, since they last changed
    ignored: Keep = None  # letters that lead to no request: machines', bounces, repeats
    quarantine: Keep = None  # letters that were set aside
    at: MomentOfDay = time(3)  # from when on it is done, for three hours, by the organisation's zone
