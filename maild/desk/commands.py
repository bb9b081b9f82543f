"""What an agent tells us to do with a ticket: lines that begin with "#" in the answer to a notification. Pure.

    #взять            #ждём согласования        #срок 27.11 18:00        #продлить 72ч

One table of verbs, Russian and English; the receipt's help and the documents come from it. A letter with a line that is
not understood does nothing at all. Nothing here looks at quotations: the caller hands in the agent's new words only.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from maild.sla.clock import Wait

_LINE = re.compile(r"[ \t]*#([ \t]*)([^\W\d_]\S*)(?:[ \t]+(\S.*?))?[ \t.!]*")
MAX_COMMANDS = 20
MAX_LINE = 500  # characters in which a command is looked for


@dataclass(frozen=True, kw_only=True)
class Command:
    """One line of an agent's, understood; `value` has the type that the verb's grammar gives."""

    verb: str
    line: str  # as written, for the receipt
    value: object = None


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """A line that begins like a command and is none."""

    line: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A word for an act, what may follow it, and how that is shown in help."""

    name: str
    words: tuple[str, ...]
    usage: str
    read: Callable[["Argument"], object]  # raises ValueError whose text completes "expected …"


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
        match = _LINE.fullmatch(line[:MAX_LINE])
        # "# systemctl restart" is what an agent tells a customer to type; "#закртыо" is a slip of the pen
        if match is None or (match[1] and _verb(match[2]) is None) or len(found) >= MAX_COMMANDS:
            rest.append(line)
        else:
            found.append(_parse(line.strip(), match[2], match[3] or "", now, zone))
    return tuple(found), "\n".join(rest).strip()


def _parse(line: str, word: str, argument: str, now: datetime, zone: tzinfo) -> Command | Unknown:
    verb = _verb(word)
    if verb is None:
        near = difflib.get_close_matches(_plain(word), _BY_WORD, n=1)
        return Unknown(line=line, remedy=_BY_WORD[near[0]].usage if near else "#помощь")
    try:
        return Command(verb=verb.name, line=line, value=verb.read(Argument(text=argument.strip(), now=now, zone=zone)))
    except ValueError as error:
        return Unknown(line=line, remedy=f"{verb.usage}: {error}")


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
        raise ValueError("1ч30м, 1,5 ч, 90 мин")
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
        if match[7] is None:
            return (date + timedelta(days=1)).astimezone(UTC)
        return date.replace(hour=int(match[7]), minute=int(match[8])).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("27.11 18:00, 27.11.2026, 2026-11-27 18:00") from None


def _nothing(argument: Argument) -> None:
    if argument.text:
        raise ValueError(f"ничего после команды, а не «{argument.text[:40]}»")


def _reason(argument: Argument) -> Wait:
    words = _plain(argument.text).split()
    for reason, stems in _REASONS.items():
        if any(word.startswith(stem) for word in words for stem in stems):
            return reason
    raise ValueError("клиента, согласования, третью сторону, релиза")


def _name(argument: Argument) -> str:
    if not argument.text:
        raise ValueError("название")
    return argument.text


def _duration(argument: Argument) -> timedelta:
    return read_duration(argument.text)


def _maybe_duration(argument: Argument) -> timedelta | None:
    return read_duration(argument.text) if argument.text else None


VERBS = (
    Verb(name="take", words=("взять", "беру", "взяти", "take"), usage="#взять", read=_nothing),
    Verb(
        name="wait",
        words=("ждем", "жду", "ждать", "чекаємо", "чекати", "wait", "waiting"),
        usage="#ждём клиента | согласования | третью сторону | релиза",
        read=_reason,
    ),
    Verb(name="resume", words=("продолжить", "продолжаем", "продовжити", "resume"), usage="#продолжить", read=_nothing),
    Verb(name="resolve", words=("решено", "вирішено", "resolve", "resolved"), usage="#решено", read=_nothing),
    Verb(name="due", words=("срок", "строк", "термін", "due"), usage="#срок 27.11 18:00", read=read_instant),
    Verb(
        name="extend",
        words=("продлить", "подовжити", "extend"),
        usage="#продлить 72ч (всего с получения; остальные слова письма увидит клиент)",
        read=_maybe_duration,
    ),
    Verb(name="category", words=("категория", "категорія", "category"), usage="#категория НАЗВАНИЕ", read=_name),
    Verb(name="severity", words=("важность", "критичность", "важливість", "severity"), usage="#важность НАЗВАНИЕ", read=_name),
    Verb(name="client", words=("клиент", "клієнт", "client"), usage="#клиент КЛЮЧ", read=_name),
    Verb(name="time", words=("время", "час", "time"), usage="#время 1ч30м", read=_duration),
    Verb(name="help", words=("помощь", "допомога", "help"), usage="#помощь", read=_nothing),
)  # fmt: skip
_BY_WORD: dict[str, Verb] = {word: verb for verb in VERBS for word in verb.words}
