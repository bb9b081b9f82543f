"""What all commands have in common: help, `--json`, a place in the admin's manual, statuses that mean something."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from maild import __version__
from maild.cli.app import ORDER, app
from maild.cli.output import Exit
from tests.cli.call import call

MANUAL = (Path(__file__).parent.parent.parent / "docs" / "ru" / "operate.md").read_text("utf-8")
WANTED = """
    init check run demo receive explain ticket-list ticket-show outbox-list outbox-show outbox-retry observed
    quarantine-list quarantine-show replay ledger status db-upgrade db-version db-backup rehearse backtest
    client-list client-show client-import client-export client-usage
    coupon-issue coupon-renew coupon-revoke coupon-list sla-due sla-explain
    faq-list faq-find faq-stats satisfaction recurring report-month person-show person-export person-erase person-log
    backlog release news-list news-subscribers news-subscribe news-unsubscribe news-send news-stop
    template-list template-render template-check
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name, "ticket list"."""

    def below(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from below(command, f"{prefix}{name} ")
            else:
                yield f"{prefix}{name}", command

    return below(typer.main.get_command(app), "")


def test_all_commands_are_there() -> None:
    """No more, no less than is promised."""
    assert {name.replace(" ", "-") for name, _ in commands()} == set(WANTED.split())
    assert {name.partition(" ")[0] for name, _ in commands()} == set(ORDER)


@pytest.mark.parametrize(("name", "command"), [pytest.param(*each, id=each[0]) for each in commands()])
def test_every_command(name: str, command: Any) -> None:
    """It says what it does, each of its options too, prints JSON if asked, and stands in the manual."""
    assert command.help
    assert command.help.rstrip().endswith(".")
    options = {option: each for each in command.params for option in each.opts}
    assert "--json" in options
    assert [option for option, each in options.items() if option != "--help" and not each.help] == []
    assert re.search(rf"maild {name}\b", MANUAL), f"docs/ru/operate.md does not mention maild {name}"
    assert call(*name.split(), "--help").status == 0


def test_statuses_are_documented() -> None:
    """In the help and in the manual's table."""
    shown = " ".join(call("--help").out.split())
    for each in Exit:
        assert f"{each.value} {each.meaning}" in shown
        assert re.search(rf"^\| {each.value} \|", MANUAL, re.MULTILINE), each


def test_the_version() -> None:
    assert call("--version").out == f"maild {__version__}\n"


@pytest.mark.parametrize("arguments", [(), ("ticket",)], ids=" ".join)
def test_without_arguments_help_is_shown(arguments: tuple[str, ...]) -> None:
    """Commands are listed in the order in which an admin needs them."""
    shown = call(*arguments)
    assert shown.status == Exit.USAGE
    assert "Usage: maild" in shown.out + shown.stderr


@pytest.mark.parametrize("arguments", [("statu",), ("ticket", "show"), ("outbox", "retry"), ("outbox", "show", "x")])
def test_a_wrong_command_line(arguments: tuple[str, ...]) -> None:
    """Status 2 and a word about what is wrong, on standard error."""
    done = call(*arguments)
    assert (done.status, done.stdout) == (Exit.USAGE, b"")
    assert "Usage" in done.stderr
