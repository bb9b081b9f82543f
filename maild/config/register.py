"""The shape of what an organisation knows of its clients, and what becomes of those it does not know."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from maild.config.hours import Day
from maild.config.promises import PackageEntry
from maild.config.section import Section
from maild.config.types import (
    Code,
    Count,
    Domains,
    Duration,
    Line,
    MailAddress,
    Name,
    Private,
    Switch,
    Words,
    Zone,
    as_list,
    one_line,
)
from maild.contracts.keys import is_valid_inn
from maild.contracts.lookalikes import MAX_KEY
from maild.sla.target import Hours


def parse_inn(value: object) -> str:
    """Accept a Russian taxpayer number whose check digits are right; anything else raises ValueError."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{10}|[0-9]{12}", value):
        raise ValueError("a taxpayer number (INN) in quotes: 10 digits for a company, 12 for a person")
    if not is_valid_inn(value):
        raise ValueError("a taxpayer number (INN) whose check digits are right: one of these digits is mistyped")
    return value


def parse_agreement(value: object) -> str:
    """Accept the number of an agreement as letters are searched for one; anything else raises ValueError."""
    if isinstance(value, str) and any(map(str.isdigit, value)) and len(value) <= MAX_KEY:
        return one_line(value.strip())
    raise ValueError('the number of an agreement in quotes, with a digit in it, such as "12/2026"')


class ContactEntry(Section):
    """A person who speaks for a client."""

    name: Line = ""
    address: MailAddress = Field(examples=["anna@client.example"])
    aliases: Annotated[tuple[MailAddress, ...], BeforeValidator(as_list)] = ()  # other addresses of theirs
    specialist: Switch = False  # named in the contract: the name in a letter's text is evidence (VC-5)


class PeriodEntry(Section):
    """Days on which a contract holds, both included, in the organisation's zone."""

    since: Day | None = None
    until: Day | None = None


def _short_coupon(value: object) -> object:
    """Take a text for a coupon's code."""
    return {"code": value} if isinstance(value, str) else value


class CouponEntry(Section):
    """A code that grants support (CB-22…24)."""

    code: Code = Field(examples=["7KQ4-MX2P-9TR5"], repr=False)
    level: Name | None = None  # None: the client's
    hours: Hours = Hours.WORKING
    since: Day | None = None  # both included, in the organisation's zone
    until: Day | None = None
    revoked: Day | None = None  # from this day on it grants nothing
    renews: Code | None = Field(default=None, repr=False)  # the code whose place it takes


class ClientEntry(Section):
    """The organisation (or person) served."""

    name: Words = Field(examples=["The example client"])
    level: Name | None = None
    hours: Hours = Hours.WORKING
    addresses: Annotated[tuple[MailAddress, ...], BeforeValidator(as_list)] = ()  # of contacts without a name
    contacts: tuple[ContactEntry, ...] = ()
    domains: Domains = ()
    agreements: Annotated[
        tuple[Annotated[str, BeforeValidator(parse_agreement)], ...], BeforeValidator(as_list)
    ] = ()  # numbers as written in the contracts
    inn: Annotated[str, BeforeValidator(parse_inn)] | None = None  # taxpayer number
    since: Day | None = None  # of the contract, both included, in the organisation's zone
    until: Day | None = None
    periods: tuple[PeriodEntry, ...] = ()  # instead of the two, where it was interrupted
    suspended: Line = ""  # why; "": it is not
    zone: Zone | None = None  # that terms are told in; None: the organisation's
    manager: Name | None = None  # agent who is reminded of this client's terms
    package: PackageEntry | None = None  # None: the level's
    coupons: Annotated[tuple[Annotated[CouponEntry, BeforeValidator(_short_coupon)], ...], Private()] = Field(
        default=(), repr=False
    )


class IdentityEntry(Section):
    """What becomes of letters whose client is not served as a matter of course."""

    unknown: Literal["serve", "ask", "refuse"] = "serve"
    unknown_level: Name | None = None  # level of the unknown; None: none
    suspended: Literal["person", "refuse"] = "person"
    expired: Literal["person", "refuse"] = "person"
    not_yet_valid: Literal["person", "refuse"] = "person"
    guesses: Count = Field(default=5, ge=1)  # unknown coupons of one author within `window`; then no more are looked up
    guesses_of_all: Count = Field(default=50, ge=1)  # of all unknown authors together
    window: Duration = timedelta(days=1)
    public_domains: Domains = ()  # providers whose domains prove nothing, besides those maild knows
