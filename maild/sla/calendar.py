"""When a desk is open: a zone, a week, a country's days off, and the desk's own exceptions, read as stretches of real time.

What is asked of a calendar is answered in UTC, half-open (D2): changes of the clocks move openings, never the time counted
in them (D4). A day's nature comes from its own rule, else the working weekends, the holidays, the weekday, in this order (D5).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

from maild.clock import aware
from maild.sla import holidays
from maild.sla.clock import Span
from maild.sla.local import changes_of, date_at, instant_of

HORIZON = timedelta(days=3653)  # ten years: nothing that is promised lies further off, and no search goes on beyond it
FAR_OFF = datetime(9999, 1, 1, tzinfo=UTC)
KEPT_DAYS = 4096  # drawn days that a calendar keeps, of some 1 KiB each: a little more than the horizon
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CLOSED = "closed"  # before the first opening of a working day and after the last
BREAK = "break"  # between two of them
WORKING_DAY = "working day"
DAY = timedelta(days=1)


class NoWorkingTime(ValueError):  # noqa: N818 - a state of a calendar, not an exception's name
    """A search for working time found none, or too little, within ten years."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A stretch of a day on the wall clock, half-open [start, end)."""

    start: time
    end: time | None  # None: 24:00

    def __str__(self) -> str:
        return f"{_reading(self.start)}–{_reading(self.end) if self.end else '24:00'}"


Openings = tuple[Opening, ...]


@dataclass(frozen=True, kw_only=True)
class Day:
    """What a calendar says of a date, and why."""

    date: date
    working: bool
    openings: Openings  # in order, may touch; empty exactly on days off
    why: str  # "Friday", "Saturday", "holiday: …", "working Saturday (moved)", "own rule: off"; ", shortened before a holiday"


@dataclass(frozen=True)
class _Drawn:
    """A day as stretches of real time, from its midnight to the next."""

    day: Day
    start: datetime
    end: datetime  # the same as `start` where a zone has skipped the day altogether
    hours: tuple[Span, ...]  # without a gap; what is open counts
    whole: tuple[Span, ...]  # one, or none for a skipped day; a working day counts to its last hour
    whole_why: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Calendar:
    """A desk's working time. Equal calendars are those that give equal terms under one name.

    Raises ValueError for a week that is not seven days, for openings that are empty, overlap or are out of order, for a
    negative `shorten`, and for a country that the holidays package does not know.
    """

    name: str
    zone: ZoneInfo
    week: tuple[Openings, ...]  # seven, Monday first; breaks are what lies between two openings
    country: str = ""  # of the holidays package; "": no holidays
    martial_law: bool = False  # UA: holidays and moved days are ordinary days while it lasts (law 2136-IX, art. 6)
    shorten: timedelta = timedelta(0)  # by how much the last opening before a public holiday ends earlier
    own_days: Mapping[date, Openings | None] = field(
        default_factory=dict
    )  # (): off; None: working; they win over everything
    confirmed_until: date | None = None  # the last day whose nature is certain; None: what `holidays` says

    def __post_init__(self) -> None:
        if len(self.week) != len(WEEKDAYS):
            raise ValueError(f"calendar {self.name}: a week has seven days, not {len(self.week)}")
        for openings in (*self.week, *filter(None, self.own_days.values())):
            _check(openings, f"calendar {self.name}")
        if self.shorten < timedelta(0):
            raise ValueError(f"calendar {self.name}: days cannot be shortened by less than nothing")
        if self.country and not holidays.is_known(self.country):
            raise ValueError(f"calendar {self.name}: no holidays are known of country {self.country!r}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and (self.name, self.fingerprint) == (other.name, other.fingerprint)

    def __hash__(self) -> int:
        return hash((self.name, self.fingerprint))

    def day(self, day: date) -> Day:
        """Return what the calendar says of a date."""
        return self._drawn(day).day

    def date_of(self, instant: datetime) -> date:
        """Return the day of the calendar's zone that the instant falls on."""
        return date_at(instant, self.zone)

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return the midnights, in UTC, that a day begins and ends with."""
        drawn = self._drawn(day)
        return drawn.start, drawn.end

    def whole_why(self, day: date) -> str:
        """Return why a whole day counts or does not: "working day" where nothing is special about it."""
        return self._drawn(day).whole_why

    def is_working(self, instant: datetime) -> bool:
        """Whether the desk is open at this instant; not any more at the very moment of closing."""
        return any(one.counts and one.start <= instant < one.end for one in self._drawn(self.date_of(instant)).hours)

    def next_opening(self, instant: datetime) -> datetime | None:
        """Return the next instant, in UTC, at which the desk is open: this one if it is; None for none within ten years."""
        since = aware(instant)
        ahead = takewhile(lambda one: one.start < since + HORIZON, self.hours(since))
        return next((one.start for one in ahead if one.counts), None)

    def openings(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield when the desk is open within [since, until): half-open, in UTC and in order, what touches made one."""
        until = aware(until)
        start = end = None
        for one in self.hours(since):
            if one.start >= until:
                break
            if not one.counts:
                continue
            if end == one.start:
                end = one.end
                continue
            if start and end:
                yield start, end
            start, end = one.start, one.end
        if start and end:
            yield start, min(end, until)

    def hours(self, since: datetime) -> Iterator[Span]:
        """Yield stretches from `since` on without a gap or an end; those within opening hours count."""
        return self._from(since, lambda drawn: drawn.hours)

    def whole_days(self, since: datetime) -> Iterator[Span]:
        """Yield stretches from `since` on without a gap or an end; those of working days count, midnight to midnight."""
        return self._from(since, lambda drawn: drawn.whole)

    def doubt(self, until: datetime) -> str:
        """Return why a term that ends at `until` may still move though nobody changes the calendar; "" if nothing is known.

        A term is doubted when a later day than the last confirmed one has a say in it.
        """
        if (last := self.confirmed) is None or until <= self.bounds(last)[1]:
            return ""
        if self.country == "UA" and self.martial_law:
            return f"after {last:%d.%m.%Y} martial law is not confirmed: holidays may count again"
        return f"after {last:%d.%m.%Y} the calendar's days off are not confirmed"

    @property
    def confirmed(self) -> date | None:
        """The last day whose nature is certain; None: nothing is known to be uncertain."""
        return self.confirmed_until or holidays.confirmed_until(self.country)

    @cached_property
    def fingerprint(self) -> str:
        """A short word that changes when a term counted by this calendar could: not on its name.

        It covers what nobody here decides, too: a decree that came with a release of the holidays package, a change of
        clocks that came with one of tzdata.
        """
        observing = bool(self.country) and not self.martial_law
        parts = [
            ";".join(" ".join(map(str, openings)) for openings in self.week),
            ";".join(
                f"{day} {'working' if openings is None else ' '.join(map(str, openings)) or 'off'}"
                for day, openings in sorted(self.own_days.items())
            ),
            f"{self.country} {holidays.digest(self.country)} {self.shorten}" if observing else "",
            self.doubt(FAR_OFF),
            ";".join(f"{at:%Y%m%d%H%M%S}{offset}" for at, offset in changes_of(self.zone)),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def _from(self, since: datetime, kind: Callable[[_Drawn], tuple[Span, ...]]) -> Iterator[Span]:
        since = aware(since)
        day = self.date_of(since)
        for one in kind(self._drawn(day)):
            if one.end > since:
                yield one if one.start >= since else Span(start=since, end=one.end, counts=one.counts, why=one.why)
        while True:
            day += DAY
            yield from kind(self._drawn(day))

    @cached_property
    def _drawn(self) -> Callable[[date], _Drawn]:
        return lru_cache(maxsize=KEPT_DAYS)(self._draw)

    def _draw(self, day: date) -> _Drawn:
        """Lay a day's openings on the real time between its midnights."""
        said = self._say(day)
        start, end = instant_of(day, time.min, self.zone), instant_of(day + DAY, time.min, self.zone)
        special = "" if said.why == WEEKDAYS[day.weekday()] else said.why
        hours: list[Span] = []
        at = start
        for opening in said.openings:
            opens = instant_of(day, opening.start, self.zone)
            closes = instant_of(day, opening.end, self.zone) if opening.end else end
            if at < opens:
                hours.append(Span(start=at, end=opens, counts=False, why=CLOSED if at == start else BREAK))
            if opens < closes:  # the clocks may go forward over all of it
                why = f"open {opening}, {special}" if special else f"open {opening}"
                hours.append(Span(start=opens, end=closes, counts=True, why=why))
            at = closes
        if at < end:
            hours.append(Span(start=at, end=end, counts=False, why=CLOSED if said.working else said.why))
        why = special or (WORKING_DAY if said.working else said.why)
        whole = (Span(start=start, end=end, counts=said.working, why=why),) if start < end else ()
        return _Drawn(day=said, start=start, end=end, hours=tuple(hours), whole=whole, whole_why=why)

    def _say(self, day: date) -> Day:
        """Decide a day's nature (D5)."""
        weekday = WEEKDAYS[day.weekday()]
        usual = self.week[day.weekday()]
        if day in self.own_days:
            own = self.own_days[day]
            openings = self._worked(usual) if own is None else own
            told = "working" if own is None else " ".join(map(str, own)) or "off"
            return Day(date=day, working=bool(openings), openings=openings, why=f"own rule: {told}")
        if not self.country or self.martial_law:
            return Day(date=day, working=bool(usual), openings=usual, why=weekday)
        known = holidays.year_of(self.country, day.year)
        if day in known.workdays:
            openings, why = self._worked(usual), f"working {weekday} (moved)"
        elif name := known.names.get(day):
            return Day(date=day, working=False, openings=(), why=f"holiday: {name}")
        else:
            openings, why = usual, weekday
        if self.shorten and openings and day in known.eves and not self._works_by_own_rule(day + DAY):
            openings, why = _shortened(openings, self.shorten), f"{why}, shortened before a holiday"
        return Day(date=day, working=bool(openings), openings=openings, why=why)

    def _worked(self, usual: Openings) -> Openings:
        """Return the openings of a day that is worked: its weekday's, or where that is a day off the first working weekday's."""
        return usual or next(filter(None, self.week), ())

    def _works_by_own_rule(self, day: date) -> bool:
        """Whether the desk itself works on a holiday, which then shortens no day before it."""
        return day in self.own_days and self.own_days[day] != ()


def _check(openings: Openings, where: str) -> None:
    for opening in openings:
        if opening.end is not None and opening.end <= opening.start:
            raise ValueError(f"{where}: {opening} ends before it begins")
    for before, after in pairwise(openings):
        if before.end is None or before.end > after.start:
            raise ValueError(f"{where}: {before} and {after} overlap or are out of order")


def _shortened(openings: Openings, by: timedelta) -> Openings:
    """Return the openings with so much less at the day's end, from the one before where the last is too short."""
    while openings and by > timedelta(0):
        *rest, last = openings
        start = datetime.combine(date.min, last.start)
        end = datetime.combine(date.min, last.end) if last.end else datetime.combine(date.min, time.min) + DAY
        if end - start > by:
            return (*rest, Opening(start=last.start, end=(end - by).time()))
        openings, by = tuple(rest), by - (end - start)
    return openings


def _reading(reading: time) -> str:
    return f"{reading:%H:%M}" if not reading.second and not reading.microsecond else reading.isoformat()
