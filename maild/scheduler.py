"""Time's ticks: APScheduler says when, the database says what. The only file that imports APScheduler.

The same table of ticks runs under the machine's clock (`Scheduler`) and under a virtual one (`advance`), with the same
triggers, so that a rehearsal's afternoon has as many ticks as a real one.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger(__name__)

MOMENT = timedelta(microseconds=1)  # the shortest time there is
ALWAYS = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Tick:
    """Something that wants doing every so often; `action` returns quickly or takes its own time, but never overlaps.

    `idle_until` tells before which instant it would find nothing to do: virtual time leaps there.
    """

    name: str
    every: timedelta
    action: Callable[[], Awaitable[None]]
    idle_until: Callable[[], datetime] = lambda: ALWAYS

    def trigger(self, start: datetime) -> IntervalTrigger:
        """Return when it fires, counted from `start`; the first time one interval later."""
        return IntervalTrigger(seconds=self.every.total_seconds(), start_date=start + self.every, timezone=UTC)


class Scheduler:
    """Runs the ticks in the present event loop. A late tick is run once, never dropped; a failing one is logged."""

    def __init__(self) -> None:
        # APScheduler's own default drops a run that is a second late.
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})
        self._ticks: dict[str, Tick] = {}  # by name

    def start(self) -> None:
        """Begin ticking."""
        self._scheduler.start()

    def add(self, tick: Tick, now: datetime) -> None:
        """Tick from now on; another tick of this name is replaced."""
        self._ticks[tick.name] = tick
        self._scheduler.add_job(_run_job, tick.trigger(now), args=(tick,), id=tick.name, replace_existing=True)

    def remove(self, name: str) -> None:
        """Tick no more."""
        del self._ticks[name]
        self._scheduler.remove_job(name)

    def restart(self, now: datetime) -> None:
        """Count every tick anew from `now`: after the clock was set back, the next ones would be hours away."""
        for tick in self._ticks.values():
            self.add(tick, now)

    def stop(self) -> None:
        """Stop ticking; an action that is under way is cancelled, which no transaction notices."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


async def advance(
    ticks: Sequence[Tick], began: datetime, start: datetime, end: datetime, move_to: Callable[[datetime], None]
) -> None:
    """Run every tick that falls due in (start, end], in order of time, moving the clock to each; then to the end.

    Ticks are counted from `began`, so that many short advances have as many ticks as a long one. Those of one instant
    run in the order of the table. Where none would find anything to do, they are left out.
    """
    triggers = [tick.trigger(began) for tick in ticks]

    def due_from(instant: datetime) -> list[tuple[datetime, int]]:
        return [(trigger.get_next_fire_time(None, instant), n) for n, trigger in enumerate(triggers)]

    due = due_from(start + MOMENT)  # APScheduler counts `now` itself as the next time
    while due:
        work = min(tick.idle_until() for tick in ticks)
        if work > end:
            break
        if work > min(due)[0]:
            due = due_from(work - MOMENT)  # floating point might miss a tick of just then
        instant, n = min(due)
        if instant > end:
            break
        move_to(instant)
        await _run(ticks[n])
        due[due.index((instant, n))] = (triggers[n].get_next_fire_time(instant, instant), n)
    move_to(end)


async def _run_job(tick: Tick) -> None:
    """Run a tick; that it is cancelled when the daemon stops is no error for APScheduler to tell."""
    with contextlib.suppress(asyncio.CancelledError):
        await _run(tick)


async def _run(tick: Tick) -> None:
    try:
        await tick.action()
    except Exception:
        log.exception("tick failed", tick=tick.name)
