"""A part of a letter made ready for looking for numbers and names in it. Pure.

Compatibility forms are undone (NFKC), invisible characters are gone, "№" is "#"; small letters stand beside the text at the
same places. What is looked for is found by plain search; patterns only read what stands around it, so that a megabyte
of text takes a fraction of what a pattern over all of it would.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from maild.language.accents import normalize

MAX_FOUND = 100  # places of one word that are read closely
MAX_NUMBERS = 1_000  # words with a digit that are looked at
MAX_TEXT = 250_000  # characters of a part that are read: four fifths at its top, the rest at its end
MAX_LINES = 400  # at the top of a part, and 100 at its end, where people sign and forms have their fields
_LAST_LINES = 100
_LINE = 200  # characters; what is longer is a paragraph
_WINDOW = 160  # characters read behind a word
_WORD = 41  # characters of what may be a number: one more than that
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
_SUFFIX = re.compile(r"[^\W\d_]{0,6}")
_PIECE = re.compile(r"[:=#|]|[^\s:=#|,;!?()\[\]<>\"«»“”„*]+")
_DIGIT = re.compile(r"[0-9]")
_LEFT = re.compile(r"[\w/.\-\u2010-\u2015]*\Z")
_RIGHT = re.compile(r"[\w/.\-\u2010-\u2015]*")
_NO_SENTENCE = frozenset(("no", "n", "г", "н"))
_ENDS = frozenset(",;!?)")
_DATE = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}(?:г|года?)?\.?")


@dataclass(frozen=True)
class Word:
    """A word behind another one, or a mark: a colon, "=", "#" for "№"."""

    text: str
    ends: bool = False  # a sentence, or a list's item, ends with it

    @property
    def lower(self) -> str:
        """In small letters."""
        return self.text.lower()

    @property
    def is_mark(self) -> bool:
        """Whether it is no word."""
        return self.text in ":=#|" or not any(character.isalnum() for character in self.text)

    @property
    def has_digit(self) -> bool:
        """Whether a digit stands in it."""
        return any(character.isdigit() for character in self.text)


@dataclass(frozen=True)
class Region:
    """A part of a letter, and what it is called in evidence."""

    place: str
    text: str
    lower: str  # of the same length

    def has(self, word: str) -> bool:
        """Whether a word, in small letters, begins or stands anywhere."""
        return word in self.lower

    def find(self, words: tuple[str, ...], *, whole: bool = False) -> Iterator[int]:
        """Yield where each of `words` ends, in any of its forms, in no order; only whole words, or their beginnings."""
        for word in words:
            at = -1
            for _ in range(MAX_FOUND):
                at = self.lower.find(word, at + 1)
                if at < 0:
                    break
                end = at + len(word)
                begins = at == 0 or not self.lower[at - 1].isalnum()
                if not begins or (whole and self.lower[end : end + 1].isalnum()):
                    continue
                suffix = _SUFFIX.match(self.lower, end) if not whole else None
                yield suffix.end() if suffix else end

    def lines(self) -> Iterator[str]:
        """Yield the lines at the top and at the end that are short enough to be a name or a field."""
        lines = self.text.split("\n", MAX_LINES)
        below = lines.pop() if len(lines) > MAX_LINES else ""
        yield from (line for line in lines if 0 < len(line) <= _LINE)
        yield from (line for line in below.rsplit("\n", _LAST_LINES)[1:] if 0 < len(line) <= _LINE)

    def numbers(self) -> Iterator[str]:
        """Yield the words with a digit, dashes, dots and slashes within them included; none longer than a number is."""
        at = 0
        for _ in range(MAX_NUMBERS):
            match = _DIGIT.search(self.text, at)
            if match is None:
                return
            start = max(at, match.start() - _WORD)
            left = _LEFT.search(self.text[start : match.start()])
            begin = start + left.start() if left else match.start()
            right = _RIGHT.match(self.text, match.start())
            at = right.end() if right else match.end()
            word = self.text[begin:at].strip("./-_")
            if (
                len(word) < _WORD
                and not self.text.startswith("@", at)
                and self.text[begin - 1 : begin] not in ("@", "&", "?", "=", "%")
            ):
                yield word


def read_region(place: str, text: str) -> Region:
    """Return a part of a letter made ready."""
    if len(text) > MAX_TEXT:
        text = f"{text[: MAX_TEXT * 4 // 5]}\n\n{text[-MAX_TEXT // 5 :]}"
    for character in _INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    text = text.replace("№", "#").replace("\u0130", "I")  # the one letter whose small form is two characters
    text = normalize("NFKC", text)
    return Region(place, text, text.lower())


def words_after(region: Region, at: int) -> list[Word]:
    """Return the words and marks that follow a place, up to an empty line, at most some twenty of them."""
    window = region.text[at : at + _WINDOW].partition("\n\n")[0]
    words: list[Word] = []
    for match in _PIECE.finditer(window):
        if match[0].startswith(".."):
            break  # "…9TR5": what maild itself has shortened
        text = match[0].strip("'`.-–—_/")
        if match[0] in (":", "=", "#", "|"):
            words.append(Word(match[0]))
        elif text:
            behind = window[match.end() : match.end() + 1]
            stops = match[0].endswith(".") and text.lower() not in _NO_SENTENCE
            words.append(Word(text, ends=stops or behind in _ENDS or (behind == "\n" and not match[0].endswith("-"))))
    return words


def is_date(text: str) -> bool:
    """Whether a word is a date; a month and a year are not: agreements are numbered like that."""
    return _DATE.fullmatch(text.lower()) is not None
