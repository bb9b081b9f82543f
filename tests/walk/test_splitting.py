"""Further requests made out of parts of one, played through: who is told what, which terms hold, what cannot be."""

from datetime import timedelta

import pytest

from maild.ingest.parse import parse
from maild.model import OutcomeKind, Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.target import Moment
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, due, open_served, order, running, write
from tests.walk.stage import START, SUPPORT, ended, events, last, letter, reply, summary, ticket, to
from tests.walk.test_orders import lines, opened
from tests.walk.test_shared_mailbox import BY_IVAN, answer

OLGA_ADDRESS = "olga@romashka.example"
BOSS = "Директор <boss@romashka.example>"
TWO = "Принтер на складе печатает полосами, что делать? И ещё вопрос: как поменять пароль в кассе?"
HOUR = timedelta(hours=1)


def acknowledgements(sent: list[SentLetter]) -> list[SentLetter]:
    return [one for one in sent if one.purpose is Purpose.ACKNOWLEDGEMENT]


def text_of(one: SentLetter) -> str:
    """The words of a letter, without the code that is another on every desk."""
    return one.message.text.rpartition(", ")[0].strip()


def kinds(desk: Rehearsal, ticket_id: int) -> list[str]:
    return [one.kind for one in events(desk, ticket_id)]


RUSSIAN = """Здравствуйте, Ольга!

Один из вопросов вашего обращения ACME-1 мы выделили в отдельное обращение ACME-2, чтобы решить его независимо от остальных:

Касса не принимает пароль.
Второй день.

Специалист прочитает его и ответит вам до 17:00 понедельника, 23 ноября (МСК).

В обращении записано:
Клиент: ООО «Ромашка»
Уровень обслуживания: Базовый
Если что-то записано неверно, сообщите об этом в ответ на это письмо.

Если захотите что-нибудь добавить, просто ответьте на это письмо:
ответ попадёт в то же обращение.

ООО «Акме»
support@acme.example

--
Это письмо отправлено автоматически. Обращение ACME-2"""
UKRAINIAN = """Вітаємо, Ольга!

Одне з питань вашого звернення ACME-1 ми виділили в окреме звернення ACME-2, щоб розв’язати його незалежно від решти:

Касса не принимает пароль.
Второй день.

Фахівець прочитає його та відповість вам до 17:00 понеділка, 23 листопада (за Москвою).

У зверненні записано:
Клієнт: ООО «Ромашка»
Рівень обслуговування: Базовый
Якщо щось записано неправильно, повідомте про це у відповідь на цей лист.

Якщо захочете щось додати, просто дайте відповідь на цей лист:
вона потрапить до того самого звернення.

ООО «Акме»
support@acme.example

--
Цей лист надіслано автоматично. Звернення ACME-2"""
ENGLISH = """Hello, Ольга!

We have made one of the matters in your request ACME-1 a request of its own, ACME-2, so that it does not wait for the others:

Касса не принимает пароль.
Второй день.

A member of our staff will read it and answer you by 17:00 on Monday, 23 November (Moscow time).

This is what we have noted:
Client: ООО «Ромашка»
Level of service: Базовый
If any of it is wrong, please tell us in a reply to this letter.

If you would like to add something, just reply to this letter:
your reply will reach the same request.

ООО «Акме»
support@acme.example

--
This letter was sent automatically. Request ACME-2"""


@pytest.mark.parametrize(
    ("language", "verb", "told"),
    [("ru", "#разделить", RUSSIAN), ("uk", "#розділити", UKRAINIAN), ("en", "#split", ENGLISH)],
)
def test_what_the_customer_reads(language: str, verb: str, told: str) -> None:
    """The number, the words, the terms: in the thread of their own letter, and to nobody else."""
    with open_served(organization=f'language = "{language}"') as desk:
        written = letter("Горит красная лампочка.", author=OLGA, subject="Не печатает принтер")
        first = to(desk.deliver(written, SUPPORT), IVAN_ADDRESS)
        sent = order(desk, first, f"{verb} Касса не принимает пароль.\nВторой день.")
        (letter_to_olga,) = acknowledgements(sent)
        assert text_of(letter_to_olga).replace("-- \n", "--\n") == told
        assert letter_to_olga.recipient == OLGA_ADDRESS
        assert letter_to_olga.message.subject == "Re: [ACME-2] Касса не принимает пароль."
        assert letter_to_olga.message.in_reply_to == (parse(written).message_id,)
        assert letter_to_olga.message.references == letter_to_olga.message.in_reply_to


def test_what_agents_read() -> None:
    """The new request is announced as every other one, and says whose words these are; the receipt has its number and terms."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#разделить Касса не принимает пароль.")
        assert summary(sent) == [
            f"acknowledgement {OLGA_ADDRESS}", f"notification {HEAD_ADDRESS}", f"receipt {IVAN_ADDRESS}",
        ]  # fmt: skip
        assert to(sent, HEAD_ADDRESS).message.text.splitlines()[2:8] == [
            "Новое обращение ACME-2: Касса не принимает пароль.",
            "От: Ольга <olga@romashka.example>",
            "Выделено из обращения ACME-1: Иван Иванов",
            "Клиент: ООО «Ромашка», уровень Базовый",
            "Ответить до 17:00 понедельника, 23 ноября (МСК) (через 8 часов)",
            "Решить до 15:00 среды, 25 ноября (МСК) (через 2 дня 6 часов)",
        ]
        assert "Место в очереди: 2 из 2" in to(sent, HEAD_ADDRESS).message.text
        assert lines(sent) == [
            "Сделано: #разделить Касса не принимает пароль. (обращения: ACME-1 → ACME-1, ACME-2 («Касса не принимает пароль.»); ответить до 17:00 понедельника, 23 ноября (МСК); решить до 15:00 среды, 25 ноября (МСК))",
            "Клиенту отправляется письмо о новом обращении.",
        ]
        receipt = next(one for one in sent if one.purpose is Purpose.RECEIPT).message.text
        assert "Клиент получает:\n\nЗдравствуйте, Ольга!\n\nОдин из вопросов" in receipt
        assert "Отменить" not in receipt


def test_it_is_as_much_theirs_as_the_first() -> None:
    """Requester, those in copy, client, level, severity and standing; its subject is its first line, both histories speak of it."""
    with open_served() as desk:
        first = desk.deliver(letter("Горит лампочка.", author=OLGA, headers=[("Cc", BOSS)]), SUPPORT)
        order(
            desk,
            to(first, IVAN_ADDRESS),
            "#важность критическая\n#категория авария\n#разделить Касса не принимает пароль.",
        )
        one, two = ticket(desk, 1), ticket(desk, 2)
        shared = (
            "requester",
            "client",
            "client_name",
            "level",
            "category",
            "severity",
            "standing",
            "mailbox",
            "rank",
            "received_at",
        )
        assert {name: getattr(two, name) for name in shared} == {name: getattr(one, name) for name in shared}
        assert {one.address.key for one in two.participants} == {OLGA_ADDRESS, "boss@romashka.example"}
        assert (two.number, two.status, two.agent, two.counted) == ("ACME-2", Status.NEW, "", True)
        assert "ACME-2 was made out of it, by agent ivan" in [one.text for one in events(desk, 1)]
        assert kinds(desk, 2)[:3] == ["opened", "split", "passed on"]
        assert due(desk, Moment.ANSWERED, 2) == due(desk, Moment.ANSWERED, 1) == HOUR


def test_the_customer_loses_no_time() -> None:
    """The terms run from when the letter came in which the words stand (D1), else from the first: not from the splitting."""
    with open_served() as desk:
        first = write(desk)
        desk.advance(timedelta(hours=2))
        second = desk.deliver(reply(to(first, OLGA_ADDRESS), "Ещё: касса не\nпринимает пароль.", author=OLGA), SUPPORT)
        desk.advance(HOUR)
        order(desk, to(second, IVAN_ADDRESS), "#разделить Касса не принимает пароль.")
        order(desk, to(second, IVAN_ADDRESS), "#разделить Заявка на обучение кассиров.")
        assert [ticket(desk, n).received_at for n in (2, 3)] == [START + 2 * HOUR, START]
        assert [due(desk, Moment.ANSWERED, n) for n in (2, 3)] == [timedelta(hours=25), timedelta(hours=8)]


def test_a_term_that_has_passed_is_not_promised() -> None:
    """What is late is late, and agents see it; the customer hears of the term that is still ahead."""
    with open_served() as desk:
        first = opened(desk)
        desk.advance(timedelta(days=1))
        (told,) = acknowledgements(order(desk, first, "#разделить Касса не принимает пароль."))
        assert "Мы решим ваш вопрос до 15:00 среды, 25 ноября (МСК)." in told.message.text
        assert due(desk, Moment.ANSWERED, 2) == timedelta(hours=8)


def test_part_of_the_letter_by_its_number() -> None:
    """As the notification has shown them; the lines below a number are the agent's answer."""
    with open_served() as desk:
        first = opened(desk, text=TWO)
        assert "ответьте строкой «#разделить 2»" in first.message.text
        sent = order(desk, first, "#разделить 2\n\nЗамените картридж.")
        assert [one.message.text.splitlines()[0] for one in sent if one.purpose is Purpose.ANSWER] == [
            "Замените картридж."
        ]
        assert "\n\nИ ещё вопрос: как поменять пароль в кассе?\n\n" in acknowledgements(sent)[0].message.text
        assert ticket(desk, 2).subject == "И ещё вопрос: как поменять пароль в кассе?"


@pytest.mark.parametrize(("text", "number"), [(TWO, 3), (TWO, 1), ("Горит красная лампочка.", 2)])
def test_a_number_that_means_nothing(text: str, number: int) -> None:
    with open_served() as desk:
        sent = order(desk, opened(desk, text=text), f"#разделить {number}")
        assert lines(sent) == [
            f"Не сделано: #разделить {number} (в первом письме клиента не видно вопроса {number}; вместо числа напишите слова самого вопроса)",
            "Клиенту ничего не отправлено.",
        ]
        assert len(desk.tickets()) == 1


def test_whoever_has_the_first_has_the_second() -> None:
    """Then nobody else is told, and their reply to the notification goes to the customer in the new request."""
    with open_served() as desk:
        first = opened(desk)
        order(desk, first, "#взять")
        sent = order(desk, first, "#разделить Касса не принимает пароль.")
        assert summary(sent)[1:] == [f"notification {IVAN_ADDRESS}", f"receipt {IVAN_ADDRESS}"]
        assert (ticket(desk, 2).agent, ticket(desk, 2).status) == ("ivan", Status.OPEN)
        assert "ведёт: никто → Иван Иванов" in lines(sent)[0]
        answered = order(desk, sent[1], "Пароль 1234.")
        assert answered[0].message.subject == "Re: [ACME-2] Касса не принимает пароль."
        assert (last(desk).ticket_id, ticket(desk, 1).status) == (2, Status.OPEN)


def test_a_colleagues_request_is_dealt_like_a_new_one() -> None:
    """Whose turn it is gets it, and the one after that goes to the next."""
    with open_served(organization='[organization.acme.assignment]\nway = "round-robin"\ncalendar = "office"\n') as desk:
        first = opened(desk)
        order(desk, first, "#передать Петра")
        sent = order(desk, first, "#разделить Касса не принимает пароль.\n#разделить Нужен отчёт за октябрь.")
        was = ticket(desk, 1)
        dealt = [ticket(desk, n).agent for n in (2, 3)]
        assert sorted(dealt) == ["ivan", "petra"]
        assert [one.recipient for one in sent if one.purpose is Purpose.NOTIFICATION] == [
            f"{agent}@staff.example" for agent in dealt
        ]
        assert was.agent == "petra"


def test_who_has_least_gets_it_where_that_is_how_requests_are_dealt() -> None:
    """What the letters before it in the same letter have made counts."""
    with open_served(organization='[organization.acme.assignment]\nway = "least-open"\ncalendar = "office"\n') as desk:
        first = opened_by_all(desk)
        order(desk, first, "#разделить Касса не принимает пароль.\n#разделить Нужен отчёт.\n#разделить Нужен счёт.")
        assert sorted(ticket(desk, n).agent for n in (2, 3, 4)) == ["ivan", "ivan", "petra"]


def opened_by_all(desk: Rehearsal) -> SentLetter:
    """Ivan's notification of a request that is Petra's."""
    sent = write(desk)
    mine = next(one for one in sent if one.purpose is Purpose.NOTIFICATION)
    if ticket(desk).agent != "petra":
        order(desk, mine, "#передать Петра")
    return mine


def test_who_has_the_command_itself_is_not_written_to_twice() -> None:
    """From the mailbox to the customer, with the command in it: the receipt says how it is done."""
    with open_served() as desk:
        asked = letter("Горит лампочка.", author=OLGA)
        desk.deliver(asked, SUPPORT)
        sent = desk.deliver(
            answer(asked, "Замените.\n#разделить Касса не принимает пароль.", author=BY_IVAN), SUPPORT, sent=True
        )
        assert "клиент уже получил это письмо и получил бы второе" in lines(sent)[0]
        assert len(desk.tickets()) == 1


def test_several_at_once() -> None:
    """Each has its number, its words and its letter; replies to each lead into it."""
    with open_served() as desk:
        first = opened(desk)
        sent = order(desk, first, "#разделить\nКасса не принимает пароль.\n\n#разделить\nНужен отчёт.\n#взять")
        assert [one.message.subject for one in acknowledgements(sent)] == [
            "Re: [ACME-2] Касса не принимает пароль.", "Re: [ACME-3] Нужен отчёт.",
        ]  # fmt: skip
        assert "обращения: ACME-1, ACME-2 → ACME-1, ACME-2, ACME-3 («Нужен отчёт.»)" in lines(sent)[1]
        desk.deliver(reply(acknowledgements(sent)[1], "За октябрь.", author=OLGA), SUPPORT)
        assert last(desk).ticket_id == 3
        write(desk, text="Ещё вопрос.", subject="Новое")
        assert ticket(desk).number == "ACME-4"


def test_a_long_first_line_is_no_subject() -> None:
    with open_served() as desk:
        order(desk, opened(desk), f"#разделить {'Касса не принимает пароль, ' * 5}\n#разделить {'Нужен отчёт, ' * 9}")
        assert [ticket(desk, n).subject for n in (2, 3)] == ["Не печатает принтер (2)", "Не печатает принтер (3)"]


def test_each_counts_as_a_request() -> None:
    """KR-9: against the quota of the month in which the letter came, and the customer is told where it is used up."""
    with open_served(organization="[organization.acme.quota]\nper_month = 2\n") as desk:
        sent = order(desk, opened(desk), "#разделить Касса не принимает пароль.\n#разделить Нужен отчёт.")
        within, over = acknowledgements(sent)
        assert "в текущем месяце" not in within.message.text
        assert "Это обращение № 3 в текущем месяце, в обслуживание включено: 2 обращения в месяц." in over.message.text
        assert "over quota" in kinds(desk, 3)


@pytest.mark.parametrize(("over", "status"), [("#закрыть", "закрыто"), ("#решено", "решено")])
def test_what_is_over_is_not_split(over: str, status: str) -> None:
    with open_served() as desk:
        first = opened(desk)
        order(desk, first, over)
        sent = order(desk, first, "#разделить Касса не принимает пароль.")
        assert lines(sent) == [
            f"Не сделано: #разделить Касса не принимает пароль. (обращение уже не в работе (статус: {status}); сначала #открыть)",
            "Клиенту ничего не отправлено.",
        ]
        assert len(desk.tickets()) == 1


def test_what_was_merged_is_split_where_it_went() -> None:
    with open_served() as desk:
        write(desk)
        second = to(write(desk, subject="Ещё"), IVAN_ADDRESS)
        order(desk, second, "#объединить с ACME-1")
        sent = order(desk, second, "#разделить Касса не принимает пароль.")
        assert "ACME-1 → ACME-1, ACME-3" in lines(sent)[0]
        sent = order(
            desk, to(write(desk, subject="Третье"), IVAN_ADDRESS), "#объединить с ACME-1\n#разделить Нужен отчёт."
        )
        assert lines(sent)[0].startswith("Не сделано: #объединить с ACME-1")
        assert len(desk.tickets()) == 4


def test_nothing_is_done_where_another_command_fails() -> None:
    with open_served() as desk:
        order(desk, opened(desk), "#разделить Касса не принимает пароль.\n#срок 1 января 2001")
        assert len(desk.tickets()) == 1
        assert ended(desk) is OutcomeKind.COMMAND


def test_it_cannot_be_taken_back() -> None:
    """The customer has been told of its number."""
    with open_served() as desk:
        first = opened(desk)
        order(desk, first, "#разделить Касса не принимает пароль.")
        sent = order(desk, first, "#отмена")
        assert lines(sent)[0] == (
            "Не сделано: #отмена (отменять нечего: последнее письмо с командами уже отменено, или его не было)"
        )
        assert len(desk.tickets()) == 2


def test_the_cap_holds_for_the_letters_of_splitting() -> None:
    """What an address may get automatically is one limit for all; the receipt says that the customer was not told."""
    with open_served(per_address=2) as desk:
        sent = order(desk, opened(desk), "#разделить Касса не принимает пароль.\n#разделить Нужен отчёт.")
        assert len(acknowledgements(sent)) == 1
        assert "not acknowledged" in kinds(desk, 3)
        assert [("клиенту о новом обращении не написано" in line) for line in lines(sent)[:2]] == [False, True]


def test_a_customer_without_an_address() -> None:
    """Nobody is told, and the request lives."""
    with open_served() as desk:
        first = desk.deliver(letter("Горит лампочка.", author="no-reply@romashka.example"), SUPPORT)
        sent = order(desk, to(first, IVAN_ADDRESS), "#разделить Касса не принимает пароль.")
        assert acknowledgements(sent) == []
        assert ticket(desk, 2).status is Status.NEW


UNTOLD = "клиенту о новом обращении не написано"


def test_a_machine_that_was_not_acknowledged_is_not_now() -> None:
    """Nothing automatic answers it, by whatever way: the history and the receipt say so; whom an agent has answered hears."""
    with open_served() as desk:
        alert = letter("Сбой на линии.", author=OLGA, headers=[("Auto-Submitted", "auto-generated")])
        first = to(desk.deliver(alert, SUPPORT), IVAN_ADDRESS)
        sent = order(desk, first, "#разделить Касса не принимает пароль.")
        assert (acknowledgements(sent), UNTOLD in lines(sent)[0]) == ([], True)
        assert "no letter of ours has gone to its author in ACME-1" in [one.text for one in events(desk, 2)]
        order(desk, first, "Посмотрим.")
        (told,) = acknowledgements(order(desk, first, "#разделить Нужен отчёт."))
        assert told.recipient == OLGA_ADDRESS


@pytest.mark.parametrize("author", ["no-reply@romashka.example", HEAD_ADDRESS])
def test_whom_nothing_automatic_answers_is_not_told_of_splitting(author: str) -> None:
    """Though an agent has answered them: neither who asks for no answers nor one of our own."""
    with open_served() as desk:
        first = to(desk.deliver(letter("Горит лампочка.", author=author), SUPPORT), IVAN_ADDRESS)
        order(desk, first, "Заменим.")
        sent = order(desk, first, "#разделить Касса не принимает пароль.")
        assert (acknowledgements(sent), UNTOLD in lines(sent)[0]) == ([], True)
        assert "not acknowledged" in kinds(desk, 2)


def test_nothing_of_the_agents_letter_reaches_the_customer() -> None:
    """Neither its Message-ID nor its references, now or with the first answer."""
    with open_served() as desk:
        first = opened(desk)
        order(desk, first, "#взять")
        sent = order(desk, first, "#разделить Касса не принимает пароль.")
        answered = order(desk, sent[1], "Пароль 1234.")
        for one in (acknowledgements(sent)[0], answered[0]):
            assert "staff.example" not in one.octets.decode("latin-1")
        assert answered[0].message.in_reply_to == ()


@pytest.mark.parametrize("number", ["100", "-1", "1-2", "?"])
def test_a_number_is_no_request(number: str) -> None:
    """Where it counts no part of the letter it is a slip of the pen: the customer would read of a request "100"."""
    with open_served() as desk:
        assert summary(order(desk, opened(desk), f"#разделить {number}")) == [f"receipt {IVAN_ADDRESS}"]
        assert len(desk.tickets()) == 1


def test_a_copy_of_the_letter_splits_nothing_more() -> None:
    with open_served() as desk:
        again = reply(opened(desk), "#разделить Касса не принимает пароль.", author="Иван Иванов <ivan@staff.example>")
        desk.deliver(again, SUPPORT)
        assert desk.deliver(again, SUPPORT) == []
        assert (len(desk.tickets()), ended(desk)) == (2, OutcomeKind.DUPLICATE)


def test_a_stranger_to_whom_nothing_is_promised() -> None:
    """Where they are asked who they are, the further request waits for that, too."""
    with open_served(identity='unknown = "ask"') as desk:
        (told,) = acknowledgements(
            order(desk, opened(desk, "Пётр <petr@nowhere.example>"), "#разделить Касса не принимает пароль.")
        )
        assert "код купона, номер договора или название организации" in told.message.text
        assert running(desk, 2) == {}


def test_all_of_it_or_nothing() -> None:
    """Where the last of its letters cannot be written, there is neither the request nor a word of it, and no number is lost."""
    stop = (
        "CREATE TRIGGER stop BEFORE INSERT ON outbox WHEN NEW.purpose = 'receipt' BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with open_served() as desk:
        first = opened(desk)
        with desk._office.database.write() as connection:
            connection.exec_driver_sql(stop)
        sent = order(desk, first, "#разделить Касса не принимает пароль.")
        assert (ended(desk), [one.purpose for one in sent]) == (OutcomeKind.QUARANTINED, [Purpose.ADMIN])
        assert (len(desk.tickets()), "split" in kinds(desk, 1)) == (1, False)
        with desk._office.database.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER stop")
        order(desk, first, "#разделить Касса не принимает её пароль.")
        assert ticket(desk, 2).number == "ACME-2"
