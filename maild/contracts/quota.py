"""How many requests a month a client may make (C19, CB-17, A9), and where a month begins (D10)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_DECEMBER = 12


@dataclass(frozen=True, kw_only=True)
class QuotaState:
    """Which of the month's requests one is."""

    number: int  # 1 for the first one counted this month
    limit: int | None  # None: as many as they like

    @property
    def over(self) -> bool:
        """Whether it is beyond the limit: of 50 the 51st is, and gets an offer, not silence (A9)."""
        return self.limit is not None and self.number > self.limit

    @property
    def left(self) -> int | None:
        """How many more the month holds after this one; None where there is no limit."""
        return None if self.limit is None else max(0, self.limit - self.number)


def quota_state(limit: int | None, counted_before: int) -> QuotaState:
    """Return which request of its month this one is.

    `counted_before` are the client's registered requests received earlier in the same month (`month_of`), over all of
    the client's addresses, without repeats and refusals (A9).
    """
    return QuotaState(number=counted_before + 1, limit=limit)


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
