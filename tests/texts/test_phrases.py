"""Lists are read as their pages say: each mark of a phrase, and what is wrong in a list."""

from importlib.resources import files

import pytest

from maild.texts import phrases
from maild.texts.phrases import Phrases, load_phrases
from maild.texts.sentences import read_sentences


def listed(*lines: str, monkeypatch: pytest.MonkeyPatch) -> Phrases:
    monkeypatch.setattr(phrases, "list_lines", lambda name: iter(lines))
    return load_phrases.__wrapped__("any")


@pytest.mark.parametrize(
    ("phrase", "found", "missed"),
    [
        ("кот", "Вот кот.", "котик скот"),
        ("кот*", "вот Котик", "скот"),
        ("*кот", "вот скот", "котик"),
        ("кот|пёс", "вот пес", "лис"),
        ("кот(ы|ов)?", "двух котов", "котик"),
        ("кот [очень] сыт", "кот сыт. кот очень сыт", "кот совсем сыт"),
        ("кот ~2 сыт", "кот был очень сыт", "кот был очень очень сыт"),
        ("кот ~2 сыт", "кот сыт", "кот, был сыт"),
        ("кот ~~3 сыт", "кот, был сыт", "кот. Был сыт"),
        ("/ кот /", "Привет, кот!", "это кот, да"),
        (". кот", "Мур. Кот пришёл", "мур, кот пришёл"),
    ],
)
def test_each_mark_of_a_phrase(phrase: str, found: str, missed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = listed(phrase, monkeypatch=monkeypatch)
    for text in found.split(". "):
        assert read.find(read_sentences(text if phrase != ". кот" else found))
    assert read.find(read_sentences(missed)) is None


def test_named_words(monkeypatch: pytest.MonkeyPatch) -> None:
    read = listed("@pet = кот|пёс", "@all = @pet|лис", "@all сыт(ы)?", monkeypatch=monkeypatch)
    assert read.find(read_sentences("лис сыт")) == "лис сыт"
    assert read.find(read_sentences("пёс сыт")) == "пёс сыт"
    with pytest.raises(ValueError, match="@who"):
        listed("@who сыт", monkeypatch=monkeypatch)


def test_an_acquitted_sentence_acquits_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    read = listed("кот", "! мой кот", monkeypatch=monkeypatch)
    assert read.find(read_sentences("Это мой кот и кот соседа.")) is None
    assert read.find(read_sentences("Это мой кот. А это Кот соседа. Мой кот.")) == "Кот"
    assert read.find(read_sentences("Мой кот. " * 30)) is None


def test_every_list_can_be_read_and_says_what_may_be_added() -> None:
    paths = sorted((files("maild.texts") / "lists").iterdir(), key=lambda path: path.name)
    assert len(paths) > 10
    for path in paths:
        head = path.read_text(encoding="utf-8").partition("\n\n")[0].replace("\n# ", " ")
        assert head.startswith("# ")
        assert "be added" in head, path.name
    for name in (
        "profanity",
        "profanity-latin",
        "profanity-translit",
        "insults",
        "threats",
        "threats-en",
        "threats-latin",
    ):
        load_phrases(name)
