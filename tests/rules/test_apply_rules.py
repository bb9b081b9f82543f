"""What the admin's rules make of a letter: in the order of the file, the first that sets a field wins, nothing is raised."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from maild.config.steering import ThenEntry
from maild.desk.ruling import Ruling, Trial
from maild.rules.apply import ACTING, FIELDS, GATHERED, LISTS, apply_rules
from maild.rules.condition import Condition, Seen
from maild.rules.load import RuleSet
from maild.rules.sight import Decided, Sight
from maild.texts.flaw import Check
from tests.rules.conftest import file, organization, rule_set, ruling, sight

ALL = {"then": {"tags": "all"}}


def told(found: Ruling) -> list[tuple[str, bool, str]]:
    return [(trial.rule, trial.matched, trial.told) for trial in found.trials]


def test_the_first_rule_that_sets_a_field_wins() -> None:
    """A later rule sets only what is not set yet; what is gathered comes from all rules, once."""
    found = ruling(
        {
            "one": {"when": {"words": "не открываться"}, "then": {"category": "outage", "tags": "a", "hint": "look"}},
            "no": {"when": {"level": "gold"}, "then": {"severity": "high", "tags": "c"}},
            "two": {"then": {"category": "question", "severity": "low", "tags": ["a", "b"], "notify": "ivanov"}},
            "three": {"then": {"severity": "high", "hint": "look", "notify": ["petrova", "ivanov"]}},
        }
    )
    assert (found.category, found.severity) == ("outage", "low")
    assert (found.tags, found.notify, found.hints) == (("a", "b"), ("ivanov", "petrova"), ("look",))
    assert found.by == {
        "category": "one", "severity": "two", "tags": "one, two", "notify": "two, three", "hints": "one, three",
    }  # fmt: skip
    assert found.trials == (
        Trial(rule="one", matched=True, told='words "не открываться": "не открывается" in the text'),
        Trial(rule="no", matched=False, told='level is none, not "gold"'),
        Trial(rule="two", matched=True, told="it is for every letter"),
        Trial(rule="three", matched=True, told="it is for every letter"),
    )


def test_every_key_of_then_has_a_place() -> None:
    """Whatever an admin may write below `then` comes out in the ruling, and says which rule it was."""
    every: dict[str, Any] = {
        "category": "c", "service": "w", "severity": "s", "level": "l", "agent": "a", "team": "t", "tags": ("x",), "faq": ("f",),
        "ask": ("contract",), "refuse": "r", "offer": "o", "route": "u", "template": "v", "priority": "first",
        "notify": ("n",), "hint": "h",
    }  # fmt: skip
    assert every.keys() | {"postpone"} == ThenEntry.model_fields.keys()
    assert {*FIELDS, *LISTS, *GATHERED, "hint"} == ThenEntry.model_fields.keys()
    found = ruling({"one": {"then": every}})
    for key, value in every.items():
        field = "hints" if key == "hint" else key
        assert getattr(found, field) == ((value,) if key == "hint" else value)
        assert found.by[field] == "one"
    assert ruling({"one": {"then": {"postpone": "p"}}}).postpone == "p"


@pytest.mark.parametrize("keys", [("refuse", "postpone"), ("postpone", "refuse")])
def test_a_request_is_refused_or_put_off(keys: tuple[str, str]) -> None:
    """Whichever rule comes first wins over the other."""
    first, second = keys
    found = ruling({"one": {"then": {first: "x"}}, "two": {"then": {second: "y", "team": "t"}}})
    assert (getattr(found, first), getattr(found, second), found.team) == ("x", "", "t")


def test_a_rule_that_stops_ends_it() -> None:
    """The rules below are not tried, and one line says so."""
    stops = {"when": {"kind": "person"}, "then": {"category": "c"}, "stop": True}
    found = ruling({"zero": {"when": {"level": "x"}, "stop": True}, "one": stops, "two": ALL, "three": ALL})
    assert (found.category, found.tags) == ("c", ())
    assert told(found)[1:] == [
        ("one", True, 'kind is "person"'),
        ("two", False, 'not tried, nor is the other one below it: rule "one" stops'),
    ]
    assert told(ruling({"one": stops, "two": ALL}))[1:] == [("two", False, 'not tried: rule "one" stops')]
    assert told(ruling({"one": stops})) == [("one", True, 'kind is "person"')]
    four = told(ruling({"one": stops, "two": ALL, "three": ALL, "four": ALL}))[1:]
    assert four == [("two", False, 'not tried, nor are the 2 others below it: rule "one" stops')]


@pytest.mark.parametrize(
    ("rule", "letter", "why"),
    [
        pytest.param({"on": "first"}, {"first": True}, "", id="first"),
        pytest.param({"on": "first"}, {"first": False}, "it is for letters that open a request", id="not first"),
        pytest.param({}, {"first": False}, "it is for letters that open a request", id="first by itself"),
        pytest.param({"on": "later"}, {"first": False}, "", id="later"),
        pytest.param({"on": "later"}, {"first": True}, "it is for letters that join a request", id="not later"),
        pytest.param({"on": "every"}, {"first": True}, "", id="every, first"),
        pytest.param({"on": "every"}, {"first": False}, "", id="every, later"),
        pytest.param({"since": date(2026, 11, 27)}, {}, "", id="the first day"),
        pytest.param({"since": date(2026, 11, 28)}, {}, "it holds from 2026-11-28 on", id="the day before the first"),
        pytest.param({"until": date(2026, 11, 27)}, {}, "", id="the last day"),
        pytest.param({"until": date(2026, 11, 26)}, {}, "it held until 2026-11-26", id="the day after the last"),
    ],
)
def test_when_a_rule_is_tried(rule: dict[str, object], letter: dict[str, Any], why: str) -> None:
    """On which letters and days, both ends included; one that is not tried says why."""
    found = ruling({"one": {**ALL, **rule, "stop": True}, "two": {"on": "every", "then": {"tags": "two"}}}, **letter)
    assert found.tags == (("two",) if why else ("all",))
    assert told(found)[0] == ("one", not why, f"not tried: {why}" if why else "it is for every letter")


def test_disabled_rules_are_not_there() -> None:
    """Not even as ones that were not tried."""
    assert ruling({"one": {**ALL, "enabled": False}}) == Ruling()


def test_rules_see_what_rules_have_decided() -> None:
    """What was decided goes before how the ticket stands; tags are added to its own."""
    rules: dict[str, object] = {
        "old": {
            "on": "every",
            "when": {"category": "old", "severity": "low", "tag": "own"},
            "then": {"tags": "seen-old"},
        },
        "sets": {"on": "every", "then": {"category": "new", "severity": "high", "tags": "more"}},
        "new": {
            "on": "every",
            "when": {"category": "new", "severity": "high", "tag": "more"},
            "then": {"tags": "seen-new"},
        },
        "own": {"on": "every", "when": {"tag": "own"}, "then": {"tags": "seen-own"}},
        "gone": {
            "on": "every",
            "when": {"any": [{"category": "old"}, {"severity": "low"}]},
            "then": {"tags": "seen-gone"},
        },
    }
    found = ruling(rules, first=False, category="old", severity="low", tags=("own",))
    assert found.tags == ("seen-old", "more", "seen-new", "seen-own")


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────

LISTS_OF = {
    "category": {"outage": {"name": "Outage", "ask": ["contract", "serial"]}, "plain": {"name": "Plain"}},
    "missing": {
        "contract": {"text": "номер договора", "there": {"matches": "договор №"}},
        "serial": {"text": "серийный номер", "there": {"words": "серийный"}},
        "always": {"text": "адрес объекта"},
        "screenshot": {"there": {"attachments": True}},
    },
}
OUTAGE = {"one": {"on": "every", "then": {"category": "outage", "ask": ["always", "serial"]}}}


@pytest.mark.parametrize(
    ("rules", "letter", "ask"),
    [
        pytest.param(OUTAGE, {}, ("contract", "serial", "always"), id="by category and rule, each once"),
        pytest.param(OUTAGE, {"text": "Договор № 5, серийный 7."}, ("always",), id="what the letter has"),
        pytest.param(OUTAGE, {"first": False}, (), id="never later"),
        pytest.param(OUTAGE, {"first": False, "asked": ("serial", "contract", "always")}, ("serial", "contract"), id="what was asked for, and can be seen to be lacking"),
    pytest.param(OUTAGE, {"first": False, "asked": ("serial", "contract"), "text": "Договор № 5."}, ("serial",), id="what was asked for and has come"),
    pytest.param({}, {"category": "outage"}, ("contract", "serial"), id="by a category that rules did not set"),
        pytest.param({"one": {"then": {"category": "plain"}}}, {"category": "outage"}, (), id="a category without a list"),
        pytest.param({"one": {"then": {"ask": "contract"}}, "two": {"then": {"ask": "serial"}}}, {}, ("contract",), id="the first rule that asks"),
        pytest.param({"one": {"then": {"ask": "screenshot"}}}, {}, ("screenshot",), id="a known item with a look of its own"),
    ],
)  # fmt: skip
def test_what_is_asked_for(rules: dict[str, object], letter: dict[str, Any], ask: tuple[str, ...]) -> None:
    """Items of the decided category's checklist and of the first rule that asks, but for what the letter has."""
    assert ruling(rules, tables=LISTS_OF, **letter).ask == ask


def test_what_maild_sees_by_itself() -> None:
    """A screenshot needs no look of the organisation's own."""
    rules: dict[str, object] = {"one": {"then": {"ask": "screenshot"}}}
    assert ruling(rules).ask == ("screenshot",)
    assert ruling(rules, look=lambda: (file("error.png", "png", "image"),)).ask == ()


# ── text checks ──────────────────────────────────────────────────────────────────────────────────────────────────────

CAPITALS = "СРОЧНО ПОЧИНИТЕ НАМ ПРОГРАММУ, ОНА СНОВА НЕ ОТКРЫВАЕТСЯ УЖЕ ТРЕТИЙ ДЕНЬ."


@pytest.mark.parametrize(
    ("hints", "when", "checks"),
    [
        pytest.param(["capitals", "unsplit"], None, [Check.CAPITALS], id="what the organisation wants"),
        pytest.param([], {"check": ["unsplit", "capitals"]}, [Check.CAPITALS], id="what a rule asked for"),
        pytest.param(["capitals"], {"check": "capitals"}, [Check.CAPITALS], id="once"),
        pytest.param(
            [], {"any": [{"not": {"check": "capitals"}}, {"kind": "person"}]}, [Check.CAPITALS], id="deep inside"
        ),
        pytest.param([], {"all": [{"check": "capitals"}]}, [Check.CAPITALS], id="in all"),
        pytest.param([], {"check": "capitals", "level": "x"}, [], id="not of a rule that did not match"),
        pytest.param([], None, [], id="nothing"),
    ],
)
def test_of_which_flaws_agents_hear(hints: list[str], when: dict[str, object] | None, checks: list[Check]) -> None:
    """Of those that the organisation wants to hear of, and of those that a rule which matched asked for."""
    rules: dict[str, object] = {"one": {"when": when, "then": {"tags": "x"}}} if when else {}
    found = ruling(rules, tables={"text_hints": hints}, text=CAPITALS)
    assert [flaw.check for flaw in found.flaws] == checks
    assert all(flaw.evidence for flaw in found.flaws)


def test_no_check_runs_that_nobody_asks_for() -> None:
    """Nor files that nobody asks about."""
    letter = sight(text=CAPITALS, look=lambda: 1 / 0)
    assert apply_rules(rule_set(rule={"one": {"when": {"words": "x"}, "then": {"tags": "x"}}}), letter).broken == ""
    assert not {"files", "_flaws", "several"} & vars(letter).keys()


# ── bugs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def fails(error: BaseException) -> Condition:
    def holds(_: Sight, __: Decided) -> Seen:
        raise error

    return holds


def with_bug(rules: RuleSet, name: str, error: BaseException) -> RuleSet:
    broken = [replace(rule, holds=fails(error)) if rule.name == name else rule for rule in rules.rules]
    return replace(rules, rules=tuple(broken))


EVERYTHING = {
    "category": "c", "service": "w", "severity": "s", "level": "l", "agent": "a", "team": "t", "tags": "x", "faq": "f",
    "ask": "contract", "offer": "o", "route": "u", "template": "v", "priority": "first", "notify": "n", "hint": "h",
}  # fmt: skip


@pytest.mark.parametrize("ground", ["refuse", "postpone"])
@pytest.mark.parametrize(
    "error", [ValueError("no\nsuch thing"), RecursionError("deep"), MemoryError(), KeyError("x" * 5_000)]
)
def test_a_rule_that_fails_costs_what_acts_on_the_customer(ground: str, error: Exception) -> None:
    """The rule that failed might have said otherwise: a person decides; what only helps that person is kept."""
    rules = rule_set(
        rule={"one": {"then": {**EVERYTHING, ground: "g"}}, "two": ALL, "three": ALL},
        category={"c": {"name": "C", "ask": "contract"}},
    )
    found = apply_rules(with_bug(rules, "two", error), sight())
    assert [getattr(found, key) for key in ACTING] == ["", "", "", "", ()]
    assert not found.by.keys() & set(ACTING)
    assert (found.category, found.team, found.tags, found.hints, found.faq) == ("c", "t", ("x",), ("h",), ("f",))
    assert found.broken.startswith(f"two: {type(error).__name__}")
    assert found.broken.isprintable()
    assert len(found.broken) < 300
    assert [(trial.rule, trial.matched) for trial in found.trials] == [("one", True), ("two", False)]
    assert f"dropped, for a person to decide: {ground}, offer, route, ask" in found.trials[-1].told
    assert "three" not in str(found.trials)


def test_a_rule_that_fails_before_anything_was_decided() -> None:
    """Nothing was dropped, and nothing says so."""
    found = apply_rules(with_bug(rule_set(rule={"one": ALL, "two": ALL}), "one", ValueError("no")), sight())
    assert found == Ruling(
        trials=(Trial(rule="one", matched=False, told="it failed, nothing below it is tried: ValueError: no"),),
        broken="one: ValueError: no",
    )


def test_what_stops_an_error_is_no_wider_than_errors() -> None:
    """Who stops the program is not stopped."""
    with pytest.raises(KeyboardInterrupt):
        apply_rules(with_bug(rule_set(rule={"one": ALL}), "one", KeyboardInterrupt()), sight())


def test_a_checklist_that_fails(never: Callable[[], Any]) -> None:
    """It is named, and nothing acts on the customer."""
    found = ruling({"one": {"then": {"ask": "screenshot", "refuse": "g"}}}, tables=LISTS_OF, look=never)
    assert (found.broken, found.ask, found.refuse) == (
        "missing screenshot: AssertionError: nobody asked for files",
        (),
        "",
    )


def test_a_text_check_that_fails() -> None:
    """A hint that cannot be had is our bug, too."""
    rules = rule_set(rule={"one": {"then": {"refuse": "g", "category": "c"}}})
    found = apply_rules(replace(rules, hints=("nonsense",)), sight(text=None))  # type: ignore[arg-type]
    assert found.broken.startswith("text_hints: ")
    assert (found.refuse, found.category) == ("", "c")


def test_rules_are_made_once() -> None:
    """Trying them changes nothing in them, nor in what they are made from."""
    rules = rule_set(rule={"one": {"when": {"words": "отчёт"}, "then": EVERYTHING}}, **LISTS_OF)
    assert apply_rules(rules, sight()) == apply_rules(rules, sight())


def test_an_organisation_without_rules() -> None:
    """Nothing is said, nothing is tried."""
    assert apply_rules(rule_set(), sight()) == Ruling()
    assert organization().rule == {}
