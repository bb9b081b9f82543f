"""Letters that are kept from leaving: only those that nobody has begun to send, whoever begins meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import select, text, update

from maild.model import OutboxState, Purpose
from maild.store.engine import Database
from maild.store.queue import enqueue, withdraw
from maild.store.schema import event, outbox
from tests.outbox.contract import letter
from tests.store.conftest import NOW
from tests.store.tickets import open_ticket

WHY = "a letter came before it had left"


def _take_back(database: Database) -> None:
    with database.write() as connection:
        withdraw(connection, 1, (Purpose.CLOSING,), WHY, NOW)


def _wait_for_the_row(database: Database) -> None:
    """Return once somebody waits for what this transaction holds; of SQLite's one writer nothing shows it."""
    deadline = time.monotonic() + 30
    waiting = text("select count(*) from pg_locks where not granted")
    while not database.is_sqlite:
        with database.read() as connection:
            if connection.execute(waiting).scalar():
                return
        assert time.monotonic() < deadline, "nobody asks for the row"


def test_what_somebody_begins_to_send_meanwhile_is_not_withdrawn(database: Database) -> None:
    """Another process may hold the row: whoever takes it back waits, and then finds that it is late for that one."""
    with database.write() as connection:
        open_ticket(connection, 1)
        for name in ("first", "second"):
            enqueue(connection, replace(letter(name=name), purpose=Purpose.CLOSING, ticket_id=1), NOW)
    with ThreadPoolExecutor(1) as pool:
        with database.write() as connection:
            begun = update(outbox).where(outbox.c.message_id == "first@example.com")
            connection.execute(begun.values(state=OutboxState.SENDING))
            taken_back = pool.submit(_take_back, database)
            _wait_for_the_row(database)
            assert not taken_back.done()
        taken_back.result(timeout=30)
    with database.read() as connection:
        states = dict(connection.execute(select(outbox.c.message_id, outbox.c.state)).all())
        told = connection.execute(select(event.c.detail).where(event.c.kind == "withdrawn")).scalars().all()
    assert states == {"first@example.com": "sending", "second@example.com": "withdrawn"}
    assert len(told) == 1
