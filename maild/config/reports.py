"""The shape of what an admin writes about reports to clients (NI-4, KR-9)."""

from datetime import time
from typing import Literal

from maild.config.hours import MomentOfDay
from maild.config.recurring import Days
from maild.config.section import Section
from maild.config.types import Line, Name
from maild.sla.occurrences import Pattern


class ReportsEntry(Section):
    """Who gets the report of each client's month, and when."""

    monthly: Literal["client", "manager", "head"] | None = None  # None: nobody does
    on: Days = Pattern(kind="day", number=1)  # of the month that follows
    at: MomentOfDay = time(9)
    calendar: Name | None = None  # whose zone and days off count; None: the organisation's zone, no days off
    off_day: Literal["keep", "next", "previous", "skip"] = "keep"  # what happens where it falls on a day off
    note: Line = ""  # what each report says besides, such as an agreed discount (NI-11)
