"""What people call the time of a zone: "МСК", "за Києвом", "UTC+5"."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_MOSCOW, _KYIV = "Europe/Moscow", "Europe/Kyiv"
_ALIASES = {"W-SU": _MOSCOW, "Europe/Kiev": _KYIV, "Europe/Uzhgorod": _KYIV, "Europe/Zaporozhye": _KYIV}
_NAMES = {
    "ru": {_MOSCOW: "МСК", _KYIV: "по Киеву"},
    "uk": {_MOSCOW: "за Москвою", _KYIV: "за Києвом"},
    "en": {_MOSCOW: "Moscow time", _KYIV: "Kyiv time"},
}

# Russia's other zones are told by their distance from Moscow, as timetables do, and by their best known city.
_RUSSIAN = {
    "Europe/Kaliningrad": "Калининград",
    "Europe/Samara": "Самара",
    "Europe/Saratov": "Саратов",
    "Europe/Ulyanovsk": "Ульяновск",
    "Europe/Astrakhan": "Астрахань",
    "Europe/Volgograd": "Волгоград",
    "Europe/Kirov": "Киров",
    "Asia/Yekaterinburg": "Екатеринбург",
    "Asia/Omsk": "Омск",
    "Asia/Novosibirsk": "Новосибирск",
    "Asia/Barnaul": "Барнаул",
    "Asia/Tomsk": "Томск",
    "Asia/Novokuznetsk": "Новокузнецк",
    "Asia/Krasnoyarsk": "Красноярск",
    "Asia/Irkutsk": "Иркутск",
    "Asia/Chita": "Чита",
    "Asia/Yakutsk": "Якутск",
    "Asia/Khandyga": "Хандыга",
    "Asia/Vladivostok": "Владивосток",
    "Asia/Ust-Nera": "Усть-Нера",
    "Asia/Magadan": "Магадан",
    "Asia/Sakhalin": "Южно-Сахалинск",
    "Asia/Srednekolymsk": "Среднеколымск",
    "Asia/Kamchatka": "Петропавловск-Камчатский",
    "Asia/Anadyr": "Анадырь",
}


def say_zone(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """Return what the zone's time is called at an instant, without brackets.

    Only Moscow and Kyiv go by names everywhere; a zone without one is told by its distance from UTC, which is right
    whoever reads it. A Russian reads "МСК+2, Екатеринбург".
    """
    key = _ALIASES.get(zone.key, zone.key)
    if key in _NAMES[language]:
        return _NAMES[language][key]
    if language == "ru" and key in _RUSSIAN:
        ahead = _offset(instant, zone) - _offset(instant, ZoneInfo(_MOSCOW))
        return f"МСК{_signed(ahead)}, {_RUSSIAN[key]}" if ahead else f"МСК, {_RUSSIAN[key]}"
    return f"UTC{_signed(_offset(instant, zone))}"


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _signed(offset: timedelta) -> str:
    """Return +5, −3, +5:30; nothing for zero. A minus sign, not a hyphen: "UTC-3" reads like a name."""
    minutes = int(abs(offset) / timedelta(minutes=1))
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    return f"{'−' if offset < timedelta(0) else '+'}{hours}" + (f":{rest:02}" if rest else "")
