"""Which entries of a FAQ answer a request: none rather than a wrong one. Pure.

BM25 over lemmas tells which of two entries fits better, but not whether the better one fits at all: its sums grow with the
length of a letter and mean something else in every FAQ. So the sum is only one of six things that are looked at, each
between 0 and 1 or nearly so, and a logistic curve makes one figure of them, which means the same everywhere. Its
weights were fitted to the labelled questions of `tests/faq` (docs/faq.md tells how well, and how well on unseen ones).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from math import exp, log

from maild.faq.entry import Entry, Found
from maild.faq.passages import Passage, Word, cut, telling
from maild.faq.vocabulary import Vocabulary
from maild.language.words import stem

THRESHOLD = 0.35
MOST = 3
BESIDE = 0.95  # how sure an entry must be, of the surest one, to be suggested beside it for the same words
CANDIDATES = 8  # entries that are looked at closely, for one passage
SHOWN = 8  # words of evidence

WORDS, TITLE, QUESTIONS, ANSWER = 1.0, 0.8, 0.7, 0.15  # what a word is worth by where the entry has it
MAX_ANSWER = 2_000  # characters of an answer that are read
USUAL = 0.6  # what a word is worth that nearly everybody says
UNKNOWN = 0.45  # what a word of a request costs that no entry has; 1: as much as the rarest one that some have
LEAST = 0.3  # what a word costs at least that many entries have


@dataclass(frozen=True)
class _Indexed:
    entry: Entry
    weights: dict[int, float]  # of its terms
    phrases: tuple[tuple[int, ...], ...]  # each of its words, the title, each question; as terms


@dataclass(frozen=True)
class _Heard:
    """What a passage says of one term."""

    sure: float  # how surely it is that term
    word: Word


class FaqIndex:
    """The entries of an organisation, ready to be looked up; built once for a configuration, never changed."""

    def __init__(self, entries: Iterable[Entry] = (), *, names: Iterable[str] = ()) -> None:
        """Take the entries, and the names of organisation and product: everybody says them, so that they tell nothing."""
        self._names = frozenset(word.folded for name in names for word in telling(name))
        self._name_keys = frozenset(stem(name) for name in self._names)
        written = [(entry, _fields(entry)) for entry in entries]
        every = [words for _, fields in written for words, _ in fields]
        self._vocabulary = Vocabulary(every)
        self._entries = [self._indexed(entry, fields) for entry, fields in written]
        self._places: dict[
            int, list[tuple[int, float]]
        ] = {}  # of a term: the entries that have it, and its weight there
        for place, indexed in enumerate(self._entries):
            for term, weight in indexed.weights.items():
                self._places.setdefault(term, []).append((place, weight))
        usual = {self._vocabulary.number(word) for words in every for word in words if word.usual}
        self._rarest = _rarity(1, len(written))
        self._rarity = {
            term: _rarity(sum(weight > ANSWER for _, weight in places), len(written)) * (USUAL if term in usual else 1)
            for term, places in self._places.items()
        }

    def __bool__(self) -> bool:
        """Whether there are entries: without any, nobody needs to look a letter through."""
        return bool(self._entries)

    def find(
        self, subject: str, text: str, today: date, *, most: int = MOST, threshold: float = THRESHOLD
    ) -> tuple[Found, ...]:
        """Return the entries that answer a request, the surest first, those of equal score in the order of the file.

        A score, 0 to 1, grows with the chance that the entry answers, and means the same for every entry and FAQ.
        Never raises; time is bounded, whatever the text.
        """
        passages, total = cut(subject, text)
        best: dict[int, Found] = {}
        for passage in passages:
            for place, found in self._look_up(passage, total):
                if _is_valid(found.entry, today) and (place not in best or best[place].score < found.score):
                    best[place] = found
        ranked = [found for _, found in sorted(best.items(), key=lambda one: (-one[1].score, one[0]))]
        return tuple(islice(_side_by_side(found for found in ranked if found.score >= threshold), most))

    def _look_up(self, passage: Passage, total: int) -> Iterator[tuple[int, Found]]:
        """Yield the likeliest entries for one passage, by place, of a request of so many telling words."""
        heard: dict[int, _Heard] = {}
        gains: Counter[int] = Counter()
        asked = 0.0
        for word in passage.words:
            if self._is_name(word):
                continue
            means = self._vocabulary.means(word)
            cost = max((sure * self._rarity[term] for term, sure in means), default=UNKNOWN * self._rarest)
            asked += 0.0 if word.usual and not means else max(cost, 0.0 if word.usual else LEAST * self._rarest)
            gained: dict[int, float] = {}
            for term, sure in means:
                if term not in heard or heard[term].sure < sure:
                    heard[term] = _Heard(sure, word)
                for place, weight in self._places[term]:
                    gained[place] = max(gained.get(place, 0.0), sure * self._rarity[term] * weight)
            gains.update(gained)
        length = min(1.0, len(passage.words) / max(1, total))
        for place, gain in gains.most_common(CANDIDATES):
            cover, weight = self._best_phrase(place, heard)
            score = _score(
                share=min(1.0, gain / asked) if asked else 0.0,
                gain=gain / self._rarest,
                cover=cover,
                weight=weight / self._rarest,
                length=length,
                asks=passage.asks,
            )
            said = (heard[term].word.text for term in self._entries[place].weights if term in heard)
            shown = sorted(set(said), key=[word.text for word in passage.words].index)
            yield place, Found(entry=self._entries[place].entry, score=score, evidence=", ".join(shown[:SHOWN]))

    def _is_name(self, word: Word) -> bool:
        return bool(self._names) and (word.folded in self._names or stem(word.folded) in self._name_keys)

    def _best_phrase(self, place: int, heard: dict[int, _Heard]) -> tuple[float, float]:
        """Return how much of one phrase of an entry was heard, as a share and as a weight; of the one most of which was."""
        best = 0.0, 0.0
        weights = self._entries[place].weights
        for phrase in self._entries[place].phrases:
            whole = got = 0.0
            for term in phrase:
                worth = self._rarity[term] * weights[term]
                whole += worth
                if term in heard:
                    got += worth * heard[term].sure
            if whole and (got / whole) ** 2 * got > best[0] ** 2 * best[1]:
                best = got / whole, got
        return best

    def _indexed(self, entry: Entry, fields: list[tuple[list[Word], float]]) -> _Indexed:
        weights: dict[int, float] = {}
        phrases = []
        for words, weight in fields:
            terms = tuple(dict.fromkeys(self._vocabulary.number(word) for word in words))
            for term in terms:
                weights[term] = max(weight, weights.get(term, 0.0))
            if terms and weight > ANSWER:
                phrases.append(terms)
        return _Indexed(entry, weights, tuple(phrases))


def _score(*, share: float, gain: float, cover: float, weight: float, length: float, asks: bool) -> float:
    """Return how sure it is that an entry answers, 0 to 1, from what one passage of a request says.

    share   of what the passage says: how much the entry knows
    gain    how much the entry knows of it, in words that only one entry has
    cover   share of one phrase of the entry that was said, and its `weight` likewise in words
    length  share of the request that the passage is
    asks    whether the passage asks or complains
    """
    gain, weight = min(gain, 3.0), min(weight, 2.0)
    sure = -11.4 + 4.3 * share + 1.7 * gain + 1.9 * cover + 1.5 * cover * weight + 1.6 * length + 1.9 * asks
    return 1 / (1 + exp(-sure))


def _rarity(having: int, entries: int) -> float:
    """Return what a word tells that so many entries have, as BM25 counts it."""
    having = max(1, having)  # those that only answers have are rare enough
    return log(1 + (entries - having + 0.5) / (having + 0.5))


def _side_by_side(ranked: Iterable[Found]) -> Iterator[Found]:
    """Yield those that may stand beside the ones before them: they answer another question, or the same as surely."""
    surest, taken = 0.0, set[str]()
    for found in ranked:
        words = set(found.evidence.split(", "))
        surest = surest or found.score
        if found.score >= BESIDE * surest or taken.isdisjoint(words):
            taken |= words
            yield found


def _is_valid(entry: Entry, today: date) -> bool:
    return (entry.since is None or entry.since <= today) and (entry.until is None or today <= entry.until)


def _fields(entry: Entry) -> list[tuple[list[Word], float]]:
    return [
        *((telling(words), WORDS) for words in entry.words),
        (telling(entry.title), TITLE),
        *((telling(question), QUESTIONS) for question in entry.questions),
        (telling(entry.answer[:MAX_ANSWER]), ANSWER),
    ]
