"""A customer who was asked for something: when they are reminded, and when their request is closed (C22). Pure.

While we owe the answer nobody is chased: any letter of the customer, and any of an agent, ends it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from maild.desk.catalogue import Asking


@dataclass(frozen=True, kw_only=True)
class Chase:
    """How long one customer is still waited for."""

    ticket_id: int
    since: datetime
    remind_at: datetime | None  # None: reminded already, or not to be
    close_at: datetime | None  # None: never

    @property
    def next_at(self) -> datetime | None:
        """When something happens next, if nobody writes."""
        return min((at for at in (self.remind_at, self.close_at) if at), default=None)


def begin_chase(ticket_id: int, asking: Asking, at: datetime) -> Chase:
    """Return the chase of a customer who is asked at an instant."""
    return Chase(
        ticket_id=ticket_id,
        since=at,
        remind_at=at + asking.remind if asking.remind else None,
        close_at=at + asking.give_up if asking.give_up else None,
    )


def look_at_chase(chase: Chase, now: datetime) -> tuple[Chase, Literal["remind", "close"] | None]:
    """Return what is due, and the chase after it.

    Nobody is given up without their reminder: where maild was away for both, the term goes on from the reminder.
    """
    if chase.remind_at and chase.remind_at <= now:
        late = now - chase.remind_at
        close_at = chase.close_at + late if chase.close_at and chase.close_at > chase.remind_at else chase.close_at
        return replace(chase, remind_at=None, close_at=close_at), "remind"
    if chase.close_at and chase.close_at <= now:
        return replace(chase, close_at=None), "close"
    return chase, None
