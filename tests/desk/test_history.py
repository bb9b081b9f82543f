"""What an agent is told of what was said before, and of a colleague who has answered meanwhile."""

from datetime import timedelta

import pytest

from maild.desk.history import AT_ONCE, SHORT
from maild.rehearsal import Rehearsal
from tests.walk.stage import ANNA, IVAN, PETRA, SUPPORT, events, letter, reply, summary, to

CROSSED = ["answer anna@client.example", "notification ivan@staff.example", "notification petra@staff.example"]


def test_what_was_said_before_in_short(desk: Rehearsal) -> None:
    """The latest entries, the oldest of them first, each on a line; notes are marked; the customer sees nothing of it."""
    notification = to(desk.deliver(letter("Горит красная лампочка."), SUPPORT), IVAN)
    assert "Раньше в этом обращении" not in notification.message.text
    (answer,) = desk.deliver(reply(notification, "Перезагрузите.\nИ напишите. " + "Ещё. " * 100, author=IVAN), SUPPORT)
    assert "Раньше" not in answer.message.text
    desk.deliver(reply(notification, "#заметка Должен за март.", author=IVAN), SUPPORT)
    (told,) = desk.deliver(reply(answer, "Не помогло.", author=ANNA), SUPPORT)
    block = told.message.text.partition("\n\nРаньше в этом обращении:\n")[2].partition("\n\n")[0]
    customer, answered, noted = block.splitlines()
    assert customer.endswith(", Анна Петрова: Горит красная лампочка.")
    assert ", Иван Иванов: Перезагрузите. И напишите. Ещё. Ещё." in answered
    assert len(answered) < SHORT + 60
    assert noted.endswith(", Иван Иванов (заметка): Должен за март.")
    (later,) = desk.deliver(reply(told, "Тогда приеду.", author=IVAN), SUPPORT)
    assert "март" not in later.octets.decode("ascii") + later.message.text + (later.message.html or "")


def test_two_who_answer_at_once_are_told(desk: Rehearsal) -> None:
    """Both answers go out, and both agents read who answered and when; the history says so."""
    sent = desk.deliver(letter(), SUPPORT)
    desk.deliver(reply(to(sent, PETRA), "Выключите.", author=PETRA), SUPPORT)
    second = desk.deliver(reply(to(sent, IVAN), "Включите.", author=IVAN), SUPPORT)
    assert summary(second) == CROSSED
    for agent in (IVAN, PETRA):
        text = to(second, agent).message.text
        assert "На одно и то же письмо клиента ответили двое: Петра, " in text
        assert "; Иван Иванов, " in text
    assert "crossed" in [line.kind for line in events(desk)]
    assert "двое" not in to(second, "anna@client.example").message.text


@pytest.mark.parametrize(("later", "told"), [(AT_ONCE, True), (AT_ONCE + timedelta(seconds=1), False)])
def test_at_once_is_within_half_an_hour(desk: Rehearsal, later: timedelta, told: bool) -> None:
    """Who takes over in the afternoon does so knowingly."""
    sent = desk.deliver(letter(), SUPPORT)
    desk.deliver(reply(to(sent, PETRA), "Выключите.", author=PETRA), SUPPORT)
    second = desk.deliver(reply(to(sent, IVAN), "Включите.", author=IVAN), SUPPORT, at=desk.now + later)
    assert (summary(second) == CROSSED) is told


@pytest.mark.parametrize("noted", ["Выключите.\n#заметка Сердит.", "Выключите.\n\n#заметка Сердит.\n\nОчень."])
def test_a_note_between_hides_no_answer(desk: Rehearsal, noted: str) -> None:
    """Colleagues read it, and it answers nobody."""
    sent = desk.deliver(letter(), SUPPORT)
    desk.deliver(reply(to(sent, PETRA), noted, author=PETRA), SUPPORT)
    assert summary(desk.deliver(reply(to(sent, IVAN), "Включите.", author=IVAN), SUPPORT)) == CROSSED


def test_a_note_alone_crosses_nothing(desk: Rehearsal) -> None:
    """Whoever answers after a colleague's note is the first to answer."""
    sent = desk.deliver(letter(), SUPPORT)
    desk.deliver(reply(to(sent, PETRA), "#заметка Сердит.", author=PETRA), SUPPORT)
    assert summary(desk.deliver(reply(to(sent, IVAN), "Включите.", author=IVAN), SUPPORT)) == CROSSED[:1]


@pytest.mark.parametrize("ordered", ["Выключите.\n#назначить ivan", "#назначить ivan"], ids=["with it", "after it"])
@pytest.mark.parametrize("answered", ["what handed it over", "the first notification"])
def test_whoever_was_handed_it_knows(desk: Rehearsal, ordered: str, answered: str) -> None:
    """Nobody crossed anything: the colleague's answer was there to be read, whichever letter of ours they answer."""
    sent = desk.deliver(letter(), SUPPORT)
    if "Выключите." not in ordered:
        desk.deliver(reply(to(sent, PETRA), "Выключите.", author=PETRA), SUPPORT)
    handed = desk.deliver(reply(to(sent, PETRA), ordered, author=PETRA), SUPPORT)
    mine = to(handed if answered == "what handed it over" else sent, IVAN)
    assert summary(desk.deliver(reply(mine, "Включите.", author=IVAN), SUPPORT)) == CROSSED[:1]
    assert "crossed" not in [line.kind for line in events(desk)]


def test_whoever_answers_what_was_written_after_it_knows(desk: Rehearsal) -> None:
    """A note's notification has the answer in its history."""
    sent = desk.deliver(letter(), SUPPORT)
    desk.deliver(reply(to(sent, PETRA), "Выключите.\n#взять", author=PETRA), SUPPORT)
    (told,) = desk.deliver(reply(to(sent, IVAN), "#взять", author=IVAN), SUPPORT)[:1]
    assert told.recipient == "ivan@staff.example"
    assert summary(desk.deliver(reply(told, "Включите.", author=IVAN), SUPPORT)) == CROSSED[:1]


def test_what_was_handed_over_before_the_answer_tells_nothing_of_it(desk: Rehearsal) -> None:
    sent = desk.deliver(letter(), SUPPORT)
    handed = desk.deliver(reply(to(sent, PETRA), "#назначить ivan", author=PETRA), SUPPORT)
    desk.deliver(reply(to(sent, PETRA), "Выключите.", author=PETRA), SUPPORT)
    assert summary(desk.deliver(reply(to(handed, IVAN), "Включите.", author=IVAN), SUPPORT)) == CROSSED


@pytest.mark.parametrize("between", ["the customer", "nobody else"])
def test_who_answers_in_turn_is_not(desk: Rehearsal, between: str) -> None:
    """After the customer's next letter, and where the same agent adds a word."""
    sent = desk.deliver(letter(), SUPPORT)
    (answer,) = desk.deliver(reply(to(sent, PETRA), "Выключите.", author=PETRA), SUPPORT)
    agent = PETRA
    if between == "the customer":
        desk.deliver(reply(answer, "Выключил.", author=ANNA), SUPPORT)
        agent = IVAN
    assert summary(desk.deliver(reply(to(sent, agent), "Включите.", author=agent), SUPPORT)) == CROSSED[:1]
