"""The line above what is quoted of a letter, as mail programs write it and read it: "23.11.2026 09:10, Анна пишет:"."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from maild.clock import aware

_SAID = {
    "ru": ("dd.MM.yyyy HH:mm", "{when}, {who} пишет:"),
    "uk": ("dd.MM.yyyy HH:mm", "{when}, {who} пише:"),
    "en": ("d MMMM y 'at' HH:mm", "On {when}, {who} wrote:"),
}


def say_quoted(instant: datetime, who: str, zone: ZoneInfo, language: str) -> str:
    """Return who wrote what stands below, and when; on one line."""
    pattern, sentence = _SAID[language]
    when = format_datetime(aware(instant).astimezone(zone), pattern, locale=language)
    return sentence.format(when=when, who=" ".join(who.split()))
