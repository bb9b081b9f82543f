"""What agents put off until later, and what they promised: they are reminded when it is time.

As with terms the database is the truth: what is due is dropped in the transaction that queues the letter about it, and
tried again later where that cannot be.
"""

from datetime import datetime

import structlog

from maild.desk.decision import Wake
from maild.desk.notifications import write_to_team
from maild.errors import StoreError
from maild.model import Draft, Status, Ticket
from maild.notices import queue_drafts
from maild.policy import MailboxPolicy, Policy
from maild.reminding import AGAIN_AFTER, mailbox_of
from maild.store.engine import Database
from maild.store.tickets import load_tickets
from maild.store.unit import Transaction
from maild.store.wakes import due_wakes, end_wake, next_wake, put_off
from maild.wording import say_instant

log = structlog.get_logger(__name__)

MAX_WAKES = 200  # looked at in one transaction


def wake(database: Database, policy: Policy, now: datetime) -> int:
    """Remind every agent for whom it is time; return of how much."""
    with database.read() as connection:
        first = next_wake(connection)
    if first is None or first > now:
        return 0
    woken = 0
    while True:
        with database.write() as connection:
            tx = Transaction(connection)
            tx.wait_for_turn()
            due = due_wakes(connection, now, MAX_WAKES)
            for ticket_id, one in due:
                _remind(tx, load_tickets(connection, [ticket_id])[ticket_id], one, policy, now)
        woken += len(due)
        if len(due) < MAX_WAKES:
            return woken


def _remind(tx: Transaction, ticket: Ticket, one: Wake, policy: Policy, now: datetime) -> None:
    """Queue the letter; of what is over nobody is reminded, and what breaks our code costs only itself."""
    if ticket.organization not in policy.config.organization:  # it goes on when that is put back
        put_off(tx.connection, ticket.id, one.kind, now + AGAIN_AFTER)
        return
    if ticket.status in (Status.RESOLVED, Status.CLOSED):
        end_wake(tx.connection, ticket.id, one.kind)
        return
    try:
        with tx.savepoint():
            end_wake(tx.connection, ticket.id, one.kind)
            _write(tx, ticket, one, mailbox_of(policy, ticket), now)
    except StoreError:
        raise  # the disk's fault, not the ticket's
    except Exception:
        log.exception("agent not reminded because of a bug", ticket=ticket.number)
        put_off(tx.connection, ticket.id, one.kind, now + AGAIN_AFTER)


def _write(tx: Transaction, ticket: Ticket, one: Wake, box: MailboxPolicy, now: datetime) -> None:
    """Queue the letter; raises RuntimeError where it cannot be worded, for then nobody has been reminded."""
    drafts = _letters(ticket, one, box, now)
    written = queue_drafts(tx, drafts, box.letterhead, f"wake.{ticket.id}.{one.kind}", now)
    if len(written) != len(drafts):
        raise RuntimeError("a letter could not be worded")


def _letters(ticket: Ticket, one: Wake, box: MailboxPolicy, now: datetime) -> list[Draft]:
    service = box.desk.service
    agents = tuple(agent for agent in box.desk.agents if agent.id == one.agent)  # nobody: the team hears
    more = {"latest": one.words, "until": say_instant(one.term, service.zone, service.language, now)}
    return write_to_team(ticket, box.desk, notice=one.kind, more=more, to=agents)
