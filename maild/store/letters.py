"""The ledger of letters: what was found where, how far each folder has been read, and how each letter ended."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, tuple_, update

from maild.desk.case import Letter
from maild.errors import LetterLost
from maild.ingest.authentication import Signature, load_signature
from maild.ingest.source import FolderState
from maild.model import Outcome, OutcomeKind, Place, RawMessage
from maild.store.blobs import Blobs
from maild.store.schema import folder, letter, mentioned, quarantine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # no mail is older, whatever servers claim; zones and windows need room
CHUNK = 500  # values in one IN list: far below SQLite's 32,766 parameters, few round trips


def open_folder(
    connection: Connection, mailbox: str, name: str, uidvalidity: int, uidnext: int | None, now: datetime
) -> FolderState:
    """Return how far the folder is read; on the first look remember that letters below `uidnext` may be old."""
    here = and_(folder.c.mailbox == mailbox, folder.c.folder == name)
    rows = {row.uidvalidity: row for row in connection.execute(select(folder).where(here))}
    if uidvalidity not in rows:
        values = {"mailbox": mailbox, "folder": name, "uidvalidity": uidvalidity, "last_uid": 0}
        connection.execute(insert(folder).values(**values, first_uid=uidnext, opened_at=now))
        return FolderState(last_uid=0, unmarked=())
    unmarked = connection.execute(
        select(letter.c.uid, letter.c.size > letter.c.stored_size)
        .where(_in_folder(mailbox, name, uidvalidity), letter.c.marked_at.is_(None), letter.c.outcome.is_not(None))
        .order_by(letter.c.id)
    ).all()
    return FolderState(
        last_uid=rows[uidvalidity].last_uid,
        unmarked=tuple(uid for uid, _ in unmarked),
        partial=frozenset(uid for uid, cut in unmarked if cut),
    )


def known(connection: Connection, mailbox: str, name: str, uidvalidity: int, uids: Sequence[str]) -> frozenset[str]:
    """Return those of `uids` that have an outcome already."""
    found: set[str] = set()
    for start in range(0, len(uids), CHUNK):
        where = (_in_folder(mailbox, name, uidvalidity), letter.c.uid.in_(uids[start : start + CHUNK]))
        found.update(connection.execute(select(letter.c.uid).where(*where, letter.c.outcome.is_not(None))).scalars())
    return frozenset(found)


def reached(connection: Connection, mailbox: str, name: str, uidvalidity: int, uid: int) -> None:
    """Move the folder's mark forward to `uid`, never back."""
    here = and_(folder.c.mailbox == mailbox, folder.c.folder == name, folder.c.uidvalidity == uidvalidity)
    connection.execute(update(folder).where(here, folder.c.last_uid < uid).values(last_uid=uid))


def marked(
    connection: Connection, mailbox: str, name: str, uidvalidity: int, uids: Sequence[str], now: datetime
) -> None:
    """Record that the server was told about these letters."""
    for start in range(0, len(uids), CHUNK):
        where = (_in_folder(mailbox, name, uidvalidity), letter.c.uid.in_(uids[start : start + CHUNK]))
        connection.execute(update(letter).where(*where).values(marked_at=now))


def add(connection: Connection, raws: Sequence[RawMessage], now: datetime) -> list[int]:
    """Insert the letters that are new here; return the ids of all that still have to be walked, in order of arrival."""
    places = [(raw.place.mailbox, raw.place.folder, raw.place.uidvalidity, raw.place.uid) for raw in raws]
    key = tuple_(letter.c.mailbox, letter.c.folder, letter.c.uidvalidity, letter.c.uid)
    there = {tuple(row) for row in connection.execute(select(*_PLACE).where(key.in_(places)))}
    fresh = {place: raw for place, raw in zip(places, raws, strict=True) if place not in there}
    if fresh:
        connection.execute(insert(letter), [_values(raw, now) for raw in fresh.values()])
    pending = select(letter.c.id).where(key.in_(places), letter.c.outcome.is_(None)).order_by(letter.c.id)
    return list(connection.execute(pending).scalars())


def note_signature(connection: Connection, place: Place, found: Signature) -> None:
    """Keep what was found of a letter's signatures."""
    here = (
        _in_folder(place.mailbox, place.folder, place.uidvalidity),
        letter.c.uid == place.uid,
        letter.c.outcome.is_(None),
    )
    connection.execute(update(letter).where(*here).values(dkim=found.dump()))


def add_vanished(connection: Connection, places: Sequence[Place], now: datetime) -> None:
    """Account for letters that were listed by the server and gone when they were fetched; one that we have stays."""
    outcome = Outcome(kind=OutcomeKind.IGNORED, reason="somebody removed it from the server before it could be read")
    for place in places:
        here = (_in_folder(place.mailbox, place.folder, place.uidvalidity), letter.c.uid == place.uid)
        if connection.execute(select(letter.c.id).where(*here)).first() is None:
            values = _values(RawMessage(octets=b"", place=place, received_at=now), now)
            values |= {"sha256": None, "outcome": outcome.kind, "reason": outcome.reason, "findings": []}
            connection.execute(insert(letter).values(**values, walked_at=now, marked_at=now))


def pending(connection: Connection, limit: int) -> list[int]:
    """Return the oldest letters without an outcome."""
    query = select(letter.c.id).where(letter.c.outcome.is_(None)).order_by(letter.c.id).limit(limit)
    return list(connection.execute(query).scalars())


def unverified(connection: Connection, limit: int) -> list[int]:
    """Return the oldest letters without an outcome of whose signatures nothing is kept, and no second walk was begun."""
    still = letter.c.outcome.is_(None), letter.c.dkim.is_(None), letter.c.walks <= 1
    return list(connection.execute(select(letter.c.id).where(*still).order_by(letter.c.id).limit(limit)).scalars())


def claim(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Return those of `ids` that still have no outcome, ours until the transaction ends.

    `maild receive` runs beside the daemon: each may find a letter that the other is just walking.
    """
    query = select(letter.c.id).where(letter.c.id.in_(ids), letter.c.outcome.is_(None)).order_by(letter.c.id)
    return list(connection.execute(query.with_for_update(skip_locked=True)).scalars())


def begin_walks(connection: Connection, ids: Sequence[int], *, count: int = 1) -> None:
    """Count a walk about to begin, so that a letter that kills the process is found out."""
    connection.execute(update(letter).where(letter.c.id.in_(ids)).values(walks=letter.c.walks + count))


def walks(connection: Connection, letter_id: int) -> int:
    """Return how many walks of the letter were begun."""
    return int(connection.execute(select(letter.c.walks).where(letter.c.id == letter_id)).scalar_one())


def load(connection: Connection, letter_id: int, blobs: Blobs) -> Letter | None:
    """Return a stored letter with its octets, None when there is no such letter, or nothing of it was ever read, or it was erased."""
    row = connection.execute(_STORED.where(letter.c.id == letter_id)).one_or_none()
    return _letter(row, blobs, _looks(connection, row.mailbox, row.folder)) if row else None


def load_many(connection: Connection, ids: Sequence[int], blobs: Blobs) -> dict[int, Letter]:
    """Return stored letters by their ids, without those whose octets are lost. Raises StoreError."""
    found, looks = {}, cache(partial(_looks, connection))
    for start in range(0, len(ids), CHUNK):
        for row in connection.execute(_STORED.where(letter.c.id.in_(ids[start : start + CHUNK]))):
            with suppress(LetterLost):
                found[row.id] = _letter(row, blobs, looks(row.mailbox, row.folder))
    return found


def _letter(row: Any, blobs: Blobs, looks: Sequence[Row[Any]]) -> Letter:
    octets = blobs.get(row.sha256)
    raw = RawMessage(
        octets=octets,
        place=Place(mailbox=row.mailbox, folder=row.folder, uidvalidity=row.uidvalidity, uid=row.uid),
        received_at=max(row.received_at, EPOCH),
        envelope_sender=row.envelope_sender,
        envelope_recipient=row.envelope_recipient,
        size=row.size if row.size > len(octets) else None,
        sent=row.sent,
    )
    return Letter(
        id=row.id, raw=raw, old=_is_old(row, looks), no_repeat=row.no_repeat or "", confirmed=row.confirmed or "",
        signature=load_signature(row.dkim or ""),
    )  # fmt: skip


def set_aside(connection: Connection, letter_id: int, error: str, traceback: str, now: datetime) -> None:
    """Quarantine the letter: its octets stay, the outcome names the error."""
    connection.execute(quarantine.delete().where(quarantine.c.letter_id == letter_id))
    connection.execute(insert(quarantine).values(letter_id=letter_id, error=error, traceback=traceback, at=now))
    values = {"outcome": OutcomeKind.QUARANTINED, "reason": error, "findings": [], "walked_at": now}
    connection.execute(update(letter).where(letter.c.id == letter_id).values(values))


def release(connection: Connection, letter_id: int, now: datetime) -> bool:
    """Take a quarantined letter back onto its walk; False when it is not in quarantine."""
    where = (letter.c.id == letter_id, letter.c.outcome == OutcomeKind.QUARANTINED, letter.c.erased_by.is_(None))
    changed = connection.execute(update(letter).where(*where).values(outcome=None, reason=None, walks=0)).rowcount
    if changed:
        connection.execute(update(quarantine).where(quarantine.c.letter_id == letter_id).values(replayed_at=now))
    return bool(changed)


def release_repeat(connection: Connection, letter_id: int, said: str) -> None:
    """Take a letter that was recognised as a repeat back onto its walk, on which it repeats nothing: `said` tells who says so."""
    where = (letter.c.id == letter_id, letter.c.outcome == OutcomeKind.DUPLICATE)
    values = {"outcome": None, "reason": None, "walks": 1, "no_repeat": said}
    connection.execute(update(letter).where(*where).values(values))


def release_sent(connection: Connection, ids: Sequence[int]) -> None:
    """Take letters of ours back onto their walk, in which they find a ticket now; until then they spoke of none."""
    connection.execute(mentioned.delete().where(mentioned.c.letter_id.in_(ids)))
    connection.execute(update(letter).where(letter.c.id.in_(ids)).values(outcome=None, reason=None, walks=1))


_PLACE = (letter.c.mailbox, letter.c.folder, letter.c.uidvalidity, letter.c.uid)
_STORED = select(  # what was found, not what became of it
    letter.c.id, *_PLACE, letter.c.sha256, letter.c.size, letter.c.received_at, letter.c.envelope_sender,
    letter.c.envelope_recipient, letter.c.no_repeat, letter.c.confirmed, letter.c.sent,
    letter.c.dkim,
).where(letter.c.sha256.is_not(None), letter.c.erased_by.is_(None))  # fmt: skip


def _in_folder(mailbox: str, name: str, uidvalidity: int) -> Any:
    return and_(letter.c.mailbox == mailbox, letter.c.folder == name, letter.c.uidvalidity == uidvalidity)


def _values(raw: RawMessage, now: datetime) -> dict[str, object]:
    return {
        "mailbox": raw.place.mailbox,
        "organization": raw.place.mailbox.partition("/")[0],
        "folder": raw.place.folder,
        "uidvalidity": raw.place.uidvalidity,
        "uid": raw.place.uid,
        "sha256": raw.sha256,
        "size": raw.size or len(raw.octets),
        "stored_size": len(raw.octets),
        "received_at": raw.received_at,
        "stored_at": now,
        "envelope_sender": raw.envelope_sender,
        "envelope_recipient": raw.envelope_recipient,
        "sent": raw.sent,
        "walks": 1,
    }


def _looks(connection: Connection, mailbox: str, name: str) -> Sequence[Row[Any]]:
    """Return the first look at a folder, and that under each later UIDVALIDITY."""
    here = and_(folder.c.mailbox == mailbox, folder.c.folder == name)
    return connection.execute(select(folder).where(here).order_by(folder.c.opened_at)).all()


def _is_old(row: Row[Any], looks: Sequence[Row[Any]]) -> bool:
    """Whether the letter was in the folder before the first look of all at it.

    UIDs tell that only under the UIDVALIDITY of that look. Under a later one a letter is old if it was there when that
    one was first seen and had arrived before the first look of all: in an earlier second, since servers tell no more
    of it (RFC 3501 §9 `date-time`), and a letter too many is looked at rather than one lost.
    """
    look = next((look for look in looks if look.uidvalidity == row.uidvalidity), None)
    if look is None:  # standard input
        return False
    if look.first_uid is not None and (look is looks[0] or int(row.uid) >= look.first_uid):
        return int(row.uid) < int(look.first_uid)
    return bool(row.received_at < looks[0].opened_at.replace(microsecond=0))


def count_by_outcome(connection: Connection) -> list[Row[Any]]:
    """Return rows (mailbox, folder, uidvalidity, outcome or None, letters) for the ledger."""
    columns = (letter.c.mailbox, letter.c.folder, letter.c.uidvalidity, letter.c.outcome)
    query = select(*columns, func.count().label("letters")).group_by(*columns).order_by(*columns[:3])
    return list(connection.execute(query))
