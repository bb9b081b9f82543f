"""How long a renewed coupon holds."""

from datetime import date

import pytest

from maild.contracts.renewal import renewed_until

CASES = {
    "a year by a year": ("2026-01-01", "2026-12-31", "2026-12-20", "2027-12-31"),
    "a year before a leap day by a year": ("2027-01-01", "2027-12-31", "2027-12-31", "2028-12-31"),
    "a month by a month, whatever its length": ("2026-01-01", "2026-01-31", "2026-01-31", "2026-02-28"),
    "three months from the middle of one": ("2026-01-15", "2026-04-14", "2026-04-01", "2026-07-14"),
    "days by days": ("2026-03-02", "2026-03-11", "2026-03-05", "2026-03-21"),
    "forty days by forty, though a month lies between": ("2026-03-02", "2026-04-10", "2026-04-01", "2026-05-20"),
    "one day by one": ("2026-03-02", "2026-03-02", "2026-03-02", "2026-03-03"),
    "long over: from today": ("2024-01-01", "2024-12-31", "2026-11-20", "2027-11-19"),
    "over yesterday: from today, without a gap": ("2026-01-01", "2026-12-31", "2027-01-01", "2027-12-31"),
    "a month from the 31st": ("2025-12-01", "2025-12-31", "2026-01-31", "2026-02-27"),
}


@pytest.mark.parametrize(("since", "until", "today", "expected"), CASES.values(), ids=CASES)
def test_the_next_term(since: str, until: str, today: str, expected: str) -> None:
    """As long as the one before, behind it or, where that is over, from today."""
    days = map(date.fromisoformat, (since, until, today))
    assert renewed_until(*days) == date.fromisoformat(expected)


def test_without_an_end() -> None:
    assert renewed_until(date(2026, 1, 1), None, date(2026, 11, 20)) is None


@pytest.mark.parametrize(
    ("since", "until"), [(None, "2026-12-31"), ("2026-01-01", "9999-12-30"), ("2026-01-02", "9999-01-01")]
)
def test_no_length_to_go_on(since: str | None, until: str) -> None:
    """Refused, not guessed: an end without a beginning; a term beyond the calendar."""
    with pytest.raises(ValueError, match=r"length|calendar"):
        renewed_until(date.fromisoformat(since) if since else None, date.fromisoformat(until), date(2026, 11, 20))
