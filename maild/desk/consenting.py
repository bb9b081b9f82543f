"""What a reply says to paid work that was offered: yes, no, or what a person has to read, and on which words. Pure.

Only the requester's own word counts, in answer to what is offered now. A short one that sounds like a yes and is not plain
is asked about, once for each offer, where it answers ours and not what an agent has asked; a question, a condition, a sum are for people alone.
In answer to an agent's own words a bare "да" or "нет" may be about those: it neither costs money nor closes anything.
"""

from dataclasses import dataclass

from maild.desk.case import Case
from maild.desk.consent import Consent, read_consent
from maild.desk.silence import reason_for_silence
from maild.model import Kind, Status, Ticket

_BARE = frozenset({"да", "так", "давайте", "нет", "ні", "yes", "no", "nope"})


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the requester says while paid work is offered to them."""

    consent: Consent
    outdated: bool = False  # in answer to an earlier offer
    to_person: bool = False  # in answer to an agent's own words
    ask: bool = False  # whether they are asked to say it plainly

    @property
    def agrees(self) -> bool | None:
        """Whether they do; None: a person has to read it."""
        bare = self.to_person and _BARE.issuperset(self.consent.evidence)
        return None if self.outdated or bare else self.consent.agrees


def own_ticket(case: Case) -> Ticket | None:
    """Return the open ticket that its own requester writes in, proven to be a participant."""
    ticket, author = case.thread.ticket, case.author.address
    if ticket is None or author is None or author.key != ticket.requester.key or case.said.wrapped:
        return None
    whole = not (case.letter.raw.truncated or case.letter.old)
    plain = case.kind.kind is Kind.PERSON and ticket.status is not Status.CLOSED and whole
    return ticket if plain and not case.thread.unproven else None


def reply_to_offer(case: Case) -> Reply | None:
    """Return what the letter says to what is offered in its ticket; None: nothing is, or it may be about other terms."""
    ticket = own_ticket(case)
    if ticket is None or ticket.offer_state != "offered" or case.said.files:
        return None
    consent, outdated = read_consent(case.said.text), ticket.id in case.facts.outdated
    capped = case.facts.sent_about.get(ticket.id, 0) >= case.policy.caps.per_ticket
    wanted = case.policy.catalogue.asking.consent and not (
        ticket.offer_asked or outdated or capped or case.facts.answers_person
    )
    ask = consent.attempt and wanted and reason_for_silence(case, ticket) is None
    return Reply(consent=consent, outdated=outdated, to_person=case.facts.answers_person, ask=ask)
