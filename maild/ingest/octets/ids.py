"""Message ids in field values (RFC 5322 §3.6.4), also as gateways and old clients break them."""

import re
from collections.abc import Iterable

from maild.ingest.octets.charset import single_line

MAX_REFERENCES = 200  # ids: the first and the newest of a longer thread
MAX_ID = 998  # characters of a message id: one line (RFC 5322 §2.1.1)

_BRACKETED_ID = re.compile(r"<([^<>]+)>")
_COMMENT = re.compile(r"\([^()]*\)")


def find_ids(values: Iterable[str]) -> tuple[str, ...]:
    """Return the message ids in field values without angle brackets, each once, oldest first.

    Folded ids are put together again; ids that lost their brackets are taken where a field holds nothing else: the
    prose of old clients ("Your message of Mon, from ivan@x") names people, not letters.
    """
    found: list[str] = []
    for value in values:
        line = single_line(value)
        bracketed = ["".join(text.split()) for text in _BRACKETED_ID.findall(line)]
        found += [text[:MAX_ID] for text in bracketed or _loose(line) if text]
    ids = tuple(dict.fromkeys(found))
    return ids if len(ids) <= MAX_REFERENCES else ids[:1] + ids[1 - MAX_REFERENCES :]


def _loose(line: str) -> list[str]:
    """Return ids without both their brackets: "a@x", "<a@x", "a@x b@x", "a@x (added by …)"."""
    words = [word.strip("<>,;\"'") for word in _COMMENT.sub(" ", line).split()]
    return words if len(words) == 1 or all("@" in word for word in words) else []
