"""A text as sentences of plain words, and where each word stands in it. Pure."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

MAX_EVIDENCE = 80  # characters
MAX_WORD = 40  # letters of a word; no word of a person is longer

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u0300-\u0305\u0307\u0309-\u036f\u0489]"
)
_PIECE = re.compile(r"[^\W_]+(?:['’ʼ`-][^\W_]+)*|[.!?…\n]+|[,;:()—–-]")
_APOSTROPHES = str.maketrans("’ʼ`", "'''")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN_TWINS = str.maketrans("aceopxyikmthb", "асеорхуікмтнв")


@dataclass(frozen=True)
class Sentences:
    """Words in small letters with single blanks, "." where a sentence ends, "," between its parts; and their places."""

    text: str
    plain: str  # " . вы идиоты , ничего не работает . "
    _places: tuple[tuple[int, int, int], ...]  # where a word stands in `plain`, and from where to where in `text`

    def sentence(self, at: int) -> str:
        """Return the sentence around a place of `plain`, its edges included."""
        start = self.plain.rfind(" . ", 0, at + 1)
        end = self.plain.find(" . ", max(at + 1, start + 3))
        return self.plain[max(start, 0) : end + 3 if end >= 0 else len(self.plain)]

    def written(self, start: int, end: int) -> str:
        """Return the words of `plain[start:end]` as they are written, in one line."""
        starts = [place[0] for place in self._places]
        first, last = bisect_right(starts, start), bisect_right(starts, end - 1)
        within = self._places[max(first - 1, 0) : last]
        within = tuple(place for place in within if start <= place[0] < end)
        return shorten(self.text[within[0][1] : within[-1][2]]) if within else ""


def read_sentences(text: str) -> Sentences:
    """Return the sentences of a text; a line that ends ends one."""
    plain, places, length, edge = [" . "], [], 3, True
    for match in _PIECE.finditer(text):
        mark = match[0][0]
        if mark.isalnum():
            word = plain_word(match[0])
            places.append((length, match.start(), match.end()))
            edge = False
        elif mark in ".!?…\n":
            if edge:
                continue
            word, edge = ".", True
        else:
            word = ","
        plain.append(f"{word} ")
        length += len(word) + 1
    plain.append("" if edge else ". ")
    return Sentences(text, "".join(plain), tuple(places))


def plain_word(word: str) -> str:
    """Return a word in small letters, ё as е, without what nobody sees; Latin letters among Cyrillic ones as those."""
    small = word[:MAX_WORD].casefold()
    if small.isascii():
        return small
    small = INVISIBLE.sub("", unicodedata.normalize("NFKC", small)).replace("ё", "е").translate(_APOSTROPHES)
    return small.translate(_LATIN_TWINS) if _CYRILLIC.search(small) else small


def shorten(text: str) -> str:
    """Return a text in one line that is no longer than evidence may be."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_EVIDENCE else f"{line[: MAX_EVIDENCE - 1].rstrip()}…"
