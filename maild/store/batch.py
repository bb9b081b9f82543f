"""What the letters of one batch ask of the past, read for all of them at once: a query a letter would cost more than the walk."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from maild.model import OutcomeKind, Purpose, Ticket
from maild.sla.clock import Clock
from maild.store.clocks import load_clocks
from maild.store.schema import letter, mentioned, outbox, ticket_was
from maild.store.tickets import load_tickets

NEAR = timedelta(days=8)  # within which tickets of an author are read beforehand; of others, when somebody asks
MANY = 200  # letters of one author (a form, a notifier) beyond which they are not
LATELY = timedelta(days=2)  # how far back sent letters are counted here
_LAST = 1 << 62  # no letter has this id


class Batch:
    """What is known of some stored letters beforehand, and what has been read for one of them, for the others."""

    def __init__(self, connection: Connection, ids: Sequence[int]) -> None:
        self._connection = connection
        self._tickets: dict[int, Ticket | None] = {}
        self._was: dict[int, list[tuple[datetime, int, Mapping[str, Any]]]] = {}
        self._clocks: dict[int, tuple[Clock, ...]] = {}
        self._sent: dict[str, list[tuple[datetime, int]]] = {}
        self._asked: set[tuple[str, str]] = set()
        self._leading: set[tuple[str, str]] = set()
        columns = (letter.c.organization, letter.c.sha256, letter.c.message_id, letter.c.author_key)
        rows = connection.execute(
            select(*columns, letter.c.received_at, letter.c.walked_at).where(letter.c.id.in_(ids))
        ).all()
        self._from = min((row.walked_at for row in rows), default=datetime.max) - LATELY if rows else None
        if rows:
            self._read_marks(rows)

    # ── marks that lead to nothing ───────────────────────────────────────────────────────────────────────────────────

    def dead(self, what: str, value: str) -> bool:
        """Whether it is known that nothing else in the database has this mark."""
        return (what, value) in self._asked and (what, value) not in self._leading

    def _read_marks(self, rows: Sequence[Any]) -> None:
        """Look up the marks that the letters had when they were walked; one that reads otherwise today is simply not known."""
        organizations = {row.organization for row in rows}
        ours = letter.c.organization.in_(organizations)
        columns = {"octets": letter.c.sha256, "id": letter.c.message_id, "author": letter.c.author_key}
        marks = {what: {value for row in rows if (value := row[n])} for n, what in enumerate(columns, 1)}
        counted: dict[str, dict[str, int]] = {
            what: dict(
                self._connection.execute(
                    select(column, func.count()).where(ours, column.in_(marks[what])).group_by(column)
                ).all()
            )
            for what, column in columns.items()
        }
        sent = select(outbox.c.message_id).where(outbox.c.message_id.in_(marks["id"]))
        spoken_of = select(mentioned.c.message_id).where(
            mentioned.c.organization.in_(organizations), mentioned.c.message_id.in_(marks["id"])
        )
        leading = {what: {value for value, n in found.items() if n > 1} for what, found in counted.items()}
        leading |= {"ours": set(self._connection.execute(sent).scalars())}
        leading |= {"mentioned": set(self._connection.execute(spoken_of).scalars())}
        marks |= {"ours": marks["id"], "mentioned": marks["id"]}
        self._asked = {(what, value) for what, values in marks.items() for value in values}
        self._leading = {(what, value) for what, values in leading.items() for value in values}
        few = [author for author, n in counted["author"].items() if 1 < n <= MANY]
        received = [row.received_at for row in rows]
        near = letter.c.received_at.between(min(received) - NEAR, max(received) + NEAR)
        opened = letter.c.outcome.in_((OutcomeKind.OPENED, OutcomeKind.APPENDED))
        theirs = select(letter.c.ticket_id).where(ours, letter.c.author_key.in_(few), near, opened).distinct()
        self._read_tickets(self._connection.execute(theirs).scalars())
        self._read_sent({key for author in marks["author"] for key in author.split()})

    # ── tickets ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def tickets(self, ids: Iterable[int]) -> dict[int, Ticket]:
        """Return tickets by their ids, as they are now."""
        wanted = list(ids)
        self._read_tickets(wanted)
        return {id_: found for id_ in wanted if (found := self._tickets[id_])}

    def clocks(self, ticket_id: int) -> tuple[Clock, ...]:
        """Return the clocks of a ticket, as they are now."""
        self._read_tickets([ticket_id])
        return self._clocks.get(ticket_id, ())

    def before_it_changed(self, ticket_id: int, walked_at: datetime, letter_id: int) -> Mapping[str, Any] | None:
        """Return what a ticket was before that letter, or what came after it, changed it first; None: nothing has."""
        self._read_tickets([ticket_id])
        changes = self._was.get(ticket_id, ())
        return next((was for at, by, was in changes if at > walked_at or (at == walked_at and by >= letter_id)), None)

    def _read_tickets(self, ids: Iterable[int]) -> None:
        missing = [one for one in dict.fromkeys(ids) if one is not None and one not in self._tickets]
        if not missing:
            return
        self._tickets |= dict.fromkeys(missing) | load_tickets(self._connection, missing, answers=False)
        self._clocks |= load_clocks(self._connection, missing)
        for row in self._connection.execute(_CHANGES, {"ids": missing}):
            # what time or the admin changed at the very instant of a letter counts as before it
            self._was.setdefault(row.ticket_id, []).append((row.at, row.letter_id or 0, row.was))

    # ── letters that went out ────────────────────────────────────────────────────────────────────────────────────────

    def sent_to(
        self, keys: Collection[str], since: datetime, walked_at: datetime, letter_id: int
    ) -> dict[str, int] | None:
        """Return how many automatic letters each address had had since, before a letter was walked; None: not known here."""
        if self._from is None or since < self._from:
            return None
        self._read_sent(key for key in keys if key not in self._sent)
        counts = {}
        for key in keys:
            sent = self._sent[key]
            counts[key] = bisect_left(sent, (walked_at, letter_id)) - bisect_right(sent, (since, _LAST))
        return {key: n for key, n in counts.items() if n > 0}

    def _read_sent(self, keys: Iterable[str]) -> None:
        missing = list(keys)
        self._sent |= {key: [] for key in missing}
        if missing:
            for row in self._connection.execute(_SENT, {"keys": missing, "since": self._from}):
                self._sent[row.recipient_key].append((row.queued_at, row.letter_id or _LAST))


_CHANGES = (
    select(ticket_was.c.ticket_id, ticket_was.c.at, ticket_was.c.letter_id, ticket_was.c.was)
    .where(ticket_was.c.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(ticket_was.c.id)
)
_SENT = (
    select(outbox.c.recipient_key, outbox.c.queued_at, outbox.c.letter_id)
    .where(outbox.c.recipient_key.in_(bindparam("keys", expanding=True)), outbox.c.queued_at > bindparam("since"))
    .where(or_(outbox.c.automatic, outbox.c.purpose == Purpose.PASSING))  # as `Reads.sent_to` counts
    .order_by(outbox.c.queued_at, func.coalesce(outbox.c.letter_id, _LAST))
)
