"""A letter cut into its parts by offsets (RFC 2046). Imports how headers and encodings are read, nothing else of ours.

Why not `email`'s own parser for the structure: it holds every line as an object (nine times the letter in memory),
recurses once per level (a letter of depth 1,000 raises RecursionError), tests each line against the boundary of each
level (quadratic), and reads into attached letters. Here no part is copied until somebody asks for its content, and
every dimension that a stranger can choose has a bound.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from maild.ingest.octets.charset import find_codec, single_line
from maild.ingest.octets.parameters import Parameters, read_parameters
from maild.ingest.octets.uuencode import decode_body
from maild.ingest.octets.words import decode_base64

MAX_PARTS = 1_000  # parts of one letter; real ones have a few dozen
MAX_DEPTH = 50  # nested multiparts; real letters stay under 10
MAX_HEADER = 4_000_000  # octets of the letter's header section: 50,000 recipients; Postfix refuses more than 102,400
MAX_PART_HEADER = 20_000  # octets of a part's header section

_FIELD = re.compile(rb"([^\s:\x00-\x20\x7f]+)[ \t]*:")

_LEADING_BLANKS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*+\r?\n)*+")
# Technical fields that nobody writes in a letter: up to a DKIM signature of lines before one of them lost
# their indent in a gateway
_STILL_HEADER = re.compile(
    rb"(?:[^\r\n]+\r?\n){1,20}?(?:Received|Message-ID|MIME-Version|Content-Type|Content-Transfer-Encoding|Return-Path"
    rb"|Delivered-To|DKIM-Signature|References|In-Reply-To)[ \t]*:",
    re.IGNORECASE,
)
_MBOX_LINE = re.compile(rb">?From (?!\s*:)")
# of a letter, not of a part: where they stand among a part's fields, the blank line before an attached letter is missing
_LETTER_FIELD = re.compile(
    rb"^(?:Received|Return-Path|From|Date|Message-ID|Subject|To)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_FOLDED_ON = re.compile(rb"[ \t]+[^\s]")

_MEDIA_TYPE = re.compile(r"[^\s/()<>@,;:\\\"\[\]?=]+/[^\s/()<>@,;:\\\"\[\]?=]+")
_SHORT_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}
Fields = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One part of a letter, or the letter itself: header fields (names lower-case, values unfolded) and a body."""

    fields: Fields
    octets: bytes = field(repr=False)  # the whole letter, or what a container in it held (`unpack`)
    start: int  # the body lies in octets[start:end]
    end: int
    default_type: str = "text/plain"
    children: tuple["Part", ...] = ()  # of a multipart that could be split; nobody else has any

    def first(self, name: str) -> bytes | None:
        """Return the first value of a field by its lower-case name, or None."""
        return next((value for key, value in self.fields if key == name), None)

    @cached_property
    def media_type(self) -> str:
        """`type/subtype`, lower-case; the default where the letter does not say or says nonsense (RFC 2045 §5.2)."""
        if self.first("content-type") is None:
            return self.default_type
        said = _SHORT_TYPES.get(self._type.value, self._type.value)
        return single_line(said) if _MEDIA_TYPE.fullmatch(said) else "text/plain"

    @cached_property
    def charset(self) -> str | None:
        """The declared charset, unchecked."""
        return self._type.machine("charset")

    @cached_property
    def boundary(self) -> bytes:
        """The boundary of a multipart (RFC 2046 §5.1.1), b"" where it has none."""
        return self._type.octets.get("boundary", b"").rstrip()

    def parameter(self, name: str) -> str:
        """Return a parameter of Content-Type that machines read, lower-case, "" where there is none."""
        return (self._type.machine(name) or "").lower()

    @cached_property
    def disposition(self) -> str:
        """`attachment`, `inline` or "" (RFC 2183)."""
        return self._disposition.value

    @cached_property
    def name(self) -> str | None:
        """The file name as the author gave it: not safe to use as a path."""
        return self._disposition.text("filename", self.charset) or self._type.text("name", self.charset)

    @cached_property
    def content_id(self) -> str | None:
        """The Content-ID without angle brackets, or None."""
        return single_line((self.first("content-id") or b"").decode("latin-1")).strip("<> ")[:255] or None

    def content(self, at_most: int | None = None) -> bytes:
        """Return the octets of the body, transfer encoding undone, from at most so many encoded octets. Never raises."""
        end = self.end if at_most is None else min(self.end, self.start + at_most)
        body = memoryview(self.octets)[self.start : end]
        encoding = self._encoding
        if encoding == b"base64" and not self.is_falsely_base64:
            return decode_base64(body)
        if encoding == b"quoted-printable":
            return binascii.a2b_qp(body)
        if self.is_uuencoded:
            return decode_body(bytes(body))
        return bytes(body)

    @cached_property
    def is_falsely_base64(self) -> bool:
        """Whether a text says that it is base64 but has the blanks of words on every line."""
        if self._encoding != b"base64" or not self.media_type.startswith("text/"):
            return False
        lines = self.octets[self.start : min(self.end, self.start + 2_000)].split(b"\n")
        return len(lines) > 2 and all(b" " in line.strip() for line in lines[:-1] if line.strip())

    @cached_property
    def _encoding(self) -> bytes:
        """The transfer encoding, lower-case, without what some clients write behind it."""
        said = re.match(rb"[\s\"']*([A-Za-z0-9-]+)", self.first("content-transfer-encoding") or b"")
        return said[1].lower() if said else b""

    @property
    def is_uuencoded(self) -> bool:
        """Whether the body as a whole is uuencoded, as clients before MIME did."""
        return self._encoding in (b"x-uuencode", b"uuencode", b"x-uue", b"uue")

    def holds(self, octets: bytes) -> bool:
        """Whether so many plain octets stand in the body as it lies in the letter: a quick no, in most letters."""
        return self.octets.find(octets, self.start, self.end) >= 0

    @cached_property
    def _type(self) -> Parameters:
        return read_parameters(self.first("content-type") or b"")

    @cached_property
    def _disposition(self) -> Parameters:
        return read_parameters(self.first("content-disposition") or b"")


def split(octets: bytes) -> tuple[Part, tuple[str, ...]]:
    """Return the tree of a letter's parts, and in words what had to be cut or repaired."""
    if b"\n" not in octets:
        octets = octets.replace(b"\r", b"\n")  # as old Macintoshes wrote; offsets stay the same
    cutter = _Cutter(octets)
    root = cutter.part(_beginning(octets), len(octets), 0, "text/plain")
    return root, tuple(dict.fromkeys(cutter.defects))


def leaves(part: Part, parent: Part | None = None) -> Iterator[tuple[Part, Part | None]]:
    """Yield the parts that are no split multipart, depth first, each with the multipart that holds it."""
    if not part.children:
        yield part, parent
    for child in part.children:
        yield from leaves(child, part)


def is_words(part: Part, parent: Part | None) -> bool:
    """Whether a leaf holds words of the letter itself rather than something attached to it (after RFC 8621 §4.1.4).

    A name makes a file of a text, unless it is the first part: there some clients put a name on what was written.
    """
    if part.media_type not in ("text/plain", "text/html"):
        return False
    if parent is None:
        return True
    if part.disposition == "attachment":
        return False
    first = parent.children[0] is part and parent.media_type != "multipart/digest"
    return part.name is None or first or parent.media_type == "multipart/alternative"


def read_fields(octets: bytes, start: int, end: int, limit: int) -> tuple[Fields, int, str | None]:
    """Return the header fields from `start`, where the body begins, and in words what is wrong with the header.

    A line that is no field ends the header and belongs to the body, so that no words are lost; but where the header
    plainly goes on behind it, it continues the field before.
    """
    found: list[tuple[str, list[bytes]]] = []
    at = start
    while at < end:
        stop = octets.find(b"\n", at, end)
        after = end if stop < 0 else stop + 1
        if after - start > limit:
            return _joined(found), _after_blank_line(octets, at, end), f"header cut at {limit} octets"
        line = octets[at:after].rstrip(b"\r\n")
        if not line.strip(b" \t"):
            if line and found and _FOLDED_ON.match(octets, after, end):  # obs-FWS (RFC 5322 §4.2)
                at = after
                continue
            return _joined(found), after, None
        if line[0] in b" \t" and found:
            found[-1][1].append(line)
        elif match := _FIELD.match(line):
            found.append((match[1].lower().decode("latin-1"), [line[match.end() :]]))
        elif found and _STILL_HEADER.match(octets, at, end):
            found[-1][1].append(b" " + line)
        else:
            return _joined(found), at, "no blank line after the header" if found else "no header"
        at = after
    return _joined(found), end, None


def _joined(found: list[tuple[str, list[bytes]]]) -> Fields:
    return tuple((name, b"".join(lines).strip()) for name, lines in found)


def _after_blank_line(octets: bytes, start: int, end: int) -> int:
    ends = [at + len(blank) for blank in (b"\n\n", b"\n\r\n") if (at := octets.find(blank, start, end)) >= 0]
    return min(ends, default=end)


def _beginning(octets: bytes) -> int:
    """Where the header begins: behind a byte order mark, blank lines and an mbox separator, if there are any."""
    blanks = _LEADING_BLANKS.match(octets)
    at = blanks.end() if blanks else 0
    if _MBOX_LINE.match(octets, at):
        at = octets.find(b"\n", at) + 1 or len(octets)
    return at


class _Cutter:
    """Cuts one letter; counts its parts and remembers what it had to cut."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.parts = 0
        self.defects: list[str] = []

    def part(self, start: int, end: int, depth: int, default_type: str) -> Part:
        """Return the part in octets[start:end] with all the parts in it."""
        self.parts += 1
        limit = MAX_PART_HEADER if depth else MAX_HEADER
        fields, body, defect = read_fields(self.octets, start, end, limit)
        if defect:
            self.defects.append(f"{'part: ' if depth else ''}{defect}")
        part = Part(fields=fields, octets=self.octets, start=body, end=end, default_type=default_type)
        if depth and part.media_type in ("message/rfc822", "message/global") and fields:
            part = self._letter_without_its_blank_line(part, start)
        if not part.media_type.startswith("multipart/"):
            return part
        if depth >= MAX_DEPTH:
            self.defects.append(f"parts nested deeper than {MAX_DEPTH} left unread")
            return part
        if not part.boundary:
            self.defects.append("multipart without a boundary read as text")
            return _as_text(part)
        inner = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        children = tuple(self.part(*span, depth + 1, inner) for span in self._spans(part))
        if not children:
            self.defects.append("multipart without its boundary lines read as text")
            return _as_text(part)
        return Part(fields=fields, octets=self.octets, start=body, end=end, children=children)

    def _letter_without_its_blank_line(self, part: Part, start: int) -> Part:
        """Return an attached letter with all of its own header, which some gateways glue to the part's."""
        first = _LETTER_FIELD.search(self.octets, start, part.start)
        if first is None or all(name.startswith("content-") for name, _ in part.fields):
            return part
        self.defects.append("part: attached letter without a blank line before it")
        fields, _, _ = read_fields(self.octets, start, first.start(), MAX_PART_HEADER)
        return replace(part, fields=fields, start=first.start())

    def _spans(self, part: Part) -> Iterator[tuple[int, int]]:
        """Yield where each part of a multipart lies, the line end before a boundary not counted."""
        begin = None
        for line, after, closing in _boundary_lines(self.octets, part.start, part.end, part.boundary):
            if begin is not None:
                if self.parts >= MAX_PARTS:
                    self.defects.append(f"parts beyond {MAX_PARTS} left unread")
                    return
                yield begin, max(begin, _before_line_end(self.octets, line))
            begin = after
            if closing:
                return
        if begin is not None and self.parts < MAX_PARTS:
            self.defects.append("multipart without its closing boundary")
            yield begin, self._before_glued_boundary(part, begin)

    def _before_glued_boundary(self, part: Part, begin: int) -> int:
        """Return where the last part ends: before a closing boundary that lost the line end in front of it, if any."""
        closing = b"--" + part.boundary + b"--"
        tail = self.octets[max(begin, part.end - len(closing) - 10) : part.end].rstrip()
        return self.octets.rfind(closing, begin, part.end) if tail.endswith(closing) else part.end


def _as_text(part: Part) -> Part:
    """Return the same part with its Content-Type taken away: text, so that its words are not lost."""
    fields = tuple((name, value) for name, value in part.fields if name != "content-type")
    return Part(fields=fields, octets=part.octets, start=part.start, end=part.end)


def _boundary_lines(octets: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield begin and end of each boundary line, and whether it closes the multipart.

    The literal stands first, so that the search for it is fast; what comes before it is looked at only then.
    """
    mark = re.escape(b"--" + boundary)
    line = re.compile(mark + rb"(?<=[\r\n]" + mark + rb")(--)?[ \t]{0,80}(?:\r\n|\n|\r|\Z)")
    for match in line.finditer(octets, start, end):
        yield match.start(), match.end(), match[1] is not None


def _before_line_end(octets: bytes, at: int) -> int:
    if octets[at - 1 : at] == b"\n":
        at -= 1
    return at - 1 if octets[at - 1 : at] == b"\r" else at


def charset_hint(root: Part) -> str | None:
    """Return the charset that raw 8-bit header octets are most likely in: that of the first text that declares a usable one."""
    declared = (part.charset for part, _ in leaves(root) if part.media_type.startswith("text/"))
    return next(
        (charset for charset in declared if find_codec(charset) and (charset or "").lower() != "us-ascii"), None
    )
