"""A letter's HTML as agents see it, and the pictures that only stand in what an answer quotes. Pure."""

import re
from html import unescape
from urllib.parse import unquote

from maild.ingest.reply import REPLY_MARKER_PREFIX
from maild.ingest.sanitize import sanitize_html
from maild.model import Message
from maild.tokens import hide_tokens

_WORD = re.compile(r"\w{4,}")
_LINK = re.compile(r"https?://\S{1,2000}")
_TAG = re.compile(r"<[^<>]{0,10000}>")
_CID = re.compile(r"cid:([^\"'\s<>)]{1,400})", re.IGNORECASE)


def harmless_page(message: Message) -> str:
    """Return the letter's HTML, harmless and without tokens; "" where its text has to do.

    Some programs put the words into the text only, and into the HTML a picture of them that is not sent on.
    """
    if message.html is None:
        return ""
    page = sanitize_html(message.html)
    said, shown = _words(message.text), _words(unescape(_TAG.sub(" ", page)))
    return hide_tokens(page) if 2 * len(said & shown) >= len(said) else ""


def quoted_pictures(message: Message, shown: str = "") -> frozenset[str]:
    """Return the Content-IDs that the HTML of an agent's reply shows at or below our marker only: the customer's pictures.

    Mail programs send the pictures of the letter they quote along with the answer. Where it is known what of the HTML is
    `shown` to the customer, they are those of all the rest.
    """
    page = message.html or ""
    if shown:
        return _pictures(page) - _pictures(shown)
    above, marker, below = page.partition(REPLY_MARKER_PREFIX.strip())
    return _pictures(below) - _pictures(above) if marker else frozenset()


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_LINK.sub(" ", text).casefold()))


def _pictures(page: str) -> frozenset[str]:
    return frozenset(unquote(unescape(found)) for found in _CID.findall(page))
