"""What the admin's rules change about a request that a further letter joins. Pure.

What is decided stands, above all what a person decided: rules fill in what is open, gather tags, and propose.
"""

from dataclasses import replace

from maild.desk.acts import State, retargeted
from maild.desk.case import Case
from maild.desk.matrix import read_again
from maild.desk.passing import is_units
from maild.model import Kind, Ticket, TicketEvent

_OPEN = ("category", "service", "severity", "agent", "team")  # what a rule fills in where nothing stands


def steer_later(case: Case, state: State) -> State:
    """Return the state after the rules, and after what the customer was asked for has been looked for in the letter."""
    if case.kind.kind not in (Kind.PERSON, Kind.NOTIFICATION) or is_units(case, state.ticket):
        return state
    was, ruling = state.ticket, case.ruling
    filled = {name: value for name in _OPEN if (value := getattr(ruling, name)) and not getattr(was, name)}
    ticket = replace(was, tags=tuple(dict.fromkeys((*was.tags, *ruling.tags))), asked=_still_asked(case, was), **filled)
    events = [
        TicketEvent(kind="rule", detail=f"{ruling.by.get(name, '')}: {name} = {value}")
        for name, value in filled.items()
    ]
    if was.asked and not ticket.asked:
        events.append(TicketEvent(kind="asked", detail="the customer has sent all of it"))
    elif was.asked:
        events.append(
            TicketEvent(kind="asked", detail=f"the customer answers, still without {', '.join(ticket.asked)}")
        )
    ticket, proposed = _proposed(case, ticket)
    ticket, by_cell = read_again(case.thread.ticket or was, ticket, case.policy)
    proposed += by_cell
    if ruling.broken:
        proposed = (*proposed, TicketEvent(kind="rule failed", detail=f"{ruling.broken}; a person decides"))
    state = replace(state, events=(*events, *proposed))
    if filled.keys() & {"category", "severity"} and state.clocks:
        return retargeted(case, state, ticket)
    return replace(state, ticket=ticket)


def _still_asked(case: Case, ticket: Ticket) -> tuple[str, ...]:
    """Return what is still wanted of it; where rules broke, nobody has looked."""
    if case.ruling.broken:
        return ticket.asked
    return case.ruling.ask if ticket.asked else ()


def _proposed(case: Case, ticket: Ticket) -> tuple[Ticket, tuple[TicketEvent, ...]]:
    """In the middle of a conversation no rule refuses by itself: it proposes, once."""
    id_ = case.ruling.refuse or case.ruling.postpone
    if id_ not in case.policy.catalogue.grounds or ticket.ground_state:
        return ticket, ()
    event = TicketEvent(kind="ground proposed", detail=f"{id_}: a further letter")
    return replace(ticket, ground=id_, ground_state="proposed"), (event,)
