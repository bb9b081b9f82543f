"""Letters that a change of rules cannot touch, as their words tell: they need not be decided upon to be decided alike."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from maild.config.steering import ConditionEntry
from maild.desk.case import Read
from maild.policy import MailboxPolicy
from maild.rules.condition import Condition, compile_condition
from maild.rules.load import Rule
from maild.rules.sight import Decided, look_at_words

# What a letter says by itself; all else asks who wrote it, when, what was decided, or opens its files.
_OF_THE_LETTER = (
    "kind", "mailbox", "form", "to", "header",
    "subject_matches", "matches", "text_matches", "subject_words", "words", "text_words",
)  # fmt: skip


class Untouched:
    """The letters of one mailbox for which no rule that is another can hold on either side."""

    def __init__(self, box: MailboxPolicy, needed: Sequence[Condition]) -> None:
        self._box, self._needed = box, needed

    def has(self, read: Read, at: datetime) -> bool:
        """Whether the letter is one. Raises what a rule raises."""
        sight = look_at_words(read.message, read.said, self._box.desk.mailbox, read.kind.kind, read.form, at, at.date())
        return not any(needed(sight, Decided()).held for needed in self._needed)


def find_untouched(before: MailboxPolicy, after: MailboxPolicy) -> Untouched | None:
    """Return which letters cannot be touched; None: that cannot be told by words.

    Whoever asks knows that the sides are the same but for what they steer by.
    """
    was, will = ({rule.name: rule for rule in box.steering.rules.rules} for box in (before, after))
    if _besides_rules(before) != _besides_rules(after) or _unchanged(was, will) != _unchanged(will, was):
        return None  # an order that is another makes each rule another
    changed = [
        rule for mine, theirs in ((was, will), (will, was)) for rule in mine.values() if not _is_in(rule, theirs)
    ]
    needed = [what_words_need(rule.when) for rule in changed]
    if None in needed:
        return None
    return Untouched(before, [compile_condition(entry, {}) for entry in needed if entry is not None])


def what_words_need(entry: ConditionEntry) -> ConditionEntry | None:
    """Return what must be so of the letter by itself for a condition to hold; None: nothing, it may hold of any letter."""
    needed: dict[str, Any] = {key: value for key in _OF_THE_LETTER if (value := getattr(entry, key))}
    if all_ := tuple(filter(None, map(what_words_need, entry.all_ or ()))):
        needed["all_"] = all_
    any_ = tuple(map(what_words_need, entry.any_ or ()))
    if any_ and None not in any_:
        needed["any_"] = any_
    if entry.not_ is not None and what_words_need(entry.not_) == entry.not_:
        needed["not_"] = entry.not_
    return ConditionEntry().model_copy(update=needed) if needed else None


def _besides_rules(box: MailboxPolicy) -> tuple[object, ...]:
    """Return all that `rules.steer` goes by but for the rules, and for the FAQ, which is the desk's, too."""
    steering = box.steering
    rules = steering.rules
    return steering.files, steering.most, steering.threshold, rules.checklists, rules.looks, rules.hints


def _unchanged(mine: Mapping[str, Rule], theirs: Mapping[str, Rule]) -> list[str]:
    return [rule.name for rule in mine.values() if _is_in(rule, theirs)]


def _is_in(rule: Rule, others: Mapping[str, Rule]) -> bool:
    """Whether there is a rule that says just the same; conditions are compared as they are written."""
    other = others.get(rule.name)
    return other is not None and _said_by(rule) == _said_by(other)


def _said_by(rule: Rule) -> tuple[object, ...]:
    return rule.on, rule.since, rule.until, rule.when, rule.then, rule.stop
