"""A calendar invitation (RFC 5545, RFC 5546) in words: what, when, where, who. Imports nothing of ours.

Only for letters that have no other words: the invitation itself stays an attachment.
"""

import re
from collections.abc import Iterator
from datetime import datetime

MAX_LINES = 5_000  # lines of a calendar read; a year's series with its exceptions has a few hundred
MAX_ATTENDEES = 50  # people named; the others are counted
MAX_LINE = 5_000  # characters of one property shown

_PROPERTY = re.compile(r'([A-Za-z0-9-]+)((?:;(?:[^":;]|"[^"]*"){0,2000}+){0,50}+):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^;]*)')
_ESCAPE = re.compile(r"\\([\\;,nN])")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_CYRILLIC = re.compile("[\u0400-\u04ff]")

_WORDS = {
    "ru": {"REQUEST": "Приглашение", "CANCEL": "Отмена встречи", "REPLY": "Ответ на приглашение", "COUNTER": "Другое предложение",
           "when": "Когда", "where": "Где", "organizer": "Организатор", "attendees": "Участники", "more": "и ещё", "repeats": "Повтор"},
    "en": {"REQUEST": "Invitation", "CANCEL": "Meeting cancelled", "REPLY": "Answer to an invitation", "COUNTER": "Another proposal",
           "when": "When", "where": "Where", "organizer": "Organizer", "attendees": "Attendees", "more": "and more:", "repeats": "Repeats"},
}  # fmt: skip
_ANSWERS = {"ACCEPTED": "✓", "DECLINED": "✗", "TENTATIVE": "?"}  # before an attendee's name

Property = tuple[dict[str, str], str]  # parameters, raw value


def summarize(calendar: str) -> str:
    """Return the first event of a calendar as a few lines of text, in its own language; "" where it has none."""
    method, event = _first_event(calendar)
    if not event:
        return ""
    title, note, place = (_text(event, name) for name in ("SUMMARY", "DESCRIPTION", "LOCATION"))
    words = _WORDS["ru" if _CYRILLIC.search(title + note + place) else "en"]
    lines = [f"{words.get(method, words['REQUEST'])}: {title}".removesuffix(": ")]
    when = " – ".join(filter(None, (_when(event, "DTSTART"), _when(event, "DTEND"))))
    people = [_person(one) for one in event.get("ATTENDEE", [])]
    shown = ", ".join(people[:MAX_ATTENDEES])
    if len(people) > MAX_ATTENDEES:
        shown += f" {words['more']} {len(people) - MAX_ATTENDEES}"
    organizer = ", ".join(_person(one) for one in event.get("ORGANIZER", [])[:1])
    for name, value in (("when", when), ("where", place), ("organizer", organizer), ("attendees", shown)):
        if value:
            lines.append(f"{words[name]}: {value}")
    if note:
        lines += ["", note]
    return "\n".join(lines)


def _first_event(calendar: str) -> tuple[str, dict[str, list[Property]]]:
    method = ""
    event: dict[str, list[Property]] = {}
    inside: list[str] = []
    for line in _unfolded(calendar):
        match = _PROPERTY.fullmatch(line[:MAX_LINE])
        if match is None:
            continue
        name, value = match[1].upper(), match[3]
        if name == "BEGIN":
            inside.append(value.strip().upper())
        elif name == "END":
            if inside and inside.pop() in ("VEVENT", "VTODO"):
                break
        elif name == "METHOD":
            method = value.strip().upper()
        elif inside and inside[-1] in ("VEVENT", "VTODO"):  # not the alarms in it, nor the time zones before
            parameters = {key.upper(): given.strip('"') for key, given in _PARAMETER.findall(match[2])}
            event.setdefault(name, []).append((parameters, value))
    return method, event


def _unfolded(calendar: str) -> Iterator[str]:
    """Yield the content lines (§3.1): a line that begins with a blank continues the one before."""
    gathered: list[str] = []
    for line in calendar.split("\n", MAX_LINES)[:MAX_LINES]:
        if line[:1] in (" ", "\t") and gathered:
            gathered.append(line[1:].rstrip("\r"))
            continue
        if gathered:
            yield "".join(gathered)
        gathered = [line.rstrip("\r")]
    yield "".join(gathered)


def _text(event: dict[str, list[Property]], name: str) -> str:
    value = event[name][0][1] if name in event else ""
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()


def _when(event: dict[str, list[Property]], name: str) -> str:
    """Return a date or a time as 12.11.2026 10:00 with its zone, as written where it is neither (§3.3.5)."""
    if name not in event:
        return ""
    parameters, value = event[name][0]
    match = _STAMP.fullmatch(value.strip())
    if match is None:
        return value.strip()
    year, month, day, hour, minute, utc = match.groups()
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))
    except ValueError:
        return value.strip()
    zone = "UTC" if utc else parameters.get("TZID", "")
    return f"{at:%d.%m.%Y %H:%M} {zone}".strip() if hour else f"{at:%d.%m.%Y}"


def _person(one: Property) -> str:
    parameters, value = one
    addr = re.sub(r"^mailto:", "", value.strip(), flags=re.IGNORECASE)
    name = parameters.get("CN", "").strip()
    answer = _ANSWERS.get(parameters.get("PARTSTAT", "").upper(), "")
    return f"{answer} {f'{name} <{addr}>' if name and name != addr else addr}".strip()
