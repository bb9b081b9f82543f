"""What is wrong with how a text is written, by seven checks, each with the words or figures that it goes by. Pure.

A text that cannot be read is called that and nothing else, unless it abuses or threatens.
"""

import re
from collections.abc import Callable, Collection

from maild.texts.abuse import find_abuse
from maild.texts.capitals import find_capitals
from maild.texts.flaw import Check, Flaw
from maild.texts.prose import MAX_TEXT, Written
from maild.texts.threats import find_threat
from maild.texts.translit import find_translit
from maild.texts.unreadable import find_unreadable
from maild.texts.unsplit import find_unsplit
from maild.texts.vague import find_vague

_CHECKS: tuple[tuple[Check, Callable[[Written], str | None]], ...] = (
    (Check.ABUSE, find_abuse),
    (Check.THREAT, find_threat),
    (Check.UNREADABLE, find_unreadable),
    (Check.CAPITALS, find_capitals),
    (Check.TRANSLIT, find_translit),
    (Check.UNSPLIT, find_unsplit),
    (Check.VAGUE, find_vague),
)
_OF_READABLE = frozenset({Check.CAPITALS, Check.TRANSLIT, Check.UNSPLIT, Check.VAGUE})
_SURROGATE = re.compile("[\ud800-\udfff]")


def check_text(subject: str, text: str, wanted: Collection[Check] | None = None) -> tuple[Flaw, ...]:
    """Return what is wrong, at most one flaw a check, in a fixed order; of all checks, or of those that are wanted.

    Takes time linear in the text, of which the first 20,000 characters are read, and raises nothing.
    """
    written = Written(_encodable(subject), _encodable(text[:MAX_TEXT]))
    sought = frozenset(Check if wanted is None else wanted)
    unreadable = None if sought <= {Check.ABUSE, Check.THREAT} else find_unreadable(written)
    flaws: list[Flaw] = []
    for check, find in _CHECKS:
        if check not in sought or (unreadable is not None and check in _OF_READABLE):
            continue
        evidence = unreadable if check is Check.UNREADABLE else find(written)
        if evidence is not None:
            flaws.append(Flaw(check=check, evidence=evidence))
    return tuple(flaws)


def _encodable(text: str) -> str:
    """Return a text without lone surrogates, which no evidence could be stored with."""
    return _SURROGATE.sub("\ufffd", text)
