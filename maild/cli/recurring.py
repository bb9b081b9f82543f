"""`maild recurring`: works that come round, when they do next, and what came of the last time."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from maild.cli.app import DEFAULT_CONFIG, ConfigOption, JsonOption, app, load, load_ready, open_existing
from maild.cli.output import print_json, print_table
from maild.recurring import Work, works
from maild.store.recurring import Came, last_came, seen_works


@dataclass(frozen=True, kw_only=True)
class Round:
    """A work, and how it goes."""

    organization: str
    name: str
    rhythm: str
    next: datetime | None  # None: never again
    last: date | None  # None: it has not come round yet
    came: tuple[Came, ...]  # then, client by client


@app.command()
def recurring(config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False) -> None:
    """Show the works that come round, when they do next, and what came of the last time: a request, or why there is none."""
    rows = list(_rounds(config))
    if as_json:
        print_json(rows)
        return
    columns = ("organization", "work", "when", "next (UTC)", "last", "client", "came of it")
    cells = [
        (one.organization, one.name, one.rhythm, one.next, one.last, each.client, each.number or each.skipped)
        for one in rows
        for each in one.came or (Came(day=date.min),)
    ]
    print_table(columns, cells, empty="No works come round: the configuration has no [….recurring.…].")


def _rounds(config: Path) -> Iterator[Round]:
    loaded = load(config)
    now = datetime.now(UTC)
    with closing(open_existing(loaded.config)) as database, database.read() as connection:
        seen = seen_works(connection)
        for work in works(load_ready(loaded)):
            came = tuple(last_came(connection, work.organization, work.name))
            known = seen.get((work.organization, work.name))
            since = known.since if known and known.rhythm == work.told else now
            yield _round(work, since, came)


def _round(work: Work, since: datetime, came: tuple[Came, ...]) -> Round:
    return Round(
        organization=work.organization,
        name=work.name,
        rhythm=work.told,
        next=work.rhythm.next(since),
        last=came[0].day if came else None,
        came=came,
    )
