"""What came at night is dealt out in the morning: in the order of the queue, by the way of the desk, once, with little noise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.dealing import deal_waiting
from maild.desk.presence import next_arrival
from maild.model import Purpose
from maild.rehearsal import Rehearsal, SentLetter
from maild.tokens import hide_tokens
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, order, write
from tests.walk.stage import DAY, START, SUPPORT, events, summary, to
from tests.walk.test_assigning import open_dealt

NIGHT, MORNING = START + timedelta(hours=12), START + DAY  # 21:00 and 9:00 in Moscow
VIP = "Код 7KQ4-MX2P-9TRC. "
ZOYA_ADDRESS = "zoya@staff.example"

ONE = """\
##- Ответ выше этой строки прочитает клиент: Ольга <olga@romashka.example> -##

По очереди вам досталось обращение ACME-1: Не печатает принтер
Клиент: ООО «Ромашка», уровень Базовый
Статус: новое
Ответить до 17:00 вторника, 24 ноября (МСК) (через 8 часов)
Решить до 15:00 четверга, 26 ноября (МСК) (через 2 дня 6 часов)
Дальше: первый ответ клиенту до 17:00 вторника, 24 ноября (МСК)

Последнее письмо клиента:
Горит красная лампочка.

--\x20
Заметка для коллег, которую клиент не увидит: support+…@acme.example
Ваш ответ на это письмо уйдёт клиенту без цитаты. Обращение ACME-1, ваш код …"""
SEVERAL = """\
Вам досталось обращений: 2

ACME-1: Первое
Ответить до 17:00 вторника, 24 ноября (МСК), через 8 часов
ООО «Ромашка», уровень Базовый; новое, ведёт Иван Иванов
support+…@acme.example

ACME-4: Четвёртое
Ответить до 17:00 вторника, 24 ноября (МСК), через 8 часов
ООО «Ромашка», уровень Базовый; новое, ведёт Иван Иванов
support+…@acme.example

ООО «Акме»

--\x20
Чтобы спросить ещё, ответьте на это письмо одним словом: очередь, мои, просрочено, сегодня, помощь.
Адрес под обращением ведёт прямо в него: письмо туда прочитает клиент, строки с # будут командами."""


def ask(desk: Rehearsal, *subjects: str) -> None:
    """Let Olga ask at night, each of something else."""
    desk.advance(NIGHT)
    for n, subject in enumerate(subjects):
        write(desk, OLGA, f"Вопрос {n}: {subject * 3}.", subject=subject)


def whose(desk: Rehearsal) -> list[str]:
    return [one.agent for one in sorted(desk.tickets(), key=lambda one: one.id)]


def told(sent: list[SentLetter]) -> list[str]:
    """Return who got what, but for reminders of terms."""
    return summary(one for one in sent if one.purpose is not Purpose.REMINDER)


def test_one_is_told_in_its_thread() -> None:
    """In the first minute of work one agent has it, and reads all that there is to know; the colleagues hear nothing."""
    with open_dealt() as desk:
        desk.advance(NIGHT)
        write(desk)
        assert (whose(desk), told(desk.advance(MORNING - timedelta(minutes=1)))) == ([""], [])
        sent = desk.advance(MORNING + timedelta(minutes=1))
        assert told(sent) == [f"notification {IVAN_ADDRESS}"]
        assert hide_tokens(to(sent, IVAN_ADDRESS).message.text) == ONE
        assert [one.text for one in events(desk, 1) if one.kind == "agent"] == ["nobody → ivan, by round-robin"]
        sent = order(desk, to(sent, IVAN_ADDRESS), "Проверьте бумагу.")
        assert "answer olga@romashka.example" in summary(sent)


def test_several_are_told_in_one_list() -> None:
    """Four requests, three agents: who gets two reads one letter, from which each can be answered."""
    with open_dealt() as desk:
        ask(desk, "Первое", "Второе", "Третье", "Четвёртое")
        sent = desk.advance(MORNING + timedelta(minutes=1))
        assert whose(desk) == ["ivan", "petra", "zoya", "ivan"]
        assert told(sent) == [
            f"notification {HEAD_ADDRESS}",
            f"notification {ZOYA_ADDRESS}",
            f"overview {IVAN_ADDRESS}",
        ]
        listed = to([one for one in sent if one.purpose is Purpose.OVERVIEW], IVAN_ADDRESS)
        assert (listed.message.subject, hide_tokens(listed.message.text)) == ("Вам досталось обращений: 2", SEVERAL)


def test_the_queue_says_what_comes_first() -> None:
    """A coupon that came last is dealt first; whose turn it is goes on from there."""
    with open_dealt() as desk:
        desk.advance(NIGHT)
        write(desk, OLGA, "Первый вопрос.", subject="Первое")
        write(desk, OLGA, VIP + "Второй вопрос.", subject="Второе")
        desk.advance(MORNING + timedelta(minutes=1))
        assert whose(desk) == ["petra", "ivan"]
        write(desk, OLGA, "Что-то третье.", subject="Третье")
        assert whose(desk) == ["petra", "ivan", "zoya"]


def test_whoever_has_the_fewest() -> None:
    with open_dealt("least-open") as desk:
        write(desk)  # Ivan's
        ask(desk, "Первое", "Второе", "Третье")
        desk.advance(MORNING + timedelta(minutes=1))
        assert whose(desk) == ["ivan", "petra", "zoya", "ivan"]


@pytest.mark.parametrize(
    ("lines", "at_nine", "at_noon"),
    [
        pytest.param({"ivan": 'absent = "2026-11-24"'}, "petra", "petra", id="an absent agent gets none"),
        pytest.param({"ivan": "notify = false", "petra": 'calendar = "late"', "zoya": 'calendar = "late"'}, "", "petra", id="nobody at nine"),
        pytest.param({"ivan": 'skills = "outage"', "petra": 'skills = "outage"', "zoya": 'calendar = "late"'}, "", "zoya", id="who can do it comes later"),
        pytest.param({"ivan": 'skills = "outage"', "petra": 'skills = "gold"', "zoya": 'skills = "gold"'}, "", "", id="nobody can do it"),
    ],
)  # fmt: skip
def test_it_waits_for_who_can_do_it(lines: dict[str, str], at_nine: str, at_noon: str) -> None:
    late = '[organization.acme.calendar.late.week]\nmon-fri = "12:00-21:00"\n'
    with open_dealt(**lines, more=late) as desk:
        ask(desk, "Первое")
        desk.advance(MORNING + timedelta(minutes=1))
        assert whose(desk) == [at_nine]
        desk.advance(MORNING + timedelta(hours=3, minutes=1))
        assert whose(desk) == [at_noon]


def test_nothing_is_dealt_twice() -> None:
    """Not at the next look, nor is what has become somebody's meanwhile."""
    with open_dealt() as desk:
        desk.advance(NIGHT)
        sent = write(desk)
        order(desk, to(sent, IVAN_ADDRESS), "#назначить zoya")
        assert told(desk.advance(MORNING + timedelta(hours=1))) == []
        assert whose(desk) == ["zoya"]


def test_what_is_put_off_is_dealt_when_it_is_back() -> None:
    with open_dealt() as desk:
        desk.advance(NIGHT)
        sent = write(desk)
        order(desk, to(sent, IVAN_ADDRESS), "#позже 25.11 12:00")
        desk.advance(START + 2 * DAY + timedelta(hours=2))
        assert whose(desk) == [""]
        desk.advance(START + 2 * DAY + timedelta(hours=3, minutes=2))
        assert whose(desk) == ["ivan"]


def test_a_desk_that_deals_nothing_out_leaves_them_all() -> None:
    with open_dealt("manual") as desk:
        ask(desk, "Первое")
        desk.advance(START + 2 * DAY)
        assert whose(desk) == [""]
        assert deal_waiting(desk._office.database, desk._policy, desk.now) == 0


def test_an_agent_who_has_had_enough_mail_has_it_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_dealt() as desk:
        ask(desk, "Первое")
        for name, box in list(desk._policy.mailboxes.items()):
            caps = replace(box.desk.caps, per_agent=0)
            monkeypatch.setitem(desk._policy.mailboxes, name, replace(box, desk=replace(box.desk, caps=caps)))
        assert told(desk.advance(MORNING + timedelta(hours=1))) == []
        assert whose(desk) == ["ivan"]


def test_when_somebody_comes_to_work() -> None:
    """At the next opening of their calendar; who is absent then comes the day after."""
    with open_dealt(ivan='absent = "2026-11-24"') as desk:
        policy = desk._policy.mailboxes[SUPPORT].desk
        comes = {agent.id: next_arrival(agent, policy, NIGHT) for agent in policy.agents}
        assert (comes["ivan"], comes["petra"]) == (MORNING + DAY, MORNING)
        assert next_arrival(policy.agents[1], policy, MORNING) == MORNING + DAY
