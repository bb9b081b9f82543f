"""What is known of a person in one organisation: their own data, and nothing of others'."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from maild.model import Direction, OutboxState
from maild.store.extents import Extent, chunks, find_extent
from maild.store.redaction import without_addresses
from maild.store.register import all_clients
from maild.store.schema import (
    contact,
    event,
    letter,
    message,
    metadata,
    outbox,
    participant,
    suggestion,
    ticket,
    verdict,
)
from maild.store.views import HistoryLine

TO_THEM = (Direction.IN, Direction.OUT)  # what stays among agents is not theirs to read


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request in which they have a part: of others' only that they have, and their own words."""

    number: str
    role: str  # "requester", or as which participant
    subject: str  # "": it is another's
    status: str
    received_at: datetime
    history: Sequence[HistoryLine]


@dataclass(frozen=True, kw_only=True)
class StoredLetter:
    """A letter of theirs, or one of ours to them."""

    id: int
    at: datetime
    what: str  # its outcome, or what ours was about
    number: str  # of the request; "": of none
    sha256: str | None = None  # of theirs


@dataclass(frozen=True, kw_only=True)
class Vote:
    """What they have said of our work."""

    number: str
    at: datetime
    value: str


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """News that they want, or wanted."""

    address: str
    since: datetime | None  # None: asked, and has not answered
    until: datetime | None  # None: still


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """All of it."""

    organization: str
    addresses: tuple[str, ...]
    aliases: tuple[str, ...]  # other addresses of the same contacts, which were not asked about
    names: tuple[str, ...]
    clients: tuple[str, ...]  # keys of those whose contacts they are
    first_seen_at: datetime | None
    requests: Sequence[Request]
    letters: Sequence[StoredLetter]
    sent: Sequence[StoredLetter]  # by us, to them
    votes: Sequence[Vote]
    answers_shown: int  # of the FAQ, in requests of theirs
    subscriptions: Sequence[Subscription] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody here knows them."""
        return not (
            self.subscriptions or self.requests or self.letters or self.sent or self.clients or self.first_seen_at
        )


def find_aliases(connection: Connection, organization: str, people: Collection[str]) -> tuple[str, ...]:
    """Return the other addresses of the contacts who have one of these."""
    keys = {one.strip().casefold() for one in people}
    found: set[str] = set()
    for one, _ in all_clients(connection, organization):
        for person in one.contacts:
            theirs = {address.strip().casefold() for address in person.addresses}
            found |= theirs if theirs & keys else set()
    return tuple(sorted(found - keys))


def find_dossier(
    connection: Connection, organization: str, people: Collection[str], more_letters: Collection[int] = ()
) -> Dossier:
    """Return what is known of somebody by their addresses; `more_letters` of theirs that lead to no request."""
    extent = find_extent(connection, organization, people)
    keys = extent.people
    seen = select(func.min(contact.c.first_seen_at)).where(
        contact.c.organization == organization, contact.c.address_key.in_(keys)
    )
    shown = sum(
        int(connection.execute(select(func.count()).where(suggestion.c.ticket_id.in_(some))).scalar_one())
        for some in chunks(extent.own)
    )
    return Dossier(
        organization=organization, addresses=keys, aliases=find_aliases(connection, organization, keys),
        names=tuple(sorted(extent.names)), clients=(*extent.configured, *extent.imported),
        first_seen_at=connection.execute(seen).scalar(), requests=_requests(connection, extent),
        letters=_letters(connection, extent, more_letters), sent=_sent(connection, extent),
        votes=_votes(connection, extent), answers_shown=shown, subscriptions=_subscriptions(connection, extent),
    )  # fmt: skip


def _requests(connection: Connection, extent: Extent) -> list[Request]:
    found = []
    for some in chunks(extent.own | extent.shared):
        for row in connection.execute(select(ticket).where(ticket.c.id.in_(some)).order_by(ticket.c.id)):
            own = row.id in extent.own
            found.append(
                Request(
                    number=row.number, role="requester" if own else _role(connection, row.id, extent.people),
                    subject=row.subject if own else "", status=row.status, received_at=row.received_at,
                    history=_history(connection, row.id, extent, own=own),
                )
            )  # fmt: skip
    return found


def _role(connection: Connection, ticket_id: int, keys: Sequence[str]) -> str:
    of = (participant.c.ticket_id == ticket_id, participant.c.address_key.in_(keys))
    return connection.execute(select(participant.c.role).where(*of)).scalar() or "author"


def _history(connection: Connection, ticket_id: int, extent: Extent, *, own: bool) -> list[HistoryLine]:
    """Return their words and, in a request of theirs, our answers and what happened; addresses are left out of ours."""
    words = select(message).where(message.c.ticket_id == ticket_id, message.c.direction.in_(TO_THEM))
    lines = [
        HistoryLine(
            at=row.at, kind=row.direction, who=row.author_name, letter_id=row.letter_id,
            text=row.text if row.author.casefold() in extent.people else without_addresses(row.text),
        )
        for row in connection.execute(words.order_by(message.c.id))
        if row.author.casefold() in extent.people or (own and row.direction == Direction.OUT)
    ]  # fmt: skip
    if own:
        happened = select(event).where(event.c.ticket_id == ticket_id).order_by(event.c.id)
        lines += [
            HistoryLine(at=row.at, kind=row.kind, who="", text=without_addresses(row.detail), letter_id=row.letter_id)
            for row in connection.execute(happened)
            if row.kind == "status"
        ]
    return sorted(lines, key=lambda line: line.at)


def _letters(connection: Connection, extent: Extent, more: Collection[int]) -> list[StoredLetter]:
    """Return the letters that they have written themselves."""
    columns = (letter.c.id, letter.c.received_at, letter.c.outcome, letter.c.sha256, letter.c.author_key)
    found = []
    for some in chunks(extent.letters | set(more)):
        query = select(*columns, letter.c.envelope_sender, ticket.c.number).outerjoin(
            ticket, ticket.c.id == letter.c.ticket_id
        )
        by_them = set(
            connection.execute(
                select(message.c.letter_id).where(
                    message.c.letter_id.in_(some), func.lower(message.c.author).in_(extent.people)
                )
            ).scalars()
        )
        for row in connection.execute(query.where(letter.c.id.in_(some)).order_by(letter.c.id)):
            wrote = {*(row.author_key or "").split(), (row.envelope_sender or "").casefold()} & set(extent.people)
            if wrote or row.id in by_them or row.id in more:
                found.append(
                    StoredLetter(
                        id=row.id, at=row.received_at, what=row.outcome, number=row.number or "", sha256=row.sha256
                    )
                )
    return found


def _sent(connection: Connection, extent: Extent) -> list[StoredLetter]:
    columns = (outbox.c.id, outbox.c.queued_at, outbox.c.purpose, ticket.c.number)
    found = []
    for some in chunks(extent.outgoing):
        query = select(*columns).outerjoin(ticket, ticket.c.id == outbox.c.ticket_id)
        theirs = (outbox.c.id.in_(some), outbox.c.recipient_key.in_(extent.people))
        query = query.where(*theirs, outbox.c.state == OutboxState.SENT).order_by(outbox.c.id)
        found += [
            StoredLetter(id=row.id, at=row.queued_at, what=row.purpose, number=row.number or "")
            for row in connection.execute(query)
        ]
    return found


def _votes(connection: Connection, extent: Extent) -> list[Vote]:
    columns = (ticket.c.number, verdict.c.at, verdict.c.value)
    query = select(*columns).join(ticket, ticket.c.id == verdict.c.ticket_id)
    theirs = (ticket.c.organization == extent.organization, func.lower(verdict.c.author).in_(extent.people))
    rows = connection.execute(query.where(*theirs).order_by(verdict.c.id))
    return [Vote(number=row.number, at=row.at, value=row.value) for row in rows]


def _subscriptions(connection: Connection, extent: Extent) -> list[Subscription]:
    subscriber = metadata.tables.get("subscriber")
    if subscriber is None:
        return []
    theirs = (subscriber.c.organization == extent.organization, subscriber.c.address_key.in_(extent.people))
    rows = connection.execute(select(subscriber).where(*theirs).order_by(subscriber.c.id))
    return [Subscription(address=row.addr, since=row.since, until=row.until) for row in rows]
