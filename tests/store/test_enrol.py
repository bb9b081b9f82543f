"""Promises of writing the register: whole or not at all, and every contradiction named with both sides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert, text

from maild.contracts.client import Client, Contact, Coupon, Package, Period
from maild.contracts.keys import Evidence, name_keys, organization_key
from maild.errors import RegisterConflict
from maild.sla.target import Hours
from maild.store import register
from maild.store.engine import Database
from maild.store.enrol import apply_import, sync_configured
from maild.store.register_rows import Source
from maild.store.schema import client_mark
from tests.store.conftest import NOW

SAME = "are the same: take it from one of them"
LATER = NOW + timedelta(days=1)
ORG = "acme"
ROSA = Client(
    key="rosa",
    name="ООО «Роза»",
    level="gold",
    hours=Hours.ROUND_THE_CLOCK,
    contacts=(
        Contact(name="Анна", addresses=("Anna@Rosa.example", "a@home.example"), specialist=True),
        Contact(name="Пустой"),
        Contact(addresses=("office@rosa.example",)),
    ),
    domains=("rosa.example", "роза.рф"),
    agreements=("№ 12/24-К", "7"),
    inn="7701234567",
    periods=(Period(until=date(2025, 12, 31)), Period(since=date(2026, 2, 1), until=date(2026, 12, 31)), Period()),
    suspended="не оплачено",
    zone=ZoneInfo("Asia/Yekaterinburg"),
    manager="ivan",
    package=Package(hours=timedelta(hours=7, microseconds=1), requests=5, carry_over=True, price=Decimal("1500.50")),
)
LUNA = Client(key="luna", name="Luna", contacts=(Contact(name="Leo", addresses=("leo@luna.example",)),))
CODES = {"rosa": "7KQ4-MX2P-9TR5", "luna": "2C3H-4JK5-6MP7"}
ROSAS = Coupon(
    code=CODES["rosa"], client="rosa", level="gold", hours=Hours.ROUND_THE_CLOCK,
    since=date(2026, 1, 1), until=date(2026, 6, 30), revoked=date(2026, 5, 1),
)  # fmt: skip
LUNAS = Coupon(code=CODES["luna"], client="luna")


def configure(database: Database, clients: Sequence[Client], given: Sequence[Coupon] = ()) -> bool:
    with database.write() as connection:
        return sync_configured(connection, ORG, clients, given, NOW)


def bring(
    database: Database,
    clients: Sequence[Client] | None,
    given: Sequence[Coupon] | None = None,
    *,
    remove_missing: bool = False,
) -> None:
    with database.write() as connection:
        apply_import(connection, ORG, clients, given, LATER, remove_missing=remove_missing)


def listed(database: Database) -> dict[str, tuple[Client, Source]]:
    with database.read() as connection:
        return {one.key: (one, source) for one, source in register.all_clients(connection, ORG)}


def coupons(database: Database) -> dict[str, tuple[Coupon, Source]]:
    with database.read() as connection:
        return {one.coupon.code: (one.coupon, one.source) for one in register.all_coupons(connection, ORG)}


def marks(database: Database) -> set[tuple[str, str]]:
    """Keys of every mark, and whose they are."""
    with database.read() as connection:
        return {(row.key, row.client) for row in connection.execute(client_mark.select())}


def problems(database: Database, clients: Sequence[Client], given: Sequence[Coupon] = ()) -> list[str]:
    """What an import is refused for; nothing must have changed by it."""
    before = listed(database), coupons(database), marks(database)
    # what the caller commits all the same holds nothing of it
    with database.write() as connection, pytest.raises(RegisterConflict) as refused:
        apply_import(connection, ORG, clients, given, LATER, remove_missing=True)
    assert (listed(database), coupons(database), marks(database)) == before
    return refused.value.problems


# ── the configuration ────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_configured_comes_back_as_it_was(database: Database) -> None:
    """The order of contacts and addresses, open periods, zones, prices to the kopeck and odd durations included."""
    assert configure(database, [ROSA, LUNA], [ROSAS, LUNAS])
    assert listed(database) == {"rosa": (ROSA, Source.CONFIG), "luna": (LUNA, Source.CONFIG)}
    assert coupons(database) == {
        ROSAS.code: (ROSAS, Source.CONFIG),
        LUNAS.code: (LUNAS, Source.CONFIG),
    }


def test_an_unchanged_configuration_is_not_written_again(database: Database) -> None:
    """A start with 100,000 clients costs their comparison; any change, of a coupon alone as well, is written."""
    assert configure(database, [ROSA, LUNA], [ROSAS])
    statements: list[str] = []
    event.listen(database.writer, "before_cursor_execute", lambda *all_of_it: statements.append(all_of_it[2]))
    assert not configure(database, [ROSA, LUNA], [ROSAS])
    assert len([one for one in statements if "register_version" not in one and not one.startswith("BEGIN")]) == 0
    assert configure(database, [ROSA, LUNA], [replace(ROSAS, until=date(2026, 7, 1))])
    assert configure(database, [replace(ROSA, name="Роза"), LUNA], [replace(ROSAS, until=date(2026, 7, 1))])
    assert listed(database)["rosa"][0].name == "Роза"


def test_what_left_the_configuration_leaves_the_register(database: Database) -> None:
    """With all that led to it; what was imported, and other organisations, stay."""
    configure(database, [ROSA, LUNA], [ROSAS, LUNAS])
    other = replace(ROSA, key="nova", name="Nova", contacts=(), domains=("nova.example",), agreements=(), inn="")
    bring(database, [other])
    with database.write() as connection:
        sync_configured(connection, "beta", [LUNA], [LUNAS], NOW)
    assert configure(database, [LUNA])
    assert set(listed(database)) == {"luna", "nova"}
    assert coupons(database) == {}
    with database.read() as connection:
        assert register.find_client(connection, "beta", "luna") == LUNA
        assert register.find_coupon(connection, "beta", LUNAS.code) is not None
    assert {whose for _, whose in marks(database)} == {"luna", "nova"}


def test_a_configured_address_that_was_imported_is_refused_by_name(database: Database) -> None:
    """Nothing of the new configuration is written, and the next attempt says the same."""
    bring(database, [LUNA], [LUNAS])
    clash = replace(ROSA, contacts=(Contact(addresses=("LEO@luna.example",)),))
    for _ in range(2):
        with pytest.raises(RegisterConflict) as refused:
            configure(database, [clash], [replace(LUNAS, client="rosa")])
        assert refused.value.problems == [
            f"address LEO@luna.example of client rosa (configured) and leo@luna.example of client luna (imported) {SAME}",
            "coupon …6MP7 is both client rosa's (configured) and client luna's (imported): remove one of the two",
        ]
    assert set(listed(database)) == {"luna"}


# ── imports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_import_replaces_what_was_imported_under_the_same_key(database: Database) -> None:
    bring(database, [ROSA, LUNA], [ROSAS])
    changed = replace(ROSA, name="Rosa", domains=("new.example",), contacts=ROSA.contacts[:1])
    bring(database, [changed], [replace(ROSAS, until=date(2027, 1, 1))])
    assert listed(database) == {"rosa": (changed, Source.IMPORT), "luna": (LUNA, Source.IMPORT)}
    assert coupons(database)[ROSAS.code][0].until == date(2027, 1, 1)
    assert not {("rosa.example", "rosa"), ("office@rosa.example", "rosa")} & marks(database)


def test_what_is_missing_from_a_table_goes_only_when_told(database: Database) -> None:
    """And only of the kinds that the table has: a table of clients says nothing of coupons."""
    bring(database, [ROSA, LUNA], [ROSAS, LUNAS])
    bring(database, [LUNA], [LUNAS])
    assert set(listed(database)) == {"rosa", "luna"}
    bring(database, None, [LUNAS], remove_missing=True)
    assert set(listed(database)) == {"rosa", "luna"}
    assert set(coupons(database)) == {LUNAS.code}
    bring(database, [LUNA], None, remove_missing=True)
    assert set(listed(database)) == {"luna"}
    assert {whose for _, whose in marks(database)} == {"luna"}
    assert set(coupons(database)) == {LUNAS.code}


def test_an_export_of_everything_can_be_read_back(database: Database) -> None:
    """What the configuration has with the same values stays the configuration's; with other values it is refused."""
    configure(database, [ROSA], [ROSAS])
    bring(database, [LUNA], [LUNAS])
    bring(database, [ROSA, LUNA], [ROSAS, LUNAS], remove_missing=True)
    assert listed(database) == {"rosa": (ROSA, Source.CONFIG), "luna": (LUNA, Source.IMPORT)}
    found = problems(database, [replace(ROSA, name="Other")], [replace(ROSAS, until=None)])
    assert found[0] == ("client rosa is imported and configured: remove one of the two, or give it another key")
    assert found[-1] == (
        "coupon …9TR5 is both client rosa's (imported) and client rosa's (configured): remove one of the two"
    )


def test_a_configured_coupon_with_another_predecessor_is_refused(sqlite: Database) -> None:
    """A renewal is not a word to pass over: it says which coupon grants nothing any more."""
    configure(sqlite, [LUNA], [LUNAS, NEW])
    assert problems(sqlite, [], [replace(NEW, renews=LUNAS.code)]) == [
        "coupon …7QRT is both client luna's (imported) and client luna's (configured): remove one of the two"
    ]


def test_an_address_that_is_one_contacts_own_and_anothers_alias_is_no_alias(sqlite: Database) -> None:
    """Whichever stands first in the register has it."""
    both = replace(LUNA, contacts=(*LUNA.contacts, Contact(addresses=("x@luna.example", "leo@luna.example"))))
    bring(sqlite, [both])
    with sqlite.read() as connection:
        found = register.find(connection, ORG, [(Evidence.ADDRESS, "leo@luna.example")], [], "", NOW)
    assert [hit.kind for hit in found.hits] == [Evidence.ADDRESS]


def test_an_old_table_brings_no_revoked_coupon_back(database: Database) -> None:
    """Nor does it lose when a coupon was issued."""
    bring(database, [ROSA], [replace(ROSAS, revoked=None)])
    with database.write() as connection:
        register.revoke(connection, ORG, ROSAS.code, date(2026, 3, 1))
        apply_import(connection, ORG, None, [replace(ROSAS, revoked=None)], LATER + timedelta(days=9))
        entry = register.find_coupon(connection, ORG, ROSAS.code)
    assert entry is not None
    assert (entry.coupon.revoked, entry.issued_at) == (date(2026, 3, 1), LATER)


BOTH = replace(LUNA, key="both")
NEW = replace(LUNAS, code="3FHJ-5KMP-7QRT")


@pytest.mark.parametrize(
    ("clients", "given", "expected"),
    [
        pytest.param([LUNA, replace(LUNA, contacts=())], [],
            ["client luna is there twice: give one of the two another key"], id="a key twice"),
        pytest.param([LUNA, BOTH], [],
            [f"address leo@luna.example of client luna and leo@luna.example of client both {SAME}"],
            id="an address twice"),
        pytest.param([replace(ROSA, contacts=()), replace(LUNA, domains=("Rosa.example",))], [],
            [f"domain rosa.example of client rosa and Rosa.example of client luna {SAME}"],
            id="a domain twice"),
        pytest.param([replace(ROSA, contacts=()), replace(LUNA, agreements=("12/24 K",))], [],
            [f"agreement № 12/24-К of client rosa and 12/24 K of client luna {SAME}"],
            id="an agreement in another spelling"),
        pytest.param([replace(ROSA, contacts=()), replace(LUNA, inn="7701234567")], [],
            [f"INN 7701234567 of client rosa and 7701234567 of client luna {SAME}"], id="an INN twice"),
        pytest.param([ROSA, LUNA], [ROSAS, replace(LUNAS, code="7kq4 mx2p 9tr5")],
            ["coupon …9TR5 is there twice, client rosa's and client luna's: remove one of the two"],
            id="a coupon twice"),
        pytest.param([LUNA], [replace(LUNAS, client="lunaa")],
            ["coupon …6MP7 names client lunaa, whom nobody knows: correct the key"], id="nobody's coupon"),
        pytest.param([LUNA], [replace(LUNAS, renews=NEW.code)],
            ["coupon …6MP7 renews one that nobody knows: correct `renews`"], id="renews nothing"),
        pytest.param([LUNA], [replace(LUNAS, renews=LUNAS.code)],
            ["coupon …6MP7 renews itself, in a circle: correct `renews`"], id="renews itself"),
        pytest.param([LUNA], [replace(LUNAS, renews=NEW.code), replace(NEW, renews=LUNAS.code)],
            ["coupon …6MP7 renews itself, in a circle: correct `renews`"], id="a circle of two"),
        pytest.param([LUNA], [LUNAS, replace(NEW, renews=LUNAS.code), replace(NEW, code="X2", renews=LUNAS.code)],
            ["coupons …7QRT and … renew the same one: only one of them can take its place"], id="renewed twice"),
    ],
)  # fmt: skip
def test_a_table_that_contradicts_itself_is_refused(
    sqlite: Database, clients: list[Client], given: list[Coupon], expected: list[str]
) -> None:
    bring(sqlite, [replace(LUNA, key="old", contacts=())])
    assert [one for one in problems(sqlite, clients, given) if one in expected] == expected


def test_every_contradiction_with_what_is_there_is_told_at_once(database: Database) -> None:
    configure(database, [ROSA], [ROSAS, replace(NEW, client="rosa", renews=ROSAS.code)])
    rival = Client(
        key="rival", name="Rival", contacts=(Contact(addresses=("anna@rosa.example",)),), domains=("роза.рф",), inn=ROSA.inn
    )  # fmt: skip
    found = problems(database, [rival], [replace(LUNAS, client="rival", renews=ROSAS.code)])
    assert found == [
        f"address anna@rosa.example of client rival (imported) and Anna@Rosa.example of client rosa (configured) {SAME}",
        f"domain роза.рф of client rival (imported) and роза.рф of client rosa (configured) {SAME}",
        f"INN 7701234567 of client rival (imported) and 7701234567 of client rosa (configured) {SAME}",
        "coupons …6MP7 and …7QRT renew the same one: only one of them can take its place",
    ]


def test_a_circle_that_closes_through_what_is_there_is_refused(database: Database) -> None:
    """A ← B ← C stand in the register; a table that makes A renew C must not make every one of them the newest."""
    chain = [LUNAS, replace(NEW, renews=LUNAS.code), replace(NEW, code="third", renews=NEW.code)]
    bring(database, [LUNA], chain)
    with database.write() as connection, pytest.raises(RegisterConflict, match="in a circle"):
        apply_import(connection, ORG, None, [replace(LUNAS, renews="third")], LATER)
    assert coupons(database)[LUNAS.code][0].renews == ""


def test_names_may_be_several_clients(database: Database) -> None:
    """Two Annas, and two firms of one name, are no contradiction, only a weak clue."""
    namesake = replace(LUNA, name="ЗАО Роза", contacts=(Contact(name="Петрова АННА", specialist=True),))
    bring(database, [replace(ROSA, contacts=(Contact(name="Анна Петрова", specialist=True),)), namesake])
    named = [(Evidence.SPECIALIST, name_keys("Анна Петрова")[0]), (Evidence.ORGANIZATION, organization_key("Роза"))]
    with database.read() as connection:
        found = register.find(connection, ORG, named, [], "", NOW)
    assert sorted((hit.client.key, hit.kind) for hit in found.hits) == [
        ("luna", Evidence.ORGANIZATION), ("luna", Evidence.SPECIALIST),
        ("rosa", Evidence.ORGANIZATION), ("rosa", Evidence.SPECIALIST),
    ]  # fmt: skip


def test_a_client_may_repeat_itself(database: Database) -> None:
    """One address of two contacts, one agreement in two spellings: written once, listed as it was."""
    twice = replace(LUNA, contacts=(*LUNA.contacts, *LUNA.contacts), agreements=("A-1", "a 1"))
    bring(database, [twice])
    assert listed(database)["luna"][0] == twice
    assert sorted(marks(database)) == [("1una", "luna"), ("a1", "luna"), ("leo@luna.example", "luna")]


def test_racing_writers_cannot_give_two_clients_one_address(postgresql: Database) -> None:
    """Neither sees the other's in its own look at the register; the database lets one in, the other hears to try again."""
    refused: list[RegisterConflict] = []

    def second() -> None:
        try:
            bring(postgresql, [BOTH])
        except RegisterConflict as error:
            refused.append(error)

    racer = Thread(target=second)
    with postgresql.write() as connection:
        apply_import(connection, ORG, [LUNA], None, NOW)
        racer.start()
        with postgresql.read() as other:
            while not other.execute(text("select count(*) from pg_locks where not granted")).scalar():
                other.rollback()
    racer.join()
    assert [error.problems for error in refused] == [
        ["somebody else changed the register at the same moment: try again"]
    ]
    assert set(listed(postgresql)) == {"luna"}


def test_the_database_itself_refuses_a_second_owner(database: Database) -> None:
    """Whatever the code overlooks: an address is one client's."""
    bring(database, [LUNA, replace(BOTH, contacts=())])
    values = {"organization": ORG, "space": "address", "key": "leo@luna.example", "shared_by": "", "client": "both"}
    stolen = insert(client_mark).values(**values, kind="alias")
    with pytest.raises(Exception, match=r"(?i)unique"), database.write() as connection:
        connection.execute(stolen)
