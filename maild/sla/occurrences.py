"""On which days something comes round: every Monday, on the 15th, on the third working day of a month. Pure.

A rhythm is asked about one day at a time. So days off, moved days and short months need no arithmetic of their own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from maild.sla.calendar import Calendar
from maild.sla.local import date_at, instant_of

DAY = timedelta(days=1)
LONGEST_BREAK = 31  # days off in a row over which an occurrence is put off
HORIZON = timedelta(days=800)  # nothing that comes round at all is further off

OffDay = Literal["keep", "next", "previous", "skip"]  # where it falls on a day off: it stays, moves, or does not happen


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """The days that something falls on before days off are looked at."""

    kind: Literal["weekdays", "day", "last day", "working day", "last working day", "days"]
    number: int = 0  # of the day, of the working day, or of days from one to the next
    weekdays: frozenset[int] = frozenset()  # Monday is 0

    @property
    def needs_calendar(self) -> bool:
        """Whether it counts working days."""
        return self.kind in ("working day", "last working day")


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """When something comes round."""

    pattern: Pattern
    at: time
    zone: ZoneInfo
    calendar: Calendar | None = None  # whose days off count; None: every day is worked
    off_day: OffDay = "keep"
    since: date | None = None  # nothing before; "every N days" is counted from it
    until: date | None = None  # nothing after

    def falls_on(self, day: date) -> bool:
        """Whether it comes round on a day, days off being taken into account."""
        if (self.since and day < self.since) or (self.until and day > self.until):
            return False
        if self.calendar is None or self.off_day == "keep":
            return self._is_named(day)
        if not self._works(day):
            return False
        step = {"skip": None, "next": -DAY, "previous": DAY}[self.off_day]
        return self._is_named(day) or (step is not None and any(map(self._is_named, self._days_off(day, step))))

    def instant(self, day: date) -> datetime:
        """Return when it is due on a day."""
        return instant_of(day, self.at, self.zone)

    def due(self, after: datetime, until: datetime) -> Iterator[date]:
        """Yield the days on which it comes round later than `after` and not later than `until`, in order."""
        day, last = date_at(after, self.zone), date_at(until, self.zone)
        while day <= last:
            if after < self.instant(day) <= until and self.falls_on(day):
                yield day
            day += DAY

    def next(self, after: datetime) -> datetime | None:
        """Return when it is due first after an instant; None: not within the horizon."""
        day = next(self.due(after, after + HORIZON), None)
        return self.instant(day) if day else None

    def _works(self, day: date) -> bool:
        return self.calendar is None or self.calendar.day(day).working

    def _days_off(self, day: date, step: timedelta) -> Iterator[date]:
        """Yield the days off that touch a working day, from it away."""
        for _ in range(LONGEST_BREAK):
            day += step
            if self._works(day):
                return
            yield day

    def _is_named(self, day: date) -> bool:
        """Whether the pattern names the day."""
        pattern, last = self.pattern, _last_of_month(day)
        ways: dict[str, Callable[[], bool]] = {
            "weekdays": lambda: day.weekday() in pattern.weekdays,
            "day": lambda: day.day == min(pattern.number, last),
            "last day": lambda: day.day == last,
            "working day": lambda: self._works(day) and self._worked_until(day) == pattern.number,
            "last working day": lambda: self._works(day) and not any(self._works(one) for one in _after(day, last)),
            "days": lambda: (day - (self.since or date.min)).days % pattern.number == 0,
        }
        return ways[pattern.kind]()

    def _worked_until(self, day: date) -> int:
        """Return how many working days the month has had by a day's end."""
        return sum(self._works(day.replace(day=n)) for n in range(1, day.day + 1))


def _last_of_month(day: date) -> int:
    return ((day.replace(day=28) + 4 * DAY).replace(day=1) - DAY).day


def _after(day: date, last: int) -> Iterator[date]:
    return (day.replace(day=n) for n in range(day.day + 1, last + 1))
