"""Promises of the ledger: how far a folder is read never goes back, and no letter is counted twice or left out."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from maild.ingest.source import FolderState
from maild.model import OutcomeKind, Place, RawMessage
from maild.store import letters, views
from maild.store.blobs import LocalBlobs
from maild.store.engine import Database
from maild.store.schema import letter as letter_table
from tests.store.conftest import BOX, NOW, letter

LATER = NOW + timedelta(hours=1)
EARLIER = NOW - timedelta(hours=1)


def _open(database: Database, uidvalidity: int = 1, uidnext: int | None = 1, at: datetime = NOW) -> FolderState:
    with database.write() as connection:
        return letters.open_folder(connection, BOX, "INBOX", uidvalidity, uidnext, at)


def _reached(database: Database, uid: int) -> None:
    with database.write() as connection:
        letters.reached(connection, BOX, "INBOX", 1, uid)


def _add(database: Database, blobs: LocalBlobs, *raws: RawMessage) -> list[int]:
    for raw in raws:
        blobs.put(raw.octets)
    with database.write() as connection:
        return letters.add(connection, raws, NOW)


def _end(database: Database, *ids: int) -> None:
    """Give letters an outcome without walking them."""
    with database.write() as connection:
        values = {"outcome": OutcomeKind.IGNORED, "reason": "a test", "walked_at": NOW}
        connection.execute(update(letter_table).where(letter_table.c.id.in_(ids)).values(values))


def _known(database: Database, *uids: str, uidvalidity: int = 1, folder: str = "INBOX") -> set[str]:
    with database.read() as connection:
        return set(letters.known(connection, BOX, folder, uidvalidity, uids))


def _old(database: Database, blobs: LocalBlobs, raw: RawMessage) -> bool:
    [letter_id] = _add(database, blobs, raw)
    with database.read() as connection:
        loaded = letters.load(connection, letter_id, blobs)
    assert loaded is not None
    return loaded.old


# ── how far a folder is read ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_begins_at_the_beginning(database: Database) -> None:
    assert _open(database) == FolderState(last_uid=0, unmarked=())


def test_progress_is_kept_and_never_goes_back(database: Database) -> None:
    """A late report of an earlier batch does not make maild read letters again."""
    _open(database)
    for uid in (5, 9, 7, 9, 0):
        _reached(database, uid)
    assert _open(database).last_uid == 9


def test_progress_is_per_folder_and_uidvalidity(database: Database) -> None:
    """UIDs mean nothing outside their folder and validity (RFC 9051 §2.3.1.1)."""
    _open(database)
    _reached(database, 9)
    with database.write() as connection:
        for mailbox, folder, uidvalidity in ((BOX, "INBOX", 2), (BOX, "Sent", 1), ("acme/sales", "INBOX", 1)):
            state = letters.open_folder(connection, mailbox, folder, uidvalidity, 1, NOW)
            assert state == FolderState(last_uid=0, unmarked=())
    assert _open(database).last_uid == 9


def test_reaching_an_unopened_folder_is_nothing(database: Database) -> None:
    _reached(database, 9)
    assert _open(database).last_uid == 0


def test_what_is_held_in_part_is_told(database: Database, blobs: LocalBlobs) -> None:
    """A source must not delete it, whatever its settings say by now; and how much we hold is in the ledger."""
    _open(database)
    whole, part = letter(1), replace(letter(2), size=10_000)
    _end(database, *_add(database, blobs, whole, part))
    assert _open(database) == FolderState(last_uid=0, unmarked=("1", "2"), partial=frozenset({"2"}))
    with database.read() as connection:
        sizes = connection.execute(select(letter_table.c.size, letter_table.c.stored_size).order_by(letter_table.c.id))
        assert [tuple(row) for row in sizes] == [(len(whole.octets),) * 2, (10_000, len(part.octets))]


# ── what is known and marked ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_is_known_when_it_has_ended(database: Database, blobs: LocalBlobs) -> None:
    """A stored letter whose walk was cut off is not known: the source may hand it in again."""
    first, _second = _add(database, blobs, letter(1), letter(2))
    assert _known(database, "1", "2", "3") == set()
    _end(database, first)
    assert _known(database, "1", "2", "3") == {"1"}
    assert _known(database, "1", uidvalidity=2) == set()
    assert _known(database, "1", folder="Sent") == set()
    assert _known(database) == set()


def test_many_uids_can_be_asked_about(database: Database, blobs: LocalBlobs) -> None:
    """A mailbox of a hundred thousand letters does not meet a limit of the database."""
    ids = _add(database, blobs, *(letter(uid) for uid in (1, 50_000, 99_999)))
    _end(database, *ids)
    assert _known(database, *map(str, range(100_000))) == {"1", "50000", "99999"}
    with database.write() as connection:
        letters.marked(connection, BOX, "INBOX", 1, list(map(str, range(100_000))), NOW)
    _open(database)
    assert _open(database).unmarked == ()


def test_unmarked_are_those_that_ended_and_were_not_told(database: Database, blobs: LocalBlobs) -> None:
    """After a crash the server is told of exactly these, in the order in which they came."""
    _open(database)
    ids = _add(database, blobs, *(letter(uid) for uid in (2, 9, 10, 11)))
    _end(database, *ids[:3])
    assert _open(database).unmarked == ("2", "9", "10")
    with database.write() as connection:
        letters.marked(connection, BOX, "INBOX", 1, ["9"], NOW)
    assert _open(database).unmarked == ("2", "10")


def test_a_letter_is_added_once(database: Database, blobs: LocalBlobs) -> None:
    """Handed in again, before or after its end, a letter makes no second row."""
    first, second = _add(database, blobs, letter(1), letter(2))
    assert _add(database, blobs, letter(1), letter(2)) == [first, second]
    _end(database, first)
    assert _add(database, blobs, letter(1), letter(2), letter(3)) == [second, second + 1]
    assert _add(database, blobs, letter(4), letter(4)) == [second + 2]
    assert _add(database, blobs) == []


def test_the_order_of_arrival_is_the_order_of_the_walk(database: Database, blobs: LocalBlobs) -> None:
    ids = _add(database, blobs, *(letter(uid) for uid in (3, 1, 2)))
    assert ids == sorted(ids)
    with database.read() as connection:
        assert letters.pending(connection, 2) == ids[:2]
        assert [view.place for view in views.letters_of(connection)] == [f"{BOX}:INBOX:1:{uid}" for uid in (3, 1, 2)]


def test_what_was_stored_is_loaded(database: Database, blobs: LocalBlobs) -> None:
    """Octets, place, arrival and envelope come back as they were handed in; a cut letter still says so."""
    raw = replace(letter(1), envelope_sender="", envelope_recipient="support@acme.example", size=9_000_000)
    [letter_id] = _add(database, blobs, raw)
    with database.read() as connection:
        loaded = letters.load(connection, letter_id, blobs)
        assert letters.load(connection, letter_id + 1, blobs) is None
    assert loaded is not None
    assert (loaded.id, loaded.raw, loaded.old) == (letter_id, raw, False)
    assert loaded.raw.truncated


# ── letters that vanish ──────────────────────────────────────────────────────────────────────────────────────────────


def _vanish(database: Database, *uids: int) -> None:
    places = [Place(mailbox=BOX, folder="INBOX", uidvalidity=1, uid=str(uid)) for uid in uids]
    with database.write() as connection:
        letters.add_vanished(connection, places, LATER)


def test_a_vanished_letter_is_accounted_for(database: Database) -> None:
    """Listed, but gone when it was fetched: an outcome with a reason, and nothing to tell the server."""
    _open(database)
    for _ in range(2):
        _vanish(database, 1, 2)
    assert _known(database, "1", "2") == {"1", "2"}
    assert _open(database).unmarked == ()
    with database.read() as connection:
        for view in views.letters_of(connection):
            assert (view.outcome, view.reason) == (
                "ignored", "somebody removed it from the server before it could be read"
            )  # fmt: skip
        [folder] = views.ledger(connection)
    assert (folder.seen, folder.unaccounted) == (2, 0)


def test_a_stored_letter_does_not_vanish(database: Database, blobs: LocalBlobs) -> None:
    """Stored, not yet walked (the disk was full), then removed from the server by somebody: we have it, and walk it."""
    [letter_id] = _add(database, blobs, letter(1))
    _vanish(database, 1, 2)
    with database.read() as connection:
        assert letters.pending(connection, 10) == [letter_id]
    assert _known(database, "1", "2") == {"2"}


# ── what was there before maild ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("uid", "old"), [(9, True), (10, False), (11, False)])
def test_letters_below_the_first_uidnext_are_old(database: Database, blobs: LocalBlobs, uid: int, old: bool) -> None:
    """The first look of all draws the line, whatever the letters' dates say; later looks do not move it."""
    _open(database, uidnext=10)
    _open(database, uidnext=50)
    assert _old(database, blobs, letter(uid, received_at=LATER if old else EARLIER)) is old


@pytest.mark.parametrize(("received_at", "old"), [(EARLIER, True), (NOW, False), (LATER, False)])
def test_without_uidnext_the_instant_of_the_first_look_counts(
    database: Database, blobs: LocalBlobs, received_at: datetime, old: bool
) -> None:
    """A Maildir, or a server that does not say what its next UID will be."""
    _open(database, uidnext=None)
    assert _old(database, blobs, letter(1, received_at=received_at)) is old


def test_a_letter_of_the_same_second_has_come_since(database: Database, blobs: LocalBlobs) -> None:
    """IMAP servers tell when a letter arrived in whole seconds; it may have been after the first look in this one."""
    second = NOW.replace(microsecond=0)
    _open(database, uidvalidity=1, uidnext=1, at=second + timedelta(milliseconds=700))
    _open(database, uidvalidity=2, uidnext=2, at=LATER)
    assert not _old(database, blobs, letter(1, uidvalidity=2, received_at=second))


def test_a_letter_handed_in_is_never_old(database: Database, blobs: LocalBlobs) -> None:
    """`maild receive` takes what an MTA delivers now."""
    assert not _old(database, blobs, letter(1, folder="", uidvalidity=0, received_at=EARLIER))


@pytest.mark.parametrize(
    ("uid", "received_at", "old"),
    [(5, EARLIER, True), (5, LATER, False), (12, EARLIER, False), (12, LATER, False)],
    ids=["there before maild", "came since", "moved in after the change", "came after the change"],
)
def test_a_new_uidvalidity_makes_no_letter_old_that_came_since(
    database: Database, blobs: LocalBlobs, uid: int, received_at: datetime, old: bool
) -> None:
    """Nothing that came since the first look is passed over, and what was there before it is still not answered."""
    _open(database, uidvalidity=1, uidnext=100)
    _open(database, uidvalidity=2, uidnext=10, at=LATER)
    assert _old(database, blobs, letter(uid, uidvalidity=2, received_at=received_at)) is old


def test_folders_have_first_looks_of_their_own(database: Database, blobs: LocalBlobs) -> None:
    """A folder added to the configuration later is full of letters that were there before maild looked at it."""
    _open(database, uidnext=1)
    with database.write() as connection:
        letters.open_folder(connection, BOX, "Archive", 7, 500, LATER)
    assert _old(database, blobs, letter(499, folder="Archive", uidvalidity=7))


# ── quarantine and the balance ───────────────────────────────────────────────────────────────────────────────────────


def test_quarantine_keeps_the_fault_and_gives_the_letter_back_once(database: Database, blobs: LocalBlobs) -> None:
    [letter_id] = _add(database, blobs, letter(1))
    with database.write() as connection:
        for error in ("first", "second"):
            letters.set_aside(connection, letter_id, error, f"trace of {error}", NOW)
        [view] = views.quarantined(connection)
        assert (view.error, view.traceback, view.replayed_at) == ("second", "trace of second", None)
        assert letters.release(connection, letter_id, LATER)
        assert not letters.release(connection, letter_id, LATER)
        assert letters.pending(connection, 10) == [letter_id]
        assert letters.walks(connection, letter_id) == 0
        assert views.quarantined(connection) == []
        [view] = views.quarantined(connection, everything=True)
        assert view.replayed_at == LATER


def test_the_ledger_balances(database: Database, blobs: LocalBlobs) -> None:
    """Seen is the sum of the outcomes and of what still has to be walked, folder by folder."""
    ids = _add(database, blobs, *(letter(uid) for uid in range(1, 6)), letter(1, uidvalidity=2))
    _end(database, *ids[:2])
    with database.write() as connection:
        letters.set_aside(connection, ids[2], "a bug", "trace", NOW)
    with database.read() as connection:
        first, second = views.ledger(connection)
    assert (first.seen, first.outcomes, first.unaccounted) == (5, {"ignored": 2, "quarantined": 1}, 2)
    assert (second.seen, second.outcomes, second.unaccounted) == (1, {}, 1)


def test_the_database_refuses_a_second_row_for_a_place(database: Database, blobs: LocalBlobs) -> None:
    """Even a bug of ours cannot count a letter twice."""
    _add(database, blobs, letter(1))
    with database.read() as connection:
        row = dict(connection.execute(select(letter_table)).mappings().one())
    del row["id"]
    with pytest.raises(Exception, match=r"(?i)unique"), database.write() as connection:
        connection.execute(insert(letter_table).values(row))
