"""A client's month: what was done in it, what it has used and what is left. Pure.

The figures are those of `contracts.accounting`; here they only become words and the rows of a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maild.contracts.cells import format_hours
from maild.contracts.client import Client
from maild.desk.overview import say_amount
from maild.desk.seen import Used
from maild.desk.service import Service
from maild.model import Address
from maild.tokens import hide_tokens
from maild.wording import say_date, say_month, say_price
from maild.wording.receipts import say_status
from maild.wording.reports import say_columns

MAX_LINES = 100  # requests in the letter; the table has all


@dataclass(frozen=True, kw_only=True)
class Done:
    """A request of the month."""

    number: str
    subject: str
    status: str
    over: date | None  # the day on which it was over; None: it is not
    charged: timedelta  # in this month, rounded as accounting does


@dataclass(frozen=True, kw_only=True)
class MonthReport:
    """Everything that a client is told of a month."""

    client: Client
    used: Used
    done: tuple[Done, ...]  # in the order of receipt


def say_report(
    report: MonthReport, service: Service, note: str, forward: Sequence[Address] | None
) -> dict[str, object]:
    """Return the words of the letter. `forward`: to whom whoever checks it sends it on; None: it is the client's own."""
    language, used, row = service.language, report.used, report.used.row
    amounts = ("allowance", "carried_in", "used", "left", "carried_out", "lapsed", "extra")
    words: dict[str, object] = {
        "client": report.client.name,
        "month": say_month(used.month.first, language),
        "by": used.by or "",
        "requests": used.requests,
        "done": [_say_done(one, service) for one in report.done[:MAX_LINES]],
        "more": len(report.done[MAX_LINES:]),
        "price": say_price(row.price, service.currency, "", language) if row and row.price else "",
        "note": note,
        "check": forward is not None,
        "forward": [str(one) for one in forward or ()],
    }
    return words | {name: say_amount(getattr(row, name), language) if row else "" for name in amounts}


def _say_done(one: Done, service: Service) -> dict[str, object]:
    language = service.language
    return {
        "number": one.number,
        "subject": hide_tokens(one.subject),
        "over": say_date(one.over, language) if one.over else "",
        "status": say_status(one.status, language),
        "time": say_amount(one.charged, language),
    }


def table_of(report: MonthReport, service: Service) -> list[list[str | date]]:
    """Return the rows of the table that goes with the letter: the names of the columns, then the requests."""
    language = service.language
    rows: list[list[str | date]] = [list(say_columns(language))]
    for one in report.done:
        hours = format_hours(one.charged) if one.charged else ""
        rows.append([one.number, hide_tokens(one.subject), say_status(one.status, language), one.over or "", hours])
    return rows
