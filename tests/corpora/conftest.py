"""The corpora lie outside of the project; where they are missing, that is said in one line."""

import os

import pytest

from tests.corpora.samples import CORPORA, MISSING


@pytest.fixture(scope="session")
def corpora() -> None:
    """Skip without the corpora; fail in the gate."""
    if CORPORA.is_dir():
        return
    if os.environ.get("MAILD_REQUIRE_SERVERS") == "1":
        pytest.fail(MISSING)
    pytest.skip(MISSING)
