"""While the store cannot be used the daemon stays up, loses nothing, and catches up by itself afterwards."""

import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import pytest

from maild.store.engine import BUSY_MS
from tests.crash.desk import ROOT, Desk, judge
from tests.crash.flow import make_flow
from tests.pace import find_crowd

LETTERS, SEED = 12, 3
LONG_ENOUGH = BUSY_MS / 1000 + 1  # seconds: SQLite has given up waiting by then


@contextmanager
def locked_database(desk: Desk) -> Iterator[None]:
    """Another program sits on the database."""
    with closing(sqlite3.connect(desk.database, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        time.sleep(LONG_ENOUGH)
        other.execute("ROLLBACK")


@contextmanager
def no_room_for_letters(desk: Desk) -> Iterator[None]:
    """No file of the daemon may grow any more: raw letters cannot be written."""
    with _largest_file(desk, 1):
        yield
        desk.wait_until(lambda: "File too large" in desk.log())


@contextmanager
def no_room_for_the_database(desk: Desk) -> Iterator[None]:
    """Raw letters can be written, the database, which is larger, cannot."""
    with _largest_file(desk, 10_000):
        yield
        desk.wait_until(lambda: "the disk failed or is full" in desk.log())


@contextmanager
def _largest_file(desk: Desk, octets: int) -> Iterator[None]:
    soft, hard = resource.prlimit(desk.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(desk.pid, resource.RLIMIT_FSIZE, (octets, hard))
    yield
    resource.prlimit(desk.pid, resource.RLIMIT_FSIZE, (soft, hard))


FAULTS = [locked_database, no_room_for_letters, no_room_for_the_database]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_daemon_outlives(desk: Desk, fault: Callable[[Desk], AbstractContextManager[None]]) -> None:
    """The letters stay on the mail server, the log says what to do, and when the fault is over all is as it should be."""
    flow = make_flow(LETTERS, SEED)
    desk.start()
    desk.deliver(flow.letters[:4])
    desk.finish()
    with fault(desk):
        desk.deliver(flow.letters[4:])
    desk.finish()
    assert desk.stop()[0] == 0, desk.log()
    assert judge(desk, flow).wrong == []
    assert "Traceback" not in desk.log()


def test_a_second_daemon_is_refused_in_words(desk: Desk) -> None:
    """`maild run` beside `maild run` ends at once with one line that says why, and does not disturb the first."""
    desk.start()
    desk.wait_until(lambda: "maild runs" in desk.log())
    command = [sys.executable, "-m", "maild", "run", "-c", str(desk.config)]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30 * find_crowd(), check=False)
    assert second.returncode == 1
    assert f"another maild daemon works on {desk.database}: stop it first" in second.stderr
    assert second.stderr.count("\n") == 1
    assert desk.stop()[0] == 0
