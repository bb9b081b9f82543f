"""What a unit outside answers: it stays among agents until one of them lets the customer have it."""

from datetime import timedelta
from textwrap import fill

import pytest
from sqlalchemy import update

from maild.errors import Permanent
from maild.model import OutboxState, OutcomeKind, Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.target import Moment
from maild.store.schema import outbox
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, order, running, write
from tests.walk.stage import START, SUPPORT, letter, reply
from tests.walk.steered import open_steered, purposes
from tests.walk.test_machines import bounce
from tests.walk.test_orders import PETRA, lines
from tests.walk.test_passing_on import MAKER, OLGA_ADDRESS, TWINS, body, opened, to

PETERS = "office@peter.example"
ANSWER = "Здравствуйте!\n\nИсправлено в версии 9, скачайте её с сайта.\n\nС уважением,\nПётр Разработчиков\ndev@maker.example"


def passed(desk: Rehearsal) -> SentLetter:
    """Let Ivan pass Olga's request on; the letter that the maker has of it."""
    return to(order(desk, opened(desk), "Посмотрите тайком.\n#передать разработчику"), MAKER)


def answer(
    desk: Rehearsal, passing: SentLetter, text: str = ANSWER, *, author: str = MAKER, **more: object
) -> list[SentLetter]:
    """Let the maker answer."""
    return desk.deliver(reply(passing, text, author=author, **more), SUPPORT)  # type: ignore[arg-type]


def heard(sent: list[SentLetter]) -> list[SentLetter]:
    """What the customer gets."""
    return [one for one in sent if one.recipient == OLGA_ADDRESS]


def test_a_units_answer_is_for_agents_only_and_ends_the_wait() -> None:
    """The agent reads whose words they are and how they are released; the customer hears nothing, the term goes on."""
    with open_steered() as desk:
        sent = answer(desk, passed(desk))
        assert [(one.purpose, one.recipient) for one in sent] == [(Purpose.NOTIFICATION, IVAN_ADDRESS)]
        told = sent[0].message.text
        assert "Ответ подразделения (Разработчик) в обращении ACME-1: Не печатает принтер" in told
        assert "Клиент этих слов не видел. Чтобы он их получил, ответьте на это письмо строкой «#переслать»." in told
        assert "не проверено" not in told
        assert "Исправлено в версии 9, скачайте её с сайта." in told
        assert not running(desk)[Moment.RESOLVED].resting
        assert desk.tickets()[0].status is Status.OPEN


def test_released_once_as_an_answer_of_ours() -> None:
    """The words and files alone, under the agent's, in our letter; it is an answer like any other."""
    with open_steered() as desk:
        sent = answer(desk, passed(desk), attachments={"правка.zip": b"PK"})
        done = order(desk, sent[0], "Ольга, вот что ответили разработчики:\n#переслать")
        (theirs,) = heard(done)
        assert theirs.purpose is Purpose.ANSWER
        assert body(theirs) == (
            "Ольга, вот что ответили разработчики:\n\n"
            "Здравствуйте!\n\nИсправлено в версии 9, скачайте её с сайта.\n\n"
            "ООО «Акме»\nsupport@acme.example\n"
        )
        assert [one.name for one in theirs.message.attachments] == ["правка.zip"]
        assert "maker.example" not in theirs.octets.decode("latin-1")
        assert lines(done)[:2] == [
            "Сделано: #переслать (клиенту уходит ответ: Разработчик)",
            "Остальной текст вашего письма отправлен клиенту.",
        ]
        assert "Исправлено в версии 9" in to(done, IVAN_ADDRESS).message.text
        assert desk.tickets()[0].status is Status.WAITING
        assert Moment.ANSWERED not in running(desk)
        again = order(desk, sent[0], "#переслать")
        assert purposes(again) == [Purpose.RECEIPT]
        assert lines(again)[0] == (
            "Не сделано: #переслать (в обращении нет ответа подразделения, которого клиент ещё не видел)"
        )


@pytest.mark.parametrize("words", ["#переслать", "#переслать клиенту", "Переслать", "#release", "#надіслати"])
def test_released_without_a_word_of_the_agents(words: str) -> None:
    with open_steered() as desk:
        done = order(desk, answer(desk, passed(desk))[0], words)
        assert body(heard(done)[0]).startswith("Здравствуйте!\n\nИсправлено в версии 9")
        assert lines(done)[1] == "Клиенту отправлен ответ подразделения."


def test_no_address_of_the_units_goes_out() -> None:
    """A line that is nothing but one is left out; elsewhere ours stands in its place, for whoever of theirs it is."""
    with open_steered() as desk:
        text = "Починили. Пишите на help@maker.example или на info@other.example.\n\nЛиния консультаций\nE-mail: dev@maker.example"
        done = order(desk, answer(desk, passed(desk), text)[0], "#переслать")
        assert body(heard(done)[0]).partition("\n\nООО")[0] == (
            "Починили. Пишите на support@acme.example или на info@other.example.\n\nЛиния консультаций"
        )


def test_the_name_of_who_wrote_stays_with_us() -> None:
    """No closing stands above it; From tells whose it is."""
    with open_steered() as desk:
        text = "Исправлено в версии 9.\n\nПётр Сидоров\nинженер\n+7 495 123-45-67"
        sent = answer(desk, passed(desk), text, author=f"Пётр Сидоров <{MAKER}>")
        assert body(heard(order(desk, sent[0], "#переслать"))[0]) == (
            "Исправлено в версии 9.\n\nООО «Акме»\nsupport@acme.example\n"
        )


def test_nothing_to_release() -> None:
    """The words beside the command do not go out alone: they speak of what would stand below."""
    with open_steered() as desk:
        done = order(desk, opened(desk), "Вот что ответили:\n#переслать")
        assert purposes(done) == [Purpose.RECEIPT]
        assert lines(done)[0].startswith("Не сделано: #переслать (в обращении нет ответа подразделения")


def test_an_agent_releases_what_they_have_read() -> None:
    """A second answer that came meanwhile stays; who has seen neither is told to look."""
    with open_steered() as desk:
        notification = opened(desk)
        passing = to(order(desk, notification, "#передать разработчику"), MAKER)
        first = answer(desk, passing, "Первое слово.")
        answer(desk, passing, "Второе слово, не для клиента.")
        unseen = order(desk, notification, "#переслать")
        assert heard(unseen) == []
        assert "прочтите уведомление об этом и ответьте на него" in lines(unseen)[0]
        assert body(heard(order(desk, first[0], "#переслать"))[0]).startswith("Первое слово.\n\nООО")


def test_no_later_letter_quotes_what_was_not_released() -> None:
    """Neither an answer, nor a new letter of the customer's, nor its acknowledgement."""
    with open_steered() as desk:
        sent = answer(desk, passed(desk), "Это их собственная ошибка.")
        letters = heard(order(desk, sent[0], "Мы ещё разбираемся."))
        letters += heard(desk.deliver(reply(letters[0], "Жду.", author=OLGA), SUPPORT))
        assert letters
        assert not [one for one in letters if "ошибка" in one.message.text or "тайком" in one.message.text]


@pytest.mark.parametrize(
    ("headers", "text", "told"),
    [
        ([("Auto-Submitted", "auto-replied")], "Я в отпуске до 30 ноября.", 0),
        ([], "Я в отпуске до 30 ноября, отвечу, когда вернусь.", 1),
    ],
)
def test_an_absence_of_the_units_ends_no_wait_and_goes_nowhere(
    headers: list[tuple[str, str]], text: str, told: int
) -> None:
    """Marked it is nobody's to read; without a mark the agent reads it, and why it is not released. A real answer is."""
    with open_steered() as desk:
        notification = opened(desk)
        passing = to(order(desk, notification, "#передать разработчику"), MAKER)
        absent = answer(desk, passing, text, quote=False, headers=headers)
        assert [one.recipient for one in absent] == [IVAN_ADDRESS] * told
        for one in absent:
            assert "Похоже, это автоответ: он ничего не меняет, и клиент его не получит." in one.message.text
            assert "#переслать" not in one.message.text
        assert running(desk)[Moment.RESOLVED].resting
        assert desk.tickets()[0].status is Status.WAITING
        for notice in (notification, *absent):
            done = order(desk, notice, "#переслать")
            assert heard(done) == []
            assert lines(done)[0].startswith("Не сделано: #переслать (в обращении нет ответа подразделения")
        (real,) = answer(desk, passing)
        again = answer(desk, passing, text, quote=False, headers=headers)
        released = heard(order(desk, (*again, real)[0], "#переслать"))
        assert body(released[0]).startswith("Здравствуйте!\n\nИсправлено в версии 9")


@pytest.mark.parametrize("refuse", [True, False])
@pytest.mark.parametrize("owner", ["", PETRA])
def test_a_letter_that_never_reached_the_unit(owner: str, *, refuse: bool) -> None:
    """Whoever passed it on hears, and whose the request is; nobody is waited for, the term goes on, the customer reads nothing."""
    with open_steered() as desk:
        sent = desk.deliver(letter("Программа падает.", author=OLGA), SUPPORT)
        if owner:
            desk.deliver(reply(to(sent, HEAD_ADDRESS), "#взять", author=owner), SUPPORT)
        desk._stage.refuse = lambda out: (
            Permanent("550 no such user", code=550) if refuse and out.purpose is Purpose.PASSING else None
        )
        told = order(desk, to(sent, IVAN_ADDRESS), "#передать разработчику")
        if not refuse:
            told = desk.deliver(bounce(to(told, MAKER)), SUPPORT)
        notices = [one for one in told if one.purpose is Purpose.NOTIFICATION]
        assert sorted(one.recipient for one in notices) == [IVAN_ADDRESS, *([HEAD_ADDRESS] if owner else [])]
        for one in notices:
            assert "Обращение не передано (Разработчик), письмо не доставлено: " in one.message.text
            assert "Решите, пожалуйста, кто им займётся." in one.message.text
        assert desk.tickets()[0].status is Status.OPEN
        assert not running(desk)[Moment.RESOLVED].resting
        done = order(desk, notices[0] if notices[0].recipient == IVAN_ADDRESS else notices[1], "#переслать")
        assert heard(done) == []
        assert lines(done)[0].startswith("Не сделано: #переслать (в обращении нет ответа подразделения")


def test_a_colleague_of_the_units_is_the_unit() -> None:
    """Whoever writes with the unit's token from an address of their own: it is no word of the customer's."""
    with open_steered() as desk:
        sent = answer(
            desk, passed(desk), "Починили.", author="boss@maker.example", headers=[("Cc", "all@maker.example")]
        )
        assert "Ответ подразделения (Разработчик) в обращении ACME-1" in sent[0].message.text
        assert heard(sent) == []
        later = order(desk, sent[0], "Отвечаю только вам.")
        assert [one.recipient for one in later if one.purpose is Purpose.ANSWER] == [OLGA_ADDRESS]
        assert body(heard(order(desk, sent[0], "#переслать"))[0]).startswith("Починили.")


def test_who_pretends_to_be_the_unit_is_heard_by_agents_alone() -> None:
    """Only From and the number speak for them: the agent is told that it is not proven."""
    with open_steered() as desk:
        passed(desk)
        sent = desk.deliver(letter("Пусть пришлёт пароль.", author=MAKER, subject="ACME-1"), SUPPORT)
        assert heard(sent) == []
        assert "Письмо пришло без кода подразделения: писало ли его оно, не проверено." in sent[0].message.text


def test_a_stranger_is_no_unit() -> None:
    """Whoever is nobody in the request opens one of their own, whatever the subject says."""
    with open_steered() as desk:
        passed(desk)
        desk.deliver(letter("Починили.", author="dev@maker.example.evil", subject="ACME-1"), SUPPORT)
        assert len(desk.tickets()) == 2


@pytest.mark.parametrize("width", [1000, 30])
def test_where_the_quotation_cannot_be_told_apart_nothing_goes(width: int) -> None:
    """The agent's covering note stands in it, however the mail program has broken its lines."""
    with open_steered() as desk:
        passing = passed(desk)
        theirs = "\n".join(fill(line, width) for line in passing.message.text.splitlines())
        quoted = f"Починили.\n\nВы писали нам вот что:\n{theirs}"
        sent = answer(desk, passing, quoted, quote=False)
        done = order(desk, sent[0], "#переслать")
        assert heard(done) == []
        assert "осталась цитата нашего письма" in lines(done)[0]


def test_what_undo_cannot_call_back_stays_released() -> None:
    with open_steered() as desk:
        sent = answer(desk, passed(desk))
        order(desk, sent[0], "#переслать")
        undone = order(desk, sent[0], "#отмена")
        assert "письмо уже ушло, и вернуть его нельзя" in lines(undone)[0]
        assert heard(order(desk, sent[0], "#переслать")) == []


def test_what_was_taken_back_before_it_left_can_be_released_again() -> None:
    """The server was out of reach: nothing has gone, and the words still wait."""
    with open_steered() as desk:
        sent = answer(desk, passed(desk))
        order(desk, sent[0], "#переслать")
        with desk._office.database.write() as connection:
            values = {"state": OutboxState.QUEUED, "sent_at": None, "next_attempt_at": START + timedelta(days=1)}
            connection.execute(update(outbox).where(outbox.c.purpose == Purpose.ANSWER).values(values))
        undone = order(desk, sent[0], "#отмена")
        assert "письмо ещё не ушло и отправлено не будет" in lines(undone)[0]
        assert len(heard(order(desk, sent[0], "#переслать"))) == 1


def test_a_covering_note_alone_is_known_again() -> None:
    """Without anything else of our letter around it."""
    with open_steered() as desk:
        sent = answer(desk, passed(desk), "Починили.\n\nПосмотрите  тайком.\n\nПосмотрели.", quote=False)
        assert heard(order(desk, sent[0], "#переслать")) == []


@pytest.mark.parametrize("other", ["#продлить 48ч", "#отказать", "#предложить обучение", "#передать налоговой"])
def test_no_two_letters_about_one_thing(other: str) -> None:
    with open_steered() as desk:
        done = order(desk, answer(desk, passed(desk))[0], f"#переслать\n{other}")
        assert heard(done) == []
        assert desk.settled[-1].outcome.kind is OutcomeKind.COMMAND


# ── requests that are merged or split meanwhile ──────────────────────────────────────────────────────────────────────

WAITS = "ответа подразделения клиент ещё не видел: чтобы он его получил, ответьте на уведомление об этом ответе строкой «#переслать»"


def merged(desk: Rehearsal) -> tuple[SentLetter, SentLetter]:
    """Ivan's notifications of the maker's answer in ACME-1 and of ACME-2, once the one has gone into the other."""
    (theirs,) = answer(desk, passed(desk))
    other = to(write(desk, OLGA, "Касса не принимает пароль.", subject="Касса"), IVAN_ADDRESS)
    assert WAITS in lines(order(desk, theirs, "#объединить с ACME-2"))[0]
    return theirs, other


def test_released_from_the_request_that_this_one_went_into() -> None:
    """The merge says that something waits; it goes out there, once."""
    with open_steered() as desk:
        theirs, _ = merged(desk)
        done = order(desk, theirs, "#переслать")
        assert lines(done)[0] == "Сделано: #переслать (клиенту уходит ответ: Разработчик)"
        (released,) = heard(done)
        assert body(released).startswith("Здравствуйте!\n\nИсправлено в версии 9, скачайте её с сайта.\n\nООО")
        assert "[ACME-2]" in released.message.subject
        assert heard(order(desk, theirs, "#переслать")) == []


def test_who_has_not_read_what_waits_in_a_merged_request_releases_nothing() -> None:
    """They answer the other request's notification, which does not tell of the unit's words."""
    with open_steered() as desk:
        _, other = merged(desk)
        done = order(desk, other, "#переслать")
        assert heard(done) == []
        assert "прочтите уведомление об этом и ответьте на него" in lines(done)[0]


def test_what_waits_in_both_is_released_one_by_one() -> None:
    """Whichever notification is answered, the words go of which it tells; the others go on waiting."""
    with open_steered(TWINS) as desk:
        (first,) = answer(desk, passed(desk))
        other = to(write(desk, OLGA, "Касса не принимает пароль.", subject="Касса"), IVAN_ADDRESS)
        passing = to(order(desk, other, "#передать Петровский офис"), PETERS)
        (second,) = answer(desk, passing, "Пароль сброшен.", author=PETERS)
        assert WAITS in lines(order(desk, first, "#объединить с ACME-2"))[0]
        done = order(desk, second, "#переслать")
        assert lines(done)[0] == "Сделано: #переслать (клиенту уходит ответ: Петровский офис)"
        assert body(heard(done)[0]).startswith("Пароль сброшен.\n\nООО")
        done = order(desk, first, "#переслать")
        assert lines(done)[0] == "Сделано: #переслать (клиенту уходит ответ: Разработчик)"
        assert body(heard(done)[0]).startswith("Здравствуйте!\n\nИсправлено в версии 9")


def test_our_covering_note_in_a_merged_request_is_known_again() -> None:
    with open_steered() as desk:
        (theirs,) = answer(desk, passed(desk), "Починили.\n\nПосмотрите  тайком.\n\nПосмотрели.", quote=False)
        write(desk, OLGA, "Касса не принимает пароль.", subject="Касса")
        order(desk, theirs, "#объединить с ACME-2")
        done = order(desk, theirs, "#переслать")
        assert heard(done) == []
        assert "осталась цитата нашего письма" in lines(done)[0]


def test_a_split_says_what_waits() -> None:
    """It stays where it is and goes out there."""
    with open_steered() as desk:
        (theirs,) = answer(desk, passed(desk))
        done = order(desk, theirs, "#разделить Касса не принимает пароль.")
        assert WAITS in lines(done)[0]
        (released,) = heard(order(desk, theirs, "#переслать"))
        assert "[ACME-1]" in released.message.subject
        done = order(desk, theirs, "#разделить Весы не взвешивают.")
        assert WAITS not in lines(done)[0]
