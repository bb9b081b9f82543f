"""An update is out: everybody whose request waited for it hears so in their own thread, and it counts as solved.

What becomes of a request and the letter about it are one transaction; it waits for nothing then, so that neither a crash nor
a second daemon tells anybody twice.
"""

from dataclasses import replace
from datetime import datetime

import structlog

from maild.desk.chase import Chase
from maild.desk.survey import question_about, with_question
from maild.errors import StoreError
from maild.ingest.classify import is_no_reply
from maild.model import Draft, Purpose, Status, Ticket, TicketEvent
from maild.notices import queue_drafts
from maild.policy import MailboxPolicy, Policy
from maild.reminding import AGAIN_AFTER, mailbox_of
from maild.sla.clocks import happened
from maild.sla.target import Mode, Moment
from maild.sla.terms import due
from maild.store import chases, clocks, releases, surveys
from maild.store.engine import Database
from maild.store.tickets import add_events, save_service, save_status
from maild.store.unit import Transaction
from maild.wording import say_instant

log = structlog.get_logger(__name__)


def ship(database: Database, policy: Policy, now: datetime) -> int:
    """Tell everybody who waits for an update that is out; return how many."""
    with database.read() as connection:
        first = releases.next_shipping(connection)
    if first is None or first > now:
        return 0
    with database.write() as connection:
        tx = Transaction(connection)
        tx.wait_for_turn()
        return sum(_tell_all(tx, one, policy, now) for one in releases.due_shippings(connection, now))


def _tell_all(tx: Transaction, one: releases.Shipping, policy: Policy, now: datetime) -> int:
    if one.organization not in policy.config.organization:  # it goes on when that is put back
        releases.told(tx.connection, one.id, 0, now + AGAIN_AFTER)
        return 0
    waiting = releases.waiting_for(tx.connection, one.organization, one.release.name)
    done = sum(_tell(tx, ticket, one, policy, now) for ticket in waiting)
    releases.told(tx.connection, one.id, done, None if done == len(waiting) else now + AGAIN_AFTER)
    return done


def _tell(tx: Transaction, ticket: Ticket, one: releases.Shipping, policy: Policy, now: datetime) -> bool:
    """Tell one customer; what breaks our code costs only itself, and is tried again."""
    try:
        with tx.savepoint():
            _resolve(tx, ticket, one, mailbox_of(policy, ticket), now)
    except StoreError:
        raise  # the disk's fault, not the ticket's
    except Exception:
        log.exception("customer not told of an update because of a bug", ticket=ticket.number)
        return False
    return True


def _resolve(tx: Transaction, ticket: Ticket, one: releases.Shipping, box: MailboxPolicy, now: datetime) -> None:
    """The request counts as solved; its customer may contradict for as long as after an agent's word."""
    standing = clocks.load_clocks(tx.connection, [ticket.id]).get(ticket.id, ())
    change = happened(standing, box.desk.service.plan(ticket), Moment.RESOLVED, now)
    clocks.save(tx.connection, change.clocks)
    save_status(tx.connection, ticket.id, Status.RESOLVED, now)
    save_service(tx.connection, replace(ticket, backlog=False, ground="", ground_state="", asked=(), faq=()), now)
    chases.end_chase(tx.connection, ticket.id)
    events = [
        TicketEvent(kind="updated", detail=f"{one.release.name} is out"),
        TicketEvent(kind="status", detail=f"{ticket.status} → {Status.RESOLVED}"),
        *change.events,
    ]
    to = ticket.requester
    drafts: tuple[Draft, ...] = ()
    if to.addr and not is_no_reply(to.addr):
        drafts = (_letter(tx, ticket, one, box, now),)
        wish = box.desk.catalogue.satisfaction
        fresh = wish.ends(ticket.status, Status.RESOLVED) and not surveys.find_questions(tx.connection, [ticket.id])
        if fresh and (question := question_about(ticket, wish, now, box.desk.staff)):
            surveys.save_question(tx.connection, ticket.organization, question, None)
            drafts = with_question(drafts, ticket)
    else:
        events.append(TicketEvent(kind="not told", detail="of the update: nobody reads what is sent there"))
    add_events(tx.connection, [(ticket.id, event) for event in events], now)
    written = queue_drafts(tx, drafts, box.letterhead, f"update.{one.id}.{ticket.id}", now)
    if len(written) != len(drafts):
        raise RuntimeError("a letter could not be worded")


def _letter(tx: Transaction, ticket: Ticket, one: releases.Shipping, box: MailboxPolicy, now: datetime) -> Draft:
    """Return the word to the customer; where they may contradict for a while only, that begins now."""
    wish, service, until = box.desk.catalogue.confirmation, box.desk.service, ""
    if wish.within:
        calendar = service.calendars.get(wish.calendar)
        close_at = due(Mode.SKIP_DAYS_OFF if calendar else Mode.CONTINUOUS, calendar, now, wish.within).due_at
        chases.save_chase(tx.connection, Chase(ticket_id=ticket.id, since=now, remind_at=None, close_at=close_at))
        client = tx.client(ticket.organization, ticket.client) if ticket.client else None
        until = say_instant(close_at, service.zone_of(client), service.language, now)
    words = {"release": one.release.name, "notes": one.release.notes, "until": until}
    return Draft(
        purpose=Purpose.UPDATED, recipient=ticket.requester, subject=ticket.subject, ticket=ticket, words=words,
        in_reply_to=ticket.answers,
    )  # fmt: skip
