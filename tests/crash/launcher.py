"""`maild run`, killed by itself at one durable point: `python -m tests.crash.launcher POINT NTH CONFIG`.

The hooks are here and not in maild: this process wraps one function of its own copy, and dies at its NTH call.
"""

import asyncio
import inspect
import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from maild import logs, pipeline
from maild.daemon import Daemon
from maild.store.unit import Transaction

# Where each point is: before or after which function of what.
POINTS: dict[str, tuple[str, Callable[[Daemon], object], str]] = {
    "blob-written": ("after", lambda daemon: daemon.office.blobs, "put"),
    "row-committed": ("after", lambda daemon: pipeline, "receive"),
    "in-the-walk": ("after", lambda daemon: Transaction, "apply"),  # everything written, nothing committed
    "walk-committed": ("after", lambda daemon: daemon.office, "take"),  # IMAP has not been told
    "imap-told": ("before", lambda daemon: daemon.office, "marked"),  # and that is not recorded
    "imap-recorded": ("after", lambda daemon: daemon.office, "marked"),
    "sending": ("after", lambda daemon: daemon.office, "begin"),  # DATA has not begun
    "data-accepted": ("before", lambda daemon: daemon.office, "sent"),  # and that is not recorded
    "sent-recorded": ("after", lambda daemon: daemon.office, "sent"),
}


def main(point: str, nth: int, config: Path) -> None:
    """Run the daemon until it dies."""
    logs.configure("info", "json")

    async def go() -> None:
        daemon = Daemon(config)
        when, owner_of, name = POINTS[point]
        owner = owner_of(daemon)
        setattr(owner, name, fused(getattr(owner, name), when, nth))
        await daemon.run()

    asyncio.run(go())


def fused(function: Callable[..., Any], when: str, nth: int) -> Callable[..., Any]:
    """Return the function, plain or async, with a fuse that blows before or after its `nth` call."""
    left = nth

    def burn() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    @wraps(function)
    async def async_call(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            burn()
        result = await function(*args, **kwargs)
        if when == "after":
            burn()
        return result

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            burn()
        result = function(*args, **kwargs)
        if when == "after":
            burn()
        return result

    return async_call if inspect.iscoroutinefunction(function) else call


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
