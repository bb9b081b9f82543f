"""What the admin's rules make of one letter, field by field, with the rule that set each; and why the others did not match."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maild.texts.flaw import Flaw


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One rule that was tried."""

    rule: str
    matched: bool
    told: str  # the evidence of every condition; or the first condition that failed, and the value it saw


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What the rules say; "" and () where no rule says anything. Ids are those of the configuration."""

    category: str = ""
    service: str = ""  # a row of the table of services
    severity: str = ""
    level: str = ""
    agent: str = ""
    team: str = ""
    tags: tuple[str, ...] = ()  # of all rules that matched
    faq: tuple[str, ...] = ()  # entries to suggest before those that the search finds
    ask: tuple[str, ...] = ()  # what the checklists of category and rules ask for and the letter does not have
    refuse: str = ""  # a ground
    postpone: str = ""  # a ground
    offer: str = ""
    route: str = ""  # a unit
    template: str = ""  # the variant of the letters to the customer
    priority: str = ""  # "first", "early", "usual", "late"
    notify: tuple[str, ...] = ()  # agents and teams who hear besides; of all rules that matched
    hints: tuple[str, ...] = ()  # lines for agents; of all rules that matched
    by: Mapping[str, str] = field(default_factory=dict)  # field → the rule that set it
    trials: tuple[Trial, ...] = ()
    flaws: tuple[Flaw, ...] = ()  # of those that the organisation wants hints about, and that rules asked for
    looked: tuple[str, ...] = ()  # for each item that the letter should have: whether it has it, and the evidence
    broken: str = ""  # "rule: error": this rule failed in a way that is our bug; what it would have said is not known
