"""The `maild` command. Every subcommand takes `--json`; exit statuses stand in `output.Exit`."""

import io
import sys
from collections.abc import Sequence

from maild.cli import (
    backlog,
    backtest,
    clients,
    coupons,
    demo,
    desk,
    exchange,
    faq,
    letters,
    news,
    observed,
    person,
    recurring,
    rehearse,
    reports,
    running,
    satisfaction,
    setup,
    sla,
    templates,
    usage,
)
from maild.cli.app import app
from maild.cli.output import Exit, as_answer, complain, print_json
from maild.errors import ConfigError, MaildError

# importing them adds their commands to `app`
__all__ = [
    "backlog",
    "backtest",
    "clients",
    "coupons",
    "demo",
    "desk",
    "exchange",
    "faq",
    "letters",
    "main",
    "news",
    "observed",
    "person",
    "recurring",
    "rehearse",
    "reports",
    "running",
    "satisfaction",
    "setup",
    "sla",
    "templates",
    "usage",
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an expected error is one clear message, a bug keeps its traceback. Always raises SystemExit."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a locale without our letters must not cost the answer
            stream.reconfigure(errors="backslashreplace")
    try:
        app(arguments, prog_name="maild")
    except SystemExit as end:
        if end.code == Exit.USAGE and "receive" in arguments[:1]:
            sys.exit(Exit.TRY_AGAIN)  # a mistake in the MTA's configuration must not bounce letters
        raise
    except MaildError as error:
        complain(error)
        if "--json" in arguments:
            print_json(as_answer(error))
        sys.exit(Exit.CONFIG if isinstance(error, ConfigError) else Exit.NO)
