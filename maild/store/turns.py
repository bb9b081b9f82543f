"""Whose turn it is to be dealt a request: how much each agent has, and what they were dealt last."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, TextClause, delete, func, insert, not_, select, text

from maild.desk.case import MAX_COUNTED, Load
from maild.model import Status, Ticket
from maild.store.schema import OPEN, ticket, turn
from maild.store.tickets import load_tickets
from maild.store.views import PLACE
from maild.store.wakes import is_put_off


def open_by_agent(connection: Connection, organization: str) -> dict[str, int]:
    """Return how many tickets each agent works on: those that wait for somebody else are not counted."""
    query = (
        select(ticket.c.agent, func.count())
        .where(ticket.c.organization == organization, ticket.c.agent != "", ticket.c.status != Status.WAITING)
        .where(text(OPEN))
        .group_by(ticket.c.agent)
    )
    return dict(connection.execute(query).all())


def last_dealt(connection: Connection, organization: str) -> dict[str, int]:
    """Return the id of the newest ticket when each agent was dealt one last."""
    query = select(turn.c.agent, turn.c.ticket_id).where(turn.c.organization == organization)
    return dict(connection.execute(query).all())


def note_turn(connection: Connection, organization: str, agent: str, ticket_id: int) -> None:
    """Remember that an agent has had their turn."""
    connection.execute(delete(turn).where(turn.c.organization == organization, turn.c.agent == agent))
    connection.execute(insert(turn).values(organization=organization, agent=agent, ticket_id=ticket_id))


def undealt(connection: Connection, organization: str, now: datetime) -> tuple[list[Ticket], Load]:
    """Return the open tickets that are nobody's and not put off, in the order of the queue, and who has how much."""
    ids = select(ticket.c.id).where(ticket.c.organization == organization, *_nobodys(now)).order_by(*PLACE)
    first = connection.execute(ids.limit(MAX_COUNTED)).scalars().all()
    tickets = load_tickets(connection, first, answers=False)
    load = Load(of_agents=open_by_agent(connection, organization), turns=last_dealt(connection, organization))
    return [tickets[one] for one in first], load


def with_undealt(connection: Connection, now: datetime) -> frozenset[str]:
    """Return the organisations in which there are such tickets."""
    return frozenset(connection.execute(select(ticket.c.organization).where(*_nobodys(now)).distinct()).scalars())


def _nobodys(now: datetime) -> tuple[ColumnElement[bool] | TextClause, ...]:
    return ticket.c.agent == "", text(OPEN), not_(is_put_off(now))
