"""A letter's tree of parts with everything opened that is a container in disguise: TNEF, S/MIME, uuencode.

What is unpacked stands in the tree where its container stood, as parts over octets of their own. So bodies and
attachments need not know where a part came from, and an attachment's index finds it again in the same octets.
"""

import mimetypes
from dataclasses import replace
from urllib.parse import quote

from maild.ingest.octets import cms, mime
from maild.ingest.octets.mime import Part
from maild.ingest.octets.rtf import read_rtf
from maild.ingest.octets.tnef import SIGNATURE, Tnef, read_tnef
from maild.ingest.octets.uuencode import take_files
from maild.ingest.octets.words import decode_header

MAX_UNPACKED = 100_000_000  # octets that containers of one letter may hold in all: four times a large letter
MAX_LAYERS = 5  # containers within containers; a signed letter with a winmail.dat has two

_TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_CMS_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_NOT_THERE = {
    "message/partial": "one piece of a letter that was sent in pieces (RFC 2046 §5.2.2), left as it is",
    "message/external-body": "an attachment that is not in the letter but elsewhere (RFC 2046 §5.2.3), not fetched",
}
_GENERIC = "application/octet-stream"
_TYPES = mimetypes.MimeTypes()  # Python's own table: the machine's differ from place to place


def open_letter(octets: bytes) -> tuple[Part, tuple[str, ...]]:
    """Return the tree of a letter's parts, containers opened, and in words what had to be cut, repaired or left shut."""
    root, defects = mime.split(octets)
    opener = _Opener(list(defects))
    return opener.opened(root, None, 0), tuple(dict.fromkeys(opener.defects))


class _Opener:
    """Opens the containers of one letter; counts what they hold."""

    def __init__(self, defects: list[str]) -> None:
        self.defects = defects
        self.room = MAX_UNPACKED
        self.parts = 0
        self.has_words = False
        self.has_read_rtf = False  # once a letter: it takes its time

    def opened(self, part: Part, parent: Part | None, layer: int) -> Part:
        """Return the part with all that is in it opened."""
        if part.children:
            if part.media_type == "multipart/encrypted":
                self.defects.append("encrypted: only the recipient's key opens it")
            children = tuple(self.opened(child, part, layer) for child in part.children)
            changed = any(new is not old for new, old in zip(children, part.children, strict=True))
            return replace(part, children=children) if changed else part
        inner = self._inside(part, parent, layer) if layer < MAX_LAYERS else ()
        if not inner:
            self.has_words = self.has_words or (mime.is_words(part, parent) and _says_something(part))
            return part
        opened = replace(part, children=inner)
        return replace(part, children=tuple(self.opened(child, opened, layer + 1) for child in inner))

    def _inside(self, part: Part, parent: Part | None, layer: int) -> tuple[Part, ...]:
        """Return the parts that a container holds, none where the part is no container."""
        media_type = part.media_type
        if media_type == "text/plain":
            return self._uuencoded(part) if mime.is_words(part, parent) and part.holds(b"begin ") else ()
        if media_type in _NOT_THERE:
            self.defects.append(_NOT_THERE[media_type])
        if media_type.startswith(("text/", "image/", "message/", "multipart/", "audio/", "video/")):
            return ()
        if _is_tnef(part):
            if parent is None or not _is_tnef(parent):
                return self._tnef(part)
            self.defects.append("an attached letter in winmail.dat left as Outlook packs it")
            return ()
        if media_type in _CMS_TYPES or (media_type == _GENERIC and (part.name or "").lower().endswith(".p7m")):
            return self._cms(part)
        return ()

    def _take(self, size: int, parts: int = 1) -> bool:
        """Whether there is still room for so much; what is not unpacked stays an attachment."""
        self.room -= size
        self.parts += parts
        if self.room >= 0 and self.parts <= mime.MAX_PARTS:
            return True
        self.defects.append("containers that hold too much left shut")
        return False

    def _uuencoded(self, part: Part) -> tuple[Part, ...]:
        if part.is_uuencoded:
            return ()  # as a whole, by its transfer encoding
        content = part.content()
        text, files = take_files(content)
        if not files or not self._take(len(content), len(files)):
            return ()
        fields = tuple((name, value) for name, value in part.fields if name == "content-type")
        names = [decode_header(file.name, part.charset) for file in files]
        return (
            Part(fields=fields, octets=text, start=0, end=len(text)),
            *(_file(name, "", file.content) for name, file in zip(names, files, strict=True)),
        )

    def _tnef(self, part: Part) -> tuple[Part, ...]:
        content = part.content()
        found = read_tnef(content) if content.startswith(SIGNATURE) else None
        if found is None or not self._take(len(content), len(found.files)):
            return ()
        if found.cut:
            self.defects.append(f"attachments beyond {len(found.files)} in winmail.dat left unread")
        words = self._words(found)
        files = [_file(file.name, file.media_type, file.content, file.content_id) for file in found.files]
        return (*words, *files) or (_leaf(((b"content-type", b"text/plain"),), b""),)

    def _words(self, found: Tnef) -> tuple[Part, ...]:
        """Return the words in a stream, where the letter has no others: Exchange sends them twice."""
        if self.has_words:
            return ()
        text = found.text
        if not text.strip() and not found.html and found.rtf and not self.has_read_rtf:
            self.has_read_rtf = True
            text = read_rtf(found.rtf)
        if text.strip():
            return (_leaf(((b"content-type", b"text/plain; charset=utf-8"),), text.encode("utf-8", "replace")),)
        if found.html:
            return (_leaf(((b"content-type", f"text/html; charset={found.html_charset}".encode()),), found.html),)
        return ()

    def _cms(self, part: Part) -> tuple[Part, ...]:
        content = part.content()
        kind = cms.find_kind(content)
        if kind == "encrypted":
            self.defects.append("encrypted with S/MIME: only the recipient's key opens it")
        elif kind == "compressed":
            self.defects.append("compressed with S/MIME, not read")
        signed = cms.read_signed(content) if kind == "signed" else None
        if not signed or not self._take(len(signed)):
            return ()
        inner, defects = mime.split(signed)
        if inner.first("content-type") is None:  # a signed file that somebody attached, no letter
            return ()
        self.defects += defects
        return (inner,) if self._take(0, sum(1 for _ in mime.leaves(inner))) else ()


def _is_tnef(part: Part) -> bool:
    """Whether a part is Outlook's, by its type, its name, or how it begins."""
    if part.media_type in _TNEF_TYPES:
        return True
    return part.media_type == _GENERIC and (
        (part.name or "").lower() == "winmail.dat" or part.content(at_most=16).startswith(SIGNATURE)
    )


def _says_something(part: Part) -> bool:
    """Whether a body has words: one blank line is what Exchange puts beside a winmail.dat."""
    return bool(part.content(at_most=1_000).strip())


def _file(name: str, media_type: str, content: bytes, content_id: str = "") -> Part:
    """Return a part for an attached file, its name in RFC 2231."""
    said = media_type if "/" in media_type else _TYPES.guess_type(name)[0] or _GENERIC
    fields = [
        (b"content-type", said.encode("ascii", "replace")),
        (b"content-disposition", f"attachment; filename*=utf-8''{quote(name[:1_000], safe='')}".encode()),
    ]
    if content_id:
        fields.append((b"content-id", content_id.encode("utf-8", "replace")))
    return _leaf(tuple(fields), content)


def _leaf(fields: tuple[tuple[bytes, bytes], ...], content: bytes) -> Part:
    named = tuple((name.decode(), value) for name, value in fields)
    return Part(fields=named, octets=content, start=0, end=len(content))
