"""What a file really is, by its octets rather than by its name. The one home of puremagic.

What senders mostly attach is told here, strictly: puremagic believes two octets ("MZ", "BM") and knows no text. It is
asked about all the rest. Everything is total: any octets give kinds, in time linear in their number.
"""

import re

import puremagic

from maild.ingest.octets.kinds import NAMES, PROGRAMS, PROVEN, TEXTS, every_name, extension
from maild.ingest.octets.ole import ole_kinds
from maild.ingest.octets.zips import zip_kinds

HEAD = 65_536  # octets from the front in which text is told from the rest, and signatures are looked for
SURE = 4  # octets that a signature of puremagic's must have where the name agrees; shorter ones occur by accident
TELLING = 3  # different octets besides 00 and FF that it must have where the name does not agree

_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")  # that no text has; escape and Ctrl-Z may be there
_HTML = re.compile(
    rb"\s{0,1000}(?:<\?xml[^>]{0,300}>\s{0,300})?(?:<!--[^>]{0,300}>\s{0,300})?"
    rb"<(?:!doctype\s{1,100}html|html|head|body|script|table|meta)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(
    rb"From |(?:received|return-path|from|to|subject|date|message-id|delivered-to|mime-version|content-type"
    rb"|dkim-signature|x-[\w-]{1,40}):",
    re.IGNORECASE,
)  # with which letters begin
_SHEBANG = re.compile(rb"#![ \t]{0,10}/[^\n]{1,100}")
_SHELLS = {b"python": "py", b"perl": "pl", b"php": "php", b"ruby": "rb", b"lua": "lua", b"node": "js"}

# (where, what stands there, which kind)
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\0", "tif"),
    (0, b"MM\0*", "tif"),
    (0, b"8BPS\0\x01", "psd"),
    (0, b"{\\rtf", "rtf"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b\x08", "gz"),
    (0, b"BZh", "bz2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zst"),
    (0, b"MSCF\0\0\0\0", "cab"),
    (257, b"ustar", "tar"),
    (32769, b"CD001", "iso"),
    (0, b"!<arch>\ndebian", "deb"),
    (0, b"\xed\xab\xee\xdb", "rpm"),
    (0, b"\x7fELF", "elf"),
    (0, b"\xce\xfa\xed\xfe", "elf"),  # and these three are what macOS runs
    (0, b"\xcf\xfa\xed\xfe", "elf"),
    (0, b"\xca\xfe\xba\xbe", "class"),
    (0, b"L\0\0\0\x01\x14\x02\0", "lnk"),
    (0, b"ITSF\x03\0\0\0", "chm"),
    (0, b"AT&TFORM", "djvu"),
    (0, b"ID3", "mp3"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"#!AMR\n", "amr"),
    (0, b"FLV\x01", "flv"),
    (4, b"moov", "mov"),
    (4, b"mdat", "mov"),
    (4, b"wide", "mov"),
)
_RIFF = {b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp"}
_BRANDS = {b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"avif": "avif", b"M4A ": "m4a", b"qt  ": "mov"}
_TYPES = {  # what labels say of files that have no extension
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/webp": "webp",
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/html": "html",
    "text/plain": "txt",
    "text/vcard": "vcf",
}


def kinds_of(octets: bytes, name: str = "", media_type: str = "") -> frozenset[str]:
    """Return every name of what a file is, and its groups: {"jpg", "jpeg", …, "image"}. Never raises.

    Extensions in small letters; the groups of `kinds`; and marks: "empty"; "broken" (begins as such a file and cannot be
    read); "unknown" (not what its name says, nor anything else that is known); "unproven" (only the name says so);
    "encrypted"; "macro" (a document with a program in it, which is no "program").
    The octets beat the name; but what Windows runs by its name is a program as well, whatever is in it.
    """
    named = extension(name)
    if not octets:
        return frozenset({"empty"})
    found = _by_content(octets, named, media_type) or _by_puremagic(octets, named) or _by_name(named)
    if named in PROGRAMS and named not in found and named != "com":  # "Снимок example.com"
        found = (*found, named)
    return every_name(*found)


def kinds_by_name(name: str, media_type: str = "") -> frozenset[str]:
    """Return what the name alone says, marked as "unproven"; without an extension, what the label says."""
    named = extension(name) or _TYPES.get(media_type.lower(), "")
    return every_name(named or "unknown", "unproven")


def _by_content(octets: bytes, named: str, media_type: str) -> tuple[str, ...]:
    """Return what the octets prove; () where they prove nothing."""
    head = octets[:HEAD]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return zip_kinds(octets, named)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ole_kinds(octets, named) or _by_name(named)
    if b"%PDF-" in head[:1024]:  # readers take it up to there, so senders have it there
        return ("pdf",)
    for at, signature, kind in _SIGNATURES:
        if head.startswith(signature, at):
            return (kind, "tgz") if kind == "gz" and named in NAMES["tgz"] else (kind,)
    text = _words(head)
    return _text_kinds(text, named, media_type) if text is not None else _binary_kinds(head, named)


def _binary_kinds(head: bytes, named: str) -> tuple[str, ...]:
    """Return what is known by short signatures, which text may begin with as well."""
    if head.startswith(b"MZ"):
        return (named if named in PROGRAMS else "exe",)
    if head.startswith(b"BM") and head[6:10] == bytes(4):  # reserved, zero
        return ("bmp",)
    if head.startswith(b"\0\0\x01\0") and head[5:6] == b"\0" and head[4:5] != b"\0":  # up to 255 pictures
        return ("ico",)
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return (_RIFF[head[8:12]],)
    if head[4:8] == b"ftyp":
        return ("3gp" if head[8:10] == b"3g" else _BRANDS.get(head[8:12], "mp4"),)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return ("webm" if b"webm" in head[:64] else "mkv",)
    if head.startswith(b"0&\xb2u\x8ef\xcf\x11"):
        return ("wma" if named == "wma" else "wmv",)
    if head[:3] in (b"FWS", b"CWS", b"ZWS"):
        return ("swf",)
    if head.startswith(b"\x60\xea"):
        return ("arj",)
    if head[0] == 0xFF and len(head) > 1 and head[1] & 0xE6 == 0xE2:  # an MPEG audio frame of layer III
        return ("mp3",)
    return ()


def _words(head: bytes) -> bytes | None:
    """Return the octets if they may be words in some charset, UTF-16 as UTF-8; None where they cannot be."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8", "replace")
    return None if _CONTROLS.search(head) else head.removeprefix(b"\xef\xbb\xbf")


def _text_kinds(text: bytes, named: str, media_type: str) -> tuple[str, ...]:
    if shebang := _SHEBANG.match(text):
        return (next((kind for word, kind in _SHELLS.items() if word in shebang[0]), "sh"), "text")
    if named in PROGRAMS:
        return (named, "text")
    if _HTML.match(text):
        return ("html",)
    start = text[:4096].lstrip().lower()
    if start.startswith((b"<?xml", b"<svg")):
        return ("svg",) if b"<svg" in start else ("xml", *_claimed(named))
    if start.startswith(b"begin:vcalendar"):
        return ("ics",)
    if start.startswith(b"begin:vcard"):
        return ("vcf",)
    if start.startswith(b"%!ps"):
        return ("ps", *_claimed(named))
    if _FIELD.match(start) and (media_type == "message/rfc822" or named in ("eml", *NAMES["mht"])):
        return ("mht" if named in NAMES["mht"] else "eml",)
    return ("txt", *((named,) if named in _PLAIN_TEXTS else _claimed(named)))


_PLAIN_TEXTS = TEXTS - {"html", "htm", "xhtml", "svg", "eml", "xml", "ics", "vcf"}  # these have signs of their own


def _claimed(named: str) -> tuple[str, ...]:
    """Return what the name says besides, unless such a file would have been known by its octets."""
    if not named or not PROVEN.isdisjoint(NAMES.get(named, (named,))):
        return ()
    return (named, "unproven")


def _by_puremagic(octets: bytes, named: str) -> tuple[str, ...]:
    """Return what puremagic makes of it, as far as that is sure: its longest signatures, if they agree or the name is one."""
    try:
        matches = puremagic.magic_string(octets)
    except (puremagic.PureError, ValueError):  # all that it raises: nothing known, nothing there
        return ()
    found = [(len(match.byte_match), match.extension.removeprefix(".").lower(), match.byte_match) for match in matches]
    found = [one for one in found if one[0] >= SURE and one[1].isalnum() and one[1] not in PROVEN]
    if any(kind == named for _, kind, _ in found):
        return (named,)
    longest = max((length for length, _, _ in found), default=0)
    kinds = {kind for length, kind, octets in found if length == longest and len({*octets} - {0, 0xFF}) >= TELLING}
    return (kinds.pop(),) if len(kinds) == 1 else ()


def _by_name(named: str) -> tuple[str, ...]:
    return _claimed(named) or ("unknown",)
