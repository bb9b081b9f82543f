"""What came while nobody who can do it was at work: dealt out once somebody is, in the order of the queue.

Whose a request becomes, whose turn it was and the letter about it are one transaction; whatever had an agent by then is
left alone, so that neither a crash nor a second daemon deals anything twice. Whoever gets one request reads of it in its
thread, whoever gets several reads one list: the team was told of each when it came.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog

from maild.desk.case import DeskPolicy
from maild.desk.dealing import deal_all
from maild.desk.notifications import write_dealt
from maild.desk.overview import say_section
from maild.desk.presence import next_arrival, why_not_at_work
from maild.desk.seen import MAX_SHOWN, Listing, SeenTicket
from maild.errors import StoreError
from maild.model import Agent, Draft, Purpose, Ticket
from maild.notices import queue_drafts
from maild.policy import MailboxPolicy, Policy
from maild.reminding import mailbox_of
from maild.sla.clock import next_term
from maild.store.engine import Database
from maild.store.tickets import add_events, save_service
from maild.store.turns import last_dealt, note_turn, undealt, with_undealt
from maild.store.unit import Transaction

log = structlog.get_logger(__name__)


def deal_waiting(database: Database, policy: Policy, now: datetime) -> int:
    """Deal out what waits for somebody to be at work; return how much was dealt."""
    return sum(_deal(database, policy, desk, now) for desk in _dealing(policy) if _anybody(desk, now))


def next_dealing(database: Database, policy: Policy, now: datetime) -> datetime | None:
    """Return when somebody comes to work in an organisation where requests wait; None: never."""
    dealing = _dealing(policy)
    if not dealing:
        return None
    with database.read() as connection:
        among = with_undealt(connection, now)
    desks = [desk for desk in dealing if desk.organization in among]
    comes = (next_arrival(agent, desk, now) for desk in desks for agent in desk.agents if agent.notify)
    return min((at for at in comes if at), default=None)


def _dealing(policy: Policy) -> Sequence[DeskPolicy]:
    """Return the desk of every organisation whose requests are dealt out."""
    desks = {box.desk.organization: box.desk for box in policy.mailboxes.values()}
    return [desk for desk in desks.values() if desk.assignment != "manual"]


def _anybody(desk: DeskPolicy, now: datetime) -> bool:
    return any(agent.notify and not why_not_at_work(agent, desk, now) for agent in desk.agents)


def _deal(database: Database, policy: Policy, desk: DeskPolicy, now: datetime) -> int:
    with database.read() as connection:
        waiting, load = undealt(connection, desk.organization, now)
    if not deal_all(waiting, load, desk, now):  # what nobody here can do: no lock for it
        return 0
    with database.write() as connection:
        tx = Transaction(connection)
        tx.wait_for_turn()
        waiting, load = undealt(connection, desk.organization, now)  # somebody else may have dealt them meanwhile
        dealt = deal_all(waiting, load, desk, now)
        newest = max(last_dealt(connection, desk.organization).values(), default=0)
        for one in dealt:
            newest = max(newest, one.ticket.id)
            save_service(connection, one.ticket, now)
            note_turn(connection, desk.organization, one.turn, newest)
            add_events(connection, [(one.ticket.id, event) for event in one.events], now)
        for agent in desk.agents:
            if mine := [one.ticket for one in dealt if one.turn == agent.id]:
                _tell(tx, agent, mine, policy, now)
    return len(dealt)


def _tell(tx: Transaction, agent: Agent, tickets: Sequence[Ticket], policy: Policy, now: datetime) -> None:
    """Queue the letter to an agent; one that breaks our code costs only itself: the requests are theirs all the same."""
    box = mailbox_of(policy, tickets[0])
    if tx.sent_to({agent.address.key}, now - box.window).get(agent.address.key, 0) >= box.desk.caps.per_agent:
        log.info("agent not told: limits.per_agent", organization=box.desk.organization, agent=agent.id)
        return
    try:
        with tx.savepoint():
            draft = (
                _about_one(tx, agent, tickets[0], box, now)
                if len(tickets) == 1
                else _list(tx, agent, tickets, box, now)
            )
            queue_drafts(tx, [draft], box.letterhead, f"dealt.{box.desk.organization}.{agent.id}", now)
    except StoreError:
        raise  # the disk's fault
    except Exception:
        log.exception("agent not told because of a bug", organization=box.desk.organization, agent=agent.id)


def _about_one(tx: Transaction, agent: Agent, ticket: Ticket, box: MailboxPolicy, now: datetime) -> Draft:
    clocks = tx.clocks([ticket.id]).get(ticket.id, ())
    known_by = tx.known_by(ticket.organization)
    return write_dealt(ticket, agent, clocks, tx.latest_words(ticket.id), box.desk, now, known_by)


def _list(tx: Transaction, agent: Agent, tickets: Sequence[Ticket], box: MailboxPolicy, now: datetime) -> Draft:
    shown = tickets[:MAX_SHOWN]
    clocks = tx.clocks([one.id for one in shown])
    seen = (SeenTicket(ticket=one, term=next_term(clocks.get(one.id, ()))) for one in shown)
    listing = Listing(tickets=tuple(seen), total=len(tickets))
    section = say_section("dealt", listing.with_addresses(lambda id_: box.address_of(agent, id_)), box.desk, now)
    words = {"sections": [section], "direct": box.desk.subaddress}
    return Draft(purpose=Purpose.OVERVIEW, recipient=agent.address, words=words)
