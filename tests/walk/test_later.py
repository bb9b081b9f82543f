"""What agents put off and promise, played through: who is reminded when, what ends it, and that the terms run on."""

from datetime import timedelta

import pytest

from maild.model import Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.target import Moment
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, STRANGER, due, open_served, order, write
from tests.walk.stage import SUPPORT, reply, summary, ticket, to
from tests.walk.test_machines import bounce
from tests.walk.test_orders import PETRA, RECEIPT, lines
from tests.walk.test_queries import ask, read

OLGA_ADDRESS = "olga@romashka.example"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(sent: list[SentLetter]) -> list[str]:
    """Return who was notified, and in which words, terms and their reminders aside."""
    return [
        f"{one.recipient}: {one.message.text.splitlines()[2]}" for one in sent if one.purpose is Purpose.NOTIFICATION
    ]


def put_off(desk: Rehearsal) -> bool:
    """Whether the agents' queue lacks the first ticket."""
    return "ACME-1" not in read(ask(desk, "очередь"))


# ── until later ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line", ["#позже 24.11 12:00", "#позже до 24.11 12:00", "#Пізніше 27ч", "#snooze 27h", "#позже через 27 часов"]
)
def test_put_off(line: str) -> None:
    """It is not shown until then; whoever put it off is reminded, once; the term has run on."""
    with open_served() as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), line)
        assert summary(sent) == [RECEIPT]
        assert "(отложено до: нет → 12:00 вторника, 24 ноября (МСК))" in lines(sent)[0]
        assert due(desk, Moment.ANSWERED) == 8 * HOUR
        assert put_off(desk)
        assert told(desk.advance(26 * HOUR)) == []
        assert told(desk.advance(2 * HOUR)) == [
            f"{IVAN_ADDRESS}: Вы откладывали обращение ACME-1 до 12:00 вторника, 24 ноября (МСК): пора к нему вернуться."
        ]
        assert not put_off(desk)
        assert told(desk.advance(10 * DAY)) == []


OFFICE = """[organization.acme.assignment]
calendar = "own"
[organization.acme.calendar.own.week]
mon-fri = "{hours}"
"""


@pytest.mark.parametrize(
    ("hours", "line", "until"),
    [
        ("", "#позже завтра", "09:00 вторника, 24 ноября"),
        ("10:00-19:00", "#позже завтра", "10:00 вторника, 24 ноября"),
        ("10:00-19:00", "#позже до пятницы,", "10:00 пятницы, 27 ноября"),
        ("10:00-19:00", "#пізніше через 2 дні", "10:00 среды, 25 ноября"),
        ("10:00-19:00", "#snooze tomorrow", "10:00 вторника, 24 ноября"),
        ("10:00-19:00", "#позже завтра 00:00", "24:00 понедельника, 23 ноября"),
        ("10:00-19:00", "#позже в субботу", "09:00 субботы, 28 ноября"),
        ("00:00-24:00", "#позже завтра", "09:00 вторника, 24 ноября"),
    ],
)
def test_a_day_without_a_time_is_its_morning(hours: str, line: str, until: str) -> None:
    """When work begins by the calendar of whoever has it; at nine where there is none, on days off, and round the clock."""
    with open_served(organization=OFFICE.format(hours=hours) if hours else "") as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), line)
        assert f"(отложено до: нет → {until} (МСК))" in lines(sent)[0]


def test_this_mornings_is_over() -> None:
    """Whoever puts off to today says until when."""
    with open_served() as desk:
        desk.advance(HOUR)
        sent = order(desk, to(write(desk), IVAN_ADDRESS), "#позже сегодня")
        assert "Не сделано: #позже сегодня (срок до 09:00" in lines(sent)[0]


def test_the_customers_letter_ends_it() -> None:
    with open_served() as desk:
        sent = write(desk)
        order(desk, to(sent, IVAN_ADDRESS), "#позже 24.11 12:00")
        desk.deliver(reply(to(sent, OLGA_ADDRESS), "Ну как?", author=OLGA), SUPPORT)
        assert not put_off(desk)
        assert told(desk.advance(5 * DAY)) == []


def test_an_answer_that_did_not_arrive_ends_it() -> None:
    """The customer waits for another one."""
    with open_served() as desk:
        answered = to(order(desk, to(write(desk), IVAN_ADDRESS), "Замените её.\n#позже 24.11 12:00"), OLGA_ADDRESS)
        assert put_off(desk)
        desk.deliver(bounce(answered), SUPPORT)
        assert ticket(desk, 1).status is Status.OPEN
        assert not put_off(desk)
        assert told(desk.advance(5 * DAY)) == []


def test_what_is_no_failure_does_not_end_it() -> None:
    """A report that an answer is late changes nothing."""
    with open_served() as desk:
        answered = to(order(desk, to(write(desk), IVAN_ADDRESS), "Замените её.\n#позже 24.11 12:00"), OLGA_ADDRESS)
        desk.deliver(bounce(answered, action="delayed"), SUPPORT)
        assert put_off(desk)


def test_a_request_that_goes_into_it_ends_it() -> None:
    with open_served() as desk:
        order(desk, to(write(desk), IVAN_ADDRESS), "#позже 24.11 12:00")
        second = write(desk, OLGA, "Мигает зелёная лампочка.", subject="Ещё вопрос")
        order(desk, to(second, IVAN_ADDRESS), "#объединить 1")
        assert not put_off(desk)
        assert told(desk.advance(5 * DAY)) == []


@pytest.mark.parametrize(("words", "heading"), [("", "Никто не взял"), ("Какая у вас версия?\n", "Ждут")])
def test_no_digest_lists_it(words: str, heading: str) -> None:
    """Neither among what nobody has taken nor among what waits, until the instant comes."""
    digest = '[organization.acme.digest]\nagents = "09:00"\n[organization.acme.assignment]\ncalendar = "office"\n'
    with open_served(organization=digest) as desk:
        notification = to(write(desk, STRANGER), IVAN_ADDRESS)
        order(desk, notification, f"{words}#позже 26.11 12:00")
        listed = [
            (one.at.day, heading in one.message.text)
            for one in desk.advance(5 * DAY)
            if one.purpose is Purpose.OVERVIEW and one.recipient == IVAN_ADDRESS
        ]
        assert listed == [(27, True)]


def test_put_off_twice_it_is_once() -> None:
    with open_served() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "#позже 24.11 12:00")
        order(desk, notification, "#позже 25.11 12:00")
        assert told(desk.advance(28 * HOUR)) == []
        assert len(told(desk.advance(DAY))) == 1


def test_of_what_is_over_nobody_is_reminded() -> None:
    with open_served() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "#позже 24.11 12:00")
        order(desk, notification, "#обещаю 24.11 12:00 перезвонить")
        order(desk, notification, "#решено")
        assert told(desk.advance(5 * DAY)) == []


def test_whose_it_is_hears() -> None:
    """Not whoever put a colleague's off."""
    with open_served() as desk:
        sent = write(desk)
        desk.deliver(reply(to(sent, HEAD_ADDRESS), "#взять", author=PETRA), SUPPORT)
        order(desk, to(sent, IVAN_ADDRESS), "#позже 24.11 12:00")
        assert [one.partition(":")[0] for one in told(desk.advance(2 * DAY))] == [HEAD_ADDRESS]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#позже", "не понятно, что стоит после команды; пишут так: #позже 27.11 09:00"),
        ("#позже когда-нибудь", "не понятно, что стоит после команды"),
        ("#позже 23.11 08:00", "срок до 08:00 23 ноября (МСК) уже прошёл"),
        ("#обещаю перезвонить", "не понятно, что стоит после команды; пишут так: #обещаю 27.11 18:00 ЧТО"),
    ],
)
def test_what_is_no_later(line: str, said: str) -> None:
    with open_served() as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), line)
        assert lines(sent)[0].startswith("Не сделано")
        assert said.partition(" до ")[0] in lines(sent)[0]
        assert not put_off(desk)


# ── promised ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_promised() -> None:
    """An hour before, whoever promised hears what; the customer hears what the letter says besides, and no command."""
    with open_served() as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), "Перезвоню завтра.\n#обещаю 24.11 12:00 перезвонить Ольге")
        assert summary(sent) == [f"answer {OLGA_ADDRESS}", RECEIPT]
        assert "обещаю" not in to(sent, OLGA_ADDRESS).message.text
        assert "(обещано: нет → перезвонить Ольге, 12:00 вторника, 24 ноября (МСК))" in lines(sent)[0]
        assert ticket(desk).status is Status.WAITING
        assert told(desk.advance(26 * HOUR - timedelta(minutes=2))) == []
        assert told(desk.advance(timedelta(minutes=5))) == [
            f"{IVAN_ADDRESS}: Вы обещали по обращению ACME-1 до 12:00 вторника, 24 ноября (МСК): перезвонить Ольге"
        ]


def test_what_is_promised_soon_is_told_halfway() -> None:
    with open_served() as desk:
        order(desk, to(write(desk), IVAN_ADDRESS), "#обещаю 1ч")
        assert told(desk.advance(timedelta(minutes=28))) == []
        assert told(desk.advance(timedelta(minutes=4))) == [
            f"{IVAN_ADDRESS}: Вы обещали по обращению ACME-1 до 10:00 понедельника, 23 ноября (МСК)."
        ]


@pytest.mark.parametrize("before", [True, False], ids=["an earlier letter", "the same letter"])
def test_a_promise_outlives_a_merge(before: bool) -> None:
    """It was made to the same customer: whoever promised is reminded, of the request that the other went into."""
    with open_served() as desk:
        write(desk)
        notification = to(write(desk, OLGA, "Мигает зелёная лампочка.", subject="Ещё вопрос"), IVAN_ADDRESS)
        promise, merge = "#обещаю 24.11 12:00 перезвонить Ольге", "#объединить 1"
        for words in (promise, merge) if before else (f"{promise}\n{merge}",):
            order(desk, notification, words)
        assert ticket(desk, 2).merged_into == 1
        assert told(desk.advance(2 * DAY)) == [
            f"{IVAN_ADDRESS}: Вы обещали по обращению ACME-1 до 12:00 вторника, 24 ноября (МСК): перезвонить Ольге"
        ]


def test_of_two_promises_the_earlier_holds() -> None:
    """A request has one; what the other was about is said with it, and nobody is reminded twice."""
    with open_served() as desk:
        order(desk, to(write(desk), IVAN_ADDRESS), "#обещаю 25.11 12:00 выслать акт")
        second = to(write(desk, OLGA, "Мигает зелёная лампочка.", subject="Ещё вопрос"), IVAN_ADDRESS)
        order(desk, second, "#обещаю 24.11 12:00 перезвонить")
        order(desk, second, "#объединить 1")
        assert told(desk.advance(5 * DAY)) == [
            f"{IVAN_ADDRESS}: Вы обещали по обращению ACME-1 до 12:00 вторника, 24 ноября (МСК): перезвонить; выслать акт"
        ]


def test_a_promise_outlives_the_customers_letter() -> None:
    with open_served() as desk:
        sent = write(desk)
        order(desk, to(sent, IVAN_ADDRESS), "#обещаю 24.11 12:00 перезвонить")
        desk.deliver(reply(to(sent, OLGA_ADDRESS), "Ну как?", author=OLGA), SUPPORT)
        assert len(told(desk.advance(2 * DAY))) == 1
