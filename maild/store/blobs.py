"""Raw letters as content-addressed blobs: written and fsynced before any row speaks of them."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol

from maild.errors import LetterLost, StoreError


class Blobs(Protocol):
    """Octets by their SHA-256. The same octets are stored once, whoever stores them, however often."""

    def put(self, octets: bytes) -> str:
        """Store durably and return the hexadecimal digest. Raises StoreError, and then nothing is half-stored."""

    def get(self, sha256: str) -> bytes:
        """Return the octets. Raises LetterLost when they are missing or damaged, StoreError when none can be read."""

    def remove(self, sha256: str) -> None:
        """Remove for good what is there; what is not is no error. Raises StoreError."""


class LocalBlobs:
    """Blobs as files `ab/cdef…` under a directory; where they need not be `durable`, nobody waits for the disk."""

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        self.directory = directory
        self._fsync = os.fsync if durable else _leave_to_the_system

    def put(self, octets: bytes) -> str:
        """Write to a temporary file, fsync, rename, fsync the folder: a crash leaves the whole blob or none.

        A blob that is there but damaged is replaced.
        """
        sha256 = hashlib.sha256(octets).hexdigest()
        path = self._path(sha256)
        try:
            if path.exists() and path.read_bytes() == octets:
                self._fsync_folder(path.parent)  # whoever renamed it may have died before this
                return sha256
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                self._fsync_folder(self.directory.parent)
                self._fsync_folder(self.directory)
            descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(octets)
                    file.flush()
                    self._fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                os.unlink(temporary)
                raise
            self._fsync_folder(path.parent)
        except OSError as error:
            raise StoreError(
                f"{self.directory}: {os.strerror(error.errno or 0)}: the letter stays on the mail server until it can be "
                "stored; check space and rights"
            ) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Read and verify."""
        try:
            octets = self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise LetterLost(
                f"the raw letter {sha256} is missing in {self.directory}: restore it from a backup"
            ) from error
        except OSError as error:
            raise StoreError(
                f"{self.directory}: {os.strerror(error.errno or 0)}: raw letters cannot be read; check the disk and rights"
            ) from error
        if hashlib.sha256(octets).hexdigest() != sha256:
            raise LetterLost(f"the raw letter {sha256} in {self.directory} is damaged: restore it from a backup")
        return octets

    def remove(self, sha256: str) -> None:
        """Unlink, and wait until the disk knows."""
        path = self._path(sha256)
        try:
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                self._fsync_folder(path.parent)
        except OSError as error:
            raise StoreError(
                f"{self.directory}: {os.strerror(error.errno or 0)}: an erased letter cannot be removed; check the rights"
            ) from error

    def _path(self, sha256: str) -> Path:
        return self.directory / sha256[:2] / sha256[2:]

    def _fsync_folder(self, folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self._fsync(descriptor)
        finally:
            os.close(descriptor)


def _leave_to_the_system(_descriptor: int) -> None:
    return
