"""Date fields made well-formed (RFC 5322 §3.3) before mail-parser reads them. Imports nothing of ours.

Programs write dates in the language and form of their machine ("Чт, 12 ноя 2026", "12.11.2026 10:00", ISO 8601) and
zones by names that RFC 5322 does not know; read as UTC, an answer would come before its question.
"""

import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan янв січ gen ene janv janvier jän sty", "feb фев лют fév févr lut", "mar мар бер mär märz mars marz", "apr апр кві avr avril kwi abr",
            "may май мая тра mai mag maj", "jun июн чер juin giu cze", "jul июл лип juil juillet lug lip", "aug авг сер août aoû ago sie",
            "sep сен вер sept set wrz", "oct окт жов okt ott paź out", "nov ноя лис lis", "dec дек гру dez déc dic gru",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PROPER = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, ?)?\d{{1,2}} (?:{'|'.join(_ENGLISH)}) \d{{4}} \d\d:\d\d(?::\d\d)?"
    r" (?:[+-](?:0\d|1[0-4])[0-5]\d|GMT|UTC)(?: \(.{0,80}\))?"
)
_TIME = r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d{1,9})?)?"
_ZONE = r"[ ]{0,3}([AaPp]\.?[Mm]\b\.?)?[ ]{0,3}([^;(]{0,30})"
_SHAPES = (
    # (Чт,) 12 ноя(бря) 2026 (г.) (в) 10:00:00 …
    re.compile(rf"(?:[^\W\d]{{2,12}}\.?,?)?[ ]{{0,3}}(?P<d>\d{{1,2}})\.?[ -]{{1,3}}(?P<m>[^\W\d]{{3,10}})\.?,?[ -]{{1,3}}(?P<y>\d{{4}}|\d\d)(?: г\.?| р\.?)?,?(?: [ву])?[ ]{{1,3}}{_TIME}{_ZONE}"),
    # 2026-11-12T10:00:00.000+03:00
    re.compile(rf"(?P<y>\d{{4}})[-/.]?(?P<m>\d\d)[-/.]?(?P<d>\d\d)[T ]{_TIME}{_ZONE}"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)T(\d\d)(\d\d)(\d\d)()(Z?)"),
    # 12.11.2026 (в) 10:00
    re.compile(rf"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}})(?: г\.?)?,?(?: в)?[ ]{{1,3}}{_TIME}{_ZONE}"),
)  # fmt: skip
_OFFSET = re.compile(r"(?:GMT|UTC|UT|Z)?[ ]?([+-])(\d{1,2}):?(\d\d)?")
# Names that mean one thing in mail; the American ones are RFC 5322's, whose readers know them
_ZONES = {
    "msk": "+0300", "msd": "+0400", "eet": "+0200", "eest": "+0300", "cet": "+0100", "cest": "+0200", "met": "+0100", "mest": "+0200",
    "wet": "+0000", "west": "+0100", "bst": "+0100", "samt": "+0400", "yekt": "+0500", "omst": "+0600", "novt": "+0700", "krat": "+0700",
    "irkt": "+0800", "yakt": "+0900", "vlat": "+1000", "magt": "+1100", "pett": "+1200", "almt": "+0500", "jst": "+0900",
    "мск": "+0300", "z": "+0000", "ut": "+0000", "utc": "+0000", "gmt": "+0000",
}  # fmt: skip


def mended_date(value: str) -> str:
    """Return a date as RFC 5322 wants it wherever it is plain which one is meant, anything else as it is."""
    if _PROPER.fullmatch(value):
        return value
    for shape in _SHAPES:
        match = shape.match(value)
        if match is None:
            continue
        day, month, year = match["d"], match["m"], match["y"]
        number = int(month) if month.isdigit() else _month(month)
        hour, minute, second, half, zone = match.groups()[-5:]
        offset = _offset(zone or "")
        if not 1 <= number <= 12 or offset is None:
            return value
        hours = int(hour) % 12 + 12 * (half[0] in "Pp") if half and int(hour) <= 12 else int(hour)
        full_year = year if len(year) == 4 else f"{'19' if int(year) >= 70 else '20'}{year}"
        return f"{day} {_ENGLISH[number - 1]} {full_year} {hours:02}:{minute}:{second or '00'} {offset}"
    return value


def _month(name: str) -> int:
    """Return the number of a month by the beginning of its name in one of our users' languages, 0 for no month."""
    small = name.lower()
    return next((_MONTHS[small[:length]] for length in (8, 7, 5, 4, 3) if small[:length] in _MONTHS), 0)


def _offset(zone: str) -> str | None:
    """Return a zone as +0300; "+0000" where there is none, None for a name that only mail-parser may know."""
    zone = zone.strip()
    if match := _OFFSET.match(zone):
        return f"{match[1]}{int(match[2]):02}{match[3] or '00'}"
    name = zone.partition(" ")[0].lower()
    return _ZONES.get(name) if name else "+0000"
