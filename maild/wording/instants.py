"""Instants and days as people say them: "18:00 вторника, 24 ноября (МСК)"."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from maild.clock import aware
from maild.wording.zones import say_zone

# CLDR has the nominative only ("вторник"), and letters say "до 18:00 вторника". Monday first.
_OF_DAYS = {
    "ru": "понедельника вторника среды четверга пятницы субботы воскресенья".split(),
    "uk": "понеділка вівторка середи четверга п’ятниці суботи неділі".split(),
}
_DAY = {"ru": "d MMMM", "uk": "d MMMM", "en": "d MMMM"}
_DAY_OF_YEAR = {"ru": "d MMMM y 'года'", "uk": "d MMMM y 'року'", "en": "d MMMM y"}
_TWICE = {  # the same time of a day comes twice when clocks are set back
    "ru": (", до перевода часов", ", после перевода часов"),
    "uk": (", до переведення годинників", ", після переведення годинників"),
    "en": (", before the clocks go back", ", after the clocks go back"),
}


def say_instant(instant: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    """Return an instant in the zone's time, to stand behind "до" ("by"): "18:00 вторника, 24 ноября (МСК)".

    The year is told only where it is not the one of `now`. Seconds are dropped: a term is never promised too late.
    Midnight is the end of the day before, "24:00 понедельника, 23 ноября": "00:00" is taken for a whole day later by
    half of its readers. Where clocks are set back it says which of the two it is. Naive times raise ValueError.
    """
    instant, now = aware(instant), aware(now)
    # Whole minutes of local time; an offset may hold seconds itself, but only before 1972.
    local = instant.astimezone(zone).replace(second=0, microsecond=0)
    day, clock = local.date(), f"{local:%H:%M}"
    midnight = local.time() == time(0)
    if midnight:
        day, clock = day - timedelta(days=1), "24:00"
    said = _say_day(day, language, year=day.year != now.astimezone(zone).year)
    where = say_zone(instant, zone, language) + _twice(local, language)
    if language == "en":
        weekday = format_date(day, "EEEE", locale="en")
        begin = f"midnight at the end of {weekday}" if midnight else f"{clock} on {weekday}"
    else:
        begin = f"{clock} {_OF_DAYS[language][day.weekday()]}"
    return f"{begin}, {said} ({where})"


def say_date(day: date, language: str) -> str:
    """Return a day with its year: "31 декабря 2026 года", "31 December 2026"."""
    return _say_day(day, language, year=True)


def say_moment(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """Return an instant of late in the zone's time, in few characters: "23 нояб. 09:10", "23 Nov 09:10"."""
    return format_datetime(aware(instant).astimezone(zone), "d MMM HH:mm", locale=language)


def say_month(day: date, language: str) -> str:
    """Return the month of a day with its year: "ноябрь 2026", "November 2026"."""
    return format_date(day, "LLLL y", locale=language)


def _say_day(day: date, language: str, *, year: bool) -> str:
    return format_date(day, (_DAY_OF_YEAR if year else _DAY)[language], locale=language)


def _twice(local: datetime, language: str) -> str:
    """Return which of two equal times it is; "" where there is only one."""
    first, second = local.replace(fold=0), local.replace(fold=1)
    return _TWICE[language][local.fold] if aware(first) < aware(second) else ""
