"""Who wrote a letter, as far as it can be believed. Pure.

A From header proves nothing. An agent is believed on two of three: their own token, their registered address in From, the
word of our own mail server that From is genuine (`ingest.authentication`); from another address of theirs on token and
server. A Reply-To to somebody else, or our server's word that From is forged, takes that power away. What has less, and
is about a ticket, is nobody's letter until the agent has confirmed it (`desk.confirming`).
"""

from dataclasses import dataclass, replace
from typing import Literal

from maild.ingest.authentication import Authentication, Verdict
from maild.ingest.classify import is_no_reply
from maild.ingest.sent import name_agent
from maild.ingest.thread import Thread
from maild.model import Address, Agent, Finding, Message, Role, Said, Ticket, is_own

Doubt = Literal["", "no-token", "reply-to"]


@dataclass(frozen=True, kw_only=True)
class Author:
    """The writer of a letter: `address` is where answers go; `agent` is set only when that is proven."""

    address: Address | None
    agent: Agent | None = None
    asks: Agent | None = None  # whom it proves to be in no ticket: for all but questions they are a customer
    claims: Agent | None = None  # in whose name it speaks, in a ticket, without being proven theirs …
    claimed_in: Ticket | None = None  # … and in which
    only_asks: bool = False  # whether what claims so is nothing but questions and commands to us, in no ticket
    doubt: Doubt = ""  # why an agent's address was not believed
    evidence: tuple[str, ...] = ()

    @property
    def asker(self) -> Agent | None:
        """Who of ours is told of the desk what they ask."""
        return self.agent or self.asks

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        if self.agent:
            verdict = f"agent {self.agent.id}" if self.agent.id else "one of us: it was sent from the mailbox"
        elif self.asks:
            verdict = f"agent {self.asks.id}, in no ticket"
        elif self.claims:
            verdict = f"in the name of agent {self.claims.id}, and not proven"
        else:
            verdict = "a customer" if self.address else "unknown: the letter names no sender"
        return Finding(step="identify", verdict=verdict, evidence=self.evidence)


def vouched_agent(
    message: Message, agents: tuple[Agent, ...], authentication: Authentication, confirmed: str = ""
) -> Agent | None:
    """Return the agent who wrote the letter, where that is proven without a token: they have confirmed it, or our server has."""
    if confirmed:
        return next((agent for agent in agents if agent.id == confirmed), None)
    claimed = named_in_from(message, agents)
    registered = claimed and message.author and message.author.key == claimed.address.key
    genuine = authentication.verdict is Verdict.PASS
    return claimed if claimed and registered and genuine and not _answers_elsewhere(message, claimed) else None


def identify(
    message: Message,
    said: Said,
    thread: Thread,
    agents: tuple[Agent, ...],
    own: frozenset[str],
    authentication: Authentication = Authentication(),  # noqa: B008 - frozen
    confirmed: str = "",
) -> Author:
    """Return the author; `own` are our own addresses (casefolded), which are never taken for a customer's Reply-To.

    Who passed on somebody else's letter, a web form or an agent, is not its author: answers never go there. `confirmed` is
    the agent (their id) who has said that the letter is theirs.
    """
    agent = vouched_agent(message, agents, authentication, confirmed)
    if agent and confirmed and thread.ticket:
        return Author(address=agent.address, agent=agent, evidence=(f"agent {agent.id} has confirmed it",))
    claimed = named_in_from(message, agents)
    holder = thread.holder if thread.holder and thread.holder.role is Role.AGENT else None
    if said.wrapped and not (claimed and holder and thread.ticket):
        found = _wrapped_author(message, said, own)
        return replace(found, doubt="no-token") if claimed and agent is None else found
    if claimed:
        return _weighed(message, thread, claimed, authentication, vouched=agent is not None)
    if thread.stray and thread.ticket is None:
        theirs = next((one for one in agents if one.address.key == thread.stray.address.key), None)
        why = f"the token is {theirs.id if theirs else 'nobody'}'s, but From is not: not believed"
        return Author(address=message.author, claims=theirs, claimed_in=thread.refused, evidence=(why,))
    return _customer(message, own)


def named_in_from(message: Message, agents: tuple[Agent, ...]) -> Agent | None:
    """Return the agent whom From names by any of their addresses."""
    return next((one for one in agents if message.author and one.writes_from(message.author.key)), None)


def _answers_elsewhere(message: Message, agent: Agent) -> bool:
    return any(not agent.writes_from(address.key) for address in message.reply_to)


def _weighed(
    message: Message, thread: Thread, claimed: Agent, authentication: Authentication, *, vouched: bool
) -> Author:
    """Return what a letter with an agent's From comes to."""
    assert message.author is not None, "From names the agent"
    holder = thread.holder
    token = holder is not None and holder.role is Role.AGENT and holder.address.key == claimed.address.key
    registered = message.author.key == claimed.address.key
    genuine = authentication.verdict is Verdict.PASS
    seen = f"From is agent {claimed.id}'s {'address' if registered else 'other address'}"
    seen += f", {'with' if token else 'without'} their token; {authentication.evidence}"
    takes_part = thread.ticket is not None and any(
        claimed.writes_from(one.address.key) and one.role is not Role.AGENT for one in thread.ticket.participants
    )
    if _answers_elsewhere(message, claimed):
        doubt: Doubt = "reply-to"
        seen += "; but Reply-To points elsewhere: not believed"
    elif authentication.verdict is Verdict.FAIL:
        doubt = "no-token"
        seen += ": not believed"
    elif thread.ticket is None and (vouched or (token and (registered or genuine))):
        return Author(address=message.author, asks=claimed, evidence=(seen,))
    elif (token and (registered or genuine)) or (vouched and thread.ticket and not takes_part):
        return Author(address=claimed.address, agent=claimed, evidence=(seen,))
    elif vouched:  # in a ticket of their own: there they are a customer, and no less themselves
        return Author(address=message.author, evidence=(seen,))
    else:
        doubt = "no-token"
        seen += ": not believed"
    ticket = None if takes_part else thread.ticket or thread.refused
    claims = claimed if ticket else None
    return Author(address=message.author, claims=claims, claimed_in=ticket, doubt=doubt, evidence=(seen,))


def _customer(message: Message, own: frozenset[str]) -> Author:
    """Return who is answered where nobody of ours is named."""
    usable = [
        (address, header)
        for address, header in (
            *((address, "Reply-To") for address in message.reply_to),
            (message.author, "From"),
            (message.sender, "Sender"),
            (Address(addr=message.envelope_sender or ""), "the envelope sender"),
        )
        if address and address.sendable and not is_own(address.key, own)
    ]
    # Whoever reads answers is asked first; a no-reply address stays as the last resort, for an agent to see.
    for address, header in sorted(usable, key=lambda one: is_no_reply(one[0].addr)):
        return Author(address=address, evidence=(f"{header} gives the address for answers",))
    return Author(address=None, evidence=("no usable address in Reply-To, From, Sender or the envelope",))


def name_sender(message: Message, agents: tuple[Agent, ...], mailbox: Address) -> Author:
    """Return who of us wrote what was sent from the mailbox: the folder proves that it was one of us, From only tells who.

    Where it does not tell, the agent is the mailbox, which has no id.
    """
    if agent := name_agent(message, agents):
        return Author(
            address=agent.address, agent=agent, evidence=(f"sent from the mailbox, From names agent {agent.id}",)
        )
    nobody = Agent(id="", address=mailbox, notify=False)
    return Author(address=mailbox, agent=nobody, evidence=("sent from the mailbox, From names no one agent",))


def _wrapped_author(message: Message, said: Said, own: frozenset[str]) -> Author:
    if said.author and said.author.sendable and not is_own(said.author.key, own):
        passed_on = f"{message.author or 'somebody'} passed it on ({said.wrapped})"
        return Author(address=said.author, evidence=(f"{said.author} wrote it, {passed_on}",))
    return Author(address=None, evidence=(f"what was passed on ({said.wrapped}) names no address to answer to",))
