"""The attack tables of docs/security.md name tests that exist, and none of the attacks is left out."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    if "::" in line
]


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    tests = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in tests if node.name.startswith("test_")}


def test_every_row_names_a_test_that_exists() -> None:
    """Attempt, outcome, and `path::name` in each row."""
    assert len(ROWS) > 30
    for attempt, outcome, test in ROWS:
        named = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", test)
        assert attempt
        assert outcome
        assert named, test
        assert named[2] in names_in(named[1]), test


def test_every_attack_stands_in_the_tables() -> None:
    """Whoever adds one tells the readers of the page."""
    named = {test.strip("`").partition("::")[2] for _, _, test in ROWS}
    assert names_in("tests/walk/test_agent_attacks.py") <= named
