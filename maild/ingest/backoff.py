"""How long a source waits before it tries again. Imports nothing of ours."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Backoff:
    """Exponential waits with jitter: an outage mends itself within minutes, a refusal waits for somebody."""

    first: timedelta = timedelta(seconds=2)
    most: timedelta = timedelta(minutes=5)
    refused_first: timedelta = timedelta(minutes=2)  # slower: repeated wrong passwords lock accounts
    refused_most: timedelta = timedelta(minutes=30)
    dice: Callable[[], float] = random.random  # [0, 1)

    def delay(self, failures: int, *, refused: bool) -> timedelta:
        """Return the wait after so many failures in a row (≥ 1): the full term, shortened by up to a half at random."""
        first, most = (self.refused_first, self.refused_most) if refused else (self.first, self.most)
        doublings: int = min(failures - 1, 20)  # beyond this any term has reached its cap, and timedelta its limit
        return min(first * (1 << doublings), most) * (0.5 + self.dice() / 2)


async def rest(wake: asyncio.Event, at_most: timedelta) -> None:
    """Return when `wake` is set or the time is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(at_most.total_seconds()):
            await wake.wait()
