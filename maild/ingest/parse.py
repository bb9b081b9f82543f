"""A letter's octets to a `Message`. The only file that imports mailparser; rests on its neighbours for all else.

mail-parser reads the address and date fields, where it is right and `email` is not, after their octets have been made
text (it drops raw windows-1251 letters) and well-formed; the standard library reads what mail-parser still refuses. The
structure comes from `mime` and `unpack`, the words from `body`: mail-parser flattens the parts, loses nameless ones, lets
the text of attached letters leak into ours, and takes nine times the letter's size in memory. Nothing is ever raised.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.message import Message as Header
from email.utils import parsedate_to_datetime
from functools import cache

import mailparser

from maild.ingest.octets import mime
from maild.ingest.octets.addresses import (
    MAX_ADDRESSES,
    MAX_RECIPIENTS,
    mended,
    name_only,
    plain_value,
    recipients,
    reverse_path,
    usable_addresses,
)
from maild.ingest.octets.body import read_body
from maild.ingest.octets.charset import single_line
from maild.ingest.octets.dates import mended_date
from maild.ingest.octets.ids import find_ids
from maild.ingest.octets.names import file_name
from maild.ingest.octets.reports import find_enclosed, find_report
from maild.ingest.octets.unpack import open_letter
from maild.ingest.octets.words import decode_header
from maild.model import Address, Attachment, Message

MAX_HEADERS = 1_000  # fields kept in Message.headers; a letter through twenty relays has about 150
MAX_VALUE = 10_000  # characters of one field kept there
MAX_SUBJECT = 1_000  # characters; RFC 5322 §2.1.1 allows 998 on a line

_ADDRESS_FIELDS = {"from": "From", "sender": "Bcc", "reply-to": "Reply-To", "to": "To", "cc": "Cc"}
_BY_SERVERS = ("authentication-results", "received-spf")
_RECIPIENT_FIELDS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


def parse(octets: bytes, *, envelope_sender: str | None = None, envelope_recipient: str | None = None) -> Message:
    """Return the letter in `octets`, whatever they are; what was cut or guessed stands in its `defects`. Never raises.

    `envelope_sender` and `envelope_recipient` are what the source knows; without them Return-Path and Delivered-To
    must do (RFC 5321 §4.4). "" as `envelope_sender` is the null reverse-path.
    """
    root, structure_defects = open_letter(octets)
    reading = _Reading(root, list(structure_defects))
    people = reading.addresses()
    text, html = read_body(root, reading.defects)
    author = people["from"][0] if people["from"] else name_only(single_line(reading.text("from")))
    if author is None or not author.addr:
        reading.defects.append("no usable From address")
    return Message(
        message_id=reading.message_id(),
        in_reply_to=find_ids(reading.texts("in-reply-to")),
        references=find_ids(reading.texts("references")),
        author=author,
        co_authored=len(people["from"]) > 1 or len(reading.texts("from")) > 1,
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
        report=find_report(root, reading.hint),
        enclosed=find_enclosed(root, reading.hint),
        defects=tuple(dict.fromkeys(single_line(defect) for defect in reading.defects)),
    )


def read_attachment(octets: bytes, index: int) -> bytes:
    """Return the decoded content of the part that `Attachment.index` names.

    Raises IndexError when the letter has no such part: the octets are then not those the attachment came from.
    """
    return attachment_reader(octets)(index)


def attachment_reader(octets: bytes) -> Callable[[int], bytes]:
    """Return `read_attachment` for one letter, which is opened once, however many of its parts are asked for."""

    @cache
    def parts() -> list[mime.Part]:
        return [part for part, _ in mime.leaves(open_letter(octets)[0])]

    def read(index: int) -> bytes:
        if not 0 <= index < len(parts()):
            raise IndexError(f"the letter has no part {index}")
        return parts()[index].content()

    return read


class _Reading:
    """One letter being read; gathers the defects on the way."""

    def __init__(self, root: mime.Part, defects: list[str]) -> None:
        self.root = root
        self.defects = defects
        self.hint = mime.charset_hint(root)
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
        return tuple((name, single_line(self._field(name, value))[:MAX_VALUE]) for name, value in decoded)

    def _field(self, name: str, value: bytes) -> str:
        """Return a field as text. Servers write addresses of strangers into theirs: an encoded word there is part of one."""
        return value.decode("latin-1") if name in _BY_SERVERS else decode_header(value, self.hint)

    def message_id(self) -> str | None:
        """Return the letter's own id, or None."""
        return next(iter(find_ids(self.texts("message-id")[:1])), None)

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
        value = mended_date(single_line(self.text("date"))[:200])
        if not value:
            return None
        header = Header()
        header["Date"] = value
        with suppress(Exception):  # as with the addresses
            claimed = mailparser.MailParser(header).date
            if isinstance(claimed, datetime):
                return claimed.astimezone(UTC)
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            claimed = parsedate_to_datetime(value)
            return (claimed if claimed.tzinfo else claimed.replace(tzinfo=UTC)).astimezone(UTC)  # "-0000" is UTC
        self.defects.append("Date is not a date")
        return None

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
                    name=file_name(part, index),
                    media_type=part.media_type[:255],
                    size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                    inline=image and (part.disposition == "inline" or part.content_id is not None),
                    content_id=part.content_id,
                )
            )
        return tuple(found)
