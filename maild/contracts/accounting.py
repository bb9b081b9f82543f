"""What a client has used of what was paid for: by request or by hour, month by month (C20; KR-9, NI-2, 5, 12; A4).

The order of works, and whether one piece of work was written down once or in parts, changes nothing: only how much was
done on which request in which month does.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import takewhile
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from maild.contracts.client import Client, Package, Period
from maild.contracts.quota import next_month

HALF_AN_HOUR = timedelta(minutes=30)  # the step of KR-9
_HOUR = timedelta(hours=1)
_KOPECK = Decimal("0.01")

Amount = TypeVar("Amount", int, timedelta)  # requests, or time


class Unit(StrEnum):
    """What is counted (KR-9)."""

    REQUESTS = "requests"
    HOURS = "hours"


@dataclass(frozen=True, kw_only=True)
class Work:
    """Time spent on a request."""

    ticket: int
    at: datetime  # when it was done; with the organisation's zone it says of which month it is
    spent: timedelta

    def __post_init__(self) -> None:
        """Refuse what would make the sums lie."""
        if self.at.tzinfo is None:
            raise ValueError("work done at an instant without a zone")
        if self.spent < timedelta(0):
            raise ValueError(f"work that took {self.spent}")


@dataclass(frozen=True, kw_only=True)
class Request:
    """A registered request that counts: no repeat, no refusal (A9)."""

    ticket: int
    at: datetime  # of receipt: a request belongs to that month, however long it takes

    def __post_init__(self) -> None:
        """Refuse an instant that belongs to no month."""
        if self.at.tzinfo is None:
            raise ValueError("a request received at an instant without a zone")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How an organisation accounts for a level of support."""

    by: Unit = Unit.HOURS
    step: timedelta = HALF_AN_HOUR  # time is rounded up to it, request by request (A4)
    package: Package | None = None  # of clients that have none of their own
    price: Decimal | None = None  # of an hour (a request) beyond the package, where the package names none

    def __post_init__(self) -> None:
        """Refuse a step that cannot be counted in."""
        if self.step <= timedelta(0):
            raise ValueError(f"a step of {self.step}")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month of the organisation's zone (D10)."""

    year: int
    month: int

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo) -> "Month":
        """Return the month that an instant falls in."""
        local = instant.astimezone(zone)
        return cls(local.year, local.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Month":
        """The one that follows."""
        return Month(*next_month(self.year, self.month))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, kw_only=True)
class Row(Generic[Amount]):
    """One month of a client. `carried_in + allowance + extra == used + left`, and `left == carried_out + lapsed`."""

    month: Month
    allowance: Amount  # the package; nothing in a month without a contract
    carried_in: Amount
    used: Amount
    extra: Amount  # of what was used, what neither the package nor what was carried in covers
    left: Amount
    carried_out: Amount
    price: Decimal | None  # of the extra, to the kopeck; None: no price was agreed
    lapsed: Amount


@dataclass(frozen=True, kw_only=True)
class Usage:
    """A client's account. Of the two only the one that is accounted by has rows: one a month, in order, none left out."""

    by: Unit
    hours: tuple[Row[timedelta], ...] = ()
    requests: tuple[Row[int], ...] = ()

    @property
    def rows(self) -> tuple[Row[timedelta], ...] | tuple[Row[int], ...]:
        """The rows there are."""
        return self.hours if self.by is Unit.HOURS else self.requests

    @property
    def price(self) -> Decimal:
        """All months' extra together."""
        return sum((row.price for row in self.rows if row.price is not None), Decimal("0.00"))


def usage(
    client: Client,
    first: Month,
    last: Month,
    works: Iterable[Work],
    requests: Iterable[Request],
    policy: Policy,
    zone: ZoneInfo,
) -> Usage:
    """Return what a client has used in the months from `first` to `last`, both included.

    `works` and `requests` are all of the client's up to the end of `last`: what was carried into `first`, and how much of
    a request has been charged already, follow from the earlier ones. Later ones do no harm and change nothing.
    """
    package = client.package or policy.package or Package()
    price = policy.price if package.price is None else package.price
    rule = _Rule(periods=client.periods, carries=package.carry_over, price=price, first=first, last=last)
    if policy.by is Unit.HOURS:
        hours = charge_by_month(works, policy.step, zone)
        return Usage(by=policy.by, hours=tuple(_rows(rule, package.hours or timedelta(0), timedelta(0), hours, _money)))
    received: dict[Month, int] = defaultdict(int)
    for month in {one.ticket: Month.of(one.at, zone) for one in requests}.values():
        received[month] += 1
    return Usage(by=policy.by, requests=tuple(_rows(rule, package.requests or 0, 0, received, _money_of_requests)))


def charge_by_month(works: Iterable[Work], step: timedelta, zone: ZoneInfo) -> dict[Month, timedelta]:
    """Return what is charged in each month: every request's time rounded up to `step` (A4), in the month of the work.

    A request worked on in two months is rounded once, not once a month: a month is charged with what the request's rounded
    total has grown by in it. So the months add up to the request's own total, and a month that has been billed stays as
    it was, whatever is done later.
    """
    spent: dict[int, dict[Month, timedelta]] = defaultdict(lambda: defaultdict(timedelta))
    for work in works:
        spent[work.ticket][Month.of(work.at, zone)] += work.spent
    charged: dict[Month, timedelta] = defaultdict(timedelta)
    for months in spent.values():
        total = timedelta(0)
        for month in sorted(months):
            before, total = total, total + months[month]
            charged[month] += round_up(total, step) - round_up(before, step)
    return dict(charged)


def round_up(spent: timedelta, step: timedelta) -> timedelta:
    """Return the least whole number of steps that holds the time."""
    return -(-spent // step) * step


# ── from month to month ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """What the months of one client have in common."""

    periods: tuple[Period, ...]
    carries: bool
    price: Decimal | None
    first: Month
    last: Month

    def begins(self, used: Iterable[Month]) -> Month:
        """Return the month to count from: the first one that could leave something for `first`.

        A term without a beginning begins with the first work or request on record: before that nobody counted.
        """
        starts = [month for month in used if month < self.first]
        starts += [_month(one.since) for one in self.periods if one.since and _month(one.since) < self.first]
        return min(starts, default=self.first)

    def holds(self, month: Month) -> bool:
        """Whether there is a contract on some day of the month. No periods: always."""
        return not self.periods or any(_overlaps(one, month) for one in self.periods)

    def term_over_turn(self, month: Month) -> int | None:
        """Return which term holds both on the month's last day and on the first of the next; None: no one does."""
        if not self.periods:
            return 0
        spanning = (
            n for n, one in enumerate(self.periods) if _covers(one, month.last) and _covers(one, month.next.first)
        )
        return next(spanning, None)


def _rows(
    rule: _Rule,
    package: Amount,
    nothing: Amount,
    used_in: Mapping[Month, Amount],
    cost: Callable[[Amount, Decimal], Decimal],
) -> Iterator[Row[Amount]]:
    """Yield the months asked for, having counted from where the terms begin.

    The package is whole in every month that the contract touches. What was carried in is used first. Where one term ends
    within a month and another begins, what the first has left lapses: at most the month's own package goes on (NI-12).
    """
    carried, came_by = nothing, None
    for month in takewhile(lambda one: one <= rule.last, _months(rule.begins(used_in))):
        allowance = package if rule.holds(month) else nothing
        used = used_in.get(month, nothing)
        left = max(nothing, carried + allowance - used)
        extra = max(nothing, used - carried - allowance)
        goes_by = rule.term_over_turn(month) if rule.carries else None
        out = nothing if goes_by is None else left if goes_by == came_by else min(left, allowance)
        if month >= rule.first:
            yield Row(
                month=month,
                allowance=allowance,
                carried_in=carried,
                used=used,
                extra=extra,
                left=left,
                carried_out=out,
                lapsed=left - out,
                price=None if rule.price is None else cost(extra, rule.price),
            )
        carried, came_by = out, goes_by


def _months(month: Month) -> Iterator[Month]:
    while True:
        yield month
        month = month.next


def _month(day: date) -> Month:
    return Month(day.year, day.month)


def _covers(period: Period, day: date) -> bool:
    return (period.since is None or period.since <= day) and (period.until is None or day <= period.until)


def _overlaps(period: Period, month: Month) -> bool:
    return (period.since is None or period.since <= month.last) and (
        period.until is None or month.first <= period.until
    )


def _money(spent: timedelta, price: Decimal) -> Decimal:
    """Return the price of so much time, half a kopeck and more rounded up, exactly: never by way of a float."""
    seconds = spent // timedelta(microseconds=1)
    return (price * seconds / (_HOUR // timedelta(microseconds=1))).quantize(_KOPECK, ROUND_HALF_UP)


def _money_of_requests(count: int, price: Decimal) -> Decimal:
    return (price * count).quantize(_KOPECK, ROUND_HALF_UP)
