"""Files that commands write: for nobody else's eyes, whole or not at all; and texts that they read."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from maild.errors import MaildError


def write_private(path: Path, octets: bytes, *, overwrite: bool) -> None:
    """Write a file that nobody else may read. Raises MaildError, also where it exists and is not to be overwritten."""
    if path.exists() and not overwrite:
        raise MaildError(f"{path} exists: give another name, or say --overwrite")
    try:
        with _beside(path) as temporary:
            temporary.write_bytes(octets)
            temporary.replace(path)
    except OSError as error:
        raise MaildError(f"{path} cannot be written: {error.strerror}") from error


def read_text(path: Path) -> str:
    """Return a file's text, UTF-8 with a mark or without. Raises MaildError."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise MaildError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MaildError(f"{path} is not UTF-8") from error


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
