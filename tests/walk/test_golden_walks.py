"""Golden letters in the order in which they came: what each repeats, where it belongs, who hears of it.

`tests/mail/{repeats,threads}/NNNN-lesson.1.eml`, `.2.eml`, … reach one desk an hour apart, `NNNN-lesson.expected.txt` is
what became of the last. In a letter `{ack}` stands for the address to which our acknowledgement wants its answer,
`{ack-id}` and `{answer-id}` for the Message-IDs of that acknowledgement and of an agent's answer.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.model import Purpose
from maild.rehearsal import SentLetter
from tests.walk.stage import CONFIG, IVAN, SUPPORT, last, open_desk, reply, reply_address, summary, to

MAIL = Path(__file__).parents[1] / "mail"
ROOMS = ("repeats", "threads")
LESSONS = sorted({path.with_suffix("").with_suffix("") for room in ROOMS for path in (MAIL / room).glob("*.eml")})


def filled(octets: bytes, sent: list[SentLetter]) -> bytes:
    """Put in what a letter knows of ours."""
    names = {"ack": Purpose.ACKNOWLEDGEMENT, "answer": Purpose.ANSWER}
    for name, purpose in names.items():
        ours = next((one.message for one in sent if one.purpose is purpose), None)
        if ours:
            octets = octets.replace(f"{{{name}}}".encode(), reply_address(ours).encode())
            octets = octets.replace(f"{{{name}-id}}".encode(), (ours.message_id or "").encode())
    return octets


def play(lesson: Path) -> Iterator[str]:
    """Yield what became of the last of the lesson's letters, line by line."""
    letters = sorted(lesson.parent.glob(f"{lesson.name}.*.eml"))
    sent: list[SentLetter] = []
    with open_desk(CONFIG.replace('window = "0s"', 'window = "7d"')) as desk:
        for path in letters:
            octets = path.read_bytes()
            if b"{answer-id}" in octets:
                notification = to([one for one in sent if one.purpose is Purpose.NOTIFICATION][:2], IVAN)
                sent += desk.deliver(reply(notification, "Проверьте, пожалуйста, ещё раз.", author=IVAN), SUPPORT)
            heard = desk.deliver(filled(octets, sent), SUPPORT, at=desk.now + timedelta(hours=1))
            sent += heard
        settled = last(desk)
        assert settled.decision is not None, "a letter that breaks our code is no golden letter"
        number = next((ticket.number for ticket in desk.tickets() if ticket.id == settled.ticket_id), "no ticket")
        yield f"{settled.outcome.kind.value}: {number} of {len(desk.tickets())}"
        yield from (f"to {line}" for line in summary(heard))
        for finding in settled.decision.findings:
            if finding.step in ("thread", "dedupe"):
                yield f"{finding.step}: {finding.verdict}"
                yield from (f"- {evidence}" for evidence in finding.evidence)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: f"{lesson.parent.name}/{lesson.name}")
def test_letters_find_their_ticket_as_before(lesson: Path) -> None:
    """The decision printed is the one agreed on."""
    printed = "\n".join(play(lesson)) + "\n"
    assert lesson.with_name(f"{lesson.name}.expected.txt").read_text(encoding="utf-8") == printed


def test_every_lesson_is_whole() -> None:
    """Each has its letters and its decision."""
    assert {lesson.parent.name for lesson in LESSONS} == set(ROOMS)
    texts = {path.name.removesuffix(".expected.txt") for room in ROOMS for path in (MAIL / room).glob("*.expected.txt")}
    assert texts == {lesson.name for lesson in LESSONS}
