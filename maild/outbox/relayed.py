"""The id that a relay gave a letter of ours, as far as its answer to DATA tells. Pure; imports nothing of ours.

Some relays replace the Message-ID, and customers then answer an id that we never wrote. Most of those name theirs when
they take the letter: "250 Ok 0102018c0f1e2d3c-…-000000" (Amazon SES), "250 2.0.0 OK <…@eurprd04.prod.outlook.com>".
"""

import re

LEAST = 16  # characters of an id worth remembering: a shorter word of an answer may be anything
MOST = 250  # characters; the column's width

_BRACKETED = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+=/-]*")


def find_relay_id(answer: str) -> str | None:
    """Return the id in a server's answer to DATA, or None: in angle brackets, else the longest word that looks like one."""
    bracketed = _BRACKETED.search(answer)
    if bracketed:
        return relay_key(bracketed[1])
    words = [word for word in _WORD.findall(answer) if len(word) >= LEAST and any(c.isdigit() for c in word)]
    return relay_key(max(words, key=len)) if words else None


def relay_key(message_id: str) -> str | None:
    """Return what an id is compared by: the part before the @, which is all that some answers name; None if too short."""
    local = message_id.rpartition("@")[0] or message_id
    return local if LEAST <= len(local) <= MOST else None
