"""Works that come round (NI-16): at their time a request opens by itself, for the desk or for each client under contract.

What a work has come to on a day is recorded in the transaction that opens its requests and queues the letters about them.
Whatever was missed meanwhile is made up for once, by the latest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog

from maild.config.recurring import RecurringEntry, say_pattern
from maild.contracts.client import Client
from maild.contracts.recognition import Standing
from maild.contracts.standing import standing_of
from maild.desk.case import Load
from maild.desk.dealing import deal_out
from maild.desk.notifications import team_of, write_dealt
from maild.desk.presence import is_absent
from maild.errors import StoreError
from maild.model import Address, Status, Ticket, TicketEvent
from maild.notices import queue_drafts
from maild.policy import MailboxPolicy, Policy
from maild.rounds import go_round, next_round
from maild.sla.clock import Clock
from maild.sla.clocks import begin
from maild.sla.occurrences import Rhythm
from maild.store import turns
from maild.store.engine import Database
from maild.store.recurring import came, note_came
from maild.store.register import all_clients
from maild.store.unit import Transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Work:
    """A work that comes round."""

    name: str
    entry: RecurringEntry
    box: MailboxPolicy  # that its requests belong to

    @property
    def organization(self) -> str:
        """Whose work it is."""
        return self.box.desk.organization

    @property
    def rhythm(self) -> Rhythm:
        """When it comes round."""
        service, entry = self.box.desk.service, self.entry
        calendar = service.calendars[entry.calendar] if entry.calendar else None
        return Rhythm(
            pattern=entry.on, at=entry.at, zone=calendar.zone if calendar else service.zone, calendar=calendar,
            off_day=entry.off_day, since=entry.since, until=entry.until,
        )  # fmt: skip

    @property
    def told(self) -> str:
        """The rhythm in one line, which is another one when the admin wants another rhythm."""
        entry = self.entry
        calendar = f"by calendar {entry.calendar}, off days: {entry.off_day}" if entry.calendar else ""
        within = " ".join(f"{word} {day}" for word, day in (("since", entry.since), ("until", entry.until)) if day)
        return ", ".join(filter(None, (say_pattern(entry.on), f"{entry.at:%H:%M}", calendar, within)))


def works(policy: Policy) -> Iterator[Work]:
    """Yield every work that comes round."""
    for organization, section in policy.config.organization.items():
        for name, entry in section.recurring.items():
            box = policy.mailboxes[f"{organization}/{entry.mailbox or next(iter(section.mailbox))}"]
            yield Work(name=name, entry=entry, box=box)


def next_recurring(database: Database, policy: Policy, now: datetime) -> datetime | None:
    """Return when the next work comes round: at once where one is new; None: none does."""
    return next_round(database, list(works(policy)), now)


def open_due(database: Database, policy: Policy, now: datetime) -> int:
    """Open the requests of all works that have come round; return how many works were looked at."""
    return go_round(database, list(works(policy)), now, _come_round)


def _come_round(tx: Transaction, work: Work, days: Sequence[date], now: datetime) -> None:
    """Open the requests of the latest day; one that breaks our code costs only itself, and is not tried again."""
    *missed, day = days
    done = came(tx.connection, work.organization, work.name, day)
    for client, skipped in _whom(tx, work, now):
        key = client.key if client else ""
        if key in done:
            continue
        try:
            with tx.savepoint():
                ticket = None if skipped else _open(tx, work, client, day, missed, now)
                _note(tx, work, day, key, now, ticket_id=ticket.id if ticket else None, skipped=skipped)
        except StoreError:
            raise  # the disk's fault
        except Exception:
            log.exception("recurring work not opened because of a bug", organization=work.organization, work=work.name)
            _note(tx, work, day, key, now, skipped="not opened because of a bug: the log has it")


def _note(
    tx: Transaction, work: Work, day: date, key: str, now: datetime, *, ticket_id: int | None = None, skipped: str = ""
) -> None:
    note_came(tx.connection, work.organization, work.name, day, key, now, ticket_id=ticket_id, skipped=skipped)


def _whom(tx: Transaction, work: Work, now: datetime) -> Iterator[tuple[Client | None, str]]:
    """Yield for whom the work is done, and why it is not done for those for whom it is not today."""
    if work.entry.whom == "desk":
        yield None, ""
        return
    service, wanted = work.box.desk.service, work.entry
    today = now.astimezone(service.zone).date()
    for client, _ in all_clients(tx.connection, work.organization):
        if (wanted.level and client.level not in wanted.level) or (wanted.client and client.key not in wanted.client):
            continue
        standing, why = standing_of(client, client.level, frozenset(service.levels), today)
        yield client, "" if standing is Standing.SERVED else why


def _open(
    tx: Transaction, work: Work, client: Client | None, day: date, missed: Sequence[date], now: datetime
) -> Ticket:
    """Open one request, give it to somebody, and tell them."""
    desk, entry = work.box.desk, work.entry
    id_, number = tx.next_numbers(desk)
    blank = Ticket(
        id=id_,
        number=f"{desk.prefix}-{number}",
        organization=desk.organization,
        mailbox=desk.mailbox,
        subject=entry.title,
        status=Status.NEW,
        requester=Address(addr=""),
        participants=(),
        opened_at=now,
        received_at=now,
        standing=Standing.SERVED,
        category=entry.category or "",
        severity=entry.severity or "",
        team=entry.team or "",
        agent=entry.agent or "",
        counted=False,  # the client has asked for nothing
    )
    if client:
        blank = replace(blank, client=client.key, client_name=client.name, level=client.level, hours=client.hours)
    blank = replace(blank, rank=desk.service.rank_of(blank))
    dealt = deal_out(blank, desk, _load(tx, desk.organization, desk.assignment), now)
    ticket = dealt.ticket
    begun = begin(desk.service.plan(ticket), now)
    late = f"; missed before while maild did not run: {', '.join(map(str, missed))}" if missed else ""
    events = [
        TicketEvent(kind="opened", detail=f"recurring work {work.name}, of {day}{late}"),
        TicketEvent(kind="to do", detail=entry.text),
        *dealt.events,
        *begun.events,
    ]
    tx.open_alone(ticket, events, begun.clocks, now)
    if dealt.turn:
        turns.note_turn(tx.connection, desk.organization, dealt.turn, ticket.id)
    _tell(tx, work, ticket, begun.clocks, now)
    return ticket


def _load(tx: Transaction, organization: str, way: str) -> Load:
    """Return what dealing out needs to know."""
    if way == "manual":
        return Load()
    return Load(
        of_agents=turns.open_by_agent(tx.connection, organization), turns=turns.last_dealt(tx.connection, organization)
    )


def _tell(tx: Transaction, work: Work, ticket: Ticket, clocks: tuple[Clock, ...], now: datetime) -> None:
    """Queue the letters to whose request it is, or to its team; the customer hears nothing."""
    box, desk = work.box, work.box.desk
    owner = [one for one in desk.agents if one.id == ticket.agent and not is_absent(one, desk, now)]
    agents = owner or team_of(desk, ticket)
    had = tx.sent_to({one.address.key for one in agents}, now - box.window)
    able = [one for one in agents if had.get(one.address.key, 0) < desk.caps.per_agent]
    for one in agents:
        if one not in able:
            log.info("agent not told: limits.per_agent", organization=desk.organization, agent=one.id)
    known_by = tx.known_by(desk.organization)
    text = work.entry.text
    drafts = [write_dealt(ticket, one, clocks, text, desk, now, known_by, notice="recurring") for one in able]
    queue_drafts(tx, drafts, box.letterhead, f"recurring.{ticket.id}", now)
