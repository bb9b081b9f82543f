"""Who really speaks in a letter that another hand sent: a web form, or an agent who forwards it. Pure.

Imports `parse`, `classify` and the `clients` room. Nothing is believed here that From alone says: a form's
letter and an agent's forward make a request of the person they name, and may cause no more than that person could by
writing themselves: they never speak for the agent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from maild.ingest.classify import LOOP_HEADER, OwnMail, classify
from maild.ingest.clients.forms import Form, find_form, read_form
from maild.ingest.clients.forward import Forwarded, find_forwarded
from maild.ingest.clients.lines import outer_mark
from maild.ingest.parse import parse, read_attachment
from maild.model import Address, Attachment, Classification, Finding, Kind, Message, is_own

MAX_LEVELS = 5  # letters inside letters that are looked into: a forward through a whole department has three
MAX_LETTERS = (
    20  # attached letters that are read, those inside each other included: each costs a look through its letter
)

_LETTER_TYPES = frozenset({"message/rfc822", "message/global"})
_NO_CUSTOMERS = frozenset({Kind.LOOP, Kind.DSN, Kind.MDN, Kind.FEEDBACK, Kind.CHALLENGE, Kind.AUTO_REPLY})


@dataclass(frozen=True, kw_only=True)
class Unwrapped:
    """The letter inside a letter; `kind` is None where nothing is wrapped, and then all else but the evidence is empty."""

    kind: Literal["form", "forward", "attached"] | None = None
    author: Address | None = None  # who really wrote it; None beside a kind: something was wrapped, but not whose it is
    subject: str = ""
    text: str = ""  # the author's words
    note: str = ""  # what an agent wrote around the letter: for agents only, no customer may ever see it
    message_id: str | None = None  # of an attached letter
    attachments: tuple[Attachment, ...] = ()  # of an attached letter; `read_wrapped` has their octets
    machine: str = ""  # what says that no person wrote it, so that nothing may answer it by itself
    path: tuple[int, ...] = ()  # where the attached letter is: the index in ours, then in the letter found there, …
    form: str | None = None  # the form's name
    fields: tuple[tuple[str, str], ...] = ()  # of the form, as it labels them
    evidence: tuple[str, ...] = ()

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        if self.kind is None:
            verdict = "nothing is wrapped in it"
        else:
            what = {"form": f"form {self.form}", "forward": "a forwarded letter", "attached": "an attached letter"}
            verdict = f"{what[self.kind]}, written by {self.author or 'somebody it does not name an address of'}"
        return Finding(step="unwrap", verdict=verdict, evidence=self.evidence)


def unwrap(
    message: Message,
    *,
    forms: tuple[Form, ...],
    staff: frozenset[str],
    own: OwnMail,
    read_attachment: Callable[[int], bytes],
) -> Unwrapped:
    """Return who really wrote a letter and what they say, as far as that is somebody else than its sender.

    `staff` are the casefolded addresses whose forwards count: agents. Everybody may pass on their own earlier letter;
    who passes on a stranger's stays its author. `read_attachment` returns the octets of a part of this letter.
    """
    sender = message.author.key if message.author else ""
    if why := _nobody_speaks(message, own):
        return Unwrapped(evidence=(why,))
    house = _House(forms=forms, staff=staff, own=own)
    form, evidence = find_form(message, forms)
    if form:
        return _filled(form, message, own, evidence)
    if sender in staff:
        found = _passed_on(_Letter(message=message, read=read_attachment), house, level=1)
        claim = f"From is {sender}, an agent's address: claimed, not proven"
    else:
        found, claim = _sent_again(message), "From is neither a form's sender nor an agent's address"
    return replace(found, evidence=(*evidence, claim, *found.evidence))


def read_wrapped(found: Unwrapped, index: int, read: Callable[[int], bytes]) -> bytes:
    """Return the octets of the attachment `index` of the attached letter; `read` is that of the outer letter."""
    octets = read(found.path[0])
    for step in (*found.path[1:], index):
        octets = read_attachment(octets, step)
    return octets


def _nobody_speaks(message: Message, own: OwnMail) -> str | None:
    """Say why a letter wraps nothing whoever sent it, None where it may. Forms call themselves automatic, too."""
    if message.header(LOOP_HEADER) == own.loop_id:
        return "it is our own letter come back"
    if message.report is not None:
        return f"it is a report ({message.report.type})"
    if (message.header("auto-submitted") or "").lower().startswith("auto-replied"):
        return "it is an automatic answer"
    return None


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _filled(form: Form, message: Message, own: OwnMail, evidence: tuple[str, ...]) -> Unwrapped:
    filled = read_form(form, message, own.addresses)
    return Unwrapped(
        kind="form",
        author=filled.author,
        subject=filled.subject or message.subject,
        text=filled.text,
        form=form.name,
        fields=filled.fields,
        evidence=(*evidence, *filled.evidence),
    )


# ── forwards ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class _House:
    """Whom we know: our forms, our people, ourselves."""

    forms: tuple[Form, ...]
    staff: frozenset[str]
    own: OwnMail
    looks: Iterator[int] = field(default_factory=lambda: iter(range(MAX_LETTERS)))  # used up by each attached letter

    def holds(self, author: Address) -> bool:
        """Whether somebody is one of us, and so no customer."""
        return author.key in self.staff or is_own(author.key, self.own.addresses)


@dataclass(frozen=True, kw_only=True)
class _Letter:
    """A letter that is looked into, with the way to its attachments."""

    message: Message
    read: Callable[[int], bytes]
    path: tuple[int, ...] = ()


def _passed_on(letter: _Letter, house: _House, level: int) -> Unwrapped:
    """Return the customer's letter that an agent's letter passes on, in its text or attached to it."""
    found = _in_text(letter.message, house)
    if found.kind:
        return found
    attached = _attached(letter, house, level)
    return replace(attached, evidence=(*found.evidence, *attached.evidence))


def _in_text(message: Message, house: _House) -> Unwrapped:
    """Walk down through the forwards of colleagues to the first letter of somebody else.

    Each level must be a forward itself: a colleague's own words, or their answer to somebody, are where it ends.
    """
    text, subject = message.text, message.subject
    notes: list[str] = []
    evidence: list[str] = []
    for _ in range(MAX_LEVELS):
        found = find_forwarded(text, subject)
        if found is None:
            return Unwrapped(evidence=(*evidence, "no forwarded letter in the text"))
        notes.append(found.note)
        evidence += found.evidence
        if found.author is None or not house.holds(found.author):
            return _customers(found, notes, evidence, house)
        evidence.append(f"it is {found.author.key}'s, one of us: looked further down")
        text, subject = found.text, found.raw_subject
    return Unwrapped(evidence=(*evidence, f"more than {MAX_LEVELS} forwards inside each other"))


def _customers(found: Forwarded, notes: list[str], evidence: list[str], house: _House) -> Unwrapped:
    """Make the result of a customer's letter; where it is that of a form, it is read as one."""
    inner = Unwrapped(
        kind="forward",
        author=found.author,
        subject=found.subject,
        text=found.text,
        note="\n\n".join(filter(None, notes)),
        evidence=tuple(evidence),
    )
    letter = Message(author=found.author, subject=found.subject, text=found.text)
    return _read(inner, letter, house)


def _read(found: Unwrapped, letter: Message, house: _House) -> Unwrapped:
    """Tell what `letter`, which an agent passes on and `found` describes, is: a form's, a machine's or a person's."""
    form, _ = find_form(letter, tuple(replace(form, envelope=frozenset()) for form in house.forms))
    if form is None:
        return _by_kind(found, classify(letter, house.own))
    filled = _filled(form, letter, house.own, ())
    return replace(
        found,
        author=filled.author,
        subject=filled.subject or found.subject,
        text=filled.text,
        form=form.name,
        fields=filled.fields,
        evidence=(*found.evidence, f"it is a letter of form {form.name}", *filled.evidence),
    )


def _by_kind(found: Unwrapped, kind: Classification) -> Unwrapped:
    """Return what is found of a letter of this kind: nothing where no customer writes it, and who is no person marked."""
    if kind.kind is Kind.PERSON:
        return found
    told = f"it is no person's letter ({kind.kind}): {'; '.join(kind.evidence)}"
    if kind.kind in _NO_CUSTOMERS:
        return Unwrapped(evidence=(*found.evidence, told))
    return replace(found, machine=told, evidence=(*found.evidence, told))


def _sent_again(message: Message) -> Unwrapped:
    """Return a customer's earlier letter that they forward themselves: they are its author, all the words are theirs."""
    found = find_forwarded(message.text, message.subject)
    if found is None:
        return Unwrapped()
    if found.author is None or message.author is None or found.author.key != message.author.key:
        return Unwrapped(evidence=("it forwards a letter of somebody else: who does that stays the author",))
    return Unwrapped(
        kind="forward",
        author=message.author,
        subject=found.subject,
        text="\n\n".join(filter(None, (found.note, found.text))),
        evidence=(*found.evidence, "the sender forwards a letter of their own"),
    )


# ── attached letters ─────────────────────────────────────────────────────────────────────────────────────────────────


def _attached(letter: _Letter, house: _House, level: int) -> Unwrapped:
    """Return the customer's letter that is attached to an agent's; of several by one person the first, with the words of all."""
    message = letter.message
    if not any(map(_is_letter, message.attachments)):
        return Unwrapped(evidence=("no letter attached",))
    if outer_mark(message.subject) == "answer":
        return Unwrapped(evidence=("a letter is attached to an answer: that is no forward",))
    if level > MAX_LEVELS:
        return Unwrapped(evidence=(f"more than {MAX_LEVELS} letters inside each other",))
    results = list(_letters(letter, house, level))
    evidence = tuple(why for result in results for why in result.evidence)
    requests = [result for result in results if result.kind]
    if not requests:
        return Unwrapped(evidence=evidence)
    whose = {result.author.key if result.author else "" for result in requests}
    if len(whose) > 1:
        why = f"letters of {len(whose)} people are attached: none of them is taken for the author"
        return Unwrapped(kind="attached", subject=message.subject, text=message.text, evidence=(*evidence, why))
    note = "\n\n".join(filter(None, (message.text, requests[0].note)))
    words = "\n\n".join(result.text for result in requests if result.text)
    machine = next((result.machine for result in requests if result.machine), "")
    return replace(requests[0], kind="attached", text=words, note=note, machine=machine, evidence=evidence)


def _letters(letter: _Letter, house: _House, level: int) -> Iterator[Unwrapped]:
    """Yield what each attached letter is; without a kind where it is no customer's."""
    for attachment in filter(_is_letter, letter.message.attachments):
        if next(house.looks, None) is None:
            yield Unwrapped(evidence=(f"more than {MAX_LETTERS} letters attached: the others are not read",))
            return
        octets = letter.read(attachment.index)
        inner = parse(octets)
        kind = classify(inner, house.own).kind
        if kind in _NO_CUSTOMERS:  # nor are the letters in it
            yield Unwrapped(evidence=(f"{attachment.name} is no customer's letter: {kind}",))
            continue
        path = (*letter.path, attachment.index)
        if inner.author and house.holds(inner.author):
            inside = _Letter(message=inner, read=partial(read_attachment, octets), path=path)
            found = _passed_on(inside, house, level + 1)
            if found.kind == "forward":  # what was attached to the customer's letter is attached to this one
                found = replace(found, attachments=inner.attachments, path=path)
            yield replace(found, evidence=(f"{attachment.name} is {inner.author.key}'s, one of us", *found.evidence))
            continue
        author = inner.author if inner.author and inner.author.sendable else None
        told = f"{attachment.name} is a letter of {author.key if author else 'nobody whose address it tells'}"
        found = Unwrapped(
            kind="attached",
            author=author,
            subject=inner.subject,
            text=inner.text,
            message_id=inner.message_id,
            attachments=inner.attachments,
            path=path,
            evidence=(told,),
        )
        yield _read(found, inner, house)


def _is_letter(attachment: Attachment) -> bool:
    """Whether an attachment is a letter; gateways label some as mere octets."""
    return attachment.media_type in _LETTER_TYPES or (
        attachment.media_type == "application/octet-stream" and attachment.name.lower().endswith(".eml")
    )
