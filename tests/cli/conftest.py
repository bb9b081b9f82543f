"""A desk without servers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.config.terms import clients_of
from maild.store import enrol, open_database
from tests.cli.call import call
from tests.daemon.desk import Desk

SERVED = """
[organization.acme.level.base]
name = "Базовый"
quota = 2
[organization.acme.level.extended]
name = "Расширенный"
package = { hours = "10h", carry_over = true }
[organization.acme.accounting]
price = 1500
[organization.acme.client.vasilek]
name = "ООО «Василёк»"
level = "extended"
addresses = ["info@vasilek.example"]
domains = ["vasilek.example"]
agreements = ["ВС-12/2026"]
inn = "7707083893"
since = 2026-01-01
manager = "ivan"
coupons = ["7KQ4-MX2P-9TR5"]
[[organization.acme.client.vasilek.contacts]]
name = "Анна Васильева"
address = "anna@vasilek.example"
aliases = ["anna@mail.example"]
specialist = true
[organization.acme.client.debtor]
name = "ИП Должник"
level = "base"
suspended = "нет оплаты"
[organization.acme.client.former]
name = "Бывший"
until = 2020-12-31
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose mailbox is handed its letters; commands find it by themselves."""
    desk = Desk(tmp_path / "desk")
    monkeypatch.setenv("MAILD_CONFIG", str(desk.file))
    monkeypatch.chdir(desk.path)
    return desk


@pytest.fixture
def served(desk: Desk) -> Desk:
    """A desk with levels, and clients in its configuration that the daemon has entered into the register."""
    desk.write(tail=SERVED)
    assert call("db", "upgrade").status == 0
    config = load_config(desk.file).config
    database = open_database(config)
    with database.write() as connection:
        enrol.sync_configured(connection, "acme", *clients_of(config.organization["acme"]), datetime.now(UTC))
    database.close()
    return desk
