"""When reports of a month can be sent, and what is said where they cannot."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.config.reports import ReportsEntry
from maild.errors import Problem
from maild.sla.occurrences import Pattern
from tests.config.conftest import GOOD

DOCS = (Path(__file__).parents[2] / "docs" / "ru" / "reports.md").read_text("utf-8")
OFFICE = '\n[organization.acme.calendar.office.week]\nmon-fri = "09:00-18:00"\n'


def reports(**keys: str) -> str:
    return "\n[organization.acme.reports]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())


@pytest.mark.parametrize(
    ("config", "key", "found"),
    [
        (reports(monthly='"client"', on='"mon"'), "on", "more than once a month"),
        (reports(monthly='"client"', on='"every day"'), "on", "more than once a month"),
        (reports(monthly='"client"', on='"working day 1"'), "on", "no calendar"),
        (reports(monthly='"client"', off_day='"next"'), "off_day", "no calendar"),
        (reports(monthly='"client"', calendar='"office"'), "calendar", "not defined"),
        (reports(monthly='"head"'), "monthly", "nobody is the head"),
        (reports(monthly='"everybody"'), "monthly", "everybody"),
    ],
)
def test_what_does_not_fit(problems_of: Callable[..., list[Problem]], config: str, key: str, found: str) -> None:
    """One problem, at its key."""
    (problem,) = problems_of(GOOD + config)
    assert (problem.key, found in problem.found) == (f"organization.acme.reports.{key}", True)


def test_what_the_page_shows_loads(tmp_path: Path) -> None:
    shown = DOCS.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "config.toml").write_text(GOOD + OFFICE + shown, "utf-8")
    wanted = load_config(tmp_path / "config.toml").config.organization["acme"].reports
    assert (wanted.monthly, wanted.on, wanted.calendar) == ("manager", Pattern(kind="working day", number=2), "office")


def test_the_page_explains_every_key() -> None:
    rows = "\n".join(line for line in DOCS.splitlines() if line.startswith("|"))
    assert set(ReportsEntry.model_fields) - set(re.findall(r"`([^`]+)`", rows)) == set()
