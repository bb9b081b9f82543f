"""Virtual time: what happens does not depend on how the hours are cut, and nothing outside is touched."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.load import load_config
from maild.model import Purpose
from maild.notices import Notice
from maild.rehearsal import Rehearsal
from maild.scheduler import ALWAYS, NEVER, Tick, advance
from tests.walk.stage import START, SUPPORT, letter, open_desk, summary

MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Diary:
    """Ticks that write down when they ran."""

    def __init__(self, **every: timedelta) -> None:
        self.now = NOON
        self.lines: list[str] = []
        self.ticks = [Tick(name=name, every=interval, action=self._note(name)) for name, interval in every.items()]

    def _note(self, name: str):  # type: ignore[no-untyped-def]
        async def note() -> None:
            self.lines.append(f"{self.now:%H:%M:%S} {name}")
            if name == "broken":
                raise ZeroDivisionError

        return note

    def move_to(self, instant: datetime) -> None:
        assert instant >= self.now
        self.now = instant

    def pass_time(self, *spans: timedelta) -> list[str]:
        for span in spans:
            asyncio.run(advance(self.ticks, NOON, self.now, self.now + span, self.move_to))
        return self.lines


def test_ticks_in_order_of_time_then_of_the_table() -> None:
    """Each at its multiples; at one instant in the order in which they were given."""
    assert Diary(slow=3 * MINUTE, fast=2 * MINUTE).pass_time(6 * MINUTE) == [
        "12:02:00 fast", "12:03:00 slow", "12:04:00 fast", "12:06:00 slow", "12:06:00 fast",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("span", "ran"),
    [
        (timedelta(0), []),
        (MINUTE - timedelta(microseconds=1), []),
        (MINUTE, ["12:01:00 a"]),
        (2 * MINUTE - timedelta(microseconds=1), ["12:01:00 a"]),
        (timedelta(days=1, minutes=1), 1441),
    ],
)
def test_both_edges(span: timedelta, ran: list[str] | int) -> None:
    """The end counts, the beginning does not; more than a day is more than a day."""
    diary = Diary(a=MINUTE)
    lines = diary.pass_time(span)
    assert (len(lines) if isinstance(ran, int) else lines) == ran
    assert diary.now == NOON + span


@pytest.mark.parametrize(
    "cut", [timedelta(seconds=1), timedelta(seconds=30), timedelta(seconds=59), MINUTE, 7 * MINUTE]
)
def test_short_advances_tick_as_a_long_one(cut: timedelta) -> None:
    """However an hour is cut, every tick falls once, at its own instant."""
    whole = Diary(a=MINUTE, b=7 * MINUTE).pass_time(60 * MINUTE)
    pieces = [cut] * int(60 * MINUTE / cut)
    rest = 60 * MINUTE - sum(pieces, timedelta(0))
    assert Diary(a=MINUTE, b=7 * MINUTE).pass_time(*pieces, rest) == whole


def test_a_failing_tick_does_not_stop_the_others() -> None:
    """It is logged, it comes again, and the clock goes on."""
    diary = Diary(broken=MINUTE, sound=MINUTE)
    assert diary.pass_time(2 * MINUTE) == ["12:01:00 broken", "12:01:00 sound", "12:02:00 broken", "12:02:00 sound"]


class Chores:
    """Two ticks that do what falls due for them, and give each other more to do; `leaps`: they tell until when they idle."""

    def __init__(self, began: datetime, every: list[timedelta], chores: list[list[timedelta]], *, leaps: bool) -> None:
        self.now = self.began = began
        self.chores = [[began + one for one in own] for own in chores]
        self.done: list[tuple[datetime, int]] = []
        self.looks = 0
        self.ticks = [
            Tick(name=str(n), every=interval, action=self._do(n), idle_until=self._idle(n) if leaps else lambda: ALWAYS)
            for n, interval in enumerate(every)
        ]

    def _idle(self, n: int):  # type: ignore[no-untyped-def]
        return lambda: min(self.chores[n], default=NEVER)

    def _do(self, n: int):  # type: ignore[no-untyped-def]
        async def do() -> None:
            self.looks += 1
            due = [one for one in self.chores[n] if one <= self.now]
            for one in due:
                self.chores[n].remove(one)
                self.done.append((self.now, n))
                if len(self.done) < 10:  # for the other, at once or later
                    self.chores[1 - n].append(self.now + (one - self.began) % timedelta(minutes=3))

        return do

    def move_to(self, instant: datetime) -> None:
        assert instant >= self.now
        self.now = instant

    def pass_time(self, span: timedelta) -> list[tuple[datetime, int]]:
        asyncio.run(advance(self.ticks, self.began, self.now, self.now + span, self.move_to))
        return self.done


SPANS = st.integers(0, 40 * 60 * 2).map(lambda halves: halves * timedelta(seconds=0.5))


@given(
    st.integers(0, 999_999).map(lambda some: NOON + timedelta(microseconds=some)),
    st.lists(st.integers(1, 300).map(lambda n: timedelta(seconds=n)), min_size=2, max_size=2),
    st.lists(st.lists(SPANS, max_size=3), min_size=2, max_size=2),
    st.lists(SPANS, min_size=1, max_size=3),
)
def test_leaping_over_idle_ticks_changes_nothing(
    began: datetime, every: list[timedelta], chores: list[list[timedelta]], spans: list[timedelta]
) -> None:
    """Whoever tells until when they idle does the same at the same instants as one who looks at every tick."""
    leaping, looking = Chores(began, every, chores, leaps=True), Chores(began, every, chores, leaps=False)
    for span in spans:
        assert leaping.pass_time(span) == looking.pass_time(span)
        assert leaping.now == looking.now
    assert leaping.looks <= looking.looks


@pytest.mark.parametrize("tenths", [1, 3, 11, 27])
def test_a_leap_lands_on_the_tick_of_that_very_instant(tenths: int) -> None:
    """Not on the one after it, as 0.6 seconds are more than two thirds of 0.9 for a processor."""
    every = tenths * timedelta(seconds=0.1)
    chores = Chores(NOON, [every, MINUTE], [[n * every for n in range(1, 20)], []], leaps=True)
    assert chores.pass_time(20 * every) == [(NOON + n * every, 0) for n in range(1, 20)]
    for n in range(1, 20):
        alone = Chores(NOON, [every, MINUTE], [[n * every], []], leaps=True)
        assert alone.pass_time(20 * every)[0] == (NOON + n * every, 0)


def test_a_year_without_work_is_one_leap() -> None:
    """Nobody looks 525,600 times at what is empty; what falls due at its end is still done then."""
    year = timedelta(days=365)
    chores = Chores(NOON, [MINUTE, MINUTE], [[year], []], leaps=True)
    assert chores.pass_time(2 * year)[0] == (NOON + year, 0)
    assert chores.looks < 20


def test_no_ticks_at_all() -> None:
    """Time passes all the same."""
    diary = Diary()
    diary.pass_time(MINUTE)
    assert diary.now == NOON + MINUTE


def test_the_clock_goes_forward_only() -> None:
    """An instant in the past, a naive one and an unknown mailbox are refused; the desk stays as it is."""
    with open_desk() as desk:
        for wrong in (START - MINUTE, timedelta(seconds=-1)):
            with pytest.raises(ValueError, match="cannot go back"):
                desk.advance(wrong)
        with pytest.raises(ValueError, match="UTC offset"):
            desk.advance(datetime(2027, 1, 1))
        with pytest.raises(KeyError):
            desk.deliver(letter(), "acme/nowhere")
        assert (desk.now, desk.settled) == (START, [])
        desk.deliver(letter(), SUPPORT, START + timedelta(days=40))
        assert desk.now == START + timedelta(days=40)


def test_letters_sent_meanwhile_are_returned() -> None:
    """What somebody else put into the outbox leaves with the next tick, and at its instant."""
    with open_desk() as desk:
        notice = Notice(kind="silence", key="x", summary="x", lines=[], command="maild status")
        desk._runner.run(desk._office.tell_admin(notice, again_after=timedelta(days=1)))
        (told,) = desk.advance(timedelta(hours=1))
        assert (told.purpose, told.at) == (Purpose.ADMIN, START + MINUTE)


def test_the_same_play_twice_is_the_same() -> None:
    """Octet for octet: a scenario's output may be kept and compared."""
    octets = letter()
    with open_desk() as one, open_desk() as other:
        first, second = one.deliver(octets, SUPPORT), other.deliver(octets, SUPPORT)
    assert [(s.at, s.recipient, s.message.message_id, s.message.text) for s in first] == [
        (s.at, s.recipient, s.message.message_id, s.message.text) for s in second
    ]


def test_nothing_of_the_configured_folder_is_touched(tmp_path: Path) -> None:
    """No data directory is made, no key, and a password that cannot be read does not matter."""
    path = tmp_path / "config.toml"
    path.write_text(
        """
data_dir = "data"
[smtp]
host = "smtp.acme.example"
username = "x"
password = { env = "MAILD_NO_SUCH_VARIABLE" }
[organization.acme]
name = "Acme"
number_prefix = "ACME"
[organization.acme.mailbox.support]
address = "support@acme.example"
""",
        encoding="utf-8",
    )
    with Rehearsal(load_config(path), start=START) as desk:
        assert summary(desk.deliver(letter(), SUPPORT)) == ["acknowledgement anna@client.example"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]
