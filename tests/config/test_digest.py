"""When a digest can be sent, and what is said where it cannot."""

from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from maild.config.digest import DigestEntry, parse_daily
from maild.config.load import load_config
from maild.errors import Problem
from tests.config.conftest import GOOD

OFFICE = '\n[organization.acme.calendar.office.week]\nmon-fri = "09:00-18:00"\n'
ASSIGNMENT = '\n[organization.acme.assignment]\ncalendar = "office"\n'
HEAD = 'name = "Acme"\nhead = "ivanov"\n'
DOCS = Path(__file__).parents[2] / "docs" / "ru" / "queries.md"


def digest(**lines: str) -> str:
    return "\n[organization.acme.digest]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


@pytest.mark.parametrize(
    ("value", "expected"), [("09:00", time(9)), ("9:05", time(9, 5)), ("00:00", time(0)), (False, None)]
)
def test_a_time_or_false(value: object, expected: time | None) -> None:
    """Midnight is a time, too."""
    assert parse_daily(value) == expected
    assert DigestEntry.model_validate({"agents": value}).agents == expected


@pytest.mark.parametrize("value", ["24:00", "9", "25:00", "09:60", "", True, 9, "завтра"])
def test_what_is_no_time(value: object) -> None:
    """It is refused with what would be one."""
    with pytest.raises(ValueError, match="09:00"):
        parse_daily(value)


def test_what_the_page_shows_loads(tmp_path: Path) -> None:
    """An admin can copy it."""
    shown = DOCS.read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
    text = GOOD.replace('name = "Acme"\n', HEAD) + OFFICE + shown
    (tmp_path / "config.toml").write_text(text, "utf-8")
    wanted = load_config(tmp_path / "config.toml").config.organization["acme"].digest
    assert (wanted.agents, wanted.heads) == (time(9), time(9))


@pytest.mark.parametrize(
    ("config", "key", "found"),
    [
        (GOOD + OFFICE + digest(agents='"09:00"'), "agents", "working time is not known"),
        (GOOD + OFFICE + ASSIGNMENT + digest(heads='"09:00"'), "heads", "nobody is the head"),
        (GOOD + OFFICE + ASSIGNMENT + digest(agents='"18:00"'), "agents", "closed for the day"),
        (
            GOOD.replace('name = "Acme"\n', HEAD) + OFFICE + digest(heads='"09:00"'),
            "heads",
            "working time is not known",
        ),
    ],
    ids=["no calendar", "no head", "after closing", "no calendar of the head"],
)
def test_a_digest_that_nobody_would_get(
    problems_of: Callable[..., list[Problem]], config: str, key: str, found: str
) -> None:
    """The admin is told before anybody waits for it in vain."""
    (problem,) = problems_of(config)
    assert problem.key == f"organization.acme.digest.{key}"
    assert found in problem.found


def test_whoever_is_not_notified_needs_no_calendar(problems_of: Callable[..., list[Problem]]) -> None:
    """They get no digest."""
    silent = GOOD.replace('address = "ivanov@', 'notify = false\naddress = "ivanov@')
    assert problems_of(silent + digest(agents='"09:00"')) == []
