"""Phrases of many languages, looked up fast and without regard to case, accents, punctuation and line breaks. Pure.

A letter is squeezed once and then asked about as many tables as need be: a look-up is a search for plain strings, which
takes time linear in the text whatever a stranger wrote.
"""

import re

from maild.language.accents import normalize

_WORD = re.compile(r"[^\W_]+")
_ACCENT = re.compile(r"[\u0300-\u036f]")
_UNDECOMPOSED = str.maketrans("łøđıæœ", "lodiao")  # what Unicode does not take apart and careless servers leave out


def squeeze(text: str) -> str:
    """Return the words of a text, lower-case, without accents, with one blank before, between and after them.

    Ё is е, й is и, ß is ss, "couldn't" is two words; phrases are squeezed in the same way, so nobody need know.
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = _ACCENT.sub("", normalize("NFKD", plain)).translate(_UNDECOMPOSED)
    return f" {' '.join(_WORD.findall(plain))} "


class Phrases:
    """A table of phrases, written one language a line: `en: out of office | away until`.

    A phrase matches whole words; with a star at its end, any ending: "отсутству*".
    """

    def __init__(self, table: str) -> None:
        lines = (line.partition(":")[2] for line in table.strip().splitlines())
        phrases = (phrase.strip() for line in lines for phrase in line.split("|"))
        squeezed = (squeeze(p).rstrip() if p.endswith("*") else squeeze(p) for p in phrases)
        self._phrases = tuple(dict.fromkeys(phrase for phrase in squeezed if phrase.strip()))
        self._whole = frozenset(self._phrases)

    def find(self, squeezed: str) -> str | None:
        """Return a phrase that stands in a squeezed text, or None."""
        return next((phrase.strip() for phrase in self._phrases if phrase in squeezed), None)

    def begins(self, squeezed: str) -> str | None:
        """Return the longest phrase with which a squeezed text begins, or None."""
        if not squeezed.startswith(self._phrases):
            return None
        return max((phrase.strip() for phrase in self._phrases if squeezed.startswith(phrase)), key=len)

    def is_one(self, squeezed: str) -> bool:
        """Whether a squeezed text is one of the phrases and nothing more."""
        return squeezed in self._whole

    def __len__(self) -> int:
        return len(self._phrases)
