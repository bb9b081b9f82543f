"""`maild run`, `maild receive`, `maild status`, `maild rehearse`."""

import asyncio
import fcntl
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import structlog
import typer

from maild import logs, observing, pipeline, reminding
from maild.cli.app import DEFAULT_CONFIG, ConfigOption, JsonOption, app, load, open_existing
from maild.cli.output import Exit, as_answer, complain, print_json, say
from maild.clock import SystemClock
from maild.config.model import Config
from maild.daemon import Daemon
from maild.errors import ConfigError, MaildError, StoreError
from maild.ingest.octets.charset import storable
from maild.model import Place, RawMessage
from maild.pipeline import Settled
from maild.policy import load_policy
from maild.store import health, observed, open_blobs, open_database, views

log = structlog.get_logger(__name__)

# A letter that failed longer ago has been seen by whoever looks: an alarm that never ends is soon ignored.
FAILED_LATELY = timedelta(days=7)


@app.command()
def run(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Log JSON lines even on a terminal.")] = False,
) -> None:
    """Run the daemon until SIGTERM; SIGHUP reloads the configuration."""
    style: logs.Style = "json" if as_json else "auto"
    logs.configure("info", style)  # until the configuration says otherwise

    def configure_logs(loaded: Config) -> None:
        nonlocal style
        style = "json" if as_json else loaded.log.format
        logs.configure(loaded.log.level, style)

    async def go() -> None:
        await Daemon(config, on_config=configure_logs).run()

    try:
        asyncio.run(go())
    except MaildError as error:
        if logs.for_people(style):
            complain(error)
        else:
            problems = error.problems if isinstance(error, ConfigError) else [error]
            log.critical("maild cannot run", problems=[str(problem) for problem in problems])
        raise typer.Exit(Exit.CONFIG if isinstance(error, ConfigError) else Exit.NO) from None
    except Exception:
        log.critical("maild ends because of a bug", exc_info=True)
        raise typer.Exit(Exit.BUG) from None


@app.command()
def receive(
    mailbox: Annotated[str, typer.Option("--mailbox", "-m", help='Whose letter it is: "organization/mailbox".')],
    sender: Annotated[
        str | None, typer.Option("--sender", "-f", help="The envelope sender; empty for the null one.")
    ] = None,
    recipient: Annotated[str | None, typer.Option("--recipient", "-r", help="The envelope recipient.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    as_json: JsonOption = False,
) -> None:
    """Take one letter on standard input from an MTA. Exit 0: maild has it. Exit 75: keep it and try again."""
    try:
        settled = _receive(mailbox, sender, recipient, config)
    except MaildError as error:
        complain(error)
        if as_json:
            print_json(as_answer(error))
        raise typer.Exit(Exit.TRY_AGAIN) from None
    except Exception:
        log.critical("the letter was not taken because of a bug", exc_info=True)
        raise typer.Exit(Exit.TRY_AGAIN) from None
    if as_json:
        print_json([{"letter": one.letter_id, "outcome": one.outcome, "ticket_id": one.ticket_id} for one in settled])


def _receive(mailbox: str, sender: str | None, recipient: str | None, config: Path) -> list[Settled]:
    """Take the letter and walk it; raises only as long as it is not durable."""
    octets = sys.stdin.buffer.read()
    policy = load_policy(load(config))  # without the secrets of IMAP and SMTP: an MTA may have no right to them
    if mailbox not in policy.mailboxes:
        raise MaildError(f"no mailbox {mailbox} is configured; there are: {', '.join(policy.mailboxes)}")
    with _turn(policy.config.data_dir):
        database, blobs, now = open_database(policy.config), open_blobs(policy.config), SystemClock().now()
        place = Place(mailbox=mailbox, folder="", uidvalidity=0, uid=uuid.uuid4().hex)
        raw = RawMessage(
            octets=octets,
            place=place,
            received_at=now,
            envelope_sender=None if sender is None else storable(sender),  # the command line may hold any octets
            envelope_recipient=None if recipient is None else storable(recipient),
        )
        ids = pipeline.receive([raw], database, blobs, now)
        try:
            reminding.follow(database, policy, now)  # as a rule the daemon has done that
            observing.switch(database, policy, now)
            return pipeline.settle(ids, database, blobs, policy, now)
        except Exception as error:
            log.warning("the letter is stored, the daemon will walk it", letters=ids, error=type(error).__name__)
            return []
        finally:
            database.close()


@contextmanager
def _turn(data_dir: Path) -> Iterator[None]:
    """Wait for one's turn: of letters handed over all at once one is walked at a time.

    A walk takes many times the letter's size in memory, and too many writers would wear out the database's patience.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = (data_dir / "receive.lock").open("ab")
    except OSError as error:
        raise StoreError(f"{data_dir} cannot be written ({error.strerror}): check data_dir") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a folder of a mailbox does, as far as the database knows."""

    mailbox: str
    folder: str  # "" for a Maildir
    read_at: datetime | None
    silent: bool
    trouble: str | None


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How the way out of a mailbox does."""

    mailbox: str
    trouble: str | None


@app.command()
def status(config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False) -> None:
    """Show at a glance whether all is well; exit 1 when it is not."""
    settings = load(config).config
    database, now = open_existing(settings), datetime.now(UTC)
    running = database.in_use()
    with database.read() as connection:
        states = {state.component: state for state in health.all_health(connection)}
        counts = views.outbox_counts(connection)
        lately = views.unsent_since(connection, now - FAILED_LATELY)
        tickets = views.ticket_counts(connection)
        unaccounted = sum(folder.unaccounted for folder in views.ledger(connection))
        observing = list(observed.who_observe(connection).values())
        set_aside = len(views.quarantined(connection))
    database.close()
    looks, ways = _looks(settings, states, now), _ways_out(settings, states)
    well = (
        running
        and all(look.read_at and not look.silent and not look.trouble for look in looks)
        and not any(way.trouble for way in ways)
        and not set_aside
        and not lately
    )
    if as_json:
        print_json(
            {"ok": well, "running": running, "mailboxes": looks, "sending": ways, "outbox": counts,
             "failed_lately": lately, "tickets": tickets, "quarantined": set_aside, "unaccounted": unaccounted, "observing": observing}
        )  # fmt: skip
    else:
        say(f"daemon       {'runs' if running else 'does not run: start it with maild run'}")
        for one in observing:
            since = f"{one.since:%Y-%m-%d %H:%M:%S} UTC"
            say(f"mode         {one.organization} only observes since {since}, nothing is sent: maild observed")
        for look in looks:
            say(f"mailbox      {_told(look)}")
        for way in ways:
            say(f"sending      {way.mailbox}: {way.trouble or 'no trouble'}")
        say("tickets      " + (", ".join(f"{n} {s}" for s, n in tickets.items() if n) or "none"))
        say("outbox       " + (", ".join(f"{n} {s}" for s, n in counts.items() if n) or "empty"), end="")
        say(
            f": {lately} failed in the last {FAILED_LATELY.days} days: maild outbox list --state failed"
            if lately
            else ""
        )
        say(f"quarantine   {set_aside or 'empty'}" + (": maild quarantine list" if set_aside else ""))
        say(f"ledger       {f'{unaccounted} letter(s) still to be walked' if unaccounted else 'balanced'}")
    raise typer.Exit(Exit.OK if well else Exit.NO)


def _looks(config: Config, states: dict[str, health.Health], now: datetime) -> list[Look]:
    looks = []
    for org_name, organization in config.organization.items():
        for box_name, box in organization.mailbox.items():
            name = f"{org_name}/{box_name}"
            for component in health.looks(name, box):
                state = states.get(component)
                read_at = state.alive_at if state else None
                looks.append(
                    Look(
                        mailbox=name, folder=component.removeprefix(name).removeprefix(":"), read_at=read_at,
                        silent=read_at is not None and now - read_at > config.silence_after,
                        trouble=state.trouble if state else None,
                    )
                )  # fmt: skip
    return looks


def _ways_out(config: Config, states: dict[str, health.Health]) -> list[Sending]:
    names = [f"{org}/{box}" for org, organization in config.organization.items() for box in organization.mailbox]
    found = {name: states.get(health.sending(name)) for name in names}
    return [Sending(mailbox=name, trouble=state.trouble if state else None) for name, state in found.items()]


def _told(look: Look) -> str:
    seen = f"read {look.read_at:%Y-%m-%d %H:%M:%S} UTC" if look.read_at else "not read yet"
    silent, trouble = " · SILENT" if look.silent else "", f" · {look.trouble}" if look.trouble else ""
    return f"{look.mailbox}{f' {look.folder}' if look.folder else ''}: {seen}{silent}{trouble}"
