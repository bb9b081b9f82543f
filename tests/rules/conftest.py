"""Letters as rules see them, and rules as an admin writes them."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pytest

from maild.config.model import Organization
from maild.config.terms import calendars_of
from maild.desk.files import SeenFile
from maild.desk.ruling import Ruling
from maild.model import Address, Attachment
from maild.rules.apply import apply_rules
from maild.rules.load import RuleSet, load_rules
from maild.rules.sight import Sight

Tables = Mapping[str, object]


def organization(**tables: object) -> Organization:
    """Return an organisation with a mailbox, opening hours, and no hints of its own."""
    usual: Tables = {
        "name": "Acme",
        "mailbox": {"support": {"address": "support@acme.example"}},
        "calendar": {"office": {"week": {"mon-fri": "09:00-18:00"}}},
        "text_hints": [],
    }
    return Organization.model_validate({**usual, **tables})


def rule_set(**tables: object) -> RuleSet:
    """Return the compiled rules of an organisation."""
    made = organization(**tables)
    return load_rules(made, calendars_of(made))


def sight(**values: object) -> Sight:
    """Return a usual letter, but for what is said otherwise."""
    usual: Tables = {
        "subject": "Отчёт",
        "text": "Отчёт за март не открывается.",
        "author": Address(addr="ann@example.com"),
        "mailbox": "support",
        "at": datetime(2026, 11, 27, 10, tzinfo=UTC),  # 13:00 of a Friday in Moscow
        "today": date(2026, 11, 27),
    }
    return Sight(**{**usual, **values})  # type: ignore[arg-type]


def file(name: str, *kinds: str, decoration: bool = False) -> SeenFile:
    """Return a file that was looked at."""
    attachment = Attachment(index=0, name=name, media_type="application/octet-stream", size=100_000, sha256="0")
    return SeenFile(attachment=attachment, kinds=frozenset(kinds), decoration=decoration)


def ruling(rules: Tables, *, tables: Tables | None = None, **values: object) -> Ruling:
    """Return what some rules make of a letter."""
    return apply_rules(rule_set(rule=rules, **(tables or {})), sight(**values))


@pytest.fixture
def never() -> Callable[[], tuple[SeenFile, ...]]:
    """A look at files that nobody should take."""

    def look() -> tuple[SeenFile, ...]:
        raise AssertionError("nobody asked for files")

    return look
