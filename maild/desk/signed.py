"""Where somebody's words end and their name begins, with what they are and where to call them, though no closing stands above. Pure.

    Исправлено в версии 9.

    Пётр Сидоров
    инженер
    +7 495 123-45-67

The name that From shows tells it from a name that is news: each line below has to be one of a signature.
"""

import re
from collections.abc import Sequence

from maild.ingest.clients.contact import EMPHASIS, judge
from maild.ingest.clients.signature import BLOCK_LINES

_PIECES = re.compile(r"[,|•·;/]| [-–—] ")
_WORD = re.compile(r"[^\W\d_]+")
_SAME = str.maketrans({"ё": "е", "ґ": "г"})
FULL = 2  # words of a name that stands by itself, wherever it does


def without_name(lines: Sequence[str], name: str) -> list[str]:
    """Return the lines above the last ones that hold the name and what belongs to it; the first line stays in any case."""
    known = _words(name)
    for at in range(max(1, len(lines) - BLOCK_LINES), len(lines)):
        own = _own_words(lines[at], known)
        stands_apart = not lines[at - 1].strip() or own >= FULL
        if own and stands_apart and all(judge(one) is not None for one in lines[at:] if one.strip()):
            return list(lines[:at])
    return list(lines)


def _own_words(line: str, known: frozenset[str]) -> int:
    """Return how many words of the name a line begins with that is no other name; 0: it is not theirs."""
    found = _words(_PIECES.split(line.strip(EMPHASIS))[0])
    whole = found & known
    initials = {one for one in found - known if len(one) == 1}
    if not any(word.startswith(one) for one in initials for word in known - whole):
        initials = set()  # another's, of the same surname
    theirs = found <= whole | initials or (len(known) >= FULL and known <= found)
    return len(whole | initials) if whole and theirs else 0


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold().translate(_SAME)))
