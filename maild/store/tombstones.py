"""Raw letters that are to go for good: named in the transaction that erases them, removed after it, safe at any crash.

Octets have one blob however many letters share them. Whoever stores a letter holds READING, whoever removes blobs holds
it alone, so that between the look whether anybody needs a blob and its removal nobody can come to need it.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from maild.model import RawMessage
from maild.store.blobs import Blobs
from maild.store.engine import Database
from maild.store.schema import erased_blob, letter

PG_BLOBS = 0x6D61696C66  # "mailf": the advisory lock between who stores and who removes blobs in PostgreSQL
AT_ONCE = 50  # blobs removed in one transaction


def name_blobs(connection: Connection, hashes: Collection[str], now: datetime) -> int:
    """Note that these blobs are to go unless some letter needs them; return how many."""
    for sha256 in sorted(hashes):
        again = update(erased_blob).where(erased_blob.c.sha256 == sha256).values(erased_at=now, removed_at=None)
        if not connection.execute(again).rowcount:
            connection.execute(insert(erased_blob).values(sha256=sha256, erased_at=now))
    return len(hashes)


def put_again(connection: Connection, raws: Collection[RawMessage], blobs: Blobs) -> None:
    """Store again what was removed between the storing of letters and now; to be called before their rows are written."""
    if connection.dialect.name == "postgresql":  # SQLite lets one transaction write at a time
        connection.execute(select(func.pg_advisory_xact_lock_shared(PG_BLOBS)))
    by_hash = {raw.sha256: raw for raw in raws}
    named = select(erased_blob.c.sha256).where(erased_blob.c.sha256.in_(by_hash))
    for sha256 in list(connection.execute(named).scalars()):
        blobs.put(by_hash[sha256].octets)
        connection.execute(update(erased_blob).where(erased_blob.c.sha256 == sha256).values(removed_at=None))


def remove_blobs(database: Database, blobs: Blobs, now: datetime) -> int:
    """Remove all named blobs that no letter needs; return how many. Raises StoreError, then the rest waits for another call."""
    removed = 0
    with database.read() as connection:
        if _waiting(connection) == []:
            return 0
    while True:
        with database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(PG_BLOBS)))
            waiting = _waiting(connection)
            needed = select(letter.c.sha256).where(letter.c.sha256.in_(waiting), letter.c.erased_by.is_(None))
            for sha256 in set(waiting) & set(connection.execute(needed).scalars()):
                connection.execute(erased_blob.delete().where(erased_blob.c.sha256 == sha256))
                waiting.remove(sha256)
            for sha256 in waiting:
                blobs.remove(sha256)
                removed += 1
            gone = update(erased_blob).where(erased_blob.c.sha256.in_(waiting))
            connection.execute(gone.values(removed_at=now))
            if not _waiting(connection):
                return removed


def finish(database: Database, blobs: Blobs, now: datetime) -> int:
    """Remove what all erasures so far have left to be removed, after a crash, too; return how many. Raises StoreError."""
    removed = remove_blobs(database, blobs, now)
    database.forget()
    return removed


def _waiting(connection: Connection) -> list[str]:
    named = select(erased_blob.c.sha256).where(erased_blob.c.removed_at.is_(None))
    return list(connection.execute(named.order_by(erased_blob.c.sha256).limit(AT_ONCE)).scalars())
