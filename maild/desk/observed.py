"""What an organisation that only observes has seen in a while, and what it would have sent: values, and in words. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maild.model import TO_OUR_OWN, OutcomeKind, Purpose
from maild.wording import say_duration, say_instant

MAX_LINES = 30  # of one kind in a letter; `maild observed` shows all
MAX_WORDS = 160  # characters of a letter that are shown

_Saying = Callable[[datetime], str]  # an instant, in words


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request that was opened."""

    number: str
    subject: str
    requester: str
    client: str  # name; "": none
    standing: str  # contracts.recognition.Standing
    due_at: datetime | None  # the next term that runs; None: none does


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """A letter that was written and not sent."""

    outbox: int  # its number there
    at: datetime
    purpose: Purpose
    to: str
    subject: str
    number: str  # of its ticket; "": it is about none
    words: str  # how it begins


@dataclass(frozen=True, kw_only=True)
class Rung:
    """A term of which somebody would have been reminded, or that has passed."""

    number: str
    subject: str
    until: str  # sla.target.Moment
    kind: str  # sla.reminders.Reminder.kind: "before", "term", "after"
    term: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A letter to a customer that one of our people has sent from the mailbox."""

    number: str
    subject: str
    who: str
    at: datetime
    took: timedelta  # since the request came
    due_at: datetime | None  # the term that it met; None: there was none, or an answer before had met it
    late: bool


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Everything that happened while an organisation observed, from `since` until `until`."""

    organization: str  # its id
    began: datetime
    since: datetime
    until: datetime
    outcomes: dict[OutcomeKind, int]  # of letters that came, not of those our people have sent
    ignored: dict[str, int]  # how many of them by what rule of ours
    requests: tuple[Request, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    rung: tuple[Rung, ...] = ()
    answers: tuple[Answered, ...] = ()
    unplaced: int = 0  # letters of our people that belong to no request
    quarantined: tuple[int, ...] = ()  # letters
    knows_clients: bool = False  # the register has some: somebody unknown is worth a look
    unused: tuple[str, ...] = ()  # rules of the admin's that no letter has met since it began

    @property
    def to_customers(self) -> tuple[Withheld, ...]:
        """What would have gone to people outside."""
        return tuple(one for one in self.withheld if one.purpose not in TO_OUR_OWN)

    @property
    def to_staff(self) -> tuple[Withheld, ...]:
        """What would have gone to agents."""
        return tuple(one for one in self.withheld if one.purpose in TO_OUR_OWN and one.purpose is not Purpose.ADMIN)

    @property
    def alarms(self) -> tuple[str, ...]:
        """Of what troubles of maild's own the admin would have been told at once."""
        return tuple(one.subject for one in self.withheld if one.purpose is Purpose.ADMIN)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Who has asked and is no client that the register knows, each once."""
        strangers = (one.requester for one in self.requests if one.standing not in ("", "served"))
        return tuple(dict.fromkeys(strangers)) if self.knows_clients else ()


def beginning(text: str) -> str:
    """Return how a letter of ours begins, on one line, without what stands below its words."""
    said = " ".join(text.partition("\n-- \n")[0].split())
    return f"{said[:MAX_WORDS].rstrip()}…" if len(said) > MAX_WORDS else said


def say_observed(seen: Observed, zone: ZoneInfo, language: str, *, most: int = MAX_LINES) -> dict[str, object]:
    """Return the words of the daily letter, no more than `most` of each kind."""

    def when(instant: datetime) -> str:
        return say_instant(instant, zone, language, seen.until)

    customers, staff = seen.to_customers, _alike(seen.to_staff)
    return {
        "began": when(seen.began),
        "since": when(seen.since),
        "until": when(seen.until),
        "letters": sum(seen.outcomes.values()),
        "counts": {kind.value: seen.outcomes.get(kind, 0) for kind in OutcomeKind},
        "ignored": [{"rule": rule, "count": count} for rule, count in seen.ignored.items()],
        "requests": [_request(one, when) for one in seen.requests[:most]],
        "customers": [_letter(one) for one in customers[:most]],
        "staff": staff[:most],
        "rung": [
            {"number": one.number, "subject": one.subject, "what": one.until, "kind": one.kind, "term": when(one.term)}
            for one in seen.rung[:most]
        ],
        "answers": [_answer(one, when, language) for one in seen.answers[:most]],
        "more": {
            "requests": max(len(seen.requests) - most, 0),
            "customers": max(len(customers) - most, 0),
            "staff": max(len(staff) - most, 0),
            "rung": max(len(seen.rung) - most, 0),
            "answers": max(len(seen.answers) - most, 0),
        },
        "total": {"customers": len(customers), "staff": len(seen.to_staff)},
        "unplaced": seen.unplaced,
        "quarantined": list(seen.quarantined[:most]),
        "alarms": list(dict.fromkeys(seen.alarms))[:most],
        "unused": list(seen.unused[:most]),
        "unknown": list(seen.unknown[:most]),
    }


def _alike(letters: Sequence[Withheld]) -> list[dict[str, object]]:
    """Return what agents would have had, once what was written alike to several, and how often it was to one of them."""
    found: dict[tuple[Purpose, str, str], Counter[str]] = {}
    for one in letters:
        found.setdefault((one.purpose, one.subject, one.number), Counter())[one.to] += 1
    return [
        {
            "purpose": purpose.value,
            "to": ", ".join(people),
            "subject": subject,
            "number": number,
            "count": max(people.values()),
        }
        for (purpose, subject, number), people in found.items()
    ]


def _request(one: Request, when: _Saying) -> dict[str, object]:
    who = one.client or one.requester
    return {"number": one.number, "subject": one.subject, "who": who, "due": when(one.due_at) if one.due_at else ""}


def _letter(one: Withheld) -> dict[str, object]:
    facts = {"purpose": one.purpose.value, "to": one.to, "subject": one.subject, "number": one.number}
    return {**facts, "words": one.words}


def _answer(one: Answered, when: _Saying, language: str) -> dict[str, object]:
    return {
        "number": one.number,
        "subject": one.subject,
        "who": one.who,
        "took": say_duration(one.took, language, accusative=True) if one.took > timedelta(minutes=1) else "",
        "due": when(one.due_at) if one.due_at else "",
        "late": one.late,
    }


def unused_rules(rules: Iterable[str], matched: Iterable[str]) -> tuple[str, ...]:
    """Return the rules that no letter has met, in the order of the file."""
    met = set(matched)
    return tuple(rule for rule in rules if rule not in met)
