"""What maild says about itself: people-readable on a terminal, one JSON object a line elsewhere.

Nothing here carries bodies, addresses, tokens or secrets above debug: events name ids and causes, and what a server said
or a traceback holds is masked besides. The only file that configures structlog and the logging of the libraries.
"""

import contextlib
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO, cast

import structlog

Style = Literal["auto", "console", "json"]

# aioimaplib's debug log has passwords and every letter's text in it; the others say nothing a desk wants to know.
QUIET = (
    "aioimaplib",
    "aiosmtplib",
    "apscheduler",
    "alembic",
    "mailparser",
    "mailparser.core",
    "watchfiles",
    "asyncio",
    "httpx",
    "httpcore",
)

# What a terminal obeys instead of showing: C0 without tab and line feed, DEL, C1, direction overrides, odd line ends;
# and halves of surrogate pairs, which no encoding can print.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ADDRESS = re.compile(r"[^\s<>()\"':;,=]+@[^\s<>()\"':;,=]+")  # Message-IDs and reply tokens look the same


def visible(text: str) -> str:
    r"""Return the text with everything that a terminal would obey shown as an escape: "\x1b[2J" as `\x1b[2J`."""
    return OBEYED.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def for_people(style: Style) -> bool:
    """Whether this style of log is for a person to read; `auto` looks at whether standard error is a terminal."""
    return style == "console" or (style == "auto" and sys.stderr.isatty())


class _Paper:
    """Standard error that nobody need read: a log on a full disk, or into a closed pipe, must not stop the mail."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def configure(level: str, style: Style) -> None:
    """Set the level and the shape of the log, of the libraries' warnings, too. May be called again at any time."""
    paper = cast(TextIO, _Paper(sys.stderr))
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if for_people(style)
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    collecting: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,  # without local variables: those hold bodies and addresses
        _fit_for_a_log,
        renderer,
    ]
    structlog.configure(
        processors=[*collecting, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(paper),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(paper)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*collecting, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def _fit_for_a_log(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask addresses above debug, and let no stranger's words command the terminal of whoever reads the log."""
    mask = event.get("level") != "debug"
    for key, value in event.items():
        event[key] = _fit(value, mask=mask)
    return event


def _fit(value: object, *, mask: bool) -> object:
    if isinstance(value, list | tuple):
        return [_fit(item, mask=mask) for item in value]
    if not isinstance(value, str):
        return value
    return visible(_ADDRESS.sub("…@…", value) if mask else value)
