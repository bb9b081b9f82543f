"""A backtest changes nothing, waits for nobody, and nobody waits for it."""

import hashlib
import multiprocessing
import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from maild.backtest.compare import Compared
from maild.backtest.run import Plan, comparing
from maild.config.load import load_config
from maild.policy import load_policy
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
def files(desk: Rehearsal, tmp_path: Path) -> tuple[Path, Path]:
    config = f'data_dir = "{desk.folder}"\n{stage.CONFIG}'
    (tmp_path / "before.toml").write_text(config, "utf-8")
    (tmp_path / "after.toml").write_text(config + RULE, "utf-8")
    return tmp_path / "before.toml", tmp_path / "after.toml"


@pytest.fixture
def plan(files: tuple[Path, Path]) -> Plan:
    return planned(*files)


def planned(before: Path, after: Path) -> Plan:
    return Plan(before=load_policy(load_config(before), key=KEY), after=load_policy(load_config(after), key=KEY))


def compared(plan: Plan, letters: list[Stored], jobs: int = 1) -> list[Compared]:
    with comparing(plan, letters, jobs=jobs) as found:
        return list(found)


def compared_apart(files: tuple[Path, Path], letters: list[Stored], jobs: int) -> list[Compared]:
    """Compare in another process: this one has the database open, and none of that may be forked."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_compared, files, letters, jobs).result()


def _compared(files: tuple[Path, Path], letters: list[Stored], jobs: int) -> list[Compared]:
    return compared(planned(*files), letters, jobs)


def stored(desk: Rehearsal) -> list[Stored]:
    with desk._office.database.read() as connection:
        return stored_letters(connection, stage.START)


def octets(folder: Path) -> Mapping[str, str]:
    """Return the digest of every file but the index of SQLite's log, in which readers say that they are there."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_octet_changes(desk: Rehearsal, files: tuple[Path, Path], jobs: int) -> None:
    """Neither in the database and its log nor among the letters; in one process or in several of its own."""
    letters, before = stored(desk), octets(desk.folder)
    found = compared_apart(files, letters, jobs)
    assert octets(desk.folder) == before
    assert [one.letter for one in found] == [1, 2, 3, 4, 5, 6]
    assert [str(change) for one in found for change in one.changes if change.aspect == "category"] == ["— → x"] * 6


def test_a_daemon_that_writes_stops_it_not(desk: Rehearsal, plan: Plan) -> None:
    """The daemon holds the write lock all the while; what it has not committed is not seen, what it writes is kept."""
    letters, database = stored(desk), desk._office.database
    with database.write() as connection:
        connection.execute(insert(counter).values(name="open", value=1))
        found = compared(plan, letters)
        connection.execute(insert(counter).values(name="and open", value=1))
    assert len(found) == 6
    assert all(one.changes for one in found)


def test_it_stops_no_daemon(desk: Rehearsal, plan: Plan) -> None:
    """Between two batches a daemon can write, and put its whole log into the database: no snapshot is held."""
    letters = stored(desk)
    with comparing(plan, letters * 20, jobs=1) as found:
        for n, _ in enumerate(found):
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
        found = compared(plan, letters)
    finally:
        blob.write_bytes(kept)
    assert sorted((one.lost, bool(one.changes)) for one in found) == [(False, True)] * 5 + [(True, False)]
