"""Commands that end a request and open it again, notes, and commands that contradict each other; through real letters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.desk.commands import MAX_COMMANDS
from maild.model import OutcomeKind, Purpose, Status
from maild.rehearsal import SentLetter
from maild.sla.target import Moment
from tests.walk.served import IVAN_ADDRESS, OLGA, due, open_served, order, running, write
from tests.walk.stage import SUPPORT, ended, events, reply, summary, ticket, to
from tests.walk.test_orders import HOUR, RECEIPT, lines, opened

NOTHING = "Клиенту ничего не отправлено."


def test_started() -> None:
    """Somebody works on it: it is theirs where it was nobody's, and the customer hears nothing."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#начать")
        assert summary(sent) == [RECEIPT]
        assert lines(sent)[0].startswith(
            "Сделано: #начать (ведёт: никто → Иван Иванов; статус: новое → в работе; ответить до 17:00"
        )
        assert (ticket(desk).agent, ticket(desk).status) == ("ivan", Status.OPEN)


def test_started_after_a_wait() -> None:
    """What rested goes on."""
    with open_served() as desk:
        notification = opened(desk)
        order(desk, notification, "#ждём релиза")
        desk.advance(2 * HOUR)
        order(desk, notification, "#начать")
        assert ticket(desk).status is Status.OPEN
        assert due(desk, Moment.RESOLVED) is not None


def test_closed_and_opened_again() -> None:
    """Closing ends every term and waits for nobody; opened again, the solution has the time that it had left."""
    with open_served() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "#закрыть")
        assert summary(sent) == [RECEIPT]
        assert lines(sent) == ["Сделано: #закрыть (статус: новое → закрыто)", NOTHING]
        assert (ticket(desk).status, running(desk)) == (Status.CLOSED, {})
        desk.advance(2 * HOUR)
        sent = order(desk, notification, "#открыть")
        assert lines(sent)[0].startswith("Сделано: #открыть (статус: закрыто → в работе; решить до ")
        assert set(running(desk)) == {Moment.RESOLVED}
        sent = order(desk, notification, "#открыть")
        assert lines(sent)[0] == "Не сделано: #открыть (обращение и так в работе: оно не решено и не закрыто)"


def test_closed_with_words() -> None:
    """The words go to the customer, and the ticket does not wait for them."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#закрыть\nГотово.")
        assert summary(sent) == ["answer olga@romashka.example", RECEIPT]
        assert ticket(desk).status is Status.CLOSED


def test_spam() -> None:
    """Nothing is promised on it, it counts for nobody; a slip can be mended."""
    with open_served() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "#спам\nНе пишите нам.")
        assert lines(sent)[0] == "Не сделано: #спам (спаму не отвечают; отправьте команду без других слов)"
        assert summary(sent) == [RECEIPT]
        order(desk, notification, "#спам")
        assert (ticket(desk).status, ticket(desk).tags, ticket(desk).counted, running(desk)) == (
            Status.CLOSED, ("spam",), False, {},
        )  # fmt: skip
        order(desk, notification, "#открыть")
        assert (ticket(desk).status, ticket(desk).tags, ticket(desk).counted) == (Status.OPEN, (), True)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("#закрыть", "#ждём клиента"),
        ("#ждём клиента", "#закрыть"),
        ("#решено", "#спам"),
        ("#ждём релиза", "#ждём клиента"),
    ],
)
def test_commands_that_contradict_each_other(first: str, second: str) -> None:
    """Neither is carried out, in whichever order they stand; the words wait as well, and both are named."""
    with open_served() as desk:
        sent = order(desk, opened(desk), f"{first}\n{second}\nГотово.")
        assert summary(sent) == [RECEIPT]
        assert lines(sent) == [
            f"Не сделано: {first} (этому противоречит {second}; оставьте одно из двух)",
            f"Не сделано: {second} (этому противоречит {first}; оставьте одно из двух)",
            NOTHING,
        ]
        assert ticket(desk).status is Status.NEW


def test_the_same_said_twice_is_no_contradiction() -> None:
    """Whoever says it twice means it once."""
    with open_served() as desk:
        order(desk, opened(desk), "#решено\n#решено")
        assert ticket(desk).status is Status.RESOLVED


def test_as_many_commands_as_may_be_and_one_more() -> None:
    """Twenty are carried out; of twenty-one none, and the customer hears nothing."""
    with open_served() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "#время 5 мин\n" * (MAX_COMMANDS + 1) + "Готово.")
        assert summary(sent) == [RECEIPT]
        assert lines(sent)[-2:] == [
            "Не сделано: #время 5 мин (команд в письме больше 20; отправьте их несколькими письмами)",
            NOTHING,
        ]
        sent = order(desk, notification, "#время 5 мин\n" * MAX_COMMANDS)
        assert [line.partition(" ")[0] for line in lines(sent)[:-1]] == ["Сделано:"] * MAX_COMMANDS
        assert ended(desk) is OutcomeKind.COMMAND


# ── an answer beside a command that fails ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("bad", ["#время абв", "#категория чушь", "#важность", "#время 1ч и ещё"])
def test_an_answer_does_not_wait_for_a_command_beside_it(bad: str) -> None:
    """Time, kind and severity make no answer wrong: it goes out with the other commands, and the receipt says which failed."""
    with open_served() as desk:
        sent = order(desk, opened(desk), f"{bad}\n#решено\nГотово.")
        assert summary(sent) == ["answer olga@romashka.example", RECEIPT]
        assert to(sent, "olga@romashka.example").message.text.splitlines()[0] == "Готово."
        failed, done, answered = lines(sent)
        assert failed.startswith(f"Не сделано: {bad} (")
        assert "команды письма или ни одна" not in failed
        assert ("такого названия нет; есть Авария" in failed) is ("категория" in bad)
        assert done.startswith("Сделано: #решено")
        assert answered == "Остальной текст вашего письма отправлен клиенту."
        assert (ticket(desk).status, ended(desk)) == (Status.RESOLVED, OutcomeKind.APPENDED)


@pytest.mark.parametrize(
    "text",
    [
        "#время абв\n#взять",  # nothing to answer with: the letter can be written once more
        "#ждём погоды\nГотово.",
        "#срок когда-нибудь\nГотово.",
        "#абракадабра\nГотово.",
        "#врмя 1ч\nГотово.",  # it may have been meant for something else
        "#клиент никто\nГотово.",
        "#отказать чушь\nГотово.",
        "Готово.\n\n#заметка",
        "#время абв\n#ждём погоды\nГотово.",
        "#время абв\n#продлить 48ч\nНужно больше времени.",  # the words are a reason, and no answer
    ],
)
def test_an_answer_waits_for_a_command_that_bears_on_it(text: str) -> None:
    """Nothing is done and nothing is sent: the customer would be told something else than holds."""
    with open_served() as desk:
        sent = order(desk, opened(desk), text)
        assert summary(sent) == [RECEIPT]
        assert [one.partition(":")[0] for one in lines(sent)[:-1]] == ["Не сделано"] * (len(lines(sent)) - 1)
        assert lines(sent)[-1] == NOTHING
        assert (ticket(desk).status, ticket(desk).agent) == (Status.NEW, "")


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_noted() -> None:
    """A note stands in the history under its author's name; what stands above it is the answer."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "Завтра починим.\n\n#заметка Клиент сердит,\n\nзвонить завтра.")
        answer = to(sent, "olga@romashka.example").message
        assert answer.text.splitlines()[0] == "Завтра починим."
        assert "сердит" not in answer.text + (answer.html or "")
        assert (
            lines(sent)[0]
            == "Сделано: #заметка Клиент сердит, (записано, видят только сотрудники: Клиент сердит, звонить завтра.)"
        )
        (note,) = [one for one in events(desk) if one.kind == "note"]
        assert (note.who, note.text) == (IVAN_ADDRESS, "Клиент сердит,\n\nзвонить завтра.")


def test_a_note_ends_where_a_command_begins() -> None:
    """A command below a note is carried out."""
    with open_served() as desk:
        order(desk, opened(desk), "#заметка Клиент сердит\n#взять")
        assert [one.text for one in events(desk) if one.kind == "note"] == ["Клиент сердит"]
        assert ticket(desk).agent == "ivan"


@pytest.mark.parametrize("blank", ["\n\n", "\n\n \n\N{NO-BREAK SPACE}\n\n"])
def test_empty_lines_do_not_end_a_note(blank: str) -> None:
    """Outlook puts one below every line: nothing of what is below the command reaches the customer, and the receipt says so."""
    with open_served() as desk:
        html = "".join(f"<p>{line}</p>" for line in ("#заметка Жулик", "Скидку не давать", "&nbsp;", "Готово."))
        text = f"#заметка Жулик{blank}Скидку не давать{blank}Готово."
        sent = desk.deliver(reply(opened(desk), text, author=IVAN_ADDRESS, html=html), SUPPORT)
        assert summary(sent) == [RECEIPT]
        assert (
            lines(sent)[0]
            == "Сделано: #заметка Жулик (записано, видят только сотрудники: Жулик Скидку не давать Готово.)"
        )
        (note,) = [one.text for one in events(desk) if one.kind == "note"]
        assert note.split() == ["Жулик", "Скидку", "не", "давать", "Готово."]


def test_a_long_note_is_kept_whole() -> None:
    """Nothing of it is cut off, and nothing of it is taken for an answer."""
    with open_served() as desk:
        long = " ".join(["сердит"] * 500)
        sent = order(desk, opened(desk), f"#заметка {long}")
        assert summary(sent) == [RECEIPT]
        assert [one.text for one in events(desk) if one.kind == "note"] == [long]


def test_a_note_without_words_sends_nothing() -> None:
    """What stands above it may have been meant for the note: it is sent to nobody."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "Клиент сердит\n\n#заметка")
        assert summary(sent) == [RECEIPT]
        assert lines(sent)[0].startswith(
            "Не сделано: #заметка (не понятно, что стоит после команды; пишут так: #заметка ТЕКСТ"
        )


SECRET = "тайнопись"
PARTS = [
    f"#заметка {SECRET}", f"#заметка\n{SECRET}", f"#Примечание: {SECRET}\n{SECRET} ещё", f"- #note {SECRET}", "#взять", "#решено",
    "#закрыть", "#ждём клиента", "#продлить 48ч", "#отказать", "#открыть", "#абракадабра", "#время 1ч", "Готово.", "Добрый день!",
    "", "", "-- \nИван",
]  # fmt: skip


def to_customers(sent: list[SentLetter]) -> list[SentLetter]:
    ours = (Purpose.NOTIFICATION, Purpose.RECEIPT, Purpose.REMINDER, Purpose.ADMIN)
    return [one for one in sent if one.purpose not in ours]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("\n".join), min_size=1, max_size=3))
def test_no_letter_to_a_customer_holds_a_noted_word(letters: list[str]) -> None:
    """Whatever stands around a note, in however many letters, and when the customer writes again."""
    with open_served() as desk:
        notification = opened(desk)
        sent = [one for text in letters for one in order(desk, notification, text)]
        sent += write(desk, OLGA, text="Ну что?")
        sent += desk.advance(24 * HOUR)
        assert [one for one in to_customers(sent) if SECRET.encode() in one.octets or SECRET in one.message.text] == []
        assert [one for one in to_customers(sent) if SECRET in (one.message.html or "")] == []
