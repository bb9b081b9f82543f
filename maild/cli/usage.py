"""`maild client usage`: what clients have used of what was paid for, month by month."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import typer

from maild.cli.app import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    OrganizationOption,
    choose_organization,
    load,
    open_existing,
)
from maild.cli.clients import client
from maild.cli.contracts import find_client, today
from maild.cli.output import print_json, print_table, say
from maild.config.model import Organization
from maild.config.terms import accounting_of, quota_of
from maild.contracts.accounting import Month, Unit
from maild.contracts.cells import format_hours
from maild.contracts.client import Client
from maild.contracts.quota import month_start
from maild.store import register, work
from maild.store.usage import read_usage

MOST = 120  # months in one table


def parse_month(text: str | Month) -> Month:
    """Turn what somebody typed for a month into it."""
    if isinstance(text, Month):  # typer hands defaults through
        return text
    try:
        first = datetime.strptime(text.strip(), "%Y-%m")
    except ValueError:
        raise typer.BadParameter(f'"{text}" is no month: write 2026-11') from None
    return Month(first.year, first.month)


@dataclass(frozen=True, kw_only=True)
class Used:
    """One month of a client. What work is not counted by is None."""

    client: str
    name: str
    month: str
    requests: int  # registered, without repeats and refusals
    quota: int | None  # of requests; None: as many as they like
    by: Unit | None = None  # what the package and the rest of the row count
    package: int | timedelta | None = None
    carried_in: int | timedelta | None = None
    used: int | timedelta | None = None  # time rounded up request by request
    left: int | timedelta | None = None
    carried_out: int | timedelta | None = None
    extra: int | timedelta | None = None
    price: Decimal | None = None  # of the extra; None: none was agreed


@client.command("usage")
def client_usage(
    key: Annotated[
        str | None, typer.Argument(metavar="CLIENT", help="The client's key. Default: all who used something.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    month: Annotated[
        Any, typer.Option("--month", parser=parse_month, metavar="MONTH", help="Such as 2026-11. Default: this one.")
    ] = None,
    months: Annotated[int, typer.Option("--months", min=1, max=MOST, help="So many, the last being that one.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Show requests against the quota, and hours or requests against the package, with what is extra and its price."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    day = today(section)
    last = month or Month(day.year, day.month)
    asked = _months_up_to(last, months)
    with closing(open_existing(settings)) as database:
        named = [find_client(database, name, section, key)] if key is not None else None
        with database.read() as connection:
            clients = _active(connection, name, section, asked) if named is None else named
            rows = [row for one in clients for row in _rows(connection, name, section, one, asked)]
    if as_json:
        print_json(rows)
        return
    columns = ("client", "month", "requests", "quota", "package", "carried in", "used", "left", "extra", "price")
    print_table(columns, [_cells(row) for row in rows], empty="Nothing was used.")
    if section.accounting is None:
        say("Work is not counted: the configuration has no [….accounting].")
    elif price := sum(row.price for row in rows if row.price):
        say(f"extra in all: {price} {section.accounting.currency}")


def _active(connection: Any, name: str, section: Organization, asked: list[Month]) -> Iterator[Client]:
    """Yield the clients that used something in these months; whoever has left the register since is passed over."""
    start, end = _edge(asked[0], section), _edge(asked[-1].next, section)
    for key in work.active_clients(connection, name, start, end):
        if one := register.find_client(connection, name, key):
            yield one


def _edge(month: Month, section: Organization) -> datetime:
    return month_start(month.year, month.month, section.zone)


def _rows(connection: Any, name: str, section: Organization, one: Client, asked: list[Month]) -> Iterator[Used]:
    """Yield the months of a client, whatever was used."""
    quota, policy = quota_of(section, one.level), accounting_of(section, one.level)
    for used in read_usage(connection, name, one, asked, policy, quota, section.zone):
        row = used.row
        counted: dict[str, Any] = {} if row is None else {
            "by": used.by, "package": row.allowance, "carried_in": row.carried_in, "used": row.used, "left": row.left,
            "carried_out": row.carried_out, "extra": row.extra, "price": row.price,
        }  # fmt: skip
        yield Used(
            client=one.key, name=one.name, month=str(used.month), requests=used.requests, quota=used.quota, **counted
        )


def _months_up_to(last: Month, count: int) -> list[Month]:
    """Return so many months, `last` being the last one. Raises BadParameter where a zone has no instants left for them."""
    place = last.year * 12 + last.month - 1
    if place - count + 1 < 24 or last.year == datetime.max.year:
        raise typer.BadParameter(f"{count} month(s) up to {last} leave the calendar: name another --month")
    return [Month(one // 12, one % 12 + 1) for one in range(place - count + 1, place + 1)]


def _cells(row: Used) -> tuple[object, ...]:
    amounts = (row.package, row.carried_in, row.used, row.left, row.extra)
    return (row.client, row.month, row.requests, row.quota, *map(_amount, amounts), row.price)


def _amount(amount: int | timedelta | None) -> str:
    if isinstance(amount, timedelta):
        return f"{format_hours(amount)} h"
    return "" if amount is None else str(amount)
