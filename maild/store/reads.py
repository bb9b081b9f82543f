"""All that the walk reads, as one view of the database: the facts that a letter's fate depends on (`design.md` §3)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, not_, or_, select, text

from maild.contracts.client import Client
from maild.contracts.clues import ClientClues
from maild.contracts.found import Found
from maild.contracts.providers import box_key
from maild.contracts.quota import month_of
from maild.desk.case import DeskPolicy, Facts, Kept, Letter, Load, OwnLetter
from maild.desk.subscriber import Subscriber
from maild.desk.undoable import Undoable
from maild.ingest.dedupe import Earlier, Fingerprint, Request, id_key, identity
from maild.ingest.likeness import Asked
from maild.ingest.thread import Candidate, Clues, Spot
from maild.model import (
    Address,
    DeliveryReport,
    Direction,
    Message,
    OutboxState,
    OutcomeKind,
    Purpose,
    Said,
    Status,
    Ticket,
)
from maild.sla.clock import Clock
from maild.store import clocks, register, releases, turns
from maild.store.chases import find_chase
from maild.store.confirmations import find_kept
from maild.store.conversations import Conversations, said_in
from maild.store.news import count_subscribers, find_subscribers
from maild.store.obeyed import find_undoable
from maild.store.personal import is_pseudonym
from maild.store.queue import outgoing_of
from maild.store.schema import (
    GROUNDED,
    counter,
    event,
    letter,
    mentioned,
    message,
    outbox,
    ticket,
)
from maild.store.surveys import find_questions
from maild.store.tickets import MAX_MERGES, find_number, load_tickets, queue_lengths
from maild.store.told import is_ours, reaches, writer_of

MAX_EARLIER = 20  # letters that share an identity; gateways that reuse an id for thousands exist
MAX_LATELY = 20  # letters of one author that a new one is compared with
TOLD_ONCE_IN = timedelta(days=30)  # the same ground of refusal, to one author (A8)
_CALENDAR = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Reads(Conversations):
    """What is stored, as far as it is seen: everything here; `store.past` sees less."""

    def tickets(self, ids: Sequence[int], organization: str) -> dict[int, Ticket]:
        """Return the tickets with these ids, if they are this organisation's, by id."""
        return load_tickets(self.connection, ids, organization)

    def clocks(self, ids: Collection[int]) -> dict[int, tuple[Clock, ...]]:
        """Return the clocks of these tickets."""
        return clocks.load_clocks(self.connection, ids)

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
        # whom a colleague's letter may have us write to
        interesting |= {one.ticket.requester.key for one in candidates}
        next_id, next_number = self.next_numbers(desk)
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
            heard_at=self._heard_at(concerned, clues) if walked.raw.sent else {},
            unplaced=self._unplaced(clues.own_id, desk) if clues.own_id else (),
            next_ticket_id=next_id,
            next_number=next_number,
            outdated=self._outdated(concerned, walked, parsed),
            answers_person=self._answers_person(concerned, parsed),
            merged=merged,
            over_since=self._over_since(concerned),
            questions=find_questions(self.connection, [one.id for one in concerned], self.until()),
            refused=self._refused({one.key for one in people if one}, walked, desk),
            subscribers=self._subscribers(clues, people, reported, desk),
            sent_to=self.sent_to(interesting, since),
            sent_about=self._sent_about([one.id for one in concerned], since),
        )

    def _subscribers(
        self, clues: Clues, people: Collection[Address | None], reported: OwnLetter | None, desk: DeskPolicy
    ) -> tuple[Subscriber, ...]:
        """Return whoever wants news, or has wanted it, of those whom the letter names, answers or reports on."""
        keys = {one.key for one in people if one and one.addr}
        if reported:
            keys.add(reported.letter.recipient.casefold())
        ids = {one.id for one in clues.news if one.kind != "s"}
        asked_in = {one.id for one in clues.news if one.kind == "s"}
        return find_subscribers(self.connection, desk.organization, keys, ids, asked_in)

    def waiting_for(self, organization: str, release: str) -> tuple[Ticket, ...]:
        """Return the requests that wait for an update."""
        return releases.waiting_for(self.connection, organization, release)

    def audience(self, organization: str) -> int:
        """Return how many want news."""
        return count_subscribers(self.connection, organization)

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
        id_ = find_number(self.connection, number, desk.prefix)
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

    def _outdated(self, concerned: Sequence[Ticket], walked: Letter, parsed: Message) -> frozenset[int]:
        """Return the tickets in which the letter answers one of ours from before the standing offer, or was written before it.

        Where the letter does not say what it answers, its arrival has to do.
        """
        ids = [one.id for one in concerned if one.offer_state == "offered"]
        if not ids:
            return frozenset()
        of = (outbox.c.ticket_id, func.max(outbox.c.id))
        ours = (outbox.c.ticket_id.in_(ids), outbox.c.state != OutboxState.WITHDRAWN, *self.seen_outgoing())
        offers = select(*of, func.max(outbox.c.queued_at)).where(outbox.c.purpose == Purpose.OFFER, *ours)
        standing = {row[0]: (row[1], row[2]) for row in self.connection.execute(offers.group_by(outbox.c.ticket_id))}
        named = select(*of).where(is_ours(parsed.in_reply_to), *ours).group_by(outbox.c.ticket_id)
        answered = dict(self.connection.execute(named).all()) if standing and parsed.in_reply_to else {}
        return frozenset(
            ticket_id
            for ticket_id, (last, at) in standing.items()
            if (answered[ticket_id] < last if ticket_id in answered else walked.raw.received_at < at)
        )

    def _answers_person(self, concerned: Sequence[Ticket], parsed: Message) -> bool:
        """Whether the letter answers the words of an agent in a ticket in which paid work is offered."""
        ids = [one.id for one in concerned if one.offer_state == "offered"]
        if not ids or not parsed.in_reply_to:
            return False
        theirs = (outbox.c.ticket_id.in_(ids), outbox.c.purpose == Purpose.ANSWER, *self.seen_outgoing())
        query = select(outbox.c.id).where(is_ours(parsed.in_reply_to), *theirs).limit(1)
        return self.connection.execute(query).first() is not None

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
            # a copy speaks through its first letter
            letter.c.outcome.in_((OutcomeKind.IGNORED, OutcomeKind.DUPLICATE)),
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
            # But what was erased there must not come back by it.
            .where(letter.c.outcome.is_not(None), *self.seen_letters())
            .where(or_(letter.c.outcome != OutcomeKind.QUARANTINED, letter.c.erased_by.is_not(None)))
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
        named = is_ours(clues.message_ids)
        query = (
            select(letter.c.id)
            .join(outbox, outbox.c.letter_id == letter.c.id)
            .where(
                named, letter.c.outcome == OutcomeKind.DUPLICATE, letter.c.erased_by.is_(None), *self.seen_outgoing()
            )
            .order_by(outbox.c.id.desc())
        )
        return self.connection.execute(query).scalars().first()

    def _answers_digest(self, clues: Clues) -> bool:
        """Whether a letter answers one of ours to an agent that spoke of several tickets, or of none."""
        if not clues.message_ids:
            return False
        query = select(outbox.c.id).where(
            is_ours(clues.message_ids), outbox.c.purpose.in_((Purpose.REMINDER, Purpose.OVERVIEW, Purpose.RECEIPT))
        )
        where = (outbox.c.ticket_id.is_(None), *self.seen_outgoing())
        return self.connection.execute(query.where(*where)).first() is not None

    def _own_letter(self, message_id: str | None) -> OwnLetter | None:
        if message_id is None:
            return None
        named = (is_ours((message_id,)), *self.seen_outgoing())
        row = self.connection.execute(select(outbox).where(*named).order_by(outbox.c.id)).first()
        return self._ours(row)

    def _ours(self, row: Row[Any] | None) -> OwnLetter | None:
        if row is None:
            return None
        return OwnLetter(outbox_id=row.id, letter=outgoing_of(row), writer=writer_of(self.connection, row.id))

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
        return self._ours(row)

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
            if ticket_id in tickets and not is_pseudonym(tickets[ticket_id].requester.addr)  # nobody enters those
        )

    def _tickets_of(self, message_id: str, desk: DeskPolicy) -> Sequence[int]:
        named = (is_ours((message_id,)), outbox.c.ticket_id.is_not(None), *self.seen_outgoing())
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
            .where(letter.c.erased_by.is_(None))
            .order_by(letter.c.id)
            .limit(MAX_EARLIER)
        )
        return tuple(self.connection.execute(query).scalars())

    def _heard_at(self, concerned: Sequence[Ticket], clues: Clues) -> dict[int, datetime]:
        """Return when each ticket's customer was last heard of, in other letters than the clues name."""
        ids = [one.id for one in concerned]
        query = (
            select(message.c.ticket_id, func.max(letter.c.received_at))
            .join(letter, letter.c.id == message.c.letter_id)
            .where(*said_in(ids, Direction.IN))
            .where(or_(letter.c.message_id.is_(None), letter.c.message_id.not_in(map(id_key, clues.message_ids))))
            .where(*self.seen_letters())
            .group_by(message.c.ticket_id)
        )
        return dict(self.connection.execute(query).all())

    def next_numbers(self, desk: DeskPolicy) -> tuple[int, int]:
        """Return the id of the next ticket, and what stands in its number behind the prefix."""
        return self._last("ticket") + 1, self._last(f"number:{desk.prefix}") + 1

    def _last(self, name: str) -> int:
        query = select(counter.c.value).where(counter.c.name == name).with_for_update()
        return int(self.connection.execute(query).scalar() or 0)

    def sent_to(self, keys: set[str], since: datetime) -> dict[str, int]:
        """Return how many automatic letters each address (by its key) has had since."""
        query = (
            select(outbox.c.recipient_key, func.count())
            .where(outbox.c.recipient_key.in_(keys), outbox.c.queued_at > since, *self.seen_outgoing())
            .where(or_(outbox.c.automatic, outbox.c.purpose == Purpose.PASSING), reaches())  # a unit may be a machine
            .group_by(outbox.c.recipient_key)
        )
        return dict(self.connection.execute(query).all())

    def _sent_about(self, ids: Sequence[int], since: datetime) -> dict[int, int]:
        """Return how many automatic letters went out about each ticket since; questions to agents have a limit of their own."""
        if not ids:
            return {}
        query = (
            select(outbox.c.ticket_id, func.count())
            .where(outbox.c.ticket_id.in_(ids), outbox.c.queued_at > since, outbox.c.automatic, *self.seen_outgoing())
            .where(
                outbox.c.purpose != Purpose.CONFIRMATION, reaches()
            )  # whoever forges an agent's letters silences nobody
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

    def known_by(self, organization: str) -> frozenset[str]:
        """Return by what clients can be known: `register.known_by`."""
        return register.known_by(self.enrolled, organization)

    def client(self, organization: str, key: str) -> Client | None:
        """Return the client that people call so, or None."""
        return register.find_client(self.enrolled, organization, key)

    def undoable(self, of: Ticket) -> Undoable | None:
        """Return what the last letter of commands did to a ticket, or None."""
        return find_undoable(self.connection, of)

    def closes_at(self, ticket_id: int) -> datetime | None:
        """Return when a ticket is closed unless its customer says something; None: it is not."""
        chased = find_chase(self.connection, ticket_id)
        return chased.close_at if chased else None

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
