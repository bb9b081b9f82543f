"""The parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231), by the book or as clients write them.

Why not `email`'s own reader: it stops at a missing semicolon, loses names whose pieces are partly encoded or come
without their asterisk, and takes quadratic time where quotes never close. Each octet is looked at once here.
"""

import re
from dataclasses import dataclass

from maild.ingest.octets.charset import decode, find_codec
from maild.ingest.octets.words import decode_header

MAX_VALUE = 5_000  # octets of one field; a file name of 255 Cyrillic letters in RFC 2231 needs 1,600
MAX_COUNT = 100  # parameters of one field, the pieces of a continued one counted each
MAX_REPAIRS = 10  # semicolons put where they were forgotten in one field

_TYPE = re.compile(rb"[ \t]*([^\s;,\"=]{0,200})[ \t]*")
# name, "=", and what follows up to the next semicolon; a quoted value may lack its closing quote. Possessive: no retries
_PARAMETER = re.compile(
    rb"[\s;,]*+([^\s;=\"]++)[ \t\r\n]*+=[ \t\r\n]*+"
    rb"(?:\"((?:[^\"\\]|\\.)*+)(?:\"[^;\s]*+|\Z)|([^;\"]*+(?:\"[^;]*+)?+))",
    re.DOTALL,
)
_JUNK = re.compile(rb"[^;]*+;?+")
# where a client forgot the semicolon: access-type=mail-server server="…"; but a name may hold blanks and "="
_FORGOTTEN = re.compile(rb"[ \t\r\n]+(?=[A-Za-z][A-Za-z0-9-]{2,20}(?:\*[0-9]{0,3}\*?)?=)")
_QUOTED_PAIR = re.compile(rb"\\([\\\"])")
_PIECE = re.compile(r"([^*]+)(?:\*([0-9]{1,3}))?(\*)?")
_LETTERS_IN_PERCENT = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f]){2}")  # nobody calls a file that
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_EXTENDED = re.compile(rb"([A-Za-z0-9_.:+-]{0,40})'[A-Za-z0-9-]{0,40}'(.*)", re.DOTALL)


@dataclass(frozen=True)
class Parameters:
    """The value before the first semicolon, lower-case, and the parameters by their lower-case names."""

    value: str
    octets: dict[str, bytes]  # as written, quotes and percent signs undone
    charsets: dict[str, str]  # what RFC 2231 says they are in

    def machine(self, name: str) -> str | None:
        """Return a parameter that machines read (charset, boundary), or None."""
        return self.octets.get(name, b"").decode("latin-1") or None

    def text(self, name: str, hint: str | None) -> str | None:
        """Return a parameter that people read, RFC 2231, RFC 2047 or raw; `hint` is the charset of raw octets."""
        octets = self.octets.get(name)
        if not octets:
            return None
        charset = self.charsets.get(name)
        if charset is None and _LETTERS_IN_PERCENT.search(octets):  # the asterisk left out, or a web mailer's URL
            extended = _EXTENDED.fullmatch(octets)
            octets, charset = _unescaped(extended[2] if extended else octets), "utf-8"
            if extended and find_codec(extended[1].decode("latin-1")):
                charset = extended[1].decode("latin-1")
        if charset is not None:
            return decode(octets, charset)[0]
        return decode_header(octets, hint) or None


def read_parameters(value: bytes) -> Parameters:
    """Return what a field says. The first of two parameters of one name counts; never raises, takes linear time."""
    value = value[:MAX_VALUE]
    head = _TYPE.match(value)
    whole: dict[str, bytes] = {}
    charsets: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for name, octets in _pairs(value, head.end() if head else 0):
        parts = _PIECE.fullmatch(name)
        if parts is None:
            continue
        base, number, extended = parts[1], parts[2], parts[3] is not None
        if number is None and not extended:
            whole.setdefault(base, octets)
        else:
            pieces.setdefault(base, {}).setdefault(int(number or 0), (octets, extended))
    for base, numbered in pieces.items():
        octets, charset = _joined(numbered)
        if octets and not (charset == "" and base in whole):
            whole[base] = octets
            if charset:
                charsets[base] = charset
            else:
                charsets.pop(base, None)
    return Parameters(head[1].decode("latin-1").lower() if head else "", whole, charsets)


def _pairs(value: bytes, at: int) -> list[tuple[str, bytes]]:
    pairs: list[tuple[str, bytes]] = []
    repairs = 0
    while at < len(value) and len(pairs) < MAX_COUNT:
        match = _PARAMETER.match(value, at)
        if match is None:
            junk = _JUNK.match(value, at)
            at = max(junk.end() if junk else at, at + 1)
            continue
        name = match[1].decode("latin-1").lower()
        at = match.end()
        if match[2] is not None:
            pairs.append((name, _QUOTED_PAIR.sub(rb"\1", match[2]).replace(b"\r", b"").replace(b"\n", b"")))
            continue
        bare = match[3]
        if forgotten := _FORGOTTEN.search(bare) if repairs < MAX_REPAIRS else None:
            repairs += 1
            at = match.start(3) + forgotten.end()
            bare = bare[: forgotten.start()]
        pairs.append((name, bare.strip(b" \t\r\n\"'") if not bare.startswith(b"'") else bare.strip()))
    return pairs


def _joined(numbered: dict[int, tuple[bytes, bool]]) -> tuple[bytes, str]:
    """Return the pieces of a continued parameter as one, in the order of their numbers, and its charset ("": plain).

    Some clients leave out the charset, some the asterisk of pieces that are encoded all the same.
    """
    order = [numbered[number] for number in sorted(numbered)]
    charset = "utf-8" if any(extended for _, extended in order) else ""
    first, extended = order[0]
    if extended and (match := _EXTENDED.fullmatch(first)):
        charset = match[1].decode("latin-1") or "utf-8"
        order[0] = (match[2], True)
    decoded = (
        _unescaped(octets) if extended or (charset and _LETTERS_IN_PERCENT.search(octets)) else octets
        for octets, extended in order
    )
    return b"".join(decoded), charset


def _unescaped(octets: bytes) -> bytes:
    return _PERCENT.sub(lambda hexadecimal: bytes([int(hexadecimal[1], 16)]), octets)
