"""Tickets for the tests of the store, without letters."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from maild.model import Address, Status, Ticket
from maild.store.clocks import Reminded
from maild.store.schema import clock, message, reminder
from maild.store.unit import Transaction
from tests.store.conftest import BOX, NOW

TICKET = Ticket(
    id=0, number="", organization="acme", mailbox=BOX, subject="Printer", status=Status.NEW,
    requester=Address(addr="anna@customer.example"), participants=(), opened_at=NOW,
)  # fmt: skip


def open_ticket(connection: Connection, ticket_id: int, **fields: Any) -> Ticket:
    """Store a ticket with the next id, as a decision would, and return it."""
    opened = replace(TICKET, id=ticket_id, number=f"ACME-{ticket_id}", **fields)
    Transaction(connection)._open(opened, NOW)  # a letter each would make every test twice as long
    return opened


def add_requests(
    connection: Connection, organization: str, asked: Iterable[tuple[str, str, datetime]], first: int = 1
) -> list[int]:
    """Store tickets with subject, words of the first letter and its time; return their ids."""
    ids = []
    for ticket_id, (subject, text, at) in enumerate(asked, first):
        open_ticket(connection, ticket_id, organization=organization, subject=subject, received_at=at, opened_at=at)
        said = {"ticket_id": ticket_id, "direction": "in", "author": "a@b.example", "author_name": "", "at": at}
        connection.execute(insert(message), [said | {"text": text}, said | {"text": "Ещё раз о том же."}])
        ids.append(ticket_id)
    return ids


def reminders_of(connection: Connection, ticket_id: int) -> list[Reminded]:
    """Return what was reminded of on a ticket, in order."""
    query = (
        select(*(reminder.c[name] for name in Reminded.__dataclass_fields__))
        .join(clock, clock.c.id == reminder.c.clock_id)
        .where(clock.c.ticket_id == ticket_id)
        .order_by(reminder.c.at, reminder.c.id)
    )
    return [Reminded(**row) for row in connection.execute(query).mappings()]
