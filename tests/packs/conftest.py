"""Packs as `maild init` writes them out."""

from pathlib import Path

import pytest

from maild.packs.shelf import Pack, shipped_packs, write_packs

PACKS = list(shipped_packs().values())


@pytest.fixture(scope="session", params=PACKS, ids=lambda pack: pack.name)
def pack(request: pytest.FixtureRequest) -> Pack:
    """Each pack that is shipped."""
    found: Pack = request.param
    return found


@pytest.fixture(scope="session")
def config(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration that the admin gets, as it is written out."""
    folder = tmp_path_factory.mktemp(pack.name) / pack.name
    write_packs([pack], folder)
    return folder / "config.toml"
