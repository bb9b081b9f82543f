"""What an admin writes about who gets requests, and what is wrong with it."""

from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.errors import ConfigError

CONFIG = """
[organization.acme]
name = "Акме"
[organization.acme.mailbox.support]
address = "support@acme.example"
[organization.acme.category.outage]
name = "Авария"
[organization.acme.assignment]
way = "{way}"
[organization.acme.agent.ivan]
name = "Иван"
address = "ivan@staff.example"
{agent}
"""


def load(folder: Path, agent: str, way: str = "round-robin") -> str:
    """Return the problems' keys and what was expected, "" for none."""
    path = folder / "config.toml"
    path.write_text(CONFIG.format(agent=agent, way=way), encoding="utf-8")
    try:
        load_config(path)
    except ConfigError as error:
        return "; ".join(f"{one.key}: {one.expected}" for one in error.problems)
    return ""


@pytest.mark.parametrize(
    "agent", ["", 'absent = "2026-12-01"', 'absent = ["2026-12-01..2026-12-14", "2027-01-01"]', 'skills = "outage"']
)
def test_what_is_right(tmp_path: Path, agent: str) -> None:
    assert "agent" not in load(tmp_path, agent)


@pytest.mark.parametrize(
    ("agent", "key", "expected"),
    [
        ('absent = "2026-12-14..2026-12-01"', "agent.ivan.absent", "days whose last is not before the first"),
        ('absent = "в декабре"', "agent.ivan.absent", "days such as"),
        ('absent = "2026-12-01..never"', "agent.ivan.absent", "days such as"),
        ('skills = "dancing"', "agent.ivan.skills", "the name of a table [organization.acme.category.…]"),
        ('calendar = "office"', "agent.ivan.calendar", "the name of a table [organization.acme.calendar.…]"),
        ("notify = false", "assignment.way", '"manual", or agents with notify = true'),
    ],
)
def test_what_is_wrong(tmp_path: Path, agent: str, key: str, expected: str) -> None:
    found = load(tmp_path, agent)
    assert key in found
    assert expected in found
