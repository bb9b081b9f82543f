"""What a hundred thousand open tickets with three clocks each cost: a start, a tick, a letter, the queue.

    make bench            or: python bench/terms.py --tickets 20000

A start (open the database, follow an unchanged configuration, remind of nothing) is measured in a process of its own, with
its peak memory. Everything is measured with few tickets and with many: what does not depend on their number has a ratio of
about 1, whatever the machine. Goals: a start under 2 s, the due query under 10 ms, memory that does not grow.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select
from stand import (
    BOX,
    CONFIG,
    ORG,
    add_rows,
    databases,
    gather_statistics,
    milliseconds,
    policy_of,
    processor,
    say_machine,
    timed,
)

from maild import logs, reminding
from maild.model import Address, Status, Ticket
from maild.policy import Policy
from maild.sla.clocks import begin
from maild.sla.reminders import look
from maild.store import clocks as stored
from maild.store import views
from maild.store.engine import Database
from maild.store.schema import clock, counter, outbox, participant, ticket
from maild.store.tickets import load_tickets, save_service
from maild.store.unit import Transaction

NOW = datetime(2026, 11, 25, 8, 2, tzinfo=UTC)  # a Wednesday, 11:02 in Moscow
FEW = 1_000
AT_ONCE = 1_000  # clocks due in one tick
HOLIDAY = '[organization.bench.calendar.office.days]\n2026-11-26 = "off"\n'


# ── the stand ────────────────────────────────────────────────────────────────────────────────────────────────────────


def ticket_of(number: int, received_at: datetime) -> Ticket:
    """Return an open ticket of one of some thousand clients; one in fifty is urgent, one in ten rests on a coupon."""
    client = number % 5_000
    return Ticket(
        id=number, number=f"B-{number}", organization=ORG, mailbox=BOX, subject="Не открывается отчёт за прошлый месяц",
        status=(Status.NEW, Status.OPEN)[number % 2], requester=Address(name="Анна", addr=f"anna@client{client}.example"),
        participants=(), opened_at=received_at, received_at=received_at, standing="served", client=f"k{client}",
        client_name=f"ООО «Клиент {client}»", level="base", agent=("ivan", "anna", "")[number % 3],
        rank=0 if number % 50 == 0 else 1 if number % 10 == 0 else 2, coupon="…9TRC" if number % 10 == 0 else "",
    )  # fmt: skip


def fill(url: str, policy: Policy, count: int) -> None:
    """Store so many open tickets; their clocks are copies of some, whose reminders up to now have been sent.

    So many begin together that of each kind about AT_ONCE clocks are due at one instant.
    """
    service, database = policy.mailboxes[BOX].desk.service, Database.open(url)
    reminding.follow(database, policy, NOW)
    kinds = max(count // AT_ONCE, 1)
    with database.write() as connection:
        Transaction(connection)._open(ticket_of(1, NOW), NOW)  # noqa: SLF001 - as a letter opens it; the rest are its copies
        row = dict(connection.execute(select(ticket)).mappings().one())
        person = dict(connection.execute(select(participant)).mappings().one_or_none() or {})
        fields = ("subject", "status", "client", "client_name", "agent", "rank", "coupon")
        samples: list[list[dict[str, Any]]] = []
        received: list[datetime] = []
        for kind in range(kinds):
            received.append(NOW - timedelta(days=2) * kind / kinds)
            began = begin(service.plan(ticket_of(1, received[-1])), received[-1]).clocks
            looked = [look(one, service.calendars, NOW).clock for one in began]
            ids = [one.id for one in stored.save(connection, looked)]
            rows = connection.execute(select(clock).where(clock.c.id.in_(ids)).order_by(clock.c.id)).mappings()
            samples.append([{name: value for name, value in one.items() if name != "id"} for one in rows])
            connection.execute(clock.delete())

        def values(number: int) -> dict[str, Any]:
            one = ticket_of(number, received[number % kinds])
            own = {name: getattr(one, name) for name in fields} | {"id": number, "number": one.number}
            who = {"requester": one.requester.addr, "opened_at": one.opened_at, "received_at": one.opened_at}
            return {**row, **own, **who}

        numbers = range(2, count + 1)
        add_rows(connection, ticket, map(values, numbers))
        if person:
            add_rows(connection, participant, ({**person, "ticket_id": number} for number in numbers))
        copies = ({**one, "ticket_id": number} for number in range(1, count + 1) for one in samples[number % kinds])
        add_rows(connection, clock, copies)
        connection.execute(counter.delete())
        connection.execute(insert(counter), [{"name": name, "value": count} for name in ("ticket", "number:B")])
    gather_statistics(database)
    database.close()


# ── a start, in a process of its own ─────────────────────────────────────────────────────────────────────────────────


def start(url: str) -> dict[str, float]:
    """Start as the daemon does, and return how long each step took, and the most memory that the process had."""
    policy = policy_of()
    database: list[Database] = []
    took = {
        "open": timed(lambda: database.append(Database.open(url))),
        "follow": timed(lambda: reminding.follow(database[0], policy, NOW)),
        "remind": timed(lambda: reminding.remind(database[0], policy, NOW)),
        "tick": milliseconds(lambda: reminding.remind(database[0], policy, NOW)),
    }
    database[0].close()
    return took | {"MiB": peak_memory()}


def peak_memory() -> float:
    """Return the most memory that this process has had, in MiB. (`getrusage` would count the parent's before exec.)"""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def start_apart(url: str, what: str = "start") -> dict[str, float]:
    """Return what a process that starts on this database says."""
    command = [sys.executable, __file__, f"--{what}", url]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout  # noqa: S603 - ourselves
    return dict(json.loads(said))


# ── what is measured ─────────────────────────────────────────────────────────────────────────────────────────────────


def first_due(connection: Connection) -> datetime:
    """Return the first instant at which enough clocks are due for a full tick."""
    query = select(clock.c.next_at).where(clock.c.next_at.is_not(None)).order_by(clock.c.next_at)
    instant = connection.execute(query.offset(AT_ONCE - 1).limit(1)).scalar()
    assert instant is not None, "three clocks each"
    return instant


def measure(url: str, policy: Policy, count: int) -> dict[str, float]:
    """Fill a database, and return what everything costs there."""
    took = timed(lambda: fill(url, policy, count))
    print(f"  {count} tickets filled in {took / 1000:.0f} s", flush=True)
    figures = start_apart(url)
    database = Database.open(url)
    desk = policy.mailboxes[BOX].desk

    def ask(question: Callable[[Connection], object]) -> float:
        with database.read() as connection:
            return milliseconds(lambda: question(connection))

    with database.read() as connection:
        later = first_due(connection)
        last = views.queue(connection, ORG)[-1].ticket
        one = load_tickets(connection, [count // 2])[count // 2]
    figures |= {
        "next look": ask(stored.next_look),
        "due, none": ask(lambda c: stored.due(c, NOW, reminding.MAX_CLOCKS)),
        "due, 1000": ask(lambda c: stored.due(c, later, reminding.MAX_CLOCKS)),
        "clocks": ask(lambda c: stored.load_clocks(c, [one.id])),
        "load": ask(lambda c: Transaction(c).load_of(None, desk, NOW)),
        "queue": ask(lambda c: views.queue(c, ORG)),
        "next page": ask(lambda c: views.queue(c, ORG, after=last)),
    }
    figures["write"] = write_clocks(database, policy, count)
    figures["became"] = milliseconds(lambda: rank_again(database, one))
    figures["at once"] = start_apart(url, "tick")["ms"]
    database.close()
    return figures


def rank_again(database: Database, one: Ticket) -> None:
    """Write a ticket's service once more, as a command does."""
    with database.write() as connection:
        save_service(connection, one, NOW)


def write_clocks(database: Database, policy: Policy, count: int) -> float:
    """Return the milliseconds in which a new ticket's clocks are begun and written, without the ticket and the commit."""
    service = policy.mailboxes[BOX].desk.service
    with database.write() as connection:
        connection.execute(insert(ticket), [_bare(connection, count + n) for n in range(1, 33)])
        numbers = iter(range(count + 1, count + 33))

        def letter() -> None:
            opened = ticket_of(next(numbers), NOW)
            stored.save(connection, begin(service.plan(opened), NOW).clocks)

        took = milliseconds(letter)
        connection.rollback()
    return took


def _bare(connection: Connection, number: int) -> dict[str, Any]:
    row = connection.execute(select(ticket).where(ticket.c.id == 1)).mappings().one()
    return {**row, "id": number, "number": f"B-{number}"}


def tick(url: str) -> dict[str, float]:
    """Remind of very many clocks in one tick, as a daemon that has run for a while."""
    policy, database = policy_of(), Database.open(url)
    reminding.follow(database, policy, NOW)
    with database.read() as connection:
        later = first_due(connection)
    looked_at: list[int] = []
    took = processor(lambda: looked_at.append(reminding.remind(database, policy, later)))
    with database.read() as connection:
        letters = len(connection.execute(select(outbox.c.recipient)).all())
    database.close()
    return {"ms": took / looked_at[0] * AT_ONCE, "looked at": looked_at[0], "letters": letters}


def change(url: str) -> float:
    """Return the milliseconds per 1000 clocks in which a changed calendar computes their terms anew."""
    database, changed = Database.open(url), policy_of(CONFIG + HOLIDAY)
    for calendar in changed.mailboxes[BOX].desk.service.calendars.values():
        calendar.fingerprint  # noqa: B018 - reads the country's days
    with database.read() as connection:
        open_clocks = len(connection.execute(select(clock.c.id).where(clock.c.met_at.is_(None))).all())
    took = processor(lambda: reminding.follow(database, changed, NOW))
    database.close()
    return took / open_clocks * 1000


WORDS = {
    "open": "start: open the database",
    "follow": "start: follow an unchanged configuration",
    "remind": "start: remind of nothing",
    "start": "start, all of it (goal: 2000)",
    "MiB": "start: peak memory, MiB",
    "tick": "a tick with nothing due",
    "next look": "the due query: when is the next look (goal: 10)",
    "due, none": "the due query: nothing (goal: 10)",
    "due, 1000": "the due query: a thousand, read as values",
    "write": "a letter: its three clocks begun and written",
    "became": "a command: a ticket's service written",
    "clocks": "a letter: the clocks of its ticket",
    "load": "a letter: how long the queue is",
    "queue": "the queue: its first page of 100",
    "next page": "the queue: its next page",
    "at once": "a tick with 1000 clocks due, processor",
}


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--tickets", type=int, default=100_000)
    arguments.add_argument("--start", help=argparse.SUPPRESS)
    arguments.add_argument("--tick", help=argparse.SUPPRESS)
    wanted = arguments.parse_args()
    logs.configure("error", "json")
    if wanted.start or wanted.tick:
        print(json.dumps(start(wanted.start) if wanted.start else tick(wanted.tick)))
        return
    say_machine()
    policy = policy_of()
    with databases() as kinds:
        for kind, make in kinds.items():
            few, many = (measure(make(), policy, count) for count in (FEW, wanted.tickets))
            for figures in (few, many):
                figures["start"] = figures["open"] + figures["follow"] + figures["remind"]
            print(f"{kind:51} {FEW:>9} {wanted.tickets:>9} tickets   ratio   (milliseconds)")
            for name, words in WORDS.items():
                print(f"  {words:49} {few[name]:9.2f} {many[name]:9.2f} {many[name] / few[name]:15.2f}")
            url = make()
            fill(url, policy, FEW)
            print(f"  {'a changed calendar, per 1000 clocks, processor':49} {change(url):9.2f}")


if __name__ == "__main__":
    main()
