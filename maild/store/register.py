"""The register of clients and coupons: who a letter's marks lead to, what is listed, and the life of a coupon.

What writes whole sets of them is in `enrol`. Every look-up is by an index and asks for no more than it is handed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, union_all, update
from sqlalchemy.exc import IntegrityError

from maild.contracts.client import Client, Coupon
from maild.contracts.coupons import shorten
from maild.contracts.found import Found, FoundCoupon, Hit
from maild.contracts.keys import Evidence, Key, organization_key
from maild.contracts.lookalikes import fold
from maild.contracts.providers import address_key
from maild.errors import RegisterConflict
from maild.store.register_rows import Source, client_of, coupon_of, coupon_values, space_of
from maild.store.schema import client, client_mark, coupon, coupon_guess, ticket

MAX_SHARING = 20  # clients who have one name; of a name that more have nothing is told
BATCH = 500  # rows in memory at once where everything is listed


@dataclass(frozen=True, kw_only=True)
class CouponEntry:
    """A coupon of the register."""

    key: str
    coupon: Coupon
    client: Client | None  # None: nobody has the key that it names
    successor: Coupon | None  # the one that has taken its place
    source: Source
    issued_at: datetime


# ── looking up ───────────────────────────────────────────────────────────────────────────────────────────────────────


def find(
    connection: Connection,
    organization: str,
    keys: Iterable[Key],
    coupons: Sequence[str],
    who: str,
    since: datetime,
    *,
    until: datetime | None = None,
    guessed: Connection | None = None,
) -> Found:
    """Return all that the register has to say of a letter whose author (`providers.box_key`) is `who`; no ticket's client.

    `keys` and `coupons` are those of `ClientClues`: two queries answer all the keys, one all the coupons, and where there
    are any coupons, two count the guesses after `since`. A name that more than MAX_SHARING clients have leads to none of them.
    """
    hits = tuple(_hits(connection, organization, keys))
    if not coupons:
        return Found(hits=hits)
    by_author, by_all = guesses(guessed or connection, organization, who, since, until)
    quoted = _entries(connection, coupon.c.organization == organization, coupon.c.key.in_(coupons))
    return Found(
        hits=hits,
        coupons=tuple(
            FoundCoupon(key=one.key, coupon=one.coupon, client=one.client, renewed_by=one.successor)
            for one in quoted
            if one.client is not None
        ),
        guesses=len(by_author),
        guesses_by_all=by_all,
        guessed=frozenset(by_author),
    )


def _hits(connection: Connection, organization: str, keys: Iterable[Key]) -> Iterator[Hit]:
    asked: dict[str, set[str]] = {}
    for kind, key in keys:
        asked.setdefault(space_of(kind), set()).add(key)
    if not asked:
        return
    # Two plain steps: without statistics SQLite would join the other way round, and look at every client for a letter.
    every = connection.execute(
        union_all(
            *(
                select(client_mark.c.kind, client_mark.c.key, client_mark.c.client).where(
                    client_mark.c.organization == organization,
                    client_mark.c.space == space,
                    client_mark.c.key.in_(among),
                )
                for space, among in asked.items()
            )
        )
    ).all()
    sharing = Counter((mark.kind, mark.key) for mark in every)
    marks = [mark for mark in every if sharing[mark.kind, mark.key] <= MAX_SHARING]
    where = (client.c.organization == organization, client.c.key.in_({mark.client for mark in marks}))
    rows = connection.execute(select(client).where(*where)) if marks else ()
    clients = {row.key: client_of(row) for row in rows}
    for mark in marks:
        yield Hit(kind=Evidence(mark.kind), key=mark.key, client=clients[mark.client])


def find_client(connection: Connection, organization: str, key: str) -> Client | None:
    """Return the client that commands and tickets call so, or None."""
    row = connection.execute(select(client).where(client.c.organization == organization, client.c.key == key)).first()
    return client_of(row) if row else None


def find_named(connection: Connection, organization: str, name: str) -> list[Client]:
    """Return the clients whom people may mean: by key, or by name with or without its legal form, or by an address of theirs."""
    if one := find_client(connection, organization, name) or find_client(connection, organization, name.casefold()):
        return [one]
    keys = ((Evidence.ORGANIZATION, organization_key(name)), (Evidence.ADDRESS, address_key(name)))
    hits = _hits(connection, organization, ((kind, key) for kind, key in keys if key))
    return list({hit.client.key: hit.client for hit in hits}.values())


def client_names(connection: Connection, organization: str, limit: int) -> list[tuple[str, str]]:
    """Return the keys and names of so many clients, by key."""
    query = select(client.c.key, client.c.name).where(client.c.organization == organization).order_by(client.c.key)
    return [(row.key, row.name) for row in connection.execute(query.limit(limit))]


def all_clients(
    connection: Connection, organization: str, *, source: Source | None = None
) -> Iterator[tuple[Client, Source]]:
    """Yield the clients by key, those of one source if named; a few hundred at a time are in memory."""
    where = [client.c.organization == organization] + ([client.c.source == source] if source else [])
    last = None
    while rows := connection.execute(
        select(client)
        .where(*where, *([client.c.key > last] if last is not None else []))
        .order_by(client.c.key)
        .limit(BATCH)
    ).all():
        for row in rows:
            yield client_of(row), Source(row.source)
        last = rows[-1].key


def all_coupons(
    connection: Connection, organization: str, *, of: str | None = None, source: Source | None = None
) -> Iterator[CouponEntry]:
    """Yield the coupons by key, those of one client (its key) or of one source if named; a few hundred at a time."""
    where = [coupon.c.organization == organization]
    where += [coupon.c.source == source] if source else []
    if of is not None:  # a handful: in pages SQLite would look for them among everybody's
        yield from sorted(_entries(connection, *where, coupon.c.client == of), key=lambda entry: entry.key)
        return
    last = None
    while entries := list(
        _entries(connection, *where, *([coupon.c.key > last] if last is not None else []), limit=BATCH)
    ):
        yield from entries
        last = entries[-1].key


def find_coupon(connection: Connection, organization: str, code: str) -> CouponEntry | None:
    """Return a coupon by its code in any spelling, or None."""
    where = (coupon.c.organization == organization, coupon.c.key == fold(code))
    return next(_entries(connection, *where), None)


def _entries(connection: Connection, *where: ColumnElement[bool], limit: int | None = None) -> Iterator[CouponEntry]:
    query = _ENTRY.where(*where)
    if limit is not None:
        query = query.order_by(coupon.c.key).limit(limit)
    for row in connection.execute(query):
        yield CouponEntry(
            key=row.key,
            coupon=coupon_of(row, row.renews_code or row.renews or ""),
            client=client_of(row, "client_") if row.client_key is not None else None,
            successor=coupon_of(row, row.code, "after_") if row.after_key is not None else None,
            source=Source(row.source),
            issued_at=row.issued_at,
        )


_BEFORE, _AFTER = coupon.alias("before"), coupon.alias("after")
_ENTRY = (  # put together once: forty columns take longer than the answer
    select(
        coupon,
        _BEFORE.c.code.label("renews_code"),
        *(column.label(f"after_{column.name}") for column in _AFTER.c),
        *(column.label(f"client_{column.name}") for column in client.c),
    )
    .outerjoin(_BEFORE, and_(_BEFORE.c.organization == coupon.c.organization, _BEFORE.c.key == coupon.c.renews))
    .outerjoin(_AFTER, and_(_AFTER.c.organization == coupon.c.organization, _AFTER.c.renews == coupon.c.key))
    .outerjoin(client, and_(client.c.organization == coupon.c.organization, client.c.key == coupon.c.client))
)


@contextmanager
def all_or_nothing(connection: Connection) -> Iterator[None]:
    """Let what is written inside be there whole or not at all. Raises RegisterConflict where somebody else was faster."""
    try:
        with connection.begin_nested():
            yield
    except IntegrityError as error:  # all that we can see beforehand has been looked at
        raise RegisterConflict(["somebody else changed the register at the same moment: try again"]) from error


# ── the life of a coupon ─────────────────────────────────────────────────────────────────────────────────────────────


def issue(connection: Connection, organization: str, issued: Coupon, now: datetime) -> None:
    """Enter a new coupon. Raises RegisterConflict where its code exists, or nobody has the client's key."""
    if find_coupon(connection, organization, issued.code):
        raise RegisterConflict([f"coupon {shorten(issued.code)} exists already: issue one with another code"])
    if find_client(connection, organization, issued.client) is None:
        raise RegisterConflict([f"there is no client {issued.client!r}: `maild client list` shows all"])
    values = coupon_values(organization, issued, Source.ISSUED) | {"issued_at": now}
    with all_or_nothing(connection):
        connection.execute(insert(coupon).values(values))


def renew(connection: Connection, organization: str, code: str, successor: Coupon, now: datetime) -> Coupon:
    """Enter `successor` in the place of the coupon with this code, and return it as entered.

    Raises RegisterConflict where there is no such coupon, or where another one has taken its place already.
    """
    old = _existing(connection, organization, code)
    if old.successor is not None:
        heir = shorten(old.successor.code)
        raise RegisterConflict([f"coupon {shorten(code)} was renewed already: {heir} has its place, renew that one"])
    renewed = replace(successor, renews=old.coupon.code)
    issue(connection, organization, renewed, now)
    return renewed


def revoke(connection: Connection, organization: str, code: str, on: date) -> Coupon:
    """Let the coupon grant nothing from that day on, and return it; one that was revoked earlier stays as it is.

    Raises RegisterConflict where there is no such coupon, or where the configuration would bring it back.
    """
    entry = _existing(connection, organization, code)
    if entry.source is Source.CONFIG:
        raise RegisterConflict([f"coupon {shorten(code)} stands in the configuration: set its `revoked` there"])
    if entry.coupon.revoked is not None and entry.coupon.revoked <= on:
        return entry.coupon
    where = (coupon.c.organization == organization, coupon.c.key == entry.key)
    connection.execute(update(coupon).where(*where).values(revoked=on))
    return replace(entry.coupon, revoked=on)


def _existing(connection: Connection, organization: str, code: str) -> CouponEntry:
    entry = find_coupon(connection, organization, code)
    if entry is None:
        raise RegisterConflict([f"there is no coupon {shorten(code)}: `maild coupon list` shows all"])
    return entry


def known_by(connection: Connection, organization: str) -> frozenset[str]:
    """Return by what clients can be known here: `name`, where there are any; `inn` and `coupon`, where any has one."""
    marked = select(client_mark).where(client_mark.c.organization == organization)
    asked = {
        "name": select(client).where(client.c.organization == organization).exists(),
        "inn": marked.where(client_mark.c.space == space_of(Evidence.INN)).exists(),
        "coupon": select(coupon).where(coupon.c.organization == organization).exists(),
    }
    found = connection.execute(select(*asked.values())).one()
    return frozenset(name for name, there in zip(asked, found, strict=True) if there)


# ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def note_guesses(connection: Connection, organization: str, who: str, digests: Iterable[str], at: datetime) -> None:
    """Remember which coupons that do not exist an author (`providers.box_key`) has quoted: `Recognition.guessed`."""
    values = [{"organization": organization, "who": who, "digest": one, "at": at} for one in digests]
    if values:
        connection.execute(insert(coupon_guess), values)


def guesses(
    connection: Connection, organization: str, who: str, since: datetime, until: datetime | None = None
) -> tuple[list[str], int]:
    """Return the digests of this author's guesses after `since`, before `until` if named, and how many everybody's are."""
    within = [coupon_guess.c.organization == organization, coupon_guess.c.at > since]
    within += [coupon_guess.c.at < until] if until else []
    by_author = select(coupon_guess.c.digest).where(*within, coupon_guess.c.who == who)
    by_all = select(func.count()).where(*within)
    return list(connection.execute(by_author).scalars()), int(connection.execute(by_all).scalar_one())


def count_requests(
    connection: Connection, organization: str, of: str, start: datetime, end: datetime, *where: ColumnElement[bool]
) -> int:
    """Return how many requests of a client were received within [start, end) and count against the quota."""
    query = select(func.count()).where(
        ticket.c.organization == organization,
        ticket.c.client == of,
        ticket.c.received_at >= start,
        ticket.c.received_at < end,
        ticket.c.counted,
        *where,
    )
    return int(connection.execute(query).scalar_one())
