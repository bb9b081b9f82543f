"""Promises of chasing on both databases: whatever stops or doubles a look, a customer is reminded once and closed once."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import event

from maild.chasing import MAX_CHASES, chase
from maild.desk.catalogue import Asking
from maild.desk.chase import begin_chase
from maild.errors import StoreError
from maild.model import Address, OutboxRow, Purpose, Status
from maild.outbox.templates import Templates
from maild.policy import Policy
from maild.reminding import AGAIN_AFTER
from maild.store import views
from maild.store.chases import next_chase, save_chase
from maild.store.engine import Database
from tests.store.conftest import BOX, NOW
from tests.store.test_walk import Bomb
from tests.store.tickets import open_ticket

DAY = timedelta(days=1)


def ask(database: Database, *ids: int, status: Status = Status.WAITING, requester: str = "") -> None:
    """Store tickets whose customers are waited for: three days, then ten."""
    with database.write() as connection:
        for one in ids:
            who = Address(addr=requester or f"c{one}@customer.example")
            open_ticket(connection, one, status=status, asked=("version",), requester=who)
            save_chase(connection, begin_chase(one, Asking(remind=3 * DAY, give_up=10 * DAY), NOW))


def sent(database: Database, purpose: Purpose) -> list[str]:
    """Return who got letters of a purpose."""
    with database.read() as connection:
        rows: list[OutboxRow] = views.outbox_rows(connection, limit=10_000)
    return sorted(one.letter.recipient for one in rows if one.letter.purpose is purpose)


def statuses(database: Database) -> list[Status]:
    with database.read() as connection:
        return [one.status for one in views.all_tickets(connection)]


def kinds(database: Database, ticket_id: int = 1) -> list[str]:
    with database.read() as connection:
        return [one.kind for one in views.history(connection, ticket_id)]


def test_a_month_away(database: Database, policy: Policy) -> None:
    """The reminder first, and after it as long as there would have been; looks at the same instant do nothing more."""
    ask(database, 1)
    late = NOW + 30 * DAY
    for _ in range(3):
        chase(database, policy, late)
        assert sent(database, Purpose.CHASER) == ["c1@customer.example"]
        assert sent(database, Purpose.CLOSING) == []
    chase(database, policy, late + 7 * DAY - timedelta(seconds=1))
    assert statuses(database) == [Status.WAITING]
    for _ in range(3):
        chase(database, policy, late + 7 * DAY)
        assert sent(database, Purpose.CLOSING) == ["c1@customer.example"]
        assert statuses(database) == [Status.CLOSED]
    with database.read() as connection:
        assert next_chase(connection) is None


def test_a_clock_that_goes_back_doubles_nothing(database: Database, policy: Policy) -> None:
    ask(database, 1)
    for at in (NOW + 3 * DAY, NOW, NOW + 2 * DAY, NOW + 3 * DAY, NOW + 4 * DAY):
        chase(database, policy, at)
    assert sent(database, Purpose.CHASER) == ["c1@customer.example"]
    assert statuses(database) == [Status.WAITING]


def test_many_at_once(database: Database, policy: Policy) -> None:
    """More than one transaction takes: each is looked at once, and it comes to an end."""
    count = 2 * MAX_CHASES + 1
    ask(database, *range(1, count + 1))
    assert chase(database, policy, NOW + 30 * DAY) == count
    assert len(sent(database, Purpose.CHASER)) == count
    assert sent(database, Purpose.CLOSING) == []


def test_two_looks_at_once(database: Database, policy: Policy) -> None:
    """Two processes (the daemon, and a command that should have waited) remind once between them."""
    ask(database, *range(1, 31))
    looks = [threading.Thread(target=chase, args=(database, policy, NOW + 3 * DAY)) for _ in range(4)]
    for look in looks:
        look.start()
    for look in looks:
        look.join()
    assert len(sent(database, Purpose.CHASER)) == 30


@pytest.mark.parametrize("at", [NOW + 3 * DAY, NOW + 10 * DAY], ids=["remind", "close"])
def test_a_stop_at_any_statement(database: Database, policy: Policy, at: datetime) -> None:
    """Killed at any point, a look has done nothing; the next one does it all, once."""
    ask(database, 1)
    if at > NOW + 3 * DAY:
        chase(database, policy, NOW + 3 * DAY)
    before = statuses(database), kinds(database), len(sent(database, Purpose.CHASER))
    number = stopped = 0
    while True:
        number += 1
        left = number

        class Kill(BaseException):
            pass

        def kill(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Kill

        event.listen(database.writer, "before_cursor_execute", kill)
        try:
            chase(database, policy, at)
            break
        except Kill:
            stopped += 1
        finally:
            event.remove(database.writer, "before_cursor_execute", kill)
        assert (statuses(database), kinds(database), len(sent(database, Purpose.CHASER))) == before
        assert sent(database, Purpose.CLOSING) == []
    assert stopped > 5
    assert len(sent(database, Purpose.CHASER)) == 1
    assert len(sent(database, Purpose.CLOSING)) == (at > NOW + 3 * DAY)


@pytest.mark.parametrize("at", [NOW + 3 * DAY, NOW + 10 * DAY], ids=["remind", "close"])
def test_what_cannot_be_worded_has_not_happened(database: Database, policy: Policy, at: datetime) -> None:
    """Nobody is closed who was not told: it is tried again in a while, and costs the others nothing."""
    ask(database, 1, 2)
    if at > NOW + 3 * DAY:
        chase(database, policy, NOW + 3 * DAY)
    good = policy.mailboxes[BOX]
    bad = replace(good, letterhead=replace(good.letterhead, templates=cast(Templates, Bomb())))
    before = kinds(database)
    chase(database, replace(policy, mailboxes={BOX: bad}), at)
    assert kinds(database) == before
    assert statuses(database) == [Status.WAITING, Status.WAITING]
    assert chase(database, policy, at + AGAIN_AFTER) == 2
    purpose = Purpose.CLOSING if at > NOW + 3 * DAY else Purpose.CHASER
    assert sent(database, purpose) == ["c1@customer.example", "c2@customer.example"]


def test_a_failing_disk_is_no_bug(database: Database, policy: Policy) -> None:
    """The look fails as a whole and is taken again."""
    ask(database, 1)

    def fail(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO outbox"):
            raise StoreError("the disk is full", "make room")

    event.listen(database.writer, "before_cursor_execute", fail)
    with pytest.raises(StoreError):
        chase(database, policy, NOW + 3 * DAY)
    event.remove(database.writer, "before_cursor_execute", fail)
    chase(database, policy, NOW + 3 * DAY)
    assert sent(database, Purpose.CHASER) == ["c1@customer.example"]


def test_an_address_that_has_had_enough_is_reminded_later(database: Database, policy: Policy) -> None:
    """Caps hold for what time brings about, too (D17); nobody is given up who was not reminded."""
    box = policy.mailboxes[BOX]
    caps = replace(box.desk.caps, per_address=3)
    policy = replace(policy, mailboxes={BOX: replace(box, desk=replace(box.desk, caps=caps))})
    ask(database, *range(1, 11), requester="list@customer.example")
    chase(database, policy, NOW + 30 * DAY)
    assert len(sent(database, Purpose.CHASER)) == 3
    assert sent(database, Purpose.CLOSING) == []
    assert kinds(database, 10).count("not chased") == 1
    for hour in range(1, 24):
        chase(database, policy, NOW + 30 * DAY + timedelta(hours=hour))
    assert len(sent(database, Purpose.CHASER)) == 3
    assert kinds(database, 10).count("not chased") == 1
    chase(database, policy, NOW + 31 * DAY + timedelta(minutes=1))
    assert len(sent(database, Purpose.CHASER)) == 6


def test_agents_hear_whom_we_have_given_up(database: Database, policy: Policy) -> None:
    ask(database, 1)
    chase(database, policy, NOW + 3 * DAY)
    assert sent(database, Purpose.NOTIFICATION) == []
    chase(database, policy, NOW + 10 * DAY)
    assert sent(database, Purpose.NOTIFICATION) == ["ivan@staff.example"]
