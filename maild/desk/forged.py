"""Whether the mail servers on the way found the sender forged. Pure.

A refusal is the one automatic letter that a stranger might want us to send to somebody else, so any server's word counts
here: who makes one up only keeps us silent (RFC 8601, RFC 7208 §9.1). Trusting a *good* result is another matter, and is
left to the servers that the configuration names.
"""

import re

from maild.model import Message

MAX_RESULTS = 20  # headers looked at; each server adds one
MAX_RESULT = 4_000  # characters of one

_DMARC = re.compile(r"\bdmarc\s*=\s*(fail|reject)", re.IGNORECASE)
_SPF = re.compile(r"\bspf\s*=\s*(fail|hardfail)\b", re.IGNORECASE)
_SIGNED = re.compile(r"\bdkim\s*=\s*pass\b", re.IGNORECASE)


def looks_forged(message: Message) -> str | None:
    """Return what says that somebody else wrote the letter than its From, or None."""
    if failed := says_dmarc_failed(message):
        return failed
    results = _results(message)
    for one in results:
        if (match := _SPF.search(one)) and not _SIGNED.search(one):
            return f"Authentication-Results: {match[0]}"
    received = (message.header("received-spf") or "").strip()
    if received[:4].lower() == "fail" and not any(map(_SIGNED.search, results)):
        return "Received-SPF: fail"
    return None


def says_dmarc_failed(message: Message) -> str | None:
    """Return the word of any server that From's own domain disowns the letter, or None."""
    found = (_DMARC.search(one) for one in _results(message))
    return next((f"Authentication-Results: {match[0]}" for match in found if match), None)


def _results(message: Message) -> list[str]:
    return [one[:MAX_RESULT] for one in message.values("authentication-results")[:MAX_RESULTS]]
