"""What in a letter may lead to a client, as values: something to look up in the register, no more. Pure."""

from dataclasses import dataclass
from functools import cached_property

from maild.contracts.keys import Evidence, Key
from maild.model import Address


@dataclass(frozen=True, kw_only=True)
class Clue:
    """One thing said in a letter, with every key under which the register may know it."""

    kind: Evidence
    keys: tuple[str, ...]  # alternatives, the likeliest first
    place: str  # "From", "the subject", "the new words", "the whole text"
    shown: str  # for people; of a coupon only its end
    claimed: bool = True  # False: a word that may be a coupon or an agreement, and that nobody calls one
    doubt: str = ""  # "its check digits are wrong"


@dataclass(frozen=True, kw_only=True)
class ClientClues:
    """All clues of one letter, in the order in which they are weighed and stood."""

    author: Address | None = None
    clues: tuple[Clue, ...] = ()
    speaks_of_coupons: bool = False  # the word stands somewhere in the letter
    called_otherwise: frozenset[str] = frozenset()  # keys of what the letter calls an agreement or an INN

    def of(self, kind: Evidence) -> tuple[Clue, ...]:
        """The clues of one kind."""
        return tuple(clue for clue in self.clues if clue.kind is kind)

    @cached_property
    def lookups(self) -> tuple[Key, ...]:
        """What to ask the register, each once, coupons excepted: at most `MAX_KEYS` with them. An address may be anybody's alias."""
        pairs: dict[Key, None] = {}
        for clue in self.clues:
            for key in clue.keys if clue.kind is not Evidence.COUPON else ():
                pairs[clue.kind, key] = None
                if clue.kind is Evidence.ADDRESS:
                    pairs[Evidence.ALIAS, key] = None
        return tuple(pairs)

    @cached_property
    def coupons(self) -> tuple[str, ...]:
        """Keys of everything that may be a coupon, each once."""
        return tuple(dict.fromkeys(key for clue in self.of(Evidence.COUPON) for key in clue.keys))
