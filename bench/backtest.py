"""How many stored letters a second `maild backtest` decides about twice, with one process and with more, and where time goes.

    make bench            or: python bench/backtest.py --letters 3000 --kilobytes 2 20

The ledger: every letter of tests/mail, the ham of ../shared/corpora where that is, and for the rest Russian letters of 2 to
20 KB (most are small, as in a real desk) made of the sentences of our guides, half of them with HTML, some as answers.
Figures are of this machine as busy as it is; processor time is told beside them.
"""

import argparse
import cProfile
import os
import pstats
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # a script is given its own folder only; so are the processes that it starts

from stand import say_machine  # noqa: E402

from maild import logs, pipeline  # noqa: E402
from maild.backtest.run import Plan, comparing  # noqa: E402
from maild.config.load import load_config  # noqa: E402
from maild.model import Place, RawMessage  # noqa: E402
from maild.policy import load_policy  # noqa: E402
from maild.store import open_blobs, open_database  # noqa: E402
from maild.store.past import Stored, stored_letters  # noqa: E402

KEY = b"a key for the bench, thirty-two octets"
CLIENTS = 2_000  # of whom half write again within the window for repeats
START = datetime(2026, 11, 2, 6, tzinfo=UTC)
CORPORA = ROOT.parent / "shared" / "corpora" / "spamassassin-ham"
DESK = """
data_dir = "data"
[smtp]
host = "127.0.0.1"
security = "none"
[organization.bench]
name = "Стенд"
number_prefix = "B"
text_hints = ["abuse", "threat", "capitals"]
[organization.bench.mailbox.support]
address = "support@acme.example"
[organization.bench.agent.ivan]
name = "Иван"
address = "ivan@staff.example"
[organization.bench.calendar.office]
holidays = "RU"
[organization.bench.calendar.office.week]
mon-fri = "09:00-18:00"
[organization.bench.target.answer]
until = "answered"
within = "8h"
calendar = "office"
[organization.bench.ground.sales]
name = "Реклама"
decided = "rule"
"""
TOPICS = {
    "bill": "счёт, оплата, акт сверки", "access": "пароль, доступ, войти", "report": "отчёт, выгрузка, ведомость",
    "calendar": "праздник, календарь, выходной", "term": "срок, просрочка, дедлайн", "coupon": "купон, промокод",
    "mail": "почта, ящик, письмо не пришло", "rule": "правило, условие", "client": "клиент, договор", "print": "принтер, печать",
}  # fmt: skip


def configuration(*, changed: bool) -> str:
    """Return a desk with a category, a rule and two answers for each topic; a changed one has another rule first."""
    text = DESK
    if changed:
        text += (
            '[organization.bench.rule.first]\nwhen.words = ["реестр", "скидка", "ярлык"]\nthen.category = "report"\n'
        )
        text += 'then.tags = "error"\n'
    for name, words in TOPICS.items():
        listed = ", ".join(f'"{word}"' for word in words.split(", "))
        text += f'[organization.bench.category.{name}]\nname = "{words.partition(",")[0]}"\n'
        text += f"[organization.bench.rule.{name}]\nwhen.words = [{listed}]\n"
        text += f'then.category = "{name}"\nthen.tags = ["{name}"]\n'
        for n, title in enumerate(("Как настроить", "Почему не находится")):
            text += f'[organization.bench.faq.{name}-{n}]\ntitle = "{title}: {words}"\nwords = [{listed}]\nanswer = "Так."\n'
    text += '[organization.bench.rule.sales]\nwhen.matches = ["(?i)скидк[аи] до [0-9]+ ?%"]\nthen.refuse = "sales"\n'
    return text


def sentences() -> list[str]:
    """Return the sentences of our Russian guides."""
    text = " ".join(path.read_text("utf-8") for path in sorted((ROOT / "docs" / "ru").glob("*.md")))
    text = re.sub(r"(?s)```.*?```|[`*#|>-]", " ", text)
    return [" ".join(one.split()) for one in re.split(r"(?<=[.!?])\s", text) if 20 < len(one) < 300 and "а" in one]


def russian(number: int, kilobytes: float, among: list[str], chance: random.Random) -> bytes:
    """Return a letter of about so many kilobytes as a mail client writes it."""
    message = EmailMessage()
    client = chance.randrange(CLIENTS)
    message["From"] = f"Клиент {client} <client{client}@example.com>"
    message["To"] = "support@acme.example"
    message["Subject"] = f"Вопрос {number}: {' '.join(chance.choice(among).split()[:5])}"
    message["Date"] = format_datetime(START)
    message["Message-ID"] = f"<bench-{number}@example.com>"
    page = chance.random() < 0.5
    octets = kilobytes * 1024 * 3 / 4 / (2 if page else 1)  # base64; and once more in HTML
    said: list[str] = []
    while octets > 0:
        said.append(chance.choice(among))
        octets -= len(said[-1].encode()) + (20 if page else 0)
    text = "\n".join(said)
    if chance.random() < 0.3:
        quoted = "\n".join(f"> {line}" for line in said[len(said) // 2 :])
        text = (
            "\n".join(said[: len(said) // 2])
            + f"\n\n23.11.2026 09:10, Поддержка <support@acme.example> пишет:\n{quoted}"
        )
    message.set_content(text, cte="base64")
    if page:
        message.add_alternative(
            "".join(f"<div>{line}</div>" for line in text.split("\n")), subtype="html", cte="base64"
        )
    return message.as_bytes()


def letters(count: int, smallest: float, largest: float) -> Iterator[bytes]:
    """Yield the letters of the ledger; of Russian ones half are smaller than the geometric mean of the two sizes."""
    chance, among = random.Random(1), sentences()  # noqa: S311 - the same letters every time
    real = [
        path.read_bytes() for folder in (ROOT / "tests" / "mail", CORPORA) for path in sorted(folder.rglob("*.eml"))
    ]
    yield from real[:count]
    for number in range(count - len(real)):
        yield russian(number, smallest * (largest / smallest) ** chance.random(), among, chance)


def fill(folder: Path, count: int, smallest: float, largest: float) -> tuple[list[Stored], list[int]]:
    """Walk the letters under the first configuration; return what is in the ledger, and how long the letters are."""
    (folder / "before.toml").write_text(configuration(changed=False), "utf-8")
    (folder / "after.toml").write_text(configuration(changed=True), "utf-8")
    policy = load_policy(load_config(folder / "before.toml"), key=KEY)
    database, blobs = open_database(policy.config), open_blobs(policy.config)
    sizes: list[int] = []
    raws: list[RawMessage] = []
    for number, octets in enumerate(letters(count, smallest, largest)):
        place = Place(mailbox="bench/support", folder="INBOX", uidvalidity=1, uid=str(number))
        raws.append(RawMessage(octets=octets, place=place, received_at=START + timedelta(minutes=15 * number)))
        sizes.append(len(octets))
    for start in range(0, count, 50):
        some = raws[start : start + 50]
        now = some[-1].received_at
        pipeline.settle(pipeline.receive(some, database, blobs, now), database, blobs, policy, now)
    with database.read() as connection:
        stored = stored_letters(connection, START)
    database.close()
    return stored, sorted(sizes)


def count(plan: Plan, stored: list[Stored], jobs: int) -> int:
    """Return how many letters would end otherwise."""
    with comparing(plan, stored, jobs=jobs) as compared:
        return sum(bool(one.changes) for one in compared)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=3000)
    parser.add_argument("--kilobytes", type=float, nargs=2, default=(2, 20), metavar=("SMALLEST", "LARGEST"))
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--profile", action="store_true", help="tell where the time of one process goes")
    options = parser.parse_args()
    logs.configure("warning", "console")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        stored, sizes = fill(folder, options.letters, *options.kilobytes)
        print(f"{len(stored)} letters walked in {time.perf_counter() - began:.0f} s; octets: "
              f"median {sizes[len(sizes) // 2]}, mean {sum(sizes) // len(sizes)}, largest {sizes[-1]}")  # fmt: skip
        plan = Plan(
            **{side: load_policy(load_config(folder / f"{side}.toml"), key=KEY) for side in ("before", "after")}
        )
        for jobs in options.jobs:
            say_machine()
            before, began = os.times(), time.perf_counter()
            changed = count(plan, stored, jobs)
            spent, after = time.perf_counter() - began, os.times()
            processor = sum(after[:4]) - sum(before[:4])
            print(f"{jobs} process(es): {len(stored) / spent:6.0f} letters/s, {spent:.1f} s, starting included; "
                  f"{processor * 1000 / len(stored):.1f} ms of processor time a letter; {changed} would change")  # fmt: skip
        if options.profile:
            profile = cProfile.Profile()
            profile.runcall(lambda: count(plan, stored, 1))
            pstats.Stats(profile).sort_stats("cumulative").print_stats(r"maild|sqlalchemy.engine.base", 60)


if __name__ == "__main__":
    main()
