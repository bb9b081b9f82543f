"""The machine's half of a letter: reports (RFC 6522) and the headers of enclosed letters. Imports mime, charset and model.

Reads what stands there and judges nothing: `dsn`, `feedback` and `classify` do.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from maild.ingest.octets import mime
from maild.ingest.octets.charset import single_line
from maild.ingest.octets.words import decode_header
from maild.model import Enclosed, Report

MAX_BLOCKS = 1_000  # header blocks of a report: recipients
MAX_OCTETS = 1_000_000  # of a report, and of an enclosed letter in which its header is looked for
MAX_VALUE = 10_000  # characters of one field
MAX_ENCLOSED = 5  # letters; a digest has more, a report one

REPORT_TYPES = {
    "message/delivery-status": "delivery-status",
    "message/global-delivery-status": "delivery-status",
    "message/disposition-notification": "disposition-notification",
    "message/global-disposition-notification": "disposition-notification",
    "message/feedback-report": "feedback-report",
}
_LETTER_TYPES = ("message/rfc822", "message/global")
_HEADER_TYPES = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
_ENCLOSED_FIELDS = frozenset({
    "message-id", "from", "sender", "return-path", "reply-to", "to", "cc", "subject", "date", "auto-submitted",
    "delivered-to", "x-original-to", "x-envelope-to", "x-failed-recipients", "x-hmxmroriginalrecipient",
})  # fmt: skip
_ID_FIELDS = ("original-message-id", "x-original-message-id")  # the second one is Google's
_ANGLED = re.compile(r"<([^<>]+)>")
# Where a report leaves out the blank line between two recipients, the second one begins with one of these again
_RECIPIENT_FIELDS = ("original-recipient", "final-recipient")


def find_report(root: mime.Part, hint: str | None = None) -> Report | None:
    """Return the first machine-readable report in the letter, with the id of the letter that it speaks of, or None.

    Several parts of one type are read as one, since some systems write one per recipient. `hint` is the charset of raw
    octets in the fields.
    """
    leaves = [part for part, _ in mime.leaves(root)]
    part = next((part for part in leaves if part.media_type in REPORT_TYPES), None)
    if part is None:
        return None
    same = (other for other in leaves if other.media_type == part.media_type)
    blocks = tuple(block for other in same for block in _blocks(other.content(at_most=MAX_OCTETS), hint))[:MAX_BLOCKS]
    named = (block[name] for block in blocks for name in _ID_FIELDS if name in block)
    returned = (value for one in _enclosed(leaves, hint) for value in one.values("message-id"))
    original = next((found for value in (*named, *returned) if (found := _id(value))), None)
    return Report(type=REPORT_TYPES[part.media_type], blocks=blocks, original_message_id=original)


def find_enclosed(root: mime.Part, hint: str | None = None) -> tuple[Enclosed, ...]:
    """Return the headers of the letters that this one carries, and the reports that those are; at most a few."""
    return tuple(_enclosed([part for part, _ in mime.leaves(root)], hint))


def _enclosed(leaves: Iterable[mime.Part], hint: str | None) -> Iterator[Enclosed]:
    letters = [part for part in leaves if part.media_type in (*_LETTER_TYPES, *_HEADER_TYPES)]
    for part in letters[:MAX_ENCLOSED]:
        octets = part.content(at_most=MAX_OCTETS).lstrip(b"\r\n")
        report = None
        if part.media_type in _LETTER_TYPES and b"multipart/report" in octets[:20_000].lower():
            inner, _ = mime.split(octets)
            report = find_report(inner, hint)  # no deeper: what that one encloses is its own affair
        fields, _, _ = mime.read_fields(octets, 0, len(octets), MAX_OCTETS)
        told = ((single_line(name), value) for name, value in fields[:1000] if name in _ENCLOSED_FIELDS)
        yield Enclosed(fields=tuple((name, _text(value, hint)) for name, value in told), report=report)


def _blocks(octets: bytes, hint: str | None) -> Iterator[Mapping[str, str]]:
    """Yield the header blocks of a report; of a repeated field the first value counts."""
    at = 0
    while at < len(octets):
        fields, after, defect = mime.read_fields(octets, at, len(octets), MAX_OCTETS)
        if defect and after == at:  # a line that is no field
            after = octets.find(b"\n", at) + 1 or len(octets)
        block: dict[str, str] = {}
        for name, value in fields:
            if name in _RECIPIENT_FIELDS and name in block:
                yield block
                block = {}
            block.setdefault(single_line(name)[:100], _text(value, hint))
        if block:
            yield block
        at = after


def _text(value: bytes, hint: str | None) -> str:
    return single_line(decode_header(value[: 4 * MAX_VALUE], hint))[:MAX_VALUE]


def _id(value: str) -> str | None:
    """Return the message id in a field without its angle brackets; one that lost them, or was folded, as well."""
    angled = _ANGLED.search(value)
    found = "".join((angled[1] if angled else value).split()).strip("<>,;")
    return found[:998] or None
