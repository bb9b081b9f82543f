"""Everything in one letter that may lead to a client, as keys for the register, with where each stood. Pure.

A clue is only something to look up. What the register answers is weighed in `recognise`. The letter is a stranger's: what is
kept of it is bounded, and the time it takes is in step with its size.
"""

from collections.abc import Iterator
from dataclasses import replace

from maild.contracts.clue import ClientClues, Clue
from maild.contracts.keys import Evidence, Key
from maild.contracts.numbers import COUPON_WORDS, find_agreements, find_coupons, find_inns, find_plain
from maild.contracts.people import find_organizations, find_people, find_person
from maild.contracts.prose import read_region
from maild.contracts.providers import address_key, find_client_domains, without_subaddress
from maild.model import Address, Message, Said

__all__ = ["MAX_KEYS", "ClientClues", "Clue", "find_client_clues"]

MAX_KEYS = 200  # looked up for one letter
MAX_OF_A_KIND = 20  # clues; a letter that names more leads nowhere
MAX_PLAIN = 40  # words with a letter and a digit that nobody calls a number of anything
_ORDER = {kind: at for at, kind in enumerate(Evidence)}


def find_client_clues(message: Message, said: Said, author: Address | None) -> ClientClues:
    """Return the clues to whose letter this is. `author` is who speaks; None where a form or a forward does not tell.

    Read are the subject, the new words, and the whole text with its quotes: the coupon may stand in the letter before.
    """
    texts = [
        ("the subject", f"{said.subject}\n{message.subject}" if said.subject != message.subject else message.subject)
    ]
    texts += [("the new words", said.text)]
    texts += [("the whole text", message.text)] if message.text != said.text else []
    regions = [read_region(place, text) for place, text in texts]
    kept = _Kept()
    for clue in _of_author(author):
        kept.add(clue)
    for finder in (find_coupons, find_agreements, find_inns, find_people, find_organizations):
        found = [clue for region in regions for clue in finder(region)]
        for clue in sorted(found, key=lambda clue: not clue.claimed):
            kept.add(clue)
    otherwise = frozenset(
        key for clue in kept.clues if clue.kind in (Evidence.AGREEMENT, Evidence.INN) for key in clue.keys
    )
    for region in regions:
        for clue in find_plain(region):
            kept.add(clue)
    return ClientClues(
        author=author, clues=tuple(sorted(kept.clues, key=lambda clue: _ORDER[clue.kind])), called_otherwise=otherwise,
        speaks_of_coupons=any(region.has(word) for region in regions for word in COUPON_WORDS),
    )  # fmt: skip


class _Kept:
    """Clues in the order in which they came, each key of a kind once, within the bounds."""

    def __init__(self) -> None:
        self.clues: list[Clue] = []
        self._seen: set[Key] = set()
        self._counts: dict[tuple[Evidence, bool], int] = {}
        self._keys = 0

    def add(self, clue: Clue) -> None:
        """Keep a clue that says something new."""
        keys = tuple(key for key in dict.fromkeys(clue.keys) if key and (clue.kind, key) not in self._seen)
        slot, cost = (clue.kind, clue.claimed), len(keys) * (2 if clue.kind is Evidence.ADDRESS else 1)
        most = MAX_OF_A_KIND if clue.claimed else MAX_PLAIN
        if not keys or clue.keys[0] not in keys or self._counts.get(slot, 0) >= most or self._keys + cost > MAX_KEYS:
            return
        self._counts[slot] = self._counts.get(slot, 0) + 1
        self._keys += cost
        self._seen.update((clue.kind, key) for key in keys)
        self.clues.append(replace(clue, keys=keys))


def _of_author(author: Address | None) -> Iterator[Clue]:
    if author is None:
        return
    yield from find_person("From", author.name)
    if not author.domain:
        return
    key = address_key(author.addr)
    yield Clue(kind=Evidence.ADDRESS, keys=(key, without_subaddress(key)), place="From", shown=author.key)
    if domains := find_client_domains(author.domain):
        yield Clue(kind=Evidence.DOMAIN, keys=domains, place="From", shown=author.domain)
