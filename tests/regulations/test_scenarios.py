"""Every organisation of the regulations, rehearsed: each scenario ends as it says, every letter's words included."""

from pathlib import Path

import pytest

from maild.scenario import play

HERE = Path(__file__).parent
SCENARIOS = sorted(path for path in HERE.glob("*/*.toml") if path.name != "config.toml")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_desk_does_what_the_regulation_says(scenario: Path) -> None:
    """All steps end as expected."""
    differences = [f"step {step.number} ({step.title}): {line}" for step in play(scenario) for line in step.differences]
    assert differences == []
