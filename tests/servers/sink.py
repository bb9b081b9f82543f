"""A Sink in memory: records every call and fails when told to. Imports the model, errors and the Sink's shapes."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from maild.errors import SourceError, StoreError
from maild.ingest.source import FolderState
from maild.model import Place, RawMessage

Key = tuple[str, str, int]  # mailbox, folder, UIDVALIDITY


@dataclass
class Book:
    """What is known of one folder under one UIDVALIDITY."""

    last_uid: int = 0
    taken: dict[str, RawMessage] = field(default_factory=dict)
    vanished: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)

    @property
    def accounted(self) -> set[str]:
        return self.taken.keys() | self.vanished


class MemorySink:
    """Keeps letters in `books`, the names of calls in `calls`; `fail` makes the next ones raise StoreError.

    It holds a source to the Sink's contract: a letter taken twice, or a step back, fails the test at once.
    """

    def __init__(self) -> None:
        self.books: dict[Key, Book] = defaultdict(Book)
        self.calls: list[str] = []
        self.troubles: list[SourceError] = []
        self.alive_count = 0
        self.before: dict[
            str, Callable[[], None]
        ] = {}  # runs as a call of that name begins, e.g. to look at the mailbox
        self._failures: dict[str, int] = defaultdict(int)

    def fail(self, call: str, times: int = 1) -> None:
        """Make the next `times` calls of that name raise StoreError."""
        self._failures[call] = times

    @property
    def letters(self) -> list[RawMessage]:
        """All letters taken, in order of folders, then of taking."""
        return [letter for book in self.books.values() for letter in book.taken.values()]

    def octets(self) -> list[bytes]:
        """What the letters taken consist of."""
        return [letter.octets for letter in self.letters]

    async def open_folder(self, mailbox: str, folder: str, uidvalidity: int, uidnext: int | None) -> FolderState:
        self._called("open_folder")
        book = self.books[mailbox, folder, uidvalidity]
        unmarked = sorted(book.accounted - book.marked, key=lambda uid: (len(uid), uid))
        partial = frozenset(uid for uid in unmarked if uid in book.taken and book.taken[uid].truncated)
        return FolderState(last_uid=book.last_uid, unmarked=tuple(unmarked), partial=partial)

    async def known(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[str]) -> frozenset[str]:
        self._called("known")
        return frozenset(uids) & self.books[mailbox, folder, uidvalidity].accounted

    async def take(self, letters: Sequence[RawMessage]) -> None:
        self._called("take")
        for letter in letters:
            book = self._book(letter.place)
            assert letter.place.uid not in book.accounted, f"{letter.place} is handed in twice"
            book.taken[letter.place.uid] = letter

    async def vanished(self, places: Sequence[Place]) -> None:
        self._called("vanished")
        for place in places:
            self._book(place).vanished.add(place.uid)

    async def reached(self, mailbox: str, folder: str, uidvalidity: int, uid: int) -> None:
        self._called("reached")
        book = self.books[mailbox, folder, uidvalidity]
        book.last_uid = max(book.last_uid, uid)

    async def marked(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[str]) -> None:
        self._called("marked")
        book = self.books[mailbox, folder, uidvalidity]
        assert set(uids) <= book.accounted, "a letter is marked that was never taken"
        book.marked.update(uids)

    def alive(self, _mailbox: str) -> None:
        self.alive_count += 1

    def trouble(self, _mailbox: str, error: SourceError) -> None:
        self.troubles.append(error)

    def _book(self, place: Place) -> Book:
        return self.books[place.mailbox, place.folder, place.uidvalidity]

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if call in self.before:
            self.before[call]()
        if self._failures[call]:
            self._failures[call] -= 1
            raise StoreError(f"{call} was told to fail")
