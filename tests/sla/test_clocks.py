"""What starts, meets, rests and moves the clocks of a ticket."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.sla import changes, clocks
from maild.sla.changes import Refusal, Refused
from maild.sla.clock import Clock, Pause, Span, Wait
from maild.sla.moves import Change, Plan
from maild.sla.reminders import look
from maild.sla.target import Mode, Moment, Target
from tests.sla.story import CALENDARS, LONGER, Story, at, describe, target

HOUR = timedelta(hours=1)
TAKE = target("take", Moment.STARTED, HOUR / 2)
REPLY = target("reply", Moment.ANSWERED, 3 * HOUR)
CHAIN = target("chain", Moment.ANSWERED, HOUR / 2, start=Moment.STARTED)  # KR-7: after the start
SOLVE = target("solve", Moment.RESOLVED, 4 * HOUR, up_to=8 * HOUR)
CALM = target("calm", Moment.RESOLVED, 40 * HOUR)  # the same promise of a lower level
OPEN = target("open", Moment.RESOLVED, None)  # IN-9: a person sets the term
DAYS = target("days", Moment.RESOLVED, timedelta(days=3), mode=Mode.CALENDAR_DAYS, up_to=timedelta(days=6))  # FN-19
KLIK = target("klik", Moment.ANSWERED, 48 * HOUR, mode=Mode.SKIP_DAYS_OFF)
NIGHT = target("night", Moment.RESOLVED, 3 * HOUR, mode=Mode.CONTINUOUS)
FREE = target("free", Moment.ANSWERED, None, mode=Mode.NONE)

STORIES: dict[str, tuple[tuple[Target, ...], tuple[str, ...], str]] = {
    # ── beginning and meeting ──
    "a letter starts what is promised from registration on": (
        (TAKE, REPLY, SOLVE),
        ("27 16:00 registered",),
        "take due 27 16:30, next 27 16:30; reply due 30 10:00, next 30 10:00; solve due 30 11:00, next 30 11:00",
    ),
    "a promise without a term is measured": ((FREE,), ("27 16:00 registered",), "free not due"),
    "and met": ((FREE,), ("27 16:00 registered", "28 16:00 answered"), "free not due, met 28 16:00"),
    "48 hours of КлиК are extended by the week-end (KL-8)": (
        (KLIK,),
        ("27 16:00 registered",),
        "klik due 1 16:00, next 1 16:00",
    ),
    "days of the ФНС end with the last of them (D9)": (
        (DAYS,),
        ("27 16:00 registered",),
        "days due 1 00:00, next 1 00:00",
    ),
    "taking it up meets the start alone": (
        (TAKE, REPLY),
        ("27 16:00 registered", "27 16:10 took"),
        "take due 27 16:30, met 27 16:10; reply due 30 10:00, next 30 10:00",
    ),
    "an answer is a start, too": (
        (TAKE, REPLY, SOLVE),
        ("27 16:00 registered", "27 16:10 answered"),
        "take due 27 16:30, met 27 16:10; reply due 30 10:00, met 27 16:10; solve due 30 11:00, next 30 11:00",
    ),
    "a solution meets all that is open": (
        (TAKE, REPLY, SOLVE),
        ("27 16:00 registered", "27 16:10 took", "27 16:20 resolved"),
        "take due 27 16:30, met 27 16:10; reply due 30 10:00, met 27 16:20; solve due 30 11:00, met 27 16:20",
    ),
    "what is met stays met": (
        (REPLY,),
        ("27 16:00 registered", "27 16:10 answered", "27 17:00 answered", "30 12:00 resolved"),
        "reply due 30 10:00, met 27 16:10",
    ),
    "a moment before the term is in time": (
        (TAKE,),
        ("27 16:00 registered", "27 16:29:59 took"),
        "take due 27 16:30, met 27 16:29:59",
    ),
    "the term itself is late: intervals are half open (D2)": (
        (TAKE,),
        ("27 16:00 registered", "27 16:30 took"),
        "take due 27 16:30, met 27 16:30, breached 27 16:30",
    ),
    "late is late whether or not anybody looked": (
        (TAKE,),
        ("27 16:00 registered", "27 16:40 look", "27 17:00 took"),
        "take due 27 16:30, met 27 17:00, breached 27 16:30",
    ),
    "and at the term itself, too": (
        (TAKE,),
        ("27 16:00 registered", "27 16:30 look", "27 16:30 took"),
        "take due 27 16:30, met 27 16:30, breached 27 16:30",
    ),
    # ── stages ──
    "a stage waits for the one before (KR-7)": (
        (TAKE, CHAIN),
        ("27 16:00 registered",),
        "take due 27 16:30, next 27 16:30",
    ),
    "and starts with its moment": (
        (TAKE, CHAIN),
        ("27 16:00 registered", "27 16:20 took"),
        "take due 27 16:30, met 27 16:20; chain due 27 16:50, next 27 16:50",
    ),
    "only the first time": (
        (TAKE, CHAIN),
        ("27 16:00 registered", "27 16:20 took", "27 16:40 took"),
        "take due 27 16:30, met 27 16:20; chain due 27 16:50, next 27 16:50",
    ),
    "a stage that begins and ends at once is met at once": (
        (TAKE, CHAIN),
        ("27 16:00 registered", "27 16:20 answered"),
        "take due 27 16:30, met 27 16:20; chain due 27 16:50, met 27 16:20",
    ),
    "a stage needs no clock before it": (
        (CHAIN,),
        ("27 16:00 registered", "27 16:20 took"),
        "chain due 27 16:50, next 27 16:50",
    ),
    # ── waiting ──
    "waiting spares the solution, not the reaction (D7)": (
        (REPLY, SOLVE),
        ("27 16:00 registered", "27 16:30 waits third_party"),
        "reply due 30 10:00, next 30 10:00; solve not due, rests: third_party",
    ),
    "what rested goes on with the time it had left": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 waits", "24 11:00 customer"),
        "solve due 24 14:00, next 24 14:00",
    ),
    "only counted time is given back": (
        (SOLVE,),
        ("27 16:00 registered", "27 17:00 waits", "28 11:00 customer"),
        "solve due 30 12:00, next 30 12:00",
    ),
    "a night's wait gives nothing back": (
        (SOLVE,),
        ("27 16:00 registered", "27 18:00 waits", "30 09:00 resumed"),
        "solve due 30 11:00, next 30 11:00",
    ),
    "overlapping waits are one, the latest reason told": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 waits approval", "23 12:00 waits release"),
        "solve not due, rests: release",
    ),
    "and end together": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 waits approval", "23 12:00 waits release", "23 13:00 resumed"),
        "solve due 23 16:00, next 23 16:00",
    ),
    "going on without a wait changes nothing": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 resumed"),
        "solve due 23 14:00, next 23 14:00",
    ),
    "a wait after the term hides no breach": (
        (SOLVE,),
        ("23 10:00 registered", "23 15:00 waits"),
        "solve not due, breached 23 14:00, rests: customer",
    ),
    "nor moves the term that passed": (
        (SOLVE,),
        ("23 10:00 registered", "23 15:00 waits", "24 15:00 resumed"),
        "solve due 23 14:00, breached 23 14:00",
    ),
    "a solution ends the wait": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 waits", "24 10:00 resolved"),
        "solve due 24 13:00, met 24 10:00",
    ),
    "a day that was waited through at its end is given back": (
        (DAYS,),
        ("23 10:00 registered", "23 11:00 waits", "25 12:00 resumed"),
        "days due 29 00:00, next 29 00:00",
    ),
    # ── the customer's next letters ──
    "a second letter resets nothing (D13)": (
        (REPLY, SOLVE),
        ("27 16:00 registered", "27 17:00 customer"),
        "reply due 30 10:00, next 30 10:00; solve due 30 11:00, next 30 11:00",
    ),
    "nor while only the start is owed": (
        (TAKE, CHAIN),
        ("27 16:00 registered", "27 16:10 customer"),
        "take due 27 16:30, next 27 16:30",
    ),
    "nor before a stage has begun": ((CHAIN,), ("23 10:00 registered", "23 10:10 customer"), ""),
    "nor does it end a wait for somebody else while an answer is owed": (
        (REPLY, SOLVE),
        ("27 16:00 registered", "27 16:30 waits third_party", "27 17:00 customer"),
        "reply due 30 10:00, next 30 10:00; solve not due, rests: third_party",
    ),
    "but the wait for it ends, whatever is owed": (
        (REPLY, SOLVE),
        ("23 10:00 registered", "23 10:30 waits", "23 11:30 customer"),
        "reply due 23 13:00, next 23 13:00; solve due 23 15:00, next 23 15:00",
    ),
    "a letter after the answer wants an answer of its own": (
        (TAKE, REPLY, SOLVE),
        ("23 10:00 registered", "23 11:00 answered", "23 11:00 waits", "24 11:00 customer"),
        "take due 23 10:30, met 23 11:00, breached 23 10:30; reply due 23 13:00, met 23 11:00; solve due 24 14:00, next 24 14:00; reply due 24 14:00, next 24 14:00",
    ),
    "whatever its first promise started with": (
        (TAKE, CHAIN),
        ("23 10:00 registered", "23 10:10 answered", "24 11:00 customer"),
        "take due 23 10:30, met 23 10:10; chain due 23 10:40, met 23 10:10; chain due 24 11:30, next 24 11:30",
    ),
    "reopened, the solution has the time it had left (D12)": (
        (REPLY, SOLVE),
        ("23 10:00 registered", "23 11:00 resolved", "25 09:00 customer"),
        "reply due 23 13:00, met 23 11:00; solve due 25 12:00, next 25 12:00; reply due 25 12:00, next 25 12:00",
    ),
    "twice as well": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 resolved", "25 09:00 customer", "25 10:00 resolved", "26 09:00 customer"),
        "solve due 26 11:00, next 26 11:00",
    ),
    "by an agent, too": (
        (REPLY, SOLVE),
        ("23 10:00 registered", "23 11:00 resolved", "25 09:00 resumed"),
        "reply due 23 13:00, met 23 11:00; solve due 25 12:00, next 25 12:00",
    ),
    "reopened late, it is still late": (
        (SOLVE,),
        ("23 10:00 registered", "23 15:00 resolved", "25 09:00 customer"),
        "solve due 23 14:00, breached 23 14:00",
    ),
    # ── out of order ──
    "an answer cannot come before its question": (
        (REPLY,),
        ("23 10:00 registered", "23 09:50 answered"),
        "reply due 23 13:00, met 23 10:00",
    ),
    "a wait cannot begin before the clock": (
        (SOLVE,),
        ("23 10:00 registered", "23 09:30 waits", "23 11:00 resumed"),
        "solve due 23 15:00, next 23 15:00",
    ),
    "a letter that crossed the answer ends a wait that never was": (
        (REPLY, SOLVE),
        ("23 10:00 registered", "23 11:00 answered", "23 11:00 waits", "23 10:59 customer"),
        "reply due 23 13:00, met 23 11:00; solve due 23 14:00, next 23 14:00; reply due 23 13:59, next 23 13:59",
    ),
    "a wait cannot begin before the last one has ended": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 waits", "23 12:00 resumed", "23 11:30 waits", "23 13:00 resumed"),
        "solve due 23 16:00, next 23 16:00",
    ),
    "a solution that came before the wait makes it void": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 waits", "23 10:30 resolved"),
        "solve due 23 14:00, met 23 10:30",
    ),
    "a letter that crossed the solution has been resolved for no time": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 resolved", "23 10:59 customer"),
        "solve due 23 14:00, next 23 14:00",
    ),
    "an answer that arrived in time was in time, whenever we read it": (
        (REPLY,),
        ("23 10:00 registered", "23 13:01 look", "23 12:59 answered"),
        "reply due 23 13:00, met 23 12:59",
    ),
    "and so was a wait": (
        (SOLVE,),
        ("23 10:00 registered", "23 14:01 look", "23 13:59 waits", "23 15:00 resumed"),
        "solve due 23 15:01, next 23 15:01",
    ),
    # ── the end ──
    "nothing is promised on a refused ticket": (
        (REPLY, SOLVE),
        ("23 10:00 registered", "23 11:00 answered", "23 11:00 waits", "23 12:00 refused", "24 10:00 resumed"),
        "reply due 23 13:00, met 23 11:00; solve not due, stopped 23 12:00",
    ),
    "but what was broken before stays so": (
        (SOLVE,),
        ("23 10:00 registered", "23 15:00 refused", "23 16:00 look"),
        "solve due 23 14:00, breached 23 14:00, stopped 23 15:00",
    ),
    # ── counted from another day (IN-10) ──
    "days are counted from when the services ended, before the letter": (
        (REPLY, DAYS),
        ("27 16:00 registered", "27 16:30 counted 25 00:00"),
        "reply due 30 10:00, next 30 10:00; days due 1 00:00, stopped 27 16:30; days due 29 00:00, next 29 00:00",
    ),
    "or will have ended, after it": (
        (DAYS,),
        ("27 16:00 registered", "27 16:30 counted 30 00:00"),
        "days due 1 00:00, stopped 27 16:30; days due 4 00:00, next 4 00:00",
    ),
    "a wait that goes on goes on": (
        (DAYS,),
        ("26 16:00 registered", "27 10:00 waits", "27 16:30 counted 25 00:00", "30 10:00 resumed"),
        "days not due, stopped 27 16:30; days due 2 00:00, next 2 00:00",
    ),
    "a person's term gives way to the one that is counted": (
        (SOLVE,),
        ("26 16:00 registered", "26 16:10 term 30 12:00", "27 10:00 counted 26 17:00"),
        "solve due 30 12:00, stopped 27 10:00; solve due 27 12:00, next 27 12:00",
    ),
    "what had passed is broken still, and the rest is counted": (
        (SOLVE,),
        ("26 10:00 registered", "26 17:00 look", "26 17:10 counted 26 12:00"),
        "solve due 26 14:00, breached 26 14:00, stopped 26 17:10; solve due 26 16:00, next 26 16:00",
    ),
    "more time that is promised stays promised": (
        (SOLVE,),
        ("26 10:00 registered", "26 11:00 extend 6", "26 11:05 left", "26 12:00 counted 26 12:00"),
        "solve due 26 16:00, stopped 26 12:00; solve due 26 18:00, next 26 18:00",
    ),
    # ── a person's term ──
    "a person sets the term (IN-9)": (
        (OPEN,),
        ("23 10:00 registered", "23 11:00 term 26 17:00"),
        "open due 26 17:00, next 26 17:00",
    ),
    "in the place of a target's": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 term 26 17:00"),
        "solve due 26 17:00, next 26 17:00",
    ),
    "and of the solution alone": (
        (TAKE, REPLY, OPEN),
        ("23 10:00 registered", "23 10:10 took", "23 11:00 term 26 17:00"),
        "take due 23 10:30, met 23 10:10; reply due 23 13:00, next 23 13:00; open due 26 17:00, next 26 17:00",
    ),
    "it does not rest": (
        (OPEN,),
        ("23 10:00 registered", "23 11:00 term 26 17:00", "23 12:00 waits", "24 12:00 resumed"),
        "open due 26 17:00, next 26 17:00",
    ),
    "and ends the rest": (
        (SOLVE,),
        ("23 10:00 registered", "23 10:30 waits", "23 11:00 term 26 17:00", "27 12:00 resumed"),
        "solve due 26 17:00, next 26 17:00",
    ),
    "another one may be set": (
        (OPEN,),
        ("23 10:00 registered", "23 11:00 term 26 17:00", "24 12:00 term 27 17:00"),
        "open due 27 17:00, next 27 17:00",
    ),
    "after the term, too, and the breach stays": (
        (OPEN,),
        ("23 10:00 registered", "23 11:00 term 24 17:00", "25 12:00 term 27 17:00", "27 17:00 look"),
        "open due 27 17:00, breached 24 17:00",
    ),
    "where nothing is promised it is a clock of its own": (
        (),
        ("23 10:00 registered", "23 11:00 term 26 17:00"),
        "term due 26 17:00, next 26 16:00",
    ),
    "reopened, it moves by what was left": (
        (OPEN,),
        ("23 10:00 registered", "23 11:00 term 26 17:00", "26 15:00 resolved", "27 17:00 customer"),
        "open due 30 10:00, next 30 10:00",
    ),
    "in plain time without a calendar": (
        (OPEN,),
        (
            *("23 10:00 registered", "23 11:00 term 26 17:00", "26 15:00 resolved"),
            *("26 16:00 calendars gone", "27 17:00 customer"),
        ),
        "open due 27 19:00, next 27 19:00",
    ),
    "reopened after it was used up, it stays": (
        (OPEN,),
        ("23 10:00 registered", "23 11:00 term 26 17:00", "26 17:00 resolved", "27 17:00 customer"),
        "open due 26 17:00, breached 26 17:00",
    ),
    "reopened too late, it stays": (
        (OPEN,),
        ("23 10:00 registered", "23 11:00 term 26 17:00", "26 18:00 resolved", "27 17:00 customer"),
        "open due 26 17:00, breached 26 17:00",
    ),
    # ── extension ──
    "an extension does not count while its notice is here": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 extend"),
        "solve due 23 14:00, next 23 14:00",
    ),
    "it counts from the start once the notice has left (D8)": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 extend", "23 11:01 left"),
        "solve due 23 18:00, next 23 18:00",  # D3: used up at closing, due at closing
    ),
    "up to what is asked for": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 extend 6", "23 11:01 left"),
        "solve due 23 16:00, next 23 16:00",
    ),
    "a notice at the term is too late": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 extend", "23 14:00 left", "23 14:00 look"),
        "solve due 23 14:00, breached 23 14:00",
    ),
    "one that left before counts though the term was found passed": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 extend", "23 14:01 look", "23 13:59 left"),
        "solve due 23 18:00, next 23 18:00",
    ),
    "and so do its further days (FN-20)": (
        (DAYS,),
        ("27 16:00 registered", "29 10:00 extend", "29 10:00 left"),
        "days due 4 00:00, next 4 00:00",
    ),
    "what rests is extended, too": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 waits", "23 15:00 extend", "23 15:00 left", "24 11:00 resumed"),
        "solve due 24 18:00, next 24 18:00",
    ),
    "and pauses move an extended term": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 extend", "23 11:00 left", "23 11:00 waits", "23 12:00 resumed"),
        "solve due 24 10:00, next 24 10:00",
    ),
    "a notice without an extension is any letter": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 left"),
        "solve due 23 14:00, next 23 14:00",
    ),
    # ── a changed calendar (D14) ──
    "longer hours bring the term forward": (
        (SOLVE,),
        ("23 16:00 registered", "23 17:00 calendars longer"),
        "solve due 23 20:00, next 23 20:00",
    ),
    "of nothing that is met, breached or set by a person": (
        (REPLY, SOLVE),
        ("23 10:00 registered", "23 10:30 answered", "23 14:00 look", "23 15:00 calendars longer"),
        "reply due 23 13:00, met 23 10:30; solve due 23 14:00, breached 23 14:00",
    ),
    "nor of a person's term": (
        (OPEN,),
        ("23 10:00 registered", "23 11:00 term 26 19:30", "23 15:00 calendars longer"),
        "open due 26 19:30, next 26 19:30",
    ),
    "what rests finds it when it goes on": (
        (SOLVE,),
        ("23 16:00 registered", "23 17:00 waits", "23 17:10 calendars longer", "23 17:30 resumed"),
        "solve due 24 09:30, next 24 09:30",
    ),
    "a calendar that is gone leaves the term": (
        (SOLVE,),
        ("23 16:00 registered", "23 17:00 calendars gone"),
        "solve due 24 11:00, next 24 11:00",
    ),
    "which moves by plain time, then": (
        (SOLVE,),
        ("23 16:00 registered", "23 17:00 waits", "23 17:10 calendars gone", "24 17:00 resumed"),
        "solve due 25 11:00, next 25 11:00",
    ),
    "a solution is not late for want of a calendar": (
        (SOLVE,),
        ("23 16:00 registered", "23 17:00 waits", "23 17:10 calendars gone", "24 17:00 resolved"),
        "solve due 25 11:00, met 24 17:00",
    ),
    "nor is the time for which it was resolved lost": (
        (SOLVE,),
        ("23 16:00 registered", "23 17:00 resolved", "23 17:10 calendars gone", "24 17:00 customer"),
        "solve due 25 11:00, next 25 11:00",
    ),
    "for as long as it is gone": (
        (SOLVE,),
        (
            "23 16:00 registered",
            "23 17:00 waits",
            "23 17:10 calendars gone",
            "24 17:00 resumed",
            "24 17:10 calendars longer",
        ),
        "solve due 24 20:00, next 24 20:00",
    ),
}


@pytest.mark.parametrize(("targets", "lines", "expected"), STORIES.values(), ids=STORIES)
def test_a_life_comes_to_this(targets: tuple[Target, ...], lines: tuple[str, ...], expected: str) -> None:
    """Each story ends with its clocks as told."""
    assert str(Story(*targets).tell(*lines)) == expected


# ── other targets ────────────────────────────────────────────────────────────────────────────────────────────────────


CHANGES: dict[str, tuple[tuple[Target, ...], tuple[str, ...], tuple[str, *tuple[Target, ...]], str]] = {
    "a stricter promise starts where the old one did": (
        (CALM,),
        ("23 10:00 registered",),
        ("23 12:00", SOLVE),
        "calm due 27 14:00, stopped 23 12:00; solve due 23 14:00, next 23 14:00",
    ),
    "and may be broken already: look finds it": (
        (CALM,),
        ("23 10:00 registered",),
        ("23 15:00", SOLVE),
        "calm due 27 14:00, stopped 23 15:00; solve due 23 14:00, next 23 14:00",
    ),
    "it keeps the pauses": (
        (CALM,),
        ("23 10:00 registered", "23 11:00 waits", "24 11:00 resumed"),
        ("24 12:00", SOLVE),
        "calm due 30 14:00, stopped 24 12:00; solve due 24 14:00, next 24 14:00",
    ),
    "and goes on resting": (
        (CALM,),
        ("23 10:00 registered", "23 11:00 waits"),
        ("24 12:00", SOLVE),
        "calm not due, stopped 24 12:00; solve not due, rests: customer",
    ),
    "the same promise goes on": (
        (REPLY, SOLVE),
        ("23 10:00 registered",),
        ("23 12:00", replace(SOLVE, within=HOUR), REPLY),
        "reply due 23 13:00, next 23 13:00; solve due 23 14:00, next 23 14:00",
    ),
    "what is met stays (D14)": (
        (REPLY,),
        ("23 10:00 registered", "23 11:00 answered"),
        ("23 12:00", KLIK),
        "reply due 23 13:00, met 23 11:00",
    ),
    "what is broken stays, looked at or not": (
        (SOLVE,),
        ("23 10:00 registered",),
        ("23 14:00", CALM),
        "solve due 23 14:00, breached 23 14:00",
    ),
    "unless the change had arrived before the term": (
        (SOLVE,),
        ("23 10:00 registered", "23 14:00 look"),
        ("23 13:59", CALM),
        "solve due 23 14:00, stopped 23 13:59; calm due 27 14:00, next 27 14:00",
    ),
    "the same promise stays broken even so": (
        (SOLVE,),
        ("23 10:00 registered", "23 14:00 look"),
        ("23 13:59", SOLVE),
        "solve due 23 14:00, breached 23 14:00",
    ),
    "a person's term stays": (
        (OPEN,),
        ("23 10:00 registered", "23 11:00 term 26 17:00"),
        ("23 12:00", SOLVE),
        "open due 26 17:00, next 26 17:00",
    ),
    "what is promised no more stops": (
        (REPLY, SOLVE),
        ("23 10:00 registered",),
        ("23 12:00", REPLY),
        "reply due 23 13:00, next 23 13:00; solve due 23 14:00, stopped 23 12:00",
    ),
    "a new promise starts when it would have": (
        (REPLY,),
        ("23 10:00 registered",),
        ("23 12:00", REPLY, SOLVE),
        "reply due 23 13:00, next 23 13:00; solve due 23 14:00, next 23 14:00",
    ),
    "at the stage's moment, if that has come": (
        (TAKE,),
        ("23 10:00 registered", "23 10:20 took"),
        ("23 10:30", TAKE, CHAIN),
        "take due 23 10:30, met 23 10:20; chain due 23 10:50, next 23 10:50",
    ),
    "else not yet": ((TAKE,), ("23 10:00 registered",), ("23 10:10", TAKE, CHAIN), "take due 23 10:30, next 23 10:30"),
    "the first time that it came": (
        (CHAIN,),
        ("23 10:00 registered", "23 10:10 took", "23 10:20 answered", "24 11:00 customer", "24 11:10 answered"),
        ("24 12:00", CHAIN, replace(SOLVE, start=Moment.STARTED)),
        "chain due 23 10:40, met 23 10:20; chain due 24 11:30, met 24 11:10; solve due 23 14:10, next 23 14:10",
    ),
    "and that it was met": (
        (REPLY,),
        ("23 10:00 registered", "23 11:00 answered", "24 10:00 customer", "24 11:00 answered"),
        ("24 12:00", REPLY, replace(SOLVE, start=Moment.ANSWERED)),
        "reply due 23 13:00, met 23 11:00; reply due 24 13:00, met 24 11:00; solve due 23 15:00, next 23 15:00",
    ),
    "what has come about already is promised no more": (
        (REPLY,),
        ("23 10:00 registered", "23 11:00 answered"),
        ("23 12:00", replace(TAKE, until=Moment.ANSWERED), SOLVE),
        "reply due 23 13:00, met 23 11:00; solve due 23 14:00, next 23 14:00",
    ),
    "a stage in the place of a whole waits for its moment": (
        (REPLY,),
        ("23 10:00 registered",),
        ("23 10:10", CHAIN),
        "reply due 23 13:00, stopped 23 10:10",
    ),
    "and starts with it where that has come": (
        (TAKE, REPLY),
        ("23 10:00 registered", "23 10:20 took"),
        ("23 10:30", TAKE, CHAIN),
        "take due 23 10:30, met 23 10:20; reply due 23 13:00, stopped 23 10:30; chain due 23 10:50, next 23 10:50",
    ),
    "the answer to a later letter is promised from that letter on": (
        (REPLY,),
        ("23 10:00 registered", "23 11:00 answered", "24 10:00 customer"),
        ("24 10:10", CHAIN),
        "reply due 23 13:00, met 23 11:00; reply due 24 13:00, stopped 24 10:10; chain due 24 10:30, next 24 10:30",
    ),
    "there and back again": (
        (CALM,),
        ("23 10:00 registered", "23 11:00 refused"),
        ("23 12:00", CALM),
        "calm due 27 14:00, stopped 23 11:00; calm due 27 14:00, next 27 14:00",
    ),
    "an extension goes with it if it may": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 extend", "23 11:00 left"),
        ("23 12:00", replace(SOLVE, name="other", within=HOUR * 5)),
        "solve due 23 18:00, stopped 23 12:00; other due 23 18:00, next 23 18:00",
    ),
    "and is lost if it may not": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 extend", "23 11:00 left"),
        ("23 12:00", replace(SOLVE, name="other", up_to=HOUR * 7)),
        "solve due 23 18:00, stopped 23 12:00; other due 23 14:00, next 23 14:00",
    ),
    "or would shorten it": (
        (SOLVE,),
        ("23 10:00 registered", "23 11:00 extend", "23 11:00 left"),
        ("23 12:00", replace(CALM, up_to=HOUR * 80)),
        "solve due 23 18:00, stopped 23 12:00; calm due 27 14:00, next 27 14:00",
    ),
}


@pytest.mark.parametrize(("targets", "lines", "change", "expected"), CHANGES.values(), ids=CHANGES)
def test_other_targets_come_to_this(
    targets: tuple[Target, ...], lines: tuple[str, ...], change: tuple[str, *tuple[Target, ...]], expected: str
) -> None:
    """Level, category or severity change: the same start, pauses kept, what is over stays."""
    when, *others = change
    assert str(Story(*targets).tell(*lines).become(when, *others)) == expected


def test_a_new_promise_rests_through_the_waits_of_its_ticket() -> None:
    """A ticket without a promise for its solution has waited: what is promised now was not used up by that."""
    plan = Plan(ticket_id=7, targets=(REPLY, SOLVE), calendars=CALENDARS)
    waits = (Pause(since=at("23 09:00"), until=at("23 12:00")), Pause(since=at("23 13:00")))
    moments = {Moment.REGISTERED: at("23 10:00")}
    reply, solve = changes.retarget((), plan, at("25 10:00"), moments=moments, waits=waits).clocks
    assert reply.pauses == ()
    assert solve.pauses == (Pause(since=at("23 10:00"), until=at("23 12:00")), Pause(since=at("23 13:00")))
    before = (Pause(since=at("23 08:00"), until=at("23 10:00")),)
    assert changes.retarget((), plan, at("25 10:00"), moments=moments, waits=before).clocks[1].pauses == ()
    (solve,) = clocks.resume((solve,), plan, at("25 10:00")).clocks
    assert describe(solve) == "solve due 25 13:00, next 25 13:00"


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


REFUSALS: dict[str, tuple[tuple[Target, ...], tuple[str, ...], Refused]] = {
    "a term at this very moment": (
        (OPEN,),
        ("23 11:00 term 23 11:00",),
        Refused(reason=Refusal.PAST, term=at("23 11:00")),
    ),
    "a term of a resolved ticket": (
        (OPEN,),
        ("23 11:00 resolved", "23 12:00 term 26 17:00"),
        Refused(reason=Refusal.RESOLVED),
    ),
    "an extension of nothing": (
        (SOLVE,),
        ("23 11:00 resolved", "23 12:00 extend"),
        Refused(reason=Refusal.NOTHING_RUNS),
    ),
    "of what may not be": ((REPLY, CALM), ("23 11:00 extend",), Refused(reason=Refusal.FIXED)),
    "twice": (
        (SOLVE,),
        ("23 11:00 extend 6", "23 11:00 left", "23 12:00 extend"),
        Refused(reason=Refusal.TWICE),
    ),
    "before the first notice has left, too": (
        (SOLVE,),
        ("23 11:00 extend", "23 12:00 extend"),
        Refused(reason=Refusal.TWICE),
    ),
    "at the term": ((SOLVE,), ("23 14:00 extend",), Refused(reason=Refusal.OVERDUE, term=at("23 14:00"))),
    "after a breach, resting": (
        (SOLVE,),
        ("23 15:00 waits", "23 16:00 extend"),
        Refused(reason=Refusal.OVERDUE, term=at("23 14:00")),
    ),
    "beyond the cap": (
        (SOLVE,),
        ("23 11:00 extend 8.5",),
        Refused(reason=Refusal.BEYOND, limit=8 * HOUR, mode=Mode.WORKING),
    ),
    "by nothing": (
        (SOLVE,),
        ("23 11:00 extend 4",),
        Refused(reason=Refusal.NO_MORE, limit=4 * HOUR, mode=Mode.WORKING),
    ),
    "by half a day": (
        (DAYS,),
        ("23 11:00 extend 84",),
        Refused(reason=Refusal.HALF_DAYS, limit=DAYS.up_to, mode=DAYS.mode),
    ),
    "of a count where a person sets the term": (
        (REPLY, OPEN),
        ("23 10:00 registered", "23 11:00 counted 20 00:00"),
        Refused(reason=Refusal.UNCOUNTED),
    ),
    "of a person's term": (
        (SOLVE,),
        ("23 11:00 term 26 17:00", "23 12:00 extend"),
        Refused(reason=Refusal.SET),
    ),
}


@pytest.mark.parametrize(("targets", "lines", "expected"), REFUSALS.values(), ids=REFUSALS)
def test_it_is_refused_with_the_reason(targets: tuple[Target, ...], lines: tuple[str, ...], expected: Refused) -> None:
    """What cannot be had changes nothing and says why, with all that a sentence for the agent needs."""
    story = Story(*targets).tell("23 10:00 registered", *lines[:-1])
    before = story.clocks
    assert story.tell(lines[-1]).refused == [expected]
    assert story.clocks == before


def test_the_latest_moment_is_extended() -> None:
    """Where both answer and solution may have more time, it is the solution that gets it."""
    story = Story(replace(REPLY, up_to=4 * HOUR), SOLVE).tell("23 10:00 registered", "23 11:00 extend")
    assert [one.extension and one.extension.to for one in story.clocks] == [None, 8 * HOUR]


@pytest.mark.parametrize("looked", [(), ("23 14:30 look",)])
def test_a_notice_that_left_too_late_changes_nothing(looked: tuple[str, ...]) -> None:
    """Whether or not the breach is on record: the extension never counts, and nothing is said of it."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 11:00 extend", *looked)
    clock = story.clock("solve")
    assert changes.notice_left(clock, at("23 14:00"), CALENDARS) == Change(clocks=(clock,))


LOST: dict[str, tuple[tuple[str, ...], str]] = {
    "before the old term": ((), "solve due 23 14:00, next 23 14:00"),
    "after it, before the longer one: a breach at the next look": (
        ("23 15:00 look",),
        "solve due 23 14:00, next 23 14:00",
    ),
    "while it waits": (("23 12:00 waits",), "solve not due, rests: customer"),
    "after the longer one: that breach stays": (("23 17:00 look",), "solve due 23 16:00, breached 23 16:00"),
    "when it is met": (("23 15:00 resolved",), "solve due 23 16:00, met 23 15:00"),
}


@pytest.mark.parametrize(("lines", "expected"), LOST.values(), ids=LOST)
def test_a_notice_that_has_not_arrived_extends_nothing(lines: tuple[str, ...], expected: str) -> None:
    """The old term stands, and says so; what has ended by the longer one is left alone. Another one may be asked for."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 11:00 extend 6", "23 11:00 left", *lines)
    (before,) = story.clocks
    after, events = changes.notice_lost(before, CALENDARS)
    assert describe(after) == expected
    ended = bool(before.breached_at or before.met_at)
    assert (after.extension is None, bool(events), after == before) == (not ended, not ended, ended)


def test_the_notice_can_say_the_term_beforehand() -> None:
    """What the customer is told is what will count once the notice has left; while the clock rests nobody knows it yet."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 11:00 extend 6")
    told = changes.term_if_extended(story.clock("solve"), CALENDARS)
    assert told == story.tell("23 11:10 left").clock("solve").due_at == at("23 16:00")
    story = Story(SOLVE).tell("23 10:00 registered", "23 11:00 waits", "23 12:00 extend 6")
    assert changes.term_if_extended(story.clock("solve"), CALENDARS) is None


def test_without_an_extension_it_is_the_term() -> None:
    """There is nothing to wait for."""
    clock = Story(SOLVE).tell("23 10:00 registered").clock("solve")
    assert changes.term_if_extended(clock, CALENDARS) == clock.due_at


# ── what the history says ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_history_tells_all_of_it() -> None:
    """Every move of a clock is an event in plain English, instants in UTC."""
    story = Story(TAKE, SOLVE).tell(
        "23 10:00 registered",
        "23 10:40 answered",
        "23 10:40 waits third_party",
        "23 10:50 waits release",
        "23 10:55 waits release",
        "23 11:40 resumed",
        "23 12:00 extend 6",
        "23 12:01 left",
        "23 13:00 resolved",
        "24 17:00 customer",
        "24 17:10 calendars longer",
        "24 17:20 term 25 10:30",
        "25 10:30 look",
        "25 10:29 term 25 11:30",
        "25 11:00 refused",
    )
    assert [f"{one.kind}: {one.detail}" for one in story.events] == [
        "clock: take: started 2026-11-23T07:00:00+00:00, due 2026-11-23T07:30:00+00:00",
        "clock: solve: started 2026-11-23T07:00:00+00:00, due 2026-11-23T11:00:00+00:00",
        "breach: take: was due 2026-11-23T07:30:00+00:00",
        "clock: take: met 2026-11-23T07:40:00+00:00, late: it was due 2026-11-23T07:30:00+00:00",
        "clock: solve: rests: third party",
        "clock: solve: rests on: release",
        "clock: solve: goes on, due 2026-11-23T12:00:00+00:00",
        "term: solve: extension to 6 h in total asked for, counts once its notice has left",
        "term: solve: extended, due 2026-11-23T14:00:00+00:00",
        "clock: solve: met 2026-11-23T10:00:00+00:00",
        "clock: solve: open again, due 2026-11-25T09:00:00+00:00",
        "term: solve: calendar desk has changed: was due 2026-11-25T09:00:00+00:00, due 2026-11-25T07:00:00+00:00",
        "term: solve: set by a person, due 2026-11-25T07:30:00+00:00",
        "breach: solve: was due 2026-11-25T07:30:00+00:00",
        "breach: solve: the breach of 2026-11-25T07:30:00+00:00 is withdrawn: what arrived 2026-11-25T07:29:00+00:00 came before the term",
        "term: solve: set by a person, due 2026-11-25T08:30:00+00:00",
        "clock: solve: stopped: the ticket was refused",
    ]


def test_a_breach_says_that_its_extension_was_too_late() -> None:
    """The head learns at once why the promised extension does not count."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 11:00 extend", "23 14:00 look")
    assert (
        story.events[-1].detail == "solve: was due 2026-11-23T11:00:00+00:00; the notice of its extension had not left"
    )


def test_a_superseded_promise_says_by_which() -> None:
    """Both the old clock and the new one are in the history."""
    story = Story(SOLVE, REPLY).tell("23 10:00 registered").become("23 11:00", CALM)
    assert [one.detail for one in story.events[2:]] == [
        "solve: stopped: superseded by calm",
        "reply: stopped: promised no more",
        "calm: started 2026-11-23T07:00:00+00:00, due 2026-11-27T11:00:00+00:00",
    ]


def test_a_calendar_that_changes_nothing_is_adopted_once() -> None:
    """The new fingerprint is kept, without an event, so that the next start has nothing to do."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 11:00 calendars longer")
    assert len(story.events) == 1
    assert changes.adopt(story.clock("solve"), story.plan.calendars) is None


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("23 17:00 resolved",), id="met"),
        pytest.param(("23 17:00 refused",), id="stopped"),
        pytest.param(("24 11:00 look",), id="breached"),
        pytest.param(("23 17:00 calendars gone",), id="without its calendar"),
    ],
)
def test_what_is_over_adopts_no_calendar(lines: tuple[str, ...]) -> None:
    """Met, stopped and breached clocks stay as they are, to the last field (D14)."""
    story = Story(SOLVE).tell("23 16:00 registered", *lines)
    calendars = {} if "gone" in lines[0] else {"desk": LONGER}
    assert changes.adopt(story.clock("solve"), calendars) is None


def test_a_calendar_without_an_hour_leaves_no_term() -> None:
    """A search for working time that finds none ends in a clock without a term that says so, not in an error."""
    never = replace(CALENDARS["desk"], week=((),) * 7)
    (clock,) = clocks.begin(Plan(ticket_id=7, targets=(SOLVE,), calendars={"desk": never}), at("23 10:00")).clocks
    assert describe(clock) == "solve not due"
    assert "working time" in clock.doubts[0]


def test_a_calendar_that_is_not_there_is_told() -> None:
    """A clock whose calendar is missing has no term and says why; nothing raises."""
    (clock,) = clocks.begin(Plan(ticket_id=7, targets=(SOLVE,), calendars={}), at("23 10:00")).clocks
    assert describe(clock) == "solve not due"
    assert clock.doubts == ("the configuration has no calendar 'desk'",)


def test_a_person_s_term_is_explained() -> None:
    """Its one span reaches from the word to the term and says whose it is."""
    clock = Story(OPEN).tell("23 10:00 registered", "23 11:00 term 26 17:00").clock("open")
    assert clock.spans == (
        Span(start=at("23 11:00"), end=at("26 17:00"), counts=True, why="a person has set the term"),
    )


def test_time_added_for_want_of_a_calendar_is_explained() -> None:
    """The spans go on to the term that was moved, and say that the time did not count."""
    clock = (
        Story(SOLVE)
        .tell("23 16:00 registered", "23 17:00 waits", "23 17:10 calendars gone", "24 17:00 resumed")
        .clock("solve")
    )
    last = clock.spans[-1]
    assert (last.start, last.end, last.counts, last.why) == (at("24 11:00"), clock.due_at, False, "waiting")
    assert clock.spans[-2].end == last.start


def test_a_clock_knows_why_it_is_due() -> None:
    """Its spans reach from its start to its term, what it waited included (`maild sla explain`)."""
    clock = Story(SOLVE).tell("27 16:00 registered", "27 17:00 waits", "30 10:00 resumed").clock("solve")
    assert (clock.spans[0].start, clock.spans[-1].end) == (clock.started_at, clock.due_at)
    assert any(one.why == "waiting: customer" and not one.counts for one in clock.spans)


def test_overlapping_waits_are_one_pause() -> None:
    """The clock keeps one pause, from the first wait to the end of the last, under the last reason (D7)."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 10:10 waits", "23 10:20 resumed")
    story.tell("23 11:00 waits approval", "23 12:00 waits release", "23 13:00 resumed")
    assert story.clock("solve").pauses == (
        Pause(since=at("23 10:10"), until=at("23 10:20"), reason=Wait.CUSTOMER),
        Pause(since=at("23 11:00"), until=at("23 13:00"), reason=Wait.RELEASE),
    )


def test_no_pause_overlaps_another() -> None:
    """A wait that arrived before the end of the last one begins there."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 11:00 waits", "23 12:00 resumed", "23 11:30 waits")
    assert [one.since for one in story.clock("solve").pauses] == [at("23 11:00"), at("23 12:00")]


@pytest.mark.parametrize("when", ["23 10:59", "23 11:00"])
@pytest.mark.parametrize("rested", ["waits", "resolved"])
def test_no_pause_is_empty(rested: str, when: str) -> None:
    """A letter that crossed the answer, or came with it, leaves no trace of a rest."""
    story = Story(SOLVE).tell("23 10:00 registered", f"23 11:00 {rested}", f"{when} customer")
    assert story.clock("solve").pauses == ()


# ── whatever happens, in whatever order ──────────────────────────────────────────────────────────────────────────────


MIDDAY = replace(SOLVE, name="midday", within=5 * HOUR, calendar="desk")
PLANS = ((TAKE, CHAIN, SOLVE), (REPLY, DAYS), (KLIK, NIGHT), (REPLY, OPEN), (FREE,), (), (TAKE, REPLY, MIDDAY))
VERBS = (
    *("took", "answered", "resolved", "resumed", "customer", "customer", "look", "look", "extend", "left"),
    *("waits customer", "waits approval", "waits third_party", "calendars longer", "calendars gone", "refused"),
)
MINUTES = st.integers(0, 14 * 24 * 60)
ACTS = st.one_of(
    st.tuples(st.sampled_from(VERBS), MINUTES),
    st.tuples(st.just("term"), MINUTES),
    st.tuples(st.sampled_from(PLANS), MINUTES),
)


def instant(minutes: int) -> datetime:
    return at("23 08:00") + timedelta(minutes=minutes)


def tell(story: Story, verb: str | tuple[Target, ...], now: datetime) -> None:
    """One act, at whatever instant: `Story.tell` without its words for instants."""
    if isinstance(verb, tuple):
        story.plan = replace(story.plan, targets=verb)
        moments = {Moment.REGISTERED: story.registered_at}
        story.take(changes.retarget(story.clocks, story.plan, now, moments=moments))
    elif verb == "term":
        story.take(changes.set_term(story.clocks, story.plan, now + 20 * HOUR, now, "desk"))
    else:
        first, _, rest = verb.partition(" ")
        story.do(now, first, rest)


def check(clock: Clock) -> None:
    """What is true of every clock at any time."""
    edges = [edge for one in clock.pauses for edge in (one.since, one.until)]
    known = [edge for edge in edges if edge]
    assert known == sorted(known)
    assert None not in edges[:-1]
    assert all(one.until is None or one.since < one.until for one in clock.pauses)
    assert all(one is None or one >= clock.started_at for one in (*edges, clock.due_at, clock.met_at, clock.stopped_at))
    if not clock.running:
        assert clock.next_at is None
        assert not clock.resting
    elif clock.resting:
        assert (clock.due_at, clock.next_at) == (None, None)
    elif clock.due_at and not clock.breached_at:
        assert clock.next_at is not None
        assert clock.next_at <= clock.due_at
    if clock.met_at and clock.due_at and clock.met_at >= clock.due_at:
        assert clock.breached_at
    if clock.met_at and clock.breached_at:
        assert clock.breached_at <= clock.met_at


@given(targets=st.sampled_from(PLANS), acts=st.lists(ACTS, max_size=25), ordered=st.booleans())
def test_no_order_of_acts_makes_nonsense(
    targets: tuple[Target, ...], acts: list[tuple[str | tuple[Target, ...], int]], ordered: bool
) -> None:
    """Acts in any order neither raise nor make negative times, and take nothing back but as the documents say."""
    story = Story(*targets).tell("23 08:00 registered")
    for verb, minutes in sorted(acts, key=lambda act: act[1]) if ordered else acts:
        before, told = story.clocks, len(story.events)
        tell(story, verb, instant(minutes))
        withdrawn = any("withdrawn" in one.detail for one in story.events[told:])
        assert len(story.clocks) >= len(before)
        for old, new in zip(before, story.clocks, strict=False):
            assert (old.target, old.started_at) == (new.target, new.started_at)
            assert old.stopped_at == new.stopped_at or old.stopped_at is None
            assert (
                old.met_at == new.met_at
                or old.met_at is None
                or (verb in ("customer", "resumed") and new.until is Moment.RESOLVED)
            )
            assert old.breached_at == new.breached_at or old.breached_at is None or withdrawn
        for one in story.clocks:
            check(one)
        running = [one.until for one in story.clocks if one.running]
        assert len(running) == len(set(running))
        solutions = [one for one in story.clocks if one.until is Moment.RESOLVED and not one.stopped_at]
        assert len(solutions) <= 1


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(("waits", "resumed", "resolved", "customer"))), max_size=20
    )
)
def test_pauses_give_back_their_time_and_no_more(steps: list[tuple[int, str]]) -> None:
    """Around the clock the term is what is left of the promise, counted down minute by minute while nothing rests."""
    story = Story(NIGHT).tell("23 10:00 registered")
    now, left, runs, met = at("23 10:00"), 180, True, False
    passed = None  # when there was nothing left
    for minutes, verb in steps:
        left -= minutes if runs and not met else 0
        now += timedelta(minutes=minutes)
        passed = passed or (now + timedelta(minutes=left) if left <= 0 else None)
        story.do(now, verb, "")
        if verb == "resolved":
            runs, met = True, True
        elif verb in ("customer", "resumed"):
            runs, met = True, False
        elif not met:
            runs = False
        clock = story.clock("night")
        assert (clock.met_at is not None, clock.resting) == (met, not runs)
        if runs and not met:
            assert clock.due_at == (passed or now + timedelta(minutes=left))
        assert look(clock, {}, now).clock.breached_at == passed
