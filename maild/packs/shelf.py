"""The packs that are shipped, and how one becomes a folder of the admin's own.

A pack is a folder of this one: `pack.toml` says what it is, `organizations/` is written out as it stands. `docs/ru/packs.md`
describes both.
"""

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from maild.config.init import skeleton, write_files
from maild.errors import MaildError

SHELF = Path(__file__).parent
ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A regulation with everything that a desk needs to work by it."""

    name: str
    title: str  # whose regulation it is
    about: str  # what is special about it, in a sentence or two
    clauses: tuple[str, ...]  # what the ids of its clauses begin with, in docs/regulations.md
    folder: Path

    @property
    def organizations(self) -> tuple[str, ...]:
        """The ids of its organisations."""
        return tuple(sorted(path.name for path in (self.folder / "organizations").iterdir()))

    def files(self) -> dict[str, bytes]:
        """Return its files by the paths at which they are written out."""
        paths = sorted(path for path in (self.folder / "organizations").rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}


def shipped_packs() -> dict[str, Pack]:
    """Return all packs by name."""
    return {path.parent.name: _read(path) for path in sorted(SHELF.glob("*/pack.toml"))}


def find_packs(names: Iterable[str]) -> list[Pack]:
    """Return the packs of these names, each once; "all" means all of them. Raises MaildError for a name that there is not."""
    packs = shipped_packs()
    wanted: dict[str, Pack] = {}
    for name in names:
        if name != ALL and name not in packs:
            near = difflib.get_close_matches(name.lower(), packs, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(packs)}"
            raise MaildError(f"there is no regulation {name}; {hint} `maild init --list` describes them")
        wanted |= packs if name == ALL else {name: packs[name]}
    return list(wanted.values())


def write_packs(packs: Iterable[Pack], directory: Path) -> list[Path]:
    """Write packs into one folder, made if need be, and return the files written.

    Raises ConfigError, having written nothing, when one of the files exists or the folder cannot be written.
    """
    own = {name: octets for pack in packs for name, octets in pack.files().items()}
    return write_files(directory, own, config=skeleton("packs.toml"))


def _read(path: Path) -> Pack:
    said = tomllib.loads(path.read_text("utf-8"))
    return Pack(
        name=path.parent.name,
        title=said["title"],
        about=said["about"],
        clauses=tuple(said["clauses"]),
        folder=path.parent,
    )
