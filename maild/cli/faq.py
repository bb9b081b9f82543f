"""`maild faq`: the entries, which of them a request would be answered with, what they have done, and what has no answer yet."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
from maild.cli.contracts import today
from maild.cli.output import Exit, print_json, print_table, say
from maild.config.types import parse_duration
from maild.desk.catalogue import catalogue_of
from maild.faq.entry import Entry
from maild.faq.recurrence import Cluster, find_recurring
from maild.faq.search import FaqIndex
from maild.store import faq as store
from maild.store.faq import EntryStats

faq = typer.Typer(help="Answers that exist already: what they have done, what is missing.", no_args_is_help=True)
app.add_typer(faq, name="faq")

NEAR = 5  # entries shown, those included that are not sure enough
NUMBERS = 5  # tickets of a cluster in the table


def parse_since(text: str | timedelta) -> timedelta:
    """Turn what somebody typed for a stretch of time into it."""
    try:
        return parse_duration(text)
    except ValueError:
        raise typer.BadParameter(f'"{text}" is no time: write 90d') from None


@dataclass(frozen=True, kw_only=True)
class Near:
    """An entry that a request comes near to."""

    entry: str
    title: str
    url: str
    score: float
    suggested: bool  # whether it would be
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the FAQ has done since an instant."""

    since: datetime
    requests: int  # received
    answered: int  # … to which an entry was suggested
    solved: float  # … which an entry has solved, as customers say
    entries: tuple[EntryStats, ...]
    recurring: tuple[Cluster, ...]  # what is asked again and again and found no entry


@faq.command("list")
def list_entries(
    config: ConfigOption = DEFAULT_CONFIG, *, organization: OrganizationOption = None, as_json: JsonOption = False
) -> None:
    """List the entries in the order of the configuration."""
    _, section = choose_organization(load(config).config, organization)
    entries = list(catalogue_of(section).faq.values())
    if as_json:
        print_json(entries)
        return
    rows = [(one.id, one.title, one.url or "answer", one.since, one.until) for one in entries]
    print_table(("entry", "title", "link", "since", "until"), rows, empty="There are no entries.")


@faq.command()
def find(
    text: Annotated[str, typer.Argument(help="What a customer writes.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    subject: Annotated[str, typer.Option("--subject", help="The subject of the letter.")] = "",
    organization: OrganizationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which entries a letter would be answered with, how sure that is, and which words led there.

    Ends with status 1 where none is sure enough; those that come near are shown all the same.
    """
    _, section = choose_organization(load(config).config, organization)
    wanted = section.suggestions
    index = FaqIndex(catalogue_of(section).faq.values(), names=[section.name])
    day = today(section)
    suggested = {one.entry.id for one in index.find(subject, text, day, most=wanted.most, threshold=wanted.threshold)}
    rows = [
        Near(
            entry=one.entry.id,
            title=one.entry.title,
            url=one.entry.url,
            score=round(one.score, 2),
            suggested=one.entry.id in suggested,
            evidence=one.evidence,
        )
        for one in index.find(subject, text, day, most=NEAR, threshold=0)
    ]
    if as_json:
        print_json(rows)
    else:
        cells = [
            (f"{row.score:.2f}", "yes" if row.suggested else "no", row.entry, row.title, row.evidence) for row in rows
        ]
        print_table(("sure", "suggested", "entry", "title", "words"), cells, empty="No entry comes near.")
        if not suggested and rows:
            say(f"None is suggested: the threshold is {wanted.threshold:.2f}.")
    if not suggested:
        raise typer.Exit(Exit.NO)


@faq.command()
def stats(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    since: Annotated[
        Any, typer.Option("--since", parser=parse_since, metavar="TIME", help="How far back, such as 90d.")
    ] = "90d",
    organization: OrganizationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what each entry has done, and what is asked again and again without one."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    start = datetime.now(UTC) - since
    entries = catalogue_of(section).faq
    with closing(open_existing(settings)) as database, database.read() as connection:
        done = _with_idle(store.stats(connection, name, start), entries)
        requests = store.requests(connection, name, start)
    report = Report(
        since=start,
        requests=len(requests),
        answered=sum(one.suggested for one in requests),
        solved=sum(one.helped for one in done),
        entries=done,
        recurring=find_recurring(requests),
    )
    if as_json:
        print_json(report)
    else:
        _say_report(report, entries)


def _with_idle(done: tuple[EntryStats, ...], entries: Mapping[str, Entry]) -> tuple[EntryStats, ...]:
    """Return the figures with those of entries that nobody was shown: zeros."""
    shown = {one.entry for one in done}
    idle = (
        EntryStats(entry=id_, suggested=0, by_search=0, by_rule=0, by_agent=0, helped=0.0)
        for id_ in entries
        if id_ not in shown
    )
    return (*done, *idle)


def _say_report(report: Report, entries: Mapping[str, Entry]) -> None:
    say(
        f"since {report.since:%Y-%m-%d}: requests {report.requests}, with a suggestion {report.answered}, "
        f"solved by it {_count(report.solved)}",
        style="bold",
    )
    columns = ("entry", "suggested", "search", "rules", "agents", "helped", "title")
    rows = [
        (
            one.entry, one.suggested, one.by_search, one.by_rule, one.by_agent, _count(one.helped),
            entries[one.entry].title if one.entry in entries else "(no longer configured)",
        )
        for one in report.entries
    ]  # fmt: skip
    print_table(columns, rows, empty="There are no entries.")
    say("\nasked again and again, and no entry was found:", style="bold")
    clusters = [
        (
            one.size,
            f"{one.first:%Y-%m-%d}",
            f"{one.last:%Y-%m-%d}",
            ", ".join(one.words),
            one.subjects[0],
            _some(one.numbers),
        )
        for one in report.recurring
    ]
    print_table(("requests", "first", "last", "words", "example", "tickets"), clusters, empty="Nothing.")


def _count(helped: float) -> str:
    """Return a count that may have parts: "3", "2.3"."""
    return f"{helped:.1f}".removesuffix(".0")


def _some(numbers: tuple[str, ...]) -> str:
    return " ".join(numbers[:NUMBERS]) + (" …" if len(numbers) > NUMBERS else "")
