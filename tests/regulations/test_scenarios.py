"""Every organisation here, rehearsed as its admin would: each scenario ends as it says, every letter's words included.

And whatever a scenario is about, no letter of it tells people outside what is for agents alone.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.scenario_file import ScenarioFile
from maild.scenarios import own_scenarios, rehearse
from tests.regulations.outsiders import find_leaks

HERE = Path(__file__).parent
TICKETS = ("ground", "offer", "unit", "team")  # tables whose keys stand on tickets
CONFIGS = sorted(HERE.rglob("config.toml"))


def scenarios_of(config: Path) -> Iterator[Path]:
    """Yield the scenarios beside a configuration."""
    return config.parent.joinpath("scenarios").rglob("*.toml")


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: str(path.parent.relative_to(HERE)))
def test_the_desk_does_what_the_regulation_says_and_tells_nobody_what_is_ours(config: Path) -> None:
    """All that `maild check --rehearse` would play is played, all steps end as expected, and no letter leaks anything."""
    loaded = load_config(config)
    paths = [path for found in own_scenarios(loaded).values() for path in found.paths]
    assert sorted(path.resolve() for path in paths) == sorted(path.resolve() for path in scenarios_of(config))
    played = list(rehearse(paths, loaded))
    assert [str(problem) for one in played for problem in (*one.mistakes, *one.failures)] == []
    assert [leak for one in played for leak in find_leaks(ScenarioFile(one.path, lambda _: loaded), one.steps)] == []


def test_no_scenario_is_left_out() -> None:
    """Each belongs to one of the configurations above."""
    played = {path for config in CONFIGS for path in scenarios_of(config)}
    assert {path for path in HERE.rglob("*.toml") if "[[step]]" in path.read_text("utf-8")} == played


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: str(path.parent.relative_to(HERE)))
def test_every_rule_ground_offer_unit_and_team_is_rehearsed(config: Path) -> None:
    """Whoever adds one shows in a scenario what it does."""
    files = (tomllib.loads(path.read_text("utf-8")) for path in scenarios_of(config))
    shown: dict[str, set[str]] = {key: set() for key in ("rules", *TICKETS)}
    for expect in (step.get("expect", {}) for file in files for step in file["step"]):
        for key, found in shown.items():
            found.update([one] if isinstance(one := expect.get(key, ""), str) else one)
    unshown = []
    for name, organization in load_config(config).config.organization.items():
        there = {"rules": organization.rule, **{key: getattr(organization, key) for key in TICKETS}}
        unshown += [f"{name}.{key}.{one}" for key, table in there.items() for one in table if one not in shown[key]]
    assert unshown == []
