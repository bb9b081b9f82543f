"""The content of an S/MIME opaque-signed letter (RFC 8551 §3.5.2): as much of CMS as that takes. Imports nothing of ours.

No signature is checked here: that it is there says nothing about who wrote the letter. Why not a library for ASN.1:
those at hand build a tree of the whole (7 s for 25 MB in the 4 kB pieces that mail clients write); one list of
octets lies behind seven headers, and each header is looked at once.
"""

import binascii
import re
from typing import Literal

MAX_PIECES = 200_000  # of one content; clients write 1 to 4 kB in each
MAX_NESTING = 20  # constructed values within one another on the way; real ones have two

_SEQUENCE, _SET, _INTEGER, _OID, _OCTETS, _OCTETS_IN_PIECES, _EXPLICIT = 0x30, 0x31, 0x02, 0x06, 0x04, 0x24, 0xA0
_END = b"\0\0"  # of a value whose length is not told in advance (X.690 §8.1.3.6)
_KINDS: dict[bytes, Literal["signed", "encrypted", "compressed"]] = {
    bytes.fromhex("2a864886f70d010702"): "signed",
    bytes.fromhex("2a864886f70d010703"): "encrypted",
    bytes.fromhex("2a864886f70d01091001 17".replace(" ", "")): "encrypted",  # AuthEnvelopedData, RFC 5083
    bytes.fromhex("2a864886f70d0109100109"): "compressed",  # RFC 3274
}
_ARMOUR = re.compile(rb"\s*-----BEGIN (?:PKCS7|CMS)-----\s([A-Za-z0-9+/=\s]+)")


def find_kind(octets: bytes) -> Literal["signed", "encrypted", "compressed"] | None:
    """Return what a CMS message is, None where it is none or of a kind that mail has no use for. Never raises."""
    try:
        value = _unarmoured(octets)
        at = _enter(value, 0, _SEQUENCE)
        return _KINDS.get(_primitive(value, at, _OID)[0])
    except (ValueError, IndexError):
        return None


def read_signed(octets: bytes) -> bytes | None:
    """Return what an opaque-signed message says (RFC 5652 §5.1), None where there is no such thing in it. Never raises."""
    try:
        value = _unarmoured(octets)
        at = _enter(value, 0, _SEQUENCE)
        kind, at = _primitive(value, at, _OID)
        if _KINDS.get(kind) != "signed":
            return None
        at = _enter(value, at, _EXPLICIT)
        at = _enter(value, at, _SEQUENCE)
        _, at = _primitive(value, at, _INTEGER)
        at = _skip(value, at, _SET)
        at = _enter(value, at, _SEQUENCE)
        _, at = _primitive(value, at, _OID)
        at = _enter(value, at, _EXPLICIT)
        return _octet_string(value, at)
    except (ValueError, IndexError):
        return None


def _unarmoured(octets: bytes) -> bytes:
    armoured = _ARMOUR.match(octets)
    return binascii.a2b_base64(armoured[1]) if armoured else octets


def _header(octets: bytes, at: int) -> tuple[int, int, int | None]:
    """Return the tag of the value at `at`, where its content begins, and how long that is (None: up to its end mark)."""
    tag, first = octets[at], octets[at + 1]
    at += 2
    if first < 0x80:
        return tag, at, first
    if first == 0x80:
        return tag, at, None
    count = first & 0x7F
    if count > 8 or at + count > len(octets):
        raise ValueError("a length that no memory holds")
    return tag, at + count, int.from_bytes(octets[at : at + count])


def _enter(octets: bytes, at: int, wanted: int) -> int:
    tag, content, _ = _header(octets, at)
    if tag != wanted:
        raise ValueError(f"tag {tag:#x} where {wanted:#x} belongs")
    return content


def _primitive(octets: bytes, at: int, wanted: int) -> tuple[bytes, int]:
    tag, content, length = _header(octets, at)
    if tag != wanted or length is None:
        raise ValueError(f"tag {tag:#x} where {wanted:#x} belongs")
    return octets[content : content + length], content + length


def _skip(octets: bytes, at: int, wanted: int) -> int:
    """Return where the value after this one begins."""
    tag, content, length = _header(octets, at)
    if tag != wanted:
        raise ValueError(f"tag {tag:#x} where {wanted:#x} belongs")
    if length is not None:
        return content + length
    open_values = 1
    while open_values:
        if octets[content : content + 2] == _END:
            open_values, content = open_values - 1, content + 2
            continue
        _, content, length = _header(octets, content)
        open_values += length is None
        content += length or 0
    return content


def _octet_string(octets: bytes, at: int) -> bytes:
    """Return an octet string, in one piece or in many (X.690 §8.7.3)."""
    whole = bytearray()
    pieces = 0
    ends: list[int | None] = []  # of the constructed values around; None: up to an end mark
    while pieces < MAX_PIECES:
        tag, content, length = _header(octets, at)
        if tag == _OCTETS and length is not None:
            whole += octets[content : content + length]
            at = content + length
            pieces += 1
        elif tag == _OCTETS_IN_PIECES and len(ends) < MAX_NESTING:
            ends.append(None if length is None else content + length)
            at = content
        else:
            raise ValueError("no octet string")
        while ends:
            end = ends[-1]
            if at >= len(octets):  # cut off: what is there counts
                return bytes(whole)
            if end is None and octets[at : at + 2] == _END:
                at += 2
            elif end is None or at < end:
                break
            ends.pop()
        if not ends:
            return bytes(whole)
    raise ValueError("more pieces than any client writes")
