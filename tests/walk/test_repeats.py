"""One request is one ticket, however often it is sent; two requests are two, however alike their words (C17)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import update

from maild.model import OutcomeKind, Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.store.schema import ticket as tickets
from tests.walk.stage import (
    ANNA,
    BETA,
    BORIS,
    CONFIG,
    DAY,
    IVAN,
    MALLORY,
    PLAIN,
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

OPENED, APPENDED, DUPLICATE = OutcomeKind.OPENED, OutcomeKind.APPENDED, OutcomeKind.DUPLICATE

WORDS = "Здравствуйте! Не могу открыть накладную № 4512 от 12.11.2026: программа пишет «нет доступа». Помогите, пожалуйста.\n"
SUBJECT = "Не открывается накладная"
TOLD = ["notification ivan@staff.example", "notification petra@staff.example"]


@pytest.fixture
def desk() -> Iterator[Rehearsal]:
    """A desk of its own for each test: what was asked before is what these tests are about."""
    with open_desk(CONFIG.replace('window = "0s"', 'window = "7d"')) as desk:
        yield desk


@dataclass(frozen=True)
class Again:
    """A second letter of the same author, by what differs in it from the first."""

    text: str = WORDS
    subject: str = SUBJECT
    author: str = ANNA
    mailbox: str = SUPPORT
    after: timedelta = timedelta(hours=3)
    files: tuple[str, ...] = ()


SAME = {
    "word for word": Again(),
    "to another mailbox of ours": Again(mailbox=PLAIN, after=timedelta(0)),
    "after six days": Again(after=timedelta(days=6)),
    "in capitals and without punctuation": Again(text=WORDS.upper().replace(":", "").replace("!", "")),
    "повторно отправляю": Again(text="Повторно отправляю письмо, ответа так и нет!\n\n" + WORDS, subject=f"Повторно: {SUBJECT}"),
    "дублирую, with the date of the first": Again(text="Дублирую своё письмо от 23.11.\n" + WORDS),
    "жду ответа at the end": Again(text=WORDS + "Жду вашего ответа.\n"),
    "ще раз": Again(text="Надсилаю ще раз, відповіді немає.\n" + WORDS),
    "resending": Again(text="Resending this, I have not received any reply yet.\n" + WORDS),
    "another greeting": Again(text=WORDS.replace("Здравствуйте", "Добрый день")),
    "a typing error mended": Again(text=WORDS.replace("программа", "програма")),
    "a word added": Again(text=WORDS.replace("накладную", "расходную накладную")),
    "signed on the phone": Again(text=WORDS + "\n-- \nАнна Петрова, тел. +7 900 000-00-00\n"),
    "Re: before the subject": Again(subject=f"Re: {SUBJECT}"),
}  # fmt: skip

OTHER = {
    "another document": Again(text=WORDS.replace("4512", "4513")),
    "another date": Again(text=WORDS.replace("12.11", "13.11")),
    "another thing": Again(text=WORDS.replace("накладную", "доверенность")),
    "the opposite": Again(text=WORDS.replace("Не могу", "Могу")),
    "a number in the subject": Again(subject=f"{SUBJECT} 4513"),
    "by another person": Again(author=BORIS),
    "with another person's name": Again(text=WORDS.replace("накладную", "накладную Иванова")),
    "in another organisation": Again(mailbox=BETA),
    "after eight days": Again(after=timedelta(days=8)),
    "a second matter below": Again(text=WORDS + "И ещё вопрос: как поменять пароль у бухгалтера Сидоровой в модуле зарплаты?\n"),
    "much taken away": Again(text="Не могу открыть накладную № 4512."),
}  # fmt: skip


def send(desk: Rehearsal, again: Again, **changes: object) -> list[SentLetter]:
    files = {name: name.encode() for name in again.files}
    raw = letter(again.text, author=again.author, subject=again.subject, attachments=files, **changes)  # type: ignore[arg-type]
    return desk.deliver(raw, again.mailbox, at=desk.now + again.after)


def first(desk: Rehearsal, **changes: object) -> int:
    """Let the first letter arrive; return its ticket's id."""
    sent = send(desk, Again(after=timedelta(0), **changes))  # type: ignore[arg-type]
    assert "acknowledgement anna@client.example" in summary(sent)
    ticket_id = last(desk).ticket_id
    assert ticket_id is not None
    return ticket_id


def evidence(desk: Rehearsal) -> str:
    """Return what the step says for the latest letter."""
    decision = last(desk).decision
    assert decision is not None
    return " | ".join(next(finding for finding in decision.findings if finding.step == "dedupe").evidence)


@pytest.mark.parametrize("again", SAME.values(), ids=SAME.keys())
def test_sent_again(desk: Rehearsal, again: Again) -> None:
    """It joins the first ticket and is not acknowledged; the agents hear of it, and the evidence says how like it is."""
    ticket_id = first(desk)
    sent = send(desk, again)
    assert (ended(desk), last(desk).ticket_id) == (DUPLICATE, ticket_id), evidence(desk)
    assert summary(sent) == TOLD
    assert len(desk.tickets()) == 1
    assert "% the same words" in evidence(desk)
    assert "duplicate" in [line.kind for line in events(desk)]


@pytest.mark.parametrize("again", OTHER.values(), ids=OTHER.keys())
def test_another_request(desk: Rehearsal, again: Again) -> None:
    """It opens a ticket of its own and is acknowledged."""
    first(desk)
    sent = send(desk, again)
    assert ended(desk) is OPENED, evidence(desk)
    assert len(desk.tickets()) == 2
    assert [one.purpose for one in sent].count(Purpose.ACKNOWLEDGEMENT) == 1


@pytest.mark.parametrize("words", ["Спасибо!", "ок", "Не получается", "Спасибо, всё работает"])
def test_short_words_say_too_little(desk: Rehearsal, words: str) -> None:
    """A short reply comes twice because it is meant twice, in its ticket as well as in a new one."""
    ack = to(send(desk, Again(after=timedelta(0))), "anna@client.example")
    for _ in range(2):
        desk.deliver(reply(ack, words, author=ANNA), SUPPORT)
        assert ended(desk) is APPENDED, evidence(desk)
    for _ in range(2):
        desk.deliver(letter(words, subject="Вопрос"), SUPPORT)
        assert ended(desk) is OPENED, evidence(desk)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_equal_words_after_closing_are_a_new_occurrence(desk: Rehearsal, status: Status) -> None:
    """It has happened again: a new ticket, and the evidence says so."""
    ticket_id = first(desk)
    with desk._office.database.write() as connection:
        connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(status=status))
    send(desk, Again())
    assert ended(desk) is OPENED
    assert "it has happened again" in evidence(desk)


def test_form_letters_of_different_people(desk: Rehearsal) -> None:
    """A web form writes everybody's requests in the same words from the same address: Reply-To tells people apart."""
    words = "Новая заявка с сайта. Прошу перезвонить мне по вопросу подключения к сервису электронной отчётности."
    for person in ("one@client.example", "two@client.example"):
        raw = letter(words, author="site@form.example", subject="Заявка с сайта", headers=[("Reply-To", person)])
        desk.deliver(raw, SUPPORT)
        assert ended(desk) is OPENED
    desk.deliver(
        letter(words, author="site@form.example", subject="Заявка с сайта", headers=[("Reply-To", person)]), SUPPORT
    )
    assert ended(desk) is DUPLICATE


def test_a_resend_in_its_ticket(desk: Rehearsal) -> None:
    """An answer that is sent twice stands once in the history."""
    ack = to(send(desk, Again(after=timedelta(0))), "anna@client.example")
    words = "Модель принтера HP LaserJet P2055, сетевой, стоит в бухгалтерии на третьем этаже."
    for outcome in (APPENDED, DUPLICATE):
        desk.deliver(reply(ack, words, author=ANNA), SUPPORT)
        assert ended(desk) is outcome


def test_an_answer_is_no_resend_of_another_tickets(desk: Rehearsal) -> None:
    """The same words as an answer in two tickets are two answers."""
    words = "Модель принтера HP LaserJet P2055, сетевой, стоит в бухгалтерии на третьем этаже."
    for again in (Again(after=timedelta(0)), OTHER["another thing"]):
        ack = to(send(desk, again), "anna@client.example")
        desk.deliver(reply(ack, words, author=ANNA), SUPPORT)
        assert ended(desk) is APPENDED, evidence(desk)


FILES = [  # files of the first letter, of the second, what becomes of the second
    (("a.pdf",), ("a.pdf",), DUPLICATE),
    (("a.pdf",), (), DUPLICATE),
    ((), ("a.pdf",), APPENDED),
    (("a.pdf",), ("a.pdf", "b.pdf"), APPENDED),
    (("a.pdf",), ("b.pdf",), OPENED),
]


@pytest.mark.parametrize(("had", "brings", "outcome"), FILES)
def test_files(desk: Rehearsal, had: tuple[str, ...], brings: tuple[str, ...], outcome: OutcomeKind) -> None:
    """A file that was forgotten completes the request, another file in place of the first is another matter."""
    first(desk, files=had)
    sent = send(desk, Again(files=brings))
    assert ended(desk) is outcome, evidence(desk)
    assert ("acknowledgement anna@client.example" in summary(sent)) is (outcome is OPENED)


def test_who_knows_the_words_brings_nobody_along(desk: Rehearsal) -> None:
    """From is forged and the words were seen somewhere: the file joins the ticket, whoever is in copy does not."""
    ticket_id = first(desk)
    send(desk, Again(files=("a.pdf",)), headers=[("Cc", MALLORY)])
    assert (ended(desk), last(desk).ticket_id) == (APPENDED, ticket_id)
    assert "not joined" in [line.kind for line in events(desk)]
    assert [p.address.addr for p in ticket(desk).participants] == ["anna@client.example"]


def test_the_switch() -> None:
    """With window = "0s" equal words never make a repeat."""
    with open_desk() as switched_off:  # the stage's own configuration is
        first(switched_off)
        send(switched_off, Again())
        assert ended(switched_off) is OPENED


# ── undoing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "word", ["Не повтор", "не повтор.", "Это не дубль!", "not a duplicate", "НЕ ДУБЛИКАТ\n\n-- \nИван"]
)
def test_an_agent_undoes_a_repeat(desk: Rehearsal, word: str) -> None:
    """Two words in reply to the notice, and the letter is a request of its own, acknowledged; the word reaches no customer."""
    ticket_id = first(desk)
    notice = to(send(desk, Again()), IVAN)
    assert "не повтор" in notice.message.text
    sent = desk.deliver(reply(notice, word, author=IVAN), SUPPORT, at=desk.now + DAY)
    assert [one.outcome.kind for one in desk.settled[-2:]] == [OutcomeKind.COMMAND, OPENED]
    assert "acknowledgement anna@client.example" in summary(sent)
    assert Purpose.ANSWER not in [one.purpose for one in sent]
    assert "repeat undone" in [line.kind for line in events(desk, ticket_id)]
    assert len(desk.tickets()) == 2
    # once is enough: the letter is no repeat any more
    again = desk.deliver(reply(notice, word, author=IVAN), SUPPORT)
    assert (ended(desk), summary(again)) == (OutcomeKind.COMMAND, ["notification ivan@staff.example"])
    assert len(desk.tickets()) == 2


def test_the_word_alone_is_never_an_answer(desk: Rehearsal) -> None:
    """In reply to any other letter it undoes nothing, and does not go to the customer either."""
    notice = to(send(desk, Again(after=timedelta(0))), IVAN)
    sent = desk.deliver(reply(notice, "Не повтор", author=IVAN), SUPPORT)
    assert (ended(desk), summary(sent)) == (OutcomeKind.COMMAND, ["notification ivan@staff.example"])


def test_an_answer_to_the_notice_goes_to_the_customer(desk: Rehearsal) -> None:
    """Whatever else an agent writes above it is an answer, as above every notification."""
    first(desk)
    notice = to(send(desk, Again()), IVAN)
    sent = desk.deliver(reply(notice, "Анна, мы уже смотрим, это не повторится.", author=IVAN), SUPPORT)
    assert summary(sent) == ["answer anna@client.example"]


def test_a_customer_undoes_nothing(desk: Rehearsal) -> None:
    """A customer's words are words."""
    ack = to(send(desk, Again(after=timedelta(0))), "anna@client.example")
    send(desk, Again())
    desk.deliver(reply(ack, "Не повтор", author=ANNA), SUPPORT)
    assert ended(desk) is APPENDED
    assert len(desk.tickets()) == 1
