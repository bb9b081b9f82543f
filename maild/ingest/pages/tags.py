"""HTML as a flat stream of tags and text that is balanced, bounded and linear to read. Imports only the standard library.

Why not a browser's parser: the tree construction of HTML5 is quadratic in the depth (lexbor: 5 s for 40,000 times
`<div><p>word</p>`, html5ever: 2 s for half of them), repeats unclosed elements with all their attributes in each
paragraph, and `html.parser` takes quadratic time over unclosed tags. A letter needs the part of it that authors lean
on: which tags close which (HTML §13.2.6.4.7), and that no end tag reaches out of a table's cell.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import NamedTuple

MAX_DEPTH = 200  # open elements; what is nested deeper counts as its parent's, words and line breaks remain
MAX_NAME = 30  # characters of an element's name

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
RAW = frozenset("iframe noembed noframes script style textarea title xmp".split())  # hold text, no tags
_SWALLOW = frozenset({"script", "style"})  # left open, these hide all that follows, as they do in browsers
_REFERENCES_IN_RAW = frozenset({"textarea", "title"})

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_TABLE = frozenset({"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"})
_ROWS = frozenset({"colgroup", "table", "tbody", "tfoot", "thead", "tr"})  # hold cells only
_WALLS = frozenset({"table", "td", "th", "caption"})  # an end tag closes nothing outside of these
_ENDS_PARAGRAPH = (
    _HEADINGS
    | _LISTS
    | frozenset(
        "address article aside blockquote center dd details dialog div dl dt fieldset figcaption figure footer form header"
        " hgroup hr li main nav p pre section summary table xmp".split()
    )
)
BLOCK = _ENDS_PARAGRAPH | _TABLE | {"body", "button", "legend", "li", "dt", "object", "optgroup", "option", "select"}
_PARAGRAPH = frozenset({"p"})
_TABLE_WALL = frozenset({"table"})
_ENCLOSING = BLOCK | {"a", "audio", "canvas", "math", "svg", "template", "video"}  # ended whatever is open in them
# an element → what it closes, up to what it looks for that
_CLOSES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), _LISTS | _WALLS | {"blockquote"}),
    "dd": (frozenset({"dd", "dt"}), _WALLS | {"dl", "blockquote"}),
    "dt": (frozenset({"dd", "dt"}), _WALLS | {"dl", "blockquote"}),
    "a": (frozenset({"a"}), _WALLS | _LISTS | {"blockquote", "li"}),
    "option": (frozenset({"option"}), _WALLS | {"select"}),
    **dict.fromkeys(("td", "th"), (frozenset({"td", "th", "caption", "colgroup"}), frozenset({"table"}))),
    "tr": (frozenset({"tr", "caption", "colgroup"}), frozenset({"table"})),
    **dict.fromkeys(
        ("tbody", "thead", "tfoot", "caption", "colgroup"),
        (frozenset({"tbody", "thead", "tfoot", "tr", "caption", "colgroup"}), frozenset({"table"})),
    ),
    "col": (frozenset({"tbody", "thead", "tfoot", "tr", "caption"}), frozenset({"table"})),
    **dict.fromkeys(_HEADINGS, (_HEADINGS, _WALLS)),
}

# text, then a tag, a comment, a declaration, or a "<" that begins none of these; quoted values may hold ">"
_ATTRIBUTES = r"""((?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+)"""
_NEXT = re.compile(rf"([^<]*+)(?:<(?:(/?)([A-Za-z][^\s/><]*+){_ATTRIBUTES}>|(!--)|[!?/][^<>]*+>|())|\Z)")
_NEXT_LENIENT = re.compile(r"([^<]*+)(?:<(?:(/?)([A-Za-z][^\s/><]*+)([^<>]*+)>|(!--)|[!?/][^<>]*+>|())|\Z)")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+)?+)?+""")
_ADDRESS = re.compile(
    r"<[^<>\s]{1,200}>"
)  # "<ann@x.example>" and "<https://x.example/>", left unescaped by sloppy mailers
_SCHEMES = frozenset({"http:", "https:"})
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in RAW}
# Python 3.11 refuses to read 4,300 digits; no character has a number of eight
_HUGE_REFERENCE = re.compile(r"&#(?:[xX][0-9a-fA-F]{8,}|[0-9]{8,});?")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")


class Tag(NamedTuple):
    """The start or the end of an element. Void elements (`VOID`) only start."""

    name: str  # lower case
    opens: bool
    raw: str = ""  # the attributes as written; `read_attributes` takes them apart


class Raw(NamedTuple):
    """The content of an element of `RAW`, which is text to browsers whatever it looks like."""

    name: str
    text: str


def read_markup(page: str) -> Iterator[str | Tag | Raw]:
    """Yield the text, tags and raw elements of `page` in order, every end tag matching the last open start tag.

    Any string will do; takes time linear in it. At most `MAX_DEPTH` elements are open at a time.
    """
    balance = _Balance()
    stack, count = balance.stack, balance.count
    following = _NEXT.match
    endless: set[str] = set()  # what is known to have no end in the rest of the page
    at, end = 0, len(page)
    while at < end:
        match = following(page, at)
        assert match is not None  # its last branches match anywhere
        text, slash, name, raw, comment, lone = match.groups()
        if text:
            if stack and stack[-1] in _ROWS and not text.isspace():
                yield from balance.begin_cell()
            yield text if "&" not in text else text_of(text)
        at = match.end()
        if name is not None:
            name = name.lower()
            if slash:
                if stack and stack[-1] == name and not balance.beyond:
                    stack.pop()
                    count[name] -= 1
                    yield _end(name)
                else:
                    yield from balance.close(name)
            elif name in RAW:
                content, at = _raw_content(page, name, at, endless)
                if content is not None:
                    yield Raw(name, content)
            elif ("@" in name or name in _SCHEMES) and (address := _ADDRESS.match(page, match.end(1))):
                yield text_of(address[0])
                at = address.end()
            elif len(name) <= MAX_NAME:
                if name in _TABLE and name != "table" and not count.get("table"):
                    name, raw = "div", ""
                if stack and stack[-1] == name and (name == "p" or name in _CLOSES):  # the common case of the next line
                    stack.pop()
                    count[name] -= 1
                    yield _end(name)
                elif name in _CLOSES or (name in _ENDS_PARAGRAPH and count.get("p")):
                    yield from balance.make_way(name)
                if stack and stack[-1] in _ROWS and name not in _TABLE:
                    yield from balance.begin_cell()
                yield Tag(name, True, raw)
                if name in VOID:
                    pass
                elif len(stack) < MAX_DEPTH:
                    stack.append(name)
                    count[name] = count.get(name, 0) + 1
                else:
                    balance.beyond[name] = balance.beyond.get(name, 0) + 1
                    yield Tag(name, False)
        elif comment is not None:
            ends = -1 if comment in endless else page.find("-->", at - 2)  # "<!-->" is one, too
            if ends >= 0:
                at = ends + 3
            else:
                endless.add(comment)
        elif lone is not None:
            if following == _NEXT.match and page[at : at + 2].strip("/")[:1].isalpha():
                following = _NEXT_LENIENT.match  # a tag or a quote never ends; from here on tags end at the next ">"
                at -= 1
            else:
                yield "<"
    yield from balance.close_to(0)


def _raw_content(page: str, name: str, at: int, endless: set[str]) -> tuple[str | None, int]:
    """Return what the raw element beginning at `at` holds, and where the page goes on."""
    end = None if name in endless else _RAW_END[name].search(page, at)
    if end is not None:
        content = page[at : end.start()]
        return text_of(content) if name in _REFERENCES_IN_RAW else content, page.find(">", end.end()) + 1 or len(page)
    endless.add(name)
    return ("", len(page)) if name in _SWALLOW else (None, at)


@lru_cache(maxsize=512)
def _end(name: str) -> Tag:
    return Tag(name, False)


def text_of(written: str) -> str:
    """Return `written` with its character references resolved (HTML §13.5)."""
    if "&" not in written:
        return written
    return unescape(_HUGE_REFERENCE.sub("\ufffd", written))


def read_attributes(raw: str) -> dict[str, str]:
    """Return the attributes of a tag by their lower-case names; of repeated ones the first counts."""
    found: dict[str, str] = {}
    for name, written in _ATTRIBUTE.findall(raw):
        value: str = written[1:-1] if written[:1] in ("'", '"') else written
        if "&" in value:  # references without ";" stay: "?a=1&copy=2" names a parameter (HTML §13.2.5.73)
            found.setdefault(name.lower(), _REFERENCE.sub(lambda match: unescape(match[0]), value))
        else:
            found.setdefault(name.lower(), value)
    return found


class _Balance:
    """The open elements; turns what authors write into starts and ends that match."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.count: dict[str, int] = {}  # of the open elements by name
        self.beyond: dict[str, int] = {}  # of those nested too deeply to be kept

    def make_way(self, name: str) -> Iterator[Tag]:
        """Yield the ends that the start of `name` implies."""
        if name in _ENDS_PARAGRAPH:
            yield from self.close_to(self._find(_PARAGRAPH, None))
        if name in _CLOSES:
            yield from self.close_to(self._find(*_CLOSES[name]))

    def begin_cell(self) -> Iterator[Tag]:
        """Yield the starts that bring what stands beside the cells of a table into one (browsers move it out)."""
        for name in ("td",) if self.stack[-1] == "tr" else ("tr", "td"):
            if len(self.stack) < MAX_DEPTH:
                self.stack.append(name)
                self.count[name] = self.count.get(name, 0) + 1
                yield Tag(name, True)

    def close(self, name: str) -> Iterator[Tag]:
        """Yield the ends of the element that an end tag means and of what was left open in it; none if it means none."""
        if self.beyond.get(name):
            self.beyond[name] -= 1
            if not self.beyond[name]:
                del self.beyond[name]
            if name in BLOCK:
                yield from (Tag(name, True), Tag(name, False))  # for the line break
        elif name == "br" or (name == "p" and not self.count.get("p")):
            yield Tag(name, True)  # browsers break the line here
            if name == "p":
                yield Tag(name, False)
        else:
            names = _HEADINGS if name in _HEADINGS else frozenset({name})
            walls = _TABLE_WALL - names if name in _TABLE else _WALLS - names
            if name == "body":
                walls |= {"blockquote"}  # a page quoted with its end is not the end of what quotes it
            yield from self.close_to(self._find(names, walls if name in _ENCLOSING else None))

    def close_to(self, at: int | None) -> Iterator[Tag]:
        """Yield the ends of the elements from `at` on, the innermost first; none for None."""
        while at is not None and len(self.stack) > at:
            name = self.stack.pop()
            self.count[name] -= 1
            yield _end(name)

    def _find(self, names: frozenset[str], walls: frozenset[str] | None) -> int | None:
        """Return where one of `names` is open on this side of `walls` (None: of any block), the outermost of several."""
        found = None
        if any(self.count.get(name) for name in names):
            for at in range(len(self.stack) - 1, -1, -1):
                name = self.stack[at]
                if name in names:
                    found = at
                    if len(names) == 1 or walls is None:
                        break
                elif name in (BLOCK if walls is None else walls):
                    break
        return found
