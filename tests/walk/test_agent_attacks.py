"""Attempts to pass for an agent, and what agents' mail does by mistake: nothing leaks, and nothing is silent (docs/security.md)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from maild.model import OutcomeKind, Status
from maild.rehearsal import Rehearsal, SentLetter
from tests.walk.stage import (
    ANNA,
    CONFIG,
    DAY,
    IVAN,
    MALLORY,
    PETRA,
    PLAIN,
    START,
    SUPPORT,
    ended,
    events,
    letter,
    open_desk,
    outside,
    reply,
    summary,
    ticket,
    to,
)
from tests.walk.test_trust import ASKED, PHONE, PRIVATE, TO_ANNA, TRUSTING, opened, threaded, vouched

TOLD = ["notification ivan@staff.example"]
BOTH = ["notification ivan@staff.example", "notification petra@staff.example"]
SECRET = "Пришлите пароль на этот адрес."
FORGED = "Authentication-Results: mx.acme.example; dmarc=pass header.from=staff.example\r\n"


@pytest.fixture
def trusting() -> Iterator[Rehearsal]:
    with open_desk(TRUSTING) as desk:
        yield desk


def reached_nobody(desk: Rehearsal, sent: list[SentLetter]) -> None:
    """Look that nothing of it went to the customer, and that the request is as it was."""
    assert "anna@client.example" not in [one.recipient for one in sent]
    assert ticket(desk, 1).status is Status.NEW
    assert "answered" not in [line.kind for line in events(desk, 1)]


# ── who says that they are an agent ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "author",
    [
        f"Иван Иванов <{MALLORY}>",
        f'"ivan@staff.example" <{MALLORY}>',
        f'"Иван Иванов <ivan@staff.example>" <{MALLORY}>',
        "ivan@staff.example.evil.example",
        "ivan@stаff.example",  # a Cyrillic а
        "ivan@xn--stff-63d.example",  # the same in punycode
        "ivan@staff-example.example",
        "іvan@staff.example",  # a Ukrainian і
    ],
)
def test_names_and_look_alikes_are_strangers(trusting: Rehearsal, author: str) -> None:
    """Whatever a reader takes it for, and though their own server vouches for them: a stranger's request of its own."""
    opened(trusting)
    head = f"From: {author}\r\nTo: support@acme.example\r\nSubject: Re: [ACME-1] принтер\r\nMessage-ID: <1@evil.example>\r\n"
    raw = f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{SECRET}\r\n".encode()
    sent = trusting.deliver(vouched(raw, domain="evil.example"), SUPPORT)
    assert ended(trusting) is OutcomeKind.OPENED
    reached_nobody(trusting, sent)


@pytest.mark.parametrize(
    "head",
    [
        FORGED,  # nothing above it: no server of ours has seen the letter
        f"Received: from x by mx.evil.example with SMTP id 1\r\n{FORGED}",
        f"Received: from x by mx.acme.example with SMTP id 1\r\nReceived: from y by mx.evil.example with SMTP\r\n{FORGED}",
        ("Authentication-Results: mx.acme.example; dmarc=none\r\n"
        f"Received: from x by mx.acme.example with SMTP id 1\r\n{FORGED}"),
        f"Received: from x by mx.acme.example with SMTP id 1\r\nAuthentication-Results: mx.acme.example; spf=none\r\n{FORGED}",
        ("Received: from x by mx.acme.example with SMTP id 1\r\n"
        "Authentication-Results: mx.evil.example; dmarc=pass header.from=staff.example\r\n"),
        ("Received: from x by mx.acme.example with SMTP id 1\r\n"
        "Authentication-Results: mx.acme.example; dmarc=pass header.from=evil.example; spf=pass smtp.mailfrom=a@evil.example\r\n"),
    ],
    ids=["alone", "below a foreign server", "below ours and a foreign", "below the real one", "beside the real one",
         "of another server", "about another domain"],
)  # fmt: skip
def test_forged_results_vouch_for_nobody(trusting: Rehearsal, head: str) -> None:
    """From is the agent's, and a field says that it is genuine, which our server did not write: the agent is asked."""
    sent = trusting.deliver(head.encode() + threaded(opened(trusting), SECRET), SUPPORT)
    assert summary(sent) == ASKED
    reached_nobody(trusting, sent)


def test_a_replayed_letter_is_a_copy(trusting: Rehearsal) -> None:
    """The agent's own letter once more, octet by octet: nothing is sent twice."""
    raw = vouched(reply(opened(trusting), "Готово.", author=IVAN))
    assert summary(trusting.deliver(raw, SUPPORT)) == TO_ANNA
    assert trusting.deliver(raw, SUPPORT) == []
    assert ended(trusting) is OutcomeKind.DUPLICATE


def test_a_stolen_token_with_a_forged_from(trusting: Rehearsal) -> None:
    """Both are there, but our server knows that From is forged: the agent is asked, and hears that their code is about."""
    stolen = vouched(reply(opened(trusting), SECRET, author=IVAN, quote=False), word="fail")
    sent = trusting.deliver(stolen, SUPPORT)
    assert summary(sent) == ASKED
    assert SECRET in to(sent, IVAN).message.text
    reached_nobody(trusting, sent)


@pytest.mark.parametrize("domain", ["evil.example", "staff.example"])
def test_a_token_forwarded_to_a_stranger(trusting: Rehearsal, domain: str) -> None:
    """The stranger answers it: only the agent hears, whatever the stranger's own server says."""
    sent = trusting.deliver(vouched(reply(opened(trusting), SECRET, author=MALLORY), domain=domain), SUPPORT)
    assert summary(sent) == ASKED
    reached_nobody(trusting, sent)


def test_a_colleagues_token_is_no_better(trusting: Rehearsal) -> None:
    """One agent with another's notification: asked, unless our server vouches for them."""
    notification = opened(trusting)
    sent = trusting.deliver(reply(notification, "Готово.", author=PETRA), SUPPORT)
    assert summary(sent) == ["confirmation petra@staff.example"]
    assert summary(trusting.deliver(vouched(reply(notification, "Готово.", author=PETRA)), SUPPORT)) == TO_ANNA


def test_an_agent_who_left(trusting: Rehearsal) -> None:
    """Token, From and the server's good word of somebody who is an agent no longer: a stranger's request."""
    notification = opened(trusting)
    gone = TRUSTING.replace("agent.ivan]", "agent.olga]").replace("ivan", "olga").replace("Иван Иванов", "Ольга")
    with open_desk(gone) as desk:
        desk.deliver(letter(), SUPPORT)
        sent = desk.deliver(vouched(reply(notification, SECRET, author=IVAN, quote=False)), SUPPORT)
        assert ended(desk) is OutcomeKind.OPENED
        reached_nobody(desk, sent)
        assert "ACME-2" in to(sent, IVAN).message.subject


def test_two_authors_in_from(trusting: Rehearsal) -> None:
    """The server vouches for one of them: for none, then."""
    two = vouched(threaded(opened(trusting), SECRET, author=f"{IVAN}, {MALLORY}"))
    sent = trusting.deliver(two, SUPPORT)
    assert summary(sent) == ASKED
    reached_nobody(trusting, sent)


# ── what is an agent's, and not for the customer ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("prefix", ["Fwd: ", "FW: ", "Переслано: ", "Fwd: Re: "])
def test_a_forwarded_notification(trusting: Rehearsal, prefix: str) -> None:
    """Our server vouches for the agent, who passes the notification on: the customer hears nothing, the agent is told."""
    notification = opened(trusting)
    forward = reply(
        notification, "Возьмёшь?", author=IVAN, headers=[("Subject", prefix + notification.message.subject)]
    )
    sent = trusting.deliver(vouched(forward), SUPPORT)
    assert summary(sent) == TOLD
    reached_nobody(trusting, sent)


def test_forwarded_notifications_one_after_the_other(trusting: Rehearsal) -> None:
    """Whoever passes them on all day, a rule of their mailbox perhaps, hears of it once; tomorrow again; other slips at once."""
    notification = opened(trusting)
    fwd = [("Subject", f"Fwd: {notification.message.subject}")]
    told = [
        summary(trusting.deliver(vouched(reply(notification, f"Возьмёшь {n}?", author=IVAN, headers=fwd)), SUPPORT))
        for n in range(5)
    ]
    assert told == [TOLD, [], [], [], []]
    assert [line.text for line in events(trusting, 1) if line.kind == "not told"] == [
        "agent ivan has been told of a forwarded one today"
    ] * 4
    assert summary(trusting.deliver(vouched(reply(notification, "", author=IVAN)), SUPPORT)) == TOLD
    to_petra = vouched(threaded(notification, "Клиент опять скандалит.", headers=[("Cc", PETRA)]))
    assert summary(trusting.deliver(to_petra, SUPPORT)) == TOLD
    colleagues = vouched(reply(notification, "Возьмёшь?", author=PETRA, headers=fwd))
    assert summary(trusting.deliver(colleagues, SUPPORT)) == ["notification petra@staff.example"]
    other = opened(trusting)
    elsewhere = [("Subject", f"Fwd: {other.message.subject}")]
    assert (
        summary(trusting.deliver(vouched(reply(other, "Возьмёшь?", author=IVAN, headers=elsewhere)), SUPPORT)) == TOLD
    )
    trusting.advance(DAY - timedelta(seconds=1))
    soon = vouched(reply(notification, "Возьмёшь 5?", author=IVAN, headers=fwd))
    assert trusting.deliver(soon, SUPPORT) == []
    trusting.advance(timedelta(seconds=1))
    again = vouched(reply(notification, "Возьмёшь 6?", author=IVAN, headers=fwd))
    assert summary(trusting.deliver(again, SUPPORT)) == TOLD


@pytest.mark.parametrize("headers", [[("To", PETRA), ("Cc", "support@acme.example")], [("Cc", PETRA)]])
def test_words_to_a_colleague(trusting: Rehearsal, headers: list[tuple[str, str]]) -> None:
    """Without a token nothing but the addresses tells for whom it is: in doubt not for the customer."""
    sent = trusting.deliver(vouched(threaded(opened(trusting), "Клиент опять скандалит.", headers=headers)), SUPPORT)
    assert summary(sent) == TOLD
    reached_nobody(trusting, sent)


def test_a_mailbox_that_forwards_everything(trusting: Rehearsal) -> None:
    """It sends the notification back as a letter of the agent's, for which our server vouches: no letter, and so no loop."""
    notification = opened(trusting)
    back = letter(notification.message.text, author=IVAN, subject=notification.message.subject)
    sent = trusting.deliver(vouched(back), SUPPORT)
    assert sent == []
    reached_nobody(trusting, sent)


@pytest.mark.parametrize("text", ["Здравствуйте! Я в отпуске до 5 мая.", "I am out of the office until May 5."])
@pytest.mark.parametrize("headers", [[], [("Auto-Submitted", "auto-replied")]])
def test_an_agents_auto_reply(trusting: Rehearsal, text: str, headers: list[tuple[str, str]]) -> None:
    """With a token or without one, marked as a machine's or not: it reaches no customer."""
    notification = opened(trusting)
    for raw in (reply(notification, text, author=IVAN, quote=False, headers=headers),
                threaded(notification, text, headers=headers)):  # fmt: skip
        sent = trusting.deliver(vouched(raw), SUPPORT)
        assert outside(sent) == []
        reached_nobody(trusting, sent)


@pytest.mark.parametrize("author", [IVAN, PRIVATE, PHONE])
@pytest.mark.parametrize("vouch", [True, False])
def test_an_auto_reply_without_a_mark_is_not_answered(trusting: Rehearsal, author: str, *, vouch: bool) -> None:
    """Proven or not, by its words alone: each answer of ours would bring the next one."""
    raw = reply(opened(trusting), "Меня нет на месте, вернусь в понедельник.", author=author, quote=False)
    assert trusting.deliver(vouched(raw) if vouch else raw, SUPPORT) == []
    assert any("autoresponder" in line.text for line in events(trusting, 1))
    reached_nobody(trusting, [])


def test_a_question_is_not_answered_to_the_customer() -> None:
    """A yes that lost its token on a phone, or was forwarded: whatever it is, the customer does not read it."""
    with open_desk(TRUSTING) as desk:
        question = to(desk.deliver(reply(opened(desk, PLAIN), "Готово.", author=PHONE), PLAIN), IVAN)
        ids = f"<{question.message.message_id}>"
        for headers in ([("References", ids)], []):
            yes = letter(f"да\n\n> {question.message.text}", author=IVAN, to="desk@acme.example",
                         subject="Re: [ACME-1] Не печатает принтер", headers=headers)  # fmt: skip
            reached_nobody(desk, desk.deliver(vouched(yes), PLAIN))


# ── how agents really answer ─────────────────────────────────────────────────────────────────────────────────────────


def test_from_a_phone_without_a_quote(trusting: Rehearsal) -> None:
    """Only the address is left of the trail: the words go out, and nothing else."""
    sent = trusting.deliver(
        reply(opened(trusting), "Готово.\n\nОтправлено с iPhone", author=IVAN, quote=False), SUPPORT
    )
    assert summary(sent) == TO_ANNA
    assert to(sent, ANNA).message.text.partition("\n\n")[0] == "Готово."
    assert "iPhone" not in to(sent, ANNA).message.text


def test_an_answer_to_an_old_notification(trusting: Rehearsal) -> None:
    """The token of a month ago still leads into the ticket."""
    notification = opened(trusting)
    sent = trusting.deliver(reply(notification, "Готово.", author=IVAN), SUPPORT, at=START + 30 * DAY)
    assert "answer anna@client.example" in summary(sent)


def test_an_answer_to_a_closed_ticket(trusting: Rehearsal) -> None:
    """The words reach the customer, and the ticket waits for them again; a stranger's with the number alone does neither."""
    notification = opened(trusting)
    trusting.deliver(reply(notification, "#решено", author=IVAN), SUPPORT)
    assert ticket(trusting).status is Status.RESOLVED
    sent = trusting.deliver(threaded(notification, SECRET, author=MALLORY), SUPPORT)
    assert "anna@client.example" not in [one.recipient for one in sent]
    assert ticket(trusting, 1).status is Status.RESOLVED
    assert summary(trusting.deliver(reply(notification, "Ещё раз.", author=IVAN), SUPPORT)) == TO_ANNA


@pytest.mark.parametrize("text", ["", "   \n\n", "-- \nИван Иванов"])
def test_an_empty_answer(trusting: Rehearsal, text: str) -> None:
    """Nothing goes out, and the agent is told so."""
    sent = trusting.deliver(vouched(reply(opened(trusting), text, author=IVAN)), SUPPORT)
    assert summary(sent) == TOLD
    reached_nobody(trusting, sent)


def test_commands_alone(trusting: Rehearsal) -> None:
    """A receipt, and no letter to the customer."""
    sent = trusting.deliver(reply(opened(trusting), "#взять\n#решено", author=IVAN), SUPPORT)
    assert summary(sent) == ["receipt ivan@staff.example"]


def test_twenty_commands(trusting: Rehearsal) -> None:
    """More than anybody means: one receipt, and nothing half done."""
    sent = trusting.deliver(reply(opened(trusting), "\n".join(["#время 5м"] * 21), author=IVAN), SUPPORT)
    assert summary(sent) == ["receipt ivan@staff.example"]
    assert "Не сделано" in to(sent, IVAN).message.text
    reached_nobody(trusting, sent)


def test_contradicting_commands(trusting: Rehearsal) -> None:
    """What cannot be done after the other stops both, and the receipt says which."""
    sent = trusting.deliver(reply(opened(trusting), "#решено\n#ждать клиента", author=IVAN), SUPPORT)
    assert summary(sent) == ["receipt ivan@staff.example"]
    assert to(sent, IVAN).message.text.count("Не сделано") == 2
    reached_nobody(trusting, sent)


@pytest.mark.parametrize("text", ["#решено", "#клиент beta\n#срок завтра", "взять", "#отменить\nне повтор"])
def test_a_customers_commands_are_words(trusting: Rehearsal, text: str) -> None:
    """In a first letter and in a further one: the agents read them, and nothing is done."""
    notification = opened(trusting)
    for raw in (letter(text), threaded(notification, text, author=ANNA)):
        sent = trusting.deliver(raw, SUPPORT)
        assert text.splitlines()[0] in to(sent, IVAN).message.text
        assert "receipt" not in " ".join(summary(sent))
        assert ticket(trusting, 1).status is Status.NEW


def test_forgeries_mute_no_ticket() -> None:
    """Three questions wait for the agent's word; the customer's next letter is told all the same, and an answer makes room."""
    with open_desk(CONFIG.replace("per_agent = 10000\n", "")) as desk:
        sent = desk.deliver(letter(), SUPPORT)
        forged = [letter(f"x{n}", author=IVAN, subject="Re: [ACME-1] y") for n in range(61)]
        asked = [one for octets in forged[:60] for one in desk.deliver(octets, SUPPORT)]
        assert summary(asked) == ["confirmation ivan@staff.example"] * 3
        assert summary(desk.deliver(reply(to(sent, ANNA), "Сервер горит!", author=ANNA), SUPPORT)) == BOTH
        desk.deliver(reply(asked[0], "нет", author=IVAN), SUPPORT)
        assert summary(desk.deliver(forged[60], SUPPORT)) == ["confirmation ivan@staff.example"]


def test_forgeries_silence_no_customer() -> None:
    """Questions to the agent do not count among what goes out about a ticket: its customer is told all that they would be."""
    config = CONFIG.replace("per_agent = 10000\n", "per_ticket = 5\n")
    with open_desk(config) as desk:
        sent = desk.deliver(letter(), SUPPORT)
        for n in range(3):
            asked = desk.deliver(letter(f"x{n}", author=IVAN, subject="Re: [ACME-1] y"), SUPPORT)
            assert summary(asked) == ["confirmation ivan@staff.example"]
        assert summary(desk.deliver(reply(to(sent, ANNA), "Сервер горит!", author=ANNA), SUPPORT)) == BOTH


# ── a notification whose marker line is gone ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("footer", [True, False])
@pytest.mark.parametrize("quote", ["> ", ""])
def test_a_quotation_without_the_marker_reaches_nobody(quote: str, *, footer: bool) -> None:
    """Nothing tells the agent's words from ours any more: they are asked to write again, and no line of it is a command."""
    with open_desk() as desk:
        sent = desk.deliver(letter("Привет\n#закрыть"), SUPPORT)
        notification = to(sent, IVAN)
        whole = notification.message.text if footer else notification.message.text.partition("\n-- ")[0]
        below = "\n".join(f"{quote}{line}" for line in whole.splitlines()[2:])
        sent = desk.deliver(reply(notification, f"{below}\nЗамените картридж.", author=IVAN, quote=False), SUPPORT)
        reached_nobody(desk, sent)
        assert summary(sent) == TOLD
        assert "не принято за ответ" in sent[0].message.text
