"""When a promise falls due and how much of it has run, in every mode, with each stretch of time explained.

Four modes count time: there the clock runs through what counts and outside every pause, exact to the microsecond. A term
used up at the very moment of closing is due at closing, one that starts while closed starts with the next opening (D2, D3).

Two modes count days (D9). Day 0 is the local day of the start, and what is due after N days is due when day N ends, at the
next local midnight. A day is counted when it ends: a pause gives back every day at whose end the clock rests, day 0 too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter

from maild.clock import aware
from maild.sla.calendar import DAY, HORIZON, Calendar, NoWorkingTime
from maild.sla.clock import Pause, Span, Term, Wait
from maild.sla.target import Mode

NOTHING = timedelta(0)
FOREVER = datetime.max.replace(tzinfo=UTC)
MAX_SPANS = 1000  # of one term: more than a year of a desk with a lunch break; what is longer is told in less detail
AROUND_THE_CLOCK = "around the clock"
CALENDAR_DAY = "calendar day"
DAY_ZERO = "the day it starts"


def due(
    mode: Mode, calendar: Calendar | None, start: datetime, within: timedelta, pauses: Sequence[Pause] = ()
) -> Term:
    """Return the instant, in UTC, at which `within` of counted time has run from `start` on, and why it is then.

    Of no time at all: the first instant that counts, so "at once" at night is the next opening; in working days the end of
    the first working day. A pause that goes on matters once the clock reaches it.

    Raises NoWorkingTime if the time is not used up within ten years, and ValueError for a negative duration, one that is
    not of whole days in a mode of days, a mode that has no term, a calendar that is missing, a pause that ends before it
    begins, and a term that lies behind a pause which goes on: it is not known until that ends.
    """
    start = aware(start)
    if within < NOTHING:
        raise ValueError(f"a term cannot be {-within} before its start")
    if mode is Mode.NONE:
        raise ValueError("what is only measured has no term")
    rests = _merged(pauses)
    try:
        if mode.in_days:
            due_at, spans = _due_in_days(mode, _needed(calendar, mode), start, within, rests)
        else:
            horizon = FOREVER if mode is Mode.CONTINUOUS else start + HORIZON
            due_at, spans = _due_in_time(_stretches(mode, calendar, start), within, rests, horizon)
    except OverflowError:
        raise NoWorkingTime(f"{within} from {start.isoformat()} on is beyond every calendar") from None
    doubted = calendar is not None and mode in (Mode.WORKING, Mode.SKIP_DAYS_OFF, Mode.WORKING_DAYS)
    doubt = calendar.doubt(due_at) if calendar and doubted else ""
    return Term(due_at=due_at, spans=_joined(spans), doubts=(doubt,) if doubt else ())


def elapsed(
    mode: Mode, calendar: Calendar | None, start: datetime, now: datetime, pauses: Sequence[Pause] = ()
) -> timedelta:
    """Return the counted time from `start` until `now`, never negative; in a mode of days, the whole days that have ended.

    A pause that goes on lasts until `now`. What has no term is measured around the clock. Raises ValueError for a calendar
    that is missing and a pause that ends before it begins.
    """
    start, now = aware(start), aware(now)
    rests = _merged(pauses)
    if mode.in_days:
        ended = 0
        for day in _days(mode, _needed(calendar, mode), start, rests, endless=True):
            if day.span.end > now:
                break
            ended += day.span.counts
        return ended * DAY
    total = NOTHING
    for one in _outside(_stretches(mode, calendar, start), rests, endless=True):
        if one.start >= now:
            break
        if one.counts:
            total += min(one.end, now) - one.start
    return total


@dataclass(frozen=True)
class _Rest:
    """Pauses made one where they overlap, cut where what they wait for changes."""

    since: datetime
    until: datetime  # FOREVER: it goes on
    why: str


def _merged(pauses: Sequence[Pause]) -> tuple[_Rest, ...]:
    """Return the pauses in order, overlapping nowhere (D7). A customer can cause very many: linear but for the sorting."""
    edges: list[tuple[datetime, int, Wait]] = []
    for pause in pauses:
        since, until = aware(pause.since), FOREVER if pause.until is None else aware(pause.until)
        if until < since:
            raise ValueError(f"a pause from {since.isoformat()} cannot end at {until.isoformat()}")
        edges += [(since, 1, pause.reason), (until, -1, pause.reason)]
    rests: list[_Rest] = []
    going_on: Counter[Wait] = Counter()
    since = FOREVER
    for edge, change, reason in sorted(edges, key=itemgetter(0)):
        waiting = [wait.value for wait in Wait if going_on[wait]]
        if waiting and since < edge:
            rests.append(_Rest(since, edge, f"waiting: {', '.join(waiting)}"))
        going_on[reason] += change
        since = edge
    return tuple(rests)


def _needed(calendar: Calendar | None, mode: Mode) -> Calendar:
    if calendar is None:
        raise ValueError(f"nothing can be counted in {mode.value} without a calendar")
    return calendar


def _stretches(mode: Mode, calendar: Calendar | None, start: datetime) -> Iterator[Span]:
    """Yield the time from `start` on, without a gap or an end, by whether the mode counts it."""
    match mode:
        case Mode.WORKING:
            return _needed(calendar, mode).hours(start)
        case Mode.SKIP_DAYS_OFF:
            return _needed(calendar, mode).whole_days(start)
        case _:
            return iter((Span(start=start, end=FOREVER, counts=True, why=AROUND_THE_CLOCK),))


def _outside(stretches: Iterable[Span], rests: Sequence[_Rest], *, endless: bool) -> Iterator[Span]:
    """Yield the same stretches with the rests cut out of them, which do not count, whatever they lie on.

    Unless `endless`, a rest that goes on raises ValueError when it is reached.
    """
    ahead = list(reversed(rests))
    for one in stretches:
        at = one.start
        while ahead and ahead[-1].until <= at:
            ahead.pop()
        while ahead and ahead[-1].since < one.end and at < one.end:
            rest = ahead[-1]
            if at < rest.since:
                yield replace(one, start=at, end=rest.since)
                at = rest.since
            _refuse_endless(rest, endless=endless)
            yield Span(start=at, end=min(rest.until, one.end), counts=False, why=rest.why)
            at = min(rest.until, one.end)
            if rest.until <= at:
                ahead.pop()
        if at < one.end:
            yield one if at == one.start else replace(one, start=at)


def _refuse_endless(rest: _Rest, *, endless: bool) -> None:
    if rest.until == FOREVER and not endless:
        raise ValueError(f"{rest.why} since {rest.since.isoformat()}: there is no term until that ends")


def _due_in_time(
    stretches: Iterable[Span], within: timedelta, rests: Sequence[_Rest], horizon: datetime
) -> tuple[datetime, list[Span]]:
    left = within
    spans: list[Span] = []
    for one in _outside(stretches, rests, endless=False):
        if one.counts:
            length = one.end - one.start
            if left <= length:
                due_at = one.start + left
                return due_at, [*spans, replace(one, end=due_at)] if left else spans
            left -= length
        if one.end > horizon:
            break
        spans.append(one)
    raise NoWorkingTime(f"{within - left} of {within} is all the working time there is until {horizon:%d.%m.%Y}")


@dataclass(frozen=True)
class _Counted:
    """A day of a count of days, from its midnight (day 0: from the start) to the next."""

    span: Span
    zero: bool  # day 0 itself: the first at whose end the clock does not rest
    working: bool


def _days(
    mode: Mode, calendar: Calendar, start: datetime, rests: Sequence[_Rest], *, endless: bool
) -> Iterator[_Counted]:
    """Yield the days from that of `start` on, without an end."""
    ahead = list(reversed(rests))
    day, begun = calendar.date_of(start) - DAY, False
    while True:
        day += DAY
        began, ends = calendar.bounds(day)
        if began == ends:  # skipped: Samoa had no 30 December 2011
            continue
        while ahead and ahead[-1].until < ends:
            ahead.pop()
        rest = ahead[-1] if ahead and ahead[-1].since < ends else None
        said = calendar.day(day)
        counts, why = False, DAY_ZERO
        if rest:
            _refuse_endless(rest, endless=endless)
            why = rest.why
        elif begun and mode is Mode.CALENDAR_DAYS:
            counts, why = True, CALENDAR_DAY
        elif begun:
            counts, why = said.working, calendar.whole_why(day)
        span = Span(start=max(began, start), end=ends, counts=counts, why=why)
        yield _Counted(span, zero=not rest and not begun, working=said.working)
        begun = begun or not rest


def _due_in_days(
    mode: Mode, calendar: Calendar, start: datetime, within: timedelta, rests: Sequence[_Rest]
) -> tuple[datetime, list[Span]]:
    if within % DAY:
        raise ValueError(f"a term in {mode.value} is of whole days, not {within}")
    left = within // DAY
    spans: list[Span] = []
    for day in _days(mode, calendar, start, rests, endless=False):
        if day.span.start > start + HORIZON:
            break
        spans.append(day.span)
        left -= day.span.counts
        if left <= 0 and (day.span.counts or (day.zero and (mode is Mode.CALENDAR_DAYS or day.working))):
            return day.span.end, spans
    raise NoWorkingTime(f"{within.days} days from {start.isoformat()} on do not end within ten years")


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the stretches with neighbours of one reason made one, and the middle of very many told in one."""
    joined: list[Span] = []
    for (why, counts), alike in groupby(spans, key=attrgetter("why", "counts")):
        first, *rest = alike
        joined.append(Span(start=first.start, end=rest[-1].end, counts=counts, why=why) if rest else first)
    if len(joined) <= MAX_SPANS:
        return tuple(joined)
    half = MAX_SPANS // 2
    middle = joined[half : 1 - half]
    counted = sum((one.end - one.start for one in middle if one.counts), NOTHING)
    hours, left = divmod(counted, timedelta(hours=1))
    why = f"{len(middle)} stretches, of which {hours} h {left // timedelta(minutes=1)} min count"
    return (*joined[:half], Span(start=middle[0].start, end=middle[-1].end, counts=True, why=why), *joined[1 - half :])
