"""Promises of the register: what a letter's marks lead to, the life of a coupon, and counting."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from maild.contracts.client import Client, Contact, Coupon
from maild.contracts.lookalikes import fold
from maild.errors import RegisterConflict
from maild.store import register
from maild.store.engine import Database
from maild.store.enrol import apply_import, sync_configured
from maild.store.register import Found, Lead
from maild.store.register_rows import Kind, Source
from tests.store.conftest import NOW
from tests.store.tickets import open_ticket

ORG = "acme"
SECOND = timedelta(seconds=1)
ROSA = Client(
    key="rosa",
    name="Роза",
    contacts=(Contact(name="Анна", addresses=("Anna@Rosa.example", "a@home.example"), specialist=True),),
    domains=("rosa.example",),
    agreements=("№ 12/24-К",),
    inn="7701234567",
)
LUNA = Client(key="luna", name="Luna", contacts=(Contact(name="Leo", addresses=("leo@luna.example",)),))
FIRST = Coupon(code="7KQ4-MX2P-9TR5", client="rosa", since=date(2026, 1, 1), until=date(2026, 6, 30))
NEXT = replace(FIRST, code="2C3H-4JK5-6MP7", since=date(2026, 7, 1), until=None)
THIRD = replace(NEXT, code="3FHJ-5KMP-7QRT")


@pytest.fixture
def database(database: Database) -> Database:
    """A register of two clients, one of them configured with a coupon."""
    with database.write() as connection:
        sync_configured(connection, ORG, [ROSA], [FIRST], NOW)
        apply_import(connection, ORG, [LUNA], None, NOW)
    return database


def find(database: Database, keys: Mapping[Kind, Sequence[str]], coupons: Sequence[str] = (), who: str = ORG) -> Found:
    with database.read() as connection:
        return register.find(connection, who, keys, coupons)


# ── looking up ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "key", "expected"),
    [
        (Kind.ADDRESS, "anna@rosa.example", ("Anna@Rosa.example", "Анна", False)),
        (Kind.ADDRESS, "a@home.example", ("a@home.example", "Анна", True)),
        (Kind.DOMAIN, "rosa.example", ("rosa.example", "", False)),
        (Kind.AGREEMENT, fold("12/24 k"), ("№ 12/24-К", "", False)),
        (Kind.INN, "7701234567", ("7701234567", "", False)),
        (Kind.SPECIALIST, fold("АННА"), ("Анна", "Анна", False)),
    ],
)
def test_every_mark_leads_to_its_client(
    database: Database, kind: Kind, key: str, expected: tuple[str, str, bool]
) -> None:
    """With the words of the register, whose they are, and whether an address is an alias."""
    value, contact, alias = expected
    lead = Lead(kind=kind, key=key, value=value, contact=contact, alias=alias, client=ROSA)
    assert find(database, {kind: ["nothing", key]}) == Found(leads=(lead,))
    others = {other: [key] for other in Kind if other is not kind}
    assert find(database, others) == Found()
    assert find(database, {kind: [key]}, who="beta") == Found()


def test_a_letter_with_marks_of_several_clients_leads_to_all_of_them(database: Database) -> None:
    found = find(
        database,
        {Kind.ADDRESS: ["leo@luna.example"], Kind.DOMAIN: ["luna.example", "rosa.example"], Kind.INN: []},
        [fold(FIRST.code), fold("nothing")],
    )
    assert {(lead.kind, lead.client.key) for lead in found.leads} == {(Kind.ADDRESS, "luna"), (Kind.DOMAIN, "rosa")}
    assert [(entry.coupon, entry.client, entry.successor) for entry in found.coupons] == [(FIRST, ROSA, None)]


def test_nothing_asked_is_nothing_found(database: Database) -> None:
    """Not everything."""
    assert find(database, {}) == Found()
    assert find(database, {Kind.ADDRESS: []}, []) == Found()


def test_clients_and_coupons_are_listed_in_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, in order, whatever the size of a batch, and those of one source or client alone."""
    monkeypatch.setattr(register, "BATCH", 2)
    some = [Client(key=f"k{n}", name=f"K {n}") for n in range(5)]
    codes = [Coupon(code=f"code-{n}", client=f"k{n % 2}") for n in range(5)]
    with database.write() as connection:
        apply_import(connection, ORG, some, codes, NOW)
        assert [one for one, _ in register.all_clients(connection, ORG)] == [*some, LUNA, ROSA]
        assert [one for one, _ in register.all_clients(connection, ORG, source=Source.CONFIG)] == [ROSA]
        assert [one.coupon for one in register.all_coupons(connection, ORG, source=Source.IMPORT)] == codes
        assert [one.coupon for one in register.all_coupons(connection, ORG, of="k1")] == [codes[1], codes[3]]
        assert len(list(register.all_coupons(connection, ORG))) == 6
        assert list(register.all_coupons(connection, "beta")) == []


# ── the life of a coupon ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_issued_coupon_is_found_in_any_spelling(database: Database) -> None:
    issued = replace(NEXT, client="luna")
    with database.write() as connection:
        register.issue(connection, ORG, issued, NOW)
        entry = register.find_coupon(connection, ORG, "2с3н 4jк5 6мр7")  # half of it Cyrillic
    assert entry is not None
    assert (entry.coupon, entry.client, entry.source, entry.issued_at) == (issued, LUNA, Source.ISSUED, NOW)


@pytest.mark.parametrize(
    ("issued", "words"),
    [
        pytest.param(replace(FIRST, code="7kq4mx2p9tr5"), r"^coupon …9tr5 exists already", id="the code exists"),
        pytest.param(replace(NEXT, client="nobody"), "^there is no client 'nobody'", id="nobody's"),
    ],
)
def test_what_cannot_be_issued_is_refused(database: Database, issued: Coupon, words: str) -> None:
    with database.write() as connection:
        with pytest.raises(RegisterConflict, match=words):
            register.issue(connection, ORG, issued, NOW)
        assert len(list(register.all_coupons(connection, ORG))) == 1


def test_a_coupon_is_renewed_once_and_the_chain_stays_whole(database: Database) -> None:
    """Each knows the one before and the one that has taken its place, by the code as it was issued."""
    with database.write() as connection:
        second = register.renew(connection, ORG, "7kq4 mx2p 9tr5", NEXT, NOW)
        assert second == replace(NEXT, renews=FIRST.code)
        with pytest.raises(RegisterConflict, match=r"^coupon …9TR5 was renewed already: …6MP7 has its place"):
            register.renew(connection, ORG, FIRST.code, THIRD, NOW)
        third = register.renew(connection, ORG, NEXT.code, THIRD, NOW)
        chain = {one.coupon.code: one for one in register.all_coupons(connection, ORG)}
    assert third.renews == NEXT.code
    assert [(chain[one.code].coupon, chain[one.code].successor) for one in (FIRST, NEXT, THIRD)] == [
        (FIRST, second), (second, third), (third, None),
    ]  # fmt: skip


def test_a_revoked_coupon_is_renewed_once_as_well(database: Database) -> None:
    """A code that leaked is revoked, and its owner gets another one: one."""
    with database.write() as connection:
        register.renew(connection, ORG, FIRST.code, NEXT, NOW)
        register.revoke(connection, ORG, NEXT.code, date(2026, 3, 2))
        register.renew(connection, ORG, NEXT.code, THIRD, NOW)
        with pytest.raises(RegisterConflict, match="was renewed already"):
            register.renew(connection, ORG, NEXT.code, replace(THIRD, code="another"), NOW)


def test_the_database_itself_refuses_a_second_renewal(database: Database) -> None:
    """Two commands at once: neither sees the other's coupon, one of them is told to try again."""
    with database.write() as connection:
        renewed = register.renew(connection, ORG, FIRST.code, NEXT, NOW)
        with pytest.raises(RegisterConflict, match="at the same moment: try again"):
            register.issue(connection, ORG, replace(THIRD, renews=FIRST.code), NOW)
        assert [one.successor for one in register.all_coupons(connection, ORG)].count(renewed) == 1
        assert register.find_coupon(connection, ORG, THIRD.code) is None


def test_a_renewal_outlives_the_writing_of_the_configuration(database: Database) -> None:
    """The old coupon stands in the configuration, which is written anew when anything in it changes."""
    with database.write() as connection:
        register.renew(connection, ORG, FIRST.code, NEXT, NOW)
        sync_configured(connection, ORG, [replace(ROSA, name="Rosa")], [FIRST], NOW)
        entry = register.find_coupon(connection, ORG, FIRST.code)
        assert entry is not None
        assert entry.successor == replace(NEXT, renews=FIRST.code)
        with pytest.raises(RegisterConflict, match="was renewed already"):
            register.renew(connection, ORG, FIRST.code, THIRD, NOW)


def test_revoking_counts_from_the_earliest_day(database: Database) -> None:
    with database.write() as connection:
        register.issue(connection, ORG, NEXT, NOW)
        for on, expected in ((20, 20), (10, 10), (15, 10)):
            revoked = register.revoke(connection, ORG, NEXT.code, date(2026, 3, on))
            entry = register.find_coupon(connection, ORG, NEXT.code)
            assert entry is not None
            assert revoked == entry.coupon == replace(NEXT, revoked=date(2026, 3, expected))
        other = register.find_coupon(connection, ORG, FIRST.code)
    assert other is not None
    assert other.coupon.revoked is None


@pytest.mark.parametrize("verb", ["revoke", "renew"])
def test_an_unknown_coupon_is_told_without_its_code(database: Database, verb: str) -> None:
    """People paste codes that are another organisation's: they do not belong into a log whole."""
    with database.write() as connection, pytest.raises(RegisterConflict, match=r"^there is no coupon …7QRT: "):
        if verb == "revoke":
            register.revoke(connection, ORG, THIRD.code, date(2026, 3, 2))
        else:
            register.renew(connection, ORG, THIRD.code, NEXT, NOW)


def test_a_configured_coupon_is_revoked_where_it_stands(database: Database) -> None:
    """Otherwise the next change of the configuration would quietly bring it back."""
    with database.write() as connection, pytest.raises(RegisterConflict, match="set its `revoked` there"):
        register.revoke(connection, ORG, FIRST.code, date(2026, 3, 2))


def test_a_coupon_whose_client_has_left_leads_nowhere(database: Database) -> None:
    with database.write() as connection:
        register.issue(connection, ORG, replace(NEXT, client="luna"), NOW)
        apply_import(connection, ORG, [], None, NOW, remove_missing=True)
    (entry,) = find(database, {}, [fold(NEXT.code)]).coupons
    assert entry.client is None


# ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_guesses_are_counted_by_author_and_altogether(database: Database) -> None:
    """Those after `since`, of this organisation; what no window reaches is forgotten."""
    with database.write() as connection:
        for who, at, count in (
            ("a@x", NOW, 1),
            ("a@x", NOW + SECOND, 2),
            ("b@x", NOW + 2 * SECOND, 1),
            ("c@x", NOW, 0),
        ):
            register.note_guess(connection, ORG, who, at, count)
        register.note_guess(connection, "beta", "a@x", NOW + SECOND)
        assert register.guesses(connection, ORG, "a@x", NOW - SECOND) == (3, 4)
        assert register.guesses(connection, ORG, "a@x", NOW) == (2, 3)
        assert register.guesses(connection, ORG, "nobody", NOW + 2 * SECOND) == (0, 0)
        assert register.forget_guesses(connection, NOW + SECOND) == 1
        assert register.guesses(connection, ORG, "a@x", NOW - SECOND) == (2, 3)


def test_requests_count_within_a_half_open_period(database: Database) -> None:
    """Of the client, not of an address; refusals do not count (A9)."""
    with database.write() as connection:
        for n, (client, at, counted) in enumerate(
            (
                ("rosa", NOW - SECOND, True), ("rosa", NOW, True), ("rosa", NOW + SECOND, True),
                ("rosa", NOW + 2 * SECOND, True), ("rosa", NOW, False), ("luna", NOW, True), ("", NOW, True),
            ),
            1,
        ):  # fmt: skip
            open_ticket(connection, n, client=client, received_at=at, counted=counted)
        assert register.count_requests(connection, ORG, "rosa", NOW, NOW + 2 * SECOND) == 2
        assert register.count_requests(connection, ORG, "luna", NOW, NOW + 2 * SECOND) == 1
        assert register.count_requests(connection, "beta", "rosa", NOW, NOW + 2 * SECOND) == 0
