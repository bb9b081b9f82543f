"""Promises of reports, on both databases: a crash leaves nothing half done, two daemons send nothing twice."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, event

from maild.config.load import load_config
from maild.contracts.accounting import Month, Work
from maild.contracts.accounting import Policy as Accounting
from maild.errors import StoreError
from maild.outbox.templates import Templates
from maild.policy import Policy, load_policy
from maild.reminding import follow
from maild.reporting import next_reports, send_reports
from maild.store import register, views
from maild.store.engine import Database
from maild.store.reports import read_report, sent_reports
from maild.store.schema import recurring
from maild.store.usage import read_usage
from maild.store.work import add_work
from tests.store.conftest import BOX, CONFIG
from tests.store.test_walk import Bomb
from tests.store.tickets import open_ticket

BEGUN, DUE = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 4, 1, 9, tzinfo=UTC)
MARCH = Month(2026, 3)
REPORTS = """
[organization.acme.reports]
monthly = "client"
[organization.acme.accounting]
[organization.acme.client.anna]
name = "Anna Ltd"
package = { hours = "5h" }
addresses = "anna@anna.example"
[organization.acme.client.berta]
name = "Berta Ltd"
package = { hours = "5h" }
contacts = [
    { name = "Berta", address = "berta@berta.example", aliases = "b@berta.example" },
    { name = "Bruno", address = "bruno@berta.example" },
]
[organization.acme.client.clara]
name = "Clara Ltd"
package = { hours = "5h" }
domains = "clara.example"
[organization.acme.client.dora]
name = "Dora Ltd"
package = { hours = "5h" }
addresses = "dora@dora.example"
until = 2026-02-28
[organization.acme.client.emma]
name = "Emma Ltd"
addresses = "emma@emma.example"
"""
ALL = ["anna@anna.example", "berta@berta.example", "bruno@berta.example"]
TOLD = {
    "anna": ("anna@anna.example", ""),
    "berta": ("berta@berta.example, bruno@berta.example", ""),
    "clara": ("", "nobody is there to get it: the client has no contact"),
    "dora": ("", "no contract in this month, and nothing was done"),
    "emma": ("", "nothing to say: no request, no work and no package in this month"),
}


@pytest.fixture
def reporting(policy: Policy, tmp_path: Path) -> Policy:
    """The policy of a desk that reports to five clients, of whom two can be told."""
    path = tmp_path / "reporting.toml"
    path.write_text(CONFIG + REPORTS, encoding="utf-8")
    return load_policy(load_config(path), key=b"a key for tests, of thirty-two octets")


@pytest.fixture
def begun(database: Database, reporting: Policy) -> Database:
    """A database in which the wish was seen, a month before the first are due."""
    follow(database, reporting, BEGUN)
    assert send_reports(database, reporting, BEGUN) == 1
    assert (letters(database), told(database)) == ([], {})
    return database


def letters(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(one.letter.recipient for one in views.outbox_rows(connection, limit=100))


def told(database: Database) -> Mapping[str, tuple[str, str]]:
    with database.read() as connection:
        return sent_reports(connection, "acme", MARCH)


class Beaten:
    """A database in which another daemon has sent everything between a look and a write."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self.database, self.policy = database, policy

    def read(self) -> AbstractContextManager[Connection]:
        return self.database.read()

    def write(self) -> AbstractContextManager[Connection]:
        send_reports(self.database, self.policy, DUE)
        return self.database.write()


def test_each_goes_out_once(begun: Database, reporting: Policy) -> None:
    """To the main address of every contact; of the others it is recorded why not."""
    assert send_reports(begun, reporting, DUE) == 1
    assert send_reports(begun, reporting, DUE) == 0
    assert (letters(begun), told(begun)) == (ALL, TOLD)


def test_two_daemons_send_each_once(begun: Database, reporting: Policy) -> None:
    assert send_reports(cast(Database, Beaten(begun, reporting)), reporting, DUE) == 0
    assert (letters(begun), told(begun)) == (ALL, TOLD)


@pytest.mark.parametrize("statement", ["INSERT INTO report", "INSERT INTO outbox", "INSERT INTO recurring"])
def test_a_crash_leaves_nothing_half_done(begun: Database, reporting: Policy, statement: str) -> None:
    """Wherever the disk fails nobody is told; the next look tells all, once."""

    def fail(_c: object, _cursor: object, sql: str, *_: object) -> None:
        if sql.startswith(statement):
            raise StoreError("the disk is full", "make room")

    event.listen(begun.writer, "before_cursor_execute", fail)
    with pytest.raises(StoreError):
        send_reports(begun, reporting, DUE)
    event.remove(begun.writer, "before_cursor_execute", fail)
    assert (letters(begun), told(begun)) == ([], {})
    assert send_reports(begun, reporting, DUE) == 1
    assert (letters(begun), told(begun)) == (ALL, TOLD)


def test_what_is_recorded_is_not_sent_again(begun: Database, reporting: Policy) -> None:
    """Even if the mark of the last look is lost."""
    send_reports(begun, reporting, DUE)
    with begun.write() as connection:
        connection.execute(recurring.update().values(since=BEGUN))
    assert send_reports(begun, reporting, DUE + timedelta(hours=1)) == 1
    assert letters(begun) == ALL


def test_when_the_next_are_due(begun: Database, reporting: Policy, policy: Policy) -> None:
    at = next_reports(begun, reporting, BEGUN)
    assert at is not None
    assert BEGUN + timedelta(days=29) < at <= DUE
    assert next_reports(begun, policy, BEGUN) is None
    with begun.write() as connection:
        connection.execute(recurring.delete())
    assert next_reports(begun, reporting, BEGUN) == BEGUN


def test_the_lines_add_up_to_what_is_used(begun: Database, reporting: Policy) -> None:
    """Of a request worked on in two months each is charged with what the rounded total has grown by, as in the account."""
    ours = {"client": "anna"}
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    with begun.write() as connection:
        open_ticket(connection, 1, received_at=BEGUN - 9 * 24 * hour, subject="Of February", **ours)
        open_ticket(connection, 2, received_at=BEGUN, subject="Of March", **ours)
        open_ticket(connection, 3, received_at=BEGUN, subject="Refused", counted=False, **ours)
        open_ticket(connection, 4, received_at=DUE + hour, subject="Of April", **ours)
        open_ticket(connection, 5, received_at=BEGUN, subject="Another's", client="berta")
        open_ticket(connection, 6, received_at=BEGUN - 9 * 24 * hour, subject="Of February alone", **ours)
        for ticket, at, spent in (
            (1, BEGUN - 5 * 24 * hour, 20), (1, BEGUN, 5), (1, BEGUN + hour, 10), (2, BEGUN, 31), (4, DUE + hour, 10),
            (5, BEGUN, 10), (6, BEGUN - 5 * 24 * hour, 20),
        ):  # fmt: skip
            add_work(connection, Work(ticket=ticket, at=at, spent=spent * minute), agent="ivan", note="")
        client = register.find_client(connection, "acme", "anna")
        assert client is not None
        service = reporting.mailboxes[BOX].desk.service
        policy = service.accounting_of("")
        assert isinstance(policy, Accounting)
        report = read_report(connection, "acme", client, MARCH, policy, None, service.zone)
        (used,) = read_usage(connection, "acme", client, [MARCH], policy, None, service.zone)
    assert [(one.subject, one.charged) for one in report.done] == [("Of February", hour / 2), ("Of March", hour)]
    assert used.row is not None
    assert sum((one.charged for one in report.done), timedelta(0)) == used.row.used == 1.5 * hour
    assert report.used == used


def test_a_letter_that_cannot_be_worded_costs_only_itself(begun: Database, reporting: Policy) -> None:
    good = reporting.mailboxes[BOX]
    bad = replace(good, letterhead=replace(good.letterhead, templates=cast(Templates, Bomb())))
    send_reports(begun, replace(reporting, mailboxes={BOX: bad}), DUE)
    why = "not sent because of a bug: the log has it"
    assert (letters(begun), told(begun)) == ([], TOLD | {"anna": ("", why), "berta": ("", why)})
