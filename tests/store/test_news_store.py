"""News as stored: one letter to each who wants them, none to who does not, in both kinds of database."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, update

from maild.desk.case import Letter
from maild.desk.subscriber import Edition, Subscribe, Unsubscribe
from maild.model import Address, Outgoing, Purpose
from maild.store import letters, news
from maild.store.confirmations import find_kept, save_kept
from maild.store.engine import Database
from maild.store.queue import due, enqueue
from maild.store.schema import edition_letter, outbox
from tests.store.conftest import BOX, NOW, letter

MINUTE = timedelta(minutes=1)
NEWS = Edition(title="5.2", text="Добавлен импорт.")
ANNA, BORIS = Address(name="Анна", addr="Anna@client.example"), Address(addr="boris@client.example")


def subscribe(connection: Connection, *addresses: Address, organization: str = "acme") -> None:
    for one in addresses:
        news.subscribe(connection, organization, Subscribe(address=one, how="admin"), NOW)


def out(address: Address, purpose: Purpose, message_id: str) -> Outgoing:
    return Outgoing(
        message_id=message_id, mailbox=BOX, purpose=purpose, envelope_sender="support@acme.example",
        recipient=address.addr, octets=b"x",
    )  # fmt: skip


def send(connection: Connection, edition_id: int, subscriber_id: int, to: Address) -> None:
    enqueue(connection, out(to, Purpose.NEWS, f"{edition_id}.{subscriber_id}@x"), NOW)
    news.note_queued(connection, edition_id, subscriber_id, f"{edition_id}.{subscriber_id}@x", NOW)


def states(connection: Connection) -> list[str]:
    return [str(row.state) for row in connection.execute(select(outbox.c.state).order_by(outbox.c.id))]


def test_subscribing(database: Database) -> None:
    """Once by any spelling of the address; who came back is new again, and the same one."""
    with database.write() as connection:
        assert news.subscribe(connection, "acme", Subscribe(address=ANNA, how="letter"), NOW)
        again = Subscribe(address=Address(addr="ANNA@client.example"), how="admin")
        assert not news.subscribe(connection, "acme", again, NOW + MINUTE)
        (one,) = news.all_subscribers(connection, "acme")
        assert (one.address, one.how, one.since, one.active) == (ANNA, "letter", NOW, True)
        assert news.unsubscribe(connection, one.id, "w" * 1_000, NOW + MINUTE)
        assert not news.unsubscribe(connection, one.id, "again", NOW + 2 * MINUTE)
        assert (news.all_subscribers(connection, "acme"), news.count_subscribers(connection, "acme")) == ([], 0)
        (gone,) = news.all_subscribers(connection, "acme", gone=True)
        assert (gone.id, gone.until, gone.why) == (one.id, NOW + MINUTE, "w" * 500)
        assert news.subscribe(connection, "acme", again, NOW + 3 * MINUTE)
        (back,) = news.all_subscribers(connection, "acme")
        assert (back.id, back.how, back.since, back.until) == (one.id, "admin", NOW + 3 * MINUTE, None)


def test_who_is_found(database: Database) -> None:
    """By address, id or the letter that asked, of this organisation alone."""
    with database.write() as connection:
        (letter_id,) = letters.add(connection, [letter(1)], NOW)
        subscribe(connection, ANNA)
        subscribe(connection, BORIS, organization="beta")
        (one,) = news.all_subscribers(connection, "acme")
        assert news.find_subscribers(connection, "acme", {"anna@client.example"}, (), ()) == (one,)
        assert news.find_subscribers(connection, "acme", (), {one.id}, ()) == (one,)
        assert news.find_subscribers(connection, "acme", (), (), {letter_id}) == ()
        assert news.find_subscribers(connection, "acme", (), (), ()) == ()
        assert news.find_subscribers(connection, "acme", {"boris@client.example"}, (), ()) == ()


def test_an_edition(database: Database) -> None:
    """It is for those who want news when it is sent; each is next until their letter is queued, which happens once."""
    with database.write() as connection:
        subscribe(connection, ANNA, BORIS)
        subscribe(connection, Address(addr="olga@beta.example"), organization="beta")
        id_ = news.publish(connection, BOX, NEWS, NOW, by="ivan")
        subscribe(connection, Address(addr="late@client.example"))
        (sending,) = news.due_editions(connection, NOW)
        assert (sending.id, sending.mailbox, sending.edition) == (id_, BOX, NEWS)
        assert news.next_edition(connection) == NOW
        first, second = news.waiting(connection, id_, 10)
        assert [one.id for one in news.waiting(connection, id_, 1)] == [first.id]
        send(connection, id_, first.id, first.address)
        with pytest.raises(RuntimeError, match="has edition"):
            news.note_queued(connection, id_, first.id, "x@x", NOW)
        news.put_off(connection, sending, NOW + MINUTE)
        assert (news.next_edition(connection), news.due_editions(connection, NOW)) == (NOW + MINUTE, [])
        send(connection, id_, second.id, second.address)
        news.put_off(connection, sending, NOW + 2 * MINUTE)
        assert (news.next_edition(connection), news.waiting(connection, id_, 10)) == (None, [])
        connection.execute(update(outbox).where(outbox.c.id == 1).values(state="sent"))
        (seen,) = news.all_editions(connection, "acme")
        assert (seen.recipients, seen.sent, seen.left, seen.agent) == (2, 1, 1, "ivan")
        assert news.all_editions(connection, "beta") == []


def test_one_pace_for_all_news(database: Database) -> None:
    """Of two editions of an organisation one goes on at a time, and none before the minute is over; another's goes on."""
    with database.write() as connection:
        subscribe(connection, ANNA, BORIS)
        subscribe(connection, ANNA, organization="beta")
        for mailbox in (BOX, BOX, "beta/help"):
            news.publish(connection, mailbox, NEWS, NOW)
        first, other = news.due_editions(connection, NOW)
        assert (first.id, other.id) == (1, 3)
        news.put_off(connection, first, NOW + MINUTE)
        assert [one.id for one in news.due_editions(connection, NOW)] == [3]
        assert [one.id for one in news.due_editions(connection, NOW + MINUTE)] == [1, 3]


def test_stopping(database: Database) -> None:
    """What has not left stays, in the outbox too; what has left is not unsaid."""
    with database.write() as connection:
        subscribe(connection, ANNA, BORIS, Address(addr="vera@client.example"))
        id_ = news.publish(connection, BOX, NEWS, NOW)
        first, second, _ = news.waiting(connection, id_, 3)
        send(connection, id_, first.id, first.address)
        send(connection, id_, second.id, second.address)
        connection.execute(update(outbox).where(outbox.c.id == 1).values(state="sent"))
        assert news.stop(connection, id_, NOW) == 2
        assert states(connection) == ["sent", "withdrawn"]
        assert (news.next_edition(connection), news.waiting(connection, id_, 3)) == (None, [])
        (seen,) = news.all_editions(connection, "acme")
        assert (seen.recipients, seen.sent, seen.left, seen.stopped_at) == (3, 1, 0, NOW)


def test_who_ends_it_gets_none(database: Database) -> None:
    """Neither what waits for its turn nor what waits in the outbox; others' letters, and letters that are no news, leave."""
    with database.write() as connection:
        subscribe(connection, ANNA, BORIS)
        for number in range(2):
            id_ = news.publish(connection, BOX, NEWS, NOW)
            if not number:
                for one in news.waiting(connection, id_, 2):
                    send(connection, id_, one.id, one.address)
        enqueue(connection, out(ANNA, Purpose.ANSWER, "answer@x"), NOW)
        anna = news.all_subscribers(connection, "acme")[0]
        news.apply_move(connection, letters_of(connection), Unsubscribe(id=anna.id, why="their word"), NOW)
        assert states(connection) == ["withdrawn", "queued", "queued"]
        assert [one.address for one in news.waiting(connection, id_, 2)] == [BORIS]
        dropped = select(edition_letter.c.dropped).where(edition_letter.c.subscriber_id == anna.id)
        assert set(connection.execute(dropped).scalars()) == {"", "they want none any more"}


def letters_of(connection: Connection) -> Letter:
    """Return a letter of the ledger, as the walk has it."""
    (letter_id,) = letters.add(connection, [letter(7)], NOW)
    return Letter(id=letter_id, raw=letter(7))


def test_answers_leave_first(database: Database) -> None:
    """However long the news have waited."""
    with database.write() as connection:
        enqueue(connection, out(ANNA, Purpose.NEWS, "news@x"), NOW - MINUTE)
        enqueue(connection, out(BORIS, Purpose.ACKNOWLEDGEMENT, "ack@x"), NOW)
        assert [row.letter.message_id for row in due(connection, NOW, 10, ())] == ["ack@x", "news@x"]


def test_what_a_kept_letter_has_become(database: Database) -> None:
    """Whoever answers about it: whether it is news, for how many, and how many of them can be spared it."""
    with database.write() as connection:
        ids = letters.add(connection, [letter(1), letter(2)], NOW)
        for one in ids:
            save_kept(connection, one, "ivan", NOW + MINUTE)
        shown = Outgoing(
            message_id="c@x", mailbox=BOX, purpose=Purpose.EDITION, envelope_sender="", recipient="i@x", octets=b""
        )
        enqueue(connection, shown, NOW, letter_id=ids[0])
        first, other = find_kept(connection, "acme", ids, None)
        assert (first.news, first.edition, other.news) == (True, None, False)
        subscribe(connection, ANNA, BORIS)
        id_ = news.publish(connection, BOX, NEWS, NOW, by="ivan", letter_id=ids[0])
        first, _ = find_kept(connection, "acme", ids, None)
        assert (first.edition, first.of, first.left) == (id_, 2, 2)
