"""Every organisation of the regulations, rehearsed as its admin would: each scenario ends as it says, every letter's words included."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config.load import load_config
from tests.cli.call import call

HERE = Path(__file__).parent
TICKETS = ("ground", "offer", "unit", "team")  # tables whose keys stand on tickets
CONFIGS = sorted(HERE.rglob("config.toml"))


def scenarios_of(config: Path) -> Iterator[Path]:
    """Yield the scenarios beside a configuration."""
    return config.parent.joinpath("scenarios").rglob("*.toml")


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: str(path.parent.relative_to(HERE)))
def test_the_desk_does_what_the_regulation_says(config: Path) -> None:
    """`maild check --rehearse` plays all of them, and all steps end as expected."""
    checked = call("check", "--rehearse", "-c", str(config), "--json")
    assert checked.status == 0, checked.out + checked.stderr
    found = [one["found"] for one in checked.json["checks"] if one["what"].endswith("scenarios")]
    assert sum(int(one.split()[0]) for one in found) == len(list(scenarios_of(config)))


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
