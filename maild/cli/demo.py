"""`maild demo`: the real daemon in a scripted conversation, on servers of its own."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from maild import logs
from maild.cli.app import JsonOption, app
from maild.cli.output import Exit, out, print_json
from maild.errors import MaildError

EXTRA = frozenset({"aiosmtpd", "proxyprotocol", "pymap", "pysasl"})  # what only the extra `demo` brings
PACE = 0.5  # seconds between two letters where somebody watches; all ten are over in two otherwise


@app.command()
def demo(
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave everything up afterwards, for mail clients, until Ctrl-C.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Keep configuration, tickets and letters in this new folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show maild at work: the real daemon, real letters, servers of its own; no account needed.

    Exit 1 when a letter does not end as the script says, when one is lost or when one goes out twice.
    """
    try:
        from maild.demo.play import perform  # noqa: PLC0415 - its packages come with the extra `demo` only
        from maild.demo.show import JsonPrinter, Screen  # noqa: PLC0415
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRA:
            raise
        raise MaildError(
            f"the demo's mail servers are not installed (no package {package}): pip install 'maild[demo]'"
        ) from None
    logs.configure("error", "auto")
    audience = JsonPrinter(print_json) if as_json else Screen(out)
    pace = PACE if out.is_terminal and not as_json else 0
    with _folder(folder) as path:
        report = asyncio.run(perform(path, audience, keep=keep, pace=pace))
    raise typer.Exit(Exit.OK if report.ok else Exit.NO)


@contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    """Give a folder of one's own: the wanted one, which must be empty or new, or one that is removed at the end."""
    if wanted is None:
        with tempfile.TemporaryDirectory(prefix="maild-demo-") as path:
            yield Path(path)
        return
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        full = any(wanted.iterdir())
    except OSError as error:
        raise MaildError(f"cannot use {wanted} ({error.strerror}): name another folder") from None
    if full:
        raise MaildError(f"{wanted} is not empty: name a new folder, so that nothing of yours is overwritten")
    yield wanted
