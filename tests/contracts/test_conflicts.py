"""What cannot stand in one register, for whoever asks."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.contracts.client import Client, Contact, Coupon
from maild.contracts.conflicts import Clash, find_conflicts


def client(key: str, *addresses: str, **rest: object) -> Client:
    return Client(key=key, name=key, contacts=(Contact(addresses=addresses),), **rest)  # type: ignore[arg-type]


def coupon(code: str, whose: str = "a", renews: str = "") -> Coupon:
    return Coupon(code=code, client=whose, renews=renews)


def found(clients: list[Client], coupons: list[Coupon]) -> list[tuple[Clash, int | None, int, tuple[str, ...]]]:
    return [(one.kind, one.first, one.second, one.owners) for one in find_conflicts(clients, coupons)]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        pytest.param(client("a"), client("A"), Clash.KEY, id="key"),
        pytest.param(client("a", "X@a.ru"), client("b", "x@A.ru"), Clash.ADDRESS, id="address"),
        pytest.param(
            client("a", "x@ромашка.рф"),
            client("b", "y@b.ru", "x@xn--80aa3agjl3d.xn--p1ai"),
            Clash.ADDRESS,
            id="alias-idna",
        ),
        pytest.param(client("a", "x@ya.ru"), client("b", "x@yandex.ru"), Clash.ADDRESS, id="one-box-of-yandex"),
        pytest.param(client("a", domains=("a.ru",)), client("b", domains=("b.ru", "A.ru")), Clash.DOMAIN, id="domain"),
        pytest.param(
            client("a", agreements=("12-А",)), client("b", agreements=("№ 12a",)), Clash.AGREEMENT, id="agreement"
        ),
        pytest.param(client("a", inn="7707083893"), client("b", inn="7707083893"), Clash.INN, id="inn"),
    ],
)
def test_two_owners(one: Client, other: Client, clash: Clash) -> None:
    """Both are named, and the later one is to be mended."""
    assert found([one, client("z"), other], []) == [(clash, 0, 2, (one.key, other.key))]
    assert found([one, client("z")], []) == found([other, client("z")], []) == []


def test_a_client_does_not_clash_with_itself() -> None:
    """Two people at one desk share an address; listed twice, a client is told of its key alone."""
    twice = client("a", "x@a.ru", "X@A.ru", domains=("a.ru", "A.ru"))
    assert found([twice], []) == []
    assert [kind for kind, *_ in found([client("b", "x@a.ru", domains=("a.ru",)), twice], [])] == [
        Clash.ADDRESS,
        Clash.DOMAIN,
    ]
    assert found([twice, twice], []) == [(Clash.KEY, 0, 1, ("a", "a"))]


@pytest.mark.parametrize(
    ("coupons", "expected"),
    [
        pytest.param([coupon("AAAA"), coupon("аааа", "b")], [(Clash.COUPON, 0, 1, ("a", "b"))], id="twice"),
        pytest.param([coupon("AAAA", "x")], [(Clash.OWNER, None, 0, ("x",))], id="nobody's"),
        pytest.param([coupon("AAAA", renews="BBBB")], [(Clash.RENEWS_UNKNOWN, None, 0, ("a",))], id="renews-unknown"),
        pytest.param([coupon("AAAA", renews="aaaa")], [(Clash.CIRCULAR, 0, 0, ("a", "a"))], id="renews-itself"),
        pytest.param(
            [coupon("AAAA"), coupon("BBBB", "b", "AAAA")], [(Clash.RENEWS_FOREIGN, 0, 1, ("a", "b"))], id="another's"
        ),
        pytest.param(
            [coupon("AAAA", renews="CCCC"), coupon("BBBB", renews="CCCC"), coupon("CCCC")],
            [(Clash.RENEWED_TWICE, 0, 1, ("a", "a"))],
            id="twice-renewed",
        ),
        pytest.param(
            [
                coupon("AAAA", renews="CCCC"),
                coupon("BBBB", renews="AAAA"),
                coupon("CCCC", renews="BBBB"),
                coupon("DDDD"),
            ],
            [(Clash.CIRCULAR, 0, 2, ("a", "a"))],
            id="circle-of-three",
        ),
        pytest.param(
            [
                coupon("DDDD", renews="CCCC"),
                coupon("CCCC", renews="BBBB"),
                coupon("BBBB", renews="AAAA"),
                coupon("AAAA"),
            ],
            [],
            id="a-chain-newest-first",
        ),
    ],
)
def test_coupons(coupons: list[Coupon], expected: list[tuple[Clash, int | None, int, tuple[str, ...]]]) -> None:
    """One chain each, of one client, that begins somewhere."""
    assert found([client("a"), client("b")], coupons) == expected


@given(st.lists(st.integers(0, 9), min_size=1, max_size=10))
def test_every_circle_is_found_once(renews: list[int]) -> None:
    """Against an oracle that walks from every coupon as many steps as there are coupons."""
    coupons = [
        coupon(f"AAAA{place}", renews=f"AAAA{old}" if old < len(renews) else "") for place, old in enumerate(renews)
    ]
    circles = set()
    for start in range(len(renews)):
        walked, place = [start], start
        for _ in renews:
            place = renews[place] if place < len(renews) else place
            walked.append(place)
        if start in walked[1:] and max(walked) < len(renews):
            circles.add(max(walked[: walked.index(start, 1)]))
    told = [one for one in find_conflicts([client("a")], coupons) if one.kind is Clash.CIRCULAR]
    assert sorted(one.second for one in told) == sorted(circles)


@given(st.lists(st.sets(st.sampled_from("abcde")), max_size=5))
def test_each_thing_is_told_once_for_each_later_owner(shares: list[set[str]]) -> None:
    """Of n clients with one domain n - 1 are told, all against the first."""
    clients = [
        client(f"c{place}", domains=tuple(sorted(f"{one}.ru" for one in some))) for place, some in enumerate(shares)
    ]
    owners = Counter(one for some in shares for one in some)
    assert len(find_conflicts(clients, [])) == sum(count - 1 for count in owners.values())
    pairs = {(x, y) for x, y in combinations(range(len(shares)), 2) if shares[x] & shares[y]}
    assert {(one.first, one.second) for one in find_conflicts(clients, [])} <= pairs


@pytest.mark.parametrize("kind", Clash)
def test_every_conflict_has_words(kind: Clash) -> None:
    """And none of them a whole coupon."""
    from maild.contracts.conflicts import Conflict

    words = str(Conflict(kind=kind, value="…9TRC", first=0, second=1, owners=("a", "b")))
    assert '"b"' in words
    assert "{" not in words


def test_no_conflict_holds_a_whole_coupon() -> None:
    """It goes to logs."""
    secrets = [coupon("7KQ4-MX2P-9TRC", "x", "7KQ4-MX2P-9TRC"), coupon("7kq4mx2p9trc", "b", "QQQQ-7777-MMMM")]
    told = repr(find_conflicts([client("a"), client("b")], secrets)).upper()
    assert told
    assert not [secret for secret in ("MX2P", "QQQQ", "7777") if secret in told]
