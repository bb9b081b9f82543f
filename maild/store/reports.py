"""What was done for clients in a month, and which reports of it went out."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, or_, select

from maild.contracts.accounting import Month, Policy, Work, charge_by_month
from maild.contracts.client import Client
from maild.contracts.quota import month_start
from maild.desk.report import Done, MonthReport
from maild.model import Status
from maild.store import work
from maild.store.schema import event, occurrence, report, ticket
from maild.store.usage import read_usage

OVER = (Status.RESOLVED, Status.CLOSED)
_BATCH = 500  # ids in one statement


def sent_reports(connection: Connection, organization: str, month: Month) -> dict[str, tuple[str, str]]:
    """Return who was sent the report of a month, and why nobody was, by client."""
    of = (report.c.organization == organization, report.c.month == month.first)
    query = select(report.c.client, report.c.sent_to, report.c.why).where(*of)
    return {row.client: (row.sent_to, row.why) for row in connection.execute(query)}


def note_reported(
    connection: Connection, organization: str, month: Month, client: str, now: datetime, *, sent_to: str, why: str
) -> None:
    """Remember that a client's month was reported, or why not; a second time the database refuses."""
    key = {"organization": organization, "month": month.first, "client": client}
    connection.execute(insert(report).values(key | {"sent_to": sent_to, "why": why, "at": now}))


def read_report(
    connection: Connection,
    organization: str,
    one: Client,
    month: Month,
    policy: Policy | None,
    quota: int | None,
    zone: ZoneInfo,
) -> MonthReport:
    """Return a client's month: what was asked in it and counts, what was worked on, and works that came round and are over."""
    (used,) = read_usage(connection, organization, one, [month], policy, quota, zone)
    start, end = (month_start(each.year, each.month, zone) for each in (month, month.next))
    works: dict[int, list[Work]] = defaultdict(list)
    if policy is not None:
        for noted in work.works(connection, organization, one.key, None, end):
            works[noted.work.ticket].append(noted.work)
    worked = [id_ for id_, each in works.items() if any(start <= done.at for done in each)]
    charged = {id_: charge_by_month(works[id_], policy.step, zone)[month] for id_ in worked} if policy else {}
    rows = {row.id: row for row in _tickets(connection, organization, one.key, start, end, worked)}
    over = _over_since(connection, [id_ for id_, row in rows.items() if row.status in OVER])
    done = [
        Done(
            number=row.number,
            subject=row.subject,
            status=row.status,
            over=over[row.id].astimezone(zone).date() if row.id in over else None,
            charged=charged.get(row.id, timedelta(0)),
        )
        for row in sorted(rows.values(), key=lambda row: (row.received_at, row.id))
    ]
    return MonthReport(client=one, used=used, done=tuple(done))


def _tickets(
    connection: Connection, organization: str, client: str, start: datetime, end: datetime, worked: list[int]
) -> Iterator[Any]:
    """Yield the requests of the month, some of them twice."""
    columns = select(ticket.c.id, ticket.c.number, ticket.c.subject, ticket.c.status, ticket.c.received_at)
    came = select(occurrence.c.ticket_id).where(
        occurrence.c.organization == organization, occurrence.c.client == client
    )
    yield from connection.execute(
        columns.where(ticket.c.organization == organization, ticket.c.client == client)
        .where(ticket.c.received_at >= start, ticket.c.received_at < end, ticket.c.merged_into.is_(None))
        .where(or_(ticket.c.counted, ticket.c.id.in_(came) & ticket.c.status.in_(OVER)))
    )
    for first in range(0, len(worked), _BATCH):
        yield from connection.execute(columns.where(ticket.c.id.in_(worked[first : first + _BATCH])))


def _over_since(connection: Connection, ids: list[int]) -> dict[int, datetime]:
    """Return when tickets that are over came to that."""
    since: dict[int, datetime] = {}
    for first in range(0, len(ids), _BATCH):
        moved = (event.c.ticket_id.in_(ids[first : first + _BATCH]), event.c.kind == "status")
        query = select(event.c.ticket_id, func.max(event.c.at)).where(*moved).group_by(event.c.ticket_id)
        since |= dict(connection.execute(query).all())
    return since
