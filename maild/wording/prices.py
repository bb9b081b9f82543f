"""Sums of money as people say them: "1 500 ₽ за час", "1 500,50 ₴ за обращение", "$1,500 per hour"."""

from decimal import Decimal

from babel.numbers import format_decimal

_APART = "\u00a0"  # a no-break space: a sum, its currency and what it is for stay on one line
_PER = {
    "hour": {"ru": "за час", "uk": "за годину", "en": "per hour"},
    "request": {"ru": "за обращение", "uk": "за звернення", "en": "per request"},
}
_BEFORE = frozenset("$€£")  # signs that English writes before the sum


def say_price(price: Decimal, currency: str, per: str, language: str) -> str:
    """Return a sum with its currency and what it is for: "1 500 ₽ за час".

    Kopecks are told only where there are any, and rounded to whole ones. `per` is "hour", "request", or "" for the whole.
    """
    price = price.quantize(Decimal("0.01"))
    whole = price == price.to_integral_value()
    sum_ = format_decimal(price, "#,##0" if whole else "#,##0.00", locale=language)
    if language == "en" and currency in _BEFORE:
        said = f"{currency}{sum_}"
    else:
        said = f"{sum_}{_APART}{currency}" if currency else sum_
    return f"{said} {_PER[per][language]}".replace(" ", _APART) if per else said
