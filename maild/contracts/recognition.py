"""Who a letter's client is and what they are owed, as a value, with the evidence."""

from dataclasses import dataclass
from enum import StrEnum

from maild.contracts.client import Client, Coupon
from maild.contracts.keys import Evidence
from maild.model import Finding
from maild.sla.target import Hours


class Standing(StrEnum):
    """What the register says of a letter's author. Each is an outcome of its own (`regulations.md` CB-1, 12…14, TK-1, 9)."""

    SERVED = "served"  # a client with a contract that holds today, and a known level
    UNKNOWN = "unknown"  # nothing in the letter leads to a client
    CONFLICT = "conflict"  # it leads to several: a person decides
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    LEVEL_UNKNOWN = "level-unknown"  # the register names a level that the configuration does not have


class CouponState(StrEnum):
    """What became of the coupon that a letter quotes."""

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    REVOKED = "revoked"
    RENEWED = "renewed"  # another one has taken its place
    UNKNOWN = "unknown"  # looks like one of ours, or is called one, and is in no register
    UNHEARD = "unheard"  # this author has tried too many that do not exist: it was not looked up


@dataclass(frozen=True, kw_only=True)
class Lead:
    """Something in a letter that leads to a client, or to one of several, for people to judge."""

    kind: Evidence
    shown: str  # as written, coupons shortened; "" for a token
    clients: tuple[Client, ...]


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """What the register says of one letter."""

    standing: Standing = Standing.UNKNOWN
    client: Client | None = None  # None for UNKNOWN and CONFLICT
    level: str = ""  # that the ticket gets: the coupon's before the client's; "": none
    hours: Hours = Hours.WORKING
    coupon: Coupon | None = None  # only a valid one
    coupon_state: CouponState | None = None  # None: the letter quotes none
    quoted_coupon: Coupon | None = None  # the client's own, whatever it is worth today
    quoted: str = ""  # the coupon as quoted, shortened for people ("…9TR5"): never the whole code
    guesses: int = 0  # unknown coupons in this letter, for the throttle
    guessed: tuple[str, ...] = ()  # their digests: who quotes the same one in the next letter has not guessed again
    leads: tuple[Lead, ...] = ()  # where they contradict each other (CONFLICT)
    evidence: tuple[str, ...] = ()  # in words, the deciding one last; addresses but never whole coupons

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        who = f"client {self.client.key}" if self.client else "no client"
        verdict = f"{who}: {self.standing}" + (f", level {self.level}" if self.level else "")
        return Finding(step="client", verdict=verdict, evidence=self.evidence)
