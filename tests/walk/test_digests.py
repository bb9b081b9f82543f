"""An agent's answer to one letter about several tickets: it leads into none of them, and the agent alone is told so."""

from datetime import timedelta

import pytest

from maild.model import OutcomeKind
from maild.rehearsal import Rehearsal, SentLetter
from tests.walk.served import IVAN, IVAN_ADDRESS, OLGA, open_served, write
from tests.walk.stage import MALLORY, SUPPORT, ended, letter, outside, reply, summary, to


def digest(desk: Rehearsal) -> SentLetter:
    """Two requests, and the reminder of both that Ivan gets four working hours later."""
    write(desk)
    write(desk, OLGA, "Факс из бухгалтерии принимает только первую страницу.", subject="Факс")
    return to(desk.advance(timedelta(hours=5)), IVAN_ADDRESS)


def test_it_is_told_where_to_write() -> None:
    """No customer hears of it, no ticket opens, and Ivan is told to answer a notification."""
    with open_served() as desk:
        reminder = digest(desk)
        sent = desk.deliver(reply(reminder, "Сегодня отвечу обоим.", author=IVAN), SUPPORT)
        assert (ended(desk), summary(sent)) == (OutcomeKind.IGNORED, [f"reminder {IVAN_ADDRESS}"])
        assert "никуда не отправлен" in to(sent, IVAN_ADDRESS).message.subject
        assert len(desk.tickets()) == 2


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("Я в отпуске до 7 декабря.", ()),
        ("Спасибо, получил.", (("Return-Path", "<>"),)),
        ("Спасибо, получил.", (("Auto-Submitted", "auto-replied"),)),
        ("Спасибо, получил.", (("Auto-Submitted", "auto-generated"),)),
        ("Спасибо, получил.", (("X-Autoreply", "yes"),)),
        ("Спасибо, получил.", (("Subject", "Автоответ: Скоро срок"),)),
        ("Спасибо, получил.", (("Subject", "Автоматический ответ: Скоро срок"),)),
    ],
    ids=["words-alone", "null-path", "auto-replied", "auto-generated", "x-autoreply", "subject", "outlook-subject"],
)
def test_an_agents_mailbox_is_told_nothing(text: str, headers: tuple[tuple[str, str], ...]) -> None:
    """What may be written by a machine is answered by none of ours."""
    with open_served() as desk:
        reminder = digest(desk)
        assert desk.deliver(reply(reminder, text, author=IVAN, headers=headers, quote=False), SUPPORT) == []
        assert ended(desk) is OutcomeKind.IGNORED


def test_a_stranger_who_quotes_its_id_is_a_stranger() -> None:
    """It opens a ticket of its own and reaches nobody's."""
    with open_served() as desk:
        reminder = digest(desk)
        threading = [("In-Reply-To", f"<{reminder.message.message_id}>")]
        sent = desk.deliver(letter("Пустите меня.", author=MALLORY, headers=threading), SUPPORT)
        assert ended(desk) is OutcomeKind.OPENED
        assert [one.purpose for one in outside(sent)] == ["acknowledgement"]
