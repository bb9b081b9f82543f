"""What people write into the cells of a list of clients."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.contracts import cells
from maild.contracts.cells import BadCell
from maild.contracts.columns import Column, find_column, suggest_column
from maild.sla.target import Hours

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("31.12.2026", date(2026, 12, 31), id="russian"),
        pytest.param("1.2.2026", date(2026, 2, 1), id="without-zeros"),
        pytest.param("2026-12-31", date(2026, 12, 31), id="iso"),
        pytest.param("31.12.2026 г.", date(2026, 12, 31), id="of-the-year"),
        pytest.param("31.12.2026 00:00:00", date(2026, 12, 31), id="of-a-database"),
        pytest.param("29.02.2024", date(2024, 2, 29), id="leap"),
        pytest.param("01.01.1991", date(1991, 1, 1), id="earliest"),
        pytest.param("31.12.2199", date(2199, 12, 31), id="latest"),
        *(
            pytest.param(text, None, id=text)
            for text in (
                "31.12.26 31/12/2026 12/31/2026 29.02.2026 32.01.2026 2026 46387 0.1.2026 31.12.1990 01.01.2200 2026-13-01 "
                "вчера 31.12.2026-01.01.2027 ١.١.2026"
            ).split()
        ),
        pytest.param("31.12.2026 18:30:00", None, id="with-a-time"),
    ],
)
def test_days(text: str, day: date | None) -> None:
    """The Russian and the international way; whatever could be read in two ways is refused."""
    if day is None:
        with pytest.raises(BadCell):
            cells.parse_date(text)
    else:
        assert cells.parse_date(text) == day


@given(st.dates(date(1991, 1, 1), date(2199, 12, 31)))
def test_days_read_back(day: date) -> None:
    """As they are written."""
    assert cells.parse_date(cells.format_date(day)) == cells.parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "inn", "restored"),
    [
        pytest.param("7707083893", "7707083893", False, id="organisation"),
        pytest.param("500100732259", "500100732259", False, id="person"),
        pytest.param("7707 083 893", "7707083893", False, id="spaces"),
        pytest.param("323100080", "0323100080", True, id="organisation-without-its-zero"),
        pytest.param("16600031375", "016600031375", True, id="person-without-the-zero"),
        pytest.param("7707083894", None, False, id="last-digit"),
        pytest.param("7707083983", None, False, id="two-swapped"),
        pytest.param("500100732269", None, False, id="eleventh-digit"),
        pytest.param("500100732258", None, False, id="twelfth-digit"),
        pytest.param("123456789", None, False, id="nine-digits-that-do-not-fit"),
        pytest.param("12345678", None, False, id="eight-digits"),
        pytest.param("0000000000", None, False, id="zeros"),
        pytest.param("7707083893/770701001", None, False, id="with-kpp"),
        pytest.param("7,70708E+09", None, False, id="cut-by-excel"),
        pytest.param("٧٧٠٧٠٨٣٨٩٣", None, False, id="arabic-digits"),
    ],
)
def test_inn(text: str, inn: str | None, restored: bool) -> None:
    """Its check digits are right; a zero that a spreadsheet has dropped is put back, and that is told."""
    if inn is None:
        with pytest.raises(BadCell):
            cells.parse_inn(text)
    else:
        assert cells.parse_inn(text) == (inn, restored)


@given(st.integers(10**8, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_an_inn_is_nearly_always_found(body: int, place: int, by: int) -> None:
    """Whatever weight it has: eleven is a prime. Only a sum of ten passes for one of none."""
    digits = str(body)
    valid = next((digits + check for check in "0123456789" if cells.has_valid_inn_check(digits + check)), None)
    if valid is None:
        return
    wrong = valid[:place] + str((int(valid[place]) + by) % 10) + valid[place + 1 :]
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    by_hand = sum(weight * int(digit) for weight, digit in zip(weights, wrong, strict=False)) % 11 % 10 == int(wrong[9])
    assert cells.has_valid_inn_check(wrong) == (by_hand and not wrong.startswith("00"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("a@b.ru", ["a@b.ru"], id="one"),
        pytest.param("a@b.ru, c@b.ru;d@b.ru\ne@b.ru f@b.ru", [f"{one}@b.ru" for one in "acdef"], id="any-separator"),
        pytest.param("a@b.ru,, ;a@b.ru, A@B.RU", ["a@b.ru"], id="none-twice"),
        pytest.param("<a@b.ru>", ["a@b.ru"], id="in-brackets"),
        pytest.param("info@ромашка.рф", ["info@ромашка.рф"], id="cyrillic-domain"),
        *(
            pytest.param(text, None, id=text)
            for text in ("a", "a@", "@b.ru", "a@b", "a@b..ru", "иван@b.ru", "a@b.ru.", "a@@b.ru")
        ),
        pytest.param("Иван <a@b.ru>", None, id="with-a-name"),
        pytest.param("a@b.ru / c@b.ru", None, id="slash"),
        pytest.param("a" * 250 + "@b.ru", None, id="too-long"),
    ],
)
def test_addresses(text: str, found: list[str] | None) -> None:
    """Several in a cell, as people write them; each one that mail can be sent to."""
    if found is None:
        with pytest.raises(BadCell):
            cells.parse_addresses(text)
    else:
        assert cells.parse_addresses(text) == tuple(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Romashka.RU, @b.ru; b.ru.", ["romashka.ru", "b.ru"], id="several"),
        pytest.param("ромашка.рф", ["ромашка.рф"], id="cyrillic"),
        *(
            pytest.param(text, None, id=text)
            for text in ("ru", "https://b.ru", "b.ru/x", "a@b.ru", "b..ru", "*.b.ru", "-", "x" * 64 + ".ru")
        ),
    ],
)
def test_domains(text: str, found: list[str] | None) -> None:
    """In lower case, without the @ that people put before them."""
    if found is None:
        with pytest.raises(BadCell):
            cells.parse_domains(text)
    else:
        assert cells.parse_domains(text) == tuple(found)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        pytest.param("10", 10, id="whole"),
        pytest.param("10,5", 10.5, id="comma"),
        pytest.param("10.25", 10.25, id="point"),
        pytest.param("10:30", 10.5, id="clock"),
        pytest.param("10:30:00", 10.5, id="time-of-excel"),
        pytest.param("10 ч", 10, id="ч"),
        pytest.param("10 часов/мес.", 10, id="a-month"),
        pytest.param("5 часов в месяц", 5, id="in-a-month"),
        pytest.param("2 hours", 2, id="english"),
        pytest.param("744", 744, id="a-whole-month"),
        *(
            pytest.param(text, None, id=text)
            for text in ("0", "745", "-1", "10:60", "много", "1e3", "0:00", "10-12", "٣")
        ),
    ],
)
def test_hours_of_a_package(text: str, hours: float | None) -> None:
    """As people write them; more than a month has is a mistake."""
    if hours is None:
        with pytest.raises(BadCell):
            cells.parse_package_hours(text)
    else:
        assert cells.parse_package_hours(text) == hours * HOUR


@given(st.integers(1, 744 * 3600))
def test_hours_read_back(seconds: int) -> None:
    """To the second."""
    spent = timedelta(seconds=seconds)
    assert cells.parse_package_hours(cells.format_hours(spent)) == spent


@pytest.mark.parametrize(
    ("text", "price"),
    [
        pytest.param("1500", "1500", id="whole"),
        pytest.param("1 500,50 ₽", "1500.50", id="russian"),
        pytest.param("1\u00a0500.5 руб.", "1500.5", id="no-break-space"),
        pytest.param("0", "0", id="free"),
        pytest.param("12,500", "12.5", id="zeros-behind"),
        *(
            pytest.param(text, None, id=text)
            for text in ("1,234", "1.500,00", "-5", "1500 USD", "бесплатно", "1e3", "٣")
        ),
    ],
)
def test_prices(text: str, price: str | None) -> None:
    """Roubles and kopecks; what could be a thousand or one and a bit is refused."""
    if price is None:
        with pytest.raises(BadCell):
            cells.parse_price(text)
    else:
        assert cells.parse_price(text) == Decimal(price)


@pytest.mark.parametrize("text", ["1", "50", "1000000", pytest.param("0", marks=[]), "1000001", "1,5", "-1", "x", "٣"])
def test_counts(text: str) -> None:
    """A whole number, one at least."""
    if text in ("1", "50", "1000000"):
        assert cells.parse_count(text) == int(text)
    else:
        with pytest.raises(BadCell):
            cells.parse_count(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("нет", ""), ("No", ""), ("0", ""), ("false", ""), ("-", ""),
        ("да", "приостановлено"), ("YES", "приостановлено"), ("true", "приостановлено"),
        ("неоплата с  01.11", "неоплата с 01.11"),
    ],
)  # fmt: skip
def test_suspended(text: str, reason: str) -> None:
    """No is none, yes is one, anything else is why."""
    assert cells.parse_suspended(text) == reason


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Рабочие часы", Hours.WORKING),
        ("8x5", Hours.WORKING),
        ("круглосуточно", Hours.ROUND_THE_CLOCK),
        ("24/7", Hours.ROUND_THE_CLOCK),
    ],
)
def test_service_hours(text: str, hours: Hours) -> None:
    """CB-24, in either language; our own words read back."""
    assert cells.parse_hours(text) == cells.parse_hours(cells.format_service_hours(hours)) == hours
    with pytest.raises(BadCell):
        cells.parse_hours("иногда")


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("12/24", True), ("Д-12/5 от 01.02.2024", True), ("№ 7", True), ("2026", True), ("марка", True), ("ИП-12", True),
        ("7,70707E+11", False), ("1.23456789e+19", False), ("12.май", False), ("май.24", False), ("12-май-24", False), ("05 мая", False), ("1-Dec", False),
    ],
)  # fmt: skip
def test_numbers_that_excel_has_spoilt(text: str, good: bool) -> None:
    """A number that became a date or lost its digits is not taken for the number."""
    if good:
        assert cells.parse_number_text(text) == text
    else:
        with pytest.raises(BadCell, match="number"):
            cells.parse_number_text(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("a\u200bb", "U+200B", id="zero-width-space"),
        pytest.param("a\ufeffb", "U+FEFF", id="mark-inside"),
        pytest.param("a\ufffdb", "U+FFFD", id="lost-octets"),
        pytest.param("a\x85\x07b", "U+0007", id="bell"),
        pytest.param("x" * 301, "301 characters", id="too-long"),
    ],
)
def test_what_cannot_be_seen_is_refused(text: str, told: str) -> None:
    """An invisible character makes two names of one, and nobody sees why."""
    with pytest.raises(BadCell) as caught:
        cells.parse_text(text)
    assert told in caught.value.found


def test_texts_are_made_one_line() -> None:
    """Spaces that break no line, and line ends, are spaces."""
    assert cells.parse_text(" ООО\u00a0 «Ромашка»\n") == "ООО «Ромашка»"
    assert len(cells.parse_text("x" * 300)) == 300


@pytest.mark.parametrize("key", ["romashka", "00-000123", "ромашка", "a.b_c/d@e", "x" * 64])
def test_keys(key: str) -> None:
    """Short, without spaces: they stand in commands."""
    assert cells.parse_key(key) == key


@pytest.mark.parametrize("key", ["ООО Ромашка", "x" * 65, "-a", "a;b", '"a"', "1,5E+10"])
def test_what_is_no_key(key: str) -> None:
    """A name is none."""
    with pytest.raises(BadCell):
        cells.parse_key(key)


@pytest.mark.parametrize("code", ["7KQ4-MX2P-9TRC", "7KQ4 MX2P 9TRC", "ABCD", "x" * 64])
def test_coupons(code: str) -> None:
    """Also those of whoever issued coupons before us."""
    assert cells.parse_coupon(code) == code


@pytest.mark.parametrize("code", ["ABC", "A-B-C", "7KQ4_MX2P", "7KQ4--MX2P", "есть!", "x" * 65])
def test_what_is_no_coupon(code: str) -> None:
    """Too short to be found in a letter, or not made of letters and digits."""
    with pytest.raises(BadCell):
        cells.parse_coupon(code)


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        pytest.param("Europe/Moscow", "Europe/Moscow", "", id="iana"),
        pytest.param("europe/kyiv", "Europe/Kyiv", "", id="case"),
        pytest.param("America/New York", "America/New_York", "", id="space"),
        pytest.param("Europe/Moskow", None, 'Did you mean "Europe/Moscow"?', id="typing-error"),
        pytest.param("МСК", None, "Leave it empty for the organisation's.", id="no-idea"),
        pytest.param("../../etc/passwd", None, "", id="path"),
        pytest.param("Europe", None, "", id="folder"),
    ],
)
def test_zones(text: str, key: str | None, remedy: str) -> None:
    """By their IANA names."""
    if key is None:
        with pytest.raises(BadCell) as caught:
            cells.parse_zone(text)
        assert caught.value.remedy.startswith(remedy)
    else:
        assert cells.parse_zone(text).key == key


def test_what_is_configured_is_called_by_id_or_title() -> None:
    """And an id is never another one's title."""
    levels = {"base": "Базовый", "ext": "Base", "free": ""}
    assert [cells.parse_one_of(text, levels, "level") for text in ("БАЗОВЫЙ", "base", "ext", "free")] == [
        "base",
        "base",
        "ext",
        "free",
    ]
    with pytest.raises(BadCell) as caught:
        cells.parse_one_of("Базвый", levels, "level")
    assert (caught.value.expected, caught.value.remedy) == ("a level (base, ext, free)", 'Did you mean "base"?')


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Клиент", Column.KEY), ("КОД", Column.KEY), ("key", Column.KEY), ("Название", Column.NAME), ("E-mail", Column.ADDRESSES),
        ("Эл. почта:", Column.ADDRESSES), ("С", Column.SINCE), ("C", Column.SINCE), ("По", Column.UNTIL), ("until", Column.UNTIL),
        ("№ договора", Column.AGREEMENTS), ("Пакет  часов", Column.PACKAGE_HOURS), ("купон С", Column.COUPON_SINCE),
        ("Купон c", Column.COUPON_SINCE), ("renews", Column.RENEWS), ("package_hours", Column.PACKAGE_HOURS), ("Рівень", Column.LEVEL),
        ("Телефон", None), ("", None),
    ],
)  # fmt: skip
def test_columns_are_known_by_many_names(name: str, column: Column | None) -> None:
    """In any case, Russian, Ukrainian and English; a Latin C is the Cyrillic one."""
    assert find_column(name) is column


def test_no_name_means_two_columns() -> None:
    """Every name of the list is its own column's."""
    from maild.contracts import columns

    for column, names in columns._ALSO.items():
        assert [find_column(name) for name in (column.value, *names.split(", "))] == [column] * (names.count(", ") + 2)


def test_a_column_that_was_probably_meant_is_named() -> None:
    """As we write it."""
    assert suggest_column("Увровень") == "Уровень"
    assert suggest_column("Домен клиента") == "Домены"
    assert suggest_column("Телефон") == ""
