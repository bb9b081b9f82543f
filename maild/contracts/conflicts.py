"""What cannot stand in one register together, wherever it comes from: configuration, import, or both."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from maild.contracts.client import Client, Coupon
from maild.contracts.coupons import fold, shorten
from maild.contracts.keys import inn_key
from maild.contracts.providers import address_key, domain_key


class Clash(StrEnum):
    """What is wrong between two clients, or among coupons."""

    KEY = "key"  # one key, or two that differ only by case
    ADDRESS = "address"
    DOMAIN = "domain"
    AGREEMENT = "agreement"
    INN = "inn"
    COUPON = "coupon"  # listed twice, in whatever spelling
    OWNER = "owner"  # a coupon of a client that is not there
    RENEWS_UNKNOWN = "renews-unknown"
    RENEWS_FOREIGN = "renews-foreign"  # another client's
    RENEWED_TWICE = "renewed-twice"
    CIRCULAR = "circular"

    @property
    def of_coupons(self) -> bool:
        """Whether a conflict's places are in the coupons, not in the clients."""
        return self not in (Clash.KEY, Clash.ADDRESS, Clash.DOMAIN, Clash.AGREEMENT, Clash.INN)


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Two owners of one thing. Places, not values: whoever asked knows where each came from, and no code is printed."""

    kind: Clash
    value: str  # as the second has it; a coupon shortened
    first: (
        int | None
    )  # place among the clients (coupons, for `kind.of_coupons`) that were handed in; None: there is no other
    second: int  # the later one, which is to be mended
    owners: tuple[str, ...]  # keys of the clients, the first one's first; one key where both have it

    def __str__(self) -> str:
        """What is wrong, in words."""
        return _WORDS[self.kind].format(value=self.value, first=self.owners[0], second=self.owners[-1])


_WORDS = {
    Clash.KEY: 'two clients have the key "{second}"',
    Clash.ADDRESS: 'the clients "{first}" and "{second}" both have the address {value}',
    Clash.DOMAIN: 'the clients "{first}" and "{second}" both have the domain {value}',
    Clash.AGREEMENT: 'the clients "{first}" and "{second}" both have the agreement {value}',
    Clash.INN: 'the clients "{first}" and "{second}" both have the INN {value}',
    Clash.COUPON: 'the coupon {value} is listed twice (of "{first}" and of "{second}")',
    Clash.OWNER: 'the coupon {value} belongs to "{second}", and there is no such client',
    Clash.RENEWS_UNKNOWN: 'a coupon of "{second}" renews {value}, and there is no such coupon',
    Clash.RENEWS_FOREIGN: 'a coupon of "{second}" renews {value}, which is a coupon of "{first}"',
    Clash.RENEWED_TWICE: 'the coupon {value} is renewed twice (by coupons of "{first}" and of "{second}")',
    Clash.CIRCULAR: 'the coupon {value} of "{second}" is renewed, by way of others or by itself, by itself',
}


def find_conflicts(clients: Sequence[Client], coupons: Sequence[Coupon]) -> list[Conflict]:
    """Return what keeps the register from being used, in the order of the later of each two; empty when all is well.

    Things are the same when letters could not tell them apart (`keys`, `lookalikes`). Linear in what is handed in.
    """
    return [*_between_clients(clients), *_among_coupons(clients, coupons)]


# ── clients ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _between_clients(clients: Sequence[Client]) -> Iterator[Conflict]:
    owners: dict[tuple[Clash, str], int] = {}
    for place, client in enumerate(clients):
        for kind, value, identity in _claims(client):
            first = owners.setdefault((kind, identity), place)
            if first != place and (kind is Clash.KEY or clients[first].key.casefold() != client.key.casefold()):
                yield Conflict(
                    kind=kind, value=value, first=first, second=place, owners=(clients[first].key, client.key)
                )


def _claims(client: Client) -> Iterator[tuple[Clash, str, str]]:
    """Yield what only one client may have: kind, as written, and what two spellings have in common. Nothing twice."""
    seen = set()
    for kind, values, identity in (
        (Clash.KEY, [client.key], str.casefold),
        (Clash.ADDRESS, [one.addr for one in client.addresses], address_key),
        (Clash.DOMAIN, client.domains, domain_key),
        (Clash.AGREEMENT, client.agreements, fold),
        (Clash.INN, [client.inn] if client.inn else [], inn_key),
    ):
        for value in values:
            claim = (kind, identity(value))
            if claim not in seen:
                seen.add(claim)
                yield kind, value, claim[1]


# ── coupons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _among_coupons(clients: Sequence[Client], coupons: Sequence[Coupon]) -> Iterator[Conflict]:
    known = {client.key for client in clients}
    places: dict[str, int] = {}
    for place, coupon in enumerate(coupons):
        if coupon.client not in known:
            yield _conflict(Clash.OWNER, coupon.code, coupons, None, place)
        first = places.setdefault(fold(coupon.code), place)
        if first != place:
            yield _conflict(Clash.COUPON, coupon.code, coupons, first, place)
    renews: dict[int, int] = {}
    renewed_by: dict[int, int] = {}
    for place, coupon in enumerate(coupons):
        if not coupon.renews:
            continue
        old = places.get(fold(coupon.renews))
        if old is None:
            yield _conflict(Clash.RENEWS_UNKNOWN, coupon.renews, coupons, None, place)
            continue
        renews[place] = old
        if coupons[old].client != coupon.client:
            yield _conflict(Clash.RENEWS_FOREIGN, coupon.renews, coupons, old, place)
        first = renewed_by.setdefault(old, place)
        if first != place:
            yield _conflict(Clash.RENEWED_TWICE, coupon.renews, coupons, first, place)
    for circle in _circles(renews):
        yield _conflict(Clash.CIRCULAR, coupons[circle[0]].code, coupons, circle[-1], circle[0])


def _circles(leads: dict[int, int]) -> Iterator[list[int]]:
    """Yield every ring of places that lead to one another, from its latest place on. Each place leads to one other at most."""
    done: set[int] = set()
    for start in leads:
        path: dict[int, None] = {}  # in the order walked
        place: int | None = start
        while place is not None and place not in done and place not in path:
            path[place] = None
            place = leads.get(place)
        if place is not None and place in path:
            walked = list(path)
            ring = walked[walked.index(place) :]
            latest = ring.index(max(ring))
            yield ring[latest:] + ring[:latest]
        done.update(path)


def _conflict(kind: Clash, code: str, coupons: Sequence[Coupon], first: int | None, second: int) -> Conflict:
    owners: Iterable[str] = (coupons[place].client for place in (first, second) if place is not None)
    return Conflict(kind=kind, value=shorten(code), first=first, second=second, owners=tuple(owners))
