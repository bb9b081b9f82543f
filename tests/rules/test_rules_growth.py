"""However hostile a letter is to 300 rules, trying them takes time in step with its size, and with their number."""

from collections.abc import Callable
from functools import partial
from itertools import count

import pytest

from maild.desk.files import SeenFile
from maild.rules.apply import apply_rules
from maild.rules.load import RuleSet
from maild.rules.sight import MAX_TEXT
from tests.pace import find_growth_between
from tests.rules.conftest import file, rule_set, sight

SIZE = 30_000  # characters
RULES = 300
TURNS = count()

KEYS: dict[str, Callable[[int], dict[str, object]]] = {
    "matches": lambda n: {"matches": ["(a+)+$", "(a|aa)+b", f"(.*,){{9}}x{n}", f"x{n}$"]},
    "words": lambda n: {"words": ["а а а а а а б", "раз два три", f"слово{n}", "a a a a a b", f"префикс{n}*"]},
    "header": lambda n: {"header": {"Received": f"(a+)+{n}$"}},
    "attachment_names": lambda n: {"attachment_names": ["(a+)+$", f"{n}$"]},
    "attachment_types": lambda n: {"attachment_types": ["exe", f"x{n}"]},
    "checks": lambda _: {"check": ["capitals", "translit", "unsplit"]},
    "several": lambda _: {"several": True},
    "to": lambda n: {"to": [f"@x{n}.example", f"a{n}@example.com"]},
    "nested": lambda n: {
        "any": [{"all": [{"not": {"not": {"any": [{"words": f"а {n}"}, {"matches": f"a{n}"}]}}}] * 4}] * 4
    },
}
LETTERS: dict[str, Callable[[int], str]] = {
    "one letter": lambda size: "a" * size,
    "short words": lambda size: "а " * (size // 2),
    "lines": lambda size: "a,\n" * (size // 3),
    "other words": lambda size: " ".join(f"слово{n} раз два" for n in range(size // 18)),
    "capitals": lambda size: "ПОЧЕМУ НЕ РАБОТАЕТ? " * (size // 20),
}


def mixed(count: int) -> RuleSet:
    """Return so many rules, of every kind in turn."""
    conditions = list(KEYS.values())
    rules = {f"r{n}": {"when": conditions[n % len(KEYS)](n), "then": {"tags": "x"}} for n in range(count)}
    return rule_set(rule=rules)


def try_rules(rules: RuleSet, build: Callable[[int], str], size: int) -> None:
    """Try rules on a new letter, and see that all were tried."""
    text = f"{next(TURNS)} {build(size)}"  # no text twice: what was found out about the last ones is remembered
    files = tuple(file(text[n : n + 200] or "x", "txt") for n in range(0, len(text), 600))

    def look() -> tuple[SeenFile, ...]:
        return files

    recipients = frozenset(f"a{n}@example.org" for n in range(len(text) // 5))
    letter = sight(subject=text, text=text, look=look, headers=lambda _: [text] * 20, recipients=recipients)
    found = apply_rules(rules, letter)
    assert not found.broken
    assert len(found.trials) == len(rules.rules)


@pytest.mark.parametrize("build", LETTERS.values(), ids=LETTERS)
def test_trying_rules_grows_no_faster_than_the_letter(build: Callable[[int], str]) -> None:
    """Four times the letter costs about four times as much, and beyond what is looked through nothing more."""
    work = partial(try_rules, mixed(RULES), build)
    assert find_growth_between(work, SIZE // 4, SIZE) == ""
    assert find_growth_between(work, SIZE, MAX_TEXT * 8) == ""


def test_a_rule_costs_no_more_among_many() -> None:
    """Four times the rules cost about four times as much."""
    assert (
        find_growth_between(
            partial(try_rules, build=LETTERS["other words"], size=SIZE), mixed(RULES // 4), mixed(RULES)
        )
        == ""
    )


ONCE: dict[str, Callable[[int], dict[str, object]]] = {
    "matches": lambda n: {"matches": [f"{m}x{n}$" for m in range(4)]},
    "words": lambda n: {"words": f"xyz{n}"},
    "checks": KEYS["checks"],
    "several": KEYS["several"],
    "to": KEYS["to"],
}


@pytest.mark.parametrize("condition", ONCE.values(), ids=ONCE)
def test_what_many_rules_ask_is_found_once(condition: Callable[[int], dict[str, object]]) -> None:
    """The second rule that asks about words, addresses or how the text is written costs next to nothing."""
    rules = {f"r{n}": {"when": condition(n), "then": {"tags": "x"}} for n in range(RULES)}
    one, many = rule_set(rule={"r0": rules["r0"]}), rule_set(rule=rules)
    work = partial(try_rules, build=LETTERS["other words"], size=SIZE)
    assert find_growth_between(work, one, many, growth=RULES / 3) == ""
