"""What is charged, what is left, what goes on into the next month."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.contracts.accounting import Amount, Month, Policy, Request, Row, Unit, Work, charge_by_month, round_up, usage
from maild.contracts.client import Client, Package, Period

MOSCOW = ZoneInfo("Europe/Moscow")
HALF, HOUR, NONE = timedelta(minutes=30), timedelta(hours=1), timedelta(0)
JAN, FEB, MAR, APR = (Month(2026, month) for month in (1, 2, 3, 4))
YEAR = Period(since=date(2026, 1, 1), until=date(2026, 12, 31))
FIRST, LAST = Month(2025, 11), Month(2026, 8)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def done(minutes: float, *, ticket: int = 1, at: str = "2026-01-15T12:00") -> Work:
    return Work(ticket=ticket, at=datetime.fromisoformat(at).replace(tzinfo=UTC), spent=timedelta(minutes=minutes))


def client(*periods: Period, **package: object) -> Client:
    return Client(key="acme", name="Acme", periods=periods, package=Package(**package) if package else None)  # type: ignore[arg-type]


def rows(
    whose: Client, works: Sequence[Work], first: Month, last: Month, policy: Policy | None = None
) -> list[Row[timedelta]]:
    return list(usage(whose, first, last, works, (), policy or Policy(), MOSCOW).hours)


# ── by hour ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("minutes", "charged"),
    [
        pytest.param([20, 20, 30], 1.5, id="three-requests-that-fit-a-step-each"),
        pytest.param([35, 20, 15], 2.0, id="A4-seventy-minutes-in-three-requests"),
        pytest.param([70], 1.5, id="seventy-minutes-in-one"),
        pytest.param([30], 0.5, id="exactly-a-step"),
        pytest.param([30 + 1 / 60], 1.0, id="a-second-more"),
        pytest.param([1 / 60], 0.5, id="a-second"),
        pytest.param([0], 0, id="nothing"),
        pytest.param([26 * 60 + 1], 26.5, id="more-than-a-day"),
    ],
)
def test_time_is_rounded_up_request_by_request(minutes: list[float], charged: float) -> None:
    """KR-9, A4: never up per month, never down."""
    works = [done(spent, ticket=number) for number, spent in enumerate(minutes)]
    assert {JAN: hours(charged)} == charge_by_month(works, HALF, MOSCOW)


@pytest.mark.parametrize(
    ("parts", "january", "february"),
    [
        pytest.param((10, 10), 0.5, 0, id="within-the-step-that-january-paid"),
        pytest.param((20, 20), 0.5, 0.5, id="into-the-next-step"),
        pytest.param((30, 30), 0.5, 0.5, id="a-step-each"),
        pytest.param((31, 29), 1.0, 0, id="up-to-the-step's-end"),
        pytest.param((0, 5), 0, 0.5, id="begun-in-february"),
    ],
)
def test_a_request_of_two_months_is_rounded_once(parts: tuple[int, int], january: float, february: float) -> None:
    """What January has been billed stays; February pays for what the rounded total has grown by."""
    works = [done(parts[1], at="2026-02-02T12:00"), done(parts[0])]
    charged = charge_by_month(works, HALF, MOSCOW)
    assert (hours(january), hours(february)) == (charged[JAN], charged[FEB])


def test_work_belongs_to_the_month_of_the_zone() -> None:
    """D10: half past nine in the evening of the 31st in UTC is February in Moscow."""
    assert charge_by_month([done(10, at="2026-01-31T21:30")], HALF, MOSCOW) == {FEB: HALF}


def test_beyond_the_package_hours_cost() -> None:
    """NI-5: 1 500 an hour, half hours too."""
    whose = client(YEAR, hours=hours(2), price=Decimal(1500))
    (row,) = rows(whose, [done(150)], JAN, JAN)
    assert (hours(2), hours(2.5), NONE, HALF, Decimal("750.00")) == (
        row.allowance,
        row.used,
        row.left,
        row.extra,
        row.price,
    )


@pytest.mark.parametrize(
    ("price", "minutes", "step", "cost"),
    [
        pytest.param("0.01", 30, 30, "0.01", id="half-a-kopeck-goes-up"),
        pytest.param("0.01", 29, 1, "0.00", id="less-goes-down"),
        pytest.param("1500", 20, 20, "500.00", id="a-third-of-an-hour"),
        pytest.param("1000", 20, 20, "333.33", id="a-third-of-a-thousand"),
        pytest.param("1000.10", 90, 30, "1500.15", id="kopecks"),
    ],
)
def test_money_is_rounded_half_up_to_the_kopeck(price: str, minutes: int, step: int, cost: str) -> None:
    """A bill is exact to the kopeck, and no float was near it."""
    policy = Policy(step=timedelta(minutes=step), price=Decimal(price))
    (row,) = rows(client(YEAR), [done(minutes)], JAN, JAN, policy=policy)
    assert Decimal(cost) == row.price


def test_prices_and_packages_of_the_client_come_before_the_policy() -> None:
    """A level's package is for those who have none; a client's package without a price costs what everybody's does."""
    policy = Policy(package=Package(hours=hours(1)), price=Decimal(100))
    level, own = (
        rows(whose, [done(180)], JAN, JAN, policy=policy)[0] for whose in (client(YEAR), client(YEAR, hours=hours(2)))
    )
    assert (hours(1), Decimal("200.00")) == (level.allowance, level.price)
    assert (hours(2), Decimal("100.00")) == (own.allowance, own.price)


def test_without_a_price_extra_hours_have_none() -> None:
    """Nothing was agreed: a person names the price."""
    found = usage(client(YEAR), JAN, JAN, [done(30)], (), Policy(), MOSCOW)
    assert (found.hours[0].extra, found.hours[0].price) == (HALF, None)
    assert Decimal(0) == found.price


# ── carry-over ───────────────────────────────────────────────────────────────────────────────────────────────────────


def carried(whose: Client, works: Sequence[Work] = (), last: Month = APR) -> list[tuple[float, float, float]]:
    return [(row.carried_in / HOUR, row.carried_out / HOUR, row.lapsed / HOUR) for row in rows(whose, works, JAN, last)]


def test_what_is_left_lapses_where_nothing_is_carried_over() -> None:
    """Without carry-over every month stands alone."""
    assert carried(client(YEAR, hours=hours(10)), last=FEB) == [(0, 0, 10), (0, 0, 10)]


def test_what_is_left_goes_on_inside_the_term_and_lapses_at_its_end() -> None:
    """NI-12: only inside the prepaid term."""
    term = Period(since=date(2026, 1, 1), until=date(2026, 3, 31))
    found = carried(client(term, hours=hours(10), carry_over=True), [done(180, at="2026-02-10T12:00")])
    assert found == [(0, 10, 0), (10, 17, 0), (17, 0, 27), (0, 0, 0)]


def test_a_new_term_begins_with_nothing_carried_in() -> None:
    """A renewal the next day is a new term, however close."""
    terms = (
        Period(since=date(2026, 1, 1), until=date(2026, 2, 28)),
        Period(since=date(2026, 3, 1), until=date(2026, 12, 31)),
    )
    assert carried(client(*terms, hours=hours(10), carry_over=True), last=MAR) == [(0, 10, 0), (10, 0, 20), (0, 10, 0)]


@pytest.mark.parametrize(
    ("worked", "out", "lapsed"),
    [
        pytest.param(0, 10, 10, id="untouched"),
        pytest.param(4, 10, 6, id="the-old-term's-hours-go-first"),
        pytest.param(13, 7, 0, id="then-the-month's-own"),
    ],
)
def test_a_term_that_ends_within_a_month_leaves_nothing_to_the_next(worked: int, out: float, lapsed: float) -> None:
    """Terms that meet in mid-month share its package; what the first had saved lapses."""
    terms = (
        Period(since=date(2026, 1, 1), until=date(2026, 2, 14)),
        Period(since=date(2026, 2, 15), until=date(2026, 12, 31)),
    )
    works = [done(worked * 60, at="2026-02-03T12:00")]
    assert (10, out, lapsed) == carried(client(*terms, hours=hours(10), carry_over=True), works)[1]


@pytest.mark.parametrize(
    ("since", "until", "allowances"),
    [
        pytest.param(date(2026, 2, 28), None, [0, 10, 10], id="begins-on-the-last-day"),
        pytest.param(None, date(2026, 2, 1), [10, 10, 0], id="ends-on-the-first-day"),
        pytest.param(date(2026, 3, 1), None, [0, 0, 10], id="begins-on-the-first"),
        pytest.param(None, date(2026, 1, 31), [10, 0, 0], id="ends-on-the-last"),
    ],
)
def test_a_package_is_whole_in_every_month_that_the_contract_touches(
    since: date | None, until: date | None, allowances: list[int]
) -> None:
    """Packages are per calendar month (C20): one day of contract is enough, none is none."""
    found = rows(client(Period(since=since, until=until), hours=hours(10)), [], JAN, MAR)
    assert allowances == [row.allowance / HOUR for row in found]


def test_what_was_saved_before_the_months_asked_for_is_there() -> None:
    """A report of March knows what January and February left."""
    whose = client(YEAR, hours=hours(10), carry_over=True)
    works = [done(15 * 60, at="2026-02-10T12:00")]
    assert rows(whose, works, JAN, MAR)[2:] == rows(whose, works, MAR, MAR)
    assert hours(5) == rows(whose, works, MAR, MAR)[0].carried_in


def test_a_term_without_a_beginning_begins_with_the_first_work() -> None:
    """Nobody counted before: it has saved nothing then."""
    whose = client(hours=hours(10), carry_over=True)
    assert rows(whose, [], MAR, MAR)[0].carried_in == NONE
    assert hours(19) == rows(whose, [done(60)], MAR, MAR)[0].carried_in


# ── by request ───────────────────────────────────────────────────────────────────────────────────────────────────────


def asked(ticket: int, at: str) -> Request:
    return Request(ticket=ticket, at=datetime.fromisoformat(at).replace(tzinfo=UTC))


def test_a_request_counts_once_in_the_month_of_its_receipt() -> None:
    """However long it is worked on (KR-9: step 1); the zone says of which month it is."""
    requests = [
        asked(1, "2026-01-31T20:59"),
        asked(1, "2026-01-31T20:59"),
        asked(2, "2026-01-31T21:00"),
        asked(3, "2026-02-10T10:00"),
    ]
    works = [done(600, ticket=1, at="2026-03-01T10:00")]
    policy = Policy(by=Unit.REQUESTS, price=Decimal("99.90"))
    found = usage(client(YEAR, requests=1), JAN, MAR, works, requests, policy, MOSCOW)
    assert [(row.allowance, row.used, row.extra, str(row.price)) for row in found.requests] == [
        (1, 1, 0, "0.00"),
        (1, 2, 1, "99.90"),
        (1, 0, 0, "0.00"),
    ]
    assert ((), Decimal("99.90")) == (found.hours, found.price)
    assert found.requests == found.rows


# ── properties ───────────────────────────────────────────────────────────────────────────────────────────────────────

INSTANTS = st.datetimes(datetime(2025, 11, 1), datetime(2026, 8, 31), timezones=st.just(UTC))
WORKS = st.lists(
    st.builds(
        Work, ticket=st.integers(1, 4), at=INSTANTS, spent=st.integers(0, 7200).map(lambda s: timedelta(seconds=s))
    ),
    max_size=12,
)
DAYS = st.dates(date(2025, 11, 1), date(2026, 9, 30))


@st.composite
def terms(draw: st.DrawFn) -> tuple[Period, ...]:
    ends = sorted(draw(st.sets(DAYS, max_size=6)))
    found: list[Period] = [
        Period(since=since, until=until) for since, until in zip(ends[::2], ends[1::2], strict=False)
    ]
    if found and len(ends) % 2:
        found[-1] = replace(found[-1], until=None)
    return tuple(found)


CLIENTS = st.builds(
    Client,
    key=st.just("acme"),
    name=st.just("Acme"),
    periods=terms(),
    package=st.builds(
        Package,
        hours=st.sampled_from([None, hours(1), hours(2.5)]),
        requests=st.integers(0, 3),
        carry_over=st.booleans(),
    ),
)


def balances(found: Sequence[Row[Amount]], nothing: Amount) -> None:
    carried = nothing
    for row in found:
        assert carried == row.carried_in
        assert row.allowance + row.carried_in + row.extra == row.used + row.carried_out + row.lapsed
        assert row.left == row.carried_out + row.lapsed
        assert not (row.left and row.extra)
        assert min(row.extra, row.left, row.lapsed, row.carried_out) >= nothing
        carried = row.carried_out
    given = sum((row.allowance + row.extra for row in found), nothing)
    assert given == sum((row.used + row.lapsed for row in found), nothing) + carried


@given(CLIENTS, WORKS)
def test_nothing_is_created_or_lost(whose: Client, works: list[Work]) -> None:
    """Month by month and in all: what was given and what was added is what was used, carried on, or lapsed."""
    requests = [Request(ticket=work.ticket, at=work.at) for work in works]
    by_hours, by_requests = (
        usage(whose, FIRST, LAST, works, requests, Policy(by=unit), MOSCOW) for unit in (Unit.HOURS, Unit.REQUESTS)
    )
    assert 10 == len(by_hours.hours) == len(by_requests.requests)
    balances(by_hours.hours, NONE)
    balances(by_requests.requests, 0)


@given(WORKS, st.sampled_from([1, 7, 30, 60]))
def test_months_add_up_to_each_request_rounded_once(works: list[Work], step: int) -> None:
    """Against an oracle that rounds each request's whole time, in fractions of minutes."""
    spent: dict[int, Fraction] = defaultdict(Fraction)
    for work in works:
        spent[work.ticket] += Fraction(work.spent // timedelta(seconds=1), 60)
    expected = sum(ceil(minutes / step) * step for minutes in spent.values())
    charged = charge_by_month(works, timedelta(minutes=step), MOSCOW)
    assert timedelta(minutes=expected) == sum(charged.values(), NONE)


@given(WORKS, st.randoms(use_true_random=False), st.integers(0, 100))
def test_order_and_splitting_change_nothing(works: list[Work], random: object, share: int) -> None:
    """Whether an hour was written down once, or as two parts, in whatever order."""
    whose = client(YEAR, hours=hours(1), carry_over=True)
    split = []
    for work in works:
        part = work.spent * share // 100
        split += [replace(work, spent=part), replace(work, spent=work.spent - part)]
    random.shuffle(split)  # type: ignore[attr-defined]
    assert rows(whose, works, FIRST, LAST) == rows(whose, split, FIRST, LAST)


@given(WORKS, CLIENTS)
def test_a_billed_month_stays_as_it_was(works: list[Work], whose: Client) -> None:
    """Work done later changes no earlier month."""
    march = datetime(2026, 3, 1, tzinfo=MOSCOW)
    early = [work for work in works if work.at < march]
    assert rows(whose, early, JAN, FEB) == rows(whose, works, JAN, FEB)


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_rounding_up_gives_the_least_number_of_steps(spent: int, step: int) -> None:
    """Never below, never a whole step above."""
    found = round_up(timedelta(seconds=spent), timedelta(seconds=step))
    assert found % timedelta(seconds=step) == NONE
    assert timedelta(seconds=spent) <= found < timedelta(seconds=spent + step)


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: Work(ticket=1, at=datetime(2026, 1, 1), spent=HOUR), id="work-without-zone"),
        pytest.param(lambda: done(-1), id="negative-work"),
        pytest.param(lambda: Request(ticket=1, at=datetime(2026, 1, 1)), id="request-without-zone"),
        pytest.param(lambda: Policy(step=NONE), id="no-step"),
        pytest.param(lambda: Policy(step=-HOUR), id="negative-step"),
    ],
)
def test_what_would_make_the_sums_lie_is_refused(make: Callable[[], object]) -> None:
    """Before it is in any sum."""
    with pytest.raises(ValueError):
        make()


def test_months_are_named_in_order() -> None:
    """December is followed by January; a month ends on its last day."""
    assert (Month(2027, 1), "2026-12", date(2026, 12, 31)) == (
        Month(2026, 12).next,
        str(Month(2026, 12)),
        Month(2026, 12).last,
    )
    assert date(2024, 2, 29) == Month(2024, 2).last
