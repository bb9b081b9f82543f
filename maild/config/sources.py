"""The files of a configuration, read and merged into one table, with the place of every key. Knows nothing of `Config`."""

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from maild.config.lines import KeyPath, find_lines
from maild.config.schema import dotted
from maild.config.syntax import SyntaxProblem, decode, parse_leniently
from maild.errors import Problem

QUESTION = "?"  # what a value begins with that somebody has still to give (`open_keys.py`)


@dataclass(frozen=True)
class Spot:
    """A line of a file, named as the admin would name it."""

    file: str
    line: int | None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What the files say together; `problems` is what kept some of it from being read."""

    main: str = "config.toml"
    data: dict[str, Any] = field(default_factory=dict)
    files: tuple[Path, ...] = ()  # absolute, config.toml first, the broken ones too
    spots: dict[KeyPath, Spot] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def spot(self, path: KeyPath) -> Spot:
        """Return where `path` stands, or the nearest table around it; config.toml as a whole if nothing does."""
        for depth in range(len(path), 0, -1):
            if path[:depth] in self.spots:
                return self.spots[path[:depth]]
        return Spot(self.main, None)

    def problem(self, path: KeyPath, *, found: str, expected: str, remedy: str) -> Problem:
        """Make the problem of the key at `path`."""
        spot = self.spot(path)
        return Problem(file=spot.file, line=spot.line, key=dotted(path), found=found, expected=expected, remedy=remedy)


def read_sources(path: Path, *, rehearsal: bool = False) -> Sources:
    """Read `path` and every file it includes. Never raises for what the files hold: `problems` tells all of it.

    `rehearsal`: also the files that organisations name for it, whose keys then stand instead of theirs.
    """
    reader = _Reader(path)
    reader.read(path.absolute(), mount=(), via=())
    if rehearsal:
        reader.lay_over()
    return Sources(
        main=str(path),
        data=reader.data,
        files=tuple(reader.files),
        spots=reader.spots,
        problems=tuple(reader.problems),
    )


class _Reader:
    """Collects while the includes are followed."""

    def __init__(self, path: Path) -> None:
        self.base = path.absolute().parent
        self.shown = path.parent
        self.data: dict[str, Any] = {}
        self.files: dict[Path, None] = {}  # an ordered set
        self.spots: dict[KeyPath, Spot] = {}
        self.problems: list[Problem] = []
        self._taken: set[tuple[Path, KeyPath]] = set()

    def read(self, file: Path, *, mount: KeyPath, via: tuple[Path, ...]) -> None:
        """Merge `file` into the table at `mount`; `via` holds the files whose includes led here."""
        self._taken.add((file, mount))
        if (found := self._parse(file, mount=mount, main=not via)) is None:
            return
        table, spots = found
        includes = [(mount, table.pop("include"))] if "include" in table else []
        if not mount and isinstance(organizations := table.get("organization"), dict):
            for id_, organization in organizations.items():
                if isinstance(organization, dict) and "include" in organization:
                    includes.append((("organization", id_), organization.pop("include")))
        self._merge(self._table(mount), table, mount, spots)
        self.spots = spots | self.spots
        for where, patterns in includes:
            self._include(patterns, mount=where, spots=spots, via=(*via, file))

    def lay_over(self) -> None:
        """Lay over each organisation the file that it names for rehearsals."""
        organizations = self.data.get("organization")
        for id_, organization in organizations.items() if isinstance(organizations, dict) else ():
            named = organization.get("rehearsal") if isinstance(organization, dict) else None
            if isinstance(named, str) and not named.startswith(QUESTION):
                mount: KeyPath = ("organization", id_)
                if (found := self._parse(self.base / named, mount=mount, main=False)) is not None:
                    table, spots = found
                    _hush(organization, table)
                    _forget(table, organization)
                    replaced = frozenset(_replace(organization, table, mount))

                    def is_new(path: KeyPath, replaced: frozenset[KeyPath] = replaced) -> bool:
                        return any(path[:depth] in replaced for depth in range(1, len(path) + 1))

                    self.spots = {path: spot for path, spot in self.spots.items() if not is_new(path)}
                    self.spots |= {path: spot for path, spot in spots.items() if is_new(path)}

    def _parse(self, file: Path, *, mount: KeyPath, main: bool) -> tuple[dict[str, Any], dict[KeyPath, Spot]] | None:
        """Return the table of a file and the places of its keys; None where it cannot be read, which is told."""
        self.files[file] = None
        name = self._name(file)
        try:
            parsed = parse_leniently(decode(file.read_bytes()))
        except OSError as error:
            self._refuse(name, None, _unreadable(error), "a readable TOML file", _how_to_read(error, main=main))
            return None
        except ValueError:  # a path that no system has, as one with a null in it
            self._refuse(name, None, "no name of a file", "a readable TOML file", "Correct the path.")
            return None
        except SyntaxProblem as problem:
            self.problems.append(problem.mistake.in_file(name))
            return None
        self.problems += [mistake.in_file(name) for mistake in parsed.mistakes]
        spots = {(*mount, *key): Spot(name, line) for key, line in find_lines(parsed.text).items()}
        return parsed.table, spots

    def _include(self, patterns: object, *, mount: KeyPath, spots: dict[KeyPath, Spot], via: tuple[Path, ...]) -> None:
        key: KeyPath = (*mount, "include")
        if not isinstance(patterns, list) or not all(isinstance(pattern, str) and pattern for pattern in patterns):
            self._refuse_at(
                spots[key],
                key,
                "something else than a list of paths",
                "a list of paths in quotes",
                'Write include = ["organizations/*/organization.toml"].',
            )
            return
        files: dict[Path, None] = {}
        for index, pattern in enumerate(patterns):
            found = sorted(glob.glob(pattern, root_dir=self.base, recursive=True))
            matches = [self.base / match for match in found if os.path.isfile(self.base / match)]
            if not matches and found:
                self._refuse_at(
                    spots.get((*key, index), spots[key]),
                    key,
                    f'"{pattern}", a folder',
                    "files",
                    f'Write "{found[0].rstrip("/")}/*.toml" for every file in it.',
                )
            elif not matches:
                self._refuse_at(
                    spots.get((*key, index), spots[key]),
                    key,
                    f'"{pattern}", which matches no file',
                    "at least one file, its path counted from the folder of config.toml",
                    "Create the file, correct the path, or take it out of the list.",
                )
            files |= dict.fromkeys(matches)
        for file in files:
            self._follow(file, mount=mount, spot=spots[key], via=via)

    def _follow(self, file: Path, *, mount: KeyPath, spot: Spot, via: tuple[Path, ...]) -> None:
        if os.path.realpath(file) in map(os.path.realpath, via):
            chain = " → ".join(self._name(step) for step in (*via, file))
            self._refuse_at(
                spot,
                (*mount, "include"),
                f"a circle: {chain}",
                "files that do not include themselves",
                "Take the file out of the list, or make the pattern narrower.",
            )
        elif (file, mount) in self._taken:
            self._refuse_at(
                spot,
                (*mount, "include"),
                f"{self._name(file)}, which is included here already",
                "each file once",
                "Take it out of one of the two lists.",
            )
        else:
            self.read(file, mount=mount, via=via)

    def _table(self, mount: KeyPath) -> dict[str, Any]:
        table: Any = self.data
        for key in mount:
            table = table.get(key) if isinstance(table, dict) else None
        return table if isinstance(table, dict) else {}  # two files disagree about it, which has been told already

    def _merge(self, into: dict[str, Any], table: dict[str, Any], path: KeyPath, spots: dict[KeyPath, Spot]) -> None:
        """Add `table` to `into`: tables grow together, any other key may be given only once."""
        for key, value in table.items():
            here = (*path, key)
            if key not in into:
                into[key] = value
            elif isinstance(value, dict) and isinstance(into[key], dict):
                self._merge(into[key], value, here, spots)
            else:
                self._refuse_at(
                    spots[here],
                    here,
                    f"the same key as in {self.spots[here]}",
                    "each key in one file only",
                    "Delete one of the two.",
                )

    def _name(self, file: Path) -> str:
        """Name a file as the admin would: below the folder of the config.toml that was asked for."""
        return str(self.shown / file.relative_to(self.base)) if file.is_relative_to(self.base) else str(file)

    def _refuse_at(self, spot: Spot, key: KeyPath, found: str, expected: str, remedy: str) -> None:
        self._refuse(spot.file, spot.line, found, expected, remedy, key=dotted(key))

    def _refuse(self, file: str, line: int | None, found: str, expected: str, remedy: str, *, key: str = "") -> None:
        self.problems.append(
            Problem(file=file, line=line, key=key, found=found, expected=expected, remedy=remedy),
        )


def _replace(into: dict[str, Any], table: dict[str, Any], path: KeyPath) -> Iterator[KeyPath]:
    """Lay `table` over `into`, tables over tables, anything else in the place of what is there; yield what was replaced."""
    for key, value in table.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            yield from _replace(into[key], value, (*path, key))
        else:
            into[key] = value
            yield (*path, key)


_NEVER = date(2099, 12, 31)  # the last day that a contract may begin on


def _hush(organization: dict[str, Any], overlay: dict[str, Any]) -> None:
    """Let the agents and clients that a rehearsal does not know play no part in it: its scenarios end alike with any."""
    staff, cast = organization.get("agent"), overlay.get("agent")
    if isinstance(staff, dict) and isinstance(cast, dict):
        for id_, agent in staff.items():
            if isinstance(agent, dict) and id_ not in cast:
                agent["notify"] = False
    register, cast = organization.get("client"), overlay.get("client")
    if isinstance(register, dict) and isinstance(cast, dict):
        for id_, client in register.items():
            if isinstance(client, dict) and id_ not in cast:  # no report and no regular work is due for them
                client.pop("until", None)
                client["since"] = _NEVER


_CAST = ("agent", "client")  # of which a rehearsal has people of its own


def _forget(overlay: dict[str, Any], organization: dict[str, Any]) -> None:
    """Take out of an overlay what it answers for tables that the admin has deleted: a ready answer, a paid work."""
    for section, named in overlay.items():
        if section not in _CAST and isinstance(named, dict):
            there = organization.get(section)
            gone = [id_ for id_, one in named.items() if isinstance(one, dict) and id_ not in (there or {})]
            for id_ in gone:
                del named[id_]


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, IsADirectoryError):
        return "a folder"
    return f"a file that cannot be read ({error.strerror})"


def _how_to_read(error: OSError, *, main: bool) -> str:
    if isinstance(error, PermissionError):
        return "Let the user that runs maild read it (chmod, chown)."
    if main:
        return "Name the config.toml itself, or let `maild init DIR` write a folder with one."
    return "Put the file back, or take it out of the include list."
