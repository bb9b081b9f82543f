"""`maild ticket`: open tickets in the order in which they are to be served, each with its client and terms."""

from datetime import datetime, timedelta

import pytest

from maild import pipeline
from maild.config.load import load_config
from maild.model import Place, RawMessage
from maild.policy import load_policy
from maild.store import open_blobs, open_database
from tests.cli.call import call
from tests.daemon.desk import Desk, letter

START = datetime.fromisoformat("2026-11-05T09:00+00:00")
TARGETS = """
[organization.acme.target.reaction]
until = "answered"
within = "8h"
mode = "continuous"
[organization.acme.target.solution]
until = "resolved"
within = "2d"
mode = "continuous"
"""


def arrive(desk: Desk, *octets: bytes) -> None:
    """Let letters arrive one minute after the other."""
    loaded = load_config(desk.file)
    database, blobs, policy = open_database(loaded.config), open_blobs(loaded.config), load_policy(loaded)
    for number, each in enumerate(octets):
        at = START + timedelta(minutes=number)
        place = Place(mailbox="acme/support", folder="INBOX", uidvalidity=7, uid=str(number))
        ids = pipeline.receive([RawMessage(octets=each, place=place, received_at=at)], database, blobs, at)
        pipeline.settle(ids, database, blobs, policy, at)
    database.close()


@pytest.fixture
def queue(served: Desk) -> Desk:
    """A stranger, a client, and another stranger with a coupon have written, in this order."""
    served.write(tail=served.tail + TARGETS)
    call("coupon", "issue", "vasilek", "--json")
    arrive(
        served,
        letter("Первый", sender="x@nobody.example", subject="Первый", id_="1"),
        letter("Второй", sender="anna@vasilek.example", subject="Второй", id_="2"),
        letter("Купон 7KQ4-MX2P-9TR5", sender="y@elsewhere.example", subject="Третий", id_="3"),
    )
    return served


def numbers(*options: str) -> list[str]:
    return [one["number"] for one in call("ticket", "list", "--json", *options).json]


def test_the_queue(queue: Desk) -> None:
    """Coupons go before others, then the earlier before the later; with client, level and the term that comes first."""
    assert numbers() == ["ACME-3", "ACME-1", "ACME-2"]
    head, *lines = call("ticket", "list").out.splitlines()
    assert head.split("  ")[0] == "ticket"
    assert "ООО «Василёк»  extended" in lines[0]
    assert "2026-11-05 17:02:00  answered" in lines[0]
    assert "2026-11-05 17:00:00  answered" in lines[1]
    first = call("ticket", "list", "--json").json[0]
    assert first["next_term"] == {"due_at": "2026-11-05T17:02:00+00:00", "until": "answered", "breached": False}
    assert (first["client"], first["level"], first["coupon"], first["rank"]) == ("vasilek", "extended", "…9TR5", 1)


def test_the_first_of_the_queue(queue: Desk) -> None:
    """A limit keeps those whose turn comes first; one organisation's, or all."""
    assert numbers("--limit", "2") == ["ACME-3", "ACME-1"]
    assert numbers("--all", "--limit", "2") == ["ACME-3", "ACME-1"]
    assert numbers("--organization", "acme") == ["ACME-3", "ACME-1", "ACME-2"]
    assert numbers("--organization", "other") == []


def test_what_is_closed_is_not_in_the_queue(queue: Desk) -> None:
    """Only --status and --all show it; both at once say nothing sensible."""
    database = open_database(load_config(queue.file).config)
    with database.write() as connection:
        connection.exec_driver_sql("update ticket set status = 'closed' where number = 'ACME-1'")
    database.close()
    assert numbers() == ["ACME-3", "ACME-2"]
    assert numbers("--all") == ["ACME-3", "ACME-1", "ACME-2"]
    assert numbers("--status", "closed") == ["ACME-1"]
    assert call("ticket", "list", "--status", "resolved").out == "No ticket.\n"
    assert call("ticket", "list", "--all", "--status", "new").status == 2


def test_a_term_that_is_kept_is_no_next_term(queue: Desk) -> None:
    """Then the next one is what counts, and in the end none."""
    database = open_database(load_config(queue.file).config)
    for until, following in (("answered", "resolved"), ("resolved", None)):
        with database.write() as connection:
            connection.exec_driver_sql(f"update clock set met_at = due_at where until = '{until}'")
        found = call("ticket", "list", "--json").json[0]["next_term"]
        assert (found and found["until"]) == following
    database.close()
    assert call("ticket", "list").status == 0


def test_nothing_to_do(served: Desk) -> None:
    assert call("ticket", "list").out == "No open ticket.\n"


def test_a_ticket_is_shown_with_client_and_terms(queue: Desk) -> None:
    """What it rests on and what was promised, before its history; in JSON the clocks whole."""
    shown = call("ticket", "show", "ACME-3").out
    for words in (
        "client: ООО «Василёк» (vasilek)", "standing: served", "level: extended", "served: working", "coupon: …9TR5",
        "term reaction, until answered: due 2026-11-05 17:02:00", "term solution, until resolved: due 2026-11-07 09:02:00",
    ):  # fmt: skip
        assert f"  {words}\n" in shown
    assert "category" not in shown, "nobody has said"
    found = call("ticket", "show", "ACME-3", "--json").json
    assert [clock["target"]["name"] for clock in found["clocks"]] == ["reaction", "solution"]
    assert "7KQ4" not in shown.partition("times in UTC")[0]
