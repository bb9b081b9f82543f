"""Who wrote a letter, as far as it can be believed. Pure.

A From header proves nothing. An agent is believed on two of three: token, trusted Authentication-Results, From
(`design.md` §7); Authentication-Results are not weighed yet, so it takes the agent's own token and From together.
"""

from dataclasses import dataclass
from typing import Literal

from maild.ingest.classify import is_no_reply
from maild.ingest.thread import Thread
from maild.model import Address, Agent, Finding, Message, Role, Said, is_own


@dataclass(frozen=True, kw_only=True)
class Author:
    """The writer of a letter: `address` is where answers go; `agent` is set only when that is proven."""

    address: Address | None
    agent: Agent | None = None
    doubt: Literal["", "no-token", "reply-to"] = ""  # why an agent's address was not believed
    evidence: tuple[str, ...] = ()

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        if self.agent:
            verdict = f"agent {self.agent.id}"
        else:
            verdict = "a customer" if self.address else "unknown: the letter names no sender"
        return Finding(step="identify", verdict=verdict, evidence=self.evidence)


def identify(message: Message, said: Said, thread: Thread, agents: tuple[Agent, ...], own: frozenset[str]) -> Author:
    """Return the author; `own` are our own addresses (casefolded), which are never taken for a customer's Reply-To.

    Who passed on somebody else's letter, a web form or an agent, is not its author: answers never go there.
    """
    from_key = message.author.key if message.author else ""
    claimed = next((agent for agent in agents if agent.address.key == from_key), None)
    proven = claimed is not None and thread.holder is not None and thread.holder.role is Role.AGENT
    if said.wrapped and not proven:
        return _wrapped_author(message, said, own)
    if claimed:
        if thread.holder is None or thread.holder.role is not Role.AGENT or thread.holder.address.key != from_key:
            why = f"From is agent {claimed.id}'s address, but the letter carries no token of theirs: not believed"
            return Author(address=message.author, doubt="no-token", evidence=(why,))
        if any(address.key != from_key for address in message.reply_to):
            why = f"From and token are agent {claimed.id}'s, but Reply-To points elsewhere: not believed"
            return Author(address=message.author, doubt="reply-to", evidence=(why,))
        return Author(
            address=claimed.address, agent=claimed, evidence=(f"From and token are both agent {claimed.id}'s",)
        )
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


def _wrapped_author(message: Message, said: Said, own: frozenset[str]) -> Author:
    if said.author and said.author.sendable and not is_own(said.author.key, own):
        passed_on = f"{message.author or 'somebody'} passed it on ({said.wrapped})"
        return Author(address=said.author, evidence=(f"{said.author} wrote it, {passed_on}",))
    return Author(address=None, evidence=(f"what was passed on ({said.wrapped}) names no address to answer to",))
