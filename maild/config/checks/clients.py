"""Whether clients can be told apart, their coupons make one chain each, and their contracts run forward.

A coupon is never shown whole: who reads it could be served with it.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from maild.config.checks.common import Check, at, not_defined, organizations
from maild.config.checks.mail import our_addresses
from maild.config.lines import KeyPath
from maild.config.model import Config, Organization
from maild.config.register import ClientEntry, CouponEntry, PeriodEntry
from maild.config.sources import Sources
from maild.contracts.coupons import fold, shorten
from maild.contracts.providers import address_key, domain_key, is_public_provider, is_public_suffix
from maild.errors import Problem
from maild.model import without_detail


def _clients(config: Config) -> Iterator[tuple[KeyPath, ClientEntry, Organization]]:
    for base, organization in organizations(config):
        for name, client in organization.client.items():
            yield (*base, "client", name), client, organization


def _addresses(path: KeyPath, client: ClientEntry) -> Iterator[tuple[KeyPath, str]]:
    for index, address in enumerate(client.addresses):
        yield (*path, "addresses", index), address
    for index, contact in enumerate(client.contacts):
        yield (*path, "contacts", index, "address"), contact.address
        for alias, address in enumerate(contact.aliases):
            yield (*path, "contacts", index, "aliases", alias), address


def _coupons(base: KeyPath, organization: Organization) -> Iterator[tuple[KeyPath, CouponEntry]]:
    for name, client in organization.client.items():
        for index, coupon in enumerate(client.coupons):
            yield (*base, "client", name, "coupons", index), coupon


# ── conflicts: clues ─────────────────────────────────────────────────────────────────────────────────────────────────


def _clues(path: KeyPath, client: ClientEntry) -> Iterator[tuple[KeyPath, str, str, str]]:
    """Yield where a clue stands, what kind it is, what is compared, and how it is written."""
    for here, address in _addresses(path, client):
        yield here, "address", address_key(address), address
    for index, domain in enumerate(client.domains):
        yield (*path, "domains", index), "domain", domain_key(domain), domain
    for index, agreement in enumerate(client.agreements):
        yield (*path, "agreements", index), "agreement", fold(agreement), agreement
    if client.inn is not None:
        yield (*path, "inn"), "INN", client.inn, client.inn
    for index, coupon in enumerate(client.coupons):
        yield (*path, "coupons", index), "coupon", fold(coupon.code), shorten(coupon.code)


def _clues_lead_to_one_client(config: Config, sources: Sources) -> Iterator[Problem]:
    first: dict[tuple[KeyPath, str, str], KeyPath] = {}
    for path, client, _ in _clients(config):
        for here, kind, key, shown in _clues(path, client):
            other = first.setdefault((path[:2], kind, key), here)
            if other == here:
                continue
            twice = other[:4] == path
            alike = "; letters that look alike count as the same" if kind in ("coupon", "agreement") else ""
            yield sources.problem(
                here,
                found=f"the {kind} {shown}, which {at(sources, other)} has too{alike}",
                expected=f"each {kind} once" if twice else f"each {kind} with one client",
                remedy="Delete one of the two."
                if twice
                else "Delete one of the two, or letters with it would lead to both, and wait for a person.",
            )


def _domains_are_their_own(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, client, organization in _clients(config):
        public = {domain_key(domain) for domain in organization.identity.public_domains}
        for index, domain in enumerate(client.domains):
            if is_public_suffix(domain_key(domain)):
                found = f"{domain}, below which anybody may register a domain"
            elif is_public_provider(domain) or domain_key(domain) in public:
                found = f"{domain}, a mail provider where anybody may have an address"
            else:
                continue
            yield sources.problem(
                (*path, "domains", index),
                found=found,
                expected="a domain in which every address is the client's",
                remedy="Delete it, and list the client's addresses in `addresses`.",
            )


def _nobody_is_both_client_and_staff(config: Config, sources: Sources) -> Iterator[Problem]:
    support, subaddressed = our_addresses(config)
    for base, organization in organizations(config):
        agents = {entry.address.casefold(): name for name, entry in reversed(organization.agent.items())}
        for name, client in organization.client.items():
            for here, address in _addresses((*base, "client", name), client):
                key = address.casefold()
                if owner := support.get(key) or subaddressed.get(without_detail(key)):
                    yield sources.problem(
                        here,
                        found=f"{address}, a support address ({at(sources, owner)})",
                        expected="an address that the client writes from",
                        remedy="Delete it: what comes from there is maild's own mail.",
                    )
                elif key in agents:
                    yield sources.problem(
                        here,
                        found=f"{address}, which {at(sources, (*base, 'agent', agents[key], 'address'))} has too",
                        expected="an address that only the client writes from",
                        remedy="Delete one of the two, or the agent's answers would be taken for the client's letters.",
                    )


def _specialists_have_names(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, client, _ in _clients(config):
        for index, contact in enumerate(client.contacts):
            if contact.specialist and not contact.name.strip():
                yield sources.problem(
                    (*path, "contacts", index, "specialist"),
                    found="a specialist without a name",
                    expected="the name by which the contract names them",
                    remedy='Add name = "…", or delete `specialist`.',
                )


# ── conflicts: contracts ─────────────────────────────────────────────────────────────────────────────────────────────


def _time_runs_forward(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, client, _ in _clients(config):
        spans: list[tuple[KeyPath, date | None, date | None]] = [(path, client.since, client.until)]
        spans += [((*path, "periods", n), one.since, one.until) for n, one in enumerate(client.periods)]
        spans += [((*path, "coupons", n), one.since, one.until) for n, one in enumerate(client.coupons)]
        for here, since, until in spans:
            if since and until and until < since:
                yield sources.problem(
                    (*here, "until"),
                    found=f"{until}, which is before `since` ({since})",
                    expected="a last day that is not before the first one",
                    remedy="Correct one of the two.",
                )


def _periods_are_apart(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, client, _ in _clients(config):
        if client.periods and (client.since or client.until):
            yield sources.problem(
                (*path, "periods"),
                found="`periods` beside `since` or `until`",
                expected="one of the two ways to say how long the contract holds",
                remedy="Write since and until of each period in `periods`, and delete them here.",
            )
        for first, second in pairwise(sorted(enumerate(client.periods), key=_begin)):
            until, since = first[1].until, second[1].since
            if until is None or since is None or since <= until:
                yield sources.problem(
                    (*path, "periods", second[0]),
                    found=f"a period that overlaps {at(sources, (*path, 'periods', first[0]))}",
                    expected="periods that do not overlap; the last day of one is before the first of the next",
                    remedy="Correct the days; only the last period may be without an end, only the first without a beginning.",
                )


def _begin(period: tuple[int, PeriodEntry]) -> tuple[date, date]:
    return period[1].since or date.min, period[1].until or date.max


def _each_coupon_is_renewed_once(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        first: dict[str, KeyPath] = {}
        for path, coupon in _coupons(base, organization):
            if coupon.renews is None:
                continue
            other = first.setdefault(fold(coupon.renews), path)
            if other != path:
                yield sources.problem(
                    (*path, "renews"),
                    found=f"the coupon {shorten(coupon.renews)}, which {at(sources, other)} renews already",
                    expected="each coupon renewed at most once",
                    remedy="Let this one renew the newest of the chain, or delete the line.",
                )


def _renewals_end(config: Config, sources: Sources) -> Iterator[Problem]:
    """No coupon renews itself, be it by way of others: each circle is told once, where it is first met."""
    for base, organization in organizations(config):
        renewing = {fold(one.code): (path, one) for path, one in reversed(list(_coupons(base, organization)))}
        settled: set[str] = set()
        for start in reversed(renewing):
            way: dict[str, None] = {}
            key: str | None = start
            while key in renewing and key not in settled and key not in way:
                way[key] = None
                renews = renewing[key][1].renews
                key = fold(renews) if renews is not None else None
            if key in way:
                path, coupon = renewing[key]
                others = [shorten(renewing[one][1].code) for one in list(way)[list(way).index(key) + 1 :]]
                yield sources.problem(
                    (*path, "renews"),
                    found=f"the coupon {shorten(coupon.code)}, which renews itself"
                    + (f" by way of {_some(others)}" if others else ""),
                    expected="an earlier coupon",
                    remedy="Delete `renews` of the first coupon that was issued.",
                )
            settled.update(way)


def _some(names: list[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


# ── gaps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _names_of_clients_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        levels: list[tuple[KeyPath, str | None]] = [
            ((*base, "identity", "unknown_level"), organization.identity.unknown_level)
        ]
        levels += [((*base, "client", name, "level"), client.level) for name, client in organization.client.items()]
        levels += [((*path, "level"), coupon.level) for path, coupon in _coupons(base, organization)]
        for path, level in levels:
            if level is not None and level not in organization.level:
                yield not_defined(sources, path, level, organization.level, (*base, "level"))
        for name, client in organization.client.items():
            if client.manager is not None and client.manager not in organization.agent:
                here = (*base, "client", name, "manager")
                yield not_defined(sources, here, client.manager, organization.agent, (*base, "agent"))


def _renewed_coupons_exist(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        owners = {fold(one.code): path for path, one in reversed(list(_coupons(base, organization)))}
        for path, coupon in _coupons(base, organization):
            if coupon.renews is None:
                continue
            owner = owners.get(fold(coupon.renews))
            if owner is None or owner[:4] != path[:4]:
                whose = f"of another client ({at(sources, owner)})" if owner else "that is not listed"
                yield sources.problem(
                    (*path, "renews"),
                    found=f"the coupon {shorten(coupon.renews)}, {whose}",
                    expected="an earlier coupon of the same client",
                    remedy="Correct the code, list the old coupon too, or delete the line.",
                )


def _packages_hold_something(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        packages = [((*base, "level", name), level.package) for name, level in organization.level.items()]
        packages += [((*base, "client", name), client.package) for name, client in organization.client.items()]
        for path, package in packages:
            if package is not None and package.hours is None and package.requests is None:
                yield sources.problem(
                    (*path, "package"),
                    found="a package without `hours` and `requests`",
                    expected="what is paid beforehand for each month",
                    remedy='Add hours = "10h" or requests = 3, or delete the package.',
                )


CONFLICTS: tuple[Check, ...] = (
    _clues_lead_to_one_client,
    _domains_are_their_own,
    _nobody_is_both_client_and_staff,
    _specialists_have_names,
    _time_runs_forward,
    _periods_are_apart,
    _each_coupon_is_renewed_once,
    _renewals_end,
)
GAPS: tuple[Check, ...] = (_names_of_clients_are_defined, _renewed_coupons_exist, _packages_hold_something)
