"""Promises of the engine: durable, one writer at a time, one daemon, and a clear word where it cannot be used."""

import contextlib
import os
import pwd
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, insert, make_url, select, text, update
from sqlalchemy.exc import DBAPIError

from maild.errors import SchemaTooNew, StoreBusy, StoreError
from maild.store.engine import BUSY_MS, STATEMENTS, Database
from maild.store.schema import counter
from tests.servers.postgres import Postgres
from tests.store.conftest import sqlite_url

THREADS, ROUNDS = 4, 10
MANY = [f"{n:080}" for n in range(5000)]  # half a megabyte
DAEMON = "import sys; from maild.store.engine import Database; d = Database.open(sys.argv[1]); d.lock(); print('holds it', flush=True); sys.stdin.read()"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that users other than root can get into, which pytest's are not."""
    folder = Path(tempfile.mkdtemp(prefix="maild-store-"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder)


# ── durable ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("engine", ["writer", "reader"])
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", BUSY_MS)],
    ids=["write-ahead-log", "synchronous-FULL", "foreign-keys", "waits-for-others"],
)
def test_sqlite_is_set_up_on_every_connection(sqlite: Database, engine: str, pragma: str, value: object) -> None:
    """Letters are deleted on the mail server on the strength of a commit, so a commit is on the disk (FULL = 2)."""
    for _ in range(2):
        with getattr(sqlite, engine).connect() as connection:
            assert connection.execute(text(f"pragma {pragma}")).scalar() == value
        getattr(sqlite, engine).dispose()


def test_what_need_not_last_waits_for_no_disk(sqlite: Database) -> None:
    """A rehearsal's database is set up like any other but for that (OFF = 0); the one that others open is as it was."""
    database = Database.open(sqlite.url, migrate=False, durable=False)
    for engine in (database.writer, database.reader):
        with engine.connect() as connection:
            found = [
                connection.execute(text(f"pragma {one}")).scalar()
                for one in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert found == ["wal", 0, 1]
    database.close()


def test_a_statement_is_compiled_once_for_all_files(tmp_path: Path) -> None:
    """Each database answers with its own rows all the same, whoever asked first."""
    databases = [Database.open(f"sqlite:///{tmp_path}/{n}.sqlite3") for n in range(3)]
    asked = select(counter.c.value).where(counter.c.name == "of this test alone")
    found, kept, before = [], [], len(STATEMENTS)
    for n, database in enumerate(databases):
        with database.write() as connection:
            connection.execute(insert(counter).values(name="of this test alone", value=n))
        with database.read() as connection:
            found.append(connection.execute(asked).scalar_one())
        kept.append(len(STATEMENTS))
        database.close()
    assert found == [0, 1, 2]
    assert before < kept[0] == kept[1] == kept[2]


def test_no_update_is_lost(database: Database) -> None:
    """Two writers that read before they write do not overwrite each other."""
    with database.write() as connection:
        connection.execute(insert(counter).values(name="letters", value=0))

    def count() -> None:
        for _ in range(ROUNDS):
            with database.write() as connection:
                value = connection.execute(
                    select(counter.c.value).where(counter.c.name == "letters").with_for_update()
                ).scalar_one()
                connection.execute(update(counter).where(counter.c.name == "letters").values(value=value + 1))

    threads = [threading.Thread(target=count) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.read() as connection:
        assert connection.execute(select(counter.c.value)).scalar_one() == THREADS * ROUNDS


def test_an_exception_rolls_back(database: Database) -> None:
    """Half a transaction is none."""
    with pytest.raises(ZeroDivisionError), database.write() as connection:  # noqa: PT012
        connection.execute(insert(counter).values(name="half", value=1))
        raise ZeroDivisionError
    assert _names(database) == []


def test_reading_does_not_wait_for_the_writer(database: Database) -> None:
    """`maild status` answers while a long walk is under way, and sees nothing of it."""
    with database.write() as connection:
        connection.execute(insert(counter).values(name="unfinished", value=1))
        assert _names(database) == []
    assert _names(database) == ["unfinished"]


# ── one daemon ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_daemon_is_refused(url: str) -> None:
    """Two daemons would read the same mailbox twice; the second one is told so, and may start when the first ends."""
    first = subprocess.Popen([sys.executable, "-c", DAEMON, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert first.stdin is not None
    assert first.stdout is not None
    with first, contextlib.closing(Database.open(url)) as second:
        assert first.stdout.readline() == b"holds it\n"
        with pytest.raises(StoreBusy, match=r"another maild daemon works on .* stop it first"):
            second.lock()
        first.kill()  # even a killed one leaves no lock behind
        first.wait(10)
        second.lock()


def test_several_at_once_make_the_schema_once(url: str) -> None:
    """Daemons and commands that start together on an empty database wait for whoever is first."""
    with ThreadPoolExecutor(4) as several:
        for database in several.map(lambda _: Database.open(url), range(4)):
            assert database.revision() is not None
            database.close()


def test_other_commands_work_beside_the_daemon(database: Database) -> None:
    """`maild receive` and `maild outbox retry` write while the daemon holds its lock."""
    database.lock()
    with contextlib.closing(Database.open(database.url)) as beside:
        _add(beside, "beside")
    assert _names(database) == ["beside"]


def test_a_lock_file_of_somebody_else_is_told(open_folder: Path) -> None:
    """A daemon that was once started as root leaves a lock file that maild's own user cannot open."""
    url = sqlite_url(open_folder)
    Database.open(url).close()
    for path in open_folder.iterdir():
        path.chmod(0o666)
    (open_folder / "maild.sqlite3.lock").touch(0o400)
    with (
        _without_root(),
        contextlib.closing(Database.open(url)) as database,
        pytest.raises(StoreError, match="Permission denied: check data_dir"),
    ):
        database.lock()


# ── reading only ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_reads_only_changes_nothing(database: Database) -> None:
    """A slip in a command that promises to change nothing is stopped by the database itself."""
    with contextlib.closing(Database.open_to_read(database.url)) as reading:
        for begin in (reading.read, reading.write):
            with pytest.raises((StoreError, DBAPIError), match=r"(?i)read-?only"), begin() as connection:
                connection.execute(insert(counter).values(name="never", value=1))
        _add(database, "beside")
        assert _names(reading) == ["beside"]
    assert _names(database) == ["beside"]


def test_who_reads_only_stops_nobody(database: Database) -> None:
    """It waits for no writer and no writer waits for it; it sees one instant for as long as it reads."""
    with contextlib.closing(Database.open_to_read(database.url)) as reading:
        with database.write() as connection:
            connection.execute(insert(counter).values(name="unfinished", value=1))
            assert _names(reading) == []
        with reading.read() as connection:
            assert connection.execute(select(counter.c.name)).scalars().all() == ["unfinished"]
            _add(database, "meanwhile")
            assert connection.execute(select(counter.c.name)).scalars().all() == ["unfinished"]
        assert _names(reading) == ["unfinished", "meanwhile"]


@pytest.mark.parametrize("name", ["data", "100% данные#", "a&mode=rw"])
def test_files_are_read_as_they_lie(tmp_path: Path, name: str) -> None:
    """Without a daemon beside: the database's octets are the same before and after, wherever it lies."""
    url = sqlite_url(tmp_path / name)
    with contextlib.closing(Database.open(url)) as database:
        _add(database, "kept")
    before = _files(tmp_path / name)
    with contextlib.closing(Database.open_to_read(url)) as reading:
        assert _names(reading) == ["kept"]
    after = {path: octets for path, octets in _files(tmp_path / name).items() if not str(path).endswith("-shm")}
    assert {path: octets for path, octets in after.items() if octets} == before


def test_nothing_is_made_to_be_read(tmp_path: Path) -> None:
    """Where there is no database, none is made, and an older one is not brought up to date."""
    with pytest.raises(StoreError, match="check data_dir"):
        Database.open_to_read(sqlite_url(tmp_path / "data"))
    assert not (tmp_path / "data").exists()
    url = sqlite_url(tmp_path)
    with contextlib.closing(Database.open(url, migrate=False, allow_old=True)):
        pass
    with pytest.raises(StoreError, match="maild db upgrade"):
        Database.open_to_read(url)


# ── what cannot be used ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_newer_schema_is_refused(url: str) -> None:
    """An old program does not touch what it does not understand; the message names the ways out."""
    database = Database.open(url)
    with database.write() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    database.close()
    for migrate in (True, False):
        with pytest.raises(SchemaTooNew, match=r"newer maild \(schema 9999\): run that version, or restore a backup"):
            Database.open(url, migrate=migrate)


def test_looking_never_migrates(url: str) -> None:
    """`maild ticket list` on a fresh database says what to do instead of doing it."""
    with pytest.raises(StoreError, match="maild db upgrade"):
        Database.open(url, migrate=False)


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    """The first start needs nothing prepared."""
    Database.open(sqlite_url(tmp_path / "var" / "lib")).close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="check data_dir"):
        Database.open(sqlite_url(tmp_path / "file" / "data"))


def test_a_closed_folder_is_told(open_folder: Path) -> None:
    """maild's user may not write where the database should be made."""
    open_folder.chmod(0o555)
    with _without_root(), pytest.raises(StoreError, match=r"unable to open database file: .* check data_dir"):
        Database.open(sqlite_url(open_folder))


def test_a_read_only_database_is_told_and_unchanged(open_folder: Path) -> None:
    """A disk remounted read-only: reading says what is wrong or works, writing changes nothing."""
    url = sqlite_url(open_folder)
    Database.open(url).close()
    before = _files(open_folder)
    for path in open_folder.iterdir():
        path.chmod(0o444)
    open_folder.chmod(0o555)
    with (
        _without_root(),
        pytest.raises(StoreError, match=r"read-only|check data_dir"),
        contextlib.closing(Database.open(url)) as database,
    ):
        _add(database, "never")
    assert _files(open_folder) == before


def test_a_file_that_is_no_database_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "maild.sqlite3"
    path.write_bytes(b"Dear maild,\n" * 1000)
    with pytest.raises(StoreError, match=r"file is not a database: .* check database\.url"):
        Database.open(sqlite_url(tmp_path))
    assert path.read_bytes() == b"Dear maild,\n" * 1000


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    """Octets overwritten in the middle of the file: the message says to put a backup back."""
    database = Database.open(sqlite_url(tmp_path))
    _add(database, *MANY)
    database.close()
    path = tmp_path / "maild.sqlite3"
    octets = bytearray(path.read_bytes())
    octets[8192 : len(octets) - 4096] = b"\xa5" * (len(octets) - 12288)
    path.write_bytes(octets)
    with (
        pytest.raises(StoreError, match="put the copy back"),
        contextlib.closing(Database.open(sqlite_url(tmp_path))) as damaged,
    ):
        _names(damaged)


def test_a_full_database_rolls_back(sqlite: Database) -> None:
    """SQLite finds no more room (here: max_page_count): the transaction vanishes as a whole, the next small one works."""
    _allow_pages(sqlite, more=1)
    with pytest.raises(StoreError, match="free some space; nothing is lost"):
        _add(sqlite, *MANY)
    assert _names(sqlite) == []
    _add(sqlite, "small")
    assert _names(sqlite) == ["small"]


def test_a_disk_that_takes_no_more_rolls_back(sqlite: Database) -> None:
    """The operating system refuses to write (here: RLIMIT_FSIZE): told as the disk's fault, nothing half-written."""
    _add(sqlite, "before")
    with pytest.raises(StoreError, match="the disk failed or is full"), _small_files(200_000):
        _add(sqlite, *MANY)
    assert _names(sqlite) == ["before"]
    _add(sqlite, "after")
    assert _names(sqlite) == ["before", "after"]


def test_a_locked_database_is_told(sqlite: Database) -> None:
    """Another program sits on the database: after BUSY_MS (here: at once) the message says so; then work goes on."""
    event.listen(sqlite.writer, "connect", lambda dbapi, _: dbapi.execute("PRAGMA busy_timeout=10").close())
    sqlite.writer.dispose()
    with contextlib.closing(sqlite3.connect(str(sqlite.writer.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="database is locked: another program holds the database"):
            _add(sqlite, "never")
        other.execute("ROLLBACK")
    _add(sqlite, "later")
    assert _names(sqlite) == ["later"]


def test_bad_sql_stays_a_bug(database: Database) -> None:
    """Our own mistakes are not taken for the disk's."""
    with pytest.raises(Exception, match="no_such_table") as caught, database.write() as connection:
        connection.execute(text("select * from no_such_table"))
    assert not isinstance(caught.value, StoreError)


# ── PostgreSQL's own troubles ────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_postgresql_database_is_told(postgres: Postgres) -> None:
    with pytest.raises(StoreError, match=r'database "nowhere" does not exist.*: create the database'):
        Database.open(postgres.url("nowhere"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://maild:secret-word@127.0.0.1:1/maild",
        "postgresql+psycopg://maild:secret-word@/maild?host=/nonexistent",
        "postgresql+psycopg://maild:secret-word@no-such-host.invalid/maild",
    ],
    ids=["nobody-listens", "no-socket", "no-such-name"],
)
def test_a_postgresql_server_out_of_reach_is_told(url: str) -> None:
    """The message says where maild looked and what to do; the password is not in it."""
    with pytest.raises(StoreError, match=r"start it|its name is unknown|check database\.url") as caught:
        Database.open(url)
    assert "secret-word" not in str(caught.value)


def test_a_postgresql_server_that_restarts_is_told_and_used_again() -> None:
    """A restart of the server costs the transaction under way, not the daemon."""
    postgres = Postgres()
    try:
        postgres.start()
        database = Database.open(postgres.create_database())
        with pytest.raises(StoreError, match="tries again"), database.write() as connection:  # noqa: PT012
            connection.execute(insert(counter).values(name="lost", value=1))
            postgres.stop()
            connection.execute(insert(counter).values(name="lost as well", value=1))
        with pytest.raises(StoreError, match="start it"):
            _add(database, "never")
        postgres.start()
        _add(database, "kept")
        assert _names(database) == ["kept"]
        database.close()
    finally:
        postgres.close()


def test_a_postgresql_that_restarts_gives_the_lock_back_or_to_another_daemon() -> None:
    """The server forgets its locks: whoever is first has it, the other one is told."""
    postgres = Postgres()
    try:
        postgres.start()
        url = postgres.create_database()
        with contextlib.closing(Database.open(url)) as first, contextlib.closing(Database.open(url)) as second:
            first.keep_lock()
            assert not first.in_use(), "nobody asked for the lock"
            first.lock()
            first.keep_lock()
            postgres.stop()
            with pytest.raises(StoreError, match="start it"):
                first.keep_lock()
            postgres.start()
            assert not second.in_use()
            first.keep_lock()
            with pytest.raises(StoreBusy):
                second.lock()
            postgres.stop()
            postgres.start()
            second.lock()
            with pytest.raises(StoreBusy, match="another maild daemon works"):
                first.keep_lock()
    finally:
        postgres.close()


def test_parameters_stay_out_of_errors(database: Database) -> None:
    """They are subjects and addresses, and errors are logged."""
    values = {"subject": "private matters"}
    with pytest.raises(Exception, match="no_such_table") as caught, database.write() as connection:
        connection.execute(text("insert into no_such_table values (:subject)"), values)
    assert "private matters" not in "".join(traceback.format_exception(caught.value))


def test_what_is_made_is_closed_to_others(tmp_path: Path) -> None:
    """Folder, database and journal, whatever the umask is."""
    before = os.umask(0o022)
    try:
        with contextlib.closing(Database.open(f"sqlite:///{tmp_path / 'data' / 'maild.sqlite3'}")) as database:
            _add(database, "something")
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
    finally:
        os.umask(before)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert modes == {"maild.sqlite3": 0o600, "maild.sqlite3-wal": 0o600, "maild.sqlite3-shm": 0o600}


def test_a_read_only_postgresql_is_told(postgres: Postgres) -> None:
    """A standby, or a server closed for maintenance, takes no letters for now."""
    url = postgres.create_database()
    Database.open(url).close()
    postgres.execute(f"alter database {make_url(url).database} set default_transaction_read_only = on")
    with contextlib.closing(Database.open(url)) as database, pytest.raises(StoreError, match="it is a standby"):
        _add(database, "never")


# ── helpers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _add(database: Database, *names: str) -> None:
    with database.write() as connection:
        connection.execute(insert(counter), [{"name": name, "value": 1} for name in names])


def _names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(counter.c.name).order_by(counter.c.name.desc())).scalars())


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _allow_pages(database: Database, *, more: int) -> None:
    """Let the database grow by so many pages and no further."""
    with database.read() as connection:
        pages = connection.execute(text("pragma page_count")).scalar_one() + more
    event.listen(database.writer, "connect", lambda dbapi, _: dbapi.execute(f"PRAGMA max_page_count={pages}").close())
    database.writer.dispose()


@contextlib.contextmanager
def _small_files(octets: int) -> Iterator[None]:
    """Let no file of this process grow beyond `octets`, as a full disk would; Python ignores SIGXFSZ by itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def _without_root() -> Iterator[None]:
    """Be nobody for a while, because no file is closed to root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
