"""`maild explain`, `ledger`, `quarantine`, `replay`: what became of letters, and why."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from maild import pipeline
from maild.cli.app import DEFAULT_CONFIG, ConfigOption, JsonOption, app, load, load_ready, open_existing
from maild.cli.output import Exit, print_json, print_octets, print_table, say, say_observing
from maild.config.model import Config
from maild.desk.case import Letter
from maild.desk.decision import Decision
from maild.errors import MaildError, describe_bug
from maild.model import Finding, Outcome, OutcomeKind, Place, RawMessage
from maild.pipeline import Walked
from maild.policy import Policy, load_policy
from maild.reminding import enrol_configured
from maild.store import has_database, letters, open_blobs, open_database, views
from maild.store.engine import Database
from maild.store.observed import who_observe
from maild.store.tickets import load_tickets
from maild.store.unit import Transaction

MAX_LINES = 20  # of the new words, which `--json` has in full

quarantine = typer.Typer(help="Letters that broke our code, kept whole.", no_args_is_help=True)
app.add_typer(quarantine, name="quarantine")


@app.command()
def explain(
    letter: Annotated[
        str, typer.Argument(help="A file with a raw letter, - for standard input, or a stored letter's number.")
    ],
    mailbox: Annotated[
        str | None, typer.Option("--mailbox", "-m", help='Where the file would arrive: "organization/mailbox".')
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    again: Annotated[bool, typer.Option("--again", help="Walk a stored letter once more, as if it came now.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the walk of one letter step by step, with the evidence of each. Changes nothing, sends nothing."""
    policy = load_ready(load(config))
    if letter.isdigit() and not Path(letter).exists():
        database = open_existing(policy.config)
        try:
            _explain_stored(int(letter), policy, database, again=again, as_json=as_json)
        finally:
            database.close()
        return
    name = mailbox or next(iter(policy.mailboxes))
    place = Place(mailbox=name, folder="", uidvalidity=0, uid="explain")
    raw = RawMessage(octets=_read(letter), place=place, received_at=datetime.now(UTC))
    with _database_or_none_yet(policy.config) as database:
        _show(*_walk(Letter(id=0, raw=raw), policy, database), as_json=as_json)


def _read(letter: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if letter == "-" else Path(letter).read_bytes()
    except OSError as error:
        raise MaildError(
            f"{letter} is neither the number of a stored letter nor a readable file ({error.strerror})"
        ) from error


@contextmanager
def _database_or_none_yet(config: Config) -> Iterator[Database]:
    """Open the desk's database; before the first start a letter is walked against an empty one that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="maild-explain-") as folder:
        made = has_database(config)
        database = open_existing(config) if made else Database.open(f"sqlite:///{folder}/maild.sqlite3")
        try:
            yield database
        finally:
            database.close()


def _explain_stored(letter_id: int, policy: Policy, database: Database, *, again: bool, as_json: bool) -> None:
    with database.read() as connection:
        view = views.find_letter(connection, letter_id)
        stored = letters.load(connection, letter_id, open_blobs(policy.config)) if again else None
        tickets = load_tickets(connection, [view.ticket_id]) if view and view.ticket_id else {}
    if view is None:
        raise MaildError(f"there is no letter {letter_id}: `maild ledger --letters` lists them")
    if stored is not None:
        _show(*_walk(stored, policy, database), as_json=as_json)
        return
    number = tickets[view.ticket_id].number if view.ticket_id else None
    if as_json:
        print_json({"letter": view, "ticket": number})
        return
    say(f"letter {view.id}, {view.size} octets, received {view.received_at:%Y-%m-%d %H:%M:%S} UTC, {view.place}")
    for finding in view.findings:
        _say_finding(Finding(step=finding["step"], verdict=finding["verdict"], evidence=tuple(finding["evidence"])))
    _say_outcome(view.outcome or "still to be walked", view.reason or "")
    if number:
        say(f"  ticket: {number}")
    if view.outcome == OutcomeKind.QUARANTINED:
        say(f"  the traceback: maild quarantine show {view.id}")


def _walk(letter: Letter, policy: Policy, database: Database) -> tuple[Decision, Walked | None]:
    """Walk a letter without writing anything; one that breaks our code would be quarantined, and that is the answer."""
    name = letter.raw.place.mailbox
    if name not in policy.mailboxes:
        raise MaildError(f"no mailbox {name} is configured; there are: {', '.join(policy.mailboxes)}")
    now = datetime.now(UTC)
    with database.write() as connection, connection.begin_nested() as trial:
        tx = Transaction(connection, blobs=open_blobs(policy.config))
        enrol_configured(tx, policy, now)  # the clients as the files have them, whether or not a daemon has seen those
        try:
            walked = pipeline.walk(letter, tx, policy.mailboxes[name], now)
        except MaildError:
            raise
        except Exception as error:
            summary, trace, _ = describe_bug(error)
            broken = Finding(step="bug", verdict=summary, evidence=tuple(trace.strip().splitlines()))
            outcome = Outcome(kind=OutcomeKind.QUARANTINED, reason=summary)
            return Decision(outcome=outcome, findings=(broken,)), None
        finally:
            trial.rollback()
    return walked.decision, walked


def _show(decision: Decision, walked: Walked | None, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "message": walked and walked.message,
                "report": walked and walked.report,
                "said": walked and walked.said,
                "findings": decision.findings,
                "outcome": decision.outcome,
                "ticket": decision.opened.number if decision.opened else None,
                "ticket_id": decision.ticket_id,
                "status": decision.status,
                "events": decision.events,
                "outgoing": [
                    {"purpose": o.purpose, "recipient": o.recipient, "subject": o.subject, "withheld": o.withheld}
                    for o in decision.outgoing
                ],
            }
        )
        return
    for finding in decision.findings:
        _say_finding(finding)
        if walked and finding.step == "reply":
            _say_words(walked)
    _say_outcome(decision.outcome.kind, decision.outcome.reason)
    for happened in decision.events:
        say(f"  event: {happened.kind}: {happened.detail}")
    for outgoing in decision.outgoing:
        does = "would withhold, for it only observes" if outgoing.withheld else "would send"
        say(f"  {does}: {outgoing.purpose} to {outgoing.recipient}: {outgoing.subject}")


def _say_words(walked: Walked) -> None:
    """Print who speaks and what they say anew, as far as it takes to recognise it."""
    said, message = walked.said, walked.message
    lines = said.text.split("\n")
    shown = [f"{said.author or message.author or 'somebody'}: {said.subject}", *lines[:MAX_LINES]]
    for line in shown:
        say(f"{'':<11}│ {line}")
    if len(lines) > MAX_LINES:
        say(f"{'':<11}│ … {len(lines) - MAX_LINES} more lines")


def _say_finding(finding: Finding) -> None:
    say(f"{finding.step:<9} ", style="bold", end="")
    say(finding.verdict)
    for evidence in finding.evidence:
        say(f"{'':<11}· {evidence}")


def _say_outcome(outcome: str, reason: str) -> None:
    say(outcome, style="bold", end="")
    say(f": {reason}")


@app.command()
def ledger(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    every: Annotated[bool, typer.Option("--letters", help="List the letters, too.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="List at most so many letters.")] = 1000,
    as_json: JsonOption = False,
) -> None:
    """Show that every letter seen is accounted for; exit 1 when one is not."""
    database = open_existing(load(config).config)
    with database.read() as connection:
        folders = views.ledger(connection)
        listed = views.letters_of(connection, limit=limit) if every else []
        tickets = load_tickets(connection, [view.ticket_id for view in listed if view.ticket_id])
        observing = sorted(who_observe(connection))
    database.close()
    seen, gap = sum(folder.seen for folder in folders), sum(folder.unaccounted for folder in folders)
    numbers: Mapping[int | None, str] = {ticket_id: found.number for ticket_id, found in tickets.items()}
    if as_json:
        print_json(
            {
                "balanced": gap == 0,
                "seen": seen,
                "unaccounted": gap,
                "folders": folders,
                "letters": listed,
                "observing": observing,
            }
        )
    else:
        rows = [
            (f.mailbox, f.folder or "(handed in)", f.uidvalidity, f.seen, _counts(f), f.unaccounted) for f in folders
        ]
        columns: tuple[str, ...] = ("mailbox", "folder", "uidvalidity", "seen", "outcomes", "unaccounted")
        print_table(columns, rows, empty="No letter yet.")
        if listed:
            columns = ("letter", "received (UTC)", "outcome", "ticket", "reason")
            rows_of_letters = [(v.id, v.received_at, v.outcome, numbers.get(v.ticket_id), v.reason) for v in listed]
            print_table(columns, rows_of_letters, empty="")
        if every and len(listed) < seen:
            say(f"… and {seen - len(listed)} more: --limit {seen}")
        for organization in observing:
            say_observing(organization)
        say("balanced" if gap == 0 else f"GAP: {gap} letter(s) without an outcome: is the daemon running?")
    raise typer.Exit(Exit.OK if gap == 0 else Exit.NO)


def _counts(folder: views.FolderLedger) -> str:
    return ", ".join(f"{n} {outcome}" for outcome, n in folder.outcomes.items())


@quarantine.command("list")
def quarantine_list(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that were replayed since.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the letters set aside."""
    database = open_existing(load(config).config)
    with database.read() as connection:
        rows = views.quarantined(connection, everything=everything)
    database.close()
    if as_json:
        print_json(rows)
    else:
        columns = ("letter", "at (UTC)", "error", "replayed (UTC)")
        cells = [(r.letter_id, r.at, r.error, r.replayed_at) for r in rows]
        print_table(columns, cells, empty="The quarantine is empty.")


@quarantine.command("show")
def quarantine_show(
    letter_id: Annotated[int, typer.Argument(help="The letter's number.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    raw: Annotated[bool, typer.Option("--raw", help="Write the letter's octets to standard output.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show why a letter was set aside, or the letter itself."""
    settings = load(config).config
    database = open_existing(settings)
    with database.read() as connection:
        found = next((q for q in views.quarantined(connection, everything=True) if q.letter_id == letter_id), None)
        letter = letters.load(connection, letter_id, open_blobs(settings)) if raw else None
    database.close()
    if found is None:
        raise MaildError(f"letter {letter_id} is not in quarantine: `maild quarantine list` shows what is")
    if raw and letter is not None:
        print_octets(letter.raw.octets)
    elif as_json:
        print_json(found)
    else:
        say(found.traceback)
        say(f"The letter: maild quarantine show {letter_id} --raw. Once mended: maild replay {letter_id}")


@app.command()
def replay(
    letter_ids: Annotated[list[int] | None, typer.Argument(help="Letters in quarantine.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every letter in quarantine.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Walk quarantined letters once more, after the fault was mended; exit 1 when one is set aside again."""
    if bool(letter_ids) == every:
        raise typer.BadParameter("name the letters, or say --all")
    loaded = load(config)
    policy, now = load_policy(loaded), datetime.now(UTC)
    open_existing(policy.config).close()
    database, blobs = open_database(policy.config), open_blobs(policy.config)
    with database.write() as connection:
        ids = [q.letter_id for q in views.quarantined(connection)] if every else list(letter_ids or ())
        missing = [n for n in ids if not letters.release(connection, n, now)]
        if missing:
            raise MaildError(
                f"not in quarantine: {', '.join(map(str, missing))}; `maild quarantine list` shows what is"
            )
    settled = []
    for letter_id in ids:
        for one in pipeline.settle([letter_id], database, blobs, policy, now):
            settled.append(one)
            if not as_json:
                say(f"{one.letter_id}: {one.outcome.kind}: {one.outcome.reason}")
    database.close()
    if as_json:
        print_json([{"letter": one.letter_id, "outcome": one.outcome} for one in settled])
    aside = any(one.outcome.kind is OutcomeKind.QUARANTINED for one in settled)
    raise typer.Exit(Exit.NO if aside else Exit.OK)
