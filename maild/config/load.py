"""`load_config`: from a config.toml to a `Loaded`, or to one ConfigError with every problem there is."""

from dataclasses import dataclass, field
from pathlib import Path

from maild.config.checks import check_config
from maild.config.model import Config
from maild.config.open_keys import answer_idle
from maild.config.shape import validate
from maild.config.sources import Sources, read_sources
from maild.errors import ConfigError, Problem


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A configuration that holds together, and where it came from."""

    config: Config  # every path in it is absolute
    files: tuple[Path, ...]  # all files read, absolute, config.toml first
    base: Path  # the folder of config.toml, absolute: relative paths are counted from here
    sources: Sources = field(default=Sources(), repr=False, compare=False)  # to point at the line of a key


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What reading a configuration has come to: all of it, or what is left without what is wrong."""

    config: Config | None  # good for further checks only where there are problems; None if nothing is left
    base: Path
    sources: Sources
    problems: tuple[Problem, ...]


def read_config(path: Path, *, rehearsal: bool = False) -> Reading:
    """Read `path` and all it includes. Never raises for what the files hold.

    `rehearsal`: as scenarios are played on it, each organisation under its file of examples (`rehearsal`).
    """
    base = path.absolute().parent
    sources = read_sources(path, rehearsal=rehearsal)
    if rehearsal:
        answer_idle(sources.data)
    config, problems = validate(sources, base)
    problems += sources.problems
    asked = any(problem.question for problem in problems)
    if config is not None and not asked:  # what fits together depends on the answers
        problems += check_config(config, sources, complete=not problems)
    return Reading(config=config, base=base, sources=sources, problems=tuple(problems))


def load_config(path: Path) -> Loaded:
    """Read `path` and all it includes. Raises ConfigError with every problem of every file."""
    return whole(read_config(path))


def load_rehearsal(path: Path) -> Loaded:
    """Read `path` and all it includes as scenarios are played on it. Raises ConfigError with every problem of every file."""
    return whole(read_config(path, rehearsal=True))


def whole(reading: Reading) -> Loaded:
    """Return a configuration that was read without a problem. Raises ConfigError otherwise."""
    if reading.config is None or reading.problems:
        raise ConfigError(list(reading.problems), files=reading.sources.files)
    sources = reading.sources
    return Loaded(config=reading.config, files=sources.files, base=reading.base, sources=sources)
