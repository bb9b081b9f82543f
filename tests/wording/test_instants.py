"""Terms in words: what a customer reads is the term, in their zone, never a minute later, and never two in one."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.wording import say_date, say_instant, say_zone

MOSCOW, KYIV, URALS = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Kyiv"), ZoneInfo("Asia/Yekaterinburg")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def at(text: str, zone: ZoneInfo = MOSCOW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


SAID = {
    "a working day": (at("2026-11-24 18:00"), MOSCOW, ("18:00 вторника, 24 ноября (МСК)", "18:00 вівторка, 24 листопада (за Москвою)", "18:00 on Tuesday, 24 November (Moscow time)")),
    "Kyiv": (at("2026-11-24 18:00", KYIV), KYIV, ("18:00 вторника, 24 ноября (по Киеву)", "18:00 вівторка, 24 листопада (за Києвом)", "18:00 on Tuesday, 24 November (Kyiv time)")),
    "another zone than the calendar's": (at("2026-11-24 18:00"), URALS, ("20:00 вторника, 24 ноября (МСК+2, Екатеринбург)", "20:00 вівторка, 24 листопада (UTC+5)", "20:00 on Tuesday, 24 November (UTC+5)")),
    "an early hour": (at("2026-11-27 09:05"), MOSCOW, ("09:05 пятницы, 27 ноября (МСК)", "09:05 п’ятниці, 27 листопада (за Москвою)", "09:05 on Friday, 27 November (Moscow time)")),
    "the end of a day": (at("2026-11-25 00:00"), MOSCOW, ("24:00 вторника, 24 ноября (МСК)", "24:00 вівторка, 24 листопада (за Москвою)", "midnight at the end of Tuesday, 24 November (Moscow time)")),
    "the end of a month": (at("2026-12-01 00:00"), MOSCOW, ("24:00 понедельника, 30 ноября (МСК)", "24:00 понеділка, 30 листопада (за Москвою)", "midnight at the end of Monday, 30 November (Moscow time)")),
    "the end of the year": (at("2027-01-01 00:00"), MOSCOW, ("24:00 четверга, 31 декабря (МСК)", "24:00 четверга, 31 грудня (за Москвою)", "midnight at the end of Thursday, 31 December (Moscow time)")),
    "another year": (at("2027-01-11 12:00"), MOSCOW, ("12:00 понедельника, 11 января 2027 года (МСК)", "12:00 понеділка, 11 січня 2027 року (за Москвою)", "12:00 on Monday, 11 January 2027 (Moscow time)")),
    "a year gone by": (at("2025-11-01 12:00"), MOSCOW, ("12:00 субботы, 1 ноября 2025 года (МСК)", "12:00 суботи, 1 листопада 2025 року (за Москвою)", "12:00 on Saturday, 1 November 2025 (Moscow time)")),
    "seconds": (at("2026-11-24 17:59:59.999999"), MOSCOW, ("17:59 вторника, 24 ноября (МСК)", "17:59 вівторка, 24 листопада (за Москвою)", "17:59 on Tuesday, 24 November (Moscow time)")),
    "seconds after midnight": (at("2026-11-25 00:00:59"), MOSCOW, ("24:00 вторника, 24 ноября (МСК)", "24:00 вівторка, 24 листопада (за Москвою)", "midnight at the end of Tuesday, 24 November (Moscow time)")),
    "before the clocks go back": (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), KYIV, ("03:30 воскресенья, 25 октября (по Киеву, до перевода часов)", "03:30 неділі, 25 жовтня (за Києвом, до переведення годинників)", "03:30 on Sunday, 25 October (Kyiv time, before the clocks go back)")),
    "after the clocks have gone back": (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), KYIV, ("03:30 воскресенья, 25 октября (по Киеву, после перевода часов)", "03:30 неділі, 25 жовтня (за Києвом, після переведення годинників)", "03:30 on Sunday, 25 October (Kyiv time, after the clocks go back)")),
    "the hour after both": (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), KYIV, ("04:00 воскресенья, 25 октября (по Киеву)", "04:00 неділі, 25 жовтня (за Києвом)", "04:00 on Sunday, 25 October (Kyiv time)")),
    "the hour that is left out": (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), KYIV, ("04:00 воскресенья, 29 марта (по Киеву)", "04:00 неділі, 29 березня (за Києвом)", "04:00 on Sunday, 29 March (Kyiv time)")),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
@pytest.mark.parametrize(("place", "language"), list(enumerate(["ru", "uk", "en"])))
def test_instants(case: str, place: int, language: str) -> None:
    """A term in the words that a letter puts behind "до" or "by"."""
    instant, zone, said = SAID[case]
    assert say_instant(instant, zone, language, NOW) == said[place]


def test_the_year_is_that_of_the_zone() -> None:
    """At 22:00 UTC on New Year's Eve it is next year in Moscow, so next year's days need no year."""
    eve = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)
    assert say_instant(at("2027-01-11 12:00"), MOSCOW, "ru", eve) == "12:00 понедельника, 11 января (МСК)"


def test_a_term_without_an_offset_is_refused() -> None:
    """Guessing a zone is how terms go wrong."""
    for instant, now in ((datetime(2026, 11, 24), NOW), (NOW, datetime(2026, 11, 24))):
        with pytest.raises(ValueError, match="ambiguous"):
            say_instant(instant, MOSCOW, "ru", now)


NAMED = {
    "Europe/Moscow": ("МСК", "за Москвою", "Moscow time"),
    "W-SU": ("МСК", "за Москвою", "Moscow time"),
    "Europe/Kiev": ("по Киеву", "за Києвом", "Kyiv time"),
    "Europe/Kaliningrad": ("МСК−1, Калининград", "UTC+2", "UTC+2"),
    "Europe/Volgograd": ("МСК, Волгоград", "UTC+3", "UTC+3"),
    "Asia/Kamchatka": ("МСК+9, Петропавловск-Камчатский", "UTC+12", "UTC+12"),
    "UTC": ("UTC", "UTC", "UTC"),
    "Asia/Kolkata": ("UTC+5:30", "UTC+5:30", "UTC+5:30"),
    "America/St_Johns": ("UTC−3:30", "UTC−3:30", "UTC−3:30"),
    "Africa/Abidjan": ("UTC", "UTC", "UTC"),
}


@pytest.mark.parametrize("key", NAMED)
def test_zones(key: str) -> None:
    """By a name where people have one, else by the distance from UTC; Russians count from Moscow."""
    assert tuple(say_zone(NOW, ZoneInfo(key), language) for language in ("ru", "uk", "en")) == NAMED[key]


def test_the_distance_is_that_of_the_instant() -> None:
    """New York is five hours behind in winter and four in summer."""
    new_york = ZoneInfo("America/New_York")
    assert [say_zone(at(day), new_york, "ru") for day in ("2026-01-15", "2026-07-15")] == ["UTC−5", "UTC−4"]


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "31 декабря 2026 года"), ("uk", "31 грудня 2026 року"), ("en", "31 December 2026")]
)
def test_days(language: str, said: str) -> None:
    """The last day of a coupon or a contract."""
    assert say_date(date(2026, 12, 31), language) == said


ZONES = st.sampled_from(
    [MOSCOW, KYIV, URALS, *map(ZoneInfo, ["UTC", "Asia/Kolkata", "America/Havana", "Australia/Lord_Howe"])]
)
INSTANTS = st.datetimes(min_value=datetime(2026, 1, 2), max_value=datetime(2026, 12, 30), timezones=st.just(UTC))


@given(instant=INSTANTS, zone=ZONES, language=st.sampled_from(["ru", "uk", "en"]))
def test_what_is_said_is_the_term_to_the_minute(instant: datetime, zone: ZoneInfo, language: str) -> None:
    """Read back by hand, the words give the instant without its seconds: nobody is promised more than the term."""
    said = say_instant(instant, zone, language, NOW)
    found = re.fullmatch(r"(?:(\d\d):(\d\d)|midnight at the end of) ?(?:on )?([^ ,]+), (\d+) (\S+) \((.+)\)", said)
    assert found, said
    hours, minutes, _, day, month, _ = found.groups()
    assert (hours, minutes) != ("00", "00")
    local = datetime(2026, MONTHS[language].index(month) + 1, int(day)) + timedelta(
        hours=int(hours or 24), minutes=int(minutes or 0)
    )
    late = instant.astimezone(zone).replace(tzinfo=None) - local
    assert timedelta(0) <= late < timedelta(minutes=1)


@given(instant=INSTANTS, apart=st.integers(1, 180), zone=ZONES)
def test_two_terms_are_told_apart(instant: datetime, apart: int, zone: ZoneInfo) -> None:
    """Also on the day when clocks are set back."""
    later = instant + timedelta(minutes=apart)
    assert say_instant(instant, zone, "ru", NOW) != say_instant(later, zone, "ru", NOW)
