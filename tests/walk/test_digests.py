"""An agent's answer to one letter about several tickets: it leads into none of them, and the agent alone is told so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.model import OutcomeKind
from maild.rehearsal import Rehearsal, SentLetter
from tests.walk.served import IVAN, IVAN_ADDRESS, OLGA, open_served, write
from tests.walk.stage import MALLORY, SUPPORT, ended, letter, outside, reply, summary, to
from tests.walk.test_assigning import open_dealt


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


@pytest.mark.parametrize("had", [0, 1])
def test_from_another_address_of_theirs_the_registered_one_is_told(monkeypatch: pytest.MonkeyPatch, had: int) -> None:
    """From proves nothing: nobody has us write elsewhere, nor more often than agents are written to."""
    private = "ivan@private.example"
    with open_dealt("manual", ivan=f'aliases = ["{private}"]') as desk:
        reminder = digest(desk)
        box = desk._policy.mailboxes[SUPPORT]
        full = sum(one.recipient == IVAN_ADDRESS for one in desk._stage.sent) + had
        caps = replace(box.desk.caps, per_agent=full)
        monkeypatch.setitem(desk._policy.mailboxes, SUPPORT, replace(box, desk=replace(box.desk, caps=caps)))
        sent = desk.deliver(reply(reminder, "Сегодня отвечу обоим.", author=private), SUPPORT)
        assert (ended(desk), summary(sent)) == (OutcomeKind.IGNORED, [f"reminder {IVAN_ADDRESS}"][:had])


def test_a_stranger_who_quotes_its_id_is_a_stranger() -> None:
    """It opens a ticket of its own and reaches nobody's."""
    with open_served() as desk:
        reminder = digest(desk)
        threading = [("In-Reply-To", f"<{reminder.message.message_id}>")]
        sent = desk.deliver(letter("Пустите меня.", author=MALLORY, headers=threading), SUPPORT)
        assert ended(desk) is OutcomeKind.OPENED
        assert [one.purpose for one in outside(sent)] == ["acknowledgement"]


def test_our_servers_good_word_leads_into_no_ticket() -> None:
    """The subject names one of the tickets, and the agent is vouched for: still nobody can say whom the words are for."""
    with open_served(organization='trust.authserv_id = "mx.acme.example"') as desk:
        reminder = digest(desk)
        assert "ACME-" in reminder.message.subject
        head = b"Authentication-Results: mx.acme.example; dmarc=pass header.from=staff.example\r\n"
        hop = b"Received: from a.example by mx.acme.example with ESMTPS id 1\r\n"
        sent = desk.deliver(head + hop + reply(reminder, "Сегодня отвечу.", author=IVAN), SUPPORT)
        assert (ended(desk), summary(sent)) == (OutcomeKind.IGNORED, [f"reminder {IVAN_ADDRESS}"])
