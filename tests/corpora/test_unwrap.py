"""Real forwards are taken apart, and nothing else of real mail is taken for one."""

import re
from functools import partial

import pytest

from maild.ingest.classify import OwnMail
from maild.ingest.clients.forward import find_forwarded
from maild.ingest.parse import parse, read_attachment
from maild.ingest.unwrap import Unwrapped, unwrap
from maild.model import Message
from tests.corpora.samples import CORPORA, samples

pytestmark = pytest.mark.usefixtures("corpora")
OWN = OwnMail(addresses=frozenset({"support@acme.example"}), loop_id="acme-7f3c")
# what a reader goes by: the line, and below it whose letter it is
FORWARDED = re.compile(
    r"^-+ ?Forwarded message ?-+$(?:\n.*){0,5}?\nFrom:.*?([\w.+-]+@[\w.-]+\w)", re.IGNORECASE | re.MULTILINE
)


def unwrapped(message: Message, octets: bytes, staff: frozenset[str]) -> Unwrapped:
    return unwrap(message, forms=(), staff=staff, own=OWN, read_attachment=partial(read_attachment, octets))


def test_real_letters_are_unwrapped_for_agents_alone() -> None:
    """Every letter that says so is a forward, with the author whom its header names; for strangers none but their own is."""
    forwards = 0
    for sample in samples():
        message = parse(sample.octets)
        sender = message.author.key if message.author else ""
        found = unwrapped(message, sample.octets, frozenset({sender}))
        if sample.kind == "letter" and (told := FORWARDED.search(message.text)) and told[1].casefold() != sender:
            assert (found.kind, found.author and found.author.key) == ("forward", told[1].casefold()), sample
            forwards += 1
        strangers = unwrapped(message, sample.octets, frozenset())
        assert strangers.kind is None or (strangers.author and strangers.author.key == sender), sample
    assert forwards >= 5


def test_real_clients_forwards_and_replies() -> None:
    """Pages that real clients made: each forward is found under a forward's subject, no reply under a reply's."""
    told = {"forward": 0, "reply": 0}
    for sample in samples(CORPORA / "quotequail"):
        text = parse(sample.octets).text
        if sample.name.endswith("_forward.html"):
            letter = find_forwarded(text, "Fwd: x")
            assert letter is not None, sample
            assert letter.name, sample
            assert letter.text not in ("", text), sample
            told["forward"] += 1
        elif "_reply" in sample.name:
            assert find_forwarded(text, "Re: x") is None, sample
            told["reply"] += 1
    assert told == {"forward": 5, "reply": 4}
