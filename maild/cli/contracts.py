"""How clients and coupons are found and shown: what the commands about them have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import typer

from maild.cli.output import print_table
from maild.config.model import Organization
from maild.config.terms import accounting_of
from maild.contracts.cells import format_hours
from maild.contracts.client import Client, Package, Period
from maild.contracts.coupons import shorten
from maild.contracts.recognition import CouponState
from maild.contracts.standing import state_of
from maild.errors import MaildError
from maild.sla.target import Hours
from maild.store import register
from maild.store.engine import Database
from maild.store.register import CouponEntry
from maild.store.register_rows import Source


def today(section: Organization) -> date:
    """Return the day that it is in the organisation's zone: contracts and coupons begin and end with its days."""
    return datetime.now(section.zone).date()


def parse_day(text: str | date) -> date:
    """Turn what somebody typed for a day into it."""
    if isinstance(text, date):  # typer hands defaults through
        return text
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise typer.BadParameter(f'"{text}" is no day: write 2026-12-31 or 31.12.2026')


def find_client(database: Database, name: str, section: Organization, key: str) -> Client:
    """Return a client by its key in any case. Raises MaildError where there is none."""
    with database.read() as connection:
        if one := register.find_client(connection, name, key):
            return one
        for one, _ in register.all_clients(connection, name):  # keys are typed by hand, and few enough to look through
            if one.key.casefold() == key.casefold():
                return one
    if key in section.client:
        raise MaildError(
            f"client {key} stands in the configuration and not yet in the database: start the daemon once (maild run)"
        )
    raise MaildError(f"there is no client {key}: `maild client list` shows all")


def check_level(section: Organization, level: str) -> None:
    """Raise MaildError unless the level is configured."""
    if level not in section.level:
        raise MaildError(f"there is no level {level}; there are: {', '.join(section.level) or 'none'}")


def package_of(one: Client, section: Organization) -> Package | None:
    """Return the work that a client has paid beforehand: its own package, or its level's."""
    policy = accounting_of(section, one.level)
    return one.package or (policy.package if policy else None)


def format_period(period: Period) -> str:
    """Return the days of a contract or a coupon in words."""
    if period.since and period.until:
        return f"{period.since} – {period.until}"
    if period.since:
        return f"from {period.since}"
    return f"until {period.until}" if period.until else "without an end"


def format_package(package: Package | None, section: Organization) -> str:
    """Return a package in words, "" for none."""
    if package is None:
        return ""
    said = [f"{format_hours(package.hours)} h"] if package.hours is not None else []
    said += [f"{package.requests} requests"] if package.requests is not None else []
    words = f"{' and '.join(said)} a month" if said else "nothing prepaid"
    words += ", what is left is carried over" if package.carry_over else ""
    currency = section.accounting.currency if section.accounting else ""
    return words + (f", {package.price:f} {currency}".rstrip() + " beyond it" if package.price is not None else "")


@dataclass(frozen=True, kw_only=True)
class CouponView:
    """A coupon as it is printed: codes are shortened unless somebody asked for them whole."""

    code: str
    client: str
    level: str  # "": the client's
    hours: Hours
    since: date | None
    until: date | None
    revoked: date | None
    state: CouponState  # today
    because: str
    renews: str
    renewed_by: str
    source: Source
    issued_at: datetime

    @classmethod
    def of(cls, entry: CouponEntry, day: date, *, whole: bool = False) -> "CouponView":
        """Return how a coupon of the register stands on a day."""

        def code(text: str) -> str:
            return text if whole or not text else shorten(text)

        one, heir = entry.coupon, entry.successor
        state, why = state_of(one, day, heir)
        return cls(
            code=code(one.code),
            client=one.client,
            level=one.level,
            hours=one.hours,
            since=one.since,
            until=one.until,
            revoked=one.revoked,
            state=state,
            because=why if entry.client else f"{why}; client {one.client} is gone",
            renews=code(one.renews),
            renewed_by=code(heir.code if heir else ""),
            source=entry.source,
            issued_at=entry.issued_at,
        )


def by_client_and_age(entry: CouponEntry) -> tuple[str, datetime, str]:
    """Return what lists of coupons are sorted by: a renewal stands below what it renews."""
    return entry.coupon.client, entry.issued_at, entry.key


def print_coupons(coupons: Sequence[CouponView]) -> None:
    """Print coupons as a table."""
    rows = [
        (
            c.code,
            c.client,
            c.level,
            c.hours.replace("_", " "),
            format_period(Period(since=c.since, until=c.until)),
            c.state,
            "" if c.state is CouponState.VALID else c.because,
            c.renews,
        )
        for c in coupons
    ]
    print_table(
        ("coupon", "client", "level", "served", "holds", "today", "because", "renews"), rows, empty="No coupon."
    )
