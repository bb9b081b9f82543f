"""A desk on a stage: the production walk, outbox and scheduler with virtual time and captured mail.

    with Rehearsal(load_config(path)) as desk:
        sent = desk.deliver(octets, "acme/support", at=monday_nine)
        sent += desk.advance(timedelta(hours=4))
        print(desk.tickets())

Nothing reaches a network, nothing of the configured data directory is touched.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from maild.clock import ManualClock, aware
from maild.config.load import Loaded
from maild.edges import Office
from maild.errors import DeliveryError
from maild.ingest.parse import parse
from maild.model import Message, OutboxRow, Outgoing, Place, Purpose, RawMessage, Ticket
from maild.outbox.dispatcher import Dispatcher
from maild.pipeline import Settled
from maild.policy import Policy, load_policy
from maild.scheduler import ALWAYS, NEVER, Tick, advance
from maild.sla.clock import Clock
from maild.store.blobs import LocalBlobs
from maild.store.clocks import load_clocks
from maild.store.engine import Database
from maild.store.queue import withheld_after
from maild.store.views import all_tickets

KEY = b"a rehearsal's letters open no real ticket"  # a fixed one, so that a scenario prints the same twice
OUTBOX_EVERY = timedelta(minutes=1)  # the finest step of outgoing retries
CLOCKS_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class SentLetter:
    """A letter that would have left, as its recipient would read it."""

    at: datetime
    purpose: Purpose
    recipient: str
    octets: bytes
    withheld: bool = False  # its organisation only observes: nobody is sent it

    @cached_property
    def message(self) -> Message:
        """What its recipient's program makes of it."""
        return parse(self.octets)


def _empty_database(folder: Path) -> Database:
    """Return an empty database in a folder; making its schema takes longer than most scenarios, so it is made once."""
    file = folder / "maild.sqlite3"
    file.write_bytes(_octets_of_an_empty_database())
    return Database.open(f"sqlite:///{file}", migrate=False, durable=False)


@cache
def _octets_of_an_empty_database() -> bytes:
    with tempfile.TemporaryDirectory(prefix="maild-rehearsal-") as name:
        database = Database.open(f"sqlite:///{name}/first.sqlite3")
        database.copy_to(Path(name, "copy.sqlite3"))
        database.close()
        return Path(name, "copy.sqlite3").read_bytes()


class _Stage:
    """A transport that keeps what it is given."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.sent: list[SentLetter] = []
        self.answer = "250 2.0.0 captured"  # what the server says to a letter that it takes
        self.refuse: Callable[[Outgoing], DeliveryError | None] = lambda _letter: None
        self.refused = False  # some letter, which may be tried again

    async def send(self, letter: Outgoing, before_data: Callable[[], Awaitable[None]]) -> str:
        if error := self.refuse(letter):
            self.refused = True
            raise error
        await before_data()
        at = self.clock.now()
        self.sent.append(SentLetter(at=at, purpose=letter.purpose, recipient=letter.recipient, octets=letter.octets))
        return self.answer

    async def close(self) -> None:
        return


class Rehearsal:
    """One configuration with an empty desk, a clock that stands at `start`, and a stage instead of SMTP."""

    def __init__(self, loaded: Loaded, *, start: datetime | None = None, policy: Policy | None = None) -> None:
        """`policy`: that of `loaded`, where it has been made already, with `KEY`."""
        self._folder = tempfile.TemporaryDirectory(prefix="maild-rehearsal-")
        folder = self.folder
        self._began = aware(start or datetime(2026, 1, 12, 9, tzinfo=UTC))
        self._clock = ManualClock(self._began)
        self._policy = policy or load_policy(loaded, key=KEY)
        self._stage = _Stage(self._clock)
        self.settled: list[Settled] = []
        self._office = Office(
            _empty_database(folder), LocalBlobs(folder / "blobs", durable=False),
            self._policy, self._clock, on_settled=self.settled.append, on_queued=self._note_queued,
        )  # fmt: skip
        self._dispatcher = Dispatcher(
            self._office, lambda _mailbox: self._stage, lambda _mailbox: timedelta(days=3), self._clock
        )
        self._queued = False  # whether a letter may wait to be sent
        self._shown = 0  # the last letter in the outbox (id) that was looked at for being withheld
        self._runner = asyncio.Runner()
        self._uid = 0
        self._next_look = NEVER  # when time first has something to do
        self._runner.run(self._office.follow(self._policy))
        self._see_next_look()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def deliver(self, raw: bytes, mailbox: str, at: datetime | None = None, *, sent: bool = False) -> list[SentLetter]:
        """Let a letter reach a mailbox ("organization/mailbox") at an instant (default: now); return what goes out by then.

        `sent`: it lies in the folder with what our people have sent from there.
        Raises KeyError for a mailbox that is not configured, ValueError for an instant in the past.
        """
        self._policy.settings(mailbox)
        before = len(self._stage.sent)
        if at is not None:
            self.advance(at)
        self._uid += 1
        place = Place(mailbox=mailbox, folder="", uidvalidity=0, uid=str(self._uid))
        letter = RawMessage(octets=raw, place=place, received_at=self._clock.now(), sent=sent)
        self._runner.run(self._take(letter))
        return self._stage.sent[before:]

    def advance(self, to: datetime | timedelta) -> list[SentLetter]:
        """Let time pass to an instant or by a duration; return what goes out meanwhile."""
        before, start = len(self._stage.sent), self._clock.now()
        end = start + to if isinstance(to, timedelta) else aware(to)
        if end < start:
            raise ValueError(f"the rehearsal stands at {start.isoformat()}, cannot go back to {end.isoformat()}")
        self._runner.run(advance(self._ticks(), self._began, start, end, self._clock.move_to))
        return self._stage.sent[before:]

    def tickets(self) -> list[Ticket]:
        """Return every ticket of the desk, oldest first."""
        with self._office.database.read() as connection:
            return all_tickets(connection)

    def clocks(self, ticket_id: int) -> tuple[Clock, ...]:
        """Return the clocks of a ticket, the oldest first."""
        with self._office.database.read() as connection:
            return load_clocks(connection, [ticket_id]).get(ticket_id, ())

    @property
    def folder(self) -> Path:
        """Where the desk's database and letters lie: a `data_dir` for the commands, as long as the rehearsal is open."""
        return Path(self._folder.name)

    @property
    def now(self) -> datetime:
        """The virtual instant."""
        return self._clock.now()

    def close(self) -> None:
        """Clear the stage."""
        self._runner.close()
        self._office.close()
        self._folder.cleanup()

    def _ticks(self) -> list[Tick]:
        """Return what happens as time passes; a month has 43,200 minutes, and something to do in few of them."""
        return [
            Tick(name="clocks", every=CLOCKS_EVERY, action=self._remind, idle_until=lambda: self._next_look),
            Tick(
                name="outbox",
                every=OUTBOX_EVERY,
                action=self._dispatch,
                idle_until=lambda: ALWAYS if self._queued else NEVER,
            ),
        ]

    async def _take(self, letter: RawMessage) -> None:
        await self._office.take([letter])
        await self._dispatch()
        self._see_next_look()

    async def _remind(self) -> None:
        if self._next_look <= self._clock.now():
            await self._office.remind()
            self._see_next_look()

    def _see_next_look(self) -> None:
        self._next_look = self._office.next_due() or NEVER

    def _withheld(self) -> list[SentLetter]:
        """Return what was written since the last look, and is withheld because its organisation observes."""
        if not any(box.letterhead.observes for box in self._policy.mailboxes.values()):
            return []
        with self._office.database.read() as connection:
            rows = withheld_after(connection, self._shown)
        self._shown = max((row.id for row in rows), default=self._shown)
        return [_shown(row) for row in rows]

    def _note_queued(self) -> None:
        self._queued = True

    async def _dispatch(self) -> None:
        if self._queued:
            self._queued = False
            await self._dispatcher.run_once()
            self._stage.sent += self._withheld()
            self._queued |= self._stage.refused


def _shown(row: OutboxRow) -> SentLetter:
    letter = row.letter
    return SentLetter(
        at=row.queued_at, purpose=letter.purpose, recipient=letter.recipient, octets=letter.octets, withheld=True
    )  # fmt: skip
