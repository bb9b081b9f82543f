"""Clients, coupons and the marks that lead to them, as rows and back."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from maild.contracts.client import Client, Contact, Coupon, Package, Period
from maild.contracts.keys import Evidence, client_keys, inn_key
from maild.contracts.lookalikes import fold
from maild.contracts.providers import address_key, domain_key
from maild.sla.target import Hours
from maild.store.schema import client, coupon

_MICROSECOND = timedelta(microseconds=1)


class Source(StrEnum):
    """Where a client or a coupon came from, and so who may change it."""

    CONFIG = "config"
    IMPORT = "import"
    ISSUED = "issued"  # a coupon, by `maild coupon`


# Keys that several clients may have: people and firms bear the same names. Of all others a client is the only owner.
_SHARED = frozenset({Evidence.SPECIALIST, Evidence.ORGANIZATION})


def space_of(kind: Evidence) -> str:
    """Return within which keys of a kind must be unique: nobody's main address is anybody's alias."""
    return Evidence.ADDRESS if kind is Evidence.ALIAS else kind


def mark_values(organization: str, one: Client) -> list[dict[str, Any]]:
    """Return everything that leads to the client as rows of `client_mark`, each key once."""
    marks = {(space_of(kind), key): kind for kind, key in reversed(client_keys(one))}
    return [
        {
            "organization": organization,
            "space": space,
            "key": key,
            "shared_by": one.key if kind in _SHARED else "",
            "kind": kind,
            "client": one.key,
        }
        for (space, key), kind in reversed(marks.items())
    ]


def as_written(one: Client, space: str, key: str) -> str:
    """Return what of the client has this key, in the register's own words."""
    addresses = [address.addr for address in one.addresses]
    values: dict[str, tuple[Callable[[str], str], Sequence[str]]] = {
        Evidence.ADDRESS: (address_key, addresses),
        Evidence.DOMAIN: (domain_key, one.domains),
        Evidence.AGREEMENT: (fold, one.agreements),
    }
    to_key, among = values.get(space, (inn_key, (one.inn,)))
    return next((value for value in among if to_key(value) == key), key)


def client_values(organization: str, one: Client, source: Source) -> dict[str, Any]:
    """Return the client as a row of `client`."""
    return {
        "organization": organization,
        "key": one.key,
        "name": one.name,
        "level": one.level,
        "hours": one.hours,
        "inn": one.inn,
        "suspended": one.suspended,
        "zone": one.zone.key if one.zone else None,
        "manager": one.manager,
        "contacts": [
            {"name": person.name, "addresses": list(person.addresses), "specialist": person.specialist}
            for person in one.contacts
        ],
        "domains": list(one.domains),
        "agreements": list(one.agreements),
        "periods": [[_dump_day(period.since), _dump_day(period.until)] for period in one.periods],
        "package": _dump_package(one.package),
        "source": source,
    }


def client_of(row: Row[Any], prefix: str = "") -> Client:
    """Return the client that a row of `client` holds, or one that has its columns with a prefix."""
    stored = {column.name: getattr(row, prefix + column.name) for column in client.c}
    return Client(
        key=stored["key"],
        name=stored["name"],
        level=stored["level"],
        hours=Hours(stored["hours"]),
        contacts=tuple(
            Contact(name=one["name"], addresses=tuple(one["addresses"]), specialist=one["specialist"])
            for one in stored["contacts"]
        ),
        domains=tuple(stored["domains"]),
        agreements=tuple(stored["agreements"]),
        inn=stored["inn"],
        periods=tuple(Period(since=_load_day(since), until=_load_day(until)) for since, until in stored["periods"]),
        suspended=stored["suspended"],
        zone=ZoneInfo(stored["zone"]) if stored["zone"] else None,
        manager=stored["manager"],
        package=_load_package(stored["package"]),
    )


def coupon_values(organization: str, one: Coupon, source: Source) -> dict[str, Any]:
    """Return the coupon as a row of `coupon`, but for the instant it was issued at."""
    return {
        "organization": organization,
        "key": fold(one.code),
        "code": one.code,
        "client": one.client,
        "level": one.level,
        "hours": one.hours,
        "since": one.since,
        "until": one.until,
        "revoked": one.revoked,
        "renews": fold(one.renews) or None,
        "source": source,
    }


def coupon_of(row: Row[Any], renews: str, prefix: str = "") -> Coupon:
    """Return the coupon that a row of `coupon` holds; `renews` is the code before it, as issued."""
    stored = {column.name: getattr(row, prefix + column.name) for column in coupon.c}
    return Coupon(
        code=stored["code"],
        client=stored["client"],
        level=stored["level"],
        hours=Hours(stored["hours"]),
        since=stored["since"],
        until=stored["until"],
        revoked=stored["revoked"],
        renews=renews,
    )


def _dump_package(package: Package | None) -> dict[str, Any] | None:
    if package is None:
        return None
    return {
        "hours": None if package.hours is None else package.hours // _MICROSECOND,
        "requests": package.requests,
        "carry_over": package.carry_over,
        "price": None if package.price is None else str(package.price),
    }


def _load_package(stored: Any) -> Package | None:
    if stored is None:
        return None
    return Package(
        hours=None if stored["hours"] is None else stored["hours"] * _MICROSECOND,
        requests=stored["requests"],
        carry_over=stored["carry_over"],
        price=None if stored["price"] is None else Decimal(stored["price"]),
    )


def _dump_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _load_day(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)
