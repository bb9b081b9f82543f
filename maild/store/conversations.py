"""What has been said in a ticket, as one view of the database: what agents' orders and the letters to agents rest on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from maild.desk.case import EarlierLetter, EarlierWords, Heard
from maild.desk.files import FilesPolicy
from maild.ingest.parse import parse
from maild.model import Address, Direction, OutboxState, Purpose, Ticket
from maild.store.blobs import Blobs
from maild.store.earlier import read_earlier
from maild.store.schema import event, letter, message, outbox
from maild.store.told import reaches

Conditions = tuple[ColumnElement[bool], ...]
MAX_LETTERS = 50  # the latest in which the words of others than our people are looked for …
MAX_WORDS = 100_000  # … and characters of each
MAX_HEARD = 100  # letters of a customer in which the words of a further request are looked for
MAX_PAST = 6  # entries of a ticket's history that a notification may show in short …
MAX_BEGUN = 600  # … and characters of each that are looked at


class Conversations:
    """What was said, as far as it is seen: everything here."""

    def __init__(self, connection: Connection, enrolled: Connection | None = None, blobs: Blobs | None = None) -> None:
        self.connection = connection
        self.blobs = blobs  # where letters are read that go on to somebody else; None: only their words are known
        self.enrolled = enrolled or connection  # where clients and coupons are looked up

    def seen_letters(self) -> Conditions:
        """What must hold of a letter."""
        return ()

    def seen_outgoing(self) -> Conditions:
        """What must hold of a letter in the outbox."""
        return ()

    def seen_tickets(self) -> Conditions:
        """What must hold of a ticket."""
        return ()

    def until(self) -> datetime | None:
        """Before when coupons were guessed."""
        return None

    def words_said(self, ticket_id: int, *directions: Direction) -> str:
        """Return the words of a ticket that went these ways, the latest first, up to a bound."""
        query = (
            select(func.substr(message.c.text, 1, MAX_WORDS))
            .join(letter, letter.c.id == message.c.letter_id)
            .where(*said_in([ticket_id], *directions), *self.seen_letters())
            .order_by(message.c.id.desc())
            .limit(MAX_LETTERS)
        )
        return "\n".join(self.connection.execute(query).scalars())

    def customers_letters(self, ticket_id: int, files: FilesPolicy) -> tuple[EarlierLetter, ...]:
        """Return the letters in which a ticket's customer has written."""
        said = (*said_in([ticket_id], Direction.IN), *self.seen_letters())
        split = select(event.c.letter_id).where(event.c.ticket_id == ticket_id, event.c.kind == "split")
        made = frozenset(self.connection.execute(split).scalars())  # by an agent, out of another request
        return read_earlier(self.connection, said, self.blobs, files, made)

    def units_letters(self, tickets: Collection[int], files: FilesPolicy) -> tuple[EarlierLetter, ...]:
        """Return the letters in which a unit outside has written what the customer has not had yet."""
        said = (*said_in(tickets, Direction.UNIT), message.c.released_by.is_(None), *self.seen_letters())
        return read_earlier(self.connection, said, self.blobs, files)

    def passed_on(self, tickets: Collection[int]) -> str:
        """Return the text of all that units outside have been sent of tickets."""
        query = select(outbox.c.octets).where(outbox.c.ticket_id.in_(tickets), outbox.c.purpose == Purpose.PASSING)
        octets = self.connection.execute(query.where(*self.seen_outgoing()).order_by(outbox.c.id)).scalars()
        return "\n".join(parse(bytes(one)).text for one in octets)

    def latest_words(self, ticket_id: int) -> str:
        """Return what the customer wrote last in a ticket."""
        query = (
            select(message.c.text)
            .join(letter, letter.c.id == message.c.letter_id)
            .where(*said_in([ticket_id], Direction.IN), *self.seen_letters())
            .order_by(message.c.id.desc())
            .limit(1)
        )
        return self.connection.execute(query).scalar() or ""

    def work_of(self, ticket_id: int) -> str | None:
        """Return what is to be done in a request that is a work which came round; None: it is none."""
        query = select(event.c.detail).where(event.c.ticket_id == ticket_id, event.c.kind == "to do")
        return self.connection.execute(query.order_by(event.c.id).limit(1)).scalar()

    def heard(self, ticket_id: int) -> tuple[Heard, ...]:
        """Return what a ticket's customer wrote, oldest first: the first letters of them, up to a bound."""
        query = (
            select(letter.c.id, letter.c.received_at, message.c.text)
            .join(letter, letter.c.id == message.c.letter_id)
            .where(*said_in([ticket_id], Direction.IN), *self.seen_letters())
            .order_by(message.c.id)
            .limit(MAX_HEARD)
        )
        return tuple(
            Heard(letter_id=row.id, at=row.received_at, text=row.text) for row in self.connection.execute(query)
        )

    def has_written_to(self, one: Ticket) -> bool:
        """Whether a ticket's requester has had a letter of ours in it, or is about to."""
        theirs = (outbox.c.ticket_id == one.id, outbox.c.recipient_key == one.requester.key)
        never = (OutboxState.FAILED, OutboxState.WITHDRAWN)
        query = (
            select(outbox.c.id).where(*theirs, outbox.c.state.not_in(never), reaches(), *self.seen_outgoing()).limit(1)
        )
        return self.connection.execute(query).first() is not None

    def past_of(self, ticket_id: int) -> tuple[EarlierWords, ...]:
        """Return the latest words of a ticket, oldest first, of each its beginning."""
        begun = func.substr(message.c.text, 1, MAX_BEGUN).label("text")
        query = (
            select(message.c.direction, message.c.author, message.c.author_name, begun, message.c.at)
            .join(letter, letter.c.id == message.c.letter_id)
            .where(message.c.ticket_id == ticket_id, *self.seen_letters())
            .order_by(message.c.id.desc())
            .limit(MAX_PAST)
        )
        return tuple(
            EarlierWords(
                direction=Direction(row.direction),
                author=Address(name=row.author_name, addr=row.author),
                text=row.text,
                at=row.at,
            )
            for row in reversed(self.connection.execute(query).all())
        )


def said_in(ids: Collection[int], *directions: Direction) -> Conditions:
    """The conditions that words stand in the history of one of these tickets and went one of these ways."""
    return (message.c.ticket_id.in_(ids), message.c.direction.in_(directions))
