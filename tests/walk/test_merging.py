"""Requests that go into others, played through: whose they may be, which terms hold, where their letters lead."""

from datetime import timedelta

import pytest

from maild.model import OutcomeKind, Role, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.target import Moment
from maild.tokens import hide_tokens
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, STRANGER, due, open_served, order, running, write
from tests.walk.stage import (
    ANNA,
    BORIS,
    IVAN,
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
from tests.walk.test_machines import bounce, limited
from tests.walk.test_orders import PETRA, RECEIPT, lines
from tests.walk.test_shared_mailbox import BY_IVAN, answer, found_late

OLGA_ADDRESS = "olga@romashka.example"
MARIA = "Мария <maria@romashka.example>"  # of the same client, by the domain
HOUR = timedelta(hours=1)


def two(desk: Rehearsal, author: str = OLGA) -> tuple[list[SentLetter], list[SentLetter]]:
    """Open two requests an hour apart, the second by `author`."""
    first = write(desk)
    desk.advance(HOUR)
    return first, write(desk, author, "Мигает зелёная лампочка.", subject="Ещё вопрос")


def merge(desk: Rehearsal, sent: list[SentLetter], line: str = "#объединить с ACME-1") -> list[SentLetter]:
    return order(desk, to(sent, IVAN_ADDRESS), line)


@pytest.mark.parametrize("line", ["#объединить с ACME-1", "#объединить acme-1.", "#merge 1", "#об'єднати з ACME-1"])
def test_one_goes_into_the_other(line: str) -> None:
    """It is closed with a pointer, its customer and who ordered it hear, no colleague, and both histories say so."""
    with open_served() as desk:
        _, second = two(desk)
        sent = merge(desk, second, line)
        assert summary(sent) == [f"closing {OLGA_ADDRESS}", RECEIPT]
        assert "(вошло в: нет → ACME-1; ответы там прочитают: Ольга <olga@romashka.example>)" in lines(sent)[0]
        assert (ticket(desk, 2).status, ticket(desk, 2).merged_into, ticket(desk, 2).counted) == (
            Status.CLOSED,
            1,
            False,
        )
        assert ticket(desk, 1).status is Status.NEW
        assert "into ACME-1" in [one.text for one in events(desk, 2)]
        assert "ACME-2 went into it, by agent ivan" in [one.text for one in events(desk, 1)]
        assert "Мигает зелёная лампочка." in [one.text for one in events(desk, 2)]


def test_letters_to_the_merged_one_enter_the_other() -> None:
    """The customer's by their token, and an agent's answer to an old notification, from which the customer is answered."""
    with open_served() as desk:
        _, second = two(desk)
        merge(desk, second)
        sent = desk.deliver(reply(to(second, OLGA_ADDRESS), "Она ещё мигает.", author=OLGA), SUPPORT)
        assert ticket(desk).id == 1
        assert "[ACME-1]" in to(sent, IVAN_ADDRESS).message.subject
        assert ticket(desk, 2).status is Status.CLOSED
        sent = order(desk, to(second, IVAN_ADDRESS), "Замените её.")
        assert ticket(desk).id == 1
        assert "[ACME-1]" in to(sent, OLGA_ADDRESS).message.subject


def test_thanks_and_late_letters_look_at_the_other() -> None:
    with open_served() as desk:
        _, second = two(desk)
        merge(desk, second)
        desk.advance(timedelta(days=30))
        desk.deliver(reply(to(second, OLGA_ADDRESS), "Она ещё мигает.", author=OLGA), SUPPORT)
        assert (ticket(desk).id, len(desk.tickets())) == (1, 2)


def test_what_has_been_over_for_long_takes_no_letters_in() -> None:
    """Neither by the token of the one that was merged: the letter opens another, which speaks of where that went."""
    with open_served() as desk:
        first, second = two(desk)
        merge(desk, second)
        order(desk, to(first, IVAN_ADDRESS), "#закрыть")
        desk.advance(timedelta(days=60))
        desk.deliver(reply(to(second, OLGA_ADDRESS), "Она ещё мигает.", author=OLGA), SUPPORT)
        assert (ticket(desk).id, ticket(desk, 1).status) == (3, Status.CLOSED)
        assert "goes on where it was over for too long: ACME-1" in [one.text for one in events(desk, 3)]


def test_an_answer_that_is_found_after_the_customers_next_word() -> None:
    """It is in time for the merged request, and the other waits for nobody: the customer has written there since."""
    with open_served() as desk:
        first = write(desk)
        asked = letter("Мигает зелёная лампочка.", author=OLGA, subject="Ещё вопрос")
        merge(desk, desk.deliver(asked, SUPPORT))
        mine, at = answer(asked, author=BY_IVAN), desk.now
        desk.advance(HOUR)
        desk.deliver(reply(to(first, OLGA_ADDRESS), "И красная тоже.", author=OLGA), SUPPORT)
        found_late(desk, mine, at)
        assert (last(desk).ticket_id, ticket(desk).status) == (1, Status.OPEN)


def test_the_limit_of_the_other_holds() -> None:
    """A ticket's cap counts what was written about the one that the letter enters."""
    with open_desk(limited(per_ticket=3)) as desk:  # an acknowledgement and two notifications
        desk.deliver(letter(), SUPPORT)
        second = desk.deliver(letter("Ещё вопрос"), SUPPORT)
        merge(desk, second)
        assert desk.deliver(reply(to(second, ANNA), "И вот.", author=ANNA), SUPPORT) == []
        assert "not notified" in [one.kind for one in events(desk, 1)]


def test_an_answer_of_the_merged_one_that_did_not_arrive() -> None:
    """The customer is owed it in the other: that is open again, and the merged one stays closed."""
    with open_served() as desk:
        first, second = two(desk)
        answered = to(order(desk, to(second, IVAN_ADDRESS), "Замените её."), OLGA_ADDRESS)
        order(desk, to(first, IVAN_ADDRESS), "Какая у вас версия?")
        merge(desk, second)
        assert ticket(desk, 1).status is Status.WAITING
        told = desk.deliver(bounce(answered), SUPPORT)
        assert {one.message.subject.partition("]")[0] for one in told} == {"[ACME-1"}
        assert (ticket(desk, 1).status, ticket(desk, 2).status) == (Status.OPEN, Status.CLOSED)
        assert (Moment.RESOLVED in running(desk, 1), running(desk, 2)) == (True, {})
        assert "bounced" in [one.kind for one in events(desk, 1)]


def test_merged_again_and_again() -> None:
    with open_served() as desk:
        _, second = two(desk)
        third = write(desk, OLGA, "Третье дело", subject="Третье")
        order(desk, to(third, IVAN_ADDRESS), "#объединить 2")
        merge(desk, second)
        desk.deliver(reply(to(third, OLGA_ADDRESS), "И вот ещё.", author=OLGA), SUPPORT)
        assert ticket(desk).id == 1


def test_the_earliest_terms_hold() -> None:
    """The later request goes into the earlier one: its terms stand; and the other way round they come along."""
    with open_served() as desk:
        _, second = two(desk)
        before = due(desk, Moment.ANSWERED), due(desk, Moment.RESOLVED)
        merge(desk, second)
        assert (due(desk, Moment.ANSWERED), due(desk, Moment.RESOLVED)) == before
        assert running(desk, 2) == {}
    with open_served() as desk:
        first, _ = two(desk)
        before = due(desk, Moment.ANSWERED), due(desk, Moment.RESOLVED)
        merge(desk, first, "#объединить ACME-2")
        assert (due(desk, Moment.ANSWERED, 2), due(desk, Moment.RESOLVED, 2)) == before
        assert running(desk, 1) == {}


def test_what_waits_is_worked_on_again() -> None:
    """We owe the answer that the merged one asked for."""
    with open_served() as desk:
        first, second = two(desk)
        order(desk, to(first, IVAN_ADDRESS), "Какая у вас версия?")
        assert ticket(desk, 1).status is Status.WAITING
        owed = due(desk, Moment.ANSWERED, 2)
        merge(desk, second)
        assert ticket(desk, 1).status is Status.OPEN
        assert due(desk, Moment.ANSWERED) == owed
        assert due(desk, Moment.RESOLVED) is not None


def test_of_one_client_both_take_part() -> None:
    """Who asked in the merged one is copied from then on, and may write."""
    with open_served() as desk:
        first, second = two(desk, MARIA)
        sent = merge(desk, second)
        assert summary(sent) == [RECEIPT]  # Maria asked but once: the answer tells her all there is to know
        both = "ответы там прочитают: Ольга <olga@romashka.example>, Мария <maria@romashka.example>)"
        assert both in lines(sent)[0]
        roles = {one.address.key: one.role for one in ticket(desk, 1).participants}
        assert roles == {OLGA_ADDRESS: Role.REQUESTER, "maria@romashka.example": Role.COPIED}
        sent = order(desk, to(first, IVAN_ADDRESS), "Замените обе.")
        assert summary(sent) == ["answer maria@romashka.example", f"answer {OLGA_ADDRESS}"]


def test_strangers_are_not_merged() -> None:
    """Neither would have asked for that: nothing changes, and the reason is said."""
    with open_served() as desk:
        _, second = two(desk, STRANGER)
        sent = merge(desk, second)
        assert summary(sent) == [RECEIPT]
        assert "клиенты разные, и чужую переписку им видеть нельзя" in lines(sent)[0]
        assert (ticket(desk, 2).status, ticket(desk, 2).merged_into) == (Status.NEW, None)
        assert [one.address.key for one in ticket(desk, 1).participants] == [OLGA_ADDRESS]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#объединить ACME-7", "обращения ACME-7 нет"),
        ("#объединить BETA-1", "обращения BETA-1 нет"),
        ("#объединить ACME-2", "ACME-2 и есть это обращение"),
        ("#объединить с первым", "не понятно, что стоит после команды; пишут так: #объединить с ACME-12"),
        ("#объединить ACME-1\n#решено", "Не сделано: #объединить ACME-1"),
    ],
)
def test_what_cannot_be(line: str, said: str) -> None:
    with open_served() as desk:
        _, second = two(desk)
        sent = merge(desk, second, line)
        assert lines(sent)[0].startswith("Не сделано")
        assert said in lines(sent)[0]
        assert ticket(desk, 2).merged_into is None


def test_what_is_over_takes_nothing_in() -> None:
    with open_served() as desk:
        first, second = two(desk)
        order(desk, to(first, IVAN_ADDRESS), "#закрыть")
        sent = merge(desk, second)
        assert "обращение ACME-1 уже не в работе (статус: закрыто); сначала откройте его" in lines(sent)[0]


def test_whose_the_other_is_hears_of_it() -> None:
    with open_served() as desk:
        first, second = two(desk)
        desk.deliver(reply(to(first, HEAD_ADDRESS), "#взять", author=PETRA), SUPPORT)
        sent = merge(desk, second)
        assert summary(sent) == [f"closing {OLGA_ADDRESS}", f"notification {HEAD_ADDRESS}", RECEIPT]
        text = to(sent, HEAD_ADDRESS).message.text
        assert (
            "В обращение ACME-1 вошло обращение ACME-2.\n\nПоследнее письмо клиента в нём:\nМигает зелёная лампочка."
            in text
        )


def test_whose_the_merged_one_was_hears_of_it() -> None:
    """Their request is closed, and its letters go to whoever has the other from now on."""
    with open_served() as desk:
        first, second = two(desk)
        order(desk, to(first, IVAN_ADDRESS), "#взять")
        desk.deliver(reply(to(second, HEAD_ADDRESS), "#взять", author=PETRA), SUPPORT)
        sent = merge(desk, second)
        assert summary(sent) == [f"closing {OLGA_ADDRESS}", f"notification {HEAD_ADDRESS}", RECEIPT]
        assert "В обращение ACME-1 вошло обращение ACME-2." in to(sent, HEAD_ADDRESS).message.text


def test_who_orders_it_is_told_nothing_more() -> None:
    with open_served() as desk:
        first, second = two(desk)
        for sent in (first, second):
            order(desk, to(sent, IVAN_ADDRESS), "#взять")
        assert summary(merge(desk, second)) == [f"closing {OLGA_ADDRESS}", RECEIPT]


def test_a_stranger_with_its_number_enters_neither() -> None:
    with open_served() as desk:
        _, second = two(desk)
        merge(desk, second)
        desk.deliver(letter("Мне тоже.", author="mallory@evil.example", subject="Re: [ACME-2] Ещё вопрос"), SUPPORT)
        assert ended(desk) is OutcomeKind.OPENED


# ── what the customer hears ──────────────────────────────────────────────────────────────────────────────────────────

MERGED = """\
Здравствуйте, Ольга!

Пишем о вашем обращении ACME-2. Мы объединили его с вашим обращением ACME-1 и ответим вам там.

Писать можно в ответ на любое из писем: всё попадёт в ACME-1.

ООО «Акме»
support@acme.example

--\x20
Это письмо отправлено автоматически. Обращение ACME-2, код …"""


def test_the_customer_hears_where_they_are_answered() -> None:
    """In the thread of the merged one; the receipt shows the letter, and an answer to it enters the other request."""
    with open_served() as desk:
        _, second = two(desk)
        sent = merge(desk, second)
        letter_ = to(sent, OLGA_ADDRESS)
        assert hide_tokens(letter_.message.text) == MERGED
        assert letter_.message.in_reply_to == to(second, OLGA_ADDRESS).message.in_reply_to
        receipt = to(sent, IVAN_ADDRESS).message.text
        assert "Клиенту отправляется письмо, что обращения объединены." in receipt
        assert "Мы объединили его с вашим обращением ACME-1" in receipt
        desk.deliver(reply(letter_, "Хорошо, жду.", author=OLGA), SUPPORT)
        assert last(desk).ticket_id == 1


def test_who_is_answered_in_the_same_letter_hears_no_more() -> None:
    with open_served() as desk:
        _, second = two(desk)
        sent = merge(desk, second, "Отвечу вам в первом обращении.\n#объединить 1")
        assert summary(sent) == [f"answer {OLGA_ADDRESS}", RECEIPT]


def test_who_never_had_its_number_is_told_nothing() -> None:
    """A machine was not acknowledged: a letter about two numbers that it never had would be news without a meaning."""
    with open_served() as desk:
        machine = "Станок <olga@romashka.example>"
        for n in (1, 2):
            alert = letter(
                f"Сбой номер {n} на линии.",
                author=machine,
                subject=f"Сбой {n}",
                headers=[("Auto-Submitted", "auto-generated")],
            )
            second = desk.deliver(alert, SUPPORT)
        assert len(desk.tickets()) == 2
        assert summary(merge(desk, second)) == [RECEIPT]


UNTOLD = "клиенту об объединении не написано"
SPLIT = "#разделить Касса не принимает пароль.\n#объединить 1"


@pytest.mark.parametrize(
    ("limit", "line", "told"),
    [(3, "#объединить 1", True), (2, "#объединить 1", False), (4, SPLIT, True), (3, SPLIT, False)],
)
def test_the_cap_of_an_address_holds_for_the_word_of_a_merge(limit: int, line: str, told: bool) -> None:
    """Two acknowledgements went out, and what the same letter says before counts; the receipt says who is not told."""
    with open_served(per_address=limit) as desk:
        _, second = two(desk)
        sent = merge(desk, second, line)
        assert (f"closing {OLGA_ADDRESS}" in summary(sent)) is told
        assert (UNTOLD in lines(sent)[line.count("\n")]) is not told
        held = [one.text for one in events(desk, 2) if one.kind == "not told"]
        capped = f"of the merge: this address has had {limit} automatic letters lately (limits.per_address)"
        assert held == ([] if told else [capped])
        assert ticket(desk, 2).merged_into == 1


@pytest.mark.parametrize(("limit", "told"), [(4, True), (3, False)])
def test_the_cap_of_a_ticket_holds_for_the_word_of_a_merge(limit: int, told: bool) -> None:
    """An acknowledgement and two notifications of the merged one went out."""
    with open_desk(limited(per_ticket=limit)) as desk:
        desk.deliver(letter(), SUPPORT)
        sent = merge(desk, desk.deliver(letter("Ещё вопрос"), SUPPORT))
        assert summary(sent) == (["closing anna@client.example", RECEIPT] if told else [RECEIPT])
        assert (UNTOLD in lines(sent)[0]) is not told
        held = [one.text for one in events(desk, 2) if one.kind == "not told"]
        capped = "of the merge: 3 automatic letters went out about this ticket lately (limits.per_ticket)"
        assert held == ([] if told else [capped])


def test_who_asks_for_no_answers_is_not_told_of_a_merge() -> None:
    """Though an agent has written to them before."""
    with open_served() as desk:
        two(desk, "no-reply@romashka.example")
        second = write(desk, "no-reply@romashka.example", "И ещё.")
        order(desk, to(second, IVAN_ADDRESS), "Заменим.")
        sent = merge(desk, second, "#объединить 2")
        assert summary(sent) == [RECEIPT]
        assert UNTOLD in lines(sent)[0]
        assert "of the merge: the address for answers asks for none" in [one.text for one in events(desk, 3)]


# ── who reads along ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_line_names_who_else_reads_a_reply() -> None:
    """Those in Cc of the customer's letter and those a merge has brought, three by name; in the receipt likewise."""
    people = ", ".join(f"Коллега {n} <c{n}@romashka.example>" for n in range(5))
    with open_served() as desk:
        sent = desk.deliver(letter(author=OLGA, headers=[("Cc", people)]), SUPPORT)
        three = ", ".join(f"Коллега {n} <c{n}@romashka.example>" for n in range(3))
        marker = f"##- Ответ выше этой строки прочитает клиент: {OLGA}; в копии: {three} и ещё 2 -##"
        assert to(sent, IVAN_ADDRESS).message.text.splitlines()[0] == marker
        assert to(order(desk, to(sent, IVAN_ADDRESS), "#взять"), IVAN_ADDRESS).message.text.splitlines()[0] == marker


def test_who_joins_with_the_letter_is_named_by_its_notification() -> None:
    with open_served() as desk:
        sent = write(desk)
        further = reply(to(sent, OLGA_ADDRESS), "Мария тоже ждёт.", author=OLGA, headers=[("Cc", MARIA)])
        text = to(desk.deliver(further, SUPPORT), IVAN_ADDRESS).message.text
        assert text.splitlines()[0] == f"##- Ответ выше этой строки прочитает клиент: {OLGA}; в копии: {MARIA} -##"


def test_whom_an_answer_with_commands_brings_along_joins_once() -> None:
    """They get the answer, and the receipt's first line names them."""
    with open_served() as desk:
        sent = write(desk)
        both = reply(to(sent, IVAN_ADDRESS), "Замените её.\n#время 15 мин", author=IVAN, headers=[("Cc", BORIS)])
        sent = desk.deliver(both, SUPPORT)
        assert summary(sent) == [f"answer {BORIS}", f"answer {OLGA_ADDRESS}", RECEIPT]
        assert to(sent, IVAN_ADDRESS).message.text.splitlines()[0].endswith(f"{OLGA}; в копии: {BORIS} -##")
        assert sorted(one.address.key for one in ticket(desk, 1).participants) == [BORIS, OLGA_ADDRESS]
