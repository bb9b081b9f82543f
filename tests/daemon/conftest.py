"""One Dovecot and one SMTP server for all tests here; each test has its own folder on them and its own desk."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.desk import Desk, imap
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    server = Dovecot(tmp_path_factory.mktemp("dovecot"))
    server.start()
    yield server
    server.close()


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer().in_thread() as server:
        yield server


NUMBERS = itertools.count()


@pytest.fixture
def folder(dovecot: Dovecot) -> str:
    """A new folder on the IMAP server."""
    name = f"Support{next(NUMBERS)}"
    dovecot.create(name)
    return name


@pytest.fixture
def desk(tmp_path: Path, dovecot: Dovecot, smtp: SmtpServer, folder: str) -> Desk:
    """A desk that reads the folder."""
    (tmp_path / "pw").write_text(dovecot.password)
    return Desk(tmp_path, smtp.port, {"support": imap(dovecot, folders=f'["{folder}"]')})
