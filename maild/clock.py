"""Time as an object that is handed in, so that tests and rehearsals can move it. Imports nothing of ours."""

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


def aware(instant: datetime) -> datetime:
    """Return the same instant in UTC; a naive one raises ValueError, because guessing a zone is how terms go wrong."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"a time without a UTC offset is ambiguous: {instant.isoformat()}")
    return instant.astimezone(UTC)
