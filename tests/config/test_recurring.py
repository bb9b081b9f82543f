"""When works come round, as an admin writes it, and what is said where they cannot."""

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from maild.config.hours import parse_moment
from maild.config.load import load_config
from maild.config.recurring import RecurringEntry, parse_pattern, say_pattern
from maild.errors import Problem
from maild.sla.occurrences import Pattern
from tests.config.conftest import GOOD

DOCS = Path(__file__).parents[2] / "docs" / "ru" / "recurring.md"
OFFICE = '\n[organization.acme.calendar.office.week]\nmon-fri = "09:00-18:00"\n'
AROUND = (
    OFFICE
    + """
[organization.acme.level.base]
name = "Базовый"
[organization.acme.level.gold]
name = "Золотой"
[organization.acme.category.works]
name = "Работы"
[organization.acme.team.admins]
name = "Администраторы"
agents = ["ivanov"]
"""
)


@pytest.mark.parametrize(
    ("text", "pattern", "said"),
    [
        ("mon", Pattern(kind="weekdays", weekdays=frozenset({0})), "mon"),
        ("Mon,  thu", Pattern(kind="weekdays", weekdays=frozenset({0, 3})), "mon, thu"),
        ("fri-sun, tue", Pattern(kind="weekdays", weekdays=frozenset({1, 4, 5, 6})), "tue, fri, sat, sun"),
        ("day 1", Pattern(kind="day", number=1), "day 1"),
        ("day 31", Pattern(kind="day", number=31), "day 31"),
        ("last day", Pattern(kind="last day"), "last day"),
        ("working day 23", Pattern(kind="working day", number=23), "working day 23"),
        ("last working day", Pattern(kind="last working day"), "last working day"),
        ("every day", Pattern(kind="days", number=1), "every day"),
        ("every 1 day", Pattern(kind="days", number=1), "every day"),
        ("every 366 days", Pattern(kind="days", number=366), "every 366 days"),
    ],
)
def test_the_days(text: str, pattern: Pattern, said: str) -> None:
    """Each form is read, and said so that it is read as the same."""
    assert parse_pattern(text) == pattern
    assert say_pattern(pattern) == said
    assert parse_pattern(said) == pattern


@pytest.mark.parametrize(
    "text",
    ["", "monday", "day 0", "day 32", "working day 24", "every 367 days", "every 0 days", "daily", "mon,", 1, None],
)
def test_what_names_no_days(text: object) -> None:
    with pytest.raises(ValueError, match='"last working day"'):
        parse_pattern(text)


@pytest.mark.parametrize("text", ["24:00", "9", "", False, 9])
def test_what_is_no_time(text: object) -> None:
    assert parse_moment("9:05") == time(9, 5)
    with pytest.raises(ValueError, match="09:00"):
        parse_moment(text)


def work(**keys: str) -> str:
    lines = {"title": '"Копии"', "text": '"Проверить"', "on": '"day 1"'} | keys
    return "\n[organization.acme.recurring.backup]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


@pytest.mark.parametrize(
    ("config", "key", "found"),
    [
        (work(on='"working day 1"'), "on", "no calendar that tells them"),
        (work(on='"last working day"'), "on", "no calendar that tells them"),
        (work(off_day='"next"'), "off_day", "no calendar that tells days off"),
        (work(on='"every 2 days"'), "on", "no day to count from"),
        (work(since="2026-12-02", until="2026-12-01"), "until", "before 2026-12-02"),
        (work(level='"base"') + AROUND, "level", "once for the desk"),
        (work(client='"romashka"'), "client", "once for the desk"),
        (work(whom='"clients"', level='["base"]'), "level.0", "not defined"),
        (work(calendar='"office"'), "calendar", "not defined"),
        (work(category='"works"'), "category", "not defined"),
        (work(severity='"high"'), "severity", "not defined"),
        (work(team='"admins"'), "team", "not defined"),
        (work(agent='"petrova"'), "agent", "not defined"),
        (work(mailbox='"sales"'), "mailbox", "not defined"),
    ],
)  # fmt: skip
def test_what_does_not_fit(problems_of: Callable[[str], list[Problem]], config: str, key: str, found: str) -> None:
    """One problem, at its key."""
    (problem,) = problems_of(GOOD + config)
    assert (problem.key, found in problem.found) == (f"organization.acme.recurring.backup.{key}", True)


def test_somebody_must_hear_of_it(problems_of: Callable[[str], list[Problem]]) -> None:
    """An agent who wants no letters hears only of works of their own."""
    quiet = re.sub(r"(\[organization\.acme\.agent\.ivanov\]\n)", r"\1notify = false\n", GOOD)
    found = [one.found for one in problems_of(quiet + work())]
    assert "no agent who would hear of it" in found
    assert "no agent who would hear of it" not in [one.found for one in problems_of(quiet + work(agent='"ivanov"'))]


def test_what_fits(tmp_path: Path) -> None:
    """Every other value of a key, and what the page shows."""
    shown = "\n".join(re.findall(r"(?ms)^```toml\n(.*?)^```", DOCS.read_text("utf-8")))
    (tmp_path / "config.toml").write_text(GOOD + AROUND + shown, "utf-8")
    works = load_config(tmp_path / "config.toml").config.organization["acme"].recurring
    assert [(one.on.kind, one.at, one.whom) for one in works.values()] == [
        ("working day", time(10), "clients"),
        ("weekdays", time(9), "desk"),
        ("last day", time(18), "clients"),
    ]
    for fits in (
        work(on='"every 2 days"', since="2026-12-01"),
        work(on='"every day"'),
        work(since="2026-12-01", until="2026-12-01"),
    ):
        (tmp_path / "config.toml").write_text(GOOD + fits, "utf-8")
        load_config(tmp_path / "config.toml")


def test_the_page_explains_every_key_and_form() -> None:
    """In its tables, by the name that goes into the file."""
    text = DOCS.read_text("utf-8")
    rows = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    named = set(re.findall(r"`([^`]+)`", rows))
    assert set(RecurringEntry.model_fields) - named == set()
    forms = re.findall(r'`"([^"]+)"`', rows.partition("| `on` | Когда |")[2])
    assert {parse_pattern(form).kind for form in forms} == {
        "weekdays", "day", "last day", "working day", "last working day", "days",
    }  # fmt: skip
