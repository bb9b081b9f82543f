"""Promises of the blobs: the whole octets or none, found again by their digest, and damage is never passed on."""

import hashlib
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from maild.errors import StoreError
from maild.store.blobs import LocalBlobs

OCTETS = b"From: anna@customer.example\r\n\r\n\x00\xff whatever octets\r\n" * 100
SHA256 = hashlib.sha256(OCTETS).hexdigest()

# A process of its own, in which every durable step is printed, and the one named `last` is not survived.
WATCHED = """
import os, signal, sys
from pathlib import Path
from maild.store.blobs import LocalBlobs

folder, octets, last = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), sys.argv[3]

def watched(name, what, function):
    def call(*args):
        step = f"{name} {what(*args)}"
        print(step, flush=True)
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args)
    return call

def kind(path):
    path = Path(path)
    return "folder" if path.is_dir() else "temporary" if path.name.startswith(".new-") else "blob"

os.fsync = watched("fsync", lambda fd: kind(os.readlink(f"/proc/self/fd/{fd}")), os.fsync)
os.replace = watched("rename", lambda old, new: kind(old), os.replace)
LocalBlobs(folder).put(octets)
"""
ORDER = ["fsync folder", "fsync folder", "fsync temporary", "rename temporary", "fsync folder"]


def _put_watched(folder: Path, tmp_path: Path, last: str = "", program: str = WATCHED) -> list[str]:
    (tmp_path / "octets").write_bytes(OCTETS)
    command = [sys.executable, "-c", program, str(folder), str(tmp_path / "octets"), last]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout.splitlines()


def test_what_was_put_is_got(blobs: LocalBlobs) -> None:
    """The octets come back as they were, under the name that hashing them gives."""
    assert blobs.put(OCTETS) == SHA256
    assert blobs.get(SHA256) == OCTETS
    assert blobs.get(blobs.put(b"")) == b""


def test_the_same_octets_are_stored_once(blobs: LocalBlobs) -> None:
    """A letter that reached three mailboxes takes room once."""
    for _ in range(3):
        assert blobs.put(OCTETS) == SHA256
    assert len(_files(blobs)) == 1


def test_the_octets_are_on_the_disk_before_the_name(blobs: LocalBlobs, tmp_path: Path) -> None:
    """fsync, rename, fsync of the folder, in this order: no power cut leaves a name without its octets."""
    assert _put_watched(blobs.directory, tmp_path) == ORDER
    assert blobs.get(SHA256) == OCTETS


@pytest.mark.parametrize("last", ["fsync temporary", "rename temporary"])
def test_a_crash_leaves_the_whole_blob_or_none(blobs: LocalBlobs, tmp_path: Path, last: str) -> None:
    """Killed on the way, nothing under the blob's name is there; the next put stores it."""
    assert _put_watched(blobs.directory, tmp_path, last)[-1] == last
    with pytest.raises(StoreError, match="missing"):
        blobs.get(SHA256)
    blobs.put(OCTETS)
    assert blobs.get(SHA256) == OCTETS


def test_what_need_not_last_waits_for_no_disk(blobs: LocalBlobs, tmp_path: Path) -> None:
    """A rehearsal's letters: whole or not there, and forgotten with it."""
    hasty = WATCHED.replace("LocalBlobs(folder)", "LocalBlobs(folder, durable=False)")
    assert _put_watched(blobs.directory, tmp_path, program=hasty) == ["rename temporary"]
    assert blobs.get(SHA256) == OCTETS


def test_a_name_that_a_crash_left_in_doubt_is_made_durable(blobs: LocalBlobs, tmp_path: Path) -> None:
    """Killed between rename and fsync of the folder, the name may not be on the disk: the next put sees to it."""
    blobs.put(OCTETS)
    assert _put_watched(blobs.directory, tmp_path) == ["fsync folder"]


@pytest.mark.parametrize(
    "damage",
    [b"", OCTETS[:-1], OCTETS[:-1] + b"?", OCTETS + b"more"],
    ids=["empty", "cut short", "one octet changed", "longer"],
)
def test_a_damaged_blob_is_found_and_mended(blobs: LocalBlobs, damage: bytes) -> None:
    """A failing disk is not passed on as a letter; the same letter coming again replaces what is damaged."""
    blobs.put(OCTETS)
    [path] = _files(blobs)
    path.write_bytes(damage)
    with pytest.raises(StoreError, match=f"{SHA256} .* is damaged: restore it from a backup"):
        blobs.get(SHA256)
    blobs.put(OCTETS)
    assert blobs.get(SHA256) == OCTETS


def test_a_missing_blob_is_told(blobs: LocalBlobs) -> None:
    with pytest.raises(StoreError, match=f"{SHA256} is missing .* restore it from a backup"):
        blobs.get(SHA256)


def test_a_full_disk_is_told_and_leaves_nothing(blobs: LocalBlobs) -> None:
    """The operating system takes no more octets (here: RLIMIT_FSIZE): the letter stays on the mail server."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StoreError, match=r"stays on the mail server .* check space and rights"):
            blobs.put(OCTETS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _files(blobs) == []
    blobs.put(OCTETS)
    assert blobs.get(SHA256) == OCTETS


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"Not a directory: .* check space and rights"):
        LocalBlobs(tmp_path / "file" / "blobs").put(OCTETS)


def _files(blobs: LocalBlobs) -> list[Path]:
    return [path for path in blobs.directory.rglob("*") if path.is_file()]
