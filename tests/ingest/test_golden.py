"""Every golden letter is still understood as its neighbour file says; a bug from the field arrives as a new pair.

The pairs are `tests/mail/<room>/NNNN-lesson.eml` beside `NNNN-lesson.expected.txt`, the decision printed.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from maild.ingest.classify import OwnMail, classify
from maild.ingest.clients.form_words import Slot
from maild.ingest.clients.forms import Form
from maild.ingest.dsn import parse_delivery_report
from maild.ingest.parse import parse, read_attachment
from maild.ingest.reply import read_reply
from maild.ingest.unwrap import unwrap
from maild.model import Message

MAIL = Path(__file__).parents[1] / "mail"
OWN = OwnMail(addresses=frozenset({"support@acme.example", "help@acme.example"}), loop_id="acme-7f3c")
NOTIFIERS = frozenset({"alarm@monitor.example", "@bank.example"})

STAFF = frozenset({"ivanov@acme.example", "petrova@acme.example"})
FORMS = (
    Form(name="own", senders=frozenset({"support@acme.example"}), subject="Сообщение с сайта"),
    Form(name="orders", senders=frozenset({"shop@acme.example"}), subject="Новый заказ*сайте"),
    Form(
        name="strict",
        senders=frozenset({"forms@acme.example"}),
        envelope=frozenset({"@acme.example"}),
        labels={Slot.EMAIL: ("Контакт",), Slot.MESSAGE: ("Суть",), Slot.OTHER: ("Договор",)},
    ),
    Form(name="site", senders=frozenset({"noreply@acme.example"})),
)


def print_parse(message: Message) -> Iterator[str]:
    yield f"author: {message.author}"
    if message.reply_to:
        yield f"reply-to: {', '.join(map(str, message.reply_to))}"
    yield f"to: {', '.join(map(str, message.to))}"
    if message.cc:
        yield f"cc: {', '.join(map(str, message.cc))}"
    if message.delivered_to:
        yield f"delivered-to: {', '.join(message.delivered_to)}"
    yield f"envelope sender: {message.envelope_sender!r}"
    yield f"subject: {message.subject}"
    yield f"date: {message.date.isoformat() if message.date else None}"
    yield f"message-id: {message.message_id}"
    yield f"in-reply-to: {' '.join(message.in_reply_to)}"
    yield f"references: {' '.join(message.references)}"
    for part in message.attachments:
        inline = " inline" if part.inline else ""
        yield f"attachment {part.index}: {part.name} ({part.media_type}, {part.size}){inline}"
    yield from (f"defect: {defect}" for defect in message.defects)
    yield from ("", message.text)


def print_classify(message: Message) -> Iterator[str]:
    found = classify(message, OWN, notifiers=NOTIFIERS)
    yield from (found.kind.value, *(f"- {evidence}" for evidence in found.evidence))


def print_dsn(message: Message) -> Iterator[str]:
    yield f"kind: {classify(message, OWN).kind.value}"
    report = parse_delivery_report(message)
    if report is None:
        yield "no delivery report"
        return
    yield f"action: {report.action}"
    yield f"recipients: {', '.join(report.recipients)}"
    yield f"status: {report.status}"
    yield f"diagnostic: {report.diagnostic}"
    yield f"original: {report.original_message_id}"


def print_reply(message: Message) -> Iterator[str]:
    reply = read_reply(message)
    yield reply.finding().verdict
    yield from (f"- {evidence}" for evidence in reply.evidence)
    yield from ("", reply.text)


def print_unwrap(octets: bytes) -> Iterator[str]:
    found = unwrap(parse(octets), forms=FORMS, staff=STAFF, own=OWN, read_attachment=partial(read_attachment, octets))
    yield found.finding().verdict
    yield from (f"- {evidence}" for evidence in found.evidence)
    yield f"author: {found.author}"
    yield f"subject: {found.subject}"
    if found.message_id:
        yield f"message-id: {found.message_id}"
    yield from (f"attachment {'/'.join(map(str, found.path))}/{a.index}: {a.name}" for a in found.attachments)
    yield from (f"field {label!r}: {value!r}" for label, value in found.fields)
    if found.note:
        yield from ("", "for agents only:", *(f"| {line}" for line in found.note.split("\n")))
    yield from ("", found.text)


ROOMS: dict[str, Callable[[Message], Iterator[str]]] = {
    "parse": print_parse,
    "classify": print_classify,
    "dsn": print_dsn,
    "reply": print_reply,
}


def printed(letter: Path) -> str:
    """What the room that a letter lies in makes of it."""
    room, octets = letter.parent.name, letter.read_bytes()
    lines = print_unwrap(octets) if room == "unwrap" else ROOMS[room](parse(octets))
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


ALL_ROOMS = (*ROOMS, "unwrap")  # whose printer reads attached letters, too
LETTERS = sorted(letter for room in ALL_ROOMS for letter in (MAIL / room).glob("*.eml"))


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: f"{letter.parent.name}/{letter.stem}")
def test_letter_is_understood_as_before(letter: Path) -> None:
    """The decision printed is the one agreed on."""
    assert letter.with_suffix(".expected.txt").read_text(encoding="utf-8") == printed(letter)


def test_every_room_has_letters() -> None:
    """The pairs are found where they lie, and none is half a pair."""
    assert {letter.parent.name for letter in LETTERS} == set(ALL_ROOMS)
    texts = {
        path.name.removesuffix(".expected.txt") for room in ALL_ROOMS for path in (MAIL / room).glob("*.expected.txt")
    }
    assert texts == {letter.stem for letter in LETTERS}
