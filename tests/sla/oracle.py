"""The same terms by brute force: a man who looks at a clock on the wall every quarter of an hour and keeps a tally.

Written apart from the code and unlike it: no segments, no midnights, no holidays package. Everything lies on quarters of an
hour of UTC and of the wall, which every zone of the tests allows. When the clock on the wall is set back, the man holds on
to the latest time he has seen until the clock has caught up: a day's opening has begun or ended once and for all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
PATIENCE = timedelta(days=45)  # after which the man goes home

# regulations.md §5; 2025 and 2026 only.
RUSSIA_OFF = {
    *(date(2025, 1, day) for day in range(1, 9)),
    *(date(2026, 1, day) for day in range(1, 10)),
    *(date(2025, month, day) for month, day in ((2, 23), (3, 8), (5, 1), (5, 2), (5, 8), (5, 9), (6, 12), (6, 13))),
    *(date(2025, month, day) for month, day in ((11, 3), (11, 4), (12, 31))),
    *(
        date(2026, month, day)
        for month, day in ((2, 23), (3, 8), (3, 9), (5, 1), (5, 9), (5, 11), (6, 12), (11, 4), (12, 31))
    ),
}
RUSSIA_WORKED = {date(2025, 11, 1)}
RUSSIA_EVES = {
    *(date(2025, month, day) for month, day in ((3, 7), (4, 30), (6, 11), (11, 1))),
    *(date(2026, month, day) for month, day in ((4, 30), (5, 8), (6, 11), (11, 3))),
}

Openings = list[tuple[int, int]]  # quarters of an hour since midnight on the wall, [from, to)


@dataclass
class Rules:
    zone: ZoneInfo
    week: list[Openings]
    own: dict[date, Openings | None] = field(default_factory=dict)  # None: working
    russia: bool = False
    shorten: int = 0  # quarters

    def openings(self, day: date) -> Openings:
        usual = self.week[day.weekday()]
        worked = usual or next((openings for openings in self.week if openings), [])
        if day in self.own:
            own = self.own[day]
            return worked if own is None else own
        if not self.russia:
            return usual
        if day in RUSSIA_OFF:
            return []
        openings = worked if day in RUSSIA_WORKED else usual
        if day in RUSSIA_EVES and self.own.get(day + DAY, []) == []:  # who works on a holiday does so after a whole day
            quarters = [quarter for start, end in openings for quarter in range(start, end)]
            kept = quarters[: len(quarters) - min(self.shorten, len(quarters))]
            return [(quarter, quarter + 1) for quarter in kept]
        return openings


Pauses = list[tuple[datetime, datetime]]


def _look(rules: Rules, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield every quarter from `start` on and the latest wall time seen by then."""
    seen = datetime.min
    instant = start - 2 * DAY
    while instant < start + PATIENCE:
        seen = max(seen, instant.astimezone(rules.zone).replace(tzinfo=None))
        if instant >= start:
            yield instant, seen
        instant += QUARTER


def _tally(rules: Rules, mode: str, start: datetime, pauses: Pauses) -> Iterator[tuple[datetime, bool]]:
    """Yield the end of every quarter from `start` on, and whether it counts."""
    known: dict[date, Openings] = {}
    for instant, seen in _look(rules, start):
        if (day := seen.date()) not in known:
            known[day] = rules.openings(day)
        today = known[day]
        quarter = seen.hour * 4 + seen.minute // 15
        counts = mode == "continuous" or (mode == "skip_days_off" and bool(today))
        counts = counts or (mode == "working" and any(opens <= quarter < closes for opens, closes in today))
        yield instant + QUARTER, counts and not any(since <= instant < until for since, until in pauses)


def _day_ends(rules: Rules, mode: str, start: datetime, pauses: Pauses) -> Iterator[tuple[datetime, int, bool]]:
    """Yield when each local day ends, how many have been counted by then, and whether anybody works on that day."""
    last, count, begun = None, 0, False
    for instant, seen in _look(rules, start):
        if last and last != seen.date():
            resting = any(since <= instant - QUARTER < until for since, until in pauses)
            works = bool(rules.openings(last))
            if not resting:
                count += begun and (mode == "calendar_days" or works)
                begun = True
            yield instant, count if begun else -1, works and not resting
        last = seen.date()


def due(rules: Rules, mode: str, start: datetime, within: timedelta, pauses: Pauses) -> datetime | None:
    """The term, None if the man has gone home before it."""
    if mode in ("calendar_days", "working_days"):
        for end, count, works in _day_ends(rules, mode, start, pauses):
            if count >= within // DAY and (mode == "calendar_days" or works):
                return end
        return None
    left = within
    for end, counts in _tally(rules, mode, start, pauses):
        if counts and not left:
            return end - QUARTER
        left -= QUARTER if counts else timedelta(0)
        if within and not left:
            return end
    return None


def elapsed(rules: Rules, mode: str, start: datetime, now: datetime, pauses: Pauses) -> timedelta:
    """What has been counted by `now`."""
    if mode in ("calendar_days", "working_days"):
        ends = takewhile(lambda end: end[0] <= now, _day_ends(rules, mode, start, pauses))
        return max((count for _, count, _ in ends), default=0) * DAY
    quarters = takewhile(lambda quarter: quarter[0] <= now, _tally(rules, mode, start, pauses))
    return QUARTER * sum(counts for _, counts in quarters)


def utc(instant: datetime) -> datetime:
    """The instant, at the last full quarter."""
    instant = instant.astimezone(UTC)
    return instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)
