"""What an import would change, told before it does."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from maild.contracts.client import Client, Contact, Coupon, Package, Period
from maild.contracts.preview import compare
from maild.sla.target import Hours

A = Client(key="a", name="А", domains=("a.ru",))
B = Client(key="b", name="Б")
COUPON = Coupon(code="7KQ4-MX2P-9TRC", client="a")


def test_nothing_changes_where_nothing_does() -> None:
    """Importing an export is no change."""
    assert str(compare(((A, B), (COUPON,)), ((B, A), (COUPON,)))) == "0 new, 0 changed, 0 gone, 3 unchanged"


def test_new_changed_and_gone() -> None:
    """A line each, and the sum."""
    wanted = (replace(A, name="АО А", domains=()), Client(key="c", name="В"))
    renewed = Coupon(code="4444-XXXX-9999", client="a", renews=COUPON.code)
    assert str(compare(((A, B), (COUPON,)), (wanted, (renewed,)))).splitlines() == [
        '+ client "c" (В)',
        '+ coupon …9999 of "a"',
        '~ client "a" (АО А): name: А → АО А; domains: a.ru → (nothing)',
        '- client "b" (Б)',
        '- coupon …9TRC of "a"',
        "2 new, 1 changed, 2 gone, 0 unchanged",
    ]


def test_every_field_has_words() -> None:
    """Days, people, packages as a person would write them."""
    changed = replace(
        A,
        hours=Hours.ROUND_THE_CLOCK,
        contacts=(
            Contact(name="Иван", addresses=("i@a.ru", "j@a.ru"), specialist=True),
            Contact(addresses=("k@a.ru",)),
        ),
        periods=(Period(since=date(2026, 1, 1), until=date(2026, 12, 31)), Period(since=date(2027, 1, 1))),
        zone=ZoneInfo("Europe/Kyiv"),
        package=Package(hours=timedelta(hours=26, minutes=30), requests=5, carry_over=True, price=Decimal("1500.50")),
    )
    (change,) = compare(((A,), ()), ((changed,), ())).changed
    assert [str(one) for one in change.fields] == [
        "hours: working → round the clock",
        "contacts: (nothing) → Иван <i@a.ru> <j@a.ru> (specialist), <k@a.ru>",
        "periods: (nothing) → 01.01.2026–31.12.2026, 01.01.2027–",
        "zone: (nothing) → Europe/Kyiv",
        "package: (nothing) → hours 26:30, requests 5, carried over yes, price 1500.50",
    ]


def test_a_coupon_in_another_spelling_is_the_same_coupon_and_never_told_whole() -> None:
    """Only what it ends in is shown, of the one that it renews too."""
    other = replace(COUPON, code="7кq4mx2p9trc", renews="4444-XXXX-9999", until=date(2026, 1, 1))
    told = str(compare(((), (COUPON,)), ((), (other,))))
    assert (
        told.splitlines()[0]
        == '~ coupon …9trc of "a": code: …9TRC → …9trc; until: (nothing) → 01.01.2026; renews: (nothing) → …9999'
    )
