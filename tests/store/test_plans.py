"""Promise of the indexes: no question that is asked again and again reads rows that it does not return."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event, insert, text

from maild.contracts.client import Client, Contact, Coupon
from maild.contracts.keys import Evidence
from maild.desk.case import Caps, DeskPolicy, Letter
from maild.desk.decision import Release
from maild.desk.subscriber import Edition
from maild.ingest.classify import OwnMail
from maild.model import Address, Place, RawMessage
from maild.sla.clock import Clock
from maild.sla.target import Moment, Target
from maild.store import clocks, news, register, releases, schema, views, work
from maild.store.batch import Batch
from maild.store.digests import lists_of_day, theirs, without_had
from maild.store.engine import Database
from maild.store.enrol import apply_import
from maild.store.overviews import due_before, list_tickets
from maild.store.schema import clock, coupon_guess, letter, message, outbox, ticket
from maild.store.schema import work as work_table
from maild.store.tickets import queue_lengths
from maild.store.unit import Transaction
from tests.store.conftest import BOX, NOW
from tests.store.tickets import TICKET, open_ticket

ORG = "acme"
HOUR = timedelta(hours=1)
MANY = 1000
COMES = Letter(
    id=MANY,
    raw=RawMessage(octets=b"", place=Place(mailbox="acme/support", folder="", uidvalidity=0, uid="x"), received_at=NOW),
)
SENDING = news.Sending(id=1, organization=ORG, mailbox=BOX, edition=Edition(title="5.2", text="words"))
DESK = DeskPolicy(
    mailbox="acme/support", organization=ORG, address=Address(addr="s@acme.example"), prefix="A", agents=(),
    own=OwnMail(addresses=frozenset(), loop_id=""), caps=Caps(per_address=1, per_ticket=1, per_agent=1),
    old_letters="record", repeat_window=HOUR,
)  # fmt: skip


def _fill(connection: Connection) -> None:
    """Many clients, tickets and clocks, nearly all of them over."""
    clients = [
        Client(key=f"k{n}", name=f"Client {n}", contacts=(Contact(addresses=(f"a@c{n}.example",)),), inn=f"{n:010}")
        for n in range(MANY)
    ]
    coupons = [Coupon(code=f"code {n}", client=f"k{n}", renews=f"code {n - 1}" if n % 2 else "") for n in range(MANY)]
    apply_import(connection, ORG, clients, coupons, NOW)
    open_ticket(connection, 1, client="k1")
    row = connection.execute(ticket.select()).mappings().one()
    closed = ({**row, "id": n, "number": f"N-{n}", "status": "closed", "client": f"k{n % 50}"} for n in range(2, MANY))
    connection.execute(insert(ticket), list(closed))
    target = Target(name="t", until=Moment.ANSWERED, within=HOUR, calendar="office")
    clocks.save(
        connection, [Clock(ticket_id=1, target=target, started_at=NOW, next_at=NOW, due_at=NOW, calendar="old")]
    )
    over = {**connection.execute(clock.select()).mappings().one(), "next_at": None, "met_at": NOW}
    connection.execute(insert(clock), [{**over, "id": n, "ticket_id": n} for n in range(2, MANY)])
    done = {"ticket_id": 1, "organization": ORG, "agent": "", "spent": 1, "at": NOW, "note": ""}
    connection.execute(insert(work_table), [{**done, "client": f"k{n % 50}"} for n in range(MANY)])
    place = {
        "mailbox": f"{ORG}/support",
        "organization": ORG,
        "folder": "",
        "uidvalidity": 0,
        "size": 1,
        "stored_size": 1,
    }
    when = {"received_at": NOW, "stored_at": NOW, "walked_at": NOW, "walks": 1, "outcome": "opened", "files": []}
    letters = (
        {
            **place,
            **when,
            "id": n,
            "uid": str(n),
            "sha256": f"{n}",
            "message_id": f"{n}@x",
            "author_key": f"a@c{n % 50}",
            "ticket_id": n,
        }
        for n in range(1, MANY)
    )
    connection.execute(insert(letter), list(letters))
    said = {"direction": "in", "author": "a@x", "author_name": "", "text": "words", "at": NOW}
    connection.execute(insert(message), [{**said, "ticket_id": n, "letter_id": n} for n in range(1, MANY)])
    mail = {
        "mailbox": f"{ORG}/support",
        "purpose": "notification",
        "automatic": True,
        "envelope_sender": "",
        "subject": "",
    }
    mail |= {"octets": b"", "state": "sent", "attempts": 1, "uncertain": 0, "queued_at": NOW, "next_attempt_at": NOW}
    connection.execute(
        insert(outbox),
        [
            {**mail, "message_id": f"o{n}@x", "recipient": f"r{n}@x", "recipient_key": f"r{n}@x", "ticket_id": n}
            for n in range(1, MANY)
        ],
    )
    guess = {"organization": ORG, "who": "", "digest": ""}
    connection.execute(insert(coupon_guess), [{**guess, "at": NOW - n * HOUR} for n in range(MANY)])
    wants = {"organization": ORG, "name": "", "how": "letter", "since": NOW, "why": ""}
    people = ({**wants, "id": n, "address_key": f"s{n}@x", "addr": f"s{n}@x"} for n in range(1, MANY))
    connection.execute(insert(schema.subscriber), list(people))
    for _ in range(2):
        news.publish(connection, BOX, SENDING.edition, NOW)
    releases.ship(connection, ORG, Release(name="5.2", notes=""), NOW)
    if connection.dialect.name == "postgresql":  # it does so by itself; SQLite has to do without statistics
        connection.execute(text("ANALYZE"))


QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "due": lambda c: clocks.due(c, NOW, 10),
    "next_look": clocks.next_look,
    "by_notice": lambda c: clocks.by_notice(c, "x@acme.example"),
    "other calendar": lambda c: clocks.open_with_other_calendar(c, ORG, "office", "new", 0, 10),
    "load_clocks": lambda c: clocks.load_clocks(c, [1, 2]),
    "queue": lambda c: views.queue(c, ORG),
    "queue, how long": lambda c: queue_lengths(c, ORG),
    "queue, next page": lambda c: views.queue(c, ORG, after=TICKET),
    "keys of a letter": lambda c: register.find(
        c, ORG, [(kind, f"a@c{n}.example") for kind in Evidence for n in range(20)], [], "", NOW
    ),
    "coupons of a letter": lambda c: register.find(c, ORG, [], [f"code{n}" for n in range(20)], "a@x", NOW - HOUR),
    "what an author asked lately": lambda c: Transaction(c)._lately(COMES, "a@c7", DESK),
    "the past of some letters": lambda c: Batch(c, [1, 2, 3]),
    "find_client": lambda c: register.find_client(c, ORG, "k7"),
    "coupons of a client": lambda c: list(register.all_coupons(c, ORG, of="k7")),
    "quota": lambda c: register.count_requests(c, ORG, "k7", NOW - HOUR, NOW + HOUR),
    "works": lambda c: list(work.works(c, ORG, "k7", NOW - HOUR, NOW + HOUR)),
    "an agent's own": lambda c: list_tickets(c, ORG, schema.ticket.c.agent == "ivan"),
    "overdue": lambda c: list_tickets(c, ORG, due_before(ORG, NOW)),
    "digest of an agent": lambda c: lists_of_day(c, ORG, theirs("ivan", ["first"]), NOW, NOW + HOUR),
    "digests had": lambda c: without_had(c, [(ORG, "ivan", NOW.date())]),
    "subscribers named by a letter": lambda c: news.find_subscribers(c, ORG, {"a@x", "s7@x"}, {7}, {8}),
    "whether agents were shown news": lambda c: news.news_of(c, [7]),
    "when news leaves": news.next_edition,
    "news that leaves": lambda c: news.waiting(c, 1, 10),
    "news, when it goes on": lambda c: news.put_off(c, SENDING, NOW),
    "when updates are told of": releases.next_shipping,
    "updates to tell of": lambda c: releases.due_shippings(c, NOW),
    "what waits for updates": lambda c: releases.backlog(c, ORG),
    "requests": lambda c: list(work.requests(c, ORG, "k7", NOW - HOUR, NOW + HOUR)),
}


IN_PAGES = {
    "due",
    "other calendar",
    "queue",
    "queue, next page",
    "news that leaves",
}  # of whose answers only the first are read


def plan(database: Database, question: Callable[[Connection], Any]) -> list[str]:
    """Return the lines of the plans of all queries that a question makes."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    with database.read() as connection:
        if not database.is_sqlite:  # it scans small tables because that is faster; so only where no index helps
            connection.execute(text("SET enable_seqscan = off"))
        event.listen(database.reader, "before_cursor_execute", note)
        question(connection)
        event.remove(database.reader, "before_cursor_execute", note)
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        rows = [row for query, given in asked for row in connection.exec_driver_sql(explain + query, given)]
    return [str(row[-1]).strip() for row in rows]


def test_nothing_is_read_that_is_not_asked_for(database: Database) -> None:
    """Neither database reads a whole table, or sorts more than it returns, for any of these."""
    with database.write() as connection:
        _fill(connection)
    plans = {name: plan(database, question) for name, question in QUESTIONS.items()}
    scan, sort = ("SCAN ", "USE TEMP B-TREE") if database.is_sqlite else ("Seq Scan", "Sort")
    assert {name: lines for name, lines in plans.items() if any(scan in line for line in lines) or not lines} == {}
    whole = "(organization=?)"  # a search in name only; those of the queue are for the first of it
    assert {name: lines for name, lines in plans.items() if any(whole in line for line in lines)}.keys() <= {
        "queue", "queue, how long",
        "overdue", "digest of an agent",  # of what is open, in its order; which of that is due is looked up
    }  # fmt: skip
    assert {name: plans[name] for name in IN_PAGES if any(sort in line for line in plans[name])} == {}
