"""What a client has used, month by month, read from the tables (C20)."""

from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from maild.contracts.accounting import Month, Policy, usage
from maild.contracts.client import Client
from maild.contracts.quota import month_start
from maild.desk.seen import Used
from maild.store import work


def read_usage(
    connection: Connection,
    organization: str,
    one: Client,
    months: Sequence[Month],
    policy: Policy | None,
    quota: int | None,
    zone: ZoneInfo,
) -> list[Used]:
    """Return a client's months, whatever was used in them; `months` follow each other. No `policy`: work is not counted."""
    first, last = months[0], months[-1]
    end = month_start(last.next.year, last.next.month, zone)
    start = (
        None if policy else month_start(first.year, first.month, zone)
    )  # what is carried in comes from all months before
    requests = list(work.requests(connection, organization, one.key, start, end))
    received = Counter(Month.of(each.at, zone) for each in requests)
    if policy is None:
        return [Used(month=month, requests=received[month], quota=quota) for month in months]
    works = [noted.work for noted in work.works(connection, organization, one.key, None, end)]
    rows = usage(one, first, last, works, requests, policy, zone).rows
    return [Used(month=row.month, requests=received[row.month], quota=quota, by=policy.by, row=row) for row in rows]
