"""What can be taken back: the last letter of commands in a ticket. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.desk.chase import Chase
from maild.model import Purpose, Ticket
from maild.sla.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Undoable:
    """What an agent's last letter of commands in a ticket found, and what it has caused besides."""

    letter_id: int
    agent: str  # id
    at: datetime  # when it reached us
    ticket: Ticket  # as it was before
    clocks: tuple[Clock, ...]  # likewise
    chase: Chase | None
    spent: timedelta  # that it wrote down
    noted: bool  # whether it left a note
    left: frozenset[Purpose]  # of its letters to others than agents: what is sent or on its way …
    queued: frozenset[Purpose]  # … and what can still be kept from leaving
    touched: bool  # whether anything has happened to the ticket since
