"""What an agent offers for money: the name and the sum in a line, as people write them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.desk.arguments import Argument
from maild.desk.sums import MAX_ARGUMENT, Proposal, read_proposal

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def read(text: str) -> Proposal:
    return read_proposal(Argument(text=text, now=NOW, zone=UTC))


@pytest.mark.parametrize(
    ("text", "name", "price", "currency", "per"),
    [
        ("Обучение 15000", "Обучение", "15000", "", ""),
        ("Обучение 15 000", "Обучение", "15000", "", ""),
        ("Обучение 15 000 руб", "Обучение", "15000", "₽", ""),
        ("Обучение, 15 000 рублей", "Обучение", "15000", "₽", ""),
        ("Обучение: 15000р.", "Обучение", "15000", "₽", ""),
        ("Обучение — 15 тыс", "Обучение", "15000", "", ""),
        ("Обучение 15 тыс. руб.", "Обучение", "15000", "₽", ""),
        ("Обучение 15,5 тыс. руб", "Обучение", "15500", "₽", ""),
        ("Обучение 15 т.р.", "Обучение", "15000", "", ""),
        ("Обучение 2 млн ₽", "Обучение", "2000000", "₽", ""),
        ("Обучение 15к", "Обучение", "15000", "", ""),
        ("15 000 ₽ Настройка сервера", "Настройка сервера", "15000", "₽", ""),
        ("15 000 ₽ за настройку сервера", "настройку сервера", "15000", "₽", ""),
        ("1500 грн Налаштування", "Налаштування", "1500", "₴", ""),
        ("Налаштування 1 500,50 гривень", "Налаштування", "1500.50", "₴", ""),
        ("Навчання 2 тис. грн", "Навчання", "2000", "₴", ""),
        ("$1,500 Server setup", "Server setup", "1500", "$", ""),
        ("Server setup $1,500.50", "Server setup", "1500.50", "$", ""),
        ("Server setup 1500 USD", "Server setup", "1500", "$", ""),
        ("Server setup for 1.5k €", "Server setup for", "1500", "€", ""),
        ("Setup €2000", "Setup", "2000", "€", ""),
        ("Консультация 2000 ₽ в час", "Консультация", "2000", "₽", "hour"),
        ("Консультация 2000 ₽/час", "Консультация", "2000", "₽", "hour"),
        ("Консультація 800 грн за годину", "Консультація", "800", "₴", "hour"),
        ("Consulting $90 per hour", "Consulting", "90", "$", "hour"),
        ("Разбор 900 ₽ за обращение", "Разбор", "900", "₽", "request"),
        ("Отчёт за 2025", "Отчёт за", "2025", "", ""),  # whoever knows the names decides: no currency, no offer
    ],
)
def test_a_sum_is_read(text: str, name: str, price: str, currency: str, per: str) -> None:
    """Before or behind the name, with what people write for thousands and currencies."""
    found = read(text)
    assert (found.name, found.price, found.currency, found.per) == (name, Decimal(price), currency, per)
    assert found.whole == text


@pytest.mark.parametrize(
    "text",
    ["Обучение", "3 консультации", "Переход на 1С 8.3 в офисе", "Модуль 2А", "Сервер v1500x", "2 сервера и 3 принтера"],
)
def test_what_is_no_sum(text: str) -> None:
    """A number in the midst of a name, or before it without a currency."""
    assert read(text) == Proposal(whole=text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15 000 ₽",
        "-5 ₽ обучение",
        "–$5 training",
        "Обучение 0 ₽",
        "Обучение 5000000000 ₽",
        "x" * (MAX_ARGUMENT + 1),
    ],
)
def test_what_offers_nothing(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


@given(st.text(max_size=MAX_ARGUMENT))
def test_anything_is_read_or_refused(text: str) -> None:
    """And what is read has a name, and a sum above nothing where it has one."""
    try:
        found = read(text)
    except ValueError:
        return
    assert found.name or found.price is None
    assert found.price is None or found.price > 0


@given(st.integers(1, 999_999_999), st.sampled_from(["₽", "руб", "грн", "$", "€", "USD"]), st.booleans())
def test_every_whole_sum_is_what_it_says(number: int, currency: str, grouped: bool) -> None:
    """Grouped by spaces or not."""
    written = f"{number:,}".replace(",", " ") if grouped else str(number)
    assert read(f"Работа: {written} {currency}").price == number
