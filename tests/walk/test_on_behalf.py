"""Requests that agents write down for somebody else, played through: whose they are, who hears, whom nobody may have us write to."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from maild.model import OutcomeKind, Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.target import Moment
from tests.walk.served import HEAD_ADDRESS, IVAN, IVAN_ADDRESS, OLGA, due, open_served, order, running, write
from tests.walk.stage import SUPPORT, ended, events, last, letter, reply, summary, ticket, to
from tests.walk.test_orders import lines
from tests.walk.test_trust import vouched
from tests.walk.test_wrapped import attached

OLGA_ADDRESS = "olga@romashka.example"
TRUST = '[organization.acme.trust]\nauthserv_id = "mx.acme.example"\n'
CALL = "#клиент olga@romashka.example Ольга\nЗвонила, касса не печатает.\nНужно до обеда."
TOLD = [f"acknowledgement {OLGA_ADDRESS}", f"notification {HEAD_ADDRESS}", f"receipt {IVAN_ADDRESS}"]
ASKED = [f"confirmation {IVAN_ADDRESS}"]
FORWARD = """
---------- Пересылаемое сообщение ----------
От: {author}
Дата: пн, 23 нояб. 2026 г. в 08:40
Тема: Касса
Кому: Иван Иванов

Добрый день, не печатает касса."""


@pytest.fixture
def desk() -> Iterator[Rehearsal]:
    with open_served(organization=TRUST) as served:
        yield served


def call(
    desk: Rehearsal, text: str = CALL, *, subject: str = "Касса", author: str = IVAN, word: str = "pass", **more: object
) -> list[SentLetter]:
    """Let Ivan write a new letter, with our mail server's word on its From."""
    octets = letter(text, author=author, subject=subject, **more)  # type: ignore[arg-type]
    return desk.deliver(vouched(octets, word=word), SUPPORT)


def text_of(one: SentLetter) -> str:
    """The words of a letter, without the code that is another on every desk."""
    return one.message.text.rpartition(", ")[0].strip().replace("-- \n", "--\n")


RUSSIAN = """Здравствуйте, Ольга!

Мы завели по вашей просьбе обращение ACME-1 и записали её так:

Звонила, касса не печатает.
Нужно до обеда.

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
Это письмо отправлено автоматически. Обращение ACME-1"""
UKRAINIAN = """Вітаємо, Ольга!

Ми створили на ваше прохання звернення ACME-1 і записали його так:

Звонила, касса не печатает.
Нужно до обеда.

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
Цей лист надіслано автоматично. Звернення ACME-1"""
ENGLISH = """Hello, Ольга!

We have opened request ACME-1 for you and have noted it like this:

Звонила, касса не печатает.
Нужно до обеда.

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
This letter was sent automatically. Request ACME-1"""


@pytest.mark.parametrize(("language", "told"), [("ru", RUSSIAN), ("uk", UKRAINIAN), ("en", ENGLISH)])
def test_what_the_customer_reads(language: str, told: str) -> None:
    """The agent's words as what we have understood, and the terms; neither the command nor the agent."""
    with open_served(organization=f'language = "{language}"\n{TRUST}') as served:
        sent = call(served)
        assert summary(sent) == TOLD
        assert text_of(sent[0]) == told
        assert sent[0].message.subject == "Re: [ACME-1] Касса"
        assert "staff.example" not in sent[0].octets.decode("latin-1")
        assert (sent[0].message.in_reply_to, sent[0].message.references) == ((), ())


def test_what_agents_read(desk: Rehearsal) -> None:
    sent = call(desk)
    assert to(sent, HEAD_ADDRESS).message.text.splitlines()[2:6] == [
        "Новое обращение ACME-1: Касса",
        "От: Ольга <olga@romashka.example>",
        "Записано со слов клиента: Иван Иванов",
        "Клиент: ООО «Ромашка», уровень Базовый",
    ]
    assert lines(sent) == [
        "Сделано: #клиент olga@romashka.example Ольга (обращение: нет → ACME-1 («Касса»))",
        "Клиенту отправляется письмо о новом обращении.",
    ]


def test_they_are_served_as_if_they_had_written(desk: Rehearsal) -> None:
    """Client, level and terms are theirs, from receipt of the agent's letter; their reply and ours go on from there."""
    sent = call(desk)
    one = ticket(desk)
    assert (str(one.requester), one.client, one.level, one.counted) == (OLGA, "romashka", "base", True)
    assert [person.address.key for person in one.participants] == [OLGA_ADDRESS]
    assert due(desk, Moment.ANSWERED) == timedelta(hours=8)
    assert "written down" in [line.kind for line in events(desk)]
    desk.deliver(reply(sent[0], "И чек не выходит.", author=OLGA), SUPPORT)
    assert last(desk).ticket_id == 1
    answered = order(desk, sent[2], "Перезагрузите её.")
    assert answered[0].recipient == OLGA_ADDRESS


def test_a_service_that_is_named_brings_what_its_cell_says() -> None:
    """As if a rule had named it: what is not included is offered for money."""
    row = """
[organization.acme.offer.code]
name = "Программирование"
price = 3500
[organization.acme.service.code]
name = "Написание кода"
included = { base = "no" }
outside.offer = "code"
"""
    with open_served(organization=TRUST + row) as desk:
        sent = call(desk, f"#услуга написание\n{CALL}")
        assert "Сделано: #услуга написание (услуга: нет → Написание кода)" in lines(sent)
        one = ticket(desk)
        assert (one.service, one.included, one.offer, one.offer_state) == ("code", "no", "code", "offered")


def test_what_else_the_letter_says_of_it(desk: Rehearsal) -> None:
    """Kind, severity, whose it is, notes and time hold from the beginning; other commands wait, and are named."""
    words = "#категория авария\n#критичность критическая\n#взять\n#время 15 мин\n#решено\n#срочно\n"
    sent = call(desk, f"{words}{CALL}\n#заметка Голос злой.")
    one = ticket(desk)
    assert (one.category, one.severity, one.agent, one.status, one.rank) == (
        "outage",
        "critical",
        "ivan",
        Status.OPEN,
        0,
    )
    assert due(desk, Moment.ANSWERED) == timedelta(hours=1)
    assert "Голос злой." in [line.text for line in events(desk)]
    assert "Вид обращения: Авария" in sent[0].message.text
    assert "злой" not in sent[0].message.text
    assert lines(sent) == [
        "Сделано: #категория авария (вид: нет → Авария)",
        "Сделано: #критичность критическая (критичность: нет → Критическая)",
        "Сделано: #взять (ведёт: никто → Иван Иванов)",
        "Сделано: #время 15 мин (записано: 15 минут)",
        "Не сделано: #решено (обращение только заводится; отправьте команду ответом на это письмо)",
        "Не сделано: #срочно (такой команды нет; может быть, #срок 27.11 18:00 | до пятницы | завтра утром)",
        "Сделано: #клиент olga@romashka.example Ольга (обращение: нет → ACME-1 («Касса»))",
        "Сделано: #заметка Голос злой. (записано, видят только сотрудники)",
        "Клиенту отправляется письмо о новом обращении.",
    ]


def test_the_agents_word_stands_before_the_rules() -> None:
    """And the history does not say that a rule has decided it."""
    rules = (
        '[organization.acme.category.till]\nname = "Касса"\n'
        '[organization.acme.rule.down]\nwhen.words = ["касса"]\nthen = { category = "outage", tags = ["касса"] }\n'
    )
    with open_served(organization=f"{TRUST}{rules}") as served:
        call(served, f"#категория касса\n{CALL}")
        assert (ticket(served).category, ticket(served).tags) == ("till", ("касса",))
        assert [line.text for line in events(served) if line.kind == "rule"] == ["down: tags = касса"]


def test_given_to_a_colleague(desk: Rehearsal) -> None:
    call(desk, f"#передать Петра\n{CALL}")
    assert (ticket(desk).agent, ticket(desk).status) == ("petra", Status.NEW)


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("#клиент +7 (495) 123-45-67 Иван", "Иван, +7 (495) 123-45-67"),
        ("#клиент без адреса, Иван с рынка", "Иван с рынка"),
        ("#клієнт без адреси", ""),
        ("#client no address John", "John"),
    ],
)
def test_somebody_without_an_address(desk: Rehearsal, line: str, who: str) -> None:
    """Nobody is written to, the ticket lives, and a colleague can say later whose it is."""
    sent = call(desk, f"{line}\nКасса не печатает.")
    assert summary(sent) == TOLD[1:]
    assert (ticket(desk).requester.name, ticket(desk).requester.addr) == (who, "")
    assert "клиенту о новом обращении не написано" in lines(sent)[0]
    order(desk, sent[1], "#клиент romashka")
    assert (ticket(desk).client, Moment.ANSWERED in running(desk)) == ("romashka", True)


def test_two_without_an_address_are_two_people(desk: Rehearsal) -> None:
    """Their requests are not made one, so that neither is told of what the other asked."""
    call(desk, "#клиент без адреса, Иван с рынка\nКасса не печатает.")
    sent = call(desk, "#клиент без адреса, Анна с рынка\nКасса печатает дважды.", subject="Другая касса")
    assert "клиенты разные" in lines(order(desk, sent[1], "#объединить с ACME-1"))[0]


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("petra@staff.example", "это адрес сотрудника, а не клиента; назовите адрес клиента"),
        ("support@acme.example", "это наш собственный адрес; назовите адрес клиента"),
        ("support+t1.abc@acme.example", "это наш собственный адрес; назовите адрес клиента"),
        ("no-reply@romashka.example", "на этот адрес не отвечают; назовите другой или напишите «без адреса»"),
        ("ольга@romashka.example", "письмо на такой адрес не отправить; проверьте его или напишите «без адреса»"),
        ("olga@romashka.example, anna@romashka.example", "чьё это обращение, неясно: назван не один человек"),
    ],
)
def test_whose_it_cannot_be(desk: Rehearsal, named: str, why: str) -> None:
    """Nothing happens, nobody outside hears, and the agent has their words back."""
    sent = call(desk, f"#клиент {named}\n#взять\nЗвонила, касса не печатает.")
    assert summary(sent) == [f"receipt {IVAN_ADDRESS}"]
    assert desk.tickets() == []
    assert text_of(sent[0]).startswith("Обращение не заведено: Касса")
    assert f"Не сделано: #клиент {named} ({why})" in lines(sent)
    assert "Ваши слова:\n\nЗвонила, касса не печатает.\n" in sent[0].message.text
    assert sent[0].message.subject == "Обращение не заведено: Касса"
    desk.deliver(vouched(reply(sent[0], "Понял, спасибо.", author=IVAN)), SUPPORT)
    assert desk.tickets() == []


def test_one_address_as_mail_programs_write_it(desk: Rehearsal) -> None:
    call(desk, "#клиент Ольга <olga@romashka.example <mailto:olga@romashka.example>>\nКасса не печатает.")
    assert str(ticket(desk).requester) == OLGA


def test_a_question_stays_a_question(desk: Rehearsal) -> None:
    """Without words it asks what is known of a client, as ever."""
    for text in (
        "#клиент olga@romashka.example",
        "#клиент olga@romashka.example\n\n-- \nИван Иванов",
        "#клиент olga@romashka.example\n\nС уважением,\nИван",
        "#клиент Ромашка",
    ):
        assert summary(call(desk, text)) == [f"overview {IVAN_ADDRESS}"]
    assert desk.tickets() == []


def test_a_customers_lines_are_words(desk: Rehearsal) -> None:
    """Only agents write for others."""
    write(desk, text=f"#клиент mallory@evil.example\n{CALL}")
    assert str(ticket(desk).requester) == OLGA


@pytest.mark.parametrize("author", ["", "Ольга <olga@romashka.example>"], ids=["nobody", "the customer"])
def test_a_letter_that_is_passed_on(desk: Rehearsal, author: str) -> None:
    """The customer named above it is its author, in their own words; those around it stay among agents."""
    forward = FORWARD.format(author=author or "Ольга")
    named = OLGA_ADDRESS if author else OLGA  # what the forward knows of them need not be written
    sent = call(desk, f"#клиент {named}\nОна просила перезвонить.\n{forward}", subject="Fwd: Касса")
    assert summary(sent) == TOLD
    assert "записали её так:\n\nДобрый день, не печатает касса.\n\n" in sent[0].message.text
    assert "перезвонить" not in sent[0].message.text
    assert "Она просила перезвонить." in sent[1].message.text
    assert (str(ticket(desk).requester), ticket(desk).subject) == (OLGA, "Касса")


# ── nobody has us write to strangers in an agent's name ──────────────────────────────────────────────────────────────


def test_what_is_not_proven_is_kept_and_asked_about(desk: Rehearsal) -> None:
    """The registered address alone is asked; after a yes all is done as written, from then on."""
    sent = call(desk, word="none")
    assert summary(sent) == ASKED
    assert (desk.tickets(), ended(desk)) == ([], OutcomeKind.IGNORED)
    assert sent[0].message.subject == "Это ваше письмо? Касса"
    assert sent[0].message.text.startswith(
        "От вашего имени пришло письмо, которым заводят обращение другого человека. Ваше ли оно, проверить не удалось, поэтому оно отложено: обращение не заведено, никому ничего не отправлено."
    )
    assert "#клиент olga@romashka.example Ольга" in sent[0].message.text
    desk.advance(timedelta(hours=1))
    assert summary(desk.deliver(reply(sent[0], "Да", author=IVAN), SUPPORT)) == TOLD
    assert due(desk, Moment.ANSWERED) == timedelta(hours=9)
    again = desk.deliver(reply(sent[0], "Да", author=IVAN), SUPPORT)
    assert (summary(again), len(desk.tickets())) == (ASKED, 1)
    assert again[0].message.text.startswith(
        "Вы уже ответили на вопрос о письме в обращении ACME-1, поэтому второй ответ ничего не меняет."
    )


def test_a_yes_is_to_what_was_shown(desk: Rehearsal) -> None:
    """What was passed on stands in the question as well; of what is too long for it a yes sets nothing going."""
    sent = call(desk, f"#клиент {OLGA}\n{FORWARD.format(author='Ольга')}", word="none")
    assert "Добрый день, не печатает касса." in sent[0].message.text
    inner = letter("Не печатает касса № 5.", author=OLGA, subject="Касса")
    octets = attached(inner, f"#клиент {OLGA_ADDRESS}")
    sent = desk.deliver(vouched(octets, word="none"), SUPPORT)
    assert "Не печатает касса № 5." in sent[0].message.text
    long = call(desk, f"{CALL}\n{'Касса не печатает. ' * 300}", word="none", subject="Долго")
    assert "Дальше в письме ещё текст, который здесь не показан" in long[0].message.text
    assert "отправьте его ещё раз, короче." in long[0].message.text  # of a new request there is no notification
    told = desk.deliver(reply(long[0], "да", author=IVAN), SUPPORT)  # within a second: two letters about one
    assert summary(told) == ASKED
    assert told[0].message.text.startswith(
        "Письмо длиннее, чем maild мог вам показать, поэтому одного «да» мало: с ним ничего не сделано. Если оно ваше, отправьте его ещё раз, короче."
    )
    assert desk.tickets() == []


def test_a_no_and_no_word_at_all(desk: Rehearsal) -> None:
    """Nothing of it ever happens."""
    sent = call(desk, word="none")
    told = desk.deliver(reply(sent[0], "нет", author=IVAN), SUPPORT)
    assert summary(told) == ASKED
    assert told[0].message.text.startswith("Письмо не ваше, поэтому с ним ничего не сделано.")
    late = call(desk, word="none", subject="Ещё")
    desk.advance(timedelta(days=3))
    told = desk.deliver(reply(late[0], "да", author=IVAN), SUPPORT)
    assert "Если оно ваше, отправьте его ещё раз." in told[0].message.text
    assert desk.tickets() == []


@pytest.mark.parametrize("word", ["fail", "none"])
def test_a_forged_from_reaches_no_stranger(desk: Rehearsal, word: str) -> None:
    """Neither by a telephone call nor by a forward; what our server calls forged is not even asked about twice."""
    for text in (CALL, f"#клиент mallory@evil.example\n{FORWARD.format(author=OLGA)}"):
        assert {one.recipient for one in call(desk, text, word=word)} <= {IVAN_ADDRESS}
    assert desk.tickets() == []


def test_another_reply_to(desk: Rehearsal) -> None:
    """Whoever wants the answers elsewhere is asked at the registered address."""
    assert summary(call(desk, headers=[("Reply-To", "mallory@evil.example")])) == ASKED


def test_forgeries_use_up_no_more_than_three_questions(desk: Rehearsal) -> None:
    asked = [summary(call(desk, word="none", subject=f"Касса {n}")) for n in range(5)]
    assert asked == [ASKED, ASKED, ASKED, [], []]


def test_without_our_servers_word_there_is_always_the_question() -> None:
    """Where no server is believed, a new letter proves nothing: everything that it would set going waits for a yes."""
    with open_served() as served:
        sent = call(served)
        assert summary(sent) == ASKED
        assert summary(served.deliver(reply(sent[0], "да", author=IVAN), SUPPORT)) == TOLD


def test_a_machine_writes_nothing_down(desk: Rehearsal) -> None:
    """An agent's autoresponder that quotes such a letter opens nothing for anybody."""
    sent = call(desk, headers=[("Auto-Submitted", "auto-replied")])
    assert (sent, ended(desk)) == ([], OutcomeKind.IGNORED)


def test_the_cap_of_an_address_holds() -> None:
    """Calls cannot be used to bury somebody under letters; the agent reads that they were not told."""
    with open_served(organization=TRUST, per_address=2) as served:
        told = [any(one.purpose is Purpose.ACKNOWLEDGEMENT for one in call(served, subject=f"{n}")) for n in range(3)]
        assert told == [True, True, False]
        assert len(served.tickets()) == 3


def test_an_address_in_a_ticket_names_nobody(desk: Rehearsal) -> None:
    """Whose a request is that is there already does not change by an address: the receipt says how it is done."""
    sent = write(desk)
    receipt = order(desk, to(sent, IVAN_ADDRESS), "#клиент lutik@lutik.example")
    assert lines(receipt)[0].startswith("Не сделано: #клиент lutik@lutik.example (здесь называют ключ клиента;")
    assert str(ticket(desk).requester) == OLGA
