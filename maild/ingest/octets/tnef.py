"""What Outlook and Exchange pack into winmail.dat (MS-OXTNEF). The only file that imports tnefparse.

The outer list of attributes is read here: tnefparse copies the rest of the stream for each of them, and one damaged
attribute makes it give up all the others. It reads the MAPI properties inside, guarded: reading past the end raises,
and so do more values than any letter has, because it believes every count that it finds.
"""

import logging
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, SupportsIndex, overload

from tnefparse.mapi import IMESSAGE_SIG, decode_mapi

from maild.ingest.octets.charset import decode, find_codec

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 5_000  # of one stream; each attachment has about five
MAX_ATTACHMENTS = 500
MAX_VALUES = 5_000  # reads from one block of MAPI properties; a real one takes some hundreds

_TITLE, _DATA, _TRANSPORT_NAME, _RENDERING, _ATTACHMENT = 0x8010, 0x800F, 0x9001, 0x9002, 0x9005
_BODY, _PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_MAPI_BODY, _MAPI_HTML, _MAPI_RTF, _MAPI_INTERNET_CODE_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_MAPI_DISPLAY_NAME, _MAPI_DATA, _MAPI_FILE_NAME, _MAPI_LONG_NAME = 0x3001, 0x3701, 0x3704, 0x3707
_MAPI_TYPE, _MAPI_CONTENT_ID, _MAPI_LOCATION_HIDDEN = 0x370E, 0x3712, 0x7FFE
_CHARSETS = {20127: "ascii", 20866: "koi8-r", 21866: "koi8-u", 28591: "iso-8859-1", 28595: "iso-8859-5", 65001: "utf-8"}

logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # it logs what it cannot read, file names included


@dataclass
class TnefFile:
    """One attachment of the stream."""

    name: str = ""
    media_type: str = ""
    content_id: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass
class Tnef:
    """What a stream holds: attachments, and the letter's words as plain text, HTML and RTF where they are there."""

    files: list[TnefFile] = field(default_factory=list)
    text: str = ""
    html: bytes = b""
    html_charset: str = ""
    rtf: bytes = b""  # the same words compressed: see `rtf`
    cut: bool = False  # there are more attachments than are read


def read_tnef(octets: bytes) -> Tnef | None:
    """Return the content of a TNEF stream, None where it is none. Never raises; what is damaged is left out."""
    if not octets.startswith(SIGNATURE):
        return None
    found = Tnef()
    charset = "cp1252"
    file = TnefFile()  # an attachment's attributes before any attachment begins belong to nobody
    for name, data in _attributes(octets):
        if name == _CODE_PAGE:
            with suppress(struct.error):
                charset = _charset(struct.unpack_from("<I", data)[0]) or charset
        elif name == _RENDERING:
            file = TnefFile()
            found.cut = len(found.files) >= MAX_ATTACHMENTS
            found.files += [] if found.cut else [file]
        elif name == _TITLE or (name == _TRANSPORT_NAME and not file.name):
            file.name = decode(data.rstrip(b"\0"), charset)[0]
        elif name == _DATA:
            file.content = data
        elif name == _ATTACHMENT:
            _read_file(file, _properties(data), charset)
        elif name == _BODY:
            found.text = found.text or decode(data.rstrip(b"\0"), charset)[0]
        elif name == _PROPERTIES:
            _read_words(found, _properties(data), charset)
    found.files = [file for file in found.files if file.content or file.name]
    return found


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield id and data of each attribute (§2.1.3.2: level, id, type, length, data, checksum); a cut one is cut."""
    at = len(SIGNATURE) + 2
    for _ in range(MAX_ATTRIBUTES):
        if at + 9 > len(octets):
            return
        name, _, length = struct.unpack_from("<HHI", octets, at + 1)
        at += 9
        yield name, octets[at : at + length]
        at += length + 2


class _Guarded(bytes):
    """Octets that tnefparse may not read past the end, nor more often than a real letter needs."""

    reads = 0

    @overload
    def __getitem__(self, key: SupportsIndex, /) -> int: ...
    @overload
    def __getitem__(self, key: slice, /) -> bytes: ...
    def __getitem__(self, key: SupportsIndex | slice, /) -> int | bytes:
        self.reads += 1
        if self.reads > MAX_VALUES or (isinstance(key, slice) and (key.stop or 0) > len(self) + 3):  # padding may miss
            raise IndexError("beyond what is there")
        return super().__getitem__(key)


def _properties(data: bytes) -> list[Any]:
    """Return the MAPI properties of a block, as far as they can be read; eight-bit strings as latin-1."""
    if len(data) < 4:
        return []
    count = min(struct.unpack_from("<I", data)[0], MAX_VALUES)
    try:
        return list(decode_mapi(_Guarded(struct.pack("<I", count) + data[4:]), "latin-1"))
    except Exception:  # foreign code on a stranger's input
        return []


def _read_file(file: TnefFile, properties: list[Any], charset: str) -> None:
    for one in properties:
        if one.name in (_MAPI_LONG_NAME, _MAPI_FILE_NAME, _MAPI_DISPLAY_NAME):
            if one.name == _MAPI_LONG_NAME or not file.name:
                file.name = _string(one, charset) or file.name
        elif one.name == _MAPI_TYPE:
            file.media_type = _string(one, charset).lower()
        elif one.name == _MAPI_CONTENT_ID:
            file.content_id = _string(one, charset)
        elif one.name == _MAPI_DATA and not file.content:
            content = _octets(one)
            file.content = content
            if content.startswith(IMESSAGE_SIG):  # an attached letter, which is TNEF again
                file.content = content[len(IMESSAGE_SIG) :]
                file.media_type = "application/ms-tnef"


def _read_words(found: Tnef, properties: list[Any], charset: str) -> None:
    """Take the letter's words: as text, as HTML, as RTF."""
    pages = (one.data for one in properties if one.name == _MAPI_INTERNET_CODE_PAGE)
    found.html_charset = next((name for page in pages if (name := _charset(page))), None) or charset
    for one in properties:
        if one.name == _MAPI_BODY:
            found.text = _string(one, found.html_charset) or found.text
        elif one.name == _MAPI_HTML:
            found.html = _octets(one).rstrip(b"\0")
            if any(isinstance(piece, str) and not piece.isascii() for piece in one.raw_data) and one.attr_type == 0x1F:
                found.html_charset = "utf-8"
        elif one.name == _MAPI_RTF:
            found.rtf = _octets(one)


def _string(one: Any, charset: str) -> str:
    """Return a string property, one of eight-bit characters in the charset that the stream names."""
    value = "".join(piece.rstrip("\0") for piece in one.raw_data if isinstance(piece, str))
    return value if one.attr_type == 0x1F else decode(value.encode("latin-1", "replace"), charset)[0]


def _octets(one: Any) -> bytes:
    encoding = "utf-8" if one.attr_type == 0x1F else "latin-1"
    pieces = one.raw_data if isinstance(one.raw_data, list) else []
    return b"".join(piece.encode(encoding, "replace") if isinstance(piece, str) else piece for piece in pieces)


def _charset(code_page: Any) -> str | None:
    """Return the charset of a Windows code page number, or None."""
    return _CHARSETS.get(code_page) or find_codec(f"cp{code_page}")
