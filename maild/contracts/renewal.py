"""How long a coupon holds that takes the place of another one (CB-23: "a like one"). Pure."""

import calendar
from datetime import date, timedelta

_MONTHS = 12


def renewed_until(since: date | None, until: date | None, today: date) -> date | None:
    """Return the last day of the next term, as long as the one from `since` to `until`; None where that has no end.

    It follows the old term without a gap, or begins today where that is over. A term of whole months is followed by one
    of as many, whatever their lengths: a year by a year. Raises ValueError where an end without a beginning leaves the
    length open, or the calendar ends.
    """
    if until is None:
        return None
    if since is None:
        raise ValueError("a term without a beginning has no length")
    after = until + timedelta(days=1)
    begins = max(after, today)
    months = (after.year - since.year) * _MONTHS + after.month - since.month
    try:
        if since.day == after.day:
            return _later(begins, months) - timedelta(days=1)
        return begins + (until - since)
    except (OverflowError, ValueError) as error:
        raise ValueError("the calendar ends before the next term does") from error


def _later(day: date, months: int) -> date:
    """Return the same day so many months later, the month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
