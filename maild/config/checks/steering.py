"""Whether what rules say fits together: the names in them, and what contradicts itself.

What they name is in `catalogues.py`; whether a rule can ever do anything is in `reach.py`.
"""

from collections.abc import Iterable, Iterator

from maild.config.checks.common import Check, not_defined, organizations
from maild.config.lines import KeyPath
from maild.config.model import Config, Organization
from maild.config.schema import dotted
from maild.config.sources import Sources
from maild.config.steering import ConditionEntry, RuleEntry
from maild.errors import Problem
from maild.wording.asking import ASKED

MAX_DEPTH = 10  # of conditions within conditions: nobody can read more
_CONDITION_NAMES = (
    ("mailbox", "mailbox"),
    ("form", "form"),
    ("level", "level"),
    ("category", "category"),
    ("severity", "severity"),
)
_THEN_NAMES = (
    ("category", "category"), ("severity", "severity"), ("level", "level"), ("agent", "agent"), ("team", "team"),
    ("offer", "offer"), ("service", "service"), ("route", "unit"), ("refuse", "ground"), ("postpone", "ground"),
)  # fmt: skip
_AT_FIRST = ("level", "faq", "ask", "offer", "route", "template", "priority")  # what nothing comes of in later letters
_CALENDARS = ("in_hours", "out_of_hours")
VARIANTS = "variant"  # folder of an organisation's templates whose folders rules name

Undefined = tuple[KeyPath, str, Iterable[str], str]  # where it is named, the name, those that are defined, their table


def rules(config: Config) -> Iterator[tuple[KeyPath, RuleEntry, Organization]]:
    """Yield every rule with its path, the disabled ones too."""
    for base, organization in organizations(config):
        for name, rule in organization.rule.items():
            yield (*base, "rule", name), rule, organization


def within(path: KeyPath, entry: ConditionEntry) -> Iterator[tuple[KeyPath, ConditionEntry]]:
    """Yield a condition and those in it, `MAX_DEPTH` deep and one deeper, with their paths, in the order of the file."""
    stack = [(path, entry, 0)]
    while stack:
        here, one, depth = stack.pop()
        yield here, one
        if depth <= MAX_DEPTH:
            inner = [((*here, "any", index), part) for index, part in enumerate(one.any_ or ())]
            inner += [((*here, "all", index), part) for index, part in enumerate(one.all_ or ())]
            inner += [((*here, "not"), one.not_)] if one.not_ is not None else []
            stack += [(place, part, depth + 1) for place, part in reversed(inner)]


def is_too_deep(entry: ConditionEntry) -> bool:
    """Whether there are conditions in it deeper than `MAX_DEPTH`."""
    return any(_depth(path) > MAX_DEPTH for path, _ in within((), entry))


def _depth(path: KeyPath) -> int:
    return sum(key in ("any", "all", "not") for key in path)


def _conditions(config: Config) -> Iterator[tuple[KeyPath, ConditionEntry, Organization]]:
    """Yield every whole condition: of rules, and of what is looked for in letters."""
    for path, rule, organization in rules(config):
        yield (*path, "when"), rule.when, organization
    for base, organization in organizations(config):
        for name, item in organization.missing.items():
            if item.there is not None:
                yield (*base, "missing", name, "there"), item.there, organization


# ── conflicts: rules ─────────────────────────────────────────────────────────────────────────────────────────────────


def _conditions_are_shallow(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, condition, _ in _conditions(config):
        deep = next((place for place, _ in within(path, condition) if _depth(place[len(path) :]) > MAX_DEPTH), None)
        if deep:
            yield sources.problem(
                deep,
                found=f"a condition within more than {MAX_DEPTH} others",
                expected=f"at most {MAX_DEPTH} of `any`, `all` and `not` within one another",
                remedy="Split the rule into several; those that decide first come first.",
            )


def _conditions_ask_for_something(config: Config, sources: Sources) -> Iterator[Problem]:
    """An empty condition is true of every letter: below `any`, `all` and `not`, or in `there`, somebody forgot it."""
    for path, condition, _ in _conditions(config):
        for place, one in within(path, condition):
            if place[-1] != "when" and one == ConditionEntry():
                yield sources.problem(
                    place,
                    found="an empty condition, which is true of every letter",
                    expected="what is looked for",
                    remedy='Write a condition such as words = "не работает", or delete it.',
                )


def _rules_do_something(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, rule, _ in rules(config):
        if rule.then == type(rule.then)() and not rule.stop:
            yield sources.problem(
                (*path, "then"),
                found="nothing, and no `stop`",
                expected="what follows if the rule holds",
                remedy='Add then = { category = "…" } or another consequence, or stop = true, or delete the rule.',
            )
        for key in _AT_FIRST if rule.on == "later" else ():
            if getattr(rule.then, key):
                yield sources.problem(
                    (*path, "then", key),
                    found=f'`{key}` in a rule with on = "later"',
                    expected="it where a request is opened: of a further letter's nothing would come",
                    remedy='Delete the line, or write on = "first".',
                )


def _refused_or_postponed(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, rule, organization in rules(config):
        if rule.then.refuse is not None and rule.then.postpone is not None:
            yield sources.problem(
                (*path, "then", "postpone"),
                found="`postpone` beside `refuse`",
                expected="one of the two: a request is refused, or put off",
                remedy="Delete one of the two lines.",
            )
        for key, other in (("refuse", "postpone"), ("postpone", "refuse")):
            name = getattr(rule.then, key)
            ground = organization.ground.get(name or "")
            if ground is not None and ground.effect != key:
                where = (*path[:2], "ground", name)
                yield sources.problem(
                    (*path, "then", key),
                    found=f'"{name}", a ground with effect = "{ground.effect}" ({sources.spot(where)})',
                    expected=f'a ground with effect = "{key}"',
                    remedy=f'Write {other} = "{name}" here, or correct `effect` of [{dotted(where)}].',
                )


def _days_are_in_order(config: Config, sources: Sources) -> Iterator[Problem]:
    entries = [(path, rule.since, rule.until) for path, rule, _ in rules(config)]
    for base, organization in organizations(config):
        entries += [((*base, "faq", id_), entry.since, entry.until) for id_, entry in organization.faq.items()]
    for path, since, until in entries:
        if since and until and until < since:
            yield sources.problem(
                (*path, "until"),
                found=f"{until}, which comes before `since` ({since})",
                expected="a last day that does not come before the first",
                remedy="Correct one of the two; without `until` there is no end.",
            )


# ── gaps: names ──────────────────────────────────────────────────────────────────────────────────────────────────────


def undefined_in(path: KeyPath, entry: ConditionEntry, organization: Organization) -> Iterator[Undefined]:
    """Yield every name in a condition that nothing defines. Clients may be in the register alone, so they are not asked about."""
    for place, one in within(path, entry):
        for key, table in _CONDITION_NAMES:
            for index, name in enumerate(getattr(one, key)):
                if name not in (defined := getattr(organization, table)):
                    yield (*place, key, index), name, defined, table
        for key in _CALENDARS:
            name = getattr(one, key)
            if name is not None and name not in organization.calendar:
                yield (*place, key), name, organization.calendar, "calendar"


def _names_in_conditions_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, condition, organization in _conditions(config):
        for place, name, defined, table in undefined_in(path, condition, organization):
            yield not_defined(sources, place, name, defined, (*path[:2], table))


def _names_in_rules_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, rule, organization in rules(config):
        base, then = path[:2], rule.then
        for key, table in _THEN_NAMES:
            name, defined = getattr(then, key), getattr(organization, table)
            if name is not None and name not in defined:
                yield not_defined(sources, (*path, "then", key), name, defined, (*base, table))
        for index, name in enumerate(then.faq):
            if name not in organization.faq:
                yield not_defined(sources, (*path, "then", "faq", index), name, organization.faq, (*base, "faq"))
        yield from items_asked(sources, (*path, "then", "ask"), then.ask, organization)
        people = {**organization.agent, **organization.team}
        for index, name in enumerate(then.notify):
            if name not in people:
                yield not_defined(sources, (*path, "then", "notify", index), name, people, (*base, "agent"))


def items_asked(sources: Sources, path: KeyPath, items: Iterable[str], organization: Organization) -> Iterator[Problem]:
    """Yield a problem for each item that nobody knows how to ask for."""
    known = sorted({*ASKED, *organization.missing})
    for index, name in enumerate(items):
        if name not in known:
            yield not_defined(sources, (*path, index), name, known, (*path[:2], "missing"))


def _variants_exist(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, rule, organization in rules(config):
        name, folder = rule.then.template, organization.templates
        if name is None or (folder is not None and not folder.is_dir()):  # the folder as a whole is told of elsewhere
            continue
        if folder is None:
            yield sources.problem(
                (*path, "then", "template"),
                found=f'"{name}", and the organisation has no `templates`',
                expected=f"a folder {VARIANTS}/{name} in the organisation's templates",
                remedy=f'Add templates = "templates" to [{dotted(path[:2])}] and create {VARIANTS}/{name} there.',
            )
        elif not (folder / VARIANTS / name).is_dir():
            there = folder / VARIANTS
            known = sorted(one.name for one in there.iterdir() if one.is_dir()) if there.is_dir() else []
            yield sources.problem(
                (*path, "then", "template"),
                found=f'"{name}", and there is no folder {there / name}',
                expected="the name of such a folder with templates",
                remedy=f"Create it, or name another one; there is {', '.join(known[:8])}." if known else "Create it.",
            )


CONFLICTS: tuple[Check, ...] = (
    _conditions_are_shallow,
    _refused_or_postponed,
    _days_are_in_order,
)
GAPS: tuple[Check, ...] = (
    _conditions_ask_for_something,
    _rules_do_something,
    _names_in_conditions_are_defined,
    _names_in_rules_are_defined,
    _variants_exist,
)
