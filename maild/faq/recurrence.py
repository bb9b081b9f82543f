"""What is asked again and again though no entry answers it: candidates for the FAQ (C33). Pure.

Two requests are alike where they share rare words. The one that most others are like makes a cluster with them, then the
next; what is left joins the cluster whose middle it is nearest to. Everything is bounded, so that ten thousand requests
take seconds, and nothing is left to chance, so that the same requests give the same clusters.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log, sqrt

from maild.faq.passages import Word, telling, unsigned
from maild.language.words import forms

LEAST = 3  # requests of a cluster
MOST = 20  # clusters
ALIKE = 0.4  # cosine of two requests that ask the same …
NEAR = 0.35  # … and of one and the middle of a cluster
SAME = 0.42  # … and of the middles of two clusters that are one
COMMON = 0.2  # share of requests that have a word which tells nothing
FEW = 50  # requests of which any word tells something
MAX_TEXT = 1_500  # characters of a request that are read: what is asked stands at the beginning
MAX_WORDS = 30  # telling words of a request
SEARCHED = 6  # rarest words of a request by which others like it are looked for
MAX_PLACES = 120  # requests that are looked at for one word
MIDDLE = 15  # words of the middle of a cluster
BRIEF = 2  # telling words of a request that says no more than its matter
EXAMPLES = 3
SHOWN = 6  # words they share


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came."""

    number: str  # of its ticket
    subject: str
    text: str
    at: datetime
    suggested: bool = False  # whether an answer of the FAQ was


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Requests that ask much the same."""

    size: int
    subjects: tuple[str, ...]  # examples, those nearest to the middle first
    words: tuple[str, ...]  # that at least half of them share, as lemmas, the most telling first
    first: datetime
    last: datetime
    numbers: tuple[str, ...]  # of all their tickets, in order of time


Vector = dict[str, float]  # weights by lemma, of length 1


def find_recurring(requests: Sequence[Asked], *, least: int = LEAST, most: int = MOST) -> tuple[Cluster, ...]:
    """Return clusters of at least so many requests to which nothing was suggested, the largest first."""
    open_ = sorted((one for one in requests if not one.suggested), key=lambda one: (one.at, one.number))
    vectors = _vectors(_lemmas([_words(one) for one in open_]))
    groups = _join(_stars(vectors), vectors)
    groups = _merge(groups, vectors)
    clusters = [_cluster(group, open_, vectors) for group in groups if len(group) >= max(2, least)]
    return tuple(sorted(clusters, key=lambda one: (-one.size, one.first, one.numbers))[:most])


def _words(asked: Asked) -> list[Word]:
    words = [*telling(asked.subject[:MAX_TEXT]), *telling(unsigned(asked.text[:MAX_TEXT]))]
    return list({word.folded: word for word in words if not word.usual}.values())[:MAX_WORDS]


def _lemmas(words: list[list[Word]]) -> list[list[str]]:
    """Return the lemmas of each request. A form of several words ("колонках") is taken for the one that is said most."""
    known = {word.folded: forms(word.folded, ukrainian=word.ukrainian) for one in words for word in one}
    said = Counter(form for one in words for word in one for form in known[word.folded])
    lemma = {folded: min(keys, key=lambda key: (-said[key], key)) for folded, keys in known.items()}
    return [list(dict.fromkeys(lemma[word.folded] for word in one)) for one in words]


def _vectors(words: list[list[str]]) -> list[Vector]:
    having = Counter(word for one in words for word in one)
    many = max(FEW, COMMON * len(words)) if len(words) > FEW else len(words)
    weights = {word: log(1 + len(words) / n) for word, n in having.items() if n > 1 and n <= many}
    return [_unit({word: weights.get(word, _alone(len(words))) for word in one}) for one in words]


def _alone(requests: int) -> float:
    """Return the weight of a word that only one request has, or far too many: half of what two would share."""
    return log(1 + requests / 2) / 2


def _unit(vector: Mapping[str, float]) -> Vector:
    length = sqrt(sum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else {}


def _like(one: Vector, other: Vector) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)


class _Index:
    """Vectors by word: those that share two rare words with another one; where both are brief, one."""

    def __init__(self, vectors: Sequence[Vector]) -> None:
        self.vectors = vectors
        places: dict[str, list[int]] = {}
        for i, vector in enumerate(vectors):
            for word in vector:
                places.setdefault(word, []).append(i)
        self._brief = {i for i, vector in enumerate(vectors) if len(vector) <= BRIEF}
        self._having = {word: len(found) for word, found in places.items()}
        # the same ones for every word, so that those which share two are found by both
        self._picked = {word: sorted(found, key=_mix)[:MAX_PLACES] for word, found in places.items()}

    def near(self, vector: Vector, least: float) -> list[tuple[int, float]]:
        """Return which vectors are so near to one, and how near; in order."""
        known = sorted((word for word in vector if word in self._picked), key=lambda word: (self._having[word], word))
        counts: Counter[int] = Counter()
        for word in known[:SEARCHED]:
            counts.update(self._picked[word])
        brief = len(vector) <= BRIEF
        likely = [i for i, n in counts.items() if n > 1 or (brief and i in self._brief)]
        found = ((i, _like(vector, self.vectors[i])) for i in likely)
        return sorted((i, near) for i, near in found if near >= least)


def _mix(number: int) -> int:
    return number * 2_654_435_761 % 2**32


def _stars(vectors: list[Vector]) -> list[list[int]]:
    """Return the requests that most others are like, each with those others; no request twice."""
    index = _Index(vectors)
    neighbours = {i: [j for j, _ in index.near(vector, ALIKE) if j != i] for i, vector in enumerate(vectors) if vector}
    free = set(neighbours)
    stars = []
    for middle in sorted(neighbours, key=lambda i: (-len(neighbours[i]), i)):
        if middle in free:
            star = [middle, *(i for i in neighbours[middle] if i in free)]
            if len(star) > 1:
                stars.append(star)
                free.difference_update(star)
    return stars


def _middle(group: Iterable[int], vectors: list[Vector]) -> Vector:
    sums: dict[str, float] = {}
    for i in group:
        for word, weight in vectors[i].items():
            sums[word] = sums.get(word, 0.0) + weight
    leading = sorted(sums.items(), key=lambda one: (-one[1], one[0]))[:MIDDLE]
    return _unit(dict(leading))


def _join(stars: list[list[int]], vectors: list[Vector]) -> list[list[int]]:
    """Return the stars with what is left over, each request where it is nearest."""
    taken = {i for star in stars for i in star}
    middles = _Index([_middle(star, vectors) for star in stars])
    groups = [list(star) for star in stars]
    for i, vector in enumerate(vectors):
        if i not in taken and (near := middles.near(vector, NEAR)):
            groups[max(near, key=lambda one: (one[1], -one[0]))[0]].append(i)
    return groups


def _merge(groups: list[list[int]], vectors: list[Vector]) -> list[list[int]]:
    """Return the clusters, those that ask the same made one: the smaller goes into the larger."""
    groups = sorted(groups, key=lambda group: (-len(group), min(group)))
    middles = [_middle(group, vectors) for group in groups]
    index = _Index(middles)
    into: list[int] = []
    for k, middle in enumerate(middles):
        larger = [(near, -other) for other, near in index.near(middle, SAME) if other < k and into[other] == other]
        into.append(-max(larger)[1] if larger else k)
    merged: dict[int, list[int]] = {}
    for k, group in enumerate(groups):
        merged.setdefault(into[k], []).extend(group)
    return [sorted(group) for group in merged.values()]


def _cluster(group: list[int], requests: list[Asked], vectors: list[Vector]) -> Cluster:
    middle = _middle(group, vectors)
    having = Counter(word for i in group for word in vectors[i])
    shared = [word for word in middle if having[word] * 2 >= len(group)]
    nearest = sorted(group, key=lambda i: (-_like(vectors[i], middle), i))
    subjects = dict.fromkeys(requests[i].subject.strip() or requests[i].text.strip()[:80] for i in nearest)
    return Cluster(
        size=len(group),
        subjects=tuple(subjects)[:EXAMPLES],
        words=tuple(shared[:SHOWN]),
        first=requests[group[0]].at,
        last=requests[group[-1]].at,
        numbers=tuple(requests[i].number for i in group),
    )
