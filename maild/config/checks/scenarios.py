"""Checks of where an organisation's scenarios lie."""

from collections.abc import Iterator

from maild.config.checks.common import Check, as_written, organizations
from maild.config.model import Config
from maild.config.sources import Sources
from maild.errors import Problem


def _folders(config: Config, sources: Sources) -> Iterator[Problem]:
    """`scenarios` names a folder that holds some: a folder mistyped would let every check pass."""
    for path, organization in organizations(config):
        folder = organization.scenarios
        if folder is None or next(folder.rglob("*.toml"), None) is not None:
            continue
        found = "a folder without a scenario" if folder.is_dir() else "no folder"
        yield sources.problem(
            (*path, "scenarios"),
            found=f'"{as_written(sources, (*path, "scenarios"))}", {found}',
            expected="a folder with scenarios (*.toml)",
            remedy="Correct the path, counted from the folder of config.toml; docs/ru/rehearse.md shows a scenario.",
        )


def _overlays(config: Config, sources: Sources) -> Iterator[Problem]:
    """`rehearsal` names a file, which is read when scenarios are played and not before."""
    for path, organization in organizations(config):
        if organization.rehearsal is not None and not organization.rehearsal.is_file():
            yield sources.problem(
                (*path, "rehearsal"),
                found=f'"{as_written(sources, (*path, "rehearsal"))}", no file',
                expected="a TOML file with what is different in a rehearsal",
                remedy="Correct the path, counted from the folder of config.toml, or delete the line.",
            )


def _reloads(config: Config, sources: Sources) -> Iterator[Problem]:
    if config.rehearse_on_reload and not any(one.scenarios for _, one in organizations(config)):
        yield sources.problem(
            ("rehearse_on_reload",),
            found="true, and no organization has `scenarios`",
            expected="scenarios to play",
            remedy='Set scenarios = "organizations/<id>/scenarios" in [organization.<id>], or delete the line.',
        )


CONFLICTS: tuple[Check, ...] = (_folders, _overlays)
GAPS: tuple[Check, ...] = (_reloads,)
