"""`maild client import`, `client export`: the register as a table, for people who keep it in a spreadsheet.

Before it asks, an import enters everything and takes it back again: what the register would refuse is told together with
what would change, not after the answer.
"""

import sys
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from maild.cli.app import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    OrganizationOption,
    choose_organization,
    load,
    open_existing,
)
from maild.cli.clients import client
from maild.cli.files import write_private
from maild.cli.output import print_json, say
from maild.config.model import Organization
from maild.config.terms import clients_of
from maild.contracts.client import Client, Coupon
from maild.contracts.coupons import fold
from maild.contracts.listing import write_clients
from maild.contracts.preview import Preview, compare
from maild.contracts.sheet import Known, Sheet, read_clients
from maild.contracts.tables import Format, Table, read_table
from maild.errors import MaildError, TableError
from maild.store import enrol, register
from maild.store.register_rows import Source

_MANY = 200  # lines of a preview that are printed; --json has them all


@client.command("import")
def client_import(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX table whose first row names the columns.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    remove_missing: Annotated[
        bool,
        typer.Option("--remove-missing", help="Also remove what was imported before and is not in the file."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Import clients and coupons from a table: all of it, or nothing and every problem by its line and column."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    table = _read(file)
    with closing(open_existing(settings)) as database:
        with database.read() as connection:  # the longer part of the work; the daemon may write meanwhile
            sheet = _check(connection, name, section, table, remove_missing=remove_missing)
        job = _Import(name, section, sheet, remove_missing=remove_missing)
        with database.write() as connection:
            trial = connection.begin_nested()
            preview = job.enter(connection)
            if yes and not dry_run:
                trial.commit()
            else:
                trial.rollback()
        imports = bool(preview.new or preview.changed or preview.gone) and not dry_run
        if not as_json:
            _say(sheet, preview)
        if imports and not yes:
            _ask(as_json=as_json)
            with database.write() as connection:
                if job.enter(connection) != preview:
                    raise MaildError("somebody else has changed the register meanwhile: import the file once more")
    if as_json:
        print_json({"imported": imports, "preview": preview, "remarks": sheet.remarks})
    elif imports:
        say("Imported.")
    else:
        say("Nothing was changed: this was to see." if dry_run else "Nothing to change.")


@client.command("export")
def client_export(
    file: Annotated[
        str, typer.Argument(help='Where to: a new file, ".csv" or ".xlsx"; "-" for CSV on standard output.')
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that exists.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Export clients with their coupons, codes whole, as a table that `client import` reads back."""
    settings = load(config).config
    name, _ = choose_organization(settings, organization)
    form = _format(file)
    if file == "-" and as_json:
        raise typer.BadParameter("the table itself goes to standard output: leave --json out, or name a file")
    with closing(open_existing(settings)) as database, database.read() as connection:
        clients = [one for one, _ in register.all_clients(connection, name)]
        coupons = [entry.coupon for entry in register.all_coupons(connection, name)]
    octets = write_clients(clients, coupons, form)
    if file == "-":
        sys.stdout.buffer.write(octets)
        sys.stdout.buffer.flush()
        return
    write_private(Path(file), octets, overwrite=overwrite)
    if as_json:
        print_json({"file": file, "clients": len(clients), "coupons": len(coupons)})
    else:
        say(f"{file}: {len(clients)} client(s), {len(coupons)} coupon(s)")
        if coupons:
            say("The codes stand there whole, and whoever has one is served: pass the file on with care.")


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read(file: Path) -> Table:
    try:
        octets = file.read_bytes()
    except OSError as error:
        raise MaildError(f"{file} cannot be read: {error.strerror}") from error
    return read_table(octets, str(file))


def _check(connection: Any, name: str, section: Organization, table: Table, *, remove_missing: bool) -> Sheet:
    """Return the rows as clients and coupons. Raises TableError with all that is wrong with them."""
    clients, coupons = clients_of(section)
    staying = {Source.ISSUED} if remove_missing else {Source.ISSUED, Source.IMPORT}
    there = [one for one, _ in register.all_clients(connection, name, source=Source.IMPORT)]
    known = Known(
        levels={id_: level.name for id_, level in section.level.items()},
        managers={id_: agent.name for id_, agent in section.agent.items()},
        clients=clients,
        coupons=coupons,
        imported_clients=[] if remove_missing else there,
        imported_coupons=[entry.coupon for entry in register.all_coupons(connection, name) if entry.source in staying],
    )
    sheet = read_clients(table, known)
    if remove_missing and not sheet.has_clients:  # then it says nothing of clients, and all of them stay
        sheet = read_clients(table, replace(known, imported_clients=there))
    if sheet.problems:
        raise TableError(list(sheet.problems))
    return sheet


# ── entering ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Import:
    """A list of clients on its way into the register of an organisation."""

    name: str
    section: Organization
    sheet: Sheet
    remove_missing: bool

    def enter(self, connection: Any) -> Preview:
        """Enter everything within this transaction, and return what that changes. Raises RegisterConflict."""
        now = datetime.now(UTC)
        enrol.sync_configured(connection, self.name, *clients_of(self.section), now)
        clients = list(self.sheet.clients) if self.sheet.has_clients else None
        coupons = list(self.sheet.coupons) if self.sheet.has_coupons else None
        preview = self._preview(connection, clients, coupons)
        enrol.apply_import(connection, self.name, clients, coupons, now, remove_missing=self.remove_missing)
        return preview

    def _preview(self, connection: Any, clients: list[Client] | None, coupons: list[Coupon] | None) -> Preview:
        """Compare with what is there. Only what was imported can go, and a coupon that was revoked stays revoked."""
        keys = {one.key for one in clients or ()}
        wanted = {fold(one.code): one for one in coupons or ()}
        goes = {Source.IMPORT} if self.remove_missing else set()
        old_clients = [
            one
            for one, source in register.all_clients(connection, self.name)
            if one.key in keys or (source in goes and clients is not None)
        ]
        old_coupons = {
            entry.key: entry.coupon
            for entry in register.all_coupons(connection, self.name)
            if entry.key in wanted or (entry.source in goes and coupons is not None)
        }
        for key in wanted.keys() & old_coupons.keys():
            wanted[key] = replace(wanted[key], revoked=wanted[key].revoked or old_coupons[key].revoked)
        return compare((old_clients, list(old_coupons.values())), (clients or [], list(wanted.values())))


def _say(sheet: Sheet, preview: Preview) -> None:
    for remark in sheet.remarks:
        say(remark)
    *lines, total = str(preview).splitlines()
    for line in lines[:_MANY]:
        say(line)
    if len(lines) > _MANY:
        say(f"… and {len(lines) - _MANY} more (--json has them all)")
    say(total, style="bold")


def _ask(*, as_json: bool) -> None:
    """Return if a person says yes. Raises MaildError where none does, or nobody can be asked."""
    if as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise MaildError("nothing was changed: say --yes to import, or --dry-run to see what would change")
    if not typer.confirm("Import?"):
        raise MaildError("nothing was changed")


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _format(file: str) -> Format:
    suffix = "csv" if file == "-" else Path(file).suffix.lower().removeprefix(".")
    if suffix not in set(Format):
        raise typer.BadParameter(f'"{file}" says not in which format: give it the suffix .csv or .xlsx')
    return Format(suffix)
