"""Which lines ask something, and which are words like any other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.desk.queries import (
    COMMANDS,
    MAX_LINE,
    MAX_LINES,
    QUESTIONS,
    Query,
    Unclear,
    read_queries,
    take_queries,
    usage_of,
    usages,
)
from tests.pace import find_growth, find_slowness

LANGUAGES = ("ru", "uk", "en")


def names(subject: str, words: str = "") -> list[str]:
    """What a letter asks: names, or "?" for what is unclear."""
    return [one.name if isinstance(one, Query) else "?" for one in read_queries(subject, words)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_shows_what_is_understood(language: str) -> None:
    """Every usage can be typed, with a number or a name in the place of the capitals."""
    for one in QUESTIONS:
        line = usage_of(one.name, language)
        word, _, about = line.partition(" ")
        typed = f"{word} {'12' if one.needs == 'ticket' else about}".strip()
        assert names(typed) == [one.name]
        assert line in usages(language)


def test_no_word_asks_two_things() -> None:
    """Nor is it a command's by chance: those that are, are named."""
    words = [word for one in QUESTIONS for word in one.words]
    assert len(words) == len(set(words))
    assert all(word == word.casefold().replace("ё", "е") for word in words)
    assert {one.name for one in QUESTIONS} >= COMMANDS


CASES: list[tuple[str, str, list[str]]] = [
    ("очередь", "", ["queue"]),
    ("", "очередь", ["queue"]),
    ("ОЧЕРЕДЬ!", "", ["queue"]),
    ("Очередь.", "Мои.", ["queue", "mine"]),
    ("", "  # очередь  ", ["queue"]),
    ("", "＃очередь", ["queue"]),
    ("", "о\u0301чередь".replace("\u0301", ""), ["queue"]),
    ("", "мо\u0438\u200b", ["mine"]),
    ("Вопрос", "мои\n\nочередь", ["mine", "queue"]),
    ("", "мои\n\nС уважением,\nИван Иванов\n+7 495 123-45-67", ["mine"]),
    ("", "мои\n\nИван Иванов", ["mine"]),
    ("", "мои\nПосмотрите, пожалуйста, что там.", []),
    ("", "#мои\nПосмотрите, пожалуйста, что там.", ["mine"]),
    ("", "#мои\n#чтотам", ["mine", "?"]),
    ("мои", "Посмотрите, пожалуйста, что там.", []),
    ("Мои документы", "Не открываются.", []),
    ("очередь", "В офисе сломалась очередь", []),
    ("Не печатает", "Горит лампочка.", []),
    ("", "", []),
    ("статус", "", ["?"]),
    ("статус ACME-12", "", ["status"]),
    ("Статус: №12", "", ["status"]),
    ("статус принтера", "", ["?"]),
    ("статус заявки на новый принтер", "", []),
    ("#статус принтера", "", ["status"]),
    ("клиент", "", ["?"]),
    ("#клиент", "", ["client"]),
    ("клиент ООО «Ромашка»", "", ["client"]),
    ("просроченно", "", ["?"]),
    ("#абракадабра", "", ["?"]),
    ("абракадабра", "", []),
    ("?", "", ["help"]),
]


@pytest.mark.parametrize(("subject", "words", "expected"), CASES, ids=range(len(CASES)))
def test_what_a_letter_asks(subject: str, words: str, expected: list[str]) -> None:
    """By its subject, its first lines or both; prose below asks nothing, unless a mark says that it does."""
    assert names(subject, words) == expected


def test_what_it_is_about_is_kept_as_written() -> None:
    """Without what people put around it."""
    found = read_queries("", "статус № acme-12\nклиент «ООО Ромашка»\nрасход: лютик")
    assert [one.about for one in found if isinstance(one, Query)] == ["acme-12", "ООО Ромашка", "лютик"]


def test_a_slip_has_suggestions() -> None:
    """The questions whose words are nearly the same."""
    assert read_queries("очереть", "") == (Unclear(line="очереть", near=("queue",)),)


TAKEN = [
    ("#очередь", 1, ""),
    ("Добрый день.\n#мои\nВаш Иван", 1, "Добрый день.\nВаш Иван"),
    ("очередь", 0, "очередь"),
    ("# статус 5", 0, "# статус 5"),
    ("#статус 5", 1, ""),
    ("#клиент romashka\n#помощь", 0, "#клиент romashka\n#помощь"),
    ("#сегодня позвоню", 0, "#сегодня позвоню"),
    ("> #очередь", 0, "> #очередь"),
]


@pytest.mark.parametrize(("words", "count", "rest"), TAKEN, ids=range(len(TAKEN)))
def test_what_is_taken_out_of_words_for_a_customer(words: str, count: int, rest: str) -> None:
    """Marked lines only, and none that is a command or prose."""
    asked, left = take_queries(words)
    assert (len(asked), left) == (count, rest)


@given(st.text(), st.text())
def test_any_text_is_read(subject: str, words: str) -> None:
    """Nothing that somebody writes breaks it, and no more lines are looked at than are promised."""
    found = read_queries(subject, words)
    assert len(found) <= MAX_LINES + 1
    assert all(len(one.line) <= MAX_LINE for one in found)
    take_queries(words)


@pytest.mark.parametrize("line", ["очередь ", "#", "клиент " * 50, "\u200b#мои", " "])
def test_long_text_takes_no_long_time(line: str) -> None:
    """A megabyte is read in a moment: time grows with the text, and no further."""
    subject, text = line * 20_000, "\n".join([line] * 50_000)
    assert find_slowness(lambda: (read_queries(subject, text), take_queries(text)), slow=2) == ""
    assert find_growth(take_queries, text) == ""
