"""A stranger's HTML made fit to be sent on. The only file that imports nh3.

Two locks, one behind the other: the page is written anew from the tags and attributes we know (`markup`), which also
bounds its depth and drops what nobody saw; then nh3, which parses as browsers do, keeps only what is listed here.
What the reader's mail program would fetch on its own is nothing at all: images are the letter's own (`cid:`).
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Literal

import nh3

from maild.ingest.charset import storable
from maild.ingest.markup import VOID, Raw, Tag, read_attributes, read_markup
from maild.ingest.style import Look, read_style, styled

MAX_PAGE = 500_000  # characters of HTML sent on; "[…]" stands where the rest was
MAX_URL = 2_000  # characters of a link's target; a longer one is dropped, its words stay
MAX_VALUE = 300  # characters of any other attribute's value, except of styles
CUT = "<p>[…]</p>"

TAGS = frozenset(
    "a abbr address b big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure"
    " font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td"
    " tfoot th thead tr tt u ul var".split()
)
_GENERAL = frozenset({"align", "dir", "lang", "style", "title", "valign"})
_TABLE = frozenset({"bgcolor", "border", "cellpadding", "cellspacing", "height", "width"})
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "*": _GENERAL,
    "a": frozenset({"href"}),
    "blockquote": frozenset({"type"}),  # "cite" is how mail programs know a quote
    "col": frozenset({"span", "width"}),
    "colgroup": frozenset({"span", "width"}),
    "font": frozenset({"color", "face", "size"}),
    "hr": frozenset({"color", "size", "width"}),
    "img": frozenset({"alt", "height", "src", "width"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "type"}),
    "table": _TABLE,
    "td": _TABLE | {"colspan", "nowrap", "rowspan"},
    "th": _TABLE | {"colspan", "nowrap", "rowspan"},
    "tr": frozenset({"bgcolor"}),
    "ul": frozenset({"type"}),
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# properties that colour and space words; none that moves them over others, shows something else, or fetches anything
STYLES = frozenset(
    "background-color border border-bottom border-collapse border-color border-left border-radius border-right border-spacing"
    " border-style border-top border-width color direction font-family font-size font-style font-variant font-weight"
    " height letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-width"
    " overflow-wrap padding padding-bottom padding-left padding-right padding-top table-layout text-align"
    " text-decoration text-indent text-transform vertical-align white-space width word-break word-wrap".split()
)
# words, lengths and colours; no minus before a number (it would pull text over other text), no backslash, no function
_STYLE_VALUE = re.compile(
    r"(?:rgba?\([0-9., %/]{1,40}\)|-?[a-z][a-z-]{0,30}|#[0-9a-f]{3,8}|[0-9.]{1,8}(?:[a-z]{1,4}|%)?|[\"'][a-z0-9 _-]{1,40}[\"']|[ ,])++"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,20}):", re.IGNORECASE)
_ODD_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\<>\"`]")
_CONTENT_ID = re.compile(r"cid:[\w.@%+$=!#*/-]{1,200}", re.IGNORECASE)
# elements whose content is no text of the letter
_DROPPED = frozenset(
    "applet audio canvas datalist embed frame frameset head iframe math noembed noframes object option script select style"
    " svg template textarea title video xml xmp".split()
)


def sanitize_html(page: str, *, images: Literal["cid", "none"] = "cid") -> str:
    """Return `page` as a harmless fragment of HTML: nothing runs, moves, is asked for or fetched. Never raises.

    Links lead to http, https, mailto and tel only. `images`: "cid" keeps those that the letter carries; every other
    image is its description in brackets. What was hidden is left out. The result of a result is the same again.
    """
    whole = storable(page)
    written = "".join(_rewritten(whole[:MAX_PAGE], images)) + (CUT if len(whole) > MAX_PAGE else "")
    return _cleaner.clean(written).strip()


def _rewritten(page: str, images: str) -> Iterator[str]:
    """Yield the page anew: balanced tags we know, with the attributes we know, and escaped text."""
    looks = [Look()]
    begun = ""  # the element that began just now
    for token in read_markup(page):
        if isinstance(token, Raw):
            continue
        if isinstance(token, str):
            if not looks[-1].hidden:
                # browsers drop the line end that begins a <pre>: another one would go each time this is read again
                yield escape(token.lstrip("\n") if begun == "pre" else token, quote=False)
            begun = "pre" if begun == "pre" and not token.strip("\n") else ""
            continue
        begun = token.name if token.opens else ""
        if not token.opens:
            hidden = looks.pop().hidden
            if not hidden and token.name in TAGS:
                yield f"</{token.name}>"
            continue
        attributes = read_attributes(token.raw) if token.raw else {}
        look = looks[-1]
        if token.name in _DROPPED or "hidden" in attributes:
            look = look._replace(hidden=True)
        elif "style" in attributes:
            look = styled(look, attributes["style"])
        if token.name not in VOID:
            looks.append(look)
        if not look.hidden and token.name in TAGS:
            yield from _start(token, attributes, images)


def _start(tag: Tag, attributes: Mapping[str, str], images: str) -> Iterator[str]:
    if tag.name == "img":
        source = attributes.get("src", "").strip()
        if images != "cid" or not _CONTENT_ID.fullmatch(source):
            if {attributes.get("width", ""), attributes.get("height", "")} & {"0", "1", "0px", "1px"}:
                return  # counts who reads the letter
            yield escape(f"[{' '.join(attributes.get('alt', '').split())[:MAX_VALUE] or 'image'}]", quote=False)
            return
    yield f"<{tag.name}"
    for name, value in attributes.items():
        if name in _GENERAL or name in ATTRIBUTES.get(tag.name, ()):
            allowed = _allowed(tag.name, name, value)
            if allowed is not None:
                yield f' {name}="{escape(allowed)}"'
    yield ">"


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Return what the attribute may say, None for nothing."""
    if name == "href":
        return _target(value)
    if name == "src":
        return value if tag == "img" and _CONTENT_ID.fullmatch(value.strip()) else None
    if name == "style":
        return _style(value) or None
    return value if len(value) <= MAX_VALUE else None


def _target(value: str) -> str | None:
    """Return a link's target, None where it is no address we let through or one that programs read differently."""
    url = "".join(value.strip().splitlines()).replace("\t", "").replace(" ", "%20")  # mailers wrap long ones
    scheme = _SCHEME.match(url)
    if scheme is None or scheme[1].lower() not in SCHEMES or len(url) > MAX_URL or _ODD_IN_URL.search(url):
        return None
    return url


def _style(value: str) -> str:
    css = read_style(value)
    kept = ((name, css[name]) for name in css if name in STYLES)
    return "; ".join(f"{name}: {said}" for name, said in kept if len(said) <= 200 and _STYLE_VALUE.fullmatch(said))


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    attribute_filter=_allowed,
    url_schemes={*SCHEMES, "cid"},
    clean_content_tags=set(_DROPPED) - TAGS,
    link_rel="noopener noreferrer",
    strip_comments=True,
)
