"""`write_folder` leaves a folder that loads, and never writes over anything."""

import re
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.config.init import write_folder
from maild.config.load import load_config
from maild.errors import ConfigError


def test_what_it_writes_loads(tmp_path: Path) -> None:
    """Every TOML file written is read by the configuration; the secrets folder is closed to others."""
    folder = tmp_path / "new" / "desk"
    written = write_folder(
        folder, organization="romashka", name="ООО «Ромашка»", address="help@romashka.example", prefix="RO"
    )
    loaded = load_config(folder / "config.toml")
    assert {path for path in written if path.suffix == ".toml"} == set(loaded.files)
    organization = loaded.config.organization["romashka"]
    assert (organization.name, organization.number_prefix) == ("ООО «Ромашка»", "RO")
    assert organization.mailbox["support"].imap is not None
    assert organization.mailbox["support"].imap.host == "imap.romashka.example"
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700
    assert "/secrets/*" in (folder / ".gitignore").read_text("utf-8")


def test_commented_keys_load_too(tmp_path: Path) -> None:
    """Whoever takes the comment signs away gets a configuration that loads."""
    for path in write_folder(tmp_path):
        if path.suffix == ".toml":
            path.write_text(re.sub(r"(?m)^# (?=[a-z_-]+ = |\[)", "", path.read_text("utf-8")), "utf-8")
    config = load_config(tmp_path / "config.toml").config
    assert config.admin is not None
    (organization,) = config.organization.values()
    assert (list(organization.target), list(organization.client)) == (["reaction"], ["vasilek"])


@given(name=st.text(min_size=1))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_survives(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    """A name is either refused before anything is written, or read back as it was given."""
    folder = tmp_path_factory.mktemp("desk")
    try:
        write_folder(folder, name=name)
    except ConfigError:
        assert list(folder.iterdir()) == []
    else:
        assert name == load_config(folder / "config.toml").config.organization["desk"].name


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder with a config.toml is refused with a remedy, and stays as it was."""
    (tmp_path / "config.toml").write_text("mine", "utf-8")
    with pytest.raises(ConfigError, match="there already") as caught:
        write_folder(tmp_path)
    assert "Nothing was written" in caught.value.problems[0].remedy
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_an_existing_gitignore_stays(tmp_path: Path) -> None:
    """A folder that is under version control already may be used."""
    (tmp_path / ".gitignore").write_text("mine", "utf-8")
    assert tmp_path / ".gitignore" not in write_folder(tmp_path)
    assert (tmp_path / ".gitignore").read_text("utf-8") == "mine"


def test_values_that_cannot_be_used(tmp_path: Path) -> None:
    """All wrong values are told at once, by the option to change."""
    with pytest.raises(ConfigError) as caught:
        write_folder(tmp_path, organization="Ромашка", address="Us <us@example.org>", imap_host="imap:993")
    assert [problem.key for problem in caught.value.problems] == ["address", "imap_host", "organization", "smtp_host"]
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A file where the folder should be is a problem, not a traceback."""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_folder(tmp_path / "file")
