"""Whether a letter is a copy of one we already have. Pure: knows `model` only.

Progress is by UID; identity is by Message-ID *and* content: gateways reuse an id for different letters, and one letter
reaches two mailboxes with different Received lines.
"""

import hashlib
from dataclasses import dataclass

from maild.model import Finding, Message


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What an earlier letter left behind to be recognised by."""

    letter_id: int
    sha256: str
    message_id: str | None
    content: str | None
    ticket_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Copy:
    """The earlier letter that this one repeats (None: it is new), and the evidence."""

    of: Fingerprint | None
    evidence: tuple[str, ...]

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        verdict = f"a copy of letter {self.of.letter_id}" if self.of else "a new letter"
        return Finding(step="dedupe", verdict=verdict, evidence=self.evidence)


MAX_ID = 500  # characters; a longer Message-ID is hostile, and no index holds it (PostgreSQL: 2,704 octets)


def identity(message: Message) -> str:
    """What a copy of the letter is looked up by: its Message-ID, else "date:" and its Date, so that it is never empty.

    A letter without either is only ever a copy of the very same octets.
    """
    if message.message_id:
        if len(message.message_id) <= MAX_ID:
            return message.message_id
        return "long:" + hashlib.sha256(message.message_id.encode("utf-8", "replace")).hexdigest()
    return f"date:{message.date.isoformat()}" if message.date else ""


def find_duplicate(sha256: str, message: Message, earlier: tuple[Fingerprint, ...]) -> Copy:
    """Choose among the earlier letters of the same organisation with the same octets or identity, oldest first."""
    evidence = []
    for letter in earlier:
        if letter.sha256 == sha256:
            return Copy(of=letter, evidence=(f"the same octets as letter {letter.letter_id}",))
        if letter.message_id != (identity(message) or None):
            continue
        what = "Message-ID" if message.message_id else "Date (there is no Message-ID)"
        if letter.content == message.content:
            return Copy(of=letter, evidence=(f"the same {what} and the same words as letter {letter.letter_id}",))
        evidence.append(f"the same {what} as letter {letter.letter_id}, but other words")
    return Copy(of=None, evidence=tuple(evidence) or ("neither the octets nor the Message-ID have been seen before",))
