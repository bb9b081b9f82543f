"""Changes are noticed however an editor saves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from maild.config.watch import watch

QUIET = timedelta(milliseconds=20)


@asynccontextmanager
async def watching(folder: Path, path: Path) -> AsyncIterator[asyncio.Queue[None]]:
    """A queue that gets an entry for every burst of changes to `path`, which is `folder` or in it."""
    calls: asyncio.Queue[None] = asyncio.Queue()

    async def on_change() -> None:
        calls.put_nowait(None)

    task = asyncio.create_task(watch([path], on_change, quiet=QUIET))
    try:
        await begun(folder, calls)
        yield calls
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def begun(folder: Path, calls: asyncio.Queue[None]) -> None:
    """Poke until the operating system's watch, which does not tell when it has begun, answers; then let it come to rest."""
    probe = folder / "probe.toml"
    async with asyncio.timeout(10):
        while calls.empty():
            probe.write_text("x", "utf-8")
            await asyncio.sleep(QUIET.total_seconds() * 2)
        while not calls.empty():
            calls.get_nowait()
            await asyncio.sleep(QUIET.total_seconds() * 10)


def write(path: Path) -> None:
    path.write_text("b", "utf-8")


def replace(path: Path) -> None:
    new = path.with_name(path.name + ".new")
    new.write_text("c", "utf-8")
    new.replace(path)


def beside(path: Path) -> None:
    path.with_name("new.toml").write_text("d", "utf-8")


@pytest.mark.parametrize("save", [write, replace, beside])
async def test_every_save_is_noticed(tmp_path: Path, save: Callable[[Path], None]) -> None:
    """Writing in place, replacing by a rename, and a new file beside; more than once, since a replaced file is another file."""
    path = tmp_path / "config.toml"
    path.write_text("a", "utf-8")
    async with watching(tmp_path, path) as calls:
        for _ in range(3):
            save(path)
            await asyncio.wait_for(calls.get(), 5)
            await asyncio.sleep(QUIET.total_seconds() * 3)


async def test_other_files_are_ignored(tmp_path: Path) -> None:
    """The database, an editor's swap files and backups in the same folder do not cause a reload."""
    path = tmp_path / "config.toml"
    path.write_text("a", "utf-8")
    async with watching(tmp_path, path) as calls:
        for name in ("maild.db-wal", ".config.toml.swp", "config.toml~", ".#config.toml", "4913"):
            (tmp_path / name).write_text("x", "utf-8")
        await asyncio.sleep(0.3)
        assert calls.empty()
        write(path)
        await asyncio.wait_for(calls.get(), 5)


async def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    """A templates folder may be watched as well."""
    async with watching(tmp_path, tmp_path) as calls:
        (tmp_path / "acknowledgement.txt").write_text("x", "utf-8")
        await asyncio.wait_for(calls.get(), 5)
