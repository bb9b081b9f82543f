"""A request is given to a colleague by an agent's word: who is meant, and who is told. Pure."""

from collections.abc import Mapping

from maild.desk.acts import Act, State, agent_name, cannot, changed, proven_agent, say_changed
from maild.desk.case import Case
from maild.desk.catalogue import Unit
from maild.desk.notifications import write_notifications
from maild.desk.whom import Meant, whom
from maild.model import Agent, Draft, Ticket, TicketEvent
from maild.sla.moves import Change
from maild.wording.receipts import say_phrase


def _assign(case: Case, state: State, value: object) -> tuple[State, str]:
    agent = find_agent(case, str(value))
    before = agent_name(case, state.ticket.agent)
    state = changed(case, state, Change(clocks=state.clocks), agent=agent.id)
    return state, say_changed(case, "agent", before, agent.address.name or agent.id)


def find_agent(case: Case, word: str) -> Agent:
    """Return the colleague whom an agent means by an id, an address, a name or a form of it. Raises CannotError."""
    found = _one(case, word)
    assert isinstance(found, Agent), "a unit's name makes it another command"
    return found


def find_unit(case: Case, word: str) -> Unit:
    """Return the unit that an agent means, likewise. Raises CannotError."""
    found = _one(case, word)
    assert isinstance(found, Unit), "a colleague's name makes it another command"
    return found


def _one(case: Case, word: str) -> Agent | Unit:
    agents, units = case.policy.agents, case.policy.catalogue.units
    meant = whom(word, agents, units.values())
    found: tuple[Agent | Unit, ...] = (*meant.agents, *meant.units)
    if len(found) == 1:
        return found[0]
    among = meant if found else Meant(agents, tuple(units.values()))
    names = ", ".join(among.names)
    if not among.units:
        raise cannot(case, "ambiguous-agent" if found else "no-agent", names=names)
    held = say_phrase("held-back", case.policy.service.language) if case.orders.words else ""
    raise cannot(case, "ambiguous-whom" if found else "no-whom", names=names, held=held)


def hand_over(case: Case, was: Ticket, state: State) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    """Return word to the colleague who has a request now, and a line to the one who had it; whoever ordered it knows."""
    if was.agent == state.ticket.agent:
        return (), ()
    by = agent_name(case, proven_agent(case).id)
    drafts: tuple[Draft, ...] = ()
    held: tuple[TicketEvent, ...] = ()
    for id_, notice in ((state.ticket.agent, "assigned"), (was.agent, "handed-over")):
        agent = next((one for one in case.policy.agents if one.id == id_ and one != case.author.agent), None)
        if agent is None:
            continue
        detail = by if notice == "assigned" else _has_it(case, state.ticket)
        more, kept = write_notifications(
            case, state.ticket, to=(agent,), notice=notice, detail=detail, clocks=state.clocks,
            until=state.chase.close_at if state.chase else None,
        )  # fmt: skip
        drafts, held = drafts + more, held + kept
    return drafts, held


def _has_it(case: Case, ticket: Ticket) -> str:
    """Return who has a request now: an agent, or the team to which it was given."""
    team = case.policy.catalogue.team_names.get(ticket.team, "")
    return team if team and not ticket.agent else agent_name(case, ticket.agent)


ACTS: Mapping[str, Act] = {"assign": _assign}
