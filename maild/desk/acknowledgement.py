"""What the author of a request hears at once: an acknowledgement or a refusal, or nothing, and why nothing. Pure."""

from zoneinfo import ZoneInfo

from maild.contracts.recognition import CouponState, Standing
from maild.desk.admission import Admission
from maild.desk.case import Case
from maild.ingest.classify import is_no_reply
from maild.model import Draft, Kind, Purpose, Ticket
from maild.sla.clock import Clock
from maild.wording import say_date, say_instant, say_label


def reason_for_silence(case: Case, ticket: Ticket) -> str | None:
    """Return why nothing automatic may go to the author, or None."""
    to, caps = ticket.requester, case.policy.caps
    if not to.addr:
        return "the letter names nobody to answer to"
    if case.kind.kind is not Kind.PERSON:
        return f"a machine wrote it: {'; '.join(case.kind.evidence)}"
    if case.said.machine:
        return f"what was passed on is a machine's: {case.said.machine}"
    if case.message.envelope_sender == "":
        return "the null envelope sender asks for no answer (RFC 5321 §4.5.5)"
    if is_no_reply(to.addr):
        return "the address for answers asks for none"
    if to.key in case.policy.staff:
        return "it names an agent's address as its author"
    if case.facts.sent_to.get(to.key, 0) >= caps.per_address:
        return f"this address has had {caps.per_address} automatic letters lately (limits.per_address)"
    return None


def reply_to_author(case: Case, admission: Admission) -> Draft:
    """Return the acknowledgement with everything that was understood, or the refusal with what to do next."""
    ticket = admission.ticket
    refused = admission.verdict == "refuse"
    return Draft(
        purpose=Purpose.REFUSAL if refused else Purpose.ACKNOWLEDGEMENT,
        recipient=ticket.requester,
        subject=ticket.subject,
        ticket=ticket,
        words=_coupon(case, refused=refused)
        | (_refusal(case, ticket) if refused else _acknowledgement(case, admission)),
        # of what was passed on the ids are an agent's or a form's: theirs is no thread of the customer's
        in_reply_to=None if case.said.wrapped else case.message.message_id,
        references=case.message.references,
    )


def binding(clocks: tuple[Clock, ...]) -> Clock | None:
    """Return the clock whose term comes first, or None where nothing is due."""
    due = [(one.due_at, n) for n, one in enumerate(clocks) if one.running and one.due_at]
    return clocks[min(due)[1]] if due else None


def zone_of(case: Case) -> ZoneInfo:
    """Return the zone in which terms are told to the customer: the client's own, else the organisation's (D11)."""
    client = case.client.client
    return client.zone if client and client.zone else case.policy.service.zone


def _acknowledgement(case: Case, admission: Admission) -> dict[str, object]:
    service, ticket = case.policy.service, admission.ticket
    clock = binding(admission.clocks)
    term = None
    if clock and clock.due_at:
        term = {"text": say_instant(clock.due_at, zone_of(case), service.language, case.now), "what": clock.until}
    understood = {"client": ticket.client_name, "level": service.level_name(ticket.level)} if ticket.client else {}
    over = admission.over
    return {
        "first": ticket.id == case.facts.next_ticket_id,
        "term": term,
        "client": ticket.client_name,
        "level": service.level_name(ticket.level),
        "understood": [(say_label(name, service.language), value) for name, value in understood.items() if value],
        "standing": ticket.standing,
        "missing": ["identification"] if admission.verdict == "ask" else [],
        "quota": {"number": over[0], "limit": over[1], "offer": service.offer} if over else None,
    }


def _refusal(case: Case, ticket: Ticket) -> dict[str, object]:
    """Say since or until when the contract holds, where that is why."""
    language, periods = case.policy.service.language, case.client.client.periods if case.client.client else ()
    ended = [one.until for one in periods if one.until and one.until < case.today]
    begins = [one.since for one in periods if one.since and one.since > case.today]
    return {
        "standing": ticket.standing,
        "until": say_date(max(ended), language) if ended else "",
        "since": say_date(min(begins), language) if begins else "",
    }


def _coupon(case: Case, *, refused: bool) -> dict[str, object]:
    """Say what the quoted coupon is worth: one that is valid grants nothing to whoever is not served, or not for certain."""
    language, coupon, state = case.policy.service.language, case.client.quoted_coupon, case.client.coupon_state
    if state is CouponState.VALID and case.client.standing is not Standing.SERVED:
        if refused:
            return {}
        state = CouponState.UNHEARD  # a person decides on that, too
    return {
        "coupon": state or "",
        "coupon_code": case.client.quoted,
        "coupon_since": say_date(coupon.since, language) if coupon and coupon.since else "",
        "coupon_until": say_date(coupon.until, language) if coupon and coupon.until else "",
    }
