"""How fast letters walk: from octets to a committed outcome, many letters to a commit against one, and where time goes.

    make bench            or: python bench/walk.py --letters 500

Prints figures of this run on this machine; ratios carry over to other machines, absolute figures do not.
"""

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from maild import logs, pipeline
from maild.config.load import load_config
from maild.ingest.classify import classify
from maild.ingest.parse import parse
from maild.model import Place, RawMessage
from maild.policy import Policy, load_policy
from maild.store import open_blobs, open_database

CONFIG = """
[smtp]
host = "127.0.0.1"
security = "none"
[organization.bench]
name = "Стенд"
[organization.bench.mailbox.support]
address = "support@bench.example"
[organization.bench.agent.ivan]
name = "Иван"
address = "ivan@bench.example"
"""
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WORDS = "Здравствуйте, программа не открывает отчёт за прошлый месяц и показывает ошибку номер".split()


def letter(number: int, kilobytes: int = 17) -> bytes:
    """Return a Russian letter of about so many kilobytes."""
    message = EmailMessage()
    message["From"] = f"Клиент {number} <client{number}@example.com>"
    message["To"] = "support@bench.example"
    message["Subject"] = f"Вопрос номер {number}: не открывается отчёт"
    message["Message-ID"] = f"<bench-{number}@example.com>"
    line = " ".join(WORDS) + f" {number}\n"
    message.set_content(line * (kilobytes * 1024 // (len(line.encode()) * 4 // 3)))
    return message.as_bytes()


def raw(number: int, octets: bytes) -> RawMessage:
    """Return the letter as a source hands it in."""
    place = Place(mailbox="bench/support", folder="INBOX", uidvalidity=1, uid=str(number))
    return RawMessage(octets=octets, place=place, received_at=NOW)


def walk_all(policy: Policy, octets: list[bytes], batch: int) -> float:
    """Return letters per second through receive and settle, `batch` letters handed in at once."""
    with tempfile.TemporaryDirectory() as folder:
        config = policy.config.model_copy(update={"data_dir": Path(folder)})
        database, blobs = open_database(config), open_blobs(config)
        began = time.perf_counter()
        for start in range(0, len(octets), batch):
            raws = [raw(start + n, some) for n, some in enumerate(octets[start : start + batch])]
            ids = pipeline.receive(raws, database, blobs, NOW)
            pipeline.settle(ids, database, blobs, policy, NOW)
        took = time.perf_counter() - began
        database.close()
    return len(octets) / took


def each(function: object, octets: list[bytes]) -> float:
    """Return the median milliseconds of `function` on one letter."""
    times = []
    for some in octets:
        began = time.perf_counter()
        function(some)  # type: ignore[operator]
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--letters", type=int, default=300)
    count = arguments.parse_args().letters
    logs.configure("error", "json")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(CONFIG, "utf-8")
        policy = load_policy(load_config(path), key=b"k" * 32)
    octets = [letter(number) for number in range(count)]
    own = policy.mailboxes["bench/support"].desk.own
    alone, together = walk_all(policy, octets, 1), walk_all(policy, octets, 50)
    ours = each(lambda some: classify(parse(some), own), octets)
    stdlib = each(lambda some: message_from_bytes(some, policy=default).get_body().get_content(), octets)
    print(f"letters of 17 KB: {count}")
    print(f"walked one to a commit    {alone:8.0f} letters/s")
    print(f"walked 50 to a commit     {together:8.0f} letters/s   ratio {together / alone:.2f}")
    print(f"parse and classify        {ours:8.2f} ms        ratio to the standard library's parse {ours / stdlib:.2f}")


if __name__ == "__main__":
    main()
