"""The words of all entries, and which of them a word of a request means: a form of it, its kin, a slip of the keyboard. Pure."""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from maild.faq.passages import Word
from maild.faq.synonyms import synonyms
from maild.language.words import fold, forms, inflections, is_known, stem

KIN = 0.5  # how far "печатать" means "печать"
SAME = 0.9  # … and "виснуть" "зависать"
TYPO = 0.85  # … and "прентер" "принтер"
MAX_LENGTH = 30  # letters of a word that may be a slip
LONG = 8  # letters of a word in which there may be two slips
ROOT = 4  # letters that kin share at least
REMEMBERED = 16_384  # words of requests whose meaning is kept
_LAYOUT = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюе"
)  # what a Russian keyboard writes for the same keys

Meaning = tuple[tuple[int, float], ...]  # numbers of terms, and how surely


class Vocabulary:
    """The terms of an index: lemmas by number."""

    def __init__(self, phrases: Iterable[Sequence[Word]]) -> None:
        """Take the words of all entries, phrase by phrase."""
        self.terms: list[str] = []
        self._numbers: dict[str, int] = {}
        self._by_form: dict[str, list[int]] = {}
        self._written: dict[str, int] = {}  # folded, as entries have it, or as the dictionary does
        self._joined: dict[str, tuple[int, ...]] = {}  # "счётфактура": the terms of "счёт-фактура"
        for phrase in phrases:
            numbers = [self._add(word) for word in phrase]
            for one, other in pairwise(range(len(phrase))):
                together = phrase[one].folded + phrase[other].folded
                self._joined.setdefault(together, (numbers[one], numbers[other]))
        self._by_root: dict[str, list[int]] = {}
        for number, term in enumerate(self.terms):
            self._by_root.setdefault(term[:ROOT], []).append(number)
        self._cached = lru_cache(REMEMBERED)(self._means)

    def _add(self, word: Word) -> int:
        if word.folded in self._written:
            return self._written[word.folded]
        term = stem(word.folded)
        number = self._numbers.setdefault(term, len(self.terms))
        if number == len(self.terms):
            self.terms.append(term)
        self._written[word.folded] = number
        self._written.setdefault(term, number)
        for form in {*forms(word.folded, ukrainian=word.ukrainian), term}:
            if number not in (numbers := self._by_form.setdefault(form, [])):
                numbers.append(number)
        return number

    def number(self, word: Word) -> int:
        """Return the number of a word of an entry."""
        return self._written[word.folded]

    def means(self, word: Word) -> Meaning:
        """Return the terms that a word means, the surest first; () for a word that no entry has."""
        return self._cached(word.folded, usual=word.usual, ukrainian=word.ukrainian)

    def _means(self, folded: str, *, usual: bool, ukrainian: bool) -> Meaning:
        keys = forms(folded, ukrainian=ukrainian)
        found = self._exactly(folded, keys)
        if usual:  # "день" has nothing to do with "деньги"
            return tuple(sorted(found.items()))
        if not found and folded.isascii() and (typed := fold(folded.translate(_LAYOUT))) in self._written:
            found = {self._written[typed]: 1.0}
        if not found and ROOT < len(folded) <= MAX_LENGTH and not is_known(folded):
            found = self._misspelt(folded)
        for same in (same for key in sorted(keys) for same in synonyms().get(key, ())):
            for number in self._by_form.get(same, ()):
                found.setdefault(number, SAME)
        for term, sure in self._kin(keys).items():
            found.setdefault(term, sure)
        return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    def _exactly(self, folded: str, keys: frozenset[str]) -> dict[int, float]:
        found = {number: 1.0 for form in {*keys, folded} for number in self._by_form.get(form, ())}
        return found or dict.fromkeys(self._joined.get(folded, ()), 1.0)

    def _kin(self, keys: frozenset[str]) -> dict[int, float]:
        """Return the terms of the same root: "печать" for "печатать", "восстановление" for "восстановить"."""
        found = {}
        for key in keys:
            for number in self._by_root.get(key[:ROOT], ()):
                if _akin(key, self.terms[number]):
                    found[number] = KIN
        return found

    @cached_property
    def _spellings(self) -> dict[str, dict[str, tuple[int, ...]]]:
        """Every form of the words of entries, by first letter: which terms it means."""
        found: dict[str, dict[str, tuple[int, ...]]] = {}
        for joined, numbers in self._joined.items():
            found.setdefault(joined[0], {})[joined] = numbers
        for word, number in self._written.items():
            for form in sorted(inflections(word)):
                if len(form) >= ROOT:
                    found.setdefault(form[0], {}).setdefault(form, (number,))
        return found

    def _misspelt(self, folded: str) -> dict[int, float]:
        """Return the terms whose spelling is a slip or two away, the first letter alike."""
        slips = 1 if len(folded) < LONG else 2
        spellings = self._spellings.get(folded[0], {})
        close = process.extract(
            folded, spellings.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=5
        )
        best = min((distance for _, distance, _ in close), default=0)
        numbers = dict.fromkeys(n for spelling, distance, _ in close if distance == best for n in spellings[spelling])
        return dict.fromkeys(numbers, TYPO)


def _akin(one: str, other: str) -> bool:
    """Whether two lemmas share their root, as far as letters tell."""
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    short, long = sorted((len(one), len(other)))
    return shared >= ROOT and shared >= short - 3 and long - shared <= 5 and shared * 2 >= long
