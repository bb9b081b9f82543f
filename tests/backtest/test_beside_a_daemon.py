"""A backtest changes nothing, waits for nobody, and nobody waits for it."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from maild.backtest.run import Plan, compare_letters
from maild.rehearsal import KEY, Rehearsal
from maild.store.past import Stored, stored_letters
from maild.store.schema import counter
from tests.walk import stage
from tests.walk.stage import SUPPORT, letter

RULE = '\n[organization.acme.category.x]\nname = "X"\n[organization.acme.rule.x]\nwhen.words = "принтер"\nthen.category = "x"\n'


@pytest.fixture(scope="module")
def desk() -> Iterator[Rehearsal]:
    with stage.open_desk() as desk:
        for n in range(6):
            desk.deliver(letter(f"Принтер номер {n} не печатает, горит лампочка."), SUPPORT)
        yield desk


@pytest.fixture
def plan(desk: Rehearsal, tmp_path: Path) -> Plan:
    config = f'data_dir = "{desk.folder}"\n{stage.CONFIG}'
    (tmp_path / "before.toml").write_text(config, "utf-8")
    (tmp_path / "after.toml").write_text(config + RULE, "utf-8")
    return Plan(before=tmp_path / "before.toml", after=tmp_path / "after.toml", key=KEY)


def stored(desk: Rehearsal) -> list[Stored]:
    with desk._office.database.read() as connection:
        return stored_letters(connection, stage.START)


def octets(folder: Path) -> Mapping[str, str]:
    """Return the digest of every file but the index of SQLite's log, in which readers say that they are there."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_octet_changes(desk: Rehearsal, plan: Plan, jobs: int) -> None:
    """Neither in the database and its log nor among the letters; in one process or in several of its own."""
    letters, before = stored(desk), octets(desk.folder)
    found = list(compare_letters(plan, letters, jobs=jobs))
    assert octets(desk.folder) == before
    assert [one.letter for one in found] == [1, 2, 3, 4, 5, 6]
    assert [str(change) for one in found for change in one.changes if change.aspect == "category"] == ["— → x"] * 6


def test_a_daemon_that_writes_stops_it_not(desk: Rehearsal, plan: Plan) -> None:
    """The daemon holds the write lock all the while; what it has not committed is not seen, what it writes is kept."""
    letters, database = stored(desk), desk._office.database
    with database.write() as connection:
        connection.execute(insert(counter).values(name="open", value=1))
        found = list(compare_letters(plan, letters))
        connection.execute(insert(counter).values(name="and open", value=1))
    assert len(found) == 6
    assert all(one.changes for one in found)


def test_it_stops_no_daemon(desk: Rehearsal, plan: Plan) -> None:
    """Between two batches a daemon can write, and put its whole log into the database: no snapshot is held."""
    letters = stored(desk)
    for n, _ in enumerate(compare_letters(plan, letters * 20, jobs=1)):
        if n % 50 == 0:
            with desk._office.database.write() as connection:
                connection.execute(insert(counter).values(name=f"batch {n}", value=1))
            with closing(sqlite3.connect(desk.folder / "maild.sqlite3")) as connection:
                busy, *_ = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
            assert not busy


def test_a_lost_letter_costs_only_itself(desk: Rehearsal, plan: Plan) -> None:
    """Of the letter whose octets are gone nothing is said but that."""
    letters = stored(desk)
    (blob, *_) = (path for path in (desk.folder / "blobs").rglob("*") if path.is_file())
    kept = blob.read_bytes()
    blob.unlink()
    try:
        found = list(compare_letters(plan, letters))
    finally:
        blob.write_bytes(kept)
    assert sorted((one.lost, bool(one.changes)) for one in found) == [(False, True)] * 5 + [(True, False)]
