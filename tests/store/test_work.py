"""Promises of work and service as stored: for the client that the ticket has, exactly, in half-open periods."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from maild.contracts.accounting import Request, Work
from maild.model import Ticket
from maild.store.engine import Database
from maild.store.tickets import LISTS, SERVED, find_ticket, save_service
from maild.store.work import Noted, add_work, requests, works
from tests.store.conftest import NOW
from tests.store.tickets import TICKET, open_ticket

ORG = "acme"
MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(days=40)
SERVICE: dict[str, Any] = {
    "received_at": NOW - MINUTE, "standing": "served", "client": "rosa", "client_name": "ООО «Роза»", "level": "gold",
    "category": "fault", "service": "code", "included": "person", "severity": "high", "hours": "round_the_clock", "coupon": "…9TR5", "agent": "ivan", "rank": 0,
    "counted": False, "team": "books", "ground": "abuse", "ground_state": "proposed", "offer": "training",
    "offer_state": "offered", "offer_name": "Обучение", "offer_price": "1500.5", "offer_currency": "₴", "offer_per": "hour", "offer_asked": True,
    "unit": "tax", "variant": "vip", "tags": ("авария",), "asked": ("version",),
    "faq": ("password",), "merged_into": 7, "backlog": True, "release": "5.2",
}  # fmt: skip


# ── tickets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_ticket_keeps_whose_it_is_and_how_it_is_served(database: Database) -> None:
    with database.write() as connection:
        opened = open_ticket(connection, 1, **SERVICE)
    with database.read() as connection:
        assert find_ticket(connection, "ACME-1") == opened


def test_every_new_field_of_a_ticket_is_put_to_the_test() -> None:
    """`SERVICE` differs from a bare ticket in all of them; and the columns are those of the value."""
    bare = vars(TICKET)
    assert [name for name in SERVICE if SERVICE[name] == bare[name]] == []
    assert {*SERVICE} == {*SERVED, *LISTS, "received_at"}
    assert {*SERVED} < {one.name for one in fields(Ticket)}


def test_a_ticket_without_a_letter_was_received_when_it_was_opened(database: Database) -> None:
    with database.write() as connection:
        opened = open_ticket(connection, 1)
        assert opened.received_at is None
        assert find_ticket(connection, "ACME-1") == replace(opened, received_at=NOW)


def test_a_ticket_that_gets_another_client_takes_its_work_along(database: Database) -> None:
    """Otherwise the one who was mistaken for its client would pay for it."""
    with database.write() as connection:
        opened = open_ticket(connection, 1, client="luna")
        other = open_ticket(connection, 2, client="luna")
        for one in (opened, other):
            add_work(connection, Work(ticket=one.id, at=NOW, spent=MINUTE), agent="ivan", note="")
        save_service(connection, replace(opened, **SERVICE), LATER)
        assert find_ticket(connection, "ACME-1") == replace(opened, **SERVICE)
        assert find_ticket(connection, "ACME-2") == replace(other, received_at=NOW)
        assert [one.number for one in works(connection, ORG, "rosa", None, LATER)] == ["ACME-1"]
        assert [one.number for one in works(connection, ORG, "luna", None, LATER)] == ["ACME-2"]


# ── work and requests ────────────────────────────────────────────────────────────────────────────────────────────────


def test_work_is_listed_in_order_within_a_half_open_period(database: Database) -> None:
    """With whose it was and what was done; over 24 hours as well."""
    long = timedelta(hours=30, seconds=1)
    with database.write() as connection:
        open_ticket(connection, 1, client="rosa")
        open_ticket(connection, 2, client="luna")
        open_ticket(connection, 3, client="rosa", organization="beta")
        for ticket, at, spent, note in (
            (1, LATER, MINUTE, "конец"), (1, NOW, long, "настройка"), (1, NOW - MINUTE, MINUTE, "before"),
            (2, NOW, MINUTE, "another's"), (3, NOW, MINUTE, "elsewhere"),
        ):  # fmt: skip
            add_work(connection, Work(ticket=ticket, at=at, spent=spent), agent="ivan", note=note)
        listed = list(works(connection, ORG, "rosa", NOW, LATER))
        assert listed == [
            Noted(work=Work(ticket=1, at=NOW, spent=long), number="ACME-1", agent="ivan", note="настройка")
        ]
        assert [one.note for one in works(connection, ORG, "rosa", None, LATER)] == ["before", "настройка"]


def test_requests_are_those_that_count(database: Database) -> None:
    """In order of receipt, refusals left out."""
    with database.write() as connection:
        for n, (client, at, counted) in enumerate(
            (
                ("rosa", LATER - MINUTE, True), ("rosa", NOW, True), ("rosa", NOW, False), ("rosa", LATER, True),
                ("luna", NOW, True), ("rosa", NOW - MINUTE, True),
            ),
            1,
        ):  # fmt: skip
            open_ticket(connection, n, client=client, received_at=at, counted=counted)
        within = [Request(ticket=2, at=NOW), Request(ticket=1, at=LATER - MINUTE)]
        assert list(requests(connection, ORG, "rosa", NOW, LATER)) == within
        assert list(requests(connection, ORG, "rosa", None, LATER)) == [Request(ticket=6, at=NOW - MINUTE), *within]
        assert list(requests(connection, "beta", "rosa", None, LATER)) == []


def test_parts_of_a_second_are_no_work(sqlite: Database) -> None:
    """They would be lost without a word."""
    with sqlite.write() as connection:
        open_ticket(connection, 1)
        with pytest.raises(ValueError, match="whole seconds"):
            add_work(connection, Work(ticket=1, at=NOW, spent=timedelta(seconds=1.5)), agent="", note="")
