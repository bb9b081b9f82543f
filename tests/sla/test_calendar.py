"""What a calendar says of days and instants, and which calendars there cannot be."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.sla import holidays
from maild.sla.calendar import Calendar, Opening
from tests.sla.desks import DESKS, KYIV, MOSCOW, at, calendar, openings, week

HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)
RUSSIA = calendar(country="RU", shorten=HOUR)
SIX_DAYS = calendar("09:00-15:00", days="mon-sat", country="RU", shorten=HOUR)
OWN = calendar(
    country="RU",
    shorten=HOUR,
    own_days={
        date(2026, 1, 9): None,
        date(2026, 2, 21): openings("10:00-14:00"),
        date(2026, 3, 6): (),
        date(2026, 4, 30): None,
        date(2026, 11, 1): None,
        date(2026, 11, 4): openings("12:00-16:00"),
        date(2026, 6, 12): (),
    },
)
WAR = calendar(zone=KYIV, country="UA", martial_law=True, shorten=HOUR)
LIST = calendar(zone=KYIV, country="UA")


@pytest.mark.parametrize(
    ("desk", "day", "hours", "why"),
    [
        (RUSSIA, "2026-02-05", "09:00–18:00", "Thursday"),
        (RUSSIA, "2026-02-07", "", "Saturday"),
        (RUSSIA, "2026-11-04", "", "holiday: День народного единства"),
        (RUSSIA, "2026-05-09", "", "holiday: День Победы"),  # on a Saturday
        (RUSSIA, "2026-01-09", "", "holiday: Выходной (перенесено с 03.01.2026)"),
        (RUSSIA, "2025-11-01", "09:00–17:00", "working Saturday (moved), shortened before a holiday"),
        (calendar(country="RU"), "2025-11-01", "09:00–18:00", "working Saturday (moved)"),
        (RUSSIA, "2026-04-30", "09:00–17:00", "Thursday, shortened before a holiday"),
        (RUSSIA, "2026-12-30", "09:00–18:00", "Wednesday"),  # 31 December is a moved day off
        (calendar(), "2026-11-04", "09:00–18:00", "Wednesday"),  # no country
        (SIX_DAYS, "2026-02-07", "09:00–15:00", "Saturday"),
        (SIX_DAYS, "2026-01-03", "", "holiday: Новогодние каникулы"),
        (SIX_DAYS, "2025-11-01", "09:00–14:00", "working Saturday (moved), shortened before a holiday"),
        (SIX_DAYS, "2026-03-07", "09:00–14:00", "Saturday, shortened before a holiday"),
        (OWN, "2026-01-09", "09:00–18:00", "own rule: working"),
        (OWN, "2026-02-21", "10:00–14:00", "own rule: 10:00–14:00"),
        (OWN, "2026-03-06", "", "own rule: off"),
        (OWN, "2026-04-30", "09:00–18:00", "own rule: working"),  # whole, though it is the eve of a holiday
        (OWN, "2026-11-01", "09:00–18:00", "own rule: working"),  # a Sunday gets the first working weekday's hours
        (OWN, "2026-11-04", "12:00–16:00", "own rule: 12:00–16:00"),
        (OWN, "2026-11-03", "09:00–18:00", "Tuesday"),  # whole: the holiday after it is worked here
        (OWN, "2026-06-11", "09:00–17:00", "Thursday, shortened before a holiday"),  # off by own rule, too
        (WAR, "2026-01-01", "09:00–18:00", "Thursday"),
        (WAR, "2025-12-24", "09:00–18:00", "Wednesday"),
        (LIST, "2026-01-01", "", "holiday: Новий рік"),
        (LIST, "2026-03-09", "09:00–18:00", "Monday"),  # no day off is moved while martial law lasts
    ],
)  # fmt: skip
def test_a_day_has_hours_and_a_reason(desk: Calendar, day: str, hours: str, why: str) -> None:
    """Own rules go before working week-ends, these before holidays, these before the weekday (D5)."""
    said = desk.day(date.fromisoformat(day))
    assert (" ".join(map(str, said.openings)), said.why) == (hours, why)
    assert said.working is bool(hours)
    assert said.date == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("by", "hours"),
    [
        ("1h", "09:00–13:00 13:30–13:45"),
        ("1h15m", "09:00–13:00"),
        ("2h", "09:00–12:15"),
        ("6h", ""),
    ],
)
def test_a_short_last_opening_is_shortened_into_the_one_before(by: str, hours: str) -> None:
    """An hour less is an hour less, wherever the lunch break is."""
    desk = calendar(
        "09:00-13:00", "13:30-14:45", country="RU", shorten=timedelta(hours=int(by[0]), minutes=15 * ("15m" in by))
    )
    said = desk.day(date(2026, 4, 30))
    assert " ".join(map(str, said.openings)) == hours
    assert said.working is bool(hours)


def test_an_evening_until_midnight_is_shortened_too() -> None:
    """24:00 less an hour is 23:00."""
    desk = calendar("09:00-24:00", country="RU", shorten=HOUR)
    assert " ".join(map(str, desk.day(date(2026, 4, 30)).openings)) == "09:00–23:00"


def test_openings_are_half_open() -> None:
    """Open on the very second of opening, closed on that of closing."""
    for instant, open_then in [
        ("08:59:59.999999", False),
        ("09:00", True),
        ("17:59:59.999999", True),
        ("18:00", False),
    ]:
        assert RUSSIA.is_working(at(f"2026-02-05 {instant}")) is open_then


@pytest.mark.parametrize(
    ("instant", "opening"),
    [
        ("2026-02-05 09:00", "2026-02-05 09:00"),
        ("2026-02-05 12:34:56.789", "2026-02-05 12:34:56.789"),
        ("2026-02-05 18:00", "2026-02-06 09:00"),
        ("2026-02-06 18:00", "2026-02-09 09:00"),
        ("2025-12-30 18:00", "2026-01-12 09:00"),
        ("2025-10-31 19:00", "2025-11-01 09:00"),
    ],
)
def test_the_next_opening(instant: str, opening: str) -> None:
    """The instant itself while open, else the next time the doors open."""
    assert RUSSIA.next_opening(at(instant)) == at(opening)


def test_a_desk_that_never_opens_has_no_next_opening() -> None:
    """But for its own days."""
    never = Calendar(name="never", zone=MOSCOW, week=((),) * 7)
    once = replace(never, own_days={date(2030, 1, 1): openings("09:00-10:00")})
    assert never.next_opening(at("2026-02-05 09:00")) is None
    assert once.next_opening(at("2026-02-05 09:00")) == at("2030-01-01 09:00")
    assert once.next_opening(at("2030-01-01 10:00")) is None


def test_the_next_opening_of_a_desk_that_never_closes_is_found_at_once() -> None:
    """However long the stretch is that begins there: no day is drawn but the one asked about."""
    always: Any = calendar("00:00-24:00", days="mon-sun")
    assert always.next_opening(at("2026-02-05 09:00")) == at("2026-02-05 09:00")
    assert always._drawn.cache_info().currsize == 1


def test_openings_are_clipped_and_joined() -> None:
    """What touches is one stretch, over midnight too, and nothing is told beyond what was asked."""
    around = calendar("00:00-12:00", "12:00-24:00", days="mon-fri")
    assert list(around.openings(at("2026-02-05 10:00"), at("2026-02-09 01:00"))) == [
        (at("2026-02-05 10:00"), at("2026-02-07 00:00")),
        (at("2026-02-09 00:00"), at("2026-02-09 01:00")),
    ]
    lunch = calendar("09:00-13:00", "14:00-18:00")
    assert list(lunch.openings(at("2026-02-05 13:00"), at("2026-02-05 14:00"))) == []
    assert list(lunch.openings(at("2026-02-05 12:00"), at("2026-02-05 15:00"))) == [
        (at("2026-02-05 12:00"), at("2026-02-05 13:00")),
        (at("2026-02-05 14:00"), at("2026-02-05 15:00")),
    ]
    assert list(lunch.openings(at("2026-02-05 12:00"), at("2026-02-05 12:00"))) == []
    assert list(lunch.openings(at("2026-02-05 12:00"), at("2026-02-04 12:00"))) == []
    assert all(
        start.tzinfo is UTC and end.tzinfo is UTC
        for start, end in lunch.openings(at("2026-02-05 12:00"), at("2026-02-06 15:00"))
    )


@given(
    desk=st.sampled_from([*DESKS.values(), OWN]),
    since=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    ahead=st.timedeltas(timedelta(0), timedelta(days=12)),
)
def test_openings_are_when_the_desk_works(desk: Calendar, since: datetime, ahead: timedelta) -> None:
    """Stretches are in order and apart, worked from the first moment to the last, and nothing is worked between them."""
    told = list(desk.openings(since, since + ahead))
    edges = [edge for stretch in told for edge in stretch]
    assert edges == sorted(set(edges))
    for start, end in told:
        assert since <= start < end <= since + ahead
        assert desk.is_working(start)
        assert desk.is_working(end - MICROSECOND)
        assert start == since or not desk.is_working(start - MICROSECOND)
        assert end == since + ahead or not desk.is_working(end)
        assert desk.next_opening(start) == start
    if ahead:
        assert desk.is_working(since) is bool(told and told[0][0] == since)


@pytest.mark.parametrize(
    ("hours", "day", "told"),
    [
        ("02:30-03:30", "2026-03-29", ["00:30 01:00"]),  # the clocks go from 03:00 to 04:00
        ("03:15-03:45", "2026-03-29", []),  # all of it is passed over
        ("03:30-05:00", "2026-03-29", ["01:00 02:00"]),
        ("02:30-03:30", "2026-10-25", ["23:30 00:30"]),  # the clocks go from 04:00 to 03:00: the first 03:30
        ("03:15-03:45", "2026-10-25", ["00:15 00:45"]),  # once, the first time
        ("03:30-05:00", "2026-10-25", ["00:30 03:00"]),  # from the first 03:30 on, through the second
    ],
)  # fmt: skip
def test_an_opening_on_the_night_of_a_change(hours: str, day: str, told: list[str]) -> None:
    """An opening is one stretch: it begins and ends the first time its hour comes, or when the clocks pass over that."""
    desk = calendar(hours, zone=KYIV, days="mon-sun")
    start, end = desk.bounds(date.fromisoformat(day))
    assert [f"{opens:%H:%M} {closes:%H:%M}" for opens, closes in desk.openings(start, end)] == told


def test_days_of_a_change_have_their_real_length() -> None:
    """23 hours in spring, 25 in autumn, half an hour more on Lord Howe, and none at all where Samoa skipped one."""
    lengths = {
        ("Europe/Kyiv", date(2026, 3, 29)): 23.0,
        ("Europe/Kyiv", date(2026, 10, 25)): 25.0,
        ("Europe/Moscow", date(2026, 10, 25)): 24.0,
        ("Australia/Lord_Howe", date(2026, 4, 5)): 24.5,
        ("America/Santiago", date(2026, 9, 6)): 23.0,
        ("Pacific/Apia", date(2011, 12, 30)): 0.0,
    }
    for (zone, day), hours in lengths.items():
        start, end = calendar(zone=ZoneInfo(zone)).bounds(day)
        assert (end - start) / HOUR == hours


@pytest.mark.parametrize(
    "change",
    [
        {"zone": KYIV},
        {"week": week("09:00-17:00")},
        {"week": week("09:00-18:00", days="mon-thu")},
        {"country": "UA"},
        {"country": ""},
        {"martial_law": True},
        {"shorten": 2 * HOUR},
        {"own_days": {date(2026, 2, 5): ()}},
        {"own_days": {date(2026, 2, 5): None}},
        {"own_days": {date(2026, 2, 5): openings("09:00-12:00")}},
        {"confirmed_until": date(2027, 12, 31)},  # what a term says of itself
    ],
    ids=str,
)
def test_a_fingerprint_shows_every_change_that_moves_terms(change: dict[str, Any]) -> None:
    """D14: what could move a term is another calendar."""
    changed = replace(RUSSIA, **change)
    assert changed.fingerprint != RUSSIA.fingerprint
    assert changed != RUSSIA


def test_a_fingerprint_keeps_still_otherwise() -> None:
    """A new name, rules told in another order, and what says nothing without holidays move no term."""
    rules = {date(2026, 2, 5): (), date(2026, 2, 6): openings("09:00-12:00")}
    turned = dict(reversed(rules.items()))
    assert replace(RUSSIA, own_days=rules).fingerprint == replace(RUSSIA, own_days=turned).fingerprint
    assert replace(RUSSIA, own_days=rules) == replace(RUSSIA, own_days=turned)
    assert hash(replace(RUSSIA, own_days=rules)) == hash(replace(RUSSIA, own_days=turned))
    assert replace(RUSSIA, name="another").fingerprint == RUSSIA.fingerprint
    assert replace(RUSSIA, name="another") != RUSSIA
    assert (
        replace(RUSSIA, country="", shorten=HOUR).fingerprint
        == replace(RUSSIA, country="", shorten=2 * HOUR).fingerprint
    )
    assert replace(RUSSIA, confirmed_until=date(2026, 12, 31)).fingerprint == RUSSIA.fingerprint  # what is known anyway


def test_a_fingerprint_shows_a_new_decree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days off that come with a release of the holidays package change terms, so they change the word."""
    before = RUSSIA.fingerprint
    known = holidays.year_of("RU", 2027)
    moved = holidays.Year(
        names={**known.names, date(2027, 11, 12): "Выходной"}, workdays=known.workdays, eves=known.eves
    )
    year_of = holidays.year_of
    monkeypatch.setattr(holidays, "year_of", lambda country, year: moved if year == 2027 else year_of(country, year))
    holidays.digest.cache_clear()
    try:
        assert replace(RUSSIA).fingerprint != before
    finally:
        holidays.digest.cache_clear()


def morning(start: int, end: int | None) -> Opening:
    return Opening(start=time(start), end=None if end is None else time(end))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"week": ((),) * 6}, "seven days, not 6"),
        ({"week": ((morning(9, 9),), *((),) * 6)}, "09:00–09:00 ends before it begins"),
        ({"week": ((morning(18, 9),), *((),) * 6)}, "18:00–09:00 ends before it begins"),
        ({"week": ((morning(9, 13), morning(12, 18)), *((),) * 6)}, "09:00–13:00 and 12:00–18:00 overlap"),
        ({"week": ((morning(14, 18), morning(9, 13)), *((),) * 6)}, "14:00–18:00 and 09:00–13:00 overlap"),
        ({"week": ((morning(9, None), morning(12, 18)), *((),) * 6)}, "09:00–24:00 and 12:00–18:00 overlap"),
        ({"own_days": {date(2026, 1, 1): (morning(9, 13), morning(12, 18))}}, "overlap"),
        ({"shorten": -HOUR}, "less than nothing"),
        ({"country": "XX"}, "country 'XX'"),
    ],
    ids=str,
)
def test_a_calendar_that_cannot_be_is_refused(change: dict[str, Any], told: str) -> None:
    """With its name and what is wrong."""
    with pytest.raises(ValueError, match=f"calendar desk: .*{told}"):
        replace(RUSSIA, **change)


def test_seconds_of_an_opening_are_told() -> None:
    """Hours are told to the minute, unless they are finer."""
    assert str(Opening(start=time(9), end=time(17, 59, 59))) == "09:00–17:59:59"
    assert str(Opening(start=time(0), end=None)) == "00:00–24:00"
