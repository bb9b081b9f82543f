"""Promises of a tick at which very much is due at once."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from maild import reminding
from maild.config.load import load_config
from maild.ingest.parse import parse
from maild.model import OutboxRow
from maild.policy import Policy, load_policy
from maild.sla.clocks import begin
from maild.store import clocks, views
from maild.store.engine import Database
from maild.store.schema import reminder
from tests.daemon.test_terms import CONFIG
from tests.store.conftest import NOW
from tests.store.tickets import open_ticket

ONE_DAY_LATER = NOW + timedelta(days=1)


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return load_policy(load_config(path), key=b"a key for tests, of thirty-two octets")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path}/maild.sqlite3")
    yield database
    database.close()


def open_tickets(database: Database, policy: Policy, first: int, count: int) -> None:
    """Open tickets whose terms pass within the day; the later one comes, the earlier it has to be served."""
    service = policy.mailboxes["acme/support"].desk.service
    with database.write() as connection:
        for n in range(first, first + count):
            opened = open_ticket(connection, n, rank=1000 - n)
            clocks.save(connection, begin(service.plan(opened), NOW).clocks)


def letters(database: Database) -> list[OutboxRow]:
    with database.read() as connection:
        return views.outbox_rows(connection)


def test_one_letter_names_the_front_of_the_queue(
    database: Database, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many transactions' worth is due: the first of the queue by number, of the rest how many."""
    monkeypatch.setattr(reminding, "MAX_CLOCKS", 7)
    monkeypatch.setattr(reminding, "MAX_LINES", 3)
    open_tickets(database, policy, 1, 40)
    assert reminding.remind(database, policy, ONE_DAY_LATER) == 40
    (told,) = letters(database)
    words = parse(told.letter.octets).text
    assert re.findall(r"ACME-[0-9]+", words) == ["ACME-40", "ACME-39", "ACME-38"]
    assert "37" in words
    assert reminding.remind(database, policy, ONE_DAY_LATER) == 0
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(reminder)).scalar() == 40


def test_a_tick_costs_no_statements_for_each_clock(database: Database, policy: Policy) -> None:
    """It holds the only writer, and letters wait."""
    asked: list[int] = []
    for first, count, later in ((1, 10, ONE_DAY_LATER), (11, 100, ONE_DAY_LATER + timedelta(seconds=1))):
        open_tickets(database, policy, first, count)
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)  # noqa: B023 - called within this turn

        event.listen(database.writer, "before_cursor_execute", note)
        assert reminding.remind(database, policy, later) == count
        event.remove(database.writer, "before_cursor_execute", note)
        asked.append(len(statements))
    assert asked[0] == asked[1]
