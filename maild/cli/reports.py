"""`maild report`: what a client's month has come to, as the monthly report says it, and which reports went out."""

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

import typer

from maild.cli.app import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    OrganizationOption,
    app,
    choose_organization,
    load,
    open_existing,
)
from maild.cli.contracts import find_client, today
from maild.cli.output import print_json, print_table, say
from maild.cli.usage import parse_month
from maild.config.terms import accounting_of, quota_of
from maild.contracts.accounting import Month, Unit
from maild.contracts.cells import format_hours
from maild.desk.report import Done, MonthReport
from maild.reporting import month_before
from maild.store.register import all_clients
from maild.store.reports import read_report, sent_reports

report = typer.Typer(help="What is reported to clients.", no_args_is_help=True)
app.add_typer(report, name="report")


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A client's month. What work is not counted by is None."""

    client: str
    name: str
    month: str
    requests: int
    by: Unit | None
    package: int | timedelta | None
    carried_in: int | timedelta | None
    used: int | timedelta | None
    left: int | timedelta | None
    carried_out: int | timedelta | None
    lapsed: int | timedelta | None
    extra: int | timedelta | None
    price: Decimal | None
    sent_to: str | None  # None: not reported so far; "": it was not sent …
    why: str | None  # … and why
    done: tuple[Done, ...]


@report.command("month")
def report_month(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    client: Annotated[
        str | None, typer.Option("--client", help="The client's key. Default: all with something.")
    ] = None,
    organization: OrganizationOption = None,
    month: Annotated[
        Any,
        typer.Option("--month", parser=parse_month, metavar="MONTH", help="Such as 2026-11. Default: the last one."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the works of a month and what they come to, client by client, and whether the report has gone out."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    asked = month or month_before(today(section))
    with closing(open_existing(settings)) as database:
        named = [find_client(database, name, section, client)] if client is not None else None
        with database.read() as connection:
            sent = sent_reports(connection, name, asked)
            clients = [one for one, _ in all_clients(connection, name)] if named is None else named
            reports = [
                read_report(
                    connection, name, one, asked, accounting_of(section, one.level), quota_of(section, one.level),
                    section.zone,
                )
                for one in clients
            ]  # fmt: skip
    rows = [_row(one, asked, sent) for one in reports if named is not None or one.done]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        state = "not reported so far" if row.sent_to is None else f"sent to {row.sent_to}" if row.sent_to else row.why
        say(f"{row.name} ({row.client}), {row.month}: {state}", style="bold")
        cells = [
            (d.number, d.subject, d.status, d.over, format_hours(d.charged) if d.charged else "") for d in row.done
        ]
        print_table(("ticket", "subject", "status", "closed", "hours"), cells, empty="No works.")
        if row.by:
            amounts = ("package", "carried_in", "used", "left", "carried_out", "lapsed", "extra")
            say("  " + ", ".join(f"{one.replace('_', ' ')} {_amount(getattr(row, one))}" for one in amounts))
        if row.price:
            say(f"  to be paid: {row.price} {section.accounting.currency if section.accounting else ''}")
    if not rows:
        say("Nothing was done.")


def _row(one: MonthReport, month: Month, sent: dict[str, tuple[str, str]]) -> Reported:
    used, row = one.used, one.used.row
    sent_to, why = sent.get(one.client.key, (None, None))
    counted: dict[str, Any] = {name: getattr(row, name) if row else None for name in _AMOUNTS}
    return Reported(
        client=one.client.key, name=one.client.name, month=str(month), requests=used.requests, by=used.by,
        package=row.allowance if row else None, sent_to=sent_to, why=why, done=one.done, **counted,
    )  # fmt: skip


_AMOUNTS = ("carried_in", "used", "left", "carried_out", "lapsed", "extra", "price")


def _amount(amount: int | timedelta | None) -> str:
    return f"{format_hours(amount)} h" if isinstance(amount, timedelta) else str(amount or 0)
