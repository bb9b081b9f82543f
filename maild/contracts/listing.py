"""Clients and coupons to the rows of a list that `sheet` reads back to equal values."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest

from maild.contracts import cells
from maild.contracts.client import Client, Contact, Coupon, Period
from maild.contracts.columns import Column
from maild.contracts.tables import Format, write_table

_Cells = dict[Column, str | date]


def write_clients(clients: Sequence[Client], coupons: Sequence[Coupon], form: Format) -> bytes:
    """Return a file that `read_clients` makes equal values of (its rule for what a table can say: `rows_of`)."""
    return write_table([[column.value for column in Column], *rows_of(clients, coupons)], form, title="Клиенты")


def rows_of(clients: Sequence[Client], coupons: Sequence[Coupon]) -> Iterator[list[str | date]]:
    """Yield a row for every person, term and coupon of every client, side by side; coupons of other clients at the end.

    Not told apart from others in a table: a person without name and address, two people of one name, two without a name
    and with one address, a term without beginning and end.
    """
    of: dict[str, list[Coupon]] = {client.key: [] for client in clients}
    for coupon in coupons:
        of.setdefault(coupon.client, []).append(coupon)
    for client in clients:
        beside = list(zip_longest(client.contacts, client.periods, of.pop(client.key)))
        said = _cells_of_client(client)
        for contact, period, coupon_ in beside or [(None, None, None)]:
            row = _cells_of_contact(contact) | _cells_of_period(period) | _cells_of_coupon(coupon_)
            yield _line(client.key, said | row)
            said = {}
    for key, left in of.items():
        for coupon in left:
            yield _line(key, _cells_of_coupon(coupon))


def _line(key: str, said: _Cells) -> list[str | date]:
    return [key if column is Column.KEY else said.get(column, "") for column in Column]


def _cells_of_client(client: Client) -> _Cells:
    said: _Cells = {
        Column.NAME: client.name,
        Column.LEVEL: client.level,
        Column.HOURS: cells.format_service_hours(client.hours),
        Column.DOMAINS: ", ".join(client.domains),
        Column.AGREEMENTS: "\n".join(client.agreements),
        Column.INN: client.inn,
        Column.SUSPENDED: client.suspended,
        Column.ZONE: client.zone.key if client.zone else "",
        Column.MANAGER: client.manager,
    }
    if (package := client.package) is not None:
        said |= {
            Column.PACKAGE_HOURS: "" if package.hours is None else cells.format_hours(package.hours),
            Column.PACKAGE_REQUESTS: "" if package.requests is None else str(package.requests),
            Column.CARRY_OVER: "да" if package.carry_over else "",
            Column.PRICE: "" if package.price is None else f"{package.price:f}".replace(".", ","),
        }
    return said


def _cells_of_contact(contact: Contact | None) -> _Cells:
    if contact is None:
        return {}
    return {
        Column.CONTACT: contact.name,
        Column.ADDRESSES: ", ".join(contact.addresses),
        Column.SPECIALISTS: "да" if contact.specialist else "",
    }


def _cells_of_period(period: Period | None) -> _Cells:
    return {} if period is None else {Column.SINCE: period.since or "", Column.UNTIL: period.until or ""}


def _cells_of_coupon(coupon: Coupon | None) -> _Cells:
    if coupon is None:
        return {}
    return {
        Column.COUPON: coupon.code,
        Column.COUPON_SINCE: coupon.since or "",
        Column.COUPON_UNTIL: coupon.until or "",
        Column.COUPON_LEVEL: coupon.level,
        Column.COUPON_HOURS: cells.format_service_hours(coupon.hours),
        Column.COUPON_REVOKED: coupon.revoked or "",
        Column.RENEWS: coupon.renews,
    }
