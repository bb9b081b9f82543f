"""Questions are put to each letter, and what one of them costs is its own."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from maild.model import Report, Said
from tests.corpora import run
from tests.corpora.apart import apart
from tests.corpora.figures import Answer
from tests.corpora.golden import agreement
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
        "expected": {
            "1.eml": EXPECTED,
            "reply.txt": {"reply_text": "Да, большое спасибо."},
            "reply.html": {"reply_text": "Да, спасибо."},
        },
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
        "ordinary, by a person": True,
        "part of the letter": True,
    }
    reply = by_question(answers, "reply.txt")
    assert (reply["no new word lost"], reply["same words"], reply["part of the letter"]) == (False, False, True)
    assert by_question(answers, "reply.html")["same words"]
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


BOUNCE = (
    b"From: MAILER-DAEMON@example.com\nReturn-Path: <>\nSubject: Undelivered Mail Returned to Sender\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n"
    b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; example.com\n\n"
    b"Final-Recipient: rfc822; Ann@example.com\nAction: failed\nStatus: 5.1.1\n--b--\n"
)


@pytest.mark.parametrize(
    ("octets", "expected", "right"),
    [
        (BOUNCE, {"class": "bounce"}, {"report recognised": True, "report opens no ticket": True}),
        (BOUNCE, {"bounced": ["ann@example.com"]}, {"failed addresses": True, "no other address": True}),
        (BOUNCE, {"bounced": ["ann@example.com", "bob@example.com"]}, {"failed addresses": False, "no other address": True}),
        (BOUNCE, {"bounced": []}, {"failed addresses": True, "no other address": False}),
        (BOUNCE, {"class": "message"}, {"ordinary, not automatic": False, "ordinary, by a person": False}),
        (LETTER.encode(), {"class": "bounce"}, {"report recognised": False, "report opens no ticket": False}),
        (LETTER.encode(), {"bounced": ["ann@example.com"]}, {"failed addresses": False, "no other address": True}),
        (LETTER.encode(), {"class": "auto-reply"}, {"auto-reply recognised": False}),
        (b"Auto-Submitted: auto-replied\n" + LETTER.encode(), {"class": "auto-reply"}, {"auto-reply recognised": True}),
        (b"List-Id: <a.example.com>\n" + LETTER.encode(), {"class": "bounce"}, {"report recognised": False, "report opens no ticket": True}),
        (b"List-Id: <a.example.com>\n" + LETTER.encode(), {"class": "message"}, {"ordinary, not automatic": True, "ordinary, by a person": True}),
        (b"Auto-Submitted: auto-generated\n" + LETTER.encode(), {"class": "message"}, {"ordinary, not automatic": True, "ordinary, by a person": False}),
        (LETTER.encode(), {"class": "any"}, {}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)  # fmt: skip
def test_machines_mail_is_judged_by_its_kind(
    octets: bytes, expected: dict[str, object], right: dict[str, bool]
) -> None:
    """A report that was taken for list mail opens no ticket, but is not recognised either."""
    sample = Sample(source="s", name="n", kind="letter", octets=octets, expected=expected)
    assert {one.question: one.right for one in run.answers_about(sample) if one.group == "Machines' mail"} == right


def test_a_source_may_be_all_ordinary_mail() -> None:
    """Unless the manifest says otherwise of a letter."""
    octets = LETTER.encode()
    for expected, asked in (({}, True), ({"class": "any"}, False)):
        sample = Sample(source="spamassassin-ham", name="n", kind="letter", octets=octets, expected=expected)
        assert any(one.question == "ordinary, not automatic" for one in run.answers_about(sample)) is asked


def test_cost_is_judged() -> None:
    """Time and memory, each on its own."""

    def slow(octets: bytes) -> Reading:
        began = time.process_time()
        while time.process_time() - began < run.SLOW:
            pass
        return read(octets)

    def large(octets: bytes) -> Reading:
        bytearray(b"x" * run.LARGE)
        return read(octets)

    sample = Sample(source="s", name="n", kind="letter", octets=LETTER.encode(), expected={})
    for reader, fault in ((slow, "under 2 s"), (large, "under 300 MB")):
        assert [one.question for one in run.answers_about(sample, reader) if not one.right] == [fault]


def test_golden_mail_is_compared_as_a_whole(tmp_path: Path) -> None:
    """And the first line that differs is shown."""
    (tmp_path / "1.expected.txt").write_text("person\n- one\n", encoding="utf-8")

    def answer(printed: Callable[[Path], str]) -> tuple[bool, str, str]:
        found = agreement(tmp_path / "1", printed, tmp_path / "1.eml")
        return found.right, found.expected, found.got

    assert answer(lambda letter: "person\n- one\n") == (True, "", "")
    assert answer(lambda letter: "person\n- two\n") == (False, "- one", "- two")
    assert answer(lambda letter: "person\n- one\n- two\n") == (False, "", "- two")
    assert answer(lambda letter: letter.read_text()) == (
        False,
        "person",
        f"FileNotFoundError: [Errno 2] No such file or directory: '{tmp_path}/1.eml'"[:100],
    )


def test_what_no_database_takes_is_found() -> None:
    """However deep it lies."""
    assert find_unstorable(read(LETTER.encode())) is None
    good = read(LETTER.encode())
    for bad in ("a\0b", "\ud800"):
        assert find_unstorable(replace(good, message=replace(good.message, headers=(("subject", bad),)))) == bad
        report = Report(type="delivery-status", blocks=({"status": bad},), original_message_id=None)
        assert find_unstorable(replace(good, message=replace(good.message, report=report))) == bad


def test_the_new_words_must_come_from_the_letter() -> None:
    """In order, none invented, and some where there are any."""

    def saying(said: str, octets: bytes) -> Reading:
        return replace(read(octets), said=Said(text=said))

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

    idle, busy = apart(lambda: 1), apart(lambda: sum(range(10_000_000)))
    large, after = apart(lambda: len(bytearray(b"x" * 100_000_000))), apart(lambda: 2)
    assert (idle.result, busy.result, large.result, after.result) == (1, sum(range(10_000_000)), 100_000_000, 2)
    assert busy.seconds > idle.seconds + 0.05
    assert large.peak > idle.peak + 90_000_000
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
        "date.json": [
            {"header": "never", "expected": None},
            {"header": "Fri, 21 Nov 1997 09:55:06 -0630", "expected": {"year": 1997, "month": 11, "day": 21, "hour": 9, "minute": 55, "second": 6, "tz_before_gmt": True, "tz_hour": 6, "tz_minute": 30}},
        ],
    }  # fmt: skip
    for name, values in vectors.items():
        (tmp_path / name).write_text(json.dumps(values))
    (tmp_path / "manifest.json").write_text(json.dumps({"vectors": sorted(vectors)}))
    found = {sample.name: dict(sample.expected) for sample in samples(tmp_path)}
    assert found == {
        "content_type.json#1": {"vector_type": "image/png", "vector_name": "a.png"},
        "date.json#0": {"vector_date": "no date"},
        "date.json#1": {"vector_date": "1997-11-21T16:25:06+00:00"},
    }
    assert all(answer.right for answer in run.answers([tmp_path]))
