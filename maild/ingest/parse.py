"""A letter's octets to a `Message`. The only file that imports mailparser; rests on `mime`, `charset` and `html`.

mail-parser reads the address and date fields, where it is right and `email` is not, after their octets have been made
text (it drops raw windows-1251 letters); the standard library reads what mail-parser refuses. The structure, bodies,
attachments and reports come from `mime`: mail-parser flattens them, loses nameless parts, lets the text of attached
letters leak into ours, and takes nine times the letter's size in memory. Whatever the octets, nothing is raised.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Header
from email.utils import parsedate_to_datetime

import mailparser

from maild.ingest import mime, pgp
from maild.ingest.addresses import (
    MAX_ADDRESSES,
    MAX_RECIPIENTS,
    mended,
    name_only,
    plain_value,
    recipients,
    reverse_path,
    usable_addresses,
)
from maild.ingest.charset import decode, single_line, storable
from maild.ingest.flowed import unflow
from maild.ingest.html import html_to_text
from maild.ingest.invitation import summarize
from maild.ingest.unpack import open_letter
from maild.ingest.words import decode_header
from maild.model import Address, Attachment, Message, Report

MAX_HEADERS = 1_000  # fields kept in Message.headers; a letter through twenty relays has about 150
MAX_VALUE = 10_000  # characters of one field kept there
MAX_SUBJECT = 1_000  # characters; RFC 5322 §2.1.1 allows 998 on a line
MAX_REFERENCES = 200  # ids: the first and the newest of a longer thread
MAX_ID = 998  # characters of a message id: one line (RFC 5322 §2.1.1)
MAX_TEXT = 1_000_000  # characters of readable text in all: a thick book
MAX_BLOCKS = 1_000  # header blocks of a report: recipients
MAX_FILE_NAME = 120  # characters; stays under 255 octets, the limit of usual file systems, in Cyrillic too
MAX_RETURNED = 1_000_000  # octets of a returned letter in which its Message-ID is looked for

_REPORT_TYPES = {
    "message/delivery-status": "delivery-status",
    "message/global-delivery-status": "delivery-status",
    "message/disposition-notification": "disposition-notification",
    "message/global-disposition-notification": "disposition-notification",
    "message/feedback-report": "feedback-report",
}
_RETURNED_TYPES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers")
_ADDRESS_FIELDS = {"from": "From", "sender": "Bcc", "reply-to": "Reply-To", "to": "To", "cc": "Cc"}
_RECIPIENT_FIELDS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")

_BRACKETED_ID = re.compile(r"<([^<>]+)>")

# Names made up for nameless parts end in these; the machine's own MIME tables differ from place to place
_EXTENSIONS = {
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
}
_UNSAFE_IN_NAMES = re.compile(r"[<>:\"|?*]")
_DEVICE_NAMES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)  # Windows opens these


def parse(octets: bytes, *, envelope_sender: str | None = None, envelope_recipient: str | None = None) -> Message:
    """Return the letter in `octets`, whatever they are; what was cut or guessed stands in its `defects`. Never raises.

    `envelope_sender` and `envelope_recipient` are what the source knows; without them Return-Path and Delivered-To
    must do (RFC 5321 §4.4). "" as `envelope_sender` is the null reverse-path.
    """
    root, structure_defects = open_letter(octets)
    reading = _Reading(root, list(structure_defects))
    people = reading.addresses()
    text, html = reading.body()
    author = people["from"][0] if people["from"] else name_only(single_line(reading.text("from")))
    if author is None or not author.addr:
        reading.defects.append("no usable From address")
    return Message(
        message_id=reading.message_id(),
        in_reply_to=_ids(reading.texts("in-reply-to")),
        references=_ids(reading.texts("references")),
        author=author,
        sender=people["sender"][0] if people["sender"] else None,
        reply_to=people["reply-to"],
        to=people["to"],
        cc=people["cc"],
        delivered_to=recipients([envelope_recipient or "", *reading.texts(*_RECIPIENT_FIELDS)]),
        envelope_sender=reverse_path(envelope_sender, reading.texts("return-path")),
        subject=single_line(reading.text("subject"))[:MAX_SUBJECT].rstrip(),
        date=reading.date(),
        text=text,
        html=html,
        attachments=reading.attachments(),
        headers=reading.headers(),
        report=reading.report(),
        defects=tuple(dict.fromkeys(single_line(defect) for defect in reading.defects)),
    )


def read_attachment(octets: bytes, index: int) -> bytes:
    """Return the decoded content of the part that `Attachment.index` names.

    Raises IndexError when the letter has no such part: the octets are then not those the attachment came from.
    """
    root, _ = open_letter(octets)
    for position, (part, _) in enumerate(mime.leaves(root)):
        if position == index:
            return part.content()
    raise IndexError(f"the letter has no part {index}")


@dataclass
class _Body:
    """What one part says: words, or HTML still to be rendered, or both where they are alternatives."""

    text: str | None = None
    html: str | None = None

    def words(self) -> str:
        """Return the readable text; HTML is rendered only where nothing else says it."""
        if self.text is not None and (self.text.strip() or not self.html):
            return self.text
        return html_to_text(self.html or "")


class _Reading:
    """One letter being read; gathers the defects on the way."""

    def __init__(self, root: mime.Part, defects: list[str]) -> None:
        self.root = root
        self.defects = defects
        self.hint = mime.charset_hint(root)
        self.room = MAX_TEXT  # characters of text still taken
        names = [name for name, _ in root.fields]
        once = ((name, names.count(name)) for name in ("from", "subject", "message-id", "date"))
        defects += (f"{times} {name} fields, the first one taken" for name, times in once if times > 1)

    def texts(self, *names: str) -> list[str]:
        """Return the decoded values of all fields of these names, in the order of the names, then of the letter."""
        values = ((name, value) for name in names for key, value in self.root.fields if key == name)
        return [decode_header(value[:MAX_ADDRESSES], self.hint) for _, value in values]

    def text(self, name: str) -> str:
        """Return the decoded value of the first field of this name, "" where there is none."""
        value = self.root.first(name)
        return decode_header(value[:MAX_ADDRESSES], self.hint) if value else ""

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Every field up to the bounds, decoded, in the letter's order."""
        fields = self.root.fields
        if len(fields) > MAX_HEADERS:
            self.defects.append(f"{len(fields)} header fields, the first {MAX_HEADERS} kept")
        decoded = ((single_line(name)[:100], value[: 4 * MAX_VALUE]) for name, value in fields[:MAX_HEADERS])
        return tuple((name, single_line(decode_header(value, self.hint))[:MAX_VALUE]) for name, value in decoded)

    def message_id(self) -> str | None:
        """Return the letter's own id, or None."""
        return next(iter(_ids(self.texts("message-id")[:1])), None)

    # ── people and dates ─────────────────────────────────────────────────────────────────────────────────────────────

    def addresses(self) -> Mapping[str, tuple[Address, ...]]:
        """Return the addresses of each address field."""
        values = {name: self._address_field(name) for name in _ADDRESS_FIELDS}
        header = Header()  # of the address fields only: mail-parser never sees a body
        for name, value in values.items():
            if value:
                header[_ADDRESS_FIELDS[name]] = value
        try:
            letter = mailparser.MailParser(header)
            found = {"from": letter.from_, "sender": letter.bcc, "reply-to": letter.reply_to}
            found |= {"to": letter.to, "cc": letter.cc}
        except Exception as error:  # foreign code on a stranger's input; the standard library remains
            self.defects.append(f"mail-parser failed on the addresses: {type(error).__name__}")
            found = {}
        return {name: usable_addresses(found.get(name) or [], value) for name, value in values.items()}

    def _address_field(self, name: str) -> str:
        """All fields of one name as one, with raw octets and encoded words made plain ASCII words or text."""
        values = [value for key, value in self.root.fields if key == name]
        if name in ("from", "sender"):
            values = values[:1]
        whole = b", ".join(values)
        if whole.count(b"@") > MAX_RECIPIENTS or len(whole) > MAX_ADDRESSES:
            self.defects.append(f"{name}: about {whole.count(b'@')} addresses, at most {MAX_RECIPIENTS} read")
            whole = b",".join(whole[:MAX_ADDRESSES].split(b",")[: 2 * MAX_RECIPIENTS])  # names may hold commas too
        return mended(plain_value(whole, self.hint))

    def date(self) -> datetime | None:
        """Return what the Date field claims, in UTC, or None."""
        value = self.text("date")[:200]
        if not value:
            return None
        header = Header()
        header["Date"] = single_line(value)
        with suppress(Exception):  # as with the addresses
            claimed = mailparser.MailParser(header).date
            if isinstance(claimed, datetime):
                return claimed.astimezone(UTC)
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            claimed = parsedate_to_datetime(value)
            return (claimed if claimed.tzinfo else claimed.replace(tzinfo=UTC)).astimezone(UTC)  # "-0000" is UTC
        self.defects.append("Date is not a date")
        return None

    # ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def body(self) -> tuple[str, str | None]:
        """Return the readable text, and the HTML as it came, of the letter's own parts."""
        body = self._body(self.root, None)
        text = storable(body.words())
        if not text.strip():
            text = self._invitation()
        if len(text) > MAX_TEXT:
            self.defects.append(f"text cut at {MAX_TEXT} characters")
        return text[:MAX_TEXT].strip("\n"), body.html

    def _invitation(self) -> str:
        """Return what the first calendar part says in words, "" where there is none."""
        parts = (part for part, _ in mime.leaves(self.root) if part.media_type == "text/calendar")
        return storable(summarize(self._text(part))) if (part := next(parts, None)) else ""

    def _body(self, part: mime.Part, parent: mime.Part | None) -> _Body:
        if part.children:
            bodies = [self._body(child, part) for child in part.children]
            if part.media_type == "multipart/alternative":
                return _alternative(bodies)
            pages = [body.html for body in bodies if body.html]
            said = [body for body in bodies if body.text is not None or body.html]
            if len(said) == 1:
                return said[0]
            words = [words for body in said if (words := body.words()).strip()]
            return _Body(text="\n".join(words) if words else None, html="\n".join(pages) or None)
        if not mime.is_words(part, parent):
            return _Body()
        text = self._text(part)
        return _Body(html=text) if part.media_type == "text/html" else _Body(text=text)

    def _text(self, part: mime.Part) -> str:
        """Return the text of one part, as much of it as there is room for."""
        octets = part.content(at_most=4 * self.room)  # base64 of UTF-8 of anything fits MAX_TEXT into that
        text, guess = decode(octets, part.charset)
        if guess:
            self.defects.append(guess)
        text = self._as_written(part, storable(text))
        if len(text) > self.room or part.end - part.start > 4 * self.room:
            self.defects.append(f"text cut at {MAX_TEXT} characters")
        text = text[: self.room]
        self.room -= len(text)
        return text

    def _as_written(self, part: mime.Part, text: str) -> str:
        """Return a plain text with what its way through the mail did to it undone."""
        if part.media_type != "text/plain":
            return text
        if pgp.is_encrypted(text):
            self.defects.append("encrypted: only the recipient's key opens it")
        text = pgp.read_through(text)
        if part.parameter("format") == "flowed":
            text = unflow(text, delete_space=part.parameter("delsp") == "yes")
        return text

    # ── everything else ──────────────────────────────────────────────────────────────────────────────────────────────

    def attachments(self) -> tuple[Attachment, ...]:
        """Every leaf part that is not the letter's own words."""
        found = []
        for index, (part, parent) in enumerate(mime.leaves(self.root)):
            if mime.is_words(part, parent):
                continue
            content = part.content()
            image = part.media_type.startswith("image/") and part.disposition != "attachment"
            found.append(
                Attachment(
                    index=index,
                    name=_safe_name(part.name, index, part.media_type),
                    media_type=part.media_type[:255],
                    size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                    inline=image and (part.disposition == "inline" or part.content_id is not None),
                    content_id=part.content_id,
                )
            )
        return tuple(found)

    def report(self) -> Report | None:
        """Return the first machine-readable report in the letter (RFC 6522), with the id of the letter it speaks of."""
        leaves = [part for part, _ in mime.leaves(self.root)]
        part = next((part for part in leaves if part.media_type in _REPORT_TYPES), None)
        if part is None:
            return None
        same = (other for other in leaves if other.media_type == part.media_type)  # some send one part per recipient
        blocks = tuple(block for other in same for block in self._blocks(other.content(at_most=MAX_RETURNED)))[
            :MAX_BLOCKS
        ]
        named = (block["original-message-id"] for block in blocks if "original-message-id" in block)
        returned = (
            decode_header(value, self.hint)
            for part in leaves
            if part.media_type in _RETURNED_TYPES
            for key, value in _returned_fields(part)
            if key == "message-id"
        )
        ids = _ids([*named, *returned])
        return Report(type=_REPORT_TYPES[part.media_type], blocks=blocks, original_message_id=ids[0] if ids else None)

    def _blocks(self, octets: bytes) -> tuple[Mapping[str, str], ...]:
        """Return the header blocks of a report; the first value of a repeated field counts."""
        blocks: list[Mapping[str, str]] = []
        at = 0
        while at < len(octets) and len(blocks) < MAX_BLOCKS:
            fields, after, defect = mime.read_fields(octets, at, len(octets), MAX_RETURNED)
            if defect and after == at:  # a line that is no field
                after = octets.find(b"\n", at) + 1 or len(octets)
            if fields:
                values = ((name, single_line(decode_header(value, self.hint))[:MAX_VALUE]) for name, value in fields)
                blocks.append(dict(reversed([(single_line(name)[:100], value) for name, value in values])))
            at = after
        return tuple(blocks)


def _alternative(bodies: list[_Body]) -> _Body:
    """Of alternatives (RFC 2046 §5.1.4) the words of the plainest and the HTML of the richest.

    Two plain texts are no alternatives of one another: some gateway added a second one, and both are read.
    """
    plain = [body.text.strip("\n") for body in bodies if body.html is None and body.text and body.text.strip()]
    mixed = next((body.text for body in bodies if body.text and body.text.strip()), None)
    pages = [body.html for body in bodies if body.html]
    return _Body(text="\n".join(dict.fromkeys(plain)) or mixed, html=pages[-1] if pages else None)


def _returned_fields(part: mime.Part) -> mime.Fields:
    octets = part.content(at_most=MAX_RETURNED).lstrip(b"\r\n")
    return mime.read_fields(octets, 0, len(octets), MAX_RETURNED)[0]


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    """Return the message ids in field values (RFC 5322 §3.6.4) without angle brackets, each once, oldest first.

    Folded ids are put together again; ids that lost their brackets are taken where they look like one.
    """
    found: list[str] = []
    for value in values:
        line = single_line(value)
        bracketed = ["".join(text.split()) for text in _BRACKETED_ID.findall(line)]
        loose = [] if bracketed else [word.strip("<>,;") for word in line.split() if "@" in word]
        if not bracketed and not loose and len(line.split()) == 1:
            loose = [line.strip("<>")]
        found += [text[:MAX_ID] for text in bracketed or loose if text]
    ids = tuple(dict.fromkeys(found))
    return ids if len(ids) <= MAX_REFERENCES else ids[:1] + ids[1 - MAX_REFERENCES :]


def _safe_name(name: str | None, index: int, media_type: str) -> str:
    """Return a file name without path, control characters or names that a system obeys; the same letter gives the same name."""
    last = single_line(name or "").replace("\\", "/").rpartition("/")[2]
    safe = _UNSAFE_IN_NAMES.sub("_", last).strip(". ")
    if not safe:
        return f"part-{index}{_EXTENSIONS.get(media_type, '.bin')}"
    if _DEVICE_NAMES.match(safe):
        safe = f"_{safe}"
    if len(safe) <= MAX_FILE_NAME:
        return safe
    stem, dot, extension = safe.rpartition(".")
    if not dot or len(extension) > 10:
        return safe[:MAX_FILE_NAME]
    return f"{stem[: MAX_FILE_NAME - len(extension) - 1]}.{extension}"
