"""What systemd is told (sd_notify(3)), over a datagram socket of the file system and over an abstract one."""

import signal
import socket
import uuid
from pathlib import Path

import pytest

from tests.daemon.desk import PATIENCE, Desk
from tests.pace import find_crowd


@pytest.mark.parametrize("abstract", [False, True], ids=["path", "abstract"])
def test_it_is_told_everything(tmp_path: Path, abstract: bool) -> None:
    """Ready when letters are read, alive again and again, reloading with its instant, ready again, stopping."""
    desk = Desk(tmp_path)
    address = f"@maild-{uuid.uuid4()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.settimeout(PATIENCE * find_crowd())
        systemd.bind(f"\0{address[1:]}" if abstract else address)

        def next_of(*names: str) -> dict[str, str]:
            while True:
                told = dict(line.split("=", 1) for line in systemd.recv(4096).decode().splitlines())
                if told.keys() & set(names):
                    return told

        with desk.daemon(ready=False, env={"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "400000"}) as daemon:
            assert next_of("READY", "WATCHDOG") == {"READY": "1", "STATUS": "reads 0 mailbox(es)"}
            assert next_of("WATCHDOG") == {"WATCHDOG": "1"}
            assert next_of("WATCHDOG") == {"WATCHDOG": "1"}
            daemon.signal(signal.SIGHUP)
            reloading = next_of("RELOADING")
            assert reloading["RELOADING"] == "1"
            assert int(reloading["MONOTONIC_USEC"]) > 0
            assert next_of("READY", "RELOADING")["READY"] == "1"
            desk.file.write_text("nonsense", "utf-8")
            next_of("RELOADING")
            assert "refused" in next_of("READY", "RELOADING")["STATUS"]
            daemon.signal(signal.SIGTERM)
            assert next_of("STOPPING") == {"STOPPING": "1"}
            assert daemon.process.wait(10 * find_crowd()) == 0


def test_nobody_listens(tmp_path: Path) -> None:
    """A socket that is gone is no reason to stop."""
    with Desk(tmp_path).daemon(env={"NOTIFY_SOCKET": str(tmp_path / "nowhere")}) as daemon:
        assert daemon.stop() < 10 * find_crowd()
