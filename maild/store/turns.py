"""Whose turn it is to be dealt a request: how much each agent has, and what they were dealt last."""

from sqlalchemy import Connection, delete, func, insert, select, text

from maild.model import Status
from maild.store.schema import OPEN, ticket, turn


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
    """Return the id of the ticket that each agent was dealt last."""
    query = select(turn.c.agent, turn.c.ticket_id).where(turn.c.organization == organization)
    return dict(connection.execute(query).all())


def note_turn(connection: Connection, organization: str, agent: str, ticket_id: int) -> None:
    """Remember that an agent has had their turn."""
    connection.execute(delete(turn).where(turn.c.organization == organization, turn.c.agent == agent))
    connection.execute(insert(turn).values(organization=organization, agent=agent, ticket_id=ticket_id))
