"""Where months begin and end."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.contracts.quota import month_of, month_start, next_month

MOSCOW, KYIV = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Kyiv")
ZONES = [
    ZoneInfo(name)
    for name in "Europe/Moscow Europe/Kyiv Asia/Beirut America/Havana Africa/Cairo Pacific/Apia UTC".split()
]


@pytest.mark.parametrize(
    ("instant", "zone", "start", "end"),
    [
        pytest.param(
            "2026-01-31T21:00", MOSCOW, "2026-01-31T21:00", "2026-02-28T21:00", id="first-instant-of-february"
        ),
        pytest.param(
            "2026-01-31T20:59:59", MOSCOW, "2025-12-31T21:00", "2026-01-31T21:00", id="last-second-of-january"
        ),
        pytest.param("2026-12-31T20:59", MOSCOW, "2026-11-30T21:00", "2026-12-31T21:00", id="december"),
        pytest.param(
            "2026-03-31T20:59", KYIV, "2026-02-28T22:00", "2026-03-31T21:00", id="kyiv-springs-forward-in-march"
        ),
        pytest.param("2026-10-31T21:59", KYIV, "2026-09-30T21:00", "2026-10-31T22:00", id="kyiv-falls-back-in-october"),
        pytest.param("2024-02-29T12:00", ZoneInfo("UTC"), "2024-02-01T00:00", "2024-03-01T00:00", id="leap-day"),
    ],
)
def test_months_are_those_of_the_zone(instant: str, zone: ZoneInfo, start: str, end: str) -> None:
    """D10: at nine in the evening of the 31st in UTC, Moscow has begun the next month."""
    found = month_of(datetime.fromisoformat(instant).replace(tzinfo=UTC), zone)
    assert (start, end) == tuple(one.replace(tzinfo=None).isoformat(timespec="minutes") for one in found)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_every_instant_is_in_its_month_and_months_leave_no_gap(instant: datetime, zone: ZoneInfo) -> None:
    """Whatever the clocks do at midnight, a month holds its instants, and the next begins where it ends."""
    start, end = month_of(instant, zone)
    assert start <= instant < end
    assert month_of(end, zone)[0] == end
    assert month_of(start, zone) == month_of(end - timedelta(microseconds=1), zone) == (start, end)
    local = instant.astimezone(zone)
    assert start == month_start(local.year, local.month, zone)
    assert end == month_start(*next_month(local.year, local.month), zone)


def test_an_instant_without_a_zone_belongs_to_no_month() -> None:
    """The machine's own zone decides nothing."""
    with pytest.raises(ValueError, match="without a zone"):
        month_of(datetime(2026, 1, 1), MOSCOW)
