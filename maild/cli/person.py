"""`maild person`: what is known of somebody, handed out or erased on demand, with a record of it."""

import getpass
import os
from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

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
from maild.cli.files import write_private
from maild.cli.output import Exit, as_json_text, print_json, print_table, progress, say
from maild.config.model import Organization
from maild.errors import LetterLost, MaildError
from maild.persons import erase_person
from maild.store import open_blobs, queue
from maild.store.blobs import Blobs
from maild.store.dossier import Dossier, find_aliases, find_dossier
from maild.store.engine import Database
from maild.store.extents import count_to_read, find_own_letters
from maild.store.personal import Action, add_record, records
from maild.store.tombstones import finish

person = typer.Typer(help="What is known of somebody: shown, handed out, erased.", no_args_is_help=True)
app.add_typer(person, name="person")


def _an_address(address: str) -> str:
    """Return it; what is none would stand for many, or for nobody in particular. Raises BadParameter."""
    local, _, domain = address.strip().rpartition("@")
    if not (local and domain):
        raise typer.BadParameter(f'"{address}" is no mail address')
    return address


AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="Their mail address.", callback=_an_address)]
WithAliases = Annotated[
    bool | None,
    typer.Option("--with-aliases/--only-this", help="Whether the other addresses of the same contact are theirs, too."),
]


@person.command("show")
def person_show(
    address: AddressArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    with_aliases: WithAliases = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is known of somebody; exit 1 where nothing is."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    with closing(open_existing(settings)) as database:
        people = [address, *(_aliases(database, name, address) if with_aliases else ())]
        known = _look(database, open_blobs(settings), name, people)
    if as_json:
        print_json(known)
    else:
        for line in _index(known, section.zone):
            say(line)
        if known.aliases:
            say(f"Other addresses of the same contact: {', '.join(known.aliases)} (--with-aliases)")
    raise typer.Exit(Exit.NO if known.is_empty else Exit.OK)


@person.command("export")
def person_export(
    address: AddressArgument,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    why: Annotated[str, typer.Option("--why", help="On what grounds; goes into the record.")],
    organization: OrganizationOption = None,
    with_aliases: WithAliases = None,
    as_json: JsonOption = False,
) -> None:
    """Write all that is known of somebody into a folder, for them: their letters, ours to them, index.json and index.txt."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    if directory.exists():
        raise MaildError(f"{directory} exists: name a folder that is not there yet")
    with closing(open_existing(settings)) as database:
        blobs, people = open_blobs(settings), _people(database, name, address, with_aliases)
        known = _look(database, blobs, name, people)
        if known.is_empty:
            raise MaildError(f"nothing is known of {address} in {name}")
        with database.write() as connection:
            counts = {"requests": len(known.requests), "letters": len(known.letters), "outgoing": len(known.sent)}
            record = add_record(connection, name, Action.EXPORT, _user(), why, counts, datetime.now(UTC))
        _write(known, directory, database, blobs, section.zone)
    if as_json:
        print_json({"record": record, "directory": directory, "counts": counts})
    else:
        say(
            f"Written to {directory}: requests {counts['requests']}, letters {counts['letters']}, "
            f"our letters {counts['outgoing']}. Record {record}."
        )


@person.command("erase")
def person_erase(
    address: AddressArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    why: Annotated[str, typer.Option("--why", help="On what grounds; goes into the record.")],
    yes: Annotated[bool, typer.Option("--yes", help="Erase. Without it only what would be erased is shown.")] = False,
    even_open: Annotated[bool, typer.Option("--even-open", help="Close and erase what is not over yet, too.")] = False,
    organization: OrganizationOption = None,
    with_aliases: WithAliases = None,
    as_json: JsonOption = False,
) -> None:
    """Erase somebody: letters and words go for good, numbers, terms and counts stay. Shows what it would do, unless --yes."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    blobs, now = open_blobs(settings), datetime.now(UTC)
    with closing(open_existing(settings)) as database:
        people = _people(database, name, address, with_aliases)
        for one in people:
            _refuse_ours(section, one)
        finish(database, blobs, now)  # what a crash has left of an earlier one
        with database.read() as connection:
            total = count_to_read(connection, name)
        with progress("reading letters", total) as step:
            erased = erase_person(
                database, blobs, name, people, who=_user(), why=why, now=now,
                even_open=even_open, dry=not yes, step=step,
            )  # fmt: skip
    if as_json:
        print_json({"erased": yes, "record": erased.record if yes else None, "counts": erased.counts})
        return
    say("Erased:" if yes else "Would be erased:", style="bold")
    for what, words in _COUNTED.items():
        say(f"  {words}: {erased.counts[what]}")
    say(f"Record {erased.record}." if yes else "Nothing has been changed. Say --yes to erase; nothing brings it back.")


@person.command("log")
def person_log(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many at most, the newest.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List what was handed out and erased: when, by whom, on what grounds. Whose it was is not kept."""
    settings = load(config).config
    name, _ = choose_organization(settings, organization)
    with closing(open_existing(settings)) as database, database.read() as connection:
        found = records(connection, name, limit)
    if as_json:
        print_json(found)
        return
    cells = [
        (one.id, one.at, one.action, one.who, one.why, ", ".join(f"{what} {n}" for what, n in one.counts.items() if n))
        for one in found
    ]
    print_table(("record", "at (UTC)", "action", "who", "why", "what"), cells, empty="No record.")


_COUNTED = {
    "requests": "requests of theirs, with every word in them",
    "shared": "requests of others in which they take part",
    "letters": "letters that lose their octets",
    "raw": "… files of them that nobody else needs",
    "outgoing": "letters of ours",
    "contacts": "contacts",
    "rows": "rows changed",
}


def _user() -> str:
    """Return who works on the machine, also behind sudo."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # nobody has this uid
        return f"uid {os.getuid()}"


def _aliases(database: Database, organization: str, address: str) -> tuple[str, ...]:
    with database.read() as connection:
        return find_aliases(connection, organization, [address])


def _people(database: Database, organization: str, address: str, with_aliases: bool | None) -> list[str]:
    """Return the addresses that are meant; where there are others of the same contact somebody has to say."""
    aliases = _aliases(database, organization, address)
    if aliases and with_aliases is None:
        raise MaildError(
            f"the same contact has other addresses: {', '.join(aliases)}; say --with-aliases to take them along, "
            "or --only-this"
        )
    return [address, *(aliases if with_aliases else ())]


def _refuse_ours(section: Organization, address: str) -> None:
    key = address.strip().casefold()
    for id_, agent in section.agent.items():
        if key in {one.casefold() for one in (agent.address, *agent.aliases)}:
            raise MaildError(
                f"{address} is agent {id_}: their work belongs to the requests; take them out of the agents first"
            )
    for id_, box in section.mailbox.items():
        if key in {one.casefold() for one in (box.address, *box.aliases)}:
            raise MaildError(f"{address} is mailbox {id_} itself: all letters to and from it are others'")


def _look(database: Database, blobs: Blobs, organization: str, people: Collection[str]) -> Dossier:
    with database.read() as connection:
        total = count_to_read(connection, organization)
        with progress("reading letters", total) as step:
            more = find_own_letters(connection, blobs, organization, people, step)
        return find_dossier(connection, organization, people, more)


# ── the folder ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _write(known: Dossier, directory: Path, database: Database, blobs: Blobs, zone: ZoneInfo) -> None:
    try:
        for folder in (directory, directory / "letters", directory / "sent"):
            folder.mkdir(mode=0o700)
    except OSError as error:
        raise MaildError(f"{directory} cannot be made: {error.strerror}") from error
    for one in known.letters:
        try:
            octets = blobs.get(one.sha256 or "") if one.sha256 else b""
        except LetterLost:
            continue
        write_private(directory / "letters" / f"{one.id:06}.eml", octets, overwrite=False)
    with database.read() as connection:
        for one in known.sent:
            row = queue.find(connection, one.id)
            if row is not None:
                write_private(directory / "sent" / f"{one.id:06}.eml", row.letter.octets, overwrite=False)
    write_private(directory / "index.json", as_json_text(known).encode(), overwrite=False)
    write_private(directory / "index.txt", ("\n".join(_index(known, zone)) + "\n").encode(), overwrite=False)


def _index(known: Dossier, zone: ZoneInfo) -> Iterator[str]:
    """Yield what is known, line by line, times in the organisation's zone."""

    def when(at: datetime) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

    if known.is_empty:
        yield f"Nothing is known of {', '.join(known.addresses)}."
        return
    yield f"{', '.join(known.addresses)} · {known.organization} · {zone.key}"
    if known.names:
        yield f"names: {', '.join(known.names)}"
    if known.clients:
        yield f"contact of: {', '.join(known.clients)}"
    if known.first_seen_at:
        yield f"first seen: {when(known.first_seen_at)}"
    for wanted in known.subscriptions:
        said = f"since {when(wanted.since)}" if wanted.since else "asked, not answered"
        yield f"news to {wanted.address}: {said}" + (f", until {when(wanted.until)}" if wanted.until else "")
    for one in known.requests:
        yield ""
        yield f"{one.number} · {one.role} · {one.status} · {when(one.received_at)}" + (
            f" · {one.subject}" if one.subject else ""
        )
        for line in one.history:
            yield f"  {when(line.at)} {line.kind}" + (f" {line.who}" if line.who else "")
            yield from (f"    {each}" for each in line.text.splitlines())
    for title, letters in (("letters", known.letters), ("sent", known.sent)):
        if letters:
            yield ""
            yield f"{title}:"
            yield from (
                f"  {title}/{one.id:06}.eml · {when(one.at)} · {one.what} · {one.number}".rstrip(" ·")
                for one in letters
            )
    if known.votes:
        yield ""
        yield "votes:"
        yield from (f"  {one.number} · {when(one.at)} · {one.value}" for one in known.votes)
