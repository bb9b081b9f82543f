"""What an erasure has to reach: whose requests, whose letters, and where else a person is mentioned."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, text, union

from maild.errors import LetterLost
from maild.ingest.parse import parse
from maild.model import Direction, OutboxState, Role
from maild.store.blobs import Blobs
from maild.store.personal import is_pseudonym
from maild.store.redaction import Redactor
from maild.store.register import all_clients
from maild.store.schema import OPEN, client, contact, letter, message, outbox, participant, ticket, verdict

CHUNK = 500  # values in one IN list
UNSENT = (OutboxState.QUEUED, OutboxState.SENDING)
_CODED = (b"base64", b"quoted-printable")  # transfer encodings behind which an address is not to be seen


@dataclass(frozen=True, kw_only=True)
class Extent:
    """What is to be erased. Ids, all of one organisation."""

    organization: str
    people: tuple[str, ...] = ()  # addresses, casefolded
    names: frozenset[str] = frozenset()
    own: frozenset[int] = frozenset()  # requests of theirs: every word in them goes
    shared: frozenset[int] = frozenset()  # requests of others in which they have a part
    letters: frozenset[int] = frozenset()  # of theirs, or in requests of theirs
    mentioning: frozenset[int] = frozenset()  # of others: the octets go, the words stay without them
    outgoing: frozenset[int] = frozenset()  # of ours to them, or about requests of theirs
    telling: frozenset[int] = frozenset()  # of ours to others
    everywhere: bool = True  # whether all other rows are searched for the addresses, too
    open_numbers: tuple[str, ...] = ()  # requests of theirs that are not over
    contacts: int = 0
    configured: tuple[str, ...] = ()  # clients of the configuration whose contacts they are
    imported: tuple[str, ...] = ()  # likewise of the register alone
    written: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class Mentions:
    """What was found in letters up to some ids; those that came later are still to be read."""

    theirs: frozenset[int] = frozenset()  # letters
    others: frozenset[int] = frozenset()
    telling: frozenset[int] = frozenset()  # of ours
    letter: int = 0  # the last that was read
    outgoing: int = 0


NOTHING_READ = Mentions()


def find_extent(connection: Connection, organization: str, people: Collection[str]) -> Extent:
    """Return what is known of people by their addresses without a look into letters' octets."""
    keys = sorted({one.strip().casefold() for one in people})
    own = _ids(connection, select(ticket.c.id).where(_here(organization), func.lower(ticket.c.requester).in_(keys)))
    taking_part = union(
        select(participant.c.ticket_id).where(participant.c.address_key.in_(keys)),
        select(message.c.ticket_id).where(func.lower(message.c.author).in_(keys)),
        select(verdict.c.ticket_id).where(func.lower(verdict.c.author).in_(keys)),
        select(letter.c.ticket_id).where(letter.c.organization == organization, _writes(keys)),
    ).subquery()
    shared = _ids(connection, select(ticket.c.id).where(_here(organization), ticket.c.id.in_(select(taking_part.c[0]))))
    by_them = select(message.c.letter_id).where(
        func.lower(message.c.author).in_(keys), message.c.letter_id.is_not(None),
        message.c.ticket_id.in_(select(ticket.c.id).where(_here(organization))),
    )  # fmt: skip
    of_theirs = select(letter.c.id).where(
        letter.c.organization == organization, letter.c.outcome.is_not(None), letter.c.erased_by.is_(None),
        or_(_writes(keys), letter.c.id.in_(by_them)),
    )  # fmt: skip
    letters = _ids(connection, of_theirs) | letters_of(connection, own)
    to_them = select(outbox.c.id).where(_ours(organization), outbox.c.recipient_key.in_(keys))
    registered = [
        (one.key, source)
        for one, source in all_clients(connection, organization)
        if any(address.strip().casefold() in keys for person in one.contacts for address in person.addresses)
    ]
    known = select(func.count()).where(contact.c.organization == organization, contact.c.address_key.in_(keys))
    return Extent(
        organization=organization, people=tuple(keys), own=own, shared=shared - own, letters=letters,
        names=_names(connection, organization, keys),
        outgoing=_ids(connection, to_them) | outgoing_of(connection, own),
        open_numbers=_open_numbers(connection, own),
        contacts=int(connection.execute(known).scalar_one()),
        configured=tuple(key for key, source in registered if source == "config"),
        imported=tuple(key for key, source in registered if source != "config"),
        written=_written(connection, organization, keys, own),
    )  # fmt: skip


def find_mentions(
    connection: Connection, extent: Extent, blobs: Blobs, *, after: Mentions = NOTHING_READ,
    step: Callable[[], None] = lambda: None,
) -> Mentions:  # fmt: skip
    """Read the letters of an organisation that came after those read before; return where the people stand in them."""
    redactor = Redactor(dict.fromkeys(extent.people, "…"), extent.names, extent.written)
    numbers = _numbers(connection, extent.own)
    theirs, others, telling = set(after.theirs), set(after.others), set(after.telling)
    last_letter, last_outgoing = after.letter, after.outgoing
    for row in _stored(connection, extent.organization, after.letter):
        step()
        last_letter = row.id
        if row.id in extent.letters:
            continue
        try:
            octets = blobs.get(row.sha256)
        except LetterLost:
            continue
        found = _found(octets, redactor, redactor.text if row.ticket_id in extent.shared else redactor.addresses)
        if found and _is_from(octets, extent.people):
            theirs.add(row.id)
        elif found:
            others.add(row.id)
    for row in _sent(connection, extent.organization, after.outgoing):
        step()
        last_outgoing = row.id
        octets = bytes(row.octets)
        if row.id in extent.outgoing or not octets:
            continue
        if row.ticket_id is None:  # what tells agents, or the admin, of many requests
            found = _found(octets, redactor, redactor.note, numbers)
        else:
            found = _found(octets, redactor, redactor.text if row.ticket_id in extent.shared else redactor.addresses)
        if found:
            telling.add(row.id)
    pending = select(func.min(letter.c.id)).where(
        letter.c.organization == extent.organization, letter.c.outcome.is_(None)
    )
    first = connection.execute(pending).scalar()  # it was passed over, and may have been walked the next time
    return Mentions(
        theirs=frozenset(theirs), others=frozenset(others), telling=frozenset(telling),
        letter=min(last_letter, first - 1) if first else last_letter, outgoing=last_outgoing,
    )  # fmt: skip


def find_own_letters(
    connection: Connection, blobs: Blobs, organization: str, people: Collection[str], step: Callable[[], None]
) -> frozenset[int]:
    """Return the letters of a person's that only their octets tell of: machines', repeats, what was set aside."""
    return find_mentions(connection, find_extent(connection, organization, people), blobs, step=step).theirs


def count_to_read(connection: Connection, organization: str) -> int:
    """Return how many letters `find_mentions` would look into."""
    theirs = select(func.count()).where(letter.c.organization == organization, letter.c.outcome.is_not(None))
    ours = select(func.count()).where(_ours(organization))
    return int(connection.execute(theirs).scalar_one()) + int(connection.execute(ours).scalar_one())


def letters_of(connection: Connection, tickets: Collection[int]) -> frozenset[int]:
    """Return the letters of requests that are not erased yet."""
    here = (letter.c.erased_by.is_(None), letter.c.outcome.is_not(None))
    return frozenset(
        id_
        for some in chunks(tickets)
        for id_ in connection.execute(select(letter.c.id).where(letter.c.ticket_id.in_(some), *here)).scalars()
    )


def outgoing_of(connection: Connection, tickets: Collection[int]) -> frozenset[int]:
    """Return our letters about requests."""
    return frozenset(
        id_
        for some in chunks(tickets)
        for id_ in connection.execute(select(outbox.c.id).where(outbox.c.ticket_id.in_(some))).scalars()
    )


def still_unsent(connection: Connection, ids: Collection[int]) -> tuple[int, ...]:
    """Return those of our letters that may still be sent."""
    waiting = [
        id_
        for some in chunks(ids)
        for id_ in connection.execute(
            select(outbox.c.id).where(outbox.c.id.in_(some), outbox.c.state.in_(UNSENT))
        ).scalars()
    ]
    return tuple(sorted(waiting))


def customers_of(connection: Connection, tickets: Collection[int]) -> tuple[str, ...]:
    """Return the addresses of all who have a part in requests, but for units outside and who was erased already."""
    found: set[str] = set()
    for some in chunks(tickets):
        requesters = select(func.lower(ticket.c.requester)).where(ticket.c.id.in_(some))
        others = select(participant.c.address_key).where(
            participant.c.ticket_id.in_(some), participant.c.role.not_in((Role.UNIT, Role.AGENT))
        )
        authors = select(func.lower(message.c.author)).where(
            message.c.ticket_id.in_(some), message.c.direction == Direction.IN
        )
        for query in (requesters, others, authors):
            found.update(connection.execute(query).scalars())
    return tuple(sorted(one for one in found if one and not is_pseudonym(one)))


def chunks(ids: Collection[int]) -> Iterator[Sequence[int]]:
    """Yield ids in runs that fit into one IN list."""
    ordered = sorted(ids)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def _here(organization: str) -> ColumnElement[bool]:
    return ticket.c.organization == organization


def _ours(organization: str) -> ColumnElement[bool]:
    return outbox.c.mailbox.startswith(f"{organization}/", autoescape=True)


def _writes(keys: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a letter is theirs, as far as its row tells."""
    among = (func.lower(" " + letter.c.author_key + " ").contains(f" {key} ", autoescape=True) for key in keys)
    return or_(*among, func.lower(letter.c.envelope_sender).in_(keys))


def _ids(connection: Connection, query: Select[Any]) -> frozenset[int]:
    return frozenset(connection.execute(query).scalars())


def _names(connection: Connection, organization: str, keys: Sequence[str]) -> frozenset[str]:
    here = select(ticket.c.id).where(_here(organization))
    queries = (
        select(ticket.c.requester_name).where(_here(organization), func.lower(ticket.c.requester).in_(keys)),
        select(participant.c.name).where(participant.c.ticket_id.in_(here), participant.c.address_key.in_(keys)),
        select(message.c.author_name).where(message.c.ticket_id.in_(here), func.lower(message.c.author).in_(keys)),
        select(contact.c.name).where(contact.c.organization == organization, contact.c.address_key.in_(keys)),
    )
    found = {name.strip() for query in queries for name in connection.execute(query.distinct()).scalars()}
    for contacts in connection.execute(
        select(client.c.contacts).where(client.c.organization == organization)
    ).scalars():
        found |= {one["name"] for one in contacts if {each.casefold() for each in one["addresses"]} & set(keys)}
    return frozenset(name for name in found if name and name.casefold() not in keys)


def _written(connection: Connection, organization: str, keys: Sequence[str], own: frozenset[int]) -> tuple[str, ...]:
    here = select(ticket.c.id).where(_here(organization))
    texts = select(message.c.text).where(message.c.ticket_id.in_(here), func.lower(message.c.author).in_(keys))
    subjects = [
        subject
        for some in chunks(own)
        for subject in connection.execute(select(ticket.c.subject).where(ticket.c.id.in_(some))).scalars()
    ]
    return (*connection.execute(texts).scalars(), *subjects)


def _open_numbers(connection: Connection, own: frozenset[int]) -> tuple[str, ...]:
    still = (text(OPEN), ticket.c.merged_into.is_(None))
    return tuple(
        number
        for some in chunks(own)
        for number in connection.execute(select(ticket.c.number).where(ticket.c.id.in_(some), *still)).scalars()
    )


def _numbers(connection: Connection, own: frozenset[int]) -> tuple[str, ...]:
    return tuple(
        number
        for some in chunks(own)
        for number in connection.execute(select(ticket.c.number).where(ticket.c.id.in_(some))).scalars()
    )


def _stored(connection: Connection, organization: str, after: int) -> Iterator[Any]:
    columns = (letter.c.id, letter.c.sha256, letter.c.ticket_id)
    whole = (letter.c.sha256.is_not(None), letter.c.erased_by.is_(None), letter.c.outcome.is_not(None))
    query = select(*columns).where(letter.c.organization == organization, letter.c.id > after, *whole)
    yield from connection.execute(query.order_by(letter.c.id)).all()


def _sent(connection: Connection, organization: str, after: int) -> Iterator[Any]:
    columns = (outbox.c.id, outbox.c.octets, outbox.c.ticket_id)
    while True:  # in runs: they are read with their octets
        query = select(*columns).where(_ours(organization), outbox.c.id > after).order_by(outbox.c.id).limit(CHUNK)
        rows = connection.execute(query).all()
        if not rows:
            return
        yield from rows
        after = rows[-1].id


def _found(octets: bytes, redactor: Redactor, look: Callable[[str], str], numbers: Sequence[str] = ()) -> bool:
    """Whether a letter holds an address, or what one looks for besides, or a number of a request of theirs."""
    seen = octets.decode("latin-1").casefold()
    if any(address in seen for address in redactor.pseudonyms):
        return True
    if look == redactor.addresses and not any(coding in octets.lower() for coding in _CODED):
        return False
    read = parse(octets)
    said = "\n".join((*(value for _, value in read.headers), read.text, read.html or ""))
    return look(said) != said or any(number in said for number in numbers)


def _is_from(octets: bytes, people: Sequence[str]) -> bool:
    read = parse(octets)
    authors = {one.key for one in (read.author, read.sender, *read.reply_to) if one}
    return bool(authors & set(people))
