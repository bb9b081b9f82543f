"""The desk of CleverBox as its admins set it up: in either language, and with holidays or without while martial law lasts.

One line of `include` turns all that people read into Ukrainian.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from maild.config.load import load_rehearsal
from maild.config.terms import calendars_of
from maild.packs.shelf import find_packs, write_packs
from maild.policy import load_checked
from maild.scenarios import own_scenarios
from tests.packs.answering import answer_all
from tests.regulations.desks import find_faults

DESK = Path("organizations/cleverbox")


@pytest.fixture(scope="module")
def ukrainian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration as an admin switches it, the way organization.toml says."""
    config = tmp_path_factory.mktemp("uk") / "desk" / "config.toml"
    write_packs(find_packs(["cleverbox"]), config.parent)
    file = config.parent / DESK / "organization.toml"
    before = file.read_text("utf-8")
    after = before.replace('"organizations/cleverbox/words.toml"', '"organizations/cleverbox/words-uk.toml"')
    assert before != after
    file.write_text(after, "utf-8")
    return config


def keys(table: object, path: str = "") -> Iterator[str]:
    """Yield every key below a table that holds a value."""
    if isinstance(table, dict):
        for key, value in table.items():
            yield from keys(value, f"{path}.{key}")
    else:
        yield path


def test_it_does_the_same_in_ukrainian(ukrainian: Path) -> None:
    """Its Ukrainian scenarios are those that are played, all steps end as expected, and no letter leaks anything."""
    loaded = load_rehearsal(ukrainian)
    paths = {path.resolve() for found in own_scenarios(loaded).values() for path in found.paths}
    assert paths == {path.resolve() for path in (ukrainian.parent / DESK / "scenarios-uk").glob("*.toml")}
    assert len(paths) == 2
    assert find_faults(loaded) == []


def test_it_is_good_in_ukrainian_once_it_is_answered(ukrainian: Path) -> None:
    """`maild check` finds nothing."""
    answer_all(ukrainian)
    assert load_checked(ukrainian).config.organization["cleverbox"].language == "uk"


def test_both_languages_say_the_same_things(ukrainian: Path) -> None:
    """Whatever has words in one has them in the other."""
    russian, other = (
        tomllib.loads((ukrainian.parent / DESK / name).read_text("utf-8")) for name in ("words.toml", "words-uk.toml")
    )
    assert list(keys(russian)) == list(keys(other))


@pytest.mark.parametrize(("answer", "works"), [("true", True), ("false", False)])
def test_the_admin_says_whether_holidays_are_days_off_under_martial_law(
    tmp_path: Path, answer: str, works: bool
) -> None:
    """CB-9 does not, and the law and the desks' habits differ (A10): Christmas, and the weekend as ever."""
    config = tmp_path / "desk" / "config.toml"
    write_packs(find_packs(["cleverbox"]), config.parent)
    overlay = config.parent / DESK / "rehearsal.toml"
    said = overlay.read_text("utf-8")
    assert "martial_law = true" in said
    overlay.write_text(said.replace("martial_law = true", f"martial_law = {answer}"), "utf-8")
    office = calendars_of(load_rehearsal(config).config.organization["cleverbox"])["office"]
    assert bool(office.day(date(2025, 12, 25)).openings) is works
    assert bool(office.day(date(2025, 12, 24)).openings)
    assert not office.day(date(2025, 12, 27)).openings
