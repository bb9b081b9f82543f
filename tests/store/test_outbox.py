"""The real outbox keeps the promises of `tests/outbox/contract.py`, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from maild.clock import ManualClock, SystemClock
from maild.edges import Office
from maild.errors import StoreError
from maild.model import OutboxRow, OutboxState, Outgoing, Purpose
from maild.outbox.retry import LONGEST_WAIT
from maild.policy import Policy
from maild.store import queue, views
from maild.store.blobs import LocalBlobs
from maild.store.engine import Database
from maild.store.queue import enqueue
from maild.store.schema import outbox as outbox_table
from tests.outbox.contract import NOW, OutboxContract, letter

DAY = timedelta(days=1)


class OfficeOutbox(Office):
    """The daemon's outbox with the two things that a test needs besides."""

    async def add(self, letter: Outgoing, queued_at: datetime) -> int:
        with self.database.write() as connection:
            enqueue(connection, letter, queued_at)
            query = select(outbox_table.c.id).where(outbox_table.c.message_id == letter.message_id)
            return int(connection.execute(query).scalar_one())

    async def read(self, row_id: int) -> OutboxRow:
        with self.database.read() as connection:
            row = queue.find(connection, row_id)
        assert row is not None
        return row


@pytest.fixture
def outbox(database: Database, blobs: LocalBlobs, policy: Policy) -> Iterator[OfficeOutbox]:
    office = OfficeOutbox(database, blobs, policy, SystemClock())
    yield office
    office.close()


class TestOfficeOutbox(OutboxContract):
    """What the dispatcher relies on."""


async def test_the_promise_of_another_term_is_not_sent_late(outbox: OfficeOutbox) -> None:
    """The old term stands since it failed: who is asked which letters may be sent once more does not hear of it."""
    answer = await outbox.add(letter(name="answer"), NOW)
    notice = await outbox.add(replace(letter(name="notice"), purpose=Purpose.EXTENSION), NOW)
    for row_id in (answer, notice):
        await outbox.failed(row_id, NOW, "550 refused")
    with outbox.database.read() as connection:
        assert views.failed_ids(connection) == [answer]


async def test_a_failure_is_told_to_the_admin_once_a_day(outbox: OfficeOutbox) -> None:
    """A server that refuses everything makes one letter to the admin, not one for each letter that failed."""
    for n in range(3):
        await outbox.failed(await outbox.add(letter(name=f"m{n}"), NOW), NOW, "550 refused")
    assert [row.letter.purpose for row in _all(outbox)] == [Purpose.ADMIN, *[Purpose.ANSWER] * 3]
    later = NOW + DAY + timedelta(seconds=1)
    await outbox.failed(await outbox.add(letter(name="later"), later), later, "550 refused")
    assert sum(row.letter.purpose is Purpose.ADMIN for row in _all(outbox)) == 2


async def test_a_failed_letter_to_the_admin_makes_no_other(outbox: OfficeOutbox) -> None:
    """Otherwise a wrong admin address would make letters for ever."""
    await outbox.failed(await outbox.add(letter(), NOW), NOW, "550 refused")
    [told] = [row for row in _all(outbox) if row.letter.purpose is Purpose.ADMIN]
    await outbox.failed(told.id, NOW, "550 no such admin")
    assert len(_all(outbox)) == 2


async def test_what_the_store_cannot_take_did_not_happen(outbox: OfficeOutbox) -> None:
    """A dispatcher whose `begin` failed may take the letter for unsent."""
    row_id = await outbox.add(letter(), NOW)
    with outbox.database.write() as connection:
        connection.exec_driver_sql("alter table outbox rename to hidden")
    with pytest.raises(Exception, match="outbox"):
        await outbox.begin(row_id, NOW)
    with outbox.database.write() as connection:
        connection.exec_driver_sql("alter table hidden rename to outbox")
    assert (await outbox.read(row_id)).state is OutboxState.QUEUED
    await outbox.begin(row_id, NOW)


async def test_no_letter_waits_for_longer_than_the_longest_wait(
    database: Database, blobs: LocalBlobs, policy: Policy
) -> None:
    """Of letters put off before the clock was set back; the others keep their time."""
    outbox = OfficeOutbox(database, blobs, policy, ManualClock(NOW))
    soon, late = [await outbox.add(letter(name=name), NOW) for name in ("soon", "late")]
    await outbox.retry(soon, NOW, "450", NOW + LONGEST_WAIT / 2, uncertain=False)
    await outbox.retry(late, NOW, "450", NOW + DAY, uncertain=False)
    await outbox.cap_waits()
    assert (await outbox.read(soon)).next_attempt_at == NOW + LONGEST_WAIT / 2
    assert (await outbox.read(late)).next_attempt_at == NOW + LONGEST_WAIT
    outbox.worker.close()


async def test_a_message_id_leaves_once(outbox: OfficeOutbox) -> None:
    """The database itself refuses a second row for one Message-ID."""
    await outbox.add(letter(name="same"), NOW)
    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        await outbox.add(letter(name="same"), NOW)
    assert not isinstance(caught.value, StoreError)


def _all(outbox: Office) -> list[OutboxRow]:
    """Every row, newest first, letters to the admin before the others."""
    with outbox.database.read() as connection:
        rows = views.outbox_rows(connection)
    return sorted(rows, key=lambda row: row.letter.purpose is not Purpose.ADMIN)
