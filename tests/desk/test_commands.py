"""Commands of agents: what a line means, and what is no command."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.desk.commands import VERBS, Command, Unknown, parse_commands
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
        ("#due 31.12 10:00", "due", datetime(2026, 12, 31, 7, tzinfo=UTC)),
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
        ("#помощь", "help", None),
    ],
)
def test_a_line_means_one_thing(line: str, verb: str, value: object) -> None:
    """Russian, Ukrainian and English words, any case, with the usual punctuation of a phone."""
    (found,), rest = parse_commands(line, NOW, MOSCOW)
    assert found == Command(verb=verb, line=line.strip(), value=value)
    assert rest == ""


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("#решон", "#решено"),
        ("#ждём погоды", "клиента"),
        ("#ждём", "клиента"),
        ("#срок завтра", "27.11"),
        ("#срок 31.02", "27.11"),
        ("#срок 27.11 25:00", "27.11"),
        ("#срок", "27.11"),
        ("#время", "1ч30м"),
        ("#время много", "1ч30м"),
        ("#время 0 мин", "1ч30м"),
        ("#время -5 мин", "1ч30м"),
        ("#время 99999 дней 99999 дней", "1ч30м"),
        ("#взять на карандаш", "ничего после команды"),
        ("#категория", "название"),
        ("#абракадабра", "#помощь"),
    ],
)
def test_a_slip_of_the_pen_is_told_not_guessed(line: str, remedy: str) -> None:
    """A line that looks like a command and is none says what would be one."""
    (found,), _ = parse_commands(line, NOW, MOSCOW)
    assert isinstance(found, Unknown)
    assert remedy in found.remedy


@pytest.mark.parametrize(
    "line",
    [
        "# systemctl restart cups",
        "#1 в списке",
        "#!/bin/sh",
        "###",
        "C# и F#",
        "№ взять",
        "взять",
        "Напишите #решено",
        "#",
    ],
)
def test_words_stay_words(line: str) -> None:
    """What an agent tells a customer to type is for the customer."""
    assert parse_commands(line, NOW, MOSCOW) == ((), line)


def test_commands_and_words_part() -> None:
    """Commands may stand anywhere among the words, which keep their order."""
    words = "#взять\nДобрый день!\n\nПерезагрузите роутер.\n#ждём клиента\nС уважением"
    commands, rest = parse_commands(words, NOW, MOSCOW)
    assert [one.verb for one in commands if isinstance(one, Command)] == ["take", "wait"]
    assert rest == "Добрый день!\n\nПерезагрузите роутер.\nС уважением"


def test_every_verb_is_told_by_help_in_words_that_work() -> None:
    """What help shows can be typed: its verb is understood."""
    for verb in VERBS:
        (found,), _ = parse_commands(verb.usage.partition(" (")[0].partition(" |")[0], NOW, MOSCOW)
        assert found.line.startswith("#")
        assert not isinstance(found, Unknown) or verb.name in ("category", "severity", "client"), verb


def test_a_word_belongs_to_one_verb() -> None:
    """No word means two things."""
    words = [word for verb in VERBS for word in verb.words]
    assert len(words) == len(set(words))
