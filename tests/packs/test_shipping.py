"""What stands on the shelf is in the package that is installed, whatever its kind."""

import tomllib
from pathlib import Path

from maild.packs.shelf import SHELF

PACKAGE = SHELF.parent
PATTERNS = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]


def test_every_file_of_every_pack_is_shipped() -> None:
    """Pictures, patches and journals that scenarios attach, too."""
    shipped: set[Path] = {path for pattern in PATTERNS["maild"] for path in PACKAGE.glob(pattern)}
    files = {path for path in SHELF.glob("*/**/*") if path.is_file() and "__pycache__" not in path.parts}
    assert files - shipped == set()
    assert {"toml", "patch"} <= {path.suffix[1:] for path in files}
