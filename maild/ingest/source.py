"""The seam between a source of letters and the rest: what a source may ask of the desk, and nothing more.

A source (IMAP, Maildir, standard input) finds letters and hands them in; it knows no ticket and no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from maild.errors import SourceError
from maild.model import Place, RawMessage

BEGINNING = 256 * 1024  # octets kept of a letter that is too large: its headers and usually its words
BATCH_OCTETS = 8_000_000  # of letters handed in together, so that memory does not grow with the mailbox


@dataclass(frozen=True, kw_only=True)
class FolderState:
    """How far a folder of one UIDVALIDITY has been read."""

    last_uid: int  # every UID up to here is accounted for; 0 on the first look
    unmarked: tuple[str, ...]  # accounted for here, but the server may not have been told yet (`after`); ascending
    partial: frozenset[str] = frozenset()  # those of them that we hold only the beginning of: never moved or deleted


def bug(error: Exception) -> SourceError:
    """Return what is told of a mailbox whose reading fails for a reason that nobody had thought of."""
    return SourceError(f"reading fails because of a bug ({type(error).__name__}): report it with the log's traceback")


class Sink(Protocol):
    """Where letters go. Every method returns after its commit, and may raise StoreError: then nothing happened."""

    async def open_folder(self, mailbox: str, folder: str, uidvalidity: int, uidnext: int | None) -> FolderState:
        """Remember that the folder is watched under this UIDVALIDITY and return how far it has been read.

        On the first look of all, letters below `uidnext` are old: they were there before maild. Where the source has no
        such number (None), those are old that arrived before this look.
        """

    async def known(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[str]) -> frozenset[str]:
        """Which of `uids` are already accounted for."""

    async def take(self, letters: Sequence[RawMessage]) -> None:
        """Store the letters durably and walk each to its outcome. A letter taken before is not taken again."""

    async def vanished(self, places: Sequence[Place]) -> None:
        """Account for letters that were listed but gone when they were fetched."""

    async def reached(self, mailbox: str, folder: str, uidvalidity: int, uid: int) -> None:
        """Record that every UID up to and including `uid` is accounted for. Never goes back."""

    async def marked(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[str]) -> None:
        """Record that the server has been told (flag, move, delete), or that there is nothing to tell."""

    def alive(self, component: str) -> None:
        """Note a good look at an IMAP folder ("organization/mailbox:FOLDER") or a Maildir ("organization/mailbox").

        The watchdog alarms when none came for too long.
        """

    def trouble(self, component: str, error: SourceError) -> None:
        """Note that it cannot be read; the source goes on trying by itself."""
