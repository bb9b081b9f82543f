"""Whether and how a request is served: what its author is owed, asked for, or refused. Pure.

Nothing is guessed: who is in doubt, or whose contract does not hold where the organisation leaves that to people, gets a
ticket without a promise, and a person decides. A refusal is a ticket, too: closed, told once, not counted.
"""

from dataclasses import dataclass, replace
from typing import Literal

from maild.contracts.recognition import CouponState, Recognition, Standing
from maild.desk.case import Case
from maild.model import Kind, Status, Ticket, TicketEvent
from maild.sla.clock import Clock
from maild.sla.clocks import begin, customer_wrote, stop
from maild.sla.moves import say_started

Verdict = Literal["serve", "ask", "refuse"]


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What becomes of a request."""

    verdict: Verdict
    ticket: Ticket
    clocks: tuple[Clock, ...] = ()  # new or changed
    events: tuple[TicketEvent, ...] = ()
    over: tuple[int, int] | None = None  # the request's number in this month, and the limit it is beyond (C19)


def admit(case: Case, ticket: Ticket) -> Admission:
    """Return what becomes of a new request."""
    return _admit(case, ticket, _verdict(case))


def readmit(case: Case, ticket: Ticket) -> Admission | None:
    """Return what becomes of a ticket whose author has now said who they are, or quoted a coupon that grants more.

    None when nothing changes. Terms run from this letter: nobody could have kept them before. A letter that contradicted
    itself stays a person's to decide, however little of that the next one repeats.
    """
    if case.client.standing is not Standing.SERVED or case.kind.kind is not Kind.PERSON:
        return None
    if ticket.standing == Standing.CONFLICT:
        return None
    if ticket.standing == Standing.SERVED:
        granted = _as_recognised(case, ticket)
        more = (granted.level, granted.hours) != (ticket.level, ticket.hours) or granted.rank < ticket.rank
        return _upgrade(case, granted) if case.client.coupon and more else None
    if ticket.client and ticket.standing == "":
        return None  # it was opened before there was a register
    return _admit(case, replace(ticket, counted=True), "serve")


def _upgrade(case: Case, ticket: Ticket) -> Admission:
    """What a coupon quoted later grants (CB-22): its level and its place, but no term comes later by it (D13)."""
    plan = case.policy.service.plan(ticket)
    wrote = customer_wrote(clocks_of(case, ticket), plan, case.at)
    sooner = tuple(one for one in begin(plan, case.at).clocks if _comes_sooner(one, wrote.clocks))
    beaten = tuple(one for one in wrote.clocks if one.running and any(one.until is new.until for new in sooner))
    ended = stop(beaten, case.at, "a coupon grants an earlier term")
    detail = "; ".join((case.client.finding().verdict, *case.client.evidence[-1:]))
    return Admission(
        verdict="serve",
        ticket=ticket,
        clocks=(*(one for one in wrote.clocks if one not in beaten), *ended.clocks, *sooner),
        events=(TicketEvent(kind="client", detail=detail), *wrote.events, *ended.events, *say_started(sooner)),
    )


def _comes_sooner(new: Clock, clocks: tuple[Clock, ...]) -> bool:
    """Whether a promise is better than what stands: nothing, no term, or a later one. What has been kept is over."""
    standing = [one for one in clocks if one.until is new.until and one.stopped_at is None]
    running = next((one for one in standing if one.running), None)
    if running is None:
        return not standing
    return running.due_at is None or (new.due_at is not None and new.due_at < running.due_at)


def _admit(case: Case, ticket: Ticket, verdict: Verdict) -> Admission:
    service, who = case.policy.service, case.client
    ticket = _as_recognised(case, ticket)
    events = [TicketEvent(kind="client", detail="; ".join((who.finding().verdict, *who.evidence[-1:])))]
    if verdict == "refuse":
        refused = replace(ticket, status=Status.CLOSED, counted=False)
        events.append(TicketEvent(kind="refused", detail=who.standing))
        return Admission(verdict=verdict, ticket=refused, events=tuple(events))
    if verdict == "ask":
        events.append(TicketEvent(kind="asked", detail="who they are: terms run from the answer"))
        return Admission(verdict=verdict, ticket=ticket, events=tuple(events))
    over = over_quota(case, ticket)
    if over:
        events.append(say_over_quota(over))
    if case.letter.old and case.policy.old_letters != "answer":  # nobody was there to keep a term
        return Admission(verdict=verdict, ticket=ticket, events=tuple(events), over=over)
    ended = stop(clocks_of(case, ticket), case.at, "the author has said who they are")
    begun = begin(service.plan(ticket), case.at)
    return Admission(
        verdict=verdict,
        ticket=ticket,
        clocks=(*ended.clocks, *begun.clocks),
        events=(*events, *ended.events, *begun.events),
        over=over,
    )


def say_over_quota(over: tuple[int, int]) -> TicketEvent:
    """Return the event that says so."""
    return TicketEvent(kind="over quota", detail=f"request {over[0]} of this month, {over[1]} are included")


def clocks_of(case: Case, ticket: Ticket) -> tuple[Clock, ...]:
    """Return the clocks of a ticket as stored."""
    return case.facts.clocks.get(ticket.id, ())


def _verdict(case: Case) -> Verdict:
    identity, who = case.policy.service.identity, case.client
    if case.kind.kind is not Kind.PERSON or _is_notifier(case):
        return "serve"  # a machine cannot say who it is, and would be asked in vain
    if who.standing is Standing.UNKNOWN:
        return identity.unknown
    return "refuse" if who.standing in identity.refused else "serve"


def _is_notifier(case: Case) -> bool:
    author = case.message.author
    return author is not None and not case.policy.notifiers.isdisjoint((author.key, f"@{author.domain}"))


def _as_recognised(case: Case, ticket: Ticket) -> Ticket:
    """Return the ticket with its client; a new one that a rule has given a level keeps that."""
    service, who = case.policy.service, case.client
    was, new = ticket, case.thread.ticket is None
    ticket = replace(
        ticket,
        standing=who.standing,
        client=who.client.key if who.client else "",
        client_name=who.client.name if who.client else "",
        level=(ticket.level if new else "") or level_of(who, service.identity.unknown_level),
        hours=who.hours,
        coupon=who.quoted if who.standing is Standing.SERVED and who.coupon_state is CouponState.VALID else "",
    )
    return replace(ticket, rank=service.rank_of(ticket) if new else service.rank_after(was, ticket))


def level_of(who: Recognition, for_strangers: str) -> str:
    """Return the level that somebody is served at: their own, or the one for strangers; "" where nothing is promised."""
    if who.standing is Standing.SERVED:
        return who.level
    return for_strangers if who.standing is Standing.UNKNOWN else ""


def over_quota(case: Case, ticket: Ticket) -> tuple[int, int] | None:
    """Return a new request's number in its client's month, and the limit, where it is beyond that."""
    limit = case.policy.service.quota_of(ticket.level) if ticket.client else None
    number = case.load.requests + 1
    return (number, limit) if limit is not None and number > limit else None
