"""What an agent tells us to do with a ticket: lines that begin with "#" in the answer to a notification. Pure.

    #взять            #ждём согласования        #срок 27.11 18:00        #продлить 72ч

One table of verbs in Russian, Ukrainian and English; the receipt's help comes from it. A letter with a line that is not
understood does nothing at all. Nothing here looks at quotations: the caller hands in the agent's new words only.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from maild.sla.clock import Wait

# Of a line as `_plain_line` gives it. Before the "#" may stand a list's mark or another "#", but no quote's: those are not the agent's
_LINE = re.compile(r"([-–—*•·# ]*)#( ?)([^\W\d_]\S*)(?: (.*?))?[ .!]*")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")  # what editors of HTML leave between letters
MAX_COMMANDS = 20
MAX_AHEAD = timedelta(days=3650)  # a term further off is a slip of the pen: calendars look no further
MAX_LINE = 500  # characters in which a command is looked for


@dataclass(frozen=True, kw_only=True)
class Command:
    """One line of an agent's, understood; `value` has the type that the verb's grammar gives."""

    verb: str
    line: str  # as written, for the receipt
    value: object = None


class Slip(StrEnum):
    """Why a line that looks like a command is none; `wording` has the sentences."""

    UNKNOWN = "unknown"
    MISSPELT = "misspelt"
    ARGUMENT = "argument"
    ALONE = "alone"  # something stands behind a verb that stands alone
    TOO_MANY = "too-many"


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """A line that begins like a command and is none."""

    line: str
    slip: Slip
    verb: str = "help"  # whose usage helps


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A word for an act, what may follow it, and how that is shown in help."""

    name: str
    words: tuple[str, ...]
    usage: Mapping[str, str]  # by language: lines that can be typed
    read: Callable[["Argument"], object]  # raises ValueError


@dataclass(frozen=True, kw_only=True)
class Argument:
    """What stands behind a verb, and where and when "18:00" was written."""

    text: str
    now: datetime
    zone: tzinfo


def parse_commands(words: str, now: datetime, zone: tzinfo) -> tuple[tuple[Command | Unknown, ...], str]:
    """Return the commands of an agent's new words, in order, and the words without them.

    `now` and `zone` say what "27.11 18:00" means.
    """
    found: list[Command | Unknown] = []
    rest = []
    for line in words.splitlines():
        plain = _plain_line(line[:MAX_LINE])
        match = _LINE.fullmatch(plain)
        # "# systemctl restart" is what an agent tells a customer to type; "#закртыо" is a slip of the pen
        if match is None or ((match[1] or match[2]) and _verb(match[3]) is None):
            rest.append(line)
        elif len(found) < MAX_COMMANDS:
            found.append(_parse(plain, match[3], match[4] or "", now, zone))
        elif len(found) == MAX_COMMANDS:  # one more tells enough: none of them will be carried out
            found.append(Unknown(line=plain, slip=Slip.TOO_MANY))
    return tuple(found), "\n".join(rest).strip()


def _plain_line(line: str) -> str:
    """Return a line with plain single spaces and composed letters: phones and editors of HTML write others."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", line)).replace("＃", "#").split())


def _parse(line: str, word: str, argument: str, now: datetime, zone: tzinfo) -> Command | Unknown:
    verb = _verb(word)
    if verb is None:
        near = difflib.get_close_matches(_plain(word), _BY_WORD, n=1)
        return (
            Unknown(line=line, slip=Slip.MISSPELT, verb=_BY_WORD[near[0]].name)
            if near
            else Unknown(line=line, slip=Slip.UNKNOWN)
        )
    try:
        return Command(verb=verb.name, line=line, value=verb.read(Argument(text=argument.strip(), now=now, zone=zone)))
    except ValueError:
        slip = Slip.ALONE if verb.read is _nothing else Slip.ARGUMENT
        return Unknown(line=line, slip=slip, verb=verb.name)


def usage_of(verb: str, language: str) -> str:
    """Return how a verb is typed: "#срок 27.11 18:00"."""
    return next(one.usage[language] for one in VERBS if one.name == verb)


def _verb(word: str) -> Verb | None:
    return _BY_WORD.get(_plain(word).rstrip(":.,!"))


def _plain(word: str) -> str:
    return word.casefold().replace("ё", "е")


# ── what may follow a verb ───────────────────────────────────────────────────────────────────────────────────────────

_PART = re.compile(r"(\d{1,5})(?:[.,](\d{1,2}))?\s*([^\W\d_]{1,9})\.?[ ,]*")
_UNITS = {
    word: unit
    for unit, words in (
        (timedelta(days=1), "д дн день дня дней дні днів d day days"),
        (timedelta(hours=1), "ч час часа часов г год година години годин h hour hours"),
        (
            timedelta(minutes=1),
            "м мин минута минуту минуты минут хв хвилина хвилину хвилини хвилин m min mins minute minutes",
        ),
    )
    for word in words.split()
}
_DATE = re.compile(
    r"(?:до\s+|by\s+)?(?:(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?|(\d{4})-(\d{2})-(\d{2}))(?:,?\s+(?:[вat]+\s+)?(\d{1,2})[:.](\d{2}))?"
)
_REASONS = {
    Wait.CUSTOMER: ("клиент", "ответ", "кліент", "клієнт", "замовник", "customer", "client"),
    Wait.APPROVAL: ("соглас", "оплат", "погодж", "approval", "agreement", "payment"),
    Wait.THIRD_PARTY: ("трет", "подряд", "разработ", "поставщ", "провайд", "third", "vendor", "developer"),
    Wait.RELEASE: ("релиз", "обновл", "верси", "реліз", "оновл", "release", "update"),
}


def read_duration(text: str) -> timedelta:
    """Return "1ч30м", "1,5 ч", "90 мин", "2 hours" as a duration; anything else raises ValueError."""
    total, rest = timedelta(0), _plain(text)
    while (match := _PART.match(rest)) and match[3] in _UNITS:
        total += float(f"{match[1]}.{match[2] or 0}") * _UNITS[match[3]]
        rest = rest[match.end() :]
    if rest or not timedelta(0) < total <= timedelta(days=3650):
        raise ValueError(f"not a duration: {text!r}")
    return total


def read_instant(argument: Argument) -> datetime:
    """Return "27.11 18:00", "27.11.2026", "2026-11-27 18:00" as an instant; without a time the end of that day.

    Without a year it is the next such day. Anything else raises ValueError.
    """
    match = _DATE.fullmatch(_plain(argument.text))
    try:
        if match is None:
            raise ValueError
        today = argument.now.astimezone(argument.zone).date()
        year, month, day = match[3] or match[4], match[2] or match[5], match[1] or match[6]
        date = datetime(int(year or today.year), int(month), int(day), tzinfo=argument.zone)
        if not year and date.date() < today:
            date = date.replace(year=today.year + 1)
        if date.date() > today + MAX_AHEAD:
            raise ValueError
        if match[7] is None:
            return (date + timedelta(days=1)).astimezone(UTC)
        return date.replace(hour=int(match[7]), minute=int(match[8])).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"not an instant: {argument.text!r}") from None


def _nothing(argument: Argument) -> None:
    if argument.text:
        raise ValueError(f"not alone: {argument.text!r}")


def _reason(argument: Argument) -> Wait:
    words = _plain(argument.text).split()
    for reason, stems in _REASONS.items():
        if any(word.startswith(stem) for word in words for stem in stems):
            return reason
    raise ValueError(f"not a reason to wait: {argument.text!r}")


def _name(argument: Argument) -> str:
    if not argument.text:
        raise ValueError("no name")
    return argument.text


def _maybe_name(argument: Argument) -> str | None:
    return argument.text or None


def _duration(argument: Argument) -> timedelta:
    return read_duration(argument.text)


def _maybe_duration(argument: Argument) -> timedelta | None:
    return read_duration(argument.text) if argument.text else None


VERBS = (
    Verb(
        name="take",
        words=("взять", "беру", "взяти", "take"),
        usage={"ru": "#взять", "uk": "#взяти", "en": "#take"},
        read=_nothing,
    ),
    Verb(
        name="wait",
        words=("ждем", "жду", "ждать", "чекаємо", "чекати", "wait", "waiting"),
        usage={
            "ru": "#ждём клиента | согласования | третью сторону | релиза",
            "uk": "#чекаємо клієнта | погодження | третю сторону | реліз",
            "en": "#wait customer | approval | third party | release",
        },
        read=_reason,
    ),
    Verb(
        name="resume",
        words=("продолжить", "продолжаем", "продовжити", "resume"),
        usage={"ru": "#продолжить", "uk": "#продовжити", "en": "#resume"},
        read=_nothing,
    ),
    Verb(
        name="resolve",
        words=("решено", "вирішено", "resolve", "resolved"),
        usage={"ru": "#решено", "uk": "#вирішено", "en": "#resolved"},
        read=_nothing,
    ),
    Verb(
        name="due",
        words=("срок", "строк", "термін", "due"),
        usage={"ru": "#срок 27.11 18:00", "uk": "#строк 27.11 18:00", "en": "#due 2026-11-27 18:00"},
        read=read_instant,
    ),
    Verb(
        name="extend",
        words=("продлить", "подовжити", "extend"),
        usage={
            "ru": "#продлить 72ч (всего с получения; остальные слова письма увидит клиент)",
            "uk": "#подовжити 72г (усього від отримання; решту слів листа побачить клієнт)",
            "en": "#extend 72h (in total from receipt; the customer sees the other words of the letter)",
        },
        read=_maybe_duration,
    ),
    Verb(
        name="category",
        words=("категория", "категорія", "category"),
        usage={"ru": "#категория НАЗВАНИЕ", "uk": "#категорія НАЗВА", "en": "#category NAME"},
        read=_name,
    ),
    Verb(
        name="severity",
        words=("важность", "критичность", "важливість", "критичність", "severity"),
        usage={"ru": "#важность НАЗВАНИЕ", "uk": "#важливість НАЗВА", "en": "#severity NAME"},
        read=_name,
    ),
    Verb(
        name="client",
        words=("клиент", "клієнт", "client"),
        usage={"ru": "#клиент КЛЮЧ", "uk": "#клієнт КЛЮЧ", "en": "#client KEY"},
        read=_name,
    ),
    Verb(
        name="refuse",
        words=("отказать", "отказ", "відмовити", "відмова", "refuse"),
        usage={"ru": "#отказать [ОСНОВАНИЕ]", "uk": "#відмовити [ПІДСТАВА]", "en": "#refuse [GROUND]"},
        read=_maybe_name,
    ),
    Verb(
        name="postpone",
        words=("отложить", "відкласти", "postpone"),
        usage={"ru": "#отложить [ОСНОВАНИЕ]", "uk": "#відкласти [ПІДСТАВА]", "en": "#postpone [GROUND]"},
        read=_maybe_name,
    ),
    Verb(
        name="serve",
        words=("обслужить", "обслужити", "serve"),
        usage={"ru": "#обслужить", "uk": "#обслужити", "en": "#serve"},
        read=_nothing,
    ),
    Verb(
        name="offer",
        words=("предложить", "запропонувати", "offer"),
        usage={"ru": "#предложить УСЛУГА", "uk": "#запропонувати ПОСЛУГА", "en": "#offer WORK"},
        read=_name,
    ),
    Verb(
        name="faq",
        words=("faq", "статья", "стаття", "article"),
        usage={"ru": "#faq СТАТЬЯ", "uk": "#faq СТАТТЯ", "en": "#faq ENTRY"},
        read=_name,
    ),
    Verb(
        name="time",
        words=("время", "час", "time"),
        usage={"ru": "#время 1ч30м", "uk": "#час 1г30хв", "en": "#time 1h30m"},
        read=_duration,
    ),
    Verb(
        name="help",
        words=("помощь", "допомога", "help"),
        usage={"ru": "#помощь", "uk": "#допомога", "en": "#help"},
        read=_nothing,
    ),
)
_BY_WORD: dict[str, Verb] = {word: verb for verb in VERBS for word in verb.words}
