"""When customers are reminded and given up, played through letters that come late, at once, or while something changes."""

from datetime import timedelta

import pytest

from maild.errors import DeliveryError, Transient
from maild.model import OutboxState, Outgoing, Purpose, Status
from maild.rehearsal import Rehearsal
from maild.store.views import outbox_rows
from tests.walk.served import IVAN, IVAN_ADDRESS, OLGA, order, write
from tests.walk.stage import START, SUPPORT, events, letter, reply, ticket, to
from tests.walk.steered import open_steered, purposes, say
from tests.walk.test_steering_attacks import deliver_raw

OLGA_ADDRESS = "olga@romashka.example"


@pytest.mark.parametrize("words", ["Выходит ошибка", "Нужно обучение", "???"])
def test_the_wait_begins_when_they_are_asked(words: str) -> None:
    """Not when their letter reached the server: maild may have been away, and they have only now heard the question."""
    with open_steered() as desk:
        raw = letter("Помогите. " + words, author=OLGA, subject=words)
        deliver_raw(desk, raw, at=START - timedelta(days=20))
        assert ticket(desk).status is Status.WAITING
        assert Purpose.CHASER not in purposes(desk.advance(timedelta(days=2, hours=23)))
        assert Purpose.CHASER in purposes(desk.advance(timedelta(hours=2)))
        assert Purpose.CLOSING not in purposes(desk.advance(timedelta(days=6, hours=22)))
        assert Purpose.CLOSING in purposes(desk.advance(timedelta(hours=2)))


@pytest.mark.parametrize("line", ["#предложить обучение", "#отложить мало сведений"])
def test_the_wait_begins_when_an_agents_word_goes_out(line: str) -> None:
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Ничего особенного"), IVAN_ADDRESS)
        desk.advance(timedelta(days=21))
        deliver_raw(desk, reply(notification, line, author=IVAN), at=START + timedelta(days=1))
        assert Purpose.CHASER not in purposes(desk.advance(timedelta(days=2, hours=23)))
        assert Purpose.CHASER in purposes(desk.advance(timedelta(hours=2)))


@pytest.mark.parametrize("days", [3, 10], ids=["reminder", "end"])
def test_a_letter_at_the_very_instant(days: int) -> None:
    """Whichever is first: what they wrote is in the ticket, which is open."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Выходит ошибка")
        desk.advance(timedelta(days=days) - timedelta(minutes=1))
        desk.deliver(reply(to(sent, OLGA_ADDRESS), "Версия 8.3.22", author=OLGA), SUPPORT, START + timedelta(days=days))
        assert ticket(desk).status is Status.OPEN
        later = purposes(desk.advance(timedelta(days=20)))
        assert Purpose.CHASER not in later
        assert Purpose.CLOSING not in later


def test_a_question_to_a_customer_who_answers_in_parts_is_not_chased_twice() -> None:
    """Their first answer ends it for good: what is still lacking, an agent sees."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Выходит ошибка")
        say(desk, sent, "Версия 8.3.22.1923", OLGA)
        answered = order(desk, to(sent, IVAN_ADDRESS), "Пришлите снимок.")
        assert to(answered, OLGA_ADDRESS).purpose is Purpose.ANSWER
        assert not {Purpose.CHASER, Purpose.CLOSING} & set(purposes(desk.advance(timedelta(days=20))))


def test_an_offer_that_nobody_answers_lapses_and_may_still_be_taken() -> None:
    """Who is silent has declined nothing. Their late yes opens the request; a person sees to it, and what became of it."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Нужно обучение")
        desk.advance(timedelta(days=11))
        assert (ticket(desk).status, ticket(desk).offer_state) == (Status.CLOSED, "lapsed")
        told = say(desk, sent, "Согласны, начинайте", OLGA)
        assert "Платная работа: Обучение (клиент не ответил)" in to(told, IVAN_ADDRESS).message.text
        assert ticket(desk).status is Status.OPEN


# ── what they write before we have said it ───────────────────────────────────────────────────────────────────────────


def states(desk: Rehearsal) -> dict[Purpose, OutboxState]:
    with desk._office.database.read() as connection:
        return {row.letter.purpose: row.state for row in outbox_rows(connection)}


def no_way_out(letter: Outgoing) -> DeliveryError | None:
    return Transient("451 later", code=451) if letter.purpose in (Purpose.CHASER, Purpose.CLOSING) else None


@pytest.mark.parametrize(("days", "purpose"), [(3, Purpose.CHASER), (10, Purpose.CLOSING)], ids=["reminder", "end"])
@pytest.mark.parametrize("who", ["customer", "agent"])
def test_what_is_no_longer_true_does_not_leave(days: int, purpose: Purpose, who: str) -> None:
    """The mail server was away; when it is back, whoever has written meanwhile is not told that nobody has."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Выходит ошибка")
        desk.advance(timedelta(days=days) - timedelta(minutes=1))
        desk._stage.refuse = no_way_out
        desk.advance(timedelta(minutes=2))
        assert states(desk)[purpose] is OutboxState.QUEUED
        if who == "customer":
            say(desk, sent, "Версия 8.3.22", OLGA)
        else:
            order(desk, to(sent, IVAN_ADDRESS), "Вот что надо сделать.")
        desk._stage.refuse = lambda _letter: None
        assert purpose not in purposes(desk.advance(timedelta(hours=2)))
        assert states(desk)[purpose] is OutboxState.WITHDRAWN
        assert [one.text.partition(" ")[0] for one in events(desk) if one.kind == "withdrawn"] == [str(purpose)]


def test_a_no_that_becomes_a_yes() -> None:
    """The letter that closes a request after a no is theirs; it does not leave either once they have changed their mind."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Нужно обучение")
        desk._stage.refuse = no_way_out
        say(desk, sent, "Нет, не нужно", OLGA)
        assert (ticket(desk).status, states(desk)[Purpose.CLOSING]) == (Status.CLOSED, OutboxState.QUEUED)
        say(desk, sent, "Всё-таки да, согласны. И ещё вопрос: сколько это займёт?", OLGA)
        assert (ticket(desk).status, states(desk)[Purpose.CLOSING]) == (Status.OPEN, OutboxState.WITHDRAWN)


def test_what_says_something_else_leaves_all_the_same() -> None:
    """A letter takes back what waits about waiting, of its own ticket, and nothing besides."""
    with open_steered() as desk:
        write(desk, OLGA, "Нужно обучение")
        desk.advance(timedelta(days=3) - timedelta(minutes=1))
        desk._stage.refuse = lambda one: Transient("451 later", code=451) if one.recipient == OLGA_ADDRESS else None
        sent = write(desk, OLGA, "Не открывается отчёт", subject="Другое")
        desk.advance(timedelta(minutes=2))
        order(desk, to(sent, IVAN_ADDRESS), "Какой?")
        desk._stage.refuse = lambda _letter: None
        left = {one.purpose for one in desk.advance(timedelta(hours=2)) if one.recipient == OLGA_ADDRESS}
        assert left == {Purpose.CHASER, Purpose.ACKNOWLEDGEMENT, Purpose.ANSWER}
