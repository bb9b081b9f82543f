"""`maild init`, `maild check`, `maild db`: before the daemon runs, and what keeps its memory safe."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from maild import logs
from maild.cli.app import DEFAULT_CONFIG, ConfigOption, JsonOption, app, load, load_ready
from maild.cli.output import Exit, print_json, say
from maild.clock import SystemClock
from maild.config.init import FIRST, write_folder
from maild.config.load import load_rehearsal
from maild.config.model import FIND_SENT, Config, Imap, Mailbox, Smtp
from maild.desk.catalogue import catalogue_of
from maild.desk.matrix import say_table
from maild.errors import ConfigError, DeliveryError, MaildError, Problem, SignInError, SourceError, StoreError
from maild.ingest.imap import signed_in
from maild.oauth import Bearers
from maild.outbox.compose import ascii_domain
from maild.outbox.smtp import SmtpTransport
from maild.packs.shelf import find_packs, shipped_packs, write_packs
from maild.policy import Policy, load_checked
from maild.reminding import enrol_configured
from maild.scenarios import Rehearsed, own_scenarios, rehearse
from maild.store import has_database, missing_extra, open_database
from maild.store.unit import Transaction

PRIVATE = 0o700  # a backup holds customers' letters and the token key

db = typer.Typer(help="Look after the database.", no_args_is_help=True)
app.add_typer(db, name="db")


@app.command()
def init(
    directory: Annotated[Path | None, typer.Argument(help="Where to write the folder.", show_default=False)] = None,
    *,
    regulation: Annotated[
        list[str] | None,
        typer.Option("--regulation", metavar="NAME", help="Begin with a regulation; several share the folder."),
    ] = None,
    list_all: Annotated[
        bool, typer.Option("--list", help="Describe the regulations there are; write nothing.")
    ] = False,
    address: Annotated[
        str | None,
        typer.Option(
            "--address",
            help="The support address; also the login to both servers.",
            show_default=FIRST["address"],
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", help="How automatic letters are signed.", show_default=FIRST["name"]),
    ] = None,
    organization: Annotated[
        str | None,
        typer.Option("--organization", help="A short id in a-z and 0-9.", show_default=FIRST["organization"]),
    ] = None,
    prefix: Annotated[
        str | None,
        typer.Option("--prefix", help="What ticket numbers begin with: T-1, T-2, …", show_default=FIRST["prefix"]),
    ] = None,
    imap: Annotated[str | None, typer.Option("--imap", help="IMAP server; default: imap.DOMAIN.")] = None,
    smtp: Annotated[str | None, typer.Option("--smtp", help="SMTP server; default: smtp.DOMAIN.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a configuration folder to begin with, of your own or by a regulation. Never overwrites a file."""
    options = {
        "address": address,
        "name": name,
        "organization": organization,
        "prefix": prefix,
        "imap": imap,
        "smtp": smtp,
    }
    given = {option: value for option, value in options.items() if value is not None}
    if list_all:
        _refuse_beside("--list", [*given, *(["regulation"] if regulation else [])], directory)
        _list_packs(as_json=as_json)
        return
    if directory is None:
        raise typer.BadParameter("name the folder to write: maild init DIR")
    if regulation:
        _refuse_beside("--regulation", given)
        _tell_of_packs(directory, write_packs(find_packs(regulation), directory), as_json=as_json)
        return
    values = {**FIRST, **given}
    written = write_folder(
        directory,
        organization=values["organization"],
        name=values["name"],
        address=values["address"],
        prefix=values["prefix"],
        imap_host=imap,
        smtp_host=smtp,
    )
    if as_json:
        print_json({"files": written})
        return
    for path in written:
        say(str(path))
    say(
        f"\nNext: put the password of {values['address']} into {directory}/secrets/mail ({directory}/secrets/README.txt says how),"
    )
    say(f"name your agents in {directory}/organizations/{values['organization']}/agents.toml, and then:")
    say(f"maild check --connect --config {directory}/config.toml")


def _refuse_beside(option: str, given: Iterable[str], directory: Path | None = None) -> None:
    """Complain of what is given beside an option that leaves it nothing to say."""
    if directory is not None:
        raise typer.BadParameter(f"{option} writes nothing: leave out {directory}")
    if given:
        raise typer.BadParameter(f"{option} takes no {', '.join(f'--{one}' for one in given)} beside it")


def _list_packs(*, as_json: bool) -> None:
    packs = shipped_packs().values()
    if as_json:
        print_json(
            {
                "regulations": [
                    {
                        "name": pack.name,
                        "title": pack.title,
                        "about": pack.about,
                        "organizations": pack.organizations,
                        "clauses": pack.clauses,
                    }
                    for pack in packs
                ]
            }
        )
        return
    for pack in packs:
        say(f"{pack.name}: {pack.title}", style="bold")
        say(f"    {pack.about}")


def _tell_of_packs(directory: Path, written: Sequence[Path], *, as_json: bool) -> None:
    if as_json:
        print_json({"files": written})
        return
    for path in written:
        say(str(path))
    say("\nNext: this lists every question that the regulation leaves open, each to be answered in its file:")
    say(f"maild check --config {directory}/config.toml")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One thing that was tried."""

    what: str
    good: bool
    found: str


@app.command()
def check(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    connect: Annotated[bool, typer.Option("--connect", help="Also log in to every IMAP and SMTP server.")] = False,
    with_scenarios: Annotated[
        bool, typer.Option("--rehearse", help="Also play the scenarios of every organisation.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the configuration, the secrets, the templates, the imported clients and, if asked, the servers. Changes nothing."""
    loaded = load_checked(config)
    policy = load_ready(loaded)
    _check_register(policy)
    checks: list[Checked] = []

    def show(one: Checked) -> None:
        checks.append(one)
        if not as_json:
            say("ok" if one.good else "NO", style="green" if one.good else "red", end="")
            say(f"  {one.what}: {one.found}")

    async def try_servers() -> None:
        async for one in _connect(loaded.config):
            show(one)

    show(Checked(what="configuration", good=True, found=f"{len(loaded.files)} file(s), no problem"))
    for id_, organization in loaded.config.organization.items():
        if organization.service:
            table = say_table(catalogue_of(organization).services, organization.level)
            show(Checked(what=f"{id_}: services", good=True, found=table))
    if missing := missing_extra(loaded.config):
        show(Checked(what="packages", good=False, found=missing))
    if loaded.config.admin is None and not as_json:
        say("    no [admin]: nobody is told by mail of maild's own troubles, they stand in the log only")
    for one in _observing(loaded.config):
        show(one)
    failures: list[Problem] = []
    if with_scenarios:
        logs.configure("error", "auto")
        on_stage = load_rehearsal(config)
        for name, found in own_scenarios(on_stage).items():
            played = list(rehearse(found.paths, on_stage))
            failures += _show_rehearsed(name, played, show, silent=as_json)
            mistakes = [*found.mistakes, *(mistake for one in played for mistake in one.mistakes)]
            if mistakes:
                raise ConfigError(mistakes)
    if connect:
        asyncio.run(try_servers())
    good = all(one.good for one in checks)
    if as_json:
        print_json({"ok": good, "problems": failures, "checks": checks})
    raise typer.Exit(Exit.OK if good else Exit.NO)


def _observing(config: Config) -> Iterator[Checked]:
    """Say aloud of each organisation that only observes; what its people answer is seen only where that is watched."""
    for name, organization in config.organization.items():
        if organization.mode == "observe":
            boxes = organization.mailbox.values()
            watched = all((box.imap and box.imap.sent) or (box.maildir and box.maildir.sent) for box in boxes)
            admin = config.admin.address if config.admin else "nobody"
            found = f"it only observes: nothing is sent but a daily letter to {admin}"
            blind = "; sent is not set for every mailbox, so what people answer there stops no clock"
            yield Checked(what=f"{name}: mode", good=True, found=found + ("" if watched else blind))


def _show_rehearsed(
    organization: str, played: Sequence[Rehearsed], show: Callable[[Checked], None], *, silent: bool
) -> list[Problem]:
    """Show how an organisation's scenarios went, and each difference by file, step and what differs; return the failures."""
    steps = [(one, step) for one in played for step in one.steps]
    failed = [(one, step) for one, step in steps if step.differences]
    found = f"{len(played)} scenario(s), {len(steps)} step(s), "
    found += f"{len(failed)} not as expected" if failed else "all as expected"
    show(Checked(what=f"{organization}: scenarios", good=all(one.good for one in played), found=found))
    for one, step in failed if not silent else ():
        for line in step.differences:
            say(f"    {one.path}: step {step.number}: {line}")
    return [failure for one in played for failure in one.failures]


def _check_register(policy: Policy) -> None:
    """Raise ConfigError where a configured client collides with an imported one: the daemon would not start with it.

    A database that is not there, or cannot be asked as it is, has nothing to say of the configuration.
    """
    if missing_extra(policy.config) or not has_database(policy.config):
        return
    with (
        suppress(StoreError),
        closing(open_database(policy.config, migrate=False)) as database,
        database.write() as connection,
        connection.begin_nested() as trial,
    ):
        try:
            enrol_configured(Transaction(connection), policy, datetime.now(UTC))
        finally:
            trial.rollback()


async def _connect(config: Config) -> AsyncIterator[Checked]:
    """Yield each server as soon as it has been tried: one that does not answer takes its whole timeout."""
    bearers = Bearers(lambda: config, SystemClock())
    for table in config.oauth:
        yield await _try_oauth(table, bearers)
    for org_name, organization in config.organization.items():
        for box_name, box in organization.mailbox.items():
            name = f"{org_name}/{box_name}"
            for folder in box.imap.watched if box.imap else ():
                assert box.imap is not None, "it has folders"
                yield await _try_imap(name, box.imap, folder, bearers)
            if (smtp := box.smtp or config.smtp) is not None:
                yield await _try_smtp(name, smtp, box, bearers)


async def _try_oauth(table: str, bearers: Bearers) -> Checked:
    try:
        minutes = await bearers.try_out(table) // timedelta(minutes=1)
        return Checked(what=f"oauth.{table}", good=True, found=f"an access token, used for {minutes} minute(s)")
    except SignInError as error:
        return Checked(what=f"oauth.{table}", good=False, found=str(error))


async def _try_imap(name: str, imap: Imap, folder: str, bearers: Bearers) -> Checked:
    what = f"{name}: IMAP {folder}"
    try:
        async with signed_in(imap, bearers) as connection:
            named = await connection.find_sent() if folder == FIND_SENT and folder in imap.sent else folder
            found = f"{(await connection.select(named)).exists} letter(s)"
            await connection.logout()
        return Checked(what=what, good=True, found=found)
    except SourceError as error:
        return Checked(what=what, good=False, found=str(error))


async def _try_smtp(name: str, smtp: Smtp, box: Mailbox, bearers: Bearers) -> Checked:
    try:
        password = smtp.password.read() if smtp.password else None
        helo = smtp.helo or ascii_domain(box.address.rpartition("@")[2])
        found = await SmtpTransport(smtp, password=password, helo=helo, bearers=bearers).probe()
        return Checked(what=f"{name}: SMTP", good=True, found=found)
    except (DeliveryError, LookupError) as error:
        return Checked(what=f"{name}: SMTP", good=False, found=str(error))


@db.command("upgrade")
def db_upgrade(config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False) -> None:
    """Bring the schema up to date while the daemon is stopped; the daemon does the same when it starts."""
    database = open_database(load(config).config, migrate=False, allow_old=True)
    try:
        database.lock()
        database.migrate()
        revision = database.revision()
    finally:
        database.close()
    if as_json:
        print_json({"revision": revision})
    else:
        say(f"The database has schema {revision}.")


@db.command("version")
def db_version(config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False) -> None:
    """Show which schema the database has; "none" where there is no database yet."""
    settings = load(config).config
    revision = None
    if has_database(settings):
        database = open_database(settings, migrate=False, allow_old=True)
        revision = database.revision()
        database.close()
    if as_json:
        print_json({"revision": revision})
    else:
        say(str(revision or "none"))


@db.command("backup")
def db_backup(
    directory: Annotated[Path, typer.Argument(help="An empty or new folder.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    as_json: JsonOption = False,
) -> None:
    """Copy database, raw letters, token key and refresh tokens while the daemon runs (SQLite; for PostgreSQL use pg_dump)."""
    files = list(_back_up(load(config).config, directory))
    if as_json:
        print_json({"files": files})
    else:
        for path in files:
            say(str(path))


def _back_up(config: Config, directory: Path) -> Iterator[Path]:
    """Database first: every letter it speaks of is in the blobs that are copied after it."""
    if config.database.url is not None and not config.database.url.startswith("sqlite"):
        raise StoreError("the database is PostgreSQL: back it up with pg_dump, then copy the blobs and the token key")
    if not has_database(config):
        raise StoreError(f"there is no database in {config.data_dir} yet: nothing to back up")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise MaildError(f"{directory} is not empty: give a new folder, so that no older backup is mixed in")
        directory.chmod(PRIVATE)
        target = directory / "maild.sqlite3"
        source = open_database(config, migrate=False, allow_old=True)
        source.copy_to(target)
        source.close()
        yield target
        signs_in = sorted(
            path.name for path in config.data_dir.glob("oauth-*.json")
        )  # refresh tokens that were replaced
        for name in ("token.key", *signs_in, "blobs"):
            original = config.data_dir / name
            if original.is_dir():
                shutil.copytree(original, directory / name, ignore=shutil.ignore_patterns(".new-*"))
            elif original.exists():
                shutil.copy2(original, directory / name)
            else:
                continue
            yield directory / name
    except (OSError, shutil.Error) as error:
        raise MaildError(f"the backup in {directory} is not complete ({error}): remove it and try again") from error
