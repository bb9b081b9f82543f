"""In what two verdicts about one letter differ, and which rule or evidence makes it so. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff

from maild.backtest.verdict import Aspect, Verdict

MAX_LINES = 30  # of a difference between two texts


@dataclass(frozen=True, kw_only=True)
class Change:
    """One aspect in which a letter would end otherwise."""

    aspect: Aspect
    before: str  # "": nothing
    after: str
    why: tuple[str, ...] = ()  # lines; "before: …" and "after: …" where the two differ in it
    lines: tuple[str, ...] = ()  # of a text: what goes ("-…") and what comes ("+…")

    def __str__(self) -> str:
        return f"{self.before or '—'} → {self.after or '—'}"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One letter, and in what it would end otherwise."""

    letter: int
    received_at: datetime
    mailbox: str
    author: str = ""
    subject: str = ""
    ticket: str = ""  # the number of the one that it is in; "": none
    changes: tuple[Change, ...] = ()
    lost: bool = False  # its octets are missing, so that nothing can be said


def differences(before: Verdict, after: Verdict) -> tuple[Change, ...]:
    """Return what is another in `after`, in the order of the aspects."""
    kinds = {side.said.get(Aspect.REPLY, "") for side in (before, after)}
    worded = Aspect.REPLY if len(kinds) > 1 else Aspect.WORDS  # where other words are told: of the same kind of letter
    changes = []
    for aspect in Aspect:
        was, will = before.said.get(aspect, ""), after.said.get(aspect, "")
        lines = _reworded(before, after) if aspect is worded else ()
        if was != will or lines:
            why = tuple(_why(aspect, before, after))
            changes.append(Change(aspect=aspect, before=was, after=will, why=why, lines=lines))
    return tuple(changes)


def _why(aspect: Aspect, before: Verdict, after: Verdict) -> Iterator[str]:
    """Name the rules of either side, with their evidence there and with what the other side sees of them."""
    rules = f"{after.rules.get(aspect, '')}, {before.rules.get(aspect, '')}"
    for rule in dict.fromkeys(filter(None, rules.split(", "))):
        if rule not in before.known:
            yield f"rule {rule} (new): {_told(after, rule)}"
        elif rule not in after.known:
            yield f"rule {rule} (gone): {_told(before, rule)}"
        elif (was := _told(before, rule)) == (will := _told(after, rule)):
            yield f"rule {rule}: {will}"
        else:
            yield f"rule {rule}: before: {was}; after: {will}"
    then, now = before.because.get(aspect, ""), after.because.get(aspect, "")
    if then != now:
        yield from ([f"before: {then}"] if then else []) + ([f"after: {now}"] if now else [])


def _told(verdict: Verdict, rule: str) -> str:
    trial = next((one for one in verdict.trials if one.rule == rule), None)
    if trial is None:
        return "not tried: a rule above it stops"
    return trial.told if trial.matched else f"no: {trial.told}"


def _reworded(before: Verdict, after: Verdict) -> tuple[str, ...]:
    """Return how what the author hears would read otherwise, line by line."""
    if before.reply == after.reply:
        return ()
    (was, was_page), (will, will_page) = _text(before), _text(after)
    if was == will:
        return ("its HTML alone looks otherwise",) if was_page != will_page else ()
    lines = [line for line in unified_diff(was.splitlines(), will.splitlines(), lineterm="", n=0) if line[0] in "+-"]
    shown = lines[2 : MAX_LINES + 2]  # the first two name the files
    more = len(lines) - MAX_LINES - 2
    return (*shown, f"… and {more} more lines") if more > 0 else tuple(shown)


def _text(verdict: Verdict) -> tuple[str, str]:
    return verdict.reply.text() if verdict.reply else ("", "")
