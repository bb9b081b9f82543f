"""The coupons that a letter quotes, heard as long as their author does not guess. Pure.

What is presented as a coupon and is in no register is counted. From a bound on no coupon of this author is looked at, within
one letter too, and the outcome is the same whether they exist or not. The bound on the whole organisation touches only
authors whom nothing else makes known, so that a flood of guesses cannot lock clients out.
"""

from dataclasses import dataclass, field
from datetime import date

from maild.contracts.client import Coupon
from maild.contracts.clue import ClientClues, Clue
from maild.contracts.coupons import fold, has_valid_check, shorten
from maild.contracts.found import Fact, Found, FoundCoupon, RegisterPolicy, guess_digest
from maild.contracts.keys import Evidence
from maild.contracts.recognition import CouponState
from maild.contracts.standing import state_of

_AUTHOR = frozenset({Evidence.TOKEN, Evidence.ADDRESS, Evidence.ALIAS, Evidence.DOMAIN})  # by these an author is known
MAX_PLAIN_HEARD = 5  # foreign coupons of a letter that speaks of coupons and calls none of these one


@dataclass(frozen=True)
class Quoted:
    """A coupon of the letter, and what became of it."""

    state: CouponState | None = None
    shown: str = ""
    coupon: Coupon | None = None
    client: str = ""  # key


@dataclass
class Heard:
    """All coupons of the letter."""

    quoted: list[Quoted] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # evidence of those that name nobody
    guessed: dict[str, None] = field(default_factory=dict)  # digests of new guesses, in order

    def choose(self, client: str | None) -> Quoted:
        """Return the coupon to go by: of a client's valid ones that which lasts longest, else their first, else the first at all."""

        def rank(one: Quoted) -> tuple[bool, bool, date, bool]:
            mine = one.coupon is not None and client in (None, one.client)
            valid = mine and one.state is CouponState.VALID
            last = one.coupon.until or date.max if one.coupon and valid else date.min
            return mine, valid, last, valid and bool(one.coupon and one.coupon.level)

        return max(self.quoted, key=rank, default=Quoted())


def hear_coupons(
    clues: ClientClues, found: Found, policy: RegisterPolicy, today: date, others: tuple[Fact, ...]
) -> Heard:
    """Return what the letter's coupons say, as far as their author is still heard; `others` is what all other clues say."""
    heard = Heard()
    register: dict[str, FoundCoupon] = {}
    for one in found.coupons:
        register.setdefault(one.key, one)
    quoted = clues.of(Evidence.COUPON)
    known = any(fact.kind in _AUTHOR for fact in others)
    left = policy.guesses_by_author - found.guesses
    if not known and found.guesses_by_all >= policy.guesses_by_all:
        left = 0
    for clue in (clue for clue in quoted if clue.claimed):
        coupon = next((register[key] for key in clue.keys if key in register), None)
        if coupon is None and not clues.called_otherwise.isdisjoint(clue.keys):
            continue  # an agreement, an INN, …
        if len(heard.guessed) >= left:
            heard.notes.append(f"coupon {clue.shown} not looked up: too many were quoted that do not exist")
            heard.quoted.append(Quoted(CouponState.UNHEARD, clue.shown))
            return heard
        if coupon is not None:
            _hear(heard, clue, coupon, today)
            continue
        doubt = f" ({clue.doubt})" if clue.doubt else ""
        heard.quoted.append(Quoted(CouponState.UNKNOWN, clue.shown))
        heard.notes.append(f"coupon {clue.shown} in {clue.place}{doubt}: in no register")
        if (digest := guess_digest(clue.keys[0])) not in found.guessed:
            heard.guessed[digest] = None
    if left > len(heard.guessed):
        _hear_plain(heard, clues, register, today, others)
    return heard


def _hear_plain(
    heard: Heard, clues: ClientClues, register: dict[str, FoundCoupon], today: date, others: tuple[Fact, ...]
) -> None:
    """Hear what nobody calls a coupon: of a client whom something else names, or where the letter speaks of coupons.

    Otherwise a list of words with digits would be a way to try coupons uncounted. A code of our own is heard as well:
    nobody comes by one of those by trying.
    """
    named = {key for fact in (*others, *heard.facts) for key in fact.keys}
    plain = [clue for clue in clues.of(Evidence.COUPON) if not clue.claimed]
    for at, clue in enumerate(plain):
        coupon = next((register[key] for key in clue.keys if key in register), None)
        spoken = clues.speaks_of_coupons and at < MAX_PLAIN_HEARD
        if coupon is not None and (spoken or coupon.client.key in named or has_valid_check(coupon.coupon.code)):
            _hear(heard, clue, coupon, today)


def _hear(heard: Heard, clue: Clue, found: FoundCoupon, today: date) -> None:
    state, why = state_of(found.coupon, today, found.renewed_by)
    code = found.coupon.code  # of several words the clue shows the likeliest one alone
    shown = clue.shown if fold(code) == clue.keys[0] else shorten(code)
    heard.quoted.append(Quoted(state, shown, found.coupon, found.client.key))
    words = f"coupon {shown} in {clue.place}, {why}"
    heard.facts.append(Fact(Evidence.COUPON, (found.client,), words, shown=shown))
