"""Phrases are found whole, whatever the case, the accents and the punctuation around them."""

import pytest

from maild.ingest.machines.phrases import Phrases, squeeze

TABLE = Phrases("en: out | out of office | reply* |  | much longer words\nru: ещё")


@pytest.mark.parametrize(
    ("text", "found", "begins", "is_one"),
    [
        ("Out of Office: x", "out", "out of office", False),
        ("Out-of-OFFICE!", "out", "out of office", True),
        ("Reply-to replying", "reply", "reply", False),
        ("outer route", None, None, False),
        ("x, ЕЩЕ", "еще", None, False),
        ("", None, None, False),
    ],
)
def test_phrases(text: str, found: str | None, begins: str | None, is_one: bool) -> None:
    """Anywhere the first of the table, at the beginning the longest; a star stands for any ending."""
    squeezed = squeeze(text)
    assert (TABLE.find(squeezed), TABLE.begins(squeezed), TABLE.is_one(squeezed)) == (found, begins, is_one)


def test_a_blank_phrase_is_none() -> None:
    """A table that ends in a bar does not match everything."""
    assert len(TABLE) == 5
