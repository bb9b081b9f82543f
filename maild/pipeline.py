"""The walk of one letter, top to bottom: octets in, everything they cause out.

    receive   the raw letter is durable: a blob, fsynced, then a row, committed. Only then is the mail server told.
    walk      read: parse → unwrap → classify → reply. Pure.
              gather: the facts → thread → identify → recognise → dedupe. The only reads of the walk.
              steer: rules → FAQ. decide, compose. Pure.
    settle    what was decided is written in the same transaction, letters to send included. Or the letter is set aside.

`walk` is what the daemon, `maild explain` and `maild rehearse` share; they differ only in what they do with its Decision.
Synchronous: one writer thread runs it, so no two letters are ever decided upon at once.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import structlog

from maild.contracts.clues import find_client_clues
from maild.contracts.recognise import recognise
from maild.contracts.recognition import Recognition
from maild.desk.answer import is_forward
from maild.desk.author import Author
from maild.desk.case import Case, DeskPolicy, Facts, Letter, Load, Orders, Read, Recorded
from maild.desk.decision import Decision
from maild.desk.on_behalf import find_behalf
from maild.errors import LetterLost, Stopping, StoreError, describe_bug
from maild.hearing import belongs, find_edition, find_orders, find_queries, find_speaker, looked_up
from maild.ingest.classify import classify
from maild.ingest.dedupe import Repeat, Request, answers, author_key, find_copy, find_resend
from maild.ingest.dsn import parse_delivery_report
from maild.ingest.likeness import Asked
from maild.ingest.machines.feedback import parse_complaint
from maild.ingest.parse import attachment_reader, parse
from maild.ingest.reply import read_reply
from maild.ingest.said import choose_said
from maild.ingest.thread import Thread, find_clues
from maild.ingest.unwrap import unwrap
from maild.model import (
    Classification,
    DeliveryReport,
    Draft,
    Finding,
    Kind,
    Message,
    Outcome,
    OutcomeKind,
    Outgoing,
    Purpose,
    RawMessage,
    Said,
    Status,
    TicketEvent,
)
from maild.notices import Notice, tell_admin
from maild.outbox.compose import compose, word
from maild.policy import MailboxPolicy, Policy
from maild.rules.builtin import decide
from maild.rules.steer import CUSTOMERS, is_customers, steer_letter, steering_findings
from maild.sla.changes import notice_left
from maild.sla.clock import Clock
from maild.sla.moves import Change
from maild.store import letters
from maild.store import queue as outbox
from maild.store.blobs import Blobs
from maild.store.confirmations import count_open
from maild.store.engine import Database
from maild.store.overtaken import is_overtaken, knows_latest_answer
from maild.store.reads import Reads
from maild.store.tickets import load_tickets
from maild.store.told import was_told_of
from maild.store.tombstones import put_again
from maild.store.unit import Transaction
from maild.tokens import hide_tokens, holds_token

log = structlog.get_logger(__name__)

LETTERS_PER_COMMIT = 50  # under backlog an fsync is shared; a poison letter still costs only itself (savepoints)
MAX_FILES = 20  # attachments named among the evidence
TELL_OF_RULE_AGAIN = timedelta(days=365)  # it is the same bug however many letters it meets
CHASING = (Purpose.CHASER, Purpose.CLOSING)  # letters that a letter of the customer's, or an agent's, makes untrue
TELL_OF_FORWARD_AGAIN = timedelta(days=1)  # whoever forwards a notification means it for no customer, most of the time
MAX_SHOWN = 2_000  # characters of a letter to the customer that is shown to the agent who ordered it
ORDERED = (
    Purpose.ACKNOWLEDGEMENT,
    Purpose.EXTENSION,
    Purpose.REFUSAL,
    Purpose.POSTPONEMENT,
    Purpose.OFFER,
    Purpose.RESOLUTION,
    Purpose.PLANNED,
    Purpose.CLOSING,
    Purpose.FORWARDING,
)  # letters in our words, by command
ENTERED = (OutcomeKind.OPENED, OutcomeKind.APPENDED)  # how a letter ends that is in its ticket
MAX_WALKS = 3  # begun and never ended: such a letter takes the whole process down, so it is set aside unread


@dataclass(frozen=True, kw_only=True)
class Walked:
    """A letter as the walk understood it, and what is to be done about it."""

    letter: Letter
    message: Message
    said: Said
    report: DeliveryReport | None
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class Settled:
    """How a letter ended, for the log and the demo."""

    letter_id: int
    outcome: Outcome
    ticket_id: int | None = None
    outgoing: tuple[Outgoing, ...] = ()
    message: Message | None = None  # None when it could not be read
    decision: Decision | None = None


# ── receive ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def receive(raws: Sequence[RawMessage], database: Database, blobs: Blobs, now: datetime) -> list[int]:
    """Make the letters durable and return the ids of those that still have to be walked. Raises StoreError."""
    for raw in raws:
        blobs.put(raw.octets)
    with database.write() as connection:
        put_again(connection, raws, blobs)
        return letters.add(connection, raws, now)


# ── walk ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def walk(letter: Letter, tx: Reads, policy: MailboxPolicy, now: datetime) -> Walked:
    """Return what the letter is and what follows from it; writes nothing."""
    read = read_letter(letter, policy.desk)
    case = steer(gather(letter, read, tx, policy, now), read, policy)

    # What follows? The first rule of the table that holds decides; its drafts become letters.
    decision = decide(case)
    drafts = _shown_back(decision.drafts, policy)
    outgoing = tuple(_compose(draft, n, letter, policy, now, read.attachment) for n, draft in enumerate(drafts))
    noticed = _noticed(decision, outgoing, policy, now)
    return Walked(
        letter=letter,
        message=read.message,
        said=case.said,
        report=read.report,
        decision=replace(
            decision,
            findings=(*_findings(case, read), *decision.findings),
            outgoing=outgoing,
            clocks=noticed.clocks,
            events=(*decision.events, *noticed.events),
            reached=case.facts.unplaced if decision.outcome.kind in ENTERED else (),
            broken=case.ruling.broken,
        ),
    )


def read_letter(letter: Letter, desk: DeskPolicy) -> Read:
    """Return what the letter says, and who says it. Pure."""
    raw = letter.raw

    # What does the letter say?
    message = parse(raw.octets, envelope_sender=raw.envelope_sender, envelope_recipient=raw.envelope_recipient)

    # Is it what our own people have sent? Then it is no loop, and no form's: what they passed on is not their word.
    own, forms, staff = desk.own, desk.forms, desk.staff
    if raw.sent:
        own, forms = replace(own, addresses=frozenset()), ()
        staff = frozenset({message.author.key}) if message.author else frozenset()

    # Is it somebody else's, sent by a web form or passed on by an agent?
    attachment = cache(attachment_reader(raw.octets))  # opens the letter once for all its files
    wrapped = unwrap(message, forms=forms, staff=staff, own=own, read_attachment=attachment)

    # Did a person write it, or a machine, a list, we ourselves?
    form = wrapped.form if wrapped.kind == "form" else None
    kind = classify(message, own, notifiers=desk.notifiers, form=form)
    report = _report(message, kind, desk)

    # What is new in it, and whose words are these?
    reply = read_reply(message)
    said = choose_said(message, wrapped, reply)
    behalf = None
    if kind.kind is Kind.PERSON and not raw.sent:
        said = replace(said, whose=author_key(message, said.author))
        behalf = find_behalf(message, wrapped, desk, raw.received_at)
    return Read(
        message=message, kind=kind, form=form or "", report=report, said=said, behalf=behalf,
        attachment=attachment,
        findings=(
            _read(message),
            wrapped.finding(),
            kind.finding(),
            *([report.finding()] if report else []),
            reply.finding(),
        ),
    )  # fmt: skip


def gather(letter: Letter, read: Read, tx: Reads, policy: MailboxPolicy, now: datetime) -> Case:
    """Return what is decided upon but for what the admin's rules say; the only reads of the walk.

    `backtest.sides` knows what of the policy all this rests on.
    """
    raw, desk, message, said, kind = letter.raw, policy.desk, read.message, read.said, read.kind

    # What do we know that bears on it?
    clues = find_clues(message, desk.prefix)
    spoken = read.behalf.said if read.behalf else said  # whom we may write to counts as well
    facts = tx.facts_about(letter, message, clues, read.report, desk, since=now - policy.window, said=spoken)

    # Which ticket does it enter? Who wrote it? Have we had it before?
    thread, author, confirms = belongs(letter, read, clues, facts, policy, now)
    behalf = read.behalf if thread.ticket is None and not facts.digest else None
    queries, words = find_queries(letter, read, author, thread, desk) if behalf is None else ((), "")
    orders = find_orders(words, message, author, thread, tx, policy, min(raw.received_at, now), letter=letter)
    edition = find_edition(letter, read, desk) if thread.ticket is None and not facts.digest else None
    asked = looked_up(queries, author, tx, policy, now)
    if raw.sent:  # its words have gone where they were to go
        orders = replace(orders, words="")

    # Do they write down what somebody else asks for? Then that is whose letter it is, where the agent is proven.
    recorded = None
    if behalf and author.asks and not behalf.problem:
        said, recorded = behalf.said, Recorded(by=author.asks)
        author = Author(address=said.author, evidence=(f"agent {recorded.by.id} writes it down for {said.author}",))

    # Which client do they write for, and what are they owed? The register answers; agents speak for no client.
    client, load = _recognise(letter, message, said, kind, author, thread, orders, tx, policy, now)
    repeat = _find_repeat(letter, message, said, facts, thread)

    # What of the agent's files would hand a key to the customer? (The same files go to every recipient.)
    with_tokens = _with_tokens(read) if author.agent else frozenset()

    return Case(
        letter=letter, message=message, said=said, kind=kind, report=read.report, repeat=repeat,
        thread=thread, author=author, facts=facts, policy=desk, now=now, with_tokens=with_tokens,
        client=client, known_by=tx.known_by(desk.organization), load=load, orders=orders, confirms=confirms, asked=asked, behalf=behalf, recorded=recorded,
        speaks=find_speaker(clues, facts, policy),
        edition=edition,
        audience=tx.audience(desk.organization) if edition else 0,
        past=tx.past_of(thread.ticket.id) if thread.ticket else (),
        closes_at=tx.closes_at(thread.ticket.id) if thread.ticket and thread.ticket.status is Status.RESOLVED else None,
        overtaken=_is_overtaken(message, author, thread, tx),
        aware=_is_aware(message, author, thread, tx),
        told=_was_told(message, author, thread, tx, now),
        open_questions=_open_questions(author, tx, now),
    )  # fmt: skip


def _is_overtaken(message: Message, author: Author, thread: Thread, tx: Reads) -> bool:
    if author.agent is None or thread.ticket is None or not message.in_reply_to:
        return False
    return is_overtaken(tx.connection, thread.ticket.id, message.in_reply_to, tx.seen_letters())


def _is_aware(message: Message, author: Author, thread: Thread, tx: Reads) -> bool:
    if author.agent is None or thread.ticket is None:
        return False
    key, seen = author.agent.address.key, (tx.seen_letters(), tx.seen_outgoing())
    return knows_latest_answer(tx.connection, thread.ticket.id, message.in_reply_to, key, *seen)


def _was_told(message: Message, author: Author, thread: Thread, tx: Reads, now: datetime) -> bool:
    agent, ticket = author.agent, thread.ticket
    if agent is None or ticket is None or not is_forward(message.subject, ticket):
        return False
    since, seen = now - TELL_OF_FORWARD_AGAIN, tx.seen_outgoing()
    return was_told_of(tx.connection, "not an answer", ticket.id, agent.address.key, since, seen)


def _open_questions(author: Author, tx: Reads, now: datetime) -> int:
    if author.claims is None:
        return 0
    about = author.claimed_in.id if author.claimed_in else None
    return count_open(tx.connection, author.claims.id, about, now, tx.until(), tx.seen_letters())


def steer(case: Case, read: Read, policy: MailboxPolicy) -> Case:
    """Return the case with what the admin's rules say of it and what the FAQ knows. Of customers' letters only. Pure."""
    if not is_customers(case):
        return case
    case = steer_letter(case, policy.steering, read.form, read.attachment)
    unit = policy.desk.catalogue.units.get(case.ruling.route)
    return replace(case, with_tokens=_with_tokens(read)) if unit and unit.address else case


def _with_tokens(read: Read) -> frozenset[int]:
    """Return the indexes of the files in which tokens stand."""
    return frozenset(one.index for one in read.message.attachments if holds_token(read.attachment(one.index)))


def _findings(case: Case, read: Read) -> tuple[Finding, ...]:
    """Say what each step found."""
    return (
        *read.findings,
        case.thread.finding(),
        case.author.finding(),
        *([case.client.finding()] if case.client.evidence else []),
        case.repeat.finding(),
        *steering_findings(case),
    )


def _recognise(
    letter: Letter,
    message: Message,
    said: Said,
    kind: Classification,
    author: Author,
    thread: Thread,
    orders: Orders,
    tx: Reads,
    policy: MailboxPolicy,
    now: datetime,
) -> tuple[Recognition, Load]:
    """Return whose client the author is, and how much there is to do for them and before them."""
    desk, at = policy.desk, min(letter.raw.received_at, now)
    # What is made out of a request counts in the same month, and may be dealt out.
    if "split" in orders.verbs and thread.ticket:
        asked = thread.ticket.received_at or thread.ticket.opened_at
        return Recognition(), tx.load_of(orders.named or orders.client, desk, asked)
    if author.agent or author.claims or kind.kind not in (Kind.PERSON, Kind.NOTIFICATION):
        # An agent's own request and a machine's alert are dealt out, too.
        opens = kind.kind in CUSTOMERS and thread.ticket is None
        return Recognition(), tx.load_of(None, desk, at) if opens else Load()
    clues = find_client_clues(message, said, author.address)
    found = tx.known_of(clues, thread.ticket, desk, since=at - desk.service.identity.window)
    client = recognise(clues, found, desk.service.register, at.astimezone(desk.service.zone).date())
    known = thread.ticket is not None and (
        client.client is None or (thread.ticket.client == client.client.key and thread.ticket.counted)
    )
    return client, Load() if known else tx.load_of(client.client, desk, at)


def _noticed(decision: Decision, outgoing: tuple[Outgoing, ...], policy: MailboxPolicy, now: datetime) -> Change:
    """Return the clocks, an extension just asked for bound to the letter that tells the customer of it.

    Where that letter is withheld it counts as if it had left at once, so that terms run as they would.
    """
    letter = next((one for one in outgoing if one.purpose is Purpose.EXTENSION), None)
    clocks: list[Clock] = []
    events: list[TicketEvent] = []
    for clock in decision.clocks:
        if letter and clock.extension and not clock.extension.notice:
            bound = replace(clock, extension=replace(clock.extension, notice=letter.message_id))
            told = notice_left(bound, now, policy.desk.service.calendars) if letter.withheld else None
            clocks += told.clocks if told else (bound,)
            events += told.events if told else ()
        else:
            clocks.append(clock)
    return Change(clocks=tuple(clocks), events=tuple(events))


def _read(message: Message) -> Finding:
    """Say what a letter consists of, and what had to be repaired."""
    files = [f"{one.name} ({one.media_type}, {one.size} octets)" for one in message.attachments]
    shown = files if len(files) <= MAX_FILES else [*files[:MAX_FILES], f"{len(files) - MAX_FILES} more files"]
    verdict = f"{len(message.text)} characters of text, {len(files)} file{'s' * (len(files) != 1)}"
    return Finding(step="parse", verdict=verdict, evidence=(*shown, *(message.defects or ("nothing was repaired",))))


def _report(message: Message, kind: Classification, desk: DeskPolicy) -> DeliveryReport | None:
    """Return what a mail system, or a reader's provider, says of a letter of ours."""
    if kind.kind is Kind.DSN:
        return parse_delivery_report(message, desk.own.addresses)
    return parse_complaint(message) if kind.kind is Kind.FEEDBACK else None


def _find_repeat(letter: Letter, message: Message, said: Said, facts: Facts, thread: Thread) -> Repeat:
    """Tell whether the letter is a copy of one we had, or one person's request sent again."""
    if letter.no_repeat:
        return Repeat(evidence=(f"not asked: {letter.no_repeat}",))
    copy = find_copy(letter.raw.sha256, message, facts.earlier)
    if copy.copy_of or not said.whose or letter.raw.truncated:
        return copy
    asked = Asked(subject="" if answers(message) else said.subject, text=said.text)
    resend = find_resend(Request(asked=asked, files=frozenset(said.files)), facts.lately, thread.ticket)
    return replace(resend, evidence=(*copy.evidence, *resend.evidence))


def _shown_back(drafts: tuple[Draft, ...], policy: MailboxPolicy) -> tuple[Draft, ...]:
    """Return the drafts, each receipt with the very words of the letters that the agent has ordered and not written."""
    ordered = [draft for draft in drafts if draft.purpose in ORDERED]
    if not ordered or not any(draft.purpose is Purpose.RECEIPT for draft in drafts):
        return drafts
    said = (word(replace(one, asks=False), policy.letterhead).text.partition("\n-- \n")[0].strip() for one in ordered)
    text = "\n\n* * *\n\n".join(said)
    cut = f"{text[:MAX_SHOWN]}…" if len(text) > MAX_SHOWN else text
    shown = {"letter": hide_tokens(cut)}
    return tuple(
        replace(draft, words={**draft.words, **shown}) if draft.purpose is Purpose.RECEIPT else draft
        for draft in drafts
    )


def _compose(
    draft: Draft, n: int, letter: Letter, policy: MailboxPolicy, now: datetime, read: Callable[[int], bytes]
) -> Outgoing:
    again = ("c" if letter.confirmed else "") + ("r" if letter.no_repeat else "")  # it may walk twice within a second
    return compose(
        draft,
        policy.letterhead,
        unique=f"{letter.id}{again}-{n}-{int(now.timestamp()):x}",
        now=now,
        read_attachment=read,
    )


# ── settle ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def settle(
    ids: Sequence[int],
    database: Database,
    blobs: Blobs,
    policy: Policy,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
) -> list[Settled]:
    """Walk stored letters to their outcomes, many to a commit.

    Raises StoreError or Stopping; then those of the open commit have no outcome, and are walked after the next start.
    """
    settled = []
    for start in range(0, len(ids), LETTERS_PER_COMMIT):
        with database.write() as connection:
            tx = Transaction(connection, blobs=blobs)
            tx.wait_for_turn()
            waiting = deque(letters.claim(connection, ids[start : start + LETTERS_PER_COMMIT]))
            while waiting:
                if stopping():
                    raise Stopping("maild is stopping: the letter is walked after the next start")
                one = _settle_one(waiting.popleft(), tx, blobs, policy, now)
                settled.append(one)
                if one.decision:
                    waiting.extendleft(reversed(one.decision.again))
    return settled


def recover(
    database: Database,
    blobs: Blobs,
    policy: Policy,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
) -> list[Settled]:
    """Walk what a crash left behind, one at a time; a letter that crashes us for the third time is set aside."""
    settled: list[Settled] = []
    while True:
        with database.write() as connection:
            ids = letters.pending(connection, 1)
            letters.begin_walks(connection, ids)
        if not ids:
            return settled
        try:
            settled += settle(ids, database, blobs, policy, now, stopping)
        except (StoreError, Stopping):
            with database.write() as connection:
                letters.begin_walks(connection, ids, count=-1)  # neither is the letter's fault
            raise


def _settle_one(letter_id: int, tx: Transaction, blobs: Blobs, policy: Policy, now: datetime) -> Settled:
    """Walk one letter inside a savepoint; what breaks our code is quarantined with its octets and the traceback."""
    try:
        with tx.savepoint():
            if letters.walks(tx.connection, letter_id) > MAX_WALKS:
                raise RuntimeError(f"maild died {MAX_WALKS} times with this letter in hand")
            letter = letters.load(tx.connection, letter_id, blobs)
            assert letter is not None, "only stored letters are walked"
            walked = walk(letter, tx, _mailbox_policy(letter, policy), now)
            _withdraw(walked.decision, tx, now)
            tx.apply(letter, walked.message, walked.said, walked.decision, now)
    except LetterLost as error:
        return _quarantine(letter_id, error, tx, policy, now)
    except StoreError:
        raise  # the disk's fault, not the letter's
    except Exception as error:
        return _quarantine(letter_id, error, tx, policy, now)
    decision = walked.decision
    _tell_doubts(decision, tx, policy, now)
    if decision.broken:
        _tell_broken_rule(decision.broken, letter.raw.place.mailbox, letter_id, tx, policy, now)
    log.info("letter", letter=letter_id, outcome=decision.outcome.kind, ticket=decision.ticket_id)
    return Settled(
        letter_id=letter_id, outcome=decision.outcome, ticket_id=decision.ticket_id,
        outgoing=decision.outgoing, message=walked.message, decision=decision,
    )  # fmt: skip


def _withdraw(decision: Decision, tx: Transaction, now: datetime) -> None:
    """Take back what still waits to tell a customer something untrue: that we wait for them, or have not answered yet."""
    if decision.ticket_id is None:
        return
    if decision.chase_over:
        outbox.withdraw(tx.connection, decision.ticket_id, CHASING, "a letter came before it had left", now)
    if decision.answered_already:
        why = "a person had answered before it had left"
        outbox.withdraw(tx.connection, decision.ticket_id, (Purpose.ACKNOWLEDGEMENT,), why, now)


def _tell_doubts(decision: Decision, tx: Transaction, policy: Policy, now: datetime) -> None:
    """Tell the admin, once a day, of terms that were promised on days whose nature is not confirmed yet."""
    clocks = (*decision.clocks, *(clock for one in decision.split for clock in one.clocks))
    doubted = [clock for clock in clocks if clock.doubts and clock.running]
    if not doubted:
        return
    tickets = load_tickets(tx.connection, [clock.ticket_id for clock in doubted])
    for clock in doubted:
        ticket = tickets[clock.ticket_id]
        calendar = f"{ticket.organization}: {clock.target.calendar}"
        notice = Notice(
            kind="unconfirmed", key=calendar, summary=calendar, lines=clock.doubts,
            command=f"maild sla explain {ticket.number}",
        )  # fmt: skip
        tell_admin(tx, notice, policy, now)


def _tell_broken_rule(
    broken: str, mailbox: str, letter_id: int, tx: Transaction, policy: Policy, now: datetime
) -> None:
    """Tell the admin, once, of a rule that fails in a way that no rule should: the letters go to people meanwhile."""
    log.error("rule failed because of a bug", letter=letter_id, mailbox=mailbox, rule=broken)
    rule = f"{mailbox.partition('/')[0]}: {broken.partition(':')[0]}"
    notice = Notice(kind="rule", key=rule, summary=rule, lines=(broken,), command=f"maild explain {letter_id}")
    tell_admin(tx, notice, policy, now, again_after=TELL_OF_RULE_AGAIN)


def _mailbox_policy(letter: Letter, policy: Policy) -> MailboxPolicy:
    name = letter.raw.place.mailbox
    if name not in policy.mailboxes:
        raise LookupError(f"mailbox {name} is no longer configured: put it back, then replay the letter")
    return policy.mailboxes[name]


def _quarantine(letter_id: int, error: Exception, tx: Transaction, policy: Policy, now: datetime) -> Settled:
    """Set the letter aside and tell the admin, once for each kind of fault."""
    summary, trace, kind = describe_bug(error)
    letters.set_aside(tx.connection, letter_id, summary, trace, now)
    log.error("letter quarantined", letter=letter_id, error=summary, remedy=f"maild quarantine show {letter_id}")
    command = f"maild quarantine show {letter_id}"
    notice = Notice(kind="quarantine", key=kind, summary=f"№ {letter_id}", lines=(summary,), command=command)
    outgoing = tell_admin(tx, notice, policy, now)
    outcome = Outcome(kind=OutcomeKind.QUARANTINED, reason=summary)
    return Settled(letter_id=letter_id, outcome=outcome, outgoing=outgoing)
