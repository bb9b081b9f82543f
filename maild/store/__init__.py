"""What maild remembers: the only room that knows SQL. Synchronous; one writer thread calls it."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import make_url

from maild.config.model import Config
from maild.errors import StoreError
from maild.store.blobs import Blobs, LocalBlobs
from maild.store.engine import Database


def database_url(config: Config) -> str:
    """Return the configured URL with its password, or SQLite's in the data directory."""
    if config.database.url is None:
        return f"sqlite:///{config.data_dir / 'maild.sqlite3'}"
    url = make_url(config.database.url)
    if config.database.password is not None:
        try:
            url = url.set(password=config.database.password.read())
        except LookupError as error:
            raise StoreError(f"database.password: {error}") from error
    return url.render_as_string(hide_password=False)


def has_database(config: Config) -> bool:
    """Whether the SQLite file is there; of a database server this cannot be told, and True is returned."""
    url = make_url(database_url(config))
    return not url.drivername.startswith("sqlite") or url.database is None or Path(url.database).exists()


def missing_extra(config: Config, installed: Callable[[str], object] = find_spec) -> str | None:
    """Say which extra the configuration needs and this installation lacks, and how to get it; None if none."""
    if config.blobs.s3_bucket is not None and not installed("boto3"):
        return "blobs.s3_bucket needs a package that is not installed: pip install 'maild[s3]'"
    if (config.database.url or "").startswith("postgresql") and not installed("psycopg"):
        return "database.url needs a package that is not installed: pip install 'maild[postgres]'"
    return None


def open_database(config: Config, *, migrate: bool = True, allow_old: bool = False) -> Database:
    """Open the configured database. Raises StoreError."""
    if missing := missing_extra(config):
        raise StoreError(missing)
    return Database.open(database_url(config), migrate=migrate, allow_old=allow_old)


def open_to_read(config: Config) -> Database:
    """Open the configured database so that nothing in it can be changed. Raises StoreError, also where there is none yet."""
    if missing := missing_extra(config):
        raise StoreError(missing)
    return Database.open_to_read(database_url(config))


def open_blobs(config: Config) -> Blobs:
    """Return where raw letters live."""
    if config.blobs.s3_bucket is None:
        return LocalBlobs(config.data_dir / "blobs")
    if missing := missing_extra(config):
        raise StoreError(missing)
    from maild.store.s3 import S3Blobs  # noqa: PLC0415 - boto3 comes with the extra `s3` only

    return S3Blobs(config.blobs.s3_bucket, config.blobs.s3_endpoint, config.blobs.s3_prefix)
