"""A stranger's HTML made fit to be sent on. The only file that imports nh3.

Two locks, one behind the other: the page is written anew from the tags and attributes we know (`pages.tags`), which also
bounds its depth and drops what nobody saw; then nh3, which parses as browsers do, keeps only what is listed here.
What the reader's mail program would fetch on its own is nothing at all: images are the letter's own (`cid:`).
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Literal, NamedTuple

import nh3

from maild.ingest.octets.charset import storable
from maild.ingest.pages.style import Look, has_tight_paragraphs, is_light, is_zero, read_style, styled
from maild.ingest.pages.tags import BLOCK, VOID, Raw, Tag, read_attributes, read_markup

MAX_PAGE = 500_000  # characters of HTML sent on; "[…]" stands where the rest was
MAX_URL = 2_000  # characters of a link's target; a longer one is dropped, its words stay
MAX_VALUE = 300  # characters of any other attribute's value, except of styles
MAX_STYLE_VALUE = 200
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
# properties that colour and space words. None that moves them over others (a small `height` or `line-height` does, too),
# shows something else, or fetches anything
STYLES = frozenset(
    "background-color border border-bottom border-collapse border-color border-left border-radius border-right border-spacing"
    " border-style border-top border-width color direction font-family font-size font-style font-variant font-weight"
    " list-style-type margin margin-bottom margin-left margin-right margin-top max-width overflow-wrap padding"
    " padding-bottom padding-left padding-right padding-top text-align text-decoration text-transform vertical-align"
    " white-space width word-break word-wrap".split()
)
# words, lengths and colours; no minus before a number (it would pull text over other text), no backslash, no function
_STYLE_VALUE = re.compile(
    r"(?:rgba?\([0-9., %/]{1,40}\)|-?[a-z][a-z-]{0,30}|#[0-9a-f]{3,8}|[0-9.]{1,8}(?:[a-z]{1,4}|%)?|[\"'][a-z0-9 _-]{1,40}[\"']|[ ,])++"
)
_BACKGROUND = re.compile(r"background-color: (?!none|transparent|inherit|initial|unset)")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,20}):", re.IGNORECASE)
_ODD_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\\<>\"`]")
_CONTENT_ID = re.compile(r"cid:[\w.@%+$=!#*/-]{1,200}", re.IGNORECASE)
# elements whose content is no text of the letter
_DROPPED = frozenset(
    "applet audio canvas datalist embed frame frameset iframe math noembed noframes object option script select style"
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


class _Place(NamedTuple):
    """Where in the page an element stands."""

    look: Look = Look()
    coloured: bool = False  # it or what surrounds it has a background of its own


def _rewritten(page: str, images: str) -> Iterator[str]:
    """Yield the page anew: balanced tags we know, with the attributes we know, and escaped text."""
    places = [_Place()]
    begun = ""  # the element that began just now
    tight = False  # paragraphs without space between them, by the style sheet that is not sent on
    for token in read_markup(page):
        if isinstance(token, Raw):
            tight = tight or (token.name == "style" and has_tight_paragraphs(token.text))
        elif isinstance(token, str):
            if not (places[-1].look.hidden or places[-1].look.unseen or places[-1].look.tiny):
                # browsers drop the line end that begins a <pre>: another one would go each time this is read again
                yield escape(token.lstrip("\n") if begun == "pre" else token, quote=False)
            begun = "pre" if begun == "pre" and not token.strip("\n") else ""
        elif not token.opens:
            begun = ""
            if not places.pop().look.hidden and token.name in TAGS:
                yield f"</{token.name}>"
        else:
            begun = token.name
            attributes = read_attributes(token.raw) if token.raw else {}
            if token.name == "p" and (tight or attributes.get("class", "").startswith("Mso")):
                attributes["style"] = f"margin: 0; {attributes.get('style', '')}"
            place = _place(token.name, attributes, places[-1])
            if token.name not in VOID:
                places.append(place)
            if not place.look.hidden and token.name in TAGS:
                if token.name == "img" and (images != "cid" or not _CONTENT_ID.fullmatch(attributes.get("src", ""))):
                    yield _described(attributes)
                else:
                    yield from _start(token, attributes, coloured=place.coloured)


def _place(name: str, attributes: Mapping[str, str], outer: _Place) -> _Place:
    look, style = outer.look, attributes.get("style", "")
    if name in _DROPPED or "hidden" in attributes:
        look = look._replace(hidden=True)
    elif style:
        look = styled(look, style)
    background = _BACKGROUND.search(_style(name, style)) is not None or (
        "bgcolor" in attributes and name in ("table", "tr", "td", "th")
    )
    return _Place(look, outer.coloured or background)


def _described(attributes: Mapping[str, str]) -> str:
    """Return what stands for an image that is not sent on; nothing for one that counts who reads the letter."""
    if {attributes.get("width", ""), attributes.get("height", "")} & {"0", "1", "0px", "1px"}:
        return ""
    return escape(f"[{' '.join(attributes.get('alt', '').split())[:MAX_VALUE] or 'image'}]", quote=False)


def _start(tag: Tag, attributes: Mapping[str, str], *, coloured: bool) -> Iterator[str]:
    """Yield a start tag. White words whose background (an image, the page's own) is not sent on lose their colour."""
    yield f"<{tag.name}"
    for name, value in attributes.items():
        if name in _GENERAL or name in ATTRIBUTES.get(tag.name, ()):
            allowed = _allowed(tag.name, name, value)
            if name == "style" and allowed is not None and not coloured:
                allowed = _without_light_colour(allowed) or None
            if name == "color" and tag.name == "font" and not coloured and is_light(value):
                allowed = None
            if allowed is not None:
                yield f' {name}="{escape(allowed)}"'
    yield ">"


def _without_light_colour(style: str) -> str:
    return "; ".join(
        said
        for said in style.split("; ")
        if not (said.startswith("color: ") and is_light(said.removeprefix("color: ")))
    )


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Return what the attribute may say, None for nothing."""
    if name == "href":
        return _target(value)
    if name == "src":
        return value if tag == "img" and _CONTENT_ID.fullmatch(value.strip()) else None
    if name == "style":
        return _style(tag, value) or None
    return value if len(value) <= MAX_VALUE else None


def _target(value: str) -> str | None:
    """Return a link's target, None where it is no address we let through or one that programs read differently."""
    url = "".join(value.strip().splitlines()).replace("\t", "").replace(" ", "%20")  # mailers wrap long ones
    scheme = _SCHEME.match(url)
    if scheme is None or scheme[1].lower() not in SCHEMES or len(url) > MAX_URL or _ODD_IN_URL.search(url):
        return None
    return url


def _style(tag: str, value: str) -> str:
    """Return the declarations of a style attribute that only colour and space words; "" where none are left."""
    known = {
        "background-color" if name == "background" else name: said
        for name, said in read_style(value).items()
        if len(said) <= MAX_STYLE_VALUE and _STYLE_VALUE.fullmatch(said)
    }
    # what had no size is gone; the description of an image is not
    kept = {
        name: said for name, said in known.items() if name in STYLES and not (name == "font-size" and is_zero(said))
    }
    if tag not in BLOCK and any(name.startswith(("padding", "border")) for name in kept):
        kept["display"] = "inline-block"  # on words in a line these would reach over the lines around: a link over all
    return "; ".join(f"{name}: {said}" for name, said in kept.items())


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    attribute_filter=_allowed,
    url_schemes={*SCHEMES, "cid"},
    clean_content_tags=set(_DROPPED) - TAGS,
    link_rel="noopener noreferrer",
    strip_comments=True,
)
