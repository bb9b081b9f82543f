"""What people call a request, and whether its customer has had a letter of ours in it."""

import pytest

from maild.model import OutboxState
from maild.store.reads import Reads
from maild.store.schema import outbox
from maild.store.tickets import find_number
from tests.walk.served import IVAN_ADDRESS, OLGA, open_served, write
from tests.walk.stage import SUPPORT, letter, ticket


@pytest.mark.parametrize(
    ("number", "prefix", "found"),
    [
        ("ACME-2", "", 2), ("acme-2", "", 2), ("2", "ACME", 2), ("acme-2", "BETA", 2), ("2", "acme", 2),
        ("2", "", None), ("2", "BETA", None), ("ACME-3", "ACME", None), ("ACME-", "ACME", None),
    ],
)  # fmt: skip
def test_a_request_is_found_as_people_call_it(number: str, prefix: str, found: int | None) -> None:
    """In any case; without its prefix only where that is known, and then no other's."""
    with open_served() as desk:
        write(desk)
        write(desk, subject="Ещё вопрос", text="Мигает зелёная лампочка.")
        with desk._office.database.read() as connection:
            assert find_number(connection, number, prefix) == found


@pytest.mark.parametrize(
    ("state", "had"),
    [
        (OutboxState.QUEUED, True), (OutboxState.SENDING, True), (OutboxState.SENT, True),
        (OutboxState.FAILED, False), (OutboxState.WITHDRAWN, False),
    ],
)  # fmt: skip
def test_who_has_had_a_letter_of_ours(state: OutboxState, had: bool) -> None:
    """Or is about to; one that will never arrive tells nobody anything."""
    with open_served() as desk:
        write(desk)
        one = ticket(desk)
        with desk._office.database.write() as connection:
            connection.execute(outbox.update().values(state=state))
        with desk._office.database.read() as connection:
            assert Reads(connection).has_written_to(one) is had


def test_letters_to_others_or_about_others_are_none() -> None:
    """A machine hears nothing, though agents were told, and though its address was answered in another request."""
    with open_served() as desk:
        write(desk)
        alert = letter("Сбой.", author=OLGA, subject="Сбой", headers=[("Auto-Submitted", "auto-generated")])
        assert {one.recipient for one in desk.deliver(alert, SUPPORT)} >= {IVAN_ADDRESS}
        with desk._office.database.read() as connection:
            assert Reads(connection).has_written_to(ticket(desk, 1))
            assert not Reads(connection).has_written_to(ticket(desk, 2))
