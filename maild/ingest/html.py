"""HTML to readable plain text. The only file that imports inscriptis.

Links keep their target, quotes get their "> ", table rows stay rows. Any string gives a string, in bounded time:
what inscriptis cannot take (too large, nested too deeply, not HTML) is stripped of its tags instead.
"""

import re
from html import unescape
from typing import Any

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.css import CssParse
from inscriptis.model.html_element import HtmlElement
from inscriptis.model.tag import CustomHtmlTagHandlerMapping

from maild.ingest.charset import storable

MAX_RENDERED = 200_000  # characters laid out with inscriptis, whose time grows faster than its input; 1 s at worst
MAX_STRIPPED = 2_000_000  # characters looked at by the tag stripper
MAX_URL = 500  # characters of a link's target; longer ones only carry tracking data
MAX_QUOTE_DEPTH = 20  # "> " marks on one line

# Places in the text are marked while rendering with private-use characters, which no letter has a right to carry
_QUOTE, _UNQUOTE, _LINK, _TARGET, _UNLINK, _CELL = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
_MARKS = re.compile("[\ue000-\ue005]")
_LINKED = re.compile("\ue002([^\ue002-\ue004]*)\ue003([^\ue002-\ue004]*)\ue004")

_DATA_URL = re.compile(r"data:[^\"'\s<>]{200,}")  # an image inside the text: megabytes that show nothing
_TAG = re.compile(r"<(?:!--|(/?)([A-Za-z][A-Za-z0-9:]*)[^<>]*>|[!?][^<>]*>)")
_HIDDEN = frozenset({"script", "style", "head", "title"})
_BREAKS = frozenset(
    {"address", "blockquote", "br", "div", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p"}
    | {"pre", "table", "td", "th", "tr", "ul"}
)
_GAPS = re.compile(r"\n{3,}")


def html_to_text(page: str) -> str:
    """Return what a reader of the page would read, LF line ends, no blanks around it. Never raises."""
    page = _MARKS.sub("", _DATA_URL.sub("data:", storable(page)))
    text = _render(page) if len(page) <= MAX_RENDERED else None
    if text is None:
        text = _strip(page[:MAX_STRIPPED])
    lines = (line.rstrip() for line in text.replace("\u00a0", " ").split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


def _render(page: str) -> str | None:
    """Lay the page out with inscriptis; None where it fails or loses the words."""
    try:
        text = get_text(page.replace("&amp;", "&amp;amp;"), _layout())  # inscriptis resolves references once too often
    except Exception:  # RecursionError, lxml's errors and whatever else a stranger's page brings out of the library
        return None
    if not _MARKS.sub("", text).strip() and _strip(page):
        return None  # lxml gives up silently on 20,000 nested elements
    lines = "\n".join(_row(line) for line in text.split("\n"))
    return _quoted(_LINKED.sub(_linked, lines))


def _layout() -> ParserConfig:
    """How inscriptis shall lay a page out. A new one for each page, because it remembers the open links."""
    css = CSS_PROFILES["strict"].copy()
    css.update({tag: HtmlElement(display=Display.block) for tag in ("table", "tr", "hr", "dt", "dd", "center")})
    css.update({tag: HtmlElement(display=Display.block, padding_inline=2) for tag in ("ul", "ol")})
    targets: list[str] = []

    def open_link(state: Any, attributes: Any) -> None:
        targets.append("".join(str(attributes.get("href", "")).split()))
        state.tags[-1].write(_LINK)

    def close_link(state: Any) -> None:
        target = targets.pop() if targets else ""
        state.tags[-1].write(_TARGET + target[:MAX_URL] + _UNLINK)

    def nothing(_state: Any, _attributes: Any = None) -> None:
        """Tables are not drawn: most only carry the page's layout, and padding cells costs rows x widest cell."""

    config = ParserConfig(
        css=css,
        custom_html_tag_handler_mapping=CustomHtmlTagHandlerMapping(
            start_tag_mapping={
                "a": open_link,
                "blockquote": lambda state, _attributes: state.tags[-1].write(_QUOTE),
                **dict.fromkeys(("table", "tr", "td", "th"), nothing),
            },
            end_tag_mapping={
                "a": close_link,
                "blockquote": lambda state: state.tags[-1].write(_UNQUOTE),
                "hr": lambda state: state.tags[-1].write("_" * 32),  # as Outlook writes it in plain text
                **dict.fromkeys(("td", "th"), lambda state: state.tags[-1].write(_CELL)),
                "table": nothing,
            },
        ),
    )
    config.attribute_handler.attribute_mapping = {"style": _apply_style}
    return config


def _apply_style(style: str, element: HtmlElement) -> None:
    """Obey `display: none` and `white-space`; margins of a stranger's choice could fill the memory with blanks."""
    for directive in style.lower().split(";"):
        key, _, value = directive.partition(":")
        if key.strip() == "display" and value.strip().startswith("none"):
            CssParse.attr_display("none", element)
        elif key.strip() == "white-space":
            CssParse.attr_white_space(value.strip(), element)


def _row(line: str) -> str:
    """Return a table row with bars between its cells, the empty ones left out; any other line as it is."""
    return " | ".join(filter(None, (cell.strip() for cell in line.split(_CELL)))) if _CELL in line else line


def _linked(match: re.Match[str]) -> str:
    """`words (target)`, or the words alone where they show the target already or it leads nowhere outside."""
    words, target = match[1], match[2]
    scheme, _, rest = target.partition(":")
    shown = rest.removeprefix("//").rstrip("/") if scheme.lower() != "mailto" else rest.partition("?")[0]
    if scheme.lower() not in ("http", "https", "mailto", "tel", "ftp") or not words.strip():
        return words
    if not shown or shown.casefold() in words.casefold():
        return words
    return f"{words} ({target})"


def _quoted(text: str) -> str:
    """Put "> " before the lines between quote marks, as often as they nest."""
    lines: list[str] = []
    depth = 0
    for piece in re.split(f"([{_QUOTE}{_UNQUOTE}])", text):
        if piece == _QUOTE:
            depth += 1
        elif piece == _UNQUOTE:
            depth -= 1
        elif piece.strip():
            mark = "> " * min(depth, MAX_QUOTE_DEPTH)
            lines += (mark + line for line in _MARKS.sub("", piece).strip("\n").split("\n"))
    return "\n".join(lines)


def _strip(page: str) -> str:
    """Return the page without tags, comments, scripts and styles, in one pass."""
    pieces: list[str] = []
    hidden = None
    at = 0
    while match := _TAG.search(page, at):
        if hidden is None:
            pieces.append(page[at : match.start()])
        at = match.end()
        name = (match[2] or "").lower()
        if match[0] == "<!--":
            end = page.find("-->", at)
            at = len(page) if end < 0 else end + 3
        elif match[1]:
            hidden = None if name == hidden else hidden
        elif hidden is None and name in _HIDDEN:
            hidden = name
        if hidden is None and name in _BREAKS:
            pieces.append("\n")
    if hidden is None:
        pieces.append(page[at:])
    lines = (" ".join(line.split()) for line in unescape("".join(pieces)).split("\n"))
    return storable("\n".join(lines)).strip()
