"""`maild satisfaction`: what customers think of our work, of all or by whose it was."""

from contextlib import closing
from dataclasses import dataclass
from datetime import date, time, timedelta
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
from maild.cli.contracts import parse_day, today
from maild.cli.output import print_json, print_table
from maild.sla.local import instant_of
from maild.store.surveys import By, Satisfied, read_satisfaction

USUAL = timedelta(days=90)  # how far back, unless somebody says


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was said of work by those who were asked from one day to another, both included."""

    since: date
    until: date
    by: By | None
    rows: tuple[Satisfied, ...]


@app.command()
def satisfaction(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    by: Annotated[By | None, typer.Option("--by", help="By whose the requests were. Default: all together.")] = None,
    since: Annotated[
        Any, typer.Option("--since", parser=parse_day, metavar="DATE", help="First day. Default: 90 days ago.")
    ] = None,
    until: Annotated[
        Any, typer.Option("--until", parser=parse_day, metavar="DATE", help="Last day. Default: today.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show how many customers were asked what they think of our work, how many have answered, and what they say.

    Counted by the day on which they were asked; of each request the latest word counts.
    """
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    last = until or today(section)
    first = since or last - USUAL
    if first > last:
        raise typer.BadParameter(f"--since {first} is after --until {last}")
    start = instant_of(first, time.min, section.zone)
    end = instant_of(last + timedelta(days=1), time.min, section.zone)
    with closing(open_existing(settings)) as database, database.read() as connection:
        rows = tuple(read_satisfaction(connection, name, start, end, by))
    if as_json:
        print_json(Report(since=first, until=last, by=by, rows=rows))
        return
    columns = (by or "of", "asked", "answered", "good", "fair", "bad", "share of good")
    cells = [
        (
            one.of or ("(nobody)" if by else "all"), one.asked, one.answered, one.good, one.fair, one.bad,
            "" if one.share is None else f"{one.share:.0%}",
        )
        for one in rows
    ]  # fmt: skip
    print_table(columns, cells, empty="Nobody was asked.")
