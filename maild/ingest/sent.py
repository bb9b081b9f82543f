"""What a letter tells that our own people sent from the mailbox: to whom, in which ticket, by whose hand. Pure.

Whoever can write to the folder owns the mailbox, so the letter is ours, whatever it says; which of us wrote it is a name
and no proof. Knows `model` and `tokens`.
"""

import re
from collections.abc import Iterator

from maild.ingest.machines.fields import auto_submitted
from maild.ingest.thread import Candidate, Clues, Thread
from maild.model import Agent, Classification, Kind, Message, Role, Ticket, is_own
from maild.tokens import Keyring

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']+@[\w.-]*\w")
_WORD = re.compile(r"\w+")
CUSTOMERS = (Role.REQUESTER, Role.COPIED)


def addressees(message: Message) -> frozenset[str]:
    """Return the casefolded addresses that the letter went to; what was sent still names the hidden ones."""
    hidden = (found.casefold() for value in message.values("bcc") for found in _ADDRESS.findall(value))
    return frozenset((*(address.key for address in (*message.to, *message.cc)), *hidden))


def went_to_customer(message: Message, ticket: Ticket) -> bool:
    """Whether somebody who speaks for the customer in the ticket has the letter."""
    return any(one.role in CUSTOMERS and one.address.key in addressees(message) for one in ticket.participants)


def choose_sent_ticket(
    message: Message, clues: Clues, candidates: tuple[Candidate, ...], keyring: Keyring, ours: frozenset[str]
) -> Thread:
    """Return the ticket that a sent letter speaks in, and why.

    One whose customer it went to comes first. To others (`ours`: our own and the agents' addresses) it belongs by the letter
    that it answers, and by a number in its subject only where it stays in the house.
    """
    spoken = list(_spoken_of(clues, candidates, keyring))
    for ticket, why, _ in spoken:
        if went_to_customer(message, ticket):
            return Thread(ticket=ticket, evidence=(f"{why}, and went to its customer",))
    inside = all(is_own(key, ours) for key in addressees(message))
    for ticket, why, firm in spoken:
        if firm or inside:
            return Thread(ticket=ticket, evidence=(f"{why}, but did not go to its customer",))
    return Thread(ticket=None, evidence=("it speaks of no request that whoever it went to takes part in",))


def _spoken_of(clues: Clues, candidates: tuple[Candidate, ...], keyring: Keyring) -> Iterator[tuple[Ticket, str, bool]]:
    """Yield the tickets that a letter speaks of, how, and whether that is more than a number; the strongest clue first."""
    by_id = {candidate.ticket.id: candidate.ticket for candidate in candidates}
    for one in candidates:
        if one.by_message_id is not None:
            yield one.ticket, f"it answers <{one.by_message_id}> of {one.ticket.number}", True
    for clue in clues.tokens:  # the quotation of an acknowledgement, which the customer answered
        ticket = by_id.get(clue.token.ticket_id)
        if ticket and keyring.holder(clue.token, ticket.participants):
            yield ticket, f"it has a token for {ticket.number} in {clue.spot}", False
    for one in candidates:
        if one.answered_by:
            yield one.ticket, f"a letter of {one.ticket.number} answers it", True
    for ticket in by_id.values():
        if ticket.number in clues.numbers:
            yield ticket, f"it has {ticket.number} in its subject", False


def name_agent(message: Message, agents: tuple[Agent, ...]) -> Agent | None:
    """Return the one agent whose address is in From or Sender, or whose name stands in From; None where that fits none or two."""
    keys = {person.key for person in (message.author, message.sender) if person}
    by_address = [agent for agent in agents if any(agent.writes_from(key) for key in keys)]
    words = _words(message.author.name if message.author else "")
    by_name = [agent for agent in agents if (name := _words(agent.address.name)) and name <= words]
    found = by_address or by_name
    return found[0] if len(found) == 1 else None


def machine_evidence(message: Message, kind: Classification) -> str:
    """Say why no person sent it, "" where one did: the mailbox answers by itself, too. Words alone prove nothing here."""
    automatic = auto_submitted(message) not in (None, "no")
    if kind.kind is Kind.PERSON or (kind.kind is Kind.AUTO_GENERATED and not automatic):
        return ""
    return "; ".join(kind.evidence)


def _words(name: str) -> set[str]:
    return set(_WORD.findall(name.casefold().replace("ё", "е")))
