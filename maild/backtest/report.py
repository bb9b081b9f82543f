"""What a backtest found, counted and put in order. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from maild.backtest.compare import Compared
from maild.backtest.verdict import Aspect


@dataclass(frozen=True, kw_only=True)
class Count:
    """In how many letters one aspect would be another, and from what to what."""

    aspect: Aspect
    letters: int
    moves: tuple[tuple[str, int], ...]  # "— → billing", the most frequent first; none for words


@dataclass(frozen=True, kw_only=True)
class Report:
    """All of it."""

    before: str  # the configuration that runs
    after: str
    since: datetime
    notes: tuple[str, ...]  # what the admin should know beforehand
    letters: int  # that were decided upon
    lost: tuple[int, ...]  # letters whose octets are missing
    counts: tuple[Count, ...]  # in the order of the aspects
    changed: tuple[Compared, ...]  # in the order in which they came


def report_on(
    compared: Iterable[Compared], *, before: str, after: str, since: datetime, notes: tuple[str, ...]
) -> Report:
    """Return what was found; of letters that would end as they do only the number is kept."""
    letters, lost, changed = 0, [], []
    for one in compared:
        letters += not one.lost
        if one.lost:
            lost.append(one.letter)
        if one.changes:
            changed.append(one)
    return Report(
        before=before, after=after, since=since, notes=notes, letters=letters, lost=tuple(lost),
        counts=tuple(_counts(changed)), changed=tuple(changed),
    )  # fmt: skip


def _counts(changed: Iterable[Compared]) -> Iterable[Count]:
    moves: dict[Aspect, Counter[str]] = {aspect: Counter() for aspect in Aspect}
    for one in changed:
        for change in one.changes:
            moves[change.aspect][str(change) if change.before or change.after else ""] += 1
    for aspect, counter in moves.items():
        if counter:
            ranked = tuple((move, n) for move, n in counter.most_common() if move)
            yield Count(aspect=aspect, letters=counter.total(), moves=ranked)
