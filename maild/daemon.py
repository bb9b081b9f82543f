"""`maild run`: everything put together, started, reloaded, watched, stopped. The composition root of the daemon."""

import asyncio
import contextlib
import hashlib
import re
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

from maild.clock import Clock, LeapWatch, StepWatch, SystemClock, boottime
from maild.config.model import Config, Mailbox, Smtp
from maild.config.watch import watch
from maild.edges import Office
from maild.errors import ConfigError, Problem, Stopping, StoreBusy, StoreError
from maild.ingest.mailbox import ImapSource
from maild.ingest.maildir import MaildirSource
from maild.ingest.signatures import Resolve, look_up
from maild.notices import Notice
from maild.notify import notify, notify_reloading, watchdog_interval
from maild.oauth import Bearers
from maild.outbox.compose import ascii_domain
from maild.outbox.dispatcher import Dispatcher, Transport
from maild.outbox.smtp import SmtpTransport
from maild.pipeline import Settled
from maild.policy import Policy, load_running
from maild.scheduler import Scheduler, Tick
from maild.store import health, open_blobs, open_database
from maild.store.engine import Database
from maild.trial import Trial

log = structlog.get_logger(__name__)

OUTBOX_EVERY = timedelta(seconds=30)  # retries fall due by the minute; new letters wake the dispatcher at once
WATCHDOG_EVERY = timedelta(seconds=10)  # also how old what `maild status` says may be
WATCH_AGAIN_AFTER = timedelta(minutes=1)  # when the system had no watch to give
HOUSEKEEPING_EVERY = timedelta(minutes=5)
TELL_SILENCE_AGAIN = timedelta(hours=6)
RETRY_FOR = timedelta(days=3)  # of letters whose mailbox is no longer configured
STOP_WITHIN = timedelta(seconds=8)  # systemd and people expect 10; two are left for the writer's last transaction
TOKENS_WITHIN = timedelta(seconds=1)  # of those, for an answer that may replace a refresh token
CLOCKS_EVERY = timedelta(minutes=1)  # how late a reminder may be
READ_FIRST = timedelta(minutes=5)  # how long reminders wait after the start for every mailbox to be read
CLOCK_LEAP = timedelta(minutes=2)  # ahead by more, the clock is not believed at once
LEAP_REST = timedelta(minutes=10)  # how long reminders wait to see whether a leap stands
CLOCK_STEP = timedelta(minutes=1)  # set back by less, the clock only makes a tick late
TELL_REFUSED_AFTER = timedelta(seconds=2)  # a file that is copied here slowly is broken until it is whole
MOST_PROBLEMS = 50  # of a refused configuration in a letter; `maild check` shows all
LOCK_AGAIN_AFTER = timedelta(seconds=1)  # a command that asks whether a daemon runs holds the lock for an instant

_LINE = re.compile(r":[0-9]+|line [0-9]+")  # where a problem stands does not make it another one

# Read once, at the start: another database under running sources would split the ledger in two.
FIXED = ("data_dir", "database", "blobs", "tokens")


class Source(Protocol):
    """Something letters come from."""

    async def run(self) -> None:
        """Read for ever, until cancelled."""

    def poll(self) -> None:
        """Look again, unless there is trouble to wait out first."""

    def wake(self) -> None:
        """Look again at once."""


@dataclass(frozen=True)
class _Reader:
    """A source at work."""

    settings: Mailbox
    untouched: bool  # its organisation observes
    source: Source
    task: asyncio.Task[None]
    since: datetime


@dataclass(frozen=True)
class _WayOut:
    """A transport and what it was made from; anything else asks for another one."""

    smtp: Smtp
    password: str | None
    helo: str
    transport: Transport


class Daemon:
    """One running maild.

    `on_settled` hears of every letter that ended, `on_config` of every configuration that comes into force, the first
    included. Raises ConfigError and StoreError when it cannot be made.
    """

    def __init__(
        self,
        config_file: Path,
        *,
        clock: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        boottime: Callable[[], float] = boottime,
        on_settled: Callable[[Settled], None] = lambda _settled: None,
        on_config: Callable[[Config], None] = lambda _config: None,
        resolve: Resolve = look_up,
    ) -> None:
        self.config_file = config_file
        self.clock = clock or SystemClock()
        self.policy = load_running(config_file)
        self._on_config = on_config
        on_config(self.policy.config)
        database = open_database(self.policy.config, migrate=False, allow_old=True)
        _lock(database)
        database.migrate()  # not before the lock: another daemon may still work with the old schema
        self.office = Office(
            database, open_blobs(self.policy.config), self.policy, self.clock,
            on_settled=on_settled, on_queued=self._wake, resolve=resolve,
        )  # fmt: skip
        self._ways_out: dict[str, _WayOut] = {}
        self._bearers = Bearers(lambda: self.policy.config, self.clock)
        self.dispatcher = Dispatcher(self.office, self._transport, self._retry_for, self.clock)
        self._readers: dict[str, _Reader] = {}
        self._silent: dict[str, datetime] = {}  # when the admin was told, by component
        self._store_trouble: str | None = None
        self._stop = asyncio.Event()
        self._reloading = asyncio.Lock()
        self._other_files = asyncio.Event()
        self._refused: tuple[str, ...] = ()  # the problems of the files as they are now, without their lines
        self._telling: asyncio.Task[None] | None = None
        self._trial = Trial()
        self._files = self.policy.files  # to be watched: those in force, and those of a configuration that was refused
        self._loaded = self._looked_at = _stamps(self._files)
        self._scheduler = Scheduler()
        self._steps = StepWatch(self.clock, monotonic)
        self._unread: set[str] | None = None  # what has not been read since the start; None: no watchdog has looked yet
        self._started_at = self.clock.now()
        self._leaps = LeapWatch(self.clock, boottime, leap=CLOCK_LEAP, rest=LEAP_REST)
        self._lost_lock: StoreBusy | None = None

    async def run(self) -> None:
        """Work until `stop`; then end within STOP_WITHIN, with nothing half-done. Raises StoreBusy: see `keep_lock`."""
        self._listen_to_signals()
        await self.office.follow(self.policy)
        await self._recover()
        for tick in self._ticks():
            self._scheduler.add(tick, self.clock.now())
        self._scheduler.start()
        self._start_sources()
        tasks = [
            asyncio.create_task(self.dispatcher.run(), name="dispatcher"),
            asyncio.create_task(self._watch_files(), name="config-watch"),
            asyncio.create_task(self._stop.wait(), name="stop"),
        ]
        notify(f"READY=1\nSTATUS={self._summary()}")
        log.info("maild runs", mailboxes=len(self._readers))
        try:
            # A task that ends by itself is a bug: the daemon stops aloud, so that its supervisor can start it again.
            while not self._stop.is_set():
                running = [*tasks, *(reader.task for reader in self._readers.values())]
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED, timeout=1)
                for task in done if not self._stop.is_set() else ():
                    if not task.cancelled():  # a reload does that to sources that are no longer wanted
                        task.result()
                self._look_at_the_clock()
        finally:
            notify("STOPPING=1")
            self._scheduler.stop()
            telling = [self._telling] if self._telling else []
            await self._cancel([*tasks, *telling, *(reader.task for reader in self._readers.values())])
            await self._bearers.close(TOKENS_WITHIN)
            self.office.close()
            log.info("maild has stopped")
        if self._lost_lock is not None:
            raise self._lost_lock

    def stop(self) -> None:
        """Ask the daemon to end; letters under way are rolled back and walked after the next start."""
        self._stop.set()
        self._trial.stop()
        self.office.stop_walking()

    def _summary(self) -> str:
        return f"reads {len(self._readers)} mailbox(es)"

    async def _recover(self) -> None:
        """Walk what a crash left behind; what cannot be walked now is tried again by the housekeeping."""
        try:
            left = await self.office.recover_letters()
        except StoreError as error:
            log.warning("letters that were left behind still wait", error=str(error))
        except Stopping:
            return
        else:
            if left:
                log.warning("walked letters that were left behind", letters=left)

    # ── reload ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def reload(self) -> bool:
        """Take the configuration files as they are now, whole or not at all; on errors the old one stays in force."""
        async with self._reloading:
            notify_reloading()
            before = set(self._files)
            good = await self._reload()
            trouble = "" if good or not self._refused else "; the new configuration is refused, see maild check"
            notify(f"READY=1\nSTATUS={self._summary()}{trouble}")
            if set(self._files) != before:
                self._other_files.set()  # not before: the watch that has called us ends by it
            return good

    async def _reload(self) -> bool:
        try:
            policy = await self._rehearsed()
            if self._stop.is_set():
                return False
            await self.office.follow(policy)
            self._watch_also(policy.files)
            await self._take_over(policy)
        except ConfigError as error:
            self._watch_also((*self.policy.files, *error.files))
            await self._refuse(error)
            return False
        except Exception:
            log.exception("configuration not read because of a bug, the old one stays in force")
            return False
        return True

    def _watch_also(self, files: tuple[Path, ...]) -> None:
        """Watch these files from now on: what mends a configuration may be a file that was not there before."""
        self._files = files
        self._loaded = _stamps(files)

    async def _rehearsed(self) -> Policy:
        """Return the policy of the files as they are, after their scenarios were played if so configured.

        Raises ConfigError. Files that change meanwhile are read again: what comes into force is what was played.
        """
        while True:
            policy = await asyncio.to_thread(self._load_again)
            if not policy.config.rehearse_on_reload:
                return policy
            before = _stamps(policy.files)
            if problems := await self._trial.play(self.config_file):
                raise ConfigError(problems, files=policy.files)
            if self._stop.is_set() or _stamps(policy.files) == before:
                return policy

    def _load_again(self) -> Policy:
        policy = load_running(self.config_file, key=self.policy.keyring.key)
        changed = [key for key in FIXED if getattr(policy.config, key) != getattr(self.policy.config, key)]
        if changed:
            raise ConfigError([_needs_restart(self.config_file, key) for key in changed])
        return policy

    async def _take_over(self, policy: Policy) -> None:
        self._on_config(policy.config)
        self.policy = self.office.policy = policy
        self._refused = ()
        await self._cancel([self._telling] if self._telling else [])
        await self._restart_changed_sources()
        for reader in self._readers.values():
            reader.source.wake()  # what was refused may be welcome now: a password has changed, a folder was made
        for name, way in list(self._ways_out.items()):
            with contextlib.suppress(LookupError, StoreError):  # no way out at all now; letters wait for their time
                if self._transport(name) is not way.transport:
                    await self.office.hurry(name)
        log.info("configuration reloaded", mailboxes=len(self._readers))

    async def _refuse(self, error: ConfigError) -> None:
        """Tell the log and the admin of the problems, once as long as they stay the same, on whatever line they stand.

        The letter waits a little: a file that somebody is just copying to us slowly is whole again by then.
        """
        same = tuple(sorted(_LINE.sub("", f"{p.file} {p.key} {p.found} {p.expected}") for p in error.problems))
        if same == self._refused:
            log.info("configuration is still refused for the same problems")
            return
        self._refused = same
        lines = tuple(str(problem) for problem in error.problems)
        log.warning("configuration refused, the old one stays in force", problems=lines)
        await self._cancel([self._telling] if self._telling else [])
        self._telling = asyncio.create_task(self._tell_refused(lines), name="telling of a refused configuration")

    async def _tell_refused(self, lines: tuple[str, ...]) -> None:
        await asyncio.sleep(TELL_REFUSED_AFTER.total_seconds())
        key = hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
        shown = [*lines[:MOST_PROBLEMS], f"… {len(lines) - MOST_PROBLEMS}"] if len(lines) > MOST_PROBLEMS else lines
        notice = Notice(kind="config", key=key, summary=self.config_file.name, lines=shown, command="maild check")
        try:
            await self._tell_admin(notice, again_after=timedelta(0))
        except Stopping:
            return
        except Exception:
            log.exception("the admin is not told of the refused configuration because of a bug")

    async def _tell_admin(self, notice: Notice, *, again_after: timedelta) -> None:
        try:
            await self.office.tell_admin(notice, again_after=again_after)
        except StoreError as error:
            log.error("the admin cannot be told by mail", error=str(error))  # noqa: TRY400 - it says what to do

    async def _watch_files(self) -> None:
        """Reload on every change to the files; a reload may mean other files to watch."""
        while True:
            self._other_files.clear()
            watching = asyncio.create_task(watch(self._files, self._on_change))
            other_files = asyncio.create_task(self._other_files.wait())
            try:
                await asyncio.wait([watching, other_files], return_when=asyncio.FIRST_COMPLETED)
                if watching.done():
                    error = watching.exception()
                    log.error("files are not watched for now", error=str(error), remedy="reload with SIGHUP")
                    await asyncio.wait([other_files], timeout=WATCH_AGAIN_AFTER.total_seconds())
            finally:
                await self._cancel([watching, other_files])

    async def _on_change(self) -> None:
        await self.reload()

    async def _catch_up(self) -> None:
        """Reload what the watch has missed: a change while it began, a file system that does not tell."""
        before, self._looked_at = self._looked_at, _stamps(self._files)
        if self._reloading.locked():
            return  # scenarios are being played: who waits for them cannot say that we are alive
        if self._looked_at == before != self._loaded:  # two looks agree: nobody is just writing
            await self.reload()

    # ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _ticks(self) -> list[Tick]:
        every = min(watchdog_interval() or WATCHDOG_EVERY, WATCHDOG_EVERY)
        return [
            Tick(name="outbox", every=OUTBOX_EVERY, action=self._wake_dispatcher),
            Tick(name="clocks", every=CLOCKS_EVERY, action=self._remind),
            Tick(name="watchdog", every=every, action=self._watchdog),
            Tick(name="housekeeping", every=HOUSEKEEPING_EVERY, action=self._housekeeping),
        ]

    def _wake(self) -> None:
        self.dispatcher.wake()

    async def _remind(self) -> None:
        """See what is due, unless the clock has just leapt ahead: whether it stays there is seen a little later."""
        if not self._leaps.believed():
            log.warning("the clock has leapt ahead: reminders wait to see whether it stays there")
            return
        if self._unread != set() and self.clock.now() - self._started_at < READ_FIRST:
            return  # what people wrote while maild was away may have met the terms that seem to have passed
        try:
            await self.office.remind()
        except StoreError as error:
            log.warning("reminders wait: the database cannot be written for now", error=str(error))
        except Stopping:
            return

    async def _wake_dispatcher(self) -> None:
        self._wake()

    async def _watchdog(self) -> None:
        """Tell systemd that the loop and the writer are alive, and the admin of mailboxes that have gone silent."""
        resting = self.dispatcher.resting()
        for name in self.policy.mailboxes:
            self.office.note(health.sending(name), resting.get(name))
        try:
            await self.office.keep_lock()
            states = {state.component: state for state in await self.office.flush_health()}
        except StoreBusy as error:
            log.critical("another daemon has taken the database while its server was away", error=str(error))
            self._lost_lock = error
            self.stop()
            return
        except StoreError as error:  # no reason to have us killed: the writer answers, the disk is full or locked
            notify("WATCHDOG=1")
            if self._store_trouble is None:
                log.error("the database cannot be written for now", error=str(error))  # noqa: TRY400 - it says what to do
            self._store_trouble = str(error)
            return
        notify("WATCHDOG=1")
        if self._store_trouble is not None:
            log.info("the database can be written again")
            self._store_trouble = None
        self._unread = set()
        for name, reader in list(self._readers.items()):
            for component in health.looks(name, reader.settings):
                state = states.get(component)
                if state is None or state.alive_at is None or state.alive_at < reader.since:
                    self._unread.add(component)
                await self._listen_for(component, reader.since, state)
        await self._catch_up()

    async def _listen_for(self, component: str, since: datetime, state: health.Health | None) -> None:
        """Alarm, once in a while, when nothing good was heard of a component for too long."""
        now = self.clock.now()
        heard = max(state.alive_at, since) if state and state.alive_at else since
        if now - heard <= self.policy.config.silence_after:
            if self._silent.pop(component, None):
                log.info("mailbox is heard of again", mailbox=component)
            return
        told = self._silent.get(component)
        if told is not None and now - told < TELL_SILENCE_AGAIN:
            return
        self._silent[component] = now
        remedy = "maild check --connect"
        log.error("mailbox is silent", mailbox=component, since=heard.isoformat(), remedy=remedy)
        lines = [f"{component}: {heard.isoformat(timespec='seconds')}", (state.trouble or "") if state else ""]
        notice = Notice(
            kind="silence", key=component, summary=component, lines=lines, command=remedy,
            about=component.partition(":")[0],
        )  # fmt: skip
        await self._tell_admin(notice, again_after=TELL_SILENCE_AGAIN)

    async def _housekeeping(self) -> None:
        """Walk what a full disk or a lost database had left without an outcome; see that no letter waits for ever."""
        await self._recover()
        await self._cap_waits()

    def _look_at_the_clock(self) -> None:
        """Where it was set back, let the ticks not wait until it has caught up; the next housekeeping sees to letters."""
        back = self._steps.set_back(CLOCK_STEP)
        if back is None:
            return
        log.warning("the clock was set back", by=str(back))
        self._scheduler.restart(self.clock.now())
        self._silent.clear()
        self.dispatcher.forget_rests()

    async def _cap_waits(self) -> None:
        try:
            await self.office.cap_waits()
        except StoreError as error:
            log.warning("waits of letters are not looked at for now", error=str(error))

    def _start_sources(self) -> None:
        for name in self.policy.mailboxes:
            settings = self.policy.settings(name)
            if name in self._readers or (settings.imap is None and settings.maildir is None):
                continue
            untouched = self.policy.observes(name)
            source = self._source(name, settings, untouched=untouched)
            task = asyncio.create_task(source.run(), name=f"source {name}")
            self._readers[name] = _Reader(settings, untouched, source, task, self.clock.now())
            self._scheduler.add(_poll_tick(name, settings, source), self.clock.now())

    async def _restart_changed_sources(self) -> None:
        for name, reader in list(self._readers.items()):
            if name not in self.policy.mailboxes or (self.policy.settings(name), self.policy.observes(name)) != (
                reader.settings,
                reader.untouched,
            ):
                del self._readers[name]
                self._scheduler.remove(f"poll {name}")
                await self._cancel([reader.task])
        self._start_sources()

    def _source(self, name: str, settings: Mailbox, *, untouched: bool) -> Source:
        if settings.imap is not None:
            return ImapSource(name, settings.imap, self.office, self.clock, bearers=self._bearers, untouched=untouched)
        assert settings.maildir is not None, "the caller looked"
        return MaildirSource(name, settings.maildir, self.office, self.clock, untouched=untouched)

    def _transport(self, mailbox: str) -> Transport:
        """Return the way out of a mailbox, another one when anything about it has changed. Raises LookupError."""
        smtp = self._smtp(mailbox)
        password = smtp.password.read() if smtp.password else None  # read anew: a changed one counts at once
        helo = smtp.helo or ascii_domain(self.policy.settings(mailbox).address.rpartition("@")[2])
        way = self._ways_out.get(mailbox)
        if way is None or (way.smtp, way.password, way.helo) != (smtp, password, helo):
            way = _WayOut(
                smtp, password, helo, SmtpTransport(smtp, password=password, helo=helo, bearers=self._bearers)
            )
            self._ways_out[mailbox] = way  # the dispatcher closes the old one when it is given the new one
        return way.transport

    def _smtp(self, mailbox: str) -> Smtp:
        """Return the way out of a mailbox. Raises LookupError for one that is no longer configured: its letters wait."""
        smtp = _smtp_of(self.policy.config, mailbox)
        if smtp is None or mailbox not in self.policy.mailboxes:
            raise LookupError(f"mailbox {mailbox} is no longer configured: put it back, and its letters leave")
        return smtp

    def _retry_for(self, mailbox: str) -> timedelta:
        smtp = _smtp_of(self.policy.config, mailbox)
        return smtp.retry_for if smtp else RETRY_FOR

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        reloads: set[asyncio.Task[bool]] = set()

        def reload() -> None:
            task = asyncio.ensure_future(self.reload())
            reloads.add(task)
            task.add_done_callback(reloads.discard)

        loop.add_signal_handler(signal.SIGHUP, reload)

    async def _cancel(self, tasks: Iterable[asyncio.Task[object]]) -> None:
        tasks = list(tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            done, _ = await asyncio.wait(tasks, timeout=STOP_WITHIN.total_seconds())
            for task in done:
                if not task.cancelled():
                    task.exception()  # seen: what a task says when it is ended is no news


def _poll_tick(name: str, settings: Mailbox, source: Source) -> Tick:
    reader = settings.imap or settings.maildir
    assert reader is not None, "only mailboxes that are read have a source"

    async def poll() -> None:
        source.poll()

    return Tick(name=f"poll {name}", every=reader.poll, action=poll)


def _lock(database: Database) -> None:
    """Become the only daemon on the database. Raises StoreBusy."""
    try:
        database.lock()
    except StoreBusy:
        time.sleep(LOCK_AGAIN_AFTER.total_seconds())
        database.lock()


def _stamps(files: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Return when each file was last changed, and its size; files that are gone are left out."""
    found = {}
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_mtime_ns, status.st_size)
    return found


def _smtp_of(config: Config, mailbox: str) -> Smtp | None:
    organization, _, name = mailbox.partition("/")
    box = config.organization[organization].mailbox.get(name) if organization in config.organization else None
    return (box.smtp if box else None) or config.smtp


def _needs_restart(file: Path, key: str) -> Problem:
    return Problem(
        file=str(file), line=None, key=key, found="a new value", expected="the one maild was started with",
        remedy="Restart maild to change it; everything else in the files waits for that, too.",
    )  # fmt: skip
