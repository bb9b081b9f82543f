"""Agents who answer straight from the support mailbox: what they sent counts as an answer, and nothing is sent twice."""

import re
from datetime import datetime, timedelta

import pytest

from maild.errors import Transient
from maild.ingest.parse import parse
from maild.model import Direction, OutcomeKind, Place, Purpose, RawMessage, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.clock import Wait
from maild.sla.target import Moment
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, due, open_served, running
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
from tests.walk.test_solved import WINDOW

HOUR = timedelta(hours=1)
US = "support@acme.example"
BY_IVAN = f"Иван Иванов <{US}>"
RECEIPTS = [f"receipt {IVAN_ADDRESS}"]


def answer(octets: bytes, text: str = "Замените картридж.", *, author: str = US, to: str = OLGA, **more: str) -> bytes:
    """Return an answer to a customer's letter as a mail client in the mailbox keeps it among what was sent."""
    asked = parse(octets)
    quoted = "\n".join(f"> {line}" for line in asked.text.splitlines())
    ids = {"In-Reply-To": f"<{asked.message_id}>", "References": f"<{asked.message_id}>"}
    ids |= {name.replace("_", "-"): value for name, value in more.items()}
    body = f"{text}\n\n23.11.2026 09:10, {asked.author} пишет:\n{quoted}\n"
    return letter(body, author=author, to=to, subject=f"Re: {asked.subject}", headers=ids.items())


def put(desk: Rehearsal, octets: bytes, mailbox: str = SUPPORT) -> list[SentLetter]:
    """Let maild find a letter among what was sent from the mailbox."""
    return desk.deliver(octets, mailbox, sent=True)


def kinds(desk: Rehearsal, ticket_id: int = 1) -> list[str]:
    return [one.kind for one in events(desk, ticket_id) if not one.kind.startswith("clock")]


def said(desk: Rehearsal, direction: str, ticket_id: int = 1) -> list[str]:
    """Return the words of one direction in a ticket's history."""
    return [one.text for one in events(desk, ticket_id) if one.kind == direction]


def receipt(sent: list[SentLetter]) -> list[str]:
    text = next(one for one in sent if one.purpose is Purpose.RECEIPT).message.text
    return [line for line in text.splitlines() if line.startswith(("Сделано", "Не сделано", "Клиент"))]


# ── an answer ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_from_the_mailbox_is_an_answer() -> None:
    """The clock is met, the solution's rests, the customer's is the next word; nobody is written to."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        desk.advance(HOUR)
        assert put(desk, answer(asked, author=BY_IVAN)) == []
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.APPENDED, 1)
        assert (ticket(desk).status, ticket(desk).agent) == (Status.WAITING, "ivan")
        assert set(running(desk)) == {Moment.RESOLVED}
        assert running(desk)[Moment.RESOLVED].pauses[-1].reason is Wait.CUSTOMER
        assert said(desk, Direction.OUT) == ["Замените картридж."]
        assert desk.advance(timedelta(days=30)) == []  # no reminder either


def test_what_the_customer_answers_to_it_is_in_the_ticket() -> None:
    """By the id of the agent's own letter, and the clocks go on."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        mine = answer(asked)
        put(desk, mine)
        thanks = answer(mine, "Заменили, не помогло", author=OLGA, to=US)
        desk.deliver(thanks, SUPPORT)
        assert (ended(desk), last(desk).ticket_id, ticket(desk).status) == (OutcomeKind.APPENDED, 1, Status.OPEN)
        assert due(desk, Moment.ANSWERED) is not None


@pytest.mark.parametrize(
    ("author", "more", "agent"),
    [
        (BY_IVAN, {}, "ivan"),
        (f'"Акме ИВАНОВ Иван" <{US}>', {}, "ivan"),
        (f"Акме <{US}>", {"Sender": IVAN}, "ivan"),
        (f"Акме <{US}>", {}, ""),
        (f"Иван Иванов и Петра <{US}>", {}, ""),
        (f"Иван <{US}>", {}, ""),
    ],
)
def test_whose_answer_it_is(author: str, more: dict[str, str], agent: str) -> None:
    """Who is named just once; else the mailbox answered, and the ticket is nobody's yet."""
    with open_desk() as desk:
        asked = letter()
        desk.deliver(asked, SUPPORT)
        put(desk, answer(asked, author=author, to=ANNA, **more))
        assert (ticket(desk).agent, ticket(desk).status) == (agent, Status.WAITING)
        (how,) = [one.text for one in events(desk) if one.kind == "answered"]
        who = f"agent {agent}" if agent else "somebody at support@acme.example"
        assert how == f"by {who}, straight from the mailbox"


def test_people_in_copy_join_and_hidden_ones_count() -> None:
    """Who is put into Cc may write in the ticket; a customer in Bcc has the answer, too."""
    with open_desk() as desk:
        asked = letter()
        desk.deliver(asked, SUPPORT)
        put(desk, answer(asked, to="other@client.example", Cc=BORIS, Bcc=f"{ANNA}, x@y.example"))
        people = {one.address.addr for one in ticket(desk).participants}
        assert people == {"anna@client.example", "boris@client.example", "other@client.example"}
        assert ticket(desk).status is Status.WAITING


@pytest.mark.parametrize("where", ["subject", "token", "number without its customer"])
def test_without_the_customers_id(where: str) -> None:
    """The number in the subject, or the quoted acknowledgement, leads there if it goes to the customer; else to nobody's."""
    with open_desk() as desk:
        acknowledged = to(desk.deliver(letter(), SUPPORT), ANNA)
        subject = "Re: [ACME-1] Вопрос" if where != "token" else "Вопрос"
        text = f"Готово.\n\n> {acknowledged.message.text.splitlines()[-1]}" if where == "token" else "Готово."
        whom = MALLORY if where == "number without its customer" else ANNA
        assert put(desk, letter(text, author=US, to=whom, subject=subject)) == []
        assert last(desk).ticket_id == (None if whom == MALLORY else 1)
        assert ticket(desk, 1).status is (Status.NEW if whom == MALLORY else Status.WAITING)


def test_an_acknowledgement_that_is_still_here_is_taken_back() -> None:
    """The customer who has a person's answer gets no automatic one; what has left has left."""
    with open_desk() as desk:
        asked = letter()
        desk._stage.refuse = lambda _letter: Transient("later")
        desk.deliver(asked, SUPPORT)
        put(desk, answer(asked, to=ANNA))
        desk._stage.refuse = lambda _letter: None
        assert "acknowledgement anna@client.example" not in summary(desk.advance(HOUR))
        assert "withdrawn" in kinds(desk)


# ── in whatever order ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_answer_is_read_before_the_letter_that_it_answers() -> None:
    """It waits, and is in the ticket as soon as there is one; no acknowledgement follows a person's answer."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        assert put(desk, answer(asked, author=BY_IVAN)) == []
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.IGNORED, None)
        sent = desk.deliver(asked, SUPPORT)
        assert summary(sent) == [f"notification {IVAN_ADDRESS}", f"notification {HEAD_ADDRESS}"]
        assert [(one.outcome.kind, one.ticket_id) for one in desk.settled[-2:]] == [
            (OutcomeKind.OPENED, 1), (OutcomeKind.APPENDED, 1),
        ]  # fmt: skip
        assert (ticket(desk).status, said(desk, Direction.OUT)) == (Status.WAITING, ["Замените картридж."])
        assert set(running(desk)) == {Moment.RESOLVED}


def test_the_letter_reached_the_mailbox_after_its_answer() -> None:
    """A collector was late: what an answer answers was written before it, whatever the mailbox says."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        put(desk, answer(asked))
        desk.deliver(asked, SUPPORT, desk.now + HOUR)
        assert (ticket(desk).status, set(running(desk))) == (Status.WAITING, {Moment.RESOLVED})


def test_two_answers_before_the_letter_keep_their_order() -> None:
    """Each once, as they were sent; a third copy in another folder is a copy then."""
    with open_desk() as desk:
        asked = letter()
        first, second = answer(asked, "Раз", to=ANNA), answer(asked, "Два", to=ANNA)
        for octets in (first, second, first + b"\r\n"):
            put(desk, octets)
        desk.deliver(asked, SUPPORT)
        assert said(desk, Direction.OUT) == ["Раз", "Два"]
        assert sum(one.outcome.kind is OutcomeKind.DUPLICATE for one in desk.settled) == 1


@pytest.mark.parametrize("count", [2, 4])
def test_answers_that_answer_each_other_before_the_letter(count: int) -> None:
    """A second thought on one's own answer names that one alone: both find the request, however many there are."""
    with open_desk() as desk:
        asked = letter()
        chain = [answer(asked, "Мысль 1", to=ANNA)]
        for n in range(2, count + 1):
            chain.append(answer(chain[-1], f"Мысль {n}", to=ANNA))
        for octets in (*reversed(chain[1:]), chain[0]):
            put(desk, octets)
        desk.deliver(asked, SUPPORT)
        assert sorted(said(desk, Direction.OUT, 1)) == [f"Мысль {n}" for n in range(1, count + 1)]
        assert {one.outcome.kind for one in desk.settled[-count:]} == {OutcomeKind.APPENDED}


def test_the_customer_has_written_again_since() -> None:
    """An answer that is found late meets the clock it was in time for, and does not make the customer wait again."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        again = answer(asked, "И ещё сканер", author=OLGA, to=US)
        mine = answer(asked)
        at = desk.now + HOUR
        desk.deliver(again, SUPPORT, at + HOUR)
        found_late(desk, mine, at)
        assert ticket(desk).status is Status.OPEN
        assert due(desk, Moment.ANSWERED) == 25 * HOUR  # eight working hours from 11:00 on


def found_late(desk: Rehearsal, octets: bytes, at: datetime) -> None:
    """Let maild find a letter now that was sent at an earlier instant."""
    place = Place(mailbox=SUPPORT, folder="Sent", uidvalidity=1, uid="1")
    desk._runner.run(desk._take(RawMessage(octets=octets, place=place, received_at=at, sent=True)))


# ── the same letter again ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("inbox_first", [True, False])
def test_a_copy_to_ourselves(inbox_first: bool) -> None:
    """An answer that comes to the mailbox as well, for somebody put it into Bcc, is one answer."""
    with open_desk() as desk:
        asked = letter()
        desk.deliver(asked, SUPPORT)
        mine = answer(asked, to=ANNA)
        came = b"Received: by mx.acme.example; Mon, 23 Nov 2026 09:00:00 +0300\r\n" + mine
        for inbox in (inbox_first, not inbox_first):
            assert desk.deliver(came if inbox else mine, SUPPORT, sent=not inbox) == []
        assert said(desk, Direction.OUT) == ["Замените картридж."]
        assert said(desk, Direction.IN) == ["Горит красная лампочка."]


def test_one_letter_in_the_inbox_and_among_what_was_sent() -> None:
    """Gmail shows a letter with a copy to ourselves in both, to the last octet: it is an answer, in whatever order, once."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        mine = answer(asked, author=BY_IVAN, Cc=US)
        came = []
        for inbox in (True, True, False, False, True):
            assert desk.deliver(mine, SUPPORT, sent=not inbox) == []
            came.append(ended(desk))
        ignored, copy = OutcomeKind.IGNORED, OutcomeKind.DUPLICATE
        assert came == [ignored, copy, OutcomeKind.APPENDED, copy, copy]
        assert said(desk, Direction.OUT) == ["Замените картридж."]
        assert (ticket(desk, 1).status, set(running(desk))) == (Status.WAITING, {Moment.RESOLVED})


@pytest.mark.parametrize("words", ["Когда вам удобно?", "Мы в отпуске"])
def test_what_was_passed_over_among_what_was_sent_stays_so(words: str) -> None:
    """Found again under another number, it is a copy: what was from before our first look is no answer of today."""
    with open_desk() as desk:
        machines = [("Auto-Submitted", "auto-replied")] if "отпуске" in words else []
        mine = letter(words, author=US, to=ANNA, headers=machines)
        outcomes = []
        for _ in range(2):
            assert put(desk, mine) == []
            outcomes.append(ended(desk))
        assert outcomes == [OutcomeKind.IGNORED, OutcomeKind.DUPLICATE]


def test_the_letters_are_numbered_anew() -> None:
    """Read again under another UIDVALIDITY, or in a second folder, nothing happens twice."""
    with open_desk() as desk:
        asked = letter()
        desk.deliver(asked, SUPPORT)
        mine = answer(asked, "Готово.\n#взять", to=ANNA, author=BY_IVAN)
        assert summary(put(desk, mine)) == RECEIPTS
        assert put(desk, mine) == []
        assert ended(desk) is OutcomeKind.DUPLICATE
        assert len(said(desk, Direction.OUT)) == 1


def test_maild_s_own_letters_among_what_was_sent() -> None:
    """A provider keeps what goes through its SMTP: acknowledgement, notification, answer; under our id or one of its own."""
    with open_desk() as desk:
        sent = desk.deliver(letter(), SUPPORT)
        sent += desk.deliver(reply(to(sent, IVAN), "Замените картридж.", author=IVAN), SUPPORT)
        before = kinds(desk)
        for one in sent:
            changed = one.octets.replace(one.message.message_id.encode(), b"other@smtp.example")  # type: ignore[union-attr]
            stripped = re.sub(rb"(?i)x-maild-loop:.*\r\n", b"", one.octets)
            assert stripped != one.octets
            for octets in (stripped, one.octets, changed):
                assert put(desk, octets) == []
                assert ended(desk) is OutcomeKind.IGNORED
                assert last(desk).outcome.reason == "a letter of maild's own, kept among what was sent"
        assert kinds(desk) == before
        assert said(desk, Direction.OUT) == ["Замените картридж."]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated"},
        {"X-Autoreply": "yes"},
        {"Precedence": "bulk"},
    ],
)
def test_what_the_mailbox_sends_by_itself_is_no_answer(headers: dict[str, str]) -> None:
    """An out-of-office meets no term."""
    with open_desk() as desk:
        asked = letter()
        desk.deliver(asked, SUPPORT)
        assert put(desk, answer(asked, "Мы в отпуске", to=ANNA, **headers)) == []
        assert (ended(desk), ticket(desk, 1).status) == (OutcomeKind.IGNORED, Status.NEW)


# ── to others than the customer ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("whom", [IVAN, "vendor@elsewhere.example", US])
def test_a_letter_about_it_to_others_stays_among_agents(whom: str) -> None:
    """A forward to a colleague or a vendor, a note to ourselves: the clocks run on, nobody hears, no customer ever."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        assert put(desk, answer(asked, "Посмотри, это тот скандалист.", to=whom)) == []
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.APPENDED, 1)
        assert ticket(desk).status is Status.NEW
        assert set(running(desk)) == {Moment.ANSWERED, Moment.RESOLVED}
        assert (said(desk, Direction.NOTE), said(desk, Direction.OUT)) == (["Посмотри, это тот скандалист."], [])


def test_a_letter_that_begins_something_opens_nothing() -> None:
    """It is on record; what comes back opens a ticket as any letter does."""
    with open_desk() as desk:
        mine = letter("Когда вам удобно?", author=US, to=ANNA)
        assert put(desk, mine) == []
        assert (ended(desk), last(desk).ticket_id, desk.tickets()) == (OutcomeKind.IGNORED, None, [])
        desk.deliver(answer(mine, "Завтра", author=ANNA, to=US), SUPPORT)
        assert ended(desk) is OutcomeKind.OPENED


def test_another_organisations_request_is_not_answered() -> None:
    """An id that another organisation's ticket knows leads nowhere here."""
    with open_desk() as desk:
        asked = letter(to="help@beta.example")
        desk.deliver(asked, "beta/help")
        put(desk, answer(asked, to=ANNA))
        assert (last(desk).ticket_id, ticket(desk, 1).status) == (None, Status.NEW)


def test_from_another_mailbox_of_the_organisation() -> None:
    """Who answers from the second mailbox answers the request of the first."""
    with open_desk() as desk:
        asked = letter()
        desk.deliver(asked, SUPPORT)
        put(desk, answer(asked, author="desk@acme.example", to=ANNA), PLAIN)
        assert (last(desk).ticket_id, ticket(desk, 1).status) == (1, Status.WAITING)


def test_only_the_folder_proves_it() -> None:
    """The same letter in the inbox, whoever forged it, is nobody's answer."""
    with open_desk() as desk:
        asked = letter()
        desk.deliver(asked, SUPPORT)
        assert desk.deliver(answer(asked, "#закрыть", author=BY_IVAN, to=ANNA), SUPPORT) == []
        assert (ended(desk), ticket(desk, 1).status) == (OutcomeKind.IGNORED, Status.NEW)


# ── two at once ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("direct_first", [True, False])
def test_two_who_answer_at_once_both_hear(direct_first: bool) -> None:
    """One from the mailbox, one by the notification: both answers stand, and each is told."""
    with open_desk() as desk:
        asked = letter()
        notified = to(desk.deliver(asked, SUPPORT), "petra@staff.example")
        direct = answer(asked, "Замените картридж.", author=BY_IVAN, to=ANNA)
        by_us = reply(notified, "Выключите и включите.", author="Петра <petra@staff.example>")
        first, second = (direct, by_us) if direct_first else (by_us, direct)
        desk.deliver(first, SUPPORT, sent=direct_first)
        sent = desk.deliver(second, SUPPORT, sent=not direct_first)
        told = [one.message.text for one in sent if one.purpose is Purpose.NOTIFICATION]
        assert len(told) == 2
        assert all("На одно и то же письмо клиента ответили двое: " in text for text in told)
        assert [one.recipient for one in sent if one.purpose is Purpose.ANSWER] == [
            "anna@client.example"
        ] * direct_first
        assert len(said(desk, Direction.OUT)) == 2


def test_the_mailbox_itself_is_told_nothing() -> None:
    """Where nobody can say who answered from it, only the colleague hears: no letter of ours goes to ourselves."""
    with open_desk() as desk:
        asked = letter()
        notified = to(desk.deliver(asked, SUPPORT), "petra@staff.example")
        desk.deliver(reply(notified, "Выключите и включите.", author="Петра <petra@staff.example>"), SUPPORT)
        sent = put(desk, answer(asked, to=ANNA))
        assert summary(sent) == ["notification petra@staff.example"]


@pytest.mark.parametrize("why", ["the same agent", "the customer wrote between", "a day later"])
def test_no_two_answers(why: str) -> None:
    """A second word of one's own, an answer to something new, or much later, is nobody's news."""
    with open_desk() as desk:
        asked = letter()
        desk.deliver(asked, SUPPORT)
        put(desk, answer(asked, "Раз", author=BY_IVAN, to=ANNA))
        if why == "the customer wrote between":
            desk.deliver(answer(asked, "Ещё", author=ANNA, to=US), SUPPORT)
        if why == "a day later":
            desk.advance(24 * HOUR)
        author = BY_IVAN if why == "the same agent" else f"Петра <{US}>"
        assert put(desk, answer(asked, "Два", author=author, to=ANNA)) == []


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_commands_beside_an_answer() -> None:
    """The customer has the lines; they are carried out all the same, and the receipt says who has seen them."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        sent = put(desk, answer(asked, "Заменили.\n#решено", author=BY_IVAN))
        assert summary(sent) == RECEIPTS
        assert receipt(sent) == [
            "Сделано: #решено (статус: ждёт → решено)",
            "Клиент уже получил ваше письмо вместе с этими строками, больше ему ничего не отправлено.",
        ]
        assert (ticket(desk).status, running(desk)) == (Status.RESOLVED, {})
        assert said(desk, Direction.OUT) == ["Заменили.\n#решено"]  # what they have
        assert "#отмена" not in sent[0].message.text  # nor can it be made unread


def test_solved_beside_an_answer_writes_no_second_letter() -> None:
    """Silence closes it as it would after our letter; to ourselves, the customer has nothing and is told."""
    with open_served(organization=WINDOW) as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        sent = put(desk, answer(asked, "Заменили.\n#решено", author=BY_IVAN))
        assert summary(sent) == RECEIPTS
        assert receipt(sent)[-1].endswith("больше ему ничего не отправлено.")
        assert "Клиент получает" not in sent[0].message.text
        assert desk.advance(4 * 24 * HOUR) == []
        assert ticket(desk).status is Status.CLOSED
    with open_served(organization=WINDOW) as desk:
        desk.deliver(asked, SUPPORT)
        sent = put(desk, answer(asked, "#решено", author=BY_IVAN, to=US))
        assert summary(sent) == [*RECEIPTS, "resolution olga@romashka.example"]
        assert "Клиенту отправляется письмо о том, что вопрос решён." in receipt(sent)


FAQ = """
[organization.acme.faq.lamp]
title = "Лампочка"
url = "https://help.acme.example/lamp"
words = ["красная лампочка"]
[organization.acme.offer.visit]
name = "Выезд"
price = 3000
"""


@pytest.mark.parametrize(
    "line", ["#faq lamp", "#отправлено курьером", "#предложить visit", "#взять\n#предложить visit"]
)
def test_a_command_that_would_write_to_who_has_the_letter(line: str) -> None:
    """The answer stands, no command does anything, and no second letter goes out."""
    with open_served(organization=FAQ) as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        sent = put(desk, answer(asked, f"Нужно время.\n{line}", author=BY_IVAN))
        assert summary(sent) == RECEIPTS
        assert all(one.startswith("Не сделано") for one in receipt(sent)[:-1])
        assert "клиент уже получил это письмо и получил бы второе" in receipt(sent)[-2]
        assert (ticket(desk).status, last(desk).outcome.kind) == (Status.WAITING, OutcomeKind.APPENDED)


def test_a_ready_answer_ordered_in_a_letter_to_others() -> None:
    """It goes to the customer alone: neither they nor the vendor learn of each other, and nobody joins."""
    with open_served(organization=FAQ) as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        vendor = "supplier@parts.example"
        sent = put(desk, answer(asked, "Посмотрите.\n#faq lamp", author=BY_IVAN, to=vendor, Cc="boss@parts.example"))
        assert sorted(summary(sent)) == ["answer olga@romashka.example", *RECEIPTS]
        assert b"parts.example" not in to(sent, "olga@romashka.example").octets
        assert [one.address.addr for one in ticket(desk).participants if one.address.domain == "parts.example"] == []
        assert "joined" not in kinds(desk)
        assert said(desk, Direction.NOTE) == ["Посмотрите.\n#faq lamp"]


def test_a_wrong_command_leaves_the_answer() -> None:
    """What the customer has read is answered, whatever else the letter says."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        sent = put(desk, answer(asked, "Готово.\n#рещено", author=BY_IVAN))
        assert receipt(sent)[0].startswith("Не сделано: #рещено")
        assert (ticket(desk).status, set(running(desk))) == (Status.WAITING, {Moment.RESOLVED})


def test_commands_in_a_letter_to_ourselves() -> None:
    """Answering the customer's letter to our own address orders without writing to anybody; its words are a note."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        sent = put(desk, answer(asked, "Скандалист.\n#ждём третью сторону", author=BY_IVAN, to=US))
        assert summary(sent) == RECEIPTS
        assert receipt(sent)[-1] == "Клиенту ничего не отправлено."
        assert running(desk)[Moment.RESOLVED].pauses[-1].reason is Wait.THIRD_PARTY
        assert Moment.ANSWERED in running(desk)
        assert (said(desk, Direction.OUT), len(said(desk, Direction.NOTE))) == ([], 1)


def test_by_number_to_ourselves() -> None:
    """A fresh letter to our own address with the number in its subject is an order, too."""
    with open_served() as desk:
        desk.deliver(letter(author=OLGA), SUPPORT)
        sent = put(desk, letter("#взять", author=BY_IVAN, to=US, subject="ACME-1"))
        assert (summary(sent), ticket(desk, 1).agent) == (RECEIPTS, "ivan")


@pytest.mark.parametrize(("line", "done"), [("#взять", False), ("#время 1ч", False), ("#решено", True)])
def test_commands_of_nobody_in_particular(line: str, done: bool) -> None:
    """What needs a name is refused, the rest is done; the whole team gets the receipt."""
    with open_served() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        sent = put(desk, answer(asked, line, to=US))
        assert summary(sent) == [f"receipt {IVAN_ADDRESS}", f"receipt {HEAD_ADDRESS}"]
        assert receipt(sent)[0].startswith("Сделано" if done else "Не сделано")
        assert ticket(desk, 1).agent == ""


def test_all_who_get_the_receipt_read_what_the_customer_gets() -> None:
    """Where nobody is named it goes to the whole team, and is one and the same letter."""
    with open_served(organization=WINDOW) as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        sent = put(desk, answer(asked, "#решено", to=US))
        told = [one.message.text for one in sent if one.purpose is Purpose.RECEIPT]
        assert len(told) == 2
        assert all("Клиент получает:\n\nЗдравствуйте, Ольга!" in text for text in told)


def test_the_customers_own_words_command_nothing() -> None:
    """Quoted or forwarded, lines of theirs are theirs."""
    with open_desk() as desk:
        asked = letter("Помогите\n#закрыть\n#решено")
        desk.deliver(asked, SUPPORT)
        put(desk, answer(asked, "Готово.", to=ANNA))
        forwarded = (
            "Посмотри.\n\n-------- Пересылаемое сообщение --------\nОт: Анна <anna@client.example>\n"
            "Тема: Вопрос\nДата: 23.11.2026\nКому: support@acme.example\n\nПомогите\n#закрыть\n"
        )
        ids = [("References", f"<{parse(asked).message_id}>")]
        assert put(desk, letter(forwarded, author=BY_IVAN, to=IVAN, subject="Fwd: Вопрос", headers=ids)) == []
        assert ticket(desk, 1).status is Status.WAITING
        assert said(desk, Direction.NOTE) == ["Посмотри."]


# ── copies ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_that_waited_for_its_letter_is_no_copy_of_its_copy() -> None:
    """Two mailboxes hold what was sent before the letter that it answers came: it counts once, and it counts."""
    with open_desk() as desk:
        asked = letter()
        mine = answer(asked, to=ANNA, author=BY_IVAN)
        put(desk, mine)
        put(desk, mine, PLAIN)
        desk.deliver(asked, SUPPORT)
        assert (ticket(desk).status, said(desk, Direction.OUT)) == (Status.WAITING, ["Замените картридж."])


def test_what_the_inbox_has_of_it_does_not_hide_the_answer() -> None:
    """The very octets that we sent ourselves in copy were ignored there; the folder of what was sent proves them."""
    with open_desk() as desk:
        asked = letter()
        desk.deliver(asked, SUPPORT)
        mine = answer(asked, to=ANNA, author=BY_IVAN, Cc=US)
        desk.deliver(mine, SUPPORT)
        put(desk, mine)
        assert (ticket(desk).status, said(desk, Direction.OUT)) == (Status.WAITING, ["Замените картридж."])
