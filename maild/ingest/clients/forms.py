"""The letter that a web form sends for somebody who filled it in. Pure; imports `form_words`, `people`, the model.

A form is believed only from the sender that the owner named: the words of a form can be typed by anybody. Its fields
are read by their labels, in the layouts that form plugins write: "Label: value", "Label - value", "Label" above its
value, a table row. Below the label of the message everything is its author's words: who writes "E-mail: other@…" there
changes nobody's address. Only lines of known labels that end the letter are the form's again.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from maild.ingest.clients.form_words import LABELS, Slot, is_footer
from maild.ingest.clients.lines import outer_mark
from maild.ingest.clients.people import MAX_NAME, find_person
from maild.model import Address, Message, is_own

MAX_LABEL = 80  # characters; Google Forms has whole questions as labels
MAX_FIELDS = 100  # kept of one letter
MAX_SHOWN = 2_000  # characters of one field's value, the message excepted


_MARKS = " \t*_•·▪-–—#>"
_LABEL_ENDS = re.compile(
    r"[ \t]*(?:[:\uff1a=][*_]{0,2}[ \t]*(?:\|[ \t]*)?|\|[ \t]*|\t[ \t]*|[ ]{2,}|[ \t][-–—][ \t]+|\?[ \t]+)"
)
_COLON = re.compile(r"[ \t]*[:\uff1a][*_]{0,2}(?=[ \t|]|$)")
_UNKNOWN_ENDS = re.compile(rf"{_COLON.pattern}|[ \t]*[|\t]|[ \t][-–—](?=[ \t])")
_SHAPED = re.compile(r"[^\W\d_][^:\uff1a|\t\n]{0,60}$")  # what may be the label of a field that nobody told us about
_MAX_LABEL_WORDS = 5
_RULE = re.compile(r"[ \t]*[-_=–—*~]{3,}[ \t]*$")
_LINK = re.compile(r"\s*<?https?://\S{1,500}\s*$", re.IGNORECASE)
_REQUIRED = re.compile(r"\((?:обязательно|обязательное поле|required|обов'язково)\)", re.IGNORECASE)
_RULE_OR_SIGNATURE = re.compile(r"[ \t]*[-_=–—*~]{2,}[ \t]*$")
_HEADINGS = frozenset({"", "answer", "answers", "ответ", "ответы", "відповідь", "value", "значение", "значення"})
MAX_FOOTER = 12  # lines below the message that a form's template may add


@dataclass(frozen=True, kw_only=True)
class Form:
    """A web form of the owner's: whose letters are whose requests."""

    name: str
    senders: frozenset[str]  # casefolded addresses; a form counts from no other
    subject: str = ""  # what the subject contains; "*" stands for anything between
    envelope: frozenset[str] = frozenset()  # casefolded, addresses or "@domain": the envelope sender must be one
    labels: Mapping[Slot, tuple[str, ...]] = field(default_factory=dict)  # those of the owner

    @cached_property
    def slots(self) -> Mapping[str, Slot]:
        """Each label, as `_key` writes it, with what it is for."""
        usual = {_key(label): slot for slot in Slot if slot not in self.labels for label in LABELS[slot]}
        return usual | {_key(label): slot for slot, labels in self.labels.items() for label in labels}


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What somebody wrote into a form."""

    author: Address | None  # None where no field and no Reply-To holds an address to answer to
    subject: str  # "" where the form has none
    text: str  # the message, then what else was filled in; the whole letter where no message is found
    fields: tuple[tuple[str, str], ...]  # labels as written with their values, in the letter's order
    evidence: tuple[str, ...]


def is_among(address: str, patterns: frozenset[str]) -> bool:
    """Whether `address` is one of `patterns`: casefolded addresses, or "@domain" for all of exactly that domain."""
    key = address.strip().casefold()
    return key in patterns or ("@" in key and f"@{key.rpartition('@')[2]}" in patterns)


def find_form(message: Message, forms: tuple[Form, ...]) -> tuple[Form | None, tuple[str, ...]]:
    """Return the form that sent this letter, None where none did, and why. The first of `forms` that fits is it."""
    sender = message.author.key if message.author else ""
    evidence: list[str] = []
    for form in forms:
        if sender not in form.senders:
            continue
        if not _subject_fits(message.subject, form.subject):
            evidence.append(f"From is that of form {form.name}, but not the subject")
        elif form.envelope and not is_among(message.envelope_sender or "", form.envelope):
            shown = "unknown" if message.envelope_sender is None else f"<{message.envelope_sender}>"
            evidence.append(f"From is that of form {form.name}, but the envelope sender is {shown}: not believed")
        else:
            return form, (*evidence, f"From is {sender}, the sender of form {form.name}")
    return None, tuple(evidence)


def _subject_fits(subject: str, pattern: str) -> bool:
    """Whether the pieces of a pattern stand in a subject, in their order. What was answered or passed on is no form's."""
    if not pattern:
        return True
    if outer_mark(subject) and not outer_mark(pattern):
        return False
    at, text = 0, " ".join(subject.split()).casefold()
    for piece in pattern.split("*"):
        wanted = " ".join(piece.split()).casefold()
        found = text.find(wanted, at)
        if found < 0:
            return False
        at = found + len(wanted)
    return True


def read_form(form: Form, message: Message, own: frozenset[str]) -> Filled:
    """Return what was filled in. `own` are our own addresses, casefolded, which are nobody's reply address."""
    fields = list(_read_fields(message.text.replace("\xa0", " ").split("\n"), form.slots))
    author, told = _author(form, message, fields, own)
    said = next((one for one in fields if one.slot is Slot.MESSAGE and one.value), None)
    evidence = [told]
    if said is None:
        evidence.append("no field with the message: the whole letter is shown")
    fields = [one for one in fields if one.value or one.slot]  # the others are headings
    subject = _first(fields, Slot.SUBJECT)
    others = [one for one in fields if one.value and one is not said and (one.below or not _told(one, author, subject))]
    below = "\n".join(f"{one.label}: {one.value}" for one in others)
    return Filled(
        author=author,
        subject=subject,
        text=f"{said.value}\n\n{below}".strip() if said else message.text,
        fields=tuple((one.label, one.value) for one in fields)[:MAX_FIELDS],
        evidence=tuple(evidence),
    )


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class _Field:
    label: str
    slot: Slot | None  # None: a label that nobody told us about
    value: str
    below: bool = False  # it stands below the message


def _key(label: str) -> str:
    return " ".join(_shown(label).replace("_", " ").split()).rstrip(_MARKS + "?").casefold()  # Tilda: "Ваш_вопрос"


def _shown(label: str) -> str:
    return " ".join(_REQUIRED.sub("", label).strip(_MARKS + ":\uff1a|").split())


def _label(line: str, slots: Mapping[str, Slot]) -> tuple[str, Slot, str] | None:
    """Return the known label that a line begins with, its slot and the value behind it, "" where that is still to come."""
    start = line[: MAX_LABEL + 20]
    whole = _key(start) if len(line) == len(start) else ""
    if whole in slots:
        return _shown(start), slots[whole], ""
    for end in _LABEL_ENDS.finditer(start):
        if (key := _key(start[: end.start()])) in slots:
            return _shown(start[: end.start()]), slots[key], line[end.end() :].strip(" \t|*")
    return None


def _unknown_label(line: str, *, awaited: bool) -> tuple[str, None, str] | None:
    """Return label, no slot, and value of a line that looks like a field which nobody told us about.

    Where a value is `awaited`, the label above it being alone on its line, only a colon makes a field of the line.
    """
    end = (_COLON if awaited else _UNKNOWN_ENDS).search(line[: MAX_LABEL + 20])
    label = line[: end.start()].strip(_MARKS) if end else ""
    fits = end and _SHAPED.match(label) and len(label.split()) <= _MAX_LABEL_WORDS
    return (label, None, line[end.end() :].strip(" \t|*")) if end and fits else None


def _read_fields(lines: Sequence[str], slots: Mapping[str, Slot]) -> Iterator[_Field]:
    """Yield the fields in their order. What stands above the first label is the form's own greeting."""
    label: str | None = None
    slot: Slot | None = None
    values: list[str] = []
    seen: set[str] = set()  # what the form asks for above the message
    for at, line in enumerate(lines):
        known = _label(line, slots)
        heading = label is None and known is not None and known[1] is Slot.MESSAGE and _is_heading(lines, at, slots)
        if known and known[1] is Slot.MESSAGE and not heading:
            if label is not None:
                yield _field(label, slot, values)
            end, below = _tail(lines, at + 1, slots, seen)
            yield _Field(label=known[0], slot=Slot.MESSAGE, value=_message([known[2], *lines[at + 1 : end]]))
            yield from below
            return
        awaited = label is not None and not any(values)
        found = known if known and known[1] is not Slot.MESSAGE else _unknown_label(line, awaited=awaited)
        if found and not heading:
            if label is not None:
                yield _field(label, slot, values)
            label, slot, values = found[0], found[1], [found[2]]
            seen.add(_asks(label, slot))
        elif not _RULE.match(line) and not is_footer(line):
            values.append(line.strip())
    if label is not None:
        yield _field(label, slot, values)


def _is_heading(lines: Sequence[str], at: int, slots: Mapping[str, Slot]) -> bool:
    """Whether "Message" or "Question | Answer" at the top of a letter is the heading of its fields, a field below it."""
    known = _label(lines[at], slots)
    below = next((line for line in lines[at + 1 : at + 5] if line.strip() and not _RULE.match(line)), "")
    field_below = _label(below, slots)
    return bool(known and known[2].casefold() in _HEADINGS and field_below and field_below[1] is not Slot.MESSAGE)


def _asks(label: str, slot: Slot | None) -> str:
    """Return what a field asks for, so that one is known which comes twice: no form asks for two addresses."""
    return slot if slot and slot is not Slot.OTHER else _key(label)


def _tail(lines: Sequence[str], start: int, slots: Mapping[str, Slot], seen: set[str]) -> tuple[int, list[_Field]]:
    """Return where a message that begins at `start` ends, and the fields below it.

    Only lines of known labels that reach to the end of the letter (or to the footer of its template) are the form's, and
    of those only what was not `seen` above the message: the customer may end it with an "E-mail: …" of their own.
    """
    seen = {*seen, Slot.MESSAGE}
    end = footer = _footer(lines, start, slots)
    fields: list[_Field] = []
    while end > start:
        last = _last_said(lines, start, end)
        if last is None:
            break
        first, value = last, lines[last].strip()
        known = _label(lines[last], slots)
        if known:
            value = known[2]
        elif (above := _last_said(lines, start, last)) is not None:
            first, known = above, _label(lines[above], slots)
            known = known if known and not known[2] else None  # the value stands below its label
        if known is None or _asks(known[0], known[1]) in seen:
            break
        seen.add(_asks(known[0], known[1]))
        fields.append(_field(known[0], known[1], [value], below=True))
        end = first
    fields.reverse()
    known_below = (_label(line, slots) for line in lines[footer : footer + MAX_FOOTER])
    fields += (_field(known[0], Slot.OTHER, [known[2]], below=True) for known in known_below if known and known[2])
    return end, fields


def _last_said(lines: Sequence[str], start: int, end: int) -> int | None:
    """Return the last line of [start, end) that says something."""
    return next(
        (at for at in range(end - 1, start - 1, -1) if lines[at].strip() and not _RULE_OR_SIGNATURE.match(lines[at])),
        None,
    )


def _footer(lines: Sequence[str], start: int, slots: Mapping[str, Slot]) -> int:
    """Return where the words of a form's template begin below a message, the number of lines where there are none.

    All that stands below must be a template's: its sentences, links, rules, and fields that no customer fills in.
    """
    begins = at = len(lines)
    while at > max(start, len(lines) - MAX_FOOTER):
        at -= 1
        known = _label(lines[at], slots)
        if is_footer(lines[at]):
            begins = at
        elif lines[at].strip() and not (
            _RULE_OR_SIGNATURE.match(lines[at]) or _LINK.match(lines[at]) or (known and known[1] is Slot.OTHER)
        ):
            break
    return begins


def _message(lines: Sequence[str]) -> str:
    """Return the words of a message without the rules that a template draws around them."""
    first, end = 0, len(lines)
    while first < end and (not lines[first].strip() or _RULE.match(lines[first])):
        first += 1
    while end > first and (not lines[end - 1].strip() or _RULE_OR_SIGNATURE.match(lines[end - 1])):
        end -= 1
    return "\n".join(lines[first:end]).strip()


def _field(label: str, slot: Slot | None, values: Sequence[str], *, below: bool = False) -> _Field:
    return _Field(label=label, slot=slot, value="\n".join(values).strip()[:MAX_SHOWN], below=below)


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _author(form: Form, message: Message, fields: Sequence[_Field], own: frozenset[str]) -> tuple[Address | None, str]:
    """Return who filled the form in, and where the address stood; None where there is none that can be answered to.

    A field above the message is the form's own for certain. One below it, or in a letter whose message is not found,
    may have been typed by the customer: it counts only where Reply-To has no address.
    """
    certain = any(one.slot is Slot.MESSAGE for one in fields)
    emails = [one for one in fields if one.slot is Slot.EMAIL]
    above = [one for one in emails if certain and not one.below]
    doubtful = [] if above else emails
    names = [" ".join(one.value.split()) for one in fields if one.slot is Slot.NAME and one.value and not one.below]
    named = (find_person(one.value).name for one in emails if one.value)
    name = " ".join(dict.fromkeys(names)) or next(filter(None, named), "") or _first(fields, Slot.NAME)
    name = name if len(name) <= MAX_NAME else ""
    places = (
        *((find_person(one.value).address, f"the field {one.label!r}") for one in above),
        *((address, "Reply-To") for address in message.reply_to),
        *((find_person(one.value).address, f"the field {one.label!r}, and no Reply-To") for one in doubtful),
    )
    for address, place in places:
        if address and address.sendable and address.key not in form.senders and not is_own(address.key, own):
            return Address(name=name or address.name, addr=address.addr), f"{place} gives the address for answers"
    held = next((f"{one.label!r} holds {one.value[:60]!r}" for one in emails), "there is no field for it")
    return None, f"no address to answer to: {held}, and Reply-To has none"


def _told(one: _Field, author: Address | None, subject: str) -> bool:
    """Whether a field says no more than the author and the subject do; a mistyped address or a second one says more."""
    value = " ".join(one.value.split())
    if one.slot is Slot.SUBJECT:
        return value == subject
    if author is None:
        return False
    if one.slot is Slot.EMAIL:
        address = find_person(value).address
        return address is not None and address.key == author.key
    return one.slot is Slot.NAME and value in author.name


def _first(fields: Sequence[_Field], slot: Slot) -> str:
    """Return the first value of a slot, on one line; "" where there is none."""
    return next((" ".join(one.value.split()) for one in fields if one.slot is slot and one.value), "")
