"""What holds of every term: it explains itself without a gap, runs as time runs, and refuses what has no answer."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.sla.calendar import Calendar, NoWorkingTime
from maild.sla.clock import Pause, Span, Wait
from maild.sla.target import Mode
from maild.sla.terms import MAX_SPANS, due, elapsed
from tests.pace import find_growth_between
from tests.sla.desks import KYIV, at, calendar, openings

HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)
TIMES = [Mode.WORKING, Mode.SKIP_DAYS_OFF, Mode.CONTINUOUS]
TERMS = [mode for mode in Mode if mode is not Mode.NONE]
OFFICE = calendar("09:00-13:00", "14:00-18:00", country="RU", shorten=HOUR)
NIGHTS = calendar("00:00-04:00", "22:00-24:00", zone=KYIV, days="mon-sun")  # over every change of clocks
CALENDARS = st.sampled_from([OFFICE, NIGHTS])
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
Told = list[tuple[timedelta, timedelta]]  # pauses: how long after the start, how long
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=8))
RESTS = st.lists(st.tuples(st.timedeltas(timedelta(days=-2), timedelta(days=9)), LENGTHS), max_size=4)


def rests(start: datetime, told: Told) -> list[Pause]:
    return [Pause(since=start + since, until=start + since + length) for since, length in told]


def counted(spans: tuple[Span, ...]) -> timedelta:
    return sum((span.end - span.start for span in spans if span.counts), timedelta(0))


def reasons(spans: tuple[Span, ...]) -> list[tuple[str, bool, str]]:
    return [(f"{span.end.astimezone(OFFICE.zone):%d.%m %H:%M}", span.counts, span.why) for span in spans]


@pytest.mark.parametrize("mode", TIMES)
@given(calendar=CALENDARS, start=INSTANTS, within=LENGTHS, told=RESTS)
def test_a_term_is_explained_without_a_gap(
    mode: Mode, calendar: Calendar, start: datetime, within: timedelta, told: Told
) -> None:
    """Spans lead from the start to the term, neighbours differ, and what counts in them is the duration, to the microsecond."""
    term = due(mode, calendar, start, within, rests(start, told))
    edges = [start, *(span.end for span in term.spans)]
    assert [span.start for span in term.spans] == edges[:-1]
    assert edges[-1] == term.due_at
    assert all(span.start < span.end for span in term.spans)
    assert all((one.why, one.counts) != (two.why, two.counts) for one, two in pairwise(term.spans))
    assert counted(term.spans) == within


@pytest.mark.parametrize("mode", TIMES)
@given(calendar=CALENDARS, start=INSTANTS, within=LENGTHS, told=RESTS)
def test_until_its_term_a_clock_has_run_its_duration(
    mode: Mode, calendar: Calendar, start: datetime, within: timedelta, told: Told
) -> None:
    """Elapsed time at the term is the duration, and a moment before it is less."""
    pauses = rests(start, told)
    term = due(mode, calendar, start, within, pauses)
    assert elapsed(mode, calendar, start, term.due_at, pauses) == within
    if within:
        assert elapsed(mode, calendar, start, term.due_at - MICROSECOND, pauses) == within - MICROSECOND


@pytest.mark.parametrize("mode", TIMES)
@given(calendar=CALENDARS, start=INSTANTS, first=LENGTHS, second=LENGTHS, told=RESTS)
def test_time_adds_up(
    mode: Mode, calendar: Calendar, start: datetime, first: timedelta, second: timedelta, told: Told
) -> None:
    """Time until one instant and from there to a later one is the time of both together."""
    pauses = rests(start, told)
    one, two = start + first, start + first + second
    parts = elapsed(mode, calendar, start, one, pauses) + elapsed(mode, calendar, one, two, pauses)
    assert elapsed(mode, calendar, start, two, pauses) == parts


@pytest.mark.parametrize("mode", TERMS)
@given(calendar=CALENDARS, start=INSTANTS, days=st.integers(0, 6), more=st.integers(0, 3), told=RESTS)
def test_more_time_is_never_due_earlier(
    mode: Mode, calendar: Calendar, start: datetime, days: int, more: int, told: Told
) -> None:
    """A longer duration, a later start, and one more pause can put a term off, and never bring it forward."""
    pauses = rests(start, told)
    within = timedelta(days=days)
    term = due(mode, calendar, start, within, pauses).due_at
    assert term <= due(mode, calendar, start, within + timedelta(days=more), pauses).due_at
    assert term <= due(mode, calendar, start + more * HOUR, within, pauses).due_at
    if pauses:
        assert due(mode, calendar, start, within, pauses[1:]).due_at <= term


@pytest.mark.parametrize("mode", [Mode.CALENDAR_DAYS, Mode.WORKING_DAYS])
@given(calendar=CALENDARS, start=INSTANTS, days=st.integers(1, 40), told=RESTS)
def test_a_term_in_days_ends_with_its_last_day(
    mode: Mode, calendar: Calendar, start: datetime, days: int, told: Told
) -> None:
    """Terms in days fall on a midnight, have run their days then and one less a moment before, and are explained."""
    pauses = rests(start, told)
    term = due(mode, calendar, start, timedelta(days=days), pauses)
    last = calendar.date_of(term.due_at - MICROSECOND)
    assert calendar.bounds(last)[1] == term.due_at
    assert elapsed(mode, calendar, start, term.due_at, pauses) == timedelta(days=days)
    assert elapsed(mode, calendar, start, term.due_at - MICROSECOND, pauses) == timedelta(days=days - 1)
    edges = [start, *(span.end for span in term.spans)]
    assert [span.start for span in term.spans] == edges[:-1]
    assert edges[-1] == term.due_at


@given(start=INSTANTS, told=RESTS)
def test_pauses_come_in_any_order(start: datetime, told: Told) -> None:
    """Pauses that come in another order, twice, or cut in two are the same rest (D7)."""
    pauses = rests(start, told)
    cut = [
        part
        for pause in reversed(pauses)
        if pause.until
        for middle in [pause.since + (pause.until - pause.since) / 2]
        for part in (Pause(since=pause.since, until=middle), Pause(since=middle, until=pause.until))
    ]
    term = due(Mode.WORKING, OFFICE, start, timedelta(hours=20), pauses)
    assert due(Mode.WORKING, OFFICE, start, timedelta(hours=20), [*cut, *pauses[:1]]) == term


def test_an_explanation_in_full() -> None:
    """Every stretch of a term says why it counts or not, the working Saturday and the moved Monday by name."""
    term = due(
        Mode.WORKING,
        OFFICE,
        at("2025-10-31 16:00"),
        10 * HOUR,
        [Pause(since=at("2025-10-31 17:00"), until=at("2025-11-01 10:00"))],
    )
    assert reasons(term.spans) == [
        ("31.10 17:00", True, "open 14:00–18:00"),
        ("01.11 10:00", False, "waiting: customer"),
        ("01.11 13:00", True, "open 09:00–13:00, working Saturday (moved), shortened before a holiday"),
        ("01.11 14:00", False, "break"),
        ("01.11 17:00", True, "open 14:00–17:00, working Saturday (moved), shortened before a holiday"),
        ("02.11 00:00", False, "closed"),
        ("03.11 00:00", False, "Sunday"),
        ("04.11 00:00", False, "holiday: Выходной (перенесено с 01.11.2025)"),
        ("05.11 00:00", False, "holiday: День народного единства"),
        ("05.11 09:00", False, "closed"),
        ("05.11 12:00", True, "open 09:00–13:00"),
    ]
    assert term.doubts == ()


def test_days_are_explained() -> None:
    """КлиК's hours and terms in days name the days off, and make one stretch of the days between."""
    skipping = due(Mode.SKIP_DAYS_OFF, OFFICE, at("2025-10-30 12:00"), 72 * HOUR)
    assert (
        reasons(skipping.spans)
        == [
            ("01.11 00:00", True, "working day"),
            ("02.11 00:00", True, "working Saturday (moved)"),
            ("03.11 00:00", False, "Sunday"),
            ("04.11 00:00", False, "holiday: Выходной (перенесено с 01.11.2025)"),
            ("05.11 00:00", False, "holiday: День народного единства"),
            ("05.11 12:00", True, "working day"),
        ]
        or reasons(skipping.spans)[1][2] == "working Saturday (moved), shortened before a holiday"
    )
    in_days = due(
        Mode.WORKING_DAYS,
        OFFICE,
        at("2026-02-19 12:00"),
        timedelta(days=3),
        [Pause(since=at("2026-02-24 12:00"), until=at("2026-02-25 12:00"), reason=Wait.APPROVAL)],
    )
    assert reasons(in_days.spans) == [
        ("20.02 00:00", False, "the day it starts"),
        ("21.02 00:00", True, "working day"),
        ("22.02 00:00", False, "Saturday"),
        ("23.02 00:00", False, "Sunday"),
        ("24.02 00:00", False, "holiday: День защитника Отечества"),
        ("25.02 00:00", False, "waiting: approval"),
        ("27.02 00:00", True, "working day"),
    ]
    calendar_days = due(Mode.CALENDAR_DAYS, OFFICE, at("2026-02-19 12:00"), timedelta(days=30))
    assert reasons(calendar_days.spans) == [
        ("20.02 00:00", False, "the day it starts"),
        ("22.03 00:00", True, "calendar day"),
    ]


def test_very_many_pauses_are_taken_in_stride() -> None:
    """Four times the pauses take four times as long, not sixteen: a customer who writes all day slows nothing down."""
    start = at("2026-02-02 09:00")
    pauses = [
        Pause(since=start + index * MICROSECOND, until=start + HOUR - index * MICROSECOND) for index in range(10_000)
    ]

    def find(some: Sequence[Pause]) -> None:
        assert due(Mode.CONTINUOUS, None, start, HOUR, some).due_at == start + 2 * HOUR

    assert find_growth_between(find, pauses[:2_500], pauses) == ""


@pytest.mark.parametrize("mode", [Mode.SKIP_DAYS_OFF, Mode.CALENDAR_DAYS, Mode.WORKING_DAYS])
def test_a_day_that_never_was_counts_for_nothing(mode: Mode) -> None:
    """Samoa went from Thursday 29 to Saturday 31 December 2011: the Friday neither counts nor is told."""
    apia = ZoneInfo("Pacific/Apia")
    samoa = calendar(zone=apia, days="mon-sat", own_days={date(2011, 12, 30): ()})
    term = due(mode, samoa, at("2011-12-28 00:00", apia), timedelta(days=2))
    ends = {Mode.SKIP_DAYS_OFF: "2011-12-31 00:00"}  # Wednesday and Thursday; the other modes: Thursday and Saturday
    assert term.due_at == at(ends.get(mode, "2012-01-01 00:00"), apia)
    longer = due(mode, samoa, at("2011-12-28 00:00", apia), timedelta(days=3))
    assert all(span.start < span.end for span in longer.spans)


def test_what_a_rest_waits_for_is_told() -> None:
    """Where pauses overlap, the stretch names both reasons."""
    pauses = [
        Pause(since=at("2026-02-02 10:00"), until=at("2026-02-02 12:00"), reason=Wait.THIRD_PARTY),
        Pause(since=at("2026-02-02 11:00"), until=at("2026-02-02 13:00"), reason=Wait.RELEASE),
    ]
    term = due(Mode.CONTINUOUS, None, at("2026-02-02 09:00"), 2 * HOUR, pauses)
    assert reasons(term.spans) == [
        ("02.02 10:00", True, "around the clock"),
        ("02.02 11:00", False, "waiting: third_party"),
        ("02.02 12:00", False, "waiting: third_party, release"),
        ("02.02 13:00", False, "waiting: release"),
        ("02.02 14:00", True, "around the clock"),
    ]


def test_a_term_of_years_is_told_shortly() -> None:
    """A term of nine years is explained in a bounded number of stretches, still without a gap."""
    term = due(Mode.WORKING, OFFICE, at("2025-01-09 09:00"), timedelta(hours=9 * 247 * 8))
    assert len(term.spans) == MAX_SPANS
    assert all(one.end == two.start for one, two in pairwise(term.spans))
    assert term.spans[-1].end == term.due_at
    middle = max(term.spans, key=lambda span: span.end - span.start)
    told = counted(tuple(span for span in term.spans if span is not middle))
    hours, minutes = divmod((timedelta(hours=9 * 247 * 8) - told) // timedelta(minutes=1), 60)
    assert middle.why.endswith(f"stretches, of which {hours} h {minutes} min count")


def test_a_pause_that_goes_on_counts_to_now() -> None:
    """Time does not run while a pause goes on, however long ago it began."""
    resting = [Pause(since=at("2026-02-02 11:00"))]
    assert elapsed(Mode.WORKING, OFFICE, at("2026-02-02 09:00"), at("2026-02-05 12:00"), resting) == 2 * HOUR
    assert elapsed(Mode.CONTINUOUS, None, at("2026-02-02 09:00"), at("2026-02-05 12:00"), resting) == 2 * HOUR
    assert elapsed(Mode.CALENDAR_DAYS, OFFICE, at("2026-02-01 09:00"), at("2026-02-05 12:00"), resting) == timedelta(0)
    assert elapsed(Mode.WORKING_DAYS, OFFICE, at("2026-01-29 09:00"), at("2026-02-05 12:00"), resting) == timedelta(
        days=1
    )


@pytest.mark.parametrize("mode", TERMS)
def test_behind_a_pause_that_goes_on_there_is_no_term(mode: Mode) -> None:
    """While a clock rests it has no term, unless that passed before the rest began."""
    resting = [Pause(since=at("2026-02-04 11:00"))]
    with pytest.raises(ValueError, match="waiting: customer since 2026-02-04T08:00:00"):
        due(mode, OFFICE, at("2026-02-02 09:00"), timedelta(days=4), resting)
    passed = due(mode, OFFICE, at("2026-01-27 09:00"), timedelta(days=1), resting)
    assert passed == due(mode, OFFICE, at("2026-01-27 09:00"), timedelta(days=1))


@pytest.mark.parametrize("mode", list(Mode))
def test_before_its_start_no_time_has_run(mode: Mode) -> None:
    """A clock that starts in the future has run for no time, not for less than none."""
    assert elapsed(mode, OFFICE, at("2026-02-05 12:00"), at("2026-02-03 12:00")) == timedelta(0)


def test_what_has_no_term_is_measured() -> None:
    """A target without a term takes time around the clock, and asking for its term is an error."""
    assert elapsed(Mode.NONE, None, at("2026-02-06 12:00"), at("2026-02-08 13:00")) == timedelta(days=2, hours=1)
    with pytest.raises(ValueError, match="no term"):
        due(Mode.NONE, OFFICE, at("2026-02-06 12:00"), HOUR)


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode.needs_calendar])
def test_without_its_calendar_nothing_is_counted(mode: Mode) -> None:
    """A mode that needs a calendar says so, rather than count around the clock."""
    with pytest.raises(ValueError, match=f"{mode.value} without a calendar"):
        due(mode, None, at("2026-02-06 12:00"), timedelta(days=1))
    with pytest.raises(ValueError, match=f"{mode.value} without a calendar"):
        elapsed(mode, None, at("2026-02-06 12:00"), at("2026-02-07 12:00"))


@pytest.mark.parametrize("mode", [Mode.CALENDAR_DAYS, Mode.WORKING_DAYS])
def test_days_are_whole(mode: Mode) -> None:
    """Half a day has no end, so there is no term of it."""
    with pytest.raises(ValueError, match="whole days, not 1 day, 12:00:00"):
        due(mode, OFFICE, at("2026-02-06 12:00"), timedelta(days=1, hours=12))


def test_absurd_input_is_refused() -> None:
    """Negative durations, pauses that end before they begin, and times without a zone are errors."""
    start = at("2026-02-06 12:00")
    with pytest.raises(ValueError, match="before its start"):
        due(Mode.CONTINUOUS, None, start, -HOUR)
    backwards = [Pause(since=start + HOUR, until=start)]
    with pytest.raises(ValueError, match="cannot end at"):
        due(Mode.CONTINUOUS, None, start, HOUR, backwards)
    with pytest.raises(ValueError, match="cannot end at"):
        elapsed(Mode.CONTINUOUS, None, start, start + HOUR, backwards)
    with pytest.raises(ValueError, match="without a UTC offset"):
        due(Mode.CONTINUOUS, None, start.replace(tzinfo=None), HOUR)


@pytest.mark.parametrize("mode", [Mode.WORKING, Mode.SKIP_DAYS_OFF, Mode.WORKING_DAYS])
def test_a_search_ends_after_ten_years(mode: Mode) -> None:
    """Where nobody ever works there is no term, and where too little is worked within ten years neither."""
    shut = Calendar(name="shut", zone=OFFICE.zone, week=((),) * 7, own_days={date(2030, 1, 1): OFFICE.week[0]})
    assert (
        at("2030-01-01 00:00") <= due(mode, shut, at("2026-02-06 12:00"), timedelta(0)).due_at <= at("2030-01-02 00:00")
    )
    with pytest.raises(NoWorkingTime):
        due(mode, shut, at("2026-02-06 12:00"), timedelta(days=2))
    with pytest.raises(NoWorkingTime):
        due(mode, shut, at("2031-02-06 12:00"), timedelta(0))


@pytest.mark.parametrize("mode", TERMS)
def test_no_duration_is_too_long_to_be_refused(mode: Mode) -> None:
    """A thousand years, or more than any calendar has, is an error that says so."""
    for within in (timedelta(days=9000 * 365), timedelta(days=999999999)):
        with pytest.raises(NoWorkingTime):
            due(mode, OFFICE, at("2026-02-06 12:00"), within)
    if mode.needs_calendar:  # at the end of time there are no ten years left to search
        with pytest.raises(NoWorkingTime):
            due(mode, OFFICE, at("9999-12-30 12:00"), timedelta(days=30))


@pytest.mark.parametrize(
    ("mode", "within", "doubted"),
    [
        (Mode.WORKING, timedelta(hours=10), False),  # 31 December to its end is confirmed
        (Mode.WORKING, timedelta(hours=10) + MICROSECOND, True),
        (Mode.SKIP_DAYS_OFF, timedelta(hours=36), False),
        (Mode.SKIP_DAYS_OFF, timedelta(hours=36) + MICROSECOND, True),
        (Mode.WORKING_DAYS, timedelta(days=1), False),
        (Mode.WORKING_DAYS, timedelta(days=2), True),
        (Mode.CALENDAR_DAYS, timedelta(days=60), False),  # days off do not matter
        (Mode.CONTINUOUS, timedelta(days=60), False),
    ],
)
def test_terms_past_the_confirmed_days_are_doubted(mode: Mode, within: timedelta, doubted: bool) -> None:
    """A term that a day off of an unconfirmed year could move says so; one that ends with the last sure day does not."""
    rules = {date(2026, 12, 31): openings("18:00-24:00"), date(2027, 1, 1): openings("00:00-09:00")}
    desk = calendar("12:00-16:00", country="RU", own_days=rules)
    term = due(mode, desk, at("2026-12-30 12:00"), within)
    told = ("after 31.12.2026 the calendar's days off are not confirmed",)
    assert term.doubts == (told if doubted else ())


def test_martial_law_is_doubted_by_name() -> None:
    """A Kyiv desk is told that holidays may count again, and that days in a row do not care."""
    desk = calendar(zone=KYIV, country="UA", martial_law=True)
    start = at("2026-05-04 17:00", KYIV)
    assert due(Mode.WORKING, desk, start, HOUR).doubts == ()
    assert due(Mode.WORKING, desk, start, 2 * HOUR).doubts == (
        "after 04.05.2026 martial law is not confirmed: holidays may count again",
    )
    assert due(Mode.CALENDAR_DAYS, desk, start, timedelta(days=30)).doubts == ()
