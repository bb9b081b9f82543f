"""Our own golden mail as one more source of the table: what its tests hold, counted."""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path

from tests.corpora.figures import Answer
from tests.ingest import test_golden
from tests.walk import test_golden_walks

GROUP, QUESTION = "Our own golden mail", "understood as agreed"


def golden_answers() -> Iterator[Answer]:
    """Yield an answer for each pair, the rooms being the sources."""
    for letter in test_golden.LETTERS:
        yield agreement(letter.with_suffix(""), test_golden.printed, letter)
    for lesson in test_golden_walks.LESSONS:
        yield agreement(lesson, lambda played: "\n".join(test_golden_walks.play(played)) + "\n", lesson)


def agreement(pair: Path, printed: Callable[[Path], str], letter: Path) -> Answer:
    """Return whether what is printed of a letter is what the pair's file says."""
    agreed = pair.with_name(f"{pair.name}.expected.txt").read_text(encoding="utf-8")
    try:
        got = printed(letter)
    except Exception as error:  # one that cannot be read is not understood; the others still count
        got = f"{type(error).__name__}: {error}"
    lines = zip_longest(agreed.splitlines(), got.splitlines(), fillvalue="")
    expected, instead = next((both for both in lines if both[0] != both[1]), ("", ""))
    return Answer(
        group=GROUP,
        question=QUESTION,
        source=pair.parent.name,
        name=pair.name,
        right=got == agreed,
        expected=expected[:100],
        got=instead[:100],
    )
