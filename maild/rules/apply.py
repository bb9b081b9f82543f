"""What the admin's rules make of one letter. Pure; whatever a rule does wrong, nothing is raised.

A rule that fails in a way that is our bug ends it: what the rules before it decided about the customer is dropped, because
the rule that failed might have said otherwise, and a person decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from maild.config.steering import ThenEntry
from maild.desk.ruling import Ruling, Trial
from maild.rules.condition import short
from maild.rules.load import Rule, RuleSet
from maild.rules.sight import Decided, Sight
from maild.texts.flaw import Check, Flaw

MAX_ERROR = 200  # characters of a bug's message
FIELDS = (
    "category",
    "service",
    "severity",
    "level",
    "agent",
    "team",
    "refuse",
    "postpone",
    "offer",
    "route",
    "template",
    "priority",
)
LISTS = ("faq", "ask")  # of the first rule that sets them
GATHERED = ("tags", "notify")  # of all rules
ACTING = ("refuse", "postpone", "offer", "route", "ask")  # what acts on the customer by itself
EITHER = {"refuse": "postpone", "postpone": "refuse"}  # the first of the two that is set wins over the other, too


def apply_rules(rules: RuleSet, sight: Sight) -> Ruling:
    """Return what the rules say of a letter."""
    work = _Work()
    try:
        _try_rules(rules, sight, work)
        work.at = "checklist"
        asked = _asked(rules, sight, work)
        work.at = "text_hints"
        flaws = _flaws(sight, (*rules.hints, *work.checks))
    except Exception as error:
        return _broken(work, error)
    return work.ruling(ask=asked, flaws=flaws)


@dataclass
class _Work:
    """What is decided so far."""

    said: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    gathered: dict[str, dict[str, None]] = field(default_factory=lambda: {key: {} for key in (*GATHERED, "hints")})
    by: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)  # that rules which matched asked for
    trials: list[Trial] = field(default_factory=list)
    looked: list[str] = field(
        default_factory=list
    )  # for each item that the letter should have: whether it has it, and the evidence
    at: str = ""  # what is tried now

    def take(self, name: str, then: ThenEntry, checks: Iterable[Check]) -> None:
        """Take over what a rule that matched says."""
        for key in FIELDS:
            value = getattr(then, key)
            if value is not None and key not in self.said and EITHER.get(key) not in self.said:
                self.said[key], self.by[key] = value, name
        for key in LISTS:
            values = getattr(then, key)
            if values and key not in self.lists:
                self.lists[key], self.by[key] = values, name
        hints = (then.hint,) if then.hint else ()
        for key, values in (("tags", then.tags), ("notify", then.notify), ("hints", hints)):
            if values:
                self.gathered[key].update(dict.fromkeys(values))
                self.by[key] = ", ".join(filter(None, (self.by.get(key), name)))
        self.checks += checks

    def decided(self, sight: Sight) -> Decided:
        """Return what the conditions of the next rule see."""
        return Decided(
            category=self.said.get("category", sight.category),
            severity=self.said.get("severity", sight.severity),
            tags=tuple(dict.fromkeys((*sight.tags, *self.gathered["tags"]))),
        )

    def ruling(self, *, ask: tuple[str, ...] = (), flaws: tuple[Flaw, ...] = (), broken: str = "") -> Ruling:
        """Return it as a value."""
        return Ruling(
            **self.said,
            faq=self.lists.get("faq", ()),
            ask=ask,
            tags=tuple(self.gathered["tags"]),
            notify=tuple(self.gathered["notify"]),
            hints=tuple(self.gathered["hints"]),
            by=self.by,
            trials=tuple(self.trials),
            flaws=flaws,
            looked=tuple(self.looked),
            broken=broken,
        )


def _try_rules(rules: RuleSet, sight: Sight, work: _Work) -> None:
    for place, rule in enumerate(rules.rules):
        work.at = rule.name
        if why := _why_not_tried(rule, sight):
            work.trials.append(Trial(rule=rule.name, matched=False, told=f"not tried: {why}"))
            continue
        seen = rule.holds(sight, work.decided(sight))
        work.trials.append(Trial(rule=rule.name, matched=seen.held, told=seen.told))
        if not seen.held:
            continue
        work.take(rule.name, rule.then, rule.checks)
        if rule.stop:
            if rest := rules.rules[place + 1 :]:
                work.trials.append(_rest(rest, f'rule "{rule.name}" stops'))
            return


def _why_not_tried(rule: Rule, sight: Sight) -> str:
    if rule.on == "first" and not sight.first:
        return "it is for letters that open a request"
    if rule.on == "later" and sight.first:
        return "it is for letters that join a request"
    if rule.since is not None and sight.today < rule.since:
        return f"it holds from {rule.since} on"
    if rule.until is not None and rule.until < sight.today:
        return f"it held until {rule.until}"
    return ""


def _rest(rest: tuple[Rule, ...], why: str) -> Trial:
    others = len(rest) - 1
    further = f", nor are the {others} others below it" if others > 1 else ", nor is the other one below it" * others
    return Trial(rule=rest[0].name, matched=False, told=f"not tried{further}: {why}")


def _asked(rules: RuleSet, sight: Sight, work: _Work) -> tuple[str, ...]:
    """Return what the checklists ask for and the letter does not have; of a later letter what was asked for and is lacking still."""
    decided = work.decided(sight)
    ruled = (*rules.checklists.get(decided.category, ()), *work.lists.get("ask", ()))
    wanted = dict.fromkeys(ruled if sight.first else sight.asked)
    missing = []
    for item in wanted:
        work.at = f"missing {item}"
        has = rules.items.get(item)
        if has is None:  # nobody can tell whether an answer has it: the answer itself must do
            lacking, told = sight.first, "it has no look of its own"
        else:
            seen = has(sight, decided)
            lacking, told = not seen.held, seen.told
        work.looked.append(f"{item}: {'lacking' if lacking else 'there'}: {told}")
        if lacking:
            missing.append(item)
    return tuple(missing)


def _flaws(sight: Sight, wanted: Iterable[Check]) -> tuple[Flaw, ...]:
    return tuple(flaw for check in dict.fromkeys(wanted) if (flaw := sight.flaw(check)))


def _broken(work: _Work, error: Exception) -> Ruling:
    told = short(f"{type(error).__name__}: {error}", MAX_ERROR)
    dropped = [key for key in ACTING if work.said.pop(key, None) or work.lists.pop(key, None)]
    for key in dropped:
        work.by.pop(key, None)
    lost = f"; dropped, for a person to decide: {', '.join(dropped)}" if dropped else ""
    work.trials.append(Trial(rule=work.at, matched=False, told=f"it failed, nothing below it is tried: {told}{lost}"))
    return work.ruling(broken=f"{work.at}: {told}")
