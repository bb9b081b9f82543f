"""Whatever a stranger writes, the checks answer, in time that their cap bounds."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maild.texts.checks import check_text
from maild.texts.flaw import Check
from maild.texts.prose import MAX_TEXT
from maild.texts.sentences import MAX_EVIDENCE
from tests.pace import find_growth_between

PIECES = (
    "вы ", "идиоты", "х*й ", "х у й ", "с ", "у", "к", "а", ". ", ", ", "! ", "\n", "\n\n", "> ", "```", '"', "«", "»", "(", "@", "a.b@c.d ",
    "https://x.y ", "C:\\x ", "_", "***", "\u200b", "\u0301", "\ud800", "\x00", "😀", "ї'", "1", "ГДЕ ", "НЕ ", "ne rabotaet ", "ghbdtn ", "Ð", "Р", "°",
)  # fmt: skip
SHAPES = {
    "one word": "а",
    "one word of stars": "х*",
    "stars in words": "х*й ",
    "letters with blanks": "х у й ",
    "letters with dots": "х.у.й.",
    "names": "a_b ",
    "addresses": "a@b.c ",
    "an address without an end": "a.",
    "at signs": "@",
    "dots": ".",
    "a number of dots": "1.",
    "open quotation marks": "«",
    "quotation marks": '"',
    "backslashes": "\\",
    "slashes": "/a",
    "acquitted sentences": "Я, наверное, дурак. ",
    "fillers": "вы все там совсем просто ",
    "capitals": "НЕ РАБОТАЕТ ",
    "accents": "а\u0301",
    "mojibake": "РџСЂРё",
    "brackets": "[({",
    "empty lines": "\n",
    "quoted lines": "> a\n",
    "telephones": "8 916 123-45-67 ",
    "question marks": "?",
}


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=60), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=60).map("".join)
)
@example("", "")
@example("", "\ud800")
def test_never_raises_and_evidence_is_one_short_line(subject: str, text: str) -> None:
    flaws = check_text(subject, text)
    assert len({flaw.check for flaw in flaws}) == len(flaws)
    for flaw in flaws:
        assert flaw.evidence.strip()
        assert flaw.evidence.encode(), "a lone surrogate could not be stored"
        assert len(flaw.evidence) <= MAX_EVIDENCE
        assert flaw.evidence.splitlines() == [flaw.evidence]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sets(st.sampled_from(Check)))
def test_what_is_not_wanted_changes_nothing_of_what_is(text: str, wanted: set[Check]) -> None:
    everything = check_text("", text)
    readable = Check.UNREADABLE in wanted or Check.UNREADABLE not in {flaw.check for flaw in everything}
    asked = check_text("", text, wanted)
    assert asked == tuple(flaw for flaw in everything if flaw.check in wanted)
    assert readable or {flaw.check for flaw in asked} <= {Check.ABUSE, Check.THREAT}


@pytest.mark.parametrize("piece", SHAPES.values(), ids=SHAPES.keys())
def test_a_megabyte_takes_no_longer_than_the_cap_allows(piece: str) -> None:
    check_text("", "once")  # the lists are read
    text = piece * (1_000_000 // len(piece))
    assert len(text) > 10 * MAX_TEXT
    assert find_growth_between(lambda some: check_text(some, some), text[:MAX_TEXT], text, slow=4) == ""
