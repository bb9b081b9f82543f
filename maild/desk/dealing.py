"""Whose a new request becomes when it comes. Pure.

Dealt to are only agents who are at work now, want to hear of requests, and can do this kind; where there is nobody, the
request is left in the queue, and the finding says why of each.
"""

from dataclasses import dataclass, replace

from maild.desk.case import Case
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
    way = case.policy.assignment
    if way == "manual" or ticket.agent or ticket.status is Status.CLOSED:
        return Dealt(ticket=ticket)
    able, why_not = _able(case, ticket)
    if not able:
        queued = Finding(step="assign", verdict="left in the queue: nobody who can do it is at work", evidence=why_not)
        event = TicketEvent(kind="not assigned", detail="; ".join((queued.verdict, *why_not)))
        return Dealt(ticket=ticket, events=(event,), findings=(queued,))
    load = case.load
    order = {agent.id: place for place, agent in enumerate(case.policy.agents)}

    def key(agent: Agent) -> tuple[int, int, int]:
        open_ = load.of_agents.get(agent.id, 0) if way == "least-open" else 0
        return open_, load.turns.get(agent.id, 0), order[agent.id]

    chosen, *others = sorted(able, key=key)
    evidence = tuple(_told(case, agent) for agent in (chosen, *others)) + why_not
    return Dealt(
        ticket=replace(ticket, agent=chosen.id),
        turn=chosen.id,
        events=(TicketEvent(kind="agent", detail=f"nobody → {chosen.id}, by {way}"),),
        findings=(Finding(step="assign", verdict=f"agent {chosen.id}, by {way}", evidence=evidence),),
    )


def _told(case: Case, agent: Agent) -> str:
    last = case.load.turns.get(agent.id)
    turn = f"was dealt ticket {last} last" if last else "has not been dealt any yet"
    return f"{agent.id} has {case.load.of_agents.get(agent.id, 0)} open, {turn}"


def _able(case: Case, ticket: Ticket) -> tuple[list[Agent], tuple[str, ...]]:
    """Return who can get a request, specialists before all others; and of the others why not."""
    team, wanted = case.policy.catalogue.teams.get(ticket.team), {ticket.category, ticket.level} - {""}
    here: list[Agent] = []
    why_not = []
    for agent in case.policy.agents:
        if team is not None and agent.id not in team:
            why = f"not of team {ticket.team}"
        elif not agent.notify:
            why = "wants no notifications"
        elif agent.writes_from(ticket.requester.key):
            why = "asks for it"
        elif agent.skills and not agent.skills & wanted:
            why = f"does only {', '.join(sorted(agent.skills))}"
        else:
            why = why_not_at_work(agent, case.policy, case.now)
        if why:
            why_not.append(f"{agent.id}: {why}")
        else:
            here.append(agent)
    return [agent for agent in here if agent.skills] or here, tuple(why_not)
