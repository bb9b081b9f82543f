"""What the author of a request hears at once: an acknowledgement or a refusal, or nothing, and why nothing. Pure."""

from maild.contracts.recognition import CouponState, Standing
from maild.desk.case import Case
from maild.desk.catalogue import Ground, Unit
from maild.desk.files import files_words
from maild.desk.offering import say_offer
from maild.desk.steering import Steered
from maild.model import Draft, Purpose, Ticket
from maild.sla.clock import Clock
from maild.tokens import hide_tokens
from maild.wording import say_date, say_instant, say_label


def reply_to_author(case: Case, steered: Steered) -> Draft:
    """Return the acknowledgement with everything that was understood, or the refusal or delay with what to do next."""
    admission = steered.admission
    ticket = admission.ticket
    refused = admission.verdict == "refuse"
    if ground := steered.refused or steered.postponed:
        purpose = Purpose.REFUSAL if steered.refused else Purpose.POSTPONEMENT
        words = say_ground(ground)
        if not steered.refused:
            words |= {"asked": [item.text for item in steered.asked], **_registered(case, ticket)}
    elif refused:
        purpose, words = Purpose.REFUSAL, _coupon(case, refused=True) | _refusal(case, ticket)
    else:
        purpose, words = Purpose.ACKNOWLEDGEMENT, _coupon(case, refused=False) | _acknowledgement(case, steered)
        words |= _registered(case, ticket)
    words |= {"untaken": files_words(case.files, case.policy.service.language)}
    return Draft(
        purpose=purpose,
        recipient=ticket.requester,
        subject=ticket.subject,
        ticket=ticket,
        words=words,
        # of what was passed on the ids are an agent's or a form's: theirs is no thread of the customer's
        in_reply_to=None if case.said.wrapped else case.message.message_id,
        references=case.message.references,
    )


def name_untaken(case: Case, ticket: Ticket) -> Draft:
    """Return the letter that names what of a further letter's files is not taken (C23)."""
    words = {"first": False, "untaken": files_words(case.files, case.policy.service.language)}
    return Draft(
        purpose=Purpose.ACKNOWLEDGEMENT, recipient=ticket.requester, subject=ticket.subject, ticket=ticket, words=words,
        in_reply_to=case.message.message_id, references=case.message.references,
    )  # fmt: skip


def say_ground(ground: Ground) -> dict[str, object]:
    """Return what the customer is told of a ground."""
    return {"ground": {"name": ground.name, "text": ground.text, "next": ground.next}}


def say_unit(unit: Unit) -> dict[str, object]:
    """Return what the customer is told of whom their request was passed on to."""
    return {"name": unit.name, "text": unit.text, "closed": unit.close}


def binding(clocks: tuple[Clock, ...]) -> Clock | None:
    """Return the clock whose term comes first, or None where nothing is due."""
    due = [(one.due_at, n) for n, one in enumerate(clocks) if one.running and one.due_at]
    return clocks[min(due)[1]] if due else None


def _acknowledgement(case: Case, steered: Steered) -> dict[str, object]:
    service, admission, unit = case.policy.service, steered.admission, steered.unit
    ticket = admission.ticket
    ahead = tuple(one for one in admission.clocks if one.due_at and one.due_at > case.now)
    clock = binding(ahead)  # what has passed is promised to nobody
    term = None
    if clock and clock.due_at:
        term = {
            "text": say_instant(clock.due_at, service.zone_of(case.client.client), service.language, case.now),
            "what": clock.until,
        }
    understood = {"client": ticket.client_name, "level": service.level_name(ticket.level)} if ticket.client else {}
    understood |= {"category": service.categories.get(ticket.category, "")}
    understood |= {
        "severity": service.severities[ticket.severity].name if ticket.severity in service.severities else ""
    }
    over = admission.over
    return {
        "first": ticket.id == case.facts.next_ticket_id,
        "recorded": _recorded(case),
        "continues": case.thread.linked.number if case.thread.late and case.thread.linked else "",
        "term": term,
        "client": ticket.client_name,
        "level": service.level_name(ticket.level),
        "understood": [(say_label(name, service.language), value) for name, value in understood.items() if value],
        "standing": ticket.standing,
        "missing": ["identification"] if admission.verdict == "ask" else [],
        "known_by": sorted(case.known_by),
        "quota": {"number": over[0], "limit": over[1], "offer": service.offer} if over else None,
        "asked": [item.text for item in steered.asked],
        "faq": [
            {"number": n, "title": entry.title, "url": entry.url, "answer": entry.answer}
            for n, (entry, _) in enumerate(steered.faq, 1)
        ],
        "offer": say_offer(steered.offered, service.language) if steered.offered else None,
        "unit": say_unit(unit) if unit else None,
    }


def _registered(case: Case, ticket: Ticket) -> dict[str, object]:
    """Say on which day the letter that opened the request arrived (FN-18)."""
    first = ticket.id == case.facts.next_ticket_id
    return {"registered": say_date(case.today, case.policy.service.language) if first else ""}


def _recorded(case: Case) -> dict[str, str] | None:
    """Return the words as one of ours has put them, for the customer to put right, and out of which request they are."""
    if case.recorded is None:
        return None
    out_of = case.recorded.out_of
    return {"number": out_of.number if out_of else "", "words": hide_tokens(case.said.text)}


def _refusal(case: Case, ticket: Ticket) -> dict[str, object]:
    """Say since or until when the contract holds, where that is why."""
    language, periods = case.policy.service.language, case.client.client.periods if case.client.client else ()
    ended = [one.until for one in periods if one.until and one.until < case.today]
    begins = [one.since for one in periods if one.since and one.since > case.today]
    return {
        "standing": ticket.standing,
        "known_by": sorted(case.known_by),
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
