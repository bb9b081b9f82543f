"""Stored letters decided upon twice: as the running configuration does, and as another one would; by several processes.

Every process opens the database to read only and looks at it anew for every batch: no snapshot is held for long, so a
daemon beside goes on writing and tidies up behind itself. Letters are read once for both sides where they read alike, and
nothing is composed but the words of a reply that may differ.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from maild.backtest.compare import Compared, differences
from maild.backtest.verdict import Verdict, set_aside, verdict_of
from maild.config.load import load_config
from maild.config.terms import clients_of
from maild.desk.case import Caps, Case, Letter
from maild.desk.catalogue import Catalogue
from maild.desk.service import Service
from maild.errors import MaildError, StoreError
from maild.model import Draft, Outcome, OutcomeKind
from maild.outbox.compose import word
from maild.pipeline import Read, gather, read_letter, steer
from maild.policy import MailboxPolicy, Policy, load_policy
from maild.reminding import enrol_configured
from maild.rules.builtin import decide
from maild.store import enrol, open_blobs, open_to_read
from maild.store.engine import Database
from maild.store.past import Look, Past, Stored, looking
from maild.store.unit import Transaction, describe_bug
from maild.texts.flaw import Check

BATCH = 50  # letters within one snapshot
WORTH_A_PROCESS = 200  # letters: to start one takes as long as these


@dataclass(frozen=True, kw_only=True)
class Plan:
    """From what every process makes its comparison."""

    before: Path  # configuration files
    after: Path
    key: bytes = field(repr=False)  # of the tokens in stored letters
    registers: tuple[str, str] = ("", "")  # databases with the clients of either side; "": they are the desk's


def compare_letters(plan: Plan, stored: Sequence[Stored], *, jobs: int | None = None) -> Iterator[Compared]:
    """Yield what becomes of each letter, in order. Raises StoreError, ConfigError."""
    batches = [stored[start : start + BATCH] for start in range(0, len(stored), BATCH)]
    jobs = jobs or min(len(os.sched_getaffinity(0)), 1 + len(stored) // WORTH_A_PROCESS)
    if jobs == 1:
        with closing(Comparison(plan)) as comparison:
            for batch in batches:
                yield from comparison.compare(batch)
        return
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _leave_signals_to_the_parent)
    try:
        with _signals_ignored():  # a process that is only starting must not die of a Ctrl-C that is for us
            answers = pool.map(partial(_compare, plan), batches)
        for compared in answers:
            yield from compared
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
        before, after = load_config(plan.before), load_config(plan.after)
        self._open = ExitStack()
        self._database = self._open.enter_context(closing(open_to_read(before.config)))
        registers = tuple(
            self._open.enter_context(closing(Database.open_to_read(url))) if url else None for url in plan.registers
        )
        self._blobs = open_blobs(before.config)
        policies = [load_policy(loaded, key=plan.key) for loaded in (before, after)]
        boxes, usual = _without_what_is_alike(*(policy.mailboxes for policy in policies))
        self._sides = tuple(
            _Side(boxes=box, register=register, styles=_styles(policy), usual=usual)
            for policy, box, register in zip(policies, boxes, registers, strict=True)
        )

    def close(self) -> None:
        """Close the databases."""
        self._open.close()

    def compare(self, batch: Sequence[Stored]) -> list[Compared]:
        """Return what becomes of each letter, all as of one look at the database."""
        with looking(self._database, [side.register for side in self._sides]) as look:
            knowing, found = look.with_marks(batch), look.load(batch, self._blobs)
            return [self._compare(one, found.get(one.then.letter_id), knowing) for one in batch]

    def _compare(self, one: Stored, letter: Letter | None, look: Look) -> Compared:
        compared = Compared(
            letter=one.then.letter_id, received_at=one.then.received_at, mailbox=one.mailbox, ticket=one.number
        )
        if letter is None:
            return replace(compared, lost=True)
        walk = _TwoWalks(letter, one.then.walked_at)
        before, after = (self._verdict(walk, side, tx) for side, tx in zip(self._sides, look.as_of(one), strict=True))
        changes = differences(before, after)
        if not changes or walk.read is None:
            return replace(compared, changes=changes)
        message, said = walk.read.message, walk.read.said
        author = said.author or message.author
        return replace(compared, changes=changes, author=str(author or ""), subject=said.subject or message.subject)

    @staticmethod
    def _verdict(walk: "_TwoWalks", side: "_Side", tx: Past) -> Verdict:
        """Return what one side makes of the letter; what breaks our code there would be quarantined, and that is the answer."""
        name = walk.letter.raw.place.mailbox
        box = side.boxes.get(name)
        if box is None:
            return _quarantined(f"mailbox {name} is not configured")
        try:
            case = walk.case(box, side.register, tx)
            known = frozenset(rule.name for rule in box.steering.rules.rules)
            return verdict_of(
                case, decide(case), known=known, usual=side.usual.get(name, frozenset()), style=side.styles[name],
                word=partial(_words, box),
            )  # fmt: skip
        except StoreError:
            raise
        except Exception as error:
            return _quarantined(describe_bug(error)[0])


@dataclass(frozen=True)
class _Side:
    """A configuration, ready."""

    boxes: Mapping[str, MailboxPolicy]
    register: Database | None  # with its clients; None: they are the desk's
    styles: Mapping[str, str]  # by mailbox, as all below
    usual: Mapping[str, frozenset[Check]]  # text checks that both sides make of every letter, so that neither need


class _TwoWalks:
    """One letter walked for one side after the other: what rests on the same of both configurations is done once."""

    def __init__(self, letter: Letter, now: datetime) -> None:
        self.letter = letter
        self.read: Read | None = None
        self._now = now
        self._read_for: object = None
        self._case: Case | None = None
        self._gathered_for: object = None

    def case(self, box: MailboxPolicy, register: Database | None, tx: Past) -> Case:
        """Return everything that the box decides upon."""
        desk = box.desk
        reads = (desk.own, desk.forms, desk.staff, desk.notifiers)  # all that reading asks of a configuration
        if self.read is None or self._read_for != reads:
            self.read, self._read_for, self._case = read_letter(self.letter, desk), reads, None
        gathers = (_gathered_by(box), register)
        if self._case is None or self._gathered_for != gathers:
            self._case, self._gathered_for = gather(self.letter, self.read, tx, box, self._now), gathers
        return steer(replace(self._case, policy=desk), self.read, box)


_Boxes = Mapping[str, MailboxPolicy]


def _without_what_is_alike(
    before: _Boxes, after: _Boxes
) -> tuple[tuple[_Boxes, _Boxes], Mapping[str, frozenset[Check]]]:
    """Return the mailboxes with what costs much and is the same on both sides done once, or not at all; and which checks are not.

    An equal FAQ is one index; text checks that both make of every letter are made by neither.
    """
    boxes, usual = (dict(before), dict(after)), {}
    for name in before.keys() & after.keys():
        was, will = before[name], after[name]
        usual[name] = frozenset(was.steering.rules.hints) & frozenset(will.steering.rules.hints)
        faqs = [list(box.desk.catalogue.faq.items()) for box in (was, will)]
        faq = was.steering.faq if faqs[0] == faqs[1] else will.steering.faq
        for side, box, index in ((boxes[0], was, was.steering.faq), (boxes[1], will, faq)):
            rules = box.steering.rules
            rules = replace(rules, hints=tuple(check for check in rules.hints if check not in usual[name]))
            side[name] = replace(box, steering=replace(box.steering, rules=rules, faq=index))
    return boxes, usual


def _gathered_by(box: MailboxPolicy) -> tuple[object, ...]:
    """Return all that `pipeline.gather` asks of a configuration: the rest decides only."""
    desk, service = box.desk, box.desk.service
    asked = replace(desk, catalogue=Catalogue(), service=Service(), caps=Caps(per_address=0, per_ticket=0, per_agent=0))
    return asked, bool(desk.catalogue.grounds), service.identity, service.register, service.zone, box.window


def _quarantined(why: str) -> Verdict:
    return set_aside(Outcome(kind=OutcomeKind.QUARANTINED, reason=why))


def _words(box: MailboxPolicy, draft: Draft) -> tuple[str, str]:
    words = word(draft, box.letterhead)
    return f"{words.subject}\n\n{words.text}", words.html


def _styles(policy: Policy) -> dict[str, str]:
    """Return by mailbox a digest of all that makes words a letter: who writes, in which zone, by which templates."""
    styles = {}
    for name, box in policy.mailboxes.items():
        head, shelves = box.letterhead, box.letterhead.templates.shelves
        texts = {shelf: {each: source.text for each, source in files.items()} for shelf, files in shelves.files.items()}
        everything = (head.organization, head.sender, head.zone.key, shelves.language, texts)
        styles[name] = sha256(repr(everything).encode("utf-8", "replace")).hexdigest()
    return styles


# ── in a process of its own ──────────────────────────────────────────────────────────────────────────────────────────


def _leave_signals_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _comparison(plan: Plan) -> Comparison:
    return Comparison(plan)  # as long as the process lives


def _compare(plan: Plan, batch: Sequence[Stored]) -> list[Compared]:
    try:
        return _comparison(plan).compare(batch)
    except MaildError as error:
        raise StoreError(str(error)) from None  # of all our errors, one that can be sent
