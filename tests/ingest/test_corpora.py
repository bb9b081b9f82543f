"""Real mail of many years and countries (`../shared/corpora`, beside the project): figures that may only get better."""

import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from maild.ingest.classify import OwnMail, classify
from maild.ingest.dsn import parse_delivery_report
from maild.ingest.parse import parse
from maild.ingest.reply import new_text
from maild.model import Kind, Message

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
OWN = OwnMail(addresses=frozenset({"support@acme.example"}), loop_id="acme-7f3c")
SLOWEST = 2.0  # seconds for one letter


@dataclass(frozen=True)
class Sample:
    """One file of the corpora with what is known about it."""

    path: Path
    expected: dict[str, Any]
    source: str

    def __str__(self) -> str:
        return f"{self.source}/{self.path.name}"


@pytest.fixture(scope="module", autouse=True)
def _corpora() -> None:
    if CORPORA.is_dir():
        return
    message = "not run: the corpora are not here; they lie in ../shared/corpora beside the project"
    if os.environ.get("MAILD_REQUIRE_SERVERS") == "1":
        pytest.fail(message)
    pytest.skip(message)


def samples(kind: str) -> Iterator[Sample]:
    for manifest in sorted(CORPORA.glob("*/manifest.json")):
        told = json.loads(manifest.read_text(encoding="utf-8"))
        for name in told.get(kind, []):
            yield Sample(manifest.parent / name, told.get("expected", {}).get(name, {}), manifest.parent.name)


@cache
def letters() -> list[tuple[Sample, Message]]:
    return [(sample, parse(sample.path.read_bytes())) for sample in samples("messages")]


def assert_floor(right: list[bool], floor: float) -> None:
    share = sum(right) / len(right)
    assert share >= floor, f"{sum(right)} of {len(right)} right"


def test_every_letter_is_read() -> None:
    """No exception, storable text, each in time."""
    for sample in samples("messages"):
        octets = sample.path.read_bytes()
        started = time.monotonic()
        message = parse(octets)
        assert time.monotonic() - started < SLOWEST, sample
        told = [message.subject, message.text, message.html or "", *(value for _, value in message.headers)]
        for text in told:
            text.encode("utf-8")
            assert "\0" not in text, sample
        classify(message, OWN)
        new_text(message.text)


@pytest.mark.parametrize(
    ("key", "floor"),
    [
        ("from_addr", 1.0),
        ("from_name", 0.88),
        ("subject", 1.0),
        ("message_id", 1.0),
        ("attachment_count", 0.70),
        ("text", 0.62),
    ],
)
def test_fields(key: str, floor: float) -> None:
    """Header fields as upstream reads them; for broken structures another reading can be as right, hence the low floors."""
    right = []
    for sample, message in letters():
        if key in sample.expected:
            read = {
                "from_addr": message.author.addr if message.author else "",
                "from_name": message.author.name if message.author else "",
                "subject": message.subject,
                "message_id": message.message_id,
                "attachment_count": len(message.attachments),
                "text": message.text.strip(),
            }
            wanted = sample.expected[key]
            right.append(read[key] == (wanted.strip() if isinstance(wanted, str) else wanted))
    assert_floor(right, floor)


def test_delivery_reports_are_recognised() -> None:
    """Bounces are no tickets."""
    assert_floor(
        [
            classify(message, OWN).kind is Kind.DSN
            for sample, message in letters()
            if sample.expected.get("class") == "bounce"
        ],
        0.96,
    )


def test_failed_addresses_are_found() -> None:
    """All the addresses that a bounce names."""
    right = []
    for sample, message in letters():
        if "bounced" in sample.expected:
            report = parse_delivery_report(message)
            found = {address.casefold() for address in report.recipients} if report else set()
            right.append({address.casefold() for address in sample.expected["bounced"]} <= found)
    assert_floor(right, 0.88)


def test_ordinary_mail_is_no_machines() -> None:
    """Letters of people and lists are neither bounces nor auto-replies; not one of them."""
    machines = {Kind.DSN, Kind.AUTO_REPLY}
    wrong = [
        str(sample)
        for sample, message in letters()
        if (sample.source == "spamassassin-ham" or sample.expected.get("class") == "message")
        and classify(message, OWN).kind in machines
    ]
    assert wrong == []


def test_no_new_words_are_lost() -> None:
    """Quotes are cut only where all the author's words stay; half of the cuts are exactly upstream's."""
    same = []
    for sample in samples("bodies"):
        wanted = sample.expected.get("reply_text")
        if wanted is not None:
            left = new_text(sample.path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")).split()
            assert set(wanted.split()) <= set(left), sample
            same.append(wanted.split() == left)
    assert_floor(same, 0.50)


def test_mutated_letters() -> None:
    """Real letters cut, spliced and with octets flipped (always the same ones) never raise."""
    chance = random.Random(20261112)
    octets = [sample.path.read_bytes() for sample in samples("messages")]
    for _ in range(1_500):
        one, other = chance.choice(octets), chance.choice(octets)
        mutated = bytearray(one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other) + 1) :])
        for _ in range(chance.randrange(10)):
            if mutated:
                mutated[chance.randrange(len(mutated))] = chance.randrange(256)
        message = parse(bytes(mutated))
        classify(message, OWN)
        parse_delivery_report(message)
        message.text.encode("utf-8")
        message.subject.encode("utf-8")
