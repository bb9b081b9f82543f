"""How often each check is right about the labelled texts, as values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maild.ingest.parse import parse
from maild.ingest.reply import read_reply
from maild.texts.checks import check_text
from maild.texts.flaw import Check, Flaw
from tests.texts.labelled import Labelled

MAIL = Path(__file__).parents[1] / "mail"
GOLDEN = ("parse", "reply", "unwrap", "threads", "repeats")  # people's letters; the other folders hold machines'
MAX_SHOWN = 90  # characters of a text that is shown


@dataclass(frozen=True, kw_only=True)
class Count:
    """How often a check was right."""

    found: int = 0  # rightly
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found rightly."""
        return self.found / (self.found + self.false) if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share that was found of what should be."""
        return self.found / (self.found + self.missed) if self.found else 0.0


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A text about which a check is wrong."""

    check: Check
    text: Labelled
    evidence: str | None  # None: missed

    def __str__(self) -> str:
        shown = " ".join(self.text.text.split())
        shown = shown if len(shown) <= MAX_SHOWN else f"{shown[:MAX_SHOWN]}…"
        why = "missed" if self.evidence is None else f"false, `{self.evidence}`"
        return f"{self.check}, {why}: {shown}"


def find_wrong(texts: Iterable[Labelled]) -> Iterator[Wrong]:
    """Yield every verdict that differs from its label."""
    for text in texts:
        found = {flaw.check: flaw.evidence for flaw in _flaws(text)}
        for check in Check:
            if check not in text.doubtful and (check in found) != (check in text.expected):
                yield Wrong(check=check, text=text, evidence=found.get(check))


@cache
def _flaws(text: Labelled) -> tuple[Flaw, ...]:
    return check_text(text.subject, text.text)


def count(texts: Iterable[Labelled]) -> dict[Check, Count]:
    """Return how often each check is right about texts; what a label leaves in doubt counts nowhere."""
    texts = tuple(texts)
    wrong = tuple(find_wrong(texts))
    counts = {}
    for check in Check:
        missed = sum(one.check == check and one.evidence is None for one in wrong)
        false = sum(one.check == check and one.evidence is not None for one in wrong)
        counts[check] = Count(found=sum(check in text.expected for text in texts) - missed, false=false, missed=missed)
    return counts


def golden_alarms() -> tuple[int, list[tuple[str, Check, str]]]:
    """Return how many golden letters of people there are, and where one is called abusive, a threat, or unreadable."""
    paths = [path for folder in GOLDEN for path in sorted((MAIL / folder).glob("*.eml"))]
    wanted = frozenset(Check) - {Check.VAGUE}  # some of them are there to say nothing
    alarms = []
    for path in paths:
        message = parse(path.read_bytes())
        flaws = check_text(message.subject, read_reply(message).text, wanted)
        alarms += [(f"{path.parent.name}/{path.name}", flaw.check, flaw.evidence) for flaw in flaws]
    return len(paths), alarms
