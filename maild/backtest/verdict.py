"""What one configuration makes of one letter, aspect by aspect, in words that can be compared and shown. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from maild.desk.case import Case, DeskPolicy
from maild.desk.decision import Decision
from maild.desk.ruling import Trial
from maild.model import TO_OUR_OWN, Draft, Outcome, Purpose, Ticket
from maild.sla.clock import Clock

RANKS = ("first", "early", "usual", "late")  # Ticket.rank
ALWAYS = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
IN_PERSONS_WORDS = {Purpose.ANSWER, Purpose.EXTENSION, Purpose.PASSING}  # to others, and by somebody's own word


class Aspect(StrEnum):
    """What may be another under another configuration, in the order in which it is told."""

    OUTCOME = "outcome"
    TICKET = "ticket"
    CLIENT = "client"
    LEVEL = "level"
    CATEGORY = "category"
    SEVERITY = "severity"
    GROUND = "ground"
    ASKED = "asked"
    OFFER = "offer"
    UNIT = "unit"
    STATUS = "status"
    TERMS = "terms"
    PRIORITY = "priority"
    TEAM = "team"
    AGENT = "agent"
    TOLD = "told"
    TAGS = "tags"
    HINTS = "hints"
    FAQ = "faq"
    FILES = "files"
    REPLY = "reply"
    WORDS = "words"
    BROKEN = "broken rule"


FIELDS = {  # of a Ruling: which aspect each decides
    "category": Aspect.CATEGORY, "severity": Aspect.SEVERITY, "level": Aspect.LEVEL, "agent": Aspect.AGENT,
    "team": Aspect.TEAM, "tags": Aspect.TAGS, "faq": Aspect.FAQ, "ask": Aspect.ASKED, "refuse": Aspect.GROUND,
    "postpone": Aspect.GROUND, "offer": Aspect.OFFER, "route": Aspect.UNIT, "priority": Aspect.PRIORITY,
    "notify": Aspect.TOLD, "hints": Aspect.HINTS, "template": Aspect.WORDS,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the author hears at once."""

    draft: Draft
    style: str  # who writes, by which templates: where two are equal, equal words are an equal letter
    text: Callable[[], tuple[str, str]] = field(compare=False)  # as it would be read, and its HTML


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What one configuration makes of one letter; aspects in which there is nothing to say are not there."""

    said: Mapping[Aspect, str]
    rules: Mapping[Aspect, str] = field(default_factory=dict)  # by which rules (of the admin) it is so
    because: Mapping[Aspect, str] = field(default_factory=dict)  # what else speaks for it
    trials: tuple[Trial, ...] = ()
    known: frozenset[str] = frozenset()  # names of the rules that there are
    reply: Reply | None = None


def verdict_of(
    case: Case,
    decision: Decision,
    *,
    known: frozenset[str],
    style: str,
    word: Callable[[Draft], tuple[str, str]],
) -> Verdict:
    """Return what was decided about a letter.

    `known` are the names of all rules; `word` gives the words of a draft in that `style`, if anybody asks for them.
    """
    desk, ruling = case.policy, case.ruling
    ticket = decision.opened or decision.became or _touched(case, decision)
    reply = next((one for one in decision.drafts if one.purpose not in TO_OUR_OWN | IN_PERSONS_WORDS), None)
    untaken = {one.attachment.name: one for one in case.files if one.untaken}
    said = {
        Aspect.OUTCOME: str(decision.outcome.kind),
        Aspect.TOLD: ", ".join(_told(decision, desk)),
        Aspect.HINTS: ", ".join((*ruling.hints, *(str(flaw.check) for flaw in ruling.flaws))),
        Aspect.FILES: ", ".join(f"{name}: {one.untaken}" for name, one in untaken.items()),
        Aspect.REPLY: str(reply.purpose) if reply else "",
        Aspect.BROKEN: ruling.broken,
        **(_of_ticket(case, decision, ticket) if ticket else {}),
    }
    because = {
        Aspect.OUTCOME: decision.outcome.reason,
        Aspect.TICKET: decision.outcome.reason,
        Aspect.CLIENT: "; ".join(case.client.evidence[-1:]),
        Aspect.LEVEL: "; ".join(case.client.evidence[-1:]),
        Aspect.TOLD: "; ".join(one.detail for one in decision.events if one.kind == "not notified"),
        Aspect.FAQ: "; ".join(f"{one.entry.id}: {one.score:.2f}: {one.evidence}" for one in case.faq),
        Aspect.FILES: "; ".join(f"{name}: {one.detail}" for name, one in untaken.items() if one.detail),
        Aspect.HINTS: "; ".join(f"{flaw.check}: {flaw.evidence}" for flaw in ruling.flaws),
        Aspect.REPLY: "; ".join(one.detail for one in decision.events if one.kind == "not acknowledged"),
    }
    return Verdict(
        said={aspect: words for aspect, words in said.items() if words},
        rules={FIELDS[name]: rule for name, rule in ruling.by.items()},
        because={aspect: words for aspect, words in because.items() if words},
        trials=ruling.trials,
        known=known,
        reply=Reply(draft=reply, style=style, text=lambda: word(reply)) if reply else None,
    )


def set_aside(outcome: Outcome) -> Verdict:
    """Return what is to be said of a letter that could not be decided upon."""
    return Verdict(said={Aspect.OUTCOME: str(outcome.kind)}, because={Aspect.OUTCOME: outcome.reason})


def _touched(case: Case, decision: Decision) -> Ticket | None:
    facts = case.facts
    led_to = (*(one.ticket for one in facts.candidates), *facts.merged.values())
    known = (*led_to, *(one.ticket for one in facts.lately))
    return next((one for one in known if one.id == decision.ticket_id), None)


def _of_ticket(case: Case, decision: Decision, ticket: Ticket) -> dict[Aspect, str]:
    return {
        Aspect.TICKET: "a new one" if decision.opened else ticket.number,
        Aspect.CLIENT: f"{ticket.client or 'nobody'}: {ticket.standing}" if ticket.standing else ticket.client,
        Aspect.LEVEL: ticket.level,
        Aspect.CATEGORY: ticket.category,
        Aspect.SEVERITY: ticket.severity,
        Aspect.GROUND: f"{ticket.ground}: {ticket.ground_state}" if ticket.ground_state else "",
        Aspect.ASKED: ", ".join(ticket.asked),
        Aspect.OFFER: f"{ticket.offer}: {ticket.offer_state}" if ticket.offer_state else "",
        Aspect.UNIT: ticket.unit,
        Aspect.STATUS: str(decision.status or ticket.status),
        Aspect.TERMS: _terms(decision.clocks or case.facts.clocks.get(ticket.id, ()), case.policy.service.zone),
        Aspect.PRIORITY: RANKS[ticket.rank] if ticket.rank < len(RANKS) else str(ticket.rank),
        Aspect.TEAM: ticket.team,
        Aspect.AGENT: ticket.agent,
        Aspect.TAGS: ", ".join(ticket.tags),
        Aspect.FAQ: ", ".join(one.entry for one in decision.suggested),
    }


def _told(decision: Decision, desk: DeskPolicy) -> list[str]:
    """Return who hears of the letter besides its author: agents by their ids, others by their addresses."""
    ids = {agent.address.key: agent.id for agent in desk.agents}
    others = [one for one in decision.drafts if one.purpose in TO_OUR_OWN | {Purpose.PASSING}]
    return sorted({ids.get(one.recipient.key, one.recipient.addr) for one in others})


def _terms(clocks: tuple[Clock, ...], zone: ZoneInfo) -> str:
    """Return what is due when, the first term first."""
    running = sorted((one for one in clocks if one.running), key=lambda one: one.due_at or ALWAYS)
    return ", ".join(f"{one.until} {_instant(one.due_at, zone)}" for one in running)


def _instant(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"by {instant.astimezone(zone):%Y-%m-%d %H:%M}" if instant else "without a term"
