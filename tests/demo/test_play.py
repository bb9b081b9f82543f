"""The play itself, in this process: what it notices, and how it ends."""

import asyncio
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.demo import letters
from maild.demo.cast import ANNA, BORIS, ELENA, IVAN, SUPPORT
from maild.demo.conversation import ANSWER, INVOICE, QUESTION, SCRIPT, Scene
from maild.demo.play import Interrupted, perform
from maild.demo.post import Arrived, Envelope, PostOffice, base
from maild.demo.report import Report, Sent, differences, repeated
from maild.ingest.parse import parse
from maild.model import Address, Message, Outcome, OutcomeKind, Purpose
from maild.pipeline import Settled

SOON = 20  # seconds for what takes less than one
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Listener:
    """An audience that sends this process a signal when it is first told of an event."""

    def __init__(self, interrupt_at: str = "") -> None:
        self.interrupt_at = interrupt_at
        self.found: list[str] = []

    def heard(self, event: str) -> None:
        if event == self.interrupt_at:
            self.interrupt_at = ""
            os.kill(os.getpid(), signal.SIGINT)

    def opening(self, post: PostOffice) -> None: ...

    def letter(self, title: str, message: Message, number: int | None = None) -> None:
        self.heard("letter")

    def settled(self, settled: Settled, ticket: str | None) -> None:
        self.heard("settled")

    def sent(self, sent: Sent, arrived: Arrived) -> None:
        self.heard("sent")

    def not_sent(self, reasons: tuple[str, ...]) -> None:
        self.heard("not-sent")

    def problems(self, problems: tuple[str, ...]) -> None:
        self.found += problems

    def summary(self, report: Report, config: Path, post: PostOffice, *, kept: bool) -> None: ...


async def test_a_letter_that_ends_otherwise_fails_the_demo(tmp_path: Path) -> None:
    """The demo is a test of the whole: it says no when a letter does not end as its script says."""
    audience = Listener()
    wrong = replace(SCRIPT[0], outcome=OutcomeKind.IGNORED, sends=(), ticket=None)

    report = await perform(tmp_path, audience, script=(wrong, SCRIPT[1]))

    assert not report.ok
    assert audience.found == [
        "expected ignored, got opened",
        "expected ticket None, got ROM-1",
        f"acknowledgement to {ANNA.addr} went out unexpectedly",
        f"notification to {IVAN.addr} went out unexpectedly",
    ]
    assert list(report.script[0].problems) == audience.found
    assert report.script[1].problems == ()
    assert (report.letters, report.unaccounted, report.repeated, report.problems) == (2, 0, 0, ())


async def test_a_letter_that_cannot_be_written_ends_the_script(tmp_path: Path) -> None:
    """An answer to a letter that never came is not made up: the demo says so and counts the rest as not played."""
    report = await perform(tmp_path, Listener(), script=SCRIPT[2:5])

    assert not report.ok
    assert report.script[0].problems == (f"nothing has reached {ANNA.addr} yet",)
    assert report.problems == ("2 letter(s) of the script were not played",)


@pytest.mark.parametrize("event", ["letter", "settled", "sent", "not-sent"])
async def test_a_signal_ends_the_script(tmp_path: Path, event: str) -> None:
    """Ctrl-C in the middle is not taken for success, and whatever is being waited for, it ends the demo."""
    with pytest.raises(Interrupted, match="stopped before its end"):
        async with asyncio.timeout(SOON):
            await perform(tmp_path, Listener(interrupt_at=event))


# ── what is noticed ──────────────────────────────────────────────────────────────────────────────────────────────────

SCENE = Scene(
    title="an answer", author=IVAN, write=lambda _, now: letters.question(IVAN, "", "", now),
    outcome=OutcomeKind.APPENDED, ticket="ROM-1", sends=((Purpose.ANSWER, ANNA),), carries="до щелчка",
)  # fmt: skip


def went_out(text: str, purpose: Purpose = Purpose.ANSWER, to: Address = ANNA) -> tuple[Sent, Arrived]:
    envelope = Envelope(sender=SUPPORT.addr, recipient=to.addr, octets=b"")
    arrived = Arrived(envelope=envelope, message=Message(message_id=f"{purpose}.{to.addr}", text=text), at=NOW)
    return Sent(purpose=purpose, to=to.addr, subject=""), arrived


def settled(kind: OutcomeKind = OutcomeKind.APPENDED) -> Settled:
    return Settled(letter_id=1, outcome=Outcome(kind=kind, reason=""))


@pytest.mark.parametrize(
    ("kind", "ticket", "sent", "noticed"),
    [
        pytest.param("appended", "ROM-1", [went_out(ANSWER)], [], id="as-it-should"),
        pytest.param("opened", "ROM-1", [went_out(ANSWER)], ["expected appended, got opened"], id="outcome"),
        pytest.param("appended", "ROM-2", [went_out(ANSWER)], ["expected ticket ROM-1, got ROM-2"], id="ticket"),
        pytest.param("appended", "ROM-1", [], [f"expected answer to {ANNA.addr}, which did not go out"], id="missing"),
        pytest.param(
            "appended", "ROM-1", [went_out(ANSWER), went_out(ANSWER, to=ELENA)],
            [f"answer to {ELENA.addr} went out unexpectedly"], id="to-a-stranger",
        ),
        pytest.param(
            "appended", "ROM-1", [went_out(ANSWER), went_out(ANSWER)],
            [f"answer to {ANNA.addr} went out unexpectedly"], id="twice",
        ),
        pytest.param(
            "appended", "ROM-1", [went_out("Иван")], [f"answer to {ANNA.addr} lacks the words 'до щелчка'"], id="words",
        ),
        pytest.param(
            "appended", "ROM-1", [went_out(f"{ANSWER}\n> ##- Ответ выше этой строки")],
            [f"answer to {ANNA.addr} shows the customer what the agent quoted"], id="quotation",
        ),
    ],
)  # fmt: skip
def test_every_difference_is_noticed(
    kind: str, ticket: str, sent: list[tuple[Sent, Arrived]], noticed: list[str]
) -> None:
    assert list(differences(SCENE, settled(OutcomeKind(kind)), ticket, sent)) == noticed


def test_only_our_own_letters_count_as_repeated() -> None:
    """A customer's relay may repeat a letter; we may not. One letter to two people is none repeated."""
    ours, other = went_out(ANSWER)[1], went_out(ANSWER, to=ELENA)[1]
    to_someone_else = replace(ours, envelope=replace(ours.envelope, recipient=BORIS.addr))
    known = frozenset({str(ours.message.message_id)})

    assert repeated([ours, to_someone_else, other, other], known) == 0
    assert repeated([ours, ours, ours], known) == 2


# ── the letters are what they pretend to be ──────────────────────────────────────────────────────────────────────────


def test_windows_1251_is_really_that() -> None:
    octets = letters.in_windows_1251(BORIS, "Акт сверки", INVOICE, NOW).octets

    assert "второй страницы".encode("cp1251") in octets
    assert "второй страницы".encode() not in octets
    message = parse(octets)
    assert (message.author, message.subject) == (BORIS, "Акт сверки")
    assert message.text.split() == INVOICE.split()


def test_a_relay_changes_octets_but_not_the_letter() -> None:
    sent = letters.question(ANNA, "Не печатает принтер", QUESTION, NOW)
    again = letters.relayed_again(sent, NOW)

    assert again.octets != sent.octets
    assert parse(again.octets).message_id == parse(sent.octets).message_id
    assert parse(again.octets).content == parse(sent.octets).content


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("support@romashka.example", "support@romashka.example"),
        ("Support+t1.abc@Romashka.example", "support@romashka.example"),
        ("a+b+c@x.example", "a@x.example"),
    ],
)
def test_subaddresses_reach_the_mailbox(address: str, mailbox: str) -> None:
    assert base(address) == mailbox
