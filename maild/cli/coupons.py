"""`maild coupon`: the codes that grant support, from issue to end.

Whole codes are printed by `issue`, `renew` and `list --codes` alone; everything else that maild says or writes has them
shortened.
"""

import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
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
    format_period,
    parse_day,
    print_coupons,
    today,
)
from maild.cli.output import print_json, say
from maild.config.model import Organization
from maild.config.terms import clients_of, levels_of
from maild.contracts.client import Client, Coupon, Period
from maild.contracts.coupons import has_shape, has_valid_check, issue_code, shorten
from maild.contracts.recognition import CouponState, Standing
from maild.contracts.renewal import renewed_until
from maild.contracts.standing import standing_of, state_of
from maild.errors import MaildError
from maild.sla.target import Hours
from maild.store import enrol, register
from maild.store.engine import Database
from maild.store.register import CouponEntry

coupon = typer.Typer(help="Codes that grant support to whoever quotes them.", no_args_is_help=True)
app.add_typer(coupon, name="coupon")

MOST = 1000  # coupons issued at once


CodeArgument = Annotated[
    str,
    typer.Argument(metavar="CODE", help="In any spelling: case, spaces, dashes and look-alike letters do not matter."),
]


@coupon.command("issue")
def coupon_issue(
    key: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's key: `maild client list`.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    level: Annotated[str | None, typer.Option("--level", help="What it grants. Default: the client's level.")] = None,
    hours: Annotated[
        Hours | None, typer.Option("--hours", help="When it is served. Default: as the client is.")
    ] = None,
    since: Annotated[
        date | None, typer.Option("--since", parser=parse_day, metavar="DAY", help="Its first day. Default: today.")
    ] = None,
    until: Annotated[
        date | None, typer.Option("--until", parser=parse_day, metavar="DAY", help="Its last day. Default: no end.")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=MOST, help="How many, all alike.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Issue coupons to a client, and print their codes whole, one to a line."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    if level is not None:
        check_level(section, level)
    with closing(open_existing(settings)) as database:
        bring_up_to_date(database, name, section)
        one = find_client(database, name, section, key)
        since = since or today(section)
        _check_term(section, since, until)
        pattern = Coupon(code="", client=one.key, level=level or "", hours=hours or one.hours, since=since, until=until)
        issued = [replace(pattern, code=issue_code(secrets.randbelow)) for _ in range(count)]
        with database.write() as connection:
            for each in issued:
                register.issue(connection, name, each, datetime.now(UTC))
    _tell(issued, one, section, as_json=as_json)


@coupon.command("renew")
def coupon_renew(
    code: CodeArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    until: Annotated[
        date | None,
        typer.Option(
            "--until",
            parser=parse_day,
            metavar="DAY",
            help="The new one's last day. Default: as long a term once more.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Issue a like coupon in the place of one, from today on, and print its code whole."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    with closing(open_existing(settings)) as database:
        bring_up_to_date(database, name, section)
        old, day = find_coupon(database, name, code), today(section)
        one = find_client(database, name, section, old.coupon.client)
        if until is None:
            try:
                until = renewed_until(old.coupon.since, old.coupon.until, day)
            except ValueError as error:
                raise MaildError(f"how long is it to hold? {error}: say its last day with --until") from error
        _check_term(section, day, until)
        new = replace(old.coupon, code=issue_code(secrets.randbelow), since=day, until=until, revoked=None)
        with database.write() as connection:
            new = register.renew(connection, name, old.coupon.code, new, datetime.now(UTC))
    _tell([new], one, section, as_json=as_json)


@coupon.command("revoke")
def coupon_revoke(
    code: CodeArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    on: Annotated[
        date | None,
        typer.Option(
            "--on", parser=parse_day, metavar="DAY", help="From this day on it grants nothing. Default: today."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Let a coupon grant nothing from a day on; tickets that rest on it keep what they were promised."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    with closing(open_existing(settings)) as database:
        bring_up_to_date(database, name, section)
        found = find_coupon(database, name, code)
        on = on or today(section)
        with database.write() as connection:
            revoked = register.revoke(connection, name, found.coupon.code, on).revoked
            view = CouponView.of(replace(found, coupon=replace(found.coupon, revoked=revoked)), today(section))
    if as_json:
        print_json(view)
    elif revoked == on:
        say(f"Coupon {view.code} of client {view.client} grants nothing from {on} on.")
    else:
        say(f"Coupon {view.code} of client {view.client} was revoked before: it grants nothing since {revoked}.")


@coupon.command("list")
def coupon_list(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    of: Annotated[str | None, typer.Option("--client", metavar="KEY", help="Only those of one client.")] = None,
    state: Annotated[CouponState | None, typer.Option("--state", help="Only those that are so today.")] = None,
    codes: Annotated[bool, typer.Option("--codes", help="Print the codes whole: whoever has one is served.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List coupons, and what each is worth today."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    day = today(section)
    with closing(open_existing(settings)) as database:
        if of is not None:
            of = find_client(database, name, section, of).key
        with database.read() as connection:
            entries = sorted(register.all_coupons(connection, name, of=of), key=by_client_and_age)
    views = [CouponView.of(entry, day, whole=codes) for entry in entries]
    views = [view for view in views if state in (None, view.state)]
    if as_json:
        print_json(views)
    else:
        print_coupons(views)


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def bring_up_to_date(database: Database, name: str, section: Organization) -> None:
    """Enter the configuration's clients and coupons, as a start of the daemon would: they may have been edited since."""
    with database.write() as connection:
        enrol.sync_configured(connection, name, *clients_of(section), datetime.now(UTC))


def find_coupon(database: Database, name: str, code: str) -> CouponEntry:
    """Return a coupon by its code in any spelling. Raises MaildError where there is none."""
    with database.read() as connection:
        found = register.find_coupon(connection, name, code)
    if found is not None:
        return found
    mistyped = (
        ", its check character says that it was mistyped" if has_shape(code) and not has_valid_check(code) else ""
    )
    raise MaildError(f"there is no coupon {shorten(code)}{mistyped}: `maild coupon list --codes` shows all")


def _check_term(section: Organization, since: date, until: date | None) -> None:
    """Raise BadParameter for a term that no day is in, or no day to come."""
    if until is not None and until < since:
        raise typer.BadParameter(f"its last day {until} is before its first day {since}: give a later --until")
    if until is not None and until < today(section):
        raise typer.BadParameter(f"its last day {until} is over already: give a later --until")


def _tell(coupons: Sequence[Coupon], one: Client, section: Organization, *, as_json: bool) -> None:
    """Print new coupons with their whole codes."""
    first, day = coupons[0], today(section)
    standing, why = standing_of(one, first.level or one.level, levels_of(section), day)
    if as_json:
        rows = [{"code": c.code, "client": c.client, "level": c.level, "hours": c.hours, "since": c.since,
                 "until": c.until, "renews": shorten(c.renews) if c.renews else "", "state": state_of(c, day)[0]}
                for c in coupons]  # fmt: skip
        print_json({"coupons": rows, "standing": standing})
        return
    for each in coupons:
        say(each.code)
    takes = f" in the place of {shorten(first.renews)}" if first.renews else ""
    level = first.level or one.level
    say(
        f"for client {one.key} ({one.name}){takes}: {format_period(Period(since=first.since, until=first.until))}, "
        f"{first.hours.replace('_', ' ')}{f', level {level}' if level else ''}"
    )
    if standing is not Standing.SERVED:
        say(f"Mind: for now it grants nothing, for the client is {why}.")
