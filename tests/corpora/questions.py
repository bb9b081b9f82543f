"""What is asked of each letter, as a table: what is expected, what was read, and when the two agree."""

import operator
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from maild.model import Kind
from tests.corpora.reading import Reading, find_unstorable
from tests.corpora.samples import Sample

ORDINARY = "ham"  # in the name of a source: all of it is mail of people and lists
OPENS_A_TICKET = frozenset({Kind.PERSON, Kind.NOTIFICATION, Kind.AUTO_GENERATED})  # as `rules.builtin` has it

Wanted = Callable[[Sample], object | None]
Got = Callable[[Reading], object]


@dataclass(frozen=True)
class Question:
    """One column of the table."""

    group: str
    title: str
    wanted: Wanted  # None: not asked of this letter
    got: Got
    fits: Callable[[Any, Any], bool] = operator.eq


def _known(key: str) -> Wanted:
    return lambda sample: sample.expected.get(key)


def _words_of(key: str) -> Wanted:
    return lambda sample: sample.expected[key].split() if isinstance(sample.expected.get(key), str) else None


def _of_class(name: str, wanted: object) -> Wanted:
    return lambda sample: wanted if sample.expected.get("class") == name else None


def _ordinary(sample: Sample) -> object | None:
    ordinary = sample.expected.get("class") == "message" or (
        ORDINARY in sample.source.split("-") and "class" not in sample.expected
    )
    return "person or list" if ordinary else None


def _bounced(sample: Sample) -> list[str] | None:
    told = sample.expected.get("bounced")
    return None if told is None else sorted(address.casefold() for address in told)


def _ids(key: str) -> Wanted:
    """In manifests an id stands with or without its angle brackets; several are a list, or one string."""

    def wanted(sample: Sample) -> object | None:
        told = sample.expected.get(key)
        if told is None:
            return None
        parts = told.split() if isinstance(told, str) else told
        return [part.strip().removeprefix("<").removesuffix(">") for part in parts]

    return wanted


def _kind(reading: Reading) -> str:
    return reading.classification.kind.value


def _failed(reading: Reading) -> list[str]:
    return sorted(address.casefold() for address in reading.report.recipients) if reading.report else []


def _author(field: str) -> Got:
    return lambda reading: getattr(reading.message.author, field) if reading.message.author else ""


def _none_lost(wanted: list[str], got: list[str]) -> bool:
    return not Counter(wanted) - Counter(got)


def _said_and_text(reading: Reading) -> tuple[str, str]:
    return reading.said.text, reading.message.text


def _is_part_of_it(_: object, got: tuple[str, str]) -> bool:
    """Whether the new words are lines of the letter in their order, and some of them where it has any."""
    said, text = ([line.split() for line in one.splitlines() if line.strip()] for one in got)
    lines: Iterator[list[str]] = iter(text)
    return bool(said) == bool(text) and all(line in lines for line in said)


def _attachment(field: str) -> Got:
    return lambda reading: next((getattr(one, field) for one in reading.message.attachments), "no attachment")


EVERY, _FIELDS, _MACHINES = "Every letter", "Fields, text and attachments", "Machines' mail"
_REPLY, _VALUES = "Reply text", "Header values"

QUESTIONS = (
    Question(
        EVERY, "storable text", lambda sample: "storable" if sample.kind != "vector" else None,
        lambda reading: find_unstorable(reading) or "storable",
    ),
    Question(_FIELDS, "from address", _known("from_addr"), _author("addr")),
    Question(_FIELDS, "from name", _known("from_name"), _author("name")),
    Question(_FIELDS, "subject", _known("subject"), lambda reading: reading.message.subject),
    Question(_FIELDS, "Message-ID", _ids("message_id"), lambda reading: [reading.message.message_id or ""]),
    Question(_FIELDS, "In-Reply-To", _ids("in_reply_to"), lambda reading: list(reading.message.in_reply_to)),
    Question(_FIELDS, "words of the text", _words_of("text"), lambda reading: reading.message.text.split()),
    Question(_FIELDS, "attachments", _known("attachment_count"), lambda reading: len(reading.message.attachments)),
    Question(_MACHINES, "report recognised", _of_class("bounce", Kind.DSN.value), _kind),
    Question(
        _MACHINES, "report opens no ticket", _of_class("bounce", "no ticket"), _kind,
        lambda _, kind: kind not in OPENS_A_TICKET,
    ),
    Question(
        _MACHINES, "failed addresses", _bounced, _failed, lambda wanted, got: set(wanted) <= set(got)
    ),
    Question(
        _MACHINES, "no other address", _bounced, _failed, lambda wanted, got: set(wanted) >= set(got)
    ),
    Question(_MACHINES, "auto-reply recognised", _of_class("auto-reply", Kind.AUTO_REPLY.value), _kind),
    Question(
        _MACHINES, "ordinary, not automatic", _ordinary, _kind, lambda _, kind: kind in OPENS_A_TICKET | {Kind.LIST}
    ),
    Question(  # stricter: a machine's own letter opens a ticket, too, but is not acknowledged
        _MACHINES, "ordinary, by a person", _ordinary, _kind, lambda _, kind: kind in (Kind.PERSON, Kind.LIST)
    ),
    Question(_REPLY, "no new word lost", _words_of("reply_text"), lambda reading: reading.said.text.split(), _none_lost),
    Question(_REPLY, "same words", _words_of("reply_text"), lambda reading: reading.said.text.split()),
    Question(
        _REPLY, "part of the letter", lambda sample: "lines of it" if sample.kind != "vector" else None,
        _said_and_text, _is_part_of_it,
    ),
    Question(
        _VALUES, "addresses", _known("vector_addresses"), lambda reading: [one.addr for one in reading.message.to]
    ),
    Question(_VALUES, "names", _known("vector_names"), lambda reading: [one.name for one in reading.message.to]),
    Question(_VALUES, "ids", _known("vector_ids"), lambda reading: list(reading.message.references)),
    Question(_VALUES, "words", _known("vector_words"), lambda reading: reading.message.subject.split()),
    Question(
        _VALUES, "date", _known("vector_date"),
        lambda reading: reading.message.date.isoformat() if reading.message.date else "no date",
    ),
    Question(_VALUES, "media type", _known("vector_type"), _attachment("media_type")),
    Question(_VALUES, "file name", _known("vector_name"), _attachment("name")),
)  # fmt: skip

# How the tables are laid out; the first three are known only once the reading has ended
COLUMNS = ("no exception", "under 2 s", "under 300 MB", *(question.title for question in QUESTIONS))
