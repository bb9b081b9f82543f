"""What the register has to say of one letter, as values: `recognise` weighs them. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from maild.contracts.client import Client, Coupon
from maild.contracts.keys import Evidence

_NAMED = 5  # clients in one line of evidence


@dataclass(frozen=True, kw_only=True)
class RegisterPolicy:
    """What the configuration says of clients and of guessing."""

    levels: frozenset[str] = frozenset()  # ids
    public_domains: frozenset[str] = frozenset()  # `domain_key`s of providers besides those that `providers` knows
    guesses_by_author: int = 5  # unknown coupons within `window`; from this many on their coupons are not looked at
    guesses_by_all: int = 100  # of the whole organisation
    window: timedelta = timedelta(days=1)  # for whoever counts them


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A client whom the register has under one of the keys asked for (`ClientClues.lookups`)."""

    kind: Evidence
    key: str
    client: Client


@dataclass(frozen=True, kw_only=True)
class FoundCoupon:
    """A coupon that the register has under one of the keys asked for (`ClientClues.coupons`)."""

    key: str
    coupon: Coupon
    client: Client
    renewed_by: Coupon | None = None  # the one that names it in `renews`


@dataclass(frozen=True, kw_only=True)
class Found:
    """All that the register has to say of one letter."""

    ticket_client: Client | None = None  # of the ticket that the letter continues with a token of that ticket
    hits: tuple[Hit, ...] = ()
    coupons: tuple[FoundCoupon, ...] = ()
    guesses: int = 0  # of this author within the window, letters before this one
    guesses_by_all: int = 0
    guessed: frozenset[str] = frozenset()  # `guess_digest` of each of this author's: to quote one again is no new guess


@dataclass(frozen=True)
class Fact:
    """What one clue says once the register has answered: the author is one of these clients."""

    kind: Evidence
    clients: tuple[Client, ...]
    words: str
    weak: bool = False
    shown: str = ""  # what the clue is, without its kind and place

    @property
    def keys(self) -> frozenset[str]:
        """The clients by their keys."""
        return frozenset(client.key for client in self.clients)

    def __str__(self) -> str:
        return f"{self.words}: {name_clients(self.clients)}"


def name_clients(clients: Iterable[Client]) -> str:
    """Return "client acme", "clients acme, romashka"."""
    keys = list(dict.fromkeys(client.key for client in clients))
    return (
        f"client {keys[0]}" if len(keys) == 1 else f"clients {', '.join(keys[:_NAMED])}{' …' if keys[_NAMED:] else ''}"
    )


def guess_digest(key: str) -> str:
    """Return what is remembered of a coupon that does not exist: enough to know it again, not to read it."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
