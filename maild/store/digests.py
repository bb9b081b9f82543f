"""Digests that were sent, and the tickets of one."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Connection, insert, not_, or_, select

from maild.desk.seen import Listing
from maild.model import Status
from maild.store.overviews import Condition, due_before, list_tickets
from maild.store.schema import digest, ticket
from maild.store.wakes import is_put_off

Due = tuple[str, str, date]  # organisation, agent and day


def without_had(connection: Connection, due: Collection[Due]) -> list[Due]:
    """Return those who have not had the digest of their day yet, in the order given."""
    key = (digest.c.organization, digest.c.agent, digest.c.day)
    had = {tuple(row) for row in connection.execute(select(*key).where(digest.c.day.in_({day for *_, day in due})))}
    return [one for one in due if one not in had]


def note_had(connection: Connection, one: Due, now: datetime) -> None:
    """Remember that somebody has had the digest of their day; a second time the database refuses."""
    organization, agent, day = one
    connection.execute(insert(digest).values(organization=organization, agent=agent, day=day, at=now))


def lists_of_day(
    connection: Connection, organization: str, theirs: Condition | None, now: datetime, end: datetime
) -> dict[str, Listing]:
    """Return what is overdue, due until `end`, unassigned and waiting: each ticket once, where it comes first; of `theirs`.

    What an agent put off is not shown until then, unless it is due.
    """
    mine = () if theirs is None else (theirs,)
    late, soon = due_before(organization, now), due_before(organization, end)
    nobodys, seen = ticket.c.agent == "", not_(is_put_off(now))
    found = {
        "overdue": (late,),
        "due": (soon, not_(late)),
        "unassigned": (nobodys, not_(soon), seen),
        "waiting": (ticket.c.status == Status.WAITING, not_(nobodys), not_(soon), seen),
    }
    return {kind: list_tickets(connection, organization, *where, *mine) for kind, where in found.items()}


def theirs(agent: str, teams: Collection[str]) -> Condition:
    """The condition that a ticket is an agent's, or nobody's and they may take it."""
    free = (ticket.c.agent == "") & or_(ticket.c.team == "", ticket.c.team.in_(sorted(teams)))
    return or_(ticket.c.agent == agent, free)
