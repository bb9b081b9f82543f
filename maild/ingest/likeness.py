"""Whether two letters of one author ask the same thing once more. Pure; the only file that imports rapidfuzz.

A resend differs from its first by what people put around it ("повторно отправляю, жду ответа") and by mended typing
errors. A different problem in nearly the same words differs by a word that stands *instead of* another one: a document
number, a date, a name, a device. So it is not the share of equal words that decides, but what the unequal ones are.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz.distance import Indel

from maild.ingest.clients.contact import judge
from maild.ingest.clients.lines import base_subject
from maild.ingest.clients.signature import find_closing_line
from maild.ingest.repeat_words import (
    BESIDE,
    COURTESY,
    EXPRESSLY,
    MONTH,
    NEGATIONS,
    NOT_APART,
    OF_THE_DAY,
    ONCE_MORE,
    OVER,
    SAYS_ONCE_MORE,
    TELLS_APART,
)

LEAST_WORDS = (
    4  # words that say something; "спасибо, всё работает" and "не получается" come again without being a resend
)
WHOLE_REQUEST = 12  # words of a text that stands for itself, whatever its subject says
MAX_WORDS = 5_000  # words compared with allowances; of longer texts only equal ones are the same
MAX_PREFACE = 20  # words above or below a request in which its author says that it is sent once more
MAX_ADDED = 0.1  # share of words that an edit may add or take away
MAX_SIGNED = 6  # lines from a closing to the end: whoever signs a resend asks nothing else
MAX_SHOWN = 8  # words quoted as evidence

_TOKEN = re.compile(r"\d{1,3}(?:[ \xa0\u2009\u202f]\d{3})++(?![\d-])(?:[.,]\d\d\b)?|[^\W_]+(?:[-./:,@'’][^\W_]+)*")
_SENTENCE_ENDS = re.compile(r"^$|[.!?\n]")  # nothing, or the end of a sentence or line, before a word

_DATE_OR_TIME = re.compile(
    r"\d{1,2}(?:[./-]\d{1,2}){1,2}(?:[./-]\d{2,4})?|\d{4}-\d\d-\d\d|\d{1,2}:\d\d(?::\d\d)?|20\d\d"
)
_DAY = re.compile(r"\d{1,2}")  # beside the name of a month
_DATE = re.compile(r"0?(\d{1,2})[./]0?(\d{1,2})[./](?:20)?(\d\d)")
_PENCE = re.compile(r"[.,]00$")
_LOOK_ALIKE = str.maketrans("aecopxykmthb", "аесорхукмтнв")  # "1C" and "1С": what the keyboard happened to write


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What one letter asks, as far as likeness is concerned."""

    subject: str  # "" for a letter that answers one: its subject is not its author's
    text: str  # the new words


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How like two letters are: `same` is the verdict, `similarity` (0 to 1) the share of equal words, `why` in words."""

    same: bool
    similarity: float
    why: str


def compare(earlier: Asked, later: Asked) -> Likeness:
    """Tell whether `later` asks what `earlier` asked, once more. Takes time bounded by MAX_WORDS squared: some 30 ms."""
    first, then = _Words(earlier), _Words(later)
    if then.text.count < WHOLE_REQUEST or first.text.count < WHOLE_REQUEST:
        return _compare(first.all, then.all)
    found = _compare(first.text, then.text)
    if found.same and (other := _other_marks(first.subject.keys, then.subject.keys)):
        return Likeness(same=False, similarity=found.similarity, why=f"another number in the subject: {other}")
    return found


class _Tokens:
    """The words of a text in order, courtesy left out; `keys` are equal where only the spelling of a word differs."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        self.keys: list[str] = []
        self.names: set[str] = set()  # words with a capital letter where none had to be
        end, courteous = 0, False
        for match in _TOKEN.finditer(text):
            word = "".join(match[0].casefold().split()).replace("ё", "е").replace("’", "'")
            gap, end = text[end : match.start()], match.end()
            courteous = word in COURTESY and (courteous or word not in OF_THE_DAY)
            if word and not courteous:
                self.tokens.append(word)
                self.keys.append(_key(word))
                if match[0][0].isupper() and not _SENTENCE_ENDS.search(gap):
                    self.names.add(word)

    @property
    def count(self) -> int:
        return len(self.tokens)


class _Words:
    def __init__(self, asked: Asked) -> None:
        self._subject, text = base_subject(asked.subject), _unsigned(asked.text)
        self._text = text
        self.text = _Tokens(text)

    @cached_property
    def subject(self) -> _Tokens:
        return _Tokens(self._subject)

    @cached_property
    def all(self) -> _Tokens:
        return _Tokens(f"{self._subject}\n{self._text}")


def _unsigned(text: str) -> str:
    """Return the text without the closing and the name that it ends with, if it does."""
    lines = text.rstrip().split("\n")
    for at in range(len(lines) - 1, max(-1, len(lines) - MAX_SIGNED), -1):
        if (rest := find_closing_line(lines[at])) is not None:
            signed = all(judge(line) is not None for line in (rest, *lines[at + 1 :]) if line.strip())
            return "\n".join(lines[:at]) if signed else text
    return text


def _compare(earlier: _Tokens, later: _Tokens) -> Likeness:
    first, then = earlier.tokens, later.tokens
    if earlier.keys == later.keys:
        if len(first) < LEAST_WORDS:
            return Likeness(same=False, similarity=1.0, why=f"too short to tell: {_shown(then) or 'no words'}")
        return Likeness(same=True, similarity=1.0, why="the same words")
    if max(len(first), len(then)) > MAX_WORDS:
        return Likeness(same=False, similarity=0.0, why=f"more than {MAX_WORDS} words, and not the same ones")
    changes = [_Change(first[a:b], then[c:d], at_start=a == 0) for a, b, c, d in _differences(earlier.keys, later.keys)]
    same, why = _judge(changes, base=len(first), names=earlier.names | later.names)
    return Likeness(same=same, similarity=Indel.normalized_similarity(earlier.keys, later.keys), why=why)


class _Change:
    """One place where the texts differ: what stood there before, what stands there now."""

    def __init__(self, gone: Sequence[str], come: Sequence[str], *, at_start: bool) -> None:
        self.gone, self.come = list(gone), list(come)
        self.apart = _tells_apart([*gone, *come])
        small_talk = any(map(SAYS_ONCE_MORE.search, come)) and all(_once_more(word) for word in come)
        expressly = at_start and any(map(EXPRESSLY.match, come)) and len(come) <= MAX_PREFACE
        self.preface = not (gone or self.apart) and (small_talk or expressly) and _only_dates(come)
        self.small_talk = not (gone and come) and all(ONCE_MORE.match(word) for word in (*gone, *come))

    def mends(self, names: set[str]) -> bool:
        """Whether one letter was mended behind the beginning of a word, or a space: beginnings and names carry meaning."""
        if self.gone and "".join(self.gone) == "".join(self.come) and not any(map(_is_mark, self.gone)):
            return True
        if len(self.gone) != 1 or len(self.come) != 1 or not names.isdisjoint(self.gone + self.come):
            return False
        (old,), (new,) = self.gone, self.come
        letters = f"{old}{new}".replace("-", "").isalpha()  # of an address each one counts
        return letters and old[:3] == new[:3] and min(len(old), len(new)) >= 5 and Indel.distance(old, new) <= 2


def _judge(changes: list[_Change], base: int, names: set[str]) -> tuple[bool, str]:
    """Return whether the changes of a text of `base` words leave the same request, and why."""
    mended: list[str] = []
    asides: list[str] = []
    edited: list[str] = []
    for change in changes:
        if change.preface:
            asides += change.come
        elif other := _other_marks(change.gone, change.come):
            return False, f"another number or date: {other}"
        elif change.mends(names):
            mended += change.come
        elif change.gone and change.come:
            return False, f"{_shown(change.come)!r} instead of {_shown(change.gone)!r}"
        elif any(word in NEGATIONS or word.endswith("n't") for word in change.gone + change.come):
            return False, f"a negation came or went: {_shown(change.gone + change.come)!r}"
        elif change.apart:
            return False, f"which one, or that it is over: {_shown(change.apart)!r}"
        elif not names.isdisjoint(change.gone + change.come):
            return False, f"a name came or went: {_shown(change.gone + change.come)!r}"
        elif change.small_talk:
            asides += change.come or change.gone
        else:
            edited += change.gone or change.come
    if len(edited) > MAX_ADDED * base:
        return False, f"too much was added or taken away: {_shown(edited)!r}"
    kept = base - sum(len(change.gone) for change in changes)
    if kept < LEAST_WORDS:
        return False, f"too few words in common: {kept}"
    parts = (("once more", asides), ("mended", mended), ("edited", edited))
    return True, "; ".join(f"{name}: {_shown(words)!r}" for name, words in parts if words)


def _differences(first: Sequence[str], then: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return the unequal stretches [a:b] of `first` and [c:d] of `then` between the equal ones, in order."""
    blocks = [
        (block.src_start, block.dest_start, block.src_end - block.src_start)
        for block in Indel.opcodes(first, then)
        if block.tag == "equal"
    ]
    edges = [(0, 0, 0), *blocks, (len(first), len(then), 0)]
    gaps = [(a + n, b, c + n, d) for (a, c, n), (b, d, _) in pairwise(edges)]
    return [gap for gap in gaps if gap[0] < gap[1] or gap[2] < gap[3]]


def _other_marks(gone: Sequence[str], come: Sequence[str]) -> str | None:
    """Return the words with digits that came or went, or None."""
    old, new = Counter(filter(_is_mark, gone)), Counter(filter(_is_mark, come))
    if old == new:
        return None
    return (
        f"{_shown(list((new - old).elements())) or 'none'} instead of {_shown(list((old - new).elements())) or 'none'}"
    )


def _is_mark(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _once_more(word: str) -> bool:
    """Whether a word belongs into "this letter of 12 November once more": the date of the first may be named."""
    return _is_mark(word) or bool(ONCE_MORE.match(word) or BESIDE.match(word) or MONTH.match(word))


def _only_dates(words: Sequence[str]) -> bool:
    """Whether the words with digits among these are dates and times: "12 ноября" is one, "ещё 3 письма" has none."""
    month = any(map(MONTH.match, words))
    return all(_DATE_OR_TIME.fullmatch(word) or (month and _DAY.fullmatch(word)) for word in words if _is_mark(word))


def _tells_apart(words: Sequence[str]) -> list[str]:
    """Return the words that make it another matter, however few they are."""
    text = " ".join(words)
    return OVER.findall(text) or [word for word in NOT_APART.sub(" ", text).split() if TELLS_APART.match(word)]


@lru_cache(32_768)  # people use the same few thousand words
def _key(word: str) -> str:
    """Return what two spellings of a word share: a date with and without its zeros, letters that look alike."""
    if date := _DATE.fullmatch(word):
        return ".".join(date.groups())
    return (_PENCE.sub("", word) if _is_mark(word) else word).translate(_LOOK_ALIKE)


def _shown(words: Sequence[str]) -> str:
    return " ".join(words[:MAX_SHOWN]) + (" …" if len(words) > MAX_SHOWN else "")
