"""The command tree and the options that every command shares."""

import secrets
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from maild import __version__, logs
from maild.cli.output import Exit, say
from maild.config.load import Loaded, load_config
from maild.config.model import Config, Organization
from maild.errors import MaildError, StoreError
from maild.policy import KEY_OCTETS, Policy, load_policy
from maild.store import has_database, open_database
from maild.store.engine import Database

ORDER = (
    "init", "check", "run", "status", "ticket", "client", "coupon", "sla", "faq", "satisfaction", "recurring", "report", "news", "backlog", "release", "person", "template", "outbox", "observed", "ledger", "explain", "backtest", "quarantine",
    "replay", "rehearse", "receive", "db", "demo",
)  # fmt: skip


class _InOrder(TyperGroup):
    """Lists commands in the order in which an admin meets them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return sorted(super().list_commands(ctx), key=ORDER.index)


app = typer.Typer(
    name="maild",
    cls=_InOrder,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status:\n\n" + "\n\n".join(f"{each:>3}  {each.meaning}" for each in Exit),
)

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", envvar="MAILD_CONFIG", help="The configuration file.", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")]
OrganizationOption = Annotated[
    str | None, typer.Option("--organization", help="Whose; needed where the configuration has several.")
]
DEFAULT_CONFIG = Path("config.toml")


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"maild {__version__}")
        raise typer.Exit


@app.callback()
def maild(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """A support desk that lives entirely in e-mail."""
    logs.configure("warning", "auto")  # on standard error; `run` asks the configuration


def load(path: Path) -> Loaded:
    """Read the configuration. Raises ConfigError."""
    return load_config(path)


def load_ready(loaded: Loaded) -> Policy:
    """Make a configuration ready for walking letters, leaving no trace on disk. Raises ConfigError.

    Without a token key so far a passing one is used: the real one is made by the first start, not by looking.
    """
    config = loaded.config
    is_made = config.tokens.key is not None or (config.data_dir / "token.key").exists()
    return load_policy(loaded, key=None if is_made else secrets.token_bytes(KEY_OCTETS))


def choose_organization(config: Config, name: str | None) -> tuple[str, Organization]:
    """Return the organisation of that id, or the only one there is, with its id. Raises MaildError that names them all."""
    there = config.organization
    if name is None and len(there) == 1:
        return next(iter(there.items()))
    if name in there:
        return name, there[name]
    wrong = "say whose with --organization" if name is None else f"no organisation {name} is configured"
    raise MaildError(f"{wrong}; there are: {', '.join(there)}")


def open_existing(config: Config) -> Database:
    """Open the configured database without changing it. Raises StoreError, also where there is none yet."""
    if not has_database(config):
        raise StoreError(
            f"there is no database in {config.data_dir} yet: start the daemon once (maild run), or check data_dir"
        )
    return open_database(config, migrate=False)
