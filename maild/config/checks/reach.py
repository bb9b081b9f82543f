"""Whether every rule can do something: its condition can hold, and no rule before it has always said all there is to say.

What is reported is certain; a rule that might matter for one letter in the world is left alone. Only rules without another
problem are looked at, and all rules must be there: what is left of a broken configuration proves nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from maild.config.checks.common import Check, at, organizations
from maild.config.checks.logic import (
    SWITCHES,
    Days,
    Fact,
    Formula,
    Universe,
    World,
    conflicting,
    is_possible,
    negated,
    parts_of,
    subjects,
)
from maild.config.checks.steering import is_too_deep, undefined_in, within
from maild.config.hours import weekdays
from maild.config.lines import KeyPath
from maild.config.model import Config, Organization
from maild.config.promises import CalendarEntry
from maild.config.schema import dotted
from maild.config.sources import Sources
from maild.config.steering import ConditionEntry, RuleEntry, ThenEntry
from maild.contracts.recognition import CouponState, Standing
from maild.errors import Problem

_KINDS = ("person", "notification", "auto-generated")
_FIRST, _LATER = frozenset({"first"}), frozenset({"later"})
_EITHER = frozenset({"refuse", "postpone"})  # whichever comes first, the other is not set any more
_GATHERED = ("tags", "notify")


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """A rule as a formula."""

    name: str
    entry: RuleEntry
    moment: Mapping[str, str]  # names of what rules set, different ones before and after a rule that sets it
    settable: Universe  # what can be set where a letter comes this far, for rules on letters that open a request
    certain: bool  # whether nothing else is wrong with it

    @cached_property
    def parts(self) -> list[tuple[str, Formula]]:
        return list(parts_of(self.entry.when, self.moment))

    @cached_property
    def frame(self) -> list[Formula]:
        """For which letters it is tried, whatever is in them."""
        frame: list[Formula] = []
        if self.entry.on != "every":
            frame.append(Fact("on", frozenset({self.entry.on})))
        if self.entry.on == "later":
            frame.append(Fact("over_quota", frozenset({False})))  # a request is counted where it is opened
        if self.entry.since or self.entry.until:
            frame.append(Days(self.entry.since, self.entry.until))
        return frame

    @cached_property
    def whole(self) -> list[Formula]:
        return [*self.frame, *(formula for _, formula in self.parts)]

    @cached_property
    def denials(self) -> list[Formula]:
        """What keeps it from holding, one for each thing that it asks for."""
        return list(map(negated, self.whole))

    @cached_property
    def about(self) -> list[frozenset[str]]:
        return [subjects(formula) for formula in self.whole]

    @cached_property
    def about_all(self) -> frozenset[str]:
        return frozenset().union(*self.about)

    @cached_property
    def checks(self) -> frozenset[object]:
        return frozenset(check for _, one in within((), self.entry.when) for check in one.check)

    @cached_property
    def sets(self) -> frozenset[str]:
        """What it says anything about."""
        then = self.entry.then
        return frozenset(key for key in ThenEntry.model_fields if getattr(then, key) not in (None, (), ""))


def _rules(organization: Organization) -> list[_Rule]:
    """Return the enabled rules in the order in which they are tried."""
    found = []
    moment = dict.fromkeys(("category", "severity", "tag"), 0)
    settable: dict[str, frozenset[object]] = {
        "category": frozenset({""}),
        "severity": frozenset({""}),
        "tag": frozenset(),
    }
    for name, entry in organization.rule.items():
        if not entry.enabled:
            continue
        undefined = any(True for _ in undefined_in((), entry.when, organization))
        empty = any(path and one == ConditionEntry() for path, one in within((), entry.when))
        names = {key: f"{key} {number}" for key, number in moment.items()}
        found.append(
            _Rule(
                name=name,
                entry=entry,
                moment=names,
                settable={names[key]: values for key, values in settable.items()},
                certain=not (undefined or empty or is_too_deep(entry.when)),
            )
        )
        for key, values in _set_by(entry.then).items():
            if entry.stop:
                continue  # no letter for which it sets something comes further
            moment[key] += bool(values)
            if entry.on != "later":
                settable[key] |= values
    return found


def _set_by(then: ThenEntry) -> dict[str, frozenset[object]]:
    return {
        "category": frozenset(filter(None, (then.category,))),
        "severity": frozenset(filter(None, (then.severity,))),
        "tag": frozenset(then.tags),
    }


def _universe(organization: Organization) -> dict[str, frozenset[object]]:
    """Return all values of what can have only so many."""
    always: dict[str, frozenset[object]] = {
        "kind": frozenset(_KINDS),
        "mailbox": frozenset(organization.mailbox),
        "form": frozenset({"", *organization.form}),
        "standing": frozenset(Standing),
        "coupon": frozenset({"none", *CouponState}),
        "on": _FIRST | _LATER,
    }
    always |= {key: frozenset({True, False}) for key in SWITCHES}
    for name, calendar in organization.calendar.items():
        always[f"hours of {name}"] = frozenset({True, False}) if _opens(calendar) else frozenset({False})
    return always


def _opens(calendar: CalendarEntry) -> bool:
    return any(day and weekdays(key) for key, day in calendar.week.items()) or any(calendar.days.values())


def _for(rule: _Rule, universe: Universe) -> Universe:
    """Return all values that there are for a letter for which a rule is tried."""
    return {**universe, **rule.settable} if rule.entry.on == "first" else universe


# ── rules that never hold ────────────────────────────────────────────────────────────────────────────────────────────


def _conditions_can_hold(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        universe = _universe(organization)
        for rule in _rules(organization):
            keys = conflicting(rule.parts, World(_for(rule, universe)).also(rule.frame)) if rule.certain else []
            if keys:
                yield _never(sources, (*base, "rule", rule.name), rule, keys)


def _never(sources: Sources, path: KeyPath, rule: _Rule, keys: list[str]) -> Problem:
    where = (*path, "when", keys[-1])
    if keys[0] in ("category", "severity", "tag") and len(keys) == 1:
        values = " or ".join(f'"{value}"' for value in getattr(rule.entry.when, keys[0]))
        return sources.problem(
            where,
            found=f"{keys[0]} {values}, which no rule before this one sets where a request is opened",
            expected=f'what a rule above sets, or on = "later" for the {keys[0]} of the request that a letter joins',
            remedy=f"Move [{dotted(path)}] below the rule that sets it, unless that one stops, or delete it.",
        )
    if keys == ["over_quota"]:
        return sources.problem(
            where,
            found='over_quota = true in a rule with on = "later"',
            expected="it where a request is opened: further letters of a request are not counted",
            remedy='Delete the line, or write on = "first".',
        )
    if len(keys) == 1:
        found = f"`{keys[0]}`, which no letter can fulfil"
    else:
        found = f"{' and '.join(f'`{key}`' for key in keys)}, which no letter can fulfil together"
    return sources.problem(
        where,
        found=found,
        expected="a condition that some letter fulfils",
        remedy="Correct it: all keys of a condition must hold, of `any` one is enough.",
    )


# ── rules that come too late ─────────────────────────────────────────────────────────────────────────────────────────


def _rules_come_in_time(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        universe = _universe(organization)
        earlier: list[_Rule] = []
        for rule in _rules(organization):
            world = World(_for(rule, universe)).also(rule.whole)
            if rule.certain and world is not None and is_possible(world):
                if problem := _too_late(sources, base, rule, earlier, organization, world):
                    yield problem
                earlier.append(rule)


def _too_late(
    sources: Sources, base: KeyPath, rule: _Rule, earlier: list[_Rule], organization: Organization, world: World
) -> Problem | None:
    path = (*base, "rule", rule.name)
    wider: list[_Rule] = []
    for other in earlier:
        if not _may_silence(other, rule) or not _implies(rule, world, other):
            continue
        if other.entry.stop:
            return sources.problem(
                path,
                found=f"a rule that is never tried: {at(sources, (*base, 'rule', other.name))} comes first, "
                "holds for every letter for which this one does, and stops",
                expected="the narrower rule first",
                remedy=f"Put [{dotted(path)}] before it, narrow the other one, or delete one.",
            )
        wider.append(other)
    if wider and not rule.entry.stop and _has_nothing_to_add(rule, wider, organization):
        before = " and ".join(at(sources, (*base, "rule", other.name)) for other in _needed(rule, wider, organization))
        return sources.problem(
            path,
            found=f"a rule without effect: what it sets is always set by {before} already",
            expected="the narrower rule first: of several the first that sets something wins",
            remedy=f"Put [{dotted(path)}] before, or delete it.",
        )
    return None


def _may_silence(other: _Rule, rule: _Rule) -> bool:
    """Whether it matters if `other` always comes first."""
    return other.entry.stop or bool(_taken(other) & rule.sets)


def _taken(rule: _Rule) -> frozenset[str]:
    """Return what later rules can say nothing about, or only the same."""
    return rule.sets | (_EITHER if rule.sets & _EITHER else frozenset())


def _has_nothing_to_add(rule: _Rule, wider: list[_Rule], organization: Organization) -> bool:
    then, before = rule.entry.then, [other.entry.then for other in wider]
    if not rule.sets <= frozenset().union(*map(_taken, wider)):
        return False
    for key in _GATHERED:
        if not set(getattr(then, key)) <= {value for other in before for value in getattr(other, key)}:
            return False
    told = frozenset().union(*(other.checks for other in wider)) | frozenset(organization.text_hints)
    return (not then.hint or then.hint in {other.hint for other in before}) and rule.checks <= told


def _needed(rule: _Rule, wider: list[_Rule], organization: Organization) -> list[_Rule]:
    """Return as few of the rules before as leave nothing to add."""
    kept = list(wider)
    for other in reversed(wider):
        less = [one for one in kept if one is not other]
        if _has_nothing_to_add(rule, less, organization):
            kept = less
    return kept


def _implies(rule: _Rule, world: World, other: _Rule) -> bool:
    """Whether `other` certainly holds for every letter for which `rule` does, which are those of `world`."""
    if any(about and about.isdisjoint(rule.about_all) for about in other.about):
        return False  # it asks for something that this rule leaves open
    return not any(is_possible(world.also((denial,))) for denial in other.denials)


CONFLICTS: tuple[Check, ...] = ()  # what was left out might make a difference
GAPS: tuple[Check, ...] = (_conditions_can_hold, _rules_come_in_time)
