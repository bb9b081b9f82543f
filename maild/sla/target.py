"""What is promised: from one moment of a ticket's life until another, within a duration counted in one of six modes."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction


class Mode(StrEnum):
    """How the time of a target is counted (`design.md` §6)."""

    WORKING = "working"  # opening hours only
    SKIP_DAYS_OFF = "skip_days_off"  # the 24 hours of every working day (D5: КлиК's "extended by the days off")
    CONTINUOUS = "continuous"  # around the clock
    CALENDAR_DAYS = "calendar_days"  # day 0 is the day it starts, due at the end of day N, days off included (D9)
    WORKING_DAYS = "working_days"  # the same, working days only
    NONE = "none"  # no term: it is measured and never due

    @property
    def in_days(self) -> bool:
        """Whether `Target.within` counts whole days."""
        return self in (Mode.CALENDAR_DAYS, Mode.WORKING_DAYS)

    @property
    def needs_calendar(self) -> bool:
        """Whether opening hours or days off matter to it. Days of any kind need at least a zone, which calendars have."""
        return self not in (Mode.CONTINUOUS, Mode.NONE)


class Moment(StrEnum):
    """What happens in a ticket's life, in this order. All but the first are a person's act (D6)."""

    REGISTERED = "registered"  # arrival at the mailbox server (D1); identification, where that had to come first
    STARTED = "started"  # an agent has taken it up
    ANSWERED = "answered"  # an agent's words have gone to the customer
    RESOLVED = "resolved"


class Audience(StrEnum):
    """Who is reminded."""

    AGENT = "agent"  # whose ticket it is; nobody's yet: the team
    TEAM = "team"  # every agent who wants notifications
    MANAGER = "manager"  # the client's own (NI-13); none: the agent
    HEAD = "head"  # none: the team


class Hours(StrEnum):
    """When a client, or a coupon, is served (CB-24)."""

    WORKING = "working"
    ROUND_THE_CLOCK = "round_the_clock"


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """When somebody is reminded: at a share of the time, or so long before or after the term. Exactly one of the two is set."""

    text: str  # as the admin wrote it, "50%", "-30m", "0", "+1h": its name in the history, unique within a target
    share: Fraction | None = None
    offset: timedelta | None = None  # counted like the target's own time; negative: before the term
    to: tuple[Audience, ...] = (Audience.AGENT,)


@dataclass(frozen=True, kw_only=True)
class Target:
    """One promise. A ticket has at most one target for each `until`."""

    name: str
    start: Moment = Moment.REGISTERED
    until: Moment
    within: timedelta | None = None  # None: no term (mode NONE), or a person sets it (IN-9)
    mode: Mode = Mode.WORKING
    calendar: str = ""  # its name in the organisation; "" only where the mode needs none
    thresholds: tuple[Threshold, ...] = ()
    up_to: timedelta | None = (
        None  # how far it may be extended with notice, in total from the start (D8); None: not at all
    )
    levels: frozenset[str] = frozenset()  # of which tickets; empty: of all
    categories: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    hours: frozenset[Hours] = frozenset()

    def fits(self, *, level: str, category: str, severity: str, hours: Hours) -> bool:
        """Whether the promise holds for such a ticket."""
        asked = ((self.levels, level), (self.categories, category), (self.severities, severity), (self.hours, hours))
        return all(not among or value in among for among, value in asked)


def choose_targets(
    targets: tuple[Target, ...], *, level: str, category: str, severity: str, hours: Hours
) -> tuple[Target, ...]:
    """Return the promises that hold for such a ticket: for each `until` the first in the order of the configuration."""
    chosen: dict[Moment, Target] = {}
    for target in targets:
        if target.fits(level=level, category=category, severity=severity, hours=hours):
            chosen.setdefault(target.until, target)
    return tuple(chosen[moment] for moment in Moment if moment in chosen)
