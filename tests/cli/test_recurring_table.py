"""`maild recurring`: when works come round next, and what came of the last time."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from maild.config.load import load_config
from maild.policy import load_policy
from maild.recurring import open_due
from maild.reminding import follow
from maild.store import open_database
from tests.cli.call import call
from tests.daemon.desk import Desk

WORKS = """
[organization.acme.recurring.backup]
title = "Копии"
text = "Проверить"
on = "every day"
at = "00:00"
whom = "clients"
[organization.acme.client.romashka]
name = "ООО «Ромашка»"
addresses = "olga@romashka.example"
[organization.acme.client.lutik]
name = "ИП Лютиков"
addresses = "lutik@lutik.example"
suspended = "нет оплаты"
"""


@pytest.fixture
def working(desk: Desk) -> Desk:
    """A desk whose work has come round yesterday and today, for one client of two."""
    desk.file.write_text(desk.file.read_text("utf-8") + WORKS, "utf-8")
    assert call("db", "upgrade").status == 0
    loaded = load_config(desk.file)
    database, policy, now = open_database(loaded.config), load_policy(loaded), datetime.now(UTC)
    follow(database, policy, now)
    open_due(database, policy, now - timedelta(days=2))
    open_due(database, policy, now - timedelta(days=1))
    open_due(database, policy, now)
    database.close()
    return desk


def test_both_clients_are_shown(working: Desk) -> None:
    """Whose it was done for, and why it was not for the other."""
    lines = [re.split(r"  +", line.strip()) for line in call("recurring").out.splitlines()]
    assert lines[0] == ["organization", "work", "when", "next (UTC)", "last", "client", "came of it"]
    assert [line[:3] for line in lines[1:]] == [["acme", "backup", "every day, 00:00"]] * 2
    assert [line[-2:] for line in lines[1:]] == [["lutik", "suspended: нет оплаты"], ["romashka", "ACME-2"]]


def test_as_json(working: Desk) -> None:
    (one,) = working.read("recurring")
    assert (one["name"], one["rhythm"]) == ("backup", "every day, 00:00")
    assert datetime.fromisoformat(one["next"]) > datetime.now(UTC)
    assert [(each["client"], each["number"]) for each in one["came"]] == [("lutik", ""), ("romashka", "ACME-2")]


def test_before_its_first_time(desk: Desk) -> None:
    """The next one is told, nothing else; and what it says where there are none."""
    assert call("db", "upgrade").status == 0
    assert "No works come round" in call("recurring").out
    desk.file.write_text(desk.file.read_text("utf-8") + WORKS, "utf-8")
    (one,) = desk.read("recurring")
    assert (one["last"], one["came"]) == (None, [])
    assert datetime.fromisoformat(one["next"]) > datetime.now(UTC)
    assert call("recurring").out.splitlines()[1].split()[:2] == ["acme", "backup"]
