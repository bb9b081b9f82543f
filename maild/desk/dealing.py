"""Whose a new request becomes: when it comes, or once somebody is at work. Pure.

Dealt to are only agents who are at work now, want to hear of requests, and can do this kind; where there is nobody, the
request is left in the queue, and the finding says why of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from maild.desk.case import Case, DeskPolicy, Load
from maild.desk.presence import why_not_at_work
from maild.model import Agent, Finding, Status, Ticket, TicketEvent


@dataclass(frozen=True, kw_only=True)
class Dealt:
    """A new request after it was dealt out, or left in the queue."""

    ticket: Ticket
    turn: str = ""  # whose turn it was
    events: tuple[TicketEvent, ...] = ()
    findings: tuple[Finding, ...] = ()


def deal(case: Case, ticket: Ticket) -> Dealt:
    """Return a new request with whose it is; the rules' word stands before everything else."""
    return deal_out(ticket, case.policy, case.load, case.now)


def deal_out(ticket: Ticket, desk: DeskPolicy, load: Load, now: datetime) -> Dealt:
    """Return a request with whose it is, where it is nobody's yet."""
    way = desk.assignment
    if way == "manual" or ticket.agent or ticket.status is Status.CLOSED:
        return Dealt(ticket=ticket)
    able, why_not = _able(ticket, desk, now)
    if not able:
        queued = Finding(step="assign", verdict="left in the queue: nobody who can do it is at work", evidence=why_not)
        event = TicketEvent(kind="not assigned", detail="; ".join((queued.verdict, *why_not)))
        return Dealt(ticket=ticket, events=(event,), findings=(queued,))
    order = {agent.id: place for place, agent in enumerate(desk.agents)}

    def key(agent: Agent) -> tuple[int, int, int]:
        open_ = load.of_agents.get(agent.id, 0) if way == "least-open" else 0
        return open_, load.turns.get(agent.id, 0), order[agent.id]

    chosen, *others = sorted(able, key=key)
    evidence = tuple(_told(load, agent) for agent in (chosen, *others)) + why_not
    return Dealt(
        ticket=replace(ticket, agent=chosen.id),
        turn=chosen.id,
        events=(TicketEvent(kind="agent", detail=f"nobody → {chosen.id}, by {way}"),),
        findings=(Finding(step="assign", verdict=f"agent {chosen.id}, by {way}", evidence=evidence),),
    )


def deal_all(tickets: Sequence[Ticket], load: Load, desk: DeskPolicy, now: datetime) -> list[Dealt]:
    """Return those of the requests that somebody gets, in their order: each takes account of those before it."""
    dealt: list[Dealt] = []
    for ticket in tickets:
        one = deal_out(ticket, desk, load, now)
        if one.turn:
            dealt.append(one)
            load = _with_one_more(load, one)
    return dealt


def _with_one_more(load: Load, one: Dealt) -> Load:
    """Return how much there is to do once an agent has this as well: what waits for somebody else is not counted."""
    more = load.of_agents.get(one.turn, 0) + (one.ticket.status is not Status.WAITING)
    turn = max(load.turns.values(), default=0) + 1
    return replace(load, of_agents={**load.of_agents, one.turn: more}, turns={**load.turns, one.turn: turn})


def _told(load: Load, agent: Agent) -> str:
    last = load.turns.get(agent.id)
    turn = f"has been dealt none since ticket {last}" if last else "has not been dealt any yet"
    return f"{agent.id} has {load.of_agents.get(agent.id, 0)} open, {turn}"


def _able(ticket: Ticket, desk: DeskPolicy, now: datetime) -> tuple[list[Agent], tuple[str, ...]]:
    """Return who can get a request, specialists before all others; and of the others why not."""
    team, wanted = desk.catalogue.teams.get(ticket.team), {ticket.category, ticket.level} - {""}
    here: list[Agent] = []
    why_not = []
    for agent in desk.agents:
        if team is not None and agent.id not in team:
            why = f"not of team {ticket.team}"
        elif not agent.notify:
            why = "wants no notifications"
        elif agent.writes_from(ticket.requester.key):
            why = "asks for it"
        elif agent.skills and not agent.skills & wanted:
            why = f"does only {', '.join(sorted(agent.skills))}"
        else:
            why = why_not_at_work(agent, desk, now)
        if why:
            why_not.append(f"{agent.id}: {why}")
        else:
            here.append(agent)
    return [agent for agent in here if agent.skills] or here, tuple(why_not)
