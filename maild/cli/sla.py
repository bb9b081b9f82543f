"""`maild sla`: when something is due, and why, stretch by stretch."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from maild.cli.app import DEFAULT_CONFIG, ConfigOption, JsonOption, app, load, open_existing
from maild.cli.output import print_json, print_table, say
from maild.config.model import Config
from maild.config.terms import calendar_of
from maild.config.types import format_duration, parse_duration
from maild.errors import MaildError
from maild.sla.calendar import Calendar, NoWorkingTime
from maild.sla.clock import Clock, Pause, Span, Term
from maild.sla.target import Mode
from maild.sla.terms import due as due_of
from maild.store import clocks
from maild.store.tickets import find_ticket

sla = typer.Typer(help="Terms: when something is due, and why.", no_args_is_help=True)
app.add_typer(sla, name="sla")

LONGEST = timedelta(days=3650)  # of a target, as the configuration has it


@sla.command()
def due(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    calendar: Annotated[
        str, typer.Option("--calendar", help='Its name, or "organization/name"; not needed for --mode continuous.')
    ] = "",
    mode: Annotated[Mode, typer.Option("--mode", help="How the time is counted.")] = Mode.WORKING,
    start: Annotated[
        str, typer.Option("--from", help='"2026-11-23 09:00", in the calendar\'s zone, or with an offset.')
    ],
    within: Annotated[str, typer.Option("--for", help='"24h", "90m", in day modes "30d".')],
    pause: Annotated[
        list[str] | None, typer.Option("--pause", help='"2026-11-23 12:00/2026-11-24 10:00"; as often as needed.')
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compute a term without a ticket, and show every stretch that counts or does not."""
    chosen = _calendar(load(config).config, calendar) if calendar else None
    zone: tzinfo = chosen.zone if chosen else UTC
    pauses = [_pause(text, zone) for text in pause or ()]
    if mode is Mode.NONE:
        raise typer.BadParameter("--mode none is what has no term until a person sets one: there is nothing to compute")
    if chosen is None and mode is not Mode.CONTINUOUS:
        raise typer.BadParameter(f"--mode {mode} counts in a calendar: name it with --calendar")
    try:
        term = due_of(mode, chosen, _instant(start, zone), _duration(within), pauses)
    except NoWorkingTime as error:
        raise MaildError(f"nothing would ever be due: {error}") from error
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if as_json:
        print_json(term)
    else:
        _say_term(term, zone)


@sla.command()
def explain(
    number: Annotated[str, typer.Argument(help="A ticket, such as ACME-7.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show every term of a ticket: what was promised, what counted, what did not, and why."""
    loaded = load(config).config
    database = open_existing(loaded)
    with database.read() as connection:
        found = find_ticket(connection, number)
        if found is None:
            raise MaildError(f"there is no ticket {number}: `maild ticket list --all` shows them")
        running = clocks.load_clocks(connection, [found.id]).get(found.id, ())
    database.close()
    if as_json:
        print_json({"ticket": found, "clocks": running})
        return
    organization = loaded.organization.get(found.organization)
    zone: tzinfo = organization.zone if organization else UTC
    level = f", level {found.level}" if found.level else ""
    say(f"{found.number} · {found.status} · {found.client_name or 'no client'}{level} · times in {zone}", style="bold")
    if not running:
        say("Nothing was promised: no target fits this ticket, or its author has not said who they are.")
    for clock in running:
        _say_clock(clock, zone)


def _say_clock(clock: Clock, zone: tzinfo) -> None:
    target = clock.target
    within = f"within {format_duration(target.within)}" if target.within else "no term of its own"
    calendar = f", calendar {target.calendar}" if target.calendar else ""
    say(f"\n{target.name}: {target.start} → {target.until}, {within}, {target.mode}{calendar}", style="bold")
    say(f"  started {_local(clock.started_at, zone)}")
    for pause in clock.pauses:
        until = _local(pause.until, zone) if pause.until else "now"
        say(f"  waited {_local(pause.since, zone)} – {until}: {pause.reason}")
    if clock.set_at:
        say(f"  a person set the term on {_local(clock.set_at, zone)}")
    if clock.extension:
        left = f"told on {_local(clock.extension.left_at, zone)}" if clock.extension.left_at else "not told yet"
        say(f"  extended to {format_duration(clock.extension.to)} in all, the customer {left}")
    for word, instant in (
        ("due", clock.due_at),
        ("breached", clock.breached_at),
        ("met", clock.met_at),
        ("stopped", clock.stopped_at),
    ):
        if instant:
            say(f"  {word} {_local(instant, zone)}")
    _say_spans(clock.spans, zone)
    for doubt in clock.doubts:
        say(f"  {doubt}")


def _say_term(term: Term, zone: tzinfo) -> None:
    say(f"due {_local(term.due_at, zone)} ({term.due_at:%Y-%m-%d %H:%M:%S} UTC)", style="bold")
    _say_spans(term.spans, zone)
    for doubt in term.doubts:
        say(doubt)


def _say_spans(spans: Sequence[Span], zone: tzinfo) -> None:
    counted = timedelta(0)
    rows = []
    for span in spans:
        counted += span.end - span.start if span.counts else timedelta(0)
        length = format_duration(span.end - span.start) if span.counts else "–"
        rows.append((_local(span.start, zone), _local(span.end, zone), length, format_duration(counted), span.why))
    if rows:
        print_table(("from", "to", "counts", "so far", "why"), rows, empty="")


def _calendar(config: Config, name: str) -> Calendar:
    """Find a calendar by its name, or by organization/name where several organisations have one of that name."""
    organization, _, plain = name.rpartition("/")
    found = [
        (id_, section)
        for id_, section in config.organization.items()
        if plain in section.calendar and organization in ("", id_)
    ]
    if len(found) == 1:
        return calendar_of(found[0][1], plain)
    names = [f"{id_}/{one}" for id_, section in config.organization.items() for one in section.calendar]
    problem = "several organisations have" if found else "there is no"
    raise MaildError(f"{problem} calendar {name}; there are: {', '.join(names) or 'none'}")


def _instant(text: str, zone: tzinfo) -> datetime:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f'"{text}" is no time: write 2026-11-23 09:00 or 2026-11-23T09:00:00+03:00') from None
    try:
        return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise typer.BadParameter(f'"{text}" is at the end of the calendar: name a day well within it') from None


def _pause(text: str, zone: tzinfo) -> Pause:
    since, separator, until = text.partition("/")
    if not separator:
        raise typer.BadParameter(f'"{text}" is no pause: write 2026-11-23 12:00/2026-11-24 10:00')
    found = Pause(since=_instant(since, zone), until=_instant(until, zone))
    if found.until is not None and found.until < found.since:
        raise typer.BadParameter(f'"{text}" ends before it begins')
    return found


def _duration(text: str) -> timedelta:
    try:
        found = parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f'"{text}" is not {error}') from error
    if found > LONGEST:
        raise typer.BadParameter(f'"{text}" is too long: the configuration takes at most {format_duration(LONGEST)}')
    return found


def _local(instant: datetime, zone: tzinfo) -> str:
    local = instant.astimezone(zone)
    return f"{local:%a %Y-%m-%d %H:%M:%S}" + (f" {local:%Z}" if isinstance(zone, ZoneInfo) else "")
