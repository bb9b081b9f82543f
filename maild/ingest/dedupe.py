"""Whether a letter repeats one we already have: a copy of it, or the same request sent once more (C17). Pure.

Progress is by UID; identity is by Message-ID *and* content: gateways reuse an id for different letters, and one letter
reaches two mailboxes with different Received lines. A resend has an id of its own, so there the words decide.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from maild.ingest.likeness import Asked, compare
from maild.model import Address, Finding, Message, Status, Ticket


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What an earlier letter left behind for its copies to be recognised by."""

    letter_id: int
    sha256: str
    message_id: str | None
    content: str | None
    ticket_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """What an author asks: compared with what the same author asked lately."""

    asked: Asked
    files: frozenset[str]  # SHA-256 of each attachment, inline images included: a pasted screenshot is the question


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A letter of the same author, not older than the organisation's window for repeats."""

    letter_id: int
    ticket: Ticket
    request: Request


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """The earlier letter that this one repeats, if any, and the evidence."""

    evidence: tuple[str, ...]
    copy_of: Fingerprint | None = None  # the very letter, come again
    resend_of: Earlier | None = None  # the same request, sent again
    similarity: float = 0.0  # share of words in common with `resend_of`, 0 to 1
    new_files: bool = False  # the resend brings files that the first did not have

    @property
    def ticket_id(self) -> int | None:
        """The ticket of the earlier letter, None where it has none or there is no earlier letter."""
        if self.resend_of:
            return self.resend_of.ticket.id
        return self.copy_of.ticket_id if self.copy_of else None

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        verdict = "a new letter"
        if self.copy_of:
            verdict = f"a copy of letter {self.copy_of.letter_id}"
        elif self.resend_of:
            verdict = f"a resend of letter {self.resend_of.letter_id}{' with new files' if self.new_files else ''}"
        return Finding(step="dedupe", verdict=verdict, evidence=self.evidence)


WORTH_TELLING = 0.5  # share of equal words from which on a reader may wonder why it is no repeat
MAX_ID = 500  # characters; a longer Message-ID is hostile, and no index holds it (PostgreSQL: 2,704 octets)


def id_key(message_id: str) -> str:
    """What a Message-ID is looked up by: itself, or its digest where no index could hold it."""
    if len(message_id) <= MAX_ID:
        return message_id
    return "long:" + hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()


def identity(message: Message) -> str:
    """What a copy of the letter is looked up by: its Message-ID, else "date:" and its Date.

    A letter without either has "": it is only ever a copy of the very same octets.
    """
    if message.message_id:
        return id_key(message.message_id)
    return f"date:{message.date.isoformat()}" if message.date else ""


def answers(message: Message) -> bool:
    """Whether a letter answers another one, so that its subject is not its author's own words."""
    return bool(message.in_reply_to or message.references)


def author_key(message: Message, author: Address | None) -> str:
    """Whose letter it is, as far as resends go. `author` is who really wrote where another letter was wrapped in this one.

    Reply-To counts: the requests of everybody who uses a web form have one From.
    """
    people = [author] if author else [message.author, *message.reply_to]
    return id_key(" ".join(dict.fromkeys(person.key for person in people if person and person.key)))


def find_copy(sha256: str, message: Message, earlier: Sequence[Fingerprint]) -> Repeat:
    """Choose among the earlier letters of the same organisation with the same octets or identity, oldest first."""
    evidence = []
    for letter in earlier:
        if letter.sha256 == sha256:
            return Repeat(copy_of=letter, evidence=(f"the same octets as letter {letter.letter_id}",))
        if letter.message_id != (identity(message) or None):
            continue
        what = "Message-ID" if message.message_id else "Date (there is no Message-ID)"
        if letter.content == message.content:
            return Repeat(
                copy_of=letter, evidence=(f"the same {what} and the same words as letter {letter.letter_id}",)
            )
        evidence.append(f"the same {what} as letter {letter.letter_id}, but other words")
    return Repeat(evidence=tuple(evidence) or ("neither the octets nor the Message-ID have been seen before",))


def find_resend(request: Request, lately: Sequence[Earlier], ticket: Ticket | None) -> Repeat:
    """Choose among what the same author asked lately, newest first. `ticket` is the one that the letter enters.

    A letter that enters a ticket repeats only what stands in that ticket.
    """
    evidence = []
    for letter in lately:
        if ticket is not None and letter.ticket.id != ticket.id:
            continue
        number = letter.ticket.number
        likeness = compare(letter.request.asked, request.asked)
        words = f"letter {letter.letter_id} of {number}: {likeness.similarity:.0%} the same words"
        because = f" ({likeness.why})"
        if not likeness.same:
            if likeness.similarity >= WORTH_TELLING:
                evidence.append(f"{words}, but another matter{because}")
        elif letter.ticket.status in (Status.RESOLVED, Status.CLOSED):
            evidence.append(f"{words}{because}, but {number} is over: it has happened again")
        else:
            new = len(request.files - letter.request.files)
            gone = len(letter.request.files - request.files)
            if new and gone:
                evidence.append(f"{words}{because}, but other files")
                continue
            files = f", {new} new file(s)" if new else f", {gone} file(s) left out" if gone else ""
            found = (f"{words}{because}{files}",)
            return Repeat(resend_of=letter, similarity=likeness.similarity, new_files=new > 0, evidence=found)
    return Repeat(evidence=tuple(evidence) or ("its author has asked nothing like it lately",))
