"""What an organisation promises its clients, ready for deciding: levels, targets, calendars, whom it serves. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from maild.contracts.accounting import Policy as Accounting
from maild.contracts.client import Client
from maild.contracts.found import RegisterPolicy
from maild.contracts.providers import domain_key
from maild.contracts.recognition import Standing
from maild.model import Ticket
from maild.sla.calendar import Calendar
from maild.sla.moves import Plan
from maild.sla.target import Hours, Target, choose_targets

_PROMISED = ("", Standing.SERVED, Standing.UNKNOWN)  # "": opened before there was a register


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level of support (tariff, SLA)."""

    name: str
    quota: int | None = None  # requests in a calendar month; None: the organisation's


@dataclass(frozen=True, kw_only=True)
class Severity:
    """How bad it is."""

    name: str
    out_of_queue: bool = False  # taken before everything that only came earlier (CB-4)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What becomes of authors whom the register does not vouch for."""

    unknown: Literal["serve", "ask", "refuse"] = "serve"
    unknown_level: str = ""  # the level that strangers are served at
    refused: frozenset[Standing] = frozenset()  # of clients whose contract does not hold today; else a person decides
    guesses: int = 5  # unknown coupons of one author within `window`; more are not looked up
    guesses_of_all: int = 50  # of all authors of the organisation together
    window: timedelta = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Service:
    """The promises of one organisation."""

    targets: tuple[Target, ...] = ()  # in the order of the configuration
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)  # names by id
    severities: Mapping[str, Severity] = field(default_factory=dict)
    identity: Identity = Identity()
    public_domains: frozenset[str] = frozenset()  # providers that the organisation knows besides ours
    quota: int | None = None  # requests of one client in a calendar month (C19)
    offer: str = ""  # what is offered beyond it, in the admin's words
    head: str = ""  # id of the agent who is told of breaches
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - immutable, and cached by key
    language: str = "ru"
    accounting: Mapping[str, Accounting] = field(default_factory=dict)  # by level, "" for those without; empty: none
    currency: str = ""

    def zone_of(self, client: Client | None) -> ZoneInfo:
        """Return the zone in which a client's people are told instants: the client's own, else the organisation's (D11)."""
        return (client.zone if client else None) or self.zone

    def plan(self, ticket: Ticket) -> Plan:
        """Return what holds for a ticket with its level, category, severity and hours.

        Nothing, where a contract does not hold or it is not clear whose applies: a person decides first, and by `#клиент`.
        """
        if ticket.standing not in _PROMISED:
            return Plan(ticket_id=ticket.id, targets=(), calendars=self.calendars)
        chosen = choose_targets(
            self.targets,
            level=ticket.level,
            category=ticket.category,
            severity=ticket.severity,
            hours=Hours(ticket.hours),
        )
        return Plan(ticket_id=ticket.id, targets=chosen, calendars=self.calendars)

    @property
    def register(self) -> RegisterPolicy:
        """Return what weighing evidence needs to know."""
        return RegisterPolicy(
            levels=frozenset(self.levels),
            public_domains=frozenset(map(domain_key, self.public_domains)),
            guesses_by_author=self.identity.guesses,
            guesses_by_all=self.identity.guesses_of_all,
            window=self.identity.window,
        )

    def level_name(self, level: str) -> str:
        """Return a level as people call it; "" for none."""
        return self.levels[level].name if level in self.levels else level

    def quota_of(self, level: str) -> int | None:
        """Return how many requests a client of that level may make in a calendar month; None: any number."""
        return self.levels[level].quota if level in self.levels and self.levels[level].quota else self.quota

    def accounting_of(self, level: str) -> Accounting | None:
        """Return how the work for clients of a level is counted; None where work is not counted."""
        return self.accounting.get(level, self.accounting.get(""))

    def rank_of(self, ticket: Ticket) -> int:
        """Return a ticket's place in the queue before the time of receipt (CB-3, CB-4, CB-22)."""
        severity = self.severities.get(ticket.severity)
        if severity and severity.out_of_queue:
            return 0
        return 1 if ticket.coupon else 2

    def rank_after(self, was: Ticket, ticket: Ticket) -> int:
        """Return the place of a ticket that is something else now: one that a rule gave it stands, unless it has become more urgent."""
        before, now = self.rank_of(was), self.rank_of(ticket)
        if was.rank == before:
            return now
        return min(now, was.rank) if now < before else was.rank
