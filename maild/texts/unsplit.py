"""A long text that is not split into sentences (FN-15). Lists, logs, one long sentence among others are no offence."""

import re

from maild.texts.prose import Written, joined
from maild.texts.sentences import shorten

LEAST_WORDS = 58  # of one piece; sentences of contracts have 40
LEAST_SHARE = 0.7  # of all words that stand in pieces so long
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_END = re.compile(r"[.!?…]+(?=[\s)»\"”]|$)|;\s|\n+")


def find_unsplit(written: Written) -> str | None:
    """Return how many words stand without the end of a sentence, and the first of them; or None."""
    pieces = [_WORD.findall(piece) for piece in _END.split(joined(written.lines))]
    total = sum(map(len, pieces))
    long = [piece for piece in pieces if len(piece) >= LEAST_WORDS and not _is_list(piece)]
    if not long or sum(map(len, long)) < LEAST_SHARE * total:
        return None
    most = max(long, key=len)
    return shorten(f"{len(most)} words without the end of a sentence: {' '.join(most[:6])} …")


def _is_list(words: list[str]) -> bool:
    """Whether words are names and requisites: half of them begin with a capital and go on in small letters."""
    return sum(word[0].isupper() and not word.isupper() for word in words) * 5 > len(words) * 2
