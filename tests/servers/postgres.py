"""A private PostgreSQL on a Unix socket, with nothing durable about it. Imports nothing of ours but test helpers.

postgres = Postgres()
postgres.start()                  # a second or two; stop() and start() keep the data
url = postgres.create_database()  # a fresh, empty one: "postgresql+psycopg://…"
postgres.close()                  # stop, and remove the data

`shared_postgres()` starts one for the whole test session, for tests that only want a database.
"""

import atexit
import contextlib
import functools
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.servers.need import need

HOW = "apt-get install postgresql"
SUPERUSER = "maild"
SETTINGS = {
    "listen_addresses": "",  # the socket only
    "fsync": "off",  # the tests kill maild, never this server
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "max_connections": "30",
    "log_min_messages": "warning",
}


class Postgres:
    """One server; PostgreSQL refuses to work for root, so root lends it to the user `postgres` or `nobody`."""

    def __init__(self) -> None:
        self._initdb, self._postgres, self._psql = (need(binary, HOW) for binary in ("initdb", "postgres", "psql"))
        self._folder = Path(tempfile.mkdtemp(prefix="maild-postgres-"))  # pytest's are too long for a socket's name
        self._owner = _unprivileged() if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        if os.getuid() == 0:
            os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
        self._names = (f"maild{n}" for n in itertools.count(1))
        self._process: subprocess.Popen[bytes] | None = None
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", f"--username={SUPERUSER}"]
        self._run(self._initdb, *options, "-D", str(self._folder / "data"))

    def start(self) -> None:
        """Start, and return when it answers."""
        settings = [argument for name, value in SETTINGS.items() for argument in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._postgres, "-D", str(self._folder / "data"), "-k", str(self._folder), *settings],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **self._as_owner(),
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(subprocess.CalledProcessError):
                self.execute("select 1")
                return
            time.sleep(0.05)
        raise AssertionError(f"postgres does not start: {(self._folder / 'log').read_text()}")

    def stop(self) -> None:
        """Stop at once; clients are told."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(2)  # SIGINT: fast shutdown
            process.wait(20)

    def close(self) -> None:
        """Stop for good and remove the data."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def create_database(self, template: str = "template1") -> str:
        """Make a database, empty or a copy of another one that nobody uses, and return its SQLAlchemy URL."""
        name = next(self._names)
        self.execute(f"create database {name} template {template}")
        return self.url(name)

    def url(self, name: str, user: str = SUPERUSER) -> str:
        """Return the SQLAlchemy URL of a database by its name, whether it is there or not."""
        return f"postgresql+psycopg://{user}@/{name}?host={self._folder}"

    @property
    def environment(self) -> dict[str, str]:
        """What tells libpq's programs where the server is, and who they are."""
        return {"PGHOST": str(self._folder), "PGUSER": SUPERUSER}

    def execute(self, sql: str, database: str = "postgres") -> str:
        """Run a statement as the superuser and return what psql prints, unadorned."""
        options = ["-X", "-q", "-A", "-t", "-h", str(self._folder), "-U", SUPERUSER, "-d", database, "-c", sql]
        return self._run(self._psql, *options).strip()

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/", **self._as_owner())
        return str(done.stdout)

    def _as_owner(self) -> dict[str, Any]:
        if os.getuid() != 0:
            return {}
        return {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}


@functools.cache
def shared_postgres() -> Postgres:
    """Return the session's server, started on the first call and removed when Python ends."""
    postgres = Postgres()
    atexit.register(postgres.close)
    postgres.start()
    return postgres


def _unprivileged() -> pwd.struct_passwd:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")
