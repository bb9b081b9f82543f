"""FN-2, FN-3: a file of the form has at most 5 MB, all of a letter together 5.5 MB; to the octet, which no scenario beside a file could."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from maild.config.load import load_rehearsal
from maild.packs.shelf import find_packs, write_packs
from maild.rehearsal import Rehearsal
from tests.walk.stage import letter, to

GLEB, GUSEV = "timofeev@bank-sever.example", "gusev@fns-staff.example"
MB = 1_000_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """The form's desk, with the sizes of the regulation in place of the small ones that its scenarios have."""
    config = tmp_path_factory.mktemp("fns") / "desk" / "config.toml"
    write_packs(find_packs(["fns"]), config.parent)
    small: Path = config.parent / "organizations" / "fns-service" / "rehearsal.toml"
    text, lines = re.subn(r"(?m)^max_(size|total) = .*\n", "", small.read_text("utf-8"))
    assert lines == 2
    small.write_text(text, "utf-8")
    with Rehearsal(load_rehearsal(config), start=datetime.fromisoformat("2026-02-10T10:00+03:00")) as desk:
        yield desk


@pytest.mark.parametrize(
    ("sizes", "untaken"),
    [
        ([5 * MB], []),
        ([5 * MB + 1], ["файл-1.txt"]),
        ([3 * MB, 2_500_000], []),
        ([3 * MB, 2_500_001], ["файл-2.txt"]),
        ([3 * MB, 2_500_001, 2_500_000], ["файл-2.txt"]),  # what still has room is taken
    ],
    ids=["5 MB", "an octet more", "5.5 MB together", "an octet more together", "the smaller one behind it"],
)
def test_sizes_are_held_to_the_octet(desk: Rehearsal, sizes: list[int], untaken: list[str]) -> None:
    """The letter is registered whatever comes with it, and what is not taken is named to its author."""
    files = {
        f"файл-{number}.txt": b"0123456789\n" * (size // 11) + b"." * (size % 11)
        for number, size in enumerate(sizes, 1)
    }
    sent = desk.deliver(letter(f"Журналы обмена: {sizes}", author=GLEB, attachments=files), "fns-service/support")
    told = to(sent, GLEB).message.text
    assert "завели по нему обращение FNS-" in told
    assert [name for name in files if name in told] == untaken
    assert [
        name for name in files if name in to(sent, GUSEV).message.text.partition("приняты:")[2].partition("\n\n")[0]
    ] == untaken
