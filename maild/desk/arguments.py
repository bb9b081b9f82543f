"""What may stand behind a verb: one reader for each kind of argument. Pure.

A reader takes an Argument and returns what it means, of the type that the verb's act expects; or it raises ValueError,
and nothing is done.
"""

import contextlib
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from maild.desk.dates import MAX_AHEAD, find_day, find_instant
from maild.sla.clock import Wait

MAX_UNTIL = 5  # words that an instant takes: "до пятницы 27.11 в 18:00"


@dataclass(frozen=True, kw_only=True)
class Argument:
    """What stands behind a verb, and where and when "18:00" was written."""

    text: str
    now: datetime
    zone: tzinfo


def plain(word: str) -> str:
    """Return a word as it is compared: small letters, and "ё" written as "е", as most people do."""
    return word.casefold().replace("ё", "е")


_PART = re.compile(r"(?:(\d{1,5})(?:[.,](\d{1,2}))? ?)?([^\W\d_]{1,9})\.?[ ,]*")
_UNITS = {
    word: unit
    for unit, words in (
        (timedelta(weeks=1), "нед неделя неделю недели недель тиждень тижні тижнів w week weeks"),
        (timedelta(days=1), "д дн день дня дней дні днів d day days"),
        (timedelta(hours=1), "ч час часа часов г год година годину години годин h hr hour hours"),
        (
            timedelta(minutes=1),
            "м мин минута минуту минуты минут хв хвилина хвилину хвилини хвилин m min mins minute minutes",
        ),
    )
    for word in words.split()
}
_HALVES = {
    "полчаса": "30 мин", "пол часа": "30 мин", "півгодини": "30 мин", "пів години": "30 мин", "half an hour": "30 min",
    "полтора часа": "90 мин", "півтори години": "90 мин", "an hour and a half": "90 min", "полтора дня": "36 ч", "пол дня": "12 ч",
}  # fmt: skip
_NUMBERS = {
    word: str(n)
    for n, words in enumerate(
        (
            "", "один одну одна a an one", "два две дві two", "три three", "четыре чотири four", "пять п'ять five",
            "шесть шість six", "семь сім seven", "восемь вісім eight", "девять дев'ять nine", "десять ten",
        )
    )
    for word in words.split()
}  # fmt: skip
_REASONS = (
    # what is waited for stands before who brings it about: "оплаты клиентом"
    (Wait.APPROVAL, ("соглас", "оплат", "погодж", "approval", "agreement", "payment")),
    (Wait.CUSTOMER, ("клиент", "кліент", "клієнт", "замовник", "customer", "client")),
    (Wait.THIRD_PARTY, ("трет", "подряд", "разработ", "поставщ", "провайд", "third", "vendor", "developer")),
    (Wait.RELEASE, ("релиз", "обновл", "верси", "реліз", "оновл", "release", "update")),
    (Wait.CUSTOMER, ("ответ",)),  # whose it is stands before all else: "ответа поставщика"
)


def read_duration(argument: Argument) -> timedelta:
    """Return "1ч30м", "1,5 ч", "полтора часа", "два часа 15 минут", "2 hours" as a duration; anything else raises ValueError."""
    words = plain(argument.text)
    words = " ".join(
        _NUMBERS.get(word, word) for word in _HALVES.get(words, words).split() if word not in ("и", "і", "and")
    )
    total, rest = timedelta(0), words
    while (match := _PART.match(rest)) and match[3] in _UNITS and (match[1] or not total):
        total += float(f"{match[1] or 1}.{match[2] or 0}") * _UNITS[match[3]]
        rest = rest[match.end() :]
    if rest or not timedelta(0) < total <= MAX_AHEAD:
        raise ValueError(f"not a duration: {argument.text!r}")
    return total


def read_instant(argument: Argument) -> datetime:
    """Return "27.11 18:00", "до пятницы", "завтра утром" as an instant; without a time the end of that day.

    Anything else raises ValueError.
    """
    found = find_instant(argument.text, argument.now, argument.zone)
    if found is None:
        raise ValueError(f"not an instant: {argument.text!r}")
    return found


_SINCE = re.compile(r"(?:с|со|з|із|від|from|since) +", re.IGNORECASE)
_HALF_A_YEAR = timedelta(days=183)
_YEAR = re.compile(r"\d{4}|\.\d{1,2}\.\d{2}$")  # stands in the phrase


def read_since(argument: Argument) -> date:
    """Return the day of "с 30.11": without a year the nearest of that name, past or to come. Anything else raises ValueError."""
    text = _SINCE.sub("", argument.text, count=1) if _SINCE.match(argument.text) else argument.text
    found = find_day(text, argument.now, argument.zone)
    if found is None:
        raise ValueError(f"not a day: {argument.text!r}")
    today = argument.now.astimezone(argument.zone).date()
    if found - today > _HALF_A_YEAR and not _YEAR.search(text.rstrip()):
        with contextlib.suppress(ValueError):  # 29 February
            return found.replace(year=found.year - 1)
    return found


def read_until(argument: Argument) -> tuple[datetime, str]:
    """Return an instant, or how long from now, and the words behind it; anything else raises ValueError."""
    parts = argument.text.split()
    for n in range(min(len(parts), MAX_UNTIL), 0, -1):
        beginning, words = replace(argument, text=" ".join(parts[:n]).rstrip(",:;")), " ".join(parts[n:])
        for read in (read_instant, _from_now):
            with contextlib.suppress(ValueError):
                return read(beginning), words
    raise ValueError(f"no instant: {argument.text!r}")


def _from_now(argument: Argument) -> datetime:
    text = re.sub(r"^(?:через|за|in) ", "", argument.text, flags=re.IGNORECASE)
    return argument.now + read_duration(replace(argument, text=text))


def read_instant_alone(argument: Argument) -> datetime:
    """Return an instant, or how long from now; anything else, and words behind it, raise ValueError."""
    instant, words = read_until(argument)
    if words:
        raise ValueError(f"words behind an instant: {words!r}")
    return instant


def read_nothing(argument: Argument) -> None:
    """Refuse anything at all."""
    if argument.text:
        raise ValueError(f"not alone: {argument.text!r}")


def read_to_customer(argument: Argument) -> None:
    """Refuse anything but that it goes to the customer."""
    if plain(argument.text).rstrip(".!") not in (
        "",
        "клиенту",
        "клієнту",
        "клієнтові",
        "to the customer",
        "to customer",
    ):
        raise ValueError(f"not to the customer: {argument.text!r}")


def read_wait(argument: Argument) -> Wait:
    """Return what is waited for; it is enough that one word speaks of it."""
    words = plain(argument.text).split()
    for reason, stems in _REASONS:
        if any(word.startswith(stem) for word in words for stem in stems):
            return reason
    raise ValueError(f"not a reason to wait: {argument.text!r}")


def read_name(argument: Argument) -> str:
    """Return a name, which is looked up later."""
    if not argument.text:
        raise ValueError("no name")
    return argument.text


_NUMBER = re.compile(r"(?:(?:с|со|з|із|в|with|into) +)?(?:№ *|#)?((?:[A-Z0-9]{1,20}-)?[0-9]{1,12})", re.IGNORECASE)


def read_number(argument: Argument) -> str:
    """Return a ticket's number, "ACME-12" or "12"; anything else raises ValueError."""
    match = _NUMBER.fullmatch(argument.text.rstrip(".,;! "))
    if match is None:
        raise ValueError(f"not a number of a ticket: {argument.text!r}")
    return match[1].upper()


PART = re.compile(r"(?:№ ?|#)?([1-9][0-9]?)[.)]?")


def read_part(argument: Argument) -> int | str:
    """Return which of a letter's requests is meant, where only a number says so, else the words; no word at all raises ValueError."""
    match = PART.fullmatch(argument.text)
    if match is None and not re.search(r"[^\W\d_]", argument.text):
        raise ValueError(f"no request: {argument.text!r}")
    return int(match[1]) if match else read_name(argument)


def read_optional_name(argument: Argument) -> str | None:
    """Return a name, or None where none is given."""
    return argument.text or None


def read_optional_duration(argument: Argument) -> timedelta | None:
    """Return a duration, or None where none is given."""
    return read_duration(argument) if argument.text else None
