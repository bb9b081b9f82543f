"""What is older than an organisation keeps it: erased at night, a little at a time, each time with a record.

What is due is found in the transaction that erases it, so that neither a crash nor a second daemon does anything twice.
Raw letters that an erasure left behind, by a crash or a copy that came later, are removed in the same hours.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from maild.config.model import Organization
from maild.policy import Policy
from maild.sla.local import date_at, instant_of
from maild.store.blobs import Blobs
from maild.store.engine import Database
from maild.store.retention import Outdated, erase_outdated, find_outdated, oldest
from maild.store.tombstones import finish, remove_blobs
from maild.store.unit import Transaction

log = structlog.get_logger(__name__)

QUIET = timedelta(hours=3)  # of every night
DAY = timedelta(days=1)


def erase_old(database: Database, blobs: Blobs, policy: Policy, now: datetime) -> int:
    """Erase some of what is due, if it is night; return how much there was."""
    erased, night = 0, False
    for name, section in policy.config.organization.items():
        if not _is_night(section.retention.at, section.zone, now):
            continue
        night = True
        for outdated in _kinds(name, section, now):
            erased += _erase(database, outdated, policy, now)
    if night and (erased or remove_blobs(database, blobs, now)):
        finish(database, blobs, now)
    return erased


def next_erasure(database: Database, policy: Policy, now: datetime) -> datetime | None:
    """Return when something is next to be erased; None: never, as far as is known."""
    due = []
    with database.read() as connection:
        for name, section in policy.config.organization.items():
            for outdated in _kinds(name, section, now):
                since = oldest(connection, outdated)
                if since is not None:
                    due.append(next_night(section.retention.at, section.zone, max(now, since + outdated.keep)))
    return min(due, default=None)


def next_night(at: time, zone: ZoneInfo, instant: datetime) -> datetime:
    """Return the instant itself where it is quiet, or when it next will be."""
    day = date_at(instant, zone)
    for one in (day - DAY, day, day + DAY, day + 2 * DAY):
        begins = instant_of(one, at, zone)
        if instant < begins + QUIET:
            return max(instant, begins)
    raise AssertionError("a night comes within two days")


def _is_night(at: time, zone: ZoneInfo, now: datetime) -> bool:
    return next_night(at, zone, now) == now


def _kinds(name: str, section: Organization, now: datetime) -> Iterator[Outdated]:
    for kind in ("closed", "ignored", "quarantine"):
        keep: timedelta | None = getattr(section.retention, kind)
        if keep is not None:
            yield Outdated(organization=name, kind=kind, keep=keep, before=now - keep)


def _erase(database: Database, outdated: Outdated, policy: Policy, now: datetime) -> int:
    with database.read() as connection:
        if not find_outdated(connection, outdated):  # what is not there needs no lock
            return 0
    staff = frozenset(
        key
        for box in policy.mailboxes.values()
        if box.desk.organization == outdated.organization
        for key in (*box.desk.staff, *box.desk.own.addresses)
    )
    with database.write() as connection:
        Transaction(connection).wait_for_turn()
        found = find_outdated(connection, outdated)
        if found:
            erased = erase_outdated(connection, outdated, found, staff, now)
            log.info(
                "outdated data erased", organization=outdated.organization, record=erased.record, kind=outdated.kind
            )
    return len(found)
