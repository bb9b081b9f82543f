"""The machine-readable half of a report (RFC 6522), as it stands in the letter; `ingest.dsn` says what it means."""

from collections.abc import Mapping

from maild.ingest import mime
from maild.ingest.charset import single_line
from maild.ingest.ids import find_ids
from maild.ingest.words import decode_header
from maild.model import Report

MAX_BLOCKS = 1_000  # header blocks of a report: recipients
MAX_FIELD = 10_000  # characters of one field kept
MAX_RETURNED = 1_000_000  # octets of a returned letter in which its Message-ID is looked for

_REPORT_TYPES = {
    "message/delivery-status": "delivery-status",
    "message/global-delivery-status": "delivery-status",
    "message/disposition-notification": "disposition-notification",
    "message/global-disposition-notification": "disposition-notification",
    "message/feedback-report": "feedback-report",
}
_RETURNED_TYPES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers")


def find_report(root: mime.Part, hint: str | None) -> Report | None:
    """Return the first machine-readable report in the letter, with the id of the letter it speaks of.

    `hint` is the charset of raw octets in its fields.
    """
    leaves = [part for part, _ in mime.leaves(root)]
    part = next((part for part in leaves if part.media_type in _REPORT_TYPES), None)
    if part is None:
        return None
    same = (other for other in leaves if other.media_type == part.media_type)  # some send one part per recipient
    blocks = tuple(block for other in same for block in _blocks(other.content(at_most=MAX_RETURNED), hint))[:MAX_BLOCKS]
    named = (block["original-message-id"] for block in blocks if "original-message-id" in block)
    returned = (
        decode_header(value, hint)
        for part in leaves
        if part.media_type in _RETURNED_TYPES
        for key, value in _returned_fields(part)
        if key == "message-id"
    )
    ids = find_ids([*named, *returned])
    return Report(type=_REPORT_TYPES[part.media_type], blocks=blocks, original_message_id=ids[0] if ids else None)


def _blocks(octets: bytes, hint: str | None) -> tuple[Mapping[str, str], ...]:
    """Return the header blocks of a report; the first value of a repeated field counts."""
    blocks: list[Mapping[str, str]] = []
    at = 0
    while at < len(octets) and len(blocks) < MAX_BLOCKS:
        fields, after, defect = mime.read_fields(octets, at, len(octets), MAX_RETURNED)
        if defect and after == at:  # a line that is no field
            after = octets.find(b"\n", at) + 1 or len(octets)
        if fields:
            values = ((name, single_line(decode_header(value, hint))[:MAX_FIELD]) for name, value in fields)
            blocks.append(dict(reversed([(single_line(name)[:100], value) for name, value in values])))
        at = after
    return tuple(blocks)


def _returned_fields(part: mime.Part) -> mime.Fields:
    octets = part.content(at_most=MAX_RETURNED).lstrip(b"\r\n")
    return mime.read_fields(octets, 0, len(octets), MAX_RETURNED)[0]
