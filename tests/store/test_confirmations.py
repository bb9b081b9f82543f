"""Letters that wait for their agent's word, as stored: answered once, by the reply that leads to them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from maild.desk.case import Kept
from maild.model import OutcomeKind
from maild.store import letters
from maild.store.blobs import LocalBlobs
from maild.store.confirmations import end_kept, find_kept, release_confirmed, save_kept
from maild.store.engine import Database
from maild.store.schema import letter as letter_table
from tests.store.conftest import NOW, letter

UNTIL = NOW + timedelta(days=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def kept(database: Database, blobs: LocalBlobs) -> int:
    """A letter that Ivan was asked about."""
    raw = letter(1)
    blobs.put(raw.octets)
    with database.write() as connection:
        (letter_id,) = letters.add(connection, [raw], NOW)
        ended = {"outcome": OutcomeKind.IGNORED, "reason": "kept", "walked_at": NOW}
        connection.execute(update(letter_table).where(letter_table.c.id == letter_id).values(ended))
        save_kept(connection, letter_id, "ivan", UNTIL)
    return letter_id


def found(
    database: Database, ids: Iterable[int], until: datetime | None = None, organization: str = "acme"
) -> list[Kept]:
    with database.read() as connection:
        return list(find_kept(connection, organization, list(ids), until))


def test_it_is_found_by_its_letter(database: Database, kept: int) -> None:
    """In its organisation alone; ids that a stranger made up find nothing."""
    assert found(database, [kept, 10**12 - 1]) == [Kept(letter_id=kept, agent="ivan", until=UNTIL)]
    assert found(database, []) == found(database, [kept + 1]) == found(database, [kept], organization="beta") == []


def test_it_is_answered_once(database: Database, kept: int) -> None:
    """A second answer is a bug; seen from before the first, it still waits."""
    with database.write() as connection:
        end_kept(connection, kept, NOW)
    assert [one.answered for one in found(database, [kept])] == [True]
    assert [one.answered for one in found(database, [kept], until=NOW)] == [False]
    assert [one.answered for one in found(database, [kept], until=NOW + MOMENT)] == [True]
    with pytest.raises(RuntimeError, match="already"), database.write() as connection:
        end_kept(connection, kept, NOW)


def test_asked_anew_it_waits_anew(database: Database, kept: int) -> None:
    """A letter that is walked once more, as after a quarantine, has one question: the last."""
    with database.write() as connection:
        end_kept(connection, kept, NOW)
        save_kept(connection, kept, "petra", UNTIL + MOMENT)
    assert found(database, [kept]) == [Kept(letter_id=kept, agent="petra", until=UNTIL + MOMENT)]


def test_confirmed_it_is_walked_again_as_the_agents(database: Database, blobs: LocalBlobs, kept: int) -> None:
    """And only while it is kept: what has come to something else stays as it is."""
    for _ in range(2):
        with database.write() as connection:
            release_confirmed(connection, kept, "ivan")
            assert letters.pending(connection, 10) == [kept]
            again = letters.load(connection, kept, blobs)
    assert again is not None
    assert again.confirmed == "ivan"
    with database.write() as connection:
        ended = {"outcome": OutcomeKind.APPENDED, "reason": "answered"}
        connection.execute(update(letter_table).where(letter_table.c.id == kept).values(ended))
        release_confirmed(connection, kept, "petra")
        assert letters.pending(connection, 10) == []
