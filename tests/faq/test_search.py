"""Which entries answer a letter: what counts as saying their words, and what does not."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.faq.entry import Entry
from maild.faq.passages import MAX_TEXT, telling
from maild.faq.search import FaqIndex
from maild.faq.vocabulary import Vocabulary
from tests.faq.questions import PRODUCT, TODAY, TUNED, Question, entries, questions
from tests.pace import find_growth

INDEX = FaqIndex(entries(), names=[PRODUCT])


def ids(text: str, subject: str = "", *, index: FaqIndex = INDEX) -> list[str]:
    return [found.entry.id for found in index.find(subject, text, TODAY)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("забыла пароль", "password", id="another form"),
        pytest.param("как продлили бы вы сертификат", "signature-renew", id="a verb in another form"),
        pytest.param("не могу распечатать документ на принтере", "printer", id="the same root"),
        pytest.param("забыл праоль", "password", id="letters the other way round"),
        pytest.param("забыл пороль", "password", id="a wrong letter"),
        pytest.param("востановление пароля", "password", id="a letter left out"),
        pytest.param("забыл gfhjkm", "password", id="the wrong layout"),
        pytest.param("как выписать счетфактуру", "invoice-vat", id="joined"),
        pytest.param("как выписать счет фактуру", "invoice-vat", id="split"),
        pytest.param("КАК ВЫПИСАТЬ СЧЁТ-ФАКТУРУ", "invoice-vat", id="capitals"),
        pytest.param(
            "cryptopro не видит сертификат", "signature-token", id="a name in Latin letters that the entry has"
        ),
        pytest.param("всё виснет, тормозит", "slow", id="as people speak"),
        pytest.param("забув пароль", "password", id="Ukrainian"),
        pytest.param("forgot password, please reset", "password", id="English"),
    ],
)
def test_what_counts_as_saying_it(text: str, wanted: str) -> None:
    """Forms, roots, slips, joined and split words, synonyms lead to the entry, first."""
    assert ids(text)[:1] == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("Здравствуйте! Подскажите, пожалуйста, есть вопрос по программе. Спасибо!", id="courtesy"),
        pytest.param("Спасибо, всё получилось!", id="thanks"),
        pytest.param("какой пароль у беспроводной сети в вашем офисе", id="a word of it, in another matter"),
        pytest.param("это не про восстановление пароля", id="what it says it is not about"),
        pytest.param("в который день", id="a usual word is no kin of another"),
        pytest.param("скажите где ваш офис\nС уважением,\nПётр Пароль, принтеры и кассы", id="a signature"),
        pytest.param("экселевский", id="a word alike"),
        pytest.param("погода хорошая, море тёплое", id="another world"),
        pytest.param("1 22 333 4444 12.11.2026", id="numbers"),
    ],
)
def test_what_does_not(text: str) -> None:
    """None rather than a wrong one."""
    assert ids(text) == []


def test_a_name_in_other_letters_is_for_the_entry_to_say() -> None:
    """ "ворд" is "Word" only where the entry has both."""
    word = Entry(id="word", title="Как открыть файл в Word", words=("Word",))
    other = Entry(id="other", title="Отпуск", words=("отпускные",))
    assert (
        ids("как открыть файл в ворд", index=FaqIndex([replace(word, title="Открытие", words=("Word",)), other])) == []
    )
    assert ids("ворд", index=FaqIndex([replace(word, words=("Word", "ворд")), other])) == ["word"]


def test_a_passing_mention_in_a_long_letter_is_no_question() -> None:
    """Who tells that the printer prints asks nothing about it."""
    long = (
        "Добрый день! Мы давно с вами работаем и всем довольны. Принтер печатает, обновление поставили, касса подключена. "
        "Хотим заказать у вас новый отчёт по комиссии менеджеров с разбивкой по регионам. Сколько это будет стоить?"
    )
    assert ids(long) == []


def test_a_question_in_a_long_letter_is_found() -> None:
    """One passage that asks is enough, wherever it stands."""
    chat = "Мы открыли магазин на набережной, торгуем тканями и фурнитурой. Покупателей много, погода чудесная. " * 4
    assert ids(chat + "Забыли пароль от личного кабинета, как его сбросить? " + chat) == ["password"]


def test_an_index_of_nothing_is_known_to_be_one() -> None:
    """So that a desk without answers need not look its letters through."""
    assert not FaqIndex(())
    assert INDEX


def test_the_subject_may_say_it() -> None:
    """A letter whose text only complains is understood by its subject."""
    assert ids("не получается, помогите", "Забыл пароль") == ["password"]


def test_words_outweigh_answers() -> None:
    """Of two entries the one that has it in its words comes before the one whose answer mentions it."""
    named = Entry(id="named", title="Первая", words=("сканер штрихкодов",))
    told = Entry(id="told", title="Вторая", words=("весы",), answer="Отсоедините сканер штрихкодов и включите весы.")
    assert ids("не работает сканер штрихкодов", index=FaqIndex([told, named])) == ["named"]


@pytest.mark.parametrize(
    ("since", "until", "there"),
    [
        (None, None, True), (0, None, True), (1, None, False), (None, 0, True), (None, -1, False), (0, 0, True),
        (-5, 5, True), (-5, -1, False), (1, 5, False),
    ],
)  # fmt: skip
def test_days_of_validity(since: int | None, until: int | None, *, there: bool) -> None:
    """From the first day to the last, both included."""

    def day(offset: int | None) -> date | None:
        return None if offset is None else TODAY + timedelta(days=offset)

    entry = Entry(id="x", title="Забыли пароль", words=("забыл пароль",), since=day(since), until=day(until))
    assert (ids("забыл пароль", index=FaqIndex([entry])) == ["x"]) is there


def test_one_that_is_not_valid_displaces_none() -> None:
    """An expired entry that would fit better is not there at all."""
    old = Entry(id="old", title="Потеряли пропуск", words=("потерял пропуск",), until=TODAY - timedelta(days=1))
    new = replace(old, id="new", words=("восстановить пропуск",), until=None)
    assert ids("потерял пропуск", index=FaqIndex([old, new, *entries()])) == ["new"]


def test_equal_entries_stand_as_in_the_file() -> None:
    """At most three; the order is that of the file, whatever the ids."""
    same = [Entry(id=id_, title="Потеряли пропуск", words=("потерял пропуск",)) for id_ in "dbcae"]
    index = FaqIndex([*same, *entries()])
    assert ids("потеряла пропуск", index=index) == ["d", "b", "c"]
    assert [one.entry.id for one in index.find("", "потеряла пропуск", TODAY, most=1)] == ["d"]
    assert index.find("", "потеряла пропуск", TODAY, most=0) == ()


def test_names_of_the_house_tell_nothing() -> None:
    """The product's name, in any form, makes a letter neither more nor less likely."""
    with_name, without = (
        INDEX.find("", text, TODAY)[0] for text in ("забыла пароль от ладьи", "забыла пароль от")
    )  # fmt: skip
    assert with_name.score == without.score
    assert FaqIndex(entries()).find("", "забыла пароль от ладьи", TODAY)[0].score < with_name.score


def test_evidence_is_what_was_written() -> None:
    """The words of the letter, as they stand there, in their order."""
    [found] = INDEX.find("", "Как сбросить ПОРОЛЬ? Забыла, а кабинет нужен", TODAY)
    assert found.evidence == "сбросить, ПОРОЛЬ, Забыла, кабинет"


def test_a_usual_word_has_no_kin() -> None:
    """What everybody says leads to an entry by its own forms alone: "день" is no kin of "деньги", "казна" is of "казначей"."""
    vocabulary = Vocabulary([telling("деньги казначей")])
    assert vocabulary.means(telling("день")[0]) == ()
    assert len(vocabulary.means(telling("казна")[0])) == 1


def test_no_entries() -> None:
    """A desk without a FAQ suggests nothing."""
    assert FaqIndex().find("Пароль", "забыл пароль", TODAY) == ()
    assert ids("забыл пароль", index=FaqIndex([Entry(id="x", title="?")])) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_entries_changes_no_score(seed: int) -> None:
    """A FAQ that is sorted otherwise finds the same."""
    mixed = list(entries())
    random.Random(seed).shuffle(mixed)
    index = FaqIndex(mixed, names=[PRODUCT])
    for one in questions(TUNED)[::7]:
        expected = {(found.entry.id, round(found.score, 9)) for found in INDEX.find(one.subject, one.text, TODAY)}
        assert {
            (found.entry.id, round(found.score, 9)) for found in index.find(one.subject, one.text, TODAY)
        } == expected


@given(st.sampled_from(questions(TUNED)), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_only_takes_away(one: Question, first: float, second: float) -> None:
    """What is suggested at a threshold is the beginning of what is at a lower one, all at least so sure."""
    low, high = sorted((first, second))
    strict, loose = (INDEX.find(one.subject, one.text, TODAY, threshold=threshold) for threshold in (high, low))
    assert loose[: len(strict)] == strict
    assert all(found.score >= high for found in strict)


_VOCABULARY = [word for entry in entries() for word in f"{entry.title} {' '.join(entry.words)}".split()]
_TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(st.sampled_from(_VOCABULARY), st.text(max_size=8)), max_size=60).map(" ".join),
)


@given(st.text(max_size=40), _TEXTS)
def test_any_letter_can_be_looked_up(subject: str, text: str) -> None:
    """No text breaks it; at most three, the surest first, with words of the letter as evidence."""
    found = INDEX.find(subject, text, TODAY)
    assert len(found) <= 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert 0.35 <= one.score <= 1
        assert one.evidence
        assert all(word in f"{subject} {text}" for word in one.evidence.split(", "))


@given(st.lists(st.text("бвгджзклмнпрст", min_size=6, max_size=9), max_size=30))
def test_words_that_no_entry_has_lead_nowhere(words: list[str]) -> None:
    """Unpronounceable words are no slips of anything."""
    assert ids(" ".join(words)) == []


@pytest.mark.parametrize(
    "text",
    [
        "!" * MAX_TEXT,
        "\n" * MAX_TEXT,
        "\n " * MAX_TEXT,
        "не " * MAX_TEXT,
        "а-" * MAX_TEXT,
        "принтер " * MAX_TEXT,
        "ъ" * 10**6,
    ],
    ids=["marks", "lines", "blank lines", "not", "hyphens", "one word", "one long word"],
)
def test_monsters_are_read_in_a_moment(text: str) -> None:
    """What is made to take long does not: only so much of a letter is read."""
    assert len(ids(text, text)) <= 3
    assert find_growth(lambda some: ids(some, some), text, slow=2) == ""
