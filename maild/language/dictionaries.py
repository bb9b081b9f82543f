"""The dictionaries of Russian and Ukrainian, and the stemmers. The one home of pymorphy3 and snowballstemmer.

A dictionary is loaded when the first word is asked about, once in a process: whoever only checks a configuration never
pays for it (about 0.3 s and 45 MB for both).
"""

import re
import threading
from functools import cached_property, lru_cache
from typing import Any

REMEMBERED = 32_768  # words whose keys are kept: those of some thousand letters, at most 20 MB
LIKELY = 0.15  # a lemma counts if it is at least so likely as this share of the likeliest one

_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z\u00df-\u024f]")
_UKRAINIAN = re.compile("[іїєґ']")  # the apostrophe, too: "п'ять"
_AS_RUSSIAN = str.maketrans("іїєґ", "ииег")  # for the stemmer, which knows no Ukrainian
_YO = str.maketrans("ё", "е")


class _Dictionaries:
    """The dictionaries of this process. Loading and stemming keep state, so whoever asks holds `lock`."""

    def __init__(self) -> None:
        self.lock = threading.RLock()

    @cached_property
    def russian(self) -> Any:
        import pymorphy3  # noqa: PLC0415 - a command that asks about no word does not wait for it

        return pymorphy3.MorphAnalyzer(lang="ru")

    @cached_property
    def ukrainian(self) -> Any:
        import pymorphy3  # noqa: PLC0415

        return pymorphy3.MorphAnalyzer(lang="uk")

    @cached_property
    def english_stemmer(self) -> Any:
        import snowballstemmer  # noqa: PLC0415

        return snowballstemmer.stemmer("english")

    @cached_property
    def russian_stemmer(self) -> Any:
        import snowballstemmer  # noqa: PLC0415

        return snowballstemmer.stemmer("russian")


_DICTIONARIES = _Dictionaries()


@lru_cache(REMEMBERED)
def find_keys(word: str, *, ukrainian: bool) -> tuple[str, ...]:
    """Return the keys of a word in small letters without ё, the likeliest first; never empty.

    Latin words have their English stem; other scripts, and words with a digit, are their own key. The keys of a
    Cyrillic word are its lemmas.
    """
    if any(map(str.isdigit, word)):
        return (word,)
    with _DICTIONARIES.lock:
        if _CYRILLIC.search(word):
            return tuple(dict.fromkeys(_find_lemmas(word, ukrainian=ukrainian)))
        if _LATIN.search(word):
            return (_DICTIONARIES.english_stemmer.stemWord(word),)
    return (word,)


def has_word(word: str) -> bool:
    """Whether the Russian or the Ukrainian dictionary has a word as it is spelt."""
    with _DICTIONARIES.lock:
        return bool(_DICTIONARIES.russian.word_is_known(word) or _DICTIONARIES.ukrainian.word_is_known(word))


def find_lexeme(word: str) -> tuple[str, ...]:
    """Return every form of the likeliest words that are spelt so, by each dictionary that has one; may be empty."""
    with _DICTIONARIES.lock:
        return tuple(
            form.word
            for dictionary in (_DICTIONARIES.russian, _DICTIONARIES.ukrainian)
            if dictionary.word_is_known(word)
            for form in dictionary.parse(word)[0].lexeme
        )


def _find_lemmas(word: str, *, ukrainian: bool) -> list[str]:
    """Return the lemmas of a Cyrillic word.

    Russian and Ukrainian share many spellings and few of their meanings: "меню" is a form of мень there. So a word
    that Russian knows is Ukrainian as well only in a text that is. A word that Russian does not know has a stem
    besides, since what endings suggest for "капча" and "капчу" does not meet, and "глючать" is Ukrainian by chance.
    """
    theirs = _UKRAINIAN.search(word)
    known = not theirs and _DICTIONARIES.russian.word_is_known(word)
    lemmas = _choose_likely(_DICTIONARIES.russian, word) if known else []
    if (ukrainian or not known) and _DICTIONARIES.ukrainian.word_is_known(word):
        lemmas += _choose_likely(_DICTIONARIES.ukrainian, word)
        known = known or bool(theirs)
    if known:
        return lemmas
    root = _DICTIONARIES.russian_stemmer.stemWord(word.translate(_AS_RUSSIAN))
    guessed = _choose_likely(_DICTIONARIES.ukrainian if theirs else _DICTIONARIES.russian, word) if not lemmas else []
    return [*lemmas, root, *guessed]


def _choose_likely(dictionary: Any, word: str) -> list[str]:
    """Return the lemmas that a word probably belongs to: "стали" is стать, hardly сталь; "банки" is банк or банка."""
    scores: dict[str, float] = {}
    for parse in dictionary.parse(word):
        lemma = parse.normal_form.translate(_YO)
        scores[lemma] = scores.get(lemma, 0.0) + parse.score
    least = LIKELY * max(scores.values(), default=0.0)
    return sorted((lemma for lemma in scores if scores[lemma] >= least), key=lambda lemma: -scores[lemma])
