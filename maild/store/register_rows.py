"""Clients, coupons and the marks that lead to them, as rows and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from maild.contracts.client import Client, Contact, Coupon, Package, Period
from maild.contracts.coupons import fold as fold_coupon
from maild.sla.target import Hours

_MICROSECOND = timedelta(microseconds=1)


class Source(StrEnum):
    """Where a client or a coupon came from, and so who may change it."""

    CONFIG = "config"
    IMPORT = "import"
    ISSUED = "issued"  # a coupon, by `maild coupon`


class Kind(StrEnum):
    """What in a letter leads to a client. Coupons lead there as well, but have a life of their own."""

    ADDRESS = "address"
    DOMAIN = "domain"
    AGREEMENT = "agreement"
    INN = "inn"
    SPECIALIST = "specialist"  # a name, which several clients' people may have


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One thing that leads to a client."""

    kind: Kind
    key: str  # what all spellings have in common
    value: str  # as written
    contact: str = ""  # whose address or name it is
    alias: bool = False  # not the first of the contact's addresses


def _fold_words(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


FOLD: Mapping[Kind, Callable[[str], str]] = {
    Kind.ADDRESS: lambda text: text.strip().casefold(),  # Address.key
    Kind.DOMAIN: lambda text: text.strip().casefold(),  # Address.domain
    Kind.AGREEMENT: _fold_words,
    Kind.INN: lambda text: "".join(text.split()),
    Kind.SPECIALIST: _fold_words,
}


def marks_of(client: Client) -> list[Mark]:
    """Return everything that leads to the client, each key of a kind once."""
    found = [
        Mark(kind=Kind.ADDRESS, key=FOLD[Kind.ADDRESS](addr), value=addr, contact=contact.name, alias=n > 0)
        for contact in client.contacts
        for n, addr in enumerate(contact.addresses)
    ]
    found += [
        Mark(kind=Kind.SPECIALIST, key=FOLD[Kind.SPECIALIST](contact.name), value=contact.name, contact=contact.name)
        for contact in client.contacts
        if contact.specialist
    ]
    plain = {Kind.DOMAIN: client.domains, Kind.AGREEMENT: client.agreements, Kind.INN: (client.inn,)}
    found += [Mark(kind=kind, key=FOLD[kind](one), value=one) for kind, values in plain.items() for one in values]
    return list({(mark.kind, mark.key): mark for mark in reversed(found) if mark.key}.values())[::-1]


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def mark_values(organization: str, client: Client) -> list[dict[str, Any]]:
    """Return the client's marks as rows of `client_mark`."""
    return [
        {
            "organization": organization,
            "kind": mark.kind,
            "key": mark.key,
            "shared_by": client.key if mark.kind is Kind.SPECIALIST else "",
            "client": client.key,
            "value": mark.value,
            "contact": mark.contact,
            "alias": mark.alias,
        }
        for mark in marks_of(client)
    ]


def client_values(organization: str, client: Client, source: Source) -> dict[str, Any]:
    """Return the client as a row of `client`."""
    return {
        "organization": organization,
        "key": client.key,
        "name": client.name,
        "level": client.level,
        "hours": client.hours,
        "inn": client.inn,
        "suspended": client.suspended,
        "zone": client.zone.key if client.zone else None,
        "manager": client.manager,
        "contacts": [
            {"name": one.name, "addresses": list(one.addresses), "specialist": one.specialist}
            for one in client.contacts
        ],
        "domains": list(client.domains),
        "agreements": list(client.agreements),
        "periods": [[_dump_day(one.since), _dump_day(one.until)] for one in client.periods],
        "package": _dump_package(client.package),
        "source": source,
    }


def client_of(row: Row[Any]) -> Client:
    """Return the client that a row of `client` holds."""
    return Client(
        key=row.key,
        name=row.name,
        level=row.level,
        hours=Hours(row.hours),
        contacts=tuple(
            Contact(name=one["name"], addresses=tuple(one["addresses"]), specialist=one["specialist"])
            for one in row.contacts
        ),
        domains=tuple(row.domains),
        agreements=tuple(row.agreements),
        inn=row.inn,
        periods=tuple(Period(since=_load_day(since), until=_load_day(until)) for since, until in row.periods),
        suspended=row.suspended,
        zone=ZoneInfo(row.zone) if row.zone else None,
        manager=row.manager,
        package=_load_package(row.package),
    )


def coupon_values(organization: str, coupon: Coupon, source: Source) -> dict[str, Any]:
    """Return the coupon as a row of `coupon`, but for the instant it was issued at."""
    return {
        "organization": organization,
        "key": fold_coupon(coupon.code),
        "code": coupon.code,
        "client": coupon.client,
        "level": coupon.level,
        "hours": coupon.hours,
        "since": coupon.since,
        "until": coupon.until,
        "revoked": coupon.revoked,
        "renews": fold_coupon(coupon.renews) or None,
        "source": source,
    }


def coupon_of(row: Row[Any], renews: str) -> Coupon:
    """Return the coupon that a row of `coupon` holds; `renews` is the code before it, as issued."""
    return Coupon(
        code=row.code,
        client=row.client,
        level=row.level,
        hours=Hours(row.hours),
        since=row.since,
        until=row.until,
        revoked=row.revoked,
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
