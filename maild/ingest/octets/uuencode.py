"""Files that old clients write into the text itself: uuencode, as POSIX describes it. Imports nothing of ours.

Only what is whole counts, a begin line, valid lines and an end line: everything else is words, a letter that explains
uuencode included.
"""

import binascii
import re
from dataclasses import dataclass

MAX_FILES = 100  # files taken out of one text
MAX_TRIES = 1_000  # begin lines looked behind
MAX_SHORT_LINES = 1_000  # of one file; encoders write 61 characters on every line but the last
SHORT = 20  # octets encoded on such a line

_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} +([^\r\n]{1,255}?)[ \t]*\r?$", re.MULTILINE)
_LINE = re.compile(rb"([^\r\n]*)\r?(?:\n|\Z)")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]{1,100}={0,2}")


@dataclass(frozen=True)
class UuFile:
    """A file found in a text: its name as written, and its content."""

    name: bytes
    content: bytes


def take_files(text: bytes) -> tuple[bytes, tuple[UuFile, ...]]:
    """Return the text without its uuencoded files, and the files in order. Never raises, takes linear time."""
    kept: list[bytes] = []
    files: list[UuFile] = []
    at = 0
    begin = _BEGIN.search(text)
    for _ in range(MAX_TRIES):
        if begin is None or len(files) >= MAX_FILES:
            break
        found = _read(text, begin.end() + 1, base64=text.startswith(b"begin-", begin.start()))
        if found is None:
            begin = _BEGIN.search(text, begin.end())
            continue
        content, after = found
        kept.append(text[at : begin.start()])
        files.append(UuFile(begin[1], content))
        at = after
        begin = _BEGIN.search(text, after)
    return (b"".join([*kept, text[at:]]), tuple(files)) if files else (text, ())


def decode_body(text: bytes) -> bytes:
    """Return what a body with `Content-Transfer-Encoding: x-uuencode` encodes; damaged lines are left out."""
    begin = _BEGIN.search(text)
    decoded = []
    for line in text[begin.end() if begin else 0 :].splitlines():
        if line.strip() == b"end":
            break
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            decoded.append(_decoded(line) or b"")
    return b"".join(decoded)


def _read(text: bytes, at: int, *, base64: bool) -> tuple[bytes, int] | None:
    """Return the file whose lines begin at `at` and where the text goes on; None where a line is none of a file's."""
    decoded = bytearray()
    short = 0
    while at < len(text) and short <= MAX_SHORT_LINES:
        match = _LINE.match(text, at)
        if match is None:
            return None
        line, at = match[1], match.end()
        if line.strip() in (b"end", b"===="):
            return (bytes(decoded), at) if decoded else None
        octets = _decoded_base64(line) if base64 else _decoded(line)
        if octets is None:
            return None
        decoded += octets
        short += len(octets) < SHORT
    return None


def _decoded(line: bytes) -> bytes | None:
    """Return the octets of one line, None where it cannot be one.

    The first character tells how many octets follow. Some encoders add a checksum, some relays cut blanks at the end.
    """
    if not line.strip():
        return b""
    promised = (line[0] - 32) & 63
    digits = (promised * 8 + 5) // 6
    whole = (promised + 2) // 3 * 4
    if not 32 <= line[0] <= 96 or len(line) - 1 > whole + 2:
        return None
    try:
        return binascii.a2b_uu(line[: 1 + digits])
    except binascii.Error:
        return None


def _decoded_base64(line: bytes) -> bytes | None:
    if not _BASE64_LINE.fullmatch(line.strip()):
        return None
    try:
        return binascii.a2b_base64(line)
    except binascii.Error:
        return None
