"""Calendars to test with, and short ways to write instants."""

import tomllib
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maild.sla.calendar import Calendar, Opening
from tests.sla.by_hand import CALENDARS

MOSCOW, KYIV = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Kyiv")
WEEK = "mon tue wed thu fri sat sun".split()
UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}


def at(text: str, zone: ZoneInfo = MOSCOW) -> datetime:
    """An instant on a zone's wall clock, "2025-11-01 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def length(text: str) -> timedelta:
    """A duration of one unit, as the configuration writes it."""
    return int(text[:-1]) * UNITS[text[-1]]


def openings(*texts: str) -> tuple[Opening, ...]:
    """Openings of a day, "09:00-13:00"."""
    edges = [text.split("-") for text in texts]
    return tuple(
        Opening(start=time.fromisoformat(start), end=None if end == "24:00" else time.fromisoformat(end))
        for start, end in edges
    )


def week(*texts: str, days: str = "mon-fri") -> tuple[tuple[Opening, ...], ...]:
    """The same openings on all the days that are named."""
    first, _, last = days.partition("-")
    open_days = range(WEEK.index(first), WEEK.index(last or first) + 1)
    return tuple(openings(*texts) if day in open_days else () for day in range(7))


def calendar(*texts: str, zone: ZoneInfo = MOSCOW, days: str = "mon-fri", **more: Any) -> Calendar:
    """A calendar of nine to six, or of the openings given."""
    return Calendar(name="desk", zone=zone, week=week(*(texts or ("09:00-18:00",)), days=days), **more)


def _read(name: str, entry: dict[str, Any]) -> Calendar:
    days: list[tuple[Opening, ...]] = [()] * 7
    for key, texts in entry["week"].items():
        days = [one or other for one, other in zip(week(*texts, days=key), days, strict=True)]
    rules = {"off": (), "working": None}
    return Calendar(
        name=name,
        zone=ZoneInfo(entry["zone"]),
        week=tuple(days),
        country=entry.get("holidays", ""),
        martial_law=entry.get("martial_law", False),
        shorten=length(entry.get("shorten_before_holidays", "0s")),
        own_days={
            date.fromisoformat(day): rules[rule] if isinstance(rule, str) else openings(*rule)
            for day, rule in entry.get("days", {}).items()
        },
        confirmed_until=entry.get("confirmed_until"),
    )


DESKS = {
    (organisation, name): _read(name, entry)
    for organisation, section in tomllib.loads(CALENDARS)["organization"].items()
    for name, entry in section["calendar"].items()
}
