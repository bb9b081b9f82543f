"""What the guides show can be copied."""

import re
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.config.promises import AccountingEntry, CalendarEntry, TargetEntry
from maild.config.register import ClientEntry, IdentityEntry
from maild.config.section import Section
from tests.config.conftest import GOOD

DOCS = Path(__file__).parents[2] / "docs" / "ru"
PETROVA = '\n[organization.acme.agent.petrova]\nname = "П"\naddress = "petrova@acme.example"\n'


def shown(page: str) -> str:
    """Everything that a page shows as TOML, in its order."""
    return "\n".join(re.findall(r"(?ms)^```toml\n(.*?)^```", (DOCS / page).read_text("utf-8")))


@pytest.mark.parametrize("page", ["sla.md", "clients.md"])
def test_all_that_a_page_shows_loads_together(tmp_path: Path, page: str) -> None:
    """Each example is right, and none contradicts another."""
    text = shown(page)
    assert text.count("[organization.acme") > 2
    good = GOOD + PETROVA
    if text.startswith("[organization.acme]\n"):  # keys of the organisation itself
        head, _, text = text.removeprefix("[organization.acme]\n").partition("\n\n")
        good = good.replace('name = "Acme"\n', f'name = "Acme"\n{head}\n')
    (tmp_path / "config.toml").write_text(good + text, "utf-8")
    assert load_config(tmp_path / "config.toml").config.organization["acme"].name == "Acme"


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("sla.md", CalendarEntry),
        ("sla.md", TargetEntry),
        ("sla.md", AccountingEntry),
        ("clients.md", ClientEntry),
        ("clients.md", IdentityEntry),
    ],
)
def test_every_key_of_a_table_is_told(page: str, section: type[Section]) -> None:
    """A guide to a table leaves none of its keys out."""
    text = (DOCS / page).read_text("utf-8")
    assert [name for name in section.model_fields if not re.search(rf"\b{name}\b", text)] == []
