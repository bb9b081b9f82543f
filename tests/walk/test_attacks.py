"""Ways round the desk that were found by attacking it: nobody slips in, and nobody's letter goes unseen."""

import pytest

from maild.model import OutcomeKind
from maild.rehearsal import Rehearsal
from tests.walk.stage import (
    ANNA,
    CONFIG,
    IVAN,
    MALLORY,
    SUPPORT,
    ended,
    events,
    last,
    letter,
    open_desk,
    reply,
    summary,
    ticket,
    to,
)

AGENTS = ["notification ivan@staff.example", "notification petra@staff.example"]


@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
def test_a_known_message_id_brings_nobody_along(desk: Rehearsal, field: str) -> None:
    """From is forged and the id was seen on a list: the words join, whoever is in copy does not."""
    known = f"known-{field}@public.example"
    desk.deliver(letter(headers=[("Message-ID", f"<{known}>")]), SUPPORT)
    sent = desk.deliver(letter("и ещё", headers=[(field, f"<{known}>"), ("Cc", MALLORY)]), SUPPORT)
    assert ended(desk) is OutcomeKind.APPENDED
    assert "not joined" in [line.kind for line in events(desk)]
    assert [p.address.addr for p in ticket(desk).participants] == ["anna@client.example"]
    assert summary(desk.deliver(reply(to(sent, IVAN), "ответ", author=IVAN), SUPPORT)) == ["answer anna@client.example"]


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        ("Админ <postmaster@client.example>", "Вопрос по почте", "Здравствуйте! Сервер отвечает 550 5.7.1, помогите."),
        ("postmaster@client.example", "Не доставлено: почему?", "550 user unknown"),
        ("postmaster@client.example", "Письмо не доставлено", "Здравствуйте! Что значит 550 5.1.1?"),
        (ANNA, "Out of office - please reschedule my visit", "I am on vacation next week."),
    ],
)
def test_words_alone_make_no_machine(desk: Rehearsal, author: str, subject: str, text: str) -> None:
    """Whoever writes like a mail system or an autoresponder is still seen; in doubt nothing answers by itself."""
    sent = desk.deliver(letter(text, author=author, subject=subject), SUPPORT)
    assert ended(desk) is OutcomeKind.OPENED, last(desk).outcome.reason
    assert summary(sent) == AGENTS


def test_a_postmaster_who_says_nothing_of_mail_is_a_person(desk: Rehearsal) -> None:
    """And is acknowledged like anybody."""
    sent = desk.deliver(letter(author="postmaster@client.example"), SUPPORT)
    assert summary(sent) == ["acknowledgement postmaster@client.example", *AGENTS]


def test_who_complains_of_an_absence_is_a_person(desk: Rehearsal) -> None:
    """The words are an autoresponder's, but whoever is away speaks of themselves."""
    sent = desk.deliver(letter("Третий день нет на месте вашего мастера!", subject="Нет на месте - мастер"), SUPPORT)
    assert summary(sent) == ["acknowledgement anna@client.example", *AGENTS]


def test_the_lists_copy_hides_nothing(desk: Rehearsal) -> None:
    """A letter to us and to a list: the list's copy is ignored, the direct one is a request, a third a duplicate."""
    raw = letter()
    desk.deliver(b"List-Id: <friends.example.org>\r\n" + raw, SUPPORT)
    assert ended(desk) is OutcomeKind.IGNORED
    desk.deliver(raw, SUPPORT)
    assert ended(desk) is OutcomeKind.OPENED
    desk.deliver(b"Received: from elsewhere\r\n" + raw, SUPPORT)
    assert ended(desk) is OutcomeKind.DUPLICATE


def test_a_copy_of_the_lists_copy_hides_nothing_either(desk: Rehearsal) -> None:
    """The list's letter found in two folders, then the direct one: still a request."""
    raw = letter()
    for _ in range(2):
        desk.deliver(b"List-Id: <friends.example.org>\r\n" + raw, SUPPORT)
    desk.deliver(raw, SUPPORT)
    assert ended(desk) is OutcomeKind.OPENED


def test_the_same_octets_are_a_copy_even_of_an_ignored_letter(desk: Rehearsal) -> None:
    """A list's letter in two mailboxes is one."""
    raw = b"List-Id: <friends.example.org>\r\n" + letter()
    desk.deliver(raw, SUPPORT)
    desk.deliver(raw, SUPPORT)
    assert ended(desk) is OutcomeKind.DUPLICATE


def test_whoever_from_names_is_not_notified() -> None:
    """A letter in an agent's name, believed or not, goes to the others; but somebody must hear of it."""
    with open_desk() as desk:
        assert summary(desk.deliver(letter(author=IVAN), SUPPORT)) == ["notification petra@staff.example"]
    alone = CONFIG.replace('[organization.acme.agent.petra]\nname = "Петра"\naddress = "petra@staff.example"\n', "")
    with open_desk(alone) as desk:
        assert summary(desk.deliver(letter(author=IVAN), SUPPORT)) == ["notification ivan@staff.example"]


@pytest.mark.parametrize("field", ["X-MS-Exchange-Inbox-Rules-Loop", "X-MS-Exchange-Generated-Message-Source"])
def test_what_exchange_sends_by_itself(desk: Rehearsal, field: str) -> None:
    """A rule's forward is a machine's: from a customer it opens a ticket in silence, from an agent nothing follows."""
    machine = [(field, "ivan@staff.example")]
    opened = desk.deliver(letter(headers=machine), SUPPORT)
    assert summary(opened) == AGENTS
    assert desk.deliver(reply(to(opened, IVAN), "Слова.", author=IVAN, headers=machine), SUPPORT) == []
    assert ended(desk) is OutcomeKind.IGNORED
