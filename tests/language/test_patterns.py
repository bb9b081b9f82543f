"""Regular expressions of admins: RE2, with letters of any script, and remedies for what RE2 lacks."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.language.patterns import MAX_EVIDENCE, MAX_SEARCHED, PatternError, compile_pattern
from tests.pace import find_growth


def find(pattern: str, text: str) -> str | None:
    return compile_pattern(pattern).find(text)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("сайт.*упал", "наш САЙТ опять Упал!", "САЙТ опять Упал"),
        ("САЙТ", "сайт", "сайт"),
        ("(?-i)САЙТ", "сайт", None),
        (r"\w+", "«слово_1»", "слово_1"),
        (r"\W+", "слово, слово", ", "),
        (r"[\w.-]+@", "пиши на вася.пупкин@", "вася.пупкин@"),
        (r"[^\w ]+", "слово — да", "—"),
        (r"№\s?\d+", "заказ №\u00a042", "№\u00a042"),
        (r"[\s-]+", "а\u2009-\u00a0б", "\u2009-\u00a0"),
        (r"\S+", "\u00a0да\u00a0", "да"),
        (r"[\s\S]+", "а\nб", "а\nб"),
        (r"[\W\w]+", "а, б", "а, б"),
        (r"\\w", r"a \w", r"\w"),
        (r"\\b", r"a \b", r"\b"),
        (r"\Q\b(\E", r"a \b(", r"\b("),
        (r"[]\w]+", "]я]", "]я]"),
        (r"[[:digit:]\w]+", "1я", "1я"),
        (r"(^|\W)сайт(\W|$)", "наш сайт!", " сайт!"),
        (r"(^|\W)сайт(\W|$)", "сайты", None),
        (r"(?P<n>а)б", "аб", "аб"),
        (r"\pL{3}", "12абв", "абв"),
        ("скрин", "Скринио", "Скрин"),
        ("мой", "мои\u0306", "мой"),
        ("мои\u0306", "мой", "мой"),
        ("^$", "", ""),
        ("^да$", "нет\nда", None),
        ("(?m)^да$", "нет\nда", "да"),
        ("a", "\ud800a\x00", "a"),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, text: str, found: str | None) -> None:
    """Letters and spaces are those of any script, small and capital ones alike."""
    assert find(pattern, text) == found


def test_word_characters_are_those_of_python() -> None:
    r"""\w and \s agree with what an admin knows from elsewhere, for every character that is in use."""
    word, other, space, visible = (compile_pattern(rf"^{escape}$") for escape in (r"\w", r"\W", r"\s", r"\S"))
    for code in range(0x20, 0x3000):
        letter = chr(code)
        if unicodedata.category(letter) == "Cn" or letter in "\x85\u0345":
            continue  # RE2's tables are of another year; and it takes NEL for no space, a Greek accent for a letter
        assert (word.find(letter) is None) == (re.match(r"\w", letter) is None), hex(code)
        assert (other.find(letter) is None) == (re.match(r"\W", letter) is None), hex(code)
        assert (space.find(letter) is None) == (re.match(r"[^\S\x1c-\x1f]", letter) is None), hex(code)
        assert (visible.find(letter) is None) == (space.find(letter) is not None), hex(code)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("а(б", r"missing \): а\(б, at character 2\. Close the parenthesis"),
        (r"\((а)(б", r"missing \).*, at character 6\. Close"),
        (r"(\w", r"missing \): \(\\w, at character 1\. Close"),
        ("а)б", r"unexpected \).*, at character 2\. Delete the parenthesis"),
        ("а[б", r"missing \]: \[б, at character 2\. Close the bracket"),
        ("*а", r": \*, at character 1\. Write before it"),
        ("а**", r": \*\*, at character 2\. Write one of the two"),
        ("а{2,1}", r": \{2,1\}, at character 2\. Repeat a thing at most 1000 times"),
        ("(?=а)", r": \(\?=, at character 1\. RE2 looks neither ahead.*`all`"),
        ("б(?!а)", r": \(\?!, at character 2\. RE2 looks neither ahead.*`not`"),
        ("б(?<!а)", r": \(\?<!, at character 2\. RE2 looks neither ahead"),
        (r"(а)\1", r": \\1, at character 4\. RE2 has no references back"),
        ("(?>а)", r": \(\?>, at character 1\. RE2 does not know this"),
        (r"\y", r": \\y, at character 1\. .*not this sequence"),
        (r"\u0430", r"Write the letter itself, or its code as \\x\{0430\}"),
        (r"а\Z", r"Write \\z"),
        (r"[\b]", r"between square brackets it is nothing"),
        ("а\\", r"trailing \\\. Write \\\\"),
        ("[я-а]", r": я-а, at character 2\. Write the smaller"),
        (r"\p{Russian}", r"\\p\{Russian\}, at character 1\. .*\\p\{Cyrillic\}"),
        ("[[:word]:]]", "missing|knows"),
        ("[[:рус:]]", "knows"),
        ("[[:letter:]]", r": \[:letter:\], at character 2\. Write a class that RE2 has"),
        (r"(\w{100}){10}", "too large.*Make it smaller"),
        (r"\bсайт\b", r"without \\b.*Latin letters only\. Take `words`.*\(\^\|\\W\)слово\(\\W\|\$\)"),
        (r"не\Bт", r"without \\B"),
        (r"[\W_]", r"without \\W between.*\[\^\\w\]"),
        (r"[\S]", r"without \\S between.*\[\^\\s\]"),
        ("\bсайт\b", "control characters.*single quotes"),
        ("\ud800", "control characters"),
        ("", "not empty"),
        (" ", "not empty"),
        ("а" * 1001, "at most 1000 characters"),
    ],
)
def test_the_admin_reads_what_is_wrong_and_where(pattern: str, said: str) -> None:
    """Nobody needs to know RE2 to mend a pattern."""
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    told = f"{caught.value}. {caught.value.remedy}"
    assert re.search(said, told), told
    assert told.startswith("a regular expression ")
    assert "b'" not in told
    assert caught.value.__cause__ is caught.value.__context__ is None


@given(st.text(st.sampled_from("ая(|)[]^\\wWsSbBdQEp{}1,*+?.-: "), min_size=1, max_size=25))
def test_a_pattern_is_compiled_or_refused(pattern: str) -> None:
    """Nothing of RE2 leaks, and what RE2 takes our translation does not break."""
    try:
        compiled = compile_pattern(pattern)
    except PatternError:
        return
    compiled.find("Яблоко [1] (a)")


@given(st.text())
def test_no_text_breaks_a_pattern(text: str) -> None:
    """Whatever strangers write, there is an answer."""
    found = find(r"\w+", text)
    assert found is None or len(found) <= MAX_EVIDENCE


def test_evidence_is_short_and_whole() -> None:
    """A pattern that matches the letter quotes its beginning, and no half of a character."""
    assert find("я+", "я" * 10_000) == "я" * MAX_EVIDENCE
    assert find("(?s).+", "😀" * 10_000) == "😀" * MAX_EVIDENCE


def test_the_end_of_a_huge_text_is_not_looked_at() -> None:
    """A log of megabytes costs what its head costs."""
    assert find("конец", "я" * (MAX_SEARCHED - 5) + "конец") == "конец"
    assert find("конец", "я" * MAX_SEARCHED + "конец") is None


@pytest.mark.parametrize(
    "pattern", ["(x+x+)+y", "(а+)+$", "(а|а)*б", "(.*)(.*)(.*)[^а]", "(.*а){20}б", r"(\w+\s*)+[0-9]", "((а?){15}){15}б"]
)
@pytest.mark.parametrize("letter", ["x", "а", "а ", "\u0301", "а\u0301\u0316"])
def test_hostile_pairs_cost_little(pattern: str, letter: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Time grows with the text alone, where other engines take years; and RE2 writes nothing on our standard error."""
    assert find_growth(compile_pattern(pattern).find, letter * (MAX_SEARCHED // len(letter)), slow=5) == ""
    assert capfd.readouterr() == ("", "")
