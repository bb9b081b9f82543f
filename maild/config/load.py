"""`load_config`: from a config.toml to a `Loaded`, or to one ConfigError with every problem there is."""

from dataclasses import dataclass, field
from pathlib import Path

from maild.config.checks import check_config
from maild.config.model import Config
from maild.config.shape import validate
from maild.config.sources import Sources, read_sources
from maild.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A configuration that holds together, and where it came from."""

    config: Config  # every path in it is absolute
    files: tuple[Path, ...]  # all files read, absolute, config.toml first
    base: Path  # the folder of config.toml, absolute: relative paths are counted from here
    sources: Sources = field(default=Sources(), repr=False, compare=False)  # to point at the line of a key


def load_config(path: Path) -> Loaded:
    """Read `path` and all it includes. Raises ConfigError with every problem of every file."""
    base = path.absolute().parent
    sources = read_sources(path)
    config, problems = validate(sources, base)
    problems += sources.problems
    if config is not None:
        problems += check_config(config, sources, complete=not problems)
    if config is None or problems:
        raise ConfigError(problems)
    return Loaded(config=config, files=sources.files, base=base, sources=sources)
