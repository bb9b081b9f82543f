"""Rows of a list of clients to clients and coupons, or to every problem in them; and back to rows.

One row holds one person of a client, one term of its contract and one coupon, at most of each. So a client with several
has several rows with one key; what is said again in them must be the same, and may be left out. A row says no more than a
person would write into a table: what they leave empty is the configuration's business.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any

from maild.contracts import cells
from maild.contracts.cells import BadCell, show
from maild.contracts.client import Client, Contact, Coupon, Package, Period
from maild.contracts.columns import Column, find_column, suggest_column
from maild.contracts.conflicts import (
    Clash,
    Conflict,
    find_conflicts,
)
from maild.contracts.coupons import fold, shorten
from maild.contracts.keys import inn_key
from maild.contracts.providers import address_key, domain_key, is_public_provider, is_public_suffix
from maild.contracts.tables import Row, Table
from maild.errors import Problem
from maild.sla.target import Hours

MAX_PROBLEMS = 5_000  # told of one file; after them reading stops, and a remark says so


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a list of clients may name, and what its own must not collide with."""

    levels: Mapping[str, str] = field(default_factory=dict)  # id to title; either may stand in a cell
    managers: Mapping[str, str] = field(default_factory=dict)  # the same of agents
    clients: Sequence[Client] = ()  # of the configuration: a list may repeat them, and not change them
    coupons: Sequence[Coupon] = ()
    imported_clients: Sequence[
        Client
    ] = ()  # that stay where the list does not have them; what it has takes their place
    imported_coupons: Sequence[Coupon] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A list of clients, read. With any problem nothing of it is to be taken."""

    clients: tuple[Client, ...]  # in the order in which they first appear
    coupons: tuple[Coupon, ...]  # in the order of the rows
    problems: tuple[Problem, ...]  # in the order of the rows
    remarks: tuple[str, ...]  # how the file was read, what was put right
    has_clients: bool  # whether the table has columns for more than keys and coupons
    has_coupons: bool  # whether it has a column for them: one without says nothing of coupons, not that there are none


def read_clients(table: Table, known: Known) -> Sheet:
    """Return the clients and coupons of a table with every problem of every row.

    Rows that only name a client that there is already add coupons to it. What is wrong among the rows, or between them
    and the register, is told at the later row.
    """
    return _Reader(table, known).read()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_PARSERS: dict[Column, Callable[[str], Any]] = {
    Column.KEY: cells.parse_key,
    Column.NAME: cells.parse_text,
    Column.HOURS: cells.parse_hours,
    Column.CONTACT: cells.parse_text,
    Column.ADDRESSES: cells.parse_addresses,
    Column.SPECIALISTS: lambda text: cells.parse_texts(text, ",;\n"),
    Column.DOMAINS: cells.parse_domains,
    Column.AGREEMENTS: cells.parse_agreements,
    Column.INN: cells.parse_inn,
    Column.SINCE: cells.parse_date,
    Column.UNTIL: cells.parse_date,
    Column.SUSPENDED: cells.parse_suspended,
    Column.ZONE: cells.parse_zone,
    Column.PACKAGE_HOURS: cells.parse_package_hours,
    Column.PACKAGE_REQUESTS: cells.parse_count,
    Column.CARRY_OVER: cells.parse_yes_no,
    Column.PRICE: cells.parse_price,
    Column.COUPON: cells.parse_coupon,
    Column.COUPON_SINCE: cells.parse_date,
    Column.COUPON_UNTIL: cells.parse_date,
    Column.COUPON_HOURS: cells.parse_hours,
    Column.COUPON_REVOKED: cells.parse_date,
    Column.RENEWS: cells.parse_coupon,
}
_NUMBERS = (
    Column.KEY,
    Column.AGREEMENTS,
    Column.INN,
    Column.COUPON,
    Column.RENEWS,
)  # which a date can only be by mistake
_SAID_ONCE = (  # of a client: said again, it must be the same
    *(Column.NAME, Column.LEVEL, Column.HOURS, Column.INN, Column.SUSPENDED, Column.ZONE, Column.MANAGER),
    *(Column.PACKAGE_HOURS, Column.PACKAGE_REQUESTS, Column.CARRY_OVER, Column.PRICE),
)
_IDENTITIES = {
    Clash.ADDRESS: (Column.ADDRESSES, address_key),
    Clash.DOMAIN: (Column.DOMAINS, domain_key),
    Clash.AGREEMENT: (Column.AGREEMENTS, fold),
    Clash.INN: (Column.INN, inn_key),
}
_CLASH_COLUMNS = {
    Clash.KEY: Column.KEY,
    Clash.COUPON: Column.COUPON,
    Clash.CIRCULAR: Column.RENEWS,
    Clash.RENEWS_UNKNOWN: Column.RENEWS,
    Clash.RENEWS_FOREIGN: Column.RENEWS,
    Clash.RENEWED_TWICE: Column.RENEWS,
} | {clash: column for clash, (column, _) in _IDENTITIES.items()}
_REMEDIES = {
    Clash.KEY: "Give one of them another key.",
    Clash.COUPON: "Delete one of the two, or issue another coupon.",
    Clash.CIRCULAR: "Empty the cell of the oldest coupon.",
    Clash.RENEWS_UNKNOWN: "List the old coupon too, or empty the cell.",
    Clash.RENEWS_FOREIGN: "Renew a coupon of the same client.",
    Clash.RENEWED_TWICE: "Renew the newer of the two instead.",
}


@dataclass(kw_only=True)
class _Draft:
    """A client whose rows are being read."""

    key: str
    line: int
    said: dict[Column, tuple[Any, int]] = field(default_factory=dict)  # with the line that said it
    names: dict[str, str] = field(default_factory=dict)  # of its people: folded to as written
    addresses: dict[str, dict[str, str]] = field(
        default_factory=dict
    )  # of its people, by folded name (of nobody: "\0n")
    had: set[str] = field(default_factory=set)  # identities of all its addresses
    specialists: set[str] = field(default_factory=set)
    domains: dict[str, None] = field(default_factory=dict)
    agreements: dict[str, None] = field(default_factory=dict)
    periods: dict[Period, int] = field(default_factory=dict)

    def value(self, column: Column, otherwise: Any = None) -> Any:
        """What the rows say."""
        return self.said[column][0] if column in self.said else otherwise


class _Reader:
    """One table being read: problems gather, nothing stops at the first."""

    def __init__(self, table: Table, known: Known) -> None:
        self.table = table
        self.known = known
        self.problems: list[Problem] = list(table.problems)
        self.remarks: list[str] = [f"{table.name}: read as {table.form}", *table.remarks]
        self.titles: dict[Column, str] = {}  # as the file calls them
        self.at: list[Column | None] = []  # what each place of a row holds
        self.drafts: dict[str, _Draft] = {}
        self.spelt: dict[str, str] = {}  # casefolded key to key
        self.coupons: list[tuple[Coupon, int]] = []
        self.hours_unsaid: set[int] = set()  # places of coupons whose rows do not say when they are served
        self.places: dict[tuple[str, Clash, str], int] = {}  # whose, what, identity: the line
        self.there = {client.key for client in (*known.clients, *known.imported_clients)}
        self.parsers = _PARSERS | {
            Column.LEVEL: lambda text: cells.parse_one_of(text, known.levels, "level"),
            Column.COUPON_LEVEL: lambda text: cells.parse_one_of(text, known.levels, "level"),
            Column.MANAGER: lambda text: cells.parse_one_of(text, known.managers, "manager"),
        }
        self.parsed: dict[
            tuple[Column, str], Any
        ] = {}  # columns repeat themselves: a bad zone in every row is looked up once
        self.dubious = False  # whether a key or a coupon could not be read: what seems unknown may be that one

    def read(self) -> Sheet:
        header, *rows = self.table.rows
        if self._read_header(header):
            for row in rows:
                if len(self.problems) >= MAX_PROBLEMS:
                    self.remarks.append(f"{self.table.name}: only the first {len(self.problems)} problems are told")
                    break
                self._read_row(row)
            if not rows:
                self._problem(header.line, "", "no row below the names", "at least one client", "Add the clients.")
        clients = tuple(self._clients())
        coupons = self._coupons({client.key: client.hours for client in (*self._others(clients), *clients)})
        self._compare(clients, coupons)
        order = sorted(self.problems, key=lambda problem: problem.line or 0)
        return Sheet(
            clients=clients,
            coupons=coupons,
            problems=tuple(order),
            remarks=tuple(self.remarks),
            has_clients=any(column is not Column.KEY and not column.of_coupon for column in self.titles),
            has_coupons=Column.COUPON in self.titles,
        )

    def _read_header(self, header: Row) -> bool:
        """Learn what the columns hold. False where no row could be read."""
        self.at = [find_column(name) if name else None for name in header.cells]
        if not any(self.at):
            self._problem(
                header.line,
                "",
                show("; ".join(header.cells)),
                f"names of columns: {', '.join(column.value for column in Column)}",
                "Put the names into the first row.",
            )
            return False
        for place, (name, column) in enumerate(zip(header.cells, self.at, strict=True)):
            if column is None and name:
                near = suggest_column(name)
                remedy = (
                    f'Did you mean "{near}"?' if near else "Delete the column, or give it the name of what it holds."
                )
                self._problem(header.line, name, f"a column {show(name)}", "a column that is known", remedy)
            elif column in self.titles:
                found = f'{show(name)}, and "{self.titles[column]}" before it'
                self._problem(header.line, name, found, "each column once", "Join the two, or delete one.")
                self.at[place] = None
            elif column is not None:
                self.titles[column] = name
        if Column.KEY not in self.titles:
            self._problem(
                header.line,
                Column.KEY,
                "no such column",
                "a key in every row",
                'Add a column "Клиент" with a short key each.',
            )
        return Column.KEY in self.titles

    def _read_row(self, row: Row) -> None:
        values = dict(self._values(row))
        if Column.KEY not in values:
            if Column.KEY not in self._failed:
                remedy = "Write it in every row; merged cells hold it in their first row only."
                self._problem(row.line, self.titles[Column.KEY], "an empty cell", "the client's key", remedy)
            self.dubious = True
            return
        key = values[Column.KEY]
        first = self.spelt.setdefault(key.casefold(), key)
        if first != key:
            self._bad(row, Column.KEY, f'"{key}", and "{first}" before it', "one spelling", "Write both alike.")
            key = first
        self._read_coupon(row, key, values)
        if key in self.there and all(column is Column.KEY or column.of_coupon for column in (*values, *self._failed)):
            return
        draft = self.drafts.setdefault(key, _Draft(key=key, line=row.line))
        self._read_said(row, draft, values)
        self._read_people(row, draft, values)
        self._read_period(row, draft, values)
        for domain in values.get(Column.DOMAINS, ()):
            if is_public_provider(domain) or is_public_suffix(domain_key(domain)):
                found = f"{domain}, a public mail provider's"
                self._bad(row, Column.DOMAINS, found, "the client's own domain", "Write the single addresses instead.")
            draft.domains[domain] = None
        draft.agreements.update(dict.fromkeys(values.get(Column.AGREEMENTS, ())))
        self._remember(row, key, values)

    _failed: frozenset[Column] = frozenset()  # of the row being read

    def _values(self, row: Row) -> Iterator[tuple[Column, Any]]:
        """Yield what the cells hold that hold anything; whatever is wrong with one is told."""
        self._failed = frozenset()
        for place, text in enumerate(row.cells):
            if not text:
                continue
            if place >= len(self.at):
                found = f"{show(text)} to the right of the last column"
                self._problem(row.line, "", found, f"{len(self.at)} cells", "Quote the cell that holds a separator.")
                return
            column = self.at[place]
            if column is None:
                continue
            try:
                value = self._value(column, text, is_date=place in row.dates)
            except BadCell as bad:
                self._failed |= {column}
                self.dubious |= column in (Column.KEY, Column.COUPON, Column.RENEWS)
                found = shorten(text) if column.is_secret else bad.found or show(text)
                self._bad(row, column, found, bad.expected, bad.remedy)
                continue
            if column is Column.INN:
                value, was_short = value
                if was_short:
                    self.remarks.append(f"{self.table.name}:{row.line}: the INN {value} has got its first zero back")
            yield column, value

    def _value(self, column: Column, text: str, *, is_date: bool) -> Any:
        if is_date and column in _NUMBERS:
            raise BadCell(
                "a number; the spreadsheet holds a date", "Format the column as text and write the number again."
            )
        if (column, text) not in self.parsed:
            try:
                self.parsed[column, text] = self.parsers[column](text)
            except BadCell as bad:
                self.parsed[column, text] = bad
        value = self.parsed[column, text]
        if isinstance(value, BadCell):
            raise value
        return value

    # ── what a row adds ──────────────────────────────────────────────────────────────────────────────────────────────

    def _read_said(self, row: Row, draft: _Draft, values: Mapping[Column, Any]) -> None:
        for column in _SAID_ONCE:
            if column not in values:
                continue
            before, line = draft.said.setdefault(column, (values[column], row.line))
            if before != values[column]:
                found = f"{show(str(values[column]))}, and {show(str(before))} in line {line}"
                self._bad(row, column, found, f'one value for the client "{draft.key}"', "Mend one, or leave it empty.")

    def _read_people(self, row: Row, draft: _Draft, values: Mapping[Column, Any]) -> None:
        """Add the row's person. The same name is the same person; without one, whoever has not been named with an address."""
        name = values.get(Column.CONTACT, "")
        addresses = {address_key(addr): addr for addr in values.get(Column.ADDRESSES, ())}
        if not name:
            addresses = {identity: addr for identity, addr in addresses.items() if identity not in draft.had}
        if name or addresses:
            who = name.casefold() if name else f"\0{len(draft.addresses)}"
            draft.names.setdefault(who, name)
            person = draft.addresses.setdefault(who, {})
            for identity, addr in addresses.items():
                person.setdefault(identity, addr)
            draft.had.update(addresses)
        for said in values.get(Column.SPECIALISTS, ()):
            if said.casefold() in cells.NO:
                continue
            specialist = name if said.casefold() in cells.YES else said
            if not specialist:
                self._bad(
                    row, Column.SPECIALISTS, show(said), "a name here or in the column of people", "Write the name."
                )
                continue
            draft.names.setdefault(specialist.casefold(), specialist)
            draft.addresses.setdefault(specialist.casefold(), {})
            draft.specialists.add(specialist.casefold())

    def _read_period(self, row: Row, draft: _Draft, values: Mapping[Column, Any]) -> None:
        period = Period(since=values.get(Column.SINCE), until=values.get(Column.UNTIL))
        if period == Period() or not self._in_order(row, Column.SINCE, Column.UNTIL, values):
            return
        draft.periods.setdefault(period, row.line)

    def _read_coupon(self, row: Row, key: str, values: Mapping[Column, Any]) -> None:
        code = values.get(Column.COUPON)
        if code is None:
            told = next((column for column in values if column.of_coupon), None)
            if told is not None and Column.COUPON not in self._failed:
                self._bad(
                    row, told, "a cell about a coupon", "a coupon in the same row", "Write its code, or empty the cell."
                )
            return
        self._in_order(row, Column.COUPON_SINCE, Column.COUPON_UNTIL, values)
        coupon = Coupon(
            code=code,
            client=key,
            level=values.get(Column.COUPON_LEVEL, ""),
            hours=values.get(Column.COUPON_HOURS, Hours.WORKING),
            since=values.get(Column.COUPON_SINCE),
            until=values.get(Column.COUPON_UNTIL),
            revoked=values.get(Column.COUPON_REVOKED),
            renews=values.get(Column.RENEWS, ""),
        )
        if Column.COUPON_HOURS not in values:
            self.hours_unsaid.add(len(self.coupons))
        self.coupons.append((coupon, row.line))

    def _in_order(self, row: Row, since: Column, until: Column, values: Mapping[Column, Any]) -> bool:
        first, last = values.get(since), values.get(until)
        if first is None or last is None or first <= last:
            return True
        found = f"{cells.format_date(last)}, which is before {cells.format_date(first)}"
        self._bad(row, until, found, f'no day before the one in "{self.titles[since]}"', "Mend one of the two.")
        return False

    def _remember(self, row: Row, key: str, values: Mapping[Column, Any]) -> None:
        """Keep where each thing stands that only one client may have."""
        for clash, (column, identity) in _IDENTITIES.items():
            value = values.get(column, ())
            for one in (value,) if isinstance(value, str) else value:
                self.places.setdefault((key, clash, identity(one)), row.line)

    # ── the whole ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _clients(self) -> Iterator[Client]:
        for draft in self.drafts.values():
            name = draft.value(Column.NAME, "")
            if not name:
                title = self.titles.get(Column.NAME, Column.NAME.value)
                self._problem(
                    draft.line, title, f'no name of "{draft.key}"', "a name", "Write it in the client's first row."
                )
            yield Client(
                key=draft.key,
                name=name,
                level=draft.value(Column.LEVEL, ""),
                hours=draft.value(Column.HOURS, Hours.WORKING),
                contacts=tuple(
                    Contact(
                        name=draft.names[who],
                        addresses=tuple(addresses.values()),
                        specialist=who in draft.specialists,
                    )
                    for who, addresses in draft.addresses.items()
                ),
                domains=tuple(draft.domains),
                agreements=tuple(draft.agreements),
                inn=draft.value(Column.INN, ""),
                periods=self._periods(draft),
                suspended=draft.value(Column.SUSPENDED, ""),
                zone=draft.value(Column.ZONE),
                manager=draft.value(Column.MANAGER, ""),
                package=self._package(draft),
            )

    def _coupons(self, hours: Mapping[str, Hours]) -> tuple[Coupon, ...]:
        """Return the coupons, served when their clients are where nothing else is said (CB-24: by contract)."""
        return tuple(
            replace(coupon, hours=hours.get(coupon.client, coupon.hours)) if place in self.hours_unsaid else coupon
            for place, (coupon, _) in enumerate(self.coupons)
        )

    def _periods(self, draft: _Draft) -> tuple[Period, ...]:
        periods = sorted(draft.periods, key=lambda period: period.since or date.min)
        for one, after in pairwise(periods):
            if (after.since or date.min) <= (one.until or date.max):
                title = next(self.titles[column] for column in (Column.SINCE, Column.UNTIL) if column in self.titles)
                lines = sorted((draft.periods[one], draft.periods[after]))
                found = f'a term of "{draft.key}" that overlaps with the one in line {lines[0]}'
                self._problem(lines[1], title, found, "terms one after the other", "Mend the days of one of them.")
        return tuple(periods)

    def _package(self, draft: _Draft) -> Package | None:
        package = Package(
            hours=draft.value(Column.PACKAGE_HOURS),
            requests=draft.value(Column.PACKAGE_REQUESTS),
            carry_over=draft.value(Column.CARRY_OVER, False),
            price=draft.value(Column.PRICE),
        )
        if package.carry_over and package.hours is None and package.requests is None:
            _, line = draft.said[Column.CARRY_OVER]
            found = "a package without hours and requests"
            self._problem(
                line, self.titles[Column.CARRY_OVER], found, "something to carry over", "Write how much it holds."
            )
        return None if package == Package() else package

    def _compare(self, clients: tuple[Client, ...], coupons: tuple[Coupon, ...]) -> None:
        """Tell what is wrong among the rows, and between them and the configuration, at the later row."""
        repeated = set(clients)
        other_clients = [one for one in self._others(clients) if one not in repeated]
        listed = {fold(one.code): one for one in coupons}
        other_coupons = [one for one in self.known.coupons if listed.get(fold(one.code)) != one]
        other_coupons += [one for one in self.known.imported_coupons if fold(one.code) not in listed]
        for conflict in find_conflicts((*other_clients, *clients), (*other_coupons, *coupons)):
            of_others = len(other_coupons if conflict.kind.of_coupons else other_clients)
            if conflict.second < of_others:
                continue  # not of this list: whoever keeps the others has told it
            if self.dubious and conflict.kind is Clash.RENEWS_UNKNOWN:
                continue
            column = _CLASH_COLUMNS[conflict.kind]
            line = self._line_of(conflict, clients, conflict.second - of_others)
            other = "the register"
            if conflict.first is not None and conflict.first >= of_others:
                other = f"line {self._line_of(conflict, clients, conflict.first - of_others)}"
            if conflict.kind is Clash.KEY and other == "the register":
                self._changed(line, other_clients[conflict.first or 0], clients[conflict.second - of_others])
                continue
            where = "" if conflict.first is None else f" ({other})"
            self._problem(
                line,
                self.titles.get(column, column.value),
                f"{conflict}{where}",
                _EXPECTED.get(conflict.kind, "one client for each"),
                _REMEDIES.get(conflict.kind, "Leave it to one of the two."),
            )

    def _changed(self, line: int, configured: Client, client: Client) -> None:
        """Tell that a list would change a client of the configuration."""
        other = [one.name for one in fields(Client) if getattr(configured, one.name) != getattr(client, one.name)]
        found = f'"{client.key}", which the configuration has with other values ({", ".join(other)})'
        remedy = "Change it in the configuration, or give this client another key."
        self._problem(line, self.titles[Column.KEY], found, "a client of this list alone", remedy)

    def _others(self, clients: tuple[Client, ...]) -> list[Client]:
        """Return the clients that there will be beside those of the list."""
        listed = {client.key for client in clients}
        return [*self.known.clients, *(one for one in self.known.imported_clients if one.key not in listed)]

    def _line_of(self, conflict: Conflict, clients: tuple[Client, ...], place: int) -> int:
        """Return the line of one of a conflict's two places."""
        if conflict.kind.of_coupons:
            return self.coupons[place][1]
        draft = self.drafts[clients[place].key]
        if conflict.kind is Clash.KEY:
            return draft.line
        identity = _IDENTITIES[conflict.kind][1](conflict.value)
        return self.places.get((draft.key, conflict.kind, identity), draft.line)

    def _bad(self, row: Row, column: Column, found: str, expected: str, remedy: str) -> None:
        self._problem(row.line, self.titles.get(column, column.value), found, expected, remedy)

    def _problem(self, line: int, key: str, found: str, expected: str, remedy: str) -> None:
        self.problems.append(
            Problem(file=self.table.name, line=line, key=key, found=found, expected=expected, remedy=remedy)
        )


_EXPECTED = {
    Clash.KEY: "a key of its own for each client",
    Clash.COUPON: "each coupon once",
    Clash.CIRCULAR: "a chain that ends in an old coupon",
    Clash.RENEWS_UNKNOWN: "a coupon of the list or the register",
    Clash.RENEWS_FOREIGN: "a coupon of the same client",
    Clash.RENEWED_TWICE: "a coupon that has not been renewed yet",
}
