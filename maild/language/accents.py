"""Unicode's normal forms in time linear in the text. Pure.

Putting a run of accents in order takes time quadratic in its length, so no run is longer than Unicode's own limit for
streams (UAX 15, "Stream-Safe Text Format"). No language needs more; who writes more means no letter.
"""

import re
import unicodedata
from functools import cache
from typing import Literal

MAX_ACCENTS = 30
_PLANES = range(0x2_0000)  # further on Unicode has no accents; to ask all of it takes a tenth of the start of a process


def normalize(form: Literal["NFC", "NFKC", "NFD", "NFKD"], text: str) -> str:
    """Return the text in a normal form; of a longer run of accents only its beginning."""
    return text if text.isascii() else unicodedata.normalize(form, _runs().sub(r"\1", text))


@cache
def _runs() -> re.Pattern[str]:
    """Return the pattern of a run that is too long."""
    accents = [one for one in _PLANES if _is_accent(chr(one))]
    ranges: list[tuple[int, int]] = []
    for one in accents:
        if ranges and ranges[-1][1] == one - 1:
            ranges[-1] = (ranges[-1][0], one)
        else:
            ranges.append((one, one))
    each = "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
    return re.compile(f"([{each}]{{{MAX_ACCENTS}}})[{each}]+")


def _is_accent(character: str) -> bool:
    """Whether a character, or what it is made of, belongs to the one before it."""
    made_of = unicodedata.normalize("NFKD", character) if unicodedata.decomposition(character) else character
    return unicodedata.combining(made_of[0]) > 0
