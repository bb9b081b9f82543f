"""`maild receive`: a letter from an MTA is durable when it exits 0, stays with the MTA when it exits 75; nothing else."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.daemon.desk import Desk, letter
from tests.servers.need import need

BOX = ("--mailbox", "acme/support")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose mailbox is not read from anywhere."""
    return Desk(tmp_path, admin=False)


# Starting Python takes longer than all of a command's work: 30 of them would hardly meet at the database. So do the first
# words, templates and rules of a process: one letter comes before the others, for the processes that start from there.
AT_ONCE = """
import contextlib, gc, os, sys
from maild.cli import main
def receive(path):
    os.dup2(os.open(path, os.O_RDONLY), 0)
    sys.stdin = open(0, closefd=False)
    main(["receive", "--mailbox", "acme/support"])
first, *others = sys.argv[1:]
with contextlib.suppress(SystemExit):
    receive(first)
gc.freeze()
children = []
for path in others:
    if not (child := os.fork()):
        receive(path)
    children.append(child)
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""


def test_many_at_once_beside_the_daemon(desk: Desk) -> None:
    """Each letter is accounted for once, each ticket has a number of its own, whoever walked the letter."""
    paths = [desk.path / f"{n}.eml" for n in range(31)]
    for n, path in enumerate(paths):
        path.write_bytes(letter(id_=str(n), sender=f"c{n}@b.example", subject=f"Вопрос {n}"))
    with desk.daemon():
        done = desk.maild(*map(str, paths), program=("-c", AT_ONCE))
        assert (done.status, done.stderr) == (0, "")
    balance = desk.read("ledger")
    assert (balance["balanced"], balance["seen"]) == (True, 31)
    assert [row["outcomes"] for row in balance["folders"]] == [{"opened": 31}]
    assert sorted(int(t["number"].removeprefix("ACME-")) for t in desk.read("ticket", "list")) == list(range(1, 32))


def test_nothing_and_a_lot(desk: Desk) -> None:
    """An empty letter and one of 50 MB end in an outcome each, within bounded memory."""
    assert desk.ask("receive", *BOX).status == 0
    large = (
        letter(id_="large").replace(b"\r\n\r\n", b"\r\nContent-Disposition: attachment\r\n\r\n", 1)
        + b"x" * 75 * 666_667
    )
    with desk.process("receive", *BOX, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None, "it was asked for"
        process.stdin.write(large)
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert usage.ru_maxrss < 1_200_000, "kilobytes"  # mail-parser takes about nine times the letter
    assert desk.read("ledger")["seen"] == 2


def test_a_full_disk(desk: Desk) -> None:
    """Exit 75, and nothing half-written is left that counts."""
    assert desk.ask("db", "upgrade").status == 0
    full = [need("prlimit", "apt-get install util-linux"), "--fsize=0"]
    done = desk.maild("receive", *BOX, stdin=letter(), through=full)
    assert done.status == 75, done
    assert "Traceback" not in done.stderr
    assert desk.ask("receive", *BOX, stdin=letter()).status == 0
    assert desk.read("ledger")["seen"] == 1
