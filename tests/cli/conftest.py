"""A desk without servers."""

from pathlib import Path

import pytest

from tests.daemon.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose mailbox is handed its letters; commands find it by themselves."""
    desk = Desk(tmp_path / "desk")
    monkeypatch.setenv("MAILD_CONFIG", str(desk.file))
    monkeypatch.chdir(desk.path)
    return desk
