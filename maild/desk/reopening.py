"""What a further letter makes of a ticket's terms, and of why it was refused or put off. Pure."""

from dataclasses import replace

from maild.contracts.recognition import Standing
from maild.desk.admission import clocks_of
from maild.desk.case import Case
from maild.model import Status, Ticket
from maild.sla.clock import OTHERS, Clock
from maild.sla.clocks import Change, begin, customer_wrote, open_again, resume
from maild.sla.target import Moment


def go_on(case: Case, ticket: Ticket, *, unit: bool) -> Change | None:
    """Return the clocks after a letter of the customer, or of the unit outside; None: nothing was promised, and nothing is.

    Whom a rule had refused, nothing was promised for that alone: once they have done what they were told, it is.
    """
    promised, plan, service = clocks_of(case, ticket), case.policy.service.plan(ticket), case.policy.service
    if not promised:
        known = ticket.standing != Standing.UNKNOWN or service.identity.unknown == "serve"
        return begin(plan, case.at) if ticket.ground_state == "refused" and known else None
    opened = open_again(promised, plan, case.at) if ticket.status is Status.CLOSED else Change(clocks=promised)
    wrote = (resume if unit else customer_wrote)(opened.clocks, plan, case.at)
    return Change(clocks=wrote.clocks, events=opened.events + wrote.events)


def waits_for_others(case: Case, ticket: Ticket, clocks: tuple[Clock, ...]) -> bool:
    """Whether a request is put off until somebody else than its customer acts: no letter of theirs brings that about.

    Where a solution is promised, its clock says what a letter ends (D12, D13).
    """
    ground = case.policy.catalogue.grounds.get(ticket.ground)
    put_off = ticket.status is Status.WAITING and ticket.ground_state == "postponed"
    promised = any(one.running and one.until is Moment.RESOLVED for one in clocks)
    return put_off and not promised and ground is not None and ground.wait in OTHERS


def ground_over(ticket: Ticket) -> Ticket:
    """Return a ticket that is worked on again: it is neither refused nor put off, and counts like any other."""
    if ticket.ground_state not in ("refused", "postponed"):
        return ticket
    return replace(ticket, ground="", ground_state="", counted=True)
