"""A running measure of one target on one ticket, as a value. What moves it is in `clocks`, what it reminds of in `reminders`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from maild.sla.target import Moment, Target


class Wait(StrEnum):
    """Why a clock rests (D7)."""

    CUSTOMER = "customer"
    APPROVAL = "approval"  # of a price, of works
    THIRD_PARTY = "third_party"
    RELEASE = "release"
    RESOLVED = "resolved"  # until the ticket is reopened (D12)


OTHERS = frozenset(
    {Wait.THIRD_PARTY, Wait.RELEASE}
)  # waits that nothing of the customer's can end, nor be asked of them


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A rest, half-open [since, until)."""

    since: datetime
    until: datetime | None = None  # None: it goes on
    reason: Wait = Wait.CUSTOMER


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch [start, end) of a clock's time and why it counts or does not: what `maild sla explain` prints."""

    start: datetime
    end: datetime
    counts: bool
    why: str  # "open 10:00–18:00", "Saturday", "holiday: День народного единства", "waiting: customer", …


@dataclass(frozen=True, kw_only=True)
class Term:
    """When something is due, and why."""

    due_at: datetime
    spans: tuple[Span, ...]  # without a gap from start to due_at, in order
    doubts: tuple[str, ...] = ()  # "after 31.12.2026 the calendar's days off are not confirmed"


@dataclass(frozen=True, kw_only=True)
class Extension:
    """More time, promised to the customer beforehand. It counts once the notice has left, if that is before the old term (D8)."""

    to: timedelta  # in total from the start
    asked_at: datetime
    notice: str  # Message-ID of the letter to the customer
    left_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One target at work on one ticket. A clock keeps the target as it was when the clock was started."""

    id: int | None = None  # None: not stored yet
    ticket_id: int
    target: Target
    started_at: datetime
    pauses: tuple[Pause, ...] = ()  # in order, not overlapping, at most the last one open
    due_at: datetime | None = None  # None: no term, or none while it rests
    set_at: datetime | None = None  # when a person set the term; then pauses and calendars do not move it
    extension: Extension | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None  # the term that passed; stays, whatever happens later
    stopped_at: datetime | None = None  # refused, superseded, …: it measures nothing any more
    reminded: frozenset[str] = frozenset()  # texts of thresholds dealt with, sent or passed over
    next_at: datetime | None = None  # when it wants to be looked at: a reminder, the term. None: not by itself
    calendar: str = ""  # fingerprint of the calendar that `due_at` was computed with
    spans: tuple[Span, ...] = ()  # why `due_at`
    doubts: tuple[str, ...] = ()

    @property
    def until(self) -> Moment:
        """The moment that meets it."""
        return self.target.until

    @property
    def running(self) -> bool:
        """Whether it is still to be met, resting or not."""
        return self.met_at is None and self.stopped_at is None

    @property
    def resting(self) -> bool:
        """Whether its last pause goes on."""
        return bool(self.pauses) and self.pauses[-1].until is None


def next_term(clocks: Iterable[Clock]) -> Clock | None:
    """Return the running clock whose term comes first, or None."""
    due = [clock for clock in clocks if clock.running and clock.due_at is not None]
    return min(due, key=lambda clock: clock.due_at or _NEVER, default=None)


_NEVER = datetime.max.replace(tzinfo=UTC)
