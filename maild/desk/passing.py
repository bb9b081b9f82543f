"""The letter that hands a customer's request to somebody outside (C25, FN-17). Pure."""

from maild.desk.attached import choose_attached
from maild.desk.case import Case
from maild.desk.catalogue import Unit
from maild.desk.notifications import writer_of
from maild.model import Address, Draft, Purpose, Role, Ticket
from maild.tokens import hide_tokens


def why_not_passed_on(case: Case, unit: Unit) -> str | None:
    """Return why a unit does not get a request, which stays with us then; None: it does."""
    key, limit = unit.address.casefold(), case.policy.caps.per_agent
    authors = {one.key for one in (case.author.address, case.message.author, case.said.author) if one}
    if key in authors:
        return f"unit {unit.id} wrote it: its machine and ours would go on for ever"
    if unit.address and case.letter.raw.truncated:
        return f"only the beginning of the letter was taken: unit {unit.id} would not have the rest"
    if unit.address and case.facts.sent_to.get(key, 0) >= limit:
        return f"unit {unit.id} has had {limit} letters lately (limits.per_agent)"
    return None


def pass_on(case: Case, unit: Unit | None, ticket: Ticket) -> tuple[Draft, ...]:
    """Return the letter to the unit outside, if there is one."""
    if unit is None or not unit.address:
        return ()
    to = Address(name=unit.name, addr=unit.address)
    attached, left_out = choose_attached(case, outside=True)
    words = {
        "unit": unit.name,
        "author": writer_of(case),
        "text": hide_tokens(case.said.text),
        "left_out": left_out,
        "closed": unit.close,
    }
    draft = Draft(
        purpose=Purpose.PASSING, recipient=to, subject=ticket.subject, ticket=ticket, words=words, attached=attached
    )
    return (draft,)


def is_units(case: Case, ticket: Ticket) -> bool:
    """Whether somebody outside wrote the letter, to whom the ticket was passed on: that is no word of the customer's."""
    author = case.author.address
    return author is not None and any(
        one.role is Role.UNIT and one.address.key == author.key for one in ticket.participants
    )
