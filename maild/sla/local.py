"""Wall-clock readings of a zone as instants, and every change of its offset. Imports nothing of ours.

Readings are not instants: when clocks go forward some do not exist, when they go back some happen twice. Both are settled
in one place, here, so that an opening is one stretch of real time and days follow each other without gap or overlap (D4).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from maild.clock import aware

WATCHED = range(
    2020, 2046
)  # years whose changes of offset a fingerprint covers; tzdata repeats its last rule from 2038 on
SECOND = timedelta(seconds=1)


def instant_of(day: date, reading: time, zone: ZoneInfo) -> datetime:
    """Return the first instant, in UTC, at which a clock in `zone` shows `reading` on `day`, or has passed over it.

    A reading that happens twice is the earlier one; one that is passed over is the moment the clocks go forward. So the
    result never falls as the reading grows.
    """
    local = datetime.combine(day, reading)
    early = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None) == local:
        return early
    late = local.replace(tzinfo=zone, fold=1).astimezone(UTC)  # in a gap the later offset gives the earlier instant
    return _change_between(late - SECOND, early, zone)


def date_at(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day of `zone` that an instant falls on: the last one whose midnight has been.

    That is the date on the wall, but where clocks go back over midnight: the day that has begun goes on.
    """
    day = aware(instant).astimezone(zone).date()
    while instant_of(day + timedelta(days=1), time.min, zone) <= instant:
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=64)
def changes_of(zone: ZoneInfo) -> tuple[tuple[datetime, timedelta], ...]:
    """Return each instant within the watched years at which the zone's offset changes, with the offset from then on.

    The first is the beginning of those years. Governments change these rules, and a new tzdata then moves terms.
    """
    at, end = datetime(WATCHED.start, 1, 1, tzinfo=UTC), datetime(WATCHED.stop, 1, 1, tzinfo=UTC)
    offset = _offset(at, zone)
    changes = [(at, offset)]
    while at < end:
        next_day = at + timedelta(days=1)
        if (after := _offset(next_day, zone)) != offset:
            changes.append((_change_between(at, next_day, zone), after))
            offset = after
        at = next_day
    return tuple(changes)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first whole second after `before` that has the offset of `after`; the two are whole seconds or near it."""
    before, offset = before.replace(microsecond=0), _offset(after, zone)
    low, high = 0, int((after - before) / SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(before + middle * SECOND, zone) == offset else (middle, high)
    return before + high * SECOND


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)
