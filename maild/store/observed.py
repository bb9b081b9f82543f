"""Organisations that only observe: since when, what they have seen meanwhile, and what of it is over once they go live."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, func, insert, select, update

from maild.desk.observed import Answered, Observed, Request, Rung, Withheld, beginning, unused_rules
from maild.ingest.parse import parse
from maild.model import TO_OUR_OWN, Direction, OutboxState, OutcomeKind, Purpose
from maild.sla.clock import next_term
from maild.sla.target import Moment
from maild.store.clocks import load_clocks
from maild.store.schema import client, clock, letter, message, observing, outbox, reminder, survey, ticket, verdict
from maild.store.tickets import load_tickets

MAX_LETTERS = 20_000  # looked at for which rules have matched, the newest; many weeks of a busy desk
CHUNK = 500  # ids in one question
OURS = ("new", "open")  # states of tickets in which the next word is ours; it is not any more …
SAID = (Purpose.ANSWER, Purpose.RESOLUTION, Purpose.UPDATED, Purpose.PASSING)  # … once somebody has read one of these


@dataclass(frozen=True, kw_only=True)
class Observing:
    """How long an organisation has observed, and until when the admin has read of it."""

    organization: str
    since: datetime
    told_until: datetime


def who_observe(connection: Connection) -> dict[str, Observing]:
    """Return the organisations that observe, as far as the database knows, by id."""
    rows = connection.execute(select(observing))
    return {row.organization: Observing(**row._mapping) for row in rows}  # noqa: SLF001 - a row has no public mapping


def begin(connection: Connection, organization: str, now: datetime) -> None:
    """Remember that an organisation observes from now on."""
    connection.execute(insert(observing).values(organization=organization, since=now, told_until=now))


def end(connection: Connection, organization: str) -> None:
    """Remember that an organisation observes no longer."""
    connection.execute(delete(observing).where(observing.c.organization == organization))


def claim(connection: Connection, one: Observing, until: datetime) -> bool:
    """Take it upon this transaction to tell the admin what was seen until then; False where somebody else has."""
    here = (observing.c.organization == one.organization, observing.c.told_until == one.told_until)
    return bool(connection.execute(update(observing).where(*here).values(told_until=until)).rowcount)


def still_leaving(connection: Connection, organization: str) -> int:
    """Return how many letters of an organisation were written before it observed, and are still to leave."""
    waiting = outbox.c.state.in_((OutboxState.QUEUED, OutboxState.SENDING)) & (outbox.c.purpose != Purpose.OBSERVED)
    theirs = outbox.c.mailbox.startswith(f"{organization}/", autoescape=True)
    return int(connection.execute(select(func.count()).select_from(outbox).where(waiting, theirs)).scalar_one())


# ── going live ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Left:
    """A request that was opened while its organisation observed, and is not over."""

    ticket_id: int
    answered: bool  # one of our people has written to the customer, who was sent it


def left_open(connection: Connection, organization: str, since: datetime) -> list[Left]:
    """Return the requests opened since then that are not closed, nor merged, the oldest first."""
    stayed = exists().where(
        outbox.c.letter_id == message.c.letter_id, outbox.c.ticket_id == message.c.ticket_id,
        outbox.c.purpose == Purpose.ANSWER, outbox.c.state == OutboxState.WITHHELD,
    )  # fmt: skip
    wrote = exists().where(message.c.ticket_id == ticket.c.id, message.c.direction == Direction.OUT, ~stayed)
    query = (
        select(ticket.c.id, wrote.label("answered"))
        .where(ticket.c.organization == organization, ticket.c.opened_at >= since)
        .where(ticket.c.status != "closed", ticket.c.merged_into.is_(None))
        .order_by(ticket.c.id)
    )
    return [Left(ticket_id=row.id, answered=bool(row.answered)) for row in connection.execute(query)]


def told_nothing(connection: Connection, organization: str, since: datetime) -> dict[int, bool]:
    """Return the older requests about which a letter to somebody outside was withheld since then, and whether a word is owed."""
    theirs = (
        outbox.c.ticket_id == ticket.c.id, outbox.c.state == OutboxState.WITHHELD, outbox.c.queued_at >= since,
        outbox.c.purpose.not_in(TO_OUR_OWN), func.length(outbox.c.octets) > 0,  # of who was erased none is left
    )  # fmt: skip
    owed = and_(ticket.c.status.not_in(OURS), exists().where(*theirs, outbox.c.purpose.in_(SAID)))
    query = select(ticket.c.id, owed.label("owed")).where(exists().where(*theirs), ticket.c.merged_into.is_(None))
    query = query.where(ticket.c.organization == organization, ticket.c.opened_at < since)
    return {row.id: bool(row.owed) for row in connection.execute(query.order_by(ticket.c.id))}


def forget_questions(connection: Connection, organization: str, since: datetime) -> None:
    """Forget what customers would have been asked about our work: they never were, and may be asked once we are live."""
    unanswered = ~exists().where(verdict.c.ticket_id == survey.c.ticket_id)
    asked = (survey.c.organization == organization, survey.c.at >= since)
    connection.execute(delete(survey).where(*asked, unanswered))


def leave_alone(connection: Connection, organization: str, now: datetime) -> None:
    """Let no letter that is here already be flagged, moved or deleted later: the mail server counts as told of all."""
    unmarked = (letter.c.organization == organization, letter.c.marked_at.is_(None), letter.c.sha256.is_not(None))
    connection.execute(update(letter).where(*unmarked).values(marked_at=now))


# ── what was seen ────────────────────────────────────────────────────────────────────────────────────────────────────


def read_observed(
    connection: Connection, organization: str, began: datetime, since: datetime, until: datetime,
    rules: Mapping[str, object],
) -> Observed:  # fmt: skip
    """Return what an organisation has seen from `since` until `until`; `rules` are the admin's, in their order."""
    walked = (letter.c.organization == organization, letter.c.walked_at >= since, letter.c.walked_at < until)
    outcomes: Counter[OutcomeKind] = Counter()
    ignored: Counter[str] = Counter()
    unplaced, quarantined = 0, []
    query = select(letter.c.id, letter.c.sent, letter.c.outcome, letter.c.ticket_id, letter.c.findings)
    for row in connection.execute(query.where(*walked, letter.c.outcome.is_not(None)).order_by(letter.c.id)):
        kind, rule = OutcomeKind(row.outcome), _rule_of(row.findings)
        if row.sent:
            unplaced += rule == "sent"  # `rules.builtin`: of our own automatic ones nobody needs to hear
            continue
        outcomes[kind] += 1
        if kind is OutcomeKind.IGNORED:
            ignored[rule] += 1
        elif kind is OutcomeKind.QUARANTINED:
            quarantined.append(row.id)
    return Observed(
        organization=organization,
        began=began,
        since=since,
        until=until,
        outcomes=dict(outcomes),
        ignored=dict(ignored.most_common()),
        requests=tuple(_requests(connection, organization, since, until)),
        withheld=tuple(_withheld(connection, organization, since, until)),
        rung=tuple(_rung(connection, organization, since, until)),
        answers=tuple(_answers(connection, organization, since, until)),
        unplaced=unplaced,
        quarantined=tuple(quarantined),
        knows_clients=_knows_clients(connection, organization),
        unused=unused_rules(rules, _matched(connection, organization, began, until)),
    )


def _knows_clients(connection: Connection, organization: str) -> bool:
    return connection.execute(select(client.c.key).where(client.c.organization == organization)).first() is not None


def _rule_of(findings: list[dict[str, object]] | None) -> str:
    """Return which rule of ours has decided on a letter."""
    for finding in reversed(findings or []):
        if finding["step"] == "decide":
            return str(finding["verdict"]).partition(":")[0]
    return ""


def _matched(connection: Connection, organization: str, since: datetime, until: datetime) -> set[str]:
    """Return the admin's rules that have met a letter."""
    walked = (letter.c.organization == organization, letter.c.walked_at >= since, letter.c.walked_at < until)
    query = select(letter.c.findings).where(*walked).order_by(letter.c.id.desc()).limit(MAX_LETTERS)
    found: set[str] = set()
    for findings in connection.execute(query).scalars():
        for finding in findings or ():
            if finding["step"] == "rules":
                found.update(str(finding["verdict"]).split(", "))
    return found


def _requests(connection: Connection, organization: str, since: datetime, until: datetime) -> Iterator[Request]:
    opened = (ticket.c.organization == organization, ticket.c.opened_at >= since, ticket.c.opened_at < until)
    ids = list(connection.execute(select(ticket.c.id).where(*opened).order_by(ticket.c.id)).scalars())
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        tickets, clocks = load_tickets(connection, some, answers=False), load_clocks(connection, some)
        for one in (tickets[id_] for id_ in some):
            term = next_term(clocks.get(one.id, ()))
            yield Request(
                number=one.number, subject=one.subject, requester=one.requester.addr, client=one.client_name,
                standing=one.standing, due_at=term.due_at if term else None,
            )  # fmt: skip


def _withheld(connection: Connection, organization: str, since: datetime, until: datetime) -> Iterator[Withheld]:
    columns = (outbox.c.id, outbox.c.queued_at, outbox.c.purpose, outbox.c.recipient, outbox.c.subject, outbox.c.octets)
    query = (
        select(*columns, ticket.c.number)
        .join(ticket, ticket.c.id == outbox.c.ticket_id, isouter=True)
        .where(outbox.c.mailbox.startswith(f"{organization}/", autoescape=True))
        .where(outbox.c.state == OutboxState.WITHHELD, outbox.c.queued_at >= since, outbox.c.queued_at < until)
        .order_by(outbox.c.id)
    )
    for row in connection.execute(query):
        yield Withheld(
            outbox=row.id, at=row.queued_at, purpose=Purpose(row.purpose), to=row.recipient, subject=row.subject,
            number=row.number or "", words=beginning(parse(bytes(row.octets)).text),
        )  # fmt: skip


def _rung(connection: Connection, organization: str, since: datetime, until: datetime) -> Iterator[Rung]:
    columns = (reminder.c.kind, reminder.c.term, reminder.c.at, clock.c.until, ticket.c.number, ticket.c.subject)
    query = (
        select(*columns)
        .join(clock, clock.c.id == reminder.c.clock_id)
        .join(ticket, ticket.c.id == clock.c.ticket_id)
        .where(clock.c.organization == organization, reminder.c.at >= since, reminder.c.at < until, reminder.c.sent)
        .order_by(reminder.c.id)
    )
    for row in connection.execute(query):
        yield Rung(
            number=row.number, subject=row.subject, until=row.until, kind=row.kind, term=row.term, at=row.at
        )  # fmt: skip


def _answers(connection: Connection, organization: str, since: datetime, until: datetime) -> Iterator[Answered]:
    """What our people sent by themselves; a term is met by the letter that arrived when it was."""
    met = and_(
        clock.c.ticket_id == ticket.c.id, clock.c.until == Moment.ANSWERED, clock.c.met_at == letter.c.received_at
    )
    columns = (message.c.author, message.c.author_name, letter.c.received_at, ticket.c.number, ticket.c.subject)
    query = (
        select(*columns, ticket.c.received_at.label("asked_at"), clock.c.due_at, clock.c.breached_at)
        .select_from(letter)
        .join(message, and_(message.c.letter_id == letter.c.id, message.c.direction == Direction.OUT))
        .join(ticket, ticket.c.id == message.c.ticket_id)
        .join(clock, met, isouter=True)
        .where(letter.c.organization == organization, letter.c.sent)
        .where(letter.c.walked_at >= since, letter.c.walked_at < until)
        .order_by(letter.c.id)
    )
    for row in connection.execute(query):
        yield Answered(
            number=row.number, subject=row.subject, who=row.author_name or row.author, at=row.received_at,
            took=row.received_at - row.asked_at, due_at=row.due_at, late=row.breached_at is not None,
        )  # fmt: skip
