"""The servers that outlive every daemon of the crash tests, and a desk between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.desk import Desk
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    dovecot = Dovecot(tmp_path_factory.mktemp("dovecot"))
    dovecot.start()
    yield dovecot
    dovecot.close()


@pytest.fixture
def after() -> str:
    """What happens to letters on the mail server; a test may have a parameter of this name."""
    return "nothing"


@pytest.fixture
def desk(dovecot: Dovecot, tmp_path: Path, after: str) -> Iterator[Desk]:
    """A desk with a folder and an SMTP server of its own, which reads four letters at a time."""
    with SmtpServer().in_thread() as smtp:
        desk = Desk(tmp_path, dovecot, smtp, folder=tmp_path.name, after=after, batch=4)
        yield desk
        desk.close()
