"""A Maildir as a source of letters. Imports the sink, the model, errors, the clock and the configuration's shape.

New letters are in new/, those that somebody's mail client has opened in cur/: both are read. A letter's name up to
":2," stays the same wherever it goes and is its UID.
"""

import asyncio
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from maild.clock import Clock
from maild.config.model import Maildir
from maild.errors import SourceError, SourceRefused, Stopping, StoreError
from maild.ingest.backoff import Backoff, rest
from maild.ingest.imap_grammar import maildir_folder
from maild.ingest.source import BATCH_OCTETS, BEGINNING, Sink, bug
from maild.model import Place, RawMessage

BATCH = 50  # letters handed in together ...
KNOWN_AT_ONCE = 200  # names asked about in one question to the database

log = structlog.get_logger(__name__)


class MaildirSource:
    """Reads a Maildir into `sink`, and those beside it that hold what our people have sent, each on its own."""

    def __init__(
        self,
        name: str,
        settings: Maildir,
        sink: Sink,
        clock: Clock,
        *,
        backoff: Backoff | None = None,
        untouched: bool = False,
    ) -> None:
        """`untouched`: letters stay in new/ until somebody else moves them."""
        self._name = name
        self._settings = settings
        self._folders = [
            _Folder(
                name,
                path,
                settings,
                sink,
                clock,
                backoff=backoff or Backoff(),
                sent=path is not settings.path,
                untouched=untouched,
            )
            for path in (settings.path, *settings.sent)
        ]

    async def run(self) -> None:
        """Read letters as they come until the daemon goes down; what cannot be read now is tried again by itself."""
        async with asyncio.TaskGroup() as folders:
            for folder in self._folders:
                folders.create_task(folder.run(), name=f"{self._name}:{folder.name}")

    def wake(self) -> None:
        """Look now, or as soon as the present look is over."""
        for folder in self._folders:
            folder.wake()

    def poll(self) -> None:
        """Look now, unless a wait after trouble goes on."""
        for folder in self._folders:
            folder.poll()

    async def sync_once(self) -> None:
        """Read what is there now. Raises SourceRefused where there is no Maildir, StoreError where the sink does."""
        for folder in self._folders:
            await folder.sync_once()


class _Folder:
    """Reads new/ and cur/ of one Maildir into `sink`."""

    def __init__(
        self,
        mailbox: str,
        path: Path,
        settings: Maildir,
        sink: Sink,
        clock: Clock,
        *,
        backoff: Backoff,
        sent: bool,
        untouched: bool,
    ) -> None:
        self._name = mailbox
        self._path = path
        self._settings = settings
        self._sink = sink
        self._clock = clock
        self._backoff = backoff
        self._sent = sent
        self._untouched = untouched
        self._wake = asyncio.Event()
        self._waiting = False  # between two looks, the last of them good
        self.name = maildir_folder(path.name) or (path.name if sent else "")
        self._component = f"{mailbox}:{self.name}" if sent else mailbox
        self._settled: set[str] = set()  # accounted for: not asked about at every poll
        self._troubles: list[SourceError] = []  # of the present look, none of them the end of it

    async def run(self) -> None:
        """Read letters as they come until the daemon goes down; what cannot be read now is tried again by itself.

        Nothing comes out, a bug neither: the other sources go on.
        """
        failures = 0
        while True:
            self._wake.clear()
            try:
                await self.sync_once()
                failures = 0
                self._waiting = True
                await self._wake.wait()
            except (SourceError, StoreError) as error:
                failures += 1
                delay = self._backoff.delay(failures, refused=isinstance(error, SourceRefused))
                self._report(error)
                await rest(self._wake, delay)
            except Stopping:
                return
            except Exception as error:
                failures += 1
                log.exception("maildir-bug", mailbox=self._component)
                self._report(bug(error))
                await rest(self._wake, self._backoff.delay(failures, refused=True))  # not better by itself
            finally:
                self._waiting = False

    def wake(self) -> None:
        """Look now, or as soon as the present look is over."""
        self._wake.set()

    def poll(self) -> None:
        """Look now, unless a wait after trouble goes on."""
        if self._waiting:
            self._wake.set()

    async def sync_once(self) -> None:
        """Read what is there now. Raises SourceRefused where there is no Maildir, StoreError where the sink does."""
        self._troubles.clear()
        files = await asyncio.to_thread(_list_letters, self._path)
        state = await self._sink.open_folder(self._name, self.name, 0, None)
        await self._settle(files, [uid for uid in state.unmarked if uid in files], keep=state.partial)
        await self._mark([uid for uid in state.unmarked if uid not in files])
        arrived = await asyncio.to_thread(_by_arrival, files, await self._unknown(files))
        while arrived:
            batch = await asyncio.to_thread(self._read_batch, files, arrived)
            if batch.letters:
                await self._sink.take(batch.letters)
            if batch.gone:
                await self._sink.vanished([self._place(uid) for uid in batch.gone])
            partial = {letter.place.uid for letter in batch.letters if letter.truncated}
            await self._settle(files, [letter.place.uid for letter in batch.letters], keep=partial)
            await self._mark(batch.gone)
            self._troubles += batch.troubles
            arrived = batch.left
        self._settled &= files.keys()
        self._sink.alive(self._component)
        for trouble in self._troubles:  # after the sign of life, which says that earlier trouble is over
            self._report(trouble)

    async def _unknown(self, files: Mapping[str, Path]) -> list[str]:
        """Return what is not accounted for; a letter known to be is not asked about again."""
        asked = [uid for uid in files if uid not in self._settled]
        unknown: list[str] = []
        for start in range(0, len(asked), KNOWN_AT_ONCE):
            some = asked[start : start + KNOWN_AT_ONCE]
            known = await self._sink.known(self._name, self.name, 0, some)
            unknown += [uid for uid in some if uid not in known]
            self._settled |= known
        return unknown

    async def _settle(self, files: Mapping[str, Path], uids: Sequence[str], *, keep: Collection[str]) -> None:
        """Move letters accounted for out of new/, then record that; where they cannot be moved, try at the next look.

        Letters in `keep` we have only in part: they stay where they are, and so does what our people have sent.
        """
        moved = [] if self._sent or self._untouched else [files[uid] for uid in uids if uid not in keep]
        try:
            await asyncio.to_thread(_move_to_cur, moved)
        except OSError as error:
            said = f"{self._path}: letters cannot be moved to cur/ ({error}): check its owner"
            self._troubles.append(SourceError(said))
        else:
            await self._mark(uids)

    async def _mark(self, uids: Sequence[str]) -> None:
        if uids:
            await self._sink.marked(self._name, self.name, 0, uids)
            self._settled.update(uids)

    def _read_batch(self, files: Mapping[str, Path], uids: Sequence[str]) -> "_Batch":
        """Read letters until the batch is full."""
        batch = _Batch()
        for count, uid in enumerate(uids):
            if len(batch.letters) == BATCH or sum(len(letter.octets) for letter in batch.letters) > BATCH_OCTETS:
                batch.left = list(uids[count:])
                break
            try:
                batch.letters.append(self._read(uid, files[uid]))
            except FileNotFoundError:
                batch.gone.append(uid)
            except OSError as error:  # one letter that cannot be read costs the others nothing
                said = f"{files[uid]} cannot be read ({error.strerror}): check its owner and the disk"
                batch.troubles.append(SourceError(said))
        return batch

    def _read(self, uid: str, path: Path) -> RawMessage:
        """Read a letter, under whatever name a mail client has given it since; FileNotFoundError where it is gone."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            file = _list_letters(self._path).get(uid, path).open("rb")
        with file:
            status = os.fstat(file.fileno())
            too_large = status.st_size > self._settings.max_size
            octets = file.read(min(BEGINNING, self._settings.max_size) if too_large else -1)
        return RawMessage(
            octets=octets,
            place=self._place(uid),
            received_at=_instant(status.st_mtime) or self._clock.now(),
            size=status.st_size if too_large else None,
            sent=self._sent,
        )

    def _place(self, uid: str) -> Place:
        return Place(mailbox=self._name, folder=self.name, uidvalidity=0, uid=uid)

    def _report(self, error: SourceError | StoreError) -> None:
        log.warning("maildir-trouble", mailbox=self._component, error=str(error))
        if isinstance(error, SourceError):
            self._sink.trouble(self._component, error)


@dataclass
class _Batch:
    """What came of reading some letters."""

    letters: list[RawMessage] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    troubles: list[SourceError] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # not read yet, the batch being full


def _list_letters(path: Path) -> dict[str, Path]:
    """Return the file of each letter in new/ and cur/, by UID."""
    try:
        found = [entry for part in ("cur", "new") for entry in os.scandir(path / part)]
    except OSError as error:
        raise SourceRefused(
            f"{path} cannot be read as a Maildir ({error.strerror}): set path to a directory with new/ and cur/ "
            "that the maild process may read and write"
        ) from error
    # a name that is not UTF-8 still needs a UID that can be stored
    return {
        os.fsencode(entry.name.partition(":2,")[0]).decode("utf-8", "backslashreplace"): Path(entry.path)
        for entry in found
        if not entry.name.startswith(".") and _may_be_letter(entry)
    }


def _may_be_letter(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file; what cannot even be asked (a link to itself) is told of when it is read."""
    try:
        return entry.is_file()
    except OSError:
        return True


def _instant(timestamp: float) -> datetime | None:
    """Return the instant, None where a file claims a year that no calendar has."""
    try:
        return datetime.fromtimestamp(timestamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _by_arrival(files: Mapping[str, Path], uids: Sequence[str]) -> list[str]:
    """Sort by time of arrival; what is gone already comes first."""
    return sorted(uids, key=lambda uid: (_modified(files[uid]), uid))


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _move_to_cur(paths: Sequence[Path]) -> None:
    """Move from new/ to cur/ (no flags: nobody has read it)."""
    for path in paths:
        name = path.name if ":2," in path.name else f"{path.name}:2,"
        target = path.parent.parent / "cur" / name
        try:
            if path.parent.name == "new" and not target.exists():
                path.rename(target)
        except FileNotFoundError:  # somebody's mail client was faster
            continue
