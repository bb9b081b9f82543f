"""The files that letters are made of: shipped, the organisation's own, and those for some tickets only. Read once, kept.

A letter to a customer is looked up in the folder of the ticket's variant, then of its category, then of its level, then in
the organisation's own, then among the shipped ones: each file for itself, what it includes likewise.
"""

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from maild.config.syntax import SyntaxProblem, decode
from maild.config.types import parse_slug
from maild.errors import Problem
from maild.model import Purpose, Ticket

SHIPPED = Path(__file__).parent.parent / "templates"
PARTS = ("subject.txt", "txt", "html")
LAYOUT = "letter.html"  # the frame that every HTML letter extends; may be overridden too
# What several letters, or text and HTML, say in the same words: they include it, HTML through the filter `lines`.
SENTENCES = (
    "coupon.txt", "identifiers.txt", "asked.txt", "untaken.txt", "faq.txt", "paid.txt", "unit.txt", "choices.txt",
)  # fmt: skip
NAMES = (LAYOUT, *SENTENCES, *(f"{purpose}.{part}" for purpose in Purpose for part in PARTS))

KINDS = ("variant", "category", "level")  # of what words may depend on, the most particular first
TO_CUSTOMERS = (
    Purpose.ACKNOWLEDGEMENT,
    Purpose.REFUSAL,
    Purpose.POSTPONEMENT,
    Purpose.OFFER,
    Purpose.CHASER,
    Purpose.RESOLUTION,
    Purpose.PLANNED,
    Purpose.UPDATED,
    Purpose.CLOSING,
    Purpose.SATISFACTION,
    Purpose.EXTENSION,
    Purpose.ANSWER,
)  # the letters whose words may depend on the ticket
MARKED = (Purpose.NOTIFICATION, Purpose.RECEIPT, Purpose.REMINDER)  # what an agent's answer to a customer quotes
PARTICULAR = (LAYOUT, *SENTENCES, *(f"{purpose}.{part}" for purpose in TO_CUSTOMERS for part in PARTS))

OWN = "own"  # the shelf of the organisation's folder itself
COMMON = "common"  # the shelf of what all languages share

Chain = tuple[str, ...]  # shelves in the order of looking, "variant/brief", without those that every ticket has


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file as it was read."""

    path: Path
    text: str


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """All files of one organisation."""

    language: str
    files: Mapping[str, Mapping[str, Source]]  # by shelf, "variant/brief", and file name
    watched: tuple[Path, ...] = ()  # files and folders whose change changes the words

    def find(self, name: str, chain: Chain = ()) -> tuple[str, Source] | None:
        """Return the file of a name that counts, and its shelf; None where there is none."""
        for shelf in (*chain, OWN, self.language, COMMON):
            if source := self.files.get(shelf, {}).get(name):
                return shelf, source
        return None

    def chain(self, purpose: Purpose, ticket: Ticket | None) -> Chain:
        """Return the shelves that a letter about the ticket is looked up in before the organisation's own."""
        if ticket is None or purpose not in TO_CUSTOMERS:
            return ()
        wanted = zip(KINDS, (ticket.variant, ticket.category, ticket.level), strict=True)
        letter = {LAYOUT, *SENTENCES, *(f"{purpose}.{part}" for part in PARTS)}
        shelves = (f"{kind}/{name}" for kind, name in wanted)
        return tuple(shelf for shelf in shelves if not letter.isdisjoint(self.files.get(shelf, ())))

    @property
    def particular(self) -> tuple[str, ...]:
        """The shelves for some tickets only, in the order of looking."""
        return tuple(shelf for kind in KINDS for shelf in self.files if shelf.startswith(f"{kind}/"))

    def pairs(self) -> Iterator[Chain]:
        """Yield every two shelves that may have to do with each other: of one ticket, one with what letters include."""
        included = {shelf for shelf in self.particular if not {LAYOUT, *SENTENCES}.isdisjoint(self.files[shelf])}
        for first, second in combinations(self.particular, 2):
            one_ticket = first.partition("/")[0] != second.partition("/")[0]
            if one_ticket and not included.isdisjoint((first, second)):
                yield first, second


@cache
def shipped(language: str) -> Shelves:
    """Return the files that come with the program, which change with it only."""
    common = {LAYOUT: Source(path=SHIPPED / LAYOUT, text=(SHIPPED / LAYOUT).read_text("utf-8"))}
    paths = sorted((SHIPPED / language).iterdir())
    words = {path.name: Source(path=path, text=path.read_text("utf-8")) for path in paths}
    return Shelves(language=language, files={language: words, COMMON: common})


def read_shelves(
    language: str, folder: Path, *, categories: Collection[str] = (), levels: Collection[str] = ()
) -> tuple[Shelves, list[Problem]]:
    """Return the organisation's files over the shipped ones, and what is wrong with their names and octets.

    A file that cannot be read is left out. `categories` and `levels` are the configured ones.
    """
    reader = _Reader({"category": tuple(categories), "level": tuple(levels)})
    if folder.is_dir():
        reader.read(folder)
    base = shipped(language)
    shelves = Shelves(language=language, files={**reader.files, **base.files}, watched=tuple(reader.watched))
    return shelves, reader.problems


class _Reader:
    """A folder of templates being read."""

    def __init__(self, known: Mapping[str, tuple[str, ...]]) -> None:
        self.known = known
        self.files: dict[str, dict[str, Source]] = {}
        self.watched: list[Path] = []
        self.problems: list[Problem] = []

    def read(self, folder: Path) -> None:
        """Read everything below the organisation's folder."""
        for path in self._shelf(folder, OWN):
            if path.name in KINDS:
                self._read_kind(path)
            else:
                self._look_at_folder(path)

    def _read_kind(self, folder: Path) -> None:
        kind = folder.name
        self.watched.append(folder)
        for path in self._seen(folder):
            if path.is_file():
                self._tell(
                    path, f"a file in the folder {kind}", f"a folder for each {kind}, with the files in it",
                    f"Move it to {kind}/NAME/{path.name}, or up to {path.name} if it is for every request.",
                )  # fmt: skip
            elif self._is_known(kind, path):
                for inner in self._shelf(path, f"{kind}/{path.name}"):
                    self._tell(inner, "a folder", "files only", "Move its files up, or remove it.")

    def _is_known(self, kind: str, path: Path) -> bool:
        if kind == "variant":
            try:
                parse_slug(path.name)
            except ValueError as error:
                self._tell(path, f"a variant called {path.name}", str(error), "Rename the folder.")
                return False
            return True
        if path.name in self.known[kind]:
            return True
        plural = {"category": "categories", "level": "levels"}[kind]
        remedy = _did_you_mean(path.name, self.known[kind]) or "Rename the folder, or remove it."
        there = ", ".join(self.known[kind]) or f"none: no {plural} are configured"
        self._tell(path, f"a folder for the {kind} {path.name}", f"one of the configured {plural} ({there})", remedy)
        return False

    def _look_at_folder(self, path: Path) -> None:
        """Any other folder is the admin's own affair, unless its name looks like one of those that count."""
        places = [f"{kind}/{path.name}" for kind, names in self.known.items() if path.name in names]
        remedy = f"Move it to {places[0]}." if places else _did_you_mean(path.name, KINDS)
        if remedy:
            self._tell(path, f"a folder called {path.name}", f"{', '.join(KINDS[:-1])} or {KINDS[-1]}", remedy)

    def _shelf(self, folder: Path, shelf: str) -> list[Path]:
        """Read the files of one folder, and return the folders in it."""
        names = NAMES if shelf == OWN else PARTICULAR
        self.watched.append(folder)
        inner = []
        for path in self._seen(folder):
            if not path.is_file():
                inner.append(path)
                continue
            self.watched.append(path)
            if path.name in names:
                self._read_file(path, shelf)
            elif path.name in NAMES:
                self._tell(
                    path, f"{path.name} in the folder {shelf}", "letters to customers and what they include",
                    "Move it up into the folder of templates: this letter is the same for every request.",
                )  # fmt: skip
            else:
                remedy = _did_you_mean(path.name, names)
                remedy = remedy or "Remove it, or give it one of the names of the shipped templates."
                self._tell(path, f"a file called {path.name}", "the name of a template", remedy)
        return inner

    def _read_file(self, path: Path, shelf: str) -> None:
        try:
            source = Source(path=path, text=decode(path.read_bytes()))
        except SyntaxProblem as error:
            mistake = error.mistake
            remedy = f"{mistake.remedy} Or remove it to go back to the shipped template."
            self._tell(path, mistake.found, mistake.expected, remedy, line=mistake.line)
        except OSError as error:
            self._tell(
                path, f"a file that cannot be read: {error.strerror}", "a readable file", "Mend its permissions."
            )
        else:
            self.files.setdefault(shelf, {})[path.name] = source

    def _seen(self, folder: Path) -> list[Path]:
        """Return what is in a folder, without what editors and systems hide there."""
        try:
            return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        except OSError as error:
            self._tell(
                folder, f"a folder that cannot be read: {error.strerror}", "a readable folder", "Mend its permissions."
            )
            return []

    def _tell(self, path: Path, found: str, expected: str, remedy: str, *, line: int | None = None) -> None:
        self.problems.append(Problem(file=str(path), line=line, key="", found=found, expected=expected, remedy=remedy))


def _did_you_mean(name: str, names: Collection[str]) -> str:
    close = difflib.get_close_matches(name, names, 1)
    return f"Did you mean {close[0]}?" if close else ""
