"""What an agent asks us about the desk, in a line of a letter: "очередь", "статус 12", "клиент Ромашка", "help". Pure.

One table of questions in Russian, Ukrainian and English; help comes from it. Where a letter goes to nobody else, the words
alone ask. In a ticket's letter, whose words are for the customer, they need a "#" before them, as commands do.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from maild.desk.arguments import plain
from maild.desk.commands import looks_like_command, plain_line
from maild.desk.verbs import find_verb
from maild.ingest.clients.contact import is_name, judge
from maild.ingest.clients.signature import find_closing_line

MAX_QUERIES = 5  # answered in one letter; beyond that it says how many are not
MAX_LINES = 20  # looked at: who asks does so at the top
MAX_LINE = 200  # characters
MAX_WORDS = 3  # of a line that may ask for a ticket by what is no number
_CLOSE = 0.8  # difflib's ratio from which on a word is taken for a misspelt one
_LINE = re.compile(r"(#?) ?([^\W\d_]+|\?)(?:[:,]?(?: (.+))?)")
_NUMBER = re.compile(r"(?:№|#|n|no\.?)? ?((?:[a-z][a-z0-9]*-)?[0-9]{1,12})", re.IGNORECASE)
_THINGS = frozenset(
    "обращения обращение заявки заявка тикеты тикет звернення заявок requests request tickets ticket".split()
)  # what may stand behind a word that needs nothing: "мои заявки"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What can be asked, by which words, what it needs, and how it is shown in help."""

    name: str
    words: tuple[str, ...]
    needs: Literal["", "ticket", "client"]
    usage: Mapping[str, str]  # by language


@dataclass(frozen=True, kw_only=True)
class Query:
    """A line that asks something."""

    name: str
    line: str  # as written, for the answer
    about: str = ""  # a ticket's number or a client, as written
    marked: bool = False  # with a "#": then it is meant, whatever it is about

    @property
    def is_meant(self) -> bool:
        """Whether it is a question, whoever is a client: "Клиент недоволен" is none unless somebody is called so."""
        return self.marked or self.name not in ("client", "usage")


@dataclass(frozen=True, kw_only=True)
class Unclear:
    """A line that seems to ask something and does not say what; `near` are the names of what it may have meant."""

    line: str
    near: tuple[str, ...] = ()
    is_meant = True  # nobody else is told such words


QUESTIONS = (
    Question(
        name="mine",
        words=("мои", "мое", "моя", "мої", "моє", "mine", "my"),
        needs="",
        usage={"ru": "мои", "uk": "мої", "en": "mine"},
    ),
    Question(
        name="queue",
        words=("очередь", "черга", "queue"),
        needs="",
        usage={"ru": "очередь", "uk": "черга", "en": "queue"},
    ),
    Question(
        name="backlog",
        words=("беклог", "бэклог", "доработки", "backlog"),
        needs="",
        usage={"ru": "беклог", "uk": "беклог", "en": "backlog"},
    ),
    Question(
        name="overdue",
        words=("просрочено", "просроченные", "просрочка", "прострочено", "прострочені", "overdue", "late"),
        needs="",
        usage={"ru": "просрочено", "uk": "прострочено", "en": "overdue"},
    ),
    Question(
        name="today",
        words=("сегодня", "сьогодні", "today"),
        needs="",
        usage={"ru": "сегодня", "uk": "сьогодні", "en": "today"},
    ),
    Question(
        name="status",
        words=("статус", "состояние", "стан", "status"),
        needs="ticket",
        usage={"ru": "статус НОМЕР", "uk": "статус НОМЕР", "en": "status NUMBER"},
    ),
    Question(
        name="client",
        words=("клиент", "клієнт", "client"),
        needs="client",
        usage={"ru": "клиент НАЗВАНИЕ", "uk": "клієнт НАЗВА", "en": "client NAME"},
    ),
    Question(
        name="usage",
        words=("расход", "использовано", "витрати", "використано", "usage"),
        needs="client",
        usage={"ru": "расход КЛИЕНТ", "uk": "витрати КЛІЄНТ", "en": "usage CLIENT"},
    ),
    Question(
        name="help",
        words=("помощь", "справка", "допомога", "довідка", "help", "?"),
        needs="",
        usage={"ru": "помощь", "uk": "допомога", "en": "help"},
    ),
)
_BY_WORD = {word: one for one in QUESTIONS for word in one.words}
_HELP = _BY_WORD["help"]
COMMANDS = frozenset({"client", "help"})  # in a ticket's letter these words are commands


def read_queries(subject: str, words: str) -> tuple[Query | Unclear, ...]:
    """Return what a letter asks that goes to nobody but us, in order; nothing where it is a letter like any other.

    `words` are its new ones. It asks by its subject, by its first lines, or by both; what stands below must be no prose,
    unless a "#" says that the lines are meant.
    """
    lines = [read for line in words.splitlines()[: MAX_LINES * 2] if (read := _plain_line(line))][:MAX_LINES]
    asked: list[Query | Unclear] = [one] if (one := _parse(_plain_line(subject))) else []
    while lines and (one := _parse(lines[0])):
        asked.append(one)
        del lines[0]
    if not asked and (orders := _orders(_plain_line(subject), lines)):
        return orders
    if not asked and not (lines and _plain_line(subject)):  # one of the two alone
        return _slip(lines or [_plain_line(subject)])
    marked = any(isinstance(one, Query) and one.marked for one in asked)
    if marked:
        asked += (Unclear(line=line, near=_near(line)) for line in lines if line.startswith("#"))
    return tuple(asked) if marked or _is_signature(lines) else ()


def take_queries(words: str) -> tuple[tuple[Query, ...], str]:
    """Return what a letter in a ticket asks us, and its words without that: each such line begins with "#"."""
    asked, rest = [], []
    for line in words.splitlines():
        read = _plain_line(line)
        one = _parse(read) if read.startswith("#") and read[1:2].strip() else None
        if one is None or one.name in COMMANDS:
            rest.append(line)
        else:
            asked.append(one)
    return tuple(asked), "\n".join(rest).strip() if asked else words


def usages(language: str) -> list[str]:
    """Return how everything is asked: "статус НОМЕР"."""
    return [one.usage[language] for one in QUESTIONS]


def marked_usages(language: str) -> list[str]:
    """Return how everything is asked in a ticket's letter, but for what is a command there: "#статус НОМЕР"."""
    return [f"#{one.usage[language]}" for one in QUESTIONS if one.name not in COMMANDS]


def usage_of(name: str, language: str) -> str:
    """Return how one thing is asked."""
    return next(one.usage[language] for one in QUESTIONS if one.name == name)


def _plain_line(line: str) -> str:
    """Return a line as commands are read, without the full stop that phones put behind it."""
    found = plain_line(line[:MAX_LINE])
    return found.rstrip(".! ") if len(line) <= MAX_LINE else found


def _parse(line: str) -> Query | None:
    match = _LINE.fullmatch(line)
    question = _BY_WORD.get(plain(match[2])) if match else None
    if match is None or question is None:
        return None
    about = (match[3] or "").strip()
    asked = Query(name=question.name, line=line, marked=bool(match[1]))
    if question.needs == "":
        return asked if not about or plain(about) in _THINGS else None
    if question.needs == "ticket":
        number = _NUMBER.fullmatch(about)
        return Query(**vars(asked) | {"about": number[1] if number else about}) if number or asked.marked else None
    return Query(**vars(asked) | {"about": about.strip("«»\"' ")}) if about or asked.marked else None


def _orders(subject: str, lines: list[str]) -> tuple[Query | Unclear, ...]:
    """Return what a letter says that has nothing but lines as commands are, and leads into no ticket: it cannot be obeyed.

    Below a subject that may be a request at least one of them must be a command.
    """
    end = next((n for n, line in enumerate(lines) if not looks_like_command(line)), len(lines))
    known = any(find_verb(line.lstrip("# ").partition(" ")[0]) for line in lines[:end])
    if end == 0 or (subject and not known) or not _is_signature(lines[end:]):
        return ()
    return tuple(_parse(line) or Unclear(line=line, near=_near(line)) for line in lines[:end])


def _is_signature(lines: list[str]) -> bool:
    """Whether nothing but a signature stands there: it begins with a closing or a name, as a request hardly does."""
    if lines and find_closing_line(lines[0]) is None and not is_name(lines[0]):
        return False
    return all(find_closing_line(line) is not None or judge(line) is not None for line in lines)


def _slip(lines: list[str]) -> tuple[Unclear, ...]:
    """Return the line that a letter consists of, if it is nearly something that can be asked: "очередъ", "статус ACME12"."""
    line = lines[0] if len(lines) == 1 else ""
    if line.startswith("#"):
        return (Unclear(line=line, near=_near(line)),)
    words = line.split()
    of_ticket = 1 < len(words) <= MAX_WORDS and _BY_WORD.get(plain(words[0]), _HELP).needs == "ticket"
    near = _near(line) if len(words) == 1 or of_ticket else ()
    return (Unclear(line=line, near=near),) if near else ()


def _near(line: str) -> tuple[str, ...]:
    word = plain(line.lstrip("# ").partition(" ")[0])
    found = difflib.get_close_matches(word, _BY_WORD, n=3, cutoff=_CLOSE)
    return tuple(dict.fromkeys(_BY_WORD[one].name for one in found))
