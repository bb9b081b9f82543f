"""Stored letters decided upon twice: as the running configuration does, and as another one would; by several processes.

Every process opens the database to read only and looks at it anew for every batch: no snapshot is held for long, so a
daemon beside goes on writing and tidies up behind itself.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from maild.backtest.compare import Compared
from maild.backtest.sides import TwoWalks, make_sides
from maild.config.terms import clients_of
from maild.desk.case import Letter
from maild.errors import MaildError, StoreError
from maild.policy import Policy
from maild.reminding import enrol_configured
from maild.store import enrol, open_blobs, open_to_read
from maild.store.engine import Database
from maild.store.past import Look, Stored, looking
from maild.store.unit import Transaction

BATCH = 50  # letters within one snapshot
WORTH_A_PROCESS = 50  # letters


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is compared."""

    before: Policy  # whose letters and tickets they are
    after: Policy
    registers: tuple[str, str] = ("", "")  # databases with the clients of either side; "": they are the desk's


@contextmanager
def comparing(plan: Plan, stored: Sequence[Stored], *, jobs: int | None = None) -> Iterator[Iterator[Compared]]:
    """Yield what becomes of each letter, in order. Raises StoreError, also while these are read.

    Processes are forked at once, with both configurations ready in them: nothing may run beside the caller yet, neither
    threads nor open databases.
    """
    batches = [stored[start : start + BATCH] for start in range(0, len(stored), BATCH)]
    jobs = jobs or min(len(os.sched_getaffinity(0)), 1 + len(stored) // WORTH_A_PROCESS)
    if jobs == 1:
        with closing(Comparison(plan)) as comparison:
            yield (one for batch in batches for one in comparison.compare(batch))
        return
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _begin, (plan,))
    try:
        with _signals_ignored():  # a process that is only starting must not die of a Ctrl-C that is for us
            answers = pool.map(_compare, batches)
        yield (one for compared in answers for one in compared)
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _signals_ignored() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: processes that are started meanwhile do so from their first instruction."""
    if threading.current_thread() is not threading.main_thread():  # no other thread may set handlers, or gets signals
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def enrol_aside(database: Database, policy: Policy, folder: Path, now: datetime) -> str:
    """Return a new database with the clients as this configuration has them, or "" where those of the desk are the same.

    Raises ConfigError where a configured client contradicts an imported one.
    """
    configured = {name: clients_of(section) for name, section in policy.config.organization.items()}
    with database.read() as connection:
        if all(enrol.is_synced(connection, name, *register) for name, register in configured.items()):
            return ""
        url = f"sqlite:///{folder / 'register.sqlite3'}"
        with closing(Database.open(url)) as aside, aside.write() as target:
            enrol.copy_register(connection, target)
            enrol_configured(Transaction(target), policy, now)
    return url


class Comparison:
    """Two configurations and the letters of the desk, opened."""

    def __init__(self, plan: Plan) -> None:
        self._open = ExitStack()
        self._database = self._open.enter_context(closing(open_to_read(plan.before.config)))
        self._registers = tuple(
            self._open.enter_context(closing(Database.open_to_read(url))) if url else None for url in plan.registers
        )
        self._blobs = open_blobs(plan.before.config)
        was, will = plan.before.mailboxes, plan.after.mailboxes
        same = self._registers[0] is self._registers[1]
        self._sides = {
            name: make_sides(name, was.get(name), will.get(name), same_register=same) for name in {**was, **will}
        }

    def close(self) -> None:
        """Close the databases."""
        self._open.close()

    def compare(self, batch: Sequence[Stored]) -> list[Compared]:
        """Return what becomes of each letter, all as of one look at the database."""
        with looking(self._database, self._registers, batch, self._blobs) as (look, found):
            return [self._compare(one, found.get(one.then.letter_id), look) for one in batch]

    def _compare(self, one: Stored, letter: Letter | None, look: Look) -> Compared:
        compared = Compared(
            letter=one.then.letter_id, received_at=one.then.received_at, mailbox=one.mailbox, ticket=one.number
        )
        if letter is None:
            return replace(compared, lost=True)
        sides = self._sides.get(one.mailbox) or make_sides(one.mailbox, None, None, same_register=True)
        walks = TwoWalks(letter, sides, look.as_of(one), one.then.walked_at)
        changes = walks.differences()
        if not changes or walks.read is None:
            return replace(compared, changes=changes)
        message, said = walks.read.message, walks.read.said
        author = said.author or message.author
        return replace(compared, changes=changes, author=str(author or ""), subject=said.subject or message.subject)


# ── in a process of its own ──────────────────────────────────────────────────────────────────────────────────────────


_plans: list[Plan] = []  # the one of this process


def _begin(plan: Plan) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the parent
    _plans.append(plan)


@cache
def _comparison() -> Comparison:
    return Comparison(_plans[-1])  # as long as the process lives


def _compare(batch: Sequence[Stored]) -> list[Compared]:
    try:
        return _comparison().compare(batch)
    except MaildError as error:
        raise StoreError(str(error)) from None  # of all our errors, one that can be sent
