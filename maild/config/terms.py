"""From the sections of a checked configuration to the values of `sla/` and `contracts/`: no I/O, no problems left to find."""

from dataclasses import replace
from datetime import date, timedelta

from maild.config.hours import WEEKDAYS, OpeningHours, weekdays
from maild.config.model import Organization
from maild.config.promises import CalendarEntry, PackageEntry, TargetEntry
from maild.config.register import ClientEntry, CouponEntry
from maild.contracts.accounting import Policy
from maild.contracts.client import Client, Contact, Coupon, Package, Period
from maild.sla.calendar import Calendar, Opening
from maild.sla.reminders import parse_threshold
from maild.sla.target import Audience, Target, Threshold

_MARTIAL = "UA"  # where law 2136-IX art. 6 makes working days of public holidays while martial law lasts


def calendar_of(organization: Organization, name: str) -> Calendar:
    """Return the calendar of that name. Raises KeyError where the organisation has none."""
    entry = organization.calendar[name]
    return Calendar(
        name=name,
        zone=entry.zone or organization.zone,
        week=week_of(entry),
        country=entry.holidays,
        martial_law=entry.holidays == _MARTIAL and entry.martial_law is not False,
        shorten=entry.shorten_before_holidays,
        own_days={date.fromisoformat(day): _own_day(rule) for day, rule in entry.days.items()},
        confirmed_until=entry.confirmed_until,
    )


def calendars_of(organization: Organization) -> dict[str, Calendar]:
    """Return every calendar by its name."""
    return {name: calendar_of(organization, name) for name in organization.calendar}


def targets_of(organization: Organization) -> tuple[Target, ...]:
    """Return the targets in the order of the configuration, which decides between them."""
    return tuple(_target(name, entry) for name, entry in organization.target.items())


def clients_of(organization: Organization) -> tuple[tuple[Client, ...], tuple[Coupon, ...]]:
    """Return the clients of the configuration and all their coupons."""
    clients = tuple(_client(key, entry) for key, entry in organization.client.items())
    coupons = tuple(_coupon(key, one) for key, entry in organization.client.items() for one in entry.coupons)
    return clients, coupons


def levels_of(organization: Organization) -> frozenset[str]:
    """Return the ids of the levels that exist."""
    return frozenset(organization.level)


def quota_of(organization: Organization, level: str) -> int | None:
    """Return how many requests a client of a level has in a calendar month: the level's own before the organisation's."""
    entry = organization.level.get(level)
    return (entry.quota if entry else None) or organization.quota.per_month


def accounting_of(organization: Organization, level: str) -> Policy | None:
    """Return how the work for clients of a level is counted; None where work is not counted."""
    accounting, entry = organization.accounting, organization.level.get(level)
    if accounting is None:
        return None
    package = _package(entry.package) if entry and entry.package else None
    return Policy(by=accounting.unit, step=accounting.step, package=package, price=accounting.price)


def out_of_queue(organization: Organization) -> frozenset[str]:
    """Return the ids of the severities that are served before all that came earlier (CB-4)."""
    return frozenset(name for name, entry in organization.severity.items() if entry.out_of_queue)


def week_of(entry: CalendarEntry) -> tuple[tuple[Opening, ...], ...]:
    """Return the openings of seven days, Monday first, each in the order of the day."""
    week: list[tuple[Opening, ...]] = [()] * len(WEEKDAYS)
    for key, openings in entry.week.items():
        for day in weekdays(key):
            week[day] = _openings(openings)
    return tuple(week)


def _own_day(rule: tuple[OpeningHours, ...] | None) -> tuple[Opening, ...] | None:
    return None if rule is None else _openings(rule)


def _openings(openings: tuple[OpeningHours, ...]) -> tuple[Opening, ...]:
    return tuple(Opening(start=start, end=end) for start, end in sorted(openings, key=lambda one: one.start))


def _target(name: str, entry: TargetEntry) -> Target:
    return Target(
        name=name,
        start=entry.start,
        until=entry.until,
        within=entry.within,
        mode=entry.mode,
        calendar=entry.calendar or "",
        thresholds=_with_head(tuple(reminder.threshold for reminder in entry.remind)),
        up_to=entry.up_to,
        levels=frozenset(entry.level),
        categories=frozenset(entry.category),
        severities=frozenset(entry.severity),
        hours=frozenset(entry.hours),
    )


def _with_head(thresholds: tuple[Threshold, ...]) -> tuple[Threshold, ...]:
    """Return the reminders with one of the breach to the head, who hears of every one, whatever else is configured (C11)."""
    if any(Audience.HEAD in one.to and one.offset is not None and one.offset >= timedelta(0) for one in thresholds):
        return thresholds
    at_term = next((one for one in thresholds if one.offset == timedelta(0)), None)
    if at_term is None:
        return (*thresholds, parse_threshold("0", (Audience.HEAD,)))
    return tuple(replace(one, to=(*one.to, Audience.HEAD)) if one is at_term else one for one in thresholds)


def _client(key: str, entry: ClientEntry) -> Client:
    unnamed = (Contact(addresses=(address,)) for address in entry.addresses)
    named = (
        Contact(name=one.name, addresses=(one.address, *one.aliases), specialist=one.specialist)
        for one in entry.contacts
    )
    return Client(
        key=key,
        name=entry.name,
        level=entry.level or "",
        hours=entry.hours,
        contacts=(*named, *unnamed),
        domains=entry.domains,
        agreements=entry.agreements,
        inn=entry.inn or "",
        periods=_periods(entry),
        suspended=entry.suspended,
        zone=entry.zone,
        manager=entry.manager or "",
        package=_package(entry.package) if entry.package else None,
    )


def _periods(entry: ClientEntry) -> tuple[Period, ...]:
    if entry.since or entry.until:
        return (Period(since=entry.since, until=entry.until),)
    periods = (Period(since=one.since, until=one.until) for one in entry.periods)
    return tuple(sorted(periods, key=lambda one: one.since or date.min))


def _coupon(client: str, entry: CouponEntry) -> Coupon:
    return Coupon(
        code=entry.code,
        client=client,
        level=entry.level or "",
        hours=entry.hours,
        since=entry.since,
        until=entry.until,
        revoked=entry.revoked,
        renews=entry.renews or "",
    )


def _package(entry: PackageEntry) -> Package:
    return Package(hours=entry.hours, requests=entry.requests, carry_over=entry.carry_over, price=entry.price)
