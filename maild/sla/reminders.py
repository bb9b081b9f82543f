"""When a clock wants to be looked at, and what it has to say then. Pure: who exactly is told is the desk's business.

Everything follows from the clock's instants and from the names of the thresholds it has dealt with, never from how often
or when it was looked at: a step of the machine's clock, forwards or backwards, neither repeats a reminder nor loses one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Literal

from maild.model import TicketEvent
from maild.sla.calendar import Calendar, NoWorkingTime
from maild.sla.clock import Clock
from maild.sla.target import Audience, Mode, Threshold
from maild.sla.terms import due, elapsed

Calendars = Mapping[str, Calendar]  # of one organisation, by name

LATE = timedelta(minutes=10)  # what a tick and a slow machine explain; beyond it the letter says that it is late
_LAST_HOUR = timedelta(hours=1)  # in which one still learns of a term that falls where nobody works (D9)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """Word that somebody is to be sent now about one clock."""

    clock: Clock  # as it stands after the look
    threshold: Threshold
    kind: Literal["before", "term", "after"]
    due_at: datetime  # the term it speaks of
    late: bool = False  # it should have gone out more than `LATE` ago
    to: tuple[Audience, ...] = ()  # the threshold's, and those of the earlier ones that it speaks for


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a look at one clock found."""

    clock: Clock  # to be stored, unchanged or not; its `next_at` lies after `now`
    reminder: Reminder | None = None
    events: tuple[TicketEvent, ...] = ()


def parse_threshold(text: str, to: tuple[Audience, ...] = (Audience.AGENT,)) -> Threshold:
    """Turn `"50%"`, `"-30m"`, `"0"`, `"+1h30m"`, `"-1d"` into a Threshold; else a ValueError whose text completes "expected …".

    A day is 24 hours, counted as the target counts them: of a working-time target it is 24 working hours.
    """
    if text == "0":
        return Threshold(text=text, offset=timedelta(0), to=to)
    if match := re.fullmatch(r"([0-9]{1,2})(?:\.([0-9]{1,3}))?%", text):
        share = Fraction(f"{match[1]}.{match[2] or 0}") / 100
        if share:
            return Threshold(text=text, share=share, to=to)
    if match := re.fullmatch(r"([-+])((?:[0-9]{1,5}[mhd])+)", text):
        length = sum((int(n) * _UNITS[unit] for n, unit in re.findall(r"([0-9]+)([mhd])", match[2])), timedelta(0))
        if timedelta(0) < length <= timedelta(days=3650):
            return Threshold(text=text, offset=-length if match[1] == "-" else length, to=to)
    raise ValueError('a share of the time, such as "50%", "0" for the term, or a time from it: "-30m", "+1h", "-1d"')


def calendar_of(clock: Clock, calendars: Calendars) -> Calendar | None:
    """The calendar that the clock counts by; None where it needs none, or where the configuration has it no more."""
    return None if clock.target.mode is Mode.CONTINUOUS else calendars.get(clock.target.calendar)


def promised(clock: Clock) -> timedelta | None:
    """How long the promise is: an extension counts once its notice has left (D8)."""
    if clock.extension and clock.extension.left_at:
        return clock.extension.to
    return clock.target.within


def instant_of(threshold: Threshold, clock: Clock, calendars: Calendars) -> datetime | None:
    """When the threshold is reached, before any holding to working time. None: there is no term, or it lies before the start.

    Shares and offsets are counted as the clock itself counts, so that "-30m" leaves thirty working minutes and pauses move
    it; in the modes of whole days, and where the calendar is gone, they are plain time between the start and the term.
    """
    if clock.due_at is None:
        return None
    if threshold.offset == timedelta(0):
        return clock.due_at
    calendar, mode = calendar_of(clock, calendars), clock.target.mode
    if mode is Mode.CONTINUOUS or (calendar and mode in (Mode.WORKING, Mode.SKIP_DAYS_OFF)):
        start, total, pauses = clock.started_at, promised(clock), clock.pauses
        if clock.set_at or total is None:
            start, pauses = clock.set_at or clock.started_at, ()
            total = elapsed(mode, calendar, start, clock.due_at)
        within = _part(threshold, total)
        try:
            return due(mode, calendar, start, within, pauses).due_at if within > timedelta(0) else None
        except NoWorkingTime:
            return None
    start = clock.set_at or clock.started_at
    within = _part(threshold, clock.due_at - start)
    return start + within if within > timedelta(0) else None


def _part(threshold: Threshold, total: timedelta) -> timedelta:
    if threshold.share is not None:
        return total * threshold.share.numerator / threshold.share.denominator
    return total + (threshold.offset or timedelta(0))


def held(instant: datetime, *, due_at: datetime, calendar: Calendar | None, since: datetime) -> datetime:
    """When a reminder that is reached at `instant` goes out (D11): in working time, and not before `since`.

    In working time that is at once, and so without a calendar. Else it waits for the next opening; but one before the term
    never waits beyond it: it goes out in the last working hour before its instant (D9), or, where there has been none
    since `since`, at `since`, for a word at night is better than none.
    """
    instant = max(instant, since)
    if calendar is None or calendar.is_working(instant):
        return instant
    opening = calendar.next_opening(instant)
    if instant >= due_at:
        return opening or instant
    if opening is not None and opening < due_at:
        return opening
    for back in (timedelta(days=31), instant - since):  # a month almost always has an opening, and is quickly walked
        last = max(calendar.openings(max(since, instant - back), instant), default=None)
        if last is not None:
            return max(last[0], last[1] - _LAST_HOUR)
    return since


def next_at(clock: Clock, calendars: Calendars) -> datetime | None:
    """When the clock first wants to be looked at: for a reminder or at its term. It may lie in the past; None: not by itself."""
    return min(_wishes(clock, _pending(clock, calendars)), default=None)


def look(clock: Clock, calendars: Calendars, now: datetime) -> Looked:
    """What is due of this clock at `now`: the breach, recorded at the term itself, and at most one reminder.

    Of several thresholds that were passed unnoticed only the latest is sent, to everybody whom the others would have told,
    and marked late where it is. One before the term is not sent after it. What is found late at night waits for the next
    opening, like everything else. A clock that rests, is met or is stopped has nothing to say.
    """
    clock, events = passed(clock, now)
    reminder, pending = None, _pending(clock, calendars)
    reached = [one for one in pending if one.goes_at <= now]
    if reached:
        last = reached[-1]
        goes_at = _still_goes_at(clock, last, calendars, now)
        if goes_at is None or goes_at <= now:
            over, pending = [one for one in pending if one.at <= last.at], [one for one in pending if one.at > last.at]
            clock = replace(clock, reminded=clock.reminded | {one.threshold.text for one in over})
            reminder = _reminder(clock, last, over, now) if goes_at else None
        else:
            pending = [replace(one, goes_at=goes_at) if one in reached else one for one in pending]
    clock = replace(clock, next_at=min(_wishes(clock, pending), default=None))
    return Looked(clock=clock, reminder=replace(reminder, clock=clock) if reminder else None, events=events)


def passed(clock: Clock, at: datetime) -> tuple[Clock, tuple[TicketEvent, ...]]:
    """The clock as its term has it at `at`: breached from the very instant on (D2), with the event where that is news."""
    if not clock.running or clock.due_at is None or clock.breached_at or at < clock.due_at:
        return clock, ()
    lapsed = clock.extension is not None and clock.extension.left_at is None
    detail = f"{clock.target.name}: was due {utc(clock.due_at)}" + (
        "; the notice of its extension had not left" if lapsed else ""
    )
    return replace(clock, breached_at=clock.due_at), (TicketEvent(kind="breach", detail=detail),)


def utc(instant: datetime) -> str:
    """The instant as a ticket's history writes it."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, kw_only=True)
class _Pending:
    """A threshold not dealt with yet."""

    threshold: Threshold
    at: datetime  # when it is reached
    goes_at: datetime  # when it goes out


def _pending(clock: Clock, calendars: Calendars) -> list[_Pending]:
    """In the order in which they are reached, then of the configuration."""
    return sorted(_find_pending(clock, calendars), key=lambda one: one.at)


def _find_pending(clock: Clock, calendars: Calendars) -> Iterator[_Pending]:
    if not clock.running or clock.due_at is None:
        return
    calendar, since = calendar_of(clock, calendars), _awake_since(clock)
    for threshold in clock.target.thresholds:
        at = None if threshold.text in clock.reminded else instant_of(threshold, clock, calendars)
        if at is not None:
            goes_at = held(at, due_at=clock.due_at, calendar=calendar, since=since)
            yield _Pending(threshold=threshold, at=at, goes_at=goes_at)


def _still_goes_at(clock: Clock, reached: _Pending, calendars: Calendars, now: datetime) -> datetime | None:
    """When what is found reached at `now` goes out: now, or at the next opening. None: the term has overtaken it."""
    assert clock.due_at is not None
    before = reached.at < clock.due_at
    if before and clock.due_at <= now:
        return None
    term = clock.due_at if before else now
    return held(now, due_at=term, calendar=calendar_of(clock, calendars), since=now)


def _awake_since(clock: Clock) -> datetime:
    """Since when it could remind: it was started, or has gone on, or has got its term from a person."""
    gone_on = clock.pauses[-1].until if clock.pauses else None
    return max(one for one in (clock.started_at, clock.set_at, gone_on) if one is not None)


def _wishes(clock: Clock, pending: list[_Pending]) -> list[datetime]:
    wishes = [one.goes_at for one in pending]
    if clock.running and clock.due_at is not None and clock.breached_at is None:
        wishes.append(clock.due_at)
    return wishes


def _reminder(clock: Clock, last: _Pending, over: list[_Pending], now: datetime) -> Reminder:
    assert clock.due_at is not None
    told = [last, *reversed(over)]
    return Reminder(
        clock=clock,
        threshold=last.threshold,
        kind="before" if last.at < clock.due_at else "term" if last.at == clock.due_at else "after",
        due_at=clock.due_at,
        late=now - last.goes_at > LATE,
        to=tuple(dict.fromkeys(who for one in told for who in one.threshold.to)),
    )
