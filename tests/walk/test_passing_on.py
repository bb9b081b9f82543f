"""A request is passed on by an agent's command: who is meant, what the unit and the customer read, what can be taken back."""

import re

import pytest

from maild.model import Purpose, Role, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.clock import Wait
from maild.sla.target import Moment
from tests.walk import steered
from tests.walk.served import HEAD_ADDRESS, IVAN, IVAN_ADDRESS, OLGA, open_served, order, running, write
from tests.walk.stage import SUPPORT, letter, reply
from tests.walk.steered import open_steered, purposes
from tests.walk.test_orders import lines

MAKER, OFFICE, OLGA_ADDRESS = "dev@maker.example", "office@tax.example", "olga@romashka.example"
HELD = "; слова письма никому не ушли: если это подразделение, они для него, а не для клиента"
TWINS = '[organization.acme.unit.peter]\nname = "Петровский офис"\naddress = "office@peter.example"\n'


def to(sent: list[SentLetter], recipient: str) -> SentLetter:
    """The one letter to somebody."""
    (one,) = (one for one in sent if one.recipient == recipient)
    return one


def opened(desk: Rehearsal) -> SentLetter:
    """Let Olga write with a file; Ivan's notification of it."""
    raw = letter("Программа падает.", author=OLGA, attachments={"журнал.pdf": b"%PDF-1.4 x"})
    return to(desk.deliver(raw, SUPPORT), IVAN_ADDRESS)


def body(one: SentLetter) -> str:
    """The words above the footer."""
    return one.message.text.partition("\n-- \n")[0]


def test_passed_on_to_somebody_outside() -> None:
    """The unit has the customer's words and files and the agent's; the customer has word of it; the solution rests."""
    with open_steered() as desk:
        sent = order(desk, opened(desk), "Коллеги, посмотрите, пожалуйста, журнал.\n#передать разработчику")
        assert purposes(sent) == [Purpose.FORWARDING, Purpose.PASSING, Purpose.RECEIPT]
        passing = to(sent, MAKER)
        assert body(passing) == (
            "Здравствуйте!\n\n"
            "Передаём вам обращение ACME-1 нашего клиента: Не печатает принтер\n"
            "Кому: Разработчик\n"
            "От: Ольга <olga@romashka.example>\n\n"
            "Ответьте, пожалуйста, на это письмо: клиенту напишем мы.\n\n"
            "Коллеги, посмотрите, пожалуйста, журнал.\n\n"
            "Слова клиента:\n\n"
            "Программа падает.\n\n"
            "ООО «Акме»\nsupport@acme.example\n"
        )
        assert [(one.name, one.size) for one in passing.message.attachments] == [("журнал.pdf", 10)]
        assert body(to(sent, OLGA_ADDRESS)) == (
            "Здравствуйте, Ольга!\n\n"
            "Пишем о вашем обращении ACME-1.\n\n"
            "Ваше обращение передано по назначению: Разработчик.\n\n"
            "Когда мы узнаем ответ, напишем вам. Если захотите что-нибудь добавить, просто ответьте на это письмо.\n\n"
            "ООО «Акме»\nsupport@acme.example\n"
        )
        assert lines(sent)[0] == (
            "Сделано: #передать разработчику (передано: нет → Разработчик (dev@maker.example); "
            "статус: новое → ждёт третью сторону; ваши слова прочтут там, клиент их не видит)"
        )
        assert lines(sent)[1] == "Клиенту отправляется письмо о том, что обращение передано."
        (one,) = desk.tickets()
        assert (one.status, one.unit, one.agent) == (Status.WAITING, "maker", "ivan")
        assert [p.address.addr for p in one.participants if p.role is Role.UNIT] == [MAKER]
        assert running(desk)[Moment.RESOLVED].pauses[-1].reason is Wait.THIRD_PARTY


def test_passed_on_for_good() -> None:
    """The office answers the customer, who is told so in the organisation's words; the ticket is closed."""
    with open_steered() as desk:
        sent = order(desk, opened(desk), "#направить Налоговая")
        assert [one.addr for one in to(sent, OFFICE).message.reply_to] == [OLGA_ADDRESS]
        assert "Она ответит вам сама.\nДальше вам ответят оттуда." in body(to(sent, OLGA_ADDRESS))
        assert "статус: новое → закрыто" in lines(sent)[0]
        (one,) = desk.tickets()
        assert (one.status, one.unit) == (Status.CLOSED, "tax")
        assert not running(desk)


def test_passed_on_to_our_own_team() -> None:
    """The team is told with the colleague's words, the ticket is theirs and its term runs on."""
    with open_steered() as desk:
        sent = order(desk, opened(desk), "#передать в отдел учета\nЭто по вашей части.")
        assert purposes(sent) == [Purpose.FORWARDING, Purpose.RECEIPT, Purpose.NOTIFICATION]
        told = to(sent, HEAD_ADDRESS).message.text
        assert "Иван Иванов передаёт команде Бухгалтерия обращение ACME-1: Не печатает принтер" in told
        assert "Последнее письмо клиента:\nПрограмма падает." in told
        assert "Что об этом пишет коллега (клиент этого не видит):\nЭто по вашей части." in told
        assert "Отдел учёта" in body(to(sent, OLGA_ADDRESS))
        (one,) = desk.tickets()
        assert (one.status, one.unit, one.team, one.agent) == (Status.NEW, "books", "accounting", "")
        assert not running(desk)[Moment.RESOLVED].resting


def test_every_letter_of_the_customer_goes_to_the_unit() -> None:
    """Each under its time, and only the customer's: not what agents said."""
    with open_steered() as desk:
        first = write(desk, OLGA, "Программа падает.")
        order(desk, to(first, IVAN_ADDRESS), "Какая у вас версия?")
        mine = to(first, OLGA_ADDRESS)
        again = desk.deliver(reply(mine, "Девятая.", author=OLGA), SUPPORT)
        passing = to(order(desk, to(again, IVAN_ADDRESS), "#передать разработчику"), MAKER)
        said = body(passing).partition("Слова клиента:\n\n")[2].partition("\n\nООО")[0]
        when = "09:00 понедельника, 23 ноября (МСК)"
        assert said == f"{when}:\nПрограмма падает.\n\n{when}:\nДевятая."


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "#передать Сидоров",
            "такого сотрудника или подразделения нет; есть Иван Иванов, Петра, Налоговая, Разработчик, Отдел учёта, Петровский офис"
            + HELD,
        ),
        ("#передать Петр", "под это подходит не одно имя: Петра, Петровский офис; назовите его целиком" + HELD),
        (
            "#передать vendor@else.example",
            "такого сотрудника или подразделения нет; есть Иван Иванов, Петра, Налоговая, Разработчик, Отдел учёта, Петровский офис"
            + HELD,
        ),
        (
            "#передать",
            (
                "не понятно, что стоит после команды; пишут так: "
                "#направить ПОДРАЗДЕЛЕНИЕ (остальные слова письма прочтёт оно, а не клиент)"
            ),
        ),
        ("#направить разработчику\n#решено", "этому противоречит #решено; оставьте одно из двух"),
        (
            "#направить разработчику\n#faq password",
            "другая команда письма уже пишет клиенту, и иначе; отправьте их разными письмами",
        ),
    ],
)
def test_what_is_not_clear_goes_nowhere(command: str, told: str) -> None:
    """Nobody is passed anything, the customer hears nothing, and the agent reads who might have been meant."""
    with open_steered(TWINS) as desk:
        sent = order(desk, opened(desk), f"Пожалуйста.\n{command}")
        assert purposes(sent) == [Purpose.RECEIPT]
        assert f"Не сделано: {command.splitlines()[0]} ({told})" in lines(sent)
        (one,) = desk.tickets()
        assert (one.unit, one.agent, one.status) == ("", "", Status.NEW)


@pytest.mark.parametrize(
    ("language", "command", "told"),
    [
        (
            "ru",
            "#назначить Разрабочтику",
            "Не сделано: #назначить Разрабочтику (такого сотрудника или подразделения нет; есть {names}" + HELD + ")\n"
            "Клиенту ничего не отправлено.\n",
        ),
        (
            "uk",
            "#призначити Розробнику",
            (
                "Не зроблено: #призначити Розробнику (такого співробітника чи підрозділу немає; є {names}; слова листа нікому не надіслано: "
                "якщо це підрозділ, вони для нього, а не для клієнта)\nКлієнтові нічого не надіслано.\n"
            ),
        ),
        (
            "en",
            "#assign Develoepr",
            (
                "Not done: #assign Develoepr (there is no such colleague or unit; there are {names}; the words of the letter went to nobody: "
                "if it is a unit, they are meant for it and not for the customer)\nNothing was sent to the customer.\n"
            ),
        ),
    ],
)
def test_a_misspelt_unit_holds_the_words_back_and_the_receipt_says_so(language: str, command: str, told: str) -> None:
    """They may be for the unit alone; without words there is nothing to say of them."""
    names = "Иван Иванов, Петра, Налоговая, Разработчик, Отдел учёта"
    with open_served(organization=f'language = "{language}"\n{steered.STEERING}') as desk:
        notification = opened(desk)
        (receipt,) = order(desk, notification, f"Посмотрите тайком.\n{command}")
        assert told.format(names=names) in receipt.message.text
        (receipt,) = order(desk, notification, command)
        assert f"{names})" in receipt.message.text


@pytest.mark.parametrize("command", ["#передать Петре", "#направить Петре", "#назначить petra"])
def test_a_colleagues_name_is_no_unit(command: str) -> None:
    """Whatever the verb, whom it names decides."""
    with open_steered() as desk:
        sent = order(desk, opened(desk), command)
        assert purposes(sent) == [Purpose.RECEIPT, Purpose.NOTIFICATION]
        assert desk.tickets()[0].agent == "petra"


@pytest.mark.parametrize("command", ["#назначить Разработчик", "#передать maker", "#route dev@maker.example"])
def test_a_unit_is_known_by_name_key_and_address(command: str) -> None:
    with open_steered() as desk:
        assert Purpose.PASSING in purposes(order(desk, opened(desk), command))


def test_undo_tells_what_has_left() -> None:
    """The request is ours again, but the letters are gone, and what the unit answers still comes in."""
    with open_steered() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "#передать разработчику")
        undone = order(desk, notification, "#отмена")
        assert purposes(undone) == [Purpose.RECEIPT]
        assert lines(undone)[0].startswith(
            "Сделано: #отмена (статус: ждёт → новое; ведёт: Иван Иванов → никто; передано: Разработчик → нет; "
            "письмо уже ушло, и вернуть его нельзя"
        )
        answered = desk.deliver(reply(to(sent, MAKER), "Исправим в версии 9.", author=MAKER), SUPPORT)
        assert OLGA_ADDRESS not in [one.recipient for one in answered]


def test_a_unit_gets_no_request_of_its_own() -> None:
    """Its machine and ours would go on for ever."""
    with open_steered() as desk:
        sent = desk.deliver(letter("Помогите.", author=MAKER), SUPPORT)
        told = order(desk, to(sent, IVAN_ADDRESS), "#передать разработчику")
        assert lines(told)[0] == (
            "Не сделано: #передать разработчику (подразделение само прислало это обращение, передать его туда нельзя)"
        )


def test_who_was_copied_is_copied_on_nothing_once_it_is_passed_on_to_them() -> None:
    """A customer has put the maker in Cc; from now on the maker's words are nobody's but ours to pass on."""
    with open_steered() as desk:
        sent = desk.deliver(letter("Падает.", author=OLGA, headers=[("Cc", MAKER)]), SUPPORT)
        notification = to(sent, IVAN_ADDRESS)
        order(desk, notification, "#передать разработчику")
        answered = order(desk, notification, "Мы узнаём у разработчика.")
        assert [one.recipient for one in answered if one.purpose is Purpose.ANSWER] == [OLGA_ADDRESS]


def test_nobody_but_an_agent_passes_on() -> None:
    """In a customer's letter the command is just words."""
    with open_steered() as desk:
        first = write(desk, OLGA, "Помогите.")
        sent = desk.deliver(reply(to(first, OLGA_ADDRESS), "#передать разработчику", author=OLGA), SUPPORT)
        assert MAKER not in [one.recipient for one in sent]
        assert desk.tickets()[0].unit == ""


def test_a_customer_without_an_address_is_passed_on_without_a_word() -> None:
    with open_steered() as desk:
        sent = desk.deliver(letter("Помогите.", author="no-reply@shop.example"), SUPPORT)
        told = order(desk, to(sent, IVAN_ADDRESS), "#передать разработчику")
        assert purposes(told) == [Purpose.PASSING, Purpose.RECEIPT]
        assert lines(told)[1] == "Клиенту ничего не отправлено."


CARD = {"правка.pdf": b"%PDF", "ivan.vcf": b"BEGIN:VCARD"}


def test_no_card_of_the_agents_goes_to_a_unit() -> None:
    """A mail program adds it, and it holds the agent's own address; what they enclose themselves goes."""
    with open_steered() as desk:
        raw = reply(opened(desk), "#передать разработчику", author=IVAN, attachments=CARD)
        passing = to(desk.deliver(raw, SUPPORT), MAKER)
        assert [one.name for one in passing.message.attachments] == ["правка.pdf", "журнал.pdf"]


def test_what_was_made_out_of_another_request_has_no_files() -> None:
    """Those of the letter that has made it are the agent's, for the first request's customer or for nobody."""
    with open_steered() as desk:
        raw = reply(opened(desk), "#разделить Касса не принимает пароль.", author=IVAN, attachments=CARD)
        made = to(desk.deliver(raw, SUPPORT), HEAD_ADDRESS)
        passing = to(desk.deliver(reply(made, "#передать разработчику", author=HEAD_ADDRESS), SUPPORT), MAKER)
        assert "Касса не принимает пароль." in body(passing)
        assert passing.message.attachments == ()


@pytest.mark.parametrize(
    "command",
    ["#передать разработчику", "#передать в налоговую", "#предложить обучение", "#faq password", "#переслать"],
)
def test_no_file_of_a_note_goes_to_anybody_outside(command: str) -> None:
    """Its commands may write to the customer or a unit; what it says and encloses is for colleagues."""
    with open_steered() as desk:
        notified = opened(desk)
        if command == "#переслать":
            passing = to(order(desk, notified, "#передать разработчику"), MAKER)
            notified = to(desk.deliver(reply(passing, "Исправлено в версии 9.", author=MAKER), SUPPORT), IVAN_ADDRESS)
        notes = re.search(r"support\+\S+@acme\.example", notified.message.text.partition("Заметка для коллег")[2])
        assert notes
        raw = reply(
            notified,
            f"Тайна.\n{command}",
            author=IVAN,
            to=notes[0],
            html=f"<p>Тайна.</p><p>{command}</p>",
            attachments=CARD,
        )
        sent = [one for one in desk.deliver(raw, SUPPORT) if one.recipient != IVAN_ADDRESS]
        assert sent
        for one in sent:
            assert [file.name for file in one.message.attachments if file.name in CARD] == []
            assert "Тайна" not in one.message.text + (one.message.html or "")
