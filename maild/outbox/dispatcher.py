"""The loop that sends what waits in the outbox and records how it went. Knows neither SQL nor SMTP.

May import our own values, the errors, the clock and `retry`.

Each mailbox is served by one task, letter by letter, beside the other mailboxes: a dead server costs only its own
mailbox. What became of a letter is recorded before the next one is touched; if the store cannot take it, it is kept here
until the store can, because a letter whose sending was not recorded must not be sent again.
"""

import asyncio
import random
import re
import traceback
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Protocol

import structlog

from maild.clock import Clock
from maild.errors import Ambiguous, DeliveryError, NotQueued, Permanent, StoreError, Transient, Unreachable
from maild.model import OutboxRow, Outgoing
from maild.outbox.retry import UNCERTAIN_REPEATS, next_attempt, rest_until

log = structlog.get_logger(__name__)

# How many letters are read from the store at once: few enough for memory (each has its octets).
BATCH = 50

# When told to stop, the letter in hand gets this long to be answered and recorded: a stop should not cost a repeat.
GRACE = timedelta(seconds=5)


class OutboxStore(Protocol):
    """The outbox on disk. Every method returns after its commit, and may raise StoreError: then nothing happened.

    `tests/outbox/contract.py` holds what every implementation promises.
    """

    async def recover(self, now: datetime) -> int:
        """Put rows that a crash left in `sending` back, due at once, one attempt and one uncertain one more; how many."""

    async def due(self, now: datetime, limit: int, *, without: Collection[str] = ()) -> Sequence[OutboxRow]:
        """Queued rows whose next attempt is due, oldest first (by `queued_at`, then id), none of the mailboxes `without`."""

    async def begin(self, row_id: int, now: datetime) -> None:
        """Commit the state `sending`. Raises NotQueued if the row is in any other state than queued."""

    async def sent(self, row_id: int, now: datetime, answer: str) -> None:
        """Record that the server took the letter; `answer` is its answer. One attempt more, no error any more."""

    async def retry(self, row_id: int, now: datetime, error: str, at: datetime, *, uncertain: bool) -> None:
        """Queue the row again, due `at`, one attempt more; and one uncertain one more if so."""

    async def failed(self, row_id: int, now: datetime, error: str) -> None:
        """Record that the letter will not be sent, one attempt more; tell whom it concerns (ticket, admin)."""


class Transport(Protocol):
    """A way out; see `outbox.smtp.SmtpTransport`."""

    async def send(self, letter: Outgoing, before_data: Callable[[], Awaitable[None]]) -> str:
        """Send one letter, return the server's answer; raise DeliveryError, or what `before_data` raised."""

    async def close(self) -> None:
        """Give the connection up; a later `send` may open another."""


@dataclass(frozen=True, kw_only=True)
class Dispatched:
    """How many letters were sent, put off (with an attempt counted), and given up."""

    sent: int = 0
    retried: int = 0
    failed: int = 0

    def __add__(self, other: "Dispatched") -> "Dispatched":
        return Dispatched(
            sent=self.sent + other.sent, retried=self.retried + other.retried, failed=self.failed + other.failed
        )


@dataclass(frozen=True)
class _Sent:
    answer: str


@dataclass(frozen=True)
class _Again:
    error: str
    at: datetime
    uncertain: bool


@dataclass(frozen=True)
class _Failed:
    error: str


_Verdict = _Sent | _Again | _Failed


@dataclass(frozen=True)
class _Rest:
    """A mailbox left alone for a while, because its server cannot be used. Remembered until a letter gets through."""

    until: datetime
    failures: int  # in a row
    transport: Transport | None  # the one that failed; another one (new settings) ends the rest
    error: str


class Dispatcher:
    """Sends what is due: `run()` for ever, or `run_once()`.

    `transport_for` gives a mailbox's way out, the same object as long as the settings are the same; it may raise
    LookupError with a remedy (mailbox no longer configured, password not readable), and the letters wait. The
    dispatcher closes transports that were replaced, and all of them when it ends. `retry_for` knows every mailbox name.
    `jitter` gives numbers in [0, 1).
    """

    def __init__(
        self,
        store: OutboxStore,
        transport_for: Callable[[str], Transport],
        retry_for: Callable[[str], timedelta],
        clock: Clock,
        *,
        jitter: Callable[[], float] = random.random,
        grace: timedelta = GRACE,
    ) -> None:
        self._store = store
        self._transport_for = transport_for
        self._retry_for = retry_for
        self._clock = clock
        self._jitter = jitter
        self._grace = grace
        self._bell = asyncio.Event()
        self._looking = asyncio.Lock()
        self._recovered = False
        self._transports: dict[str, Transport] = {}  # the last one used, by mailbox
        self._rests: dict[str, _Rest] = {}  # by mailbox
        self._busy: dict[str, asyncio.Task[Dispatched]] = {}  # by mailbox
        self._unrecorded: dict[int, tuple[str, datetime, _Verdict]] = {}  # by row: what the store could not take yet

    def wake(self) -> None:
        """Look into the outbox now: something was queued. Call it in the dispatcher's loop."""
        self._bell.set()

    async def run(self) -> None:
        """Look into the outbox at every `wake`, until cancelled; then as `close`. Somebody wakes it every so often for retries."""
        try:
            while True:
                self._bell.clear()
                try:
                    await self._look()
                except StoreError as error:
                    log.error("outbox-unusable", error=str(error))  # noqa: TRY400 - the message says what to do
                except Exception:
                    log.exception("outbox-bug")
                await self._bell.wait()
        finally:
            await self.close()

    def resting(self) -> dict[str, str]:
        """Return the mailboxes whose server cannot be used, with the error; until a letter gets through again."""
        return {mailbox: rest.error for mailbox, rest in self._rests.items()}

    def forget_rests(self) -> None:
        """Leave no mailbox alone any longer: the clock was wrong when that began."""
        self._rests.clear()
        self.wake()

    async def run_once(self) -> Dispatched:
        """Send everything that is due now and return when that is done. Raises StoreError."""
        total = Dispatched()
        while tasks := await self._look():
            total = sum(await asyncio.gather(*tasks), total)
        return total

    async def close(self) -> None:
        """Stop: the letters in hand may finish within the grace, no other is begun, connections are closed."""
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._record_late()
        except Exception:
            log.exception("letters-unrecorded", letters=len(self._unrecorded))
        for mailbox in list(self._transports):
            await self._close_transport(mailbox)

    # ── whose turn it is ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _look(self) -> list[asyncio.Task[Dispatched]]:
        """Start a task for every mailbox that has letters due and is neither busy nor resting; return the new tasks."""
        async with self._looking:
            await self._recover_once()
            await self._record_late()
            started: list[asyncio.Task[Dispatched]] = []
            while rows := await self._store.due(self._clock.now(), BATCH, without=self._unavailable()):
                for mailbox, letters in groupby(sorted(rows, key=_mailbox_of), key=_mailbox_of):
                    task = asyncio.create_task(self._serve(mailbox, list(letters)))
                    task.add_done_callback(partial(self._served, mailbox))
                    self._busy[mailbox] = task
                    started.append(task)
            return started

    async def _recover_once(self) -> None:
        if not self._recovered:
            letters = await self._store.recover(self._clock.now())
            self._recovered = True
            if letters:
                log.warning("outbox-recovered", letters=letters)

    def _unavailable(self) -> frozenset[str]:
        resting = {mailbox for mailbox in self._rests if self._resting(mailbox)}
        return frozenset(self._busy) | resting | {mailbox for mailbox, _, _ in self._unrecorded.values()}

    def _resting(self, mailbox: str) -> bool:
        rest = self._rests.get(mailbox)
        if rest is None or self._clock.now() >= rest.until:
            return False
        try:
            return self._transport_for(mailbox) is rest.transport
        except Exception:  # there still is no way out; the next try will tell why
            return True

    def _served(self, mailbox: str, _task: asyncio.Task[Dispatched]) -> None:
        del self._busy[mailbox]
        self.wake()  # there may be more than a batch

    # ── one mailbox ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _serve(self, mailbox: str, rows: list[OutboxRow]) -> Dispatched:
        """Send a mailbox's letters one after the other, until its server or the store fails."""
        # Those that failed least go first: a letter that its server chokes on must not keep the others waiting for ever.
        rows = sorted(rows, key=lambda row: row.attempts)
        total = Dispatched()
        try:
            while rows and not self._unrecorded:
                total += await self._in_hand(rows.pop(0))
                if self._resting(mailbox):
                    return total + await self._give_up_expired(rows, self._rests[mailbox].error)
        except Exception as error:
            log.exception("outbox-bug", mailbox=mailbox)
            self._rest(mailbox, _last_line(error))
        return total

    async def _in_hand(self, row: OutboxRow) -> Dispatched:
        """Deliver one letter; a cancellation lets it finish within the grace, since a begun letter cut off is in doubt."""
        work = asyncio.create_task(self._deliver(row))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait({work}, timeout=self._grace.total_seconds())
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            raise

    async def _give_up_expired(self, rows: Iterable[OutboxRow], error: str) -> Dispatched:
        """Of letters that are not even tried, because the server cannot be used, fail those that are too old."""
        total, now = Dispatched(), self._clock.now()
        for row in rows:
            limit = self._retry_for(row.letter.mailbox)
            if now >= row.queued_at + limit:
                total += await self._conclude(row, _Failed(f"{error}. Given up after {limit}"))
        return total

    def _rest(self, mailbox: str, error: str) -> datetime:
        """Leave a mailbox alone for a while, longer each time; return until when."""
        before, now = self._rests.get(mailbox), self._clock.now()
        failures = before.failures + 1 if before else 1
        until = rest_until(failures, now, jitter=self._jitter())
        self._rests[mailbox] = _Rest(until, failures, self._transports.get(mailbox), error)
        log.warning("mailbox-rests", mailbox=mailbox, until=until.isoformat(), error=_without_addresses(error))
        return until

    async def _way_out(self, mailbox: str) -> Transport:
        """Return the mailbox's transport, and close the one that it replaces. Raises Unreachable."""
        try:
            transport = self._transport_for(mailbox)
        except LookupError as error:
            await self._close_transport(mailbox)
            raise Unreachable(f"no way out for mailbox {mailbox}: {' '.join(map(str, error.args))}") from error
        if self._transports.get(mailbox, transport) is not transport:
            await self._close_transport(mailbox)
        self._transports[mailbox] = transport
        return transport

    async def _close_transport(self, mailbox: str) -> None:
        if transport := self._transports.pop(mailbox, None):
            try:
                await transport.close()
            except Exception:
                log.exception("transport-close-failed", mailbox=mailbox)

    # ── one letter ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _deliver(self, row: OutboxRow) -> Dispatched:
        """Send one letter and record what became of it."""
        if row.uncertain > UNCERTAIN_REPEATS:  # recovered from one crash too many
            return await self._conclude(row, _Failed(f"{row.error or 'no answer'}. {_in_doubt(row.uncertain)}"))
        mailbox, begun = row.letter.mailbox, False

        async def before_data() -> None:
            nonlocal begun
            await self._store.begin(row.id, self._clock.now())
            begun = True

        until: datetime | None = None
        try:
            transport = await self._way_out(mailbox)
            answer = await transport.send(row.letter, before_data)
        except NotQueued:
            log.info("letter-taken-by-others", outbox=row.id)
            return Dispatched()
        except StoreError as error:  # from before_data: nothing was sent
            failure: DeliveryError = Transient(f"the outbox cannot be written: {error}")
        except DeliveryError as error:
            failure = error
            if _spares_the_others(error):
                until = self._rest(mailbox, str(error))
        except Exception as error:
            log.exception("letter-bug", outbox=row.id, begun=begun)
            failure = (Ambiguous if begun else Transient)(_last_line(error))
        else:
            self._rests.pop(mailbox, None)
            return await self._conclude(row, _Sent(answer))
        return await self._conclude(row, self._judge(row, failure, until if isinstance(failure, Unreachable) else None))

    def _judge(self, row: OutboxRow, failure: DeliveryError, until: datetime | None) -> _Again | _Failed:
        """Decide what becomes of a letter that did not leave; `until` is when its mailbox's rest ends, if that is why."""
        uncertain = isinstance(failure, Ambiguous)
        doubts, limit = row.uncertain + uncertain, self._retry_for(row.letter.mailbox)
        if isinstance(failure, Permanent):
            return _Failed(str(failure))
        at = next_attempt(
            row.attempts + 1,
            row.queued_at,
            self._clock.now(),
            limit,
            uncertain=doubts if uncertain else 0,
            jitter=self._jitter(),
        )
        if at is None:
            return _Failed(f"{failure}. {_in_doubt(doubts) if uncertain else f'Given up after {limit}'}")
        return _Again(str(failure), until or at, uncertain)

    async def _conclude(self, row: OutboxRow, verdict: _Verdict) -> Dispatched:
        """Record a verdict, now or, if the store cannot take it, as soon as it can."""
        now = self._clock.now()
        about = {"outbox": row.id, "mailbox": row.letter.mailbox, "attempt": row.attempts + 1}
        match verdict:
            case _Sent():
                log.info("letter-sent", **about)
                counted = Dispatched(sent=1)
            case _Again(error, at, uncertain):
                log.warning(
                    "letter-waits", **about, until=at.isoformat(), uncertain=uncertain, error=_without_addresses(error)
                )
                counted = Dispatched(retried=1)
            case _Failed(error):
                log.error("letter-failed", **about, error=_without_addresses(error))
                counted = Dispatched(failed=1)
        try:
            await self._record(row.id, now, verdict)
        except Exception:
            log.exception("letter-unrecorded", outbox=row.id, verdict=type(verdict).__name__)
            self._unrecorded[row.id] = row.letter.mailbox, now, verdict
        return counted

    async def _record_late(self) -> None:
        """Record what the store could not take before. Raises StoreError: then nothing may be sent either.

        A verdict that trips over a bug keeps only its own mailbox waiting.
        """
        for row_id, (_, then, verdict) in list(self._unrecorded.items()):
            try:
                await self._record(row_id, then, verdict)
            except StoreError:
                raise
            except Exception:
                log.exception("letter-unrecorded", outbox=row_id, verdict=type(verdict).__name__)
            else:
                del self._unrecorded[row_id]

    async def _record(self, row_id: int, now: datetime, verdict: _Verdict) -> None:
        match verdict:
            case _Sent(answer):
                await self._store.sent(row_id, now, answer)
            case _Again(error, at, uncertain):
                await self._store.retry(row_id, now, error, at, uncertain=uncertain)
            case _Failed(error):
                await self._store.failed(row_id, now, error)


def _spares_the_others(failure: DeliveryError) -> bool:
    """Whether a failure is a reason not to try a mailbox's other letters now: the server gave no answer, or none of use."""
    if isinstance(failure, Permanent):
        return False
    return isinstance(failure, Unreachable | Ambiguous) or failure.code in {None, 421}


def _in_doubt(times: int) -> str:
    return f"Uncertain: it may have been delivered, {times} times over, so it is not sent again"


def _mailbox_of(row: OutboxRow) -> str:
    return row.letter.mailbox


def _last_line(error: Exception) -> str:
    return traceback.format_exception_only(error)[-1].strip()


def _without_addresses(text: str) -> str:
    """Return a server's words fit for the log, where no address belongs."""
    return re.sub(r"[^\s<>()\"':;,]+@[^\s<>()\"':;,]+", "…@…", text)
