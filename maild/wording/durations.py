"""Durations as people say them: "2 часа 30 минут", "3 рабочих дня"."""

from datetime import timedelta

from babel.units import format_unit

from maild.wording.numbers import say_count

_MINUTES_OF = {"day": 24 * 60, "hour": 60, "minute": 1}
# Feminine nouns in the singular; every other form is the same as in the nominative.
_ACCUSATIVE = {"минута": "минуту", "хвилина": "хвилину", "година": "годину"}
_LESS = {
    "ru": "меньше минуты",
    "uk": "менше хвилини",
    "en": "less than a minute",
}
_DAYS = {"ru": ("день", "дня", "дней"), "uk": ("день", "дні", "днів"), "en": ("day", "days")}
_WORKING_DAYS = {
    "ru": ("рабочий день", "рабочих дня", "рабочих дней"),
    "uk": ("робочий день", "робочі дні", "робочих днів"),
    "en": ("working day", "working days"),
}


def say_duration(duration: timedelta, language: str, *, accusative: bool = False, in_hours: bool = False) -> str:
    """Return a duration in its two largest units, rounded down to the minute: "1 день 4 часа", "2 часа 30 минут".

    `accusative` is for behind "через", "на", "за": "1 минуту". `in_hours` knows no days, for time that is counted in
    opening hours: 24 of them are several days. A negative duration raises ValueError.
    """
    if duration < timedelta(0):
        raise ValueError(f"a negative duration cannot be said: {duration}")
    rest = duration // timedelta(minutes=1)
    said: list[str] = []
    for unit, minutes in _MINUTES_OF.items():
        if unit == "day" and in_hours:
            continue
        count, rest = divmod(rest, minutes)
        if count and len(said) < 2:
            said.append(_say_unit(count, unit, language, accusative=accusative))
        elif said:
            break  # "2 days 5 minutes" would promise a precision that nobody needs
    return " ".join(said) or _LESS[language]


def say_days(days: int, language: str, *, working: bool = False) -> str:
    """Return a number of days: "1 день", "3 рабочих дня"."""
    return say_count(days, language, *(_WORKING_DAYS if working else _DAYS)[language])


def _say_unit(count: int, unit: str, language: str, *, accusative: bool) -> str:
    number, _, noun = format_unit(count, f"duration-{unit}", "long", locale=language).rpartition(" ")
    return f"{number} {_ACCUSATIVE.get(noun, noun) if accusative else noun}"
