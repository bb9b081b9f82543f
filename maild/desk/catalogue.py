"""What an organisation has ready for deciding about requests: grounds, teams, units, offers, what it asks for. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal

from maild.config.model import Organization
from maild.config.promises import AccountingEntry
from maild.config.services import Included, OutsideEntry, ServiceEntry
from maild.desk.survey import Satisfaction
from maild.faq.entry import Entry
from maild.sla.clock import Wait
from maild.wording.asking import ASKED, say_asked


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Why a request is refused or put off (C15)."""

    id: str
    name: str
    effect: Literal["refuse", "postpone"] = "refuse"
    decided: Literal["rule", "person"] = "person"  # by itself, or proposed to a person
    text: str = ""  # why, in words for the customer
    next: str = ""  # what they can do
    counted: bool = False  # against the quota
    wait: Wait = Wait.CUSTOMER  # for what, where it is put off


@dataclass(frozen=True, kw_only=True)
class Unit:
    """To whom requests are passed on (C25): a team of ours, or somebody else by mail."""

    id: str
    name: str
    team: str = ""
    address: str = ""
    text: str = ""  # what the customer is told besides
    close: bool = False  # whether the request is no longer ours then


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Paid work that may be offered (C21)."""

    id: str
    name: str
    text: str = ""
    price: Decimal | None = None
    per: str = ""  # "hour", "request"; "": the whole
    currency: str = "₽"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A service of the regulation's table (C4): at which levels it is included, and what follows where it is not."""

    id: str
    name: str
    included: Mapping[str, Included] = field(default_factory=dict)  # by level
    offer: str = ""  # one of these, or none: an agent decides
    refuse: str = ""
    route: str = ""

    def cell(self, level: str) -> Included:
        """Return what the table says of a level: where it says nothing, a person decides."""
        return self.included.get(level, "person")


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something that a request should have (C22)."""

    id: str
    text: str  # "номер версии программы", in words that go on a list
    wait: bool = True  # whether the request waits for it


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How long a customer is waited for who was asked for something."""

    remind: timedelta = timedelta(days=3)  # zero: not at all
    give_up: timedelta = timedelta(days=14)  # zero: never
    consent: bool = True  # whether they are asked what an unclear yes to paid work means


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """How long a customer may say that what we call solved is not."""

    within: timedelta = timedelta(0)  # zero: they are not told
    calendar: str = ""  # whose days off do not count; "": all days do
    tell: bool = False  # whether they are written to when it is closed


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All of it, by id."""

    grounds: Mapping[str, Ground] = field(default_factory=dict)
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # ids of agents
    team_names: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    services: Mapping[str, Row] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    asking: Asking = Asking()
    chasing: Asking = Asking(remind=timedelta(0), give_up=timedelta(0))  # of those who do not reply to an answer
    confirmation: Confirmation = Confirmation()
    satisfaction: Satisfaction = field(default_factory=Satisfaction)
    faq: Mapping[str, Entry] = field(default_factory=dict)

    @cached_property
    def outside(self) -> frozenset[str]:
        """The addresses of the units, casefolded."""
        return frozenset(unit.address.casefold() for unit in self.units.values() if unit.address)


def catalogue_of(organization: Organization) -> Catalogue:
    """Return what a checked configuration has ready."""
    accounting = organization.accounting or AccountingEntry()
    return Catalogue(
        grounds={
            id_: Ground(
                id=id_, name=one.name, effect=one.effect, decided=one.decided, text=one.text, next=one.next,
                counted=one.counted, wait=Wait(one.wait),
            )
            for id_, one in organization.ground.items()
        },
        teams={id_: one.agents for id_, one in organization.team.items()},
        team_names={id_: one.name for id_, one in organization.team.items()},
        units={
            id_: Unit(
                id=id_, name=one.name, team=one.team or "", address=one.address or "", text=one.text, close=one.close
            )
            for id_, one in organization.unit.items()
        },
        offers={
            id_: Offer(
                id=id_, name=one.name, text=one.text, price=one.price, per=one.per or "",
                currency=accounting.currency if one.currency is None else one.currency,
            )
            for id_, one in organization.offer.items()
        },
        services={id_: _row(id_, one) for id_, one in organization.service.items()},
        items=_items(organization),
        asking=Asking(
            remind=organization.asking.remind, give_up=organization.asking.give_up, consent=organization.asking.consent
        ),
        chasing=Asking(remind=organization.chasing.remind, give_up=organization.chasing.close),
        confirmation=Confirmation(
            within=organization.confirmation.within, calendar=organization.confirmation.calendar or "",
            tell=organization.confirmation.tell,
        ),
        satisfaction=Satisfaction(ask=organization.satisfaction.ask, within=organization.satisfaction.within),
        faq={
            id_: Entry(
                id=id_, title=one.title, url=one.url or "", words=one.words or (), questions=one.questions or (),
                answer=one.answer, since=one.since, until=one.until,
            )
            for id_, one in organization.faq.items()
        },
    )  # fmt: skip


def _row(id_: str, entry: ServiceEntry) -> Row:
    said = entry.outside or OutsideEntry()
    return Row(
        id=id_, name=entry.name, included=entry.included,
        offer=said.offer or "", refuse=said.refuse or "", route=said.route or "",
    )  # fmt: skip


def _items(organization: Organization) -> dict[str, Item]:
    """Return what may be asked for: what maild knows by itself, in its words or the organisation's, and the rest."""
    language = organization.language
    own = {id_: one.text or say_asked(id_, language) for id_, one in organization.missing.items()}
    known = {id_: say_asked(id_, language) for id_ in ASKED}
    waits = {id_: one.wait for id_, one in organization.missing.items()}
    return {id_: Item(id=id_, text=text, wait=waits.get(id_, True)) for id_, text in (known | own).items()}
