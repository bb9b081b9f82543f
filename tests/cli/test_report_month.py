"""`maild report month`: the figures of a month, and whether they were reported."""

from datetime import datetime, timedelta

import pytest

from maild.config.load import load_config
from maild.contracts.accounting import Month, Work
from maild.policy import load_policy
from maild.reminding import follow
from maild.store import open_database
from maild.store.reports import note_reported
from maild.store.work import add_work
from tests.cli.call import call
from tests.daemon.desk import Desk
from tests.store.tickets import open_ticket

NOON = datetime.fromisoformat("2026-10-05T09:00+00:00")
CLIENTS = """
[organization.acme.accounting]
price = "1500"
[organization.acme.level.base]
name = "Базовый"
[organization.acme.level.base.package]
hours = "1h"
[organization.acme.client.romashka]
name = "ООО «Ромашка»"
level = "base"
addresses = "olga@romashka.example"
[organization.acme.client.lutik]
name = "ИП Лютиков"
level = "base"
addresses = "lutik@lutik.example"
"""


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """A desk that has worked seventy minutes for one client of two in October, and has told them."""
    desk.file.write_text(desk.file.read_text("utf-8") + CLIENTS, "utf-8")
    assert call("db", "upgrade").status == 0
    loaded = load_config(desk.file)
    database = open_database(loaded.config)
    follow(database, load_policy(loaded), NOON)
    with database.write() as connection:
        open_ticket(connection, 1, client="romashka", received_at=NOON, opened_at=NOON, subject="Касса")
        add_work(connection, Work(ticket=1, at=NOON, spent=timedelta(minutes=70)), agent="ivan", note="")
        note_reported(connection, "acme", Month(2026, 10), "romashka", NOON, sent_to="olga@romashka.example", why="")
        note_reported(connection, "acme", Month(2026, 10), "lutik", NOON, sent_to="", why="nothing was done")
    database.close()
    return desk


def test_as_text(worked: Desk) -> None:
    """Only who has something, unless somebody is named."""
    out = call("report", "month", "--month", "2026-10").out
    assert out.splitlines()[0] == "ООО «Ромашка» (romashka), 2026-10: sent to olga@romashka.example"
    assert "ACME-1" in out
    assert "package 1 h, carried in 0 h, used 1:30 h, left 0 h, carried out 0 h, lapsed 0 h, extra 0:30 h" in out
    assert "to be paid: 750.00 ₽" in out
    assert "Лютиков" not in out
    other = call("report", "month", "--client", "lutik", "--month", "2026-10").out
    assert "ИП Лютиков (lutik), 2026-10: nothing was done" in other
    assert "No works." in other


def test_as_json(worked: Desk) -> None:
    (one,) = worked.read("report", "month", "--month", "2026-10")
    assert (one["client"], one["sent_to"], one["price"]) == ("romashka", "olga@romashka.example", "750.00")
    assert [(each["number"], each["subject"]) for each in one["done"]] == [("ACME-1", "Касса")]
    (usage,) = worked.read("client", "usage", "romashka", "--month", "2026-10")
    assert {key: one[key] for key in ("used", "left", "extra", "package", "carried_in", "price")} == {
        key: usage[key] for key in ("used", "left", "extra", "package", "carried_in", "price")
    }


def test_a_month_without_anything(worked: Desk) -> None:
    assert call("report", "month", "--month", "2026-08").out == "Nothing was done.\n"
    (one,) = worked.read("report", "month", "--client", "romashka", "--month", "2026-08")
    assert (one["sent_to"], one["done"]) == (None, [])
