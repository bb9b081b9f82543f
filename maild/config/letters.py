"""Letters that look alike in Latin and Cyrillic: whoever mixes them sees nothing wrong. Pure."""

import re

_LATIN = dict(zip("авсеіјкморԛѕтухԝАВСЕНІЈКМОРԚЅТУХԜ", "abceijkmopqstyxwABCEHIJKMOPQSTYXW", strict=True))


def to_latin(words: str) -> str | None:
    """Return dotted words with every Cyrillic look-alike in a Latin word made Latin.

    None where there is none, where a word would not be ASCII then, or where one has no Latin letter at all: that is a
    word of another language, not a slip of the keyboard.
    """
    latin = "".join(_LATIN.get(letter, letter) for letter in words)
    if latin == words or not latin.isascii():
        return None
    slips = (word for word in re.split(r"[^\w-]+", words) if not word.isascii())
    return latin if all(re.search("[A-Za-z]", word) for word in slips) else None


def retype(words: str) -> str:
    """Return what to do about words with Cyrillic look-alikes in them."""
    return f"In it {cyrillic_in(words)}: type it again with the keyboard on English."


def cyrillic_in(words: str) -> str:
    """Say which letters are Cyrillic look-alikes: "the letters е, о are Cyrillic"."""
    letters = list(dict.fromkeys(letter for letter in words if letter in _LATIN))
    several = f"the letters {', '.join(letters)} are Cyrillic"
    return f"the letter {letters[0]} is Cyrillic" if len(letters) == 1 else several
