"""When a person means by "до пятницы 18:00", "завтра утром", "через 3 дня", "15 декабря". Pure.

A day in words is `dateparser`'s business; it is too eager to be asked about anything else, though: it reads "мая" as a day
and "15.12" as a time. So every word must be one that stands in such a phrase, and the time of day is read here. Whatever is
left over makes the phrase no date. The reader of a receipt sees what was understood.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MAX_AHEAD = timedelta(days=3650)  # what lies further off, or back, is a slip of the pen: calendars look no further
MAX_PHRASE = 60  # characters

_NUMERIC = re.compile(r"(?:(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?|(\d{4})-(\d{1,2})-(\d{1,2}))")
_CLOCK = re.compile(
    r"(?:^|(?<= ))(?:(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"|(?:(?:в|к|о|об|до|at|by) )?(?P<twelve>\d{1,2}) ?(?P<half>am|pm|утра|дня|вечера|ранку|вечора)"
    r"|(?:в|к|о|об|at) (?P<alone>\d{1,2}))$"
)
_PARTS = {
    time(10): "утро утром утра вранці зранку ранку ранок morning",
    time(12): "полдень полудня полудню полудне полудень опівдні noon midday",
    time(14): "днем вдень afternoon",
    time(18): "вечер вечером вечера ввечері увечері вечора вечір evening",
}
_TIMES = {word: at for at, words in _PARTS.items() for word in words.split()}
_BEFORE = frozenset("до к ко в во на у о об по by on at until till the of in".split())  # which change nothing
_DAYS = {
    form: first
    for forms in (
        "сегодня", "завтра", "послезавтра", "сьогодні", "післязавтра", "today", "tomorrow", "tomorrow's",
        "понедельник понедельника понедельнику пн", "вторник вторника вторнику вт", "среда среды среду среде ср",
        "четверг четверга четвергу чт", "пятница пятницы пятницу пятнице пт", "суббота субботы субботу субботе сб",
        "воскресенье воскресенья воскресенью вс", "понеділок понеділка", "вівторок вівторка", "середа середи середу",
        "четвер четверга", "п'ятниця п'ятниці п'ятницю", "субота суботи суботу", "неділя неділі неділю",
        "monday mon", "tuesday tue", "wednesday wed", "thursday thu", "friday fri", "saturday sat", "sunday sun",
    )
    for first in (forms.split()[0],)
    for form in forms.split()
}  # fmt: skip
_MONTH = (
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|січ|лют|берез|квіт|трав|черв|лип|серп|верес|жовт|листоп|груд"
    r"|jan|feb|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\W\d_]{0,7}"
)
_DATED = re.compile(rf"(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})(?:,? (?P<year>\d{{4}})(?: (?:года|року|г|р))?)?")
_NUMBER = r"(?:\d{1,4}|один|одну|два|две|дві|три|четыре|чотири|пять|шесть|семь|восемь|девять|десять|a|an|one|two|three|four|five|six|seven|eight|nine|ten)"
_SPAN = re.compile(
    rf"(?:через|in) (?:{_NUMBER} )?(?:(?P<exact>час|часа|часов|годину|години|годин|минуту|минуты|минут|мин|хвилину|хвилини"
    r"|хвилин|хв|hours?|minutes?|min)|день|дня|дней|дні|днів|неделю|недели|недель|тиждень|тижні|тижнів|месяц|месяца|месяцев"
    r"|місяць|місяці|місяців|days?|weeks?|months?)"
)
_ALIASES = {"тиждень": "1 тиждень", "місяць": "1 місяць", "годину": "1 годину", "хв": "хвилин"}  # after "через", alone


def find_instant(phrase: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the instant that a phrase names; without a time of day the end of that day. None where it names none.

    Without a year, and for a weekday, it is the next such day; a weekday's own name is never today. Only a year makes it past.
    """
    named = _named(phrase, now, zone)
    if named is None or isinstance(named, datetime):
        return named
    return datetime.combine(named + timedelta(days=1), time(0), zone).astimezone(UTC)


def find_day(phrase: str, now: datetime, zone: tzinfo) -> date | None:
    """Return the day that a phrase names without a time of day; None where it names none, or an instant."""
    named = _named(phrase, now, zone)
    return None if isinstance(named, datetime) else named


def _named(phrase: str, now: datetime, zone: tzinfo) -> datetime | date | None:
    """Return the instant that a phrase names, in UTC, or the day where it tells no time."""
    words = " ".join(phrase[: MAX_PHRASE + 1].casefold().replace("ё", "е").replace("’", "'").replace("ʼ", "'").split())
    local = now.astimezone(zone)
    if len(words) > MAX_PHRASE:
        return None
    try:
        span = _SPAN.fullmatch(words)
        if span and span["exact"]:
            return _parsed(words, local).astimezone(UTC)
        words, at = _time_of_day(words)
        day = _day(words, local, at)
        if day is None or abs(day - local.date()) > MAX_AHEAD:
            return None
        return day if at is None else datetime.combine(day, at, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _time_of_day(words: str) -> tuple[str, time | None]:
    """Return the phrase without the time at its end, and the time. Raises ValueError for an hour that no day has."""
    if _SPAN.fullmatch(words):
        return words, None  # "через 3 дня" is no time in the afternoon
    before, _, last = words.rpartition(" ")
    if last in _TIMES and not before.rpartition(" ")[2].isdigit():
        return before, _TIMES[last]
    match = None if _NUMERIC.fullmatch(words.rpartition(" ")[2]) and "." in last else _CLOCK.search(words)
    if match is None:
        return words, None
    before = words[: match.start()].strip()
    if match["twelve"]:
        hour, late = int(match["twelve"]), match["half"] in ("pm", "дня", "вечера", "вечора")
        if not 1 <= hour <= 12:
            raise ValueError(f"no hour of half a day: {hour}")
        return before, time(hour % 12 + 12 * late)
    return before, time(int(match["hour"] or match["alone"]), int(match["minute"] or 0))


def _day(words: str, now: datetime, at: time | None) -> date | None:
    """Return the day that the rest of a phrase names; nothing is left where a time stands alone: it is the next such time."""
    tokens = words.rstrip(",").split(" ")
    while tokens and tokens[0] in _BEFORE and not _SPAN.fullmatch(" ".join(tokens)):
        tokens.pop(0)
    while tokens and tokens[-1] in _BEFORE:
        tokens.pop()
    rest = " ".join(tokens).rstrip(",")
    if not rest or rest == ",":
        return None if at is None else now.date() + timedelta(days=at <= now.time())
    if numeric := _NUMERIC.fullmatch(rest):
        return _numeric(numeric, now.date())
    if rest in _DAYS:
        return _parsed(_DAYS[rest], now).date()
    if _SPAN.fullmatch(rest):
        return _parsed(rest, now).date()
    dated = _DATED.fullmatch(rest)
    return _next(_parsed(rest, now).date(), now.date(), year=bool(dated["year"])) if dated else None


def _numeric(match: re.Match[str], today: date) -> date:
    year = match[3] or match[4]
    full = int(year) + 2000 * (len(year) == 2) if year else today.year
    return _next(date(full, int(match[2] or match[5]), int(match[1] or match[6])), today, year=bool(year))


def _next(day: date, today: date, *, year: bool) -> date:
    """Return the day, or the next one of that name where nobody has named a year."""
    if year:
        return day
    here = [day.replace(year=one) for one in (today.year, today.year + 1) if (day.month, day.day) != (2, 29)]
    return next((one for one in here if one >= today), day)


def _parsed(phrase: str, now: datetime) -> datetime:
    """Return what dateparser takes a phrase for, in the zone of `now`. Raises ValueError where it does not understand it."""
    from dateparser.date import DateDataParser  # noqa: PLC0415 - it takes a second to load, and is seldom needed

    first, _, rest = phrase.partition(" ")
    phrase = f"{first} {_ALIASES.get(rest, rest)}".strip()
    settings = {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": now.replace(tzinfo=None), "DATE_ORDER": "DMY"}
    parser = DateDataParser(languages=["ru", "uk", "en"], settings=settings)
    found: datetime | None = parser.get_date_data(phrase).date_obj
    if found is None:
        raise ValueError(f"not a date: {phrase!r}")
    return found.replace(tzinfo=now.tzinfo)
