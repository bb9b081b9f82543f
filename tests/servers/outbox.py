"""An outbox in memory that keeps the same promises as the real one (`tests/outbox/contract.py` checks both)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from maild.errors import NotQueued, StoreError
from maild.model import OutboxRow, OutboxState, Outgoing

_OVER = frozenset({OutboxState.SENT, OutboxState.FAILED})


class MemoryOutbox:
    """Implements `maild.outbox.dispatcher.OutboxStore`.

    `broken` names methods that raise StoreError for now ("begin", "sent", "retry", "failed", "due", "recover").
    `answers` are the servers' answers by row, `calls` every call of a writing method: (name, row id).
    """

    def __init__(self) -> None:
        self.rows: dict[int, OutboxRow] = {}
        self.answers: dict[int, str] = {}
        self.calls: list[tuple[str, int]] = []
        self.broken: set[str] = set()

    async def add(self, letter: Outgoing, queued_at: datetime) -> int:
        """Queue a letter as the walk does, due at once; return its row's id."""
        row_id = len(self.rows) + 1
        self.rows[row_id] = OutboxRow(
            id=row_id,
            letter=letter,
            state=OutboxState.QUEUED,
            attempts=0,
            queued_at=queued_at,
            next_attempt_at=queued_at,
        )
        return row_id

    async def read(self, row_id: int) -> OutboxRow:
        """Return a row as it stands."""
        return self.rows[row_id]

    async def recover(self, now: datetime) -> int:
        self._check("recover")
        left = [row for row in self.rows.values() if row.state is OutboxState.SENDING]
        for row in left:
            self.rows[row.id] = replace(
                row,
                state=OutboxState.QUEUED,
                attempts=row.attempts + 1,
                uncertain=row.uncertain + 1,
                next_attempt_at=now,
                error="maild stopped while this letter was being sent",
            )
        return len(left)

    async def due(self, now: datetime, limit: int, *, without: Collection[str] = ()) -> Sequence[OutboxRow]:
        self._check("due")
        rows = [
            row
            for row in self.rows.values()
            if row.state is OutboxState.QUEUED and row.next_attempt_at <= now and row.letter.mailbox not in without
        ]
        return sorted(rows, key=lambda row: (row.queued_at, row.id))[:limit]

    async def begin(self, row_id: int, now: datetime) -> None:
        self._check("begin", row_id)
        if self.rows[row_id].state is not OutboxState.QUEUED:
            raise NotQueued(f"letter {row_id} is {self.rows[row_id].state}")
        self.rows[row_id] = replace(self.rows[row_id], state=OutboxState.SENDING)

    async def sent(self, row_id: int, now: datetime, answer: str) -> None:
        self._check("sent", row_id)
        row = self.rows[row_id]
        if row.state not in _OVER:
            self.rows[row_id] = replace(row, state=OutboxState.SENT, attempts=row.attempts + 1, error=None)
            self.answers[row_id] = answer

    async def retry(self, row_id: int, now: datetime, error: str, at: datetime, *, uncertain: bool) -> None:
        self._check("retry", row_id)
        row = self.rows[row_id]
        if row.state not in _OVER:
            self.rows[row_id] = replace(
                row,
                state=OutboxState.QUEUED,
                attempts=row.attempts + 1,
                uncertain=row.uncertain + uncertain,
                next_attempt_at=at,
                error=error,
            )

    async def failed(self, row_id: int, now: datetime, error: str) -> None:
        self._check("failed", row_id)
        row = self.rows[row_id]
        if row.state not in _OVER:
            self.rows[row_id] = replace(row, state=OutboxState.FAILED, attempts=row.attempts + 1, error=error)

    def _check(self, method: str, row_id: int | None = None) -> None:
        if row_id is not None:
            self.calls.append((method, row_id))
        if method in self.broken:
            raise StoreError("the disk is full: free some space")
