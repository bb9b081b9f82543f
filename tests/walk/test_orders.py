"""Commands of agents, played through real letters: what they do, what they refuse, who may give them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import default

import pytest

from maild.model import OutcomeKind, Place, Purpose, RawMessage, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.clock import Wait
from maild.sla.target import Moment
from tests.walk.served import (
    CODE,
    HEAD_ADDRESS,
    IVAN,
    IVAN_ADDRESS,
    OLGA,
    STRANGER,
    due,
    open_served,
    order,
    running,
    write,
)
from tests.walk.stage import START, SUPPORT, ended, events, letter, reply, summary, ticket, to

HOUR = timedelta(hours=1)
PETRA = f"Петра <{HEAD_ADDRESS}>"
RECEIPT = f"receipt {IVAN_ADDRESS}"


def opened(desk: Rehearsal, author: str = OLGA, **more: str) -> SentLetter:
    """Open a ticket and return Ivan's notification of it."""
    return to(write(desk, author, **more), IVAN_ADDRESS)


def lines(sent: list[SentLetter]) -> list[str]:
    """Return the receipt's lines on commands, and what it says of the customer."""
    text = next(one for one in sent if one.purpose is Purpose.RECEIPT).message.text
    return [line for line in text.splitlines() if line.startswith(("Сделано", "Не сделано", "Клиенту", "Остальной"))]


def kinds(desk: Rehearsal) -> list[str]:
    return [one.kind for one in events(desk)]


def resting(desk: Rehearsal) -> dict[Moment, Wait]:
    return {until: clock.pauses[-1].reason for until, clock in running(desk).items() if clock.resting}


# ── one command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_taken() -> None:
    """The ticket is the agent's, the receipt says whose it was, the customer hears nothing."""
    with open_served() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "#взять")
        assert summary(sent) == [RECEIPT]
        assert lines(sent) == ["Сделано: #взять (ведёт: никто → Иван Иванов)", "Клиенту ничего не отправлено."]
        assert (ticket(desk).agent, ticket(desk).status, ended(desk)) == ("ivan", Status.OPEN, OutcomeKind.COMMAND)
        assert due(desk, Moment.ANSWERED) == 8 * HOUR  # it is no answer


def test_taken_by_another() -> None:
    """Who takes it last has it, and both the receipt and the history say from whom."""
    with open_served() as desk:
        sent = write(desk)
        order(desk, to(sent, IVAN_ADDRESS), "#взять")
        sent = desk.deliver(reply(to(sent, HEAD_ADDRESS), "#беру", author=PETRA), SUPPORT)
        assert lines(sent)[0] == "Сделано: #беру (ведёт: Иван Иванов → Петра)"
        assert ticket(desk).agent == "petra"
        assert [one.text for one in events(desk) if one.kind == "agent"] == ["nobody → ivan", "ivan → petra"]


@pytest.mark.parametrize(
    ("line", "said", "reason"),
    [
        ("#ждём клиента", "ждёт клиента", Wait.CUSTOMER),
        ("#ждём согласования", "ждёт согласования", Wait.APPROVAL),
        ("#ждём третью сторону", "ждёт третью сторону", Wait.THIRD_PARTY),
        ("#ждём релиза", "ждёт релиза", Wait.RELEASE),
    ],
)
def test_waiting_and_going_on(line: str, said: str, reason: Wait) -> None:
    """The solution's clock rests, the answer's runs on and the receipt says so; the time is given back."""
    with open_served() as desk:
        notification = opened(desk)
        sent = order(desk, notification, line)
        assert lines(sent)[0] == (
            f"Сделано: {line} (статус: новое → {said}; ответить до 17:00 понедельника, 23 ноября (МСК))"
        )
        assert (ticket(desk).status, resting(desk)) == (Status.WAITING, {Moment.RESOLVED: reason})
        desk.advance(2 * HOUR)
        sent = order(desk, notification, "#продолжить")
        assert "статус: ждёт → в работе; ответить до 17:00" in lines(sent)[0]
        assert "решить до 17:00 среды, 25 ноября (МСК)" in lines(sent)[0]
        assert (ticket(desk).status, resting(desk)) == (Status.OPEN, {})
        assert due(desk, Moment.RESOLVED) == timedelta(days=2, hours=8)


def test_resolved_without_words() -> None:
    """Everything is met, the customer hears nothing; resolved again it stays so."""
    with open_served() as desk:
        notification = opened(desk)
        for before in ("новое", "решено"):
            sent = order(desk, notification, "#решено")
            assert summary(sent) == [RECEIPT]
            assert lines(sent)[0] == f"Сделано: #решено (статус: {before} → решено)"
            assert (ticket(desk).status, running(desk)) == (Status.RESOLVED, {})
        assert kinds(desk).count("status") == 1


def test_resolved_with_words() -> None:
    """The words go to the customer, and the ticket does not wait for them."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#решено\nГотово, лампочка заменена.")
        assert summary(sent) == ["answer olga@romashka.example", RECEIPT]
        answered = to(sent, OLGA).message.text
        assert "лампочка заменена" in answered
        assert "#" not in answered
        assert lines(sent)[1] == "Остальной текст вашего письма отправлен клиенту."
        assert (ticket(desk).status, running(desk)) == (Status.RESOLVED, {})
        moves = [one.text for one in events(desk) if one.kind == "status"]
        assert moves == ["new → waiting", "waiting → resolved, by agent ivan"]


def test_a_term_of_a_persons_own() -> None:
    """It takes the place of the promise, does not rest, and may be set anew."""
    with open_served() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "#срок 27.11 18:00")
        assert lines(sent)[0] == (
            "Сделано: #срок 27.11 18:00 "
            "(срок: 15:00 среды, 25 ноября (МСК) → 18:00 пятницы, 27 ноября (МСК))"
        )  # fmt: skip
        sent = order(desk, notification, "#ждём релиза")
        assert resting(desk) == {}
        assert "решить до 18:00 пятницы, 27 ноября (МСК)" in lines(sent)[0]
        order(desk, notification, "#срок 26.11 12:00")
        assert due(desk, Moment.RESOLVED) == timedelta(days=3, hours=3)
        sent = order(desk, notification, "#продлить 72ч")
        assert "срок назначил сотрудник; назначьте другой: #срок 27.11 18:00" in lines(sent)[0]


def test_a_term_without_a_promise() -> None:
    """Where nothing promises a solution, a person may (IN-9)."""
    with open_served(identity='unknown_level = "free"') as desk:
        notification = opened(desk, STRANGER)
        sent = order(desk, notification, "#срок 27.11")
        assert lines(sent)[0] == "Сделано: #срок 27.11 (срок: нет → 24:00 пятницы, 27 ноября (МСК))"
        assert due(desk, Moment.RESOLVED) == timedelta(days=4, hours=15)


def test_a_term_counted_from_another_day() -> None:
    """From the day when something ended, whenever the letter of it has come; the day may be named anew."""
    with open_served() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "#считать с 20.11")
        assert lines(sent)[0] == (
            "Сделано: #считать с 20.11 (срок считается с: 23 ноября 2026 года → 20 ноября 2026 года; "
            "ответить до 17:00 понедельника, 23 ноября (МСК); решить до 15:00 вторника, 24 ноября (МСК))"
        )
        assert due(desk, Moment.RESOLVED) == timedelta(days=1, hours=6)
        assert running(desk)[Moment.RESOLVED].started_at == datetime(2026, 11, 19, 21, tzinfo=UTC)  # midnight in Moscow
        sent = order(desk, notification, "#считать с 24.11\n#ждём клиента")
        assert "20 ноября 2026 года → 24 ноября 2026 года" in lines(sent)[0]
        order(desk, notification, "#срок 26.11 12:00\n#считать с 18.11")
        assert [one.due_at for one in desk.clocks(1) if one.running and one.set_at] == []
        sent = order(desk, notification, "#продолжить\n#считать с 18.11")
        assert "решить следовало до 15:00 пятницы, 20 ноября (МСК)" in " ".join(lines(sent))


def test_nothing_is_counted_where_nothing_is_promised() -> None:
    """The receipt says what would work."""
    with open_served(identity='unknown_level = "free"') as desk:
        sent = order(desk, opened(desk, STRANGER), "#считать с 20.11\nДобрый день!")
        why = "срок решения этого обращения ни от какого дня не считается; назначьте его: #срок 27.11 18:00"
        assert lines(sent)[0].startswith(f"Не сделано: #считать с 20.11 ({why}")


def test_a_date_is_read_from_when_the_letter_arrived() -> None:
    """A letter that waited in the mailbox over midnight does not mean next year."""
    with open_served() as desk:
        notification = opened(desk)
        desk.advance(datetime(2026, 11, 24, 9, tzinfo=UTC))
        place = Place(mailbox=SUPPORT, folder="INBOX", uidvalidity=7, uid="1")
        octets = reply(notification, "#срок 23.11 18:00", author=IVAN)
        desk._runner.run(desk._take(RawMessage(octets=octets, place=place, received_at=START + HOUR)))
        assert running(desk)[Moment.RESOLVED].due_at == datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_time_is_noted_in_fractions() -> None:
    """Whatever way it is written; the receipt says what was understood."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#время 1,5 ч\n#время 20 мин")
        assert lines(sent)[:2] == [
            "Сделано: #время 1,5 ч (записано: 1 час 30 минут)",
            "Сделано: #время 20 мин (записано: 20 минут)",
        ]
        assert [one.text for one in events(desk) if one.kind == "time"] == [
            "1:30:00 by agent ivan",
            "0:20:00 by agent ivan",
        ]


def test_help() -> None:
    """The list of commands, none of which is carried out by being shown."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#помощь")
        text = to(sent, IVAN_ADDRESS).message.text
        assert "Такие команды понятны:\n#взять\n#начать\n" in text
        assert "\n#ждём клиента | согласования | третью сторону | релиза\n" in text
        assert ticket(desk).status is Status.NEW


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("ru", "#взять", "Сделано: #взять (ведёт: никто → Иван Иванов)"),
        ("uk", "#взяти", "Зроблено: #взяти (веде: ніхто → Иван Иванов)"),
        ("en", "#take", "Done: #take (responsible: nobody → Иван Иванов)"),
        ("ru", "#взятл", "Не сделано: #взятл (такой команды нет; может быть, #взять)"),
        ("uk", "#взятл", "Не зроблено: #взятл (такої команди немає; може, #взяти)"),
        ("en", "#taek", "Not done: #taek (there is no such command; did you mean #take?)"),
        ("uk", "#ждём клиента", "Зроблено: #ждём клиента (статус: нове → чекає на клієнта; відповісти до 17:00 понеділка"),
        ("en", "#due 22.11.2026", "Not done: #due 22.11.2026 (the term midnight at the end of Sunday, 22 November (Moscow time)"),
    ],
)  # fmt: skip
def test_the_receipt_speaks_the_organisations_language(language: str, line: str, said: str) -> None:
    """Whatever language the command was in."""
    with open_served(organization=f'language = "{language}"') as desk:
        sent = order(desk, opened(desk), line)
        assert said in to(sent, IVAN_ADDRESS).message.text


# ── what it is ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_category_brings_its_own_terms() -> None:
    """They run from receipt; a term that has passed by then is named so at once, recorded, and told to the head."""
    with open_served() as desk:
        notification = opened(desk)
        desk.advance(HOUR / 2)
        sent = order(desk, notification, "#категория авар")
        assert "вид: нет → Авария; решить до 15:00 среды" in lines(sent)[0]
        assert "ответить до 10:00 понедельника, 23 ноября (МСК)" in lines(sent)[0]
        assert due(desk, Moment.ANSWERED) == HOUR
        assert ticket(desk).category == "outage"
    with open_served() as desk:
        notification = opened(desk)
        desk.advance(2 * HOUR)
        sent = order(desk, notification, "#категория авария")
        assert "ответить следовало до 10:00 понедельника, 23 ноября (МСК), срок истёк" in lines(sent)[0]
        sent += desk.advance(timedelta(minutes=1))
        assert running(desk)[Moment.ANSWERED].breached_at == START + HOUR
        assert f"reminder {HEAD_ADDRESS}" in summary(sent)
        assert "breach" in kinds(desk)


def test_an_answer_meets_the_terms_that_its_commands_bring() -> None:
    """What the request is holds from receipt, whichever line says so: nothing is left to be answered."""
    for text in ("#категория авария\nПерезагрузите.", "Перезагрузите.\n#категория авария"):
        with open_served() as desk:
            order(desk, opened(desk), text)
            answered = [one for one in desk.clocks(1) if one.until is Moment.ANSWERED and one.met_at]
            assert [one.target.name for one in answered] == ["outage-answer"]
            assert (set(running(desk)), resting(desk)) == ({Moment.RESOLVED}, {Moment.RESOLVED: Wait.CUSTOMER})


def test_severity_takes_it_out_of_the_queue() -> None:
    """Its place in the queue changes; the history says so in English."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#важность критич")
        assert "критичность: нет → Критическая" in lines(sent)[0]
        assert (ticket(desk).severity, ticket(desk).rank) == ("critical", 0)
        assert [one.text for one in events(desk) if one.kind == "severity"] == ["critical"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#клиент никто", "клиента с таким ключом в реестре нет"),
        ("#срок 22.11.2026", "срок до 24:00 воскресенья, 22 ноября (МСК) уже прошёл; назовите будущий"),
        ("#продлить 80ч", "столько нельзя: всего с получения самое большее 72 часа"),
        ("#продлить 24ч", "это не дольше обещанного: 24 часа с получения; назовите больше"),
        ("#взять и решить", "после #взять ничего не пишут"),
        ("#абракадабра", "такой команды нет; какие есть, сказано ниже"),
    ],
    ids=["client", "past", "beyond", "no-more", "alone", "unknown"],
)
def test_one_that_cannot_be_stops_all(line: str, said: str) -> None:
    """Nothing is done, nothing is sent, and the receipt says which it was, why, and what would work."""
    with open_served() as desk:
        notification = opened(desk)
        before, clocks = ticket(desk), desk.clocks(1)
        sent = order(desk, notification, f"Заменили лампочку.\n#взять\n{line}\n#время 1ч")
        assert summary(sent) == [RECEIPT]
        told = lines(sent)
        others = "команда понятна, но выполняются все команды письма или ни одна"
        assert told[0] == f"Не сделано: #взять ({others})"
        assert told[1].startswith(f"Не сделано: {line} ({said}")
        assert told[2] == f"Не сделано: #время 1ч ({others})"
        assert told[3] == "Клиенту ничего не отправлено."
        assert (ticket(desk), desk.clocks(1), ended(desk)) == (before, clocks, OutcomeKind.COMMAND)
        assert kinds(desk)[-1] == "not done"


@pytest.mark.parametrize("line", ["#ждём клиента", "#срок 27.11 18:00", "#считать с 20.11", "#продлить 72ч"])
def test_what_is_over_must_go_on_first(line: str) -> None:
    """On a resolved ticket; in one letter with the command that reopens it, it works."""
    with open_served() as desk:
        notification = opened(desk)
        order(desk, notification, "#решено")
        sent = order(desk, notification, line)
        assert "обращение уже не в работе (статус: решено); сначала #открыть" in lines(sent)[0]
        assert ticket(desk).status is Status.RESOLVED
        sent = order(desk, notification, f"#продолжить\n{line}")
        assert [one.partition(":")[0] for one in lines(sent)[:2]] == ["Сделано", "Сделано"]


def test_a_closed_ticket_is_opened_first() -> None:
    """Nothing but taking it and noting time is done to what is closed; the receipt says what comes first."""
    with open_served() as desk:
        notification = opened(desk)
        with desk._office.database.write() as connection:
            connection.exec_driver_sql("update ticket set status = 'closed'")
        for line in ("#решено", "#ждём клиента", "#срок 27.11 18:00", "#продлить 72ч"):
            sent = order(desk, notification, line)
            assert "(статус: закрыто); сначала #открыть" in lines(sent)[0]
            assert ticket(desk).status is Status.CLOSED
        assert "Сделано" in lines(order(desk, notification, "#взять\n#время 1ч"))[0]
        assert "статус: закрыто → в работе" in lines(order(desk, notification, "#продолжить"))[0]


# ── whose it is ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_client_for_a_stranger_who_was_asked() -> None:
    """A person identifies them: terms run from now, and the ticket counts."""
    with open_served(identity='unknown = "ask"') as desk:
        notification = opened(desk, STRANGER)
        desk.advance(3 * HOUR)
        sent = order(desk, notification, "#клиент Romashka")
        assert "клиент: нет → ООО «Ромашка», Базовый; ответить до 11:00 вторника" in lines(sent)[0]
        assert (ticket(desk).client, ticket(desk).standing) == ("romashka", "served")
        assert due(desk, Moment.ANSWERED) == timedelta(days=1, hours=2)


def test_a_client_named_with_the_answer() -> None:
    """The answer is given: nothing is left to be answered, and the solution rests."""
    for text in ("#клиент romashka\nПерезагрузите.", "Перезагрузите.\n#клиент romashka"):
        with open_served(identity='unknown = "ask"') as desk:
            order(desk, opened(desk, STRANGER), text)
            assert (set(running(desk)), resting(desk)) == ({Moment.RESOLVED}, {Moment.RESOLVED: Wait.CUSTOMER})


def test_a_client_named_after_the_answer() -> None:
    """Likewise, and when the customer writes again a fresh answer is owed (D12)."""
    with open_served(identity='unknown = "ask"') as desk:
        sent = write(desk, STRANGER)
        order(desk, to(sent, IVAN_ADDRESS), "Перезагрузите.")
        desk.advance(HOUR)
        order(desk, to(sent, IVAN_ADDRESS), "#клиент romashka")
        assert (set(running(desk)), resting(desk)) == ({Moment.RESOLVED}, {Moment.RESOLVED: Wait.CUSTOMER})
        desk.advance(HOUR)
        desk.deliver(reply(to(sent, STRANGER), "Не помогло.", author=STRANGER), SUPPORT)
        assert due(desk, Moment.ANSWERED) == timedelta(days=1, hours=1)
        assert due(desk, Moment.RESOLVED) == timedelta(days=2, hours=8)


def test_a_client_named_after_it_was_taken() -> None:
    """Work has begun, so a start is not owed any more; the answer is."""
    start = '[organization.acme.target.start]\nuntil = "started"\nwithin = "30m"\ncalendar = "office"\nlevel = "base"\n'
    with open_served(identity='unknown = "ask"', organization=start) as desk:
        notification = opened(desk, STRANGER)
        order(desk, notification, "#взять")
        order(desk, notification, "#клиент romashka")
        assert set(running(desk)) == {Moment.ANSWERED, Moment.RESOLVED}


def test_a_client_named_after_it_was_resolved() -> None:
    """Nothing runs; reopened, the solution has all its time."""
    with open_served(identity='unknown = "ask"') as desk:
        sent = write(desk, STRANGER)
        order(desk, to(sent, IVAN_ADDRESS), "#решено\nЗаменили.")
        order(desk, to(sent, IVAN_ADDRESS), "#клиент romashka")
        assert (running(desk), ticket(desk).status) == ({}, Status.RESOLVED)
        desk.advance(2 * HOUR)
        desk.deliver(reply(to(sent, STRANGER), "Опять горит.", author=STRANGER), SUPPORT)
        assert due(desk, Moment.RESOLVED) == timedelta(days=2, hours=8)


def test_a_client_for_a_refused_stranger() -> None:
    """The refused request is opened again and served from now on."""
    with open_served(identity='unknown = "refuse"') as desk:
        refused = to(write(desk, STRANGER), STRANGER)
        desk.advance(HOUR)
        again = desk.deliver(reply(refused, "Почему?", author=STRANGER), SUPPORT)
        assert ticket(desk).status is Status.OPEN
        order(desk, to(again, IVAN_ADDRESS), "#клиент romashka")
        found = ticket(desk)
        assert (found.status, found.counted, found.client) == (Status.OPEN, True, "romashka")
        assert due(desk, Moment.ANSWERED) == 9 * HOUR


def test_a_client_in_a_conflict() -> None:
    """A person decides between the two: terms run from receipt, for the request was never in doubt."""
    with open_served() as desk:
        notification = opened(desk, text="Купон АБВ-2026-11. Горит лампочка.")
        desk.advance(HOUR)
        order(desk, notification, "#клиент romashka")
        assert (ticket(desk).client, ticket(desk).standing) == ("romashka", "served")
        assert due(desk, Moment.ANSWERED) == 8 * HOUR


def test_a_client_named_for_a_letter_that_was_found_late() -> None:
    """maild was down when it arrived: terms run from its arrival, not from when it was found (D1)."""
    with open_served() as desk:
        desk.advance(3 * HOUR)
        place = Place(mailbox=SUPPORT, folder="INBOX", uidvalidity=7, uid="1")
        octets = letter("Купон АБВ-2026-11.", author=OLGA)
        desk._runner.run(desk._take(RawMessage(octets=octets, place=place, received_at=START)))
        assert (ticket(desk).standing, ticket(desk).received_at) == ("conflict", START)
        order(desk, to(desk._stage.sent, IVAN_ADDRESS), "#клиент romashka")
        assert due(desk, Moment.ANSWERED) == 8 * HOUR


@pytest.mark.parametrize("year", [1, 1970, 2106, 9999])
def test_an_arrival_in_any_year_is_dealt_with(year: int) -> None:
    """Servers and files claim what they like: the letter opens its ticket, and nothing is set aside."""
    with open_served() as desk:
        place = Place(mailbox=SUPPORT, folder="INBOX", uidvalidity=7, uid="1")
        octets = letter(f"Купон {CODE}.", author=OLGA)
        arrived = datetime(year, 1, 1, tzinfo=UTC)
        desk._runner.run(desk._take(RawMessage(octets=octets, place=place, received_at=arrived)))
        assert ended(desk) is OutcomeKind.OPENED


def test_a_suspended_client_named_by_a_person() -> None:
    """The receipt says how they stand, and nothing is promised any more."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#клиент lutik")
        assert "клиент: ООО «Ромашка» → ИП Лютиков, обслуживание приостановлено" in lines(sent)[0]
        assert (ticket(desk).standing, running(desk)) == ("suspended", {})


@pytest.mark.parametrize(
    ("author", "identity"),
    [("lutik@lutik.example", ""), ("pion@pion.example", ""), (STRANGER, 'unknown = "ask"')],
    ids=["suspended", "expired", "asked"],
)
def test_sorting_what_nothing_was_promised_for(author: str, identity: str) -> None:
    """A promise to all clients is none to those who are not served; it begins when a person says whose request it is."""
    with open_served(identity=identity) as desk:
        notification = to(write(desk, author), IVAN_ADDRESS)
        sent = order(desk, notification, "#категория Авария")
        assert lines(sent)[0] == "Сделано: #категория Авария (вид: нет → Авария)"
        assert running(desk) == {}
        order(desk, notification, "#клиент romashka")
        assert due(desk, Moment.ANSWERED) == HOUR


def test_another_client_of_a_served_request() -> None:
    """The same level: nothing about the terms changes. A coupon of the former client counts no more."""
    with open_served() as desk:
        notification = opened(desk, text=f"Купон {CODE}. Горит лампочка.")
        assert (ticket(desk).rank, due(desk, Moment.ANSWERED)) == (1, 3 * HOUR)
        order(desk, notification, "#клиент iris")
        assert (ticket(desk).client, ticket(desk).coupon, ticket(desk).rank) == ("iris", "", 2)
        assert due(desk, Moment.ANSWERED) == 8 * HOUR
        assert due(desk, Moment.RESOLVED) == timedelta(days=2, hours=6)


def test_a_promise_that_is_new_while_the_ticket_waits() -> None:
    """It rests like the ticket, since the answer that it waits for."""
    with open_served() as desk:
        notification = opened(desk, text=f"Купон {CODE}. Горит лампочка.")  # gold promises an answer only
        desk.advance(HOUR)
        order(desk, notification, "Перезагрузите.")
        desk.advance(HOUR)
        order(desk, notification, "#клиент iris")
        assert resting(desk) == {Moment.RESOLVED: Wait.CUSTOMER}
        desk.advance(HOUR)
        order(desk, notification, "#продолжить")
        assert due(desk, Moment.RESOLVED) == timedelta(days=2, hours=8)


# ── more time ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_more_time_with_the_reason() -> None:
    """The customer hears term and reason, the ticket goes on, and the term is another one once that letter has left."""
    with open_served() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "Ждём деталь со склада.\n#продлить 36ч")
        assert summary(sent) == ["extension olga@romashka.example", RECEIPT]
        told = to(sent, OLGA).message.text
        assert "Мы решим его до 18:00 четверга, 26 ноября (МСК)." in told
        assert "Причина: Ждём деталь со склада." in told
        assert lines(sent) == [
            (
                "Сделано: #продлить 36ч (срок: 15:00 среды, 25 ноября (МСК) → 18:00 четверга, 26 ноября (МСК), "
                "когда письмо об этом уйдёт клиенту)"
            ),
            "Клиенту отправляется письмо о новом сроке.",
        ]
        assert (ticket(desk).status, due(desk, Moment.ANSWERED)) == (Status.NEW, 8 * HOUR)  # it is no answer
        assert told.partition("\n-- \n")[0].strip() in to(sent, IVAN_ADDRESS).message.text  # the very words
        assert due(desk, Moment.RESOLVED) == timedelta(days=3, hours=9)
        sent = order(desk, notification, "#продлить 48ч")
        assert "срок уже продлевали, а продлить его можно только один раз" in lines(sent)[0]


def test_more_time_without_a_number_or_words() -> None:
    """All that may be had, without a reason."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#продлить")
        assert "Причина" not in to(sent, OLGA).message.text
        assert due(desk, Moment.RESOLVED) == timedelta(days=9, hours=9)


@pytest.mark.parametrize("wait", [timedelta(days=2, hours=6), timedelta(days=2, hours=7)], ids=["at", "after"])
def test_no_more_time_when_it_is_over(wait: timedelta) -> None:
    """An extension is asked for beforehand, or not at all (D8)."""
    with open_served() as desk:
        notification = opened(desk)
        desk.advance(wait)
        sent = order(desk, notification, "#продлить 72ч")
        assert summary(sent) == [RECEIPT]
        assert "срок до 15:00 среды, 25 ноября (МСК) уже истёк, а продлить его можно только заранее" in lines(sent)[0]


def test_no_more_time_while_it_waits() -> None:
    """Nobody can say what the new term would be; going on comes first, in the same letter if need be."""
    with open_served() as desk:
        notification = opened(desk)
        order(desk, notification, "Какая версия?")
        sent = order(desk, notification, "#продлить 72ч")
        assert "сначала #продолжить" in lines(sent)[0]
        sent = order(desk, notification, "#продолжить\n#продлить 72ч")
        assert "extension olga@romashka.example" in summary(sent)


def test_files_go_with_the_reason() -> None:
    """What an agent attaches to the word of a new term is the customer's, as it is with an answer."""
    with open_served() as desk:
        words = reply(opened(desk), "#продлить 72ч\nВот ответ завода.", author=IVAN, attachments={"завод.pdf": b"%PDF"})
        notice = to(desk.deliver(words, SUPPORT), OLGA)
        assert notice.purpose == "extension"
        assert [one.name for one in notice.message.attachments] == ["завод.pdf"]


def test_a_robot_is_told_of_no_new_term() -> None:
    """An address that asks for no answers cannot be told beforehand, so nothing is extended (D8)."""
    with open_served(
        organization='notifiers = ["no-reply@monitor.example"]', identity='unknown_level = "base"'
    ) as desk:
        notification = to(write(desk, "no-reply@monitor.example"), IVAN_ADDRESS)
        sent = order(desk, notification, "#продлить 72ч\nЖдём завод.")
        assert summary(sent) == [RECEIPT]
        assert "клиент не оставил адреса, и написать ему нельзя" in lines(sent)[0]


def test_nobody_to_tell() -> None:
    """Without the customer's address nothing is extended, and words have nowhere to go: one letter says so."""
    with open_served(
        organization='notifiers = ["no-reply@monitor.example"]', identity='unknown_level = "base"'
    ) as desk:
        desk.deliver(letter(author=None), SUPPORT)
        notification = next(one for one in desk._stage.sent if one.recipient == IVAN_ADDRESS)
        assert not ticket(desk).requester.addr
        sent = order(desk, notification, "#продлить 72ч")
        assert "клиент не оставил адреса, и написать ему нельзя" in lines(sent)[0]
        sent = order(desk, notification, "#решено\nЗаменили.")
        assert summary(sent) == [RECEIPT]
        assert "слова письма отправить некому; отправьте команды без них" in lines(sent)[0]
        assert ticket(desk).status is Status.NEW
        order(desk, notification, "#решено")
        assert ticket(desk).status is Status.RESOLVED


@pytest.mark.parametrize("other", ["#решено", "#срок 27.11 18:00", "#ждём релиза"])
def test_more_time_and_what_takes_it_back(other: str) -> None:
    """The customer must not be promised a term that another line of the same letter does away with."""
    with open_served() as desk:
        sent = order(desk, opened(desk), f"#продлить 72ч\n{other}")
        assert summary(sent) == [RECEIPT]
        assert "другая команда письма меняет тот же срок" in lines(sent)[0]
        assert (ticket(desk).status, due(desk, Moment.RESOLVED)) == (Status.NEW, timedelta(days=2, hours=6))


# ── who may, and where ───────────────────────────────────────────────────────────────────────────────────────────────


def test_only_new_words_command() -> None:
    """What is quoted commands nothing, whoever said it."""
    with open_served() as desk:
        notification = opened(desk, text="#взять\n#решено\nГорит лампочка.")
        order(desk, notification, "Перезагрузите.")
        assert (ticket(desk).status, ended(desk)) == (Status.WAITING, OutcomeKind.APPENDED)


@pytest.mark.parametrize(
    "below",
    ["-- \nИван\n#решено", "-- \nИван\n\n#решено", "С уважением,\nИван Иванов\n+7 495 123-45-67\n#решено", "С уважением,\nИван Иванов\n\n#решено"],
)  # fmt: skip
def test_a_command_below_the_signature(below: str) -> None:
    """Some write at the very end of what they see; neither it nor the signature reaches the customer."""
    with open_served() as desk:
        sent = order(desk, opened(desk, text="#взять"), f"Перезагрузите.\n\n{below}")
        assert (ticket(desk).status, ticket(desk).agent) == (Status.RESOLVED, "ivan")
        text = to(sent, "olga@romashka.example").message.text
        assert "#" not in text.partition("ACME-1")[0]
        assert "495" not in text


@pytest.mark.parametrize(
    "around", ["{}\n\nС уважением,\nИван", "Добрый день!\n\n{}\n\nС уважением, Иван Иванов", "Здравствуйте, Ольга!\n{}"]
)
def test_a_greeting_and_a_name_are_no_answer(around: str) -> None:
    """Mail clients put them there: with nothing said between them, the customer gets no letter."""
    with open_served() as desk:
        sent = order(desk, opened(desk), around.format("#решено"))
        assert summary(sent) == [RECEIPT]
        assert ticket(desk).status is Status.RESOLVED


def test_a_customer_commands_nothing() -> None:
    """Their lines are words."""
    with open_served() as desk:
        sent = write(desk)
        again = desk.deliver(reply(to(sent, OLGA), "#решено\n#время 5ч", author=OLGA), SUPPORT)
        assert Purpose.RECEIPT not in {one.purpose for one in again}
        assert ticket(desk).status is Status.NEW
        assert "#решено" in to(again, IVAN_ADDRESS).message.text


def test_an_agent_without_token_commands_nothing() -> None:
    """From alone proves nothing; and nothing is told to whoever wrote it."""
    with open_served() as desk:
        write(desk)
        sent = desk.deliver(letter("#решено", author=IVAN, subject=f"[{ticket(desk).number}]"), SUPPORT)
        assert ticket(desk, 1).status is Status.NEW
        assert Purpose.RECEIPT not in {one.purpose for one in sent}


def test_machines_command_nothing_and_get_no_receipt() -> None:
    """Neither an agent's autoresponder nor a mailbox that forwards notifications by itself."""
    with open_served() as desk:
        notification = opened(desk)
        automatic = reply(notification, "#решено", author=IVAN, headers=[("Auto-Submitted", "auto-replied")])
        assert desk.deliver(automatic, SUPPORT) == []
        forward = reply(
            notification, "#решено", author=IVAN, headers=[("Subject", f"Fwd: {notification.message.subject}")]
        )
        sent = desk.deliver(forward, SUPPORT)
        assert Purpose.RECEIPT not in {one.purpose for one in sent}
        assert ticket(desk).status is Status.NEW


def test_receipts_have_a_limit() -> None:
    """Whatever answers ours by itself cannot go on for ever; the command is carried out, and the history says why no receipt."""
    with open_served() as desk:
        notification = opened(desk)
        box = desk._office.policy.mailboxes[SUPPORT]
        capped = replace(box, desk=replace(box.desk, caps=replace(box.desk.caps, per_agent=3)))
        desk._office.policy = replace(desk._office.policy, mailboxes={SUPPORT: capped})
        for _ in range(2):
            assert summary(order(desk, notification, "#время 1ч")) == [RECEIPT]
        assert order(desk, notification, "#время 1ч") == []
        assert kinds(desk)[-2:] == ["time", "no receipt"]


HTML = {
    "outlook": '<html><body lang="RU"><div class="WordSection1"><p class="MsoNormal">#взять<o:p></o:p></p>'
    '<p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">#ждём&nbsp;клиента<o:p></o:p></p>'
    '<p class="MsoNormal">Перезагрузите.<o:p></o:p></p></div></body></html>',
    "gmail": '<div dir="auto">#взять<div dir="auto">#ждём клиента</div><div dir="auto"><br></div>'
    '<div dir="auto">Перезагрузите.</div></div>',
    "apple": "<html><body>#взять<div>\N{ZERO WIDTH NO-BREAK SPACE}#ждём клиента<br></div><div>Перезагрузите.</div></body></html>",
}


@pytest.mark.parametrize("page", HTML.values(), ids=HTML)
def test_letters_of_phones_have_html_only(page: str) -> None:
    """Their paragraphs are lines."""
    with open_served() as desk:
        notification = opened(desk)
        message = BytesParser(policy=default).parsebytes(reply(notification, "", author=IVAN, quote=False))
        message.set_content(page, subtype="html")
        sent = desk.deliver(message.as_bytes(), SUPPORT)
        assert [one.partition(" (")[0] for one in lines(sent)[:2]] == ["Сделано: #взять", "Сделано: #ждём клиента"]
        answered = to(sent, OLGA).message.text
        assert "Перезагрузите." in answered
        assert "#" not in answered


def test_a_coupon_in_a_command_is_not_repeated_whole() -> None:
    """Neither in the receipt nor in the history."""
    with open_served() as desk:
        sent = order(desk, opened(desk), f"#купон {CODE}")
        assert "#купон …9TRC" in to(sent, IVAN_ADDRESS).message.text
        assert all(CODE not in one.text for one in events(desk) if one.kind not in ("in", "out"))
