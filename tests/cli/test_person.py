"""`maild person`: what an admin sees of somebody, hands out, erases, and finds in the record afterwards."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.cli.output import Exit
from maild.config.load import load_config
from maild.contracts.client import Client, Contact
from maild.model import OutboxState
from maild.store import open_database
from maild.store.enrol import apply_import
from maild.store.schema import outbox
from tests.cli.call import call
from tests.daemon.desk import Desk

ANNA = "anna@client.example"
WHY = ("--why", "письмо от 1 марта")
LETTER = f"""From: Анна Петрова <{ANNA}>
To: support@acme.example
Subject: Принтер
Message-ID: <a1@client.example>
Content-Type: text/plain; charset=utf-8

Не печатает принтер.
""".encode()
MANUAL = (Path(__file__).parents[2] / "docs" / "ru" / "personal-data.md").read_text("utf-8")


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """A desk with one request of Anna's."""
    assert call("db", "upgrade").status == 0
    assert call("receive", "--mailbox", "acme/support", stdin=LETTER).status == 0
    return desk


def test_somebody_is_shown_with_their_words(asked: Desk) -> None:
    """Who they are, their requests with what was said, their letters."""
    done = call("person", "show", ANNA.upper())
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "WHEN", done.out)
    assert (done.status, text) == (
        0,
        f"""{ANNA} · acme · Europe/Moscow
names: Анна Петрова
first seen: WHEN

ACME-1 · requester · new · WHEN · Принтер
  WHEN in Анна Петрова
    Не печатает принтер.

letters:
  letters/000001.eml · WHEN · opened · ACME-1
""",
    )
    nobody = call("person", "show", "nobody@client.example")
    assert (nobody.status, nobody.out) == (Exit.NO, "Nothing is known of nobody@client.example.\n")


def test_a_folder_is_written_for_them(asked: Desk, tmp_path: Path) -> None:
    """Raw letters as they came, ours as they left, the index as JSON and as text; for nobody else's eyes, and recorded."""
    database = open_database(load_config(asked.file).config)
    with database.write() as connection:
        connection.execute(outbox.update().values(state=OutboxState.SENT))
    database.close()
    out = tmp_path / "out"
    done = call("person", "export", ANNA, str(out), "--why", "её запрос", "--json")
    counts = {"requests": 1, "letters": 1, "outgoing": 1}
    assert done.json == {"record": 1, "directory": str(out), "counts": counts}
    assert (out / "letters" / "000001.eml").read_bytes() == LETTER
    (sent,) = (out / "sent").iterdir()
    assert f"<{ANNA}>".encode() in sent.read_bytes()
    assert json.loads((out / "index.json").read_text("utf-8"))["requests"][0]["number"] == "ACME-1"
    assert "Не печатает принтер." in (out / "index.txt").read_text("utf-8")
    assert {path.stat().st_mode & 0o077 for path in (out, *out.rglob("*"))} == {0}
    again = call("person", "export", ANNA, str(out), *WHY)
    assert (again.status, "exists" in again.stderr) == (Exit.NO, True)
    (record,) = call("person", "log", "--json").json
    assert (record["action"], record["why"], record["counts"]) == ("export", "её запрос", counts)
    assert ANNA not in json.dumps(record)


def test_nothing_is_erased_without_a_yes(asked: Desk) -> None:
    """First what stands in the way, then what would be erased; with --yes it is, and only the record is left."""
    refused = call("person", "erase", ANNA, *WHY, "--yes")
    assert refused.status == Exit.NO
    assert refused.stderr == "maild: not over yet: ACME-1; close them, or say --even-open to close and erase them\n"
    tried = call("person", "erase", ANNA, *WHY, "--even-open")
    assert tried.out.splitlines()[0] == "Would be erased:"
    assert call("person", "show", ANNA).status == 0
    done = call("person", "erase", ANNA, *WHY, "--even-open", "--yes")
    assert done.out.splitlines()[1:-1] == tried.out.splitlines()[1:-1]
    assert done.out.splitlines()[-1] == "Record 1."
    assert call("person", "show", ANNA).status == Exit.NO
    assert "erase   " in call("person", "log").out
    assert call("ledger").status == 0
    shown = call("ticket", "show", "ACME-1").out
    assert "erased-1-1@erased.invalid" in shown
    assert "by record 1" in shown
    explained = call("explain", "1")
    assert (explained.status, "opened" in explained.out, ANNA in explained.out) == (0, True, False)


def test_nothing_of_an_erased_person_is_in_the_database_s_file(asked: Desk) -> None:
    """SQLite's free pages and its journal are overwritten, too."""
    call("person", "erase", ANNA, *WHY, "--even-open", "--yes")
    files = [path for path in asked.data.rglob("*") if path.is_file()]
    assert [path.name for path in files if ANNA.encode() in path.read_bytes()] == []
    assert [path.name for path in files if "печатает".encode() in path.read_bytes()] == []


def test_the_staff_are_nobody_s_customers(asked: Desk) -> None:
    done = call("person", "erase", "ivan@staff.example", *WHY, "--yes")
    assert (done.status, "is agent ivan" in done.stderr) == (Exit.NO, True)


def test_nor_are_they_as_somebody_s_other_address(asked: Desk) -> None:
    """Of a contact's addresses each is looked at, not only the one that was asked about."""
    contact = Contact(name="Анна Петрова", addresses=(ANNA, "ivan@staff.example"))
    database = open_database(load_config(asked.file).config)
    with database.write() as connection:
        clients = [Client(key="romashka", name="Ромашка", contacts=(contact,))]
        apply_import(connection, "acme", clients, None, datetime.now(UTC))
    database.close()
    done = call("person", "erase", ANNA, *WHY, "--even-open", "--yes", "--with-aliases")
    assert (done.status, "is agent ivan" in done.stderr) == (Exit.NO, True)


@pytest.mark.parametrize("address", ["", " ", "client.example", "@client.example", "a@", "%", "*"])
def test_what_is_no_address_means_nobody(asked: Desk, tmp_path: Path, address: str) -> None:
    """Not those whose address is unknown, nor everybody of a domain."""
    before = (asked.data / "maild.sqlite3").read_bytes()
    for order in (
        ("erase", address, *WHY, "--yes", "--even-open"),
        ("show", address),
        ("export", address, str(tmp_path / "x"), *WHY),
    ):
        done = call("person", *order)
        assert (done.status, "is no mail address" in done.stderr) == (Exit.USAGE, True)
    assert (asked.data / "maild.sqlite3").read_bytes() == before


@pytest.mark.usefixtures("asked")
def test_a_mailbox_is_nobody() -> None:
    """All letters are to it or from it."""
    done = call("person", "erase", "Support@Acme.example", *WHY, "--yes", "--even-open")
    assert (done.status, "is mailbox support itself" in done.stderr) == (Exit.NO, True)


def test_other_addresses_of_a_contact_are_asked_about(asked: Desk) -> None:
    """What hangs on them is taken along or left, as the admin says; imported contacts go, configured ones have to first."""
    contacts = (
        Contact(name="Анна Петрова", addresses=(ANNA, "a.petrova@mail.example")),
        Contact(name="Борис", addresses=("b@client.example",)),
    )
    database = open_database(load_config(asked.file).config)
    with database.write() as connection:
        apply_import(
            connection, "acme", [Client(key="romashka", name="Ромашка", contacts=contacts)], None, datetime.now(UTC)
        )
    assert "a.petrova@mail.example (--with-aliases)" in call("person", "show", ANNA).out
    done = call("person", "erase", ANNA, *WHY, "--even-open", "--yes")
    assert (done.status, "say --with-aliases to take them along, or --only-this" in done.stderr) == (Exit.NO, True)
    assert call("person", "erase", ANNA, *WHY, "--even-open", "--yes", "--with-aliases").status == 0
    (client,) = call("client", "list", "--json").json
    assert [one["name"] for one in client["client"]["contacts"]] == ["Борис"]
    database.close()


def test_configured_contacts_have_to_go_first(served: Desk) -> None:
    done = call("person", "erase", "anna@vasilek.example", *WHY, "--only-this", "--yes")
    assert (done.status, "the configuration names them among the contacts of vasilek" in done.stderr) == (Exit.NO, True)


def test_the_manual_shows_what_is_printed(asked: Desk) -> None:
    """Every line of the example in docs/ru/personal-data.md is what the command says."""
    shown = call("person", "erase", ANNA, "--why", "письмо № 12 от 1 марта", "--even-open").out
    assert shown in MANUAL
