"""Promises of dealing out on both databases: a crash leaves nothing half done, a second daemon deals nothing twice."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import Connection, event, select

from maild.dealing import deal_waiting, next_dealing
from maild.errors import StoreError
from maild.model import Purpose, Status
from maild.outbox.templates import Templates
from maild.policy import Policy
from maild.store import views
from maild.store.engine import Database
from maild.store.schema import ticket, turn
from maild.store.tickets import save_service
from maild.store.turns import note_turn
from tests.store.conftest import BOX, NOW
from tests.store.test_walk import Bomb
from tests.store.tickets import open_ticket


@pytest.fixture
def dealing(policy: Policy) -> Policy:
    """The policy of a desk that deals out by turns, to Ivan and Petra."""
    box = policy.mailboxes[BOX]
    (ivan,) = box.desk.agents
    petra = replace(ivan, id="petra", address=replace(ivan.address, addr="petra@staff.example"))
    return replace(
        policy, mailboxes={BOX: replace(box, desk=replace(box.desk, assignment="round-robin", agents=(ivan, petra)))}
    )


@pytest.fixture
def waiting(database: Database) -> Database:
    """A database with four requests that nobody has, one of them over."""
    with database.write() as connection:
        for n in (1, 2, 3):
            open_ticket(connection, n)
        open_ticket(connection, 4, status=Status.CLOSED)
    return database


def whose(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(ticket.c.agent).order_by(ticket.c.id)).scalars())


def letters(database: Database) -> list[str]:
    """Return why and to whom letters were queued."""
    with database.read() as connection:
        rows = views.outbox_rows(connection, limit=100)
    return sorted(f"{one.letter.purpose} {one.letter.recipient}" for one in rows)


class Beaten:
    """A database in which another daemon has dealt everything out between a look and a write."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self.database, self.policy = database, policy

    def read(self) -> AbstractContextManager[Connection]:
        return self.database.read()

    def write(self) -> AbstractContextManager[Connection]:
        deal_waiting(self.database, self.policy, NOW)
        return self.database.write()


def test_two_daemons_deal_each_request_once(waiting: Database, dealing: Policy) -> None:
    """The second finds nothing left, takes nobody's turn and writes to nobody."""
    assert deal_waiting(cast(Database, Beaten(waiting, dealing)), dealing, NOW) == 0
    assert whose(waiting) == ["ivan", "petra", "ivan", ""]
    assert letters(waiting) == [f"{Purpose.NOTIFICATION} petra@staff.example", f"{Purpose.OVERVIEW} ivan@staff.example"]
    assert deal_waiting(waiting, dealing, NOW) == 0


def test_a_crash_leaves_nothing_half_done(waiting: Database, dealing: Policy) -> None:
    """Where the letter cannot be queued nothing is dealt; the next look does it all, once."""

    def fail(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO outbox"):
            raise StoreError("the disk is full", "make room")

    event.listen(waiting.writer, "before_cursor_execute", fail)
    with pytest.raises(StoreError):
        deal_waiting(waiting, dealing, NOW)
    event.remove(waiting.writer, "before_cursor_execute", fail)
    with waiting.read() as connection:
        assert connection.execute(select(turn)).all() == []
    assert (whose(waiting), letters(waiting)) == (["", "", "", ""], [])
    assert deal_waiting(waiting, dealing, NOW) == 3
    assert len(letters(waiting)) == 2


def test_a_letter_that_cannot_be_worded_costs_only_itself(waiting: Database, dealing: Policy) -> None:
    good = dealing.mailboxes[BOX]
    bad = replace(good, letterhead=replace(good.letterhead, templates=cast(Templates, Bomb())))
    assert deal_waiting(waiting, replace(dealing, mailboxes={BOX: bad}), NOW) == 3
    assert (whose(waiting), letters(waiting)) == (["ivan", "petra", "ivan", ""], [])


def test_turns_go_on_where_they_were(waiting: Database, dealing: Policy) -> None:
    """Whoever was dealt a later request by day waits for theirs; afterwards nobody is behind for having got old ones."""
    with waiting.write() as connection:
        open_ticket(connection, 5, agent="ivan")
        save_service(connection, replace(open_ticket(connection, 6), agent="petra"), NOW)
        note_turn(connection, "acme", "ivan", 6)
        note_turn(connection, "acme", "petra", 5)
    deal_waiting(waiting, dealing, NOW)
    assert whose(waiting)[:3] == ["petra", "ivan", "petra"]
    with waiting.read() as connection:
        assert dict(connection.execute(select(turn.c.agent, turn.c.ticket_id)).all()) == {"ivan": 6, "petra": 6}


def test_when_somebody_comes(waiting: Database, dealing: Policy) -> None:
    """While something waits: the next midnight, when absences end; nothing waits: never."""
    at = next_dealing(waiting, dealing, NOW)
    assert at is not None
    assert NOW < at <= NOW + timedelta(days=1)
    deal_waiting(waiting, dealing, NOW)
    assert next_dealing(waiting, dealing, NOW) is None


def test_one_agent_of_two_desks_has_a_letter_from_each(database: Database, dealing: Policy) -> None:
    """Both deal at the same instant, and write from one domain: the letters are two all the same."""
    box = dealing.mailboxes[BOX]
    other = replace(box, desk=replace(box.desk, organization="beta", mailbox="beta/support"))
    with database.write() as connection:
        for n in (1, 2, 3, 4):
            open_ticket(connection, n)
        for n in (5, 6, 7, 8):
            open_ticket(connection, n, organization="beta", mailbox="beta/support")
    both = replace(dealing, mailboxes={BOX: box, "beta/support": other})
    assert deal_waiting(database, both, NOW) == 8
    assert letters(database).count("overview ivan@staff.example") == 2
