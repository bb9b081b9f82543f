"""The sync middle as the async edges see it: one writer thread, what sources hand in, what the dispatcher asks for.

Async code never touches the database itself. A transaction that has begun runs to its end even if its caller is
cancelled, so that nothing is ever half-known.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ParamSpec, TypeVar

import structlog

from maild import observing, pipeline, reminding
from maild.clock import Clock
from maild.duties import duties
from maild.errors import MaildError, NotQueued, SourceError, Stopping, StoreError
from maild.ingest.authentication import Signature
from maild.ingest.signatures import Resolve, may_be_signed, verify_signatures
from maild.ingest.source import FolderState
from maild.model import OutboxRow, Place, Purpose, RawMessage
from maild.notices import Notice, tell_admin, tell_agents
from maild.outbox.retry import LONGEST_WAIT
from maild.policy import Policy
from maild.store import health, letters, news, queue
from maild.store.blobs import Blobs
from maild.store.engine import Database
from maild.store.tickets import find_current
from maild.store.unit import Transaction

P = ParamSpec("P")
T = TypeVar("T")

VERIFIED_WITHIN = timedelta(seconds=10)  # letters wait no longer for DNS: what is not known by then stays unknown

log = structlog.get_logger(__name__)


class Worker:
    """The one thread that writes. Calls are run in the order in which they were made."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="maild-writer")
        self._closed = False

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a plain function in the thread; being cancelled leaves it running to its end. Raises Stopping once closed."""
        if self._closed:
            raise Stopping
        future = asyncio.wrap_future(self._thread.submit(lambda: _without_stop_iteration(function, *args, **kwargs)))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            future.add_done_callback(_unheard)  # or asyncio complains of an error that nobody retrieved
            raise

    def close(self) -> None:
        """Wait for what is running, drop what waits behind it (its callers are cancelled), refuse what comes."""
        self._closed = True
        self._thread.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _aside(tx: Transaction, row_id: int) -> Iterator[None]:
    """Let a bug in what follows from an attempt cost only that: how it ended must be recorded, or it would be made again."""
    try:
        with tx.savepoint():
            yield
    except StoreError:
        raise
    except Exception:
        log.exception("the clocks have not heard how a letter ended, because of a bug", outbox=row_id)


def _without_stop_iteration(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function; a StopIteration, which no future can carry, would leave its caller waiting for ever."""
    try:
        return function(*args, **kwargs)
    except StopIteration as error:
        raise RuntimeError("a function of the writer thread raised StopIteration") from error


def _unheard(future: "asyncio.Future[T]") -> None:
    """Say what became of work whose caller is gone, unless it is an answer that only the caller wanted."""
    error = None if future.cancelled() else future.exception()
    if error is not None and not isinstance(error, MaildError):
        log.error("unattended work failed", exc_info=error)


class Office:
    """The desk's store behind the worker: a `Sink` for sources and an `OutboxStore` for the dispatcher.

    `policy` may be swapped at any time; a letter is walked under the one that was in force when its batch began.
    `on_settled` hears of every letter that ended, `on_queued` that letters may wait to be sent.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        policy: Policy,
        clock: Clock,
        *,
        on_settled: Callable[[pipeline.Settled], None] = lambda _settled: None,
        on_queued: Callable[[], None] = lambda: None,
        resolve: Resolve | None = None,
        verified_within: timedelta = VERIFIED_WITHIN,
    ) -> None:
        self.database = database
        self.blobs = blobs
        self.policy = policy
        self.clock = clock
        self.worker = Worker()
        self.on_settled = on_settled
        self.on_queued = on_queued
        self.resolve = resolve
        self.verified_within = verified_within
        self._duties = duties(blobs)
        self._stopping = False
        self._health: dict[tuple[str, bool], tuple[str, datetime, str | None]] = {}  # in order; by component and good

    # ── for sources ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def open_folder(self, mailbox: str, folder: str, uidvalidity: int, uidnext: int | None) -> FolderState:
        """Remember that the folder is watched and return how far it has been read."""
        return await self._write(letters.open_folder, mailbox, folder, uidvalidity, uidnext, self.clock.now())

    async def known(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[str]) -> frozenset[str]:
        """Which of `uids` have an outcome."""
        return await self._write(letters.known, mailbox, folder, uidvalidity, uids)

    async def take(self, raws: Sequence[RawMessage]) -> None:
        """Store the letters, then walk each to its outcome; before that, look at the signatures of those in agents' names."""
        signed = [raw for raw in raws if self._is_to_be_verified(raw)]
        if signed and self.resolve is not None:
            await self._take_signed(raws, signed, self.resolve)
        else:
            await self.worker.run(self._take, raws)
        self.on_queued()

    async def vanished(self, places: Sequence[Place]) -> None:
        """Account for letters that were gone before they could be read."""
        await self._write(letters.add_vanished, places, self.clock.now())

    async def reached(self, mailbox: str, folder: str, uidvalidity: int, uid: int) -> None:
        """Everything up to `uid` is accounted for."""
        await self._write(letters.reached, mailbox, folder, uidvalidity, uid)

    async def marked(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[str]) -> None:
        """The mail server has been told."""
        await self._write(letters.marked, mailbox, folder, uidvalidity, uids, self.clock.now())

    def alive(self, component: str) -> None:
        """A good look at the mailbox, or the folder; `flush_health` writes it down."""
        self.note(component, None)

    def trouble(self, component: str, error: SourceError) -> None:
        """The mailbox cannot be read."""
        self.note(component, str(error))

    def note(self, component: str, trouble: str | None) -> None:
        """Remember how a component does; the latest good and the latest bad note of each are kept, in their order."""
        key = (component, trouble is None)
        self._health.pop(key, None)
        self._health[key] = (component, self.clock.now(), trouble)

    async def flush_health(self) -> list[health.Health]:
        """Write down how the components do, and return how everything does. Raises StoreError, and forgets nothing."""
        notes, self._health = self._health, {}
        try:
            return await self._write(health.record, notes.values())
        except StoreError:
            for key, note in notes.items():
                self._health.setdefault(key, note)
            raise

    async def recover_letters(self) -> int:
        """Walk the letters that a crash left without an outcome; return how many there were."""
        if self.resolve is not None:
            await self._verify_left(self.resolve)
        settled = await self.worker.run(
            pipeline.recover, self.database, self.blobs, self.policy, self.clock.now(), lambda: self._stopping
        )
        for one in settled:
            self.on_settled(one)
        return len(settled)

    async def _take_signed(self, raws: Sequence[RawMessage], signed: Sequence[RawMessage], resolve: Resolve) -> None:
        """Store, ask DNS beside the writer thread, walk: with whatever is known by then, also when we are to stop."""
        await self.worker.run(pipeline.receive, raws, self.database, self.blobs, self.clock.now())
        found: dict[Place, Signature] = {}
        try:
            await self._verify(signed, resolve, found)
        finally:
            await self.worker.run(self._take, raws, dict(found))

    async def _verify_left(self, resolve: Resolve) -> None:
        """Look at the signatures of letters that a crash left; should one kill us, it is walked without the next time."""
        left = await self.worker.run(self._begin_left)
        found: dict[Place, Signature] = {}
        try:
            await self._verify(list(left.values()), resolve, found)
        finally:
            await self.worker.run(self._end_left, list(left), dict(found))

    def _begin_left(self) -> dict[int, RawMessage]:
        with self.database.write() as connection:
            ids = letters.unverified(connection, pipeline.LETTERS_PER_COMMIT)
            found = letters.load_many(connection, ids, self.blobs)
            left = {id_: letter.raw for id_, letter in found.items() if self._is_to_be_verified(letter.raw)}
            letters.begin_walks(connection, list(left))
        return left

    def _end_left(self, ids: Sequence[int], found: Mapping[Place, Signature]) -> None:
        self._note_signatures(found)
        with self.database.write() as connection:
            letters.begin_walks(connection, ids, count=-1)

    async def _verify(self, signed: Sequence[RawMessage], resolve: Resolve, found: dict[Place, Signature]) -> None:
        """Ask DNS beside the writer thread, as long as there is time for it; what is found comes into `found`."""
        now = self.clock.now()
        over = threading.Event()

        def verify() -> None:
            for raw in signed:
                if over.is_set():
                    return  # nobody waits any more, and Python would not end before this does
                found[raw.place] = verify_signatures(raw.octets, resolve, now)

        if not signed:
            return
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="maild-dkim")
        try:
            looking = asyncio.get_running_loop().run_in_executor(thread, verify)
            await asyncio.wait({looking}, timeout=self.verified_within.total_seconds())
        finally:
            over.set()
            thread.shutdown(wait=False, cancel_futures=True)

    def _is_to_be_verified(self, raw: RawMessage) -> bool:
        mailbox = self.policy.mailboxes.get(raw.place.mailbox)
        if mailbox is None or not mailbox.desk.trust.dkim or raw.sent or raw.truncated:
            return False
        return may_be_signed(raw.octets, mailbox.desk.staff)

    def _take(self, raws: Sequence[RawMessage], found: Mapping[Place, Signature] = MappingProxyType({})) -> None:
        policy, now = self.policy, self.clock.now()
        ids = pipeline.receive(raws, self.database, self.blobs, now)
        self._note_signatures(found)
        for one in pipeline.settle(ids, self.database, self.blobs, policy, now, lambda: self._stopping):
            self.on_settled(one)

    def _note_signatures(self, found: Mapping[Place, Signature]) -> None:
        if found:
            with self.database.write() as connection:
                for place, signature in found.items():
                    letters.note_signature(connection, place, signature)

    # ── for the dispatcher ───────────────────────────────────────────────────────────────────────────────────────────

    async def recover(self, now: datetime) -> int:
        """Queue again what a crash left half-sent."""
        return await self._write(queue.recover, now)

    async def due(self, now: datetime, limit: int, *, without: Collection[str] = ()) -> Sequence[OutboxRow]:
        """Letters to send now, oldest first."""
        return await self._write(queue.due, now, limit, without)

    async def begin(self, row_id: int, now: datetime) -> None:
        """DATA is about to begin."""
        if not await self._write(queue.begin, row_id):
            raise NotQueued(f"outbox letter {row_id} is not queued any more")

    async def sent(self, row_id: int, now: datetime, answer: str) -> None:
        """The server took it."""
        await self.worker.run(self._sent, row_id, now, answer)

    def _sent(self, row_id: int, now: datetime, answer: str) -> None:
        with self.database.write() as connection:
            tx = Transaction(connection)
            tx.wait_for_turn()
            queue.sent(connection, row_id, now, answer)
            with _aside(tx, row_id):
                reminding.notice_has_left(tx, row_id, self.policy, now)

    async def retry(self, row_id: int, now: datetime, error: str, at: datetime, *, uncertain: bool) -> None:
        """It failed for now."""
        await self._write(queue.retry, row_id, error, at, uncertain=uncertain)

    async def failed(self, row_id: int, now: datetime, error: str) -> None:
        """It failed for good: on the ticket's history, and the admin is told."""
        await self.worker.run(self._failed, row_id, now, error)

    def _failed(self, row_id: int, now: datetime, error: str) -> None:
        with self.database.write() as connection:
            tx = Transaction(connection)
            tx.wait_for_turn()
            row = queue.failed(connection, row_id, now, error)
            if row is None:
                return
            log.error(
                "letter not sent", outbox=row_id, purpose=row.letter.purpose, remedy=f"maild outbox show {row_id}"
            )
            gone = row.letter.purpose is Purpose.NEWS and news.names_the_address(error)
            if gone:
                organization, key = row.letter.mailbox.partition("/")[0], row.letter.recipient.casefold()
                news.unsubscribe_lost(connection, organization, key, error, now)
            ticket_id = row.letter.ticket_id
            if ticket_id is not None:
                ticket = find_current(connection, ticket_id)
                notice = ""
                with _aside(tx, row_id):
                    notice = reminding.letter_is_lost(tx, ticket, row.letter, self.policy, now)
                if notice:
                    tell_agents(tx, ticket, row, error, self.policy, now, notice=notice)
            if row.letter.purpose is not Purpose.ADMIN and not gone:  # about those it would go on for ever
                mailbox, command = row.letter.mailbox, f"maild outbox show {row_id}"
                fault = error[:12]  # further on stand the server's queue ids, which make every fault another one
                alarm = Notice(
                    kind="undelivered", key=f"{mailbox}:{fault}", summary=f"№ {row_id}", lines=(error,),
                    command=command, about=mailbox,
                )  # fmt: skip
                tell_admin(tx, alarm, self.policy, now)

    async def hurry(self, mailbox: str) -> None:
        """The way out of a mailbox has changed: what waits is due now."""
        await self._write(queue.hurry, mailbox, self.clock.now())
        self.on_queued()

    async def cap_waits(self) -> None:
        """Let no letter wait for longer than the longest wait there is: the clock was wrong when it was put off."""
        await self._write(queue.cap_waits, self.clock.now() + LONGEST_WAIT)

    # ── for time ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def follow(self, policy: Policy) -> None:
        """Make the register, open terms and who observes follow a configuration. Raises ConfigError, then nothing has changed."""
        await self.worker.run(reminding.follow, self.database, policy, self.clock.now())
        await self.worker.run(observing.switch, self.database, policy, self.clock.now())
        self.on_queued()

    async def remind(self) -> int:
        """Record what is due by now, queue the letters about it; return how much was looked at.

        A bug in one duty does not keep the others from theirs: it is raised once they are done.
        """
        looked_at = 0
        bug: Exception | None = None
        for duty in self._duties:
            try:
                looked_at += await self.worker.run(duty.do, self.database, self.policy, self.clock.now())
            except MaildError:
                raise  # the disk's fault, say: the others would fare no better
            except Exception as error:
                bug = bug or error
        if looked_at:
            self.on_queued()
        if bug:
            raise bug
        return looked_at

    def next_due(self) -> datetime | None:
        """When time next has something to do, as far as is known; None: never. Only while nothing is under way."""
        found = (duty.next_due(self.database, self.policy, self.clock.now()) for duty in self._duties)
        return min((at for at in found if at), default=None)

    # ── for the daemon ───────────────────────────────────────────────────────────────────────────────────────────────

    async def keep_lock(self) -> None:
        """Make sure that we are still the only daemon. Raises StoreBusy, StoreError."""
        await self.worker.run(self.database.keep_lock)

    async def tell_admin(self, notice: Notice, *, again_after: timedelta) -> None:
        """Tell the admin of a fault of ours by mail, once within `again_after` for each key."""
        await self.worker.run(self._tell_admin, notice, again_after)
        self.on_queued()

    def _tell_admin(self, notice: Notice, again_after: timedelta) -> None:
        with self.database.write() as connection:
            tell_admin(Transaction(connection), notice, self.policy, self.clock.now(), again_after=again_after)

    async def _write(self, function: Callable[..., T], *args: object, **kwargs: object) -> T:
        def transaction() -> T:
            with self.database.write() as connection:
                return function(connection, *args, **kwargs)

        return await self.worker.run(transaction)

    def stop_walking(self) -> None:
        """Roll back the letters under way, so that the daemon can end at once; they are walked after the next start."""
        self._stopping = True

    def close(self) -> None:
        """Let running work end, then let go of the database."""
        self.worker.close()
        self.database.close()
