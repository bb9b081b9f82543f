"""What is a verdict on our work, and what only sounds like one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.desk.rating import read_rating
from maild.ingest.parse import parse
from maild.ingest.reply import read_reply
from maild.model import Rating
from tests.corpora.samples import CORPORA, samples
from tests.desk.several_letters import MORE_SEVERAL, MORE_SINGLE, SEVERAL, SINGLE
from tests.pace import find_growth
from tests.walk.stage import need_corpora

NUMBER = "ACME-7"
TOKEN = "t7.k7f3abcdefghijkl"
NAMES = ("Ольга Петрова", "Иван Иванов")
GOOD, FAIR, BAD = Rating


def value(text: str, subject: str = "Re: [ACME-7] Принтер") -> Rating | None:
    rated = read_rating(subject, text, NUMBER, NAMES)
    return rated.value if rated else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Отлично", GOOD),
        ("отлично", GOOD),
        ("ОТЛИЧНО!!!", GOOD),
        ("«Отлично».", GOOD),
        ("Спасибо, отлично!", GOOD),
        ("Отлично, спасибо за помощь!", GOOD),
        ("Всё отлично.", GOOD),
        ("Все отлично, спасибо большое", GOOD),
        ("Очень хорошо", GOOD),
        ("Оценка: отлично", GOOD),
        ("Иван, супер!", GOOD),
        ("Здравствуйте!\n\nОтлично.\n\nС уважением,\nОльга Петрова", GOOD),
        ("Отлично - ещё раз спасибо", GOOD),
        ("👍", GOOD),
        ("👍🏼 Спасибо!", GOOD),
        ("Чудово", GOOD),
        ("Дякую, все чудово!", GOOD),
        ("Great", GOOD),
        ("Great, thanks!", GOOD),
        ("Нормально", FAIR),
        ("норм", FAIR),
        ("В целом нормально", FAIR),
        ("Неплохо", FAIR),
        ("не плохо", FAIR),
        ("So-so".replace("-", " "), FAIR),
        ("Fair.", FAIR),
        ("Not bad", FAIR),
        ("Плохо", BAD),
        ("Очень плохо.", BAD),
        ("Плохо, всё ещё не работает", BAD),
        ("Плохо!\nТри дня ждал ответа.", BAD),
        ("Ужасно", BAD),
        ("Погано", BAD),
        ("bad", BAD),
        ("👎👎", BAD),
    ],
)
def test_verdicts(text: str, expected: Rating) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Спасибо",
        "Спасибо, всё работает!",
        "Хорошо",
        "Ок",
        "5",
        "Пять",
        "10/10",
        "Да",
        "Плохо работает принтер",
        "Всё плохо",
        "It is bad",
        "Нет, плохо",
        "Отлично?",
        "Плохо?!",
        "Не отлично",
        "Отлично, но не работает",
        "Отлично, однако дорого",
        "Отлично. А когда придёт мастер?",
        "Супер, но принтер опять молчит",
        "Отлично помню, что вчера он печатал",
        "Нормально ли это",
        "Fair enough",
        "Bad toner again",
        "Great idea",
        "Мне плохо видно экран",
        "Принтер работает.\nОтлично",
        "👍👎",
        "👍 но не печатает",
        "> Отлично <mailto:support@acme.example>",
    ],
)
def test_no_verdicts(text: str) -> None:
    """Neither a figure, nor an acknowledgement, nor a word in a sentence; praise beside what is open is none."""
    assert value(text) is None


@pytest.mark.parametrize("word", ["Отлично", "Чудово", "Great"])
def test_the_letter_that_was_ready(word: str) -> None:
    """Its subject says it, whatever stands in it; the line with the token is nobody's words."""
    for text in (f"{word}\n\n{NUMBER}:{TOKEN}", f"{NUMBER}:{TOKEN}", ""):
        rated = read_rating(f"[{NUMBER}] {word}", text, NUMBER)
        assert rated
        assert (rated.value, rated.ready, rated.besides, rated.asks) == (GOOD, True, "", False)
        assert TOKEN not in rated.words
    rated = read_rating(f"[{NUMBER}] {word}", f"Не печатает\n\n{word}\n\n{NUMBER}:{TOKEN}", NUMBER)
    assert rated
    assert (rated.value, rated.besides, rated.asks) == (GOOD, "Не печатает", True)


@pytest.mark.parametrize(
    "subject", ["Отлично", "Re: [ACME-7] Отлично", "[ACME-8] Отлично", "[ACME-7] Отлично работает", "ACME-7 Отлично"]
)
def test_another_subject_says_nothing(subject: str) -> None:
    """Of another request, of an answer, of a sentence."""
    assert read_rating(subject, "Прошу перезвонить", NUMBER) is None


def test_a_word_that_was_written_counts_before_the_one_that_was_ready() -> None:
    assert value(f"Плохо\n\n{NUMBER}:{TOKEN}", "[ACME-7] Отлично") is BAD


@pytest.mark.parametrize(
    ("text", "besides", "asks"),
    [
        ("Плохо", "", False),
        ("Плохо, спасибо", "", False),
        ("Плохо.\n\nС уважением,\nОльга Петрова\nглавный бухгалтер\nтел. 123-45-67", "", False),
        ("Здравствуйте! Плохо. До свидания. Ольга", "", False),
        ("Плохо. Долго ждал мастера, нагрубил.", "Долго ждал мастера, нагрубил", False),
        ("Нормально, но долго", "но долго", False),
        ("Плохо\n\nОльга Петрова\nГлавный бухгалтер\nООО «Ромашка»", "", False),
        ("Плохо\n\nДолго\n\nОльга Петрова\nГлавный бухгалтер", "Долго", False),
        ("Плохо\nДорого", "Дорого", False),  # no name
        ("Плохо\n\nТелефон молчит", "Телефон молчит", False),  # no telephone
        ("Плохо\nОператор опять молчит", "Оператор опять молчит", True),
        ("Плохо, всё ещё не работает", "всё ещё не работает", True),
        ("Плохо. Когда приедет мастер?", "Когда приедет мастер?", True),
        ("Плохо. Прошу вернуть деньги", "Прошу вернуть деньги", True),
        ("Bad. It still does not print.", "It still does not print", True),
        ("Погано. Знову не друкує", "Знову не друкує", True),
        ("Отлично, Иван молодец", "Иван молодец", False),
        ("Плохо. " + "Ждал мастера, мастер опоздал. " * 30, ("Ждал мастера, мастер опоздал. " * 30).strip(" ."), True),
    ],
)  # fmt: skip
def test_what_stands_beside_it(text: str, besides: str, asks: bool) -> None:
    """Courtesy and names are nothing; what may wait for us is told apart from what only tells."""
    rated = read_rating("", text, NUMBER, NAMES)
    assert rated
    assert (rated.besides, rated.asks) == (besides, asks)


# ── against an oracle ────────────────────────────────────────────────────────────────────────────────────────────────

_VERDICTS = {
    "отлично": GOOD,
    "чудово": GOOD,
    "great": GOOD,
    "нормально": FAIR,
    "fair": FAIR,
    "плохо": BAD,
    "погано": BAD,
    "bad": BAD,
}
_POLITE = ("спасибо", "здравствуйте", "добрый день", "дякую", "thanks", "Иван", "всем хорошего дня")
_TELLING = ("мастер опоздал", "долго ждали", "the engineer was late", "майстер запізнився")
_OPEN = ("всё ещё не работает", "принтер не печатает", "it still fails", "коли приїде майстер")
_NEITHER = ("плохо работает принтер", "отлично вижу ошибку", "не отлично", "bad toner")


def _oracle(clauses: list[str]) -> Rating | None:
    """The first clause that is not polite has to be the verdict; a good one is none beside what is open."""
    rest = [one for one in clauses if one not in _POLITE]
    found = _VERDICTS.get(rest[0].lower().rstrip("!")) if rest else None
    # whatever is "neither" speaks of what is open as well, but for the toner
    praised = found is GOOD and any(one in _OPEN or one in _NEITHER[1:3] for one in rest[1:])
    return None if praised else found


@given(
    st.lists(
        st.one_of(
            st.sampled_from(_POLITE),
            st.sampled_from([form for one in _VERDICTS for form in (one, one.upper(), one.capitalize(), f"{one}!")]),
            st.sampled_from((*_TELLING, *_OPEN, *_NEITHER)),
        ),
        max_size=6,
    ),
    st.lists(st.sampled_from([". ", ", ", "\n", "!\n\n", " – ", "; ", "… "]), min_size=6, max_size=6),
)
def test_a_letter_of_clauses(clauses: list[str], between: list[str]) -> None:
    """Whatever courtesy, other words and marks stand around, case included."""
    text = "".join(one + mark for one, mark in zip(clauses, between, strict=False))
    assert value(text) == _oracle(clauses)


@given(st.text(max_size=200), st.text(max_size=60))
def test_whatever_is_written(text: str, subject: str) -> None:
    """Strangers' words raise nothing; what is found stands in them."""
    rated = read_rating(subject, text, NUMBER, [text[:20]])
    assert rated is None or rated.words in text or TOKEN not in text


FLOODS = ("Плохо ", "Плохо\n", "Плохо. (", "t7.", "👎", "Плохо, всё ещё ", " – ")


@pytest.mark.parametrize("flood", FLOODS)
def test_a_stranger_cannot_keep_it_busy(flood: str) -> None:
    """A letter made to be slow costs what any long letter costs."""
    assert find_growth(lambda text: read_rating(f"[{NUMBER}] Плохо", text, NUMBER, NAMES), flood * 20_000) == ""


# ── letters that nobody meant so ─────────────────────────────────────────────────────────────────────────────────────


def _texts(octets: bytes) -> Iterator[tuple[str, str]]:
    message = parse(octets)
    for text in {read_reply(message).text, message.text}:
        yield message.subject, text


def test_no_real_letter_is_read_as_a_verdict() -> None:
    """Of the corpora none, as if each had come in answer to our question."""
    need_corpora()
    letters = [pair for sample in samples(CORPORA) for pair in _texts(sample.octets)]
    assert len(letters) > 1_000
    assert [text for subject, text in letters if read_rating(subject, text, NUMBER)] == []


def test_no_golden_letter_is_read_as_a_verdict() -> None:
    """Nor of our own mail, nor of the requests that other tests are made of."""
    paths = (Path(__file__).parents[1] / "mail").rglob("*.eml")
    letters = [pair for path in paths for pair in _texts(path.read_bytes())]
    letters += [("", text) for text in (*SEVERAL.values(), *SINGLE.values(), *MORE_SEVERAL, *MORE_SINGLE)]
    assert len(letters) > 500
    assert [text for subject, text in letters if read_rating(subject, text, NUMBER)] == []
