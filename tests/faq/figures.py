"""How well the search does on the labelled questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from maild.faq.search import MOST, THRESHOLD, FaqIndex
from tests.faq.questions import HELD_OUT, PRODUCT, SEVERAL, TODAY, TUNED, Question, entries, questions

HALVES = {TUNED: (TUNED,), HELD_OUT: (HELD_OUT,), "all": (TUNED, HELD_OUT)}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Counts of one set of questions."""

    answerable: int  # questions that an entry answers
    found: int  # … of which a right entry is among those suggested
    first: int  # … of which a right entry is the first one
    misled: int  # … of which a wrong entry is the first one
    beside: int  # … to which a wrong entry is suggested at all, be it beside the right one
    unanswerable: int  # questions that no entry answers
    silent: int  # … to which nothing is suggested


@cache
def whole_index() -> FaqIndex:
    """Return the index of all entries."""
    return FaqIndex(entries(), names=[PRODUCT])


def count(asked: Iterable[Question], index: FaqIndex, *, threshold: float = THRESHOLD) -> Figures:
    """Return the counts for some questions."""
    got = [
        (one.answers, [found.entry.id for found in index.find(one.subject, one.text, TODAY, threshold=threshold)])
        for one in asked
    ]
    answerable = [(right, ids) for right, ids in got if right]
    return Figures(
        answerable=len(answerable),
        found=sum(not right.isdisjoint(ids[:MOST]) for right, ids in answerable),
        first=sum(ids[0] in right for right, ids in answerable if ids),
        misled=sum(ids[0] not in right for right, ids in answerable if ids),
        beside=sum(not right.issuperset(ids) for right, ids in answerable),
        unanswerable=len(got) - len(answerable),
        silent=sum(not ids for right, ids in got if not right),
    )


def figures(half: str, *, threshold: float = THRESHOLD) -> Figures:
    """Return the figures of "tuned", "held out" or "all"."""
    asked = [one for part in HALVES[half] for one in questions(part)]
    return count(asked, whole_index(), threshold=threshold)


@dataclass(frozen=True, kw_only=True)
class OfSeveral:
    """Counts of the letters that ask two things."""

    letters: int
    both: int  # both entries are suggested
    one: int  # one of them, and not the other
    wrong: int  # an entry that answers neither is suggested


def of_several() -> OfSeveral:
    """Return the counts."""
    got = [
        (one.answers, {found.entry.id for found in whole_index().find(one.subject, one.text, TODAY)})
        for one in questions(SEVERAL)
    ]
    return OfSeveral(
        letters=len(got),
        both=sum(right <= ids for right, ids in got),
        one=sum(len(right & ids) == 1 for right, ids in got),
        wrong=sum(not ids <= right for right, ids in got),
    )


def misses(half: str) -> list[str]:
    """Return one line for each question that went wrong, with what was suggested and by which words."""
    index = whole_index()
    lines = []
    for one in questions(half):
        found = index.find(one.subject, one.text, TODAY)
        ids = {each.entry.id for each in found}
        if not (ids & one.answers if one.answers else not ids):
            shown = "; ".join(f"{each.entry.id} {each.score:.2f} ({each.evidence})" for each in found) or "nothing"
            said = " ".join(f"{one.subject}: {one.text}".split())[:90]
            lines.append(f"wanted {' or '.join(sorted(one.answers)) or 'nothing'}, got {shown} | {said}")
    return lines
