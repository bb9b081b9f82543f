"""What of an agent's reply reaches the customer: the words above the quoted notification, and nothing of ours. Pure."""

import re

from maild.ingest.clients.quote import clean
from maild.ingest.clients.signature import SIGNATURE
from maild.ingest.reply import REPLY_MARKER_PREFIX, read_text
from maild.model import without_detail
from maild.tokens import hide_tokens

_FIELD = re.compile(r"[ \t*>]*[^\s:][^:]{0,30}:[ \t*]*\S")  # "De : …", "À : …", in any language
_BRACKETED = re.compile(r"<(?:mailto:)?([^\s<>]+@[^\s<>]+)>")


def relayed_text(text: str, ours: frozenset[str] = frozenset()) -> str | None:
    """Return the agent's new words, or None when nothing stands above the quotation.

    The notification begins with a marker line; whatever is at or below it is ours or the customer's, never new. Unlike
    a customer's letter, of which the whole is shown when nothing else is left, a quotation alone is not sent. `ours`
    are our own and the agents' addresses (casefolded): they tell the header that a mail client put above the marker.
    """
    lines = text.splitlines()
    marker = next((n for n, line in enumerate(lines) if REPLY_MARKER_PREFIX in line), None)
    above = "\n".join(lines if marker is None else _without_header(lines[:marker], ours)).strip()
    reply = read_text(above, strict=True)
    return None if reply.nothing_new else hide_tokens(_without_signature(reply.text).strip()) or None


def quotes_header(words: str, ours: frozenset[str]) -> bool:
    """Whether an address of ours stands in angle brackets, as mail clients write it and people do not."""
    return any(without_detail(match[1]) in ours for match in _BRACKETED.finditer(words.casefold()))


def _without_header(lines: list[str], ours: frozenset[str]) -> list[str]:
    """Return the lines without a header block or attribution of an unknown language that stands at their end."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    begin = end
    while begin and lines[begin - 1].strip():
        begin -= 1
    block = lines[begin:end]
    if not any(
        without_detail(word) in ours
        for word in re.findall(r"[^\s<>()\[\]:;,\"'*]+@[\w.-]*\w", "\n".join(block).casefold())
    ):
        return lines
    fields = [n for n, line in enumerate(block, begin) if _FIELD.match(line)]
    if len(fields) > 1:
        return lines[: fields[0]]
    return lines[:begin] if block[-1].rstrip().endswith(":") else lines


def _without_signature(words: str) -> str:
    """Return the words above the agent's own signature: it holds a private address, and ours stands below the answer."""
    lines = words.splitlines()
    at = next((n for n, line in enumerate(lines) if clean(line) == SIGNATURE), len(lines))
    return "\n".join(lines[:at])
