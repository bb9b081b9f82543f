"""Clients and coupons written as a set: what the configuration has, what a table brings. All of it, or nothing and why.

The configuration and the imported rest stand side by side and never change one another: whose a client is, is whose word
counts for it. So whatever would be in both is refused, and the refusal names both.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, select

from maild.contracts.client import Client, Coupon
from maild.contracts.coupons import shorten
from maild.contracts.keys import Evidence
from maild.contracts.lookalikes import fold
from maild.errors import RegisterConflict
from maild.store.register import all_or_nothing
from maild.store.register_rows import (
    Source,
    as_written,
    client_of,
    client_values,
    coupon_of,
    coupon_values,
    mark_values,
)
from maild.store.schema import client, client_mark, coupon, register_version

CHUNK = 500  # values in one IN list, rows in one INSERT
FOLDING = 1  # count it up when keys are folded in another way: then the configured ones are written anew
_SPACE = {Evidence.INN: "INN"}
_HOME = {Source.CONFIG: "configured", Source.IMPORT: "imported", Source.ISSUED: "issued by command"}

T = TypeVar("T")
Values = Mapping[str, Any]


def sync_configured(
    connection: Connection, organization: str, clients: Sequence[Client], coupons: Sequence[Coupon], now: datetime
) -> bool:
    """Make these the organisation's configured clients and coupons; return whether anything had to be written.

    Raises RegisterConflict, and has written nothing, where one of them contradicts another one or what was imported.
    """
    if is_synced(connection, organization, clients, coupons):
        return False
    here, fingerprint = register_version.c.organization == organization, _fingerprint(clients, coupons)
    with all_or_nothing(connection):
        writing = _Enrolment(connection, organization, Source.CONFIG, now)
        issued_at = {row.key: row.issued_at for row in writing.stored(coupon, (fold(one.code) for one in coupons))}
        writing.remove_clients(client.c.source == Source.CONFIG)
        writing.remove_coupons(coupon.c.source == Source.CONFIG)
        writing.add(clients, coupons, issued_at)
        connection.execute(delete(register_version).where(here))
        connection.execute(insert(register_version).values(organization=organization, fingerprint=fingerprint))
    return True


def is_synced(connection: Connection, organization: str, clients: Sequence[Client], coupons: Sequence[Coupon]) -> bool:
    """Whether these are the organisation's configured clients and coupons already."""
    query = select(register_version.c.fingerprint).where(register_version.c.organization == organization)
    return connection.execute(query).scalar() == _fingerprint(clients, coupons)


def copy_register(source: Connection, target: Connection) -> None:
    """Copy all clients and coupons into a database that has none."""
    for table in (client, client_mark, coupon, register_version):
        for rows in source.execute(select(table)).mappings().partitions(CHUNK):
            target.execute(insert(table), [dict(row) for row in rows])


def apply_import(
    connection: Connection,
    organization: str,
    clients: Sequence[Client] | None,
    coupons: Sequence[Coupon] | None,
    now: datetime,
    *,
    remove_missing: bool = False,
) -> None:
    """Enter clients and coupons from a table, those that were imported before with their new values.

    With `remove_missing` what was imported before and is not among them goes; None instead of a set leaves that kind
    alone. What the configuration has with the very same values is passed over, so that an export can be read back. A
    coupon that was revoked stays revoked: the table may be older. Raises RegisterConflict, and has written nothing.
    """
    with all_or_nothing(connection):
        writing = _Enrolment(connection, organization, Source.IMPORT, now)
        new_clients = list(writing.without_configured_clients(clients or ()))
        there = {row.key: row for row in writing.stored(coupon, (fold(one.code) for one in coupons or ()))}
        new_coupons = list(_without_configured_coupons(coupons or (), there))
        for keys in _chunks(one.key for one in new_clients):
            writing.remove_clients(client.c.source == Source.IMPORT, client.c.key.in_(keys))
        for keys in _chunks(fold(one.code) for one in new_coupons):
            writing.remove_coupons(coupon.c.source != Source.CONFIG, coupon.c.key.in_(keys))
        if remove_missing and clients is not None:
            writing.remove_clients(client.c.source == Source.IMPORT)
        if remove_missing and coupons is not None:
            writing.remove_coupons(coupon.c.source == Source.IMPORT)
        writing.add(new_clients, new_coupons, {key: row.issued_at for key, row in there.items()})


def _fingerprint(clients: Sequence[Client], coupons: Sequence[Coupon]) -> str:
    return hashlib.sha256(repr((FOLDING, tuple(clients), tuple(coupons))).encode("utf-8", "replace")).hexdigest()


def _without_configured_coupons(coupons: Iterable[Coupon], there: Mapping[str, Row[Any]]) -> Iterator[Coupon]:
    for one in coupons:
        row = there.get(fold(one.code))
        if row is None or row.source != Source.CONFIG:
            yield replace(one, revoked=one.revoked or (row.revoked if row is not None else None))
        elif coupon_of(row, one.renews) != one or fold(one.renews) != (row.renews or ""):
            yield one  # to be refused


class _Enrolment:
    """The writing of one set into what is there."""

    def __init__(self, connection: Connection, organization: str, source: Source, now: datetime) -> None:
        self.connection, self.organization, self.source, self.now = connection, organization, source, now

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    def stored(self, table: Table, keys: Iterable[str]) -> Iterator[Row[Any]]:
        """Yield the rows with these keys."""
        for some in _chunks(keys):
            where = (table.c.organization == self.organization, table.c.key.in_(some))
            yield from self.connection.execute(select(table).where(*where)).all()

    def without_configured_clients(self, clients: Sequence[Client]) -> Iterator[Client]:
        """Yield those that the configuration does not have with the very same values."""
        for some in _chunks(clients):
            rows = self.stored(client, (one.key for one in some))
            configured = {row.key: client_of(row) for row in rows if row.source == Source.CONFIG}
            yield from (one for one in some if configured.get(one.key) != one)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def remove_clients(self, *where: ColumnElement[bool]) -> None:
        """Remove clients and what leads to them."""
        here = (client.c.organization == self.organization, *where)
        gone = client_mark.c.client.in_(select(client.c.key).where(*here))
        self.connection.execute(delete(client_mark).where(client_mark.c.organization == self.organization, gone))
        self.connection.execute(delete(client).where(*here))

    def remove_coupons(self, *where: ColumnElement[bool]) -> None:
        """Remove coupons."""
        self.connection.execute(delete(coupon).where(coupon.c.organization == self.organization, *where))

    def add(self, clients: Sequence[Client], coupons: Sequence[Coupon], issued_at: Mapping[str, datetime]) -> None:
        """Enter what contradicts neither itself nor what is there. Raises RegisterConflict with every contradiction."""
        people = [client_values(self.organization, one, self.source) for one in clients]
        marks = [values for one in clients for values in mark_values(self.organization, one)]
        codes = [coupon_values(self.organization, one, self.source) for one in coupons]
        for values in codes:
            values["issued_at"] = issued_at.get(values["key"], self.now)
        problems = [
            *self._clients_twice(people),
            *self._marks_twice(clients, [mark for mark in marks if not mark["shared_by"]]),
            *self._coupons_twice(codes),
            *self._renewals_twice([one for one in codes if one["renews"]]),
            *self._coupons_without_client({one.key for one in clients}, codes),
            *self._broken_chains({one["key"]: one for one in codes}),
        ]
        if problems:
            raise RegisterConflict(problems)
        for table, rows in ((client, people), (client_mark, marks), (coupon, codes)):
            for some in _chunks(rows):
                self.connection.execute(insert(table), some)

    # ── contradictions, a sentence each ──────────────────────────────────────────────────────────────────────────────

    def _clients_twice(self, people: Sequence[Values]) -> Iterator[str]:
        for first, _ in _pairs(people, lambda one: one["key"]):
            yield f"client {first['key']} is there twice: give one of the two another key"
        for row in self.stored(client, (one["key"] for one in people)):
            yield (
                f"client {row.key} is {_HOME[self.source]} and {_HOME[row.source]}: "
                "remove one of the two, or give it another key"
            )

    def _marks_twice(self, clients: Sequence[Client], marks: Sequence[Values]) -> Iterator[str]:
        mine = {one.key: one for one in clients}
        for first, second in _pairs(marks, lambda one: (one["space"], one["key"])):
            owners = ((mine[one["client"]], "") for one in (first, second))
            yield _same_mark(first, *owners)
        spaces: dict[str, dict[str, Values]] = {}
        for mark in marks:
            spaces.setdefault(mark["space"], {})[mark["key"]] = mark
        for space, by_key in spaces.items():
            for some in _chunks(by_key):
                query = (
                    select(client, client_mark.c.key.label("mark"))
                    .join_from(client_mark, client)
                    .where(client_mark.c.organization == self.organization, client_mark.c.space == space)
                    .where(client_mark.c.key.in_(some))
                )
                for row in self.connection.execute(query):
                    mark = by_key[row.mark]
                    yield _same_mark(mark, (mine[mark["client"]], self.source), (client_of(row), row.source))

    def _coupons_twice(self, codes: Sequence[Values]) -> Iterator[str]:
        for first, second in _pairs(codes, lambda one: one["key"]):
            whose = f"client {first['client']}'s and client {second['client']}'s"
            yield f"coupon {shorten(first['code'])} is there twice, {whose}: remove one of the two"
        mine = {one["key"]: one for one in codes}
        for row in self.stored(coupon, mine):
            yield (
                f"coupon {shorten(row.code)} is both client {mine[row.key]['client']}'s ({_HOME[self.source]}) "
                f"and client {row.client}'s ({_HOME[row.source]}): remove one of the two"
            )

    def _renewals_twice(self, codes: Sequence[Values]) -> Iterator[str]:
        for first, second in _pairs(codes, lambda one: one["renews"]):
            yield _renewed_twice(first["code"], second["code"])
        mine = {one["renews"]: one for one in codes}
        for some in _chunks(mine):
            where = (coupon.c.organization == self.organization, coupon.c.renews.in_(some))
            for row in self.connection.execute(select(coupon.c.code, coupon.c.renews).where(*where)):
                yield _renewed_twice(mine[row.renews]["code"], row.code)

    def _coupons_without_client(self, mine: set[str], codes: Sequence[Values]) -> Iterator[str]:
        others = {one["client"] for one in codes} - mine
        others -= {row.key for row in self.stored(client, others)}
        for one in codes:
            if one["client"] in others:
                yield f"coupon {shorten(one['code'])} names client {one['client']}, whom nobody knows: correct the key"

    def _broken_chains(self, mine: Mapping[str, Values]) -> Iterator[str]:
        """Follow every chain from the newest to the oldest; a coupon whose chain has been seen is not followed again."""
        before: dict[str, str | None] = {key: one["renews"] for key, one in mine.items()}
        for one in mine.values():
            if one["renews"]:
                before.setdefault(one["renews"], None)
        unknown = before.keys() - mine.keys()
        while unknown:  # the chains go on in what is there
            rows = {row.key: row.renews for row in self.stored(coupon, unknown)}
            for one in mine.values() if self.source is Source.IMPORT else ():  # admins may tidy the configuration
                if one["renews"] in unknown - rows.keys():
                    yield f"coupon {shorten(one['code'])} renews one that nobody knows: correct `renews`"
            before |= rows
            unknown = {renews for renews in rows.values() if renews and renews not in before}
        seen: set[str] = set()
        for start in mine:
            chain: dict[str, None] = {}
            key: str | None = start
            while key is not None and key not in seen and key not in chain:
                chain[key] = None
                key = before.get(key)
            if key is not None and key in chain:
                yield f"coupon {shorten(mine[start]['code'])} renews itself, in a circle: correct `renews`"
            seen.update(chain)


def _same_mark(mark: Values, *owners: tuple[Client, str]) -> str:
    space, key = mark["space"], mark["key"]
    one, other = (
        f"{as_written(owner, space, key)} of client {owner.key}" + (f" ({_HOME[Source(source)]})" if source else "")
        for owner, source in owners
    )
    return f"{_SPACE.get(space, space)} {one} and {other} are the same: take it from one of them"


def _renewed_twice(one: str, other: str) -> str:
    return f"coupons {shorten(one)} and {shorten(other)} renew the same one: only one of them can take its place"


def _pairs(values: Iterable[Values], key: Any) -> Iterator[tuple[Values, Values]]:
    """Yield every value whose key an earlier one has, behind that one."""
    first: dict[Any, Values] = {}
    for one in values:
        if (other := first.setdefault(key(one), one)) is not one:
            yield other, one


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(values)
    while some := list(islice(remaining, CHUNK)):
        yield some
