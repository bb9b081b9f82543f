"""Header values to text: RFC 2047 encoded words as clients really write them. Imports `charset`."""

import binascii
import re
from collections.abc import Iterator

from maild.ingest.octets.charset import STATEFUL, decode, find_codec

MAX_WORD = 5_000  # octets of one encoded word; RFC 2047 §2 allows 75, some write a whole subject as one

_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
# A word may hold raw octets, blanks and question marks, but neither its own end nor the beginning of another one: so
# each octet is looked at by one word only. The last one may have lost its end to a gateway that cuts long lines.
_WORD = re.compile(
    rb"=\?([^?\s]{0,80})\?([bBqQ])\?"
    rb"((?:[^?=]|=(?!\?[^?\s]{0,80}\?[bBqQ]\?)|\?(?!=)){0,%d}+)(?:\?=|\??\Z)" % MAX_WORD
)
_WORD_GAP = re.compile(rb"[ \t\r\n]*")


def decode_header(octets: bytes, hint: str | None = None) -> str:
    """Return a header value as text: RFC 2047 words decoded, raw 8-bit letters too (`hint`: the body's charset).

    Adjacent words of one charset are joined as octets before decoding, because senders split inside a character.
    """
    if b"=?" not in octets:
        return decode_raw(octets, hint)
    pieces: list[str] = []
    run: list[tuple[str, str, bytes]] = []  # adjacent encoded words: charset, encoding, text
    at = 0
    for match in _words(octets):
        gap = octets[at : match.start()]
        if not (run and _WORD_GAP.fullmatch(gap)):
            pieces.append(_decode_run(run))
            pieces.append(decode_raw(gap, hint))
            run = []
        run.append((match[1].decode("latin-1"), match[2].decode("latin-1").lower(), match[3]))
        at = match.end()
    pieces.append(_decode_run(run))
    pieces.append(decode_raw(octets[at:], hint))
    return "".join(pieces)


def decode_raw(octets: bytes, hint: str | None) -> str:
    """Return what stands outside encoded words. A header is ASCII at heart, whatever charset the body is in."""
    if octets.isascii():
        return decode(octets)[0] if b"\x1b" in octets else octets.decode("ascii")
    return decode(octets, None if (find_codec(hint) or "").startswith(STATEFUL) else hint)[0]


def find_words(octets: bytes) -> list[tuple[int, int]]:
    """Return where each run of adjacent encoded words begins and ends."""
    runs: list[tuple[int, int]] = []
    for match in _words(octets):
        if runs and _WORD_GAP.fullmatch(octets, runs[-1][1], match.start()):
            runs[-1] = (runs[-1][0], match.end())
        else:
            runs.append(match.span())
    return runs


def _words(octets: bytes) -> Iterator[re.Match[bytes]]:
    return (match for match in _WORD.finditer(octets) if match[3] or match[0].endswith(b"?="))


def _decode_run(run: list[tuple[str, str, bytes]]) -> str:
    """Decode adjacent encoded words, those of the same charset together."""
    text = []
    at = 0
    while at < len(run):
        charset = run[at][0].lower()
        end = at
        while end < len(run) and run[end][0].lower() == charset:
            end += 1
        text.append(decode(_word_octets(run[at:end]), charset)[0])
        at = end
    return "".join(text)


def _word_octets(words: list[tuple[str, str, bytes]]) -> bytes:
    """Return what the words encode. Base64 that was cut at any place is joined before it is decoded."""
    if all(encoding == "b" for _, encoding, _ in words) and any(len(word[2]) % 4 for word in words[:-1]):
        return decode_base64(b"".join(text for _, _, text in words))
    return b"".join(
        decode_base64(text) if encoding == "b" else binascii.a2b_qp(text, header=True) for _, encoding, text in words
    )


def decode_base64(text: bytes | memoryview) -> bytes:
    """Decode base64 with foreign characters, missing padding or a cut end; never raises."""
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        digits = bytes(text).translate(None, _NOT_BASE64)
        whole = len(digits) - (len(digits) % 4 == 1)  # a single left-over digit carries no octet
        return binascii.a2b_base64(digits[:whole] + b"==")
