"""`maild client list`, `client show`: whom the desk serves, and how each of them stands today."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
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
from maild.cli.contracts import (
    CouponView,
    by_client_and_age,
    check_level,
    find_client,
    format_package,
    format_period,
    package_of,
    print_coupons,
    today,
)
from maild.cli.output import print_json, print_table, say
from maild.config.model import Organization
from maild.config.terms import levels_of, quota_of
from maild.contracts.accounting import Month
from maild.contracts.client import Client, Contact
from maild.contracts.quota import month_of
from maild.contracts.recognition import Standing
from maild.contracts.standing import standing_of
from maild.store import register
from maild.store.register_rows import Source

client = typer.Typer(help="Whom the desk serves.", no_args_is_help=True)
app.add_typer(client, name="client")

FROM = {Source.CONFIG: "configuration", Source.IMPORT: "import", Source.ISSUED: "command"}


@client.command("list")
def client_list(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    level: Annotated[str | None, typer.Option("--level", help="Only those of this level.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the clients by their keys, and how each stands today."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    if level is not None:
        check_level(section, level)
    day = today(section)
    with closing(open_existing(settings)) as database, database.read() as connection:
        found = [
            (one, source, *standing_of(one, one.level, levels_of(section), day))
            for one, source in register.all_clients(connection, name)
            if level in (None, one.level)
        ]
    if as_json:
        print_json([_as_json(*each) for each in found])
        return
    rows = [
        (one.key, one.name, one.level, standing, "" if standing is Standing.SERVED else why, FROM[source])
        for one, source, standing, why in found
    ]
    print_table(("client", "name", "level", "today", "because", "from"), rows, empty="No client.")


@client.command("show")
def client_show(
    key: Annotated[str, typer.Argument(help="As `maild client list` shows it.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a client: who speaks for them, what they are owed, how they stand today, this month's requests, coupons."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    day, (start, end) = today(section), month_of(datetime.now(UTC), section.zone)
    with closing(open_existing(settings)) as database:
        one = find_client(database, name, section, key)
        with database.read() as connection:
            entries = sorted(register.all_coupons(connection, name, of=one.key), key=by_client_and_age)
            requests = register.count_requests(connection, name, one.key, start, end)
    coupons = [CouponView.of(entry, day) for entry in entries]
    standing, why = standing_of(one, one.level, levels_of(section), day)
    package, quota = package_of(one, section), quota_of(section, one.level)
    month = Month(day.year, day.month)
    if as_json:
        used = {"month": str(month), "requests": requests, "quota": quota}
        print_json(
            _as_json(one, _source(one, section), standing, why) | {"package": package, "used": used, "coupons": coupons}
        )
        return
    say(f"{one.key} · {one.name}", style="bold")
    for what, said in _facts(one, section, why):
        say(f"  {what}: {said}")
    say(f"  requests in {month}: {requests}" + ("" if quota is None else f" of {quota}"))
    print_coupons(coupons)


def _facts(one: Client, section: Organization, standing: str) -> Iterator[tuple[str, str]]:
    """Yield what is known of a client, line by line; what is not known is left out."""
    yield "today", standing
    level = section.level.get(one.level)
    facts = {
        "level": f"{one.level} ({level.name})" if level else one.level,
        "served": one.hours.replace("_", " "),
        "contract": ", ".join(map(format_period, one.periods)) or "without beginning and end",
        "package": format_package(package_of(one, section), section) or "none",
        "domains": ", ".join(one.domains),
        "agreements": ", ".join(one.agreements),
        "INN": one.inn,
        "zone": one.zone.key if one.zone else "",
        "manager": one.manager,
        "from": FROM[_source(one, section)],
    }
    yield from ((what, said) for what, said in facts.items() if said)
    for person in one.contacts:
        yield "specialist" if person.specialist else "contact", _format_contact(person)


def _format_contact(person: Contact) -> str:
    addresses = [f"<{addr}>" for addr in person.addresses]
    return " ".join([person.name, *addresses] if person.name else addresses) or "(without name and address)"


def _source(one: Client, section: Organization) -> Source:
    return Source.CONFIG if one.key in section.client else Source.IMPORT


def _as_json(one: Client, source: Source, standing: Standing, why: str) -> dict[str, object]:
    return {"client": one, "from": FROM[source], "standing": standing, "because": why}
