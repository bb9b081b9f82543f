"""A configuration that loads, to be broken one key at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.errors import ConfigError, Problem

GOOD = """\
[smtp]
host = "smtp.example.org"

[organization.acme]
name = "Acme"

[organization.acme.mailbox.support]
address = "support@acme.example"

[organization.acme.mailbox.support.imap]
host = "imap.example.org"
username = "support"
password = { env = "IMAP_PASSWORD" }

[organization.acme.agent.ivanov]
name = "Иванов"
address = "ivanov@acme.example"
"""


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one, so that problems name files as an admin sees them."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def problems_of(in_folder: Path) -> Callable[..., list[Problem]]:
    """Write config.toml (and other files by name), load it, and return the problems."""

    def problems_of(config: str | bytes, **others: str) -> list[Problem]:
        write(in_folder / "config.toml", config)
        for name, text in others.items():
            write(in_folder / name, text)
        try:
            load_config(Path("config.toml"))
        except ConfigError as error:
            return error.problems
        return []

    return problems_of


def write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
