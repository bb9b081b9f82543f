"""Rows of a list of clients to clients and coupons, or to every problem in them; and back to rows.

One row holds one person of a client, one term of its contract and one coupon, at most of each. So a client with several
has several rows with one key; what is said again in them must be the same, and may be left out. A row says no more than a
person would write into a table: what they leave empty is the configuration's business.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from maild.contracts import cells
from maild.contracts.cells import BadCell, show
from maild.contracts.client import Client, Coupon
from maild.contracts.columns import Column, find_column, suggest_column
from maild.contracts.conflicts import Clash, Conflict, find_conflicts
from maild.contracts.coupons import fold, shorten
from maild.contracts.drafts import IDENTITIES, Draft, Fault, Values, find_disorder
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
    imported_clients: Sequence[Client] = ()  # that stay unless the list has them: then its own take their place
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
_NUMBERS = frozenset(  # where a date can only be a mistake of the spreadsheet
    {Column.KEY, Column.AGREEMENTS, Column.INN, Column.COUPON, Column.RENEWS}
)


class _Reader:
    """One table being read: problems gather, nothing stops at the first."""

    def __init__(self, table: Table, known: Known) -> None:
        self.table = table
        self.known = known
        self.problems: list[Problem] = list(table.problems)
        self.remarks: list[str] = [f"{table.name}: read as {table.form}", *table.remarks]
        self.titles: dict[Column, str] = {}  # as the file calls them
        self.at: list[Column | None] = []  # what each place of a row holds
        self.drafts: dict[str, Draft] = {}
        self.spelt: dict[str, str] = {}  # casefolded key to key
        self.coupons: list[tuple[Coupon, int]] = []
        self.hours_unsaid: set[int] = set()  # places of coupons whose rows do not say when they are served
        self.there = {client.key for client in (*known.clients, *known.imported_clients)}
        self.parsers = _PARSERS | {
            Column.LEVEL: lambda text: cells.parse_one_of(text, known.levels, "level"),
            Column.COUPON_LEVEL: lambda text: cells.parse_one_of(text, known.levels, "level"),
            Column.MANAGER: lambda text: cells.parse_one_of(text, known.managers, "manager"),
        }
        self.refused: dict[tuple[Column, str], tuple[str, str, str]] = {}  # a bad zone in every row is looked up once
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
        for draft in self.drafts.values():
            self._tell(draft.faults())
        clients = tuple(draft.client() for draft in self.drafts.values())
        coupons = self._coupons({one.key: one.hours for one in (*self._others(clients), *clients)})
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
        values, failed = self._values(row)
        if Column.KEY not in values:
            if Column.KEY not in failed:
                remedy = "Write it in every row; merged cells hold it in their first row only."
                self._problem(row.line, self.titles[Column.KEY], "an empty cell", "the client's key", remedy)
            self.dubious = True
            return
        key = values[Column.KEY]
        first = self.spelt.setdefault(key.casefold(), key)
        if first != key:
            self._bad(row, Column.KEY, f'"{key}", and "{first}" before it', "one spelling", "Write both alike.")
            key = first
        self._read_coupon(row, key, values, failed)
        if key in self.there and all(column is Column.KEY or column.of_coupon for column in (*values, *failed)):
            return
        draft = self.drafts.setdefault(key, Draft(key, row.line))
        self._tell(draft.add(row.line, values))

    def _values(self, row: Row) -> tuple[dict[Column, Any], set[Column]]:
        """Return what the cells hold that hold anything, and which ones hold what is no value: that is told."""
        values: dict[Column, Any] = {}
        failed: set[Column] = set()
        for place, text in enumerate(row.cells):
            if not text:
                continue
            if place >= len(self.at):
                found = f"{show(text)} to the right of the last column"
                self._problem(row.line, "", found, f"{len(self.at)} cells", "Quote the cell that holds a separator.")
                break
            column = self.at[place]
            if column is None:
                continue
            try:
                value = self._value(column, text, is_date=place in row.dates)
            except BadCell as bad:
                failed.add(column)
                self.dubious |= column in (Column.KEY, Column.COUPON, Column.RENEWS)
                found = shorten(text) if column.is_secret else bad.found or show(text)
                self._bad(row, column, found, bad.expected, bad.remedy)
                continue
            if column is Column.INN:
                value, was_short = value
                if was_short:
                    self.remarks.append(f"{self.table.name}:{row.line}: the INN {value} has got its first zero back")
            values[column] = value
        return values, failed

    def _value(self, column: Column, text: str, *, is_date: bool) -> Any:
        if is_date and column in _NUMBERS:
            raise BadCell(
                "a number; the spreadsheet holds a date", "Format the column as text and write the number again."
            )
        if (column, text) in self.refused:
            raise BadCell(*self.refused[column, text])
        try:
            return self.parsers[column](text)
        except BadCell as bad:
            self.refused[column, text] = (bad.expected, bad.remedy, bad.found)
            raise

    # ── coupons ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _read_coupon(self, row: Row, key: str, values: Values, failed: set[Column]) -> None:
        code = values.get(Column.COUPON)
        if code is None:
            told = next((column for column in values if column.of_coupon), None)
            if told is not None and Column.COUPON not in failed:
                self._bad(
                    row, told, "a cell about a coupon", "a coupon in the same row", "Write its code, or empty the cell."
                )
            return
        wrong = find_disorder(row.line, Column.COUPON_SINCE, Column.COUPON_UNTIL, values)
        self._tell([wrong] if wrong else [])
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

    def _coupons(self, hours: Mapping[str, Hours]) -> tuple[Coupon, ...]:
        """Return the coupons, served when their clients are where nothing else is said (CB-24: by contract)."""
        return tuple(
            replace(coupon, hours=hours.get(coupon.client, coupon.hours)) if place in self.hours_unsaid else coupon
            for place, (coupon, _) in enumerate(self.coupons)
        )

    # ── the whole ────────────────────────────────────────────────────────────────────────────────────────────────────

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
            line = self._line_of(conflict, clients, conflict.second - of_others)
            other = "the register"
            if conflict.first is not None and conflict.first >= of_others:
                other = f"line {self._line_of(conflict, clients, conflict.first - of_others)}"
            if conflict.kind is Clash.KEY and other == "the register":
                self._changed(line, other_clients[conflict.first or 0], clients[conflict.second - of_others])
                continue
            where = "" if conflict.first is None else f" ({other})"
            column, expected, remedy = _TOLD[conflict.kind]
            self._problem(line, self.titles.get(column, column.value), f"{conflict}{where}", expected, remedy)

    def _changed(self, line: int, configured: Client, client: Client) -> None:
        """Tell that a list would change a client of the configuration."""
        other = [one.name for one in fields(Client) if getattr(configured, one.name) != getattr(client, one.name)]
        found = f'"{client.key}", which the register has with other values ({", ".join(other)})'
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
        return self.drafts[clients[place].key].line_of(conflict.kind, conflict.value)

    def _tell(self, faults: Iterable[Fault]) -> None:
        for one in faults:
            title = self.titles.get(one.column, one.column.value)
            self._problem(one.line, title, one.found, one.expected, one.remedy)

    def _bad(self, row: Row, column: Column, found: str, expected: str, remedy: str) -> None:
        self._problem(row.line, self.titles.get(column, column.value), found, expected, remedy)

    def _problem(self, line: int, key: str, found: str, expected: str, remedy: str) -> None:
        self.problems.append(
            Problem(file=self.table.name, line=line, key=key, found=found, expected=expected, remedy=remedy)
        )


_TOLD = {  # where it is told, what was expected, what to do
    Clash.KEY: (Column.KEY, "a key of its own for each client", "Give one of them another key."),
    Clash.OWNER: (Column.KEY, "the key of a client", "Add a row with the client's name, or mend the key."),
    Clash.COUPON: (Column.COUPON, "each coupon once", "Delete one of the two, or issue another coupon."),
    Clash.CIRCULAR: (Column.RENEWS, "a chain that ends in an old coupon", "Empty the cell of the oldest coupon."),
    Clash.RENEWS_UNKNOWN: (
        Column.RENEWS,
        "a coupon of the list or the register",
        "List the old coupon too, or empty the cell.",
    ),
    Clash.RENEWS_FOREIGN: (Column.RENEWS, "a coupon of the same client", "Renew a coupon of the same client."),
    Clash.RENEWED_TWICE: (
        Column.RENEWS,
        "a coupon that has not been renewed yet",
        "Renew the newer of the two instead.",
    ),
} | {clash: (column, "one client for each", "Leave it to one of the two.") for clash, (column, _) in IDENTITIES.items()}
