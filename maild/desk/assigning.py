"""A request is given to a colleague by an agent's word: who is meant, and who is told. Pure."""

import math
from collections.abc import Mapping, Sequence

from maild.desk.acts import Act, State, agent_name, cannot, changed, proven_agent, say_changed
from maild.desk.arguments import plain
from maild.desk.case import Case
from maild.desk.notifications import write_notifications
from maild.model import Agent, Draft, Ticket, TicketEvent
from maild.sla.moves import Change

MIN_STEM = 3  # letters that two forms of a name have in common at the least: "Ивану" is Иван
MAX_ENDING = 3  # letters that a form may end with: "Петровой" is Петрова


def _assign(case: Case, state: State, value: object) -> tuple[State, str]:
    agent = find_agent(case, str(value))
    before = agent_name(case, state.ticket.agent)
    state = changed(case, state, Change(clocks=state.clocks), agent=agent.id)
    return state, say_changed(case, "agent", before, agent.address.name or agent.id)


def find_agent(case: Case, word: str) -> Agent:
    """Return the colleague whom an agent means by an id, an address, a name or a form of it. Raises CannotError."""
    agents, wanted = case.policy.agents, word.casefold().strip("<>@ ")
    exact = [one for one in agents if wanted in (one.id.casefold(), one.address.key, _plain(one.address.name))]
    parts = _plain(wanted).split()
    begun = [one for one in agents if parts and all(any(n.startswith(p) for n in _names(one)) for p in parts)]
    found = exact or begun or _nearest(parts, agents)
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.address.name or one.id for one in found or agents)
    raise cannot(case, "ambiguous-agent" if found else "no-agent", names=names)


def _nearest(parts: Sequence[str], agents: Sequence[Agent]) -> list[Agent]:
    """Return the agents of whose name the words can be forms, those whose endings differ least."""
    far = {
        one.id: sum(min((_ending(name, part) for name in _names(one)), default=math.inf) for part in parts)
        for one in agents
    }
    least = min(far.values(), default=math.inf)
    return [one for one in agents if parts and far[one.id] == least < math.inf]


def _ending(name: str, word: str) -> float:
    """Return how many letters two forms of one word differ in at their end: Ивану, Петровой; infinity: they are two words."""
    same = next((n for n, (a, b) in enumerate(zip(name, word, strict=False)) if a != b), min(len(name), len(word)))
    rest = max(len(name), len(word)) - same
    return rest if same >= MIN_STEM and rest <= MAX_ENDING else math.inf


def _names(agent: Agent) -> list[str]:
    return _plain(agent.address.name).split()


def _plain(name: str) -> str:
    return " ".join(plain(name).split())


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
        detail = by if notice == "assigned" else agent_name(case, state.ticket.agent)
        more, kept = write_notifications(
            case, state.ticket, to=(agent,), notice=notice, detail=detail, clocks=state.clocks
        )
        drafts, held = drafts + more, held + kept
    return drafts, held


ACTS: Mapping[str, Act] = {"assign": _assign}
