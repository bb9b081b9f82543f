"""One transaction of the walk: the only reads (`facts_about`) and the only writes (`apply`) that a letter causes."""

import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, not_, or_, select, text, update

from maild.contracts.accounting import Work
from maild.contracts.client import Client
from maild.contracts.clues import ClientClues
from maild.contracts.found import Found
from maild.contracts.providers import box_key
from maild.contracts.quota import month_of
from maild.desk.case import MAX_COUNTED, DeskPolicy, Facts, Letter, Load, OwnLetter
from maild.desk.decision import Decision
from maild.errors import LetterLost, StoreError
from maild.ingest.dedupe import Earlier, Fingerprint, Request, answers, id_key, identity
from maild.ingest.likeness import Asked
from maild.ingest.thread import Candidate, Clues, Spot
from maild.model import (
    PASSED_ON,
    Address,
    DeliveryReport,
    Direction,
    Message,
    OutboxState,
    OutcomeKind,
    Outgoing,
    Participant,
    Purpose,
    Role,
    Said,
    Status,
    Ticket,
    TicketEvent,
)
from maild.outbox.relayed import relay_key
from maild.store import clocks, register
from maild.store.engine import translated
from maild.store.letters import release_repeat
from maild.store.schema import (
    OPEN,
    contact,
    counter,
    event,
    letter,
    mentioned,
    message,
    notice,
    outbox,
    participant,
    ticket,
    work,
)
from maild.store.work import add_work

PG_TURN = 0x6D61696C65  # "maile": the advisory lock of whoever decides on letters in a PostgreSQL database
MAX_EARLIER = 20  # letters that share an identity; gateways that reuse an id for thousands exist
MAX_LATELY = 20  # letters of one author that a new one is compared with
MAX_MENTIONED = 20  # ids of In-Reply-To and References remembered of one letter: the root and the newest
SERVED = (  # columns of a ticket that have the names of its fields
    "standing", "client", "client_name", "level", "category", "severity", "hours", "coupon", "agent", "rank", "counted",
)  # fmt: skip
_CALENDAR = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Transaction:
    """A view of the database in which one or more letters are walked; commits or vanishes as a whole."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._place = connection.engine.url.render_as_string(hide_password=True)

    def wait_for_turn(self) -> None:
        """Let nobody else decide on letters until the transaction ends, lest two copies of one letter open two tickets.

        SQLite's BEGIN IMMEDIATE has seen to that already.
        """
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(select(func.pg_advisory_xact_lock(PG_TURN)))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Let one letter fail without the others that share the commit. Raises StoreError when the disk is to blame.

        Then the whole transaction has to go: SQLite may have rolled it back by itself, savepoints included.
        """
        nested = self.connection.begin_nested()
        try:
            with translated(self._place):
                yield
        except LetterLost:
            nested.rollback()
            raise
        except StoreError:
            raise
        except BaseException:
            nested.rollback()
            raise
        with translated(self._place):
            nested.commit()

    # ── reads ────────────────────────────────────────────────────────────────────────────────────────────────────────

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
        """Return everything stored that bears on the letter; automatic mail is counted from `since` on."""
        reported = self._reported(report, clues) if report else None
        candidates = self._candidates(clues, desk, reported)
        people = (said.author, parsed.author, parsed.sender, *parsed.reply_to)
        interesting = {address.key for address in people if address}
        interesting.add((parsed.envelope_sender or "").casefold())
        interesting |= desk.staff
        interesting |= {
            one.ticket.requester.key for one in candidates
        }  # whom a colleague's letter may have us write to
        lately = self._lately(walked, said.whose, desk) if said.whose else ()
        return Facts(
            earlier=self._earlier(walked, parsed, desk),
            lately=lately,
            repeat=self._repeat(clues),
            digest=self._answers_digest(clues),
            itself=self._own_letter(parsed.message_id),
            reported=reported,
            candidates=candidates,
            clocks=clocks.load_clocks(
                self.connection,
                {*(one.ticket.id for one in candidates), *(one.ticket.id for one in lately)},
            ),
            next_ticket_id=self._last("ticket") + 1,
            next_number=self._last(f"number:{desk.prefix}") + 1,
            sent_to=self._sent_to(interesting, since),
            sent_about=self._sent_about([candidate.ticket.id for candidate in candidates], since),
        )

    def _earlier(self, walked: Letter, parsed: Message, desk: DeskPolicy) -> tuple[Fingerprint, ...]:
        same = [letter.c.sha256 == walked.raw.sha256]
        if key := identity(parsed):
            same.append(letter.c.message_id == key)
        unseen = or_(
            letter.c.outcome.in_(
                (OutcomeKind.IGNORED, OutcomeKind.DUPLICATE)
            ),  # a copy speaks through its first letter
            and_(letter.c.outcome == OutcomeKind.BOUNCE, letter.c.ticket_id.is_(None)),
        )
        query = (
            select(letter.c.id, letter.c.sha256, letter.c.message_id, letter.c.content, letter.c.ticket_id)
            .where(letter.c.organization == desk.organization, letter.c.id != walked.id, or_(*same))
            # What was ignored nobody saw: the list's copy of a letter must not hide the one that came directly.
            .where(or_(letter.c.sha256 == walked.raw.sha256, not_(unseen)))
            # What is in quarantine was never dealt with: a copy of it is no repeat, and may be walked first.
            .where(letter.c.outcome.is_not(None), letter.c.outcome != OutcomeKind.QUARANTINED)
            # Copies first: a form's id on a hundred letters must not push the one that matters out of the window.
            .order_by(or_(letter.c.sha256 == walked.raw.sha256, letter.c.content == parsed.content).desc(), letter.c.id)
            .limit(MAX_EARLIER)
        )
        return tuple(
            Fingerprint(
                letter_id=r.id, sha256=r.sha256, message_id=r.message_id, content=r.content, ticket_id=r.ticket_id
            )
            for r in self.connection.execute(query)
        )

    def _lately(self, walked: Letter, author: str, desk: DeskPolicy) -> tuple[Earlier, ...]:
        """Return what the author has asked within the window for repeats, around the instant this letter arrived."""
        window = desk.repeat_window
        # mail servers and files claim any year, also one near which the calendar ends
        since = max(walked.raw.received_at, _CALENDAR[0] + window) - window
        until = min(walked.raw.received_at, _CALENDAR[1] - window) + window
        query = (
            select(letter.c.id, letter.c.ticket_id, letter.c.subject, letter.c.files, message.c.text)
            .join(message, and_(message.c.letter_id == letter.c.id, message.c.direction == Direction.IN))
            .where(letter.c.organization == desk.organization, letter.c.author_key == author, letter.c.id != walked.id)
            .where(letter.c.received_at.between(since, until))
            .where(letter.c.outcome.in_((OutcomeKind.OPENED, OutcomeKind.APPENDED)))
            .order_by(letter.c.received_at.desc(), letter.c.id.desc())
            .limit(MAX_LATELY)
        )
        rows = self.connection.execute(query).all() if window else []
        tickets = load_tickets(self.connection, list({row.ticket_id for row in rows}), desk.organization)
        return tuple(
            Earlier(
                letter_id=row.id,
                ticket=tickets[row.ticket_id],
                request=Request(
                    asked=Asked(subject=row.subject or "", text=row.text), files=frozenset(row.files or ())
                ),
            )
            for row in rows
            if row.ticket_id in tickets
        )

    def _repeat(self, clues: Clues) -> int | None:
        """Return the resend that a letter of ours was about which this one answers, or None."""
        named = _is_ours(clues.message_ids)
        query = (
            select(letter.c.id)
            .join(outbox, outbox.c.letter_id == letter.c.id)
            .where(named, letter.c.outcome == OutcomeKind.DUPLICATE)
            .order_by(outbox.c.id.desc())
        )
        return self.connection.execute(query).scalars().first() if clues.message_ids else None

    def _answers_digest(self, clues: Clues) -> bool:
        """Whether a letter answers one of ours to an agent that spoke of several tickets."""
        query = select(outbox.c.id).where(_is_ours(clues.message_ids), outbox.c.purpose == Purpose.REMINDER)
        where = outbox.c.ticket_id.is_(None)
        return bool(clues.message_ids) and self.connection.execute(query.where(where)).first() is not None

    def _own_letter(self, message_id: str | None) -> OwnLetter | None:
        if message_id is None:
            return None
        row = self.connection.execute(select(outbox).where(_is_ours((message_id,))).order_by(outbox.c.id)).first()
        return OwnLetter(outbox_id=row.id, letter=outgoing_of(row)) if row else None

    def _reported(self, report: DeliveryReport, clues: Clues) -> OwnLetter | None:
        """Return the letter of ours that a delivery report is about.

        Where the report does not quote its Message-ID, the address that it came back to tells, which holds the token of
        ticket and recipient: then it is the latest letter that went out from there.
        """
        found = self._own_letter(report.original_message_id)
        tokens = [clue.token for clue in clues.tokens if clue.spot is Spot.ADDRESS]
        if found or not tokens:
            return found
        query = (
            select(outbox)
            .where(outbox.c.ticket_id.in_({token.ticket_id for token in tokens}))
            .where(
                or_(*(func.lower(outbox.c.envelope_sender).contains(str(token), autoescape=True) for token in tokens))
            )
            .order_by(outbox.c.sent_at.is_(None), outbox.c.sent_at.desc(), outbox.c.id.desc())
        )
        row = self.connection.execute(query).first()
        return OwnLetter(outbox_id=row.id, letter=outgoing_of(row)) if row else None

    def _candidates(self, clues: Clues, desk: DeskPolicy, reported: OwnLetter | None) -> tuple[Candidate, ...]:
        """Return the tickets of this organisation that a clue leads to, the strongest clue first."""
        by_message_id: dict[int, str] = {}
        for message_id in reversed(clues.message_ids):
            for ticket_id in self._tickets_of(message_id, desk):
                by_message_id[ticket_id] = message_id
        answered_by = self._tickets_that_mention([clues.own_id] if clues.own_id else [], desk)
        siblings = self._tickets_that_mention(clues.message_ids, desk)
        numbered = select(ticket.c.id).where(ticket.c.number.in_(clues.numbers)) if clues.numbers else None
        ids = dict.fromkeys(clue.token.ticket_id for clue in clues.tokens)
        ids |= dict.fromkeys(reversed(by_message_id))
        ids |= dict.fromkeys((*answered_by, *siblings))
        ids |= dict.fromkeys(self.connection.execute(numbered).scalars() if numbered is not None else ())
        if reported and reported.letter.ticket_id is not None:
            ids[reported.letter.ticket_id] = None
        tickets = load_tickets(self.connection, list(ids), desk.organization)
        return tuple(
            Candidate(
                ticket=tickets[ticket_id],
                by_message_id=by_message_id.get(ticket_id),
                answered_by=ticket_id in answered_by,
                sibling_by=siblings.get(ticket_id),
            )
            for ticket_id in ids
            if ticket_id in tickets
        )

    def _tickets_of(self, message_id: str, desk: DeskPolicy) -> Sequence[int]:
        ours = select(outbox.c.ticket_id).where(_is_ours((message_id,)), outbox.c.ticket_id.is_not(None))
        theirs = select(letter.c.ticket_id).where(
            letter.c.organization == desk.organization,
            letter.c.message_id == message_id,
            letter.c.ticket_id.is_not(None),
        )
        return self.connection.execute(ours.union(theirs)).scalars().all()

    def _tickets_that_mention(self, message_ids: Sequence[str], desk: DeskPolicy) -> dict[int, str]:
        """Return the tickets with a letter whose In-Reply-To or References name one of the ids, and which one."""
        if not message_ids:
            return {}
        query = (
            select(letter.c.ticket_id, mentioned.c.message_id)
            .join(letter, letter.c.id == mentioned.c.letter_id)
            .where(mentioned.c.organization == desk.organization, letter.c.ticket_id.is_not(None))
            .where(mentioned.c.message_id.in_([id_key(one) for one in message_ids]))
            .order_by(mentioned.c.letter_id)
            .limit(MAX_EARLIER)
        )
        return dict(self.connection.execute(query).all())

    def _known_contact(self, organization: str, key: str) -> bool:
        query = select(contact.c.id).where(contact.c.organization == organization, contact.c.address_key == key)
        return self.connection.execute(query).first() is not None

    def _last(self, name: str) -> int:
        query = select(counter.c.value).where(counter.c.name == name).with_for_update()
        return int(self.connection.execute(query).scalar() or 0)

    def _sent_to(self, keys: set[str], since: datetime) -> dict[str, int]:
        query = (
            select(outbox.c.recipient_key, func.count())
            .where(outbox.c.recipient_key.in_(keys), outbox.c.queued_at > since, outbox.c.automatic)
            .group_by(outbox.c.recipient_key)
        )
        return dict(self.connection.execute(query).all())

    def _sent_about(self, ids: Sequence[int], since: datetime) -> dict[int, int]:
        query = (
            select(outbox.c.ticket_id, func.count())
            .where(outbox.c.ticket_id.in_(ids), outbox.c.queued_at > since, outbox.c.automatic)
            .group_by(outbox.c.ticket_id)
        )
        return dict(self.connection.execute(query).all())

    def known_of(self, clues: ClientClues, continued: Ticket | None, desk: DeskPolicy, since: datetime) -> Found:
        """Return what the register has of a letter's author; `since`: when guesses of coupons begin to count."""
        who = box_key(clues.author.addr) if clues.author else ""
        found = register.find(self.connection, desk.organization, clues.lookups, clues.coupons, who, since)
        mine = self.client(desk.organization, continued.client) if continued and continued.client else None
        return replace(found, ticket_client=mine)

    def client(self, organization: str, key: str) -> Client | None:
        """Return the client that people call so, or None."""
        return register.find_client(self.connection, organization, key)

    def load_of(self, client: Client | None, desk: DeskPolicy, at: datetime) -> Load:
        """Return how much there is to do already: for the client in the month of `at`, and in the whole queue."""
        start, end = month_of(at, desk.service.zone)
        requests = register.count_requests(self.connection, desk.organization, client.key, start, end) if client else 0
        by_rank = queue_lengths(self.connection, desk.organization)
        return Load(requests=requests, open=sum(by_rank.values()), urgent=(by_rank.get(0, 0), by_rank.get(1, 0)))

    # ── writes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def apply(self, walked: Letter, parsed: Message, said: Said, decision: Decision, now: datetime) -> None:
        """Write everything the letter causes, its outcome included. A second outcome raises RuntimeError."""
        if decision.opened:
            self._open(decision.opened, now)
        if decision.ticket_id is not None:
            self._join(decision.ticket_id, decision.joined)
            self._history(walked.id, decision.ticket_id, decision, now)
            if decision.became:
                save_service(self.connection, decision.became, now)
            if decision.clocks:
                clocks.save(self.connection, decision.clocks)
            for spent in decision.spent:
                done = Work(ticket=decision.ticket_id, at=min(walked.raw.received_at, now), spent=spent.time)
                add_work(self.connection, done, agent=spent.agent, note=spent.note)
        if decision.guessed:
            register.note_guesses(
                self.connection,
                _organization(walked),
                decision.guessed_by,
                decision.guessed,
                min(walked.raw.received_at, now),
            )
        if decision.undone is not None:
            release_repeat(self.connection, decision.undone, decision.outcome.reason)
        for outgoing in decision.outgoing:
            enqueue(self.connection, outgoing, now, letter_id=walked.id)
        if decision.bounced is not None:
            bounced = {"state": OutboxState.FAILED, "error": decision.outcome.reason}
            self.connection.execute(update(outbox).where(outbox.c.id == decision.bounced).values(bounced))
        ended = self.connection.execute(
            update(letter)
            .where(letter.c.id == walked.id, letter.c.outcome.is_(None))
            .values(
                message_id=identity(parsed) or None,
                content=parsed.content,
                author_key=said.whose or None,
                subject=None if answers(parsed) else said.subject,
                files=list(said.files),
                outcome=decision.outcome.kind,
                reason=decision.outcome.reason,
                findings=[
                    {"step": f.step, "verdict": f.verdict, "evidence": list(f.evidence)} for f in decision.findings
                ],
                ticket_id=decision.ticket_id,
                walked_at=now,
            )
        )
        if ended.rowcount != 1:
            raise RuntimeError(f"letter {walked.id} has an outcome already: the walk must not end twice")
        if decision.outcome.kind in (OutcomeKind.OPENED, OutcomeKind.APPENDED):
            self._remember_ids(walked, parsed)

    def _remember_ids(self, walked: Letter, parsed: Message) -> None:
        """Remember which letters this one speaks of, so that one of them which comes later finds its ticket."""
        ids = list(dict.fromkeys(id_key(one) for one in (*parsed.references, *parsed.in_reply_to)))
        kept = ids if len(ids) <= MAX_MENTIONED else ids[:1] + ids[1 - MAX_MENTIONED :]
        if kept:
            values = {"letter_id": walked.id, "organization": _organization(walked)}
            self.connection.execute(insert(mentioned), [values | {"message_id": one} for one in kept])

    def _open(self, opened: Ticket, now: datetime) -> None:
        self._count("ticket", opened.id)
        prefix, _, number = opened.number.rpartition("-")
        self._count(f"number:{prefix}", int(number))
        self.connection.execute(
            insert(ticket).values(
                id=opened.id,
                number=opened.number,
                organization=opened.organization,
                mailbox=opened.mailbox,
                subject=opened.subject,
                status=opened.status,
                requester=opened.requester.addr,
                requester_name=opened.requester.name,
                opened_at=opened.opened_at,
                updated_at=now,
                **_served(opened),
            )
        )
        self._join(opened.id, opened.participants)
        who = opened.requester
        if who.addr and not self._known_contact(opened.organization, who.key):
            values = {"organization": opened.organization, "address_key": who.key, "addr": who.addr, "name": who.name}
            self.connection.execute(insert(contact).values(**values, first_seen_at=now))

    def _count(self, name: str, value: int) -> None:
        """Record that `value` was given out: it must be the one after the last."""
        where = (counter.c.name == name, counter.c.value == value - 1)
        if self.connection.execute(update(counter).where(*where).values(value=value)).rowcount == 0:
            self.connection.execute(insert(counter).values(name=name, value=value))  # fails if somebody else counted

    def _join(self, ticket_id: int, people: Sequence[Participant]) -> None:
        there = set(
            self.connection.execute(
                select(participant.c.address_key).where(participant.c.ticket_id == ticket_id)
            ).scalars()
        )
        for person in people:
            if person.address.key not in there:
                values = {"address_key": person.address.key, "addr": person.address.addr, "name": person.address.name}
                self.connection.execute(insert(participant).values(**values, ticket_id=ticket_id, role=person.role))

    def _history(self, letter_id: int, ticket_id: int, decision: Decision, now: datetime) -> None:
        changes: dict[str, object] = {"updated_at": now}
        if decision.status:
            changes["status"] = decision.status
        self.connection.execute(update(ticket).where(ticket.c.id == ticket_id).values(changes))
        for entry in decision.entries:
            values = {"author": entry.author.addr, "author_name": entry.author.name, "text": entry.text}
            standing = {"ticket_id": ticket_id, "letter_id": letter_id, "direction": entry.direction, "at": now}
            self.connection.execute(insert(message).values(values | standing))
        for happened in decision.events:
            add_event(self.connection, ticket_id, happened.kind, happened.detail, now, letter_id=letter_id)

    def tell_once(self, key: str, since: datetime, now: datetime) -> bool:
        """Whether the admin has not been told of `key` since then; from now on they have."""
        row = self.connection.execute(select(notice.c.at).where(notice.c.key == key)).one_or_none()
        if row is not None and row.at > since:
            return False
        self.connection.execute(notice.delete().where(notice.c.key == key))
        self.connection.execute(insert(notice).values(key=key, at=now))
        return True


def queue_lengths(connection: Connection, organization: str) -> dict[int, int]:
    """Return how many of the first MAX_COUNTED open tickets there are by rank."""
    front = (
        select(ticket.c.rank)
        .where(ticket.c.organization == organization, text(OPEN))
        .order_by(ticket.c.rank)
        .limit(MAX_COUNTED)
    )
    return Counter(connection.execute(front).scalars())


def _organization(walked: Letter) -> str:
    return walked.raw.place.mailbox.partition("/")[0]


def _is_ours(message_ids: Sequence[str]) -> ColumnElement[bool]:
    """The condition that an outbox row has one of these Message-IDs, or went out with it because a relay changed its own."""
    keys = [key for one in message_ids if (key := relay_key(one))]
    return (
        or_(outbox.c.message_id.in_(message_ids), outbox.c.relay_key.in_(keys))
        if keys
        else outbox.c.message_id.in_(message_ids)
    )


def enqueue(connection: Connection, outgoing: Outgoing, now: datetime, *, letter_id: int | None = None) -> None:
    """Put a composed letter into the outbox of this very transaction."""
    connection.execute(
        insert(outbox).values(
            message_id=outgoing.message_id,
            mailbox=outgoing.mailbox,
            purpose=outgoing.purpose,
            automatic=outgoing.automatic,
            envelope_sender=outgoing.envelope_sender,
            recipient=outgoing.recipient,
            recipient_key=outgoing.recipient.casefold(),
            ticket_id=outgoing.ticket_id,
            letter_id=letter_id,
            subject=outgoing.subject,
            octets=outgoing.octets,
            state=OutboxState.QUEUED,
            attempts=0,
            uncertain=0,
            queued_at=now,
            next_attempt_at=now,
        )
    )


def add_event(
    connection: Connection, ticket_id: int, kind: str, detail: str, now: datetime, *, letter_id: int | None = None
) -> None:
    """Add a line to a ticket's history."""
    values = {"ticket_id": ticket_id, "letter_id": letter_id, "kind": kind, "detail": detail, "at": now}
    connection.execute(insert(event).values(values))


def add_events(connection: Connection, happened: Sequence[tuple[int, TicketEvent]], now: datetime) -> None:
    """Add lines to the histories of tickets, in order: what time has brought about, no letter."""
    values = {"letter_id": None, "at": now}
    rows = [values | {"ticket_id": ticket_id, "kind": one.kind, "detail": one.detail} for ticket_id, one in happened]
    if rows:
        connection.execute(insert(event), rows)


def outgoing_of(row: Row[Any]) -> Outgoing:
    """Return the letter that an outbox row holds."""
    return Outgoing(
        message_id=row.message_id,
        mailbox=row.mailbox,
        purpose=Purpose(row.purpose),
        envelope_sender=row.envelope_sender,
        recipient=row.recipient,
        octets=bytes(row.octets),
        ticket_id=row.ticket_id,
        subject=row.subject,
    )


def load_tickets(connection: Connection, ids: Sequence[int], organization: str | None = None) -> dict[int, Ticket]:
    """Return the tickets with these ids (of one organisation, if named) by id."""
    where = [ticket.c.id.in_(ids)] + ([ticket.c.organization == organization] if organization is not None else [])
    rows = connection.execute(select(ticket).where(*where)).all()
    people: dict[int, list[Participant]] = {row.id: [] for row in rows}
    for row in connection.execute(select(participant).where(participant.c.ticket_id.in_(list(people)))):
        person = Participant(address=Address(name=row.name, addr=row.addr), role=Role(row.role))
        people[row.ticket_id].append(person)
    latest = _latest_ids(connection, list(people))
    return {
        row.id: Ticket(
            id=row.id,
            number=row.number,
            organization=row.organization,
            mailbox=row.mailbox,
            subject=row.subject,
            status=Status(row.status),
            requester=Address(name=row.requester_name, addr=row.requester),
            participants=tuple(people[row.id]),
            opened_at=row.opened_at,
            answers=latest.get(row.id),
            received_at=row.received_at,
            **{name: getattr(row, name) for name in SERVED},
        )
        for row in rows
    }


def save_service(connection: Connection, changed: Ticket, now: datetime) -> None:
    """Write what a stored ticket says of its client and of how they are served, agent included; work done moves along."""
    connection.execute(update(ticket).where(ticket.c.id == changed.id).values(_served(changed) | {"updated_at": now}))
    moved = (work.c.ticket_id == changed.id, work.c.client != changed.client)
    connection.execute(update(work).where(*moved).values(client=changed.client))


def _served(one: Ticket) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in SERVED}
    return values | {"received_at": one.received_at or one.opened_at}


def _latest_ids(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the Message-ID of the latest letter that the customer sent to each ticket, and nobody passed on.

    The id of an agent's forward would tell the customer where our agents have their mail, and threads with nothing there.
    """
    passed_on = select(event.c.letter_id).where(event.c.ticket_id.in_(ids), event.c.kind == PASSED_ON)
    newest = (
        select(func.max(message.c.letter_id))
        .where(message.c.ticket_id.in_(ids), message.c.direction == "in", message.c.letter_id.not_in(passed_on))
        .group_by(message.c.ticket_id)
    )
    query = select(letter.c.ticket_id, letter.c.message_id).where(
        and_(
            letter.c.id.in_(newest),
            letter.c.message_id.is_not(None),
            letter.c.message_id.not_like("date:%"),
            letter.c.message_id.not_like("long:%"),
        )
    )
    return dict(connection.execute(query).all())


def describe_bug(error: BaseException) -> tuple[str, str, str]:
    """Return an error's one-line summary, its whole traceback, and where it arose (the key to tell the admin once)."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    summary = f"{type(error).__name__} in {where}"
    trace = "".join(traceback.format_exception(error)).replace("\0", "\\x00")  # PostgreSQL stores no NUL
    return summary, trace.encode("utf-8", "backslashreplace").decode("utf-8"), f"{type(error).__name__}@{where}"
