"""Whatever has happened to a letter on its way, it is read."""

import random
import time
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from maild.model import Said
from tests.corpora.mutations import MUTATIONS, Mutation, find_offence, mutated
from tests.corpora.reading import Reading, read
from tests.corpora.run import SLOW
from tests.corpora.soak import letters, soak
from tests.pace import find_slowness

COUNT = 3_000
SEED = 20261112
LETTER = b"""\
From: Ann <ann@example.com>
Subject: =?utf-8?b?0JTQsA==?=
Content-Type: multipart/mixed; boundary="edge"

--edge
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

\xd0\x94\xd0\xb0, \xd1\x81\xd0\xbf\xd0\xb0\xd1\x81\xd0\xb8\xd0\xb1\xd0\xbe.

--edge
Content-Type: text/html

<p>Yes.</p>
--edge--
"""


def test_no_damage_stops_the_reading(corpora: None) -> None:
    """No exception, nothing that cannot be stored, and no letter is slow; `make soak` tries more, and memory, too."""
    offences = {}
    for number, (names, octets) in enumerate(islice(mutated(letters(), SEED), COUNT), 1):
        began = time.process_time()
        offence = find_offence(octets)
        if time.process_time() - began >= SLOW:
            offence = offence or find_slowness(partial(find_offence, octets), slow=SLOW)
        if offence:
            offences[f"{number} of seed {SEED} ({names})"] = offence
    assert offences == {}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_each_mutation_does_damage(mutation: Mutation) -> None:
    """In many ways, and the same for the same seed."""
    others = [LETTER, b"Subject: 1\n\nOne.\n", b"Subject: 2\n\nTwo.\n"]
    results = [mutation(random.Random(seed), LETTER, others) for seed in range(20)]
    assert results == [mutation(random.Random(seed), LETTER, others) for seed in range(20)]
    assert len({*results, LETTER}) > 2
    assert mutation(random.Random(1), b"", [b""]) is not None


def test_a_seed_tells_all() -> None:
    """So that an offender can be made again."""
    first, again, other = ([*islice(mutated([LETTER], seed), 50)] for seed in (1, 1, 2))
    assert first == again != other


def test_offences_are_noticed() -> None:
    """An exception, and what a database would refuse."""

    def raising(octets: bytes) -> Reading:
        raise UnicodeError("a surrogate")

    assert find_offence(LETTER) is None
    assert find_offence(LETTER, raising) == "UnicodeError: a surrogate"
    assert (
        find_offence(LETTER, lambda octets: replace(read(octets), said=Said(text="a\0b"))) == "not storable: 'a\\x00b'"
    )


def test_a_soak_keeps_what_broke_the_reading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By seed and number, and goes on."""
    number, kept = soak(
        [LETTER], 5, 0.2, tmp_path / "soak", lambda octets: "broke" if len(octets) > len(LETTER) else None
    )
    files = sorted((tmp_path / "soak").iterdir())
    assert 0 < kept == len(files) < number
    assert all(len(file.read_bytes()) > len(LETTER) for file in files)
    at = int(files[0].stem.partition("-")[2])
    assert next(islice(mutated([LETTER], 5), at - 1, None))[1] == files[0].read_bytes()
    assert f"{files[0]}: broke" in capsys.readouterr().out
