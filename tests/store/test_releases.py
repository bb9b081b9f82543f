"""What waits for an update, in both kinds of database."""

from datetime import timedelta

from sqlalchemy import Connection, update

from maild.desk.decision import Release
from maild.store import releases
from maild.store.engine import Database
from maild.store.schema import ticket
from tests.store.conftest import NOW
from tests.store.tickets import open_ticket


def planned(connection: Connection, ticket_id: int, release: str = "", **values: object) -> None:
    """Let a ticket wait for an update."""
    open_ticket(connection, ticket_id)
    standing = {"backlog": True, "release": release, **values}
    connection.execute(update(ticket).where(ticket.c.id == ticket_id).values(standing))


def test_what_waits(database: Database) -> None:
    """The oldest first, and only what is not over; each by the name of its update in any spelling, "" by none."""
    with database.write() as connection:
        planned(connection, 1, "5.2 Лето", received_at=NOW)
        planned(connection, 2, "5.2  ЛЁТО", received_at=NOW - timedelta(days=1))
        planned(connection, 3, received_at=NOW - timedelta(days=2))
        planned(connection, 4, "5.2 Лето", status="closed")
        planned(connection, 5, "5.2 Лето", backlog=False)
        planned(connection, 6, "5.2 Лето", organization="beta")
        assert [one.id for one in releases.backlog(connection, "acme")] == [3, 2, 1]
        assert [one.id for one in releases.waiting_for(connection, "acme", " 5.2 лето")] == [2, 1]
        assert releases.waiting_for(connection, "acme", "") == ()
        assert releases.waiting_for(connection, "acme", "5.3") == ()


def test_how_many_ask(database: Database) -> None:
    """Customers, not letters: those of a client are one, and whose requests went into it, at whatever remove, count."""
    with database.write() as connection:
        planned(connection, 1, requester="anna@client.example")
        planned(connection, 2, requester="boris@client.example", client="romashka")
        for id_, into, values in (
            (3, 1, {"requester": "Anna@client.example"}),
            (4, 1, {"requester": "vera@client.example"}),
            (5, 4, {"requester": "olga@client.example"}),
            (6, 2, {"requester": "petr@client.example", "client": "romashka"}),
        ):
            open_ticket(connection, id_)
            gone = {"merged_into": into, "status": "closed", **values}
            connection.execute(update(ticket).where(ticket.c.id == id_).values(gone))
        found = releases.backlog(connection, "acme")
        assert releases.askers(connection, found) == {1: 3, 2: 1}
        assert releases.askers(connection, ()) == {}


def test_an_update_that_is_out(database: Database) -> None:
    """It is told of from now on, until all have heard."""
    with database.write() as connection:
        assert releases.next_shipping(connection) is None
        releases.ship(connection, "acme", Release(name="5.2", notes="Импорт."), NOW, by="ivan")
        assert releases.next_shipping(connection) == NOW
        assert releases.due_shippings(connection, NOW - timedelta(seconds=1)) == []
        (one,) = releases.due_shippings(connection, NOW)
        assert (one.organization, one.release) == ("acme", Release(name="5.2", notes="Импорт."))
        later = NOW + timedelta(hours=1)
        releases.told(connection, one.id, 2, later)
        assert (releases.next_shipping(connection), releases.due_shippings(connection, NOW)) == (later, [])
        releases.told(connection, one.id, 1, None)
        assert releases.next_shipping(connection) is None
