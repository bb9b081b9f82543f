"""Sizes and kinds of files in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.types import parse_size
from maild.ingest.octets.kinds import KNOWN
from maild.wording import say_size
from maild.wording.asking import ASKED, say_asked
from maild.wording.kinds import say_kinds


@pytest.mark.parametrize(
    ("octets", "ru", "en"),
    [
        (0, "0\u00a0Б", "0\u00a0B"),
        (999, "999\u00a0Б", "999\u00a0B"),
        (1_000, "1\u00a0КБ", "1\u00a0KB"),
        (300_000, "300\u00a0КБ", "300\u00a0KB"),
        (999_999, "999,9\u00a0КБ", "999.9\u00a0KB"),
        (5_000_000, "5\u00a0МБ", "5\u00a0MB"),
        (5_500_000, "5,5\u00a0МБ", "5.5\u00a0MB"),
        (5_599_999, "5,5\u00a0МБ", "5.5\u00a0MB"),
        (1_000_000_000, "1\u00a0ГБ", "1\u00a0GB"),
        (25_000_000_000_000, "25\u00a0000\u00a0ГБ", "25,000\u00a0GB"),
    ],
)
def test_sizes(octets: int, ru: str, en: str) -> None:
    """The largest whole unit, decimal, rounded down."""
    assert (ru, ru, en) == (say_size(octets, "ru"), say_size(octets, "uk"), say_size(octets, "en"))


def test_a_negative_size_is_nobodys() -> None:
    """It would be said as something else."""
    with pytest.raises(ValueError, match="negative"):
        say_size(-1, "ru")


@given(st.integers(1, 10**13))
def test_a_size_in_words_is_never_too_large(octets: int) -> None:
    """Whoever keeps to the size that we said is not refused; and it is at most a tenth of a unit off."""
    number, unit = say_size(octets, "en").split("\u00a0")
    said = parse_size(number.replace(",", "") + unit)
    assert said <= octets < said * 1.1 + 1


def test_kinds() -> None:
    """Extensions as they are, groups in words."""
    assert say_kinds(("pdf", "image", "archive"), "ru") == "pdf, изображения, архивы"
    assert say_kinds((), "ru") == ""


@pytest.mark.parametrize("language", ["ru", "uk", "en"])
def test_every_group_has_a_word(language: str) -> None:
    """No name of ours for a group reaches a customer."""
    groups = ["image", "document", "archive", "program", "audio", "video", "text", "letter", "macro"]
    assert set(groups) <= KNOWN
    said = say_kinds(groups, language).split(", ")
    assert len(said) == len(groups) == len(set(said))


@pytest.mark.parametrize("language", ["ru", "uk", "en"])
def test_whatever_maild_knows_to_ask_for_has_words(language: str) -> None:
    """In each language words of their own; for an item of the admin's none."""
    words = [say_asked(item, language) for item in sorted(ASKED)]
    assert all(words)
    assert len(words) == len({*words})
    assert say_asked("model", language) == ""
