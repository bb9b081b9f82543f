"""Letters that a change of rules cannot touch are found by their words; every other test walks those, too."""

from typing import Any

from hypothesis import given, settings

from maild.backtest.untouched import what_words_need
from maild.config.steering import ConditionEntry
from maild.config.terms import calendars_of
from maild.rules.condition import compile_condition
from maild.rules.sight import Decided
from tests.config.small_world import LETTERS, conditions, organization_of

CALENDARS = calendars_of(organization_of({}))


@settings(max_examples=200, deadline=None)
@given(conditions())
def test_what_words_need_is_needed(when: dict[str, Any]) -> None:
    """Of every letter of a small world: where a condition holds, so does what it needs of the letter by itself."""
    entry = ConditionEntry.model_validate(when)
    needed = what_words_need(entry)
    if needed is None:
        return
    holds, may = compile_condition(entry, CALENDARS), compile_condition(needed, {})  # no calendar is asked
    for letter in LETTERS:
        decided = Decided(category=letter.category, severity=letter.severity, tags=letter.tags)
        assert may(letter, Decided()).held or not holds(letter, decided).held


def test_words_suffice_where_they_are_all_that_is_asked() -> None:
    """Else the test above could not fail: what asks for words is needed as it is, within `any`, `all` and `not`, too."""
    for when in (
        {"words": ["альфа"], "kind": ["person"]},
        {"any": [{"words": ["альфа"]}, {"not": {"matches": ["бета"]}}]},
        {"all": [{"to": ["support@acme.example"]}, {"header": {"X-Spam": "yes"}}]},
    ):
        entry = ConditionEntry.model_validate(when)
        assert what_words_need(entry) == entry
    some = ConditionEntry.model_validate({"words": ["альфа"], "level": ["gold"], "not": {"level": ["base"]}})
    assert what_words_need(some) == ConditionEntry.model_validate({"words": ["альфа"]})
    either = ConditionEntry.model_validate({"any": [{"words": ["альфа"]}, {"level": ["gold"]}]})
    assert what_words_need(either) is None
