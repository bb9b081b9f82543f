"""Where the month begins in which a client's requests are counted (C19, CB-17, D10). What is beyond is told in `desk.admission`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_DECEMBER = 12


def month_of(instant: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the calendar month of `zone` that holds the instant: first instant of it and of the next one, in UTC.

    Half-open. Where midnight of the first is skipped by a change of clocks, the month begins with the hour after it;
    where it comes twice, with the first of the two.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone belongs to no month")
    local = instant.astimezone(zone)
    return month_start(local.year, local.month, zone), month_start(*next_month(local.year, local.month), zone)


def month_start(year: int, month: int, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which a month of `zone` begins."""
    return datetime(year, month, 1, tzinfo=zone).astimezone(UTC)


def next_month(year: int, month: int) -> tuple[int, int]:
    """Return the year and month that follow."""
    return (year + 1, 1) if month == _DECEMBER else (year, month + 1)
