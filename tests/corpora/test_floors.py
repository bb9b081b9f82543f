"""Real mail of many years and countries is read as well as docs/corpora.md says, and as well as it must be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpora.figures import ALL, Answer, Counts, count, find_unwritten, find_worse, from_markdown
from tests.corpora.goals import GOALS, Goal

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "corpora.md"


@pytest.fixture(scope="module")
def now(corpora: None) -> Counts:
    """What the code gets right; asked in a process of its own, which forks for each letter."""
    asked = subprocess.run(
        [sys.executable, "-m", "tests.corpora", "--json"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return count(Answer(**answer) for answer in json.loads(asked.stdout))


@pytest.fixture(scope="module")
def written() -> Counts:
    """What the page says."""
    return from_markdown(PAGE.read_text(encoding="utf-8"))


def test_no_figure_is_worse_than_written(written: Counts, now: Counts) -> None:
    """Each figure of each source is a floor."""
    assert written
    assert find_worse(written, now) == []


def test_what_got_better_is_written_down(written: Counts, now: Counts) -> None:
    """So that it cannot be lost again."""
    assert find_unwritten(written, now) == [], "run `make corpora-table`"


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.question)
def test_goals_are_reached(goal: Goal, now: Counts) -> None:
    """However the sources share the misses."""
    right, total = now.get((goal.question, ALL), (0, 0))
    assert goal.reached(now), f"{right} of {total} right, at least {goal.least:.1%} wanted"
