"""Time as an object that is handed in, so that tests and rehearsals can move it. Imports nothing of ours."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that knows what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = aware(start)

    def now(self) -> datetime:
        """Return the instant the clock was last moved to, in UTC."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Move forward to `instant`; a move backwards raises ValueError."""
        instant = aware(instant)
        if instant < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()}, cannot go back to {instant.isoformat()}")
        self._now = instant

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`."""
        self.move_to(self._now + by)


class StepWatch:
    """Notices when the wall clock is set back, by a clock that nobody sets.

    `monotonic` gives seconds, as `time.monotonic` does; it may stand still while the machine sleeps.
    """

    def __init__(self, clock: Clock, monotonic: Callable[[], float]) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._start = self._began()

    def set_back(self, more_than: timedelta) -> timedelta | None:
        """Return how far the clock was set back since this was last noticed, None for less than `more_than`."""
        start = self._began()
        back = self._start - start
        self._start = start if back > more_than else max(self._start, start)
        return back if back > more_than else None

    def _began(self) -> datetime:
        """Return when, by the wall clock, the monotonic one stood at zero: always the same if neither was touched."""
        return self._clock.now() - timedelta(seconds=self._monotonic())


class LeapWatch:
    """Tells whether the wall clock can be believed just now: for a while after a leap ahead it cannot.

    A clock that leaps a day ahead and is set right a minute later must not have reminded people of that day. `boottime`
    gives seconds that pass while the machine sleeps, too (CLOCK_BOOTTIME): having slept is no leap.
    """

    def __init__(self, clock: Clock, boottime: Callable[[], float], *, leap: timedelta, rest: timedelta) -> None:
        self._clock = clock
        self._boottime = boottime
        self._leap = leap
        self._rest = rest
        self._booted = self._began()
        self._doubted_since: float | None = None

    def believed(self) -> bool:
        """Return whether the clock has gone steadily for `rest`, or since this watch began; to be asked regularly."""
        booted = self._began()
        if booted - self._booted > self._leap:
            self._doubted_since = self._boottime()
        elif self._booted - booted > self._leap:
            self._doubted_since = None  # set back: the leap is undone
        self._booted = booted
        if self._doubted_since is not None and self._boottime() - self._doubted_since >= self._rest.total_seconds():
            self._doubted_since = None
        return self._doubted_since is None

    def _began(self) -> datetime:
        return self._clock.now() - timedelta(seconds=self._boottime())


def boottime() -> float:
    """Return the seconds since the machine started, those asleep included (where the system tells)."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def aware(instant: datetime) -> datetime:
    """Return the same instant in UTC; a naive one raises ValueError, because guessing a zone is how terms go wrong."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"a time without a UTC offset is ambiguous: {instant.isoformat()}")
    return instant.astimezone(UTC)
