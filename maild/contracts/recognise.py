"""Whose letter this is, from its clues and what the register has under them. Pure.

Evidence is weighed in the order of `Evidence` (`design.md` §7); a conflict goes to a person and is never guessed:

- **Strong** are a ticket's token, an address, an alias, a domain, a coupon, and a number that the letter calls an agreement
  or an INN. Each alone names the client; any two that name different clients are a conflict.
- But who is known by token or exact address is not judged by their domain: a contractor writes for the client, from the
  domain of a company that may be a client too. Of a domain and one that it is below, the closer one counts.
- **Weak** are names of persons and organisations, and numbers that nobody calls an agreement or an INN: an accountant's
  letter is full of other companies'. They confirm. They never contradict strong evidence. On their own they name a
  client only if one of them is that client's alone in the whole register and none names another. A name that very many
  clients have says nothing, and the register does not tell whose it is.
- One key may be several clients' (branches with one INN): it names whichever of them the rest does.
- An expired, revoked, renewed or early coupon still says who writes. It grants nothing: level and hours are the client's.
- A foreign coupon that nobody calls one counts where the letter speaks of coupons at all, or other evidence names its client.
  How long an author is heard at all is in `hearing`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from maild.contracts.client import Client
from maild.contracts.clue import ClientClues, Clue
from maild.contracts.found import Fact, Found, FoundCoupon, Hit, RegisterPolicy, name_clients
from maild.contracts.hearing import Quoted, hear_coupons
from maild.contracts.keys import Evidence, Key
from maild.contracts.recognition import CouponState, Lead, Recognition, Standing
from maild.contracts.standing import standing_of

__all__ = ["Found", "FoundCoupon", "Hit", "RegisterPolicy", "recognise"]

MAX_EVIDENCE = 30  # lines, the last ones
_ORDER = {kind: at for at, kind in enumerate(Evidence)}
_WEAK = frozenset({Evidence.SPECIALIST, Evidence.ORGANIZATION})
_PERSONAL = frozenset({Evidence.TOKEN, Evidence.ADDRESS, Evidence.ALIAS})  # these outweigh a domain


def recognise(clues: ClientClues, found: Found, policy: RegisterPolicy, today: date) -> Recognition:
    """Return whose letter this is and what they are owed on `today`, the day of its arrival in the organisation's zone."""
    facts = [*_of_author(clues, found, policy), *_of_numbers(clues, found)]
    heard = hear_coupons(clues, found, policy, today, tuple(facts))
    facts = sorted([*facts, *heard.facts], key=lambda fact: _ORDER[fact.kind])
    facts, aside = _set_domains_aside(facts)
    client, deciding = _decide(facts)
    quoted = heard.choose(client.key if client else None)
    evidence = [*heard.notes, *aside]
    if client is None:
        standing, why = _nobody(clues, facts, conflict=deciding is not None)
        nobody = _recognition(standing, quoted, tuple(heard.guessed), [*evidence, *map(str, facts), why])
        return replace(nobody, leads=_leads(facts) if standing is Standing.CONFLICT else ())
    evidence += [
        str(fact) if client.key in fact.keys else f"{fact}, weak evidence, set aside"
        for fact in reversed(facts)
        if fact is not deciding
    ]
    evidence.append(str(deciding))
    coupon = quoted.coupon if quoted.state is CouponState.VALID else None
    level = coupon.level or client.level if coupon else client.level
    standing, why = standing_of(client, level, policy.levels, today)
    if standing is not Standing.SERVED:
        evidence.append(why)
    return replace(
        _recognition(standing, quoted, tuple(heard.guessed), evidence),
        client=client, level=level, hours=coupon.hours if coupon else client.hours, coupon=coupon,
        quoted_coupon=quoted.coupon if quoted.client == client.key else None,
    )  # fmt: skip


def _recognition(standing: Standing, quoted: Quoted, guessed: tuple[str, ...], evidence: list[str]) -> Recognition:
    return Recognition(
        standing=standing, coupon_state=quoted.state, quoted=quoted.shown, guesses=len(guessed), guessed=guessed,
        evidence=tuple(evidence[-MAX_EVIDENCE:]),
    )  # fmt: skip


# ── what the register says ───────────────────────────────────────────────────────────────────────────────────────────


def _of_author(clues: ClientClues, found: Found, policy: RegisterPolicy) -> Iterator[Fact]:
    """Yield what token, address, alias and domain say."""
    if found.ticket_client is not None:
        yield Fact(Evidence.TOKEN, (found.ticket_client,), "the letter continues a ticket with its token")
    public = policy.public_domains
    hits = _by_key(hit for hit in found.hits if hit.kind is not Evidence.DOMAIN or hit.key not in public)
    for clue in clues.of(Evidence.ADDRESS):
        for key in clue.keys:  # as it is written, then without its subaddress
            own = [fact for kind in (Evidence.ADDRESS, Evidence.ALIAS) if (fact := _fact(kind, clue, key, hits))]
            yield from own
            if own:
                break
    for clue in clues.of(Evidence.DOMAIN):
        yield from _first(clue, hits)


def _of_numbers(clues: ClientClues, found: Found) -> Iterator[Fact]:
    """Yield what agreements, INN, names and organisations say."""
    hits = _by_key(found.hits)
    for kind in (Evidence.AGREEMENT, Evidence.INN, Evidence.SPECIALIST, Evidence.ORGANIZATION):
        for clue in clues.of(kind):
            yield from _first(clue, hits)


_Hits = Mapping[Key, Mapping[str, Client]]


def _by_key(hits: Iterable[Hit]) -> _Hits:
    clients: dict[Key, dict[str, Client]] = {}
    for hit in hits:
        clients.setdefault((hit.kind, hit.key), {})[hit.client.key] = hit.client
    return clients


def _first(clue: Clue, hits: _Hits) -> Iterator[Fact]:
    """Yield what the first of a clue's keys that the register knows says: of domains the closest."""
    facts = (_fact(clue.kind, clue, key, hits) for key in clue.keys)
    yield from [fact for fact in facts if fact][:1]


def _fact(kind: Evidence, clue: Clue, key: str, hits: _Hits) -> Fact | None:
    clients = tuple(hits.get((kind, key), {}).values())
    if not clients:
        return None
    where = "" if clue.place == "From" else f" in {clue.place}"
    doubt = f" ({clue.doubt})" if clue.doubt else ""
    shown = key if kind is Evidence.DOMAIN else clue.shown
    weak = kind in _WEAK or not clue.claimed
    return Fact(kind, clients, f"{kind} {shown}{where}{doubt}", weak=weak, shown=shown)


# ── weighing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _set_domains_aside(facts: list[Fact]) -> tuple[list[Fact], list[str]]:
    """Return the facts without domains where the person is known, and what to say of those; an address of two stays one."""
    known = {key for fact in facts if fact.kind in _PERSONAL for key in fact.keys}
    domains = [fact for fact in facts if known and fact.kind is Evidence.DOMAIN]
    told = [str(fact) if fact.keys & known else f"{fact}, set aside: the person is known" for fact in domains]
    return [fact for fact in facts if fact not in domains], told


def _decide(facts: list[Fact]) -> tuple[Client | None, Fact | None]:
    """Return the client and what decided; without a client, something that was in conflict, or None where nothing counts."""
    strong = [fact for fact in facts if not fact.weak]
    weak = [fact for fact in facts if fact.weak]
    if strong:
        among = _agreed(strong)
        if len(among) > 1:  # branches: what is weak may tell them apart
            for fact in weak:
                among = among & fact.keys or among
        return _chosen(among, strong)
    leading = [fact for fact in weak if len(fact.keys) == 1]
    if not leading:
        return None, None
    return _chosen(_agreed(weak), leading)


def _agreed(facts: list[Fact]) -> frozenset[str]:
    """Return the clients whom every one of the facts may mean."""
    return frozenset.intersection(*(fact.keys for fact in facts))


def _chosen(among: frozenset[str], facts: list[Fact]) -> tuple[Client | None, Fact]:
    """Return the one client that is left, with the first fact that is theirs; without exactly one left, no client."""
    if len(among) != 1:
        return None, facts[0]
    deciding = next((fact for fact in facts if fact.keys == among), facts[0])
    return next(client for client in deciding.clients if client.key in among), deciding


def _leads(facts: list[Fact]) -> tuple[Lead, ...]:
    """Return what contradicts itself: what is weak only where there is nothing else."""
    telling = [fact for fact in facts if not fact.weak] or facts
    return tuple(Lead(kind=fact.kind, shown=fact.shown, clients=fact.clients) for fact in telling)


def _nobody(clues: ClientClues, facts: list[Fact], *, conflict: bool) -> tuple[Standing, str]:
    if conflict:
        whose = name_clients(client for fact in facts for client in fact.clients)
        return Standing.CONFLICT, f"the letter may be of {whose}: a person decides"
    if facts:
        return Standing.UNKNOWN, "a name that several have, on its own, leads to nobody"
    counts = {kind: len(clues.of(kind)) for kind in Evidence}
    sought = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return (
        Standing.UNKNOWN,
        f"looked for {sought}: in no register" if sought else "nothing in the letter leads to a client",
    )
