"""Commands of agents: what a line means, and what is no command."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.desk.commands import MAX_COMMANDS, Command, Slip, Unknown, parse_commands
from maild.desk.dispatches import Dispatch
from maild.desk.verbs import VERBS, Verb
from maild.sla.clock import Wait

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)  # Tuesday, noon in Moscow
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("line", "verb", "value"),
    [
        ("#взять", "take", None),
        ("#Беру.", "take", None),
        ("  #take!", "take", None),
        ("# взять", "take", None),
        ("#ждём клиента", "wait", Wait.CUSTOMER),
        ("#Ждем ответа клиента", "wait", Wait.CUSTOMER),
        ("#жду согласования", "wait", Wait.APPROVAL),
        ("#ждём третью сторону", "wait", Wait.THIRD_PARTY),
        ("#ждём ответа", "wait", Wait.CUSTOMER),
        ("#ждём ответа клиента", "wait", Wait.CUSTOMER),
        ("#ждём ответа поставщика", "wait", Wait.THIRD_PARTY),
        ("#ждём ответ от третьей стороны", "wait", Wait.THIRD_PARTY),
        ("#ждём ответа по оплате", "wait", Wait.APPROVAL),
        ("#ждём оплаты клиентом", "wait", Wait.APPROVAL),
        ("#ждём согласования клиента", "wait", Wait.APPROVAL),
        ("#чекаємо погодження від клієнта", "wait", Wait.APPROVAL),
        ("#wait payment by the client", "wait", Wait.APPROVAL),
        ("#ждём обновления от клиента", "wait", Wait.CUSTOMER),
        ("#ждём ответа о релизе", "wait", Wait.RELEASE),
        ("#чекаємо релізу", "wait", Wait.RELEASE),
        ("#wait for the release", "wait", Wait.RELEASE),
        ("#продолжить", "resume", None),
        ("#решено", "resolve", None),
        ("#вирішено", "resolve", None),
        ("#срок 27.11.2026 18:00", "due", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("#срок 27.11 18:00", "due", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("#срок до 27.11 в 18:00", "due", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("#срок 2026-11-27 18:00", "due", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("#срок 27.11", "due", datetime(2026, 11, 27, 21, tzinfo=UTC)),  # the end of that day
        ("#срок 23.11", "due", datetime(2027, 11, 23, 21, tzinfo=UTC)),  # yesterday's date is next year's
        ("#срок до пятницы 18:00", "due", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("#Срок: завтра утром.", "due", datetime(2026, 11, 25, 7, tzinfo=UTC)),
        ("#due by Friday 6pm", "due", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("#due 31.12 10:00", "due", datetime(2026, 12, 31, 7, tzinfo=UTC)),
        ("#считать с 27.11", "count", date(2026, 11, 27)),
        ("#считать с 19.11", "count", date(2026, 11, 19)),  # the nearest, not that of next year
        ("#Считать: с 19 ноября.", "count", date(2026, 11, 19)),
        ("#считать с 20.05", "count", date(2027, 5, 20)),
        ("#считать с 31.05", "count", date(2026, 5, 31)),
        ("#считать с 19.11.2027", "count", date(2027, 11, 19)),
        ("#считать с 19.11.27", "count", date(2027, 11, 19)),
        ("#отсчёт со среды", "count", date(2026, 11, 25)),
        ("#считать сегодня", "count", date(2026, 11, 24)),
        ("#рахувати з 19 листопада", "count", date(2026, 11, 19)),
        ("#count from 2026-11-19", "count", date(2026, 11, 19)),
        ("#отправлено курьером", "dispatch", Dispatch(way="courier")),
        ("#Отправлено: курьер.", "dispatch", Dispatch(way="courier")),
        (
            "#отправлено заказным письмом 80084712345678",
            "dispatch",
            Dispatch(way="registered", number="80084712345678"),
        ),
        ("#отправлено заказным, РПО 800847 12 345678", "dispatch", Dispatch(way="registered", number="80084712345678")),
        ("#отправлено № 80084712345678", "dispatch", Dispatch(number="80084712345678")),
        ("#отправлено RR123456785RU", "dispatch", Dispatch(number="RR123456785RU")),
        ("#отправлено курьером, накладная №1174-22", "dispatch", Dispatch(way="courier", number="1174-22")),
        ("#отправлено СДЭК, трек-номер: 10092837465", "dispatch", Dispatch(way="СДЭК", number="10092837465")),
        ("#отправлено почтой в отделение 12", "dispatch", Dispatch(way="почтой в отделение 12")),
        (
            "#надіслано рекомендованим листом 0504312345678",
            "dispatch",
            Dispatch(way="registered", number="0504312345678"),
        ),
        ("#надіслано кур’єром", "dispatch", Dispatch(way="courier")),
        ("#dispatched by courier 12345", "dispatch", Dispatch(way="courier", number="12345")),
        ("#продлить", "extend", None),
        ("#продлить 72ч", "extend", timedelta(hours=72)),
        ("#extend 3d", "extend", timedelta(days=3)),
        ("#категория авария", "category", "авария"),
        ("#важность: критическая", "severity", "критическая"),
        ("#клиент sber", "client", "sber"),
        ("#время 1ч30м", "time", timedelta(minutes=90)),
        ("#время 1,5 ч", "time", timedelta(minutes=90)),
        ("#час 90 хв", "time", timedelta(minutes=90)),
        ("#время 2 часа 15 минут", "time", timedelta(minutes=135)),
        ("#time 45 min", "time", timedelta(minutes=45)),
        ("#время полтора часа", "time", timedelta(minutes=90)),
        ("#время полчаса", "time", timedelta(minutes=30)),
        ("#время час", "time", timedelta(hours=1)),
        ("#время два часа и 15 минут", "time", timedelta(minutes=135)),
        ("#час півтори години", "time", timedelta(minutes=90)),
        ("#time half an hour", "time", timedelta(minutes=30)),
        ("#time an hour", "time", timedelta(hours=1)),
        ("#продлить 2 недели", "extend", timedelta(weeks=2)),
        ("#разделить 2", "split", 2),
        ("#Выделить № 2.", "split", 2),
        ("#split 2)", "split", 2),
        ("#розділити каса не друкує", "split", "каса не друкує"),
        ("#разделить 200 чеков не пробиты", "split", "200 чеков не пробиты"),
        ("#помощь", "help", None),
    ],
)
def test_a_line_means_one_thing(line: str, verb: str, value: object) -> None:
    """Russian, Ukrainian and English words, any case, with the usual punctuation of a phone."""
    (found,), rest = parse_commands(line, NOW, MOSCOW)
    assert found == Command(verb=verb, line=line.strip(), value=value)
    assert rest == ""


@pytest.mark.parametrize(
    ("line", "slip", "verb"),
    [
        ("#решон", Slip.MISSPELT, "resolve"),
        ("#тake", Slip.MISSPELT, "take"),  # a Cyrillic т
        ("#ждём погоды", Slip.ARGUMENT, "wait"),
        ("#ждём", Slip.ARGUMENT, "wait"),
        ("#срок когда-нибудь", Slip.ARGUMENT, "due"),
        ("#срок мая", Slip.ARGUMENT, "due"),
        ("#срок завтра или позже", Slip.ARGUMENT, "due"),
        ("#время час минут", Slip.ARGUMENT, "time"),
        ("#время и", Slip.ARGUMENT, "time"),
        ("#срок 31.02", Slip.ARGUMENT, "due"),
        ("#срок 27.11 25:00", Slip.ARGUMENT, "due"),
        ("#срок 31.12.9999", Slip.ARGUMENT, "due"),
        ("#срок 31.12.9999 18:00", Slip.ARGUMENT, "due"),  # beyond what calendars can count
        ("#срок 27.11.2126", Slip.ARGUMENT, "due"),  # a slip of the pen
        ("#срок", Slip.ARGUMENT, "due"),
        ("#считать", Slip.ARGUMENT, "count"),
        ("#считать с 27.11 18:00", Slip.ARGUMENT, "count"),  # days are counted
        ("#считать с начала", Slip.ARGUMENT, "count"),
        ("#считать с 31.02", Slip.ARGUMENT, "count"),
        ("#отправлено", Slip.ARGUMENT, "dispatch"),
        ("#отправлено " + "курьером " * 19 + "вчера", Slip.ARGUMENT, "dispatch"),
        ("#продлить 72", Slip.ARGUMENT, "extend"),
        ("#время", Slip.ARGUMENT, "time"),
        ("#время много", Slip.ARGUMENT, "time"),
        ("#время 0 мин", Slip.ARGUMENT, "time"),
        ("#время -5 мин", Slip.ARGUMENT, "time"),
        ("#время 1,5", Slip.ARGUMENT, "time"),
        ("#время 99999 дней 99999 дней", Slip.ARGUMENT, "time"),
        ("#взять на карандаш", Slip.ALONE, "take"),
        ("#взять #ждём клиента", Slip.ALONE, "take"),
        ("#категория", Slip.ARGUMENT, "category"),
        ("#разделить", Slip.ARGUMENT, "split"),
        ("#абракадабра", Slip.UNKNOWN, "help"),
    ],
)
def test_a_slip_of_the_pen_is_told_not_guessed(line: str, slip: Slip, verb: str) -> None:
    """A line that looks like a command and is none says what is wrong, and whose usage helps."""
    assert parse_commands(line, NOW, MOSCOW) == ((Unknown(line=line, slip=slip, verb=verb),), "")


@pytest.mark.parametrize(
    ("line", "verb", "value"),
    [
        ("#ждём\N{NO-BREAK SPACE}клиента", "wait", Wait.CUSTOMER),
        ("\N{NO-BREAK SPACE}#взять\N{NO-BREAK SPACE}", "take", None),
        ("\N{ZERO WIDTH NO-BREAK SPACE}#взять", "take", None),
        ("#\N{ZERO WIDTH SPACE}взять", "take", None),
        ("#жде\N{COMBINING DIAERESIS}м клиента", "wait", Wait.CUSTOMER),
        ("#срок\N{NO-BREAK SPACE}27.11\N{NO-BREAK SPACE}18:00", "due", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("#время 1\N{NARROW NO-BREAK SPACE}ч  30 м", "time", timedelta(minutes=90)),
        ("\t#категория \t Авария", "category", "Авария"),
        ("\N{FULLWIDTH NUMBER SIGN}взять", "take", None),
        ("##взять", "take", None),
        ("*#взять*", "take", None),
        ("**#взять**", "take", None),
        ("﹟взять", "take", None),
        ("#взять…", "take", None),
        ("№взять", "take", None),  # Shift+3 on a Russian keyboard
        ("№Срок 27.11 18:00", "due", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("#категория «Авария»", "category", "Авария"),
        ("#категория “Авария”", "category", "Авария"),
        ("#категория — Авария", "category", "Авария"),
        ("#срок 2026–11–27 18:00", "due", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("- #взять", "take", None),  # a list, as an editor of HTML comes out in text
        ("* #ждём клиента", "wait", Wait.CUSTOMER),
        ("• #решено", "resolve", None),
    ],
)
def test_what_phones_and_editors_put_between_letters_changes_nothing(line: str, verb: str, value: object) -> None:
    """Such a line must not travel to the customer for a space that nobody sees."""
    ((found,), rest) = parse_commands(line, NOW, MOSCOW)
    assert isinstance(found, Command)
    assert (found.verb, found.value, rest) == (verb, value, "")


def test_what_is_too_much_is_no_word_for_the_customer() -> None:
    """One command more than may be is told once; none of those behind it is taken for an answer."""
    commands, rest = parse_commands("#взять\n" * (MAX_COMMANDS + 5) + "Готово", NOW, MOSCOW)
    assert rest == "Готово"
    assert len(commands) == MAX_COMMANDS + 1
    assert commands[-1] == Unknown(line="#взять", slip=Slip.TOO_MANY)
    assert all(isinstance(one, Command) for one in commands[:-1])


@pytest.mark.parametrize(
    "line",
    [
        "# systemctl restart cups",
        "* # systemctl restart cups",
        "## Настройка",
        "- #тег",
        "> #решено",  # whoever it is that said so
        "#1 в списке",
        "#!/bin/sh",
        "###",
        "C# и F#",
        "№ взять",
        "№123",
        "№заявки уточните",
        "взял",
        "Напишите #решено",
        "#",
    ],
)
def test_words_stay_words(line: str) -> None:
    """What an agent tells a customer to type is for the customer."""
    assert parse_commands(line, NOW, MOSCOW) == ((), line)


@pytest.mark.parametrize(
    ("words", "verbs", "rest"),
    [
        # an order that nobody says to a customer: at the top, in a block of its own
        ("взять", ["take"], ""),
        ("Взять.", ["take"], ""),
        ("Взять!", ["take"], ""),
        ("взять\n\nЗавтра починим.", ["take"], "Завтра починим."),
        ("\n\nвзять\n\nЗавтра починим.", ["take"], "Завтра починим."),
        ("взять\nждать клиента\n\nЗавтра починим.", ["take", "wait"], "Завтра починим."),
        ("взять\n#время 1ч\n\nЗавтра починим.", ["take", "time"], "Завтра починим."),
        ("Продлить 72ч\n\nНужна деталь.", ["extend"], "Нужна деталь."),
        ("закрыть\n\nГотово.", ["close"], "Готово."),
        ("закрыть", ["close"], ""),
        ("Close", ["close"], ""),
        ("взяти", ["take"], ""),
        # the same words, and yet an answer
        ("взять\nи перезагрузить", [], "взять\nи перезагрузить"),
        ("взять\nЗавтра починим.", [], "взять\nЗавтра починим."),  # no block of its own
        ("Взять на карандаш", [], "Взять на карандаш"),
        ("Добрый день!\n\nвзять", [], "Добрый день!\n\nвзять"),
        ("Нажмите\n\nзакрыть\n\nи подождите.", [], "Нажмите\n\nзакрыть\n\nи подождите."),
        ("Закрыть?", [], "Закрыть?"),
        ("закрыть, пожалуйста", [], "закрыть, пожалуйста"),
        ("> взять", [], "> взять"),
        ("- взять", [], "- взять"),
        # a word that may be the answer's own: only where the letter says nothing else, and without a full stop
        ("Решено", ["resolve"], ""),
        ("решено\n#время 1ч", ["resolve", "time"], ""),
        ("#взять\nрешено", ["take", "resolve"], ""),
        ("Решено.", [], "Решено."),
        ("Решено!", [], "Решено!"),
        ("Решено, проверьте", [], "Решено, проверьте"),
        ("Решено\n\nПроверьте.", [], "Решено\n\nПроверьте."),
        ("Решено\nПроверьте", [], "Решено\nПроверьте"),
        ("Решено\n\nвзять", [], "Решено\n\nвзять"),
        ("Беру", ["take"], ""),
        ("Беру отпуск", [], "Беру отпуск"),
        ("время 1,5ч", ["time"], ""),
        ("Время 2 часа", ["time"], ""),
        ("Время вышло", [], "Время вышло"),
        ("resolved", ["resolve"], ""),
        ("отмена", ["undo"], ""),
        ("Отменить", ["undo"], ""),
        ("help", ["help"], ""),
        ("помощь\n\nнужна?", [], "помощь\n\nнужна?"),
        # what is never an order without "#"
        ("Ждём релиза", [], "Ждём релиза"),
        ("Ждём ответа поставщика", [], "Ждём ответа поставщика"),
        ("Wait for the release", [], "Wait for the release"),
        ("Срок до пятницы", [], "Срок до пятницы"),
        ("Клиент доволен", [], "Клиент доволен"),
        ("Note that it is over", [], "Note that it is over"),
        ("заметка Клиент сердит", [], "заметка Клиент сердит"),
        ("Категория авария", [], "Категория авария"),
        ("Отказ", [], "Отказ"),
        ("Открыть", [], "Открыть"),
        ("решон", [], "решон"),
        ("Спам", ["spam"], ""),
    ],
)
def test_without_the_sign_only_what_is_plainly_an_order(words: str, verbs: list[str], rest: str) -> None:
    """No customer loses a sentence of an answer, and no sentence becomes a command."""
    commands, left = parse_commands(words, NOW, MOSCOW)
    assert ([one.verb for one in commands if isinstance(one, Command)], left) == (verbs, rest)
    assert len(verbs) == len(commands)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_what_needs_no_sign_is_a_word_of_its_verb(verb: Verb) -> None:
    """And no verb whose argument is a name or a text does without."""
    assert {*verb.bare, *verb.alone} <= set(verb.words)
    assert not verb.block or not (verb.bare or verb.alone)


def test_commands_in_a_signature() -> None:
    """Only with "#", and only what is understood: a signature may say anything."""
    signature = "Иван Иванов\n+7 495 000-00-00\n#решено\n#время 1ч\n#акме #врмя\nвзять\n#заметка тайна\n#время абв"
    commands, rest = parse_commands("Готово.", NOW, MOSCOW, signature=signature)
    assert [one.verb for one in commands] == ["resolve", "time"]
    assert rest == "Готово."


def test_commands_and_words_part() -> None:
    """Commands may stand anywhere among the words, which keep their order."""
    words = "#взять\nДобрый день!\n\nПерезагрузите роутер.\n#ждём клиента\nС уважением"
    commands, rest = parse_commands(words, NOW, MOSCOW)
    assert [one.verb for one in commands if isinstance(one, Command)] == ["take", "wait"]
    assert rest == "Добрый день!\n\nПерезагрузите роутер.\nС уважением"


def plain_usages(verb: Verb, language: str) -> tuple[str, ...]:
    """Return the ways to type a verb, each as a line of its own: "#ждём клиента", "#ждём релиза"."""
    first, *others = verb.usage[language].partition(" (")[0].split(" | ")
    word = first.split()[0]
    return (first, *(f"{word} {other}" for other in others))


@pytest.mark.parametrize("language", ["ru", "uk", "en"])
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_is_told_by_help_in_words_that_work(verb: Verb, language: str) -> None:
    """What help shows can be typed in every language: each of the alternatives is understood."""
    for line in plain_usages(verb, language):
        (found,), _ = parse_commands(line, NOW, MOSCOW)
        assert isinstance(found, Command), line
        assert found.verb == verb.name


def test_a_word_belongs_to_one_verb() -> None:
    """No word means two things."""
    words = [word for verb in VERBS for word in verb.words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("words", "value", "rest"),
    [
        ("Готово.\n#разделить\nКасса.\n\nВторой день.\n#взять", "Касса.\n\nВторой день.", "Готово."),
        ("#разделить Касса.\nВторой день.", "Касса.\nВторой день.", ""),
        ("#разделить 2\nЗамените картридж.", 2, "Замените картридж."),
    ],
)
def test_what_belongs_to_a_further_request(words: str, value: object, rest: str) -> None:
    """The lines below its words do, those below a mere number are the agent's answer."""
    commands, left = parse_commands(words, NOW, MOSCOW)
    assert [one.value for one in commands if isinstance(one, Command) and one.verb == "split"] == [value]
    assert left == rest
