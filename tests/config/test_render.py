"""What an admin reads when the configuration is broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config.redact import show_line
from maild.config.render import render_problems
from maild.errors import Problem
from tests.config.conftest import GOOD

GOLDEN = """\
agents.toml

     2  this line
        │ name = "Пётр
        found a text without its closing quote: `name = "Пётр`
        expected a quote at both ends
        → Add the missing quote.

config.toml

     2  smtp.prot
        │ prot = …
        found the unknown key `prot`
        expected a key of [smtp]
        → Did you mean `port`?

     5  organization.acme.include
        │ include = ["agents.toml", "none.toml"]
        found "none.toml", which matches no file
        expected at least one file, its path counted from the folder of config.toml
        → Create the file, correct the path, or take it out of the list.

    12  organization.acme.mailbox.support.imap.poll
        │ poll = "1 m"
        found "1 m"
        expected a duration in quotes such as "30s", "5m", "2h", "3d" or "1h30m"
        → Write it in this form.

    14  organization.acme.mailbox.support.imap.password
        │ password = …
        found a password written out
        expected a reference: { env = "NAME" }, { file = "secrets/name" } or { credential = "name" }
        → Keep the secret outside the configuration and name its place: password = { env = "MAILD_PASSWORD" }, or { file = … }. Change the secret if others could read this file.

5 problems in 2 files
"""


def test_problems_as_the_admin_sees_them(problems_of: Callable[..., list[Problem]]) -> None:
    """By file and line, with the source line, what was found, what was expected and what to do; no secret."""
    text = GOOD.replace('host = "smtp.example.org"', "prot = 25").replace('{ env = "IMAP_PASSWORD" }', '"hunter2"')
    text = text.replace('name = "Acme"', 'include = ["agents.toml", "none.toml"]').replace(
        "username", 'poll = "1 m"\nusername'
    )
    problems = problems_of(text, **{"agents.toml": '[agent.p]\nname = "Пётр\n'})
    assert render_problems(problems) == GOLDEN


def test_a_file_that_is_gone_is_rendered_without_source_lines() -> None:
    """Rendering never fails: the file may have been mended or deleted meanwhile."""
    problem = Problem(file="nowhere.toml", line=3, key="a", found="b", expected="c", remedy="D.")
    lines = [
        "nowhere.toml",
        "",
        "     3  a",
        "        found b",
        "        expected c",
        "        → D.",
        "",
        "1 problem in 1 file",
        "",
    ]
    assert "\n".join(lines) == render_problems([problem])


@pytest.mark.parametrize(
    ("line", "known", "shown"),
    [
        ("  host = 'x'  # comment", True, "host = 'x' # comment"),
        ('imap = { host = "x", prot = 1 }', True, "imap = …"),
        ('imap = { host = "x", port = "1" }', True, 'imap = { host = "x", port = "1" }'),
        ('host = "x" # password: y', True, "host = …"),
        ("[organization.acme]", True, "[organization.acme]"),
        ('mon-fri = ["09:00-18:00"]', True, 'mon-fri = ["09:00-18:00"]'),
        ('2026-12-31 = "off"', True, '2026-12-31 = "off"'),
        ('mon-pas = "off"', True, "mon-pas = …"),
        ('"support@x",', True, '"support@x",'),
        ("hunter2", False, None),
        ("port 993", False, "port 993"),
        ("host = “x”", False, "host = “x”"),
        ("foo = “x”", False, "foo = …"),
    ],
)
def test_source_lines(line: str, *, known: bool, shown: str | None) -> None:
    """A line is shown whole only where every key on it is known to hold nothing secret."""
    assert shown == show_line(line, known=known)


def test_the_documentation_shows_the_real_output() -> None:
    """docs/ru/config.md quotes what `render_problems` prints."""
    page = (Path(__file__).parents[2] / "docs" / "ru" / "config.md").read_text("utf-8")
    assert GOLDEN in page
