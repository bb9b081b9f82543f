"""`maild client import` and `client export`: all of a table or nothing, seen before it happens."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from maild.contracts.tables import Format, write_table
from tests.cli.call import Done, call
from tests.daemon.desk import Desk
from tests.pace import find_crowd

HEADER = "Клиент;Название;Уровень;Адреса;ИНН;Купон\n"
ROGA = 'roga;ООО "Рога";Базовый;ivan@roga.example;;\n'
KOPYTA = "kopyta;ООО «Копыта»;extended;info@kopyta.example;;H7KT-4CX2-P9M4\n"


def write(text: str, encoding: str = "utf-8") -> str:
    """Write a table into the desk's folder, which commands are started in, and return its name."""
    Path("list.csv").write_bytes(text.encode(encoding))
    return "list.csv"


def load(text: str, *options: str, encoding: str = "utf-8") -> Done:
    return call("client", "import", write(text, encoding), *options)


def register() -> tuple[Any, Any]:
    """Everything that the register holds: clients, coupons."""
    return call("client", "list", "--json").json, call("coupon", "list", "--codes", "--json").json


def keys() -> list[str]:
    return [one["client"]["key"] for one in call("client", "list", "--json").json if one["from"] == "import"]


def test_a_table_out_of_excel_is_imported(served: Desk) -> None:
    """In windows-1251 with semicolons: what is read is told, then what is new; clients and coupons are there."""
    done = load(HEADER + ROGA + KOPYTA, "--yes", encoding="cp1251")
    assert done.status == 0, done
    lines = done.out.splitlines()
    assert lines[0].startswith("list.csv: read as CSV in windows-1251, separated by semicolons")
    assert lines[1:] == [
        '+ client "roga" (ООО "Рога")',
        '+ client "kopyta" (ООО «Копыта»)',
        '+ coupon …P9M4 of "kopyta"',
        "3 new, 0 changed, 0 gone, 0 unchanged",
        "Imported.",
    ]
    assert keys() == ["kopyta", "roga"]
    assert call("client", "show", "roga", "--json").json["client"]["level"] == "base"
    assert call("coupon", "list", "--client", "kopyta", "--json").json[0]["state"] == "valid"


def test_without_yes_nobody_is_asked_in_a_pipe_and_nothing_changes(served: Desk) -> None:
    """The preview is shown all the same; status 1, and what to say."""
    before = register()
    done = load(HEADER + ROGA)
    assert done.status == 1
    assert '+ client "roga"' in done.out
    assert done.stderr == "maild: nothing was changed: say --yes to import, or --dry-run to see what would change\n"
    as_json = load(HEADER + ROGA, "--json")
    assert (as_json.status, as_json.json["ok"]) == (1, False)
    assert register() == before


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1), ("", 1)], ids=["yes", "no", "just return"])
def test_on_a_terminal_a_person_is_asked(served: Desk, answer: str, status: int) -> None:
    """Only a yes imports."""
    write(HEADER + ROGA)
    person, terminal = os.openpty()
    os.write(person, f"{answer}\n".encode())
    with served.process("client", "import", "list.csv", stdin=terminal, stdout=terminal) as process:
        assert process.wait(60 * find_crowd()) == status
    os.close(terminal)
    assert "Import? [y/N]" in os.read(person, 1 << 16).decode()
    os.close(person)
    assert keys() == (["roga"] if status == 0 else [])


def test_a_program_is_never_asked(served: Desk) -> None:
    """--json on a terminal is for a program: one JSON value, and no question that nobody would answer."""
    write(HEADER + ROGA)
    person, terminal = os.openpty()
    os.write(person, b"y\n")  # a question would take it for an answer
    with served.process("client", "import", "list.csv", "--json", stdin=terminal, stdout=terminal) as process:
        assert process.wait(60 * find_crowd()) == 1
    os.close(terminal)
    shown = os.read(person, 1 << 16)
    assert json.loads(shown[shown.index(b"{") :])["ok"] is False
    os.close(person)
    assert keys() == []


def test_who_answers_late_is_told_what_has_changed(served: Desk) -> None:
    """A yes is to what was shown: if the register is another one by then, nothing is imported."""
    write(HEADER + ROGA)
    person, terminal = os.openpty()
    with served.process("client", "import", "list.csv", stdin=terminal, stdout=terminal) as process:
        shown = b""
        while b"Import?" not in shown:
            shown += os.read(person, 1 << 16)
        load(HEADER + ROGA.replace("Базовый", "extended"), "--yes")
        os.write(person, b"y\n")
        assert process.wait(60 * find_crowd()) == 1
        assert process.stderr is not None
        assert b"somebody else has changed the register meanwhile" in process.stderr.read()
    os.close(terminal)
    os.close(person)
    assert call("client", "show", "roga", "--json").json["client"]["level"] == "extended"


def test_a_dry_run_changes_nothing(served: Desk) -> None:
    """Nor does it with --yes; in JSON the preview is whole."""
    before = register()
    for options in (["--dry-run"], ["--dry-run", "--yes"]):
        done = load(HEADER + ROGA, *options)
        assert done.status == 0
        assert done.out.endswith("1 new, 0 changed, 0 gone, 0 unchanged\nNothing was changed: this was to see.\n")
        assert register() == before
    found = load(HEADER + ROGA, "--dry-run", "--json").json
    assert (found["imported"], found["preview"]["new"]) == (False, ['client "roga" (ООО "Рога")'])


def test_importing_again(served: Desk) -> None:
    """Changes nothing where nothing has changed; else each field is shown before and after."""
    load(HEADER + ROGA + KOPYTA, "--yes")
    again = load(HEADER + ROGA + KOPYTA)
    assert again.status == 0, "there is nothing to ask"
    assert again.out.endswith("0 new, 0 changed, 0 gone, 3 unchanged\nNothing to change.\n")
    changed = load(HEADER + ROGA.replace("Базовый", "extended").replace("ivan@", "petr@") + KOPYTA, "--yes")
    assert (
        '~ client "roga" (ООО "Рога"): level: base → extended; contacts: <ivan@roga.example> → <petr@roga.example>'
        in changed.out
    )
    assert "0 new, 1 changed, 0 gone, 2 unchanged" in changed.out
    assert call("client", "show", "roga", "--json").json["client"]["contacts"][0]["addresses"] == ["petr@roga.example"]


def test_what_is_missing_stays_unless_it_is_to_go(served: Desk) -> None:
    """With --remove-missing what was imported goes; never what the configuration has, nor what was issued."""
    load(HEADER + ROGA + KOPYTA, "--yes")
    issued = call("coupon", "issue", "roga").out.splitlines()[0]
    load(HEADER + ROGA, "--yes")
    assert keys() == ["kopyta", "roga"]
    done = load(HEADER + ROGA, "--remove-missing", "--yes")
    assert '- client "kopyta" (ООО «Копыта»)\n- coupon …P9M4 of "kopyta"\n' in done.out
    assert keys() == ["roga"]
    assert len(call("client", "list", "--json").json) == 4, "and the three of the configuration"
    codes = {one["code"] for one in call("coupon", "list", "--codes", "--json").json}
    assert codes == {"7KQ4-MX2P-9TR5", issued}


def test_a_table_without_coupons_says_nothing_of_coupons(served: Desk) -> None:
    """It removes none, and does not say that it would."""
    load(HEADER + KOPYTA, "--yes")
    done = load("Клиент;Название\nkopyta;ООО «Копыта»\n", "--remove-missing", "--yes")
    assert "0 new, 1 changed, 0 gone, 0 unchanged" in done.out
    assert [one["state"] for one in call("coupon", "list", "--client", "kopyta", "--json").json] == ["valid"]


def test_a_table_of_coupons_alone_says_nothing_of_clients(served: Desk) -> None:
    """It adds them to clients that are there, and removes nobody."""
    load(HEADER + ROGA + KOPYTA, "--yes")
    done = load("Клиент;Купон\nkopyta;H7KT-4CX2-P9M4\nvasilek;X7X7-X7X7-X7X2\n", "--remove-missing", "--yes")
    assert "1 new, 0 changed, 0 gone, 1 unchanged" in done.out
    assert keys() == ["kopyta", "roga"]


def test_a_revoked_coupon_is_not_brought_back(served: Desk) -> None:
    """The table may be older than the revocation; the preview knows it."""
    load(HEADER + KOPYTA, "--yes")
    call("coupon", "revoke", "H7KT-4CX2-P9M4")
    done = load(HEADER + KOPYTA, "--yes")
    assert "Nothing to change." in done.out
    assert [one["state"] for one in call("coupon", "list", "--client", "kopyta", "--json").json] == ["revoked"]


BAD = [
    ("level", HEADER + ROGA.replace("Базовый", "золотой"), ["list.csv:2: Уровень: found", "expected"]),
    ("two bad rows", HEADER + ROGA.replace("ivan@roga.example", "ivan") + KOPYTA.replace("ООО «Копыта»", ""),
     ["list.csv:2: Адреса: found", "list.csv:3: Название: found", "problems: 2; nothing was changed"]),
    ("one address twice", HEADER + ROGA + KOPYTA.replace("info@kopyta", "ivan@roga"), ["list.csv:3: Адреса: found"]),
    ("address of a configured client", HEADER + ROGA.replace("ivan@roga", "anna@vasilek"),
     ["list.csv:2: Адреса: found", '"vasilek" and "roga" both have the address anna@vasilek.example']),
    ("a configured client", HEADER + ROGA.replace("roga;", "vasilek;", 1), ["list.csv:2: ", "configuration"]),
    ("a coupon twice", HEADER + KOPYTA + ROGA.replace(";;", ";;h7kt 4cx2 p9m4"), ["list.csv:3: Купон: found"]),
    ("a configured coupon", HEADER + ROGA.replace(";;", ";;7kq4mx2p9tr5"), ["list.csv:2: Купон: found"]),
    ("a public provider", "Клиент;Название;Домены\nroga;Рога;gmail.com\n", ["list.csv:2: Домены: found"]),
    ("an unknown column", HEADER.replace("ИНН", "Цвет") + ROGA, ["list.csv:1: Цвет: found"]),
    ("no table", "<html><body>Войдите", ["list.csv: found a web page", "save it as XLSX"]),
    ("nothing", "", ["list.csv: found an empty file"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), [pytest.param(*row, id=name) for name, *row in BAD])
def test_a_bad_table_changes_nothing(served: Desk, text: str, words: list[str]) -> None:
    """Every problem with file, line, column and remedy, in words and in JSON; status 1, whatever else is right."""
    load(HEADER + "before;Раньше;;;;\n", "--yes")
    before = register()
    for options in (["--yes"], ["--yes", "--remove-missing"], ["--dry-run"]):
        done = load(text, *options)
        assert (done.status, done.out) == (1, ""), options
        assert [one for one in words if one not in done.stderr] == [], done.stderr
        for line in done.stderr.splitlines()[:-1]:
            assert line.startswith("list.csv"), "one line each"
    as_json = load(text, "--yes", "--json").json
    assert as_json["ok"] is False
    assert len(as_json["problems"]) == len(done.stderr.splitlines()) - 1
    assert all(problem["remedy"] for problem in as_json["problems"])
    assert not {"7KQ4", "MX2P", "H7KT"} & set(done.stderr.upper().replace("-", " ").split()), "no whole code"
    assert register() == before


def test_a_renewal_may_rest_on_what_was_issued(served: Desk) -> None:
    """A coupon of the table may renew one that is in the register only."""
    load(HEADER + ROGA, "--yes")
    issued = call("coupon", "issue", "roga").out.splitlines()[0]
    done = load(f"Клиент;Купон;Продлевает\nroga;H7KT-4CX2-P9M4;{issued.lower()}\n", "--yes")
    assert done.status == 0, done
    states = {one["code"]: one["state"] for one in call("coupon", "list", "--codes", "--json").json}
    assert states[issued] == "renewed"


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
def test_what_was_exported_is_imported(served: Desk, name: str) -> None:
    """Into the same register: nothing changes. Into an empty one: everything is there again. Only its owner may read it."""
    load(HEADER + ROGA + KOPYTA, "--yes")
    call("coupon", "issue", "roga", "--hours", "round_the_clock", "--until", "2090-01-01")
    call("coupon", "renew", "7KQ4-MX2P-9TR5")
    done = call("client", "export", name)
    assert done.out.splitlines()[0] == f"{name}: 5 client(s), 4 coupon(s)"
    assert "whoever has one is served" in done.out
    assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
    before = register()
    assert "0 new, 0 changed, 0 gone, 9 unchanged" in call("client", "import", name, "--remove-missing").out
    Path("empty.csv").write_bytes(write_table([["Клиент", "Название", "Купон"], ["x", "X", ""]], Format.CSV, title="x"))
    assert call("client", "import", "empty.csv", "--remove-missing", "--yes").status == 0
    assert keys() == ["x"]
    assert call("client", "import", name, "--remove-missing", "--yes").status == 0
    assert without_birth(register()) == without_birth(before)


def without_birth(found: tuple[Any, Any]) -> object:
    """The register without what an export does not carry: when a coupon was issued, and by what."""
    clients, coupons = found
    return clients, sorted(
        ({k: v for k, v in one.items() if k not in ("issued_at", "source")} for one in coupons), key=str
    )


def test_where_an_export_goes(served: Desk) -> None:
    """To standard output, or to a new file whose suffix tells what it is; a file that exists is not lost by accident."""
    printed = call("client", "export", "-")
    assert printed.stdout.startswith(b"\xef\xbb\xbf")
    assert "vasilek;ООО «Василёк»;extended" in printed.out
    assert call("client", "export", "a.csv", "--json").json == {"file": "a.csv", "clients": 3, "coupons": 1}
    assert Path("a.csv").read_bytes() == printed.stdout
    again = call("client", "export", "a.csv")
    assert (again.status, again.stderr) == (1, "maild: a.csv exists: give another name, or say --overwrite\n")
    assert call("client", "export", "a.csv", "--overwrite").status == 0
    assert sorted(path.name for path in Path().glob("*a.csv*")) == ["a.csv"], "nothing is left beside it"
    for wrong in (["a.ods"], ["a"], ["-", "--json"]):
        assert call("client", "export", *wrong).status == 2
