"""Codes of coupons: every slip of the pen is found, and no two characters can be taken for each other."""

import random
import secrets
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.contracts.coupons import (
    ALPHABET,
    CODE,
    _check,
    fold,
    has_shape,
    has_valid_check,
    issue_code,
    shorten,
    write_code,
)
from maild.contracts.lookalikes import alike

CODES = st.integers(0, 2**32).map(lambda seed: issue_code(random.Random(seed).randrange))
# Capitals and digits that hands, printers or readers take for one another, Latin and Cyrillic
CONFUSED = "0OОQD 1IІL 17 2Z 3ЗЭ8BВ 4Ч 4AА 5SЅ 6GБ 9Я UVYУ EЕF NИHН RЯ WШЩ KК MМ PРП TТГ XХЖ CСG JЛ".split()


def test_alphabet() -> None:
    """No two characters fold to one key, and of what is easily taken for one another at most one is in use."""
    assert len({fold(one) for one in ALPHABET}) == len(ALPHABET) == 19
    assert not set(ALPHABET) & set("0OD1IL8BSZGNVUYAE")
    for group in CONFUSED:
        assert sum(any(one in alike(own) for one in group) for own in ALPHABET) <= 1, group


def test_every_wrong_character_is_found() -> None:
    """Exhaustive: the scheme is linear, so one place at a time with the others equal stands for all codes."""
    for at in range(11):
        checks = {_check("2" * at + one + "2" * (10 - at)) for one in ALPHABET}
        assert len(checks) == len(ALPHABET), at


def test_every_swap_is_found() -> None:
    """Exhaustive: two different characters that change places, neighbours or not, the check character included."""
    for one, other in permutations(ALPHABET, 2):
        for at, then in combinations(range(11), 2):
            first = ["2"] * 11
            first[at], first[then] = one, other
            swapped = list(first)
            swapped[at], swapped[then] = other, one
            assert _check("".join(first)) != _check("".join(swapped)), (at, then)
    for first_of in range(11):
        for character in ALPHABET:
            first = ["2"] * 11
            first[first_of] = character
            check = _check("".join(first))
            if check != character:
                first[first_of] = check
                assert _check("".join(first)) != character, first_of


@given(CODES, st.data())
def test_slips_of_a_whole_code(code: str, data: st.DataObject) -> None:
    """An issued code is valid; with one other character, or two neighbours swapped, it is not."""
    assert has_valid_check(code)
    plain = code.replace("-", "")
    at = data.draw(st.integers(0, 11))
    wrong = data.draw(st.sampled_from([one for one in ALPHABET if one != plain[at]]))
    assert not has_valid_check(plain[:at] + wrong + plain[at + 1 :])
    at = data.draw(st.integers(0, 10))
    if plain[at] != plain[at + 1]:
        assert not has_valid_check(plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :])


@given(CODES)
def test_issued(code: str) -> None:
    """Three groups of four, a letter and a digit in each, found in a text as they are, written again as they were."""
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert all(any(map(str.isdigit, group)) and any(map(str.isalpha, group)) for group in groups)
    assert set(code) <= set(ALPHABET) | {"-"}
    assert (match := CODE.search(f"({code}).")) is not None
    assert match[0] == code
    assert write_code(fold(code)) == code


def test_randomness_is_handed_in() -> None:
    """The same chance makes the same code, another one another, and the chance of the house does as well."""
    assert issue_code(random.Random(4).randrange) == issue_code(random.Random(4).randrange)
    assert len({issue_code(secrets.randbelow) for _ in range(300)}) == 300
    assert {one for _ in range(200) for one in issue_code(secrets.randbelow)} == set(ALPHABET) | {"-"}


@pytest.mark.parametrize(
    ("text", "shape", "valid"),
    [
        ("7KQ4-MX2P-9TR5", True, True),
        ("7КQ4 МХ2Р 9ТR5", True, True),
        ("7KQ4-MX2P-9TR6", True, False),
        ("7KQ4-MX2P-9TR", False, False),
        ("7KQ4-MX2P-9TR55", False, False),
        ("7777-MX2P-9TR5", False, False),  # no letter in a group
        ("KKKK-MX2P-9TR5", False, False),  # no digit in a group
        ("7KO4-MX2P-9TR5", False, False),  # a letter that no code has
        ("", False, False),
    ],
)
def test_shape(text: str, shape: bool, valid: bool) -> None:
    """The shape is one thing, the check character another."""
    assert (has_shape(text), has_valid_check(text)) == (shape, valid)


@pytest.mark.parametrize(
    "text", ["AAA7KQ4-MX2P-9TR5", "7KQ4-MX2P-9TR5K", "7KQ4-MX2P-9TR5-7KQ4", "X-7KQ4-MX2P-9TR5", "2024-2025-2026", "take that part", "7KQ4-MX2P"]
)  # fmt: skip
def test_no_code_in(text: str) -> None:
    """A part of something longer is no code, nor are years or words."""
    assert CODE.search(text) is None


@pytest.mark.parametrize(
    ("code", "shown"), [("7KQ4-MX2P-9TR5", "…9TR5"), ("VIP-2025-77", "…577"), ("12345", "…5"), ("AB", "…"), ("", "…"), ("ТП/2025/000123", "…0123"), ("ABCDEFGHIJKLMNOPQR", "…OPQR")]
)  # fmt: skip
def test_shorten(code: str, shown: str) -> None:
    """People see four characters, of a short code no more than a third."""
    assert shorten(code) == shown
