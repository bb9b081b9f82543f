"""Durations and numbers in words: the right form of the noun, and never more than there is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.wording import say_count, say_days, say_duration, say_label, say_number

LANGUAGES = ["ru", "uk", "en"]
DURATIONS = {
    "nothing": (timedelta(0), ("меньше минуты", "менше хвилини", "less than a minute")),
    "seconds": (timedelta(seconds=59), ("меньше минуты", "менше хвилини", "less than a minute")),
    "1": (timedelta(minutes=1), ("1 минута", "1 хвилина", "1 minute")),
    "rounded down": (timedelta(minutes=5, seconds=59), ("5 минут", "5 хвилин", "5 minutes")),
    "2": (timedelta(minutes=2), ("2 минуты", "2 хвилини", "2 minutes")),
    "11": (timedelta(minutes=11), ("11 минут", "11 хвилин", "11 minutes")),
    "21": (timedelta(minutes=21), ("21 минута", "21 хвилина", "21 minutes")),
    "an hour": (timedelta(hours=1), ("1 час", "1 година", "1 hour")),
    "hours and minutes": (timedelta(hours=2, minutes=30), ("2 часа 30 минут", "2 години 30 хвилин", "2 hours 30 minutes")),
    "a day": (timedelta(hours=24), ("1 день", "1 день", "1 day")),
    "days and hours": (timedelta(days=3, hours=4, minutes=59), ("3 дня 4 часа", "3 дні 4 години", "3 days 4 hours")),
    "days and minutes": (timedelta(days=2, minutes=5), ("2 дня", "2 дні", "2 days")),
    "very long": (timedelta(days=1234), ("1\u00a0234 дня", "1\u00a0234 дні", "1,234 days")),
}  # fmt: skip


@pytest.mark.parametrize("case", DURATIONS)
@pytest.mark.parametrize(("place", "language"), list(enumerate(LANGUAGES)))
def test_durations(case: str, place: int, language: str) -> None:
    """The two largest units, in the forms that their numbers take."""
    duration, said = DURATIONS[case]
    assert say_duration(duration, language) == said[place]


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(minutes=1), ("1 минуту", "1 хвилину", "1 minute")),
        (timedelta(hours=1, minutes=21), ("1 час 21 минуту", "1 годину 21 хвилину", "1 hour 21 minutes")),
        (timedelta(hours=21, minutes=2), ("21 час 2 минуты", "21 годину 2 хвилини", "21 hours 2 minutes")),
        (timedelta(minutes=11), ("11 минут", "11 хвилин", "11 minutes")),
        (timedelta(days=1), ("1 день", "1 день", "1 day")),
        (timedelta(0), ("меньше минуты", "менше хвилини", "less than a minute")),
    ],
)
def test_durations_behind_a_preposition(duration: timedelta, said: tuple[str, str, str]) -> None:
    """What stands behind "через" and "на" is in the accusative."""
    assert tuple(say_duration(duration, language, accusative=True) for language in LANGUAGES) == said


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(hours=24), "24 часа"),
        (timedelta(days=3, minutes=1), "72 часа 1 минута"),
        (timedelta(hours=7, minutes=59), "7 часов 59 минут"),
    ],
)
def test_hours_of_work_are_no_days(duration: timedelta, said: str) -> None:
    """24 opening hours are three days of work: nobody should read "1 день"."""
    assert say_duration(duration, "ru", in_hours=True) == said


def test_there_is_no_negative_duration() -> None:
    """What is over is told as over, not as less than nothing left."""
    with pytest.raises(ValueError, match="negative"):
        say_duration(timedelta(microseconds=-1), "ru")


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=900)), st.booleans())
def test_never_more_than_there_is(duration: timedelta, in_hours: bool) -> None:
    """Added up by hand, the words give the duration, short of it by less than the smallest unit that is told."""
    words = say_duration(duration, "en", in_hours=in_hours).replace("s", "").replace("le than a minute", "0 minute")
    units = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}
    parts = words.split()
    pairs = [(int(count.replace(",", "")), units[unit]) for count, unit in zip(parts[::2], parts[1::2], strict=True)]
    short = duration - sum((count * unit for count, unit in pairs), timedelta(0))
    assert timedelta(0) <= short < (units["hour"] if "day" in words else units["minute"])


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, ("0 дней", "0 днів", "0 days")),
        (1, ("1 день", "1 день", "1 day")),
        (3, ("3 дня", "3 дні", "3 days")),
        (5, ("5 дней", "5 днів", "5 days")),
        (12, ("12 дней", "12 днів", "12 days")),
        (22, ("22 дня", "22 дні", "22 days")),
        (101, ("101 день", "101 день", "101 days")),
        (111, ("111 дней", "111 днів", "111 days")),
    ],
)
def test_days(days: int, said: tuple[str, str, str]) -> None:
    """Every class of numbers that has a form of its own."""
    assert tuple(say_days(days, language) for language in LANGUAGES) == said


def test_working_days() -> None:
    """An adjective bends with its noun."""
    assert [say_days(days, "ru", working=True) for days in (1, 2, 5)] == [
        "1 рабочий день", "2 рабочих дня", "5 рабочих дней"
    ]  # fmt: skip
    assert [say_days(days, "uk", working=True) for days in (1, 2, 5)] == [
        "1 робочий день", "2 робочі дні", "5 робочих днів"
    ]  # fmt: skip
    assert [say_days(days, "en", working=True) for days in (1, 2)] == ["1 working day", "2 working days"]


def test_numbers() -> None:
    """Thousands stand apart, by a space that does not break."""
    assert [say_number(12000, language) for language in LANGUAGES] == ["12\u00a0000", "12\u00a0000", "12,000"]


def test_a_noun_needs_all_of_its_forms() -> None:
    """A template in Russian with the two English forms is a mistake that `maild check` tells."""
    assert say_count(2, "ru", "срок", "срока", "сроков") == "2 срока"
    assert say_count(2, "en", "term", "terms") == "2 terms"
    for language, forms in (("ru", ("срок", "сроков")), ("uk", ("строк",)), ("en", ("term", "terms", "terms"))):
        with pytest.raises(ValueError, match="forms"):
            say_count(2, language, *forms)


def test_labels() -> None:
    """Every label is there in every language, and no two are the same."""
    names = ("client", "agreement", "level", "category", "severity", "hours")
    for language in LANGUAGES:
        assert len({say_label(name, language) for name in names}) == len(names)
