"""Which ticket a letter belongs to. Pure: knows `model` and `tokens`.

Order: a signed token; then, for participants only, In-Reply-To and References, a letter of the ticket that answers this
one (which came late), a letter that answers the same one as this (which we never had), a number in the subject.
An agent whom something else than a token proves (`desk.author`) may enter by In-Reply-To, References and the number, too.
An equal subject alone never counts. A stranger enters no ticket: the letter opens one that is linked to the other.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from maild.ingest.clients.lines import base_subject
from maild.model import Address, Agent, Finding, Message, Participant, Role, Status, Ticket
from maild.tokens import DESK, Keyring, NewsToken, Token, find_confirmations, find_news_tokens, find_tokens


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
    own_id: str | None = None  # the letter's own, which letters that came before it may answer
    numbers: tuple[str, ...] = ()  # ticket numbers in the subject, "ACME-1042"
    confirmations: tuple[str, ...] = ()  # tokens of letters that asked an agent whether one is theirs: unverified
    news: tuple[NewsToken, ...] = ()  # about news: unverified


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A ticket that some clue leads to."""

    ticket: Ticket
    by_message_id: str | None = None  # the id in the letter that belongs to this ticket
    answered_by: bool = False  # a letter of this ticket answers the letter
    sibling_by: str | None = None  # an id that both the letter and one of this ticket speak of


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The ticket a letter enters, or None; `holder` is whose token opened it, or who answers a letter about several."""

    ticket: Ticket | None
    holder: Participant | None = None
    linked: Ticket | None = None  # spoken of, not entered
    merged: Ticket | None = None  # the one that the letter leads to, which went into `ticket`
    also: tuple[
        Ticket, ...
    ] = ()  # others that the author takes part in and the letter speaks of: a thread that was split
    spot: Spot | None = None  # where the holder's token stood
    refused: Ticket | None = None  # the ticket that its author would enter if they were proven to be an agent
    stray: Participant | None = None  # the agent for whom the token was made to which somebody else wrote
    note: bool = False  # sent to an address for notes, whatever other addresses it was sent to
    late: bool = False  # it would have entered `linked`, which has been over for too long
    unproven: bool = False  # entered on what anybody can write or may have seen, who therefore brings nobody along
    evidence: tuple[str, ...] = ()

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        verdict = f"belongs to {self.ticket.number}" if self.ticket else "belongs to no ticket yet"
        if self.linked:
            verdict += f", but speaks of {self.linked.number}"
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
        if spot is Spot.ADDRESS or not token.note  # it stands in the body of every notification
    }
    ids = dict.fromkeys((*message.in_reply_to, *reversed(message.references)))
    numbers = re.findall(
        rf"(?<![A-Za-z0-9])({re.escape(prefix)}-[0-9]{{1,12}})(?![0-9])", message.subject, re.IGNORECASE
    )
    direct = [*spots[0][1], *message.in_reply_to]
    return Clues(
        confirmations=tuple(dict.fromkeys(one for text in direct for one in find_confirmations(text)))[:MAX_TOKENS],
        news=tuple(dict.fromkeys(one for text in (*direct, message.subject) for one in find_news_tokens(text)))[
            :MAX_TOKENS
        ],
        tokens=tuple(reversed(tokens.values()))[:MAX_TOKENS],
        message_ids=tuple(ids)[:MAX_IDS],
        own_id=message.message_id,
        numbers=tuple(dict.fromkeys(number.upper() for number in numbers))[:MAX_NUMBERS],
    )


def choose_ticket(
    message: Message,
    clues: Clues,
    candidates: tuple[Candidate, ...],
    keyring: Keyring,
    agents: tuple[Agent, ...],
    wrapped: Address | None = None,
    trusted: Agent | None = None,
) -> Thread:
    """Return the ticket that the letter enters, and why; or the one that it only speaks of.

    `agents` are those of today: the token of one who left the team opens nothing. `wrapped` wrote what the letter's
    author passed on, and takes part where they did: what agents forward finds its ticket. `trusted` is the agent who
    wrote the letter, where that is proven by something else than a token.
    """
    staff = tuple(Participant(address=agent.address, role=Role.AGENT) for agent in agents)
    evidence: list[str] = []
    by_id = {candidate.ticket.id: candidate.ticket for candidate in candidates}
    author = message.author.key if message.author else ""
    speaker = wrapped.key if wrapped else author
    insider = trusted if wrapped is None else None
    refused: Ticket | None = None
    stray: Participant | None = None

    for clue in clues.tokens:
        if clue.token.ticket_id == DESK:
            holder = keyring.holder(clue.token, staff)
            if holder and _is_theirs(holder, author, agents, trusted) and clue.spot in (Spot.ADDRESS, Spot.IN_REPLY_TO):
                evidence.append(f"the author's own token for the desk in {clue.spot}, which opens no ticket")
                return Thread(ticket=None, holder=holder, spot=clue.spot, evidence=tuple(evidence))
            evidence.append(f"a token for the desk in {clue.spot}, which does not tell who writes")
            continue
        ticket = by_id.get(clue.token.ticket_id)
        holder = keyring.holder(clue.token, (*ticket.participants, *staff)) if ticket else None
        if ticket is None or holder is None:
            evidence.append(f"a token in {clue.spot} does not fit any ticket and recipient of ours")
        elif holder.role is Role.AGENT and not _is_theirs(holder, author, agents, trusted):
            evidence.append(f"an agent's token for {ticket.number} in {clue.spot}, but From is not that agent")
            used = clue.spot in (Spot.ADDRESS, Spot.IN_REPLY_TO) and not _takes_part(speaker, ticket)
            if stray is None and used:
                stray, refused = holder, ticket
        elif clue.spot in (Spot.ADDRESS, Spot.IN_REPLY_TO) or _takes_part(speaker, ticket):
            whose = "the author" if holder.address.key == speaker else "another participant, who passed it on"
            evidence.append(f"token for {ticket.number} in {clue.spot}, made for {whose}")
            note = any(
                one.token.note and one.token.ticket_id == ticket.id and keyring.holder(one.token, (holder,))
                for one in clues.tokens
            )
            return Thread(ticket=ticket, holder=holder, spot=clue.spot, note=note, evidence=tuple(evidence))
        elif holder.role is Role.AGENT:
            evidence.append(f"token for {ticket.number} in {clue.spot}, as in a forwarded notification")
            return Thread(ticket=ticket, holder=holder, spot=clue.spot, unproven=True, evidence=tuple(evidence))
        else:
            evidence.append(f"token for {ticket.number} in {clue.spot}, but the author does not take part in it")
            refused = refused or ticket

    for candidate in candidates:
        if not (spoken := _spoken_of(candidate, message)):
            continue
        if _takes_part(speaker, candidate.ticket):
            evidence.append(f"{spoken}, and the author takes part")
            also = tuple(
                other.ticket
                for other in candidates
                if other is not candidate and other.by_message_id and _takes_part(speaker, other.ticket)
            )
            return Thread(ticket=candidate.ticket, unproven=True, also=also, evidence=tuple(evidence))
        if candidate.by_message_id and insider:
            evidence.append(f"{spoken}, and its author is agent {insider.id}")
            return Thread(ticket=candidate.ticket, unproven=True, evidence=tuple(evidence))
        evidence.append(f"{spoken}, but the author does not take part")
        refused = refused or (candidate.ticket if candidate.by_message_id else None)

    numbered = {ticket.number: ticket for ticket in by_id.values() if ticket.number in clues.numbers}
    for ticket in numbered.values():
        if _takes_part(speaker, ticket):
            evidence.append(f"{ticket.number} in the subject, and the author takes part")
            return Thread(ticket=ticket, unproven=True, evidence=tuple(evidence))
        if insider:
            evidence.append(f"{ticket.number} in the subject, and its author is agent {insider.id}")
            return Thread(ticket=ticket, unproven=True, evidence=tuple(evidence))
        evidence.append(f"{ticket.number} in the subject, but the author does not take part")
        refused = refused or ticket

    linked = candidates[0].ticket if candidates else None
    return Thread(
        ticket=None, linked=linked, refused=refused, stray=stray,
        evidence=tuple(evidence) or ("no token, no known Message-ID, no ticket number",),
    )  # fmt: skip


def _is_theirs(holder: Participant, author: str, agents: tuple[Agent, ...], trusted: Agent | None) -> bool:
    """Whether the agent whom a token was made for wrote the letter, as From says or something better than that."""
    theirs = (one for one in agents if one.address.key == holder.address.key)
    return any(one.writes_from(author) or one == trusted for one in theirs)


def _spoken_of(candidate: Candidate, message: Message) -> str | None:
    """Say how a letter and a ticket are connected by ids, None where they are not."""
    ticket = candidate.ticket
    if candidate.by_message_id is not None:
        return f"answers <{candidate.by_message_id}> of {ticket.number}"
    if candidate.answered_by:
        return f"a letter of {ticket.number} answers it"
    over = ticket.status in (Status.RESOLVED, Status.CLOSED)
    subject = base_subject(message.subject).casefold()
    if candidate.sibling_by and not over and subject and subject == base_subject(ticket.subject).casefold():
        # People begin new matters by answering an old letter: an id that we never had proves little by itself.
        return f"answers <{candidate.sibling_by}> as a letter of {ticket.number} does, under the same subject"
    return None


def _takes_part(author: str, ticket: Ticket) -> bool:
    """Whether a customer of this address may enter the ticket; From proves no agent."""
    return any(p.address.key == author and p.role is not Role.AGENT for p in ticket.participants)
