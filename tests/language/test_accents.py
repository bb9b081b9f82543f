"""Normal forms are Unicode's own, in time linear in the text."""

import sys
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.language.accents import _PLANES, MAX_ACCENTS, _is_accent, _runs, normalize
from tests.pace import find_growth

FORMS = st.sampled_from(["NFC", "NFKC", "NFD", "NFKD"])
LETTERS = st.text(st.sampled_from("aёйí\u0301\u0316\u0344\u0f73\uff9e한ﬁ \ufdfa"), max_size=MAX_ACCENTS)


@given(FORMS, st.one_of(st.text(max_size=40), LETTERS))
def test_what_people_write_is_normalized_as_ever(form: Literal["NFC", "NFKC", "NFD", "NFKD"], text: str) -> None:
    assert normalize(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("run", ["\u0301\u0316", "\u0f73\u0f74", "\uff9e\u0300", "\U0001e8d0\u0301"])
def test_a_run_of_accents_costs_no_more_than_its_length(run: str) -> None:
    text = "а" + run * 50_000
    assert len(normalize("NFKD", text)) <= 4 * MAX_ACCENTS
    assert find_growth(lambda some: normalize("NFKD", some), text) == ""  # Unicode's own is quadratic


def test_every_accent_of_unicode_is_known() -> None:
    """A run of any of them is cut; what stands where nobody looks for them is none."""
    each = [chr(one) for one in range(sys.maxunicode + 1) if _is_accent(chr(one))]
    assert ord(each[-1]) < _PLANES.stop
    assert [one for one in each if not _runs().fullmatch(one * (MAX_ACCENTS + 1))] == []
