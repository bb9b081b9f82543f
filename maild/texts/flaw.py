"""What may be wrong with how a text is written, as a value."""

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """A text check, by the name that rules call it."""

    ABUSE = "abuse"  # profanity and insults (CB-15, FN-12, TK-14)
    THREAT = "threat"  # to life, health, property (FN-12)
    CAPITALS = "capitals"  # all of it in capitals (FN-15)
    TRANSLIT = "translit"  # Russian typed in Latin letters (FN-15)
    UNSPLIT = "unsplit"  # a long text without sentences (FN-15)
    VAGUE = "vague"  # nothing concrete (FN-16, TK-14)
    UNREADABLE = "unreadable"  # cannot be read at all (FN-10)


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One thing that is wrong with a text."""

    check: Check
    evidence: str  # the words, or the figures, in one line
