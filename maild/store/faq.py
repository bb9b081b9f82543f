"""What the FAQ has done, and what it has no answer to (C14, C33). Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, exists, func, select

from maild.faq.recurrence import Asked
from maild.store.schema import message, suggestion, ticket

MAX_REQUESTS = 10_000  # the newest ones; more would take longer than somebody waits for
MAX_TEXT = 4_000  # characters of a request


@dataclass(frozen=True, kw_only=True)
class EntryStats:
    """What one entry has done."""

    entry: str  # id; it may have left the configuration since
    suggested: int  # times
    by_search: int  # … thereof by whom
    by_rule: int
    by_agent: int
    helped: float  # requests that customers say it solved; a third where one of three did


def stats(connection: Connection, organization: str, since: datetime) -> tuple[EntryStats, ...]:
    """Return the entries that were suggested since then, those that helped most first."""
    ways = {
        way: func.sum(case((suggestion.c.way == way, 1), else_=0)).label(way) for way in ("search", "rule", "agent")
    }
    query = (
        select(
            suggestion.c.entry,
            func.count().label("suggested"),
            *ways.values(),
            func.coalesce(func.sum(suggestion.c.helped), 0.0).label("helped"),
        )
        .where(suggestion.c.organization == organization, suggestion.c.at >= since)
        .group_by(suggestion.c.entry)
    )
    found = (
        EntryStats(
            entry=row.entry,
            suggested=row.suggested,
            by_search=int(row.search),
            by_rule=int(row.rule),
            by_agent=int(row.agent),
            helped=float(row.helped),
        )
        for row in connection.execute(query)
    )
    return tuple(sorted(found, key=lambda one: (-one.helped, -one.suggested, one.entry)))


def requests(connection: Connection, organization: str, since: datetime) -> list[Asked]:
    """Return the requests received since then with what their first letter says, oldest first, at most MAX_REQUESTS."""
    first = select(func.min(message.c.id)).where(message.c.ticket_id == ticket.c.id, message.c.direction == "in")
    suggested = exists().where(suggestion.c.ticket_id == ticket.c.id)
    query = (
        select(
            ticket.c.number,
            ticket.c.subject,
            ticket.c.received_at,
            func.substr(message.c.text, 1, MAX_TEXT).label("text"),
            suggested.label("suggested"),
        )
        .join(message, message.c.id == first.correlate(ticket).scalar_subquery())
        .where(ticket.c.organization == organization, ticket.c.received_at >= since)
        .order_by(ticket.c.received_at.desc(), ticket.c.id.desc())
        .limit(MAX_REQUESTS)
    )
    found = [
        Asked(number=row.number, subject=row.subject, text=row.text, at=row.received_at, suggested=bool(row.suggested))
        for row in connection.execute(query)
    ]
    return found[::-1]
