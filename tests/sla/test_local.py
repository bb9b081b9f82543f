"""Wall-clock times as instants, where clocks jump."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.sla.local import changes_of, date_at, instant_of

ZONES = "Europe/Kyiv America/New_York Australia/Lord_Howe America/Santiago Africa/Cairo Pacific/Apia America/St_Johns"


@pytest.mark.parametrize(
    ("zone", "reading", "utc"),
    [
        ("Europe/Moscow", "2026-03-29 03:30", "2026-03-29 00:30"),
        ("Europe/Kyiv", "2026-03-29 02:59:59", "2026-03-29 00:59:59"),
        ("Europe/Kyiv", "2026-03-29 03:00", "2026-03-29 01:00"),  # passed over: the moment of the change
        ("Europe/Kyiv", "2026-03-29 03:59:59.999999", "2026-03-29 01:00"),
        ("Europe/Kyiv", "2026-03-29 04:00", "2026-03-29 01:00"),
        ("Europe/Kyiv", "2026-10-25 02:59", "2026-10-24 23:59"),
        ("Europe/Kyiv", "2026-10-25 03:00", "2026-10-25 00:00"),  # happens twice: the first time
        ("Europe/Kyiv", "2026-10-25 03:59", "2026-10-25 00:59"),
        ("Europe/Kyiv", "2026-10-25 04:00", "2026-10-25 02:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),  # half an hour is passed over
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00"),  # there is no midnight
        ("America/Santiago", "2026-04-05 00:00", "2026-04-05 04:00"),  # 23:00–24:00 twice the evening before
        ("Asia/Kolkata", "2026-01-01 00:00", "2025-12-31 18:30"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),  # a day that never was
        ("Pacific/Apia", "2011-12-31 00:00", "2011-12-30 10:00"),
    ],
)
def test_a_reading_is_an_instant(zone: str, reading: str, utc: str) -> None:
    """A time on the wall is the first instant that shows it, or the change that passes over it."""
    local = datetime.fromisoformat(reading)
    assert instant_of(local.date(), local.time(), ZoneInfo(zone)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(
    zone=st.sampled_from(ZONES.split()).map(ZoneInfo),
    one=st.datetimes(datetime(2005, 1, 1), datetime(2030, 1, 1)),
    ahead=st.timedeltas(timedelta(0), timedelta(hours=30)),
)
def test_later_readings_are_never_earlier(zone: ZoneInfo, one: datetime, ahead: timedelta) -> None:
    """Time on the wall and time run in the same direction, whatever the clocks do."""
    two = one + ahead
    assert instant_of(one.date(), one.time(), zone) <= instant_of(two.date(), two.time(), zone)


@given(
    zone=st.sampled_from(ZONES.split()).map(ZoneInfo),
    instant=st.datetimes(datetime(2005, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_every_instant_lies_in_its_day(zone: ZoneInfo, instant: datetime) -> None:
    """An instant is within the midnights of its day, half-open, so days follow each other without gap or overlap."""
    day = date_at(instant, zone)
    assert instant_of(day, time.min, zone) <= instant < instant_of(day + timedelta(days=1), time.min, zone)


def test_a_day_goes_on_when_clocks_go_back_over_its_midnight() -> None:
    """At 00:01 of 7 November 2010 clocks of St John's went back to 23:01: that is still the 7th, which had begun."""
    zone = ZoneInfo("America/St_Johns")
    again = datetime(2010, 11, 7, 2, 45, tzinfo=UTC)
    assert again.astimezone(zone).date() == date(2010, 11, 6)
    assert date_at(again, zone) == date(2010, 11, 7)


def test_changes_are_told_to_the_second() -> None:
    """Kyiv changes twice a year at 01:00 UTC; Moscow never."""
    hour = timedelta(hours=1)
    kyiv = changes_of(ZoneInfo("Europe/Kyiv"))
    assert [change for change in kyiv if change[0].year == 2026] == [
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 3 * hour),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 2 * hour),
    ]
    assert changes_of(ZoneInfo("Europe/Moscow")) == ((datetime(2020, 1, 1, tzinfo=UTC), 3 * hour),)
