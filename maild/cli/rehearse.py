"""`maild rehearse`: the admin's regression tests, played with time moved and mail captured."""

import contextlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from maild import logs
from maild.cli.app import DEFAULT_CONFIG, ConfigOption, JsonOption, app
from maild.cli.output import Exit, complain, print_json, say
from maild.config.load import Loaded, load_rehearsal
from maild.errors import ConfigError, MaildError, Problem
from maild.packs.shelf import Pack, find_packs, write_packs
from maild.scenario import Played
from maild.scenarios import Rehearsed, find_scenarios, own_scenarios
from maild.scenarios import rehearse as play_all


@app.command()
def rehearse(
    scenarios: Annotated[
        list[Path] | None,
        typer.Argument(help="Scenario files, or folders of them; default: those of every organisation."),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "--pack", metavar="NAME", help="Play the scenarios of a regulation as it is shipped; all: of all."
        ),
    ] = None,
    steps: Annotated[bool, typer.Option("--steps", help="Show every step, also of several scenarios.")] = False,
    letters: Annotated[bool, typer.Option("--letters", help="Show the words of every letter that leaves.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Play scenarios with time moved and mail captured; exit 1 when one differs from what it expects.

    A named scenario brings its own configuration; --config says whose scenarios are played when none is named.
    """
    logs.configure("error", "auto")
    packs: list[dict[str, object]] = []
    if pack:
        if scenarios:
            raise typer.BadParameter("name scenarios, or regulations with --pack")
        report = Report([], steps=steps or letters, letters=letters, silent=as_json)
        packs += [rehearse_pack(one, report) for one in find_packs(pack)]
    elif scenarios:
        found = find_scenarios(scenarios)
        several = len(found.paths) != 1
        report = Report(list(found.mistakes), steps=steps or letters or not several, letters=letters, silent=as_json)
        report.play(found.paths)
    else:
        report = Report([], steps=steps or letters, letters=letters, silent=as_json)
        rehearse_own(load_rehearsal(config), report)
        if not report.played and not report.mistakes:
            raise MaildError("no organisation has `scenarios`: name files or folders, or set the key to a folder")
    if as_json:
        print_json({**report.as_json(), **({"packs": packs} if pack else {})})
    else:
        report.sum_up()
    if report.mistakes:
        raise typer.Exit(Exit.CONFIG)
    raise typer.Exit(Exit.NO if report.failed else Exit.OK)


def rehearse_own(loaded: Loaded, report: "Report") -> None:
    """Play every organisation's own scenarios on this configuration."""
    for found in own_scenarios(loaded).values():
        report.mistakes += found.mistakes
        report.play(found.paths, loaded)


def rehearse_pack(pack: Pack, report: "Report") -> dict[str, object]:
    """Play a regulation's scenarios as `maild init` writes them, tell of it in a line, and return that line's figures."""
    before, mistakes = len(report.played), len(report.mistakes)
    with tempfile.TemporaryDirectory(prefix="maild-pack-") as folder, contextlib.chdir(folder):
        write_packs([pack], Path(pack.name))  # so that every file is told by the regulation's name
        try:
            rehearse_own(load_rehearsal(Path(pack.name, "config.toml")), report)
        except ConfigError as error:
            report.mistakes += error.problems
    played = report.played[before:]
    steps, failed = (
        sum(len(one.steps) for one in played),
        sum(bool(step.differences) for one in played for step in one.steps),
    )
    good = all(one.good for one in played) and len(report.mistakes) == mistakes
    if not report.silent:
        told = "all as expected" if good else f"{failed} not as expected" if failed else "not playable"
        say(f"{pack.name}: {len(played)} scenario(s), {steps} step(s), {told}", style=None if good else "red")
    return {"pack": pack.name, "ok": good, "scenarios": len(played), "steps": steps, "failed": failed}


class Report:
    """What has been played so far, told as it comes: one scenario by its steps, of several each by a line."""

    def __init__(
        self, mistakes: list[Problem], *, steps: bool = False, letters: bool = False, silent: bool = False
    ) -> None:
        self.mistakes = mistakes
        self.played: list[Rehearsed] = []
        self.steps = steps
        self.letters = letters
        self.silent = silent

    @property
    def failed(self) -> int:
        """How many steps ended otherwise than expected."""
        return sum(bool(step.differences) for one in self.played for step in one.steps)

    def play(self, paths: Sequence[Path], loaded: Loaded | None = None) -> None:
        """Play scenarios and tell of them, unless only JSON is wanted."""
        for one in play_all(paths, loaded):
            self.played.append(one)
            self.mistakes += [mistake for mistake in one.mistakes if mistake not in self.mistakes]
            if self.silent:
                continue
            if not self.steps:
                say("ok" if one.good else "NO", style="green" if one.good else "red", end="")
                say(f"  {one.path}: {len(one.steps)} step(s)")
            for step in one.steps:
                if self.steps or step.differences:
                    _show_step(one.path, step, letters=self.letters)

    def sum_up(self) -> None:
        """Say how it went, and everything that is wrong with the scenarios themselves."""
        if self.mistakes:
            complain(ConfigError(self.mistakes))
        if len(self.played) != 1:
            say(f"{len(self.played)} scenario(s), ", end="")
        say(f"{sum(len(one.steps) for one in self.played)} step(s), ", end="")
        failed = f"{self.failed} not as expected" if self.failed else ""
        broken = f"{sum(bool(one.mistakes) for one in self.played)} that cannot be played" if self.mistakes else ""
        wrong = ", ".join(filter(None, (failed, broken)))
        say(wrong or "all as expected", style="red" if wrong else "green")

    def as_json(self) -> dict[str, object]:
        """Return everything for a program."""
        return {
            "ok": not self.failed and not self.mistakes,
            "failed": self.failed,
            "problems": self.mistakes,
            "failures": [failure for one in self.played for failure in one.failures],
            "scenarios": [
                {"scenario": one.path, "ok": one.good, "steps": len(one.steps), "failed": len(one.failures)}
                for one in self.played
            ],
            "steps": [{"scenario": one.path, "step": step} for one in self.played for step in one.steps],
        }


def _show_step(path: Path, step: Played, *, letters: bool) -> None:
    say(f"{path.name} {step.number}. {step.at:%Y-%m-%d %H:%M %Z} · {step.title}", style="bold")
    if step.outcome:
        say(f"   {step.outcome}: {step.reason}")
    for letter in step.sent:
        kept = " (withheld: only observing)" if letter.withheld else ""
        say(f"   → {letter.recipient}: {letter.message.subject}{kept}")
        for line in letter.message.text.strip().splitlines() if letters else ():
            say(f"     │ {line}".rstrip())
    for line in step.differences:
        say(f"   {line}", style={"-": "red", "+": "green"}.get(line[:1]))
