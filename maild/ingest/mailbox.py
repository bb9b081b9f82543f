r"""An IMAP account as a source of letters: when each folder is looked at, and what happens when that fails.

Imports the connection, the look, the sink, errors, the clock, access tokens and the configuration's shape.
"""

import asyncio
from datetime import timedelta

import structlog

from maild.clock import Clock
from maild.config.model import FIND_SENT, Imap
from maild.errors import SourceError, SourceRefused, Stopping, StoreError
from maild.ingest.backoff import Backoff, rest
from maild.ingest.imap import Connection, signed_in
from maild.ingest.look import look
from maild.ingest.source import Sink, bug
from maild.oauth import Bearers

IDLE_SLICE = timedelta(minutes=3)  # silence after which we ask whether the server is there; RFC 2177 wants < 29 min

log = structlog.get_logger(__name__)


class ImapSource:
    """Reads every folder of one account into `sink`, each over a connection of its own.

    IDLE tells of news at once; beside it, and where it is missing, somebody calls `poll` every so often.
    """

    def __init__(
        self,
        name: str,
        settings: Imap,
        sink: Sink,
        clock: Clock,
        *,
        bearers: Bearers | None = None,
        backoff: Backoff | None = None,
        idle_slice: timedelta = IDLE_SLICE,
        untouched: bool = False,
    ) -> None:
        """`untouched`: the mailbox is only read, whatever `after` says."""
        self._name = name
        self._settings = settings
        self._sink = sink
        self._clock = clock
        self._bearers = bearers
        self._backoff = backoff or Backoff()
        self._idle_slice = idle_slice
        self._untouched = untouched
        self._wakes = {folder: asyncio.Event() for folder in settings.watched}
        self._waiting: set[str] = set()  # folders between two looks over a good connection

    async def run(self) -> None:
        """Read letters as they come, until cancelled; what cannot be read now is tried again by itself."""
        async with asyncio.TaskGroup() as folders:
            for folder in self._wakes:
                folders.create_task(self._watch(folder), name=f"{self._name}:{folder}")

    async def sync_once(self) -> None:
        """Look at every folder once, over one connection; then raise the first refusal, if there was one."""
        refusals: list[SourceRefused] = []
        async with signed_in(self._settings, self._bearers) as connection:
            for folder in self._wakes:
                try:
                    await self._look(connection, folder, everything=True)
                except SourceRefused as error:
                    refusals.append(error)
            await connection.logout()
        if refusals:
            raise refusals[0]

    def wake(self) -> None:
        """Look at every folder now, or as soon as the present look is over; also cuts a wait after trouble short."""
        for wake in self._wakes.values():
            wake.set()

    def poll(self) -> None:
        """Look at every folder that waits for the server to say something; a wait after trouble goes on."""
        for folder in self._waiting:
            self._wakes[folder].set()

    async def _watch(self, folder: str) -> None:
        """Look at one folder until the daemon goes down. Nothing comes out, a bug neither: the other sources go on."""
        failures = 0
        while True:
            looked = False
            try:
                async with signed_in(self._settings, self._bearers) as connection:
                    log.info("mailbox-connected", mailbox=self._name, folder=folder)
                    while True:
                        self._wakes[folder].clear()
                        # the first look of a connection goes through every letter: nothing missed stays missed
                        await self._look(connection, folder, everything=not looked)
                        looked = True
                        await self._wait(connection, folder)
                        failures = 0
            except (SourceError, StoreError) as error:
                failures += 1
                delay = self._backoff.delay(failures, refused=isinstance(error, SourceRefused))
                if looked:  # a server that answers and then hangs up, again and again, is still read once per poll
                    delay = min(delay, self._settings.poll)
                self._report(folder, error, again_in=round(delay.total_seconds(), 1))
            except Stopping:
                return
            except Exception as error:
                failures += 1
                delay = self._backoff.delay(failures, refused=True)  # it will not get better by itself
                log.exception("mailbox-bug", mailbox=self._name, folder=folder)
                self._report(folder, bug(error), again_in=round(delay.total_seconds(), 1))
            self._wakes[folder].clear()
            await rest(self._wakes[folder], delay)

    async def _look(self, connection: Connection, folder: str, *, everything: bool) -> None:
        sent = folder in self._settings.sent
        troubles = await look(
            connection,
            mailbox=self._name,
            folder=await connection.find_sent() if sent and folder == FIND_SENT else folder,
            settings=self._settings,
            sink=self._sink,
            clock=self._clock,
            everything=everything,
            sent=sent,
            untouched=self._untouched,
        )
        self._sink.alive(f"{self._name}:{folder}")
        for trouble in troubles:  # after the sign of life, which says that earlier trouble is over
            self._report(folder, trouble)

    async def _wait(self, connection: Connection, folder: str) -> None:
        """Return when the server reports news or `poll` asks for a look; meanwhile every slice brings a sign of life."""
        wake = self._wakes[folder]
        idle = self._settings.idle and "IDLE" in connection.capabilities
        self._waiting.add(folder)
        try:
            while not wake.is_set():
                if idle:
                    if await connection.wait(wake, self._idle_slice):
                        return
                else:
                    await rest(wake, self._idle_slice)
                    await connection.noop()
        finally:
            self._waiting.discard(folder)

    def _report(self, folder: str, error: SourceError | StoreError, **more: float) -> None:
        log.warning("mailbox-trouble", mailbox=self._name, folder=folder, error=str(error), **more)
        if isinstance(error, SourceError):
            self._sink.trouble(f"{self._name}:{folder}", error)
