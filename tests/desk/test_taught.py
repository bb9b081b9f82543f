"""The words that letters ask for are understood when they come back: as they are quoted, in each language."""

import re

import pytest

from maild.desk.commands import Command, parse_commands
from maild.desk.consent import read_consent
from maild.faq.helped import read_verdict
from maild.model import Purpose
from maild.outbox.samples import sample_words
from maild.outbox.templates import Templates
from tests.outbox.test_compose import NOW, head

LANGUAGES = ["ru", "uk", "en"]
OFFER = {"name": "A", "text": "", "price": ""}
ENTRIES = [{"number": n, "title": "A", "url": "", "answer": ""} for n in (1, 2)]


def say(language: str, purpose: Purpose, **words: object) -> str:
    return Templates.load(language, None)[0].render(purpose, next(sample_words(purpose)) | words).text


def quoted(text: str) -> list[str]:
    return re.findall(r"[«“]([^»”]+)[»”]", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_consent(language: str) -> None:
    """The words for yes are a yes, those for no are a no, whichever of them the customer copies."""
    words = quoted(say(language, Purpose.OFFER, offer=OFFER))
    assert len(words) == (2 if language == "en" else 3)
    *yes, no = words
    assert {read_consent(said).agrees for word in yes for said in (word, word.capitalize(), f"{word}.")} == {True}
    assert {read_consent(said).agrees for said in (no, no.capitalize(), f"{no}!")} == {False}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_that_helped(language: str) -> None:
    """Alone, and with the number that the letter shows."""
    one = re.search(r": ([^:.\n]+)\. [^.]+\.\n\n", say(language, Purpose.ACKNOWLEDGEMENT, faq=ENTRIES[:1]))
    assert one
    verdict = read_verdict(one[1])
    assert verdict
    assert verdict.number is None
    which = re.search(r": ([^:.\n]*)1([^.\n]*)\.", say(language, Purpose.ACKNOWLEDGEMENT, faq=ENTRIES))
    assert which
    for number in (1, 2):
        verdict = read_verdict(f"{which[1]}{number}{which[2]}")
        assert verdict
        assert verdict.number == number


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_agent_is_told_to_write(language: str) -> None:
    """Dismissing what the rules propose is a command, and so is a note."""
    proposed = {"name": "A", "effect": "refuse", "command": "#x"}
    confirm, dismiss, note = quoted(say(language, Purpose.NOTIFICATION, proposed=proposed))
    assert confirm == "#x"
    commands, rest = parse_commands(dismiss, NOW, head().zone)
    assert [command.verb for command in commands if isinstance(command, Command)] == ["serve"]
    assert rest == ""
    commands, rest = parse_commands(note, NOW, head().zone)
    assert [command.verb for command in commands if isinstance(command, Command)] == ["note"]
