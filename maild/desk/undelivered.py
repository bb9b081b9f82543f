"""What follows where a letter of ours does not arrive: whom it leaves waiting in vain, and what agents are told. Pure.

A customer who never heard our question is not waited for, and what never reached a unit is ours again.
"""

from dataclasses import dataclass
from datetime import datetime

from maild.model import Address, Agent, Outgoing, Purpose, Role, Status, Ticket
from maild.sla.clock import Clock
from maild.sla.clocks import Change, Plan, begin, resume

_QUESTIONS = (Purpose.ACKNOWLEDGEMENT, Purpose.POSTPONEMENT, Purpose.OFFER, Purpose.CHASER)


@dataclass(frozen=True)
class Lost:
    """What a letter that does not arrive costs."""

    notice: str  # what agents are told
    opens: bool  # whether the request is ours again


def whom_it_concerns(purpose: Purpose, writer: str, ticket: Ticket, agents: tuple[Agent, ...]) -> tuple[Agent, ...]:
    """Return who hears that a letter did not arrive; (): nobody in particular.

    Of an answer whoever wrote it, else whose the request is; of what was passed on both, for it is the latter's again.
    `writer` is the agent's address, casefolded; "" where no agent wrote it.
    """
    if purpose not in (Purpose.ANSWER, Purpose.PASSING):
        return ()
    wrote = tuple(one for one in agents if writer and one.writes_from(writer))
    owns = tuple(one for one in agents if one.id == ticket.agent and one not in wrote)
    return (*wrote, *owns) if purpose is Purpose.PASSING else wrote or owns


def is_copy(letter: Outgoing, ticket: Ticket) -> bool:
    """Whether it is an answer to somebody who is only copied, so that the customer has theirs.

    Where the request has gone into another one since, `ticket`, nobody says who asked: then it may be the customer's.
    """
    who = Address(addr=letter.recipient).key
    askers = {ticket.requester.key, *(one.address.key for one in ticket.participants if one.role is Role.REQUESTER)}
    return letter.purpose is Purpose.ANSWER and letter.ticket_id == ticket.id and who not in askers


def what_is_lost(purpose: Purpose, ticket: Ticket) -> Lost | None:
    """Return what it costs that a letter by rules, or by an agent's verdict, did not arrive; None: nothing that matters."""
    if purpose is Purpose.PASSING:
        theirs = ticket.status is Status.WAITING or (ticket.status is Status.CLOSED and not ticket.ground_state)
        return Lost("not-passed", opens=theirs)
    if purpose is Purpose.FORWARDING:
        return Lost("unheard", opens=False)
    if purpose is Purpose.RESOLUTION and ticket.status is Status.RESOLVED:
        return Lost("unheard", opens=True)
    if purpose is Purpose.UPDATED and ticket.status is Status.RESOLVED:
        return Lost("unheard", opens=True)
    if purpose is Purpose.PLANNED:
        return Lost("unheard", opens=False)
    asked = (
        purpose is Purpose.CHASER
        or ticket.asked
        or ticket.ground_state == "postponed"
        or ticket.offer_state == "offered"
    )
    if purpose in _QUESTIONS and (purpose is Purpose.OFFER or (asked and ticket.status is Status.WAITING)):
        notice = "not-offered" if purpose is Purpose.OFFER else "unheard"
        return Lost(notice, opens=ticket.status is Status.WAITING)
    if purpose is Purpose.REFUSAL and ticket.ground_state == "refused":
        return Lost("unheard", opens=False)
    return None


def ours_again(clocks: tuple[Clock, ...], plan: Plan, ticket: Ticket, at: datetime) -> Change:
    """Return the clocks of a request that nobody else deals with after all: they go on, or begin where they had ended."""
    if ticket.status is not Status.CLOSED:
        return resume(clocks, plan, at)
    begun = begin(plan, at) if clocks else Change(clocks=())  # to whom nothing was promised, nothing is now
    return Change(clocks=(*clocks, *begun.clocks), events=begun.events)
