"""A cell's text to a value, and back: what people write into lists of clients."""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from maild.model import Address
from maild.sla.target import Hours

MAX_TEXT = 300  # characters of a name, a number, a reason
_MAX_HOURS = timedelta(hours=24 * 31)  # of a month
_MAX_COUNT = 1_000_000
_FIRST_YEAR, _LAST_YEAR = 1991, 2199  # a typing error, not a contract

_DATE = re.compile(
    r"(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?:[ T]00:00(?::00)?)?(?: ?г\.?)?", re.ASCII
)
_CUT_NUMBER = re.compile(r"\d+(?:[.,]\d+)?[eE]\+\d+")
_MONTH = r"(?:янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_EXCEL_DATE = re.compile(
    rf"\d{{1,2}}[.\s-]{_MONTH}[а-я]{{0,2}}\.?(?:[.\s-]\d{{2,4}})?|{_MONTH}[а-я]{{0,2}}[.\s-]\d{{2}}"
)
_CLOCKED = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_QUANTITY = re.compile(r"(\d{1,9})(?:[.,](\d{1,9}))?", re.ASCII)
_HOUR_WORDS = re.compile(r"\s*(?:ч|час|часа|часов|год|h|hour|hours)\.?(?:\s*(?:/|в)\s*мес(?:яц|\.)?)?$", re.IGNORECASE)
_MONEY_WORDS = re.compile(r"\s*(?:₽|р|руб|рублей|rub|грн|₴)\.?$", re.IGNORECASE)
YES = frozenset("да yes true истина 1 + x х так y д".split())
NO = frozenset("нет no false ложь 0 - – — ні n н".split())
_HOURS = {
    Hours.WORKING: (
        "рабочие часы",
        "рабочее время",
        "в рабочие часы",
        "робочий час",
        "working",
        "working hours",
        "8x5",
        "5x8",
    ),
    Hours.ROUND_THE_CLOCK: (
        *("круглосуточно", "круглосуточная", "цілодобово", "round the clock", "round_the_clock"),
        *("24/7", "24x7", "24х7", "7x24"),
    ),
}
_HOURS_NAMED = {word: hours for hours, words in _HOURS.items() for word in words}


class BadCell(ValueError):  # noqa: N818 - what a cell holds; `sheet` knows where it stands
    """A cell that holds no such value. `found` is "" where the whole cell is meant."""

    def __init__(self, expected: str, remedy: str, found: str = "") -> None:
        super().__init__(expected)
        self.expected, self.remedy, self.found = expected, remedy, found


# ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def parse_text(text: str) -> str:
    """Return one line of printable text, its spaces made single."""
    line = " ".join(text.split())
    hidden = next((char for char in line if not char.isprintable() or char == "\ufffd"), None)
    if hidden:
        raise BadCell("letters that can be seen", "Type it anew.", f"the character U+{ord(hidden):04X} in {show(line)}")
    if len(line) > MAX_TEXT:
        raise BadCell(f"at most {MAX_TEXT} characters", "Shorten it.", f"{len(line)} characters")
    return line


def parse_number_text(text: str) -> str:
    """Return a number that is a name (of an agreement, a client), unless a spreadsheet has spoilt it on the way."""
    line = parse_text(text)
    if _CUT_NUMBER.fullmatch(line):
        raise BadCell("all digits of the number", "Format the column as text in Excel and write the number again.")
    if _EXCEL_DATE.fullmatch(line.casefold()):
        raise BadCell("a number; Excel has made a date of it", "Format the column as text and write the number again.")
    return line


def parse_key(text: str) -> str:
    """Return what a client is called in commands: short, without spaces."""
    key = parse_number_text(text)
    if not re.fullmatch(r"[\w][\w./@-]{0,63}", key):
        raise BadCell(
            "a short key without spaces, at most 64 letters, digits, . - _ / @",
            'Write a key such as "romashka"; the name has a column of its own.',
        )
    return key


def parse_texts(text: str, separators: str = ";\n") -> tuple[str, ...]:
    """Return several texts, separated by one of the characters, none of them twice."""
    parts = re.split(f"[{separators}]", text)
    return tuple(dict.fromkeys(line for part in parts if (line := parse_text(part))))


def parse_agreements(text: str) -> tuple[str, ...]:
    """Return numbers of agreements, several separated by semicolons or line ends."""
    return tuple(dict.fromkeys(line for part in re.split(r"[;\n]", text) if (line := parse_number_text(part))))


def parse_coupon(text: str) -> str:
    """Return a coupon's code as written: letters and digits in groups."""
    code = parse_number_text(text)
    if len(code) > 64 or not re.fullmatch(r"[^\W_]+(?:[ -][^\W_]+)*", code) or sum(map(str.isalnum, code)) < 4:
        raise BadCell('letters and digits, in groups, such as "7KQ4-MX2P-9TR5"', "Copy the coupon as it was issued.")
    return code


# ── addresses and domains ────────────────────────────────────────────────────────────────────────────────────────────


def parse_addresses(text: str) -> tuple[str, ...]:
    """Return mail addresses, separated by commas, semicolons, spaces or line ends, none of them twice."""
    found: dict[str, str] = {}
    for part in filter(None, re.split(r"[\s,;]+", text)):
        address = Address(addr=part.removeprefix("<").removesuffix(">"))
        if not address.sendable or "." not in address.domain:
            raise BadCell(
                "mail addresses alone, separated by commas",
                "Write it without a name; people have the column Контакт.",
                show(part),
            )
        found.setdefault(address.key, address.addr)
    return tuple(found.values())


def parse_domains(text: str) -> tuple[str, ...]:
    """Return domains in lower case, separated like addresses. Whether they are a public provider's is not known here."""
    found: dict[str, None] = {}
    for part in filter(None, re.split(r"[\s,;]+", text)):
        domain = part.removeprefix("@").rstrip(".").lower()
        if "." not in domain or not Address(addr=f"x@{domain}").sendable:
            raise BadCell(
                'domains such as "romashka.ru", separated by commas', "Write what stands behind the @.", show(part)
            )
        found[domain] = None
    return tuple(found)


# ── INN ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

_INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def parse_inn(text: str) -> tuple[str, bool]:
    """Return a taxpayer number of 10 or 12 digits, and whether a zero that a spreadsheet had dropped was put back."""
    digits = "".join(parse_number_text(text).split())
    if not re.fullmatch(r"[0-9]{9,12}", digits):
        raise BadCell("10 or 12 digits", "Copy the INN from the client's papers.")
    short = len(digits) in (9, 11)
    inn = digits.zfill(len(digits) + short)
    if not has_valid_inn_check(inn):
        raise BadCell(
            "an INN whose check digits are right", "Look for a typing error: one digit is wrong, or two are swapped."
        )
    return inn, short


def has_valid_inn_check(inn: str) -> bool:
    """Whether the last digit (of twelve: the last two) follows from the others (order of the ФНС ММВ-7-6/435@)."""
    return not inn.startswith("00") and all(
        int(inn[place])
        == sum(weight * int(digit) for weight, digit in zip(_INN_WEIGHTS[-place:], inn, strict=False)) % 11 % 10
        for place in ((9,) if len(inn) == 10 else (10, 11))
    )


# ── days, hours, money ───────────────────────────────────────────────────────────────────────────────────────────────


def parse_date(text: str) -> date:
    """Return a day written 31.12.2026 or 2026-12-31."""
    if match := _DATE.fullmatch(" ".join(text.split())):
        year, month, day = match[1] or match[6], match[2] or match[5], match[3] or match[4]
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            raise BadCell("a day that exists", "Look it up in the calendar.") from None
        if _FIRST_YEAR <= found.year <= _LAST_YEAR:
            return found
    raise BadCell("a day such as 31.12.2026", "Write day, month and all four digits of the year.")


def format_date(day: date) -> str:
    """Return a day the way it is written in Russia and Ukraine."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def parse_yes_no(text: str) -> bool:
    """Return whether a cell says yes."""
    word = parse_text(text).casefold()
    if word not in YES | NO:
        raise BadCell("да or нет", "Write one of the two, or nothing for нет.")
    return word in YES


def parse_suspended(text: str) -> str:
    """Return why a client is suspended, "" where it is not. A plain yes is a reason too."""
    word = parse_text(text).casefold()
    return "" if word in NO else "приостановлено" if word in YES else parse_text(text)


def parse_hours(text: str) -> Hours:
    """Return when somebody is served."""
    hours = _HOURS_NAMED.get(parse_text(text).casefold())
    if hours is None:
        raise BadCell("рабочие часы or круглосуточно", "Write one of the two.")
    return hours


def format_service_hours(hours: Hours) -> str:
    """Return it in words."""
    return _HOURS[hours][0]


def parse_package_hours(text: str) -> timedelta:
    """Return hours of a month, written 10, 10,5 or 10:30."""
    plain = _HOUR_WORDS.sub("", parse_text(text))
    if match := _CLOCKED.fullmatch(plain):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        spent = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    elif match := _QUANTITY.fullmatch(plain):
        spent = timedelta(seconds=round(Decimal(f"{match[1]}.{match[2] or 0}") * 3600))
    else:
        raise BadCell("hours such as 10, 10,5 or 10:30", "Write the number of hours in a month.")
    if not timedelta(0) < spent <= _MAX_HOURS:
        raise BadCell("more than none and no more than a month has", "Write the number of hours in a month.")
    return spent


def format_hours(spent: timedelta) -> str:
    """Return hours the way people write them: "10", "10:30"; with seconds where there are any."""
    minutes, seconds = divmod(spent // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    if seconds:
        return f"{hours}:{minutes:02}:{seconds:02}"
    return f"{hours}:{minutes:02}" if minutes else str(hours)


def parse_count(text: str) -> int:
    """Return how many requests a month."""
    plain = parse_text(text)
    if not re.fullmatch(r"[0-9]{1,7}", plain) or not 0 < int(plain) <= _MAX_COUNT:
        raise BadCell("a whole number", "Write how many requests a month are paid for.")
    return int(plain)


def parse_price(text: str) -> Decimal:
    """Return money: 1500, 1 500,00 ₽."""
    plain = "".join(_MONEY_WORDS.sub("", parse_text(text)).split())
    match = _QUANTITY.fullmatch(plain)
    if match is None or len((match[2] or "").rstrip("0")) > 2:
        raise BadCell("a price such as 1500 or 1500,50", "Write the amount alone.")
    return Decimal(f"{match[1]}.{match[2] or 0}")


# ── names of what is configured ──────────────────────────────────────────────────────────────────────────────────────


def parse_one_of(text: str, known: Mapping[str, str], what: str) -> str:
    """Return the id of something that is configured, called by its id or its title."""
    word = parse_text(text).casefold()
    by_name = {title.casefold(): id_ for id_, title in known.items() if title} | {id_.casefold(): id_ for id_ in known}
    if word in by_name:
        return by_name[word]
    raise BadCell(
        f"a {what} ({_some(known)})", suggest(word, by_name) or f"Add it to the configuration, or name another {what}."
    )


def parse_zone(text: str) -> ZoneInfo:
    """Return a time zone by its IANA name, in whatever case."""
    names = _zone_names()
    word = parse_text(text).casefold().replace(" ", "_")
    if word in names:
        return ZoneInfo(names[word])
    raise BadCell(
        'an IANA time zone such as "Europe/Moscow"', suggest(word, names) or "Leave it empty for the organisation's."
    )


@cache
def _zone_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def suggest(word: str, names: Mapping[str, str]) -> str:
    """Return a question that holds the name that was probably meant, "" where none comes near."""
    near = difflib.get_close_matches(word[:100], names, n=1, cutoff=0.6)
    return f'Did you mean "{names[near[0]]}"?' if near else ""


def show(text: str) -> str:
    """Return a cell's text for a problem: on one line, shortened, visible."""
    line = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in " ".join(text.split()))
    return f'"{line}"' if len(line) <= 60 else f'"{line[:59]}…"'


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return "none is configured" if not listed else ", ".join(listed[:10]) + (", …" if len(listed) > 10 else "")
