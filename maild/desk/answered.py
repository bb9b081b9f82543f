"""What changes once a person's words have reached the customer, whichever way they went. Pure."""

from dataclasses import replace
from datetime import datetime

from maild.desk.acts import State, proven_agent
from maild.desk.case import Case
from maild.desk.reopening import ground_over, waits_for_others
from maild.model import Status, TicketEvent
from maild.sla.clock import Wait
from maild.sla.clocks import customer_wrote, happened, rest
from maild.sla.target import Moment


def answered(case: Case, state: State, how: str, *, heard: datetime | None = None) -> State:
    """Return the state with the answer given, and the customer's the next word; `how` is for the history.

    Where the customer was `heard` of after the answer, whose letter was only found later, that word is already said.
    """
    plan, was = case.policy.service.plan(state.ticket), state.ticket
    met = happened(state.clocks, plan, Moment.ANSWERED, case.at)
    waits = rest(met.clocks, plan, Wait.CUSTOMER, case.at)
    events = [TicketEvent(kind="answered", detail=how), *met.events, *waits.events]
    clocks, status = waits.clocks, Status.WAITING
    if heard is not None and heard > case.at:
        wrote = customer_wrote(clocks, plan, heard)
        clocks, status = wrote.clocks, Status.OPEN
        events += wrote.events
    if was.status is not status:
        events.append(TicketEvent(kind="status", detail=f"{was.status} → {status}"))
    ticket = ground_over(was) if waits_for_others(case, was, waits.clocks) else was  # now it waits for the customer
    agent = was.agent or proven_agent(case).id
    ticket = replace(ticket, agent=agent, status=status, faq=(), asked=())
    return replace(state, ticket=ticket, clocks=clocks, events=(*state.events, *events))
