"""Codes of coupons: what they are made of, how they are checked, and how they are shown. Pure; randomness is handed in.

"7KQ4-MX2P-9TR5" is twelve characters in three groups, the last one a check character. In capitals, as they are issued,
none can be taken for another of them, in Latin or Cyrillic, printed or written by hand: without 0 O D, 1 I L, 8 B,
S (5), Z (2), G (6), N (И), V U Y, and without vowels, so that no code is a word, whatever alphabet it is read in. Every
group has a letter and a digit, so that no words and no years look like a code.

The check character is that of the pure systems of ISO/IEC 7064:2003 (MOD 11-2, MOD 37-2: Σ aᵢ·2ⁱ ≡ 1), here MOD 19-2:
19 characters, a prime, and 2 is a primitive root of it. So every single wrong character is found, and every two characters
that changed places, neighbours or not: the weights of two places never differ by a multiple of 19.
"""

import re
from collections.abc import Callable

from maild.contracts.lookalikes import alike, fold

__all__ = ["ALPHABET", "CODE", "fold", "has_shape", "has_valid_check", "issue_code", "shorten", "write_code"]

ALPHABET = "2345679CFHJKMPQRTWX"
LENGTH = 12  # 19¹¹ codes ÷ the mixed groups: 46 bits, beyond guessing where guesses are counted
GROUP = 4
_WEIGHT = 2
_MODULUS = len(ALPHABET)
_VALUES = {fold(character): value for value, character in enumerate(ALPHABET)}
_DIGITS = frozenset(fold(character) for character in ALPHABET if character.isdigit())
_SHOWN = 4  # characters of a code that people are shown


def _any_of(characters: str) -> str:
    return "[" + re.escape("".join(alike(character) for character in characters)) + "]"


_ONE = _any_of(ALPHABET)
_DIGIT, _LETTER = _any_of("".join(filter(str.isdigit, ALPHABET))), _any_of("".join(filter(str.isalpha, ALPHABET)))
_GROUP = rf"(?={_ONE}{{0,3}}{_DIGIT})(?={_ONE}{{0,3}}{_LETTER}){_ONE}{{4}}"
_BETWEEN = r"[\s\-\u2010-\u2015\u2212_.·•>|*]{0,6}"  # also a line end with the marks of a quote
# A code as it may stand in a letter that is NFKC and has no invisible characters, no longer word around it. It begins
# with the set of characters itself, not with what must not stand before it: so the search skips to the first of them
CODE = re.compile(
    rf"{_ONE}(?<![^\W_].)(?<![^\W_][-\u2010-\u2015].)(?<=(?=(?:{_GROUP})).){_ONE}{{3}}{_BETWEEN}{_GROUP}{_BETWEEN}{_GROUP}(?![-\u2010-\u2015]?[^\W_])"
)


def issue_code(randbelow: Callable[[int], int]) -> str:
    """Return a new code as people write it; `randbelow(n)` yields a number from 0 up to n, n excluded (`secrets.randbelow`)."""
    while True:
        first = "".join(ALPHABET[randbelow(_MODULUS)] for _ in range(LENGTH - 1))
        code = first + _check(first)
        if has_shape(code):
            return write_code(code)


def _check(first: str) -> str:
    """Return the character that makes the weighted sum 1."""
    total = 0
    for character in first:
        total = (total + _VALUES[fold(character)]) * _WEIGHT % _MODULUS
    return ALPHABET[(1 - total) % _MODULUS]


def write_code(text: str) -> str:
    """Return a code of our shape as it is issued, capitals in groups; any other text stripped, as it is."""
    key = fold(text)
    if not has_shape(text):
        return text.strip()
    code = "".join(ALPHABET[_VALUES[character]] for character in key)
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def has_shape(text: str) -> bool:
    """Whether `text` could be a code of ours, however it is spelt, whatever its check character."""
    key = fold(text)
    groups = [key[at : at + GROUP] for at in range(0, len(key), GROUP)]
    return (
        len(key) == LENGTH
        and all(character in _VALUES for character in key)
        and all(0 < sum(character in _DIGITS for character in group) < GROUP for group in groups)
    )


def has_valid_check(text: str) -> bool:
    """Whether `text` is a code of our shape whose check character is right; a code that is not was mistyped, or never ours."""
    key = fold(text)
    return has_shape(text) and ALPHABET[_VALUES[key[-1]]] == _check(key[:-1])


def shorten(code: str) -> str:
    """Return what people are shown of a code, "…9TR5": four characters, of a short one not even half of it."""
    kept = "".join(character for character in code if character.isalnum())
    return "…" + kept[len(kept) - min(_SHOWN, len(kept) // 3) :]
