"""The admin's rules, compiled once for each configuration. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from maild.config.model import Organization
from maild.config.steering import ConditionEntry, ThenEntry
from maild.desk.checklist import has
from maild.rules.condition import MAX_TOLD, Condition, Seen, compile_condition, short
from maild.rules.sight import Decided, Sight
from maild.sla.calendar import Calendar
from maild.texts.flaw import Check
from maild.wording.asking import ASKED


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule of the admin, ready for trying."""

    name: str
    on: Literal["first", "later", "every"]
    since: date | None
    until: date | None
    when: ConditionEntry  # as the admin wrote it
    holds: Condition
    then: ThenEntry
    stop: bool
    checks: tuple[Check, ...]  # that its condition asks for


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """All that an organisation's rules say."""

    rules: tuple[Rule, ...] = ()  # the enabled ones, in the order of the file
    checklists: Mapping[str, tuple[str, ...]]  # items by category
    items: Mapping[str, Condition]  # when a letter has the item; what is not here, nobody can tell
    looks: Mapping[str, ConditionEntry] = field(default_factory=dict)  # of these, what the admin wrote
    hints: tuple[Check, ...]  # checks that agents hear of without a rule


def load_rules(organization: Organization, calendars: Mapping[str, Calendar]) -> RuleSet:
    """Return the rules of a checked configuration. Raises KeyError for a calendar that is not among `calendars`."""
    rules = tuple(
        Rule(
            name=name,
            on=entry.on,
            since=entry.since,
            until=entry.until,
            when=entry.when,
            holds=compile_condition(entry.when, calendars),
            then=entry.then,
            stop=entry.stop,
            checks=tuple(dict.fromkeys(_checks(entry.when))),
        )
        for name, entry in organization.rule.items()
        if entry.enabled
    )
    looks = {name: item.there for name, item in organization.missing.items() if item.there is not None}
    items = {name: _own_look(name) for name in ASKED}
    items |= {name: compile_condition(there, calendars) for name, there in looks.items()}
    return RuleSet(
        rules=rules,
        checklists={name: category.ask for name, category in organization.category.items()},
        items=items,
        looks=looks,
        hints=organization.text_hints,
    )


def _own_look(name: str) -> Condition:
    """Return maild's own way to see whether a letter has what it is usually asked for."""

    def test(sight: Sight, _: Decided) -> Seen:
        taken = [file for file in sight.files if not file.untaken]  # nobody here can open what is not
        found = has(name, sight.shown_subject, sight.shown_text, taken)
        return Seen(held=found is not None, told=short(found or "nothing looks like it", MAX_TOLD))

    return test


def _checks(entry: ConditionEntry) -> Iterator[Check]:
    yield from entry.check
    for inner in (*(entry.all_ or ()), *(entry.any_ or ()), *((entry.not_,) if entry.not_ else ())):
        yield from _checks(inner)
