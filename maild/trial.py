"""A configuration's own scenarios, played in another process: the mail goes on meanwhile, and a stop need not wait.

The other process is `maild rehearse --json`, which reads the files anew; what they were when it began is the caller's to know.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from maild.config.types import format_duration
from maild.errors import Problem

LONGEST = timedelta(minutes=5)  # a hundred scenarios take 25 seconds


class Trial:
    """Plays scenarios, one configuration at a time; `stop` ends it for good."""

    def __init__(
        self, *, longest: timedelta = LONGEST, command: Sequence[str] = (sys.executable, "-m", "maild")
    ) -> None:
        self._longest = longest
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._stopped = asyncio.Event()

    async def play(self, config_file: Path) -> list[Problem]:
        """Return what the scenarios of a configuration find wrong with it: nothing where all end as expected."""
        if self._stopped.is_set():
            return []
        process = await asyncio.create_subprocess_exec(
            *self._command, "rehearse", "--json", "--config", str(config_file),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._process = process
        try:
            async with asyncio.timeout(self._longest.total_seconds()):
                out, err = await process.communicate()
        except TimeoutError:
            return [_too_long(config_file, self._longest)]
        finally:
            self._kill()
            await process.wait()
            self._process = None
        if self._stopped.is_set():
            return []
        return _problems(config_file, process.returncode, out, err)

    def stop(self) -> None:
        """End what is being played; it counts as nothing."""
        self._stopped.set()
        self._kill()

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()


def _problems(config_file: Path, status: int | None, out: bytes, err: bytes) -> list[Problem]:
    try:
        answer = json.loads(out)
        found = [Problem(**problem) for problem in (*answer.get("problems", ()), *answer.get("failures", ()))]
    except (ValueError, TypeError):
        found = []
    if found or status == 0:
        return found
    lines = err.decode("utf-8", "replace").strip().splitlines()
    return [
        Problem(
            file=str(config_file), line=None, key="rehearse_on_reload",
            found=f"scenarios that could not be played: {lines[-1] if lines else f'status {status}'}",
            expected="scenarios that end as expected",
            remedy=f"Look at what `maild rehearse --config {config_file}` says.",
        )
    ]  # fmt: skip


def _too_long(config_file: Path, longest: timedelta) -> Problem:
    return Problem(
        file=str(config_file), line=None, key="rehearse_on_reload",
        found=f"scenarios that take longer than {format_duration(longest)}",
        expected="scenarios that are played within that time",
        remedy="Shorten them: `maild rehearse` shows how long each takes; or delete the line.",
    )  # fmt: skip
