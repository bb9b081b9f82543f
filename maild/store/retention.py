"""What is older than it is to be kept: found, some at a time, and erased like a person's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, func, not_, or_, select

from maild.model import OutcomeKind, Status
from maild.store.erasing import ERASED, Erased, erase
from maild.store.extents import NOTHING_READ, UNSENT, Extent, customers_of, letters_of, outgoing_of
from maild.store.personal import Action
from maild.store.schema import event, letter, outbox, ticket

TICKETS_AT_ONCE = 50  # in one transaction: the daemon's letters wait meanwhile
LETTERS_AT_ONCE = 500
WHO = "maild"


@dataclass(frozen=True, kw_only=True)
class Outdated:
    """What an organisation keeps no longer."""

    organization: str
    kind: str  # the key of [organization.X.retention]
    keep: timedelta
    before: datetime  # what has not changed since then


def find_outdated(connection: Connection, outdated: Outdated) -> Sequence[int]:
    """Return requests ("closed") or letters (the other kinds) that are to be erased now, the oldest first, some of them."""
    if outdated.kind == "closed":
        query = select(ticket.c.id).where(*_over(outdated.organization), ticket.c.updated_at <= outdated.before)
        query = query.order_by(ticket.c.updated_at, ticket.c.id).limit(TICKETS_AT_ONCE)
    else:
        query = select(letter.c.id).where(*_alone(outdated), letter.c.received_at <= outdated.before)
        query = query.order_by(letter.c.received_at, letter.c.id).limit(LETTERS_AT_ONCE)
    return connection.execute(query).scalars().all()


def oldest(connection: Connection, outdated: Outdated) -> datetime | None:
    """Return since when the oldest of a kind has not changed; None: there is none."""
    if outdated.kind == "closed":
        query = select(func.min(ticket.c.updated_at)).where(*_over(outdated.organization))
    else:
        query = select(func.min(letter.c.received_at)).where(*_alone(outdated))
    return connection.execute(query).scalar()


def erase_outdated(
    connection: Connection, outdated: Outdated, ids: Collection[int], staff: Collection[str], now: datetime
) -> Erased:
    """Erase them and write a record. Our people's addresses stay: they are in the configuration anyway."""
    organization, closed = outdated.organization, outdated.kind == "closed"
    own = frozenset(ids) if closed else frozenset()
    extent = Extent(
        organization=organization,
        people=tuple(one for one in customers_of(connection, own) if one not in staff),
        own=own,
        letters=letters_of(connection, own) if closed else frozenset(ids),
        outgoing=outgoing_of(connection, own) | (_telling(connection, outdated) if closed else frozenset()),
        everywhere=False,
    )
    why = f"{outdated.kind} = {outdated.keep.days}d"
    return erase(connection, extent, NOTHING_READ, Action.RETAIN, WHO, why, now)


def _over(organization: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a request is over and may be erased: nothing about it waits to be sent.

    One that went into another goes after that, which is read together with it.
    """
    waits = exists().where(outbox.c.ticket_id == ticket.c.id, outbox.c.state.in_(UNSENT))
    done = exists().where(event.c.ticket_id == ticket.c.id, event.c.kind == ERASED)
    into = exists().where(event.c.ticket_id == ticket.c.merged_into, event.c.kind == ERASED)
    over = ticket.c.status.in_((Status.RESOLVED, Status.CLOSED))
    alone = or_(ticket.c.merged_into.is_(None), into)
    return (ticket.c.organization == organization, over, alone, not_(waits), not_(done))


def _alone(outdated: Outdated) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a letter leads to no request, and how it ended is of the kind."""
    set_aside = letter.c.outcome == OutcomeKind.QUARANTINED
    others = letter.c.outcome.in_((OutcomeKind.IGNORED, OutcomeKind.BOUNCE, OutcomeKind.DUPLICATE, OutcomeKind.COMMAND))
    kind = set_aside if outdated.kind == "quarantine" else others
    here = (letter.c.organization == outdated.organization, letter.c.ticket_id.is_(None), letter.c.erased_by.is_(None))
    return (*here, kind)


def _telling(connection: Connection, outdated: Outdated) -> frozenset[int]:
    """Return our old letters about several requests or none: digests, reminders, what the admin was told."""
    ours = outbox.c.mailbox.startswith(f"{outdated.organization}/", autoescape=True)
    query = select(outbox.c.id).where(ours, outbox.c.ticket_id.is_(None), outbox.c.queued_at <= outdated.before)
    query = query.where(outbox.c.state.not_in(UNSENT), func.length(outbox.c.octets) > 0).limit(LETTERS_AT_ONCE)
    return frozenset(connection.execute(query).scalars())
