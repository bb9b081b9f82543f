"""Official days off, against the decrees."""

from calendar import monthrange
from datetime import date, timedelta

import pytest

from maild.sla import holidays
from tests.sla.desks import calendar
from tests.sla.oracle import RUSSIA_EVES, RUSSIA_OFF, RUSSIA_WORKED


def days_of(*years: int) -> list[date]:
    return [
        date(year, month, day)
        for year in years
        for month in range(1, 13)
        for day in range(1, monthrange(year, month)[1] + 1)
    ]


def test_russia_rests_as_decreed() -> None:
    """2025 and 2026 to the day: holidays, moved days off, the working Saturday, 247 working days each."""
    desk = calendar(country="RU")
    for year in (2025, 2026):
        for day in days_of(year):
            official = day not in RUSSIA_OFF and (day.weekday() < 5 or day in RUSSIA_WORKED)
            assert desk.day(day).working is official, day
        assert sum(desk.day(day).working for day in days_of(year)) == 247


def test_days_before_russian_holidays_are_known() -> None:
    """The days that the law shortens are those of the production calendars, and no other working day is."""
    desk = calendar(country="RU", shorten=timedelta(hours=1))
    short = {day for day in days_of(2025, 2026) if "shortened" in desk.day(day).why}
    assert short == RUSSIA_EVES
    assert date(2026, 5, 10) not in holidays.year_of("RU", 2026).eves  # the 11th rests for the 9th and is no holiday
    assert date(2029, 12, 31) in holidays.year_of("RU", 2029).eves  # for the sake of the next year's first day
    official = {date(2024, 2, 22), date(2024, 3, 7), date(2024, 5, 8), date(2024, 6, 11), date(2024, 11, 2)}
    assert {day for day in days_of(2024) if "shortened" in desk.day(day).why} == official


def test_ukraine_knows_its_holidays_by_name() -> None:
    """The package files them under working days since martial law; they are still there, in Ukrainian, never in English."""
    names = holidays.year_of("UA", 2026).names
    assert names[date(2026, 1, 1)] == "Новий рік"
    assert names[date(2026, 8, 24)] == "День незалежності України"
    assert holidays.year_of("UA", 2026).workdays == frozenset()


def test_names_are_russian_where_there_are_any() -> None:
    """Not in the language of the machine's locale."""
    assert holidays.year_of("RU", 2026).names[date(2026, 11, 4)] == "День народного единства"
    assert (
        holidays.year_of("BY", 2026).names[date(2026, 7, 3)]
        == "День Независимости Республики Беларусь (День Республики)"
    )
    assert holidays.year_of("US", 2026).names[date(2026, 7, 3)].startswith("Independence Day")


def test_a_year_holds_its_own_days_only() -> None:
    """Whatever was loaded for its sake, its neighbours' days are not among them."""
    for year in (2024, 2025, 2026):
        known = holidays.year_of("RU", year)
        assert {day.year for day in (*known.names, *known.workdays, *known.eves)} == {year}


@pytest.mark.parametrize(
    ("country", "known"), [("RU", True), ("UA", True), ("", False), ("ru", False), ("RUS", False), ("XX", False)]
)
def test_countries_are_known_by_two_letters(country: str, known: bool) -> None:
    """What the configuration may say."""
    assert holidays.is_known(country) is known


def test_an_unknown_country_is_refused() -> None:
    """Rather than have no holidays."""
    with pytest.raises(ValueError, match="'XX'"):
        holidays.year_of("XX", 2026)


def test_every_known_country_can_be_asked() -> None:
    """Whatever an admin may name loads, this year's days off and all."""
    assert all(
        isinstance(holidays.year_of(country, 2026), holidays.Year)
        for country in ("KZ", "BY", "GE", "DE", "IL", "AE", "CN")
    )


def test_what_is_certain_is_told() -> None:
    """Russia to the last decree, Ukraine to the last law on martial law, of others nothing is doubted."""
    assert holidays.confirmed_until("RU") == date(2026, 12, 31)
    assert holidays.confirmed_until("UA") == date(2026, 5, 4)
    assert holidays.confirmed_until("DE") is None
    assert holidays.confirmed_until("") is None
