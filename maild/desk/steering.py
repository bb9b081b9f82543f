"""What the admin's rules change about a new request that the register would serve: refused, put off, asked, offered, passed on.

Pure. What a rule decides is on the ticket, in its history with the rule's name, and in the letters. By itself nobody is
refused whom nothing automatic may answer, nor whose letter a mail server calls forged: a person sees the proposal then.
"""

from dataclasses import dataclass, replace

from maild.desk.admission import Admission
from maild.desk.case import Case
from maild.desk.catalogue import Ground, Item, Offer, Unit
from maild.desk.chase import Chase, begin_chase
from maild.desk.decision import Suggested
from maild.desk.forged import looks_forged
from maild.desk.matrix import by_table
from maild.desk.offering import with_offer
from maild.desk.passing import hand_on, why_not_passed_on
from maild.desk.silence import reason_for_silence
from maild.faq.entry import Entry
from maild.model import Status, Ticket, TicketEvent
from maild.sla.clock import Clock, Wait
from maild.sla.clocks import rest

PRIORITIES = {"first": 0, "early": 1, "usual": 2, "late": 3}  # Ticket.rank
MAX_SUGGESTED = 3


@dataclass(frozen=True, kw_only=True)
class Steered:
    """A new request as the rules leave it."""

    admission: Admission  # with the ticket, clocks and events from now on; its verdict is still the register's
    refused: Ground | None = None
    postponed: Ground | None = None
    asked: tuple[Item, ...] = ()
    offered: Offer | None = None
    unit: Unit | None = None
    faq: tuple[tuple[Entry, Suggested], ...] = ()
    chase: Chase | None = None


def described(case: Case, ticket: Ticket) -> Ticket:
    """Return a new ticket with what the rules say it is: before its terms are chosen, which depend on it."""
    ruling = case.ruling
    return replace(
        ticket, category=ruling.category, service=ruling.service, severity=ruling.severity, level=ruling.level, agent=ruling.agent, team=ruling.team,
        tags=ruling.tags, variant=ruling.template,
    )  # fmt: skip


def steer(case: Case, admission: Admission) -> Steered:
    """Return what becomes of a request that the register does not refuse."""
    admission = _prioritised(case, _told(case, admission))
    case, admission = by_table(case, admission)
    ruling, catalogue = case.ruling, case.policy.catalogue
    if admission.verdict == "refuse" or (case.letter.old and case.policy.old_letters != "answer"):
        return Steered(admission=admission)
    silent = reason_for_silence(case, admission.ticket)
    if ground := catalogue.grounds.get(ruling.refuse):
        why_not = _why_a_person(case, ground, silent)
        if why_not is None:
            return Steered(admission=_closed(case, admission, ground), refused=ground)
        admission = _proposed(admission, ground, why_not)
    elif ground := catalogue.grounds.get(ruling.postpone):
        why_not = _why_a_person(case, ground, silent)
        if why_not is None:
            return _postponed(case, admission, ground)
        admission = _proposed(admission, ground, why_not)
    steered = Steered(admission=admission, faq=_suggested(case))
    steered = _passed_on(case, steered)
    if silent or (steered.unit and steered.unit.close):
        return replace(steered, faq=())
    return _faq_kept(_asked(case, _offered(case, steered)))


def _told(case: Case, admission: Admission) -> Admission:
    """Add to the history which rule decided what, and which of them broke."""
    ruling = case.ruling
    events = [
        TicketEvent(kind="rule", detail=f"{rule}: {field} = {_said(case, field)}") for field, rule in ruling.by.items()
    ]
    if ruling.broken:
        events.append(TicketEvent(kind="rule failed", detail=f"{ruling.broken}; a person decides"))
    return replace(admission, events=(*admission.events, *events))


def _said(case: Case, field: str) -> str:
    value = getattr(case.ruling, field)
    return value if isinstance(value, str) else ", ".join(value)


def _prioritised(case: Case, admission: Admission) -> Admission:
    rank = PRIORITIES.get(case.ruling.priority)
    return admission if rank is None else replace(admission, ticket=replace(admission.ticket, rank=rank))


def _why_a_person(case: Case, ground: Ground, silent: str | None) -> str | None:
    """Return why a person decides on a ground, or None where the rule does by itself."""
    if ground.decided == "person":
        return "a person decides on this ground"
    forged = looks_forged(case.message)
    return silent or (f"the sender may be forged: {forged}" if forged else None)


def _proposed(admission: Admission, ground: Ground, why: str) -> Admission:
    ticket = replace(admission.ticket, ground=ground.id, ground_state="proposed")
    event = TicketEvent(kind="ground proposed", detail=f"{ground.id}: {why}")
    return replace(admission, ticket=ticket, events=(*admission.events, event))


def _closed(case: Case, admission: Admission, ground: Ground) -> Admission:
    """Refuse: no term has begun, and the quota is charged only where the regulation says so."""
    ticket = replace(
        admission.ticket, status=Status.CLOSED, counted=ground.counted, ground=ground.id, ground_state="refused"
    )
    event = TicketEvent(kind="refused", detail=f"{ground.id}, by rule {case.ruling.by.get('refuse', '')}")
    kept = tuple(one for one in admission.events if one.kind not in ("clock", "breach", "over quota"))
    return replace(admission, ticket=ticket, clocks=(), events=(*kept, event), over=None)


def _postponed(case: Case, admission: Admission, ground: Ground) -> Steered:
    admission = _resting(case, admission, Wait(ground.wait))
    ticket = replace(admission.ticket, ground=ground.id, ground_state="postponed", counted=ground.counted)
    event = TicketEvent(kind="postponed", detail=f"{ground.id}, by rule {case.ruling.by.get('postpone', '')}")
    items = _items(case)
    ticket = replace(ticket, asked=tuple(item.id for item in items), backlog=ground.wait is Wait.RELEASE)
    return Steered(
        admission=replace(admission, ticket=ticket, events=(*admission.events, event)),
        postponed=ground,
        asked=items,
        chase=_chase(case, ticket) if ground.wait is Wait.CUSTOMER else None,
    )


def _passed_on(case: Case, steered: Steered) -> Steered:
    """Hand the request to a unit: a team of ours works on it, somebody outside gets it by mail."""
    unit = case.policy.catalogue.units.get(case.ruling.route)
    if unit is None:
        return steered
    admission = steered.admission
    if obstacle := why_not_passed_on(case, unit, case.author.address, case.message.author, case.said.author):
        event = TicketEvent(kind="not passed on", detail=obstacle.detail)
        return replace(steered, admission=replace(admission, events=(*admission.events, event)))
    was, by = admission.ticket, f"by rule {case.ruling.by.get('route', '')}"
    ticket, change = hand_on(case, unit, was, admission.clocks, by)
    ticket = replace(ticket, team=was.team or ticket.team)  # which a rule has named besides
    events = (*admission.events, *change.events)
    admission = replace(admission, ticket=ticket, clocks=change.clocks, events=events)
    return replace(steered, admission=admission, unit=unit)


def _offered(case: Case, steered: Steered) -> Steered:
    offer = case.policy.catalogue.offers.get(case.ruling.offer)
    if offer is None:
        return steered
    admission = _resting(case, steered.admission, Wait.APPROVAL)
    ticket = with_offer(admission.ticket, offer)
    event = TicketEvent(kind="offered", detail=f"{offer.id}, by rule {case.ruling.by.get('offer', '')}")
    admission = replace(admission, ticket=ticket, events=(*admission.events, event))
    return replace(steered, admission=admission, offered=offer, chase=_chase(case, ticket))


def _asked(case: Case, steered: Steered) -> Steered:
    items = _items(case)
    if not items:
        return steered
    admission = steered.admission
    waits = any(item.wait for item in items)  # an outage is worked on, whatever else would be good to know
    if waits and not steered.offered:
        admission = _resting(case, admission, Wait.CUSTOMER)
    ticket = replace(admission.ticket, asked=tuple(item.id for item in items))
    event = TicketEvent(kind="asked", detail=f"for {', '.join(ticket.asked)}")
    admission = replace(admission, ticket=ticket, events=(*admission.events, event))
    chase = _chase(case, ticket) if waits else steered.chase
    return replace(steered, admission=admission, asked=items, chase=chase)


def _faq_kept(steered: Steered) -> Steered:
    """Remember on the ticket what was suggested, in its order: a reply may speak of the second."""
    ticket = replace(steered.admission.ticket, faq=tuple(entry.id for entry, _ in steered.faq))
    return replace(steered, admission=replace(steered.admission, ticket=ticket))


def _suggested(case: Case) -> tuple[tuple[Entry, Suggested], ...]:
    """Return what rules name, then what the search finds, each once."""
    entries = case.policy.catalogue.faq
    ruled = [(entries[one], Suggested(entry=one, way="rule")) for one in case.ruling.faq if one in entries]
    found = [(one.entry, Suggested(entry=one.entry.id, way="search")) for one in case.faq]
    both: dict[str, tuple[Entry, Suggested]] = {}
    for entry, way in (*ruled, *found):
        both.setdefault(entry.id, (entry, way))
    return tuple(both.values())[:MAX_SUGGESTED]


def _items(case: Case) -> tuple[Item, ...]:
    items = case.policy.catalogue.items
    return tuple(items[one] for one in case.ruling.ask if one in items)


def _chase(case: Case, ticket: Ticket) -> Chase:
    return begin_chase(ticket.id, case.policy.catalogue.asking, case.now)


def _resting(case: Case, admission: Admission, why: Wait) -> Admission:
    """Let the request wait: what rests by it rests from its first second (D7)."""
    clocks: tuple[Clock, ...] = admission.clocks
    waits = rest(clocks, case.policy.service.plan(admission.ticket), why, case.at)
    ticket = replace(admission.ticket, status=Status.WAITING)
    return replace(admission, ticket=ticket, clocks=waits.clocks, events=(*admission.events, *waits.events))
