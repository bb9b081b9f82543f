"""One desk for all tests of a file: opening one costs more than a letter. Every test begins with a request of its own."""

from collections.abc import Iterator

import pytest

from maild.rehearsal import Rehearsal
from tests.walk.stage import open_desk


@pytest.fixture(scope="module")
def desk() -> Iterator[Rehearsal]:
    with open_desk() as desk:
        yield desk
