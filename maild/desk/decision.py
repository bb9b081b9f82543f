"""Everything a letter causes, as one value: what deciding returns, the store applies and `explain` prints."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from maild.desk.chase import Chase
from maild.model import Draft, Entry, Finding, Outcome, Outgoing, Participant, Status, Ticket, TicketEvent
from maild.sla.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Spent:
    """An agent's time on a ticket (C20)."""

    agent: str  # their id
    time: timedelta
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """An answer of the FAQ that a customer is shown (C14)."""

    entry: str  # its id
    way: Literal["search", "rule", "agent"]  # who thought of it


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Everything a letter causes; `store` applies it in one transaction."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    ticket_id: int | None = None  # the ticket opened or touched
    opened: Ticket | None = None
    joined: tuple[Participant, ...] = ()
    status: Status | None = None
    became: Ticket | None = None  # the ticket from now on, where more of it than its status changes
    clocks: tuple[Clock, ...] = ()  # those of the ticket that are new or changed
    spent: tuple[Spent, ...] = ()
    suggested: tuple[Suggested, ...] = ()
    helped: tuple[str, ...] = ()  # the entries of which one has solved it, as the customer says
    chase: Chase | None = None  # whom we wait for from now on
    chase_over: bool = False  # whether nobody is waited for any longer
    guessed: tuple[str, ...] = ()  # digests of coupons that do not exist and were quoted all the same …
    guessed_by: str = ""  # … by this author (`providers.box_key`)
    entries: tuple[Entry, ...] = ()
    events: tuple[TicketEvent, ...] = ()
    drafts: tuple[Draft, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()  # the drafts, composed
    bounced: int | None = None  # the outbox row whose delivery failed after it was sent
    broken: str = ""  # "rule: error": a rule that failed because of our bug, for the admin
    undone: int | None = None  # the letter that is no repeat after all, and is walked once more
