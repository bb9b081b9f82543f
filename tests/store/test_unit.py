"""Promises of one letter's transaction: what it reads is what bears on the letter, what it writes is written once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from maild import pipeline
from maild.config.load import load_config
from maild.desk.case import Facts, Letter
from maild.ingest.parse import parse
from maild.ingest.thread import find_clues
from maild.model import Outgoing, Purpose, RawMessage, Said
from maild.pipeline import walk
from maild.policy import Policy, load_policy
from maild.store import letters, views
from maild.store.blobs import LocalBlobs
from maild.store.engine import Database
from maild.store.queue import enqueue
from maild.store.schema import contact, counter, outbox
from maild.store.unit import Transaction
from tests.store.conftest import BOX, CONFIG, NOW, letter

HOUR = timedelta(hours=1)
SECOND_DESK = """
[organization.beta]
name = "Beta"
language = "en"
number_prefix = "BETA"
[organization.beta.mailbox.support]
address = "support@beta.example"
"""


@pytest.fixture
def policy(policy: Policy) -> Policy:
    """Two organisations with one desk each."""
    path = policy.files[0]
    path.write_text(CONFIG + SECOND_DESK, encoding="utf-8")
    return load_policy(load_config(path), key=b"a key for tests, of thirty-two octets")


def settle(database: Database, blobs: LocalBlobs, policy: Policy, *raws: RawMessage) -> list[str]:
    ids = pipeline.receive(raws, database, blobs, NOW)
    return [one.outcome.kind.value for one in pipeline.settle(ids, database, blobs, policy, NOW)]


def facts(database: Database, policy: Policy, raw: RawMessage) -> Facts:
    """What the store says about a letter that is not in it."""
    message, desk = parse(raw.octets), policy.mailboxes[raw.place.mailbox].desk
    clues = find_clues(message, desk.prefix)
    with database.read() as connection:
        return Transaction(connection).facts_about(
            Letter(id=0, raw=raw), message, clues, None, desk, since=NOW - HOUR, said=Said()
        )


def numbers(database: Database) -> list[tuple[int, str]]:
    with database.read() as connection:
        return [(ticket.id, ticket.number) for ticket in views.all_tickets(connection)]


def queue(database: Database, recipients: Sequence[str], purpose: Purpose = Purpose.ACKNOWLEDGEMENT) -> None:
    with database.write() as connection:
        before = connection.execute(select(func.count()).select_from(outbox)).scalar_one()
        for n, recipient in enumerate(recipients, before):
            sent = Outgoing(
                message_id=f"{n}@acme.example", mailbox=BOX, purpose=purpose, envelope_sender="", recipient=recipient,
                octets=b"",
            )  # fmt: skip
            enqueue(connection, sent, NOW)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_numbers_have_no_gap_and_no_repeat(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """Each organisation counts its own tickets; duplicates and machines' letters take no number."""
    letters_in = [
        letter(1), letter(2, headers="Auto-Submitted: auto-generated\nList-Id: <l.example>\n"), letter(3),
        letter(1, uidvalidity=2), letter(4, mailbox="beta/support"), letter(5), letter(6, mailbox="beta/support"),
    ]  # fmt: skip
    for raw in letters_in:
        settle(database, blobs, policy, raw)
    assert numbers(database) == [(1, "ACME-1"), (2, "ACME-2"), (3, "BETA-1"), (4, "ACME-3"), (5, "BETA-2")]


def test_a_walk_that_is_rolled_back_takes_no_number(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    ids = pipeline.receive([letter(1)], database, blobs, NOW)
    with pytest.raises(ZeroDivisionError), database.write() as connection:  # noqa: PT012
        tx = Transaction(connection)
        stored = letters.load(connection, ids[0], blobs)
        assert stored is not None
        walked = walk(stored, tx, policy.mailboxes[BOX], NOW)
        tx.apply(stored, walked.message, walked.said, walked.decision, NOW)
        raise ZeroDivisionError
    assert numbers(database) == []
    assert settle(database, blobs, policy, letter(2)) == ["opened"]
    assert numbers(database) == [(1, "ACME-1")]


def test_a_number_given_out_by_somebody_else_is_refused(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """A decision made on stale facts cannot be written."""
    ids = pipeline.receive([letter(1)], database, blobs, NOW)
    with database.read() as connection:
        stored = letters.load(connection, ids[0], blobs)
        assert stored is not None
        stale = walk(stored, Transaction(connection), policy.mailboxes[BOX], NOW)
    assert settle(database, blobs, policy, letter(2)) == ["opened"]
    with pytest.raises(Exception, match=r"(?i)unique"), database.write() as connection:
        Transaction(connection).apply(stored, stale.message, stale.said, stale.decision, NOW)
    assert numbers(database) == [(1, "ACME-1")]


# ── applied once ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_outcome_is_refused(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """Applying a decision twice raises, and nothing of the second time stays: no message, no event, no letter out."""
    ids = pipeline.receive([letter(1), letter(2, headers="In-Reply-To: <m1@customer.example>\n")], database, blobs, NOW)
    pipeline.settle(ids[:1], database, blobs, policy, NOW)
    with database.write() as connection:
        tx = Transaction(connection)
        stored = letters.load(connection, ids[1], blobs)
        assert stored is not None
        walked = walk(stored, tx, policy.mailboxes[BOX], NOW)
        tx.apply(stored, walked.message, walked.said, walked.decision, NOW)
        before = views.history(connection, 1)
    renamed = tuple(replace(sent, message_id=f"2.{sent.message_id}") for sent in walked.decision.outgoing)
    again = replace(walked.decision, outgoing=renamed)
    with pytest.raises(RuntimeError, match="must not end twice"), database.write() as connection:
        Transaction(connection).apply(stored, walked.message, walked.said, again, NOW)
    with database.read() as connection:
        assert views.history(connection, 1) == before
        assert len(views.outbox_rows(connection)) == 3  # ack, and a notification for each of the letters


def test_a_contact_is_remembered_once(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """Two questions of one person in two spellings of the address."""
    settle(database, blobs, policy, letter(1), letter(2, author="ANNA@customer.example"))
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(contact)).scalar_one() == 1
        assert dict(connection.execute(select(counter.c.name, counter.c.value)).all())["number:ACME"] == 2


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_facts_of_an_empty_desk(database: Database, policy: Policy) -> None:
    assert facts(database, policy, letter(1)) == Facts()


def test_organisations_do_not_see_each_other(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """The same letter to two organisations is new to both, and a reply finds its own organisation's ticket only."""
    assert settle(database, blobs, policy, letter(1), letter(1, mailbox="beta/support")) == ["opened", "opened"]
    reply = "References: <m1@customer.example>\n"
    found = facts(database, policy, letter(2, headers=reply, mailbox="beta/support"))
    assert [candidate.ticket.number for candidate in found.candidates] == ["BETA-1"]
    stranger = letter(3, subject="Re: ACME-1", mailbox="beta/support")
    assert facts(database, policy, stranger).candidates == ()


def test_a_copy_in_quarantine_is_no_earlier_letter(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """Otherwise the second copy would be a duplicate of a letter that nobody has dealt with."""
    [letter_id] = pipeline.receive([letter(1)], database, blobs, NOW)
    with database.write() as connection:
        letters.set_aside(connection, letter_id, "a bug", "trace", NOW)
    assert settle(database, blobs, policy, letter(1, uidvalidity=2)) == ["opened"]


@pytest.mark.parametrize(("age", "counted"), [(timedelta(), 1), (HOUR - timedelta(seconds=1), 1), (HOUR, 0)])
def test_automatic_mail_is_counted_within_the_window(
    database: Database, policy: Policy, age: timedelta, counted: int
) -> None:
    """A letter queued exactly one window ago does not count any more."""
    with database.write() as connection:
        sent = Outgoing(
            message_id="1@acme.example", mailbox=BOX, purpose=Purpose.ACKNOWLEDGEMENT, envelope_sender="",
            recipient="Anna@Customer.example", octets=b"",
        )  # fmt: skip
        enqueue(connection, sent, NOW - age)
    assert sum(facts(database, policy, letter(1)).sent_to.values()) == counted


def test_only_automatic_mail_is_counted(database: Database, policy: Policy) -> None:
    """An agent who answers twenty times does not use up the customer's acknowledgements."""
    queue(database, ["anna@customer.example", "ivan@staff.example", "bob@customer.example"])
    queue(database, ["anna@customer.example"], Purpose.ANSWER)
    assert facts(database, policy, letter(1)).sent_to == {"anna@customer.example": 1, "ivan@staff.example": 1}


def test_the_cap_on_acknowledgements_holds(database: Database, blobs: LocalBlobs, policy: Policy) -> None:
    """The eleventh letter of one address within a day opens a ticket, and gets no acknowledgement."""
    settle(database, blobs, policy, *(letter(uid) for uid in range(1, 13)))
    with database.read() as connection:
        rows = views.outbox_rows(connection)
        history = views.history(connection, 11)
    acks = [row for row in rows if row.letter.purpose is Purpose.ACKNOWLEDGEMENT]
    assert (len(numbers(database)), len(acks)) == (12, 10)
    assert any("limits.per_address" in line.text for line in history)


def test_the_admin_is_told_once(database: Database) -> None:
    """Of one fault once within the time given, of another at once."""
    with database.write() as connection:
        tx = Transaction(connection)
        assert tx.tell_once("a fault", NOW - HOUR, NOW)
        assert not tx.tell_once("a fault", NOW - HOUR, NOW)
        assert not tx.tell_once("a fault", NOW - timedelta(seconds=1), NOW + HOUR - timedelta(seconds=1))
        assert tx.tell_once("another fault", NOW - HOUR, NOW)
        assert tx.tell_once("a fault", NOW, NOW + HOUR)


@pytest.mark.parametrize(
    "day", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)], ids=["first", "last"]
)
def test_a_date_at_an_end_of_the_calendar(database: Database, blobs: LocalBlobs, policy: Policy, day: datetime) -> None:
    """A mail server or a file says when a letter arrived, and may say anything; the letter is a request all the same."""
    assert settle(database, blobs, policy, letter(1, received_at=day)) == ["opened"]
