"""What the guides show can be copied."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.config.model import Organization
from maild.config.news import NewsEntry
from maild.config.promises import AccountingEntry, CalendarEntry, TargetEntry
from maild.config.register import ClientEntry, IdentityEntry
from maild.config.section import Section
from maild.config.services import OutsideEntry, ServiceEntry
from maild.config.steering import (
    AskingEntry,
    ConditionEntry,
    GroundEntry,
    MissingEntry,
    OfferEntry,
    RuleEntry,
    TeamEntry,
    ThenEntry,
    UnitEntry,
)
from maild.config.terms import calendars_of
from maild.language.patterns import compile_pattern
from maild.model import Address
from maild.rules.apply import apply_rules
from maild.rules.load import load_rules
from maild.rules.sight import Sight
from maild.texts.flaw import Check
from tests.config.conftest import GOOD

DOCS = Path(__file__).parents[2] / "docs" / "ru"
PETROVA = '\n[organization.acme.agent.petrova]\nname = "П"\naddress = "petrova@acme.example"\n'
OWN_KEYS = re.compile(r"(?ms)^\[organization\.acme\]\n(.*?)\n(?=\n|\Z)")  # a table of the organisation itself


def shown(page: str) -> str:
    """Everything that a page shows as TOML, in its order."""
    return "\n".join(re.findall(r"(?ms)^```toml\n(.*?)^```", (DOCS / page).read_text("utf-8")))


def load_page(page: str, folder: Path) -> Organization:
    """Load all that a page shows, in one organisation."""
    text, good = shown(page), GOOD + PETROVA
    for keys in OWN_KEYS.findall(text):
        good = good.replace('name = "Acme"\n', f'name = "Acme"\n{keys}\n')
    (folder / "templates" / "variant" / "vip").mkdir(parents=True)
    (folder / "config.toml").write_text(good + OWN_KEYS.sub("", text), "utf-8")
    return load_config(folder / "config.toml").config.organization["acme"]


@pytest.mark.parametrize("page", ["sla.md", "clients.md", "rules.md", "attachments.md", "services.md"])
def test_all_that_a_page_shows_loads_together(tmp_path: Path, page: str) -> None:
    """Each example is right, and none contradicts another."""
    assert shown(page).count("[organization.acme") > 2
    assert load_page(page, tmp_path).name == "Acme"


@pytest.mark.parametrize("page", ["news.md", "releases.md"])
def test_what_a_shorter_page_shows_loads(tmp_path: Path, page: str) -> None:
    """Likewise, where few tables are shown."""
    assert "[organization.acme" in shown(page)
    assert load_page(page, tmp_path).name == "Acme"


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("sla.md", CalendarEntry),
        ("news.md", NewsEntry),
        ("sla.md", TargetEntry),
        ("sla.md", AccountingEntry),
        ("clients.md", ClientEntry),
        ("clients.md", IdentityEntry),
        ("services.md", ServiceEntry),
        ("services.md", OutsideEntry),
    ],
)
def test_every_key_of_a_table_is_told(page: str, section: type[Section]) -> None:
    """A guide to a table leaves none of its keys out."""
    text = (DOCS / page).read_text("utf-8")
    assert [name for name in section.model_fields if not re.search(rf"\b{name}\b", text)] == []


# ── rules.md ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def chapter(title: str) -> str:
    """One chapter of the guide to rules."""
    return (DOCS / "rules.md").read_text("utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def in_tables(text: str) -> set[str]:
    """Return everything that the tables of a text quote."""
    rows = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    return set(re.findall(r"`([^`]+)`", rows))


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("Как правила применяются", RuleEntry),
        ("Условие: `when`", ConditionEntry),
        ("Следствия: `then`", ThenEntry),
        ("Основания отказа и отсрочки", GroundEntry),
        ("Чего не хватает", MissingEntry),
        ("Чего не хватает", AskingEntry),
        ("Платные работы", OfferEntry),
        ("Команды и подразделения", TeamEntry),
        ("Команды и подразделения", UnitEntry),
    ],
)
def test_the_chapter_about_a_table_explains_every_key(title: str, section: type[Section]) -> None:
    """In its table, by the name that goes into the file."""
    keys = {field.alias or name for name, field in section.model_fields.items()}
    assert keys - in_tables(chapter(title)) == set()


def test_every_key_is_shown_in_use(tmp_path: Path) -> None:
    """An example says more than a definition."""
    text = shown("rules.md")
    keys = {
        field.alias or name
        for section in (
            RuleEntry,
            ConditionEntry,
            ThenEntry,
            GroundEntry,
            MissingEntry,
            AskingEntry,
            OfferEntry,
            UnitEntry,
        )
        for name, field in section.model_fields.items()
    }
    assert {key for key in keys if not re.search(rf"\b{key}(\.\w+)* =", text)} == set()


def test_every_check_and_every_choice_is_told() -> None:
    """Whoever wants to write a value finds it."""
    assert {f'"{check}"' for check in Check} - in_tables(chapter("Проверки текста")) == set()
    sections = (RuleEntry, ConditionEntry, ThenEntry, GroundEntry, OfferEntry)
    choices = set().union(*(choices_in(section.model_json_schema()) for section in sections))
    text = (DOCS / "rules.md").read_text("utf-8")
    assert len(choices) > 30
    assert {value for value in choices if f'`"{value}"`' not in text} == set()


def choices_in(schema: object) -> set[str]:
    """Return every value that a JSON schema lists."""
    if isinstance(schema, list):
        return set().union(*map(choices_in, schema))
    if isinstance(schema, dict):
        return {*map(str, schema.get("enum", ())), *choices_in([*schema.values()])}
    return set()


def test_the_patterns_of_the_table_are_taken() -> None:
    """A newcomer copies them first."""
    patterns = [
        pattern.replace(r"\|", "|")
        for quoted in in_tables(chapter("Регулярные выражения"))
        for pattern in re.findall("^'(.*)'$", quoted)
    ]
    assert len(patterns) > 4
    for pattern in patterns:
        compile_pattern(pattern)


def test_explain_says_what_the_guide_shows(tmp_path: Path) -> None:
    """Each line that the guide quotes is what the rules of the guide say of its letter, in its order."""
    about = chapter("Почему правило сработало или нет")
    subject, text = re.findall("«(.*?)»", about)[:2]
    quoted = about.partition("```\n")[2].partition("\n```")[0].splitlines()
    organization = load_page("rules.md", tmp_path)
    sight = Sight(
        subject=subject, text=text, author=Address(addr="ann@example.com"), mailbox="support",
        at=datetime(2026, 11, 27, 10, tzinfo=UTC), today=date(2026, 11, 27),
    )  # fmt: skip
    ruling = apply_rules(load_rules(organization, calendars_of(organization)), sight)
    told = [f"{one.rule}: {'matched' if one.matched else 'no'}: {one.told}" for one in ruling.trials]
    assert len(quoted) > 4
    assert quoted == [line for line in told if line in quoted]
    assert (ruling.category, ruling.broken) == ("outage", "")
