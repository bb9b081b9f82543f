"""The walk's reads as they were when a letter came: nothing that was walked, sent, opened or changed later is seen.

What is asked is the same as ever (`store.reads`), of fewer rows; `ticket_was` tells what a ticket and its clocks were before
a letter, an agent or time changed them. Of those that changed before there was such a table it is their present state that
is seen, and so it is of the register: who is a client is asked of today's. How many requests each agent had, and whose turn
it was, is not known of then: where they are dealt out, everybody has had none. What agents ask about the desk is answered as of
today, too (`store.overviews`): it changes no ticket.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, and_, func, or_, select

from maild.contracts.client import Client
from maild.contracts.clues import ClientClues
from maild.contracts.found import Found
from maild.contracts.quota import month_of
from maild.desk.case import DeskPolicy, Facts, Letter, Load, OwnLetter
from maild.desk.undoable import Undoable
from maild.ingest.dedupe import Earlier, Fingerprint, id_key, identity
from maild.ingest.thread import Clues
from maild.model import DeliveryReport, Message, OutcomeKind, Said, Status, Ticket
from maild.outbox.relayed import relay_key
from maild.sla.clock import Clock
from maild.store import letters, register
from maild.store.batch import Batch
from maild.store.blobs import Blobs
from maild.store.clocks import as_it_was
from maild.store.conversations import Conditions
from maild.store.engine import Database
from maild.store.letters import EPOCH
from maild.store.reads import Reads
from maild.store.schema import counter, event, letter, outbox, ticket
from maild.store.tickets import LISTS, SERVED

T = TypeVar("T")
Memory = dict[tuple[object, ...], Any]  # what was asked about one letter, and the answer


@dataclass(frozen=True, kw_only=True)
class Then:
    """Just before a stored letter was walked."""

    letter_id: int
    walked_at: datetime
    received_at: datetime
    tickets: int  # the last id of a ticket that was there
    number: int  # that was given to the ticket which it opened; 0: it opened none


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A letter of the ledger that has come to its end."""

    then: Then
    mailbox: str
    number: str  # of its ticket; "": none


def stored_letters(
    connection: Connection, since: datetime, *, organization: str | None = None, newest: int | None = None
) -> list[Stored]:
    """Return the letters received since then whose walk is over, of one organisation if named, in the order of their ids.

    With `newest` no more than so many. Those that vanished before they could be read, or were erased, are left out.
    """
    columns = (letter.c.id, letter.c.mailbox, letter.c.received_at, letter.c.walked_at, letter.c.outcome)
    query = (
        select(*columns, letter.c.ticket_id, ticket.c.number)
        .outerjoin(ticket, ticket.c.id == letter.c.ticket_id)
        .where(letter.c.received_at >= since, letter.c.outcome.is_not(None), letter.c.sha256.is_not(None))
        .where(letter.c.erased_by.is_(None))
        .order_by(letter.c.id.desc())
        .limit(newest)
    )
    if organization is not None:
        query = query.where(letter.c.organization == organization)
    rows = connection.execute(query).all()[::-1]
    earliest = min((row.walked_at for row in rows), default=since)
    here = (letter.c.outcome == OutcomeKind.OPENED, letter.c.walked_at >= earliest)
    query = select(letter.c.walked_at, letter.c.id, letter.c.ticket_id).where(*here)
    opened = sorted([*connection.execute(query).all(), *_splits(connection, earliest)])
    walks = [(walked_at, letter_id) for walked_at, letter_id, _ in opened]
    last = connection.execute(select(counter.c.value).where(counter.c.name == "ticket")).scalar() or 0

    def there(row: Any) -> int:
        if row.outcome == OutcomeKind.OPENED:
            return int(row.ticket_id) - 1
        later = bisect_left(walks, (row.walked_at, row.id))
        return int(opened[later][2]) - 1 if later < len(opened) else last

    return [
        Stored(
            then=Then(
                letter_id=row.id,
                walked_at=row.walked_at,
                received_at=max(row.received_at, EPOCH),
                tickets=there(row),
                number=int(row.number.rpartition("-")[2]) if row.outcome == OutcomeKind.OPENED else 0,
            ),
            mailbox=row.mailbox,
            number=row.number or "",
        )
        for row in rows
    ]


def _splits(connection: Connection, since: datetime) -> list[Any]:
    """Return the letters of agents' that opened tickets besides the one they are about: when, which, and the first of those."""
    query = (
        select(letter.c.walked_at, letter.c.id, func.min(event.c.ticket_id))
        .join(event, event.c.letter_id == letter.c.id)
        .where(event.c.kind == "split", event.c.at >= since, event.c.ticket_id > letter.c.ticket_id)
        .group_by(letter.c.walked_at, letter.c.id)
    )
    return list(connection.execute(query).all())


class Past(Reads):
    """A view of the database as of then, in which a letter can be walked and nothing written."""

    def __init__(
        self,
        connection: Connection,
        then: Then,
        batch: Batch,
        enrolled: Connection | None = None,
        memory: Memory | None = None,
    ) -> None:
        super().__init__(connection, enrolled)
        self.then = then
        self._batch = batch
        self._memory = {} if memory is None else memory

    def facts_about(
        self,
        walked: Letter,
        parsed: Message,
        clues: Clues,
        report: DeliveryReport | None,
        desk: DeskPolicy,
        since: datetime,
        said: Said,
    ) -> Facts:
        """Return what was stored then that bears on the letter; asked once where two configurations ask the same."""
        of_catalogue = (bool(desk.catalogue.grounds), desk.catalogue.outside)
        asked = (desk.organization, desk.prefix, desk.staff, desk.repeat_window, of_catalogue, since)
        read = (id(parsed), id(said))  # which stay as long as the memory of a letter
        facts = super().facts_about
        return self._once((*asked, *read), lambda: facts(walked, parsed, clues, report, desk, since, said))

    def known_of(self, clues: ClientClues, continued: Ticket | None, desk: DeskPolicy, since: datetime) -> Found:
        """Return what the register has of a letter's author."""
        known, ticket_id = super().known_of, continued.id if continued else 0
        asked = (desk.organization, id(self.enrolled), clues.lookups, clues.coupons, ticket_id, since)
        return self._once((*asked, clues.author), lambda: known(clues, continued, desk, since))

    def _once(self, asked: tuple[object, ...], answer: Callable[[], T]) -> T:
        if asked not in self._memory:
            self._memory[asked] = answer()
        return cast(T, self._memory[asked])

    # ── what is not asked, because nothing would be found ────────────────────────────────────────────────────────────

    def _earlier(self, walked: Letter, parsed: Message, desk: DeskPolicy) -> tuple[Fingerprint, ...]:
        key, dead = identity(parsed), self._batch.dead
        alone = dead("octets", walked.raw.sha256) and (not key or dead("id", key))
        return () if alone else super()._earlier(walked, parsed, desk)

    def _lately(self, walked: Letter, author: str, desk: DeskPolicy) -> tuple[Earlier, ...]:
        return () if self._batch.dead("author", author) else super()._lately(walked, author, desk)

    def _own_letter(self, message_id: str | None) -> OwnLetter | None:
        dead = message_id and self._batch.dead("ours", message_id) and not relay_key(message_id)
        return None if dead else super()._own_letter(message_id)

    def _tickets_that_mention(self, message_ids: Sequence[str], desk: DeskPolicy) -> dict[int, str]:
        alive = [one for one in message_ids if not self._batch.dead("mentioned", id_key(one))]
        return super()._tickets_that_mention(alive, desk)

    # ── what is seen ─────────────────────────────────────────────────────────────────────────────────────────────────

    def seen_letters(self) -> Conditions:
        """Letters that were walked before; those of one commit have one instant, and were walked by their ids."""
        return self._walked_before

    def seen_outgoing(self) -> Conditions:
        """Letters that were queued before."""
        return self._queued_before

    @cached_property
    def _walked_before(self) -> Conditions:
        then = self.then
        same = and_(letter.c.walked_at == then.walked_at, letter.c.id < then.letter_id)
        return (or_(letter.c.walked_at < then.walked_at, same),)

    @cached_property
    def _queued_before(self) -> Conditions:
        then = self.then
        same = and_(outbox.c.queued_at == then.walked_at, outbox.c.letter_id < then.letter_id)
        return (or_(outbox.c.queued_at < then.walked_at, same),)

    def seen_tickets(self) -> Conditions:
        """Tickets that were opened before: their ids are given out in the order of the walks."""
        return (ticket.c.id <= self.then.tickets,)

    def until(self) -> datetime:
        """A letter's own guesses are of the instant at which it came, so none of that instant is seen."""
        return min(self.then.received_at, self.then.walked_at)

    def tickets(self, ids: Sequence[int], organization: str) -> dict[int, Ticket]:
        """Return those that were there, as they were."""
        found = self._batch.tickets(one for one in ids if one <= self.then.tickets)
        return {id_: self._as_it_was(one) for id_, one in found.items() if one.organization == organization}

    def _as_it_was(self, one: Ticket) -> Ticket:
        was = self._before(one.id)
        if was is None:
            return one
        people = set(was["people"])
        fields: dict[str, Any] = {name: was[name] for name in SERVED if name in was}
        fields |= {name: tuple(was[name]) for name in LISTS if name in was}
        fields["participants"] = tuple(person for person in one.participants if person.address.key in people)
        return replace(one, status=Status(was["status"]), **fields)

    def clocks(self, ids: Collection[int]) -> dict[int, tuple[Clock, ...]]:
        """Return the clocks that had started, as far as they had come."""
        return {id_: self._as_they_were(id_) for id_ in ids}

    def _as_they_were(self, ticket_id: int) -> tuple[Clock, ...]:
        found, was = self._batch.clocks(ticket_id), self._before(ticket_id)
        if was is None:
            return found
        states = was["clocks"]
        return tuple(as_it_was(one, states[str(one.id)]) for one in found if str(one.id) in states)

    def _before(self, ticket_id: int) -> Mapping[str, Any] | None:
        return self._batch.before_it_changed(ticket_id, self.then.walked_at, self.then.letter_id)

    def closes_at(self, ticket_id: int) -> datetime | None:
        """Of that nothing is kept."""
        return None

    def sent_to(self, keys: set[str], since: datetime) -> dict[str, int]:
        """Return how many automatic letters each address had had since."""
        known = self._batch.sent_to(keys, since, self.then.walked_at, self.then.letter_id)
        return super().sent_to(keys, since) if known is None else known

    def undoable(self, of: Ticket) -> Undoable | None:
        """Nothing: only the last letter of commands is remembered, and that may have come later."""
        return None

    def load_of(self, client: Client | None, desk: DeskPolicy, at: datetime) -> Load:
        """Return how much the client had asked for; the queue is not counted: nothing but a place in it rests on that."""
        if client is None:
            return Load()
        start, end = month_of(at, desk.service.zone)
        within = (self.connection, desk.organization, client.key, start, end)
        requests = self._once(within[1:], lambda: register.count_requests(*within, *self.seen_tickets()))
        return Load(requests=requests)

    def _last(self, name: str) -> int:
        if name == "ticket":
            return self.then.tickets
        number = select(counter.c.value).where(counter.c.name == name)
        return self.then.number - 1 if self.then.number else int(self.connection.execute(number).scalar() or 0)


@dataclass(frozen=True)
class Look:
    """One look at the database, in which letters are walked for several sides, each with a register that is its own or the desk's."""

    _connection: Connection
    _registers: tuple[Connection, ...]
    _batch: Batch

    def as_of(self, one: Stored) -> tuple[Past, ...]:
        """Return for each side what it sees of the desk just before that letter was walked."""
        memory: Memory = {}
        return tuple(Past(self._connection, one.then, self._batch, each, memory) for each in self._registers)


@contextmanager
def looking(
    database: Database, registers: Sequence[Database | None], stored: Sequence[Stored], blobs: Blobs
) -> Iterator[tuple[Look, Mapping[int, Letter]]]:
    """A snapshot of the desk for as long as it takes to walk some letters; and those by their ids, but the lost ones.

    Raises StoreError.
    """
    ids = [one.then.letter_id for one in stored]
    with ExitStack() as reading:
        desk = reading.enter_context(database.read())
        enrolled = tuple(reading.enter_context(one.read()) if one else desk for one in registers)
        yield Look(desk, enrolled, Batch(desk, ids)), letters.load_many(desk, ids, blobs)
