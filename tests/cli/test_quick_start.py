"""docs/ru/quick-start.md, followed to the letter: from an empty folder to КлиК at work, over a real Dovecot and SMTP."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.newcomer import DOCS, Newcomer, newcomer_in
from tests.servers.need import need

PAGE = (DOCS / "quick-start.md").read_text("utf-8")


def free_port() -> str:
    """Return a port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


@pytest.fixture
def newcomer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Newcomer]:
    """Somebody in an empty folder whose mail the server's own users can reach."""
    need("dovecot", "apt-get install dovecot-imapd")
    monkeypatch.delenv("MAILD_CONFIG", raising=False)
    folder = Path(tempfile.mkdtemp(prefix="klik-"))
    folder.chmod(0o755)
    try:
        with newcomer_in(folder) as one:
            one.variables["PATH"] = f"{one.shim}:{Path(sys.executable).parent}:{os.environ['PATH']}"
            yield one
    finally:
        with contextlib.suppress(OSError, ValueError):
            os.kill(int((folder / "smtp.pid").read_text()), signal.SIGTERM)
        subprocess.run(["doveadm", "-c", folder / "mail/dovecot.conf", "stop"], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def test_ten_minutes_are_enough(newcomer: Newcomer) -> None:
    """Every file is written, every command run, every output compared; only the folder and the ports are others."""
    page = PAGE.replace("/srv/klik", str(newcomer.folder))
    for port in ("1143", "1025"):
        page = page.replace(port, free_port())
    newcomer.read_page(page)
