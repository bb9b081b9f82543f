"""A thread that mail servers tore apart comes together again, for those who take part in it and for nobody else."""

from collections.abc import Iterator

import pytest

from maild.model import OutboxRow, OutboxState, OutcomeKind, Status
from maild.rehearsal import Rehearsal
from maild.store import views
from tests.walk.stage import (
    ANNA,
    BORIS,
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

OPENED, APPENDED = OutcomeKind.OPENED, OutcomeKind.APPENDED
SES_ID = "0102019c5f1e2d3c-6a7b8c9d-0e1f-4a2b-8c3d-5e6f7a8b9c0d-000000"


def ids(*, own: str = "", answers: str = "", references: str = "") -> list[tuple[str, str]]:
    """Return the id fields of a letter."""
    fields = (("Message-ID", own), ("In-Reply-To", answers), ("References", references))
    return [(name, " ".join(f"<{one}>" for one in value.split())) for name, value in fields if value]


# ── letters that come in another order ───────────────────────────────────────────────────────────────────────────────


def test_the_answered_letter_comes_late(desk: Rehearsal) -> None:
    """Greylisting held the first letter back: it joins the ticket that its own follow-up opened."""
    desk.deliver(letter("И ещё: модель P2055.", headers=ids(answers="late1@client.example")), SUPPORT)
    follow_up = last(desk).ticket_id
    desk.deliver(letter("Не печатает.", headers=ids(own="late1@client.example")), SUPPORT)
    assert (ended(desk), last(desk).ticket_id) == (APPENDED, follow_up)
    assert "answers it" in last(desk).outcome.reason


def test_a_strangers_late_letter_stays_outside(desk: Rehearsal) -> None:
    """Whoever takes an id that somebody's letter speaks of is still nobody."""
    desk.deliver(letter("И ещё: модель P2055.", headers=ids(answers="late2@client.example")), SUPPORT)
    follow_up = last(desk).ticket_id
    desk.deliver(letter("Впустите.", author=MALLORY, headers=ids(own="late2@client.example")), SUPPORT)
    assert ended(desk) is OPENED
    assert last(desk).ticket_id != follow_up
    assert "linked" in [line.kind for line in events(desk)]


def test_two_answers_to_a_letter_we_never_had(desk: Rehearsal) -> None:
    """The support address was put in copy in the middle of a correspondence: both answers are one thread."""
    for text, outcome in (("Добавляю поддержку в копию.", OPENED), ("Коллеги, есть новости?", APPENDED)):
        desk.deliver(letter(text, subject="Re: Акт сверки", headers=ids(answers="root3@client.example")), SUPPORT)
        assert ended(desk) is outcome


@pytest.mark.parametrize(
    ("subject", "author"),
    [("Re: Другой вопрос", ANNA), ("Re: Акт сверки", MALLORY)],
    ids=["another subject", "another author"],
)
def test_an_old_letter_answered_anew_is_another_matter(desk: Rehearsal, subject: str, author: str) -> None:
    """People begin a new matter by answering any old letter: that id alone proves nothing."""
    root = "root4@client.example"
    for written, by in (("Re: Акт сверки", ANNA), (subject, author)):
        desk.deliver(letter("Вопрос.", author=by, subject=written, headers=ids(answers=root)), SUPPORT)
        assert ended(desk) is OPENED


def test_an_equal_subject_alone_joins_nothing(desk: Rehearsal) -> None:
    """Two letters of one author under one subject are two requests."""
    for _ in range(2):
        desk.deliver(letter("Слова.", subject="Re: Не печатает принтер"), SUPPORT)
        assert ended(desk) is OPENED


def test_a_thread_that_has_two_tickets(desk: Rehearsal) -> None:
    """The letter enters the ticket that it answers; the other is noted for the agents."""
    numbers = []
    for own in ("one5@client.example", "two5@client.example"):
        desk.deliver(letter("Слова.", headers=ids(own=own)), SUPPORT)
        numbers.append(ticket(desk).number)
    both = ids(answers="two5@client.example", references="one5@client.example two5@client.example")
    sent = desk.deliver(letter("К обоим.", headers=both), SUPPORT)
    assert (ended(desk), ticket(desk).number) == (APPENDED, numbers[1])
    assert f"the letter speaks of {numbers[0]}, too" in [line.text for line in events(desk)]
    assert f"В письме упомянуто: {numbers[0]}" in to(sent, IVAN).message.text


# ── relays that put an id of their own in place of ours ──────────────────────────────────────────────────────────────

ANSWERS = {
    "SES": (f"250 Ok {SES_ID}", f"{SES_ID}@eu-west-1.amazonses.com"),
    "Exchange Online": (
        "250 2.0.0 OK <PAXPR04MB8255ABCDEF0123456789@PAXPR04MB8255.eurprd04.prod.outlook.com> [Hostname=PAXPR04MB8255]",
        "PAXPR04MB8255ABCDEF0123456789@PAXPR04MB8255.eurprd04.prod.outlook.com",
    ),
}


@pytest.mark.parametrize(("answer", "rewritten"), ANSWERS.values(), ids=ANSWERS.keys())
@pytest.mark.parametrize(("author", "outcome"), [(ANNA, APPENDED), (MALLORY, OPENED)], ids=["customer", "stranger"])
def test_an_id_that_the_relay_made(
    desk: Rehearsal, answer: str, rewritten: str, author: str, outcome: OutcomeKind
) -> None:
    """The relay's answer named the id that the customer now replies to: it leads to the ticket, those who take part."""
    desk._stage.answer = answer
    desk.deliver(letter("Слова."), SUPPORT)
    opened = last(desk).ticket_id
    desk._stage.answer = "250 2.0.0 captured"
    desk.deliver(letter("Ответ.", author=author, subject="Ответ", headers=ids(answers=rewritten)), SUPPORT)
    assert ended(desk) is outcome
    assert (last(desk).ticket_id == opened) is (outcome is APPENDED)


# ── bounces ──────────────────────────────────────────────────────────────────────────────────────────────────────────

NOTICE = """\
Return-Path: <>
Delivered-To: {to}
From: Mail Delivery System <MAILER-DAEMON@mx.client.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered:

<anna@client.example>: 550 5.1.1 user unknown
"""


def test_a_bounce_that_quotes_nothing_of_ours(desk: Rehearsal) -> None:
    """The address it came back to holds the token: the letter has failed, the wait is open again, the agents know."""
    notification = to(desk.deliver(letter("Слова."), SUPPORT), IVAN)
    answer = to(desk.deliver(reply(notification, "Готово.", author=IVAN), SUPPORT), "anna@client.example")
    opened = last(desk).ticket_id
    assert ticket(desk).status is Status.WAITING
    back = next(
        row.letter.envelope_sender for row in outbox(desk) if row.letter.message_id == answer.message.message_id
    )
    sent = desk.deliver(NOTICE.format(to=back).encode(), SUPPORT)
    assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.BOUNCE, opened)
    assert ticket(desk).status is Status.OPEN
    assert summary(sent) == ["notification ivan@staff.example"]  # whose answer it was
    failed = [row.letter.message_id for row in outbox(desk) if row.state is OutboxState.FAILED]
    assert failed == [answer.message.message_id]


def test_a_bounce_to_the_bare_address_touches_nothing(desk: Rehearsal) -> None:
    """Without our token and our Message-ID nobody knows which letter has failed."""
    desk.deliver(letter("Слова.", to="desk@acme.example", author=BORIS), PLAIN)
    desk.deliver(NOTICE.format(to="desk@acme.example").encode(), PLAIN)
    assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.BOUNCE, None)
    assert OutboxState.FAILED not in {row.state for row in outbox(desk)}


@pytest.fixture
def desk() -> Iterator[Rehearsal]:
    """A desk of its own for each test: which letters failed is asked of the whole outbox."""
    with open_desk() as desk:
        yield desk


def outbox(desk: Rehearsal) -> list[OutboxRow]:
    with desk._office.database.read() as connection:
        return views.outbox_rows(connection)
