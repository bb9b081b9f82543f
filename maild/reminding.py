"""What time brings about by itself: reminders, breaches, and terms that a changed calendar moves.

The database is the truth: what is due is what stands there with `next_at` not after now, whoever ticks and however late.
Each reminder is recorded before it can be sent, once for a clock, a threshold and a term, in the transaction that queues
the letter; so neither a crash nor a clock that jumps sends one twice or loses one.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial

import structlog

from maild.config.terms import clients_of
from maild.contracts.client import Client
from maild.desk.case import DeskPolicy
from maild.desk.notifications import team_of
from maild.desk.service import Service
from maild.desk.undelivered import is_copy, ours_again, what_is_lost
from maild.errors import ConfigError, Problem, RegisterConflict
from maild.model import Agent, Draft, Outgoing, Purpose, Status, Ticket, TicketEvent
from maild.notices import Notice, queue_drafts, tell_admin
from maild.policy import MailboxPolicy, Policy
from maild.sla.changes import adopt, notice_left, notice_lost
from maild.sla.clock import Clock
from maild.sla.clocks import resume
from maild.sla.moves import Change
from maild.sla.reminders import Reminder, look
from maild.sla.target import Audience
from maild.store import clocks as stored
from maild.store import enrol, queue, register
from maild.store.chases import end_chase
from maild.store.engine import Database
from maild.store.tickets import add_event, add_events, load_tickets, save_status
from maild.store.unit import Transaction
from maild.wording import say_duration, say_instant

log = structlog.get_logger(__name__)

MAX_CLOCKS = 1_000  # looked at in one transaction; the rest is looked at right after
MAX_LINES = 50  # tickets named in one letter
AGAIN_AFTER = timedelta(hours=1)  # a look that could not be taken: an organisation that is not configured, a bug


@dataclass(frozen=True)
class _Line:
    """One reminder for one person."""

    ticket: Ticket
    reminder: Reminder
    role: Audience

    @property
    def place(self) -> tuple[int, datetime, int]:
        """Where the ticket stands in the queue."""
        return self.ticket.rank, self.ticket.received_at or self.ticket.opened_at, self.ticket.id


@dataclass
class _Letter:
    """All reminders for one person; kept are no more than the letter shows, however many are due."""

    lines: list[_Line] = field(default_factory=list)  # in the order of the queue
    more: int = 0
    roles: set[Audience] = field(default_factory=set)

    def add(self, line: _Line) -> None:
        """Take in one more; the last of the queue makes room."""
        insort(self.lines, line, key=lambda one: one.place)
        self.roles.add(line.role)
        if len(self.lines) > MAX_LINES:
            self.lines.pop()
            self.more += 1


_Letters = dict[tuple[str, str], _Letter]  # by organisation and agent


# ── what is due ──────────────────────────────────────────────────────────────────────────────────────────────────────


def remind(database: Database, policy: Policy, now: datetime) -> int:
    """Record what is due and queue one letter for each person concerned; return how many clocks were looked at."""
    with database.read() as connection:
        first = stored.next_look(connection)
    if first is None or first > now:
        return 0
    looked_at = 0
    with database.write() as connection:
        tx = Transaction(connection)
        tx.wait_for_turn()
        letters: _Letters = {}
        while clocks := stored.due(connection, now, MAX_CLOCKS):
            _look(tx, clocks, policy, now, letters)
            looked_at += len(clocks)
        for (organization, agent), letter in letters.items():
            _write(tx, organization, agent, letter, policy, now)
    return looked_at


def _look(tx: Transaction, clocks: Sequence[Clock], policy: Policy, now: datetime, letters: _Letters) -> None:
    """Look at each of the clocks, and write what all of them have come to: a statement of each kind, not of each clock."""
    tickets = load_tickets(tx.connection, [clock.ticket_id for clock in clocks])
    saved: list[Clock] = []
    events: list[tuple[int, TicketEvent]] = []
    reminders: dict[stored.Reminded, Reminder] = {}
    for clock in clocks:
        ticket = tickets[clock.ticket_id]
        if ticket.organization not in policy.config.organization:  # its terms go on when it is put back
            saved.append(replace(clock, next_at=now + AGAIN_AFTER))
            continue
        try:
            looked = look(clock, mailbox_of(policy, ticket).desk.service.calendars, now)
        except Exception:  # a clock that breaks our code costs only itself: the others' reminders go out
            log.exception("clock not looked at because of a bug", ticket=ticket.number, clock=clock.id)
            saved.append(replace(clock, next_at=now + AGAIN_AFTER))
            continue
        saved.append(looked.clock)
        events += ((ticket.id, event) for event in looked.events)
        if looked.reminder is not None:
            reminders[_reminded(looked.reminder, now)] = looked.reminder
    stored.save(tx.connection, saved)
    add_events(tx.connection, events, now)
    find_client = cache(partial(register.find_client, tx.connection))
    for reminded in stored.record(tx.connection, list(reminders)):
        reminder = reminders[reminded]
        ticket = tickets[reminder.clock.ticket_id]
        for role, agent in _audience(find_client, reminder, ticket, mailbox_of(policy, ticket)):
            letters.setdefault((ticket.organization, agent.id), _Letter()).add(_Line(ticket, reminder, role))


def _reminded(reminder: Reminder, now: datetime) -> stored.Reminded:
    assert reminder.clock.id is not None, "only stored clocks are looked at"
    return stored.Reminded(
        clock_id=reminder.clock.id, threshold=reminder.threshold.text, term=reminder.due_at, kind=reminder.kind, at=now,
        late=reminder.late,
    )  # fmt: skip


def _audience(
    find_client: Callable[[str, str], Client | None], reminder: Reminder, ticket: Ticket, box: MailboxPolicy
) -> Iterable[tuple[Audience, Agent]]:
    """Return who hears of a reminder, each once: whoever is missing is stood in for, so that somebody always hears."""
    agents = {agent.id: agent for agent in box.desk.agents}
    team = team_of(box.desk, ticket) or box.desk.agents
    found: dict[str, tuple[Audience, Agent]] = {}
    for asked in reminder.to:
        meant = _meant(asked, ticket, box.desk.service, find_client)
        told = next(((role, agents[one]) for role, one in meant if one in agents), None)
        for role, agent in [told] if told else ((Audience.TEAM, one) for one in team):
            found.setdefault(agent.id, (role, agent))
    return found.values()


def _meant(
    asked: Audience, ticket: Ticket, service: Service, find_client: Callable[[str, str], Client | None]
) -> tuple[tuple[Audience, str], ...]:
    """Return the ids of who is meant and of who stands in for them, as whom each is told; beyond those it is the team."""
    agent = (Audience.AGENT, ticket.agent)
    if asked is Audience.AGENT:
        return (agent,)
    if asked is Audience.HEAD:
        return ((asked, service.head),)
    if asked is Audience.MANAGER:
        client = find_client(ticket.organization, ticket.client) if ticket.client else None
        return ((asked, client.manager if client else ""), agent)
    return ()


def _write(tx: Transaction, organization: str, agent_id: str, letter: _Letter, policy: Policy, now: datetime) -> None:
    """Queue one person's letter: their tickets in the order of the queue, the term that comes first before the others."""
    box = mailbox_of(policy, letter.lines[0].ticket)
    agent = next(agent for agent in box.desk.agents if agent.id == agent_id)
    words = {
        "organization": box.letterhead.organization,
        "address": box.letterhead.sender.addr,
        "items": [_item(line, box.desk, now) for line in letter.lines],
        "more": letter.more,
        "role": min(letter.roles, key=list(Audience).index),
    }
    tickets = {line.ticket.id: line.ticket for line in letter.lines}
    alone = letter.lines[0].ticket if len(tickets) == 1 else None  # then it can be answered like a notification
    subject = alone.subject if alone else ""
    draft = Draft(purpose=Purpose.REMINDER, recipient=agent.address, subject=subject, ticket=alone, words=words)
    # a clock has one look at an instant, so no other letter of this instant begins with it
    unique = f"reminder.{organization}.{agent_id}.{letter.lines[0].reminder.clock.id}"
    queue_drafts(tx, [draft], box.letterhead, unique, now)


def _item(line: _Line, desk: DeskPolicy, now: datetime) -> dict[str, object]:
    service = desk.service
    ticket, reminder, language = line.ticket, line.reminder, service.language
    passed = now - reminder.due_at
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "client": ticket.client_name or str(ticket.requester),
        "level": service.level_name(ticket.level),
        "agent": next((one.address.name or one.id for one in desk.agents if one.id == ticket.agent), ""),
        "what": reminder.clock.until,
        "kind": reminder.kind,
        "threshold": reminder.threshold.text,
        "late": reminder.late,
        "due": say_instant(reminder.due_at, service.zone, language, now),
        "left": say_duration(-passed, language, accusative=True) if passed < timedelta(0) else "",
        "over": say_duration(passed, language, accusative=True) if passed > timedelta(0) else "",
    }


def mailbox_of(policy: Policy, ticket: Ticket) -> MailboxPolicy:
    """Return a ticket's mailbox, or another one of its organisation where that is no longer configured.

    Raises LookupError where the organisation is not, either.
    """
    if ticket.mailbox in policy.mailboxes:
        return policy.mailboxes[ticket.mailbox]
    for box in policy.mailboxes.values():
        if box.desk.organization == ticket.organization:
            return box
    raise LookupError(f"organization {ticket.organization} is no longer configured")


def _service_of(policy: Policy, ticket: Ticket) -> Service:
    """Return what a ticket's organisation promises; nothing where it is no longer configured, yet its letters still end."""
    try:
        return mailbox_of(policy, ticket).desk.service
    except LookupError:
        return Service()


# ── what the mail server's answers change ────────────────────────────────────────────────────────────────────────────


def notice_has_left(tx: Transaction, row_id: int, policy: Policy, now: datetime) -> None:
    """Let an extension count: the letter that tells the customer of it has left, if it has, before the old term (D8)."""
    row = queue.find(tx.connection, row_id)
    if row is None or row.letter.purpose is not Purpose.EXTENSION or row.letter.ticket_id is None:
        return
    ticket = load_tickets(tx.connection, [row.letter.ticket_id])[row.letter.ticket_id]
    calendars = _service_of(policy, ticket).calendars
    for clock in stored.by_notice(tx.connection, row.letter.message_id):
        _keep(tx, ticket, notice_left(clock, now, calendars), now)


def letter_is_lost(tx: Transaction, ticket: Ticket, letter: Outgoing, policy: Policy, now: datetime) -> str:
    """Do what follows for a ticket where a letter has not left, and never will; return what agents are told, or ""."""
    if letter.purpose is Purpose.EXTENSION:
        notice_is_lost(tx, ticket, letter.message_id, policy, now)
        return "not-extended"
    if is_copy(letter, ticket):
        return "copy-undelivered"
    if letter.purpose is Purpose.ANSWER:
        _answer_is_lost(tx, ticket, policy, now)
        return "undelivered"
    lost = what_is_lost(letter.purpose, ticket)
    if lost and lost.opens:
        clocks = stored.load_clocks(tx.connection, [ticket.id]).get(ticket.id, ())
        _keep(tx, ticket, ours_again(clocks, _service_of(policy, ticket).plan(ticket), ticket, now), now)
        save_status(tx.connection, ticket.id, Status.OPEN, now)
        detail = f"{ticket.status} → {Status.OPEN}: a letter could not be sent"
        add_event(tx.connection, ticket.id, "status", detail, now)
        end_chase(tx.connection, ticket.id)
    return lost.notice if lost else ""


def notice_is_lost(tx: Transaction, ticket: Ticket, message_id: str, policy: Policy, now: datetime) -> None:
    """Let the old term stand: the letter that tells the customer of an extension has not left, and never will (D8)."""
    calendars = _service_of(policy, ticket).calendars
    for clock in stored.by_notice(tx.connection, message_id):
        after, events = notice_lost(clock, calendars)
        _keep(tx, ticket, Change(clocks=(after,), events=events), now)


def _answer_is_lost(tx: Transaction, ticket: Ticket, policy: Policy, now: datetime) -> None:
    """Let a ticket be ours again, as after a report that its answer did not arrive: nobody waits for the customer any more."""
    clocks = stored.load_clocks(tx.connection, [ticket.id]).get(ticket.id, ())
    _keep(tx, ticket, resume(clocks, _service_of(policy, ticket).plan(ticket), now), now)
    end_chase(tx.connection, ticket.id)
    if ticket.status is not Status.OPEN:
        save_status(tx.connection, ticket.id, Status.OPEN, now)
        detail = f"{ticket.status} → {Status.OPEN}: the answer could not be sent"
        add_event(tx.connection, ticket.id, "status", detail, now)


def _keep(tx: Transaction, ticket: Ticket, change: Change, now: datetime) -> None:
    stored.save(tx.connection, change.clocks)
    for event in change.events:
        add_event(tx.connection, ticket.id, event.kind, event.detail, now)


# ── what a new configuration changes ─────────────────────────────────────────────────────────────────────────────────


def follow(database: Database, policy: Policy, now: datetime) -> None:
    """Make the register and the terms of open tickets follow the configuration.

    Raises ConfigError where a configured client collides with an imported one; then nothing has changed.
    """
    with database.write() as connection:
        enrol_configured(Transaction(connection), policy, now)
        # without one of its calendars a clock goes by plain time: as soon as that is back, it counts as before
        calendars = {
            (box.desk.organization, name) for box in policy.mailboxes.values() for name in box.desk.service.calendars
        }
        stored.forget_calendars(connection, calendars)
    for organization in policy.config.organization:
        box = next(box for box in policy.mailboxes.values() if box.desk.organization == organization)
        for name, calendar in box.desk.service.calendars.items():
            _follow_calendar(database, policy, organization, box, name, calendar.fingerprint, now)


def enrol_configured(tx: Transaction, policy: Policy, now: datetime) -> None:
    """Make the register have the configured clients. Raises ConfigError where one collides with an imported one."""
    problems: list[Problem] = []
    for organization, section in policy.config.organization.items():
        clients, coupons = clients_of(section)
        try:
            enrol.sync_configured(tx.connection, organization, clients, coupons, now)
        except RegisterConflict as conflict:
            problems += (_collision(policy, organization, found) for found in conflict.problems)
    if problems:
        raise ConfigError(problems)


def _collision(policy: Policy, organization: str, found: str) -> Problem:
    return Problem(
        file=str(policy.files[0]), line=None, key=f"organization.{organization}.client", found=found,
        expected="clients that no imported one contradicts",
        remedy="Take it out here, or import the clients again without it (maild client export shows what is there).",
    )  # fmt: skip


def _tell_moved(tx: Transaction, organization: str, name: str, moved: int, policy: Policy, now: datetime) -> None:
    line = f"{moved} term(s) of open tickets were computed anew; maild ticket show tells which"
    notice = Notice(
        kind="calendar", key=f"{organization}:{name}", summary=f"{organization}: {name}", lines=(line,),
        command="maild ticket list",
    )  # fmt: skip
    tell_admin(tx, notice, policy, now, again_after=timedelta(0))


def _follow_calendar(
    database: Database,
    policy: Policy,
    organization: str,
    box: MailboxPolicy,
    name: str,
    fingerprint: str,
    now: datetime,
) -> None:
    """Compute the terms of open clocks anew, if the calendar is another one than they were computed with (D14)."""
    with database.read() as connection:
        if stored.calendar_versions(connection, organization).get(name) == fingerprint:
            return
    moved, after = 0, 0
    while True:
        with database.write() as connection:
            tx = Transaction(connection)
            tx.wait_for_turn()  # a walk beside us must not lose what it does to the same clocks
            batch = stored.open_with_other_calendar(connection, organization, name, fingerprint, after, MAX_CLOCKS)
            adopted = [(one.ticket_id, change) for one in batch if (change := adopt(one, box.desk.service.calendars))]
            stored.save(connection, [clock for _, change in adopted for clock in change.clocks])
            events = [(ticket_id, event) for ticket_id, change in adopted for event in change.events]
            add_events(connection, events, now)
            moved += len(events)  # one of each
            if not batch:
                stored.set_calendar_version(connection, organization, name, fingerprint, now)
                if moved:
                    _tell_moved(tx, organization, name, moved, policy, now)
                break
            after = batch[-1].id or after
    log.info("calendar in force", organization=organization, calendar=name, terms_moved=moved)
