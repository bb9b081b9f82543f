"""docs/ru/first-steps.md, followed to the letter: every file is written, every command run, every output compared."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.newcomer import DOCS, Newcomer, newcomer_in


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newcomer]:
    monkeypatch.delenv("MAILD_CONFIG", raising=False)
    with newcomer_in(tmp_path) as one:
        yield one


def test_the_guide_is_what_happens(newcomer: Newcomer) -> None:
    """From an empty folder to a rule that a scenario holds and a running maild has taken."""
    newcomer.read_page((DOCS / "first-steps.md").read_text("utf-8"))
