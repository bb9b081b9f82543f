"""Promises of the register: what a letter's marks lead to, the life of a coupon, and counting."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from maild.contracts.client import Client, Contact, Coupon
from maild.contracts.clues import find_client_clues
from maild.contracts.found import Found, FoundCoupon, Hit
from maild.contracts.keys import Evidence, Key, name_keys, organization_key
from maild.contracts.lookalikes import fold
from maild.errors import RegisterConflict
from maild.model import Address, Message, Said
from maild.store import register
from maild.store.engine import Database
from maild.store.enrol import apply_import, sync_configured
from maild.store.register_rows import Source
from tests.store.conftest import NOW
from tests.store.tickets import open_ticket

ORG = "acme"
SECOND = timedelta(seconds=1)
ROSA = Client(
    key="rosa",
    name="Роза",
    contacts=(Contact(name="Анна Петрова", addresses=("Anna@Rosa.example", "a@home.example"), specialist=True),),
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


def find(database: Database, keys: Iterable[Key], coupons: Sequence[str] = (), organization: str = ORG) -> Found:
    with database.read() as connection:
        return register.find(connection, organization, keys, coupons, "anna@rosa.example", NOW - SECOND)


# ── looking up ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (Evidence.ADDRESS, "anna@rosa.example"),
        (Evidence.ALIAS, "a@home.example"),
        (Evidence.DOMAIN, "rosa.example"),
        (Evidence.AGREEMENT, fold("12/24 k")),
        (Evidence.INN, "7701234567"),
        (Evidence.SPECIALIST, name_keys("Петрова Анна")[0]),
        (Evidence.ORGANIZATION, organization_key("Роза")),
    ],
)
def test_every_key_leads_to_its_client(database: Database, kind: Evidence, key: str) -> None:
    """And no other kind of key does that is spelt the same, nor the same in another organisation."""
    hit = Hit(kind=kind, key=key, client=ROSA)
    assert find(database, [(kind, "nothing"), (kind, key)]) == Found(hits=(hit,))
    same_space = {Evidence.ADDRESS, Evidence.ALIAS}
    others = [other for other in Evidence if other is not kind and not {kind, other} <= same_space]
    assert find(database, [(other, key) for other in others]) == Found()
    assert find(database, [(kind, key)], organization="beta") == Found()


def test_an_alias_is_found_by_whoever_asks_for_an_address(database: Database) -> None:
    """And is told for what it is, once."""
    asked = [(Evidence.ADDRESS, "a@home.example"), (Evidence.ALIAS, "a@home.example")]
    assert find(database, asked).hits == (Hit(kind=Evidence.ALIAS, key="a@home.example", client=ROSA),)


def test_the_clues_of_a_real_letter_find_their_client(database: Database) -> None:
    """What a letter is searched for and what the register stores are the same keys."""
    letter = Message(
        author=Address(addr="Someone@ROSA.example"), subject="купон 7kq4 mx2p 9tr5", text="по договору 12/24-K"
    )
    clues = find_client_clues(letter, Said(subject=letter.subject, text=letter.text), letter.author)
    found = find(database, clues.lookups, clues.coupons)
    assert {hit.kind for hit in found.hits} == {Evidence.DOMAIN, Evidence.AGREEMENT}
    assert [one.coupon for one in found.coupons] == [FIRST]


def test_a_letter_with_keys_of_several_clients_leads_to_all_of_them(database: Database) -> None:
    keys = [
        (Evidence.ADDRESS, "leo@luna.example"), (Evidence.DOMAIN, "luna.example"), (Evidence.DOMAIN, "rosa.example"),
    ]  # fmt: skip
    found = find(database, keys, [fold(FIRST.code), fold("nothing")])
    assert {(hit.kind, hit.client.key) for hit in found.hits} == {(Evidence.ADDRESS, "luna"), (Evidence.DOMAIN, "rosa")}
    assert found.coupons == (FoundCoupon(key=fold(FIRST.code), coupon=FIRST, client=ROSA),)


def test_a_name_that_very_many_have_leads_to_nobody(database: Database) -> None:
    """It says nothing of whose letter this is, and reading them all would cost more than the letter."""
    most = register.MAX_SHARING
    names = ["Пётр Иванов"] * most + ["Пётр Смирнов"] * (most + 1)
    crowd = [
        Client(key=f"k{n}", name=f"Client {n}", contacts=(Contact(name=name, specialist=True),))
        for n, name in enumerate(names)
    ]
    with database.write() as connection:
        apply_import(connection, ORG, crowd, None, NOW)
    keys = [(Evidence.SPECIALIST, key) for name in dict.fromkeys(names) for key in name_keys(name)]
    assert {hit.client.key for hit in find(database, keys).hits} == {f"k{n}" for n in range(most)}


def test_a_renewed_coupon_is_found_with_the_one_in_its_place(database: Database) -> None:
    with database.write() as connection:
        renewed = register.renew(connection, ORG, FIRST.code, NEXT, NOW)
    assert [one.renewed_by for one in find(database, [], [fold(FIRST.code)]).coupons] == [renewed]


def test_a_letter_costs_two_queries_and_three_more_for_coupons(database: Database) -> None:
    """However many keys it has: a letter must not cost a query a word."""
    statements: list[str] = []
    event.listen(database.reader, "before_cursor_execute", lambda *given: statements.append(given[2]))
    find(database, [(Evidence.INN, "7701234567"), *((kind, f"{n}") for kind in Evidence for n in range(20))])
    assert len([one for one in statements if one.startswith("SELECT")]) == 2
    statements.clear()
    find(database, [(Evidence.INN, "1")], [f"{n}" for n in range(100)])
    assert len([one for one in statements if one.startswith("SELECT")]) == 4


def test_by_what_clients_can_be_known(database: Database) -> None:
    """Wherever they come from; of another organisation's clients nothing is said."""
    with database.write() as connection:
        assert register.known_by(connection, ORG) == {"name", "inn", "coupon"}
        assert register.known_by(connection, "other") == frozenset()
        apply_import(connection, "other", [LUNA], None, NOW)
        assert register.known_by(connection, "other") == {"name"}
        apply_import(connection, "other", [LUNA, ROSA], None, NOW)
        assert register.known_by(connection, "other") == {"name", "inn"}


def test_nothing_asked_is_nothing_found(database: Database) -> None:
    """Not everything."""
    assert find(database, []) == Found()


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


def test_an_unknown_coupon_is_told_without_its_code(database: Database) -> None:
    """People paste codes that are another organisation's: they do not belong into a log whole."""
    with database.write() as connection:
        with pytest.raises(RegisterConflict, match=r"^there is no coupon …7QRT: "):
            register.revoke(connection, ORG, THIRD.code, date(2026, 3, 2))
        with pytest.raises(RegisterConflict, match=r"^there is no coupon …7QRT: "):
            register.renew(connection, ORG, THIRD.code, NEXT, NOW)


def test_a_configured_coupon_is_revoked_where_it_stands(database: Database) -> None:
    """Otherwise the next change of the configuration would quietly bring it back."""
    with database.write() as connection, pytest.raises(RegisterConflict, match="set its `revoked` there"):
        register.revoke(connection, ORG, FIRST.code, date(2026, 3, 2))


def test_a_coupon_whose_client_has_left_leads_nowhere(database: Database) -> None:
    """It is still listed."""
    with database.write() as connection:
        register.issue(connection, ORG, replace(NEXT, client="luna"), NOW)
        apply_import(connection, ORG, [], None, NOW, remove_missing=True)
        entry = register.find_coupon(connection, ORG, NEXT.code)
    assert entry is not None
    assert entry.client is None
    assert find(database, [], [fold(NEXT.code)]) == Found()


# ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_guesses_are_counted_by_author_and_altogether(database: Database) -> None:
    """Those after `since`, of this organisation; what no window reaches is forgotten."""
    with database.write() as connection:
        for who, at, digests in (
            ("a@x", NOW, ["1"]), ("a@x", NOW + SECOND, ["2", "3"]), ("b@x", NOW + 2 * SECOND, ["4"]), ("c@x", NOW, []),
        ):  # fmt: skip
            register.note_guesses(connection, ORG, who, digests, at)
        register.note_guesses(connection, "beta", "a@x", ["5"], NOW + SECOND)
        assert register.guesses(connection, ORG, "a@x", NOW - SECOND) == (["1", "2", "3"], 4)
        assert register.guesses(connection, ORG, "a@x", NOW) == (["2", "3"], 3)
        assert register.guesses(connection, ORG, "nobody", NOW + 2 * SECOND) == ([], 0)
        found = register.find(connection, ORG, [], ["nothing"], "a@x", NOW)
        assert found == Found(guesses=2, guesses_by_all=3, guessed=frozenset({"2", "3"}))


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
