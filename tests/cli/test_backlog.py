"""`maild backlog` and `maild release`."""

from pathlib import Path

import pytest
from sqlalchemy import update

from maild.cli.output import Exit
from maild.config.load import load_config
from maild.store import open_database, releases
from maild.store.schema import ticket
from tests.cli.call import call
from tests.daemon.desk import Desk
from tests.store.conftest import NOW
from tests.store.tickets import add_requests


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    """Two requests, of which one waits for 5.2."""
    assert call("db", "upgrade").status == 0
    database = open_database(load_config(desk.file).config)
    with database.write() as connection:
        first, _ = add_requests(connection, "acme", [("Импорт", "Добавьте.", NOW), ("Касса", "Не видит.", NOW)])
        connection.execute(update(ticket).where(ticket.c.id == first).values(backlog=True, release="5.2"))
    database.close()
    return desk


@pytest.mark.usefixtures("waiting")
def test_what_waits() -> None:
    """In words and as JSON."""
    [one] = call("backlog", "--json").json
    assert (one["subject"], one["release"], one["customers"]) == ("Импорт", "5.2", 1)
    assert "Импорт" in call("backlog").out
    assert "Касса" not in call("backlog").out


def test_a_release(waiting: Desk, tmp_path: Path) -> None:
    """Nothing happens before --yes; then the daemon tells those who are shown."""
    notes = tmp_path / "notes.txt"
    notes.write_text("Добавлен импорт.\n", "utf-8")
    shown = call("release", "5.2", "--notes", str(notes))
    assert shown.out.endswith("Nothing is sent yet. To tell them, add --yes.\n")
    assert call("release", "5.2", "--notes", str(notes), "--yes", "--json").json["told"] is True
    database = open_database(load_config(waiting.file).config)
    with database.read() as connection:
        (one,) = releases.due_shippings(connection, NOW.replace(year=2100))
        assert (one.organization, one.release.name, one.release.notes) == ("acme", "5.2", "Добавлен импорт.")
    database.close()


@pytest.mark.usefixtures("waiting")
def test_what_is_no_release(tmp_path: Path) -> None:
    """Nobody waits for it, or the notes cannot be read, or are too long."""
    assert call("release", "5.3", "--yes").status == Exit.NO
    assert call("release", "5.2", "--notes", str(tmp_path / "none"), "--yes").status == Exit.NO
    (tmp_path / "long").write_text("x" * 4_001)
    assert call("release", "5.2", "--notes", str(tmp_path / "long"), "--yes").status == Exit.NO
