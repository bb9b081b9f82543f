"""How an agent writes that papers were sent: "заказным письмом, РПО 80084712345678", "курьером", "RR123456785RU". Pure."""

from dataclasses import dataclass

from maild.desk.arguments import Argument, plain

MAX_ARGUMENT = 120  # characters
MIN_NUMBER = 4  # signs of a number; fewer are a part of how it was sent
_LABELS = frozenset("№ номер рпо трек трек-номер накладная накладной ттн no number track tracking".split())
_WAYS = {"courier": ("курьер", "кур'єр", "by courier"), "registered": ("заказн", "рекомендован", "by registered")}


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """How papers were sent, and under which number; at least one of the two."""

    way: str = ""  # "courier", "registered", or the agent's own words
    number: str = ""


def read_dispatch(argument: Argument) -> Dispatch:
    """Return how papers were sent. Raises ValueError where neither a way nor a number stands there."""
    words = argument.text.replace("№", "№ ").rstrip(".!").split()
    if not words or len(argument.text) > MAX_ARGUMENT:
        raise ValueError(f"nothing sent: {argument.text!r}")
    parts: list[str] = []
    while words and words[-1].isdigit():  # as the post prints it: 800847 12 345678
        parts.insert(0, words.pop())
    if not parts and any(map(str.isdigit, words[-1])):
        parts = [words.pop()]
    number = "".join(parts)
    if number and len(number) < MIN_NUMBER:
        words, number = [*words, *parts], ""
    while number and words and plain(words[-1]).strip(":,;.") in _LABELS:
        words.pop()
    way = " ".join(words).rstrip(",;:-–— ")
    known = (name for name, stems in _WAYS.items() if plain(way).replace("’", "'").startswith(stems))
    return Dispatch(way=next(known, way), number=number)
