"""Tickets for the tests of the store, without letters."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from maild.model import Address, Status, Ticket
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
