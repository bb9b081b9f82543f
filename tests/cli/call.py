"""Commands called in this process, with their streams caught: many times faster than a process of their own."""

import io
import json
import logging
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import structlog

from maild.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def out(self) -> str:
        return self.stdout.decode()

    @cached_property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.stdout)


def call(*arguments: str, stdin: bytes = b"") -> Done:
    """Run a command as the shell would, and leave the log of this process as it was; a bug's exception comes through."""
    root = logging.getLogger()
    handlers, level, ours = list(root.handlers), root.level, structlog.get_config()
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main(arguments)
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        sys.stdin = before
        root.handlers[:], root.level = handlers, level
        structlog.configure(**ours)
    return Done(status, out.buffer.getvalue(), err.buffer.getvalue().decode())
