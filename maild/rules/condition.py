"""Conditions of the admin's rules, compiled: each says whether it holds of a letter, and what it saw. Pure.

The keys of a condition are tried in one order whatever the file's, the cheap ones first, and the first that does not hold
ends it: what is attached and how the text is written are looked at only where everything else fits.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from maild.config.steering import ConditionEntry
from maild.contracts.coupons import CODE, shorten
from maild.ingest.clients.forms import is_among
from maild.language.patterns import CompiledPattern, compile_pattern
from maild.language.words import Phrase, compile_phrase
from maild.rules.sight import Decided, Sight
from maild.sla.calendar import Calendar

MAX_QUOTE = 60  # characters of each quotation in the evidence
MAX_TOLD = 400  # characters of a line of evidence
MAX_NAMED = 3  # values that are named before "and 5 more"


@dataclass(frozen=True)
class Seen:
    """Whether a condition holds of a letter, and what shows it, in one line."""

    held: bool
    told: str


Condition = Callable[[Sight, Decided], Seen]


def compile_condition(entry: ConditionEntry, calendars: Mapping[str, Calendar]) -> Condition:
    """Return the condition. Raises KeyError for a calendar that does not exist."""
    return _all(tuple(_tests(entry, calendars)))


def short(text: str, most: int = MAX_QUOTE) -> str:
    """Return a text in one line of at most so many characters, without the coupons in it: evidence is kept and logged."""
    text = CODE.sub(lambda code: shorten(code[0]), " ".join(text[: most * 4].split()))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _tests(entry: ConditionEntry, calendars: Mapping[str, Calendar]) -> Iterator[Condition]:
    """Yield the test of each key that is there, in the order in which they are tried."""
    # What is known already.
    if entry.kind:
        yield _one_of("kind", entry.kind, lambda sight, _: sight.kind)
    if entry.mailbox:
        yield _one_of("mailbox", entry.mailbox, lambda sight, _: sight.mailbox)
    if entry.form:
        yield _one_of("form", entry.form, lambda sight, _: sight.form)
    if entry.client:
        yield _one_of("client", entry.client, lambda sight, _: sight.client)
    if entry.standing:
        yield _one_of("standing", entry.standing, lambda sight, _: sight.standing)
    if entry.level:
        yield _one_of("level", entry.level, lambda sight, _: sight.level)
    if entry.coupon:
        yield _one_of("coupon", entry.coupon, lambda sight, _: sight.coupon)
    if entry.over_quota is not None:
        yield _switch(entry.over_quota, "over the quota", "within the quota", lambda sight: sight.over_quota)
    if entry.category:
        yield _one_of("category", entry.category, lambda _, decided: decided.category)
    if entry.severity:
        yield _one_of("severity", entry.severity, lambda _, decided: decided.severity)
    if entry.tag:
        yield _tagged(entry.tag)
    if entry.sender:
        yield _from(entry.sender)
    if entry.to:
        yield _to(entry.to)
    for name, pattern in entry.header.items():
        yield _header(name.lower(), compile_pattern(pattern))
    if entry.in_hours is not None:
        yield _hours(calendars[entry.in_hours], wanted=True)
    if entry.out_of_hours is not None:
        yield _hours(calendars[entry.out_of_hours], wanted=False)

    # What has to be looked for.
    for key, patterns, where in (
        ("subject_matches", entry.subject_matches, _SUBJECT),
        ("matches", entry.matches, _BOTH),
        ("text_matches", entry.text_matches, _TEXT),
    ):
        if patterns:
            yield _matches(key, tuple(map(compile_pattern, patterns)), where)
    for key, phrases, where in (
        ("subject_words", entry.subject_words, _SUBJECT),
        ("words", entry.words, _BOTH),
        ("text_words", entry.text_words, _TEXT),
    ):
        if phrases:
            yield _words(key, tuple(map(compile_phrase, phrases)), where)
    if entry.all_ is not None:
        yield _all(tuple(compile_condition(one, calendars) for one in entry.all_))
    if entry.any_ is not None:
        yield _any(tuple(compile_condition(one, calendars) for one in entry.any_))
    if entry.not_ is not None:
        yield _not(compile_condition(entry.not_, calendars))

    # What takes long.
    if entry.attachments is not None:
        yield _switch(
            entry.attachments, "something is attached", "nothing is attached", lambda sight: bool(sight.files)
        )
    if entry.attachment_names:
        yield _file_names(tuple(map(compile_pattern, entry.attachment_names)))
    if entry.attachment_types:
        yield _file_types(entry.attachment_types)
    if entry.several is not None:
        yield _several(wanted=entry.several)
    if entry.check:
        yield _checks(entry)


# ── together ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _all(tests: Sequence[Condition]) -> Condition:
    def test(sight: Sight, decided: Decided) -> Seen:
        told = []
        for one in tests:
            seen = one(sight, decided)
            if not seen.held:
                return seen
            told.append(seen.told)
        return Seen(held=True, told=short("; ".join(told), MAX_TOLD) or "it is for every letter")

    return test


def _any(tests: Sequence[Condition]) -> Condition:
    def test(sight: Sight, decided: Decided) -> Seen:
        told = []
        for one in tests:
            seen = one(sight, decided)
            if seen.held:
                return seen
            told.append(seen.told)
        return Seen(held=False, told=short(f"none of these: {'; '.join(told)}", MAX_TOLD))

    return test


def _not(inner: Condition) -> Condition:
    def test(sight: Sight, decided: Decided) -> Seen:
        seen = inner(sight, decided)
        told = f"it should not be that: {seen.told}" if seen.held else f"not: {seen.told}"
        return Seen(held=not seen.held, told=short(told, MAX_TOLD))

    return test


# ── what is known ────────────────────────────────────────────────────────────────────────────────────────────────────


def _one_of(name: str, wanted: Sequence[str], value_of: Callable[[Sight, Decided], str]) -> Condition:
    among, named = frozenset(wanted), _named(wanted)

    def test(sight: Sight, decided: Decided) -> Seen:
        value = value_of(sight, decided)
        shown = f"{name} is {_quoted(value) if value else 'none'}"
        return Seen(held=True, told=shown) if value in among else Seen(held=False, told=f"{shown}, not {named}")

    return test


def _switch(wanted: bool, yes: str, no: str, value_of: Callable[[Sight], bool]) -> Condition:
    def test(sight: Sight, _: Decided) -> Seen:
        value = value_of(sight)
        return Seen(held=value is wanted, told=yes if value else no)

    return test


def _tagged(wanted: Sequence[str]) -> Condition:
    def test(_: Sight, decided: Decided) -> Seen:
        if found := next((tag for tag in wanted if tag in decided.tags), None):
            return Seen(held=True, told=f"tag {_quoted(found)}")
        there = f"tags are {_named(decided.tags, 'and')}" if decided.tags else "no tags"
        return Seen(held=False, told=f"{there}, not {_named(wanted)}")

    return test


def _from(wanted: Sequence[str]) -> Condition:
    among = frozenset(map(str.casefold, wanted))

    def test(sight: Sight, _: Decided) -> Seen:
        author = sight.author.addr if sight.author else ""
        if is_among(author, among):
            return Seen(held=True, told=f"from {short(author)}")
        return Seen(held=False, told=f"from {short(author) or 'nobody'}, not {_named(wanted)}")

    return test


def _to(wanted: Sequence[str]) -> Condition:
    among, named = tuple(map(str.casefold, wanted)), _named(wanted)

    def test(sight: Sight, _: Decided) -> Seen:
        for one in among:
            found = sight.recipient_by_domain.get(one) if one.startswith("@") else one
            if found in sight.recipients:
                return Seen(held=True, told=f"to {short(found)}")
        there = _named(sight.recipients_in_order, "and") or "nobody"
        return Seen(held=False, told=f"to {there}, not {named}")

    return test


def _header(name: str, pattern: CompiledPattern) -> Condition:
    wanted = f"header {short(name)} matches {_quoted(pattern.source)}"

    def test(sight: Sight, _: Decided) -> Seen:
        values = sight.header(name)
        for value in values:
            if (found := pattern.find(value)) is not None:
                return Seen(held=True, told=f"{wanted}: {_quoted(found)}")
        there = f"header {short(name)} is {_named(values, 'and')}" if values else f"no header {short(name)}"
        return Seen(held=False, told=f"{there}, where {_quoted(pattern.source)} should match")

    return test


def _hours(calendar: Calendar, *, wanted: bool) -> Condition:
    def test(sight: Sight, _: Decided) -> Seen:
        working = calendar.is_working(sight.at)
        at = sight.at.astimezone(calendar.zone)
        where = "in" if working else "out of"
        told = f"received {at:%a %Y-%m-%d %H:%M}, {where} the hours of {_quoted(calendar.name)}"
        return Seen(held=working is wanted, told=told)

    return test


# ── what is looked for ───────────────────────────────────────────────────────────────────────────────────────────────

_SUBJECT, _TEXT, _BOTH = ("subject",), ("text",), ("subject", "text")


def _matches(key: str, patterns: Sequence[CompiledPattern], where: Sequence[str]) -> Condition:
    named = _named([pattern.source for pattern in patterns])

    def test(sight: Sight, _: Decided) -> Seen:
        for place in where:
            text = sight.shown_subject if place == "subject" else sight.shown_text
            for pattern in patterns:
                if (found := pattern.find(text)) is not None:
                    told = f"{key} {_quoted(pattern.source)}: {_quoted(found)} in the {place}"
                    return Seen(held=True, told=told)
        return Seen(held=False, told=f"no match of {named} in the {' or the '.join(where)}")

    return test


def _words(key: str, phrases: Sequence[Phrase], where: Sequence[str]) -> Condition:
    named = _named([phrase.source for phrase in phrases])

    def test(sight: Sight, _: Decided) -> Seen:
        for place in where:
            words = sight.subject_words if place == "subject" else sight.text_words
            for phrase in phrases:
                if (found := words.find(phrase)) is not None:
                    return Seen(held=True, told=f"{key} {_quoted(phrase.source)}: {_quoted(found)} in the {place}")
        return Seen(held=False, told=f"no form of {named} in the {' or the '.join(where)}")

    return test


def _file_names(patterns: Sequence[CompiledPattern]) -> Condition:
    named = _named([pattern.source for pattern in patterns])

    def test(sight: Sight, _: Decided) -> Seen:
        for file in sight.files:
            for pattern in patterns:
                if pattern.find(file.attachment.name) is not None:
                    told = f"attachment_names {_quoted(pattern.source)}: {_quoted(file.attachment.name)}"
                    return Seen(held=True, told=told)
        names = _named([file.attachment.name for file in sight.files], "and")
        there = f"attached is {names}" if names else "nothing is attached"
        return Seen(held=False, told=f"{there}, where {named} should match")

    return test


def _file_types(wanted: Sequence[str]) -> Condition:
    among, named = frozenset(wanted), _named(wanted)

    def test(sight: Sight, _: Decided) -> Seen:
        for file in sight.files:
            if kinds := among & file.kinds:
                return Seen(held=True, told=f"{_quoted(file.attachment.name)} is {_named(sorted(kinds), 'and')}")
        there = sorted(frozenset(chain.from_iterable(file.kinds for file in sight.files)))
        shown = f"attached is {_named(there, 'and') or 'something unknown'}" if sight.files else "nothing is attached"
        return Seen(held=False, told=f"{shown}, not {named}")

    return test


def _several(*, wanted: bool) -> Condition:
    def test(sight: Sight, _: Decided) -> Seen:
        evidence = sight.several.evidence
        told = f"it looks like several requests: {_named(evidence, 'and')}" if evidence else "it looks like one request"
        return Seen(held=bool(evidence) is wanted, told=told)

    return test


def _checks(entry: ConditionEntry) -> Condition:
    named = _named(entry.check)

    def test(sight: Sight, _: Decided) -> Seen:
        for check in entry.check:
            if flaw := sight.flaw(check):
                return Seen(held=True, told=f"check {_quoted(check)}: {short(flaw.evidence)}")
        return Seen(held=False, told=f"nothing wrong with the text by {named}")

    return test


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _quoted(text: str) -> str:
    return f'"{short(text)}"'


def _named(values: Sequence[str], last: str = "or") -> str:
    """Return values in quotes: "a", "b" or "c"."""
    shown = [_quoted(value) for value in values[:MAX_NAMED]]
    if (more := len(values) - MAX_NAMED) > 0:
        return f"{', '.join(shown)} {last} {more} more"
    return f" {last} ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
