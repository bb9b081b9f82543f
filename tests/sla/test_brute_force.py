"""Terms and elapsed times against a man with a tally, over years, zones, changes of clocks, weeks, rules and pauses."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.sla.calendar import Calendar, NoWorkingTime, Opening
from maild.sla.clock import Pause
from maild.sla.target import Mode
from maild.sla.terms import due, elapsed
from tests.sla import oracle
from tests.sla.oracle import QUARTER, Openings, Rules

# Half hours (India), three quarters (Nepal), changes by half an hour (Lord Howe), at midnight (Chile, Egypt, Lebanon).
ZONES = """Europe/Moscow Europe/Kyiv Asia/Yekaterinburg Australia/Lord_Howe America/New_York Asia/Kolkata Pacific/Apia
Asia/Kathmandu America/Santiago Africa/Cairo Asia/Beirut UTC""".split()
# Days near which clocks change somewhere among them, so that half of the examples meet one.
CHANGES = """2024-03-10 2024-03-31 2024-04-06 2024-04-25 2024-10-05 2024-10-27 2024-10-31 2024-11-03 2025-03-30 2025-04-05
2025-04-24 2025-09-06 2025-10-26 2026-03-29 2026-04-04 2026-10-25 2026-10-29 2027-03-28 2028-03-26 2028-10-29""".split()
TIMES = [Mode.WORKING, Mode.SKIP_DAYS_OFF, Mode.CONTINUOUS]
DAYS = [Mode.CALENDAR_DAYS, Mode.WORKING_DAYS]


@st.composite
def openings(draw: st.DrawFn, most: int = 3) -> Openings:
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=2 * most)))
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False)]


@st.composite
def weeks(draw: st.DrawFn) -> list[Openings]:
    usual = draw(openings())
    kinds = st.sampled_from([usual, [(36, 72)], [(8, 14)], [(10, 14)], [(0, 96)], []])
    return [draw(st.one_of(kinds, kinds, openings())) for _ in range(7)]


@st.composite
def starts(draw: st.DrawFn) -> datetime:
    by_change = st.sampled_from(CHANGES).map(date.fromisoformat)
    day = draw(st.one_of(by_change, st.dates(date(2024, 1, 1), date(2028, 12, 31))))
    quarters = draw(st.integers(-3 * 96, 2 * 96))
    return datetime.combine(day, time(), UTC) + quarters * QUARTER


@st.composite
def rules(draw: st.DrawFn, near: date) -> Rules:
    own = st.dictionaries(
        st.integers(-2, 12).map(lambda days: near + timedelta(days=days)), st.one_of(st.none(), openings()), max_size=3
    )
    return Rules(
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        week=draw(weeks()),
        own=draw(own),
        russia=date(2025, 1, 4) < near < date(2026, 11, 10) and draw(st.booleans()),  # the years that are known by hand
        shorten=draw(st.sampled_from([0, 4, 4, 40])),
    )


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> oracle.Pauses:
    one = st.tuples(st.integers(-96, 8 * 96), st.integers(0, 3 * 96))
    return [
        (start + since * QUARTER, start + (since + length) * QUARTER)
        for since, length in draw(st.lists(one, max_size=3))
    ]


@st.composite
def stories(draw: st.DrawFn) -> tuple[Rules, datetime, oracle.Pauses]:
    start = draw(starts())
    return draw(rules(start.date())), start, draw(pauses(start))


def opening(start: int, end: int) -> Opening:
    return Opening(start=time(*divmod(start * 15, 60)), end=None if end == 96 else time(*divmod(end * 15, 60)))


def calendar_of(told: Rules) -> Calendar:
    return Calendar(
        name="desk",
        zone=told.zone,
        week=tuple(tuple(opening(*one) for one in day) for day in told.week),
        country="RU" if told.russia else "",
        shorten=told.shorten * QUARTER,
        own_days={day: None if own is None else tuple(opening(*one) for one in own) for day, own in told.own.items()},
    )


def as_values(told: oracle.Pauses) -> list[Pause]:
    return [Pause(since=since, until=until) for since, until in told]


@pytest.mark.parametrize("mode", TIMES)
@settings(max_examples=60)
@given(story=stories(), quarters=st.one_of(st.integers(0, 40), st.integers(0, 1000)))
def test_a_term_is_where_a_tally_puts_it(
    mode: Mode, story: tuple[Rules, datetime, oracle.Pauses], quarters: int
) -> None:
    """Whatever the zone, the week, the rules and the pauses, a term falls where counting quarters of an hour ends."""
    told, start, rests = story
    within = quarters * QUARTER
    expected = oracle.due(told, mode, start, within, rests)
    try:
        found = due(mode, calendar_of(told), start, within, as_values(rests)).due_at
    except NoWorkingTime:
        assert expected is None
        return
    assert found == expected or (expected is None and found >= start + oracle.PATIENCE)


@pytest.mark.parametrize("mode", DAYS)
@settings(max_examples=60)
@given(story=stories(), days=st.integers(0, 20))
def test_a_term_in_days_is_where_a_tally_puts_it(
    mode: Mode, story: tuple[Rules, datetime, oracle.Pauses], days: int
) -> None:
    """Whatever the zone, the week, the rules and the pauses, a term in days falls on the midnight a tally of days gives."""
    told, start, rests = story
    within = timedelta(days=days)
    expected = oracle.due(told, mode, start, within, rests)
    try:
        found = due(mode, calendar_of(told), start, within, as_values(rests)).due_at
    except NoWorkingTime:
        assert expected is None
        return
    assert found == expected or (expected is None and found >= start + oracle.PATIENCE)


@pytest.mark.parametrize("mode", TIMES + DAYS)
@settings(max_examples=40)
@given(story=stories(), quarters=st.integers(-10, 2000))
def test_time_runs_as_a_tally_counts_it(
    mode: Mode, story: tuple[Rules, datetime, oracle.Pauses], quarters: int
) -> None:
    """Elapsed time is what a tally has counted, before, within and after pauses."""
    told, start, rests = story
    now = start + quarters * QUARTER
    expected = oracle.elapsed(told, mode, start, now, rests)
    assert elapsed(mode, calendar_of(told), start, now, as_values(rests)) == max(expected, timedelta(0))
