"""Clients, their people, agreements and coupons, as values."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from maild.model import Address
from maild.sla.target import Hours


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days on which a contract holds, both included, in the organisation's zone. None: open on that side."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Package:
    """Prepaid work (C20)."""

    hours: timedelta | None = None  # per calendar month
    requests: int | None = None  # per calendar month
    carry_over: bool = False  # what is left is kept for the next month, inside the prepaid term only (NI-12)
    price: Decimal | None = None  # of an hour (a request) beyond it; None: the organisation's


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A person who speaks for a client. The first address is the main one, the others are verified aliases."""

    name: str = ""
    addresses: tuple[str, ...] = ()
    specialist: bool = False  # named in the contract (VC-5): the name in a letter's text is evidence


@dataclass(frozen=True, kw_only=True)
class Client:
    """The organisation (or person) served."""

    key: str  # short, unique in our organisation, what admins and commands call it
    name: str
    level: str = ""  # id of a level of the configuration
    hours: Hours = Hours.WORKING
    contacts: tuple[Contact, ...] = ()
    domains: tuple[str, ...] = ()  # lower-case; never a public mail provider's
    agreements: tuple[str, ...] = ()  # numbers as written
    inn: str = ""  # taxpayer number, 10 or 12 digits
    periods: tuple[Period, ...] = ()  # in order; empty: no end, no beginning
    suspended: str = ""  # why; "": it is not
    zone: ZoneInfo | None = None  # None: the organisation's
    manager: str = ""  # id of an agent
    package: Package | None = None  # None: the level's, or none

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every address of every contact."""
        return tuple(Address(name=one.name, addr=addr) for one in self.contacts for addr in one.addresses)


@dataclass(frozen=True, kw_only=True)
class Coupon:
    """A quotable code that grants support (CB-22…24)."""

    code: str  # as issued, "7KQ4-MX2P-9TR5"
    client: str  # the client's key
    level: str = ""  # "": the client's
    hours: Hours = Hours.WORKING
    since: date | None = None  # days of the organisation's zone, both included
    until: date | None = None
    revoked: date | None = None  # from this day on it grants nothing
    renews: str = ""  # code of the coupon that this one takes the place of; each is renewed at most once
