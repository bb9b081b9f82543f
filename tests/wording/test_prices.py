"""Prices: the thousands apart, kopecks only where there are any, the currency where the language has it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.wording import say_price

PRICES = [
    ("1500", "₽", "hour", "ru", "1 500 ₽ за час"),
    ("1500.5", "₽", "request", "ru", "1 500,50 ₽ за обращение"),
    ("1500.00", "₽", "", "ru", "1 500 ₽"),
    ("0.05", "₽", "", "ru", "0,05 ₽"),
    ("12345678", "руб.", "", "ru", "12 345 678 руб."),
    ("1500", "", "hour", "ru", "1 500 за час"),
    ("1500", "₴", "", "uk", "1 500 ₴"),
    ("1500.5", "₴", "hour", "uk", "1 500,50 ₴ за годину"),
    ("99.999", "₴", "request", "uk", "100 ₴ за звернення"),
    ("1500", "₽", "hour", "en", "1,500 ₽ per hour"),
    ("1500.5", "$", "request", "en", "$1,500.50 per request"),
    ("1500", "€", "", "en", "€1,500"),
    ("1500", "€", "", "ru", "1 500 €"),
]


@pytest.mark.parametrize(("price", "currency", "per", "language", "said"), PRICES)
def test_prices(price: str, currency: str, per: str, language: str, said: str) -> None:
    """As somebody would write it by hand, and all of it on one line."""
    shown = say_price(Decimal(price), currency, per, language)
    assert shown.replace("\u00a0", " ") == said
    assert " " not in shown


@given(st.decimals(0, 10**9, places=2), st.sampled_from(["ru", "uk", "en"]))
def test_a_price_stays_on_one_line_and_is_the_same_sum(price: Decimal, language: str) -> None:
    """Nothing between digits and currency breaks a line, and who reads the digits back has the sum."""
    said = say_price(price, "₽", "", language)
    assert " " not in said
    digits = said.removesuffix("\u00a0₽").replace("\u00a0", "").replace(",", "." if language != "en" else "")
    assert Decimal(digits) == price
