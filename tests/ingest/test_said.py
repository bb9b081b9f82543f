"""Whose words count: those of the letter's author, or of whoever's letter it passes on."""

from dataclasses import replace

import pytest

from maild.ingest.reply import Reply
from maild.ingest.said import choose_said
from maild.ingest.unwrap import Unwrapped
from maild.model import Address, Attachment, Message, Said

ANNA, IVAN = Address(addr="anna@client.example"), Address(addr="ivan@acme.example")


def attached(digest: str) -> Attachment:
    return Attachment(index=0, name="x", media_type="x/y", size=1, sha256=digest, inline=False, content_id=None)


LETTER = Message(author=IVAN, subject="Fwd: счёт", text="К вам. Не пришёл.", attachments=(attached("b"), attached("a")))
REPLY = Reply(text="К вам.")
INNER = Unwrapped(subject="счёт", text="Не пришёл.", note="К вам.")
SAID = Said(subject="счёт", text="Не пришёл.", note="К вам.", files=("a", "b"))
OWN = Said(subject="Fwd: счёт", text="К вам.", files=("a", "b"))


@pytest.mark.parametrize(
    ("wrapped", "said"),
    [
        pytest.param(Unwrapped(), OWN, id="nothing is wrapped"),
        pytest.param(replace(INNER, kind="forward"), OWN, id="a forward that names nobody"),
        pytest.param(
            replace(INNER, kind="forward", author=ANNA),
            replace(SAID, wrapped="forward", author=ANNA), id="a forward"),
        pytest.param(
            replace(INNER, kind="attached", author=ANNA, attachments=(attached("c"),)),
            replace(SAID, wrapped="attached", author=ANNA, files=("c",)), id="an attached letter and its own files"),
        pytest.param(
            replace(INNER, kind="form", form="site"),
            replace(SAID, wrapped="form"), id="a form that names nobody is no letter of its sender's"),
        pytest.param(
            replace(INNER, kind="attached", author=IVAN, attachments=(attached("c"),)),
            Said(subject="счёт", text="Не пришёл.", files=("a", "b")), id="a letter of their own, once more"),
        pytest.param(
            Unwrapped(kind="forward", author=ANNA),
            Said(wrapped="forward", author=ANNA, files=("a", "b")), id="an empty letter has nothing of the agent's"),
    ],
)  # fmt: skip
def test_whose_words_count(wrapped: Unwrapped, said: Said) -> None:
    """With subject, text, files and what is for agents only."""
    assert choose_said(LETTER, wrapped, REPLY) == said


def test_a_letter_without_an_author() -> None:
    """What it passes on has one all the same."""
    found = choose_said(Message(text="x"), replace(INNER, kind="forward", author=ANNA), REPLY)
    assert (found.author, found.wrapped) == (ANNA, "forward")
