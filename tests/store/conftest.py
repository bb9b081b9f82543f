"""Databases of both kinds, a policy, and letters for the tests of the store."""

import functools
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from maild.config.load import load_config
from maild.model import Place, RawMessage
from maild.policy import Policy, load_policy
from maild.store.blobs import LocalBlobs
from maild.store.engine import Database
from tests.servers.postgres import Postgres, shared_postgres

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BOX = "acme/support"
CONFIG = """
data_dir = "data"
[smtp]
host = "127.0.0.1"
security = "none"
[admin]
address = "admin@example.org"
language = "en"
[organization.acme]
name = "Acme"
language = "en"
number_prefix = "ACME"
[organization.acme.mailbox.support]
address = "support@acme.example"
[organization.acme.mailbox.support.maildir]
path = "mail"
[organization.acme.agent.ivan]
name = "Ivan"
address = "ivan@staff.example"
"""


@pytest.fixture
def postgres() -> Postgres:
    """The session's PostgreSQL server."""
    return shared_postgres()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    return sqlite_url(tmp_path) if request.param == "sqlite" else shared_postgres().create_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database with the present schema, of each kind in turn."""
    database = Database.open(_migrated_sqlite(tmp_path) if request.param == "sqlite" else _migrated_postgres())
    yield database
    database.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An open SQLite database with the present schema."""
    database = Database.open(_migrated_sqlite(tmp_path))
    yield database
    database.close()


@pytest.fixture
def postgresql() -> Iterator[Database]:
    """An open PostgreSQL database with the present schema."""
    database = Database.open(_migrated_postgres())
    yield database
    database.close()


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "blobs")


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    """One organisation with one mailbox, one agent and an admin."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return load_policy(load_config(path), key=b"a key for tests, of thirty-two octets")


@functools.cache
def _sqlite_template() -> bytes:
    """Migrating takes a quarter of a second, copying nothing."""
    with tempfile.TemporaryDirectory() as folder:
        Database.open(sqlite_url(Path(folder))).close()
        return (Path(folder) / "maild.sqlite3").read_bytes()


def _migrated_sqlite(folder: Path) -> str:
    (folder / "maild.sqlite3").write_bytes(_sqlite_template())
    return sqlite_url(folder)


@functools.cache
def _postgres_template() -> str:
    url = shared_postgres().create_database()
    Database.open(url).close()
    return str(make_url(url).database)


def _migrated_postgres() -> str:
    return shared_postgres().create_database(_postgres_template())


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'maild.sqlite3'}"


def letter(
    uid: int,
    words: str = "Help!",
    *,
    author: str = "anna@customer.example",
    subject: str = "Printer",
    headers: str = "",
    mailbox: str = BOX,
    folder: str = "INBOX",
    uidvalidity: int = 1,
    received_at: datetime = NOW,
) -> RawMessage:
    """A letter that arrived; its Message-ID is <m{uid}@customer.example> unless `headers` bring another."""
    if "Message-ID:" not in headers:
        headers += f"Message-ID: <m{uid}@customer.example>\n"
    text = f"From: Anna <{author}>\nTo: support@acme.example\nSubject: {subject}\n{headers}\n{words}\n"
    place = Place(mailbox=mailbox, folder=folder, uidvalidity=uidvalidity, uid=str(uid))
    return RawMessage(octets=text.encode(), place=place, received_at=received_at, envelope_sender=author)
