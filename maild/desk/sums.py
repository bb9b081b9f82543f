"""What an agent offers for money: a name and a sum, as people write them. Pure.

    Обучение 15000        15 000 ₽ Настройка сервера        Настройка, 15,5 тыс. руб        $1,500 setup        1500 грн/час

A number alone may be a year or a version: as a sum it counts only beside the name of what the organisation has ready.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from maild.desk.arguments import Argument

MAX_SUM = Decimal(1_000_000_000)
MAX_ARGUMENT = 300  # characters
_CURRENCIES = {
    "₽": r"₽|руб(?:л(?:ей|я|ь|ях)|\.)?|р\.|rub\b",
    "₴": r"₴|грн\.?|гривен(?:ь)?|гривн[яиі]|uah\b",
    "$": r"\$|долл(?:ар(?:ов|а)?|\.)?|долар(?:ів|и)?|usd\b|dollars?",
    "€": r"€|евро|євро|eur(?:os?)?\b",
    "£": r"£|фунт(?:ов|а)?|gbp\b",
}
_CURRENCY = "|".join(f"(?:{one})" for one in _CURRENCIES.values())
_THOUSAND, _MILLION = Decimal(1_000), Decimal(1_000_000)
# By the first letter
_SCALES = {"т": _THOUSAND, "t": _THOUSAND, "k": _THOUSAND, "к": _THOUSAND, "м": _MILLION, "m": _MILLION}
_SCALE = r"тыс(?:\.|яч[аи]?)?|тис(?:\.|яч[аі]?)?|т\.\s?р\.|млн\.?|mln|[kк](?![^\W\d_])|thousand|million"
_PER = {
    "hour": r"(?:в|за|/|на|per|an)\s?(?:час|годину|hour|год)\b|/\s?ч\b",
    "request": r"за (?:обращение|звернення)|per request",
}
_SUM = re.compile(
    rf"(?<![\w.,])(?P<before>[$€£₽₴])?\s?(?P<number>[0-9]{{1,3}}(?:[ ',.][0-9]{{3}})+(?![0-9])|[0-9]{{1,12}})"
    rf"(?:[.,](?P<cents>[0-9]{{1,2}}))?(?![0-9])\s?(?P<scale>{_SCALE})?\s?(?P<after>{_CURRENCY})?"
    rf"(?:\s?(?:{'|'.join(f'(?P<{name}>{one})' for name, one in _PER.items())}))?(?![\w])",
    re.IGNORECASE,
)
_EDGE = " ,;:-–—"
_LESS_THAN_NOTHING = re.compile(r"[-−–—][$€£₽₴]?[0-9]")
_FOR = re.compile(r"^(?:за|на|for) ", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What an agent says of paid work."""

    whole: str  # as written
    name: str = ""  # without the sum
    price: Decimal | None = None
    currency: str = ""  # "": that of the organisation
    per: str = ""  # "hour", "request"; "": the whole


def read_proposal(argument: Argument) -> Proposal:
    """Return what is offered, and for how much if a sum stands at its beginning or end. Raises ValueError where nothing is named."""
    text = " ".join(argument.text.split())
    if not text or len(text) > MAX_ARGUMENT:
        raise ValueError(f"no paid work: {argument.text!r}")
    if _LESS_THAN_NOTHING.match(text):
        raise ValueError(f"no sum: {argument.text!r}")
    for match in _SUM.finditer(text):
        before, after = text[: match.start()].strip(_EDGE), text[match.end() :].strip(_EDGE + ".")
        if before and after:
            continue  # in the midst of a name
        currency = _currency_of(match["before"] or match["after"] or "")
        scaled = match["scale"] is not None
        if after and not (currency or scaled):
            continue  # "3 консультации"
        price = _price(match)
        if not 0 < price <= MAX_SUM:
            raise ValueError(f"no sum: {argument.text!r}")
        name = before or _FOR.sub("", after)
        if not name:
            raise ValueError(f"a sum for nothing: {argument.text!r}")
        per = next((one for one in _PER if match[one]), "")
        return Proposal(whole=text, name=name, price=price, currency=currency, per=per)
    return Proposal(whole=text)


def _price(match: re.Match[str]) -> Decimal:
    number = Decimal(f"{re.sub('[^0-9]', '', match['number'])}.{match['cents'] or '0'}")
    scale = (match["scale"] or "").casefold()
    return number * (_SCALES[scale[0]] if scale else 1)


def _currency_of(word: str) -> str:
    """Return the sign of a currency; "" for none."""
    return (
        next((sign for sign, one in _CURRENCIES.items() if re.fullmatch(one, word, re.IGNORECASE)), "") if word else ""
    )
