"""Which ticket a letter belongs to. Pure: knows `model` and `tokens`.

Order: a signed token, then In-Reply-To and References for participants, then a number in the subject for participants.
A stranger never enters a ticket: the letter opens a new one that is linked to the ticket it spoke of.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from maild.model import Agent, Finding, Message, Participant, Role, Ticket
from maild.tokens import Keyring, Token, find_tokens


class Spot(StrEnum):
    """Where in a letter a token stood, which says how it got there."""

    ADDRESS = "the recipient address"  # the reply was sent to it
    IN_REPLY_TO = "In-Reply-To"  # the letter answers ours
    REFERENCES = "References"  # forwards carry these too
    BODY = "the body"  # so do quotations


@dataclass(frozen=True, kw_only=True)
class TokenClue:
    """A token found in a letter: unverified."""

    token: Token
    spot: Spot


@dataclass(frozen=True, kw_only=True)
class Clues:
    """What a letter says about where it belongs; the store looks the tickets up by these."""

    tokens: tuple[TokenClue, ...] = ()
    message_ids: tuple[str, ...] = ()  # In-Reply-To first, then References from the newest back
    numbers: tuple[str, ...] = ()  # ticket numbers in the subject, "ACME-1042"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A ticket that some clue leads to."""

    ticket: Ticket
    by_message_id: str | None = None  # the id in the letter that belongs to this ticket


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The ticket a letter enters, or None; `holder` is whose token opened it."""

    ticket: Ticket | None
    holder: Participant | None = None
    linked: Ticket | None = None  # spoken of, not entered
    spot: Spot | None = None  # where the holder's token stood
    unproven: bool = False  # entered on what anybody can write or may have seen, who therefore brings nobody along
    evidence: tuple[str, ...] = ()

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        verdict = f"belongs to {self.ticket.number}" if self.ticket else "belongs to no ticket yet"
        return Finding(step="thread", verdict=verdict, evidence=self.evidence)


# No support desk has threads this long; a hostile References header may have 50,000 ids.
MAX_IDS = 100
MAX_TOKENS = 50
MAX_NUMBERS = 20


def find_clues(message: Message, prefix: str) -> Clues:
    """Return every clue in the letter. `prefix` is the organisation's number prefix, as in ACME-1042."""
    spots = (
        (Spot.ADDRESS, [address.addr for address in (*message.to, *message.cc)] + list(message.delivered_to)),
        (Spot.IN_REPLY_TO, message.in_reply_to),
        (Spot.REFERENCES, message.references),
        (Spot.BODY, (message.text,)),
    )
    tokens = {
        token: TokenClue(token=token, spot=spot)
        for spot, texts in reversed(spots)  # the strongest spot wins where a token stands in several
        for text in texts
        for token in find_tokens(text)
    }
    ids = dict.fromkeys((*message.in_reply_to, *reversed(message.references)))
    numbers = re.findall(
        rf"(?<![A-Za-z0-9])({re.escape(prefix)}-[0-9]{{1,12}})(?![0-9])", message.subject, re.IGNORECASE
    )
    return Clues(
        tokens=tuple(reversed(tokens.values()))[:MAX_TOKENS],
        message_ids=tuple(ids)[:MAX_IDS],
        numbers=tuple(dict.fromkeys(number.upper() for number in numbers))[:MAX_NUMBERS],
    )


def choose_ticket(
    message: Message,
    clues: Clues,
    candidates: tuple[Candidate, ...],
    keyring: Keyring,
    agents: tuple[Agent, ...],
) -> Thread:
    """Return the ticket that the letter enters, and why; or the one that it only speaks of.

    `agents` are those of today: the token of one who left the team opens nothing.
    """
    staff = tuple(Participant(address=agent.address, role=Role.AGENT) for agent in agents)
    evidence: list[str] = []
    by_id = {candidate.ticket.id: candidate.ticket for candidate in candidates}
    author = message.author.key if message.author else ""

    for clue in clues.tokens:
        ticket = by_id.get(clue.token.ticket_id)
        holder = keyring.holder(clue.token, (*ticket.participants, *staff)) if ticket else None
        if ticket is None or holder is None:
            evidence.append(f"a token in {clue.spot} does not fit any ticket and recipient of ours")
        elif holder.role is Role.AGENT and holder.address.key != author:
            evidence.append(f"an agent's token for {ticket.number} in {clue.spot}, but From is not that agent")
        elif clue.spot in (Spot.ADDRESS, Spot.IN_REPLY_TO) or _takes_part(author, ticket):
            whose = "the author" if holder.address.key == author else "another participant, who passed it on"
            evidence.append(f"token for {ticket.number} in {clue.spot}, made for {whose}")
            return Thread(ticket=ticket, holder=holder, spot=clue.spot, evidence=tuple(evidence))
        elif holder.role is Role.AGENT:
            evidence.append(f"token for {ticket.number} in {clue.spot}, as in a forwarded notification")
            return Thread(ticket=ticket, holder=holder, spot=clue.spot, unproven=True, evidence=tuple(evidence))
        else:
            evidence.append(f"token for {ticket.number} in {clue.spot}, but the author does not take part in it")

    for candidate in candidates:
        if candidate.by_message_id is None:
            continue
        if _takes_part(author, candidate.ticket):
            evidence.append(
                f"answers <{candidate.by_message_id}> of {candidate.ticket.number}, and the author takes part"
            )
            return Thread(ticket=candidate.ticket, unproven=True, evidence=tuple(evidence))
        evidence.append(
            f"answers <{candidate.by_message_id}> of {candidate.ticket.number}, but the author does not take part"
        )

    numbered = {ticket.number: ticket for ticket in by_id.values() if ticket.number in clues.numbers}
    for ticket in numbered.values():
        if _takes_part(author, ticket):
            evidence.append(f"{ticket.number} in the subject, and the author takes part")
            return Thread(ticket=ticket, unproven=True, evidence=tuple(evidence))
        evidence.append(f"{ticket.number} in the subject, but the author does not take part")

    linked = candidates[0].ticket if candidates else None
    return Thread(
        ticket=None, linked=linked, evidence=tuple(evidence) or ("no token, no known Message-ID, no ticket number",)
    )


def _takes_part(author: str, ticket: Ticket) -> bool:
    """Whether a customer of this address may enter the ticket; From proves no agent."""
    return any(p.address.key == author and p.role is not Role.AGENT for p in ticket.participants)
