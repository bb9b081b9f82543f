"""`maild observed`: what an organisation that only observes has seen, and would have sent."""

import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from maild.cli.app import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    OrganizationOption,
    app,
    choose_organization,
    load,
    load_ready,
    open_existing,
)
from maild.cli.output import print_json, say
from maild.config.types import parse_duration
from maild.errors import MaildError
from maild.observing import draft_daily, look
from maild.outbox.compose import word
from maild.store.observed import Observing, who_observe
from maild.store.unit import Transaction


@app.command()
def observed(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    since: Annotated[str, typer.Option("--since", help='How far back: "7d", "12h".')] = "24h",
    as_json: JsonOption = False,
) -> None:
    """Show what an observing organisation would have sent, in the words of the daily letter to the admin, and all of it."""
    loaded = load(config)
    name, _ = choose_organization(loaded.config, organization)
    if loaded.config.admin is None:
        raise MaildError("there is no [admin], and so no language to say it in: write one into the configuration")
    try:
        start = datetime.now(UTC) - parse_duration(since)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(f'"{since}" is no span of time: {error}', param_hint="--since") from None
    policy, until = load_ready(loaded), datetime.now(UTC)
    with closing(open_existing(loaded.config)) as database, database.read() as connection:
        # who is live again may still ask what was withheld before
        one = who_observe(connection).get(name) or Observing(organization=name, since=start, told_until=start)
        seen = look(Transaction(connection), one, max(start, one.since), until, policy)
    if as_json:
        print_json(seen)
        return
    draft, head = draft_daily(seen, policy, most=sys.maxsize)
    say(word(draft, head).text.partition("\n-- \n")[0])
