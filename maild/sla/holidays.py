"""What a country's calendar says of a day. The only module that imports `holidays`.

`date in holidays` is never asked by anybody else: it knows no working Saturday. And the package's own objects grow and
change as they are asked, follow the locale of the machine, and know no shortened day; what leaves here is a frozen year.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays
from holidays.registry import EntityLoader

# The last day whose nature has been confirmed in writing; later days are the package's guess (regulations.md §5).
CONFIRMED: Mapping[str, date] = MappingProxyType(
    {
        "RU": date(2026, 12, 31),  # decree 1466 of 24 September 2025
        "UA": date(2026, 5, 4),  # martial law, and with it no holiday at all
    }
)
# Law 2136-IX took Ukraine's holidays off the Labour Code, so the package keeps their names among working days.
CATEGORIES = {"UA": ("public", "workday")}
WATCHED = range(2020, 2041)  # years that `digest` covers: what has been decreed, and long after it
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Year:
    """One year of one country."""

    names: Mapping[date, str]  # days off by name, moved days off included
    workdays: frozenset[date]  # weekend days that are worked, because their rest was moved
    eves: frozenset[date]  # days before a public holiday, shorter by an hour by Russian law; working or not


def is_known(country: str) -> bool:
    """Whether the package knows the country, by its two capital letters."""
    return country in _codes()


def confirmed_until(country: str) -> date | None:
    """Return the last day whose nature is certain; None where nothing is known to be uncertain."""
    return CONFIRMED.get(country)


@lru_cache(maxsize=256)
def year_of(country: str, year: int) -> Year:
    """Return what is known of the year. Names are Russian where the package has them, else the country's own.

    Raises ValueError for an unknown country.
    """
    if not is_known(country):
        raise ValueError(f"no calendar of country {country!r} is known")
    # The neighbours too: a day off of January may be moved from December, and the eve of New Year is in the old one.
    around = range(max(year - 1, 1), year + 2)
    everything, proper = _load(country, around, observed=True), _load(country, around, observed=False)
    moved = _moved(everything, around)
    feasts = {day for day in proper if day not in moved}
    workdays = {day for day in everything.weekend_workdays if day.year == year}
    # A working Saturday has the hours of the day it is worked for: 1 November 2025 stood in for the eve of 4 November.
    eves = {day - DAY for day in feasts} | {origin for day, origin in moved.items() if day + DAY in feasts}
    return Year(
        names=MappingProxyType({day: name for day, name in everything.items() if day.year == year}),
        workdays=frozenset(workdays),
        eves=frozenset(day for day in eves if day.year == year),
    )


@lru_cache(maxsize=32)
def digest(country: str) -> str:
    """Return a word that changes when a release of the package, or a decree in it, changes a day of the watched years."""
    told = hashlib.sha256()
    for year in WATCHED:
        days = year_of(country, year)
        for kind in (days.names, days.workdays, days.eves):
            told.update(",".join(day.isoformat() for day in sorted(kind)).encode() + b"\n")
    return told.hexdigest()


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


def _load(country: str, years: range, *, observed: bool) -> holidays.HolidayBase:
    kind = holidays.country_holidays(country)
    language = "ru" if "ru" in kind.supported_languages else kind.default_language
    categories = CATEGORIES.get(country)
    return holidays.country_holidays(
        country, years=years, expand=False, observed=observed, language=language, categories=categories
    )


def _moved(days: holidays.HolidayBase, years: range) -> dict[date, date]:
    """Return the days off that another day's rest was moved to, each with that other day.

    The package keeps them as (month, day, from month, from day[, from year]) beside (month, day, name) of holidays proper.
    """
    moved: dict[date, date] = {}
    tables = getattr(days, "special_public_holidays", {})
    for year in years:
        rows = tables.get(year, ())
        for row in rows if rows and isinstance(rows[0], tuple) else (rows,):
            if len(row) > 3:
                month, day, from_month, from_day, *from_year = row
                moved[date(year, month, day)] = date(from_year[0] if from_year else year, from_month, from_day)
    return moved
