"""Every desk here, rehearsed as its admin would: each scenario ends as it says, every letter's words included.

And whatever a scenario is about, no letter of it tells people outside what is for agents alone.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config.load import load_rehearsal
from maild.scenarios import own_scenarios
from tests.regulations.desks import find_faults, find_unshown

HERE = Path(__file__).parent
CONFIGS = sorted(HERE.rglob("config.toml"))


def scenarios_of(config: Path) -> Iterator[Path]:
    """Yield the scenarios beside a configuration."""
    return config.parent.joinpath("scenarios").rglob("*.toml")


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: str(path.parent.relative_to(HERE)))
def test_the_desk_does_what_the_regulation_says_and_tells_nobody_what_is_ours(config: Path) -> None:
    """All that `maild check --rehearse` would play is played, all steps end as expected, and no letter leaks anything."""
    loaded = load_rehearsal(config)
    paths = [path for found in own_scenarios(loaded).values() for path in found.paths]
    assert sorted(path.resolve() for path in paths) == sorted(path.resolve() for path in scenarios_of(config))
    assert find_faults(loaded) == []


def test_no_scenario_is_left_out() -> None:
    """Each belongs to one of the configurations above."""
    played = {path for config in CONFIGS for path in scenarios_of(config)}
    assert {path for path in HERE.rglob("*.toml") if "[[step]]" in path.read_text("utf-8")} == played


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: str(path.parent.relative_to(HERE)))
def test_every_rule_ground_offer_unit_and_team_is_rehearsed(config: Path) -> None:
    """Whoever adds one shows in a scenario what it does."""
    assert find_unshown(load_rehearsal(config), scenarios_of(config)) == []
