"""Whether an agent's letter in a ticket is meant for the customer. Pure: knows `model` and the steps of `ingest`.

Agents forward notifications to colleagues, and their mailboxes forward and answer by themselves. Everything of that
carries the agent's token, and nothing of it is for the customer: in doubt the agent is asked to write once more.
"""

from maild.desk.case import Case
from maild.desk.relay import quotes_header, relayed_text
from maild.ingest.classify import absence_wording
from maild.ingest.clients.lines import says_forwarded
from maild.ingest.reply import is_forwarded
from maild.ingest.thread import Spot
from maild.model import Ticket, is_own

MAX_ABSENCE = 600  # characters; autoresponders are brief, and whoever explains something to a customer writes more


def staff_addresses(case: Case) -> frozenset[str]:
    """Return the addresses (casefolded) that stand in our notifications and their replies, and never in an answer."""
    return case.policy.own.addresses | case.policy.staff


def why_no_answer(case: Case, ticket: Ticket) -> str | None:
    """Return why a proven agent's letter is not for the customer, or None when it is."""
    policy, message = case.policy, case.message
    if is_forward(message.subject, ticket):
        return "the subject says that it is forwarded"
    if case.thread.spot is not Spot.ADDRESS:
        if policy.subaddress:
            return "it was not sent to the address for answers, which carries the agent's token"
        if case.thread.spot is not Spot.IN_REPLY_TO:
            return "it answers no notification"
        if not any(is_own(address.key, policy.own.addresses) for address in message.to):
            return "it was not sent To us"
    words = relayed_text(message.text, staff_addresses(case))
    if words and quotes_header(words, staff_addresses(case)):
        return "a quoted header with our addresses stands among the words"
    whole = words is not None and len(words) == len(message.text.strip()) <= MAX_ABSENCE
    if whole and (absence := absence_wording(message.text)):
        return f"it reads like an autoresponder's: nothing is quoted, and it says {absence!r}"
    return None


def is_forward(subject: str, ticket: Ticket) -> bool:
    """Whether a mail client's mark of a forward stands before the ticket's number and subject.

    What stands behind is the customer's: their own letter may have been a forward.
    """
    before, number, _ = subject.casefold().partition(ticket.number.casefold())
    if not number:
        before = subject.casefold().removesuffix(ticket.subject.casefold())
    return says_forwarded(before)


def is_machine_made(case: Case) -> bool:
    """Whether nothing in the letter is the agent's: a mailbox forwards it by itself, and would forward our notice too."""
    words = relayed_text(case.message.text, staff_addresses(case))
    return words is None or is_forwarded(words)
