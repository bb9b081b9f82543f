"""docs/regulations.md: no clause of a pack's regulation is missing, and each is where the table says it is."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from maild.packs.shelf import SHELF, Pack, shipped_packs

TABLE = (Path(__file__).parents[2] / "docs" / "regulations.md").read_text("utf-8")
LAST = {
    "KR": 12,
    "CB": 28,
    "KL": 13,
    "IN": 11,
    "NI": 17,
    "DE": 6,
    "FN": 22,
    "TK": 21,
    "VC": 6,
}  # from 1 on, none left out
CLAUSES = tuple(f"{prefix}-{number}" for prefix, last in LAST.items() for number in range(1, last + 1))


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    clause: str
    asks: str
    carried: tuple[str, ...]  # "path: key", or the path of a template
    shown: tuple[str, ...]  # paths of scenarios
    person: str

    @property
    def prefix(self) -> str:
        return self.clause.partition("-")[0]


def read_rows(table: str) -> list[Row]:
    """Return the lines of all tables that begin with a clause."""
    cells = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in table.splitlines()
        if re.match(r"\| [A-Z]{2}-", line)
    ]
    return [
        Row(clause, asks, tuple(re.findall(r"`(.+?)`", carried)), tuple(re.findall(r"`(.+?)`", shown)), person)
        for clause, asks, carried, shown, person in cells
    ]


ROWS = read_rows(TABLE)


@cache
def resolve(path: str) -> Path:
    """Return the file of a path, in which "…" stands for whatever is the only thing there."""
    pack, _, rest = path.partition("/")
    if rest.startswith("…/"):
        [found] = (SHELF / pack / "organizations").glob(f"*/{rest[2:]}")
        return found
    assert (SHELF / path).is_file(), path
    return SHELF / path


def comments(file: Path) -> str:
    """Return the comments of a TOML file or a template."""
    text = file.read_text("utf-8")
    pattern = r"#.*" if file.suffix == ".toml" else r"(?s:\{#.*?#\})"
    return "\n".join(re.findall(pattern, text))


def cites(file: Path, clause: str) -> bool:
    """Whether a comment of the file names a clause."""
    return re.search(rf"(?<![\w-]){clause}(?![\w-])", comments(file)) is not None


def has(file: Path, key: str) -> bool:
    """Whether a key stands in a file, counted from its organisation's table where it holds the whole of one."""
    table = tomllib.loads(file.read_text("utf-8"))
    tables = [table, *table.get("organization", {}).values()]
    return any(_follow(one, key.split(".")) for one in tables)


def _follow(table: object, keys: list[str]) -> bool:
    for key in keys:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True


def faults(row: Row) -> Iterator[str]:
    """Yield what the table says of a clause and is not so."""
    owners = {pack.name for pack in shipped_packs().values() if row.prefix in pack.clauses}
    for reference in row.carried:
        path, _, key = reference.partition(": ")
        file = resolve(path)
        if key and not has(file, key):
            yield f"{path} has no {key}"
        if not key and file.suffix == ".toml":
            yield f"{path}: which key?"
        if not cites(file, row.clause):
            yield f"no comment of {path} names {row.clause}"
        if path.partition("/")[0] not in owners:
            yield f"{path} is of another regulation"
    for path in row.shown:
        file = resolve(path)
        if "/scenarios/" not in file.as_posix() or "step" not in tomllib.loads(file.read_text("utf-8")):
            yield f"{path} is no scenario"
        if not cites(file, row.clause):
            yield f"no comment of {path} names {row.clause}"
        if path.partition("/")[0] not in owners:
            yield f"{path} is of another regulation"
    if not (row.asks and row.carried and row.shown and row.person):
        yield "a cell is empty"


def test_every_regulation_has_its_pack() -> None:
    """And all of its clauses stand in the table, each once."""
    assert sorted(prefix for pack in shipped_packs().values() for prefix in pack.clauses) == sorted(LAST)
    assert sorted(row.clause for row in ROWS) == sorted(CLAUSES)


def test_no_clause_of_a_pack_is_missing(pack: Pack) -> None:
    """Each stands in the table once, in its order."""
    assert set(pack.clauses) <= LAST.keys()
    wanted = [clause for clause in CLAUSES if clause.partition("-")[0] in pack.clauses]
    assert [row.clause for row in ROWS if row.prefix in pack.clauses] == wanted


def test_the_table_knows_no_other_clauses() -> None:
    """Neither invented ones nor those of a regulation that is not shipped."""
    shipped = {prefix for pack in shipped_packs().values() for prefix in pack.clauses}
    assert [row.clause for row in ROWS if row.clause not in CLAUSES or row.prefix not in shipped] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.clause)
def test_a_clause_is_carried_and_shown_where_the_table_says(row: Row) -> None:
    """The key is there, the scenario is one, and both cite the clause in a comment."""
    assert list(faults(row)) == []


FINE = ROWS[0]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (Row("KL-1", "a", ("sysclick/…/organization.toml: level.gold",), FINE.shown, "–"), "has no level.gold"),
        (Row("KL-1", "a", ("sysclick/…/organization.toml",), FINE.shown, "–"), "which key?"),
        (Row("KL-99", "a", FINE.carried, FINE.shown, "–"), "names KL-99"),
        (Row("KL-1", "a", FINE.carried, ("sysclick/…/rehearsal.toml",), "–"), "is no scenario"),
        (Row("CB-1", "a", FINE.carried, FINE.shown, "–"), "of another regulation"),
        (Row("KL-1", "a", FINE.carried, (), "–"), "a cell is empty"),
    ],
)
def test_a_wrong_line_is_found(row: Row, told: str) -> None:
    """This test can fail."""
    assert any(told in fault for fault in faults(row))
