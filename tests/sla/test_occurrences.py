"""On which days something comes round, against months written out by hand and moved one by one."""

import calendar as months
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.recurring import parse_pattern
from maild.sla.calendar import Calendar
from maild.sla.local import instant_of
from maild.sla.occurrences import DAY, OffDay, Rhythm
from tests.sla.desks import MOSCOW, at, calendar, week

FIRST, LAST = date(2025, 11, 1), date(2026, 4, 30)  # what is compared; the days on both sides lead into it
RUSSIA = calendar(country="RU")
TEXTS = [
    "mon", "tue, sun", "mon-fri", "day 1", "day 15", "day 31", "day 30", "last day", "working day 1", "working day 7",
    "working day 20", "working day 23", "last working day", "every day", "every 2 days", "every 10 days", "every 45 days",
]  # fmt: skip


def by_hand(text: str, working: set[date], since: date) -> set[date]:
    """Return the days that a text names from half a year before to half a year after, month by month."""
    named: set[date] = set()
    kind, _, number = text.rpartition(" ")
    for n in range(18):
        year, month = divmod(2025 * 12 + 4 + n, 12)
        days = [date(year, month + 1, day + 1) for day in range(months.monthrange(year, month + 1)[1])]
        worked = [day for day in days if day in working]
        if text == "last day":
            named.add(days[-1])
        elif text == "last working day":
            named.update(worked[-1:])
        elif kind == "working day":
            named.update(worked[int(number) - 1 : int(number)])
        elif kind == "day":
            named.add(days[min(int(number), len(days)) - 1])
        elif not text.startswith("every"):
            wanted = {"mon": [0], "tue, sun": [1, 6], "mon-fri": range(5)}[text]
            named.update(day for day in days if day.weekday() in wanted)
    if text.startswith("every"):
        step = 1 if text == "every day" else int(text.split()[1])
        named.update(since + n * step * DAY for n in range(600 // step))
    return named


def moved(named: set[date], working: set[date], off_day: OffDay) -> set[date]:
    """Return where they end up, each led by the hand to a working day."""
    ends = set()
    for day in named:
        step = {"keep": None, "skip": None, "next": DAY, "previous": -DAY}[off_day]
        at_last = day
        while step and at_last not in working and abs((at_last - FIRST).days) < 400:
            at_last += step
        if off_day == "keep" or at_last in working:
            ends.add(at_last)
    return ends


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Russia's year, or a week with some days off and on besides, up to a fortnight's break."""
    if draw(st.booleans()):
        return RUSSIA
    own = dict.fromkeys(draw(st.lists(st.dates(FIRST, LAST), max_size=12)), ())
    begin, length = draw(st.dates(FIRST, LAST)), draw(st.integers(0, 14))
    own |= {begin + n * DAY: () for n in range(length)}
    worked = dict.fromkeys(draw(st.lists(st.dates(FIRST, LAST), max_size=4)))
    return Calendar(name="desk", zone=MOSCOW, week=week("09:00-18:00"), own_days=own | worked)


@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from(TEXTS),
    desk=calendars(),
    off_day=st.sampled_from(["keep", "next", "previous", "skip"]),
    since=st.dates(date(2025, 8, 1), date(2026, 3, 1)),
    until=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 6, 1))),
)
def test_the_days_of_half_a_year(text: str, desk: Calendar, off_day: OffDay, since: date, until: date | None) -> None:
    """Every pattern by every calendar, whatever becomes of days off, within its bounds."""
    rhythm = Rhythm(
        pattern=parse_pattern(text), at=time(9), zone=MOSCOW, calendar=desk, off_day=off_day, since=since, until=until
    )
    working = {day for n in range(600) if desk.day(day := date(2025, 5, 1) + n * DAY).working}
    expected = moved(by_hand(text, working, since), working, off_day)
    expected = {day for day in expected if FIRST <= day <= LAST and day >= since and (until is None or day <= until)}
    found = list(rhythm.due(at(f"{FIRST} 00:00"), at(f"{LAST} 23:59")))
    assert found == sorted(expected)


@pytest.mark.parametrize(
    ("text", "off_day", "expected"),
    [
        ("day 1", "keep", "2026-01-01 2026-02-01 2026-03-01"),
        ("day 1", "next", "2026-01-12 2026-02-02 2026-03-02"),
        ("day 1", "previous", "2026-01-30 2026-02-27 2026-04-01"),
        ("day 1", "skip", "2026-04-01 2026-06-01 2026-07-01"),
        ("day 31", "keep", "2026-01-31 2026-02-28 2026-03-31"),
        ("working day 1", "keep", "2026-01-12 2026-02-02 2026-03-02"),
        ("last working day", "keep", "2026-01-30 2026-02-27 2026-03-31"),
        ("mon", "next", "2026-01-12 2026-01-19 2026-01-26"),
    ],
)
def test_days_looked_up_on_the_wall(text: str, off_day: OffDay, expected: str) -> None:
    """The first three of 2026 in Russia, where the year begins on the 12th."""
    rhythm = Rhythm(pattern=parse_pattern(text), at=time(9), zone=MOSCOW, calendar=RUSSIA, off_day=off_day)
    due = rhythm.due(at("2025-12-31 23:00"), at("2026-12-31 00:00"))
    assert " ".join(str(next(due)) for _ in range(3)) == expected


def test_two_days_that_move_to_one_are_one() -> None:
    """Saturday's, Sunday's and Monday's work is done on Monday, once."""
    rhythm = Rhythm(pattern=parse_pattern("every day"), at=time(9), zone=MOSCOW, calendar=calendar(), off_day="next")
    days = list(rhythm.due(at("2026-03-06 10:00"), at("2026-03-10 10:00")))
    assert days == [date(2026, 3, 9), date(2026, 3, 10)]


def test_both_edges() -> None:
    """Later than the one instant, not later than the other."""
    rhythm = Rhythm(pattern=parse_pattern("every day"), at=time(9), zone=MOSCOW)
    nine, second = at("2026-03-06 09:00"), timedelta(seconds=1)
    assert list(rhythm.due(nine - second, nine)) == [date(2026, 3, 6)]
    assert list(rhythm.due(nine, nine + DAY - second)) == []
    assert list(rhythm.due(nine - second, nine - second)) == []
    assert rhythm.next(nine) == nine + DAY


@settings(max_examples=100, deadline=None)
@given(
    zone=st.sampled_from(["Europe/Berlin", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe", "UTC"]),
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),
    minutes=st.integers(0, 24 * 60 - 1),
    steps=st.lists(st.integers(1, 3000), min_size=1, max_size=8),
)
def test_however_often_one_looks_no_day_is_seen_twice_or_missed(
    zone: str, start: datetime, minutes: int, steps: list[int]
) -> None:
    """Looks in a row find together what one long look finds, over changes of the clocks, too."""
    rhythm = Rhythm(pattern=parse_pattern("every day"), at=time(minutes // 60, minutes % 60), zone=ZoneInfo(zone))
    looks = [start.replace(tzinfo=UTC)]
    for step in steps:
        looks.append(looks[-1] + timedelta(minutes=step))
    found = list(chain.from_iterable(rhythm.due(*pair) for pair in pairwise(looks)))
    assert found == list(rhythm.due(looks[0], looks[-1]))
    every = [start.date() + n * DAY for n in range(-2, 40)]
    assert found == [day for day in every if looks[0] < instant_of(day, rhythm.at, rhythm.zone) <= looks[-1]]


def test_what_is_over_never_comes_again() -> None:
    rhythm = Rhythm(pattern=parse_pattern("day 1"), at=time(9), zone=MOSCOW, until=date(2026, 3, 31))
    assert rhythm.next(at("2026-03-01 09:00")) is None
    assert rhythm.next(at("2026-03-01 08:59")) == at("2026-03-01 09:00")
