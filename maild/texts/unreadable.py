"""Texts that nobody can read (FN-10): a wrong keyboard layout or charset, letters at random, question marks.

Other languages are readable, whatever their letters; code and numbers are no prose. Parsing has mended what it could.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from maild.texts.phrases import list_lines
from maild.texts.prose import Written, is_machine_line, without_quotations
from maild.texts.sentences import shorten

SAMPLE = 2_000  # characters that are looked at
LEAST_LETTERS = 8  # less is a nickname, an abbreviation, a slip
READS_WELL = 0.85  # share of usual pairs of letters in words
READS_BADLY = 0.7
GAIN = 0.25  # how much better another reading must be
MOSTLY = 0.6  # share of letters
LEAST_MARKS = 4  # question marks or other marks without any word; "???" is a question of sorts
RUN = 4  # neighbouring keys, or equal letters
CAPITALS = 0.4  # how much worse words read that begin small and go on in capitals
CONSONANTS = 6  # in a row, and no vowel in five letters

_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбю.ё"
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`"
_RUSSIAN_CAPITALS = _RUSSIAN_KEYS[:-2].upper() + ",Ё"
_LATIN_CAPITALS = 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?~'
_TO_RUSSIAN = str.maketrans(_LATIN_KEYS + _LATIN_CAPITALS, _RUSSIAN_KEYS + _RUSSIAN_CAPITALS)
_TO_LATIN = str.maketrans(
    _RUSSIAN_KEYS[:-2] + "ё" + _RUSSIAN_CAPITALS[:-2], _LATIN_KEYS[:-2] + "`" + _LATIN_CAPITALS[:-2]
)
_ROWS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_RUNS = frozenset(
    row[at : at + RUN] for row in (*_ROWS, *(row[::-1] for row in _ROWS)) for at in range(len(row) - RUN + 1)
)

_CYRILLIC = re.compile("[а-яё]+", re.IGNORECASE)
_LATIN = re.compile("[a-z]+", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_STRANGE = re.compile("[^\x00-\x7f№«»—–“”„’…•°©®€]")
_VOWELS = frozenset("аеёиоуыэюяіїєaeiouy")
_CONSONANTS = re.compile(rf"[бвгджзйклмнпрстфхцчшщbcdfghjklmnpqrstvwxz]{{{CONSONANTS}}}")
_EQUAL = re.compile(rf"(\w)\1{{{RUN - 1}}}")
_SIMPLE = re.compile("[a-zа-яё]+")
# what was read wrongly, as which charset, what it was
_CHARSETS = (("cp1251", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "utf-8"), ("cp1252", "cp1251"), ("latin-1", "cp1251"),
             ("cp1251", "koi8-r"), ("koi8-r", "cp1251"), ("cp1251", "cp866"), ("cp866", "cp1251"), ("cp866", "utf-8"))  # fmt: skip


def find_unreadable(written: Written) -> str | None:
    """Return what makes the text unreadable, and its beginning; or None."""
    text = "\n".join(
        without_quotations(line) for line in written.text[:SAMPLE].split("\n") if not line.strip() or not _is_code(line)
    )
    why = _only_marks(text) or _charset(text) or _layout(text) or _random("\n".join(written.plain)[:SAMPLE])
    return shorten(f"{why}: {text.strip()}") if why else None


def _is_code(line: str) -> bool:
    return is_machine_line(line) and not _SWAPPABLE.fullmatch(line)


# a line in a wrong layout is full of brackets and semicolons, yet begins with a word and has no digit
_SWAPPABLE = re.compile(r"[A-Za-z\[\]{};:'\",.<>`~?&!\s-]+")


def _only_marks(text: str) -> str | None:
    shown = "".join(text.split())
    lost = sum(map(shown.count, "\ufffd?"))
    if len(shown) >= LEAST_MARKS and lost * 10 >= len(shown) * 7 and (lost == len(shown) or lost > LEAST_MARKS):
        return "question marks instead of letters"
    marks = sum(character in "!.,-#%*&^~_+=/\\|;:'\"<>?" for character in shown)
    return "marks without a word" if len(shown) > LEAST_MARKS and marks == len(shown) and len(set(shown)) > 2 else None


def _charset(text: str) -> str | None:
    """Return that another charset was meant, if Russian comes out and the text as it is reads worse."""
    if len(_STRANGE.findall(text)) < LEAST_LETTERS:
        return None
    words = _CYRILLIC.findall(text)
    as_it_is = _quality(words) - CAPITALS * _odd_capitals(words) if _share(_CYRILLIC, text) > MOSTLY else 0.0
    for wrong, right in _CHARSETS:
        meant = text.encode(wrong, "ignore").decode(right, "ignore")
        found = _CYRILLIC.findall(meant)
        if sum(map(len, found)) < LEAST_LETTERS or _share(_CYRILLIC, meant) < MOSTLY:
            continue
        quality = _quality(found) - CAPITALS * _odd_capitals(found)
        # UTF-8 is proof by itself: nothing else gives two octets for each letter that are one in it
        if quality >= READS_WELL - 0.1 and (right == "utf-8" or quality - as_it_is >= GAIN / 2):
            return f"{right} read as {wrong}"
    return None


def _odd_capitals(words: list[str]) -> float:
    """The share of words that begin small and go on in capitals, as Russian in another charset does."""
    long = [word for word in words if len(word) > 2]
    return sum(word[1:].isupper() and word[0].islower() for word in long) / len(long) if long else 0.0


def _layout(text: str) -> str | None:
    """Return that the keyboard was on another language, if words come out and the text as it is reads badly."""
    if _share(_LATIN, text) > MOSTLY:
        words, meant = _LATIN.findall(text), _CYRILLIC.findall(text.translate(_TO_RUSSIAN))
    elif _share(_CYRILLIC, text) > MOSTLY:
        words, meant = _CYRILLIC.findall(text), _LATIN.findall(text.translate(_TO_LATIN))
    else:
        return None
    if sum(map(len, words)) < LEAST_LETTERS:
        return None
    before, after = _quality(words), _quality(meant)
    if after < READS_WELL or before > READS_BADLY or after - before < GAIN:
        return None
    return "typed with another keyboard layout"


def _random(text: str) -> str | None:
    """Return that most words are none in any language: keys side by side, no vowels, one letter over and over."""
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    letters = sum(map(len, words))
    odd = sum(len(word) for word in words if not word.isupper() and _is_odd(word.casefold()))
    return "letters at random" if letters >= LEAST_LETTERS and odd >= MOSTLY * letters else None


def _is_odd(word: str) -> bool:
    if not _SIMPLE.fullmatch(word):
        return False
    if any(word[at : at + RUN] in _RUNS for at in range(len(word) - RUN + 1)) or _EQUAL.search(word):
        return True
    return len(word) > RUN and (_VOWELS.isdisjoint(word) or _CONSONANTS.search(word) is not None)


def _share(letters: re.Pattern[str], text: str) -> float:
    total = len(_LETTER.findall(text))
    return sum(map(len, letters.findall(text))) / total if total else 0.0


def _quality(words: Iterable[str]) -> float:
    """Return the share of usual pairs of letters in words, 0 to 1; 0 where there are none."""
    text = "_".join(words).casefold().replace("ё", "е")
    pairs = list(map("".join, pairwise(f"_{text}_")))
    return sum(map(_usual_pairs().__contains__, pairs)) / len(pairs) if text else 0.0


@cache
def _usual_pairs() -> frozenset[str]:
    return frozenset(
        first + second
        for line in list_lines("pairs")
        for first, _, following in [line.partition(": ")]
        for second in following
    )
