"""docs/ru/faq.md: its entries load, and each command in it prints what the page shows."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.call import call
from tests.daemon.desk import Desk

PAGE = (Path(__file__).parent.parent.parent / "docs" / "ru" / "faq.md").read_text("utf-8")
ENTRIES = "\n".join(re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
CONSOLE = re.findall(r"^```console\n\$ maild (.*?)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("command", "shown"), CONSOLE, ids=[" ".join(one.split()[:2]) + f" {n}" for n, (one, _) in enumerate(CONSOLE)]
)
def test_commands_print_what_the_manual_shows(desk: Desk, command: str, shown: str) -> None:
    """Word for word, but for the width of columns."""
    desk.write(tail=ENTRIES)
    printed = call(*shlex.split(command)).out
    assert [line.split() for line in printed.splitlines()] == [line.split() for line in shown.splitlines()]


def test_the_manual_shows_commands() -> None:
    """There is something to check."""
    assert len(CONSOLE) == 3
    assert ENTRIES.count("[organization.acme.faq.") == 3
