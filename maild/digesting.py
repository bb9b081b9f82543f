"""What agents and heads read at the beginning of their day: one letter a day of what it brings, in working time.

A digest belongs to a day of its reader's calendar and is recorded with it in the transaction that queues the letter, so
neither a crash nor a clock that jumps sends two. It is due from the first working minute on that is not before the
configured time, as long as there is work: who starts maild in the afternoon gets it then, who starts it at night does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog

from maild.desk.overview import say_section
from maild.desk.presence import is_absent
from maild.errors import StoreError
from maild.model import Agent, Draft, Purpose
from maild.notices import queue_drafts
from maild.policy import MailboxPolicy, Policy
from maild.sla.calendar import Calendar
from maild.sla.local import instant_of
from maild.store.digests import Due, lists_of_day, note_had, theirs, without_had
from maild.store.engine import Database
from maild.store.overviews import end_of_day
from maild.store.unit import Transaction

log = structlog.get_logger(__name__)

AHEAD = timedelta(days=31)  # a rehearsal looks no further for the next one


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who wants a digest."""

    agent: Agent
    box: MailboxPolicy  # that it is sent from
    at: time
    calendar: Calendar
    head: bool  # then it is about everybody's tickets

    def due(self, now: datetime) -> date | None:
        """Return the day whose digest is due now; None: none is."""
        if not self.calendar.is_working(now) or is_absent(self.agent, self.box.desk, now):
            return None
        day = self.calendar.date_of(now)
        return day if instant_of(day, self.at, self.calendar.zone) <= now else None

    def next_due(self, now: datetime) -> datetime | None:
        """Return the first instant after `now` at which a digest becomes due."""
        first = self.calendar.date_of(now)
        for day in (first + timedelta(days=n) for n in range(AHEAD.days)):
            opening = self.calendar.next_opening(instant_of(day, self.at, self.calendar.zone))
            if opening and opening > now and self.calendar.date_of(opening) == day:
                return opening
        return None


def readers(policy: Policy) -> Iterator[Reader]:
    """Yield everybody who wants a digest, each once: a head reads of all tickets, their own included."""
    boxes: dict[str, MailboxPolicy] = {}
    for box in policy.mailboxes.values():
        boxes.setdefault(box.desk.organization, box)
    for organization, box in boxes.items():
        wanted, service = policy.config.organization[organization].digest, box.desk.service
        for agent in box.desk.agents:
            head = agent.id == service.head and wanted.heads is not None
            at = wanted.heads if head else wanted.agents if agent.notify else None
            calendar = service.calendars.get(agent.calendar)
            if at is not None and calendar is not None:
                yield Reader(agent=agent, box=box, at=at, calendar=calendar, head=head)


def next_digest(policy: Policy, now: datetime) -> datetime | None:
    """Return when the next digest becomes due."""
    return min((at for one in readers(policy) if (at := one.next_due(now))), default=None)


def send_digests(database: Database, policy: Policy, now: datetime) -> int:
    """Queue the digests that are due and were not sent; return how many were looked at."""
    due: dict[Due, Reader] = {}
    for one in readers(policy):
        if day := one.due(now):
            due[one.box.desk.organization, one.agent.id, day] = one
    if not due:
        return 0
    with database.read() as connection:
        if not without_had(connection, due):
            return 0
    with database.write() as connection:
        tx = Transaction(connection)
        tx.wait_for_turn()
        waiting = without_had(connection, due)  # somebody else may have sent them meanwhile
        for key in waiting:
            note_had(connection, key, now)
            _write_one(tx, due[key], key, now)
    return len(waiting)


def _write_one(tx: Transaction, reader: Reader, key: Due, now: datetime) -> None:
    """Queue one digest; one that breaks our code costs only itself, and is not tried again that day."""
    try:
        with tx.savepoint():
            _write(tx, reader, key, now)
    except StoreError:
        raise  # the disk's fault
    except Exception:
        log.exception("digest not sent because of a bug", organization=key[0], agent=key[1])


def _write(tx: Transaction, reader: Reader, key: Due, now: datetime) -> None:
    agent, box = reader.agent, reader.box
    desk = box.desk
    if tx.sent_to({agent.address.key}, now - box.window).get(agent.address.key, 0) >= desk.caps.per_agent:
        log.info("digest not sent: limits.per_agent", organization=desk.organization, agent=agent.id)
        return
    teams = [name for name, members in desk.catalogue.teams.items() if agent.id in members]
    whose = None if reader.head else theirs(agent.id, teams)
    lists = lists_of_day(tx.connection, desk.organization, whose, now, end_of_day(desk, now))
    sections = [
        say_section(kind, found.with_addresses(lambda ticket_id: box.address_of(agent, ticket_id)), desk, now)
        for kind, found in lists.items()
        if found.tickets
    ]
    if not sections:
        return
    words = {"sections": sections, "daily": "head" if reader.head else "agent", "direct": desk.subaddress}
    draft = Draft(purpose=Purpose.OVERVIEW, recipient=agent.address, words=words)
    queue_drafts(tx, [draft], box.letterhead, f"digest.{desk.organization}.{agent.id}.{key[2]}", now)
