"""Promises of the waits between tries of an outgoing letter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.outbox.retry import LONGEST_REST, UNCERTAIN_REPEATS, UNCERTAIN_WAIT, next_attempt, rest_until

QUEUED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [(1, MINUTE), (2, 5 * MINUTE), (3, 15 * MINUTE), (4, HOUR), (5, 3 * HOUR), (6, 3 * HOUR), (500, 3 * HOUR)],
)
def test_waits_grow_and_are_capped(attempts: int, wait: timedelta) -> None:
    """The waits are those of the table; the last one repeats."""
    assert QUEUED + wait == next_attempt(attempts, QUEUED, QUEUED, 3 * DAY, uncertain=0, jitter=0)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(3 * DAY - 2 * HOUR, 3 * DAY, id="the-last-try-is-at-the-limit-and-not-an-hour-late"),
        pytest.param(3 * DAY - timedelta(microseconds=1), 3 * DAY, id="just-inside-the-limit"),
        pytest.param(3 * DAY, None, id="at-the-limit"),
        pytest.param(30 * DAY, None, id="long-past-the-limit"),
    ],
)
def test_age_limit(age: timedelta, expected: timedelta | None) -> None:
    """A letter uses the whole of its time (more than 24 hours of it), and not an instant more."""
    at = next_attempt(9, QUEUED, QUEUED + age, 3 * DAY, uncertain=0, jitter=0.5)
    assert at == (None if expected is None else QUEUED + expected)


@pytest.mark.parametrize(
    ("uncertain", "age", "again"),
    [
        pytest.param(1, HOUR, True, id="first-repeat"),
        pytest.param(UNCERTAIN_REPEATS, HOUR, True, id="last-repeat"),
        pytest.param(UNCERTAIN_REPEATS + 1, HOUR, False, id="no-third-repeat"),
        pytest.param(1, DAY - UNCERTAIN_WAIT, True, id="just-time-to-wait"),
        pytest.param(1, DAY - UNCERTAIN_WAIT + timedelta(seconds=1), False, id="no-time-left-to-wait"),
    ],
)
def test_a_letter_that_may_have_arrived_waits_and_is_repeated_twice_at_most(
    uncertain: int, age: timedelta, again: bool
) -> None:
    """An answer that never came costs the customer at most two more copies, a quarter of an hour apart."""
    at = next_attempt(1, QUEUED, QUEUED + age, DAY, uncertain=uncertain, jitter=0)
    assert at == (QUEUED + age + UNCERTAIN_WAIT if again else None)


instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
durations = st.timedeltas(timedelta(seconds=1), 30 * DAY)
jitters = st.floats(0, 1, exclude_max=True)


@given(
    attempts=st.integers(1, 10_000),
    queued=instants,
    age=st.timedeltas(-DAY, 40 * DAY),
    limit=durations,
    uncertain=st.integers(0, 4),
    jitter=jitters,
)
def test_every_answer_is_in_the_future_and_within_the_limit(
    *, attempts: int, queued: datetime, age: timedelta, limit: timedelta, uncertain: int, jitter: float
) -> None:
    """Whatever the clock says, a next try is later than now, never past the limit, and a definite failure is final only at it."""
    now = queued + age
    at = next_attempt(attempts, queued, now, limit, uncertain=uncertain, jitter=jitter)
    if at is not None:
        assert now < at <= queued + limit
        assert not uncertain or at - now >= UNCERTAIN_WAIT
    elif not uncertain:
        assert now >= queued + limit


@given(failures=st.integers(1, 10_000), jitter=jitters)
def test_a_mailbox_rests_a_while_but_never_long(failures: int, jitter: float) -> None:
    """Rests grow with the failures in a row and stay short: the server may be back any minute."""
    rest, longer = (rest_until(n, QUEUED, jitter=jitter) - QUEUED for n in (failures, failures + 1))
    assert MINUTE <= rest <= longer <= LONGEST_REST * 1.2
