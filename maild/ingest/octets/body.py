"""The words of a letter: which parts say them, in which charset, and what their way through the mail did to them.

Rests on `mime` for the tree and `charset` for the letters; `html` renders what was written in HTML only.
"""

import re
from dataclasses import dataclass

from maild.ingest.html import html_to_text
from maild.ingest.octets import mime, pgp
from maild.ingest.octets.charset import decode, find_codec, storable
from maild.ingest.octets.flowed import unflow
from maild.ingest.octets.invitation import summarize

MAX_TEXT = 1_000_000  # characters of readable text in all: a thick book
MAX_HEAD = 4_000  # octets of a page in which it may name its charset

# Kinds in which people write, beside plain text and HTML
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_OTHER_PROSE = _ENRICHED | {"text/markdown", "text/x-markdown", "text/x-web-markdown"}
# Text with a few commands in angle brackets (RFC 1896); a bracket that is none is doubled
_MARKUP = re.compile(r"(?<!<)<param>[^<]{0,200}</param>|(?<!<)</?[A-Za-z-]{1,40}>", re.IGNORECASE)

_META_CHARSET = re.compile(rb"<meta[^>]{1,300}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)


@dataclass
class Body:
    """What one part says: words, or HTML still to be rendered, or both where they are alternatives."""

    text: str | None = None
    html: str | None = None

    def words(self) -> str:
        """Return the readable text; HTML is rendered only where nothing else says it."""
        if self.text is not None and (self.text.strip() or not self.html):
            return self.text
        return html_to_text(self.html or "")


def read_body(root: mime.Part, defects: list[str]) -> tuple[str, str | None]:
    """Return the readable text, and the HTML as it came, of the letter's own parts; adds to `defects`."""
    reader = _Reader(defects)
    body = reader.body(root, None)
    text = storable(body.words())
    if not text.strip():
        text = reader.invitation(root) or reader.other_text(root)
    if len(text) > MAX_TEXT:
        defects.append(f"text cut at {MAX_TEXT} characters")
    return text[:MAX_TEXT].strip("\n"), body.html


class _Reader:
    """Reads the parts of one letter; counts the characters taken."""

    def __init__(self, defects: list[str]) -> None:
        self.defects = defects
        self.room = MAX_TEXT  # characters still taken

    def body(self, part: mime.Part, parent: mime.Part | None) -> Body:
        """Return what a part and all parts in it say."""
        if part.children:
            bodies = [self.body(child, part) for child in part.children]
            if part.media_type == "multipart/alternative":
                return _alternative(bodies)
            pages = [body.html for body in bodies if body.html]
            said = [body for body in bodies if body.text is not None or body.html]
            if len(said) == 1:
                return said[0]
            plain = {" ".join(body.text.split()) for body in said if body.text and body.html is None}
            words = [body.words() for body in said]
            words = [  # a page that says what a text beside it says: alternatives that a program sent as a mixture
                text
                for text, body in zip(words, said, strict=True)
                if text.strip() and not (body.text is None and plain and " ".join(text.split()) in plain)
            ]
            return Body(text="\n".join(words) if words else None, html="\n".join(pages) or None)
        if not mime.is_words(part, parent):
            return Body()
        text = self._text(part)
        return Body(html=text) if part.media_type == "text/html" else Body(text=self._as_written(part, text))

    def invitation(self, root: mime.Part) -> str:
        """Return what the first calendar part says in words, "" where there is none."""
        parts = (part for part, _ in mime.leaves(root) if part.media_type == "text/calendar")
        return storable(summarize(self._text(part))) if (part := next(parts, None)) else ""

    def other_text(self, root: mime.Part) -> str:
        """Return the first nameless text of another kind in which people write, "" where there is none."""
        for part, _ in mime.leaves(root):
            if part.media_type in _OTHER_PROSE and not part.name and part.disposition != "attachment":
                text = self._text(part)
                return _MARKUP.sub("", text).replace("<<", "<") if part.media_type in _ENRICHED else text
        return ""

    def _text(self, part: mime.Part) -> str:
        """Return the text of one part, as much of it as there is room for."""
        octets = part.content(at_most=4 * self.room)  # base64 of UTF-8 of anything fits MAX_TEXT into that
        if part.is_falsely_base64:
            self.defects.append("text that says it is base64 and is not")
        declared = part.charset
        if part.media_type == "text/html" and (find_codec(declared) is None or (declared or "").lower() == "us-ascii"):
            meta = _META_CHARSET.search(octets[:MAX_HEAD])
            declared = meta[1].decode("ascii") if meta else declared
        text, guess = decode(octets, declared)
        if guess:
            self.defects.append(guess)
        text = storable(text)
        if len(text) > self.room or part.end - part.start > 4 * self.room:
            self.defects.append(f"text cut at {MAX_TEXT} characters")
        text = text[: self.room]
        self.room -= len(text)
        return text

    def _as_written(self, part: mime.Part, text: str) -> str:
        """Return a plain text with what its way through the mail did to it undone."""
        if pgp.is_encrypted(text):
            self.defects.append("encrypted: only the recipient's key opens it")
        text = pgp.read_through(text)
        if part.parameter("format") == "flowed":
            text = unflow(text, delete_space=part.parameter("delsp") == "yes")
        return text


def _alternative(bodies: list[Body]) -> Body:
    """Of alternatives (RFC 2046 §5.1.4) the words of the plainest and the HTML of the richest.

    Two plain texts are no alternatives of one another: some gateway added a second one, and both are read.
    """
    plain = [body.text.strip("\n") for body in bodies if body.html is None and body.text and body.text.strip()]
    mixed = next((body.text for body in bodies if body.text and body.text.strip()), None)
    pages = [body.html for body in bodies if body.html]
    return Body(text="\n".join(dict.fromkeys(plain)) or mixed, html=pages[-1] if pages else None)
