"""What the silence of customers brings about: they are reminded of what they were asked for, then given up (C22).

As with terms the database is the truth: a chase has one next instant, and what is due is written with the letter it causes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from maild.desk.chase import Chase, look_at_chase
from maild.desk.notifications import keeper_of, write_to_team
from maild.desk.survey import question_about, with_question
from maild.errors import StoreError
from maild.model import Address, Draft, Purpose, Status, Ticket, TicketEvent
from maild.notices import queue_drafts
from maild.policy import MailboxPolicy, Policy
from maild.reminding import AGAIN_AFTER, mailbox_of
from maild.sla.clocks import stop
from maild.store import chases, clocks, surveys
from maild.store.engine import Database
from maild.store.tickets import add_events, load_tickets, save_service, save_status
from maild.store.unit import Transaction
from maild.wording import say_instant

log = structlog.get_logger(__name__)

MAX_CHASES = 200  # looked at in one transaction


def chase(database: Database, policy: Policy, now: datetime) -> int:
    """Remind and give up every customer for whom it is time; return how many chases were looked at."""
    with database.read() as connection:
        first = chases.next_chase(connection)
    if first is None or first > now:
        return 0
    looked_at = 0
    while True:
        with database.write() as connection:
            tx = Transaction(connection)
            tx.wait_for_turn()
            due = chases.due_chases(connection, now, MAX_CHASES)
            for one in due:
                _look(tx, one, policy, now)
        looked_at += len(due)
        if len(due) < MAX_CHASES:
            return looked_at


def _look(tx: Transaction, one: Chase, policy: Policy, now: datetime) -> None:
    """Do what is due in one chase; one that breaks our code costs only itself."""
    ticket = load_tickets(tx.connection, [one.ticket_id])[one.ticket_id]
    if ticket.organization not in policy.config.organization:  # it goes on when that is put back
        chases.put_off(tx.connection, one.ticket_id, now + AGAIN_AFTER)
        return
    planned = ticket.backlog and ticket.status is Status.WAITING  # then it waits for us, whoever wrote last
    if ticket.status not in (Status.WAITING, Status.RESOLVED) or planned:
        chases.end_chase(tx.connection, one.ticket_id)  # nobody is waited for any more, whoever ended it
        return
    try:
        with tx.savepoint():
            _act(tx, ticket, one, mailbox_of(policy, ticket), now)
    except StoreError:
        raise  # the disk's fault, not the ticket's
    except Exception:
        log.exception("customer not chased because of a bug", ticket=ticket.number)
        chases.put_off(tx.connection, one.ticket_id, now + AGAIN_AFTER)


def _act(tx: Transaction, ticket: Ticket, one: Chase, box: MailboxPolicy, now: datetime) -> None:
    after, what = look_at_chase(one, now)
    if what == "remind" and (why := _had_enough(tx, ticket.requester, box, now)):
        chases.put_off(tx.connection, ticket.id, now + box.window)  # nobody is given up without their reminder
        add_events(tx.connection, [(ticket.id, TicketEvent(kind="not chased", detail=why))], now)
        return
    chases.save_chase(tx.connection, after)
    if what == "remind":
        draft = _chaser(ticket, after, box, now)
        _write(tx, ticket, (draft,), box, now)
        add_events(tx.connection, [(ticket.id, TicketEvent(kind="chased", detail="the customer is reminded"))], now)
    elif what == "close" and ticket.status is Status.RESOLVED:
        _close_solved(tx, ticket, box, now)
    elif what == "close":
        _give_up(tx, ticket, box, now)


def _give_up(tx: Transaction, ticket: Ticket, box: MailboxPolicy, now: datetime) -> None:
    """Close the request and say so; the customer's next letter opens it again."""
    standing = clocks.load_clocks(tx.connection, [ticket.id]).get(ticket.id, ())
    ended = stop(standing, now, "the customer did not answer")
    clocks.save(tx.connection, ended.clocks)
    save_status(tx.connection, ticket.id, Status.CLOSED, now)
    lapsed = replace(ticket, offer_state="lapsed") if ticket.offer_state == "offered" else ticket
    save_service(tx.connection, replace(lapsed, faq=()), now)
    events = [
        TicketEvent(kind="given up", detail="the customer did not answer"),
        TicketEvent(kind="status", detail=f"{ticket.status} → {Status.CLOSED}"),
        *ended.events,
    ]
    add_events(tx.connection, [(ticket.id, event) for event in events], now)
    drafts = [
        _closing(ticket, box),
        *write_to_team(
            ticket,
            box.desk,
            notice="given-up",
            more={"asked": _asked(ticket, box)},
            to=keeper_of(box.desk, ticket, now),
        ),
    ]
    # who has had enough of our letters reads of it in the history
    told = [draft for draft in drafts if not _had_enough(tx, draft.recipient, box, now)]
    _write(tx, ticket, told, box, now)


def _close_solved(tx: Transaction, ticket: Ticket, box: MailboxPolicy, now: datetime) -> None:
    """Close what the customer did not contradict; they hear of it only where the organisation wants that."""
    standing = clocks.load_clocks(tx.connection, [ticket.id]).get(ticket.id, ())
    ended = stop(standing, now, "the customer did not contradict")
    clocks.save(tx.connection, ended.clocks)
    save_status(tx.connection, ticket.id, Status.CLOSED, now)
    events = [
        TicketEvent(kind="confirmed", detail="the customer did not contradict"),
        TicketEvent(kind="status", detail=f"{ticket.status} → {Status.CLOSED}"),
        *ended.events,
    ]
    add_events(tx.connection, [(ticket.id, event) for event in events], now)
    if _had_enough(tx, ticket.requester, box, now):
        return
    drafts: tuple[Draft, ...] = (_closing(ticket, box, why="solved"),) if box.desk.catalogue.confirmation.tell else ()
    wish = box.desk.catalogue.satisfaction
    fresh = wish.ends(ticket.status, Status.CLOSED) and not surveys.find_questions(tx.connection, [ticket.id])
    if fresh and (question := question_about(ticket, wish, now, box.desk.staff)):
        surveys.save_question(tx.connection, ticket.organization, question, None)
        drafts = with_question(drafts, ticket)
    _write(tx, ticket, drafts, box, now)


def _had_enough(tx: Transaction, to: Address, box: MailboxPolicy, now: datetime) -> str | None:
    """Return why somebody gets no automatic letter more for now, or None."""
    limit, name = box.desk.caps.per_address, "limits.per_address"
    if to.key in box.desk.staff:
        limit, name = box.desk.caps.per_agent, "limits.per_agent"
    if tx.sent_to({to.key}, now - box.window).get(to.key, 0) < limit:
        return None
    return f"this address has had {limit} automatic letters lately ({name})"


def _closing(ticket: Ticket, box: MailboxPolicy, why: str = "silence") -> Draft:
    words = {"why": why, "asked": _asked(ticket, box)}
    return Draft(
        purpose=Purpose.CLOSING, recipient=ticket.requester, subject=ticket.subject, ticket=ticket, words=words,
        in_reply_to=ticket.answers,
    )  # fmt: skip


def _chaser(ticket: Ticket, one: Chase, box: MailboxPolicy, now: datetime) -> Draft:
    service = box.desk.service
    until = say_instant(one.close_at, service.zone, service.language, now) if one.close_at else ""
    words = {"until": until, "asked": _asked(ticket, box)}
    return Draft(
        purpose=Purpose.CHASER, recipient=ticket.requester, subject=ticket.subject, ticket=ticket, words=words,
        in_reply_to=ticket.answers,
    )  # fmt: skip


def _asked(ticket: Ticket, box: MailboxPolicy) -> list[str]:
    """Return what the customer has not sent yet, in words."""
    items = box.desk.catalogue.items
    return [items[one].text for one in ticket.asked if one in items]


def _write(tx: Transaction, ticket: Ticket, drafts: Sequence[Draft], box: MailboxPolicy, now: datetime) -> None:
    """Queue what is said; raises RuntimeError where that cannot be worded, for then it must not count as said."""
    written = queue_drafts(tx, drafts, box.letterhead, f"chase.{ticket.id}", now)
    if len(written) != len(drafts):
        raise RuntimeError("a letter could not be worded")
