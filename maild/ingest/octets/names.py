"""File names that every system can keep, the same for the same letter each time it is read."""

import re

from maild.ingest.octets import mime
from maild.ingest.octets.charset import single_line
from maild.ingest.octets.words import decode_header

MAX_FILE_NAME = 120  # characters; stays under 255 octets, the limit of usual file systems, in Cyrillic too
MAX_ATTACHED_HEADER = 64_000  # octets of an attached letter in which its subject is looked for

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
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "message/global": ".eml",
    "message/rfc822": ".eml",
    "message/rfc822-headers": ".txt",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
}
_UNSAFE_IN_NAMES = re.compile(r"[<>:\"|?*]")
_DEVICE_NAMES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)  # Windows opens these


def file_name(part: mime.Part, index: int) -> str:
    """Return a safe name for a part: its own, an attached letter's subject, or one made of the part's position."""
    given = part.name
    if not (given or "").strip() and part.media_type in ("message/rfc822", "message/global"):
        subject = attached_subject(part)
        given = f"{subject}.eml" if subject else None
        given = given and given.replace("/", "_").replace("\\", "_")  # "Re: 1/2" is no path
    return safe_name(given, index, part.media_type)


def attached_subject(part: mime.Part) -> str:
    """Return the decoded subject of an attached letter, "" where it has none."""
    octets = part.content(at_most=MAX_ATTACHED_HEADER).lstrip(b"\r\n")
    fields = mime.read_fields(octets, 0, len(octets), MAX_ATTACHED_HEADER)[0]
    value = next((value for name, value in fields if name == "subject"), b"")
    return single_line(decode_header(value, part.charset))


def safe_name(name: str | None, index: int, media_type: str) -> str:
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
