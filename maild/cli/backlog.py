"""`maild backlog` and `maild release`: what waits for an update, and that it is out."""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

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
from maild.cli.files import read_text
from maild.cli.output import print_json, print_table, say, say_observing
from maild.desk.backlog import MAX_NOTES
from maild.desk.decision import Release
from maild.desk.releases import MAX_NAME
from maild.errors import MaildError
from maild.store import releases


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A request that waits for an update."""

    number: str
    subject: str
    category: str
    release: str  # "": a coming one
    customer: str
    customers: int  # who ask for it, those whose requests went into it included
    since: datetime  # when it was received


@app.command()
def backlog(
    config: ConfigOption = DEFAULT_CONFIG, *, organization: OrganizationOption = None, as_json: JsonOption = False
) -> None:
    """Show what waits for an update, the oldest first, and how many customers ask for each."""
    settings = load(config).config
    name, _ = choose_organization(settings, organization)
    with closing(open_existing(settings)) as database, database.read() as connection:
        found = releases.backlog(connection, name)
        askers = releases.askers(connection, found)
    rows = [
        Waiting(
            number=one.number, subject=one.subject, category=one.category, release=one.release,
            customer=one.client_name or str(one.requester), customers=askers[one.id], since=one.received_at or one.opened_at,
        )
        for one in found
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    cells = [
        (one.number, one.release or "(any)", one.customers, one.since, one.customer, one.category, one.subject)
        for one in rows
    ]
    columns = ("ticket", "release", "customers", "since", "customer", "category", "subject")
    print_table(columns, cells, empty="Nothing waits for an update.")


@app.command()
def release(
    what: Annotated[str, typer.Argument(metavar="NAME", help="The update that is out, as it was named in #доработка.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    notes: Annotated[
        Path | None, typer.Option("--notes", metavar="FILE", help="What is said of it to customers, UTF-8.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Tell them. Without this, only show who would be told.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show whose requests wait for an update; with --yes tell each of them that it is out, and resolve the requests."""
    settings = load(config).config
    organization_name, section = choose_organization(settings, organization)
    text = read_text(notes).strip() if notes else ""
    if len(text) > MAX_NOTES or len(what) > MAX_NAME:
        raise MaildError(f"a name may have {MAX_NAME} characters and the notes {MAX_NOTES}: put the rest on a page")
    with closing(open_existing(settings)) as database, database.write() as connection:
        waiting = releases.waiting_for(connection, organization_name, what)
        if not waiting:
            raise MaildError(f"no request waits for {what}: `maild backlog` shows what waits")
        if yes:
            releases.ship(connection, organization_name, Release(name=what, notes=text), datetime.now(UTC))
    if as_json:
        print_json({"release": what, "told": yes, "tickets": [one.number for one in waiting]})
        return
    rows = [(one.number, one.client_name or str(one.requester), one.subject) for one in waiting]
    print_table(("ticket", "customer", "subject"), rows, empty="")
    say("They are told, and their requests resolved." if yes else "Nothing is sent yet. To tell them, add --yes.")
    if section.mode == "observe":
        say_observing(organization_name)
