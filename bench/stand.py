"""What the benches of the store share: an organisation with promises, empty databases of each kind, and a watch."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # a script is given its own folder only

import pytest  # noqa: E402

from maild.config.load import load_config  # noqa: E402
from maild.policy import Policy, load_policy  # noqa: E402
from maild.store.engine import Database  # noqa: E402
from tests.servers.postgres import Postgres  # noqa: E402

ORG = "bench"
BOX = f"{ORG}/support"
CONFIG = """
[smtp]
host = "127.0.0.1"
security = "none"
[admin]
address = "admin@bench.example"
[organization.bench]
name = "Стенд"
number_prefix = "B"
head = "petra"
[organization.bench.mailbox.support]
address = "support@bench.example"
[organization.bench.agent.ivan]
name = "Иван"
address = "ivan@bench.example"
[organization.bench.agent.anna]
name = "Анна"
address = "anna@bench.example"
[organization.bench.agent.petra]
name = "Петра"
address = "petra@bench.example"
[organization.bench.level.base]
name = "Базовый"
quota = 50
[organization.bench.calendar.office]
holidays = "RU"
[organization.bench.calendar.office.week]
mon-thu = ["09:00-13:00", "14:00-18:00"]
fri = "09:00-17:00"
[organization.bench.target.start]
until = "started"
within = "16h"
calendar = "office"
remind = ["-30m", "0"]
[organization.bench.target.answer]
until = "answered"
within = "24h"
calendar = "office"
remind = ["50%", { at = "-1h", to = ["agent", "team"] }, { at = "0", to = "head" }]
[organization.bench.target.solution]
until = "resolved"
within = "120h"
mode = "skip_days_off"
calendar = "office"
up_to = "240h"
remind = ["50%", "-4h", { at = "0", to = ["team", "head"] }]
"""


def policy_of(config: str = CONFIG) -> Policy:
    """Return the policy of a configuration."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(config, "utf-8")
        return load_policy(load_config(path), key=b"k" * 32)


@contextmanager
def databases() -> Iterator[dict[str, Callable[[], str]]]:
    """Yield how to make an empty database, by its kind, and remove them all afterwards; PostgreSQL where it is installed."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(1000))
        kinds = {"SQLite": lambda: f"sqlite:///{folder}/{next(numbers)}.sqlite3"}
        postgres = None
        with suppress(pytest.skip.Exception):
            postgres = Postgres()
            kinds["PostgreSQL"] = postgres.create_database
            postgres.start()
        try:
            yield kinds
        finally:
            if postgres:
                postgres.close()


def add_rows(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows, some thousands at a time."""
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == 5000:
            connection.execute(insert(table), some)
            some.clear()
    if some:
        connection.execute(insert(table), some)


def gather_statistics(database: Database) -> None:
    """Let PostgreSQL count, as it does by itself in time; SQLite has to do without statistics."""
    if not database.is_sqlite:
        with database.write() as connection:
            connection.execute(text("ANALYZE"))


def milliseconds(function: Callable[[], object], times: int = 30) -> float:
    """Return the milliseconds of the best of so many calls: what the work costs when nobody else wants the processor."""
    return min(timed(function) for _ in range(times))


def timed(function: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000


def processor(function: Callable[[], object]) -> float:
    """Return the milliseconds of this process' processor time that one call takes: for what is too long to be repeated."""
    began = time.process_time()
    function()
    return (time.process_time() - began) * 1000


def say_machine() -> None:
    """Say how busy the machine is: the figures mean no more than that."""
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
