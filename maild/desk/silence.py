"""Why nothing automatic goes to the author of a letter. Pure."""

from maild.desk.answer import MAX_ABSENCE
from maild.desk.case import Case
from maild.ingest.classify import absence_wording, is_no_reply
from maild.model import Address, Agent, Kind, Ticket


def reason_for_silence(case: Case, ticket: Ticket) -> str | None:
    """Return why nothing automatic may go to the author, or None."""
    return why_not_to(case, ticket.requester)


def why_not_to(case: Case, to: Address) -> str | None:
    """Return why nothing automatic may go to an address that a letter names as its author's, or None."""
    caps = case.policy.caps
    if case.letter.old and case.policy.old_letters != "answer":
        return "it arrived before maild's first look at the folder"
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


def agents_limit(case: Case, agent: Agent) -> str | None:
    """Return why nothing automatic may go to an agent for now, or None."""
    limit = case.policy.caps.per_agent
    full = case.facts.sent_to.get(agent.address.key, 0) >= limit
    return f"agent {agent.id} has had {limit} automatic letters lately (limits.per_agent)" if full else None


def tickets_limit(case: Case, ticket: Ticket, more: int = 0) -> str | None:
    """Return why nothing automatic may go out about a ticket for now, or None; `more` of them go out already with this letter."""
    limit = case.policy.caps.per_ticket
    full = case.facts.sent_about.get(ticket.id, 0) + more >= limit
    return f"{limit} automatic letters went out about this ticket lately (limits.per_ticket)" if full else None


def absence_in(case: Case) -> str | None:
    """Return why an agent's letter may be their autoresponder's though nothing marks it as such: it would answer us again."""
    absence = absence_of(case.said.text)
    return f"it reads like an autoresponder's: {absence!r}" if absence else None


def absence_of(text: str) -> str | None:
    """Return by which words a text reads like an autoresponder's, or None."""
    return absence_wording(text) if len(text) <= MAX_ABSENCE else None
