"""Whether work is slow or grows faster than its size, told alike on any machine, whatever else runs there.

Strangers can write what keeps quadratic code busy for minutes, so tests bound time. But `process_time() < 2` holds on
one quiet machine: an old processor, the other guests of the host, other tests beside this one make the same work take
several times as long. What is told here does not depend on them:

- growth is asked for wherever it can be: four times the size takes four times as long on every machine;
- seconds are those of the machine the bounds were set on: a short loop of Python, timed right before and after the
  work, says how much slower this one is now;
- only the time of the calling thread counts, as finely as the clock goes (`process_time` knows milliseconds where
  processor time is limited), and nothing collects the garbage of other tests meanwhile;
- disturbance only ever adds: the best of several tries counts, and the first that is good ends them, so that what is
  in order is measured once. Quadratic work is as slow every time.

Those functions return "" where nothing is wrong, else in words what is: `assert find_growth(read, text) == ""`. What waits
for another process cannot be told by processor time: its patience is multiplied by how many want each processor.
"""

import gc
import os
from collections.abc import Callable
from time import thread_time
from typing import TypeVar

TRIES = 5
GROWTH = 8  # four times the size may take so many times as long: 4 is linear, 16 quadratic
NOISE = 0.05  # seconds that say nothing; a square of any size worth testing takes far longer
LOOP = 0.0002  # seconds that the loop below takes on the machine the bounds were set on
NEVER = float("inf")

Thing = TypeVar("Thing")
Text = TypeVar("Text", str, bytes)
Clock = Callable[[], float]


def find_slowness(work: Callable[[], object], *, slow: float, clock: Clock = thread_time) -> str:
    """Return how long `work` takes, where that is `slow` seconds or more; set it to eight times what a quiet machine takes."""
    best = NEVER
    for _ in range(TRIES):
        took, slower = _measure(work, clock)
        best = min(best, took / slower)
        if best < slow:
            return ""
    return f"{best:.2f} s"


def find_growth(work: Callable[[Text], object], text: Text, *, slow: float = NEVER, clock: Clock = thread_time) -> str:
    """Return how long the text takes and its first quarter, where that is out of step, or the text where that is `slow`."""
    return find_growth_between(work, text[: len(text) // 4], text, slow=slow, clock=clock)


def find_growth_between(
    work: Callable[[Thing], object],
    quarter: Thing,
    whole: Thing,
    *,
    growth: float = GROWTH,
    slow: float = NEVER,
    clock: Clock = thread_time,
) -> str:
    """Return how long two things take of which one is four times the other, where that is out of step, or `slow`.

    Of things of other sizes, `growth` is how many times as long the larger may take.
    """
    of_quarter = of_whole = NEVER
    for _ in range(TRIES):
        took, slower = _measure(lambda: work(whole), clock)
        of_whole = min(of_whole, took)
        if of_whole < min(NOISE, slow) * slower:
            return ""
        for _ in range(2):  # it is short, and what disturbs it would hide growth
            of_quarter = min(of_quarter, _measure(lambda: work(quarter), clock)[0])
        if of_whole < min(growth * of_quarter + NOISE * slower, slow * slower):
            return ""
    return (
        f"{of_whole:.2f} s" if of_whole >= slow * slower else f"{of_whole:.2f} s, and {of_quarter:.2f} s for less of it"
    )


def find_crowd() -> float:
    """Return how many have lately wanted each processor, 1 where none had to wait for it."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _measure(work: Callable[[], object], clock: Clock) -> tuple[float, float]:
    """Return how many seconds `work` took, and how many times slower this machine is now than where the bounds were set."""
    collects = gc.isenabled()
    gc.disable()
    try:
        before, began = _slower(clock), clock()
        work()
        return clock() - began, max(before, _slower(clock))
    finally:
        if collects:
            gc.enable()


def _slower(clock: Clock) -> float:
    """Return how many times longer a loop takes than there; 1 where it takes less, as not all work does."""
    loops = []
    for _ in range(3):
        began = clock()
        sum(number & 7 for number in range(5_000))
        loops.append(clock() - began)
    return max(1.0, min(loops) / LOOP)
