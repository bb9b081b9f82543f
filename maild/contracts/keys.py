"""The keys by which a client is found: what the register stores of one, and what a letter is searched for. Pure.

Both sides write a key here, so that they cannot come apart.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from maild.contracts.client import Client
from maild.contracts.lookalikes import fold
from maild.contracts.providers import address_key, domain_key, is_public_provider, is_public_suffix


class Evidence(StrEnum):
    """What leads from a letter to a client, in the order in which it is weighed (`design.md` §7)."""

    TOKEN = "token"  # noqa: S105 - of a ticket, nobody's password
    ADDRESS = "address"
    ALIAS = "alias"
    DOMAIN = "domain"
    COUPON = "coupon"
    AGREEMENT = "agreement"
    INN = "inn"
    SPECIALIST = "specialist"
    ORGANIZATION = "organization"  # a form's field, or a line like one


Key = tuple[Evidence, str]
_LEGAL = frozenset(
    fold(one)
    for one in """ооо оао зао пао ао нао ип нко ано гуп муп фгуп фгбу гбу мбу мбоу гбоу тов фоп чп пп прат пат ат дп кп
    llc ltd limited inc corp gmbh ag jsc ojsc cjsc pjsc plc co""".split()
)
_SPELT_OUT = re.compile(
    r"общество\s+с\s+ограниченной\s+ответственностью|товариство\s+з\s+обмеженою\s+відповідальністю"
    r"|(?:(?:публичное|закрытое|открытое|непубличное)\s+)?акционерное\s+общество|индивидуальный\s+предприниматель",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[\w.'’-]+")
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_'’ʼ]*(?:[-'’ʼ][^\W\d_'’ʼ]+)*")
_PATRONYMIC = re.compile(r"(?:ович|евич|[ьи]ич|овна|евна|ична|[ії]вна|йович|[oe]v[iy]ch|[oe]vna|ichna|ivna)$")
_MAX_NAME = 100  # characters


_INN_LENGTHS = (10, 12)
_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def is_valid_inn(digits: str) -> bool:
    """Whether a number has the length and the check digits of a Russian INN (weights of the Federal Tax Service)."""
    if len(digits) not in _INN_LENGTHS or not (digits.isascii() and digits.isdecimal()):
        return False
    values = [int(digit) for digit in digits]
    checked = (9,) if len(digits) == _INN_LENGTHS[0] else (10, 11)
    return all(
        sum(weight * value for weight, value in zip(_WEIGHTS[-at:], values, strict=False)) % 11 % 10 == values[at]
        for at in checked
    ) and any(values)


def inn_key(text: str) -> str:
    """Return the digits of a taxpayer number."""
    return "".join(character for character in text if character.isdecimal())[:20]


def organization_key(name: str) -> str:
    """Return what an organisation is called without its legal form: ООО «Ромашка» is РОМАШКА; "" where nothing is left."""
    words = (fold(word) for word in _WORDS.findall(_SPELT_OUT.sub(" ", name[:300])))
    return fold("".join(word for word in words if word.strip(".") not in _LEGAL))


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_name(name: str) -> tuple[list[str], list[str]]:
    """Return the full words of a person's name without the patronymic, surname first where that can be told, and initials."""
    words = _NAME_WORD.findall(name[:_MAX_NAME].casefold())[:4]
    full, initials = [word for word in words if len(word) > 1], [word for word in words if len(word) == 1]
    at = next((at for at, word in enumerate(full) if _PATRONYMIC.search(word) and len(full) > 2), None)
    if at is not None:
        del full[at]
        if at == 1:  # Пётр Петрович Петров
            full.reverse()
        return full[:2], ["known"]
    return full[:2], initials


def _name_keys(name: str, *, stored: bool) -> tuple[str, ...]:
    """Return the keys of a name: `stored` in the register, or read in a letter.

    A full name fits a full name, whichever word comes first, and initials fit either; but two full names never meet over
    their initials, so that Павел Петров is not Пётр Петров. Patronymics do not count.
    """
    full, initials = _read_name(name)
    if len(full) == 2:
        surnames = [(full[0], full[1])] if initials == ["known"] else [(full[0], full[1]), (full[1], full[0])]
        short = "i" if stored else "s"
        brief = (f"{short}:{fold(one)} {fold(other[0])}" for one, other in surnames)
        return ("f:" + " ".join(sorted(map(fold, full))), *brief)
    if len(full) == 1 and initials and initials != ["known"]:
        key = f"{fold(full[0])} {fold(initials[0])}"
        return (f"s:{key}",) if stored else (f"i:{key}", f"s:{key}")
    return ()


def name_keys(name: str) -> tuple[str, ...]:
    """Return the keys to look a person up by who is named in a letter; none for less than a surname and an initial."""
    return _name_keys(name, stored=False)


# ── the register's side ──────────────────────────────────────────────────────────────────────────────────────────────


def client_keys(client: Client) -> tuple[Key, ...]:
    """Return every key under which the register knows a client, each once; coupons have theirs by `lookalikes.fold`.

    A public provider's domain, or one under which anybody may register, is left out, whatever the register says.
    """
    return tuple(dict.fromkeys((kind, key) for kind, key in _client_keys(client) if key))


def _client_keys(client: Client) -> Iterator[Key]:
    for contact in client.contacts:
        for at, addr in enumerate(contact.addresses):
            yield (Evidence.ALIAS if at else Evidence.ADDRESS), address_key(addr)
        if contact.specialist:
            yield from ((Evidence.SPECIALIST, key) for key in _name_keys(contact.name, stored=True))
    for domain in map(domain_key, client.domains):
        if not is_public_provider(domain) and not is_public_suffix(domain):
            yield Evidence.DOMAIN, domain
    yield from ((Evidence.AGREEMENT, fold(number)) for number in client.agreements)
    yield Evidence.INN, inn_key(client.inn)
    yield Evidence.ORGANIZATION, organization_key(client.name)
