"""A request cut into passages: the words of each that may tell what it is about. Pure.

Who writes a long letter tells much that they do not ask about, so that an answer is looked for to one passage at a time.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from maild.faq.stop_words import CLOSINGS, STOP_WORDS, USUAL_WORDS
from maild.language.words import Token, fold, is_ukrainian, split_words, stem

MAX_TEXT = 12_000  # characters of a text that are read
MAX_WORDS = 600  # telling words of a request
LONGEST = 24  # telling words of one passage
WHOLE = 12  # telling words of a request that is looked up as a whole besides
STEP = 12  # telling words from one passage to the next in a stretch without sentences

_SENTENCE_ENDS = re.compile(r"[!?….](?=\s|$)|\n\s*\n|\n(?=\s*[-*•–—\d])|;")
_ASKS = re.compile(
    r"\?|\b(?:как|где|куда|откуда|когда|почему|зачем|сколько|можно|нельзя|подска\w+|помог\w+|прошу|просим|нужн\w+|надо|хот\w+|не|нет|нету|ошибк\w+|"
    r"пришл\w+|вернит\w+|выстав\w+|объясн\w+|что|як|де|чому|чи|потрібно|підкаж\w+|"
    r"how|where|when|why|what|can|cannot|not|no|need|please|error|fails?)\b",
    re.IGNORECASE,
)
_DISMISSED = re.compile(
    r"\b(?:дело|вопрос|проблема|речь|я|это|справа|питання|проблем|it'?s|is)?\s*(?:не|not)\s+(?:про|о|об|насч[её]т|в|about)\b",
    re.IGNORECASE,
)
_HYPHEN = re.compile("[-\u2010\u2011]")
DISMISSES = 2  # telling words after "не про": those it says it is not about


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may tell what a request is about."""

    text: str  # as written
    folded: str
    usual: bool = False  # said by nearly everybody: costs nothing where no entry has it
    ukrainian: bool = False  # as the text around it is


@dataclass(frozen=True)
class Passage:
    """What is looked up at once."""

    words: tuple[Word, ...]
    asks: bool = True  # whether it asks or complains, so far as its words show; else it only tells


def telling(text: str) -> list[Word]:
    """Return the words that may tell what a text is about, in order; what it says that it is not about is left out."""
    dismissed = [match.end() for match in _DISMISSED.finditer(text)]
    words: list[Word] = []
    ukrainian = is_ukrainian(text)
    skip, at = 0, 0
    for token in split_words(text):
        while at < len(dismissed) and dismissed[at] <= token.start:
            at, skip = at + 1, DISMISSES
        for part in _parts(token):
            rank = _rank(folded := fold(part))
            if rank == _STOP:
                continue
            if skip and rank == _TELLING:
                skip -= 1
                continue
            words.append(Word(part, folded, rank == _USUAL, ukrainian))
    return words


def cut(subject: str, text: str) -> tuple[list[Passage], int]:
    """Return the passages of a request, the whole of it where it is brief; and how many telling words it has in all.

    The subject stands in each, for it says what all of them are about.
    """
    about = _once(telling(subject[:MAX_TEXT]))[:LONGEST]
    sentences, left = [], MAX_WORDS
    for sentence in _sentences(unsigned(text[:MAX_TEXT])):
        words = telling(sentence)[:left]
        left -= len(words)
        if words:
            sentences.append((words, bool(_ASKS.search(sentence))))
    passages = [
        Passage(_once([*about, *words[first : first + LONGEST]]), asks)
        for words, asks in sentences
        for first in range(0, max(1, len(words) - LONGEST + STEP), STEP)
    ]
    if about:
        passages.append(Passage(about))
    if MAX_WORDS - left <= WHOLE:
        passages.append(Passage(_once([*about, *(word for words, _ in sentences for word in words)])))
    return passages, len(about) + MAX_WORDS - left


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for match in _SENTENCE_ENDS.finditer(text):
        yield text[start : match.end()]
        start = match.end()
    yield text[start:]


def _once(words: Iterable[Word]) -> tuple[Word, ...]:
    return tuple({word.folded: word for word in words}.values())


def unsigned(text: str) -> str:
    """Return the text without the closing and what follows it, if little does."""
    lines = text.rstrip().split("\n")
    for at in range(max(1, len(lines) - 10), len(lines)):
        if lines[at].strip().casefold().startswith(CLOSINGS):
            return "\n".join(lines[:at])
    return text


def _parts(token: Token) -> list[str]:
    """Return the words of a token: "счёт-фактура" has two; "Z-отчёт" is one."""
    parts = _HYPHEN.split(token.text)
    return parts if min(map(len, parts)) > 1 else [token.text]


_TELLING, _USUAL, _STOP = range(3)


@lru_cache(16_384)
def _rank(folded: str) -> int:
    if folded in STOP_WORDS or folded.isdigit() or len(folded) == 1:
        return _STOP
    if folded in USUAL_WORDS:
        return _USUAL
    key = stem(folded)
    return _STOP if key in STOP_WORDS else _USUAL if key in USUAL_WORDS else _TELLING
