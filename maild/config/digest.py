"""The shape of what an admin writes about daily digests. Imports only types."""

from datetime import time
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from maild.config.hours import parse_clock_time
from maild.config.section import Section


def parse_daily(value: object) -> time | None:
    """Turn `"09:00"` into a time of day, `false` into None; anything else raises ValueError."""
    if value is False or value is None or isinstance(value, time):
        return value or None
    if isinstance(value, str) and (found := parse_clock_time(value)):
        return found
    raise ValueError('a time of day in quotes such as "09:00", or false')


Daily = Annotated[
    time | None, PlainValidator(parse_daily), PlainSerializer(lambda one: f"{one:%H:%M}" if one else False)
]


class DigestEntry(Section):
    """Who reads in the morning what the day brings, from when on, at their first working minute."""

    agents: Daily = None  # None: no agent does
    heads: Daily = None  # likewise
