"""What is slow is told, and what grows too fast; a slow machine, and whatever else runs on it, is no fault of the work."""

from collections.abc import Iterator
from time import thread_time

import pytest

from tests.pace import TRIES, find_growth, find_growth_between, find_slowness


class Work:
    """Work that takes as long as it is told to, by a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls = 0

    def clock(self) -> float:
        return self.now

    def take(self, seconds: float) -> None:
        self.now += seconds
        self.calls += 1


@pytest.mark.parametrize(
    ("power", "told"),
    [
        (0, ""),
        (1, ""),
        (1.4, ""),
        (1.6, "10.00 s, and 1.09 s for less of it"),
        (2, "10.00 s, and 0.62 s for less of it"),
    ],
)
def test_growth_is_told(power: float, told: str) -> None:
    """What is a bit slower than linear passes, a square does not."""
    work = Work()
    assert find_growth(lambda text: work.take(10 * (len(text) / 400) ** power), "x" * 400, clock=work.clock) == told
    assert work.calls == 3 * (TRIES if told else 1)


@pytest.mark.parametrize(("seconds", "told"), [(1.9, ""), (2.0, "2.00 s"), (9.0, "9.00 s")])
def test_slowness_is_told(seconds: float, told: str) -> None:
    """From the bound on, whether growth is asked for or not."""
    work = Work()
    assert find_slowness(lambda: work.take(seconds), slow=2, clock=work.clock) == told
    assert find_growth(lambda _: work.take(seconds), "text", slow=2, clock=work.clock) == told


def test_things_of_any_sizes_may_be_compared() -> None:
    """By how many times as long the larger may take."""
    for growth, told in ((2.9, "6.00 s, and 2.00 s for less of it"), (3.1, "")):
        work = Work()
        assert find_growth_between(work.take, 2.0, 6.0, growth=growth, clock=work.clock) == told


def test_a_disturbance_is_forgiven() -> None:
    """The best of several tries counts, of each size; what is slow every time is not forgiven."""
    slower: Iterator[float] = iter((9.0, 1.0, 1.0, 9.0, 1.0, 1.0, 1.0, 2.0, 1.0))
    work = Work()
    assert find_growth(lambda text: work.take(len(text) * next(slower)), "four", clock=work.clock) == ""
    assert find_slowness(lambda: work.take(4.5 - work.calls / 4), slow=3, clock=work.clock) == ""


def test_what_takes_no_time_is_not_compared() -> None:
    """Else noise would be; unless so little is called slow."""
    work = Work()
    assert find_growth(lambda text: work.take(0.04 if text == "long" else 0), "long", clock=work.clock) == ""
    assert find_growth(lambda _: work.take(0.04), "long", slow=0.03, clock=work.clock) == "0.04 s"


def test_a_slow_machine_is_no_fault_of_the_work() -> None:
    """What is within bounds here is so on a machine ten times slower; what is not is told there, too."""

    def slow_machine() -> float:
        return 10 * thread_time()

    def count(steps: int) -> None:
        sum(number & 7 for number in range(steps))

    began = slow_machine()
    assert find_slowness(lambda: count(100_000), slow=0.02, clock=slow_machine) == ""
    assert slow_machine() - began > 0.02
    assert find_slowness(lambda: count(2_000_000), slow=0.02, clock=slow_machine) != ""


def test_quadratic_code_is_told() -> None:
    """By the clock that all other tests go by."""
    assert find_growth(lambda text: sum(1 for one in text for other in text), "x" * 4_000) != ""
    assert find_growth(lambda text: sum(1 for _ in range(100) for other in text), "x" * 20_000) == ""
