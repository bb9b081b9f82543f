"""The words of Outlook's compressed RTF (MS-OXRTFCP, MS-OXRTFEX): text only, no looks. Imports `charset`."""

import re
import struct
from dataclasses import dataclass, replace

from maild.ingest.octets.charset import decode

MAX_RTF = 500_000  # octets of RTF unpacked and read, a second's work at worst; words are a tenth of it

_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_HEADER = 16  # octets: two sizes, the kind, a checksum
_WINDOW = 4_096
# What every document begins with, so that even short ones shrink (MS-OXRTFCP §2.1.2.1)
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbol"
    rb"ArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.DOTALL
)
_NOT_WORDS = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr listtable".split()
)
_LETTERS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
}  # fmt: skip
_NEW_LINE = re.compile(rb"<br|</p|</div|</tr|</li|</h[1-6]", re.IGNORECASE)


def read_rtf(compressed: bytes) -> str:
    """Return the words of a compressed RTF body, "" where it is none. Never raises; what is damaged ends the text."""
    rtf = _unpacked(compressed)
    return _words(rtf) if rtf.startswith(b"{\\rtf") else ""


def _unpacked(compressed: bytes) -> bytes:
    """Undo the compression: literals, and pointers into a window of what was written last."""
    if len(compressed) < _HEADER:
        return b""
    kind = compressed[8:12]
    if kind == _PLAIN:
        return compressed[_HEADER : _HEADER + min(MAX_RTF, *struct.unpack_from("<I", compressed, 4))]
    if kind != _COMPRESSED:
        return b""
    window = bytearray(_KNOWN.ljust(_WINDOW, b"\0"))
    written = len(_KNOWN)
    out = bytearray()
    at = _HEADER
    while at < len(compressed) and len(out) < MAX_RTF:
        control = compressed[at]
        at += 1
        for bit in range(8):
            if at >= len(compressed):
                return bytes(out)
            if control >> bit & 1:
                pointer = int.from_bytes(compressed[at : at + 2])
                at += 2
                offset, length = pointer >> 4, (pointer & 15) + 2
                if offset == written % _WINDOW:
                    return bytes(out)
            else:
                window[written % _WINDOW] = compressed[at]
                offset, length = written % _WINDOW, 1
                at += 1
            for step in range(length):
                octet = window[(offset + step) % _WINDOW]
                window[written % _WINDOW] = octet
                written += 1
                out.append(octet)
    return bytes(out)


@dataclass(frozen=True)
class _State:
    """What holds in one group of braces."""

    hidden: bool = False  # fonts, pictures, whatever is no words
    tag: bool = False  # a piece of the HTML that the RTF was made from
    twice: bool = False  # RTF that stands beside such a piece and says it again
    fallback: int = 1  # characters after a Unicode letter that old readers show instead


def _words(rtf: bytes) -> str:
    text: list[str] = []
    octets = bytearray()  # eight-bit letters not decoded yet
    charset = "cp1252"
    states: list[_State] = []
    state = _State()
    skip = 0  # characters still to be left out after a Unicode letter
    destination = False  # whether the next word says what an optional group is

    def flush() -> None:
        text.append(decode(bytes(octets), charset)[0])
        octets.clear()

    for match in _TOKEN.finditer(rtf):
        word, number, hexadecimal, symbol, brace, plain = match.groups()
        if brace == b"{":
            states.append(state)
        elif brace == b"}":
            state = states.pop() if states else _State()
        elif symbol == b"*":
            destination = True
            continue
        elif word == b"ansicpg":
            charset = f"cp{(number or b'').decode()}"
        elif word == b"uc":
            state = replace(state, fallback=int(number or 1))
        elif word == b"htmlrtf":
            state = replace(state, twice=number != b"0")
        elif word is not None and (destination or word in _NOT_WORDS):
            state = replace(state, tag=word == b"htmltag", hidden=state.hidden or word != b"htmltag")
        elif state.hidden or state.twice:
            pass
        elif state.tag:
            if plain and _NEW_LINE.search(plain):
                octets += b"\n"
            elif plain == b"&nbsp;":
                octets += b" "
        elif word == b"u" and number:
            flush()
            text.append(chr(int(number) & 0xFFFF))
            skip = state.fallback
        elif word in _LETTERS:
            flush()
            text.append(_LETTERS[word])
        elif hexadecimal:
            if skip:
                skip -= 1
            else:
                octets.append(int(hexadecimal, 16))
        elif symbol in (b"\\", b"{", b"}", b"~"):
            octets += symbol.replace(b"~", b" ")
        elif plain:
            octets += plain[skip:]
            skip = max(0, skip - len(plain))
        destination = False
    flush()
    return "".join(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
