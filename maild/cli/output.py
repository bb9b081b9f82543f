"""How commands speak: words and tables for people, one JSON value for programs, problems on standard error.

Subjects, names, bodies and servers' answers are strangers' words: `say` and `print_table` take them as plain text, never
as markup, and show what a terminal would obey. Commands print through this file only.
"""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from maild.config.render import render_problems
from maild.errors import ConfigError, MaildError, RegisterConflict, TableError
from maild.logs import OBEYED, visible

PIPE_WIDTH = 240  # columns where there is no terminal to ask

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH)


class Exit(IntEnum):
    """Exit statuses, each with its meaning; `maild --help` and docs/ru/operate.md list them."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Make a member that is its number."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    OK = 0, "done, or yes: all is well"
    NO = (
        1,
        "no: not done, not well, not found, a gap in the ledger, a failed check or rehearsal, a backtest with differences",
    )
    USAGE = 2, "the command line is wrong"
    BUG = 70, "a bug of maild's ended the daemon; the log has the traceback"  # EX_SOFTWARE of sysexits.h
    TRY_AGAIN = 75, "receive only: the letter is not taken, the MTA keeps it and tries again"  # EX_TEMPFAIL
    CONFIG = 78, "the configuration is not usable; every problem is listed"  # EX_CONFIG


def say(text: str, *, style: str | None = None, end: str = "\n") -> None:
    """Print plain text; what a terminal would obey in it is shown, not obeyed."""
    out.print(Text(visible(text), style or ""), end=end)


def say_observing(organization: str) -> None:
    """Say that what a command is to send stays here."""
    say(f"{organization} only observes: nothing is sent, maild observed shows what would have been")


def print_json(value: object) -> None:
    """Print one JSON value; dataclasses become objects, instants and days ISO 8601, durations seconds, sums text."""
    text = as_json_text(value)
    # C0 is escaped by now; the rest of what a terminal obeys stands in strings only, where its escape means the same
    print(OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text))  # noqa: T201 - this is the output


def as_json_text(value: object) -> str:
    """Return what `print_json` prints, for a file."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=2)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal's standard error how far long work has come; call what is yielded for each of `total` steps."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as shown:
        task = shown.add_task(what, total=total)
        yield lambda: shown.advance(task)


def print_octets(octets: bytes) -> None:
    """Write octets as they are. Raises MaildError on a terminal, which would obey them."""
    if sys.stdout.isatty():
        raise MaildError("a raw letter may hold anything: send it to a file or a program (… --raw > letter.eml)")
    sys.stdout.buffer.write(octets)
    sys.stdout.buffer.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print a table, or the words that say that there is nothing. In a pipe each row stays one line, however long."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    if not cells:
        say(empty)
    elif out.is_terminal:
        table = Table(*columns, box=None, pad_edge=False, header_style="bold")
        for row in cells:
            table.add_row(*map(Text, row))
        out.print(table)
    else:
        lines = [list(columns), *cells]
        widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
            say("  ".join(padded).rstrip())


def complain(error: MaildError) -> None:
    """Say on standard error what is wrong and what to do."""
    if isinstance(error, ConfigError):
        text = render_problems(error.problems)
    elif isinstance(error, TableError) or (isinstance(error, RegisterConflict) and len(error.problems) > 1):
        text = f"{error}\nmaild: problems: {len(error.problems)}; nothing was changed"
    else:
        text = f"maild: {error}"
    print(visible(text), file=sys.stderr)  # noqa: T201 - not through rich: nothing here is to be coloured or wrapped


def as_answer(error: MaildError) -> dict[str, object]:
    """Return an error as what a program reads that asked for `--json`."""
    problems = error.problems if isinstance(error, ConfigError | TableError | RegisterConflict) else []
    return {"ok": False, "error": str(error), "problems": problems}


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    return visible(cell.strftime("%Y-%m-%d %H:%M:%S") if isinstance(cell, datetime) else " ".join(str(cell).split()))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name != "octets"}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Path | Decimal | ZoneInfo):
        return str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return value
