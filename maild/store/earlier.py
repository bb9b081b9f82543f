"""Letters of a ticket that go on to somebody else by an agent's command: their words, and themselves from where they are kept."""

from collections.abc import Collection
from dataclasses import replace
from functools import cache

from sqlalchemy import ColumnElement, Connection, select, update

from maild.desk.case import EarlierLetter
from maild.desk.files import FilesPolicy, look_at_files
from maild.errors import LetterLost
from maild.ingest.parse import attachment_reader, parse
from maild.model import Address, Direction, Message
from maild.store import letters
from maild.store.blobs import Blobs
from maild.store.schema import letter, message
from maild.tokens import holds_token

MAX_LETTERS = 20  # of one ticket: the first, and the latest


def read_earlier(
    connection: Connection,
    said: tuple[ColumnElement[bool], ...],
    blobs: Blobs | None,
    files: FilesPolicy,
    made: Collection[int] = (),
) -> tuple[EarlierLetter, ...]:
    """Return the letters in which the words were said for which the conditions hold, oldest first.

    Of a letter whose octets are not here any more only the words are left; and of those that only made the request (`made`,
    their ids): what else stands in them is an agent's. `files` says which files are taken.
    """
    query = (
        select(
            message.c.ticket_id,
            message.c.letter_id,
            message.c.author,
            message.c.author_name,
            message.c.text,
            letter.c.received_at,
        )
        .join(letter, letter.c.id == message.c.letter_id)
        .where(*said)
        .order_by(message.c.id)
    )
    rows = connection.execute(query).all()
    rows = rows if len(rows) <= MAX_LETTERS else [*rows[:1], *rows[1 - MAX_LETTERS :]]
    return tuple(
        _whole(
            EarlierLetter(
                ticket_id=row.ticket_id, letter_id=row.letter_id, author=Address(name=row.author_name, addr=row.author), text=row.text,
                at=row.received_at, message=Message(text=row.text), read=_nothing,
            ),
            connection, None if row.letter_id in made else blobs, files,
        )
        for row in rows
    )  # fmt: skip


def _whole(one: EarlierLetter, connection: Connection, blobs: Blobs | None, files: FilesPolicy) -> EarlierLetter:
    try:
        stored = letters.load(connection, one.letter_id, blobs) if blobs else None
    except LetterLost:
        stored = None
    if stored is None:
        return one
    raw = stored.raw
    whole = parse(raw.octets, envelope_sender=raw.envelope_sender, envelope_recipient=raw.envelope_recipient)
    read = cache(attachment_reader(raw.octets))
    seen = look_at_files(whole.attachments, read, files)
    return replace(
        one,
        message=whole,
        cut=raw.truncated,
        untaken=frozenset(file.attachment.index for file in seen if file.untaken),
        with_tokens=frozenset(file.index for file in whole.attachments if holds_token(read(file.index))),
        read=read,
    )


def _nothing(_index: int) -> bytes:
    raise LookupError("the letter is not here any more")


def release(connection: Connection, letter_id: int, by: int) -> None:
    """Note that the customer has a unit's words with the letter `by`: neither they nor what the unit said there before go once more.

    "There" is the ticket in which they stand: the one that it was merged into has words of its own that wait.
    """
    there = select(message.c.ticket_id).where(message.c.letter_id == letter_id, message.c.direction == Direction.UNIT)
    theirs = (
        message.c.ticket_id.in_(there),
        message.c.direction == Direction.UNIT,
        message.c.released_by.is_(None),
    )
    connection.execute(update(message).where(*theirs, message.c.letter_id <= letter_id).values(released_by=by))
