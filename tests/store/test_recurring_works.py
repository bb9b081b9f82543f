"""Promises of works that come round, on both databases: a crash leaves nothing half done, two daemons open nothing twice."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError

from maild.config.load import load_config
from maild.desk.service import Level
from maild.errors import StoreError
from maild.outbox.templates import Templates
from maild.policy import Policy, load_policy
from maild.recurring import next_recurring, open_due
from maild.reminding import follow
from maild.store import views
from maild.store.engine import Database
from maild.store.recurring import last_came, note_came
from maild.store.schema import recurring
from tests.store.conftest import BOX, CONFIG, NOW
from tests.store.test_walk import Bomb

DUE = NOW + timedelta(days=1)
WORKS = """
[organization.acme.recurring.backup]
title = "Backups"
text = "Restore the latest."
on = "every day"
[organization.acme.recurring.scan]
title = "Scan"
text = "Look for viruses."
on = "every day"
whom = "clients"
[organization.acme.client.anna]
name = "Anna Ltd"
addresses = "anna@anna.example"
[organization.acme.client.berta]
name = "Berta Ltd"
addresses = "berta@berta.example"
[organization.acme.client.clara]
name = "Clara Ltd"
addresses = "clara@clara.example"
suspended = "unpaid"
"""
ALL = ["Backups -", "Scan anna", "Scan berta"]


@pytest.fixture
def working(policy: Policy, tmp_path: Path) -> Policy:
    """The policy of a desk with a work of its own and one for each of three clients."""
    path = tmp_path / "working.toml"
    path.write_text(CONFIG + WORKS, encoding="utf-8")
    return load_policy(load_config(path), key=b"a key for tests, of thirty-two octets")


@pytest.fixture
def begun(database: Database, working: Policy) -> Database:
    """A database in which both were seen, a day before they come round."""
    follow(database, working, NOW)
    assert open_due(database, working, NOW) == 2
    assert opened(database) == []
    return database


def opened(database: Database) -> list[str]:
    with database.read() as connection:
        return [f"{one.subject} {one.client or '-'}" for one in views.all_tickets(connection)]


def letters(database: Database) -> int:
    with database.read() as connection:
        return len(views.outbox_rows(connection, limit=100))


class Beaten:
    """A database in which another daemon has opened everything between a look and a write."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self.database, self.policy = database, policy

    def read(self) -> AbstractContextManager[Connection]:
        return self.database.read()

    def write(self) -> AbstractContextManager[Connection]:
        open_due(self.database, self.policy, DUE)
        return self.database.write()


def test_each_is_opened_once(begun: Database, working: Policy) -> None:
    assert open_due(begun, working, DUE) == 2
    assert open_due(begun, working, DUE) == 0
    assert (opened(begun), letters(begun)) == (ALL, 3)


def test_two_daemons_open_each_once(begun: Database, working: Policy) -> None:
    assert open_due(cast(Database, Beaten(begun, working)), working, DUE) == 0
    assert (opened(begun), letters(begun)) == (ALL, 3)


@pytest.mark.parametrize("statement", ["INSERT INTO occurrence", "INSERT INTO outbox", "INSERT INTO ticket"])
@pytest.mark.parametrize("nth", [1, 3])
def test_a_crash_leaves_nothing_half_done(begun: Database, working: Policy, statement: str, nth: int) -> None:
    """Wherever the disk fails nothing is opened and nobody told; the next look does it all, once."""
    left = [nth]

    def fail(_c: object, _cursor: object, sql: str, *_: object) -> None:
        if sql.startswith(statement):
            left[0] -= 1
            if not left[0]:
                raise StoreError("the disk is full", "make room")

    event.listen(begun.writer, "before_cursor_execute", fail)
    with pytest.raises(StoreError):
        open_due(begun, working, DUE)
    event.remove(begun.writer, "before_cursor_execute", fail)
    assert (opened(begun), letters(begun)) == ([], 0)
    assert open_due(begun, working, DUE) == 2
    assert (opened(begun), letters(begun)) == (ALL, 3)


def test_what_is_recorded_is_not_opened_again(begun: Database, working: Policy) -> None:
    """Even if the work's own mark is lost: a time of a client is recorded by itself, and the database refuses a second."""
    open_due(begun, working, DUE)
    with begun.write() as connection:
        connection.execute(recurring.update().values(since=NOW))
    assert open_due(begun, working, DUE) == 2
    assert opened(begun) == ALL
    with pytest.raises((IntegrityError, StoreError)), begun.write() as connection:
        note_came(connection, "acme", "scan", date(2026, 3, 3), "anna", DUE)


def test_a_work_that_breaks_our_code_costs_only_itself(begun: Database, working: Policy) -> None:
    """One client's cannot be opened: the others have theirs, and it is recorded why this one has none."""

    class Broken(dict[str, Level]):
        asked = 0

        def __contains__(self, key: object) -> bool:
            self.asked += 1  # once for each letter to an agent, when the request is there already
            if self.asked == ALL.index("Scan anna") + 1:
                raise RuntimeError("a bug")
            return False

    box = working.mailboxes[BOX]
    service = replace(box.desk.service, levels=Broken())
    bad = replace(working, mailboxes={BOX: replace(box, desk=replace(box.desk, service=service))})
    open_due(begun, bad, DUE)
    assert opened(begun) == ["Backups -", "Scan berta"]
    with begun.read() as connection:
        came = {one.client: one.skipped for one in last_came(connection, "acme", "scan")}
    assert came == {
        "anna": "not opened because of a bug: the log has it",
        "berta": "",
        "clara": "suspended: unpaid",
    }
    assert open_due(begun, working, DUE) == 0


def test_a_letter_that_cannot_be_worded_costs_only_itself(begun: Database, working: Policy) -> None:
    good = working.mailboxes[BOX]
    bad = replace(good, letterhead=replace(good.letterhead, templates=cast(Templates, Bomb())))
    open_due(begun, replace(working, mailboxes={BOX: bad}), DUE)
    assert (opened(begun), letters(begun)) == (ALL, 0)


def test_an_agent_has_no_more_than_they_may(begun: Database, working: Policy) -> None:
    box = working.mailboxes[BOX]
    caps = replace(box.desk.caps, per_agent=2)
    capped = replace(working, mailboxes={BOX: replace(box, desk=replace(box.desk, caps=caps))})
    open_due(begun, capped, DUE)
    assert (opened(begun), letters(begun)) == (ALL, 2)


def test_when_the_next_comes_round(begun: Database, working: Policy) -> None:
    """In a day; at once where one is new; never where there is none."""
    at = next_recurring(begun, working, NOW)
    assert at is not None
    assert NOW < at <= DUE
    with begun.write() as connection:
        connection.execute(recurring.delete())
    assert next_recurring(begun, working, NOW) == NOW


def test_none_where_there_is_none(begun: Database, policy: Policy) -> None:
    assert next_recurring(begun, policy, NOW) is None
