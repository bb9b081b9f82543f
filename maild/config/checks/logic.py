"""Whether conditions of rules can hold of one letter together, as far as their keys tell. Pure; knows nothing of files.

"Impossible" is said only where it is certain. What is taken for possible may still never come: that two patterns exclude
each other, or that a phrase is a form of another one, is not looked into.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from maild.config.steering import ConditionEntry

MAX_STEPS = 200  # choices that are tried in a search; what needs more is taken for possible
_DAY = timedelta(days=1)

_NO_MORE = object()

ONE_OF = ("kind", "mailbox", "form", "client", "standing", "level", "coupon")  # a letter has one value
SWITCHES = ("over_quota", "attachments", "several")
SET_BY_RULES = ("category", "severity", "tag")
_FILES = ("attachment_types", "attachment_names")

How = Literal["one", "many", "author", "recipients"]  # how many values a letter has, and which meet


@dataclass(frozen=True)
class Fact:
    """That a letter has one of these values, or none of them."""

    about: str
    values: frozenset[object]
    holds: bool = True
    how: How = "one"


@dataclass(frozen=True)
class Days:
    """That it is one of these days; None: no bound."""

    since: date | None
    until: date | None


@dataclass(frozen=True)
class Both:
    """That all of these hold; none: nothing is asked for."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True)
class Either:
    """That one of these holds; none: it never does."""

    parts: tuple["Formula", ...]


Formula = Fact | Days | Both | Either
Universe = Mapping[str, frozenset[object]]  # all values that there are, by what they are about; not here: any


def formula_of(entry: ConditionEntry, moment: Mapping[str, str]) -> Both:
    """Return what a condition asks for, a part for each key. `moment` names what rules set, as it is when it is tried."""
    return Both(tuple(formula for _, formula in parts_of(entry, moment)))


def parts_of(entry: ConditionEntry, moment: Mapping[str, str]) -> Iterator[tuple[str, Formula]]:
    """Yield each key of a condition, as an admin writes it, with what it asks for."""
    for key in ONE_OF:
        if values := getattr(entry, key):
            yield key, Fact(key, frozenset(values))
    for key in SWITCHES:
        if (value := getattr(entry, key)) is not None:
            yield key, Fact(key, frozenset({value}))
    for key in ("category", "severity"):
        if values := getattr(entry, key):
            yield key, Fact(moment[key], frozenset(values))
    if entry.tag:
        yield "tag", Fact(moment["tag"], frozenset(entry.tag), how="many")
    for key, calendar in (("in_hours", entry.in_hours), ("out_of_hours", entry.out_of_hours)):
        if calendar is not None:
            yield key, Fact(f"hours of {calendar}", frozenset({key == "in_hours"}))
    if entry.sender:
        yield "from", Fact("from", frozenset(map(str.casefold, entry.sender)), how="author")
    if entry.to:
        yield "to", Fact("to", frozenset(map(str.casefold, entry.to)), how="recipients")
    if entry.header:
        values = [(name.lower(), pattern) for name, pattern in entry.header.items()]
        yield "header", Both(tuple(Fact("header", frozenset({value}), how="many") for value in values))
    for about in ("words", "matches"):
        for key, places in (
            (about, ("subject", "text")),
            (f"subject_{about}", ("subject",)),
            (f"text_{about}", ("text",)),
        ):
            if wanted := getattr(entry, key):
                pairs = (
                    (place, " ".join(one.split()) if about == "words" else one) for place in places for one in wanted
                )
                yield key, Fact(about, frozenset(pairs), how="many")
    for key in (*_FILES, "check"):
        if values := getattr(entry, key):
            yield key, Fact(key, frozenset(values), how="many")
    if entry.any_ is not None:
        yield "any", Either(tuple(formula_of(one, moment) for one in entry.any_))
    if entry.all_ is not None:
        yield "all", Both(tuple(formula_of(one, moment) for one in entry.all_))
    if entry.not_ is not None:
        yield "not", negated(formula_of(entry.not_, moment))


def negated(formula: Formula) -> Formula:
    """Return what holds exactly where a formula does not."""
    if isinstance(formula, Fact):
        return replace(formula, holds=not formula.holds)
    if isinstance(formula, Both):
        return Either(tuple(map(negated, formula.parts)))
    if isinstance(formula, Either):
        return Both(tuple(map(negated, formula.parts)))
    before = (Days(None, formula.since - _DAY),) if formula.since else ()
    after = (Days(formula.until + _DAY, None),) if formula.until else ()
    return Either((*before, *after))


def subjects(formula: Formula) -> frozenset[str]:
    """Return what a formula is about; files are one subject, because their types tell whether there are any."""
    if isinstance(formula, Fact):
        return frozenset({"attachments" if formula.about in _FILES else formula.about})
    if isinstance(formula, Days):
        return frozenset({"days"})
    return frozenset().union(*map(subjects, formula.parts))


@dataclass(frozen=True)
class World:
    """All that is asked of a letter, as far as it is certain; and what is left to choose."""

    universe: Universe
    wanted: Mapping[str, tuple[frozenset[object], ...]] = field(default_factory=dict)
    barred: Mapping[str, frozenset[object]] = field(default_factory=dict)
    how: Mapping[str, How] = field(default_factory=dict)
    since: date = date.min
    until: date = date.max
    choices: tuple[Either, ...] = ()

    def also(self, formulas: Iterable[Formula]) -> "World | None":
        """Return what is asked if these hold, too; None where that is too much for any letter."""
        wanted, barred, how = dict(self.wanted), dict(self.barred), dict(self.how)
        since, until, choices = self.since, self.until, list(self.choices)
        todo, touched = list(formulas), set[str]()
        while todo:
            one = todo.pop()
            if isinstance(one, Both) or (isinstance(one, Either) and len(one.parts) == 1):
                todo += one.parts
            elif isinstance(one, Either):
                choices.append(one)
            elif isinstance(one, Days):
                since, until = max(since, one.since or date.min), min(until, one.until or date.max)
            else:
                touched.add(one.about)
                how[one.about] = one.how
                if one.holds:
                    wanted[one.about] = (*wanted.get(one.about, ()), one.values)
                else:
                    barred[one.about] = barred.get(one.about, frozenset()) | one.values
        if not touched.isdisjoint(_FILES):
            touched.add("attachments")
        world = World(self.universe, wanted, barred, how, since, until, tuple(choices))
        return world if since <= until and all(map(world._may_be, touched)) else None

    def _may_be(self, about: str) -> bool:
        """Whether a letter may have what is wanted about one thing, and nothing that is barred."""
        wanted, barred = self.wanted.get(about, ()), self.barred.get(about, frozenset())
        how = self.how.get(about, "one")
        if about == "attachments" and any(self.wanted.get(files) for files in _FILES):
            wanted = (*wanted, frozenset({True}))
        if (known := self.universe.get(about)) is not None:
            wanted = tuple(values & known for values in wanted)
            if how == "one" and not wanted:
                wanted = (known,)
        if how == "many":
            return all(values - barred for values in wanted)
        if how == "recipients":
            return all(any(not _covers(barred, one) for one in values) for values in wanted)
        if not wanted:
            return True
        if how == "author":
            return any(
                all(_covers(values, one) for values in wanted) and not _covers(barred, one)
                for one in wanted[0].union(*wanted)
            )
        return bool(wanted[0].intersection(*wanted) - barred)


def _covers(patterns: frozenset[object], one: object) -> bool:
    """Whether an address, or any other address of a domain ("@domain"), is among patterns."""
    return one in patterns or f"@{str(one).rpartition('@')[2]}" in patterns


def is_possible(world: World | None) -> bool:
    """Whether a letter may exist of which all this is true. False is certain."""
    stack = [iter((world,))]
    for _ in range(MAX_STEPS):
        one = next(stack[-1], _NO_MORE)
        if one is _NO_MORE:
            stack.pop()
            if not stack:
                return False
        elif isinstance(one, World):
            if not one.choices:
                return True
            first = min(one.choices, key=lambda choice: len(choice.parts))
            rest = replace(one, choices=tuple(choice for choice in one.choices if choice is not first))
            stack.append(map(rest.also, zip(first.parts)))
    return True


def conflicting(parts: Sequence[tuple[str, Formula]], world: World | None) -> list[str]:
    """Return keys of a condition that cannot hold together in a world, none of them without need; empty where all can."""

    def fit(some: Sequence[tuple[str, Formula]]) -> bool:
        return is_possible(world and world.also(formula for _, formula in some))

    if fit(parts):
        return []
    kept = list(parts)
    for part in parts:
        less = [one for one in kept if one is not part]
        if not fit(less):
            kept = less
    return [key for key, _ in kept]
