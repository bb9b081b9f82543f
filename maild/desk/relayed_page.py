"""An agent's answer as they laid it out: the HTML of the words that are sent, and not a word more. Pure.

The words come from `relay`; here they are found again in the letter's HTML, from its top, one by one. Where the two do not
agree the text has to do. So nothing of a quotation or a signature can travel in the HTML that does not in the text.
"""

import re
from collections.abc import Collection
from html import unescape
from urllib.parse import unquote

from maild.ingest.html import html_to_text
from maild.ingest.sanitize import sanitize_html
from maild.tokens import hide_tokens

_PIECE = re.compile(r"<(/?)([a-z0-9]+)[^<>]*>|[^<]+|<")
_LINK = re.compile(r"https?://[^\s<>()\"]{1,2000}|<?(?:mailto:)?[^\s<>@()]{1,64}@[^\s<>@()]{1,255}>?")
_PICTURE = re.compile(r"\[(?:image|cid): ?[^\[\]\n]{1,300}\]")  # Gmail and Outlook write so in the text
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d{3,}")  # shorter ones may number a list, which HTML does by itself
_FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*")
_VOID = frozenset({"br", "hr", "img", "col"})


def relayed_page(html: str | None, words: str, dropped: Collection[str], staff: Collection[str]) -> str:
    """Return harmless HTML that says `words` and nothing else; "" where the letter's HTML says them otherwise.

    `dropped` are the lines, commands, that stand among the words and are not sent. No address of `staff` (casefolded) is
    in it, not even where a link leads. Takes time linear in the page.
    """
    if html is None or not words:
        return ""
    page = hide_tokens(_cut(sanitize_html(html), words, [_words_of(line) for line in dropped]))
    lowered = unescape(page).casefold()
    if not page or any(address in lowered or address in unquote(lowered) for address in staff):
        return ""
    shown = html_to_text(page)
    said = _PICTURE.sub(" ", words)
    kept = set(_NUMBER.findall(shown)) >= set(_NUMBER.findall(_LINK.sub(" ", said)))
    return page if kept and all(link in shown or link.casefold() in lowered for link in _links(said)) else ""


def _cut(page: str, text: str, dropped: list[list[str]]) -> str:
    """Return the beginning of a page that holds these words, its elements closed; "" where they are not there as they are.

    A number or a link that stands alone is left out where the words have none like it: it belongs to a command. So is where
    a link leads whose text is left out.
    A picture that stands behind the last word is one of the answer's, unless a quotation begins before it.
    """
    words, figures = _words_of(text), _figures(text)
    said = 0  # of them
    kept: list[str] = []
    opened: list[tuple[str, int]] = []  # with its place in `kept`
    end, left_open = 0, tuple[str, ...]()  # how much of `kept` shows something, and what is open there
    for found in _PIECE.finditer(page):
        piece, name = found[0], found[2]
        if name is None:
            plain = unescape(piece).strip()
            here = _words_of(plain)
            ours = bool(here) and here in dropped and here != words[said : said + len(here)]
            if ours or (not here and said < len(words) and not figures >= _figures(plain)):
                if opened and opened[-1][0] == "a":
                    kept[opened[-1][1]] = "<a>"
                continue
            if words[said : said + len(here)] != here or (said == len(words) and plain not in text):
                break
            said += len(here)
        elif said == len(words) and name in ("blockquote", "hr", "table"):
            break
        elif name not in _VOID:
            if not found[1]:
                opened.append((name, len(kept)))
            elif opened:
                opened.pop()
        kept.append(piece)
        if (name is None and piece.strip()) or name == "img":
            end, left_open = len(kept), tuple(name for name, _ in opened)
    if said != len(words) or not end:
        return ""
    return "".join(kept[:end]) + "".join(f"</{name}>" for name in reversed(left_open))


def _words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without links and pictures, which clients write twice, or not at all."""
    return [word.casefold() for word in _WORD.findall(_LINK.sub(" ", _PICTURE.sub(" ", text)))]


def _figures(text: str) -> set[str]:
    """Return the links, addresses, numbers, times and dates of a text."""
    return _links(text) | set(_FIGURE.findall(_LINK.sub(" ", text)))


def _links(text: str) -> set[str]:
    return {link.strip("<>").removeprefix("mailto:").rstrip(".,;:!?") for link in _LINK.findall(text)}
