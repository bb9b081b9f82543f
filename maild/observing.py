"""Organisations that only observe (`mode = "observe"`): beginning and ending it, and what the admin reads of it every day.

Such an organisation decides and records everything as if it were at work, and sends nothing: its letters are withheld as
they are written (`outbox.compose`, `store.queue.enqueue`), for good. What was queued while it was live still leaves, for
people rely on it: a letter keeps the mode in which it was written. On going live nobody hears later of what was decided
meanwhile: see `_go_live`.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta

import structlog

from maild.desk.backlog import is_planned
from maild.desk.observed import MAX_LINES, Observed, say_observed
from maild.errors import StoreError
from maild.model import Address, Draft, Purpose, Status, Ticket, TicketEvent
from maild.notices import queue_drafts
from maild.outbox.compose import Letterhead
from maild.policy import MailboxPolicy, Policy
from maild.sla.clock import Clock
from maild.sla.clocks import open_again, resume, stop
from maild.sla.local import instant_of
from maild.sla.moves import Change, Plan
from maild.store import clocks, news, observed, releases
from maild.store.chases import end_chase
from maild.store.engine import Database
from maild.store.tickets import add_events, load_tickets, save_service, save_status
from maild.store.unit import Transaction

log = structlog.get_logger(__name__)

ANSWERED = "answered by people while maild observed"
REPORT_AT = time(8)  # in the organisation's zone: before most people's working day, after what the night brought


# ── beginning and ending ─────────────────────────────────────────────────────────────────────────────────────────────


def switch(database: Database, policy: Policy, now: datetime) -> None:
    """Make the database know which organisations observe under a configuration that comes into force, and say so aloud."""
    with database.read() as connection:
        known = observed.who_observe(connection)
    for organization, section in policy.config.organization.items():
        observes = section.mode == "observe"
        if observes is not (organization in known):
            with database.write() as connection:
                tx = Transaction(connection)
                tx.wait_for_turn()
                _switch(tx, organization, policy, now, observes=observes)
        if observes:
            with database.read() as connection:
                leaving = observed.still_leaving(connection, organization)
            log.info("organization observes: nothing is sent", organization=organization, written_before=leaving)


def _switch(tx: Transaction, organization: str, policy: Policy, now: datetime, *, observes: bool) -> None:
    known = observed.who_observe(tx.connection).get(organization)  # somebody else may have been first
    if observes and known is None:
        observed.begin(tx.connection, organization, now)
    elif not observes and known is not None:
        left = _go_live(tx, organization, known.since, _box_of(policy, organization), now)
        observed.end(tx.connection, organization)
        log.info("organization is live: letters are sent from now on", organization=organization, open_requests=left)


def _go_live(tx: Transaction, organization: str, since: datetime, box: MailboxPolicy, now: datetime) -> int:
    """Let nobody hear later of what was decided while nothing was sent; return how many requests stay open.

    A request that one of our people has answered is over, without a word: it went on in their mail clients. One that
    nobody has answered is ours, terms and all, whatever would have been asked or offered: the customer has heard nothing.
    So is an older one whose answer stayed here.
    No customer is reminded of what they never read. Letters that are in the mailbox already are left alone. The rest of news,
    and word of an update, stays here: whoever still wants them sent sends them once more.
    """
    ours = 0
    plan_of = box.desk.service.plan
    for left in observed.left_open(tx.connection, organization, since):
        one = load_tickets(tx.connection, [left.ticket_id])[left.ticket_id]
        end_chase(tx.connection, one.id)
        if left.answered and is_planned(one):  # by people, who have said so: it waits for the update as before
            continue
        if left.answered and one.status in (Status.WAITING, Status.RESOLVED):
            change = stop(_standing(tx, one), now, ANSWERED)
            _become(tx, one, Status.CLOSED, ANSWERED, change, now)
        else:
            ours += 1
            _come_back(tx, one, plan_of(one), now)
    for ticket_id, owed in observed.told_nothing(tx.connection, organization, since).items():
        end_chase(tx.connection, ticket_id)
        if owed:  # one of our people has said something, which stayed here
            ours += 1
            one = load_tickets(tx.connection, [ticket_id])[ticket_id]
            _come_back(tx, one, plan_of(one), now)
    observed.forget_questions(tx.connection, organization, since)
    news.forget_asked(tx.connection, organization, since)
    releases.forget_begun(tx.connection, organization, since)
    for edition in news.all_editions(tx.connection, organization):
        if edition.at >= since and edition.stopped_at is None:  # nobody gets the rest of what others never got
            news.stop(tx.connection, edition.id, now)
    observed.leave_alone(tx.connection, organization, now)
    return ours


def _come_back(tx: Transaction, one: Ticket, plan: Plan, now: datetime) -> None:
    """Let a request be ours."""
    status = Status.NEW if one.status is Status.NEW else Status.OPEN
    standing = _standing(tx, one)
    opened = open_again(standing, plan, now) if one.status is Status.CLOSED else Change(clocks=standing)
    going = resume(opened.clocks, plan, now)
    change = Change(clocks=going.clocks, events=opened.events + going.events)
    _become(tx, one, status, "nothing of it was sent so far", change, now)


def _become(tx: Transaction, one: Ticket, status: Status, detail: str, change: Change, now: datetime) -> None:
    clocks.save(tx.connection, change.clocks)
    offer = "lapsed" if one.offer_state == "offered" else one.offer_state
    save_service(tx.connection, replace(one, asked=(), faq=(), offer_state=offer), now)
    moved = [TicketEvent(kind="status", detail=f"{one.status} → {status}")] if status is not one.status else []
    if moved:
        save_status(tx.connection, one.id, status, now)
    events = [TicketEvent(kind="went live", detail=detail), *moved, *change.events]
    add_events(tx.connection, [(one.id, event) for event in events], now)


def _standing(tx: Transaction, one: Ticket) -> tuple[Clock, ...]:
    return tuple(clocks.load_clocks(tx.connection, [one.id]).get(one.id, ()))


def _box_of(policy: Policy, organization: str) -> MailboxPolicy:
    return next(box for box in policy.mailboxes.values() if box.desk.organization == organization)


# ── the daily letter ─────────────────────────────────────────────────────────────────────────────────────────────────


def last_report(box: MailboxPolicy, now: datetime) -> datetime:
    """Return the latest instant, not after now, until which a letter tells of an organisation."""
    zone = box.letterhead.zone
    day = now.astimezone(zone).date()
    today = instant_of(day, REPORT_AT, zone)
    return today if today <= now else instant_of(day - timedelta(days=1), REPORT_AT, zone)


def next_report(policy: Policy, now: datetime) -> datetime | None:
    """Return when the next daily letter is due; None: no organisation observes."""
    return min((_next(box, now) for box in policy.mailboxes.values() if box.letterhead.observes), default=None)


def _next(box: MailboxPolicy, now: datetime) -> datetime:
    zone = box.letterhead.zone
    return instant_of(last_report(box, now).astimezone(zone).date() + timedelta(days=1), REPORT_AT, zone)


def report_observed(database: Database, policy: Policy, now: datetime) -> int:
    """Queue the daily letters that are due and were not queued; return how many were."""
    with database.read() as connection:
        waiting = _due(observed.who_observe(connection), policy, now)
    if not waiting:
        return 0
    with database.write() as connection:
        tx = Transaction(connection)
        tx.wait_for_turn()
        told = 0
        for one, until in _due(observed.who_observe(connection), policy, now):
            if observed.claim(connection, one, until):
                told += 1
                _write_one(tx, one, until, policy, now)
    return told


def _due(
    known: dict[str, observed.Observing], policy: Policy, now: datetime
) -> list[tuple[observed.Observing, datetime]]:
    """Return the organisations of which the admin has not read up to the last hour of telling, and that hour."""
    due = []
    for organization, one in known.items():
        section = policy.config.organization.get(organization)
        if section is not None and section.mode == "observe":
            until = last_report(_box_of(policy, organization), now)
            due += [(one, until)] if one.told_until < until else []
    return due


def _write_one(tx: Transaction, one: observed.Observing, until: datetime, policy: Policy, now: datetime) -> None:
    """Queue one letter; one that breaks our code costs only itself, and `maild observed` still shows what it would say."""
    try:
        with tx.savepoint():
            seen = look(tx, one, one.told_until, until, policy)
            _write(tx, seen, policy, now)
    except StoreError:
        raise  # the disk's fault
    except Exception:
        log.exception("the daily letter is not written because of a bug", organization=one.organization)


def look(tx: Transaction, one: observed.Observing, since: datetime, until: datetime, policy: Policy) -> Observed:
    """Return what an organisation has seen from `since` until `until`."""
    rules = policy.config.organization[one.organization].rule
    return observed.read_observed(tx.connection, one.organization, one.since, since, until, rules)


def _write(tx: Transaction, seen: Observed, policy: Policy, now: datetime) -> None:
    draft, head = draft_daily(seen, policy)
    queue_drafts(tx, [draft], head, f"observed.{seen.organization}", now)


def draft_daily(seen: Observed, policy: Policy, *, most: int = MAX_LINES) -> tuple[Draft, Letterhead]:
    """Return the letter to the admin, in their language, and from whom it comes; no more than `most` of each kind in it."""
    head, admin = _box_of(policy, seen.organization).letterhead, policy.config.admin
    assert admin is not None, "the configuration was checked"
    words = say_observed(seen, head.zone, admin.language, most=most) | {"id": seen.organization}
    draft = Draft(purpose=Purpose.OBSERVED, recipient=Address(addr=admin.address), words=words)
    return draft, replace(head, templates=policy.admin_templates or head.templates)
