"""What agents are shown of the desk, as the store finds it: values only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maild.contracts.accounting import Month, Row, Unit
from maild.contracts.client import Client
from maild.desk.queries import Query, Unclear
from maild.model import Ticket
from maild.sla.clock import Clock

MAX_SHOWN = 20  # tickets under one heading; how many more there are is said
MAX_HISTORY = 5  # of what happened to a ticket, the latest


@dataclass(frozen=True, kw_only=True)
class SeenTicket:
    """A ticket, and the running clock whose term comes first."""

    ticket: Ticket
    term: Clock | None = None
    askers: int = 0  # customers who ask for the same, where it waits for an update
    address: str = ""  # where the agent who reads this writes to answer it; "": only a notification can be answered


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The first tickets of a kind in the order of the queue, and how many there are."""

    tickets: tuple[SeenTicket, ...] = ()
    total: int = 0  # counted up to MAX_COUNTED

    def with_addresses(self, address_of: Callable[[int], str]) -> "Listing":
        """Return the same for an agent who writes to these addresses; `address_of` gives one by the ticket's id."""
        return replace(self, tickets=tuple(replace(one, address=address_of(one.ticket.id)) for one in self.tickets))


@dataclass(frozen=True, kw_only=True)
class Happened:
    """Something of a ticket's history: somebody's words, or the statuses that it went from and to."""

    at: datetime
    who: str = ""  # "": it is a change of status
    ours: bool = False  # an agent's words
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Used:
    """What a client has used in a month."""

    month: Month
    requests: int
    quota: int | None = None  # of requests; None: any number
    by: Unit | None = None  # what the row counts; None: work is not counted
    row: Row[int] | Row[timedelta] | None = None


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A question and what was found."""

    query: Query | Unclear
    listing: Listing | None = None  # None: there is nothing of the kind, or it was not asked for
    client: Client | None = None
    used: Used | None = None
    history: tuple[Happened, ...] = ()  # the oldest first
    near: tuple[str, ...] = ()  # keys of clients who may be meant instead

    @property
    def is_meant(self) -> bool:
        """Whether it is a question: "Клиент недоволен" is none, unless somebody is called so or a "#" stands before it."""
        return self.query.is_meant or self.client is not None or bool(self.near)

    def with_addresses(self, address_of: Callable[[int], str]) -> "Answered":
        """Return the same with the addresses of the tickets (`Listing.with_addresses`)."""
        return replace(self, listing=self.listing.with_addresses(address_of)) if self.listing else self
