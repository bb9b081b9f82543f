"""Erasing a person, and what is older than an organisation keeps it: the transaction, and what follows it."""

from collections.abc import Callable, Collection
from datetime import datetime

from maild.store.blobs import Blobs
from maild.store.engine import Database
from maild.store.erasing import Erased, erase
from maild.store.extents import find_extent, find_mentions
from maild.store.personal import Action
from maild.store.tombstones import finish
from maild.store.unit import Transaction


class _Tried(Exception):  # noqa: N818 - nothing is wrong
    """A transaction that was only to show what it would do."""


def erase_person(
    database: Database,
    blobs: Blobs,
    organization: str,
    people: Collection[str],
    *,
    who: str,
    why: str,
    now: datetime,
    even_open: bool = False,
    dry: bool = False,
    step: Callable[[], None] = lambda: None,
) -> Erased:
    """Erase a person with all the addresses named; `dry`: do, count, and take back. Raises ErasureRefused, StoreError.

    Letters are read before the transaction, which reads only those that came meanwhile: the daemon does not wait for long.
    """
    with database.read() as connection:
        extent = find_extent(connection, organization, people)
        mentions = find_mentions(connection, extent, blobs, step=step)
    try:
        with database.write() as connection:
            Transaction(connection).wait_for_turn()
            extent = find_extent(connection, organization, people)
            mentions = find_mentions(connection, extent, blobs, after=mentions)
            erased = erase(connection, extent, mentions, Action.ERASE, who, why, now, even_open=even_open)
            if dry:
                raise _Tried
    except _Tried:
        return erased
    finish(database, blobs, now)
    return erased
