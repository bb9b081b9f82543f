"""What time brings about, each with when it next has something to do: one table for the machine's clock and a virtual one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maild import (
    chasing,
    dealing,
    digesting,
    observing,
    publishing,
    recurring,
    reminding,
    reporting,
    retaining,
    shipping,
    waking,
)
from maild.policy import Policy
from maild.store.blobs import Blobs
from maild.store.chases import next_chase
from maild.store.clocks import next_look
from maild.store.engine import Database
from maild.store.news import next_edition
from maild.store.releases import next_shipping
from maild.store.wakes import next_wake


@dataclass(frozen=True)
class Duty:
    """Something that time brings about."""

    do: Callable[[Database, Policy, datetime], int]  # returns how much was looked at
    next_due: Callable[[Database, Policy, datetime], datetime | None]  # None: never, as far as is known


def duties(blobs: Blobs) -> tuple[Duty, ...]:
    """Return everything that time brings about, in the order in which it is done."""
    return (
        Duty(reminding.remind, _stored(next_look)),
        Duty(chasing.chase, _stored(next_chase)),
        Duty(recurring.open_due, recurring.next_recurring),
        Duty(reporting.send_reports, reporting.next_reports),
        Duty(dealing.deal_waiting, dealing.next_dealing),
        Duty(digesting.send_digests, lambda _database, policy, now: digesting.next_digest(policy, now)),
        Duty(waking.wake, _stored(next_wake)),
        Duty(lambda database, policy, now: retaining.erase_old(database, blobs, policy, now), retaining.next_erasure),
        Duty(observing.report_observed, lambda _database, policy, now: observing.next_report(policy, now)),
        Duty(shipping.ship, _stored(next_shipping)),
        Duty(publishing.send_news, _stored(next_edition)),
    )


def _stored(first: Callable[[Any], datetime | None]) -> Callable[[Database, Policy, datetime], datetime | None]:
    """What is due stands in the database, whatever is configured; `first` is asked with a connection."""

    def next_due(database: Database, _policy: Policy, _now: datetime) -> datetime | None:
        with database.read() as connection:
            return first(connection)

    return next_due
