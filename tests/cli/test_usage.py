"""`maild client usage`: what was used, month by month, against quota and package."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from maild import pipeline
from maild.config.load import load_config
from maild.contracts.accounting import Work
from maild.model import Place, RawMessage
from maild.policy import load_policy
from maild.store import open_blobs, open_database, work
from tests.cli.call import call
from tests.daemon.desk import Desk, letter

Spent = tuple[str, int]  # when, minutes


def ask(desk: Desk, sender: str, received: str, spent: Sequence[Spent] = ()) -> None:
    """Let a request arrive at an instant, and have so much work done on it."""
    loaded = load_config(desk.file)
    at = datetime.fromisoformat(received)
    database, blobs = open_database(loaded.config), open_blobs(loaded.config)
    place = Place(mailbox="acme/support", folder="INBOX", uidvalidity=7, uid=received)
    octets = letter(f"Вопрос {received}", sender=sender, subject=received, id_=received.replace(":", "."))
    ids = pipeline.receive([RawMessage(octets=octets, place=place, received_at=at)], database, blobs, at)
    [settled] = pipeline.settle(ids, database, blobs, load_policy(loaded), at)
    assert settled.ticket_id is not None
    with database.write() as connection:
        for when, minutes in spent:
            done = Work(ticket=settled.ticket_id, at=datetime.fromisoformat(when), spent=timedelta(minutes=minutes))
            work.add_work(connection, done, agent="ivan", note="")
    database.close()


@pytest.fixture
def busy(served: Desk) -> Desk:
    """vasilek has 10 h a month, kept; a request of October worked on in two months, one of the last minute of October."""
    ask(
        served,
        "anna@vasilek.example",
        "2026-10-05T09:00+03:00",
        [("2026-10-05T10:00+03:00", 70), ("2026-11-02T10:00+03:00", 5)],
    )
    ask(served, "anna@vasilek.example", "2026-10-31T23:59+03:00", [("2026-11-01T00:00+03:00", 10)])
    ask(served, "anna@vasilek.example", "2026-11-01T00:00+03:00", [("2026-11-20T10:00+03:00", 20 * 60 * 6)])
    return served


def test_hours_are_set_against_the_package(busy: Desk) -> None:
    """Rounded up request by request, in the month of the work; months are the organisation's; the rest is carried over."""
    rows = call("client", "usage", "vasilek", "--month", "2026-11", "--months", "3", "--json").json
    hours = [
        (
            row["month"],
            row["requests"],
            *(row[name] / 3600 for name in ("package", "carried_in", "used", "left", "extra")),
        )
        for row in rows
    ]
    assert hours == [
        ("2026-09", 0, 10, 80, 0, 90, 0),
        ("2026-10", 2, 10, 90, 1.5, 98.5, 0),
        ("2026-11", 1, 10, 98.5, 120.5, 0, 12),
    ]
    assert [row["price"] for row in rows] == ["0.00", "0.00", "18000.00"]
    assert {(row["by"], row["quota"]) for row in rows} == {("hours", None)}


def test_the_table(busy: Desk) -> None:
    """The same in words; without a client all that used something, and what is extra in all."""
    ask(busy, "x@nobody.example", "2026-11-05T10:00+03:00", [("2026-11-05T11:00+03:00", 60)])
    done = call("client", "usage", "--month", "2026-11")
    head, line, total = done.out.splitlines()
    assert head.split() == "client month requests quota package carried in used left extra price".split()
    assert line.split() == "vasilek 2026-11 1 10 h 98:30 h 120:30 h 0 h 12 h 18000.00".split()
    assert total == "extra in all: 18000.00 ₽"


def test_who_used_something_is_shown_in_every_month(busy: Desk) -> None:
    """Also in those of nothing, whose package is carried on; who used nothing in none of them is left out."""
    rows = call("client", "usage", "--month", "2026-11", "--months", "3", "--json").json
    assert [(row["client"], row["month"]) for row in rows] == [("vasilek", f"2026-{month:02}") for month in (9, 10, 11)]


def test_a_month_of_nothing(busy: Desk) -> None:
    """All clients: none used anything. One client: its month is shown, with what the package holds."""
    assert call("client", "usage", "--month", "2026-08").out == "Nothing was used.\n"
    [row] = call("client", "usage", "vasilek", "--month", "2026-08", "--json").json
    assert (row["used"], row["left"]) == (0, 80 * 3600)


def test_requests_are_set_against_the_quota(served: Desk) -> None:
    """Also beyond it, where work is counted by nothing, and then that is said."""
    tail = served.tail.replace('suspended = "нет оплаты"', 'addresses = "d@debtor.example"')
    served.write(tail=tail.replace("[organization.acme.accounting]\nprice = 1500\n", ""))
    call("coupon", "issue", "debtor")  # enters what was edited
    for day in (3, 4, 5):
        ask(served, "d@debtor.example", f"2026-11-0{day}T09:00+03:00")
    done = call("client", "usage", "--month", "2026-11")
    assert done.out.splitlines()[1].split() == "debtor 2026-11 3 2".split()
    assert done.out.endswith("Work is not counted: the configuration has no [….accounting].\n")
    [row] = call("client", "usage", "--month", "2026-11", "--json").json
    assert (row["requests"], row["quota"], row["by"], row["used"]) == (3, 2, None, None)


def test_requests_may_be_what_is_counted(served: Desk) -> None:
    """Then the package holds requests, and each one beyond it has its price."""
    tail = served.tail.replace("price = 1500", 'unit = "requests"\nprice = "99.90"')
    tail = tail.replace('suspended = "нет оплаты"', 'addresses = "d@debtor.example"\npackage = { requests = 1 }')
    served.write(tail=tail.replace('package = { hours = "10h", carry_over = true }', "package = { requests = 1 }"))
    call("coupon", "issue", "debtor")
    for day in (3, 4, 5):
        ask(served, "d@debtor.example", f"2026-11-0{day}T09:00+03:00")
    assert call("client", "usage", "--month", "2026-11").out.splitlines()[1:] == [
        "debtor  2026-11  3         2      1        0           3     0     2      199.80",
        "extra in all: 199.80 ₽",
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--month 2026-13", '"2026-13" is no month: write 2026-11'),
        ("--month November", '"November" is no month: write 2026-11'),
        ("--month 0002-01 --months 2", "2 month(s) up to 0002-01 leave the calendar: name another --month"),
        ("--month 9999-12", "1 month(s) up to 9999-12 leave the calendar"),
        ("--months 0", "greater than or equal to 1"),
    ],
)
def test_months_that_are_none(served: Desk, options: str, words: str) -> None:
    """Status 2 and what to write instead."""
    done = call("client", "usage", *options.split())
    assert done.status == 2
    assert words in " ".join(done.stderr.replace("│", " ").split())


def test_the_first_and_the_last_month_of_the_calendar(served: Desk) -> None:
    """Nothing breaks there, whatever zone the organisation is in."""
    for month in ("0002-01", "9998-12"):
        assert call("client", "usage", "--month", month).status == 0
        assert call("client", "usage", "debtor", "--month", month).status == 0
