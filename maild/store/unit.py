"""One transaction of the walk: what it reads (`store.reads`), and all the writes that a letter causes (`apply`)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from maild.contracts.accounting import Work
from maild.desk.case import Letter
from maild.desk.decision import Decision, Merged, Opened
from maild.errors import LetterLost, StoreError
from maild.ingest.dedupe import answers, id_key, identity
from maild.model import (
    Entry,
    Message,
    OutboxState,
    OutcomeKind,
    Participant,
    Role,
    Said,
    Status,
    Ticket,
    TicketEvent,
)
from maild.sla.clock import Clock
from maild.store import clocks, news, register, releases, turns, wakes
from maild.store.blobs import Blobs
from maild.store.chases import end_chase, find_chase, save_chase
from maild.store.confirmations import end_kept, release_confirmed, save_kept
from maild.store.earlier import release
from maild.store.engine import translated
from maild.store.erasing import erase_copy
from maild.store.letters import release_repeat, release_sent
from maild.store.obeyed import save_obeyed, take_back
from maild.store.queue import enqueue
from maild.store.reads import Reads
from maild.store.schema import (
    contact,
    counter,
    letter,
    mentioned,
    message,
    notice,
    outbox,
    participant,
    ticket,
)
from maild.store.suggestions import add_suggestions, note_helped
from maild.store.surveys import save_question, save_vote, unask
from maild.store.tickets import LISTS, SERVED, add_event, note_state, save_changes, served_columns
from maild.store.work import add_work

PG_TURN = 0x6D61696C65  # "maile": the advisory lock of whoever decides on letters in a PostgreSQL database
MAX_MENTIONED = 20  # ids of In-Reply-To and References remembered of one letter: the root and the newest


class Transaction(Reads):
    """A view of the database in which one or more letters are walked; commits or vanishes as a whole."""

    def __init__(self, connection: Connection, enrolled: Connection | None = None, blobs: Blobs | None = None) -> None:
        super().__init__(connection, enrolled, blobs)
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

    def apply(self, walked: Letter, parsed: Message, said: Said, decision: Decision, now: datetime) -> None:
        """Write everything the letter causes, its outcome included. A second outcome raises RuntimeError."""
        if decision.opened:
            self._open(decision.opened, now)
            if decision.turn:
                turns.note_turn(self.connection, decision.opened.organization, decision.turn, decision.opened.id)
        if decision.ticket_id is not None:
            chased = find_chase(self.connection, decision.ticket_id) if decision.obeyed else None
            if not decision.opened and (decision.joined or decision.status or decision.became or decision.clocks):
                note_state(self.connection, decision.ticket_id, now, letter_id=walked.id)
            self._join(decision.ticket_id, decision.joined)
            self._history(walked.id, decision.ticket_id, decision, now)
            if decision.became:
                save_changes(self.connection, decision.became, now)
            if decision.merged:
                self._take_in(decision.merged, now, walked.id)
            for one in decision.split:
                self._split(one, now, walked.id)
            if decision.clocks:
                clocks.save(self.connection, decision.clocks)
            add_suggestions(self.connection, decision.ticket_id, _organization(walked), decision.suggested, now)
            if decision.helped:
                note_helped(self.connection, decision.ticket_id, decision.helped, now)
            if decision.question:
                save_question(self.connection, _organization(walked), decision.question, walked.id)
            if decision.vote:
                save_vote(self.connection, walked.id, decision.vote, now)
            if decision.chase_over:
                end_chase(self.connection, decision.ticket_id)
            if decision.chase:
                save_chase(self.connection, decision.chase)
            at = walked.at(now)
            works = [
                add_work(
                    self.connection,
                    Work(ticket=decision.ticket_id, at=at, spent=one.time),
                    agent=one.agent,
                    note=one.note,
                )
                for one in decision.spent
            ]
            if decision.released is not None:
                release(self.connection, decision.released, walked.id)
            if decision.shipped:
                by = decision.obeyed.agent if decision.obeyed else ""
                releases.ship(self.connection, _organization(walked), decision.shipped, now, by=by)
            if decision.taken_back is not None:
                take_back(self.connection, decision.taken_back, decision.outcome.reason)
                unask(self.connection, decision.taken_back)
            if decision.obeyed:
                save_obeyed(self.connection, walked.id, at, decision.obeyed, chased, works, (*SERVED, *LISTS))
            for wake in decision.wakes:
                wakes.save_wake(self.connection, decision.ticket_id, wake)
            if decision.woken:
                wakes.end_wake(self.connection, decision.ticket_id, "snooze")
            if decision.merged:
                wakes.move_wakes(self.connection, decision.ticket_id, decision.merged.ticket.id)
        if decision.guessed:
            register.note_guesses(
                self.connection,
                _organization(walked),
                decision.guessed_by,
                decision.guessed,
                min(walked.raw.received_at, now),
            )
        if decision.news:
            news.apply_move(self.connection, walked, decision.news, now)
        if decision.ask:
            save_kept(self.connection, walked.id, *decision.ask)
        if decision.said:
            end_kept(self.connection, decision.said.letter_id, now)
            if decision.said.theirs:
                release_confirmed(self.connection, decision.said.letter_id, decision.said.agent)
        if decision.undone is not None:
            release_repeat(self.connection, decision.undone, decision.outcome.reason)
        if decision.reached:
            release_sent(self.connection, decision.reached)
        for outgoing in decision.outgoing:
            enqueue(self.connection, outgoing, now, letter_id=walked.id)
        if decision.bounced is not None:
            bounced = {"state": OutboxState.FAILED, "error": decision.outcome.reason}
            left = (outbox.c.id == decision.bounced, outbox.c.state != OutboxState.WITHHELD)  # whatever a report claims
            self.connection.execute(update(outbox).where(*left).values(bounced))
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
        if decision.outcome.kind is OutcomeKind.DUPLICATE:
            erase_copy(self.connection, walked.id, now)
        if decision.awaits or decision.outcome.kind in (OutcomeKind.OPENED, OutcomeKind.APPENDED):
            self._remember_ids(walked, parsed)

    def open_alone(self, opened: Ticket, events: Sequence[TicketEvent], begun: Sequence[Clock], now: datetime) -> None:
        """Write a ticket that no letter has opened."""
        self._open(opened, now)
        for happened in events:
            add_event(self.connection, opened.id, happened.kind, happened.detail, now)
        clocks.save(self.connection, begun)

    def _split(self, opened: Opened, now: datetime, letter_id: int) -> None:
        """Write a ticket that was made out of a part of another one."""
        one = opened.ticket
        self._open(one, now)
        if opened.turn:
            turns.note_turn(self.connection, one.organization, opened.turn, one.id)
        self._add_history(letter_id, one.id, opened.entries, opened.events, now)
        clocks.save(self.connection, opened.clocks)

    def _take_in(self, merged: Merged, now: datetime, letter_id: int) -> None:
        """Write what becomes of a ticket that another one goes into."""
        into = merged.ticket
        note_state(self.connection, into.id, now, letter_id=letter_id)
        self._join(into.id, merged.joined)
        self.connection.execute(update(ticket).where(ticket.c.id == into.id).values(status=into.status))
        save_changes(self.connection, into, now)
        clocks.save(self.connection, merged.clocks)
        for happened in merged.events:
            add_event(self.connection, into.id, happened.kind, happened.detail, now, letter_id=letter_id)
        if into.status is not Status.WAITING:
            end_chase(self.connection, into.id)

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
                **served_columns(opened),
            )
        )
        self._join(opened.id, opened.participants)
        who = opened.requester
        if who.addr and not self._known_contact(opened.organization, who.key):
            values = {"organization": opened.organization, "address_key": who.key, "addr": who.addr, "name": who.name}
            self.connection.execute(insert(contact).values(**values, first_seen_at=now))

    def _known_contact(self, organization: str, key: str) -> bool:
        query = select(contact.c.id).where(contact.c.organization == organization, contact.c.address_key == key)
        return self.connection.execute(query).first() is not None

    def _count(self, name: str, value: int) -> None:
        """Record that `value` was given out: it must be the one after the last."""
        where = (counter.c.name == name, counter.c.value == value - 1)
        if self.connection.execute(update(counter).where(*where).values(value=value)).rowcount == 0:
            self.connection.execute(insert(counter).values(name=name, value=value))  # fails if somebody else counted

    def _join(self, ticket_id: int, people: Sequence[Participant]) -> None:
        of = participant.c.ticket_id == ticket_id
        there = set(self.connection.execute(select(participant.c.address_key).where(of)).scalars())
        for person in people:
            key = person.address.key
            if key in there and person.role is Role.UNIT:  # who was copied so far is copied on nothing from now on
                theirs = update(participant).where(of, participant.c.address_key == key)
                self.connection.execute(theirs.values(role=person.role))
            if key not in there:
                values = {"address_key": person.address.key, "addr": person.address.addr, "name": person.address.name}
                self.connection.execute(insert(participant).values(**values, ticket_id=ticket_id, role=person.role))
                there.add(key)  # an answer and a command of one letter may bring along the same person

    def _history(self, letter_id: int, ticket_id: int, decision: Decision, now: datetime) -> None:
        changes: dict[str, object] = {"updated_at": now}
        if decision.status:
            changes["status"] = decision.status
        self.connection.execute(update(ticket).where(ticket.c.id == ticket_id).values(changes))
        self._add_history(letter_id, ticket_id, decision.entries, decision.events, now)

    def _add_history(
        self, letter_id: int, ticket_id: int, entries: Sequence[Entry], events: Sequence[TicketEvent], now: datetime
    ) -> None:
        for entry in entries:
            values = {"author": entry.author.addr, "author_name": entry.author.name, "text": entry.text}
            standing = {"ticket_id": ticket_id, "letter_id": letter_id, "direction": entry.direction, "at": now}
            self.connection.execute(insert(message).values(values | standing))
        for happened in events:
            add_event(self.connection, ticket_id, happened.kind, happened.detail, now, letter_id=letter_id)

    def tell_once(self, key: str, since: datetime, now: datetime) -> bool:
        """Whether the admin has not been told of `key` since then; from now on they have."""
        row = self.connection.execute(select(notice.c.at).where(notice.c.key == key)).one_or_none()
        if row is not None and row.at > since:
            return False
        self.connection.execute(notice.delete().where(notice.c.key == key))
        self.connection.execute(insert(notice).values(key=key, at=now))
        return True


def _organization(walked: Letter) -> str:
    return walked.raw.place.mailbox.partition("/")[0]
