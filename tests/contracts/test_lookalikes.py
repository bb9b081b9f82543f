"""What two spellings of one number have in common."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maild.contracts.lookalikes import MAX_KEY, alike, fold

SAME = [
    ("7KQ4-MX2P-9TR5", "7kq4mx2p9tr5", "dashes and case"),
    ("7KQ4-MX2P-9TR5", "7КQ4 МХ2Р 9ТR5", "Cyrillic К М Х Р Т"),
    ("7KQ4-MX2P-9TR5", "7\u200bKQ4\u00ad–MX2P — 9TR5\ufeff", "invisible characters and long dashes"),
    ("7KQ4-MX2P-9TR5", "７ＫＱ４－ＭＸ２Ｐ－９ＴＲ５", "full width"),
    ("7KQ4-MX2P-9TR5", "7KQ4_MX2P\u22129TR5", "a low line and a minus"),
    ("АБВ-123", "abb 123".replace("bb", "6B"), "Б is 6, В is B"),
    ("ООО", "000", "О is zero"),
    ("ЗАО-3", "3a0 з", "З is three"),
    ("VIP-1", "vlp-I", "I, L and one"),
    ("Ёлка-ЇЙ", "елка ІИ", "accents"),
    ("№ 12/2025-ТП", "12/2025-TП", "the sign of a number"),
    ("№12/2025", "# 12/2025", "either sign"),
    ("«Север» 7", '"СЕВЕР" 7', "quotation marks"),
    ("\u0435\u0308", "ё", "taken apart or in one"),
    ("٣-12", "3-12", "other digits"),
    ("НОСКРТУХМ", "HOCKPTYXM", "whole words"),
]


@pytest.mark.parametrize(("one", "other"), [pytest.param(one, other, id=why) for one, other, why in SAME])
def test_same(one: str, other: str) -> None:
    """What looks the same has one key."""
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("12/25", "1/225"), ("12.5", "1.25"), ("12/25", "12.25"), ("АБВ", "АБГ"), ("2", "Z"), ("5", "S"), ("8", "B"), ("Q", "O"), ("4", "Ч"), ("Д", "A")],
)  # fmt: skip
def test_other(one: str, other: str) -> None:
    """What does not look the same keeps a key of its own, and where a slash stands matters."""
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["", " ", "—", "№", "\u200b\u00ad", "«»"])
def test_nothing(text: str) -> None:
    """What nobody can see has no key."""
    assert fold(text) == ""


@pytest.mark.parametrize("block", [(0, 0x3000), (0xA640, 0xAC00), (0xF900, 0x10800), (0x1D000, 0x1F200)], ids=str)
def test_every_character(block: tuple[int, int]) -> None:
    """Folding a key again changes nothing, wherever Unicode has letters with cases or compatibility forms."""
    for code in range(*block):
        key = fold(chr(code))
        assert fold(key) == key, hex(code)
        assert not any(map(str.isspace, key)), hex(code)


def test_ascii() -> None:
    """Latin letters and digits end as ASCII, accents or not."""
    assert all(fold(chr(code)).isascii() for code in range(128))
    assert fold("éèñüÉÅ") == "eenuea"


@given(st.text(max_size=300))
@example("\ufdfa" * 300)  # one character that is eighteen
@example("№" * 500 + "7")
def test_stable(text: str) -> None:
    """A key is its own key, no longer than the bound, and does not depend on case."""
    key = fold(text)
    assert fold(key) == key
    assert len(key) <= MAX_KEY
    if text.isalpha() and text.lower().upper() == text.upper():
        assert fold(text.upper()) == fold(text.lower())


@pytest.mark.parametrize("character", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_alike(character: str) -> None:
    """What is said to look like a character folds to the same key, and it looks like itself in both cases."""
    among = alike(character)
    assert {character, character.lower()} <= set(among) | {"l", "L"}
    assert {fold(one) for one in among} == {fold(character)}
