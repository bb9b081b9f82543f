"""Many scenarios: found in folders, played one after another, each failure told as a problem with file and line."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maild.config.load import Loaded, load_rehearsal
from maild.config.sources import read_sources
from maild.errors import ConfigError, Problem
from maild.policy import Policy, load_policy
from maild.rehearsal import KEY
from maild.scenario import Played, play_file
from maild.scenario_file import ScenarioFile, find_config

_FIELD = re.compile(r"[-+] \S")  # letters have no space behind the sign, their words several
_LONGEST = 200  # characters of a difference that still read well inside a sentence


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What playing one scenario has come to."""

    path: Path
    steps: tuple[Played, ...]
    failures: tuple[Problem, ...] = ()  # steps that ended otherwise than expected
    mistakes: tuple[Problem, ...] = ()  # what is wrong with the scenario itself, or with its configuration

    @property
    def good(self) -> bool:
        """Whether everything is as expected."""
        return not self.failures and not self.mistakes


@dataclass(frozen=True, kw_only=True)
class Found:
    """Scenarios, and what of the places that were named holds none."""

    paths: tuple[Path, ...]
    mistakes: tuple[Problem, ...] = ()


def find_scenarios(places: Iterable[Path]) -> Found:
    """Return the files that are named, and every scenario below the folders that are named, in order and once.

    In a folder every *.toml is a scenario, but for a config.toml and what the nearest one includes.
    """
    paths: dict[Path, None] = {}
    mistakes = []
    for place in places:
        below = _below(place, _configured(find_config(place / "x"))) if place.is_dir() else [place]
        paths |= dict.fromkeys(below)
        if not below:
            mistakes.append(_none_there(place))
    return Found(paths=tuple(paths), mistakes=tuple(mistakes))


def own_scenarios(loaded: Loaded) -> Mapping[str, Found]:
    """Return the scenarios of each organisation that has a folder for them."""
    own: dict[str, Found] = {}
    shown = Path(loaded.sources.main).parent
    for name, organization in loaded.config.organization.items():
        if (folder := organization.scenarios) is not None:
            place = shown / folder.relative_to(loaded.base) if folder.is_relative_to(loaded.base) else folder
            paths = _below(place, frozenset(file.resolve() for file in loaded.files))
            own[name] = Found(paths=tuple(paths), mistakes=() if paths else (_none_there(place),))
    return own


def rehearse(paths: Iterable[Path], loaded: Loaded | None = None) -> Iterator[Rehearsed]:
    """Play scenarios one after another; whatever is wrong with one, the others are played.

    With `loaded` all are played on this configuration, whatever they name; it is made ready once for
    each set of organisations that scenarios are about.
    """
    policies: dict[tuple[int, frozenset[str]], Policy] = {}

    @cache
    def load(config: Path) -> Loaded:
        return load_rehearsal(config)

    def policy_of(file: ScenarioFile) -> Policy:
        cast = id(file.loaded), file.organizations
        if cast not in policies:
            policies[cast] = load_policy(file.staged, key=KEY)
        return policies[cast]

    for path in paths:
        yield _rehearse(path, (lambda _config: loaded) if loaded else load, policy_of)


def _rehearse(path: Path, load: Callable[[Path], Loaded], policy_of: Callable[[ScenarioFile], Policy]) -> Rehearsed:
    steps: list[Played] = []
    failures: list[Problem] = []
    try:
        file = ScenarioFile(path, load)
        for step in play_file(file, policy_of(file)):
            steps.append(step)
            failures += _failures(file, step)
    except ConfigError as error:
        return Rehearsed(path=path, steps=tuple(steps), failures=tuple(failures), mistakes=tuple(error.problems))
    return Rehearsed(path=path, steps=tuple(steps), failures=tuple(failures))


def _failures(file: ScenarioFile, step: Played) -> Iterator[Problem]:
    """Say each difference of a step as a problem; the letters of a step are one."""
    fields, letters = _parted(step.differences)
    pairs = [(wanted[2:], actual[2:]) for wanted, actual in zip(fields[::2], fields[1::2], strict=True)]
    if letters:
        pairs.append((_joined(letters, "-"), _joined(letters, "+")))
    for wanted, actual in pairs:
        yield file.problem(
            ("step", step.number - 1), found=actual, expected=wanted,
            remedy=f"Correct the configuration or the scenario; `maild rehearse {file.path}` shows the whole step.",
        )  # fmt: skip


def _parted(differences: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Part the pairs of lines about fields from the diff of the letters, which stands between them."""
    fields = [line for line in differences if _FIELD.match(line)]
    return fields, [line for line in differences if not _FIELD.match(line)]


def _joined(letters: list[str], sign: str) -> str:
    lines = [line[1:].strip() for line in letters if line[:1] == sign and line[:3] not in ("---", "+++")]
    text = " | ".join(line for line in lines if line) or "no such letter"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _configured(config: Path | None) -> frozenset[Path]:
    return frozenset(file.resolve() for file in read_sources(config, rehearsal=True).files) if config else frozenset()


def _below(folder: Path, configured: frozenset[Path]) -> list[Path]:
    found = []
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        toml = [Path(where, name) for name in sorted(names) if name.endswith(".toml") and not name.startswith(".")]
        found += [path for path in toml if path.name != "config.toml" and path.resolve() not in configured]
    return found


def _none_there(place: Path) -> Problem:
    return Problem(
        file=str(place), line=None, key="", found="a folder without a scenario", expected="scenarios (*.toml) in it",
        remedy="Write one as docs/ru/rehearse.md shows, or name another folder.",
    )  # fmt: skip
