"""An answer that exists already, as a value; and one found for a request."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of an organisation's FAQ."""

    id: str
    title: str
    url: str = ""
    words: tuple[str, ...] = ()  # how people call the matter
    questions: tuple[str, ...] = ()  # how people have asked
    answer: str = ""  # in plain text, may have several lines
    since: date | None = None  # first and last day on which it is suggested, both included
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """An entry that answers a request, as far as its words tell."""

    entry: Entry
    score: float  # 0 to 1; above the threshold
    evidence: str  # which words of the request led here
