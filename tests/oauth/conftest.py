"""A provider on loopback, and tokens of it as a daemon would hold them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.clock import ManualClock
from maild.config.load import load_config
from maild.config.model import Config
from maild.config.oauth import OAuthEntry
from maild.config.secret import SecretRef
from maild.oauth import Bearers
from tests.config.conftest import GOOD
from tests.servers.tokens import CLIENT, SECRET, TokenServer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Desk:
    """Secrets in files, a configuration with the table [oauth.mail], and a clock that stands."""

    def __init__(self, folder: Path, provider: TokenServer) -> None:
        self.folder = folder
        self.secret, self.refresh = folder / "secret", folder / "refresh"
        self.secret.write_text(SECRET)
        self.refresh.write_text("first-refresh")
        (folder / "config.toml").write_text(GOOD, "utf-8")
        good = load_config(folder / "config.toml").config
        self.config: Config = good.model_copy(update={"data_dir": folder / "data"})
        self.provider = provider
        self.clock = ManualClock(NOW)
        self.configure()

    def configure(self, *, refreshing: bool = False, **more: Any) -> None:
        """Put another table into force."""
        values = {
            "token_url": self.provider.token_url,
            "client_id": CLIENT,
            "client_secret": SecretRef(file=self.secret),
            "refresh_token": SecretRef(file=self.refresh) if refreshing else None,
            "timeout": timedelta(seconds=60),
        }
        self.config = self.config.model_copy(update={"oauth": {"mail": OAuthEntry.model_validate(values | more)}})

    def bearers(self) -> Bearers:
        """Return tokens as a process has them that starts now."""
        return Bearers(lambda: self.config, self.clock)

    @property
    def stored(self) -> Path:
        return self.folder / "data" / "oauth-mail.json"


@pytest.fixture
def provider() -> Iterator[TokenServer]:
    with TokenServer().in_thread() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, provider: TokenServer) -> Desk:
    return Desk(tmp_path, provider)


@pytest.fixture
def make_desk(tmp_path: Path) -> Callable[[TokenServer], Desk]:
    return lambda provider: Desk(tmp_path, provider)
