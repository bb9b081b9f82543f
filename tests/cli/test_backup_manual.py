"""docs/ru/backup.md, followed to the letter: a copy is taken, everything lost and put back, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.newcomer import DOCS, Newcomer, newcomer_in
from tests.servers.postgres import Postgres


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    server.start()
    yield server
    server.close()


@pytest.fixture
def newcomer(tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newcomer]:
    """Somebody whose programs know where PostgreSQL is."""
    monkeypatch.delenv("MAILD_CONFIG", raising=False)
    for name, value in postgres.environment.items():
        monkeypatch.setenv(name, value)
    with newcomer_in(tmp_path) as one:
        yield one


def test_the_manual_is_what_happens(newcomer: Newcomer) -> None:
    """Nothing but instants differs."""
    newcomer.read_page((DOCS / "backup.md").read_text("utf-8"))
