"""Everything a letter causes, as one value: what deciding returns, the store applies and `explain` prints."""

from dataclasses import dataclass

from maild.model import Draft, Entry, Finding, Outcome, Outgoing, Participant, Status, Ticket, TicketEvent


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Everything a letter causes; `store` applies it in one transaction."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    ticket_id: int | None = None  # the ticket opened or touched
    opened: Ticket | None = None
    joined: tuple[Participant, ...] = ()
    status: Status | None = None
    entries: tuple[Entry, ...] = ()
    events: tuple[TicketEvent, ...] = ()
    drafts: tuple[Draft, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()  # the drafts, composed
    bounced: int | None = None  # the outbox row whose delivery failed after it was sent
    undone: int | None = None  # the letter that is no repeat after all, and is walked once more
