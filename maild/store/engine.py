"""Opening the database: durable settings, migrations, and a clear refusal where it cannot be used.

The only file that creates engines. SQLite in WAL with full durability by default, PostgreSQL through psycopg 3.
"""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.util import LRUCache

from maild.errors import SchemaTooNew, StoreBusy, StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
_READ_ONLY = {"mode": "ro", "uri": "true"}  # sqlite.org/uri.html
BUSY_MS = 5000  # how long SQLite waits for another process' write lock (a CLI command beside the daemon)
PG_MIGRATING = 0x6D61696C65  # the lock under which one process at a time changes PostgreSQL's schema
PG_LOCK = 0x6D61696C64  # "maild": the advisory lock that keeps a second daemon off the same PostgreSQL database


@dataclass
class Database:
    """An open database: `write()` for the one writer thread, `read()` beside it."""

    url: str = field(repr=False)  # may hold a password
    writer: Engine
    reader: Engine
    migrations: Path = MIGRATIONS
    _locked: bool = field(default=False, repr=False)  # whether the lock is to be held
    _lock_file: BinaryIO | None = field(default=None, repr=False)
    _lock_connection: Connection | None = field(default=None, repr=False)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        migrate: bool = True,
        allow_old: bool = False,
        durable: bool = True,
        migrations: Path = MIGRATIONS,
    ) -> "Database":
        """Open and, unless told otherwise, bring the schema up to date. Raises StoreError, SchemaTooNew.

        With `allow_old` an older schema, or none, is left as it is for now: a daemon locks first, a backup copies only.
        A file that is not `durable` never waits for the disk: it is as good as lost when the machine stops.
        """
        with translated(url):
            _make_folder(url)
            writer = _engine(url, immediate=True, durable=durable)
            reader = _engine(url, immediate=False, durable=durable)
            database = cls(url=url, writer=writer, reader=reader, migrations=migrations)
            try:
                if migrate:
                    database.migrate()
                else:
                    database._refuse_other_schema(allow_old=allow_old)
            except BaseException:
                database.close()
                raise
            return database

    @classmethod
    def open_to_read(cls, url: str) -> "Database":
        """Open what is there to read only, beside a daemon or without one: the database refuses every change.

        Raises StoreError, SchemaTooNew. Of SQLite's files the index of who reads (-shm) alone is touched.
        """
        with translated(url):
            reader = _reading_engine(url)
            database = cls(url=url, writer=reader, reader=reader)
            try:
                database._refuse_other_schema()
            except BaseException:
                database.close()
                raise
            return database

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of ours."""
        return self.writer.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any exception. Raises StoreError."""
        with translated(self.url), self.writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot that waits for nobody and changes nothing. Raises StoreError."""
        with translated(self.url), self.reader.connect() as connection:
            yield connection

    def lock(self) -> None:
        """Become the only daemon on this database until `close`. Raises StoreBusy, StoreError."""
        with translated(self.url):
            self._lock()
        self._locked = True

    def keep_lock(self) -> None:
        """Take the lock again where PostgreSQL has forgotten it. Raises StoreBusy where another daemon was faster.

        Its lock lasts as long as the session, which ends with a restart of the server; until the next call of this,
        which the watchdog makes, another daemon can come in. SQLite's lock is a file's and lasts as long as we do.
        """
        if not self._locked or self.is_sqlite:
            return
        with translated(self.url):
            if self._lock_connection is not None:
                try:
                    self._lock_connection.execute(text("select 1"))
                    self._lock_connection.commit()
                except DBAPIError:
                    lost, self._lock_connection = self._lock_connection, None
                    lost.close()
                else:
                    return
            self._lock()

    def _lock(self) -> None:
        if self.is_sqlite:
            path = make_url(self.url).database
            if path in (None, "", ":memory:"):
                return
            self._lock_file = open(f"{path}.lock", "ab")  # noqa: SIM115 - held until close
            try:
                fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._lock_file.close()
                raise StoreBusy(
                    f"another maild daemon works on {path}: stop it first, or give this one its own data_dir"
                ) from None
            return
        connection = self.writer.connect()
        if not connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": PG_LOCK}).scalar():
            connection.close()
            raise StoreBusy("another maild daemon works on this PostgreSQL database: stop it first")
        connection.commit()  # the session holds the lock; an open transaction would hold back vacuum
        self._lock_connection = connection

    def in_use(self) -> bool:
        """Whether a daemon works on this database. Raises StoreError."""
        with translated(self.url):
            if self.is_sqlite:
                try:
                    with open(f"{make_url(self.url).database}.lock", "rb") as file:
                        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except FileNotFoundError:
                    return False
                except BlockingIOError:
                    return True
                return False
            with self.reader.connect() as connection:
                free = connection.execute(text("select pg_try_advisory_lock_shared(:key)"), {"key": PG_LOCK}).scalar()
                if free:
                    connection.execute(text("select pg_advisory_unlock_shared(:key)"), {"key": PG_LOCK})
                return not free

    def migrate(self) -> None:
        """Bring the schema up to date, all or nothing. Raises SchemaTooNew."""
        current = self._refuse_other_schema(allow_old=True)
        if current == _revisions(self.migrations)[1]:
            return
        config = _alembic(self.migrations)
        with self.writer.connect() as connection:
            if self.is_sqlite:
                # Rebuilding a table with foreign keys on would delete the rows that refer to it.
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    if not self.is_sqlite:  # another one may be at it: then there is nothing left to do
                        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": PG_MIGRATING})
                    config.attributes["connection"] = connection
                    command.upgrade(config, "head")
            finally:
                if self.is_sqlite:
                    connection.connection.cursor().execute("PRAGMA foreign_keys=ON")

    def revision(self) -> str | None:
        """Return the schema's revision, None for an empty database."""
        with self.read() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def copy_to(self, target: Path) -> None:
        """Copy the SQLite database as of one instant, while others read and write it. Raises StoreError."""
        with translated(self.url), self.reader.connect() as connection, closing(sqlite3.connect(target)) as copy:
            live = connection.connection.driver_connection
            assert isinstance(live, sqlite3.Connection), "PostgreSQL has pg_dump"
            live.backup(copy)

    def forget(self) -> None:
        """Leave nothing of what was changed in SQLite's journal, as far as nobody reads just now. Raises StoreError.

        PostgreSQL overwrites what vacuum frees, in its own time.
        """
        if self.is_sqlite:
            with translated(self.url), self.reader.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the lock and every connection."""
        if self._lock_connection is not None:
            self._lock_connection.close()
        self.writer.dispose()
        self.reader.dispose()
        if self._lock_file is not None:
            self._lock_file.close()

    def _refuse_other_schema(self, *, allow_old: bool = False) -> str | None:
        current = self.revision()
        known, head = _revisions(self.migrations)
        if current is not None and current not in known:
            raise SchemaTooNew(
                f"the database was written by a newer maild (schema {current}): run that version, or restore a backup"
            )
        if not allow_old and current != head:
            raise StoreError("the database has an older schema: run `maild db upgrade`, or start the daemon once")
        return current


@cache
def _revisions(migrations: Path) -> tuple[frozenset[str], str]:
    """Return every schema that these migrations know, and the latest: they change with the program only."""
    scripts = ScriptDirectory.from_config(_alembic(migrations))
    head = scripts.get_current_head()
    assert head is not None, "the package ships at least one migration"
    return frozenset(script.revision for script in scripts.walk_revisions()), head


def _alembic(migrations: Path) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return config


def _make_folder(url: str) -> None:
    """Make SQLite's folder and file where they are missing, closed to everybody else."""
    path = make_url(url).database
    if url.startswith("sqlite") and path and path != ":memory:":
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # there already, or SQLite says better what is wrong
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))  # its journals get the same mode


class _Statements(LRUCache[Any, Any]):
    """Compiled statements of every SQLite database: compiling one costs more than running it, and the file is no part of it.

    SQLAlchemy keeps them by dialect, an object of each engine, which stands first in the key.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key[1:], value)


STATEMENTS = _Statements(1000)


def _engine(url: str, *, immediate: bool, durable: bool) -> Engine:
    """Return an engine; with `immediate` every transaction takes the write lock at once.

    SQLite's driver would otherwise begin on the first write: a read-then-write then loses updates silently.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=2 if immediate else 4, hide_parameters=True)
    engine = create_engine(
        url,
        poolclass=NullPool if not immediate else None,
        connect_args={"check_same_thread": False},
        hide_parameters=True,  # they are subjects and addresses, and errors are logged
        execution_options={"compiled_cache": STATEMENTS},
    )
    # FULL: letters are deleted on the IMAP server on the strength of a commit. secure_delete: what is erased is overwritten.
    synchronous = "FULL" if durable else "OFF"

    @event.listens_for(engine, "connect")
    def _connected(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None
        cursor = dbapi.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _reading_engine(url: str) -> Engine:
    """Return an engine on which every transaction is a snapshot that cannot write."""
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_pre_ping=True, pool_size=1, hide_parameters=True)

        @event.listens_for(engine, "begin")
        def _reads(connection: Connection) -> None:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

        return engine
    file = URL.create("sqlite", database=f"file:{quote(make_url(url).database or '')}", query=_READ_ONLY)
    engine = create_engine(
        file,
        poolclass=NullPool,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
        execution_options={"compiled_cache": STATEMENTS},
    )

    @event.listens_for(engine, "connect")
    def _connected(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None
        dbapi.execute(f"PRAGMA busy_timeout={BUSY_MS}").close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn what the driver raises into a StoreError that says what to do; bugs (bad SQL) stay what they are."""
    place = make_url(url).render_as_string(hide_password=True)
    try:
        yield
    except DBAPIError as error:
        words = str(error.orig)
        for sign, advice in _ADVICE.items():
            if sign in words.lower():
                raise StoreError(f"{place}: {words.strip()}: {advice}") from error
        # psycopg keeps this class for the server's troubles; sqlite3 puts bad SQL into it as well.
        if error.connection_invalidated or (isinstance(error, OperationalError) and not url.startswith("sqlite")):
            raise StoreError(f"{place}: {words.strip()}: look after the database server; maild tries again") from error
        raise
    except OSError as error:
        what = os.strerror(error.errno) if error.errno else error
        raise StoreError(f"{error.filename or place}: {what}: check data_dir") from error


_ADVICE = {
    "disk is full": "free some space; nothing is lost, letters stay on the mail server",
    "no space left": "free some space; nothing is lost, letters stay on the mail server",
    "readonly database": "the disk or the file is read-only: give maild's user the right to write there",
    "attempt to write a readonly": "the disk or the file is read-only: give maild's user the right to write there",
    "database is locked": "another program holds the database: close it, maild tries again",
    "unable to open database": "the folder is missing or closed to maild's user: check data_dir",
    "disk i/o error": "the disk failed or is full: check it; nothing is lost, letters stay on the mail server",
    "malformed": "the file is damaged: stop maild and put the copy back that `maild db backup` wrote",
    "not a database": "the file is not an SQLite database: check database.url",
    "connection refused": "the database server does not answer: start it, or check database.url",
    "password authentication failed": "check the user in database.url and database.password",
    "fatal:  database": "create the database, or check database.url",
    "fatal:  role": "create the database's user, or check database.url",
    "terminating connection": "the database server is going down; maild tries again",
    "server closed the connection": "the database server went away; maild tries again",
    "the connection is closed": "the database server went away; maild tries again",
    "is the server running": "the database server does not answer: start it, or check database.url",
    "failed to resolve host": "the database server's name is unknown: check database.url",
    "could not translate host": "the database server's name is unknown: check database.url",
    "read-only transaction": "the database server takes no changes: it is a standby, or closed for maintenance",
}
