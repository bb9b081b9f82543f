"""The house rules that a reader could break without noticing. Rooms and their order are `make check`'s business."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "maild"

# One file (or room) for each foreign package: what it raises and how it is called changes in one place only.
HOMES = {
    "aioimaplib": ["ingest/imap.py"],
    "aiosmtplib": ["outbox/smtp.py"],
    "alembic": ["store/"],
    "apscheduler": ["scheduler.py"],
    "babel": ["wording/"],
    "boto3": ["store/s3.py"],
    "dateparser": ["desk/dates.py"],
    "dkim": ["ingest/signatures.py"],
    "dns": ["ingest/signatures.py"],
    "holidays": ["sla/holidays.py"],
    "httpx": ["oauth.py"],
    "nh3": ["ingest/sanitize.py"],
    "jinja2": ["outbox/environment.py", "outbox/trials.py"],
    "mailparser": ["ingest/parse.py"],
    "openpyxl": ["contracts/tables.py"],
    "puremagic": ["ingest/octets/sniff.py"],
    "pymorphy3": ["language/dictionaries.py"],
    "re2": ["language/patterns.py"],
    "snowballstemmer": ["language/dictionaries.py"],
    "sqlalchemy": ["store/"],
    "sqlite3": ["store/"],
    "tnefparse": ["ingest/octets/tnef.py"],
    "tree_sitter": ["config/lines.py"],
    "typer": ["cli/"],
    "watchfiles": ["config/watch.py"],
}
CLOCK = ["clock.py", "cli/", "demo/"]  # everybody else is told what time it is


@cache
def modules() -> list[tuple[str, ast.Module]]:
    """All of ours, read once for all tests."""
    return [
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


@cache
def imports() -> dict[str, set[str]]:
    """What each of ours imports."""
    return {name: imported(tree) for name, tree in modules()}


def imported(tree: ast.Module) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in names}


def at_home(name: str, homes: list[str]) -> bool:
    return any(name == home or (home.endswith("/") and name.startswith(home)) for home in homes)


@pytest.mark.parametrize("package", HOMES)
def test_a_foreign_package_has_one_home(package: str) -> None:
    """Every mandated package is used, and in its one place only."""
    users = [name for name, packages in imports().items() if package in packages]
    assert users, f"{package} is not used at all"
    assert [name for name in users if not at_home(name, HOMES[package])] == []


def test_time_is_handed_in() -> None:
    """Nobody but the clock and the edges asks the machine what time it is."""
    asks = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        if isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    }
    assert {name for name in asks if not at_home(name, CLOCK)} == set()


def test_every_module_says_what_it_is_about() -> None:
    """A newcomer who opens any file reads its subject first."""
    assert [name for name, tree in modules() if not ast.get_docstring(tree) and "versions/" not in name] == []
