"""The clocks of all tickets: saved, found when they are due, and what was reminded of. Nothing here reads them all.

Every question about clocks that are open goes by a partial index (`schema`): what is met or stopped costs nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from maild.sla.clock import Clock
from maild.store.clock_json import (
    dump_extension,
    dump_pauses,
    dump_spans,
    dump_target,
    load_extension,
    load_pauses,
    load_spans,
    load_target,
    load_texts,
)
from maild.store.schema import RUNNING, calendar_version, clock, reminder, ticket

CHUNK = 500  # ids in one IN list


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def load_clocks(connection: Connection, ticket_ids: Iterable[int]) -> dict[int, tuple[Clock, ...]]:
    """Return the clocks of these tickets, running or over, in the order in which they were started; none: no entry."""
    found: dict[int, list[Clock]] = {}
    remaining = iter(ticket_ids)
    while some := list(islice(remaining, CHUNK)):
        for row in connection.execute(_CLOCKS, {"ids": some}):
            found.setdefault(row.ticket_id, []).append(_clock_of(row))
    return {ticket_id: tuple(clocks) for ticket_id, clocks in found.items()}


_CLOCKS = (  # put together once: that takes longer than the answer
    select(clock)
    .where(clock.c.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(clock.c.started_at, clock.c.id)
)


def save(connection: Connection, clocks: Sequence[Clock]) -> tuple[Clock, ...]:
    """Write clocks, those without an id as new ones; return them with their ids, in the same order.

    A ticket has at most one running clock until each moment: the database refuses a second one. What ends one clock and
    starts another may come in one call, in any order.
    """
    known = [one for one in clocks if one.id is not None]
    if known:
        changed = update(clock).where(clock.c.id == bindparam("its_id"))
        connection.execute(changed, [{"its_id": one.id, **_values(one)} for one in sorted(known, key=_running_last)])
    return tuple(one if one.id is not None else replace(one, id=_insert(connection, one)) for one in clocks)


def _running_last(one: Clock) -> bool:
    return one.running


def _insert(connection: Connection, one: Clock) -> int:
    organization = select(ticket.c.organization).where(ticket.c.id == one.ticket_id).scalar_subquery()
    values = {"ticket_id": one.ticket_id, "organization": organization, **_values(one)}
    return int(connection.execute(insert(clock).values(values).returning(clock.c.id)).scalar_one())


def due(connection: Connection, now: datetime, limit: int) -> list[Clock]:
    """Return the clocks that want to be looked at by now, those that have waited longest first."""
    query = select(clock).where(clock.c.next_at <= now).order_by(clock.c.next_at, clock.c.id).limit(limit)
    return [_clock_of(row) for row in connection.execute(query)]


def next_look(connection: Connection) -> datetime | None:
    """Return when the first clock wants to be looked at, None when none does."""
    query = select(clock.c.next_at).where(clock.c.next_at.is_not(None)).order_by(clock.c.next_at).limit(1)
    return connection.execute(query).scalar()


def by_notice(connection: Connection, message_id: str) -> list[Clock]:
    """Return the clocks whose extension waits for, or rests on, the letter with this Message-ID."""
    query = select(clock).where(clock.c.notice == message_id).order_by(clock.c.id)
    return [_clock_of(row) for row in connection.execute(query)]


# ── what was ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_MOVED = ("due_at", "set_at", "met_at", "breached_at", "stopped_at")


def states(connection: Connection, ticket_id: int) -> dict[str, Any]:
    """Return how far the clocks of a ticket have come, by their ids, as JSON; why they are due then is left out."""
    columns = (clock.c.id, clock.c.pauses, clock.c.extension, *(clock.c[name] for name in _MOVED))
    return {
        str(row.id): {"pauses": row.pauses, "extension": row.extension}
        | {name: instant.isoformat() for name in _MOVED if (instant := getattr(row, name))}
        for row in connection.execute(select(*columns).where(clock.c.ticket_id == ticket_id))
    }


def as_it_was(one: Clock, state: Mapping[str, Any]) -> Clock:
    """Return a clock as far as it had come when its state was taken."""
    moved: dict[str, Any] = {name: datetime.fromisoformat(state[name]) if name in state else None for name in _MOVED}
    pauses, extension = load_pauses(state["pauses"]), load_extension(state["extension"])
    return replace(one, pauses=pauses, extension=extension, **moved)


def dump(one: Clock) -> dict[str, Any]:
    """Return a stored clock as JSON, whole."""
    values = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in _values(one).items()}
    return {"id": one.id, "ticket_id": one.ticket_id, **values}


def load(stored: Mapping[str, Any]) -> Clock:
    """Return the clock that `dump` made this of."""
    instants = {name: datetime.fromisoformat(stored[name]) for name in _INSTANTS if stored[name]}
    return _clock_of(SimpleNamespace(**{**stored, **instants}))


# ── calendars that change ────────────────────────────────────────────────────────────────────────────────────────────


def open_with_other_calendar(
    connection: Connection, organization: str, name: str, fingerprint: str, after_id: int, limit: int
) -> list[Clock]:
    """Return running clocks whose term was computed with other rules of the calendar `name`, by id, after `after_id`."""
    query = (
        select(clock)
        .where(clock.c.organization == organization, clock.c.calendar_name == name, clock.c.id > after_id)
        .where(text(RUNNING), clock.c.calendar != fingerprint)
        .order_by(clock.c.id)
        .limit(limit)
    )
    return [_clock_of(row) for row in connection.execute(query)]


def calendar_versions(connection: Connection, organization: str) -> dict[str, str]:
    """Return the fingerprint that each calendar had when all open clocks were last computed with it."""
    columns = (calendar_version.c.name, calendar_version.c.fingerprint)
    query = select(*columns).where(calendar_version.c.organization == organization)
    return dict(connection.execute(query).all())


def set_calendar_version(
    connection: Connection, organization: str, name: str, fingerprint: str, since: datetime
) -> None:
    """Record that all open clocks have been computed with these rules."""
    here = and_(calendar_version.c.organization == organization, calendar_version.c.name == name)
    connection.execute(delete(calendar_version).where(here))
    values = {"organization": organization, "name": name, "fingerprint": fingerprint, "since": since}
    connection.execute(insert(calendar_version).values(values))


def forget_calendars(connection: Connection, kept: Collection[tuple[str, str]]) -> None:
    """Forget the calendars that are not among `kept` (organisation, name): put back, they are in force anew."""
    known = connection.execute(select(calendar_version.c.organization, calendar_version.c.name)).all()
    for organization, name in (tuple(row) for row in known if tuple(row) not in kept):
        here = and_(calendar_version.c.organization == organization, calendar_version.c.name == name)
        connection.execute(delete(calendar_version).where(here))


# ── reminders ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """A threshold that was dealt with."""

    clock_id: int
    threshold: str  # sla.target.Threshold.text
    term: datetime  # the one it was about: when it moves, the same threshold may come again
    kind: str  # what it said; the caller's words
    at: datetime
    late: bool = False  # after downtime
    sent: bool = True  # False: passed over for a later one of the same clock


def record(connection: Connection, reminders: Sequence[Reminded]) -> list[Reminded]:
    """Record reminders and return those that were not there already: of the others nobody must be reminded again."""
    if not reminders:
        return []
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    named = (reminder.c.clock_id, reminder.c.threshold, reminder.c.term)
    once = dialect.insert(reminder).on_conflict_do_nothing().returning(*named)
    new = {tuple(row) for row in connection.execute(once, [vars(one) for one in reminders])}
    return [one for one in reminders if (one.clock_id, one.threshold, one.term) in new]


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_INSTANTS = ("started_at", "due_at", "set_at", "met_at", "breached_at", "stopped_at", "next_at")


def _values(one: Clock) -> dict[str, Any]:
    instants = {name: getattr(one, name) for name in _INSTANTS}
    return instants | {
        "until": one.until,
        "calendar_name": one.target.calendar,
        "target": dump_target(one.target),
        "pauses": dump_pauses(one.pauses),
        "extension": dump_extension(one.extension),
        "spans": dump_spans(one.spans),
        "doubts": list(one.doubts),
        "reminded": sorted(one.reminded),
        "calendar": one.calendar,
        "notice": one.extension.notice if one.extension else None,
    }


def _clock_of(row: Row[Any] | SimpleNamespace) -> Clock:
    instants = {name: getattr(row, name) for name in _INSTANTS}
    return Clock(
        id=row.id,
        ticket_id=row.ticket_id,
        target=load_target(row.target),
        pauses=load_pauses(row.pauses),
        extension=load_extension(row.extension),
        spans=load_spans(row.spans),
        doubts=load_texts(row.doubts),
        reminded=frozenset(load_texts(row.reminded)),
        calendar=row.calendar,
        **instants,
    )
