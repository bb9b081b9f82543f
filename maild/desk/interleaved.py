"""What an agent wrote into the quotation of our letter: answers below the customer's lines that they are about. Pure.

Below the marker of a notification stands what is ours and the customer's. Of lines that a client marked as quoted those
without a mark are the agent's, unless they are the rest of a line that the client wrapped: then they stand in our letter.
So they can be told only where that letter is known. Of what is quoted the customer gets back nothing but their own words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from maild.desk.commands import looks_like_command
from maild.desk.relay import find_marker, without_signature
from maild.desk.theirs import squeeze
from maild.ingest.clients.mobile import is_mobile_signature
from maild.ingest.clients.quote import clean, is_quoted
from maild.ingest.clients.signature import find_closing
from maild.tokens import hide_tokens

MAX_QUOTED = 8  # lines of the customer's above an answer
MAX_LINES = 1_000  # below the marker that are looked at
MAX_SHOWN = 100_000  # characters of our letter that they are compared with; of a longer one nothing is sent
MAX_LOST = 20  # lines that are shown back to the agent
MIN_WORD = 4  # letters of a word that tells whose a line is
MIN_PART = 12  # letters of a part that stands in our letter by no chance
MOSTLY_OURS = 0.6  # of a line's longer words that stand in our letter: whose line it is, is not sure any more
_WORD = re.compile(r"\w+")
_MARK = re.compile(r"[ \t]*(?:[>|][ \t]*)+")
_NOISE = re.compile(
    r"(?:\[(?:cid|image)\b|[<\[](?:https?://|mailto:))[^>\]]*(?:[>\]]|$)", re.IGNORECASE
)  # that clients add


@dataclass(frozen=True, kw_only=True)
class Woven:
    """What stands in the quotation: the answers with what they answer, and lines of the agent's that cannot be sent."""

    text: str = ""
    lost: tuple[str, ...] = ()

    def unsent(self) -> "Woven":
        """Return the same where nothing of it is to be sent."""
        answers = (line for line in self.text.splitlines() if line and not line.startswith("> "))
        return Woven(lost=(*answers, *self.lost))


def may_be_interleaved(text: str) -> bool:
    """Whether anything below the marker may be the agent's: it is worth looking for our letter then."""
    lines = text.splitlines()
    marker = find_marker(lines)
    if marker is None:
        return False
    below = lines[marker + 1 : marker + 1 + MAX_LINES]
    return not is_quoted(clean(lines[marker])) or any(line.strip() and not is_quoted(clean(line)) for line in below)


def read_interleaved(text: str, shown: str, theirs: str, ours: frozenset[str]) -> Woven:
    """Return what an agent's letter says below the marker.

    `shown` is all that our letter says; "": it is not known, and then nothing is sure enough to be sent. `theirs` is what customers wrote in the ticket, squeezed. In a
    quotation without marks nothing can be sent, nor is a line an order anywhere in one: they are lost, and told.
    Takes time linear in the text.
    """
    lines = text.splitlines()
    marker = find_marker(lines)
    if marker is None or not (shown or is_quoted(clean(lines[marker]))):
        return Woven()
    below = _without_end(lines[marker + 1 : marker + 1 + MAX_LINES], ours)
    sendable = 0 < len(shown) <= MAX_SHOWN and is_quoted(clean(lines[marker]))
    letter = _Ours(shown[:MAX_SHOWN])
    blocks: list[str] = []
    quoted: list[str] = []
    lost: list[str] = []
    answering = False
    for line in below:
        plain = clean(line)
        if not plain.strip():
            if answering:
                blocks.append("")
        elif is_quoted(plain):
            answering = False
            mine = _MARK.sub("", plain)
            quoted.append(mine) if (said := squeeze(mine)) and said in theirs else quoted.clear()
        elif letter.holds(plain) or letter.holds(_NOISE.sub(" ", plain)) or is_mobile_signature(plain.strip()):
            answering = False
        elif not sendable or looks_like_command(line) or letter.resembles(plain):
            lost.append(plain.strip())
        else:
            if not answering:
                blocks += ["", *(f"> {one}" for one in quoted[-MAX_QUOTED:])]
            blocks.append(line.rstrip())
            quoted.clear()
            answering = True
    return Woven(text=hide_tokens("\n".join(_squashed(blocks))), lost=tuple(map(hide_tokens, lost[:MAX_LOST])))


def _without_end(lines: list[str], ours: frozenset[str]) -> list[str]:
    """Return the lines without a signature of the agent's that stands below the quotation."""
    kept = without_signature("\n".join(lines), ours).rstrip().split("\n")
    begin = find_closing(kept, len(kept))
    return kept if begin is None else kept[:begin]


class _Ours:
    """Our letter, to tell what of it a client may have broken into lines of its own."""

    def __init__(self, shown: str) -> None:
        words = _words(shown)
        self._whole, self._said, self._words = squeeze(shown), f" {' '.join(words)} ", frozenset(words)

    def holds(self, line: str) -> bool:
        """Whether a line stands there as it is, or says nothing."""
        words, squeezed = _words(line), squeeze(line)
        told = len(squeezed) >= MIN_PART and squeezed in self._whole  # links are broken within words
        return not words or told or f" {' '.join(words)} " in self._said

    def resembles(self, line: str) -> bool:
        """Whether most of a line's longer words stand there, so that it may be ours all the same."""
        words = [word for word in _words(line) if len(word) >= MIN_WORD]
        return bool(words) and sum(word in self._words for word in words) >= MOSTLY_OURS * len(words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("ё", "е"))


def _squashed(lines: Sequence[str]) -> list[str]:
    """Return the lines without blank ones at both ends and beside each other."""
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    while kept and not kept[-1]:
        kept.pop()
    return kept[1:] if kept and not kept[0] else kept
