"""What a clock reminds of, when, and when it is not to be looked at before."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.sla.clock import Clock
from maild.sla.clocks import begin
from maild.sla.moves import Plan
from maild.sla.reminders import LATE, Reminder, held, instant_of, look, next_at, parse_threshold
from maild.sla.target import Audience, Mode, Moment, Target
from tests.sla.story import CALENDARS, DESK, Story, at, said, target

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SOLVE = target("solve", Moment.RESOLVED, 4 * HOUR, "50%", "-30m", "0", "+1h", up_to=8 * HOUR)
NIGHT = target("night", Moment.RESOLVED, 3 * HOUR, "50%", "-30m", "0", "+1h", mode=Mode.CONTINUOUS)
KLIK = target("klik", Moment.RESOLVED, 24 * HOUR, "50%", "-30m", "0", "+1h", mode=Mode.SKIP_DAYS_OFF)
DAYS = target("days", Moment.RESOLVED, timedelta(days=5), "50%", "-1d", "0", "+1d", mode=Mode.CALENDAR_DAYS)
WORKDAYS = target("workdays", Moment.RESOLVED, timedelta(days=5), "-1h", "0", mode=Mode.WORKING_DAYS)
OPEN = target("open", Moment.RESOLVED, None, "50%", "-30m", "0", "+1h")
LOOSE = target("loose", Moment.RESOLVED, None, "50%", "-30m", "0", mode=Mode.NONE)


# ── thresholds as written ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "share", "offset"),
    [
        ("50%", Fraction(1, 2), None),
        ("1%", Fraction(1, 100), None),
        ("99%", Fraction(99, 100), None),
        ("99.9%", Fraction(999, 1000), None),
        ("0.5%", Fraction(1, 200), None),
        ("0", None, timedelta(0)),
        ("-30m", None, -30 * MINUTE),
        ("+1h", None, HOUR),
        ("+1h30m", None, 90 * MINUTE),
        ("-1d", None, -24 * HOUR),
        ("+3650d", None, timedelta(days=3650)),
    ],
)
def test_a_threshold_reads_as_written(text: str, share: Fraction | None, offset: timedelta | None) -> None:
    """A share of the time, the term, or so long before or after it; its text is its name."""
    threshold = parse_threshold(text, (Audience.HEAD,))
    assert (threshold.text, threshold.share, threshold.offset) == (text, share, offset)
    assert threshold.to == (Audience.HEAD,)


@pytest.mark.parametrize(
    "text",
    [
        *("", "0%", "0.0%", "100%", "-50%", "+50%", "50", "50 %", "% 50", "12.3456%", ".5%", "5.%", "٥٠%"),
        *(
            "30m",
            "-0m",
            "+0h",
            "-",
            "+",
            "-30",
            "-30s",
            "-30m ",
            " -30m",
            "-30m\n",
            "- 30m",
            "+1x",
            "-1.5h",
            "−30m",
            "0m",
            "00",
        ),
        *("+3651d", "+99999d", "-123456m", "+٣m"),
    ],
)
def test_anything_else_is_no_threshold(text: str) -> None:
    """The error completes "expected …" and shows one of each kind."""
    with pytest.raises(ValueError, match=r'^a share of the time, .*"50%".*"-30m"') as raised:
        parse_threshold(text)
    assert not str(raised.value).endswith(".")


# ── when they are reached ────────────────────────────────────────────────────────────────────────────────────────────


REACHED: dict[str, tuple[Target, tuple[str, ...], str]] = {
    "in working time": (SOLVE, ("27 16:00 registered",), "50% 27 18:00, -30m 30 10:30, 0 30 11:00, +1h 30 12:00"),
    "over a night": (SOLVE, ("23 13:15 registered",), "50% 23 15:15, -30m 23 16:45, 0 23 17:15, +1h 24 09:15"),
    "around the clock": (NIGHT, ("27 23:00 registered",), "50% 28 00:30, -30m 28 01:30, 0 28 02:00, +1h 28 03:00"),
    "over a day off": (KLIK, ("27 16:00 registered",), "50% 30 04:00, -30m 30 15:30, 0 30 16:00, +1h 30 17:00"),
    "up to its end": (KLIK, ("26 23:30 registered",), "50% 27 11:30, -30m 27 23:00, 0 27 23:30, +1h 30 00:30"),
    "in days they are plain time": (
        DAYS,
        ("23 12:00 registered",),
        "50% 26 06:00, -1d 28 00:00, 0 29 00:00, +1d 30 00:00",
    ),
    "of a person's term, counted from when it was set": (
        OPEN,
        ("23 09:00 registered", "23 16:00 term 25 11:00"),
        "50% 24 13:30, -30m 25 10:30, 0 25 11:00, +1h 25 12:00",
    ),
    "of one in the place of a target's": (
        SOLVE,
        ("23 09:00 registered", "23 10:00 waits", "23 11:00 term 25 11:00"),
        "50% 24 11:00, -30m 25 10:30, 0 25 11:00, +1h 25 12:00",
    ),
    "of one on a day off": (
        OPEN,
        ("27 16:00 registered", "27 17:00 term 28 12:00"),
        "50% 27 17:30, -30m 27 17:30, 0 28 12:00, +1h 30 10:00",
    ),
    "of one without a way to count": (
        LOOSE,
        ("27 16:00 registered", "27 17:00 term 28 13:00"),
        "50% 28 03:00, -30m 28 12:30, 0 28 13:00",
    ),
    "not at the start itself": (LOOSE, ("27 16:00 registered", "27 17:00 term 27 17:30"), "50% 27 17:15, 0 27 17:30"),
    "pauses move them": (
        SOLVE,
        ("23 10:00 registered", "23 11:00 waits", "23 13:00 resumed"),
        "50% 23 14:00, -30m 23 15:30, 0 23 16:00, +1h 23 17:00",
    ),
    "so does an extension": (
        SOLVE,
        ("23 10:00 registered", "23 11:00 extend", "23 11:00 left"),
        "50% 23 14:00, -30m 23 17:30, 0 23 18:00, +1h 24 10:00",
    ),
    "without its calendar they are plain time": (
        SOLVE,
        ("27 16:00 registered", "27 16:00 calendars gone"),
        "50% 29 01:30, -30m 30 10:30, 0 30 11:00, +1h 30 12:00",
    ),
    "none while it rests": (SOLVE, ("23 10:00 registered", "23 11:00 waits"), ""),
    "none before the start": (
        target("quick", Moment.ANSWERED, HOUR / 2, "50%", "-30m", "-1h", "0"),
        ("23 10:00 registered",),
        "50% 23 10:15, 0 23 10:30",
    ),
    "nor in days": (
        target("quick", Moment.ANSWERED, timedelta(days=1), "-1d", "-2d", mode=Mode.CALENDAR_DAYS),
        ("23 10:00 registered",),
        "-1d 24 00:00",
    ),
}


@pytest.mark.parametrize(("promise", "lines", "expected"), REACHED.values(), ids=REACHED)
def test_thresholds_are_reached(promise: Target, lines: tuple[str, ...], expected: str) -> None:
    """A threshold is counted as its clock counts: thirty minutes before the term thirty working minutes are left."""
    story = Story(promise).tell(*lines)
    (clock,) = story.clocks
    found = [(one.text, instant_of(one, clock, story.plan.calendars)) for one in promise.thresholds]
    assert ", ".join(f"{text} {said(instant)}" for text, instant in found if instant) == expected


# ── held to working time ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("instant", "due", "since", "expected"),
    [
        pytest.param("27 10:00", "27 12:00", "23 09:00", "27 10:00", id="working: at once"),
        pytest.param("27 09:00", "27 12:00", "23 09:00", "27 09:00", id="at the opening: at once"),
        pytest.param("27 17:59:59", "30 12:00", "23 09:00", "27 17:59:59", id="a second before closing: at once"),
        pytest.param("27 18:00", "30 12:00", "23 09:00", "30 09:00", id="at closing: the next opening"),
        pytest.param("28 12:00", "30 09:01", "23 09:00", "30 09:00", id="the next opening, if it is before the term"),
        pytest.param(
            "28 12:00", "30 09:00", "23 09:00", "27 17:00", id="at the term it is too late: the last working hour"
        ),
        pytest.param(
            "28 12:00", "29 00:00", "23 09:00", "27 17:00", id="a term on a day off: the working day before (D9)"
        ),
        pytest.param("27 20:00", "27 23:00", "23 09:00", "27 17:00", id="a term at night: the evening before"),
        pytest.param("27 20:00", "27 23:00", "27 17:20", "27 17:20", id="not before it began"),
        pytest.param(
            "27 20:00", "27 23:00", "27 18:30", "27 18:30", id="nobody works any more: at night is better than never"
        ),
        pytest.param("27 10:00", "27 12:00", "27 11:00", "27 11:00", id="reached while it rested: when it goes on"),
        pytest.param("27 10:00", "30 12:00", "27 19:00", "30 09:00", id="goes on at night: the next opening"),
        pytest.param("27 12:00", "27 12:00", "23 09:00", "27 12:00", id="the term, working: at once"),
        pytest.param("27 18:00", "27 18:00", "23 09:00", "30 09:00", id="the term at closing: the next opening"),
        pytest.param("28 12:00", "27 12:00", "23 09:00", "30 09:00", id="after the term: the next opening"),
    ],
)
def test_reminders_keep_working_time(instant: str, due: str, since: str, expected: str) -> None:
    """They go out while people work (D11), and one before the term never after it."""
    assert said(held(at(instant), due_at=at(due), calendar=DESK, since=at(since))) == expected
    assert held(at(instant), due_at=at(due), calendar=None, since=at(since)) == max(at(instant), at(since))


def test_the_last_working_hour_is_found_beyond_long_holidays() -> None:
    """A desk that is closed for six weeks warns before it closes."""
    closed = {(at("28 12:00") + timedelta(days=day)).date(): () for day in range(60)}
    calendar = replace(DESK, own_days=closed)
    instant = at("28 12:00") + timedelta(days=50)
    assert said(held(instant, due_at=instant + HOUR, calendar=calendar, since=at("23 09:00"))) == "27 17:00"


def test_a_desk_that_never_opens_is_reminded_at_once() -> None:
    """Where no working time is to come or has been, there is nothing to wait for."""
    never = replace(DESK, week=((),) * 7)
    for due in ("27 09:00", "27 12:00"):
        assert said(held(at("27 10:00"), due_at=at(due), calendar=never, since=at("27 08:00"))) in (
            "27 10:00",
            "27 08:00",
        )


# ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────────


def letters(story: Story) -> str:
    return ", ".join(f"{one.threshold.text} {one.kind}{' late' if one.late else ''}" for one in story.sent)


def live(story: Story, until: str) -> str:
    """Look whenever a clock wants it, as the scheduler does, until the instant: each letter with its instant."""
    told = []
    end = at(until)
    while wanted := [one.next_at for one in story.clocks if one.next_at and one.next_at <= end]:
        before = len(story.sent)
        story.look(min(wanted))
        told += [
            f"{one.threshold.text} {said(min(wanted))}{' late' if one.late else ''}" for one in story.sent[before:]
        ]
        assert all(one.next_at is None or one.next_at > min(wanted) for one in story.clocks)
    return ", ".join(told)


LIVES: dict[str, tuple[Target, tuple[str, ...], str]] = {
    "on a working day": (SOLVE, ("23 10:00 registered",), "50% 23 12:00, -30m 23 13:30, 0 23 14:00, +1h 23 15:00"),
    "into the next day": (SOLVE, ("27 16:00 registered",), "50% 30 09:00, -30m 30 10:30, 0 30 11:00, +1h 30 12:00"),
    "around the clock at any hour": (
        NIGHT,
        ("27 23:00 registered",),
        "50% 28 00:30, -30m 28 01:30, 0 28 02:00, +1h 28 03:00",
    ),
    "a term at night warns in the evening, and speaks in the morning": (
        replace(KLIK, within=30 * HOUR),
        ("23 20:00 registered",),  # due 25 02:00
        "50% 24 11:00, -30m 24 17:00, +1h 25 09:00",
    ),
    "what the same opening brings is one letter, the latest": (
        replace(SOLVE, within=HOUR / 2),
        ("23 17:40 registered",),  # 50% 17:55, due 09:10
        "50% 23 17:55, 0 24 09:10, +1h 24 10:10",
    ),
    "a warning sent ahead of its hour makes the earlier ones needless": (
        replace(KLIK, within=10 * HOUR),
        ("27 15:30 registered",),  # 50% 20:30, -30m Mon 01:00, due Mon 01:30
        "-30m 27 17:00, +1h 30 09:00",
    ),
    "a day term on a Saturday warns on Friday (D9)": (
        DAYS,
        ("23 12:00 registered",),
        "50% 26 09:00, -1d 27 17:00, +1d 30 09:00",
    ),
    "working days end at midnight": (WORKDAYS, ("20 12:00 registered",), "-1h 27 17:00, 0 30 09:00"),
    "met, it is silent": (SOLVE, ("23 10:00 registered", "23 12:30 resolved"), ""),
    "while it rests, too": (SOLVE, ("23 10:00 registered", "23 11:00 waits"), ""),
    "and catches up when it goes on": (
        SOLVE,
        ("23 16:00 registered", "23 17:59 waits", "25 20:00 resumed"),
        "50% 26 09:01, -30m 26 10:31, 0 26 11:01, +1h 26 12:01",
    ),
    "a wait that is over at night reminds in the morning": (
        SOLVE,
        ("23 15:00 registered", "23 17:00 waits", "23 21:00 customer"),
        "50% 24 09:00, -30m 24 10:30, 0 24 11:00, +1h 24 12:00",
    ),
    "a term without a person at work is told at once": (
        replace(KLIK, within=HOUR),
        ("27 20:00 registered",),
        "-30m 27 20:00, +1h 30 09:00",
    ),
    "a person's own term": (
        Target(name="x", until=Moment.STARTED, mode=Mode.NONE),
        ("23 10:00 registered", "23 11:00 term 25 12:00"),
        "-1h 25 11:00, 0 25 12:00",
    ),
}


@pytest.mark.parametrize(("promise", "lines", "expected"), LIVES.values(), ids=LIVES)
def test_a_clock_reminds(promise: Target, lines: tuple[str, ...], expected: str) -> None:
    """Looked at whenever it wants to be, each clock sends these letters, none of them late."""
    assert live(Story(promise).tell(*lines), "18 00:00") == expected


def test_an_extended_term_is_warned_of_anew() -> None:
    """It is another term: what lies in the future again is reminded of again; what has passed stays dealt with."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 13:20 extend 5")
    live(story, "23 13:40")
    assert letters(story) == "50% before, -30m before"
    story.tell("23 13:50 left")
    assert live(story, "24 18:00") == "-30m 23 14:30, 0 23 15:00, +1h 23 16:00"


def test_what_is_reached_as_the_term_changes_has_passed() -> None:
    """A threshold that the new term puts at this very moment does not lie in the future."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 13:20 extend 4.25")
    live(story, "23 13:40")
    story.tell("23 13:45 left")
    assert live(story, "24 18:00") == "0 23 14:15, +1h 23 15:15"


def test_one_that_is_extended_while_it_rests_too() -> None:
    """What lies in the future again is told by when the clock would be due if it went on with the notice."""
    story = Story(SOLVE).tell("23 10:00 registered")
    live(story, "23 13:40")
    story.tell("23 13:50 waits", "23 13:55 extend 5", "23 13:56 left", "23 14:50 resumed")
    assert live(story, "24 18:00") == "-30m 23 15:30, 0 23 16:00, +1h 23 17:00"


def test_another_term_of_a_person_is_warned_of_anew() -> None:
    """Whoever sets a term is reminded of that one."""
    story = Story(OPEN).tell("23 09:00 registered", "23 09:00 term 23 12:00")
    assert live(story, "23 11:50") == "50% 23 10:30, -30m 23 11:30"
    story.tell("23 11:50 term 23 13:50")
    assert live(story, "24 18:00") == "50% 23 12:50, -30m 23 13:20, 0 23 13:50, +1h 23 14:50"


def test_a_term_whose_breach_is_withdrawn_is_told_again() -> None:
    """The wait had arrived before the term, so the term that was told of is none: the next one is told of when it comes."""
    story = Story(SOLVE).tell("23 10:00 registered")
    live(story, "23 14:00")
    assert letters(story) == "50% before, -30m before, 0 term"
    story.tell("23 13:59 waits", "23 15:00 resumed")
    assert live(story, "24 18:00") == "0 23 15:01, +1h 23 16:01"


def test_a_term_that_only_rested_is_not() -> None:
    """The same promise moved on by a pause: nobody is told twice that half of it is gone."""
    story = Story(SOLVE).tell("23 10:00 registered")
    live(story, "23 13:40")
    story.tell("23 13:50 waits", "23 15:00 resumed")
    assert live(story, "24 18:00") == "0 23 15:10, +1h 23 16:10"


def test_a_stricter_promise_reminds_of_itself() -> None:
    """What was said of the old term and lies ahead of the new one is said again; what has passed is not."""
    story = Story(replace(SOLVE, name="calm", within=8 * HOUR)).tell("23 09:00 registered")
    live(story, "23 13:10")
    assert letters(story) == "50% before"
    story.become("23 13:20", replace(SOLVE, within=9 * HOUR))
    assert live(story, "24 18:00") == "50% 23 13:30, -30m 23 17:30, 0 24 09:00, +1h 24 10:00"
    story = Story(replace(SOLVE, name="calm", within=8 * HOUR)).tell("23 09:00 registered")
    live(story, "23 13:10")
    story.become("23 13:20", replace(SOLVE, within=5 * HOUR))
    assert live(story, "24 18:00") == "-30m 23 13:30, 0 23 14:00, +1h 23 15:00"


def test_a_stricter_promise_says_what_it_has_used_up() -> None:
    """Half of the new time is gone when it is promised: that is told at once."""
    story = Story(replace(SOLVE, name="calm", within=40 * HOUR)).tell("23 09:00 registered")
    story.become("23 12:00", SOLVE).tell("23 12:00 look")
    assert letters(story) == "50% before late"


def test_after_downtime_one_letter_speaks_for_all() -> None:
    """Of all that was missed only the latest goes out, late, to everybody who would have been told."""
    thresholds = (
        parse_threshold("50%"),
        parse_threshold("0", (Audience.TEAM, Audience.AGENT)),
        parse_threshold("+1h", (Audience.HEAD,)),
    )
    story = Story(replace(SOLVE, thresholds=(*thresholds, parse_threshold("+3h")))).tell(
        "23 10:00 registered", "23 15:30 look"
    )
    (reminder,) = story.sent
    (clock,) = story.clocks
    assert reminder == Reminder(
        clock=clock,
        threshold=thresholds[2],
        kind="after",
        due_at=at("23 14:00"),
        late=True,
        to=(Audience.HEAD, Audience.TEAM, Audience.AGENT),
    )
    assert clock.reminded == {"50%", "0", "+1h"}
    assert clock.breached_at == at("23 14:00")
    assert clock.next_at == at("23 17:00")


def test_after_a_night_down_the_morning_brings_it() -> None:
    """What should have gone out in the evening does not go out at night; it is late in the morning."""
    story = Story(SOLVE).tell("23 13:30 registered", "23 21:00 look")  # due 17:30
    assert (letters(story), story.clock("solve").breached_at) == ("", at("23 17:30"))
    assert live(story, "24 09:20") == "0 24 09:00 late"


def test_a_warning_is_not_sent_after_its_term() -> None:
    """Where only warnings were missed nothing goes out, and they count as passed over."""
    story = Story(replace(SOLVE, thresholds=SOLVE.thresholds[:2])).tell("23 10:00 registered", "23 14:00 look")
    assert letters(story) == ""
    assert story.clock("solve").reminded == {"50%", "-30m"}
    assert story.clock("solve").next_at is None


@pytest.mark.parametrize(("after", "late"), [(LATE, False), (LATE + timedelta(seconds=1), True)])
def test_late_begins_beyond_ten_minutes(after: timedelta, *, late: bool) -> None:
    """What a tick explains is not called late."""
    story = Story(SOLVE).tell("23 10:00 registered")
    story.look(at("23 12:00") + after)
    assert [one.late for one in story.sent] == [late]


def test_the_breach_is_at_the_term_and_not_before() -> None:
    """A second before there is none; at the term there is, at that very instant however late the look."""
    story = Story(SOLVE).tell("23 10:00 registered", "23 13:59:59 look")
    assert story.clock("solve").breached_at is None
    assert story.tell("25 16:00 look").clock("solve").breached_at == at("23 14:00")


def test_thresholds_of_one_instant_are_one_letter() -> None:
    """Half of an hour is thirty minutes before its end: one letter to both audiences."""
    two = (parse_threshold("50%", (Audience.HEAD,)), parse_threshold("-30m"))
    story = Story(replace(SOLVE, within=HOUR, thresholds=two)).tell("23 10:00 registered", "23 10:30 look")
    assert [(one.threshold.text, one.to) for one in story.sent] == [("-30m", (Audience.AGENT, Audience.HEAD))]
    assert story.clock("solve").reminded == {"50%", "-30m"}


def test_another_calendar_holds_by_itself() -> None:
    """Reminders keep the hours of the clock's own calendar, as they are now."""
    story = Story(replace(KLIK, within=30 * HOUR)).tell("23 20:00 registered", "24 12:00 calendars longer")
    assert live(story, "25 09:00") == "50% 24 11:00, -30m 24 19:00, +1h 25 09:00"


# ── whatever the machine's clock does ────────────────────────────────────────────────────────────────────────────────


THRESHOLDS = ("10%", "50%", "75%", "-2h", "-30m", "-1d", "0", "+1h", "+2d")
CLOCKS = st.builds(
    lambda mode, within, texts, minutes: begin(
        Plan(
            ticket_id=7,
            targets=(
                target(
                    "any", Moment.RESOLVED, timedelta(days=within) if mode.in_days else within * HOUR, *texts, mode=mode
                ),
            ),
            calendars=CALENDARS,
        ),
        at("23 00:00") + minutes * MINUTE,
    ).clocks[0],
    st.sampled_from([mode for mode in Mode if mode is not Mode.NONE]),
    st.integers(0, 10),
    st.lists(st.sampled_from(THRESHOLDS), unique=True),
    st.integers(0, 10 * 24 * 60),
)
NOWS = st.lists(st.integers(0, 40 * 24 * 60).map(lambda minutes: at("23 00:00") + minutes * MINUTE), max_size=12)
FAR = at("18 12:00") + timedelta(days=31)  # a Monday, at work


@given(clock=CLOCKS, nows=NOWS, ordered=st.booleans())
def test_no_step_of_the_clock_repeats_or_loses_anything(clock: Clock, nows: list[datetime], *, ordered: bool) -> None:
    """Whenever it is looked at, forwards and backwards: each threshold is dealt with once, and the breach comes once."""
    sent: list[str] = []
    breaches = 0
    for now in [*(sorted(nows) if ordered else nows), FAR]:
        looked = look(clock, CALENDARS, now)
        again = look(looked.clock, CALENDARS, now)
        assert again == replace(looked, reminder=None, events=())
        assert looked.clock.next_at is None or looked.clock.next_at > now
        assert looked.clock.reminded >= clock.reminded
        breaches += len(looked.events)
        if looked.reminder:
            text = looked.reminder.threshold.text
            assert text in looked.clock.reminded - clock.reminded
            sent.append(text)
        clock = looked.clock
    assert len(sent) == len(set(sent))
    assert breaches == 1
    assert clock.breached_at == clock.due_at
    reachable = {one.text for one in clock.target.thresholds if instant_of(one, clock, CALENDARS)}
    assert clock.reminded == reachable


@given(clock=CLOCKS)
def test_each_letter_has_its_time(clock: Clock) -> None:
    """Looked at when it wants to be, a clock is never late, warns before the term, and keeps working time where that is."""
    assert clock.due_at is not None
    looks = 0
    while clock.next_at:
        now = clock.next_at
        looked = look(clock, CALENDARS, now)
        if one := looked.reminder:
            assert not one.late
            assert (now < clock.due_at) == (one.kind == "before")
            if clock.target.mode is not Mode.CONTINUOUS and not DESK.is_working(now):
                assert one.kind == "before"
                assert now == clock.started_at
                assert not list(DESK.openings(now, clock.due_at))
        clock = looked.clock
        assert clock.next_at is None or clock.next_at > now
        looks += 1
    assert looks <= len(clock.target.thresholds) * 2 + 2
    assert clock.breached_at == clock.due_at


@given(clock=CLOCKS, now=st.integers(0, 40 * 24 * 60).map(lambda minutes: at("23 00:00") + minutes * MINUTE))
def test_before_it_wants_to_be_looked_at_there_is_nothing(clock: Clock, now: datetime) -> None:
    """`next_at` is honest: an earlier look finds nothing, and moves it nowhere."""
    assert clock.next_at == next_at(clock, CALENDARS)
    if clock.next_at and now < clock.next_at:
        looked = look(clock, CALENDARS, now)
        assert (looked.clock, looked.reminder, looked.events) == (clock, None, ())
