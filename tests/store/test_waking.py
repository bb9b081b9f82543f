"""Promises of waking on both databases: whatever keeps an agent from being reminded, they are once that is over."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import event

from maild.desk.decision import Wake
from maild.errors import StoreError
from maild.model import Purpose, Status
from maild.outbox.templates import Templates
from maild.policy import Policy
from maild.reminding import AGAIN_AFTER
from maild.store import views
from maild.store.engine import Database
from maild.store.wakes import next_wake, save_wake
from maild.waking import MAX_WAKES, wake
from tests.store.conftest import BOX, NOW
from tests.store.test_walk import Bomb
from tests.store.tickets import open_ticket

HOUR = timedelta(hours=1)


def promise(database: Database, *ids: int, status: Status = Status.OPEN) -> None:
    """Store tickets in which Ivan has promised something."""
    with database.write() as connection:
        for one in ids:
            open_ticket(connection, one, status=status)
            save_wake(
                connection, one, Wake(kind="promise", agent="ivan", at=NOW + HOUR, term=NOW + 2 * HOUR, words="call")
            )


def told(database: Database) -> list[str]:
    """Return the subjects of what agents got."""
    with database.read() as connection:
        rows = views.outbox_rows(connection, limit=10_000)
    return sorted(one.letter.subject for one in rows if one.letter.purpose is Purpose.NOTIFICATION)


def first(database: Database) -> datetime | None:
    with database.read() as connection:
        return next_wake(connection)


def test_an_organisation_that_is_put_back(database: Database, policy: Policy) -> None:
    """Its agents are reminded then, and once."""
    promise(database, 1)
    config = policy.config.model_copy(update={"organization": {}})
    assert wake(database, replace(policy, config=config, mailboxes={}), NOW + HOUR) == 1
    assert (told(database), first(database)) == ([], NOW + HOUR + AGAIN_AFTER)
    for _ in range(2):
        wake(database, policy, NOW + HOUR + AGAIN_AFTER)
        assert (len(told(database)), first(database)) == (1, None)


def test_what_cannot_be_worded_is_told_later(database: Database, policy: Policy) -> None:
    """It comes to an end, all the same."""
    promise(database, *range(1, MAX_WAKES + 2))
    good = policy.mailboxes[BOX]
    bad = replace(good, letterhead=replace(good.letterhead, templates=cast(Templates, Bomb())))
    assert wake(database, replace(policy, mailboxes={BOX: bad}), NOW + HOUR) == MAX_WAKES + 1
    assert told(database) == []
    wake(database, policy, NOW + HOUR + AGAIN_AFTER)
    assert len(told(database)) == MAX_WAKES + 1


def test_a_failing_disk_is_no_bug(database: Database, policy: Policy) -> None:
    """The look fails as a whole and is taken again."""
    promise(database, 1)

    def fail(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO outbox"):
            raise StoreError("the disk is full", "make room")

    event.listen(database.writer, "before_cursor_execute", fail)
    with pytest.raises(StoreError):
        wake(database, policy, NOW + HOUR)
    event.remove(database.writer, "before_cursor_execute", fail)
    assert first(database) == NOW + HOUR
    wake(database, policy, NOW + HOUR)
    assert len(told(database)) == 1


def test_of_what_is_over_nobody_is_ever_reminded(database: Database, policy: Policy) -> None:
    promise(database, 1, status=Status.CLOSED)
    assert wake(database, policy, NOW + HOUR) == 1
    assert (told(database), first(database)) == ([], None)
