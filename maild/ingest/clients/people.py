"""Names and addresses as people and clients write them into text, which is not how RFC 5322 has them in headers.

Pure; imports the model. `"Анна" <a@b>`, `Анна [mailto:a@b]`, `Анна (a@b)`, `a@b <mailto:a@b>`, `a@b (Анна)`, `Анна`.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from maild.model import Address

MAX_LOOKED_AT = 2_000  # characters of a value in which a person is looked for
MAX_NAME = 120  # characters of a name; longer ones are sentences
MAX_PEOPLE = 50

# Begins only where a word does, so that a long word without @ is looked at once
_ADDR_SPEC = re.compile(
    r"(?<![^\s<>()\[\],;:\"'|*«„“=])[^\s<>()\[\],;:\"'|*«»„“”=@]{1,64}+@[^\s<>()\[\],;:\"'|*«»„“”@]{1,255}+(?!@)"
)
_ON_BEHALF = re.compile(
    r"\b(?:on behalf of|от имени|від імені|im auftrag von|de la part de|en nombre de|per conto di|w imieniu)\b",
    re.IGNORECASE,
)
_MAILTO = re.compile(r"mailto:\s*$", re.IGNORECASE)
_IN_QUOTES = re.compile(r"[\"«„“]([^\"«»„“”]{1,120})[\"»“”]\s*$")
# words between a date and a name: "12.11.2026 10:15 AM пользователь Анна"
_BEFORE_NAMES = frozenset(
    {
        "am",
        "pm",
        "г",
        "в",
        "о",
        "от",
        "пользователь",
        "користувач",
        "użytkownik",
        "from",
        "by",
        "on",
        "at",
        "um",
        "schrieb",
        "skrev",
    }
    | {"le", "il", "el", "em", "dnia", "von", "de"}
)
_AROUND_NAMES = " \t\"'«»„“”*,;|<[(:"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody named in text: either part may be missing."""

    name: str = ""
    address: Address | None = None  # with the name; only one that mail can be sent to


def find_person(value: str) -> Person:
    """Return the first person that `value` names. Of "a@b on behalf of Anna" it is Anna, whose address is not a@b."""
    value = value[:MAX_LOOKED_AT]
    if behalf := _ON_BEHALF.search(value):
        value = value[behalf.end() :]
    match = _first_address(value)
    if match is None:
        return Person(name=_name(value))
    name = _name(_MAILTO.sub("", value[: match.start()]))
    if not name and (behind := re.match(r"[>\])\s]{0,3}\(([^()@]{1,120})\)", value[match.end() :])):
        name = _name(behind[1])
    return Person(name=name, address=Address(name=name, addr=_bare(match[0])))


def find_writer(line: str) -> Person:
    """Return who wrote, of a line such as `12.11.2026, 10:15, "Анна" <a@b>:` or `On Thu, 12 Nov 2026 Anna <a@b> wrote:`."""
    match = _first_address(line[:MAX_LOOKED_AT])
    if match is None:
        return Person()
    before = _MAILTO.sub("", line[: match.start()]).rstrip(" \t<[(")
    quoted = _IN_QUOTES.search(before)
    name = (
        _name(quoted[1])
        if quoted
        else _name(" ".join(reversed(list(takewhile(_is_of_a_name, reversed(before.split()))))))
    )
    return Person(name=name, address=Address(name=name, addr=_bare(match[0])))


def find_people(value: str) -> list[Person]:
    """Return everybody in a list of recipients, whether commas or semicolons stand between them."""
    return [find_person(part) for part in re.split(r"[;,](?=\s|$)|;", value[:MAX_LOOKED_AT])[:MAX_PEOPLE]]


def _first_address(value: str) -> re.Match[str] | None:
    return next((match for match in _ADDR_SPEC.finditer(value) if Address(addr=_bare(match[0])).sendable), None)


def _bare(addr: str) -> str:
    return addr.rstrip(".!?…")


def _is_of_a_name(word: str) -> bool:
    return (
        word[-1] not in ",:;" and word.rstrip(".").casefold() not in _BEFORE_NAMES and not any(map(str.isdigit, word))
    )


def _name(text: str) -> str:
    name = " ".join(text.strip(_AROUND_NAMES).split())
    return name if len(name) <= MAX_NAME and "@" not in name else ""
