"""Whether a customer is asked what they think of our work, and by which letter. Pure.

Once about each request, by the letter that tells of its end; by one of its own only where no other goes to the customer.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from maild.ingest.classify import is_no_reply
from maild.model import Draft, Purpose, Rating, Status, Ticket

_CARRIERS = (Purpose.ANSWER, Purpose.RESOLUTION, Purpose.UPDATED, Purpose.CLOSING)  # letters that can ask besides


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """What the organisation wants to know."""

    ask: Literal["never", "resolved", "closed"] = "never"  # at which end
    within: timedelta = timedelta(days=14)  # so long an answer counts

    def ends(self, was: Status, now: Status) -> bool:
        """Whether a request has just come to the end at which its customer is asked."""
        over = {"never": (), "resolved": (Status.RESOLVED, Status.CLOSED), "closed": (Status.CLOSED,)}[self.ask]
        return now in over and was not in over


@dataclass(frozen=True, kw_only=True)
class Question:
    """A customer was asked, about whose work, and what they have said so far."""

    ticket_id: int
    at: datetime
    until: datetime  # so long an answer counts
    agent: str = ""  # whose the request was then (ids); "": nobody's
    team: str = ""
    client: str = ""
    said: Rating | None = None  # the latest word


@dataclass(frozen=True, kw_only=True)
class Vote:
    """What a customer says of a request."""

    ticket_id: int
    value: Rating
    author: str  # the address it came from


def question_about(ticket: Ticket, wish: Satisfaction, at: datetime, staff: Collection[str]) -> Question | None:
    """Return the question to a ticket's customer; None: there is nobody to be asked."""
    to = ticket.requester
    if not to.addr or is_no_reply(to.addr) or to.key in staff:
        return None
    return Question(
        ticket_id=ticket.id, at=at, until=at + wish.within, agent=ticket.agent, team=ticket.team, client=ticket.client
    )


def with_question(drafts: tuple[Draft, ...], ticket: Ticket) -> tuple[Draft, ...]:
    """Return the letters, of which the one to the customer asks besides, or one more that only asks."""
    for at, one in enumerate(drafts):
        if one.purpose in _CARRIERS and one.recipient.key == ticket.requester.key:
            return (*drafts[:at], replace(one, asks=True), *drafts[at + 1 :])
    return (*drafts, question_alone(ticket))


def question_alone(ticket: Ticket) -> Draft:
    """Return the letter that only asks."""
    return Draft(
        purpose=Purpose.SATISFACTION, recipient=ticket.requester, subject=ticket.subject, ticket=ticket,
        in_reply_to=ticket.answers, asks=True,
    )  # fmt: skip
