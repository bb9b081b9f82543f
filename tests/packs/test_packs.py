"""Every pack that is shipped, as an admin gets it: it asks what it leaves open, and its scenarios show what it does."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config.load import load_config, load_rehearsal
from maild.config.open_keys import find_open_keys
from maild.config.schema import dotted
from maild.config.sources import read_sources
from maild.errors import ConfigError
from maild.packs.shelf import SHELF, Pack, shipped_packs, write_packs
from maild.policy import load_checked
from maild.scenarios import own_scenarios
from tests.packs.answering import answer_all
from tests.regulations.desks import find_faults, find_unshown

ENOUGH = 6  # scenarios of a pack


def scenarios_of(config: Path) -> Iterator[Path]:
    """Yield the scenarios of a pack that was written out."""
    return config.parent.glob("organizations/*/scenarios/**/*.toml")


def test_it_says_what_it_is(pack: Pack) -> None:
    """For `maild init --list`; and its organisations are called after it."""
    assert pack.title
    assert pack.about.endswith(".")
    assert pack.clauses
    assert all(one == pack.name or one.startswith(f"{pack.name}-") for one in pack.organizations)


def test_it_asks_exactly_what_it_leaves_open(pack: Pack, config: Path) -> None:
    """Nothing else is wrong with what is written out, and every question is one."""
    with pytest.raises(ConfigError) as caught:
        load_config(config)
    assert [one.key for one in caught.value.problems if not one.question] == []
    open_keys = {dotted(one.path) for one in find_open_keys(read_sources(config).data)}
    assert {one.key for one in caught.value.problems} == open_keys
    assert {"admin.address", "smtp.host", "smtp.username"} < open_keys
    assert [one.remedy for one in caught.value.problems if not {"?", "."} & set(one.remedy)] == []


def test_it_is_good_once_it_is_answered(pack: Pack, tmp_path: Path) -> None:
    """`maild check` finds nothing else: the pack without its examples fits together, and its templates render."""
    write_packs([pack], tmp_path / "desk")
    answer_all(tmp_path / "desk" / "config.toml")
    load_checked(tmp_path / "desk" / "config.toml")


def test_nothing_but_questions_begins_with_the_mark(pack: Pack) -> None:
    """A question where none is asked (a coupon, a key that is not there) would be taken for a value."""

    def values(data: object) -> Iterator[str]:
        if isinstance(data, dict):
            data = list(data.values())
        if isinstance(data, list):
            for one in data:
                yield from values(one)
        elif isinstance(data, str):
            yield data

    for name, octets in pack.files().items():
        if name.endswith(".toml") and "/scenarios/" not in name:
            questions = [one for one in values(tomllib.loads(octets.decode())) if one.startswith("?")]
            assert all(one.startswith("? ") and len(one) > 10 for one in questions), name


def test_every_organization_has_scenarios_and_what_they_need(pack: Pack, config: Path) -> None:
    """Where the shape of packs puts them; each of them is played, and there are enough."""
    loaded = load_rehearsal(config)
    assert sorted(loaded.config.organization) == list(pack.organizations)
    for name, organization in loaded.config.organization.items():
        folder = loaded.base / "organizations" / name
        assert (organization.scenarios, organization.rehearsal) == (folder / "scenarios", folder / "rehearsal.toml")
    paths = {path.resolve() for found in own_scenarios(loaded).values() for path in found.paths}
    assert paths == {path.resolve() for path in scenarios_of(config)}
    assert len(paths) >= ENOUGH


def test_it_does_what_the_regulation_says_and_tells_nobody_what_is_ours(config: Path) -> None:
    """All steps end as expected, and no letter leaks anything."""
    assert find_faults(load_rehearsal(config)) == []


def test_every_rule_ground_offer_unit_and_team_is_rehearsed(config: Path) -> None:
    """Whoever adds one shows in a scenario what it does."""
    assert find_unshown(load_rehearsal(config), scenarios_of(config)) == []


def test_nothing_on_the_shelf_is_forgotten() -> None:
    """Each folder is a pack."""
    folders = {path.name for path in SHELF.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {path.parent.name for path in SHELF.glob("*/pack.toml")}


def test_all_fit_into_one_folder(tmp_path: Path) -> None:
    """One daemon for all of them: no two share a file, a number's prefix, an address or a place for a password."""
    packs = list(shipped_packs().values())
    config = tmp_path / "desk" / "config.toml"
    write_packs(packs, config.parent)
    together = load_rehearsal(config).config.organization
    assert sorted(together) == sorted(name for pack in packs for name in pack.organizations)
    answer_all(config)
    organizations = load_checked(config).config.organization
    prefixes = [one.number_prefix for one in organizations.values()]
    assert len(set(prefixes)) == len(prefixes)
    secrets = [{str(box.imap.password) for box in one.mailbox.values() if box.imap} for one in organizations.values()]
    assert len(set.union(*secrets)) == sum(map(len, secrets))
