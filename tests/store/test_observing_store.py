"""Observing in both databases: what is withheld never comes out, and each day is told once, whoever tells."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from maild.config.load import load_config
from maild.desk.decision import Release
from maild.desk.subscriber import Edition, Subscribe
from maild.model import Address, OutboxState, Place, Purpose, RawMessage, Status
from maild.observing import report_observed, switch
from maild.pipeline import receive, settle
from maild.policy import Policy, load_policy
from maild.store import news, observed, queue, releases
from maild.store.blobs import LocalBlobs
from maild.store.engine import Database
from maild.store.schema import letter as letters
from maild.store.schema import outbox, subscriber, ticket
from maild.store.unit import Transaction
from tests.outbox.contract import letter
from tests.store.conftest import BOX, CONFIG, NOW
from tests.store.tickets import open_ticket

DAY = timedelta(days=1)


RAW = RawMessage(
    octets=b"From: anna@example.org\r\nTo: support@acme.example\r\nSubject: Help\r\nMessage-ID: <1@x>\r\n\r\nHelp\r\n",
    place=Place(mailbox=BOX, folder="INBOX", uidvalidity=1, uid="1"),
    received_at=NOW,
)


def policy_in(tmp_path: Path, mode: str) -> Policy:
    text = CONFIG.replace('name = "Acme"\n', f'name = "Acme"\nmode = "{mode}"\n', 1)
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    return load_policy(load_config(tmp_path / "config.toml"), key=b"x" * 32)


@pytest.fixture
def observing(tmp_path: Path) -> Policy:
    return policy_in(tmp_path, "observe")


def purposes(database: Database, state: OutboxState) -> list[str]:
    with database.read() as connection:
        query = select(outbox.c.purpose).where(outbox.c.state == state).order_by(outbox.c.id)
        return list(connection.execute(query).scalars())


def test_nothing_leads_out_of_withheld(database: Database) -> None:
    """It is not due, begun, recovered, queued again or withdrawn; how an attempt ended changes nothing about it."""
    with database.write() as connection:
        queue.enqueue(connection, replace(letter(), withheld=True), NOW)
        (row_id,) = connection.execute(select(outbox.c.id)).scalars()
        assert queue.due(connection, NOW + DAY, 10, ()) == []
        assert not queue.begin(connection, row_id)
        assert not queue.again(connection, row_id, NOW)
        queue.sent(connection, row_id, NOW, "250 ok")
        queue.retry(connection, row_id, "451", NOW, uncertain=False)
        assert queue.failed(connection, row_id, NOW, "550") is None
        queue.cap_waits(connection, NOW)
        assert queue.recover(connection, NOW) == 0
        row = queue.find(connection, row_id)
    assert row is not None
    assert (row.state, row.letter.withheld, row.attempts) == (OutboxState.WITHHELD, True, 0)


def test_a_day_is_told_once_whoever_tells(database: Database, observing: Policy, tmp_path: Path) -> None:
    """Four tell at the same time, and again later: one letter to the admin, and it is all that leaves."""
    switch(database, observing, NOW)
    blobs = LocalBlobs(tmp_path / "blobs")
    settle(receive([RAW], database, blobs, NOW), database, blobs, observing, NOW)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: report_observed(database, observing, NOW + DAY), range(4)))
    assert sorted(told) == [0, 0, 0, 1]
    assert report_observed(database, observing, NOW + DAY) == 0
    assert purposes(database, OutboxState.QUEUED) == [Purpose.OBSERVED]
    assert purposes(database, OutboxState.WITHHELD) == [Purpose.ACKNOWLEDGEMENT, Purpose.NOTIFICATION]


def _claim_and_die(database: Database, one: observed.Observing) -> None:
    with database.write() as connection:
        assert observed.claim(connection, one, NOW + DAY)
        raise RuntimeError("killed")


def test_a_letter_that_cannot_be_written_is_not_told_half(database: Database, observing: Policy) -> None:
    """A transaction that dies has claimed nothing: the day is told by the next one."""
    switch(database, observing, NOW)
    with database.read() as connection:
        (one,) = observed.who_observe(connection).values()
    with pytest.raises(RuntimeError, match="killed"):
        _claim_and_die(database, one)
    assert report_observed(database, observing, NOW + DAY) == 1


def test_going_live_is_done_once_and_leaves_old_letters_alone(
    database: Database, observing: Policy, tmp_path: Path
) -> None:
    """Letters that the mail server was not told of, because maild died, count as told: none is deleted later."""
    switch(database, observing, NOW)
    blobs = LocalBlobs(tmp_path / "blobs")
    settle(receive([RAW], database, blobs, NOW), database, blobs, observing, NOW)
    live = policy_in(tmp_path, "live")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: switch(database, live, NOW + DAY), range(2)))
    with database.read() as connection:
        assert observed.who_observe(connection) == {}
        assert connection.execute(select(letters.c.marked_at)).scalars().all() == [NOW + DAY]
    assert report_observed(database, live, NOW + 2 * DAY) == 0
    assert purposes(database, OutboxState.QUEUED) == []


def test_caps_forget_what_was_withheld_once_live(database: Database, observing: Policy, tmp_path: Path) -> None:
    """While it observes they fill as they would; afterwards nobody has had anything, whoever else observes."""
    switch(database, observing, NOW)
    with database.write() as connection:
        observed.begin(connection, "ac_e", NOW)
    blobs = LocalBlobs(tmp_path / "blobs")
    settle(receive([RAW], database, blobs, NOW), database, blobs, observing, NOW)
    counts = []
    for policy in (observing, policy_in(tmp_path, "live")):
        switch(database, policy, NOW)
        with database.write() as connection:
            counts.append(Transaction(connection).sent_to({"ivan@staff.example"}, NOW - DAY))
    assert counts == [{"ivan@staff.example": 1}, {}]


def test_on_going_live_the_rest_of_the_news_is_not_sent(database: Database, observing: Policy, tmp_path: Path) -> None:
    """Nobody gets the second half of an edition whose first half was withheld."""
    switch(database, observing, NOW)
    with database.write() as connection:
        news.subscribe(connection, "acme", Subscribe(address=Address(addr="anna@b.example"), how="admin"), NOW)
        news.publish(connection, BOX, Edition(title="3.1", text="It is out."), NOW)
    switch(database, policy_in(tmp_path, "live"), NOW + DAY)
    with database.read() as connection:
        (one,) = news.all_editions(connection, "acme")
        assert news.due_editions(connection, NOW + 2 * DAY) == []
    assert (one.stopped_at, one.left) == (NOW + DAY, 0)


def test_on_going_live_what_was_begun_goes_no_further(database: Database, observing: Policy, tmp_path: Path) -> None:
    """An update that was said to be out tells nobody, who was asked can be asked, and what agents have answered is owed."""
    with database.write() as connection:
        for n, status in enumerate((Status.WAITING, Status.CLOSED, Status.OPEN, Status.WAITING), 1):
            open_ticket(connection, n, opened_at=NOW - DAY, status=status)
    switch(database, observing, NOW)
    with database.write() as connection:
        for n in (1, 2, 3):
            queue.enqueue(connection, replace(letter(name=f"m{n}"), ticket_id=n, withheld=True), NOW)
        chaser = replace(letter(name="m4"), ticket_id=4, withheld=True, purpose=Purpose.CHASER)
        queue.enqueue(connection, chaser, NOW)
        assert observed.told_nothing(connection, "acme", NOW) == {1: True, 2: True, 3: False, 4: False}
        releases.ship(connection, "acme", Release(name="5.2", notes=""), NOW)
        asked = {"organization": "acme", "how": "letter", "why": "", "name": "", "asked_at": NOW}
        for n, at in enumerate((NOW, NOW - DAY)):
            whose = {"address_key": f"a{n}@b.example", "addr": f"a{n}@b.example"}
            connection.execute(insert(subscriber).values(**asked | whose | {"asked_at": at}))
    switch(database, policy_in(tmp_path, "live"), NOW + DAY)
    with database.read() as connection:
        assert releases.next_shipping(connection) is None
        assert [one.asked_at for one in news.all_subscribers(connection, "acme", gone=True)] == [None, NOW - DAY]
        assert list(connection.execute(select(ticket.c.status).order_by(ticket.c.id)).scalars()) == [
            "open", "open", "open", "waiting",
        ]  # fmt: skip


def test_a_report_of_a_delivery_that_never_was(database: Database, observing: Policy, tmp_path: Path) -> None:
    """Whoever claims that a withheld letter has bounced does not make it one that failed, and may be sent once more."""
    switch(database, observing, NOW)
    blobs = LocalBlobs(tmp_path / "blobs")
    settle(receive([RAW], database, blobs, NOW), database, blobs, observing, NOW)
    with database.read() as connection:
        (mid, *_) = connection.execute(select(outbox.c.message_id).order_by(outbox.c.id)).scalars()
    report = REPORT.format(id=mid).replace("\n", "\r\n").encode()
    forged = replace(RAW, octets=report, place=replace(RAW.place, uid="2"), envelope_sender="")
    (ended,) = settle(receive([forged], database, blobs, NOW), database, blobs, observing, NOW)
    assert ended.outcome.kind == "bounce"
    assert ended.decision is not None
    assert ended.decision.bounced is not None
    assert purposes(database, OutboxState.FAILED) == []


REPORT = """\
From: MAILER-DAEMON@mx.example
To: support@acme.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <r@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The letter could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: text/rfc822-headers

From: support@acme.example
To: anna@example.org
Message-ID: <{id}>
--b--
"""
