"""Opening hours, days of the week, dates: what is accepted, what is refused."""

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.hours import (
    WEEKDAYS,
    OpeningHours,
    parse_date,
    parse_date_key,
    parse_day_rule,
    parse_opening,
    parse_weekdays,
    weekdays,
)

NO_HOURS: list[object] = ["", "10-18", "10.00-18.00", "10:00", "10:00-18:00-20:00", 10, None, [], "١٠:00-18:00"]
NO_RULES: list[object] = ["", "closed", "Off", [], 0, True, {}]
MINUTE = st.integers(0, 24 * 60)


@pytest.mark.parametrize(
    ("text", "start", "end", "minutes"),
    [
        pytest.param("10:00-18:00", time(10), time(18), 480, id="a working day"),
        pytest.param("9:00-9:01", time(9), time(9, 1), 1, id="one minute"),
        pytest.param("00:00-24:00", time(0), None, 1440, id="the whole day"),
        pytest.param("23:59-24:00", time(23, 59), None, 1, id="the last minute"),
        pytest.param(" 10:00 – 18:00 ", time(10), time(18), 480, id="a dash of a word processor"),
    ],
)
def test_opening_hours(text: str, start: time, end: time | None, minutes: int) -> None:
    """What people write for opening hours is read, and how long it is follows."""
    opening = parse_opening(text)
    assert (OpeningHours(start, end), minutes) == (opening, opening.minutes)


@given(MINUTE, MINUTE)
def test_opening_hours_survive_a_round_trip(start: int, end: int) -> None:
    """Every pair of minutes is either hours that end later than they begin, or refused."""
    text = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    if start < end:
        assert text == str(parse_opening(text))
        assert end - start == parse_opening(text).minutes
    else:
        with pytest.raises(ValueError, match="hours that end"):
            parse_opening(text)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *[(bad, "in quotes such as") for bad in NO_HOURS],
        *[(bad, "from 00:00 to 24:00") for bad in ("24:01-24:02", "10:60-11:00", "10:00-25:00", "99:99-99:99")],
        *[(bad, "are two:") for bad in ("22:00-06:00", "18:00-09:00")],
        *[(bad, "is written 24:00") for bad in ("22:00-00:00", "24:00-24:00", "00:00-00:00")],
        ("10:00-10:00", "end later than they begin"),
    ],
)  # fmt: skip
def test_what_is_no_opening(value: object, words: str) -> None:
    """Each mistake is told by its own words: no time, over midnight, midnight as 00:00, nothing at all."""
    with pytest.raises(ValueError, match=words):
        parse_opening(value)


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("mon", (0,)),
        ("sun", (6,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("mon-sun", (0, 1, 2, 3, 4, 5, 6)),
        ("wed-wed", (2,)),
        ("sat-mon", (5, 6, 0)),
        ("sun-thu", (6, 0, 1, 2, 3)),
    ],
)
def test_days_of_the_week(key: str, days: tuple[int, ...]) -> None:
    """A day, or several in a row, also over the end of the week."""
    assert key == parse_weekdays(key)
    assert days == weekdays(key)


def test_there_are_seven_days() -> None:
    """Every key names days from Monday to Sunday, no one twice."""
    for first in WEEKDAYS:
        for last in WEEKDAYS:
            assert sorted(set(weekdays(f"{first}-{last}"))) == sorted(weekdays(f"{first}-{last}"))
            assert {weekdays(first)[0], weekdays(last)[0]} <= set(weekdays(f"{first}-{last}"))


@pytest.mark.parametrize("bad", ["", "Mon", "monday", "пн", "mon-", "-fri", "mon-fri-sun", "mon,tue", "daily", 1, None])
def test_what_is_no_weekday(bad: object) -> None:
    """Other spellings are refused with the ones that there are."""
    with pytest.raises(ValueError, match="mon, tue, wed"):
        parse_weekdays(bad)


def test_dates() -> None:
    """With quotes or without; as a key always text."""
    assert date(2026, 12, 31) == parse_date(date(2026, 12, 31)) == parse_date("2026-12-31")
    assert parse_date_key("2026-12-31") == "2026-12-31"
    assert date(2000, 1, 1) == parse_date("2000-01-01")
    assert date(2099, 12, 31) == parse_date("2099-12-31")


@pytest.mark.parametrize(
    "bad",
    [
        "31.12.2026", "2026-02-29", "2026-13-01", "1999-12-31", "2100-01-01", "0001-01-01", "", "2026-1-1", "２026-01-01", 20261231, True,
        None, datetime(2026, 12, 31, 10), time(10),
    ],
)  # fmt: skip
def test_what_is_no_date(bad: object) -> None:
    """Days that are not there, years that a desk does not see, and instants."""
    with pytest.raises(ValueError, match="a date"):
        parse_date(bad)
    with pytest.raises(ValueError, match="a date"):
        parse_date_key(bad)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("off", ()),
        ("working", None),
        ("10:00-14:00", (OpeningHours(time(10), time(14)),)),
        (["10:00-14:00", "15:00-24:00"], (OpeningHours(time(10), time(14)), OpeningHours(time(15), None))),
    ],
)
def test_rules_of_single_days(value: object, rule: Any) -> None:
    """Off, the usual hours, or hours of its own."""
    assert rule == parse_day_rule(value)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        *[(bad, '"off", "working"') for bad in NO_RULES],
        ("14:00-10:00", "end later"),
        (["off"], "opening hours in quotes"),
        (["10:00-14:00", 3], "opening hours in quotes"),
    ],
)
def test_what_is_no_rule(bad: object, words: str) -> None:
    """What else stands there is refused; a mistake in hours is told as one."""
    with pytest.raises(ValueError, match=words):
        parse_day_rule(bad)
