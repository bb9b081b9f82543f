"""What comes round in a rhythm of the configuration: seen to once each time, whoever crashes and however many daemons look.

Something new, or another rhythm of it, counts from when it is first seen. That it was seen to is recorded in the transaction
that does what it asks.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from maild.sla.occurrences import Rhythm
from maild.store.engine import Database
from maild.store.recurring import Seen, note_seen, seen_works
from maild.store.unit import Transaction


class Round(Protocol):
    """Something that comes round."""

    @property
    def organization(self) -> str:
        """Whose it is."""

    @property
    def name(self) -> str:
        """What it is called there."""

    @property
    def rhythm(self) -> Rhythm:
        """When it comes round."""

    @property
    def told(self) -> str:
        """The rhythm in one line, which is another one when the admin wants another rhythm."""


_Round = TypeVar("_Round", bound=Round)


def next_round(database: Database, wanted: Sequence[Round], now: datetime) -> datetime | None:
    """Return when the first of them comes round: at once where one is new; None: none does."""
    if not wanted:
        return None
    with database.read() as connection:
        seen = seen_works(connection)

    def next_of(one: Round) -> datetime | None:
        known = seen.get((one.organization, one.name))
        return one.rhythm.next(known.since) if known and known.rhythm == one.told else now

    return min((at for one in wanted if (at := next_of(one))), default=None)


def go_round(
    database: Database,
    wanted: Sequence[_Round],
    now: datetime,
    do: Callable[[Transaction, _Round, Sequence[date], datetime], None],
) -> int:
    """Do what those ask that have come round by `now`, each with the days on which it has; return how many were looked at."""

    def due(tx: Transaction) -> list[tuple[_Round, list[date]]]:
        seen = seen_works(tx.connection)
        found: list[tuple[_Round, list[date]]] = []
        for one in wanted:
            known = seen.get((one.organization, one.name))
            if known is None or known.rhythm != one.told:
                found.append((one, []))
            elif days := list(one.rhythm.due(known.since, now)):
                found.append((one, days))
        return found

    if (first := next_round(database, wanted, now)) is None or first > now:
        return 0
    with database.write() as connection:
        tx = Transaction(connection)
        tx.wait_for_turn()
        looked_at = due(tx)  # somebody else may have seen to them meanwhile
        for one, days in looked_at:
            note_seen(connection, one.organization, one.name, Seen(rhythm=one.told, since=now))
            if days:
                do(tx, one, days, now)
    return len(looked_at)
