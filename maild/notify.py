"""Telling systemd how we are (sd_notify(3)): ready, reloading, stopping, alive. Silent where there is no systemd."""

import os
import socket
import time
from datetime import timedelta


def notify(state: str) -> None:
    """Send one state, such as "READY=1"; a supervisor that does not listen is no fault of ours."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # Linux's abstract sockets begin with NUL
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.setblocking(False)  # a supervisor whose queue is full must not stop the mail
        try:
            channel.sendto(state.encode("utf-8"), address)
        except OSError:
            return


def notify_reloading() -> None:
    """Tell that a reload begins; the instant is what Type=notify-reload asks for (systemd 253), others pass it over."""
    notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")


def watchdog_interval() -> timedelta | None:
    """Return how often systemd wants to hear from us: half of WatchdogSec=, as sd_watchdog_enabled(3) advises."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    owner = os.environ.get("WATCHDOG_PID", str(os.getpid()))
    if not microseconds.isdigit() or int(microseconds) == 0 or owner != str(os.getpid()):
        return None
    return timedelta(microseconds=int(microseconds)) / 2
