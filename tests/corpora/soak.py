"""Mutations of real letters for as long as you like: `python -m tests.corpora.soak --minutes 10 --seed 1` (`make soak`).

Each letter is read in a process of its own. Prints the seed and what was found; a letter that broke the reading, took
more than two seconds or 300 MB is kept as `<seed>-<number>.eml`. Ends with status 0 if none did, else 1.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.corpora.apart import apart
from tests.corpora.mutations import find_offence, mutated
from tests.corpora.run import LARGE, SLOW
from tests.corpora.samples import CORPORA, MISSING, samples

GOLDEN = Path(__file__).parents[1] / "mail"


def letters() -> list[bytes]:
    """Return what is mutated: the letters of the corpora and our own."""
    ours = (path.read_bytes() for path in sorted(GOLDEN.glob("*/*.eml")))
    return [*(sample.octets for sample in samples() if sample.kind != "vector"), *ours]


def find_fault(octets: bytes) -> str | None:
    """Return in words what is wrong with the reading of a letter or its cost, or None."""
    outcome = apart(lambda: find_offence(octets))
    if outcome.died:
        return outcome.died
    if outcome.result is not None:
        return str(outcome.result)
    if outcome.seconds >= SLOW:
        return f"{outcome.seconds:.1f} s"
    return f"{outcome.peak // 1_000_000} MB" if outcome.peak >= LARGE else None


def soak(
    originals: Sequence[bytes],
    seed: int,
    seconds: float,
    folder: Path,
    fault_of: Callable[[bytes], str | None] = find_fault,
) -> tuple[int, int]:
    """Return how many letters were read in that time, and how many of them are kept in `folder`."""
    ends, number, kept = time.monotonic() + seconds, 0, 0
    for number, (names, octets) in enumerate(mutated(originals, seed), 1):
        fault = fault_of(octets)
        if fault:
            kept += 1
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{seed}-{number}.eml"
            path.write_bytes(octets)
            print(f"{path}: {fault} ({names})", flush=True)
        if time.monotonic() > ends:
            break
    return number, kept


def main() -> int:
    """Soak, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpora.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long (10)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other mutations (1)")
    parser.add_argument("--folder", type=Path, default=Path("build/soak"), help="where offenders are kept (build/soak)")
    wanted = parser.parse_args()
    if not CORPORA.is_dir():
        print(MISSING, file=sys.stderr)
        return 1
    print(f"seed {wanted.seed}", flush=True)
    number, kept = soak(letters(), wanted.seed, 60 * wanted.minutes, wanted.folder)
    print(f"{number} letters read, {kept} kept")
    return 1 if kept else 0


if __name__ == "__main__":
    sys.exit(main())
