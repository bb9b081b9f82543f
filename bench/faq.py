"""What a FAQ of 500 entries costs: building the index, looking up a letter, memory; and clustering 10,000 requests.

python bench/faq.py
"""

import random
import sys
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from maild.faq.recurrence import Asked, find_recurring
from maild.faq.search import FaqIndex
from tests.faq.questions import HELD_OUT, TODAY, TUNED, entries, questions

ENTRIES, REQUESTS = 500, 10_000


def main() -> None:
    """Measure and print."""
    rng = random.Random(1)  # noqa: S311 - the same figures each time
    words = [word for half in (TUNED, HELD_OUT) for one in questions(half) for word in one.text.split()]
    made = [
        replace(
            rng.choice(entries()),
            id=f"e{n}",
            title=" ".join(rng.sample(words, 6)),
            words=tuple(" ".join(rng.sample(words, 2)) for _ in range(6)),
            questions=(" ".join(rng.sample(words, 8)),),
        )
        for n in range(ENTRIES)
    ]
    FaqIndex(entries()).find("", "забыл пароль", TODAY)  # the dictionaries are loaded
    start = time.process_time()
    index = FaqIndex(made)
    print(f"index of {ENTRIES} entries: {time.process_time() - start:.2f} s")
    asked = [one for half in (TUNED, HELD_OUT) for one in questions(half)]
    start = time.process_time()
    index.find("", "кросовки", TODAY)  # a slip: all spellings are made ready
    print(f"first slip: {time.process_time() - start:.2f} s")
    tracemalloc.start()
    other = FaqIndex(made)
    other.find("", "кросовки", TODAY)
    print(f"memory of the index: {tracemalloc.get_traced_memory()[0] / 2**20:.1f} MB")
    tracemalloc.stop()
    for name in ("new words", "known words"):
        times = []
        for one in asked:
            start = time.process_time()
            index.find(one.subject, one.text, TODAY)
            times.append(time.process_time() - start)
        times.sort()
        middle, late = times[len(times) // 2], times[len(times) * 95 // 100]
        print(f"a letter, {name}: median {middle * 1000:.2f} ms, 95 % within {late * 1000:.2f} ms")
    long = " ".join(rng.choices(words, k=2_000))
    start = time.process_time()
    index.find("", long, TODAY)
    print(f"a letter of 2,000 words: {(time.process_time() - start) * 1000:.1f} ms")
    start_at = datetime(2026, 1, 1, tzinfo=UTC)
    requests = [
        Asked(
            number=str(n),
            subject=(one := rng.choice(asked)).subject,
            text=f"{one.text} {' '.join(rng.sample(words, 6))}",
            at=start_at + timedelta(minutes=n),
        )
        for n in range(REQUESTS)
    ]
    start = time.process_time()
    find_recurring(requests)
    print(f"clusters of {REQUESTS} requests: {time.process_time() - start:.1f} s")


if __name__ == "__main__":
    main()
