"""HTML to readable plain text, in the shape that mail programs give their own plain-text alternative.

Links keep their target, quotes get their "> ", table rows stay rows, lists their numbers. What a browser does not show is
not there, unless nothing else is. Rests on `pages`: `tags`, `style` (what is seen), `mailers` and
`parts` (what is quoted or a signature) and `layout` (lines).
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from maild.ingest.octets.charset import storable
from maild.ingest.pages import mailers
from maild.ingest.pages.links import leads_elsewhere
from maild.ingest.pages.lists import Numbering, read_number
from maild.ingest.pages.mailers import Role
from maild.ingest.pages.parts import Parts
from maild.ingest.pages.style import Look, has_tight_paragraphs, margins, styled
from maild.ingest.pages.tags import BLOCK, VOID, Raw, Tag, read_attributes, read_markup

MAX_PAGE = 1_000_000  # characters looked at, inline images not counted; `parse` hands over no more and records the cut
MAX_URL = 1_000  # characters of a link's target
MAX_ALT = 200  # characters of an image's description

_DATA_URL = re.compile(r"data:[^\"'\s<>]{200,}")  # an image inside the text: megabytes that show nothing
_UNSHOWN = frozenset(
    "audio datalist iframe noembed noframes object option script select style svg template title video".split()
)
_SPACED = frozenset("blockquote dl fieldset figure h1 h2 h3 h4 h5 h6 p pre xmp".split())  # blocks with space around
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_KEPT = frozenset({"pre", "xmp", "textarea", "listing"})
_QUOTES = frozenset({Role.QUOTE, Role.BLOCKQUOTE})
_NOTHING: Mapping[str, str] = {}
_WINGDINGS = str.maketrans("JKLüûþý¨oàßáâ§Øvq", "☺😐☹✓✗☑☒☐☐→←↑↓▪➢❖❑")
_BULLETS = frozenset("·•o§Øvqü▪➢❖❑✓☐-–")


def html_to_text(page: str) -> str:
    """Return what a reader of the page would read, LF line ends, no blanks around it. Never raises.

    Where all of it is hidden, the hidden words. Takes time linear in the page, of which `MAX_PAGE` characters count.
    """
    if "data:" in page:
        page = _DATA_URL.sub("data:", page)
    page = storable(page[:MAX_PAGE])
    reader = _Reader()
    text = reader.read(page)
    return _Reader(shows_hidden=True).read(page) if reader.hid and not text else text


class _Element(NamedTuple):
    """What a start tag says by itself, wherever it stands."""

    attributes: Mapping[str, str]
    style: str
    role: Role | None
    hidden: bool
    is_bullet: bool  # Word writes the bullets of its lists as words


class _Reader:
    """One page being read."""

    def __init__(self, *, shows_hidden: bool = False) -> None:
        self.shows_hidden = shows_hidden
        self.hid = False  # words were left out
        self.parts = Parts()
        self.lines = self.parts.lines
        self.look = Look()
        self.frames: list[tuple[Look, Callable[[], None] | None]] = []  # what the end of each open element restores
        self.known: dict[Tag, _Element] = {}  # Word repeats itself
        self.lists: list[Numbering] = []
        self.grids: list[bool] = []  # whether the cells of each open table are seen, empty ones included
        self.tight = False  # paragraphs without space between them
        self.link: str | None = None  # the target of the open link
        self.linked: list[str] = []  # the words of the open link
        self.last_target = ""
        self.bullet: list[str] | None = None  # what stands for a bullet in Word's lists, while it is read
        self.narrow_cell = False  # The Bat! quotes in a table's cell that follows a coloured, empty one

    def read(self, page: str) -> str:
        """Return the text of the page."""
        for token in read_markup(page):
            if isinstance(token, str):
                self._text(token)
            elif isinstance(token, Raw):
                self._raw(token)
            elif token.opens:
                self._open(token)
            else:
                self._close()
        return storable(self.lines.text()).strip("\n")

    # ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _text(self, words: str) -> None:
        look = self.look
        if (look.hidden or look.unseen or look.tiny) and not self.shows_hidden:
            self.hid = self.hid or not words.isspace()
            return
        if self.bullet is not None:
            self.bullet.append(words)
            return
        if look.symbols:
            words = words.translate(_WINGDINGS)
        if self.link is not None:
            self.linked.append(words)
        if look.kept:
            self.lines.write_as_is(words)
        else:
            self.lines.write(words)

    def _raw(self, token: Raw) -> None:
        if token.name == "style":
            self.tight = self.tight or has_tight_paragraphs(token.text)
        elif token.name in _KEPT and not self.look.hidden:
            self.lines.settle()
            self.lines.write_as_is(token.text.removeprefix("\n"))
            self.lines.block(gap=False)

    def _open(self, tag: Tag) -> None:
        name = tag.name
        element = self.known.get(tag)
        if element is None:
            element = self.known[tag] = _element(tag)
        outer = look = self.look
        if element.hidden:
            look = self.look = look._replace(hidden=True)
        elif element.style:
            look = self.look = styled(look, element.style)
        end = None
        if not look.hidden or (self.shows_hidden and name not in _UNSHOWN):
            if name in BLOCK and name != "hr":
                end = self._block(name, element)
            elif name == "a":
                end = self._link(element.attributes)
            elif name in VOID:
                self._void(name, element.attributes)
            elif element.is_bullet:
                self.bullet = []
                end = self._end_bullet
            elif element.role is not None:
                end = self.parts.begin(element.role)
        if name in VOID:
            self.look = outer
        else:
            self.frames.append((outer, end))

    def _close(self) -> None:
        look, end = self.frames.pop()
        if end is not None:
            end()
        self.look = look

    def _void(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "br":
            self.lines.line_break()
        elif name == "hr":
            self.lines.rule()
        elif name == "img":
            self._image(attributes)

    # ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _block(self, name: str, element: _Element) -> Callable[[], None]:
        """Begin a block; return what ends it."""
        lines, attributes, style = self.lines, element.attributes, element.style
        if name in ("td", "th"):
            return self._cell(attributes)
        if name == "tr":
            lines.begin_row()
            self.narrow_cell = False
            return lines.end_row
        if name == "li":
            return self._item(attributes)
        if name == "p" and "mso-list:" in style:
            return self._word_item(style)
        above = below = name in _SPACED or (name in _LISTS and not self.lists)
        if name == "p" and (self.tight or attributes.get("class", "").startswith("Mso")):
            above = below = False  # Word defines its classes without space around
        if style:
            above, below = margins(style, usual=above)
        if element.role in _QUOTES:
            above = below = True
        lines.block(gap=above)
        if name in _KEPT:
            self.look = self.look._replace(kept=True)
        elif name in _LISTS:
            self.lists.append(Numbering(name, attributes))
        elif name == "table":
            self.grids.append(read_number(attributes.get("border"), 0) > 0)
        elif element.role is None:
            return self._end_spaced if below else self._end_block
        end_role = self.parts.begin(element.role) if element.role is not None else None

        def end() -> None:
            if name in _LISTS:
                self.lists.pop()
            elif name == "table":
                self.grids.pop()
            lines.block(gap=below)
            if end_role is not None:
                end_role()

        return end

    def _end_block(self) -> None:
        self.lines.block(gap=False)

    def _end_spaced(self) -> None:
        self.lines.block(gap=True)

    def _cell(self, attributes: Mapping[str, str]) -> Callable[[], None]:
        lines = self.lines
        if self.narrow_cell:
            self.narrow_cell = False
            return self.parts.begin(Role.QUOTE)
        colour = attributes.get("bgcolor") or "background" in attributes.get("style", "")
        before = len(lines.done)

        def end() -> None:
            empty = before == len(lines.done) and lines.at_start
            self.narrow_cell = bool(colour) and empty and 0 < read_number(attributes.get("width"), 0) <= 4
            lines.cell(empty_too=self.grids[-1] if self.grids else False)

        return end

    def _item(self, attributes: Mapping[str, str]) -> Callable[[], None]:
        lines = self.lines
        lines.settle()
        marker = self.lists[-1].marker(attributes) if self.lists else "* "
        if "none" in attributes.get("style", "").partition("list-style")[2].partition(";")[0]:
            marker = ""
        return self._indented(marker, len(marker))

    def _word_item(self, style: str) -> Callable[[], None]:
        """Begin an item of Word's lists, which are paragraphs with a level in their style."""
        self.lines.settle()
        level = read_number(style.partition("mso-list:")[2].partition("level")[2], 1)
        return self._indented("", 2 * min(max(level - 1, 0), 8))

    def _indented(self, marker: str, width: int) -> Callable[[], None]:
        lines = self.lines
        lines.marker = marker
        lines.indent += width

        def end() -> None:
            lines.settle()
            lines.marker = ""
            lines.indent -= width

        return end

    def _end_bullet(self) -> None:
        written = "".join(self.bullet or ()).replace("\u00a0", " ").strip()
        self.bullet = None
        self.lines.write("* " if written in _BULLETS else f"{written} ")

    # ── links and images ─────────────────────────────────────────────────────────────────────────────────────────────

    def _link(self, attributes: Mapping[str, str]) -> Callable[[], None]:
        self.link = "".join(attributes.get("href", "").split())
        self.linked = []
        return self._end_link

    def _end_link(self) -> None:
        target, words = self.link or "", "".join(self.linked).replace("\u00a0", " ").strip()
        self.link = None
        if words and leads_elsewhere(words, target) and target != self.last_target:
            shown = target if len(target) <= MAX_URL else target[:MAX_URL] + "…"
            self.lines.attach(f" ({shown})")
            self.last_target = target
        elif words:
            self.last_target = target

    def _image(self, attributes: Mapping[str, str]) -> None:
        """Show the description of an image, in brackets unless it is an emoji."""
        alt = " ".join(attributes.get("alt", "").split())
        size = [read_number(attributes.get(side), 99) for side in ("width", "height")]
        if not alt or min(size) <= 1:  # what counts who reads the letter
            return
        if any(letter.isalnum() for letter in alt):
            alt = f"[{alt if len(alt) <= MAX_ALT else alt[:MAX_ALT] + '…'}]"
        if not self.look.unseen or self.shows_hidden:
            self.lines.write(alt)
            self.linked.append(alt)


def _element(tag: Tag) -> _Element:
    attributes = read_attributes(tag.raw) if tag.raw else _NOTHING
    style = attributes.get("style", "")
    if face := attributes.get("face"):
        style = f"font-family:{face};{style}"
    return _Element(
        attributes=attributes,
        style=style,
        role=mailers.find_role(tag.name, attributes) if attributes or tag.name == "blockquote" else None,
        hidden=tag.name in _UNSHOWN or "hidden" in attributes,
        is_bullet="mso-list:ignore" in style.lower().replace(" ", ""),
    )
