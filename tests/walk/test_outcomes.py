"""Any octets end in exactly one Outcome with a reason, and every step of the walk has left its finding."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from maild.config.load import Loaded
from maild.ingest.parse import parse
from maild.model import Address, OutcomeKind, Place, RawMessage
from maild.pipeline import Settled, receive, settle
from maild.policy import Policy, load_policy
from maild.rehearsal import KEY
from maild.store.blobs import LocalBlobs
from maild.store.engine import Database
from maild.store.schema import letter as letter_table
from maild.store.schema import outbox
from tests.walk.stage import BETA, CORPORA, PLAIN, START, SUPPORT, letter, loaded, need_corpora

STEPS = ["parse", "unwrap", "classify", "reply", "thread", "identify", "dedupe", "decide"]
PER_SOURCE = 35  # letters of one corpus: the rest is much alike, and `tests/ingest` reads them all
OURS = {"ivan@staff.example", "petra@staff.example", "olga@beta-staff.example"}


class Ledger:
    """The walk without a dispatcher: letters in, outcomes out, many to a commit."""

    def __init__(self, folder: Path, config: Loaded) -> None:
        self.database = Database.open(f"sqlite:///{folder / 'maild.sqlite3'}")
        self.blobs = LocalBlobs(folder / "blobs")
        self.policy: Policy = load_policy(config, key=KEY)
        self.taken = 0

    def take(self, letters: Sequence[bytes], mailbox: str = SUPPORT) -> list[Settled]:
        """Walk letters and check what must be true of each."""
        raws = [self._raw(octets, mailbox) for octets in letters]
        settled = []
        for start in range(0, len(raws), 50):
            ids = receive(raws[start : start + 50], self.database, self.blobs, START)
            settled += settle(ids, self.database, self.blobs, self.policy, START + timedelta(seconds=self.taken))
        assert len(settled) == len(letters)
        for one, octets in zip(settled, letters, strict=True):
            check(one, octets)
        return settled

    def _raw(self, octets: bytes, mailbox: str) -> RawMessage:
        self.taken += 1
        place = Place(mailbox=mailbox, folder="", uidvalidity=0, uid=str(self.taken))
        return RawMessage(octets=octets, place=place, received_at=START)


def check(settled: Settled, octets: bytes) -> None:
    """One outcome, a reason, all findings; letters out are letters, and go to nobody who is not in the letter."""
    assert settled.outcome.reason.strip()
    assert settled.outcome.kind is not OutcomeKind.QUARANTINED, (settled.outcome.reason, octets[:2000])
    assert settled.decision is not None
    steps = [finding.step for finding in settled.decision.findings]
    assert [step for step in steps if step not in ("report", "client", "text", "files")] == STEPS
    assert all(finding.verdict and finding.evidence for finding in settled.decision.findings[:-1])
    assert settled.message is not None
    allowed = OURS | {a.key for a in addresses_in(settled)}
    for outgoing in settled.outgoing:
        assert outgoing.recipient.casefold() in allowed
        assert outgoing.octets.isascii()
        sent = parse(outgoing.octets)
        assert sent.message_id == outgoing.message_id
        assert not [defect for defect in sent.defects if not defect.startswith("text cut")], sent.defects
        assert all(len(line) <= 998 for line in outgoing.octets.split(b"\r\n"))
        assert b"\n" not in outgoing.octets.replace(b"\r\n", b"")


def addresses_in(settled: Settled) -> Iterator[Address]:
    message = settled.message
    assert message is not None
    yield from (a for a in (message.author, message.sender, *message.reply_to, *message.to, *message.cc) if a)
    if message.envelope_sender:
        yield Address(addr=message.envelope_sender)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path_factory.mktemp("ledger"), loaded())
    yield ledger
    assert_balanced(ledger)
    ledger.database.close()


def assert_balanced(ledger: Ledger) -> None:
    """Every letter taken has its one outcome in the database too."""
    with ledger.database.read() as connection:
        outcomes = list(connection.execute(select(letter_table.c.outcome)).scalars())
        assert len(outcomes) == ledger.taken
        assert None not in outcomes
        ids = list(connection.execute(select(outbox.c.message_id)).scalars())
        assert len(ids) == len(set(ids))


# ── what anybody might send ──────────────────────────────────────────────────────────────────────────────────────────

HEADER_NAMES = ["From", "To", "Cc", "Reply-To", "Sender", "Subject", "Message-ID", "In-Reply-To", "References", "Date",
                "Return-Path", "Delivered-To", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
                "Auto-Submitted", "List-Id", "X-Maild-Loop", "Precedence", "X-Failed-Recipients"]  # fmt: skip
VALUES = [b"", b"<>", b"anna@client.example", b"<anna@client.example>", b"ACME-1", b"t1.abcdefghijklmnop@acme.example",
          b"support+t1.abcdefghijklmnop@acme.example", b"=?utf-8?B?0J/RgNC40LLQtdGC?=", b"=?koi8-r?Q?=F0?=", b"ivan@staff.example",
          b"multipart/mixed; boundary=b", b"multipart/report; report-type=delivery-status; boundary=b", b"text/html; charset=koi8-r",
          b"message/rfc822", b"base64", b"quoted-printable", b"x\r\n folded", "Анна <anna@почта.рф>".encode("cp1251"),
          b'"quoted local"@client.example', b"a@[127.0.0.1]", b"a@" + b"b" * 70 + b".example", b"@", b"a@b@c", b"<<>>", b",,,"]  # fmt: skip

fields = st.tuples(
    st.sampled_from(HEADER_NAMES),
    st.one_of(st.sampled_from(VALUES), st.binary(max_size=60)),
).map(lambda field: field[0].encode() + b": " + field[1])
bodies = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"--b\r\n\r\nx\r\n--b--",
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n--b--",
            b"\x00" * 10,
        ]
    ),
)
letters = st.one_of(
    st.binary(max_size=400),
    st.tuples(st.lists(fields, max_size=12), bodies).map(lambda parts: b"\r\n".join(parts[0]) + b"\r\n\r\n" + parts[1]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(letters, min_size=1, max_size=8), st.sampled_from([SUPPORT, PLAIN, BETA]))
def test_any_octets(ledger: Ledger, octets: list[bytes], mailbox: str) -> None:
    """Header fields and octets at random, many together."""
    ledger.take(octets, mailbox)


def test_the_corpora(ledger: Ledger) -> None:
    """Real letters of many years, and others made by cutting and splicing them: none breaks our code."""
    need_corpora()
    octets = [path.read_bytes() for path in letters_of_the_corpora()]
    assert len(octets) > 300
    ledger.take(octets, BETA)
    chance = random.Random(20261123)
    ledger.take([mutated(chance, octets) for _ in range(60)])


def letters_of_the_corpora() -> Iterator[Path]:
    for manifest in sorted(CORPORA.glob("*/manifest.json")):
        names = json.loads(manifest.read_text(encoding="utf-8")).get("messages", [])[:PER_SOURCE]
        yield from (path for name in names if (path := manifest.parent / name).stat().st_size < 100_000)


def mutated(chance: random.Random, octets: list[bytes]) -> bytes:
    one, other = chance.choice(octets), chance.choice(octets)
    spliced = bytearray(one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other) + 1) :])
    for _ in range(chance.randrange(20) if spliced else 0):
        spliced[chance.randrange(len(spliced))] = chance.randrange(256)
    return bytes(spliced[:50_000])


# ── what somebody did send, or will ──────────────────────────────────────────────────────────────────────────────────

PERSON = b"From: anna@client.example\r\n"

ODD = {
    "empty": b"",
    "header only": PERSON + b"Subject: x",
    "blank lines": b"\r\n\r\n\r\n",
    "only NUL": b"\x00" * 100,
    "NUL everywhere": b"From: a\x00nna@client.example\r\nSubject: x\x00y\r\n\r\nt\x00ext",
    "8-bit header": "From: Анна <anna@client.example>\r\nSubject: Привет\r\n\r\nтекст".encode("cp1251"),
    "no From, Date or Message-ID": b"Subject: x\r\n\r\ntext",
    "duplicate headers": PERSON * 3 + b"Subject: a\r\nSubject: b\r\nMessage-ID: <a@b>\r\nMessage-ID: <c@d>\r\n\r\nx",
    "subject smuggles headers": PERSON + b"Subject: =?utf-8?q?x=0D=0ABcc:_mallory@evil.example=0D=0A=0D=0ABody?=\r\n\r\nx",
    "name smuggles headers": b"From: =?utf-8?q?x=0D=0ABcc:_mallory@evil.example?= <anna@client.example>\r\n\r\nx",
    "name of controls": b"From: =?utf-8?b?AAECAwQFBgcICQoLDA0ODxAR4oCo4oCp4oCu?= <anna@client.example>\r\nSubject: =?utf-8?b?AAECAwQF4oCo4oCu?=\r\n\r\nx",
    "name of quotes": b'From: "a\\"b\\\\c, <x@y.example>" <anna@client.example>\r\n\r\nx',
    "Message-ID smuggles headers": PERSON + b"Message-ID: <a@b>\r\nIn-Reply-To: =?utf-8?q?<x=0D=0ABcc:_m@evil.example>?=\r\n\r\nx",
    "Message-ID not ASCII": PERSON + "Message-ID: <ж@почта.рф>\r\nReferences: <é@x> <a b@c>\r\n\r\nx".encode(),
    "huge Message-ID": PERSON + b"Message-ID: <" + b"x" * 100_000 + b"@y.example>\r\n\r\nx",
    "long Message-ID": PERSON + b"Message-ID: <" + b"x" * 975 + b"@y>\r\n\r\nx",
    "50,000 references": PERSON + b"References: " + b" ".join(b"<%d@x.example>" % n for n in range(50_000)) + b"\r\n\r\nx",
    "50,000 recipients": PERSON + b"To: " + b", ".join(b"p%d@x.example" % n for n in range(50_000)) + b"\r\n\r\nx",
    "50,000 in Reply-To": PERSON + b"Reply-To: " + b", ".join(b"p%d@x.example" % n for n in range(50_000)) + b"\r\n\r\nx",
    "50,000 Delivered-To": b"".join(b"Delivered-To: p%d@x.example\r\n" % n for n in range(50_000)) + PERSON + b"\r\nx",
    "20,000 tokens": PERSON + b"\r\n" + b" ".join(b"t%d.abcdefghijklmnop" % n for n in range(1, 20_000)),
    "20,000 numbers": PERSON + b"Subject: " + b" ".join(b"ACME-%d" % n for n in range(20_000)) + b"\r\n\r\nx",
    "300-character address": b"From: <" + b"a" * 290 + b"@client.example>\r\n\r\nx",
    "quoted local part": b'From: "an na"@client.example\r\n\r\nx',
    "local part of two dots": b"From: a..b@client.example\r\n\r\nx",
    "address of two ats": b"From: a@b@client.example\r\n\r\nx",
    "local part not ASCII": "From: анна@client.example\r\n\r\nx".encode(),
    "options in the local part": b"From: -oQ/tmp/x@client.example\r\n\r\nx",
    "pipe": b'From: "|/bin/sh"@client.example\r\n\r\nx',
    "IDN": "From: Анна <anna@почта.рф>\r\nCc: boris@münchen.example\r\n\r\nx".encode(),
    "IDN in punycode": b"From: anna@xn--80a1acny.xn--p1ai\r\n\r\nx",
    "broken punycode": b"From: anna@xn--\xff.example\r\n\r\nx",
    "label too long": b"From: anna@" + "ж".encode() * 60 + b".example\r\n\r\nx",
    "empty label": b"From: anna@client..example\r\n\r\nx",
    "address literal": b"From: anna@[127.0.0.1]\r\n\r\nx",
    "domain alone": b"From: @client.example\r\n\r\nx",
    "group": b"From: undisclosed-recipients:;\r\nTo: friends: a@b.example, c@d.example;\r\n\r\nx",
    "date far away": PERSON + b"Date: Mon, 31 Dec 9999 23:59:59 -2359\r\n\r\nx",
    "date before time": PERSON + b"Date: Mon, 01 Jan 0001 00:00:00 +1400\r\n\r\nx",
    "attachment names with paths": PERSON + b'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf; name="../../etc/passwd"\r\n\r\nx\r\n--b\r\nContent-Disposition: attachment; filename="C:\\\\Windows\\\\x.exe"\r\n\r\ny\r\n--b--',
    "attachment name smuggles headers": PERSON + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''a%0D%0ABcc%3A%20m@evil.example%22.pdf\r\n\r\nx\r\n--b--",
    "media types that are none": PERSON + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: \xd0\xb6/x y; z\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b\r\nContent-Type: image\r\nContent-Disposition: attachment\r\n\r\ny\r\n--b\r\nContent-Type: image/a/b\r\nContent-Disposition: attachment\r\n\r\ny\r\n--b\r\nContent-Type: image/" + b"x" * 2000 + b"\r\nContent-Disposition: attachment\r\n\r\ny\r\n--b--",
    "media type of whole letters": PERSON + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/partial; id=x\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b\r\nContent-Type: multipart/digest\r\nContent-Disposition: attachment\r\n\r\ny\r\n--b--",
    "deeply nested": PERSON + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(500)) + b"\r\nx",
    "5,000 parts": PERSON + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n" * 5_000 + b"--b--",
    "one line of a megabyte": PERSON + b"\r\n" + b"x" * 1_000_000,
    "a subject of a megabyte": PERSON + b"Subject: " + b"x " * 500_000 + b"\r\n\r\nx",
    "a Cyrillic subject of a line": PERSON + b"Subject: " + ("слово " * 160).encode() + b"\r\n\r\nx",
    "lone surrogates": PERSON + b"Subject: =?utf-8?q?=ED=A0=80?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xed\xa0\x80",
    "lone surrogates in UTF-7": PERSON + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA-",
    "bare CR and LF": b"From: anna@client.example\nSubject: a\rb\n\nx\ry\nz",
    "Jinja2 in the words": PERSON + b"Subject: {{ 7*7 }}{% raw %}\r\n\r\n{{ config }} {% endraw %}",
    "our own address in capitals": b"From: SUPPORT@ACME.EXAMPLE\r\n\r\nx",
    "our own subaddress": b"From: support+t1.abcdefghijklmnop@acme.example\r\n\r\nx",
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_letters(ledger: Ledger, name: str) -> None:
    """What breaks other desks opens a ticket here, or is ignored with a reason; what goes out is a sound letter."""
    (settled,) = ledger.take([ODD[name]])
    for outgoing in settled.outgoing:
        head = outgoing.octets.partition(b"\r\n\r\n")[0].lower()
        assert b"\r\nbcc:" not in head
        assert b"passwd" not in head
        (sent_to,) = [parse(outgoing.octets).to]
        assert len(sent_to) == 1
    assert all("evil.example" not in outgoing.recipient for outgoing in settled.outgoing)


def test_the_recipients_of_a_mailing_do_not_join(ledger: Ledger) -> None:
    """Beyond twenty people in copy nobody joins the ticket: we would multiply somebody's mailing."""
    for people, joined in ((20, 20), (21, 0)):
        copied = ", ".join(f"p{n}@client.example" for n in range(people))
        (settled,) = ledger.take([letter(f"{people}", headers=[("Cc", copied)])])
        assert settled.decision is not None
        assert settled.decision.opened is not None
        assert len(settled.decision.opened.participants) == 1 + joined


def test_idn_is_sent_in_ascii(ledger: Ledger) -> None:
    """An acknowledgement to почта.рф has the domain in the form that every server takes."""
    (settled,) = ledger.take(["From: Анна <anna@почта.рф>\r\nSubject: IDN\r\n\r\nIDN".encode()])
    ack = settled.outgoing[0]
    assert ack.recipient == "anna@почта.рф"
    assert parse(ack.octets).to[0].addr == "anna@xn--80a1acny.xn--p1ai"
