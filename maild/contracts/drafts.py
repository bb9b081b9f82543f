"""One client of a list while its rows are read: what they add, where they contradict each other, what comes of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from maild.contracts import cells
from maild.contracts.cells import show
from maild.contracts.client import Client, Contact, Package, Period
from maild.contracts.columns import Column
from maild.contracts.conflicts import Clash
from maild.contracts.keys import inn_key
from maild.contracts.lookalikes import fold
from maild.contracts.providers import address_key, domain_key, is_public_provider, is_public_suffix
from maild.sla.target import Hours

Values = Mapping[Column, Any]  # of a row: what its cells were parsed to, the empty ones left out

_SAID_ONCE = (  # said again in another row, it must be the same
    *(Column.NAME, Column.LEVEL, Column.HOURS, Column.INN, Column.SUSPENDED, Column.ZONE, Column.MANAGER),
    *(Column.PACKAGE_HOURS, Column.PACKAGE_REQUESTS, Column.CARRY_OVER, Column.PRICE),
)
IDENTITIES: Mapping[Clash, tuple[Column, Callable[[str], str]]] = {  # what only one client may have, and its key
    Clash.ADDRESS: (Column.ADDRESSES, address_key),
    Clash.DOMAIN: (Column.DOMAINS, domain_key),
    Clash.AGREEMENT: (Column.AGREEMENTS, fold),
    Clash.INN: (Column.INN, inn_key),
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong in a row; `sheet` knows the file, and what it calls the column."""

    line: int
    column: Column
    found: str
    expected: str
    remedy: str


class _Person:
    """Somebody who speaks for the client."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.addresses: dict[str, str] = {}  # key to as written
        self.is_specialist = False


class Draft:
    """A client in the making, from the line of its first row on."""

    def __init__(self, key: str, line: int) -> None:
        self.key, self.line = key, line
        self._said: dict[Column, tuple[Any, int]] = {}  # with the line that said it first
        self._people: list[_Person] = []
        self._named: dict[str, _Person] = {}
        self._addresses: set[str] = set()  # keys of all its people's
        self._domains: dict[str, None] = {}
        self._agreements: dict[str, None] = {}
        self._periods: dict[Period, int] = {}
        self._places: dict[tuple[Clash, str], int] = {}

    def add(self, line: int, values: Values) -> Iterator[Fault]:
        """Take over what a row says of the client; yield what is wrong with it."""
        yield from self._add_said(line, values)
        yield from self._add_people(line, values)
        yield from self._add_period(line, values)
        for domain in values.get(Column.DOMAINS, ()):
            self._domains[domain] = None
            if is_public_provider(domain) or is_public_suffix(domain_key(domain)):
                yield Fault(
                    line=line,
                    column=Column.DOMAINS,
                    found=f"{domain}, a public mail provider's",
                    expected="the client's own domain",
                    remedy="Write the single addresses instead.",
                )
        self._agreements.update(dict.fromkeys(values.get(Column.AGREEMENTS, ())))
        for clash, (column, key) in IDENTITIES.items():
            value = values.get(column, ())
            for one in (value,) if isinstance(value, str) else value:
                self._places.setdefault((clash, key(one)), line)

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with all the rows together."""
        if not self._value(Column.NAME):
            yield Fault(
                line=self.line,
                column=Column.NAME,
                found=f'no name of "{self.key}"',
                expected="a name",
                remedy="Write it in the client's first row.",
            )
        for before, after in pairwise(self._ordered()):
            if (after.since or date.min) <= (before.until or date.max):
                first, second = sorted((self._periods[before], self._periods[after]))
                yield Fault(
                    line=second,
                    column=Column.SINCE if after.since else Column.UNTIL,
                    found=f'a term of "{self.key}" that overlaps with the one in line {first}',
                    expected="terms one after the other",
                    remedy="Mend the days of one of them.",
                )
        if self._package().carry_over and self._package().hours is None and self._package().requests is None:
            yield Fault(
                line=self._said[Column.CARRY_OVER][1],
                column=Column.CARRY_OVER,
                found="a package without hours and requests",
                expected="something to carry over",
                remedy="Write how much it holds.",
            )

    def client(self) -> Client:
        """Return the client as far as its rows could be read."""
        package = self._package()
        return Client(
            key=self.key,
            name=self._value(Column.NAME, ""),
            level=self._value(Column.LEVEL, ""),
            hours=self._value(Column.HOURS, Hours.WORKING),
            contacts=tuple(
                Contact(name=one.name, addresses=tuple(one.addresses.values()), specialist=one.is_specialist)
                for one in self._people
            ),
            domains=tuple(self._domains),
            agreements=tuple(self._agreements),
            inn=self._value(Column.INN, ""),
            periods=tuple(self._ordered()),
            suspended=self._value(Column.SUSPENDED, ""),
            zone=self._value(Column.ZONE),
            manager=self._value(Column.MANAGER, ""),
            package=None if package == Package() else package,
        )

    def line_of(self, clash: Clash, value: str) -> int:
        """Return the line that says something which only one client may have."""
        if clash not in IDENTITIES:
            return self.line
        return self._places.get((clash, IDENTITIES[clash][1](value)), self.line)

    # ── what a row adds ──────────────────────────────────────────────────────────────────────────────────────────────

    def _add_said(self, line: int, values: Values) -> Iterator[Fault]:
        for column in _SAID_ONCE:
            if column not in values:
                continue
            before, said_in = self._said.setdefault(column, (values[column], line))
            if before != values[column]:
                yield Fault(
                    line=line,
                    column=column,
                    found=f"{show(str(values[column]))}, and {show(str(before))} in line {said_in}",
                    expected=f'one value for the client "{self.key}"',
                    remedy="Mend one, or leave it empty.",
                )

    def _add_people(self, line: int, values: Values) -> Iterator[Fault]:
        """Add the row's person: the same name is the same person; without one it is whoever has an address that is new."""
        name = values.get(Column.CONTACT, "")
        addresses = {address_key(addr): addr for addr in values.get(Column.ADDRESSES, ())}
        if not name:
            addresses = {key: addr for key, addr in addresses.items() if key not in self._addresses}
        if name or addresses:
            person = self._person(name)
            for key, addr in addresses.items():
                person.addresses.setdefault(key, addr)
            self._addresses.update(addresses)
        for said in values.get(Column.SPECIALISTS, ()):
            word = said.casefold()
            specialist = name if word in cells.YES else said
            if specialist and word not in cells.NO:
                self._person(specialist).is_specialist = True
            elif not specialist:
                yield Fault(
                    line=line,
                    column=Column.SPECIALISTS,
                    found=show(said),
                    expected="a name here or in the column of people",
                    remedy="Write the name.",
                )

    def _person(self, name: str) -> _Person:
        """Return the person of that name; of none a new one."""
        person = self._named.get(name.casefold()) if name else None
        if person is None:
            person = _Person(name)
            self._people.append(person)
            if name:
                self._named[name.casefold()] = person
        return person

    def _add_period(self, line: int, values: Values) -> Iterator[Fault]:
        period = Period(since=values.get(Column.SINCE), until=values.get(Column.UNTIL))
        wrong = find_disorder(line, Column.SINCE, Column.UNTIL, values)
        if wrong is not None:
            yield wrong
        elif period != Period():
            self._periods.setdefault(period, line)

    # ── all of them together ─────────────────────────────────────────────────────────────────────────────────────────

    def _value(self, column: Column, otherwise: Any = None) -> Any:
        return self._said[column][0] if column in self._said else otherwise

    def _ordered(self) -> list[Period]:
        return sorted(self._periods, key=lambda period: period.since or date.min)

    def _package(self) -> Package:
        return Package(
            hours=self._value(Column.PACKAGE_HOURS),
            requests=self._value(Column.PACKAGE_REQUESTS),
            carry_over=self._value(Column.CARRY_OVER, otherwise=False),
            price=self._value(Column.PRICE),
        )


def find_disorder(line: int, since: Column, until: Column, values: Values) -> Fault | None:
    """Return what is wrong where a last day is before the first one."""
    first, last = values.get(since), values.get(until)
    if first is None or last is None or first <= last:
        return None
    return Fault(
        line=line,
        column=until,
        found=f"{cells.format_date(last)}, which is before {cells.format_date(first)}",
        expected="a last day that is not before the first",
        remedy="Mend one of the two.",
    )
