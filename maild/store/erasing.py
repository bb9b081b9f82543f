"""Erasing: one transaction that leaves numbers, clocks, counts and outcomes, and nothing of a person.

Letters stay in the ledger with their outcomes and digests, so that whoever reads them once more finds a copy. Raw letters
are removed after the commit (`store.tombstones`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    Table,
    and_,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import Text as SqlText

from maild.contracts.providers import box_key
from maild.errors import ErasureRefused
from maild.model import OutboxState, OutcomeKind, Status
from maild.store.extents import Extent, Mentions, chunks, still_unsent
from maild.store.personal import ENDED, HOLDS, NAMED, WHOLE, Action, Holds, add_record, pseudonym
from maild.store.redaction import Redactor, in_depth, without_addresses
from maild.store.schema import (
    chase,
    client,
    client_mark,
    clock,
    contact,
    letter,
    message,
    metadata,
    obeyed,
    outbox,
    participant,
    personal_record,
    quarantine,
    ticket,
    wake,
)
from maild.store.tickets import add_event, note_state
from maild.store.tombstones import name_blobs

ERASED = "erased"  # in place of the reason of a letter that broke our code, and of what kept one of ours from leaving
KEPT = frozenset({"status", "agent", "merged", "refused", "postponed", "offered", "ground proposed", "asked", "erased"})


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was erased, as the record has it."""

    record: int
    counts: Mapping[str, int]


def erase(
    connection: Connection, extent: Extent, mentions: Mentions, action: Action, who: str, why: str, now: datetime,
    *, even_open: bool = False,
) -> Erased:  # fmt: skip
    """Erase all that an extent holds, and write the record. Raises ErasureRefused, and has written nothing.

    The caller keeps others from deciding on letters meanwhile (`Transaction.wait_for_turn`).
    """
    _refuse(connection, extent, mentions, even_open=even_open)
    record = add_record(connection, extent.organization, action, who, "", {}, now)
    pseudonyms = {key: pseudonym(record, n) for n, key in enumerate(extent.people, 1)}
    redactor = Redactor(pseudonyms, extent.names, extent.written)
    work = _Erasing(connection, extent, mentions, redactor, record, now)
    counts = work.run()
    values = {"counts": counts, "why": redactor.text(why)}
    connection.execute(update(personal_record).where(personal_record.c.id == record).values(values))
    return Erased(record=record, counts=counts)


def erase_copy(connection: Connection, letter_id: int, now: datetime) -> None:
    """Erase a letter that has just been found to be a copy where the one that it copies was erased."""
    row = connection.execute(select(letter).where(letter.c.id == letter_id)).one()
    same = or_(
        letter.c.sha256 == row.sha256, and_(letter.c.message_id == row.message_id, letter.c.content == row.content)
    )
    theirs = (letter.c.organization == row.organization, letter.c.erased_by.is_not(None), letter.c.id != letter_id)
    erased_by = connection.execute(select(letter.c.erased_by).where(*theirs, same).limit(1)).scalar()
    if erased_by is None:
        return
    nobody = Redactor({})
    changes = {name: value for name, value in _emptied(letter, row, nobody).items() if value != getattr(row, name)}
    values = changes | {"erased_by": erased_by}
    connection.execute(update(letter).where(letter.c.id == letter_id).values(values))
    name_blobs(connection, _unneeded(connection, [letter_id]), now)


def _refuse(connection: Connection, extent: Extent, mentions: Mentions, *, even_open: bool) -> None:
    if extent.configured:
        raise ErasureRefused(
            f"the configuration names them among the contacts of {', '.join(extent.configured)}: take them out there "
            "first, or the next start would bring them back"
        )
    if extent.open_numbers and not even_open:
        raise ErasureRefused(
            f"not over yet: {', '.join(extent.open_numbers)}; close them, or say --even-open to close and erase them"
        )
    sending = connection.execute(
        select(outbox.c.id).where(outbox.c.id.in_(extent.outgoing), outbox.c.state == OutboxState.SENDING)
    ).scalars()
    waiting = [*sending, *still_unsent(connection, mentions.telling)]
    if waiting:
        numbers = ", ".join(map(str, waiting))
        raise ErasureRefused(
            f"letters that wait to be sent hold their data (outbox {numbers}): try again once they have left"
        )


class _Erasing:
    """The writing of one erasure."""

    def __init__(
        self, connection: Connection, extent: Extent, mentions: Mentions, redactor: Redactor, record: int, now: datetime
    ) -> None:
        self.connection, self.extent, self.redactor = connection, extent, redactor
        self.record, self.now = record, now
        self.letters = extent.letters | mentions.theirs
        self.raw = self.letters | extent.mentioning | mentions.others
        self.telling = extent.telling | mentions.telling

    def run(self) -> dict[str, int]:
        """Erase; return what, by kind."""
        connection, extent = self.connection, self.extent
        self._close()
        self._end_what_waits()
        changed = sum(self._change(table) for table in metadata.sorted_tables if HOLDS[table.name])
        erased = [self._set(letter, some, {"erased_by": self.record}) for some in chunks(self.raw)]
        blobs = name_blobs(connection, _unneeded(connection, sorted(self.raw)), self.now)
        contacts = self._remove_whole() + self._forget_contacts()
        for ticket_id in sorted(extent.own):
            add_event(connection, ticket_id, ERASED, f"by record {self.record}", self.now)
        return {
            "requests": len(extent.own), "shared": len(extent.shared), "letters": sum(erased), "raw": blobs,
            "outgoing": len(extent.outgoing) + len(self.telling), "contacts": contacts, "rows": changed,
        }  # fmt: skip

    # ── what is still going on in their requests ─────────────────────────────────────────────────────────────────────

    def _close(self) -> None:
        """Close what is open; the terms that run are stopped, not met."""
        still = (Status.NEW, Status.OPEN, Status.WAITING)
        for some in chunks(self.extent.own):
            here = select(ticket.c.id).where(ticket.c.id.in_(some), ticket.c.status.in_(still))
            for ticket_id in list(self.connection.execute(here).scalars()):
                note_state(self.connection, ticket_id, self.now)
                values = {"status": Status.CLOSED, "updated_at": self.now}
                self.connection.execute(update(ticket).where(ticket.c.id == ticket_id).values(values))
            running = (clock.c.ticket_id.in_(some), clock.c.met_at.is_(None), clock.c.stopped_at.is_(None))
            self.connection.execute(
                update(clock).where(*running).values(stopped_at=self.now, next_at=None, notice=None)
            )

    def _end_what_waits(self) -> None:
        """Forget what was to be done by time, or could be taken back; keep back our letters that have not left."""
        for table in (chase, wake, obeyed):
            for some in chunks(self.extent.own):
                self.connection.execute(delete(table).where(table.c.ticket_id.in_(some)))
        for some in chunks(self.extent.outgoing | self.telling):
            left = (OutboxState.QUEUED, OutboxState.FAILED)
            unsent = update(outbox).where(outbox.c.id.in_(some), outbox.c.state.in_(left))
            self.connection.execute(unsent.values(state=OutboxState.WITHDRAWN, error=ERASED))

    # ── every row of every table ─────────────────────────────────────────────────────────────────────────────────────

    def _change(self, table: Table) -> int:
        """Change the rows that hold something of the person; return how many."""
        personal = [name for name, holds in HOLDS[table.name].items() if holds not in (Holds.OURS, Holds.REGISTER)]
        if not personal or table.name in WHOLE:
            return 0
        changed = 0
        for row in self._rows(table, personal):
            values = _emptied(table, row, self.redactor) if self._is_own(table, row) else self._redacted(table, row)
            differing = {name: value for name, value in values.items() if value != getattr(row, name)}
            if differing:
                if (until := ENDED.get(table.name)) and getattr(row, until) is None:
                    differing[until] = self.now
                key = and_(*(column == getattr(row, column.name) for column in table.primary_key))
                self.connection.execute(update(table).where(key).values(differing))
                changed += 1
        return changed

    def _rows(self, table: Table, personal: list[str]) -> Iterator[Row[Any]]:
        for condition in self._reached(table, personal):
            yield from self.connection.execute(select(table).where(condition)).all()

    def _reached(self, table: Table, personal: list[str]) -> Iterator[ColumnElement[bool]]:
        """Yield conditions under which rows may hold something."""
        tickets, letters = _key_of(table, ticket, "ticket_id"), _key_of(table, letter, "letter_id")
        if tickets is not None:
            for some in chunks(self.extent.own | self.extent.shared):
                yield tickets.in_(some)
        if letters is not None:
            for some in chunks(self.raw):
                yield letters.in_(some)
        if table is outbox:
            for some in chunks(self.extent.outgoing | self.telling):
                yield outbox.c.id.in_(some)
        within = in_organization(table, self.extent.organization)
        if self.extent.everywhere and within is not None:
            columns = [func.lower(cast(table.c[name], SqlText)) for name in personal if _is_text(table.c[name])]
            for address in self.redactor.pseudonyms:
                if columns:
                    yield and_(within, or_(*(one.contains(address, autoescape=True) for one in columns)))

    def _is_own(self, table: Table, row: Row[Any]) -> bool:
        """Whether all words of a row go: it is the person's letter, or of a request of theirs."""
        of_ticket, of_letter = _value(table, row, ticket, "ticket_id"), _value(table, row, letter, "letter_id")
        if of_ticket in self.extent.own or (table is letter and of_letter in self.letters):
            return True
        if table is message:
            return row.author.casefold() in self.extent.people
        if table is outbox:
            return row.id in self.extent.outgoing
        return table is quarantine and of_letter in self.raw

    def _redacted(self, table: Table, row: Row[Any]) -> dict[str, Any]:
        """Return what a row of others says without the person."""
        values: dict[str, Any] = {}
        gone = (table is letter and row.id in self.raw) or (table is outbox and row.id in self.telling)
        for name, holds in HOLDS[table.name].items():
            change = self._changes.get(holds)
            if holds is Holds.MAIL and gone:
                values[name] = b""
            elif holds is Holds.NAME:
                values[name] = _name_left(row, name, self.redactor)
            elif change is not None:
                values[name] = in_depth(getattr(row, name), change)
        if gone and table is letter:
            values["findings"] = []
        return values

    @property
    def _changes(self) -> Mapping[Holds, Callable[[str], str]]:
        by = self.redactor
        return {
            Holds.ADDRESS: by.addresses, Holds.SENDER: by.addresses, Holds.NOTE: by.note, Holds.WORDS: by.text,
        }  # fmt: skip

    # ── rows that go ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _remove_whole(self) -> int:
        """Remove rows about an address alone, where it has no part in anything any more."""
        removed = 0
        for name, column in WHOLE.items():
            table = metadata.tables[name]
            keys = self._strangers()
            for some in _texts(sorted({*keys, *map(box_key, keys)})):
                where = (table.c.organization == self.extent.organization, table.c[column].in_(some))
                gone = self.connection.execute(delete(table).where(*where)).rowcount
                removed += gone if table is contact else 0
        return removed

    def _strangers(self) -> list[str]:
        """Return the addresses of the extent that stand in no request of the organisation any more."""
        here = select(ticket.c.id).where(ticket.c.organization == self.extent.organization)
        known: set[str] = set()
        for some in _texts(self.extent.people):
            part = select(participant.c.address_key).where(
                participant.c.ticket_id.in_(here), participant.c.address_key.in_(some)
            )
            known.update(self.connection.execute(part).scalars())
        return [one for one in self.extent.people if one not in known]

    def _forget_contacts(self) -> int:
        """Take them out of the contacts of imported clients."""
        keys, forgotten = set(self.extent.people), 0
        if not self.extent.everywhere:
            return 0
        for key in self.extent.imported:
            here = and_(client.c.organization == self.extent.organization, client.c.key == key)
            row = self.connection.execute(select(client).where(here)).one()
            left = [one for one in row.contacts if not {each.strip().casefold() for each in one["addresses"]} & keys]
            forgotten += len(row.contacts) - len(left)
            self.connection.execute(update(client).where(here).values(contacts=left))
            marks = (client_mark.c.organization == self.extent.organization, client_mark.c.client == key)
            self.connection.execute(delete(client_mark).where(*marks, client_mark.c.key.in_(sorted(keys))))
        return forgotten

    def _set(self, table: Table, ids: Any, values: dict[str, Any]) -> int:
        return self.connection.execute(update(table).where(table.c.id.in_(ids)).values(values)).rowcount


def in_organization(table: Table, organization: str) -> ColumnElement[bool] | None:
    """Return the condition that a row is an organisation's; None: the table is of none."""
    if "organization" in table.c:
        return table.c.organization == organization
    if "mailbox" in table.c:
        return table.c.mailbox.startswith(f"{organization}/", autoescape=True)
    for name, of in (("ticket_id", ticket), ("letter_id", letter), ("clock_id", clock)):
        if name in table.c:
            return table.c[name].in_(select(of.c.id).where(of.c.organization == organization))
    return None


def _emptied(table: Table, row: Row[Any], redactor: Redactor) -> dict[str, Any]:
    """Return what is left of a row whose words go."""
    values: dict[str, Any] = {}
    for name, holds in HOLDS[table.name].items():
        there = None if holds in (Holds.OURS, Holds.REGISTER) else getattr(row, name)
        if holds is Holds.ADDRESS:
            values[name] = in_depth(there, redactor.addresses)
        elif holds is Holds.SENDER:
            values[name] = None
        elif holds is Holds.NAME:
            values[name] = _name_left(row, name, redactor)
        elif holds is Holds.NOTE and there is not None:
            values[name] = _note_left(table, row, without_addresses(redactor.note(there)))
        elif holds is Holds.WORDS and there is not None:
            values[name] = [] if isinstance(table.c[name].type, JSON) else ""
        elif holds is Holds.MAIL:
            values[name] = b""
    return values


def _name_left(row: Row[Any], name: str, redactor: Redactor) -> str:
    is_theirs = getattr(row, NAMED[name]).strip().casefold() in redactor.pseudonyms
    return "" if is_theirs else redactor.text(getattr(row, name))


def _note_left(table: Table, row: Row[Any], note: str) -> str:
    if table.name == "event" and row.kind not in KEPT:
        return ""
    if table is letter and row.outcome == OutcomeKind.QUARANTINED:
        return ERASED
    return note


def _unneeded(connection: Connection, ids: list[int]) -> set[str]:
    """Return the blobs of letters just erased that no other letter needs, whoever's."""
    hashes: set[str] = set()
    for some in chunks(ids):
        hashes.update(
            one
            for one in connection.execute(select(letter.c.sha256).where(letter.c.id.in_(some))).scalars()
            if one is not None
        )
    for needy in _texts(sorted(hashes)):
        still = select(letter.c.sha256).where(letter.c.sha256.in_(needy), letter.c.erased_by.is_(None))
        hashes -= set(connection.execute(still).scalars())
    return hashes


def _texts(values: Any) -> Iterator[list[str]]:
    ordered = list(values)
    return (ordered[start : start + 500] for start in range(0, len(ordered), 500))


def _key_of(table: Table, of: Table, name: str) -> ColumnElement[int] | None:
    if table is of:
        return of.c.id
    return table.c.get(name)


def _value(table: Table, row: Row[Any], of: Table, name: str) -> int | None:
    if table is of:
        return int(row.id)
    return getattr(row, name) if name in table.c else None


def _is_text(column: Column[Any]) -> bool:
    return not isinstance(column.type, LargeBinary)
