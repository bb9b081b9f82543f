"""`maild backtest`: what another configuration would have made of the letters that are stored."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from maild import logs
from maild.backtest.compare import Compared
from maild.backtest.page import render_page
from maild.backtest.report import Report, report_on
from maild.backtest.run import Plan, comparing, enrol_aside
from maild.cli.app import DEFAULT_CONFIG, ConfigOption, JsonOption, OrganizationOption, app, load, load_ready
from maild.cli.files import write_private
from maild.cli.output import Exit, print_json, print_table, progress, say
from maild.config.load import Loaded
from maild.config.types import parse_duration
from maild.errors import MaildError, StoreError
from maild.policy import Policy, load_policy
from maild.store import has_database, open_to_read
from maild.store.engine import Database
from maild.store.past import Stored, stored_letters

MAX_MOVES = 6  # told of one aspect, which `--json` has in full
_STYLES = {"-": "red", "+": "green"}


@app.command()
def backtest(
    new: Annotated[Path, typer.Argument(help="The other configuration: a file, or a folder with a config.toml.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    since: Annotated[str, typer.Option("--since", help='How far back: "30d", "12h".')] = "30d",
    organization: OrganizationOption = None,
    newest: Annotated[int | None, typer.Option("--letters", min=1, help="Of these only the newest so many.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Tell of at most so many letters one by one.")] = 50,
    html: Annotated[Path | None, typer.Option("--html", help="Also write all of it as a page.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a page that exists.")] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Processes; default: as many as processors.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Decide about stored letters as another configuration would, and tell what would be otherwise; exit 1 if anything would.

    Changes nothing, sends nothing, and may run beside the daemon. Clients are those of today; everything else is as it was
    when each letter came.
    """
    logs.configure("error", "auto")
    start = datetime.now(UTC) - _span(since)
    if html is not None and html.exists() and not overwrite:
        raise MaildError(f"{html} exists: give another name, or say --overwrite")  # before the work, not after it
    loaded, other = load(config), load(_file(new))
    before = load_ready(loaded)
    after = load_policy(other, key=before.keyring.key)
    if organization is not None and organization not in before.config.organization:
        raise MaildError(
            f"no organisation {organization} is configured; there are: {', '.join(before.config.organization)}"
        )
    if not has_database(before.config):
        raise StoreError(f"there is no database in {before.config.data_dir} yet: no letter is stored")
    with tempfile.TemporaryDirectory(prefix="maild-backtest-") as folder:
        with closing(open_to_read(before.config)) as database:
            with database.read() as connection:
                stored = stored_letters(connection, start, organization=organization, newest=newest)
            registers = _registers(database, (before, after), Path(folder))
        with comparing(Plan(before=before, after=after, registers=registers), stored, jobs=jobs) as compared:
            notes = tuple(_notes(loaded, config, other, _file(new)))
            report = report_on(
                _counted(compared, stored), before=str(config), after=str(_file(new)), since=start, notes=notes
            )
    if html is not None:
        write_private(html, render_page(report).encode("utf-8", "replace"), overwrite=overwrite)
    if as_json:
        print_json(report)
    else:
        _show(report, limit)
        if html is not None:
            say(f"All of it: {html}")
    raise typer.Exit(Exit.NO if report.changed else Exit.OK)


def _span(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f'"{text}" is no span of time: {error}', param_hint="--since") from None


def _file(new: Path) -> Path:
    return new / "config.toml" if new.is_dir() else new


def _registers(database: Database, sides: tuple[Policy, Policy], folder: Path) -> tuple[str, str]:
    """Return for each side a database with its clients, where they are not the desk's."""
    now, urls = datetime.now(UTC), []
    for name, policy in zip(("before", "after"), sides, strict=True):
        (folder / name).mkdir()
        urls.append(enrol_aside(database, policy, folder / name, now))
    return urls[0], urls[1]


def _notes(loaded: Loaded, config: Path, other: Loaded, new: Path) -> Iterator[str]:
    """Say what of the other configuration does not count."""
    for key in ("data_dir", "database", "blobs", "tokens"):
        was, will = getattr(loaded.config, key), getattr(other.config, key)
        if was != will and not (isinstance(was, Path) and os.path.realpath(was) == os.path.realpath(will)):
            yield f"{key} of {new} does not count: letters and tickets are those of {config}"


def _counted(compared: Iterable[Compared], stored: list[Stored]) -> Iterator[Compared]:
    """Yield it again, with a bar on the terminal."""
    with progress("letters", len(stored)) as step:
        for one in compared:
            yield one
            step()


def _show(report: Report, limit: int) -> None:
    for note in report.notes:
        say(note, style="yellow")
    if report.lost:
        say(
            f"{len(report.lost)} letter(s) are lost, nothing can be said of them: {_first(report.lost)}", style="yellow"
        )
    say(
        f"{report.letters} letter(s) since {report.since:%Y-%m-%d %H:%M} UTC, "
        f"{len(report.changed)} would end otherwise",
        style="bold",
    )
    if not report.changed:
        return
    say("")
    rows = [(count.aspect, count.letters, _moves(count.moves)) for count in report.counts]
    print_table(("what", "letters", "from → to"), rows, empty="")
    for one in report.changed[:limit]:
        say("")
        _show_letter(one)
    if more := len(report.changed) - limit if limit < len(report.changed) else 0:
        say(f"\n… and {more} more: --limit {len(report.changed)}, or --html FILE")


def _first(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers[:MAX_MOVES])) + ", …" * (len(numbers) > MAX_MOVES)


def _moves(moves: tuple[tuple[str, int], ...]) -> str:
    told = [f"{move} ({n})" for move, n in moves[:MAX_MOVES]]
    return ", ".join([*told, f"… and {len(moves) - MAX_MOVES} more"] if len(moves) > MAX_MOVES else told)


def _show_letter(one: Compared) -> None:
    say(f"letter {one.letter}, {one.received_at:%Y-%m-%d %H:%M} UTC, {one.mailbox} {one.ticket}".rstrip(), style="bold")
    say(f"  {one.author}: {one.subject}")
    for change in one.changes:
        say(f"  {change.aspect}", end="")
        say(f": {change}" if change.before or change.after else "")
        for line in change.why:
            say(f"    · {line}")
        for line in change.lines:
            say(f"    {line}", style=_STYLES.get(line[:1]))
