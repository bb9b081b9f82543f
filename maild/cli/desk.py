"""`maild ticket`, `maild outbox`: what the desk has and what it sends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from maild.cli.app import DEFAULT_CONFIG, ConfigOption, JsonOption, app, load, open_existing
from maild.cli.output import print_json, print_octets, print_table, say
from maild.errors import MaildError
from maild.ingest.parse import parse
from maild.model import OutboxRow, OutboxState, Status, Ticket
from maild.sla.clock import Clock, next_term
from maild.store import clocks, queue, views
from maild.store.surveys import verdicts_of
from maild.store.tickets import find_ticket

ticket = typer.Typer(help="The requests of customers.", no_args_is_help=True)
outbox = typer.Typer(help="Letters on their way out.", no_args_is_help=True)
app.add_typer(ticket, name="ticket")
app.add_typer(outbox, name="outbox")

LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most so many, the newest.")]


@ticket.command("list")
def ticket_list(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    status: Annotated[
        Status | None, typer.Option("--status", help="Only these. Default: new, open and waiting ones.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Of any status.")] = False,
    organization: Annotated[str | None, typer.Option("--organization", help="Only those of one organisation.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, the first of the list.")] = 1000,
    as_json: JsonOption = False,
) -> None:
    """List tickets in the order in which they are to be served: urgent ones, those with a coupon, then by receipt."""
    if every and status is not None:
        raise typer.BadParameter("--all and --status exclude each other")
    settings = load(config).config
    database = open_existing(settings)
    with database.read() as connection:
        if every or status is not None:
            tickets = views.first_tickets(connection, limit=limit, status=status, organization=organization)
        else:
            names = settings.organization if organization is None else [organization]
            queues = (views.queue(connection, name, limit=limit) for name in names)
            tickets = [place.ticket for each in queues for place in each]
        tickets = sorted(tickets, key=place_in_queue)[:limit]
        running = clocks.load_clocks(connection, [one.id for one in tickets])
    database.close()
    terms = [next_term(running.get(one.id, ())) for one in tickets]
    if as_json:
        print_json([vars(one) | term_as_json(term) for one, term in zip(tickets, terms, strict=True)])
        return
    columns = ("ticket", "status", "received (UTC)", "next term (UTC)", "of", "client", "level", "from", "subject")
    rows = [
        (
            t.number,
            t.status,
            t.received_at or t.opened_at,
            term and term.due_at,
            term and term.until,
            t.client_name,
            t.level,
            t.requester,
            t.subject,
        )
        for t, term in zip(tickets, terms, strict=True)
    ]
    print_table(columns, rows, empty="No ticket." if every or status else "No open ticket.")


@ticket.command("show")
def ticket_show(
    number: Annotated[str, typer.Argument(help="Such as ACME-7.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show a ticket with its client, terms, history and the letters it caused."""
    database = open_existing(load(config).config)
    with database.read() as connection:
        found = find_ticket(connection, number)
        if found is None:
            raise MaildError(f"there is no ticket {number}: `maild ticket list --all` shows them")
        history = views.history(connection, found.id)
        rows = views.outbox_rows(connection, ticket_id=found.id)
        terms = clocks.load_clocks(connection, [found.id]).get(found.id, ())
        verdicts = verdicts_of(connection, found.id)
    database.close()
    if as_json:
        print_json({"ticket": found, "clocks": terms, "verdicts": verdicts, "history": history, "outbox": rows})
        return
    say(f"{found.number} · {found.status} · {found.subject}", style="bold")
    for what, said in _facts(found):
        say(f"  {what}: {said}")
    for given in verdicts:
        replaced = "" if given.counts else ", replaced later"
        say(f"  verdict on our work: {given.value}, by {given.author} on {given.at:%Y-%m-%d}{replaced}")
    for person in found.participants:
        say(f"  {person.role}: {person.address}")
    say("  times in UTC")
    for clock in terms:
        say(f"  term {clock.target.name}, until {clock.until}: {_how_it_goes(clock)}")
    for line in history:
        text = line.text.strip().replace("\n", "\n" + " " * 21)
        letter = f" [letter {line.letter_id}]" if line.letter_id and not line.who else ""
        say(f"{line.at:%Y-%m-%d %H:%M:%S}  {line.kind}{f' {line.who}' if line.who else ''}: {text}{letter}")
    for row in reversed(rows):
        say(f"  outbox {row.id}: {row.letter.purpose} to {row.letter.recipient}: {row.state}")


def place_in_queue(one: Ticket) -> tuple[int, datetime, int]:
    """Return what the queue is sorted by: rank, then receipt (CB-3, CB-4, CB-22)."""
    return one.rank, one.received_at or one.opened_at, one.id


def term_as_json(term: Clock | None) -> dict[str, object]:
    """Return what `ticket list --json` says of the next term beside the ticket's own fields."""
    return {
        "next_term": term and {"due_at": term.due_at, "until": term.until, "breached": term.breached_at is not None}
    }


def _facts(one: Ticket) -> Iterator[tuple[str, str]]:
    """Yield what is known of a ticket beside its words; what is not known is left out."""
    who = f"{one.client_name} ({one.client})" if one.client else ""
    facts = {
        "client": who,
        "standing": one.standing,
        "level": one.level,
        "served": one.hours.replace("_", " ") if one.client else "",
        "coupon": one.coupon,
        "category": one.category,
        "service": one.service and f"{one.service} (included: {one.included})",
        "severity": one.severity,
        "tags": ", ".join(one.tags),
        "team": one.team,
        "assigned to": one.agent,
        "passed on to": one.unit,
        "ground": f"{one.ground} ({one.ground_state})" if one.ground_state else "",
        "paid work": " ".join(
            filter(None, (one.offer_name or one.offer, one.offer_price, one.offer_currency, f"({one.offer_state})"))
        )
        if one.offer_state
        else "",
        "asked for": ", ".join(one.asked),
        "suggested": ", ".join(one.faq),
        "counted": "" if one.counted else "no, it takes nothing off the quota",
    }
    yield from ((what, said) for what, said in facts.items() if said)


def _how_it_goes(clock: Clock) -> str:
    """Return where a clock stands, in a few words."""
    said = [
        f"{word} {instant:%Y-%m-%d %H:%M:%S}"
        for word, instant in (
            ("due", clock.due_at),
            ("breached", clock.breached_at),
            ("met", clock.met_at),
            ("stopped", clock.stopped_at),
        )
        if instant
    ]
    waits = clock.running and clock.resting
    return ", ".join([*said, *(["it rests"] if waits else [])]) or "no term yet"


@outbox.command("list")
def outbox_list(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    state: Annotated[OutboxState | None, typer.Option("--state", help="Only these.")] = None,
    limit: LimitOption = 100,
    as_json: JsonOption = False,
) -> None:
    """List outgoing letters, the newest first."""
    database = open_existing(load(config).config)
    with database.read() as connection:
        rows = views.outbox_rows(connection, state=state, limit=limit)
    database.close()
    if as_json:
        print_json(rows)
    else:
        columns = ("outbox", "state", "queued (UTC)", "purpose", "to", "subject", "attempts", "error")
        cells = [
            (r.id, r.state, r.queued_at, r.letter.purpose, r.letter.recipient, r.letter.subject, r.attempts, r.error)
            for r in rows
        ]
        print_table(columns, cells, empty="No such letter." if state else "The outbox is empty.")


@outbox.command("show")
def outbox_show(
    row_id: Annotated[int, typer.Argument(help="The letter's number in the outbox.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    raw: Annotated[bool, typer.Option("--raw", help="Write the letter's octets to standard output.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show an outgoing letter and what became of it."""
    database = open_existing(load(config).config)
    with database.read() as connection:
        row = queue.find(connection, row_id)
    database.close()
    if row is None:
        raise MaildError(f"there is no letter {row_id} in the outbox: `maild outbox list` shows them")
    if raw:
        print_octets(row.letter.octets)
    elif as_json:
        print_json({"outbox": row, "text": parse(row.letter.octets).text})
    else:
        _say_row(row)


def _say_row(row: OutboxRow) -> None:
    say(f"{row.letter.purpose} to {row.letter.recipient}: {row.state}", style="bold")
    say(f"  attempts {row.attempts}, without an answer {row.uncertain}, queued {row.queued_at:%Y-%m-%d %H:%M:%S} UTC")
    if row.state is OutboxState.QUEUED:
        say(f"  next attempt {row.next_attempt_at:%Y-%m-%d %H:%M:%S} UTC")
    if row.state is OutboxState.WITHHELD:
        say("  it was never sent, and never will be: its organisation only observed then")
    if row.error:
        say(f"  error: {row.error}")
    if row.answer:
        say(f"  the server's answer: {row.answer}")
    say(f"  Message-ID: <{row.letter.message_id}>")
    say(f"  Subject: {row.letter.subject}\n\n{parse(row.letter.octets).text.rstrip()}")


@outbox.command("retry")
def outbox_retry(
    row_ids: Annotated[list[int] | None, typer.Argument(help="The letters' numbers in the outbox.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every letter that has failed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Queue failed letters once more, all or none of those named; the running daemon sends them within half a minute."""
    if bool(row_ids) == every:
        raise typer.BadParameter("name the letters, or say --all")
    database = open_existing(load(config).config)
    with database.write() as connection:
        failed = views.failed_ids(connection)
        wanted = failed if every else list(row_ids or ())
        if strangers := [row_id for row_id in wanted if row_id not in failed]:
            raise MaildError(
                f"not failed: {', '.join(map(str, strangers))}; `maild outbox list --state failed` shows those that have "
                "(of these the promise of another term is never sent again: it no longer holds)"
            )
        for row_id in wanted:
            queue.again(connection, row_id, datetime.now(UTC))
    database.close()
    if as_json:
        print_json({"queued": wanted})
    else:
        say(f"Queued again: {', '.join(map(str, wanted)) or 'nothing, no letter has failed'}.")
