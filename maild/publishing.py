"""News on their way to everybody who subscribed: so many a minute, so that whoever asked for something waits for none.

Whose letter is in the outbox and that it is there are one transaction: neither a crash nor a second daemon sends anybody a
second one, and who has none yet is next.
"""

from datetime import datetime

import structlog

from maild.desk.subscriber import Subscriber
from maild.errors import StoreError
from maild.ingest.classify import is_no_reply
from maild.model import Draft, Purpose, is_own
from maild.notices import queue_drafts
from maild.policy import MailboxPolicy, Policy
from maild.reminding import AGAIN_AFTER
from maild.store import news
from maild.store.engine import Database
from maild.store.unit import Transaction

log = structlog.get_logger(__name__)


def send_news(database: Database, policy: Policy, now: datetime) -> int:
    """Put the news into the outbox whose turn it is; return how many letters."""
    with database.read() as connection:
        first = news.next_edition(connection)
    if first is None or first > now:
        return 0
    with database.write() as connection:
        tx = Transaction(connection)
        tx.wait_for_turn()
        return sum(_send_some(tx, one, policy, now) for one in news.due_editions(connection, now))


def _send_some(tx: Transaction, one: news.Sending, policy: Policy, now: datetime) -> int:
    """Send a minute's worth of an edition; a letter that breaks our code costs only itself, and is tried again."""
    box = policy.mailboxes.get(one.mailbox)
    if box is None or box.desk.news is None:  # it goes on when that is put back
        news.put_off(tx.connection, one, now + AGAIN_AFTER)
        return 0
    most, done = box.desk.news.per_minute, 0
    subscribers = news.waiting(tx.connection, one.id, 2 * most)  # some more: those that break nothing are not held up
    for subscriber in subscribers:
        done += _send_one(tx, one, subscriber, box, now)
        if done == most:
            break
    if subscribers and not done:
        news.try_again(tx.connection, one, now + AGAIN_AFTER)
    else:
        news.put_off(tx.connection, one, now + news.PACE)
    return done


def _send_one(tx: Transaction, one: news.Sending, to: Subscriber, box: MailboxPolicy, now: datetime) -> bool:
    """Send one letter, or drop it for good; whether that could be."""
    try:
        with tx.savepoint():
            _send(tx, one, to, box, now)
    except StoreError:
        raise  # the disk's fault
    except Exception:
        log.exception("news not sent because of a bug", edition=one.id, subscriber=to.id)
        return False
    return True


def _send(tx: Transaction, one: news.Sending, to: Subscriber, box: MailboxPolicy, now: datetime) -> None:
    address = to.address
    if not to.active:  # they left, or were erased, while the edition was on its way
        news.drop(tx.connection, one.id, to.id, "they want none any more")
        return
    if not address.sendable or is_no_reply(address.addr) or is_own(address.key, box.desk.own.addresses):
        news.drop(tx.connection, one.id, to.id, "nothing may be sent there")
        return
    draft = Draft(
        purpose=Purpose.NEWS, recipient=address, subject=one.edition.title, about_news=("w", to.id),
        words={"title": one.edition.title, "text": one.edition.text},
    )  # fmt: skip
    letters = queue_drafts(tx, [draft], box.letterhead, f"news.{one.id}", now)
    if not letters:
        raise RuntimeError("the letter could not be worded")
    news.note_queued(tx.connection, one.id, to.id, letters[0].message_id, now)
