"""Taking a person out of a text: what goes, what stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.store.redaction import Redactor, in_depth, without_addresses

ANNA = Redactor(
    {"anna@client.example": "erased-1-1@erased.invalid"},
    ["Анна  Петрова", "Анна", "Ян"],
    ["Принтер мигает красным огоньком с утра"],
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("anna@client.example", "erased-1-1@erased.invalid"),
        ("<ANNA@Client.Example>, прошу", "<erased-1-1@erased.invalid>, прошу"),
        ("bounce+anna=client.example@acme.example", "bounce+anna=client.example@acme.example"),  # part of a longer one
        ("anna=client.example", "erased-1-1@erased.invalid"),
        ("joanna@client.example", "joanna@client.example"),
        ("anna@client.example.org", "anna@client.example.org"),
        ("Пишет anna@client.example.", "Пишет erased-1-1@erased.invalid."),
        ("Анна\nПетрова просит", "… просит"),
        ("АННА, здравствуйте", "…, здравствуйте"),
        ("Анналы истории", "Анналы истории"),
        ("Ян молчит", "Ян молчит"),  # two letters are too many words of others
        ("> Принтер мигает\n> красным огоньком с утра", "> …"),
        ("Да: «принтер, мигает КРАСНЫМ огоньком» — понял", "Да: «…» — понял"),
        ("принтер мигает красным цветом", "принтер мигает красным цветом"),  # three in a row are nobody's
        ("", ""),
    ],
)
def test_what_others_wrote(text: str, left: str) -> None:
    """Addresses and names as whole words, in any case; four words in a row of theirs, however they are quoted."""
    assert ANNA.text(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("agent Анна → ivan", "agent Анна → ivan"),  # one word may be an id of ours
        ("said by Анна Петрова <anna@client.example>", "said by … <erased-1-1@erased.invalid>"),
    ],
)
def test_what_we_wrote(text: str, left: str) -> None:
    assert ANNA.note(text) == left


def test_values_in_depth() -> None:
    """Every text of a JSON value, no key, nothing else."""
    value = {"anna@client.example": ["anna@client.example", 7, None, {"a": True}]}
    assert in_depth(value, ANNA.addresses) == {
        "anna@client.example": ["erased-1-1@erased.invalid", 7, None, {"a": True}]
    }


def test_whoever_s_addresses() -> None:
    assert without_addresses("от a.b+c@d.example для <x@y>, а @ нет") == "от … для <…>, а @ нет"


@given(st.text(), st.sampled_from([" ", "\n> ", ", ", "<"]), st.text())
def test_an_address_never_stays(before: str, between: str, behind: str) -> None:
    """Whatever stands round it, as long as it is no part of a longer one."""
    assert "anna@client.example" not in ANNA.text(f"{before}{between}anna@client.example {behind}").casefold()


@given(st.text(alphabet="абв \n", max_size=60))
def test_what_has_nothing_of_them_stays_as_it_is(text: str) -> None:
    assert ANNA.text(text) == text
    assert ANNA.note(text) == text


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "a@" * 150_000, "принтер мигает красным " * 30_000, "анна " * 60_000, "=" * 300_000]
)
def test_long_texts_take_no_longer_than_they_are(text: str) -> None:
    """A stranger's text is read once."""
    began = time.process_time()
    ANNA.text(text)
    without_addresses(text)
    assert time.process_time() - began < 5
