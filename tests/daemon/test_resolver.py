"""Whom the daemon asks for the keys of signatures."""

from pathlib import Path

import pytest

from maild.daemon import Daemon
from maild.ingest.signatures import Resolve, look_up
from tests.daemon.test_clock import CONFIG


@pytest.mark.parametrize("resolve", [None, lambda _name: b"p="])
def test_it_asks_dns(tmp_path: Path, resolve: Resolve | None) -> None:
    """DNS, unless it is told another way."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    daemon = Daemon(tmp_path / "config.toml", resolve=resolve) if resolve else Daemon(tmp_path / "config.toml")
    try:
        assert daemon.office.resolve is (resolve or look_up)
    finally:
        daemon.office.close()
