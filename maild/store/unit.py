"""One transaction of the walk: the only reads (`facts_about`) and the only writes (`apply`) that a letter causes."""

import traceback
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, not_, or_, select, text, update

from maild.contracts.accounting import Work
from maild.contracts.client import Client
from maild.contracts.clues import ClientClues
from maild.contracts.found import Found
from maild.contracts.providers import box_key
from maild.contracts.quota import month_of
from maild.desk.case import MAX_COUNTED, DeskPolicy, EarlierWords, Facts, Kept, Letter, Load, OwnLetter
from maild.desk.decision import Decision, Merged
from maild.desk.undoable import Undoable
from maild.errors import LetterLost, StoreError
from maild.ingest.dedupe import Earlier, Fingerprint, Request, answers, id_key, identity
from maild.ingest.likeness import Asked
from maild.ingest.thread import Candidate, Clues, Spot
from maild.model import (
    PASSED_ON,
    UNIT_WROTE,
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
from maild.sla.clock import Clock
from maild.store import clocks, register, turns, wakes
from maild.store.chases import end_chase, find_chase, save_chase
from maild.store.confirmations import end_kept, find_kept, release_confirmed, save_kept
from maild.store.engine import translated
from maild.store.letters import release_repeat, release_sent
from maild.store.obeyed import find_undoable, save_obeyed, take_back
from maild.store.schema import (
    GROUNDED,
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
    ticket_was,
    work,
)
from maild.store.suggestions import add_suggestions, note_helped
from maild.store.work import add_work

PG_TURN = 0x6D61696C65  # "maile": the advisory lock of whoever decides on letters in a PostgreSQL database
Conditions = tuple[ColumnElement[bool], ...]
MAX_EARLIER = 20  # letters that share an identity; gateways that reuse an id for thousands exist
MAX_LATELY = 20  # letters of one author that a new one is compared with
MAX_MERGES = 10  # of one ticket after another
MAX_MENTIONED = 20  # ids of In-Reply-To and References remembered of one letter: the root and the newest
MAX_PAST = 6  # entries of a ticket's history that a notification may show in short …
MAX_BEGUN = 600  # … and characters of each that are looked at
TOLD_ONCE_IN = timedelta(days=30)  # the same ground of refusal, to one author (A8)
SERVED = (  # columns of a ticket that have the names of its fields
    "standing", "client", "client_name", "level", "category", "severity", "hours", "coupon", "agent", "rank", "counted",
    "team", "ground", "ground_state", "offer", "offer_state", "unit", "variant", "merged_into",
)  # fmt: skip
LISTS = ("tags", "asked", "faq")  # likewise, as JSON
_CALENDAR = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Transaction:
    """A view of the database in which one or more letters are walked; commits or vanishes as a whole."""

    def __init__(self, connection: Connection, enrolled: Connection | None = None) -> None:
        self.connection = connection
        self.enrolled = enrolled or connection  # where clients and coupons are looked up
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

    # ── what is seen: all there is; `store.past` sees less ────────────────────────────────────────────────────────────

    def seen_letters(self) -> Conditions:
        """What must hold of a letter."""
        return ()

    def seen_outgoing(self) -> Conditions:
        """What must hold of a letter in the outbox."""
        return ()

    def seen_tickets(self) -> Conditions:
        """What must hold of a ticket."""
        return ()

    def until(self) -> datetime | None:
        """Before when coupons were guessed."""
        return None

    def tickets(self, ids: Sequence[int], organization: str) -> dict[int, Ticket]:
        """Return the tickets with these ids, if they are this organisation's, by id."""
        return load_tickets(self.connection, ids, organization)

    def clocks(self, ids: Collection[int]) -> dict[int, tuple[Clock, ...]]:
        """Return the clocks of these tickets."""
        return clocks.load_clocks(self.connection, ids)

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
        ids = {int(one[1:].partition(".")[0]) for one in clues.confirmations}
        kept = find_kept(self.connection, desk.organization, ids, self.until())
        candidates = self._candidates(clues, desk, reported, kept)
        merged = self._merged([one.ticket for one in candidates], desk)
        concerned = (*(one.ticket for one in candidates), *merged.values())  # whatever the letter may enter
        people = (said.author, parsed.author, parsed.sender, *parsed.reply_to)
        interesting = {address.key for address in people if address}
        interesting.add((parsed.envelope_sender or "").casefold())
        interesting |= desk.staff | desk.catalogue.outside
        interesting |= {
            one.ticket.requester.key for one in candidates
        }  # whom a colleague's letter may have us write to
        lately = self._lately(walked, said.whose, desk) if said.whose else ()
        return Facts(
            earlier=self._earlier(walked, parsed, desk),
            lately=lately,
            repeat=self._repeat(clues),
            digest=self._answers_digest(clues),
            kept=kept,
            itself=self._own_letter(parsed.message_id),
            reported=reported,
            candidates=candidates,
            clocks=self.clocks({*(one.id for one in concerned), *(one.ticket.id for one in lately)}),
            heard=self._heard(concerned, clues) if walked.raw.sent else {},
            unplaced=() if walked.raw.sent or not clues.own_id else self._unplaced(clues.own_id, desk),
            next_ticket_id=self._last("ticket") + 1,
            next_number=self._last(f"number:{desk.prefix}") + 1,
            merged=merged,
            over_since=self._over_since(concerned),
            refused=self._refused({one.key for one in people if one}, walked, desk),
            sent_to=self.sent_to(interesting, since),
            sent_about=self._sent_about([one.id for one in concerned], since),
        )

    def _merged(self, candidates: Sequence[Ticket], desk: DeskPolicy) -> dict[int, Ticket]:
        """Return where those of the tickets that were merged have gone, and what that went into, and so on."""
        found = {}
        for one in candidates:
            into: Ticket | None = one
            for _ in range(MAX_MERGES):
                if into is not None and into.merged_into is not None:
                    into = self.tickets([into.merged_into], desk.organization).get(into.merged_into)
            if into is not None and into is not one:
                found[one.id] = into
        return found

    def ticket_numbered(self, number: str, desk: DeskPolicy) -> Ticket | None:
        """Return the organisation's ticket that people call so, with its prefix or without."""
        whole = number if "-" in number else f"{desk.prefix}-{number}"
        id_ = self.connection.execute(select(ticket.c.id).where(ticket.c.number == whole)).scalar()
        return self.tickets([id_], desk.organization).get(id_) if id_ is not None else None

    def _over_since(self, concerned: Sequence[Ticket]) -> dict[int, datetime]:
        """Return when those of the tickets that are over came to that: at their latest move, or when they were opened."""
        over = {one.id: one.opened_at for one in concerned if one.status in (Status.RESOLVED, Status.CLOSED)}
        if not over:
            return {}
        moved = (event.c.ticket_id.in_(over), event.c.kind == "status")
        seen = (event.c.at < until,) if (until := self.until()) else ()
        query = select(event.c.ticket_id, func.max(event.c.at)).where(*moved, *seen).group_by(event.c.ticket_id)
        return over | dict(self.connection.execute(query).all())

    def _refused(self, people: Collection[str], walked: Letter, desk: DeskPolicy) -> frozenset[str]:
        """Return the grounds that whoever may be answered has been told of lately: each is told once."""
        if not people or not desk.catalogue.grounds:
            return frozenset()
        since = max(walked.raw.received_at, _CALENDAR[0] + TOLD_ONCE_IN) - TOLD_ONCE_IN
        told = (
            select(ticket.c.ground)
            .where(ticket.c.organization == desk.organization, func.lower(ticket.c.requester).in_(people))
            .where(text(GROUNDED), ticket.c.ground_state == "refused", ticket.c.opened_at > since, *self.seen_tickets())
        )
        return frozenset(self.connection.execute(told).scalars())

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
        same_octets = and_(letter.c.sha256 == walked.raw.sha256, letter.c.sent == walked.raw.sent)
        query = (
            select(letter.c.id, letter.c.sha256, letter.c.message_id, letter.c.content, letter.c.ticket_id)
            .where(letter.c.organization == desk.organization, letter.c.id != walked.id, or_(*same))
            # What was ignored nobody saw: the list's copy of a letter must not hide the one that came directly.
            # Nor may what the inbox ignored as ours hide what the folder of sent letters proves.
            .where(or_(same_octets, not_(unseen)))
            # A letter that is walked once more is no copy of its copies, which came later.
            .where(or_(letter.c.outcome != OutcomeKind.DUPLICATE, letter.c.id < walked.id))
            # What is in quarantine was never dealt with: a copy of it is no repeat, and may be walked first.
            .where(letter.c.outcome.is_not(None), letter.c.outcome != OutcomeKind.QUARANTINED, *self.seen_letters())
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
        if not window:
            return ()
        # mail servers and files claim any year, also one near which the calendar ends
        since = max(walked.raw.received_at, _CALENDAR[0] + window) - window
        until = min(walked.raw.received_at, _CALENDAR[1] - window) + window
        query = (
            select(letter.c.id, letter.c.ticket_id, letter.c.subject, letter.c.files, message.c.text)
            # by the ticket: words are found by it, not by their letter
            .join(message, and_(message.c.ticket_id == letter.c.ticket_id, message.c.letter_id == letter.c.id))
            .where(message.c.direction == Direction.IN)
            .where(letter.c.organization == desk.organization, letter.c.author_key == author, letter.c.id != walked.id)
            .where(letter.c.received_at.between(since, until))
            .where(letter.c.outcome.in_((OutcomeKind.OPENED, OutcomeKind.APPENDED)), *self.seen_letters())
            .order_by(letter.c.received_at.desc(), letter.c.id.desc())
            .limit(MAX_LATELY)
        )
        rows = self.connection.execute(query).all()
        tickets = self.tickets(list({row.ticket_id for row in rows}), desk.organization)
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
        if not clues.message_ids:
            return None
        named = _is_ours(clues.message_ids)
        query = (
            select(letter.c.id)
            .join(outbox, outbox.c.letter_id == letter.c.id)
            .where(named, letter.c.outcome == OutcomeKind.DUPLICATE, *self.seen_outgoing())
            .order_by(outbox.c.id.desc())
        )
        return self.connection.execute(query).scalars().first()

    def _answers_digest(self, clues: Clues) -> bool:
        """Whether a letter answers one of ours to an agent that spoke of several tickets, or of none."""
        if not clues.message_ids:
            return False
        query = select(outbox.c.id).where(
            _is_ours(clues.message_ids), outbox.c.purpose.in_((Purpose.REMINDER, Purpose.OVERVIEW))
        )
        where = (outbox.c.ticket_id.is_(None), *self.seen_outgoing())
        return self.connection.execute(query.where(*where)).first() is not None

    def _own_letter(self, message_id: str | None) -> OwnLetter | None:
        if message_id is None:
            return None
        named = (_is_ours((message_id,)), *self.seen_outgoing())
        row = self.connection.execute(select(outbox).where(*named).order_by(outbox.c.id)).first()
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
            .where(outbox.c.ticket_id.in_({token.ticket_id for token in tokens}), *self.seen_outgoing())
            .where(
                or_(*(func.lower(outbox.c.envelope_sender).contains(str(token), autoescape=True) for token in tokens))
            )
            .order_by(outbox.c.sent_at.is_(None), outbox.c.sent_at.desc(), outbox.c.id.desc())
        )
        row = self.connection.execute(query).first()
        return OwnLetter(outbox_id=row.id, letter=outgoing_of(row)) if row else None

    def _candidates(
        self, clues: Clues, desk: DeskPolicy, reported: OwnLetter | None, kept: tuple[Kept, ...]
    ) -> tuple[Candidate, ...]:
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
        ids |= dict.fromkeys(one.ticket_id for one in kept if one.ticket_id is not None)
        tickets = self.tickets(list(ids), desk.organization)
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
        named = (_is_ours((message_id,)), outbox.c.ticket_id.is_not(None), *self.seen_outgoing())
        ours = select(outbox.c.ticket_id).where(*named)
        theirs = select(letter.c.ticket_id).where(
            letter.c.organization == desk.organization,
            letter.c.message_id == message_id,
            letter.c.ticket_id.is_not(None),
            *self.seen_letters(),
        )
        return self.connection.execute(ours.union(theirs)).scalars().all()

    def _tickets_that_mention(self, message_ids: Sequence[str], desk: DeskPolicy) -> dict[int, str]:
        """Return the tickets with a letter whose In-Reply-To or References name one of the ids, and which one."""
        if not message_ids:
            return {}
        query = (
            select(letter.c.ticket_id, mentioned.c.message_id)
            .join(letter, letter.c.id == mentioned.c.letter_id)
            .where(mentioned.c.organization == desk.organization, letter.c.ticket_id.is_not(None), *self.seen_letters())
            .where(mentioned.c.message_id.in_([id_key(one) for one in message_ids]))
            .order_by(mentioned.c.letter_id)
            .limit(MAX_EARLIER)
        )
        return dict(self.connection.execute(query).all())

    def _unplaced(self, message_id: str, desk: DeskPolicy) -> tuple[int, ...]:
        """Return the letters that our people sent in answer to this one before it was read."""
        query = (
            select(letter.c.id)
            .join(mentioned, mentioned.c.letter_id == letter.c.id)
            .where(mentioned.c.organization == desk.organization, mentioned.c.message_id == id_key(message_id))
            .where(letter.c.sent, letter.c.ticket_id.is_(None), letter.c.outcome.is_not(None), *self.seen_letters())
            .order_by(letter.c.id)
            .limit(MAX_EARLIER)
        )
        return tuple(self.connection.execute(query).scalars())

    def _heard(self, concerned: Sequence[Ticket], clues: Clues) -> dict[int, datetime]:
        """Return when each ticket's customer was last heard of, in other letters than the clues name."""
        ids = [one.id for one in concerned]
        query = (
            select(message.c.ticket_id, func.max(letter.c.received_at))
            .join(letter, letter.c.id == message.c.letter_id)
            .where(*_customers_words(ids))
            .where(or_(letter.c.message_id.is_(None), letter.c.message_id.not_in(map(id_key, clues.message_ids))))
            .where(*self.seen_letters())
            .group_by(message.c.ticket_id)
        )
        return dict(self.connection.execute(query).all())

    def _known_contact(self, organization: str, key: str) -> bool:
        query = select(contact.c.id).where(contact.c.organization == organization, contact.c.address_key == key)
        return self.connection.execute(query).first() is not None

    def _last(self, name: str) -> int:
        query = select(counter.c.value).where(counter.c.name == name).with_for_update()
        return int(self.connection.execute(query).scalar() or 0)

    def sent_to(self, keys: set[str], since: datetime) -> dict[str, int]:
        """Return how many automatic letters each address (by its key) has had since."""
        query = (
            select(outbox.c.recipient_key, func.count())
            .where(outbox.c.recipient_key.in_(keys), outbox.c.queued_at > since, *self.seen_outgoing())
            .where(or_(outbox.c.automatic, outbox.c.purpose == Purpose.PASSING))  # a unit may be a machine
            .group_by(outbox.c.recipient_key)
        )
        return dict(self.connection.execute(query).all())

    def _sent_about(self, ids: Sequence[int], since: datetime) -> dict[int, int]:
        if not ids:
            return {}
        query = (
            select(outbox.c.ticket_id, func.count())
            .where(outbox.c.ticket_id.in_(ids), outbox.c.queued_at > since, outbox.c.automatic, *self.seen_outgoing())
            .group_by(outbox.c.ticket_id)
        )
        return dict(self.connection.execute(query).all())

    def known_of(self, clues: ClientClues, continued: Ticket | None, desk: DeskPolicy, since: datetime) -> Found:
        """Return what the register has of a letter's author; `since`: when guesses of coupons begin to count."""
        who = box_key(clues.author.addr) if clues.author else ""
        found = register.find(
            self.enrolled, desk.organization, clues.lookups, clues.coupons, who, since,
            until=self.until(), guessed=self.connection,
        )  # fmt: skip
        mine = self.client(desk.organization, continued.client) if continued and continued.client else None
        return replace(found, ticket_client=mine)

    def client(self, organization: str, key: str) -> Client | None:
        """Return the client that people call so, or None."""
        return register.find_client(self.enrolled, organization, key)

    def undoable(self, of: Ticket) -> Undoable | None:
        """Return what the last letter of commands did to a ticket, or None."""
        return find_undoable(self.connection, of)

    def latest_words(self, ticket_id: int) -> str:
        """Return what the customer wrote last in a ticket."""
        query = (
            select(message.c.text)
            .join(letter, letter.c.id == message.c.letter_id)
            .where(*_customers_words([ticket_id]), *self.seen_letters())
            .order_by(message.c.id.desc())
            .limit(1)
        )
        return self.connection.execute(query).scalar() or ""

    def past_of(self, ticket_id: int) -> tuple[EarlierWords, ...]:
        """Return the latest words of a ticket, oldest first, of each its beginning."""
        begun = func.substr(message.c.text, 1, MAX_BEGUN).label("text")
        query = (
            select(message.c.direction, message.c.author, message.c.author_name, begun, message.c.at)
            .join(letter, letter.c.id == message.c.letter_id)
            .where(message.c.ticket_id == ticket_id, *self.seen_letters())
            .order_by(message.c.id.desc())
            .limit(MAX_PAST)
        )
        return tuple(
            EarlierWords(
                direction=Direction(row.direction),
                author=Address(name=row.author_name, addr=row.author),
                text=row.text,
                at=row.at,
            )
            for row in reversed(self.connection.execute(query).all())
        )

    def load_of(self, client: Client | None, desk: DeskPolicy, at: datetime) -> Load:
        """Return how much there is to do already: for the client in the month of `at`, and in the whole queue."""
        start, end = month_of(at, desk.service.zone)
        requests = register.count_requests(self.connection, desk.organization, client.key, start, end) if client else 0
        by_rank = queue_lengths(self.connection, desk.organization)
        dealt = desk.assignment != "manual"
        return Load(
            requests=requests,
            open=sum(by_rank.values()),
            by_rank=tuple(by_rank.get(rank, 0) for rank in range(3)),
            of_agents=turns.open_by_agent(self.connection, desk.organization) if dealt else {},
            turns=turns.last_dealt(self.connection, desk.organization) if dealt else {},
        )

    # ── writes ───────────────────────────────────────────────────────────────────────────────────────────────────────

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
                _save_service(self.connection, decision.became, now)
            if decision.merged:
                self._take_in(decision.merged, now, walked.id)
            if decision.clocks:
                clocks.save(self.connection, decision.clocks)
            add_suggestions(self.connection, decision.ticket_id, _organization(walked), decision.suggested, now)
            if decision.helped:
                note_helped(self.connection, decision.ticket_id, decision.helped, now)
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
            if decision.taken_back is not None:
                take_back(self.connection, decision.taken_back, decision.outcome.reason)
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
        if decision.awaits or decision.outcome.kind in (OutcomeKind.OPENED, OutcomeKind.APPENDED):
            self._remember_ids(walked, parsed)

    def _take_in(self, merged: Merged, now: datetime, letter_id: int) -> None:
        """Write what becomes of a ticket that another one goes into."""
        into = merged.ticket
        note_state(self.connection, into.id, now, letter_id=letter_id)
        self._join(into.id, merged.joined)
        self.connection.execute(update(ticket).where(ticket.c.id == into.id).values(status=into.status))
        _save_service(self.connection, into, now)
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


def _customers_words(ids: Sequence[int]) -> Conditions:
    """The conditions that words were said by the customer of one of these tickets: a unit's stand among them, too."""
    units = select(event.c.letter_id).where(event.c.ticket_id.in_(ids), event.c.kind == UNIT_WROTE)
    said = (message.c.ticket_id.in_(ids), message.c.direction == Direction.IN)
    return (*said, message.c.letter_id.not_in(units))


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


def note_state(connection: Connection, ticket_id: int, at: datetime, *, letter_id: int | None = None) -> None:
    """Keep what a ticket is just before it changes, for `store.past`; `letter_id` is the letter that changes it."""
    row = connection.execute(select(ticket).where(ticket.c.id == ticket_id)).one()
    people = connection.execute(select(participant.c.address_key).where(participant.c.ticket_id == ticket_id)).scalars()
    was = {name: getattr(row, name) for name in ("status", *SERVED, *LISTS)}
    was |= {"people": list(people), "clocks": clocks.states(connection, ticket_id)}
    connection.execute(insert(ticket_was).values(ticket_id=ticket_id, letter_id=letter_id, at=at, was=was))


def load_tickets(
    connection: Connection, ids: Sequence[int], organization: str | None = None, *, answers: bool = True
) -> dict[int, Ticket]:
    """Return the tickets with these ids (of one organisation, if named) by id; without `answers`, if nobody writes to them."""
    if not ids:
        return {}
    rows = [row for row in connection.execute(_TICKETS, {"ids": ids}) if organization in (None, row.organization)]
    people: dict[int, list[Participant]] = {row.id: [] for row in rows}
    for row in connection.execute(_PEOPLE, {"ids": list(people)}):
        person = Participant(address=Address(name=row.name, addr=row.addr), role=Role(row.role))
        people[row.ticket_id].append(person)
    latest = _latest_ids(connection, list(people)) if answers else {}
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
            tags=tuple(row.tags),
            asked=tuple(row.asked),
            faq=tuple(row.faq),
        )
        for row in rows
    }


# put together once: that takes longer than the answer
_TICKETS = select(ticket).where(ticket.c.id.in_(bindparam("ids", expanding=True)))
_PEOPLE = select(participant).where(participant.c.ticket_id.in_(bindparam("ids", expanding=True)))


def save_service(connection: Connection, changed: Ticket, now: datetime) -> None:
    """Write what a stored ticket says of its client and of how they are served, agent included; work done moves along."""
    note_state(connection, changed.id, now)
    _save_service(connection, changed, now)


def _save_service(connection: Connection, changed: Ticket, now: datetime) -> None:
    connection.execute(update(ticket).where(ticket.c.id == changed.id).values(_served(changed) | {"updated_at": now}))
    moved = (work.c.ticket_id == changed.id, work.c.client != changed.client)
    connection.execute(update(work).where(*moved).values(client=changed.client))


def save_status(connection: Connection, ticket_id: int, status: Status, now: datetime) -> None:
    """Write where a stored ticket stands."""
    note_state(connection, ticket_id, now)
    connection.execute(update(ticket).where(ticket.c.id == ticket_id).values(status=status, updated_at=now))


def _served(one: Ticket) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in SERVED} | {name: list(getattr(one, name)) for name in LISTS}
    return values | {"received_at": one.received_at or one.opened_at}


def _latest_ids(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the Message-ID of the latest letter that the customer sent to each ticket, and nobody passed on.

    The id of an agent's forward, or of a unit's letter, would tell the customer where they have their mail, and threads with
    nothing there.
    """
    passed_on = select(event.c.letter_id).where(event.c.ticket_id.in_(ids), event.c.kind.in_((PASSED_ON, UNIT_WROTE)))
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
