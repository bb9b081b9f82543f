"""The words of a text, which of them are forms of one word, and phrases to look for."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from maild.language.dictionaries import find_keys, find_lexeme, has_word

MAX_WORDS = 20_000  # of a text; a letter of a person has under 2,000, what is longer is a log
MAX_LENGTH = 40  # letters of a word that a dictionary is asked about; what is longer is a key, a path, an encoding
MAX_COMPARED = 256  # characters of a word that are compared; normalizing may make one into 18
MAX_PHRASE = 20  # words of a phrase
MIN_PREFIX = 2  # letters before an asterisk
MAX_EVIDENCE = 120  # characters that are quoted

_IGNORED = (
    "\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f"  # soft hyphens, zero-width characters, accents that stand alone
)
_APOSTROPHES = "'\u2018\u2019\u02bc`\u00b4"
_HYPHENS = "-\u2010\u2011"  # the first in a class of characters, so that it makes no range
_INNER = f"[{_HYPHENS}{_APOSTROPHES}]?[{_IGNORED}]*+[^\\W_][{_IGNORED}]*+"
_WORD = re.compile(f"[^\\W_][{_IGNORED}]*+(?:{_INNER})*+")
_PART = re.compile(f"[^{_HYPHENS}]+")


class Token(NamedTuple):  # a long letter has thousands
    """A word as it is written, and where: `text[start:end]`."""

    text: str
    start: int
    end: int


def split_words(text: str) -> list[Token]:
    """Return the words of a text in order, at most MAX_WORDS; one with inner hyphens or apostrophes is one word."""
    return [Token(match[0], match.start(), match.end()) for match in islice(_WORD.finditer(text), MAX_WORDS)]


def forms(word: str, *, ukrainian: bool = False) -> frozenset[str]:
    """Return the keys of a word: two words are forms of one word if and only if their keys meet.

    `ukrainian`: whether the text is (`is_ukrainian`), so that "стола" is стіл as well as стол.
    """
    return frozenset(_find_keys(fold(word), ukrainian=ukrainian))


def stem(word: str, *, ukrainian: bool = False) -> str:
    """Return one key of a word for an index: its likeliest lemma, in small letters, with е for ё."""
    return _find_keys(fold(word), ukrainian=ukrainian)[0]


def _find_keys(folded: str, *, ukrainian: bool) -> tuple[str, ...]:
    return (folded,) if len(folded) > MAX_LENGTH else find_keys(folded, ukrainian=ukrainian)


def is_ukrainian(text: str) -> bool:
    """Whether a text has letters that Russian does not, and more than a name's: one in fifty; usual is one in twelve."""
    return sum(map(text.count, "іїєґІЇЄҐ")) * 50 >= max(len(text), 1)


def inflections(word: str) -> frozenset[str]:
    """Return how the forms of a word are spelt, folded; the word alone where no dictionary has it."""
    folded = fold(word)
    if len(folded) > MAX_LENGTH or not _CYRILLIC.search(folded):
        return frozenset({folded})
    return frozenset({folded, *map(fold, find_lexeme(folded))})


def is_known(word: str) -> bool:
    """Whether the Russian or the Ukrainian dictionary has a word as it is spelt."""
    folded = fold(word)
    return len(folded) <= MAX_LENGTH and _CYRILLIC.search(folded) is not None and has_word(folded)


_DROPPED = re.compile(f"[{_IGNORED}]")
_SAME = str.maketrans({"ё": "е", "ѐ": "е", "ѝ": "и"} | dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_HYPHENS, "-"))
_LETTERS = ("aceopxyikmthb", "асеорхуікмтнв")
_STRESSED = ("áéóýàèòëï", "аеоуаеоеї")  # a stressed vowel is often typed as a Latin one
_TO_LATIN = str.maketrans(_LETTERS[1], _LETTERS[0])
_TO_CYRILLIC = str.maketrans(_LETTERS[0] + _STRESSED[0], _LETTERS[1] + _STRESSED[1])
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z\u00df-\u024f]")
_MIXING = re.compile("[0-9a-z\u00df-\u024f]")


def fold(word: str) -> str:
    """Return a word as it is compared: in small letters, with е for ё, without accents and what nobody sees.

    One that mixes scripts (сaйт with a Latin a) is turned into one script, where letters that look alike allow it;
    so is one with digits, "1С" of the Russian firm being typed either way.
    """
    return _fold(word[:MAX_COMPARED])


@lru_cache(32_768)  # people use the same few thousand words
def _fold(word: str) -> str:
    if word.isascii():
        return word.lower().translate(_SAME)
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", word).casefold()).translate(_SAME)
    if _CYRILLIC.search(plain) and _MIXING.search(plain):
        return "-".join(map(_unmix, plain.split("-")))
    return plain


def _unmix(part: str) -> str:
    """Return a part of a word in Latin letters alone if that can be, else in Cyrillic ones, else as it is."""
    if not (_CYRILLIC.search(part) and _MIXING.search(part)):
        return part
    latin, cyrillic = part.translate(_TO_LATIN), part.translate(_TO_CYRILLIC)
    return latin if not _CYRILLIC.search(latin) else cyrillic if not _LATIN.search(cyrillic) else part


@dataclass(frozen=True)
class Sought:
    """One word of a phrase, folded."""

    word: str
    prefix: bool = False  # whether any word counts that begins so
    after_end: bool = False  # whether a sentence may end before it


@dataclass(frozen=True)
class Phrase:
    """Words to look for in a text, in any of their forms: next to each other, in this order, in one sentence."""

    source: str
    words: tuple[Sought, ...]


def compile_phrase(source: str) -> Phrase:
    """Return the phrase. Raises ValueError, whose text completes "expected …", where it could never be found."""
    tokens = split_words(source)
    if not tokens:
        raise ValueError('words to look for, such as "не работает": this has no letter and no digit')
    if len(tokens) > MAX_PHRASE:
        raise ValueError(f"at most {MAX_PHRASE} words, since they must stand next to each other in a letter")
    words = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        prefix = source.startswith("*", token.end)
        if prefix and len(fold(token.text)) < MIN_PREFIX:
            raise ValueError(f'at least {MIN_PREFIX} letters before "*"')
        words.append(Sought(fold(token.text), prefix, before is not None and _ends_between(source, before, token)))
    if source.count("*") != sum(word.prefix for word in words):
        raise ValueError('"*" only at the end of a word: "хостинг*" finds every word that begins so')
    return Phrase(source, tuple(words))


_END = re.compile(
    r"""[!?…]["'»”)\]]*\s   # a sentence
      | \.["'»”)\]]*\s
      | \n[^\S\n]*\n        # a paragraph
      | \n[^\S\n]*[-*•–—]\s # an item of a list
    """,
    re.VERBOSE,
)


def _ends_between(text: str, before: Token, after: Token) -> bool:
    """Whether a sentence or paragraph ends between two neighbours. The point of "т. е." and "А. Иванов" ends none."""
    if after.start - before.end <= 1:
        return False
    end = _END.search(text, before.end, after.start)
    return end is not None and not (text[end.start()] == "." and end.start() == before.end and len(before.text) == 1)


_LAST = "\U0010ffff"  # is sorted behind every letter
Span = tuple[int, int]  # the number of the first unit, and of the one after the last


class WordText:
    """A text whose words can be looked for, whatever their form. The first phrase pays for the index, the rest do not.

    Words with hyphens are taken apart into units, so that "интернет-магазин" is found by "магазин", by "интернет
    магазин" and as a whole; "wi-fi" also by "wifi".
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.ukrainian = is_ukrainian(text)

    @cached_property
    def tokens(self) -> list[Token]:
        """The words in order."""
        return split_words(self.text)

    def find(self, phrase: Phrase) -> str | None:
        """Return the words that are found first, as they are written, or None."""
        words = [(sought, set(self._find_matching(sought))) for sought in phrase.words]
        if any(not matching and "-" not in sought.word for sought, matching in words):
            return None  # the usual end, without a look at how often the other words stand there
        runs: dict[int, int] | None = None  # where the words so far have ended: where they began
        for sought, matching in words:
            runs = self._extend(runs, self._find_spans(sought, matching), across=sought.after_end)
            if not runs:
                return None
        begin, end = min((begin, end) for end, begin in (runs or {}).items())
        written = self.text[self._units[begin].start : self._units[end - 1].end]
        return " ".join(written[: MAX_EVIDENCE * 2].split())[:MAX_EVIDENCE]

    def _extend(self, runs: dict[int, int] | None, spans: Iterable[Span], *, across: bool = False) -> dict[int, int]:
        """Return the runs that go on with one of the spans; without runs, those that begin with one."""
        extended: dict[int, int] = {}
        for start, end in spans:
            begin = start if runs is None else runs.get(start)
            if begin is not None and (runs is None or across or start not in self._ended):
                extended[end] = min(begin, extended.get(end, begin))
        return extended

    def _find_spans(self, sought: Sought, matching: Iterable[str]) -> Iterator[Span]:
        """Yield where one word of a phrase stands, whole or in parts."""
        for word in matching:
            yield from self._places[word]
        *heads, last = sought.word.split("-")
        if not heads:
            return
        runs: dict[int, int] | None = None
        for part in [*map(Sought, heads), Sought(last, sought.prefix)]:
            runs = self._extend(runs, (span for word in self._find_matching(part) for span in self._places[word]))
        yield from ((begin, end) for end, begin in (runs or {}).items())

    def _find_matching(self, sought: Sought) -> Iterator[str]:
        """Yield the words of the text that one word of a phrase means, folded."""
        for word in {sought.word, sought.word.replace("-", "")}:
            if sought.prefix:
                first, last = bisect_left(self._sorted, word), bisect_left(self._sorted, word + _LAST)
                yield from self._sorted[first:last]
            else:
                for key in _find_keys(word, ukrainian=self.ukrainian):
                    yield from self._by_key.get(key, ())

    @cached_property
    def _units(self) -> list[Token]:
        parts = (
            Token(part[0], token.start + part.start(), token.start + part.end())
            for token in self.tokens
            for part in _PART.finditer(token.text)
        )
        return list(islice(parts, MAX_WORDS))

    @cached_property
    def _places(self) -> dict[str, list[Span]]:
        """Where each folded word stands: the units, and what hyphens join."""
        places: dict[str, list[Span]] = {}
        for n, unit in enumerate(self._units):
            places.setdefault(fold(unit.text), []).append((n, n + 1))
        numbers = {unit.start: n for n, unit in enumerate(self._units)}
        ends = {unit.end: n + 1 for n, unit in enumerate(self._units)}
        for token in self.tokens:
            span = (numbers.get(token.start, 0), ends.get(token.end, 0))
            if span[1] - span[0] > 1:
                whole = fold(token.text)
                places.setdefault(whole, []).append(span)
                places.setdefault(whole.replace("-", ""), []).append(span)
        return places

    @cached_property
    def _by_key(self) -> dict[str, list[str]]:
        """The folded words that have a key."""
        words: dict[str, list[str]] = {}
        for word in self._places:
            for key in _find_keys(word, ukrainian=self.ukrainian):
                words.setdefault(key, []).append(word)
        return words

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._places)

    @cached_property
    def _ended(self) -> set[int]:
        """Before which units a sentence has ended."""
        pairs = zip(self._units, self._units[1:], strict=False)
        return {n for n, (before, after) in enumerate(pairs, start=1) if _ends_between(self.text, before, after)}
