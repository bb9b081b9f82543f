"""What every outbox promises to the dispatcher. Run it against a store by subclassing `OutboxContract`:

class TestMyOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self) -> Outbox: ...  # an empty one
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from maild.errors import NotQueued
from maild.model import OutboxRow, OutboxState, Outgoing, Purpose
from maild.outbox.dispatcher import OutboxStore

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Outbox(OutboxStore, Protocol):
    """A store with the two things that a test needs besides."""

    async def add(self, letter: Outgoing, queued_at: datetime) -> int:
        """Queue a letter, due at once; return its row's id."""

    async def read(self, row_id: int) -> OutboxRow:
        """Return a row as it stands on disk."""


def letter(mailbox: str = "acme/support", *, recipient: str = "customer@example.org", name: str = "m1") -> Outgoing:
    """Compose a letter of no interest."""
    return Outgoing(
        message_id=f"{name}@example.com",
        mailbox=mailbox,
        purpose=Purpose.ANSWER,
        envelope_sender="support@example.com",
        recipient=recipient,
        octets=b"Subject: hello\r\n\r\nhello\r\n",
        subject="hello",
    )


async def standing(outbox: Outbox, row_id: int) -> tuple[OutboxState, int, int]:
    """Return a row's state, attempts and uncertain attempts."""
    row = await outbox.read(row_id)
    return row.state, row.attempts, row.uncertain


class OutboxContract:
    """The promises; the fixture `outbox` gives an empty store."""

    async def test_a_queued_letter_is_due_as_it_was_written(self, outbox: Outbox) -> None:
        """Nothing of a letter changes on the way through the store."""
        row_id = await outbox.add(letter(), NOW)
        [row] = await outbox.due(NOW, 10)
        assert row == OutboxRow(
            id=row_id, letter=letter(), state=OutboxState.QUEUED, attempts=0, queued_at=NOW, next_attempt_at=NOW
        )

    async def test_due_is_oldest_first_and_limited(self, outbox: Outbox) -> None:
        """Whoever waits longest comes first."""
        young, old = await outbox.add(letter(name="a"), NOW), await outbox.add(letter(name="b"), NOW - MINUTE)
        twin = await outbox.add(letter(name="c"), NOW)
        assert [old, young, twin] == [row.id for row in await outbox.due(NOW, 10)]
        assert [old, young] == [row.id for row in await outbox.due(NOW, 2)]

    async def test_due_leaves_out_mailboxes(self, outbox: Outbox) -> None:
        """A thousand letters of a dead mailbox do not hide those of a live one."""
        await outbox.add(letter("acme/dead", name="a"), NOW - MINUTE)
        live = await outbox.add(letter("acme/live", name="b"), NOW)
        assert [live] == [row.id for row in await outbox.due(NOW, 1, without={"acme/dead"})]
        assert not await outbox.due(NOW, 10, without=["acme/dead", "acme/live"])

    async def test_due_has_an_edge(self, outbox: Outbox) -> None:
        """A letter is due at its instant, not before."""
        row_id = await outbox.add(letter(), NOW)
        await outbox.begin(row_id, NOW)
        await outbox.retry(row_id, NOW, "450 later", NOW + MINUTE, uncertain=False)
        assert not await outbox.due(NOW + MINUTE - timedelta(milliseconds=1), 10)
        [row] = await outbox.due(NOW + MINUTE, 10)
        assert (row.next_attempt_at, row.error) == (NOW + MINUTE, "450 later")

    async def test_sending_is_not_due(self, outbox: Outbox) -> None:
        """A letter under way is not sent beside itself."""
        row_id = await outbox.add(letter(), NOW)
        await outbox.begin(row_id, NOW)
        assert await standing(outbox, row_id) == (OutboxState.SENDING, 0, 0)
        assert not await outbox.due(NOW, 10)

    async def test_begin_is_for_queued_letters(self, outbox: Outbox) -> None:
        """A letter that somebody else has taken, or that is over, is not begun."""
        taken, sent, failed = [await outbox.add(letter(name=name), NOW) for name in "abc"]
        await outbox.begin(taken, NOW)
        await outbox.sent(sent, NOW, "250 ok")
        await outbox.failed(failed, NOW, "550 no")
        for row_id in (taken, sent, failed):
            with pytest.raises(NotQueued):
                await outbox.begin(row_id, NOW)

    async def test_each_end_counts_an_attempt(self, outbox: Outbox) -> None:
        """The number of attempts is the number of verdicts, and doubt is counted apart."""
        sent, failed = await outbox.add(letter(name="a"), NOW), await outbox.add(letter(name="b"), NOW)
        for uncertain in (False, True):
            await outbox.begin(sent, NOW)
            await outbox.retry(sent, NOW, "later", NOW, uncertain=uncertain)
        await outbox.begin(sent, NOW)
        await outbox.sent(sent, NOW, "250 ok")
        await outbox.failed(failed, NOW, "550 no")  # refused before it was begun
        assert await standing(outbox, sent) == (OutboxState.SENT, 3, 1)
        assert await standing(outbox, failed) == (OutboxState.FAILED, 1, 0)
        assert ((await outbox.read(sent)).error, (await outbox.read(failed)).error) == (None, "550 no")

    async def test_what_is_over_stays_over(self, outbox: Outbox) -> None:
        """A verdict recorded again (its first commit had succeeded after all) changes nothing."""
        sent, failed = await outbox.add(letter(name="a"), NOW), await outbox.add(letter(name="b"), NOW)
        await outbox.sent(sent, NOW, "250 ok")
        await outbox.failed(failed, NOW, "550 no")
        for row_id in (sent, failed):
            await outbox.sent(row_id, NOW, "250 again")
            await outbox.failed(row_id, NOW, "550 again")
            await outbox.retry(row_id, NOW, "later", NOW, uncertain=True)
        assert await standing(outbox, sent) == (OutboxState.SENT, 1, 0)
        assert await standing(outbox, failed) == (OutboxState.FAILED, 1, 0)
        assert (await outbox.read(failed)).error == "550 no"

    async def test_recover_counts_a_doubt(self, outbox: Outbox) -> None:
        """A letter that a crash left under way is due at once, and one possible copy more is on record."""
        crashed, waiting = await outbox.add(letter(name="a"), NOW), await outbox.add(letter(name="b"), NOW)
        await outbox.begin(crashed, NOW)
        later = NOW + MINUTE
        assert await outbox.recover(later) == 1
        assert await standing(outbox, crashed) == (OutboxState.QUEUED, 1, 1)
        assert await standing(outbox, waiting) == (OutboxState.QUEUED, 0, 0)
        row = await outbox.read(crashed)
        assert row.next_attempt_at == later
        assert row.error
        assert await outbox.recover(later) == 0
