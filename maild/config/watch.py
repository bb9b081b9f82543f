"""Notice that configuration files have changed. The only file that imports watchfiles; nothing of ours."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from pathlib import Path

from watchfiles import Change, awatch

QUIET = timedelta(milliseconds=500)  # an editor writes, renames and touches within this time
_LONGEST_BURST = 10  # times QUIET; then a change is reported though more of them keep coming


async def watch(paths: Iterable[Path], on_change: Callable[[], Awaitable[None]], *, quiet: timedelta = QUIET) -> None:
    """Call `on_change` after each burst of changes to `paths`, once it was `quiet` for so long; runs until cancelled.

    Folders are watched, not files: a file that an editor replaces is lost to a watch on the file itself. Other TOML files
    beside `paths` count too, since an include pattern may match a new one. A path that is a folder stands for the files in
    it. Call again with new paths when other files have been read. Raises OSError or RuntimeError when the system cannot
    watch (too many inotify watches); a reload on SIGHUP does not depend on it.
    """
    ours = {path.absolute() for path in paths}
    folders = {path if path.is_dir() else path.parent for path in ours}

    def concerns_us(_change: Change, name: str) -> bool:
        path = Path(name)
        return path in ours or path.parent in ours or (path.suffix == ".toml" and not path.name.startswith("."))

    step = max(1, quiet // timedelta(milliseconds=1))
    changes = awatch(
        *sorted(folder for folder in folders if folder.is_dir()),
        watch_filter=concerns_us,
        step=step,
        debounce=step * _LONGEST_BURST,
        recursive=False,
        ignore_permission_denied=True,
    )
    async for _ in changes:
        await on_change()
