"""Questions are put to each letter, and what one of them costs is its own."""

import json
import os
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.corpora import run
from tests.corpora.apart import apart
from tests.corpora.figures import Answer
from tests.corpora.reading import Reading, find_unstorable, read
from tests.corpora.samples import Sample, samples

LETTER = """\
From: =?utf-8?b?0JjQstCw0L0=?= <ivan@example.com>
Subject: Hello
Message-ID: <1@example.com>

Good morning.

> quoted
"""
EXPECTED = {
    "from_addr": "ivan@example.com",
    "from_name": "Иван",
    "subject": "Goodbye",
    "message_id": "<1@example.com>",
    "attachment_count": 0,
    "class": "message",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One source of the corpora's format."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "1.eml").write_text(LETTER, encoding="utf-8")
    (source / "reply.txt").write_text("Да, спасибо.\n\n> Помогло?\n", encoding="utf-8")
    (source / "reply.html").write_text("<p>Да, спасибо.</p>", encoding="utf-8")
    (source / "address.json").write_text(
        json.dumps(
            [
                {
                    "header": "Кто <who@example.com>\n",
                    "expected": {"List": [{"name": "Кто", "address": "who@example.com"}]},
                }
            ]
        )
    )
    manifest = {
        "messages": ["1.eml"],
        "bodies": ["reply.txt", "reply.html"],
        "vectors": ["address.json"],
        "expected": {"1.eml": EXPECTED, "reply.txt": {"reply_text": "Да, большое спасибо."}},
    }
    (source / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def by_question(answers: list[Answer], name: str) -> dict[str, bool]:
    return {answer.question: answer.right for answer in answers if answer.name == name}


def test_each_letter_is_asked_what_is_known_of_it(folder: Path) -> None:
    """A folder of sources, or one source."""
    answers = run.answers([folder])
    assert answers == run.answers([folder / "source"])
    assert by_question(answers, "1.eml") == {
        "no exception": True,
        "under 2 s": True,
        "under 300 MB": True,
        "storable text": True,
        "from address": True,
        "from name": True,
        "subject": False,
        "Message-ID": True,
        "attachments": True,
        "ordinary, not automatic": True,
        "part of the letter": True,
    }
    reply = by_question(answers, "reply.txt")
    assert (reply["no new word lost"], reply["same words"], reply["part of the letter"]) == (False, False, True)
    assert by_question(answers, "reply.html")["part of the letter"]
    assert by_question(answers, "address.json#0") == {"addresses": True, "names": True}


def test_a_miss_shows_both(folder: Path) -> None:
    """What was expected and what came, cut where they part."""
    missed = {answer.question: answer for answer in run.answers([folder]) if not answer.right}
    assert (missed["subject"].expected, missed["subject"].got) == ("Goodbye", "Hello")
    long = "слово " * 100
    sample = Sample(
        source="s", name="n", kind="body", octets=f"\n\n{long}конец".encode(), expected={"reply_text": long}
    )
    miss = next(answer for answer in run.answers_about(sample) if answer.question == "same words")
    assert miss.expected == "… слово слово слово слово"
    assert miss.got == "… слово слово слово слово конец"


def test_a_letter_that_cannot_be_read_is_wrong_in_everything(folder: Path) -> None:
    """And the others are still asked."""

    def read_or_not(octets: bytes) -> Reading:
        if b"Hello" in octets:
            raise RecursionError("too deep")
        return read(octets)

    answers = run.answers([folder], read_or_not)
    unread = by_question(answers, "1.eml")
    assert not any(right for question, right in unread.items() if not question.startswith("under"))
    assert next(a.got for a in answers if a.question == "no exception" and not a.right) == "RecursionError: too deep"
    assert by_question(answers, "reply.txt")["no exception"]


def test_what_no_database_takes_is_found() -> None:
    """However deep it lies."""
    assert find_unstorable(read(LETTER.encode())) is None
    good = read(LETTER.encode())
    for bad in ("a\0b", "\ud800"):
        assert find_unstorable(replace(good, message=replace(good.message, headers=(("subject", bad),)))) == bad


def test_the_new_words_must_come_from_the_letter() -> None:
    """In order, none invented, and some where there are any."""

    def saying(said: str, octets: bytes) -> Reading:
        return replace(read(octets), said=said)

    octets = b"\n\nFirst line.\n\nSecond line.\n"
    sample = Sample(source="s", name="n", kind="body", octets=octets, expected={})
    verdicts = {}
    for said in ("First line.", "Second   line.\n", "", "Second line.\nFirst line.", "First"):
        answers = run.answers_about(sample, partial(saying, said))
        verdicts[said] = {answer.question: answer.right for answer in answers}["part of the letter"]
    assert verdicts == {
        "First line.": True,
        "Second   line.\n": True,
        "": False,
        "Second line.\nFirst line.": False,
        "First": False,
    }


def test_work_apart_is_measured() -> None:
    """Its time and memory, which the next work does not inherit."""

    def busy() -> int:
        began = time.process_time()
        while time.process_time() - began < 0.2:
            pass
        return len(bytearray(b"x" * 100_000_000))

    idle, worked, after = apart(lambda: 1), apart(busy), apart(lambda: 2)
    assert (idle.result, worked.result, after.result) == (1, 100_000_000, 2)
    assert worked.seconds >= 0.2 > idle.seconds
    assert worked.peak > idle.peak + 90_000_000
    assert after.peak < idle.peak + 50_000_000


def test_work_apart_may_die() -> None:
    """That is its outcome, not ours."""
    assert apart(lambda: os.kill(os.getpid(), 9)).died == "SIGKILL"
    assert apart(lambda: os._exit(3)).died == "exit status 3"
    assert apart(lambda: 1 / 0).died == "exit status 1"


def test_header_values_that_nobody_asks_of_us_are_left_out(tmp_path: Path) -> None:
    """Commands in URIs, keyword lists, multiparts as attachments."""
    vectors = {
        "address.json": [{"header": "<mailto:a@b.example>", "expected": {"List": [{"name": None, "address": "mailto:a@b.example"}]}}],
        "list.json": [{"header": "one, two", "expected": ["one", "two"]}],
        "content_type.json": [
            {"header": "multipart/mixed; boundary=a", "expected": {"c_type": "multipart", "c_subtype": "mixed", "attributes": None}},
            {"header": 'image/png; name="a.png"', "expected": {"c_type": "image", "c_subtype": "png", "attributes": [["name", "a.png"]]}},
        ],
        "date.json": [{"header": "never", "expected": None}],
    }  # fmt: skip
    for name, values in vectors.items():
        (tmp_path / name).write_text(json.dumps(values))
    (tmp_path / "manifest.json").write_text(json.dumps({"vectors": sorted(vectors)}))
    found = {sample.name: dict(sample.expected) for sample in samples(tmp_path)}
    assert found == {
        "content_type.json#1": {"vector_type": "image/png", "vector_name": "a.png"},
        "date.json#0": {"vector_date": "no date"},
    }
    assert all(answer.right for answer in run.answers([tmp_path]))
