"""What agents are told of a letter: who hears, in which words, with which files, and who has had enough. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Literal

from maild.contracts.recognition import Lead, Standing
from maild.desk.admission import Admission, clocks_of
from maild.desk.attached import choose_attached
from maild.desk.case import MAX_COUNTED, Case, DeskPolicy, Load
from maild.desk.catalogue import Catalogue
from maild.desk.consenting import reply_to_offer
from maild.desk.expected import Scene
from maild.desk.history import earlier_words, writer_of
from maild.desk.next_words import say_expected, say_scene
from maild.desk.page import harmless_page
from maild.desk.passing import is_units
from maild.desk.presence import is_absent
from maild.desk.service import Service
from maild.desk.several import find_several
from maild.desk.silence import absence_in, agents_limit, tickets_limit
from maild.desk.steered_words import steered_words
from maild.desk.term_words import term_words
from maild.desk.verbs import usage_of
from maild.model import Address, Agent, Draft, Purpose, Status, Ticket, TicketEvent
from maild.sla.clock import Clock
from maild.sla.moves import ORDER
from maild.tokens import hide_tokens
from maild.wording import say_label
from maild.wording.receipts import say_status

MAX_CLIENTS = 5  # that one agreement, name or domain may mean, in a notification


def write_notifications(
    case: Case,
    ticket: Ticket,
    *,
    to: tuple[Agent, ...] = (),
    notice: str = "letter",
    detail: str = "",
    admission: Admission | None = None,
    clocks: tuple[Clock, ...] | None = None,
    until: datetime | None = None,
) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    """A letter to every agent who wants them, except its proven author, or to those in `to`; and events for those held back by a cap.

    `ticket` and `clocks` are as the letter has left them, clocks None where it leaves them as they were; `until` is until
    when the customer may say that it is not solved.
    """
    attached, left_out = choose_attached(case) if notice in ("letter", "repeat") else ((), ())
    author = writer_of(case)
    text = case.said.text if case.said.wrapped or notice == "rated" else case.message.text
    words = _words(notice, detail=detail, author=author, text=hide_tokens(text))
    words |= {"left_out": left_out, "first": ticket.id == case.facts.next_ticket_id}
    current = clocks_of(case, ticket) if clocks is None else clocks
    costly: dict[str, Callable[[], object]] = {}
    if notice in ("letter", "repeat") and not (case.said.wrapped or case.letter.raw.truncated):
        costly["page"] = cache(partial(harmless_page, case.message))  # once for all agents, never for who only compares
    if notice == "letter" and ticket.id == case.facts.next_ticket_id:
        costly["several"] = cache(partial(_several, case.said.text))
    words |= unit_words(case.policy.catalogue, ticket) if notice == "not-passed" else {}
    if notice == "letter":
        words |= _theirs(case, ticket) | _unclear(case)
        words |= {"doubt": case.author.doubt, "cut": case.letter.raw.truncated, "note": hide_tokens(case.said.note)}
        words |= {"via": (case.message.author or "") if case.said.wrapped and not case.recorded else ""}
        words |= {"recorded": _recorded(case)}
        words |= {"history": earlier_words(case) if not words["first"] else []}
        words |= {"linked": [one.number for one in (case.thread.linked, *case.thread.also) if one]}
        words |= steered_words(case, ticket)
        words |= _owed(case, ticket, admission, current) | {"next": say_expected(case, ticket, current)}
    if notice == "rated":
        words |= {"status": say_status(ticket.status, case.policy.service.language)}
    if notice in ("assigned", "merged", "to-team"):
        words |= {"latest": hide_tokens(case.orders.latest)}
    if notice in ("assigned", "to-team"):
        words |= _owed(case, ticket, None, current)
        words |= {"next": say_expected(case, ticket, current, wrote="nobody", until=until)}
        words |= {"status": say_status(ticket.status, case.policy.service.language)}
        words |= {"team": case.policy.catalogue.team_names.get(ticket.team, "")} if notice == "to-team" else {}
        words |= {"cover": hide_tokens(case.orders.words)} if notice == "to-team" else {}
    drafts: list[Draft] = []
    held: list[TicketEvent] = []
    for agent in to or to_be_told(case, ticket):
        if why := agents_limit(case, agent) or tickets_limit(case, ticket, len(drafts)):
            held.append(TicketEvent(kind="not notified", detail=why))
            continue
        draft = Draft(
            purpose=Purpose.NOTIFICATION, recipient=agent.address, subject=ticket.subject, ticket=ticket,
            words=words, costly=costly, attached=attached,
        )  # fmt: skip
        drafts.append(draft)
    return tuple(drafts), tuple(held)


def _theirs(case: Case, ticket: Ticket) -> dict[str, object]:
    """Return whose words they are where a unit outside wrote them, how they are released, and whether it is proven theirs."""
    if not is_units(case, ticket):
        return {}
    unit = case.policy.catalogue.units.get(ticket.unit)
    command = usage_of("release", case.policy.service.language).partition(" ")[0]
    return {
        "theirs": {
            "name": unit.name if unit else "",
            "command": command,
            "unproven": case.thread.unproven,
            "absent": absence_in(case) is not None,
        }
    }


def _unclear(case: Case) -> dict[str, object]:
    """Return on which words a reply to an offer is neither yes nor no, and whether its author is asked."""
    reply = reply_to_offer(case)
    if reply is None or reply.agrees is not None:
        return {}
    words = ", ".join(f"«{one}»" for one in reply.consent.evidence)
    return {"unclear": {"words": words, "outdated": reply.outdated, "asked": reply.ask}}


def _owed(case: Case, ticket: Ticket, admission: Admission | None, clocks: tuple[Clock, ...]) -> dict[str, object]:
    """What agents see of client, terms and queue."""
    service = case.policy.service
    doubtful = case.client.standing is Standing.CONFLICT and ticket.standing == Standing.CONFLICT
    words = _promised(ticket, clocks, service, case.now, case.known_by) | {
        "coupon": case.client.coupon_state or "",
        "coupon_code": case.client.quoted,
        "conflict": [_say_lead(lead, service.language) for lead in case.client.leads] if doubtful else [],
    }
    if ticket.id == case.facts.next_ticket_id:
        words |= {"queue": place_in_queue(case.load, ticket.rank)} if ticket.status is Status.NEW else {}
    if admission and admission.over:
        words |= {"quota": {"number": admission.over[0], "limit": admission.over[1], "offer": service.offer}}
    return words


def _promised(
    ticket: Ticket, clocks: tuple[Clock, ...], service: Service, now: datetime, known_by: frozenset[str]
) -> dict[str, object]:
    anybody = bool(known_by) or service.identity.unknown != "serve"  # else all are strangers, and no matter
    return {
        "client": ticket.client_name,
        "level": service.level_name(ticket.level),
        "standing": ticket.standing if anybody or ticket.standing != Standing.UNKNOWN else "",
        "terms": [
            term_words(clock, service, now) for clock in sorted(clocks, key=_urgency) if clock.running and clock.due_at
        ],
    }


def _recorded(case: Case) -> dict[str, str] | None:
    """Return who of ours has written the request down, and out of which other one."""
    if case.recorded is None:
        return None
    by, out_of = case.recorded.by, case.recorded.out_of
    return {"by": by.address.name or by.address.addr, "number": out_of.number if out_of else ""}


def _several(text: str) -> list[str]:
    return [hide_tokens(line) for line in find_several(text).evidence]


def place_in_queue(load: Load, rank: int) -> tuple[int, str] | None:
    """Return a new ticket's place and how many are in the queue with it; None for a place too far back to be counted."""
    before = sum(load.by_rank[: rank + 1]) if rank < len(load.by_rank) else load.open
    if before >= MAX_COUNTED:
        return None
    return before + 1, str(load.open + 1) if load.open < MAX_COUNTED else f"{MAX_COUNTED}+"


def _urgency(clock: Clock) -> tuple[bool, datetime, int]:
    """Return what puts the term that comes first before the others, and an answer before the solution."""
    return clock.due_at is None, clock.due_at or clock.started_at, ORDER[clock.until]


def _say_lead(lead: Lead, language: str) -> str:
    """Return "Договор ТО-17/2024: ООО «Ромашка» (romashka)"; the key is what a command calls the client by."""
    clients = ", ".join(f"{client.name} ({client.key})" for client in lead.clients[:MAX_CLIENTS])
    more = ", …" if lead.clients[MAX_CLIENTS:] else ""
    return f"{say_label(lead.kind, language)} {lead.shown}".strip() + f": {clients}{more}"


def unit_words(catalogue: Catalogue, ticket: Ticket) -> dict[str, object]:
    """Return the variable that names the unit to which a request was passed on."""
    unit = catalogue.units.get(ticket.unit)
    return {"unit": unit.name if unit else ticket.unit}


def write_to_team(
    ticket: Ticket,
    desk: DeskPolicy,
    *,
    notice: str,
    detail: str = "",
    more: Mapping[str, object] | None = None,
    to: tuple[Agent, ...] = (),
) -> list[Draft]:
    """Word to the agents of a ticket's team, or to those in `to`, of something that no letter has brought about."""
    words = _words(notice, detail=detail, author=Address(addr=""), text="") | dict(more or {})
    return [
        Draft(purpose=Purpose.NOTIFICATION, recipient=agent.address, subject=ticket.subject, ticket=ticket, words=words)
        for agent in to or team_of(desk, ticket)
    ]


def write_dealt(
    ticket: Ticket,
    agent: Agent,
    clocks: tuple[Clock, ...],
    latest: str,
    desk: DeskPolicy,
    now: datetime,
    known_by: frozenset[str],
    *,
    notice: Literal["dealt", "recurring"] = "dealt",
) -> Draft:
    """Word to an agent of a request that time has brought: it had waited for somebody to be at work, or comes round."""
    scene = Scene(ticket=ticket, clocks=clocks, now=now, wrote="nobody")
    words = _words(notice, detail="", author=Address(addr=""), text="")
    words |= _promised(ticket, clocks, desk.service, now, known_by) | {"next": say_scene(scene, desk)}
    words |= {"status": say_status(ticket.status, desk.service.language), "latest": hide_tokens(latest)}
    return Draft(
        purpose=Purpose.NOTIFICATION, recipient=agent.address, subject=ticket.subject, ticket=ticket, words=words
    )


def team_of(desk: DeskPolicy, ticket: Ticket) -> list[Agent]:
    """Return the agents of a ticket's team who want notifications, or else all of it; those of all where it has none."""
    names = desk.catalogue.teams.get(ticket.team, ())
    team = [agent for agent in desk.agents if agent.id in names]
    return [agent for agent in team if agent.notify] or team or [agent for agent in desk.agents if agent.notify]


def keeper_of(desk: DeskPolicy, ticket: Ticket, now: datetime) -> tuple[Agent, ...]:
    """Return whose a ticket is, if they alone hear of it; nobody where all are to hear, or they are away."""
    if desk.followups == "team":
        return ()
    return tuple(one for one in desk.agents if one.id == ticket.agent and not is_absent(one, desk, now))


def to_be_told(case: Case, ticket: Ticket) -> list[Agent]:
    """Every agent of the ticket's team who wants notifications, and whom the rules name besides; without a team, everybody.

    Not whoever From names; if that is not proven, they still hear when nobody else would.
    """
    if own := _only_theirs(case, ticket):
        return own
    from_key = case.message.author.key if case.message.author else ""
    teams, named = case.policy.catalogue.teams, case.ruling.notify
    team = set(teams.get(ticket.team, ()))
    besides = {one for name in named for one in teams.get(name, (name,))} | {case.ruling.agent}
    besides |= {ticket.agent} if team else set()
    wanting = [
        agent
        for agent in case.policy.agents
        if agent != case.author.agent and ((agent.notify and (not team or agent.id in team)) or agent.id in besides)
    ]
    wanting = wanting or [agent for agent in case.policy.agents if agent.notify and agent != case.author.agent]
    return [agent for agent in wanting if not agent.writes_from(from_key)] or wanting


def _only_theirs(case: Case, ticket: Ticket) -> list[Agent]:
    """Return whose the ticket is and whom rules name besides; nobody where all are to hear, or the owner is away.

    A new request that a rule has given to somebody is everybody's news, where requests are not dealt out. Nor where From names the owner, and it is not proven: then somebody else should have a look.
    """
    new = ticket.id == case.facts.next_ticket_id
    everybodys = case.policy.assignment == "manual" if new else case.policy.followups == "team"
    if everybodys:
        return []
    owner = next((one for one in case.policy.agents if one.id == ticket.agent and one != case.author.agent), None)
    author = case.message.author
    doubtful = owner is not None and author is not None and owner.writes_from(author.key)
    if owner is None or doubtful or is_absent(owner, case.policy, case.now):
        return []
    named = {one for name in case.ruling.notify for one in case.policy.catalogue.teams.get(name, (name,))}
    return [owner, *(one for one in case.policy.agents if one.id in named - {owner.id} and one != case.author.agent)]


def _words(notice: str, *, detail: str, author: Address, text: str) -> dict[str, object]:
    """Every variable of the notification's template, the optional ones at rest."""
    standing = {
        "left_out": (),
        "first": False,
        "doubt": "",
        "cut": False,
        "note": "",
        "linked": (),
        "page": "",
        "via": "",
    }
    return {"notice": notice, "detail": detail, "author": author, "text": text} | standing
