r"""One look at one IMAP folder: which letters are read, in which order the desk and the server are told.

Imports the connection, the sink, the model, errors, the clock and the configuration's shape. Progress is by UID under
UIDVALIDITY, never by \Seen and never by date. A look does not rely on the one before, so any look may be the first
after a crash: tell the server what it has not been told yet, then read what is not accounted for.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from maild.clock import Clock
from maild.config.model import Imap
from maild.errors import SourceError, SourceRefused
from maild.ingest.imap import UIDS_AT_ONCE, WINDOW, Connection, Listed
from maild.ingest.source import BATCH_OCTETS, BEGINNING, Sink
from maild.model import Place, RawMessage


async def look(
    connection: Connection,
    *,
    mailbox: str,
    folder: str,
    settings: Imap,
    sink: Sink,
    clock: Clock,
    everything: bool,
    sent: bool = False,
    untouched: bool = False,
) -> list[SourceError]:
    """Read what is new in `folder` and tell the server; `everything`: also look for letters missed before.

    A folder with what our people have `sent` is theirs: the server is told nothing of it. `untouched`: nor is it of any
    other; what is read so counts as told, so that nothing happens to it later, either.

    Returns what went wrong with single letters, or with telling the server: neither stops the rest. Raises
    SourceError where the folder cannot be read, StoreError where the sink does; then another look puts it right.
    """
    selected = await connection.select(folder, read_only=untouched)
    state = await sink.open_folder(mailbox, folder, selected.uidvalidity, selected.uidnext)
    work = _Look(
        connection=connection, mailbox=mailbox, folder=folder, uidvalidity=selected.uidvalidity,
        settings=settings, sink=sink, clock=clock, after="nothing" if sent or untouched else settings.after,
        sent=sent,
    )  # fmt: skip
    await work.settle([int(uid) for uid in state.unmarked], keep={int(uid) for uid in state.partial})
    listed = await connection.search(1 if everything else state.last_uid + 1)
    complete = await work.read(await work.unknown(listed))
    if complete and listed and listed[-1] > max(state.last_uid, work.reached):
        await sink.reached(mailbox, folder, selected.uidvalidity, listed[-1])
    return work.troubles


@dataclass(kw_only=True)
class _Look:
    """What the steps of one look share."""

    connection: Connection
    mailbox: str
    folder: str
    uidvalidity: int
    settings: Imap
    sink: Sink
    clock: Clock
    after: str  # as in the settings, but for folders that are only read
    sent: bool
    reached: int = 0  # the highest UID below which we have left nothing behind in this look
    troubles: list[SourceError] = field(default_factory=list)

    async def unknown(self, uids: Sequence[int]) -> list[int]:
        """Return those of `uids` that are not accounted for, in the same order."""
        found: list[int] = []
        for some in _chunks(uids):
            known = await self.sink.known(self.mailbox, self.folder, self.uidvalidity, [str(uid) for uid in some])
            found += [uid for uid in some if str(uid) not in known]
        return found

    async def settle(self, unmarked: Sequence[int], *, keep: Collection[int]) -> None:
        """Tell the server what it was not told before a crash or a refusal; it may have been, and is told again."""
        for some in _chunks(unmarked):
            listed = await self.connection.list_letters(some)
            await self._tell(some, present=listed.keys(), keep=keep)

    async def read(self, uids: Sequence[int]) -> bool:
        """Hand in the letters, ascending, batch by batch; False where the server withheld one that it still lists."""
        complete = True
        for some in _chunks(uids):
            listed = await self.connection.list_letters(some)
            known = [listed.get(uid, Listed(uid=uid, size=None, received_at=None)) for uid in some]
            for batch in _batches(known, self.settings):
                letters, gone = await self._fetch(batch)
                if letters:
                    await self.sink.take(list(letters.values()))
                if gone:
                    await self.sink.vanished([self._place(uid) for uid in gone])
                complete = complete and len(letters) + len(gone) == len(batch)
                if complete:
                    self.reached = batch[-1].uid
                    await self.sink.reached(self.mailbox, self.folder, self.uidvalidity, self.reached)
                keep = {uid for uid, letter in letters.items() if letter.truncated}
                await self._tell([*letters, *gone], present=letters.keys(), keep=keep)
        return complete

    async def _fetch(self, batch: Sequence[Listed]) -> tuple[dict[int, RawMessage], list[int]]:
        """Return the letters of the batch that can be had, by UID and ascending, and the UIDs that are gone."""
        letters = await self._fetch_bodies(batch)
        absent = [listed for listed in batch if listed.uid not in letters]
        if not absent:
            return letters, []
        existing = await self.connection.existing([listed.uid for listed in absent])
        for listed in absent:
            if listed.uid in existing:  # one letter that the server cannot hand out costs the others nothing
                letters |= await self._fetch_bodies([listed])
                if listed.uid not in letters:
                    self.troubles.append(
                        SourceError(
                            f"{self.folder!r} lists a letter with UID {listed.uid} but the server does not hand it out: "
                            "look at it with a mail client, and move or delete it if it is damaged"
                        )
                    )
        return dict(sorted(letters.items())), [listed.uid for listed in absent if listed.uid not in existing]

    async def _fetch_bodies(self, batch: Sequence[Listed]) -> dict[int, RawMessage]:
        """Return what the server hands out: small letters with one question, a large one in windows or in part."""
        limit = self.settings.max_size
        small = {
            listed.uid: listed.size for listed in batch if listed.size is not None and listed.size <= min(WINDOW, limit)
        }
        bodies: dict[int, bytes | None] = {}
        if small:
            bodies |= await self.connection.bodies(list(small), sum(small.values()))
        for listed in batch:
            if listed.size is not None and listed.size > limit:
                bodies[listed.uid] = await self.connection.beginning(listed.uid, min(BEGINNING, limit))
            elif listed.uid not in small:
                bodies[listed.uid] = await self.connection.large_body(listed.uid, listed.size or 0, limit)
        return {  # NIL, of a letter that has a size, is not an empty letter but one that is withheld
            listed.uid: self._letter(listed, octets)
            for listed in batch
            if (octets := bodies.get(listed.uid)) is not None and (octets or not listed.size)
        }

    def _letter(self, listed: Listed, octets: bytes) -> RawMessage:
        """Make the letter, cut short where it is too large, whatever size the server had promised."""
        size = max(listed.size or 0, len(octets))
        too_large = size > self.settings.max_size
        return RawMessage(
            octets=octets[: min(BEGINNING, self.settings.max_size)] if too_large else octets,
            place=self._place(listed.uid),
            received_at=listed.received_at or self.clock.now(),
            size=size if too_large else None,
            sent=self.sent,
        )

    async def _tell(self, uids: Sequence[int], *, present: Collection[int], keep: Collection[int]) -> None:
        """Do what `after` says with letters accounted for, then record that it is done.

        Letters in `keep` we have only in part: they may be flagged, not moved or deleted. Where the server refuses,
        nothing is recorded, so that the next look tries again.
        """
        settings = self.settings
        whole = [uid for uid in uids if uid in present and uid not in keep]
        try:
            if self.after == "flag" and present:
                await self.connection.add_flag([uid for uid in uids if uid in present], settings.flag)
            elif self.after == "move" and whole and settings.move_to != self.folder:
                if settings.move_to is None:
                    raise SourceRefused(
                        f'after = "move" needs move_to: name the folder that letters of {self.mailbox} go to'
                    )
                await self.connection.move(whole, settings.move_to)
            elif self.after == "delete" and whole:
                await self.connection.delete(whole)
        except SourceRefused as error:
            self.troubles.append(error)
        else:
            await self.sink.marked(self.mailbox, self.folder, self.uidvalidity, [str(uid) for uid in uids])

    def _place(self, uid: int) -> Place:
        return Place(mailbox=self.mailbox, folder=self.folder, uidvalidity=self.uidvalidity, uid=str(uid))


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (uids[start : start + UIDS_AT_ONCE] for start in range(0, len(uids), UIDS_AT_ONCE))


def _batches(letters: Sequence[Listed], settings: Imap) -> Iterator[list[Listed]]:
    """Cut into runs of at most `settings.batch` letters that together stay below BATCH_OCTETS, or are one letter."""
    batch: list[Listed] = []
    octets = 0
    for letter in letters:
        size = min(letter.size or WINDOW, settings.max_size)
        if batch and (len(batch) == settings.batch or octets + size > BATCH_OCTETS):
            yield batch
            batch, octets = [], 0
        batch.append(letter)
        octets += size
    if batch:
        yield batch
