"""Which words are forms of one word, and where a phrase stands in a text."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.language import dictionaries
from maild.language.words import (
    MAX_EVIDENCE,
    MAX_WORDS,
    Token,
    WordText,
    compile_phrase,
    fold,
    forms,
    is_ukrainian,
    split_words,
    stem,
)
from tests.pace import find_growth


def find(phrase: str, text: str) -> str | None:
    return WordText(text).find(compile_phrase(phrase))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Не работает!", ["Не", "работает"]),
        ("п'ять п’ять об`єкт", ["п'ять", "п’ять", "об`єкт"]),
        ("«интернет-магазин», wi‑fi", ["интернет-магазин", "wi‑fi"]),
        ("- да - нет -", ["да", "нет"]),
        ("кавычки 'слово' и дефис слово-", ["кавычки", "слово", "и", "дефис", "слово"]),
        ("error_log v1.5 1С", ["error", "log", "v1", "5", "1С"]),
        ("ру\u00adка и\u0306од за\u0301мок \u200bнуль", ["ру\u00adка", "и\u0306од", "за\u0301мок", "нуль"]),
        ("", []),
        ("!? — …", []),
        ("\ud800 \x00я\x00", ["я"]),
    ],
)
def test_words_are_letters_and_digits_with_what_stands_inside(text: str, words: list[str]) -> None:
    """Hyphens, apostrophes and what nobody sees belong to a word when letters are around them."""
    tokens = split_words(text)
    assert [token.text for token in tokens] == words
    assert all(text[token.start : token.end] == token.text for token in tokens)


def test_no_more_words_are_taken_than_the_limit() -> None:
    """A log of a million lines costs what a long letter costs."""
    assert len(split_words("да " * (MAX_WORDS + 5))) == MAX_WORDS
    assert split_words("да нет")[1] == Token("нет", 3, 6)
    assert find("нет", "да " * MAX_WORDS + "нет") is None
    assert find("нет", "да-" * MAX_WORDS + "нет") is None
    assert find("нет", "да " * (MAX_WORDS - 1) + "нет") == "нет"


ONE_WORD = [
    "сайт сайты сайту сайтом сайтах САЙТ Сайта",
    "работать работает работал работали работающий не-работает",
    "пароль пароли паролем паролей",
    "человек люди людьми",
    "идти шёл шел шла иду",
    "ещё еще ЕЩЁ",
    "счёт счета счет счетом",
    "лечь лёг лег",
    "хороший лучше лучшего хорошая",
    "банк банки банком",
    "банка банки банку",
    "письмо письма писем письмами",
    "вордпресс вордпресса вордпрессе вордпрессом",
    "капча капчу капчи капчей",
    "глючать глючает глючал глючали",
    "почьта почьте почьту",
    "пошта пошти поштою пошту",
    "помилка помилки помилок помилці",
    "працювати працює працював",
    "п'ять п’ять п’яти пʼятьма",
    "рахунок рахунки рахунку",
    "плагін плагіну плагіни",
    "вордпресі вордпрес вордпресу",
    "роутінг роутінгі роутінгу роутінгів",
    "бекапі бекапів",
    "password passwords Password's",
    "work works working worked",
    "delivery deliveries",
]


@pytest.mark.parametrize("words", ONE_WORD)
def test_forms_of_one_word_share_a_key(words: str) -> None:
    """Whatever the case, number, tense, the ё, the spelling of the apostrophe; typos and new words, too."""
    first, *others = words.split()
    for other in others:
        assert forms(first) & forms(other) or find(first, other), f"{first} {forms(first)} {other} {forms(other)}"


@pytest.mark.parametrize(
    "words",
    [
        "стали сталь",  # стать is fifty times likelier
        "стекло стечь",
        "почту почтить",
        "меню меня",  # both are forms of мень in Ukrainian
        "почта почти",
        "тема тем-то",
        "после посол",
        "уже уж",
        "права правого",
        "сайт сайра",
        "работа работать",
        "открывать закрывать",
        "пароль парол",
        "post post1",
        "universe unit",
    ],
)
def test_other_words_share_none(words: str) -> None:
    """What is spelled alike by chance, or in another language, is another word."""
    one, other = words.split()
    assert not forms(one) & forms(other)


def test_ukrainian_texts_are_read_by_both_dictionaries() -> None:
    """A word that Russian knows as well is looked up in Ukrainian where the text is Ukrainian, and only there."""
    assert not forms("стола") & forms("стіл")
    assert forms("стола", ukrainian=True) & forms("стіл", ukrainian=True)
    assert find("стіл", "Немає стола, і все, допоможіть") == "стола"
    assert find("стол", "Немає стола, і все, допоможіть") == "стола"
    assert find("стіл", "Нет стола") is None


@pytest.mark.parametrize(
    ("text", "ukrainian"),
    [
        ("Не працює пошта", True),
        ("НЕ МОЖУ УВІЙТИ", True),
        ("Не работает почта", False),
        ("Сайт фирмы «Київ» с утра не открывается ни у кого, проверьте", False),
        ("It is broken", False),
        ("", False),
    ],
)
def test_a_ukrainian_text_is_told_by_its_letters(text: str, ukrainian: bool) -> None:
    """A name in a Russian letter makes it no Ukrainian one."""
    assert is_ukrainian(text) is ukrainian


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Паролями", "пароль"),
        ("СТАЛИ", "стать"),
        ("счетов", "счет"),
        ("ещё", "еще"),
        ("Помилки", "помилка"),
        ("капчу", "капч"),
        ("passwords", "password"),
        ("404", "404"),
        ("λόγος", "λόγοσ"),
        ("", ""),
        ("а" * 100, "а" * 100),
    ],
)
def test_the_stem_is_the_likeliest_key(word: str, key: str) -> None:
    """An index has one key for a word: its lemma, or its stem where no dictionary knows it."""
    assert stem(word) == key
    assert key in forms(word)


def test_a_word_that_a_dictionary_knows_has_no_stem_besides() -> None:
    """A stem may be another word; it helps only where nothing else is known."""
    assert forms("помилці") == {"помилка"}
    assert forms("рассылкой") == {"рассылка"}
    assert forms("капчу") > {"капч"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ёлка", "елка"),
        ("и\u0306од", "йод"),
        ("за\u0301мок", "замок"),
        ("пáроль", "пароль"),  # the á is Latin
        ("сaйт", "сайт"),  # so is the a
        ("Хocтинг", "хостинг"),
        ("1С", "1C"),
        ("VРN", "vpn"),  # a Cyrillic Р
        ("па\u00adроль", "пароль"),
        ("п\u200bа\u200bроль", "пароль"),
        ("𝐕𝐈𝐏", "vip"),
        ("İP", "ip"),
        ("web-сaйт", "web-сайт"),
        ("wi‑fi", "wi-fi"),
    ],
)
def test_spellings_that_look_alike_are_alike(one: str, other: str) -> None:
    """A Latin letter in a Cyrillic word, a stress, a hidden character: the reader sees the same word."""
    assert fold(one) == fold(other)


def test_a_word_of_letters_that_have_no_twin_stays_as_it_is() -> None:
    """Mixed words are real, too: "MySQLный"; and "caxap" may be English."""
    assert fold("MySQLный") == "mysqlный"
    assert fold("caxap") == "caxap"


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("не работает", "Сайт у нас не\r\nработал вчера", "не работал"),
        ("не работает", "не (пока) работает", None),
        ("не работает", "работает не всегда", None),
        ("не работает", "Не «работает»", "Не «работает"),
        ("не работает", "Работать не. Работает", None),
        ("работает сайт", "не работает! Сайт лежит", None),
        ("работает сайт", "не работает.\nСайт лежит", None),
        ("работает сайт", "не работает\n\nСайт лежит", None),
        ("работает сайт", "- не работает\n- сайт лежит", None),
        ("работает сайт", "«не работает.» Сайт", None),
        ("работает сайт", "не работает: сайт", "работает: сайт"),
        ("работает. Сайт", "не работает. Сайт", "работает. Сайт"),
        ("работает. Сайт", "не работает сайт", "работает сайт"),
        ("т. е.", "т. е. сломано", "т. е"),
        ("а. иванов", "А. Иванову", "А. Иванову"),
        ("ошибка 404", "выдаёт Ошибку № 404", "Ошибку № 404"),
        ("ошибка 404", "ошибка 4040", None),
        ("хостинг*", "про хостинговую площадку", "хостинговую"),
        ("хостинг*", "нехостинг", None),
        ("отмен* заказ", "отмените заказы", "отмените заказы"),
        ("интернет-маг*", "интернет-магазин", "интернет-магазин"),
        ("интернет-маг*", "интернет магазин", "интернет магазин"),
        ("ин* сайт", "ин-инт сайт", "ин-инт сайт"),
        ("1с*", "у нас 1C-битрикс", "1C"),
        ("магазин", "в интернет-магазине", "магазине"),
        ("интернет-магазин", "наш интернет магазин", "интернет магазин"),
        ("интернет-магазин", "наш интернет. Магазин", None),
        ("интернет магазин", "нашего интернет-магазина", "интернет-магазина"),
        ("наш интернет-магазин работает", "нашему интернет-магазину работать", "нашему интернет-магазину работать"),
        ("wifi", "нет wi-fi", "wi-fi"),
        ("wi-fi", "нет WiFi", "WiFi"),
        ("wi-fi", "нет wi fi", "wi fi"),
        ("из-за", "из за границы", "из за"),
        ("does not work", "It does not work.", "does not work"),
        ("да да", "да да да", "да да"),
        ("да нет", "да да нет да нет", "да нет"),
        ("пароль", "", None),
        ("пароль", "сменить па\u00adро\u00adли", "па\u00adро\u00adли"),
    ],
)
def test_a_phrase_is_found_as_it_is_written(phrase: str, text: str, found: str | None) -> None:
    """Words next to each other, in any form, whatever is between them but the end of a sentence that the phrase lacks."""
    assert find(phrase, text) == found


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "no letter and no digit"),
        ("?!", "no letter and no digit"),
        ("*", "no letter and no digit"),
        ("*хостинг", "only at the end of a word"),
        ("не * работает", "only at the end of a word"),
        ("хостинг**", "only at the end of a word"),
        ("х*", "at least 2 letters"),
        ("да " * 21, "at most 20 words"),
    ],
)
def test_a_phrase_that_is_never_found_is_refused(source: str, said: str) -> None:
    """The admin reads what was expected."""
    with pytest.raises(ValueError, match=said):
        compile_phrase(source)


def test_evidence_is_short() -> None:
    """A phrase whose words are far apart quotes no page."""
    for gap in (" " * 5000, "-" * 5000):
        found = find("да нет", f"да{gap} нет")
        assert found is not None
        assert len(found) <= MAX_EVIDENCE


VOCABULARY = (
    "сайт сайты не работает работал банки банка банк стали сталь пошта стіл vpn works work 404 хост хостинг".split()
)
GAPS = [" ", ", ", "\n", " — ", ". ", "! ", "\n\n", "\n- ", "… "]
ENDS = {". ", "! ", "\n\n", "\n- ", "… "}


@given(
    st.lists(st.tuples(st.sampled_from(VOCABULARY), st.sampled_from(GAPS)), max_size=30),
    st.lists(st.tuples(st.sampled_from(VOCABULARY), st.booleans()), min_size=1, max_size=3),
)
def test_a_phrase_is_found_where_word_by_word_comparison_finds_it(
    pieces: list[tuple[str, str]], phrase: list[tuple[str, bool]]
) -> None:
    """The index finds what a comparison at every place finds, first in the text."""
    text = "".join(word + gap for word, gap in pieces)
    ukrainian = is_ukrainian(text)

    def means(sought: str, prefix: bool, word: str) -> bool:
        if prefix:
            return word.startswith(sought)
        return bool(forms(sought, ukrainian=ukrainian) & forms(word, ukrainian=ukrainian))

    def stands(place: int) -> bool:
        run = pieces[place : place + len(phrase)]
        return (
            len(run) == len(phrase)
            and all(means(sought, prefix, word) for (sought, prefix), (word, _) in zip(phrase, run, strict=True))
            and not any(gap in ENDS for _, gap in run[:-1])
        )

    places = [place for place in range(len(pieces)) if stands(place)]
    found = find(" ".join(word + "*" * prefix for word, prefix in phrase), text)
    if not places:
        assert found is None
        return
    run = pieces[places[0] : places[0] + len(phrase)]
    assert found is not None
    assert found.split() == "".join(word + gap for word, gap in run)[: -len(run[-1][1])].split()


@given(st.text(), st.text())
def test_no_text_breaks_anything(text: str, phrase: str) -> None:
    """Whatever strangers write, there is an answer."""
    for token in split_words(text):
        assert stem(token.text) in forms(token.text)
    try:
        compiled = compile_phrase(phrase)
    except ValueError:
        return
    WordText(text).find(compiled)


@given(st.text(st.sampled_from("аяйёіїєґ'’-aeё1\u0301 "), max_size=80))
def test_no_odd_word_breaks_the_dictionaries(text: str) -> None:
    """Guessing works for what is no word at all."""
    for token in split_words(text):
        assert stem(token.text, ukrainian=True) in forms(token.text, ukrainian=True)


@given(st.text(st.sampled_from("Сайт не работает-ка wi-fi Да. Нет!"), min_size=1, max_size=40))
def test_a_text_finds_itself(text: str) -> None:
    """A phrase copied out of a letter is found in that letter."""
    try:
        phrase = compile_phrase(text)
    except ValueError:
        return
    assert WordText(f"Так: {text}").find(phrase)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a-",
        "а'",
        "a\u0301",
        "-",
        "-\u0301",
        "\u200b",
        "а.",
        'а!" ',
        "\n",
        "\n -",
        "1 ",
        "ﷺ",
        "не работать ",
        "\u0301\u0316",
    ],
)
def test_hostile_texts_cost_little(piece: str) -> None:
    """Four times as much of anything is looked through in four times the time."""

    def look(text: str) -> None:
        words = WordText(text)
        for phrase in ["а б", "не-а", "не не", "раб* не"]:
            words.find(compile_phrase(phrase))

    assert find_growth(look, "а" + piece * (400_000 // len(piece)) + "б", slow=8) == ""


def test_threads_share_the_dictionaries() -> None:
    """The writer of the daemon and whoever else asks at once get the same keys as one alone."""
    words = [word for line in ONE_WORD for word in line.split()] * 3
    alone = [forms(word) for word in words]
    dictionaries.find_keys.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(forms, words)) == alone


def test_no_dictionary_is_loaded_before_it_is_needed() -> None:
    """Checking phrases, as every command does that loads the configuration, costs neither time nor memory."""
    code = """
import sys
from maild.language.words import compile_phrase, forms
compile_phrase("не работает")
forms("404")
assert not {"pymorphy3", "snowballstemmer"} & set(sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
