"""Why nothing automatic goes to the author of a letter. Pure."""

from maild.desk.answer import MAX_ABSENCE
from maild.desk.case import Case
from maild.ingest.classify import absence_wording, is_no_reply
from maild.model import Kind, Ticket


def reason_for_silence(case: Case, ticket: Ticket) -> str | None:
    """Return why nothing automatic may go to the author, or None."""
    to, caps = ticket.requester, case.policy.caps
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


def absence_in(case: Case) -> str | None:
    """Return why an agent's letter may be their autoresponder's though nothing marks it as such: it would answer us again."""
    absence = absence_wording(case.said.text) if len(case.said.text) <= MAX_ABSENCE else None
    return f"it reads like an autoresponder's: {absence!r}" if absence else None
