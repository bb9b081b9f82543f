"""Letters maild writes of its own accord: to the admin about itself, to agents about an answer that did not leave.

A notice that cannot be worded is logged, never raised: what it is about has been decided already and must stand.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import structlog

from maild.desk.notifications import unit_words, write_to_team
from maild.desk.undelivered import whom_it_concerns
from maild.model import Draft, OutboxRow, Outgoing, Purpose, Ticket
from maild.outbox.compose import Letterhead, compose
from maild.policy import Policy
from maild.store.queue import enqueue
from maild.store.told import writer_of
from maild.store.unit import Transaction

log = structlog.get_logger(__name__)

TELL_AGAIN_AFTER = timedelta(days=1)  # the admin hears of the same fault once a day, not once a letter


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something that the admin has to know."""

    kind: Literal["quarantine", "undelivered", "config", "silence", "calendar", "unconfirmed", "rule"]
    key: str  # what it is that they are told of once
    summary: str
    lines: Sequence[str]
    command: str  # what to type to learn more
    about: str | None = None  # the mailbox in trouble: another one carries the letter, if there is one


def tell_admin(
    tx: Transaction, notice: Notice, policy: Policy, now: datetime, *, again_after: timedelta = TELL_AGAIN_AFTER
) -> tuple[Outgoing, ...]:
    """Queue a letter to the admin, if there is one who was not told within `again_after`; return it."""
    if policy.admin is None or not tx.tell_once(f"{notice.kind}:{notice.key}", now - again_after, now):
        return ()
    words = {"kind": notice.kind, "summary": notice.summary, "lines": notice.lines, "command": notice.command}
    draft = Draft(purpose=Purpose.ADMIN, recipient=policy.admin, words=words)
    digest = hashlib.sha256(notice.key.encode("utf-8", "replace")).hexdigest()[:16]  # a key may hold what no id can
    return queue_drafts(tx, [draft], _letterhead(policy, notice.about), f"{notice.kind}.{digest}", now)


def tell_agents(
    tx: Transaction, ticket: Ticket, row: OutboxRow, error: str, policy: Policy, now: datetime, *, notice: str
) -> tuple[Outgoing, ...]:
    """Queue letters to the agents of a mailbox from which a letter that matters could not be sent; return them.

    Of an answer its writer hears, or whose the request is; of what was passed on both.
    """
    mailbox = policy.mailboxes.get(row.letter.mailbox)
    if mailbox is None:
        return ()
    more = unit_words(mailbox.desk.catalogue, ticket) if notice == "not-passed" else None
    to = whom_it_concerns(row.letter.purpose, writer_of(tx.connection, row.id), ticket, mailbox.desk.agents)
    detail = f"{row.letter.recipient}: {error}" if notice == "copy-undelivered" else error
    drafts = write_to_team(ticket, mailbox.desk, notice=notice, detail=detail, more=more, to=to)
    return queue_drafts(tx, drafts, mailbox.letterhead, f"undelivered.{row.id}", now)


def _letterhead(policy: Policy, about: str | None) -> Letterhead:
    """Return a mailbox's, in the admin's language: of one that sends letters, and is not the one in trouble, if there is.

    Where every organisation observes the letter is withheld: the admin reads of it in the daily one.
    """
    boxes = policy.mailboxes
    name = min(boxes, key=lambda one: (boxes[one].letterhead.observes, one == about))  # the first of those alike
    head = boxes[name].letterhead
    return replace(head, templates=policy.admin_templates) if policy.admin_templates else head


def queue_drafts(
    tx: Transaction, drafts: Sequence[Draft], head: Letterhead, unique: str, now: datetime
) -> tuple[Outgoing, ...]:
    """Queue letters that no letter has caused; what cannot be worded is logged and left out. `unique` names their ids."""
    instant = f"{int(now.timestamp() * 1_000_000):x}"
    try:
        letters = tuple(
            compose(draft, head, unique=f"{unique}.{instant}-{n}", now=now) for n, draft in enumerate(drafts)
        )
    except Exception:
        log.exception("notice-unwritten", notice=unique)
        return ()
    for letter in letters:
        enqueue(tx.connection, letter, now)
    return letters
