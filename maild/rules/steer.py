"""What the walk asks the admin's rules and the FAQ about one letter of a customer. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from maild.desk.admission import level_of
from maild.desk.case import Case
from maild.desk.files import FilesPolicy, SeenFile, look_at_files
from maild.desk.passing import is_units
from maild.desk.ruling import Trial
from maild.faq.entry import Found
from maild.faq.search import FaqIndex
from maild.model import Finding, Kind
from maild.rules.apply import MAX_ERROR, apply_rules
from maild.rules.condition import short
from maild.rules.load import RuleSet
from maild.rules.sight import Sight, look_at_words

MAX_TRIALS = 200  # rules told in a finding
CUSTOMERS = (Kind.PERSON, Kind.NOTIFICATION, Kind.AUTO_GENERATED)  # kinds of letters that can open a ticket


@dataclass(frozen=True, kw_only=True)
class Steering:
    """What an organisation steers by, ready for use."""

    rules: RuleSet
    faq: FaqIndex = field(default_factory=lambda: FaqIndex(()))
    most: int = 3  # answers suggested
    threshold: float = 0.35
    files: FilesPolicy = field(default_factory=FilesPolicy)


def is_customers(case: Case) -> bool:
    """Whether rules see the letter: it is a customer's, and no copy of one that they have seen."""
    ticket = case.thread.ticket
    theirs = case.kind.kind in CUSTOMERS and not case.staffs and case.repeat.copy_of is None
    return theirs and not (ticket and is_units(case, ticket))


def steer_letter(
    case: Case,
    steering: Steering,
    form: str,
    read: Callable[[int], bytes],
) -> Case:
    """Return the case with what the rules say, what the FAQ knows, and which files are taken."""
    seen: list[tuple[SeenFile, ...]] = []

    def look() -> tuple[SeenFile, ...]:
        if not seen:
            seen.append(look_at_files(case.message.attachments, read, steering.files, wanted=True))
        return seen[0]

    ticket, quota = case.thread.ticket, None
    if case.client.client and ticket is None:
        quota = case.policy.service.quota_of(case.client.level)
    sight = replace(
        look_at_words(case.message, case.said, case.policy.mailbox, case.kind.kind, form, case.at, case.today),
        author=case.said.author or case.author.address or case.message.author,
        client=case.client.client.key if case.client.client else "",
        standing=case.client.standing,
        level=level_of(case.client, case.policy.service.identity.unknown_level),
        coupon=case.client.coupon_state or "none",
        over_quota=quota is not None and case.load.requests >= quota,
        look=look,
        first=ticket is None,
        category=ticket.category if ticket else "",
        severity=ticket.severity if ticket else "",
        tags=ticket.tags if ticket else (),
        asked=ticket.asked if ticket else (),
    )
    ruling = apply_rules(steering.rules, sight)
    case = replace(case, ruling=ruling)
    try:  # like a rule, neither of the two may cost the letter its ticket
        files = seen[0] if seen else look_at_files(case.message.attachments, read, steering.files)
        return replace(case, faq=_search(case, sight, steering), files=files)
    except Exception as error:
        told = short(f"faq: {type(error).__name__}: {error}", MAX_ERROR)
        return replace(case, ruling=replace(ruling, broken=ruling.broken or told))


def _search(case: Case, sight: Sight, steering: Steering) -> tuple[Found, ...]:
    """Ask the FAQ about a new request of a person: nobody else reads an answer."""
    if not sight.first or case.kind.kind is not Kind.PERSON or not steering.most or not steering.faq:
        return ()
    return steering.faq.find(
        sight.shown_subject, sight.shown_text, case.today, most=steering.most, threshold=steering.threshold
    )


def steering_findings(case: Case) -> tuple[Finding, ...]:
    """Say what every rule saw, and what the FAQ found; nothing where there are neither."""
    ruling, findings = case.ruling, []
    if ruling.trials:
        matched = [trial.rule for trial in ruling.trials if trial.matched]
        verdict = ruling.broken or ", ".join(matched) or "no rule matches"
        lines = [f"{one.rule}: {_ended(one)}{one.told}" for one in ruling.trials[:MAX_TRIALS]]
        if more := len(ruling.trials) - MAX_TRIALS:
            lines += [f"… and {more} more"] * (more > 0)
        findings.append(Finding(step="rules", verdict=verdict, evidence=tuple(lines)))
    if ruling.flaws:
        names = ", ".join(flaw.check for flaw in ruling.flaws)
        lines = [f"{flaw.check}: {flaw.evidence}" for flaw in ruling.flaws]
        findings.append(Finding(step="text", verdict=names, evidence=tuple(lines)))
    if ruling.looked:
        findings.append(
            Finding(step="asked", verdict=", ".join(ruling.ask) or "nothing is lacking", evidence=ruling.looked)
        )
    if case.faq:
        lines = [f"{one.entry.id}: {one.score:.2f}: {one.evidence}" for one in case.faq]
        findings.append(Finding(step="faq", verdict=f"{len(case.faq)} found", evidence=tuple(lines)))
    if untaken := [one for one in case.files if one.untaken]:
        lines = [f"{one.attachment.name}: {one.untaken} {one.detail}".strip() for one in untaken]
        findings.append(Finding(step="files", verdict=f"{len(untaken)} not taken", evidence=tuple(lines)))
    return tuple(findings)


def _ended(trial: Trial) -> str:
    if trial.told.startswith("not tried"):
        return ""
    return "matched: " if trial.matched else "no: "
