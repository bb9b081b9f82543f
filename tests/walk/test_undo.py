"""The last letter of commands is taken back: the ticket is what it was, and what cannot be is said."""

import pytest
from sqlalchemy import select, update

from maild.model import TO_OUR_OWN, OutboxState, Purpose, Status
from maild.rehearsal import Rehearsal
from maild.sla.clock import Clock
from maild.sla.target import Moment
from maild.store import work
from maild.store.schema import outbox
from tests.walk.served import IVAN_ADDRESS, due, open_served, order, running, write
from tests.walk.stage import START, SUPPORT, events, letter, reply, summary, ticket, to
from tests.walk.steered import open_steered
from tests.walk.test_orders import HOUR, PETRA, RECEIPT, lines, opened

UNDO = "Отменить: ответьте на это письмо одной строкой #отмена"


def clocks(desk: Rehearsal) -> list[Clock]:
    """Return the clocks that were not taken back."""
    return [one for one in desk.clocks(1) if not one.stopped_at]


@pytest.mark.parametrize(
    "text",
    [
        "#взять", "#начать", "#ждём релиза", "#решено", "#закрыть", "#спам", "#срок 27.11 18:00", "#считать с 19.11", "#категория авария", "#важность критическая", "#клиент iris",
        "#взять\n#категория авария\n#ждём клиента\n#время 1ч", "#время 1ч",
    ],
)  # fmt: skip
def test_what_commands_did_is_taken_back(text: str) -> None:
    """Ticket and clocks are what they were, to the last field; time that was noted is not any more."""
    with open_served() as desk:
        notification = opened(desk)
        before, promised = ticket(desk), clocks(desk)
        sent = order(desk, notification, text)
        assert UNDO in to(sent, IVAN_ADDRESS).message.text
        sent = desk.deliver(reply(to(sent, IVAN_ADDRESS), "#отмена", author="ivan@staff.example"), SUPPORT)
        assert summary(sent) == [RECEIPT]
        assert lines(sent)[0].startswith("Сделано: #отмена (")
        assert UNDO not in to(sent, IVAN_ADDRESS).message.text
        assert ticket(desk) == before
        assert clocks(desk) == promised
        with desk._office.database.read() as connection:
            assert list(work.works(connection, "acme", "romashka", None, START + 24 * HOUR)) == []


def test_the_receipt_says_what_is_again() -> None:
    """Before and after, as of any command."""
    with open_served() as desk:
        notification = opened(desk)
        order(desk, notification, "#закрыть\n#время 1ч\n#заметка Сердит")
        sent = order(desk, notification, "#отмена")
        assert lines(sent)[0] == (
            "Сделано: #отмена (статус: закрыто → новое; записано: 1 час → нет; заметка остаётся в истории; "
            "ответить до 17:00 понедельника, 23 ноября (МСК); решить до 15:00 среды, 25 ноября (МСК))"
        )
        assert [one.kind for one in events(desk)].count("note") == 1


def test_what_we_wrote_to_agents_is_no_mail_that_has_left() -> None:
    """Beside a command one may ask of the desk: that answer is nothing to be taken back."""
    with open_served() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "#взять\n#мои")
        assert f"overview {IVAN_ADDRESS}" in summary(sent)
        said = lines(order(desk, notification, "#отмена"))[0]
        assert said.startswith("Сделано: #отмена (")
        assert "письмо" not in said


@pytest.mark.parametrize("purpose", Purpose)
def test_a_letter_is_to_our_own_or_to_others(purpose: Purpose) -> None:
    """Each purpose says itself to whom it is; whoever adds one has to choose."""
    others = {
        Purpose.ACKNOWLEDGEMENT, Purpose.REFUSAL, Purpose.POSTPONEMENT, Purpose.OFFER, Purpose.CHASER, Purpose.RESOLUTION,
        Purpose.PLANNED, Purpose.UPDATED, Purpose.NEWS, Purpose.SUBSCRIPTION, Purpose.REPORT,
        Purpose.CLOSING, Purpose.PASSING, Purpose.ANSWER, Purpose.EXTENSION, Purpose.SATISFACTION, Purpose.FORWARDING,
    }  # fmt: skip
    assert (purpose in TO_OUR_OWN) is (purpose not in others)


def test_only_once_and_only_the_last() -> None:
    """What came before the last letter stays; a second word to undo finds nothing."""
    with open_served() as desk:
        notification = opened(desk)
        order(desk, notification, "#взять")
        order(desk, notification, "#решено")
        order(desk, notification, "#отмена")
        assert (ticket(desk).agent, ticket(desk).status) == ("ivan", Status.OPEN)
        sent = order(desk, notification, "#отмена")
        assert lines(sent)[0].startswith("Не сделано: #отмена (отменять нечего")
        assert ticket(desk).agent == "ivan"


def test_what_a_colleague_ordered_is_theirs_to_undo() -> None:
    """The receipt names them."""
    with open_served() as desk:
        sent = write(desk)
        order(desk, to(sent, IVAN_ADDRESS), "#решено")
        sent = desk.deliver(reply(to(sent, "petra@staff.example"), "#отмена", author=PETRA), SUPPORT)
        assert lines(sent)[0].endswith("не ваши: их дал сотрудник Иван Иванов)")
        assert ticket(desk).status is Status.RESOLVED


def test_nothing_is_undone_once_something_else_has_happened() -> None:
    """A customer has written since: their letter counts."""
    with open_served() as desk:
        sent = write(desk)
        notification = to(sent, IVAN_ADDRESS)
        order(desk, notification, "#решено")
        desk.deliver(reply(to(sent, "olga@romashka.example"), "Опять горит.", author="olga@romashka.example"), SUPPORT)
        status = ticket(desk).status
        sent = order(desk, notification, "#отмена")
        assert "уже было другое" in lines(sent)[0]
        assert ticket(desk).status is status


def test_what_happens_to_nothing_stands_in_no_way() -> None:
    """A copy of the commands' own letter, a letter in somebody's name that nobody believed, one that was no answer."""
    with open_served() as desk:
        notification = opened(desk)
        before, promised = ticket(desk), clocks(desk)
        raw = reply(notification, "#закрыть\n#время 1ч", author=IVAN_ADDRESS)
        for _ in range(2):
            desk.deliver(raw, SUPPORT)
        desk.deliver(letter("#решено", author=PETRA, subject="Re: [ACME-1] x"), SUPPORT)
        desk.deliver(reply(notification, "Гляньте", author=IVAN_ADDRESS, headers=[("Subject", "Fwd: ACME-1")]), SUPPORT)
        happened = {one.kind for one in events(desk, 1)}
        assert {"duplicate", "not proven", "not an answer"} <= happened
        assert lines(order(desk, notification, "#отмена"))[0].startswith("Сделано")
        assert (ticket(desk, 1), clocks(desk)) == (before, promised)


def test_an_order_that_failed_changes_nothing_about_it() -> None:
    """The letter before it is still the last that did something."""
    with open_served() as desk:
        notification = opened(desk)
        order(desk, notification, "#решено")
        sent = order(desk, notification, "#решон")
        assert UNDO not in to(sent, IVAN_ADDRESS).message.text
        order(desk, notification, "#отмена")
        assert ticket(desk).status is Status.NEW


@pytest.mark.parametrize("text", ["#помощь", "#взять"], ids=["help", "theirs already"])
def test_what_changes_nothing_is_nothing_to_undo(text: str) -> None:
    """It offers none, and the letter before it is still the one that is taken back."""
    with open_served() as desk:
        notification = opened(desk)
        order(desk, notification, "#взять")
        order(desk, notification, "#решено")
        sent = order(desk, notification, text)
        assert lines(sent)[0].startswith(f"Сделано: {text} (")
        assert UNDO not in to(sent, IVAN_ADDRESS).message.text
        order(desk, notification, "#отмена")
        assert (ticket(desk).agent, ticket(desk).status) == ("ivan", Status.OPEN)


def test_help_beside_a_command_leaves_it_to_undo() -> None:
    with open_served() as desk:
        notification = opened(desk)
        assert UNDO in to(order(desk, notification, "#помощь\n#решено"), IVAN_ADDRESS).message.text
        order(desk, notification, "#отмена")
        assert ticket(desk).status is Status.NEW


@pytest.mark.parametrize("text", ["#отмена\n#взять", "#отмена\nИзвините."])
def test_undo_stands_alone(text: str) -> None:
    """With anything beside it nobody could say what holds: nothing is done, and nothing is sent."""
    with open_served() as desk:
        notification = opened(desk)
        order(desk, notification, "#решено")
        sent = order(desk, notification, text)
        assert summary(sent) == [RECEIPT]
        assert lines(sent)[0] == "Не сделано: #отмена (отмену пишут одну, без других команд и слов)"
        assert ticket(desk).status is Status.RESOLVED


def test_an_answer_that_has_left_stays_an_answer() -> None:
    """The customer has it: the ticket waits for them, the answer's term is kept, and the receipt says so."""
    with open_served() as desk:
        notification = opened(desk)
        order(desk, notification, "#закрыть\nГотово.")
        sent = order(desk, notification, "#отмена")
        assert "статус: закрыто → ждёт; письмо уже ушло, и вернуть его нельзя" in lines(sent)[0]
        assert (ticket(desk).status, set(running(desk))) == (Status.WAITING, {Moment.RESOLVED})
        assert due(desk, Moment.RESOLVED) is None  # it rests


def test_an_answer_that_has_not_left_never_does() -> None:
    """The server was out of reach: the letter is withdrawn, and the ticket is as if nobody had answered."""
    with open_served() as desk:
        notification = opened(desk)
        before, promised = ticket(desk), clocks(desk)
        order(desk, notification, "#закрыть\nГотово.")
        answers = (outbox.c.purpose == Purpose.ANSWER,)
        with desk._office.database.write() as connection:
            values = {"state": OutboxState.QUEUED, "sent_at": None, "next_attempt_at": START + 24 * HOUR}
            connection.execute(update(outbox).where(*answers).values(values))
        sent = order(desk, notification, "#отмена")
        assert "письмо ещё не ушло и отправлено не будет" in lines(sent)[0]
        assert (ticket(desk), clocks(desk)) == (before, promised)
        assert [one for one in desk.advance(48 * HOUR) if one.purpose is Purpose.ANSWER] == []
        with desk._office.database.read() as connection:
            assert connection.execute(select(outbox.c.state).where(*answers)).scalars().all() == [OutboxState.WITHDRAWN]


def test_a_refusal_is_taken_back() -> None:
    """The customer has been told no, and the receipt says that this stands; the request is worked on."""
    with open_steered() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        before = ticket(desk)
        sent = order(desk, notification, "#отказать Не наша")
        assert summary(sent) == [RECEIPT, "refusal olga@romashka.example"]
        sent = order(desk, notification, "#отмена")
        assert "письмо уже ушло, и вернуть его нельзя" in lines(sent)[0]
        assert ticket(desk) == before
