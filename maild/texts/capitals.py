"""All of a text in capital letters (FN-15). Abbreviations, names, a shouted word, a quoted message are no offence."""

import re

from maild.texts.phrases import load_words
from maild.texts.prose import Written

LEAST_LETTERS = 16  # of words in capitals; "СРОЧНО!" and "ПОМОГИТЕ" are a shout
LEAST_SHARE = 0.7  # of the letters; a greeting and a signature may be in small ones
LEAST_WORDS = 3  # of four letters or more: fewer are a name, abbreviations
_LONG = 4

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def find_capitals(written: Written) -> str | None:
    """Return how much of the text is in capitals, or None where it is no matter."""
    words = [word for line in written.plain for word in _WORD.findall(line) if word.upper() != word.lower()]
    shouted = [word for word in words if len(word) > 1 and word.isupper()]
    letters = sum(map(len, words))
    capitals = sum(map(len, shouted))
    if capitals < LEAST_LETTERS or capitals < LEAST_SHARE * letters or not _is_speech(shouted):
        return None
    return f"{capitals} of {letters} letters are in capitals: {' '.join(shouted[:3])}"


def _is_speech(shouted: list[str]) -> bool:
    """Whether words in capitals say something; names, requisites, headings have none of the small words of speech."""
    small = [word.casefold() for word in shouted]
    particles = sum(word in load_words("particles") for word in small)
    verbs = sum(word.endswith(_VERBAL) and len(word) > _LONG for word in small)
    return particles + verbs > 0 and sum(len(word) >= _LONG for word in shouted) >= LEAST_WORDS


# endings of Russian and Ukrainian verbs; "ДОГОВОР", "ИВАНОВ", "РОМАШКА" have none of them
_VERBAL = ("ите", "йте", "ется", "ится", "лся", "лась", "лись", "ться", "ает", "яет", "уют", "ают", "или", "али", "іть", "ться", "ється")  # fmt: skip
