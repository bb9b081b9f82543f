"""Whether an agent's letter in a ticket is meant for the customer. Pure: knows `model` and the steps of `ingest`.

Agents forward notifications to colleagues, and their mailboxes forward and answer by themselves. Everything of that
may carry the agent's token, or our server's good word, and nothing of it is for the customer: in doubt the agent is asked to write once more.
"""

from maild.desk.case import Case, DeskPolicy
from maild.desk.relay import quotes_header, relayed_text
from maild.desk.relayed_page import relayed_page
from maild.ingest.classify import absence_wording
from maild.ingest.clients.lines import says_forwarded
from maild.ingest.reply import is_forwarded
from maild.ingest.thread import Spot
from maild.model import Agent, Message, Ticket, is_own
from maild.tokens import find_confirmations, find_tokens

MAX_ABSENCE = 600  # characters; autoresponders are brief, and whoever explains something to a customer writes more


def staff_addresses(case: Case) -> frozenset[str]:
    """Return the addresses (casefolded) that stand in our notifications and their replies, and never in an answer."""
    return case.policy.own.addresses | case.policy.staff


def why_no_answer(case: Case, ticket: Ticket) -> str | None:
    """Return why a proven agent's letter is not for the customer, or None when it is."""
    policy, message = case.policy, case.message
    if is_forward(message.subject, ticket):
        return "the subject says that it is forwarded"
    if find_confirmations(" ".join((*message.in_reply_to, *message.references, message.text))):
        return "it is about a question of ours to the agent"
    if any(token.note for one in _sent_to(message) for token in find_tokens(one)):
        return "it was sent to an address for notes that is not this agent's in this request"
    spot = case.thread.spot
    if spot not in (Spot.ADDRESS, None) and policy.subaddress and not case.letter.confirmed:
        return "it was not sent to the address for answers, which carries the agent's token"
    if spot not in (Spot.ADDRESS, Spot.IN_REPLY_TO, None):
        return "it answers no notification"
    to_us = any(is_own(address.key, policy.own.addresses) for address in message.to)
    if spot is not Spot.ADDRESS and not to_us:
        return "it was not sent To us"
    if (spot is None or not to_us) and any(address.key in policy.staff for address in (*message.to, *message.cc)):
        return "it was sent to a colleague, too"  # nothing but the addresses tells whom it is for
    words = relayed_text(message.text, staff_addresses(case))
    if words and quotes_header(words, staff_addresses(case)):
        return "a quoted header with our addresses stands among the words"
    whole = words is not None and len(words) == len(message.text.strip()) <= MAX_ABSENCE
    if whole and (absence := absence_wording(message.text)):
        return f"it reads like an autoresponder's: nothing is quoted, and it says {absence!r}"
    return None


def _sent_to(message: Message) -> tuple[str, ...]:
    return (*(address.addr for address in (*message.to, *message.cc)), *message.delivered_to)


def answered_page(case: Case) -> str:
    """Return the agent's own HTML of the words that go to the customer; "" where the text has to do.

    Of a letter that its agent had to confirm they were shown the text, and say yes to no more.
    """
    if case.letter.confirmed:
        return ""
    commands = [command.line for command in case.orders.commands]
    return relayed_page(case.message.html, case.orders.words, commands, case.policy.staff)


def shown_name(policy: DeskPolicy, ticket: Ticket, agent: Agent) -> str:
    """Return whose name the customer sees beside our address; "": the organisation's alone."""
    team = policy.catalogue.team_names.get(ticket.team, "")
    return {"agent": agent.address.name, "team": team, "organization": ""}[policy.answers_from]


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
