"""Russian or Ukrainian typed in Latin letters (FN-15): "ne rabotaet printer". Other languages, names, code are none."""

import re
from dataclasses import dataclass
from functools import cache

from maild.texts.phrases import list_lines, load_words
from maild.texts.prose import Written
from maild.texts.sentences import shorten

LEAST_LATIN = 0.7  # of the letters; Russian with a Latin word or two is Russian
LEAST_SHARE = 0.3  # of the words
LEAST_STRONG = 2  # words that are Russian and nothing else

_WORD = re.compile(r"[^\W\d_][^\W_]*(?:['’][^\W_]+)*|4[^\W\d_]+")
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
# how Russian words end, and letters that are put for one Russian letter; no word of another language has both often
_SHAPED = re.compile(
    r".{2,}(?:aet|yaet|aetsya|itsya|yatsya|tsya|tsia|ayut|yut|ogo|ego|omu|emu|yami|ovat|irovat|yat|ayte|ajte|aite|ite|yte|ujte|uyte|uite"
    r"|aya|uyu|yye|yj|yi|yy|ij|iy|oye|nost|nosti|enie|eniya|eniye|anie|aniya|iyu|iya|iyi|ennyj|ennyy|ennaya|yvat|ili|ali|yli|ila|yla|ykh|ikh|zii|tsii|cii)"
    r"|.*(?:shch|kh.|zh|yu|ya[^n]|yo)[a-z]*"
)


@dataclass(frozen=True)
class _Vocabulary:
    whole: frozenset[str]
    beginnings: tuple[str, ...]
    weak: frozenset[str]

    def knows(self, word: str) -> bool:
        return word in self.whole or word.startswith(self.beginnings)


def find_translit(written: Written) -> str | None:
    """Return how much of the text is Russian in Latin letters, and its first words; or None."""
    words = _words(written)
    strong = [word for word in words if _vocabulary().knows(word)]
    if not _is_russian(words, strong):
        return None
    return shorten(f"{len(strong)} of {len(words)} words are Russian in Latin letters: {' '.join(words[:6])}")


def is_translit(written: Written) -> bool:
    """Whether the text is Russian in Latin letters."""
    return find_translit(written) is not None


def _words(written: Written) -> list[str]:
    text = "\n".join(written.plain)
    if len(_LATIN.findall(text)) < LEAST_LATIN * len(_LETTER.findall(text)):
        return []
    return [word.casefold() for word in _WORD.findall(text)]


def _is_russian(words: list[str], strong: list[str]) -> bool:
    shaped = sum(_SHAPED.fullmatch(word) is not None for word in words if not _vocabulary().knows(word))
    distinct = len(set(strong)) + (1 if strong and shaped else 0)
    if not words or distinct < min(LEAST_STRONG, max(1, len(words) - 1)):
        return False
    foreign = sum(word in load_words("latin") for word in words)
    weak = sum(word in _vocabulary().weak for word in words)
    return len(strong) + (weak + shaped) / 2 >= LEAST_SHARE * len(words) and len(strong) > 1.5 * foreign


@cache
def _vocabulary() -> _Vocabulary:
    whole, beginnings, weak = set[str](), set[str](), set[str]()
    for line in list_lines("translit"):
        for word in line.split():
            if line.startswith("~"):
                weak.add(word)
            elif word.endswith("*"):
                beginnings.add(word[:-1])
            else:
                whole.add(word)
    return _Vocabulary(frozenset(whole), tuple(sorted(beginnings)), frozenset(weak - {"~"}))
