"""A piece of work in a process of its own, so that what it costs is measured and nothing it does can stop the rest."""

import gc
import json
import os
import resource
import signal
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CPU_LIMIT = 60  # seconds of processor time, then it is killed: far beyond what is still called slow
# octets that a daemon holds before it reads a letter: 83 MB with all its libraries, 25 MB of the largest letter.
# What the test runner holds at the time says nothing about that.
RESIDENT = 108_000_000
_KILOBYTE = 1024  # ru_maxrss on Linux


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the work and what it cost."""

    result: Any  # as JSON brings it back; None where it died
    died: str  # how, "" where it did not
    seconds: float  # of processor time: another process on the same machine does not make a letter slow
    peak: int  # octets of resident memory at the most: what the work takes beside `RESIDENT`


def apart(work: Callable[[], Any]) -> Outcome:
    """Return the outcome of `work`, whose result must be fit for JSON; it runs in a fork of this process."""
    readable, writable = os.pipe()
    before = resident()
    with warnings.catch_warnings():
        # Python 3.12 warns of threads, and a test runner has some; the child works on its own and waits for none
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(readable)
        gc.freeze()  # to collect what the parent holds would copy its memory, and be measured
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT + 1))
            with os.fdopen(writable, "w", encoding="utf-8") as pipe:
                json.dump(work(), pipe)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writable)
    with os.fdopen(readable, encoding="utf-8") as pipe:
        written = pipe.read()
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return Outcome(
        result=json.loads(written) if code == 0 else None,
        died="" if code == 0 else signal.Signals(-code).name if code < 0 else f"exit status {code}",
        seconds=used.ru_utime + used.ru_stime,
        peak=RESIDENT + used.ru_maxrss * _KILOBYTE - before,
    )


def resident() -> int:
    """Return the octets of memory that this process holds now (proc(5): the second number counts pages)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
