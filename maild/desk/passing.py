"""A customer's request goes to a unit: a team of ours works on it, somebody outside has it by mail (C25, FN-17). Pure.

One way for a rule and for an agent's command: what becomes of the request, why it may not go, and the letter that hands it over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from maild.desk.case import Case
from maild.desk.catalogue import Unit
from maild.model import Address, Attachment, Draft, Participant, Purpose, Role, Status, Ticket, TicketEvent
from maild.sla.clock import Clock, Wait
from maild.sla.clocks import rest, stop
from maild.sla.moves import Change
from maild.tokens import hide_tokens


@dataclass(frozen=True)
class Obstacle:
    """Why a unit does not get a request."""

    reason: str  # of `wording.receipts`
    detail: str  # for the history


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a unit outside gets to read."""

    author: Address  # the customer
    text: str
    cover: str = ""  # what an agent says to the unit besides
    attached: tuple[Attachment, ...] = ()
    left_out: tuple[str, ...] = ()
    earlier: Mapping[int, Callable[[], bytes]] = field(default_factory=dict)  # Draft.earlier


def why_not_passed_on(case: Case, unit: Unit, *customers: Address | None) -> Obstacle | None:
    """Return why a unit does not get a request of these customers, which stays with us then; None: it does."""
    key, limit = unit.address.casefold(), case.policy.caps.per_agent
    if key and key in {one.key for one in customers if one}:
        return Obstacle("units-own", f"unit {unit.id} wrote it: its machine and ours would go on for ever")
    cut = case.letter.raw.truncated or any(one.cut for one in case.orders.customers_letters)
    if unit.address and cut:
        return Obstacle("cut", f"only the beginning of the letter was taken: unit {unit.id} would not have the rest")
    if unit.address and case.facts.sent_to.get(key, 0) >= limit:
        return Obstacle("units-limit", f"unit {unit.id} has had {limit} letters lately (limits.per_agent)")
    return None


def hand_on(case: Case, unit: Unit, ticket: Ticket, clocks: tuple[Clock, ...], by: str) -> tuple[Ticket, Change]:
    """Return the request as it stands with a unit: with its team, waiting for who is outside, or no longer ours; `by` whom."""
    events = [TicketEvent(kind="unit", detail=f"to {unit.id}, {by}")]
    change = Change(clocks=clocks)
    ticket = replace(ticket, unit=unit.id, team=unit.team or ticket.team)
    if unit.close:
        change = stop(clocks, case.at, f"passed on to {unit.id}")
        ticket = replace(ticket, status=Status.CLOSED)
    elif unit.address:
        outside = Participant(address=Address(name=unit.name, addr=unit.address), role=Role.UNIT)
        others = tuple(one for one in ticket.participants if one.address.key != outside.address.key)
        change = rest(clocks, case.policy.service.plan(ticket), Wait.THIRD_PARTY, case.at)
        ticket = replace(ticket, status=Status.WAITING, participants=(*others, outside))
    return ticket, Change(clocks=change.clocks, events=(*events, *change.events))


def pass_on(unit: Unit | None, ticket: Ticket, request: Request) -> tuple[Draft, ...]:
    """Return the letter to the unit outside, if there is one."""
    if unit is None or not unit.address:
        return ()
    words = {
        "unit": unit.name,
        "author": request.author,
        "text": hide_tokens(request.text),
        "cover": hide_tokens(request.cover),
        "left_out": request.left_out,
        "closed": unit.close,
    }
    draft = Draft(
        purpose=Purpose.PASSING, recipient=Address(name=unit.name, addr=unit.address), subject=ticket.subject,
        ticket=ticket, words=words, attached=request.attached, earlier=request.earlier,
    )  # fmt: skip
    return (draft,)


def is_units(case: Case, ticket: Ticket) -> bool:
    """Whether somebody outside wrote the letter, to whom the ticket was passed on: that is no word of the customer's.

    So does whoever holds the unit's own token, from whatever address, but for those who take part in the ticket themselves.
    """
    author, holder = case.author.address, case.thread.holder
    roles = {one.role for one in ticket.participants if author and one.address.key == author.key}
    return Role.UNIT in roles or (not roles and holder is not None and holder.role is Role.UNIT)
