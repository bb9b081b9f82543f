"""Lists of clients, read and written: what real ones look like, and every way in which they are wrong."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.contracts.client import Client, Contact, Coupon, Package, Period
from maild.contracts.columns import Column, find_column
from maild.contracts.coupons import fold
from maild.contracts.listing import write_clients
from maild.contracts.sheet import MAX_PROBLEMS, Known, Sheet, read_clients
from maild.contracts.tables import Format, read_table
from maild.sla.target import Hours
from tests.contracts.files import workbook

KNOWN = Known(levels={"base": "Базовый", "ext": "Расширенный"}, managers={"anna": "Анна Каренина", "lev": "Лев Мышкин"})
A, B = "7KQ4-MX2P-9TRC", "4KQ7-MX2P-9TRC"
ROMASHKA = Client(
    key="romashka",
    name='ООО "Ромашка"',
    level="ext",
    hours=Hours.ROUND_THE_CLOCK,
    contacts=(
        Contact(name="Иван Петров", addresses=("ivan@romashka.ru", "i.petrov@romashka.ru"), specialist=True),
        Contact(addresses=("info@romashka.ru",)),
        Contact(name="Пётр Иванов", specialist=True),
    ),
    domains=("romashka.ru", "ромашка.рф"),
    agreements=("12/24", "Д-7"),
    inn="7707083893",
    periods=(
        Period(since=date(2025, 1, 1), until=date(2025, 12, 31)),
        Period(since=date(2026, 1, 1), until=date(2026, 12, 31)),
    ),
    zone=ZoneInfo("Europe/Moscow"),
    manager="anna",
    package=Package(hours=timedelta(hours=10, minutes=30), carry_over=True, price=Decimal("1500.50")),
)
COUPONS = (
    Coupon(
        code=A,
        client="romashka",
        hours=Hours.ROUND_THE_CLOCK,
        since=date(2025, 1, 1),
        until=date(2025, 12, 31),
        revoked=date(2025, 6, 1),
    ),
    Coupon(code=B, client="romashka", level="base", since=date(2026, 1, 1), renews=A),
)


def read(text: str | bytes, known: Known = KNOWN) -> Sheet:
    octets = text.encode() if isinstance(text, str) else text
    return read_clients(read_table(octets, "clients.csv"), known)


def good(text: str | bytes, known: Known = KNOWN) -> Sheet:
    sheet = read(text, known)
    assert sheet.problems == ()
    return sheet


def told(text: str | bytes, known: Known = KNOWN) -> list[tuple[int | None, str, str]]:
    return [(one.line, one.key, one.found) for one in read(text, known).problems]


# ── as people write them ─────────────────────────────────────────────────────────────────────────────────────────────

NAMES_OF_COLUMNS = (
    "Клиент;Название;Уровень;Адреса;Домены;Договор;ИНН;С;По;Контакт;Специалисты;"
    "Часовой пояс;Менеджер;Обслуживание;Пакет часов;Перенос остатка;Цена;"
    "Купон;Купон с;Купон по;Уровень купона;Купон отозван;Продлевает;Обслуживание купона\r\n"
)
FIRST_ROW = (
    'romashka;"ООО ""Ромашка""";Расширенный;"ivan@romashka.ru, i.petrov@romashka.ru";romashka.ru;12/24;7707083893;'
    '01.01.2025;31.12.2025;Иван Петров;"Иван Петров; Пётр Иванов";'
    "europe/moscow;Анна Каренина;круглосуточно;10,5;да;1 500,50 руб.;"
    "7KQ4-MX2P-9TRC;01.01.2025;31.12.2025;;01.06.2025;;\r\n"
)
SECOND_ROW = (
    "romashka;;;info@romashka.ru;ромашка.рф;Д-7;;01.01.2026;31.12.2026;;;;;;;;;"
    "4KQ7-MX2P-9TRC;01.01.2026;;Базовый;;7kq4 mx2p 9trc;рабочие часы\r\n"
)


def test_a_list_saved_by_a_russian_excel() -> None:
    """windows-1251 and semicolons, titles for ids, several rows for one client: all of it is one client."""
    sheet = good((NAMES_OF_COLUMNS + FIRST_ROW + SECOND_ROW).encode("cp1251"))
    ivan, pyotr, info = sheet.clients[0].contacts
    assert sheet.clients == (replace(ROMASHKA, contacts=(ivan, pyotr, info)),)
    assert {ivan, pyotr, info} == set(ROMASHKA.contacts)
    assert sheet.coupons == (COUPONS[0], replace(COUPONS[1], renews="7kq4 mx2p 9trc"))
    assert sheet.remarks == ("clients.csv: read as CSV in windows-1251, separated by semicolons",)
    assert (sheet.has_clients, sheet.has_coupons) == (True, True)


def test_a_workbook_with_dates_and_numbers() -> None:
    """As it is typed in Excel: dates are dates, an INN is a number, and has lost its zero."""
    rows: list[list[object]] = [
        ["Код", "Наименование", "ИНН", "Действует с", "Действует по", "Пакет обращений"],
        ["a", "А", 323100080, date(2026, 1, 1), date(2026, 12, 31), 20.0],
        [1042, "Б", 7707083893.0, None, None, None],
    ]
    sheet = good(workbook(rows))
    period = Period(since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert sheet.clients == (
        Client(key="a", name="А", inn="0323100080", periods=(period,), package=Package(requests=20)),
        Client(key="1042", name="Б", inn="7707083893"),
    )
    assert sheet.remarks[1:] == ("clients.csv:2: the INN 0323100080 has got its first zero back",)
    assert (sheet.has_clients, sheet.has_coupons) == (True, False)


def test_an_english_list_of_libreoffice() -> None:
    """UTF-8, commas, everything quoted, columns in another order."""
    text = (
        '"addresses","KEY","Name","Hours","Suspended","Zone"\n'
        '"a@acme.com\nb@acme.com","acme","Acme, Inc.","24/7","unpaid since May","Europe/Kyiv"\n'
    )
    assert good(text).clients == (
        Client(
            key="acme",
            name="Acme, Inc.",
            hours=Hours.ROUND_THE_CLOCK,
            contacts=(Contact(addresses=("a@acme.com", "b@acme.com")),),
            suspended="unpaid since May",
            zone=ZoneInfo("Europe/Kyiv"),
        ),
    )


def test_cells_pasted_from_excel() -> None:
    """Tabs."""
    assert good("Клиент\tНазвание\nа\tА; Б, В\n").clients == (Client(key="а", name="А; Б, В"),)


def test_a_join_of_clients_people_and_coupons_says_nothing_twice() -> None:
    """What a database gives out repeats the client in every row."""
    text = (
        "Клиент;Название;Домены;Контакт;Адреса;С\n"
        "a;А;a.ru;Иван;i@a.ru;01.01.2026\n"
        "a;А;a.ru;ИВАН;I@A.ru, i2@a.ru;01.01.2026\n"
        "a;А;a.ru;;i@a.ru, b@a.ru;01.01.2026\n"
        "a;А;a.ru;;b@a.ru;01.01.2026\n"
    )
    assert good(text).clients == (
        Client(
            key="a",
            name="А",
            domains=("a.ru",),
            periods=(Period(since=date(2026, 1, 1)),),
            contacts=(Contact(name="Иван", addresses=("i@a.ru", "i2@a.ru")), Contact(addresses=("b@a.ru",))),
        ),
    )


@pytest.mark.parametrize(
    ("cell", "specialists"),
    [
        pytest.param("да", ["Иван"], id="the-row's-own"),
        pytest.param("нет", [], id="no"),
        pytest.param("", [], id="nothing"),
        pytest.param("Пётр; Анна", ["Пётр", "Анна"], id="others"),
        pytest.param("ИВАН, Пётр", ["Иван", "Пётр"], id="by-name"),
    ],
)
def test_specialists(cell: str, specialists: list[str]) -> None:
    """Named, or marked: VC-5."""
    (client,) = good(f'Клиент;Название;Контакт;Специалисты\na;А;Иван;"{cell}"\n').clients
    assert [one.name for one in client.contacts if one.specialist] == specialists


def test_a_coupon_is_served_as_its_client_is_unless_it_says_otherwise() -> None:
    """CB-24: by contract; the client's row may come after the coupon's, or stand in the configuration."""
    text = f"Клиент;Название;Обслуживание;Купон;Обслуживание купона\na;;;{A};\na;А;24/7;{B};рабочие часы\nromashka;;;4444-XXXX-9999;\n"
    coupons = good(text, replace(KNOWN, clients=(ROMASHKA,))).coupons
    assert [one.hours for one in coupons] == [Hours.ROUND_THE_CLOCK, Hours.WORKING, Hours.ROUND_THE_CLOCK]


def test_a_term_may_be_one_day() -> None:
    """Both ends are included; so may a coupon's."""
    day = date(2026, 1, 1)
    sheet = good(f"Клиент;Название;С;По;Купон;Купон с;Купон по\na;А;{day};{day};{A};{day};{day}\n")
    assert sheet.clients[0].periods == (Period(since=day, until=day),)
    assert (sheet.coupons[0].since, sheet.coupons[0].until) == (day, day)


def test_periods_come_out_in_order() -> None:
    """Whatever order the rows have."""
    text = "Клиент;Название;С;По\na;А;01.01.2026;\na;;01.01.2025;31.12.2025\na;;;31.12.2024\n"
    (client,) = good(text).clients
    assert client.periods == (
        Period(until=date(2024, 12, 31)),
        Period(since=date(2025, 1, 1), until=date(2025, 12, 31)),
        Period(since=date(2026, 1, 1)),
    )


# ── problems ─────────────────────────────────────────────────────────────────────────────────────────────────────────

HEAD = "Клиент;Название;Адреса;ИНН"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x;y\n1;2\n", [(1, "", '"x; y"')], id="no-known-column"),
        pytest.param("Название\nА\n", [(1, "Клиент", "no such column")], id="no-key-column"),
        pytest.param("Клиент;Название\n", [(1, "", "no row below the names")], id="no-client"),
        pytest.param("Клиент;Название;Телефон\na;А;\n", [(1, "Телефон", 'a column "Телефон"')], id="unknown-column"),
        pytest.param(
            "Клиент;Название;Код\na;А;не ключ\n", [(1, "Код", '"Код", and "Клиент" before it')], id="doubled-column"
        ),
        pytest.param("Клиент;Название\na;А;x\n", [(2, "", '"x" to the right of the last column')], id="shifted"),
        pytest.param("Клиент;Название\n;А\n", [(2, "Клиент", "an empty cell")], id="no-key"),
        pytest.param("Клиент;Название\nООО А;А\n", [(2, "Клиент", '"ООО А"')], id="bad-key"),
        pytest.param("Клиент;Название\na;\n", [(2, "Название", 'no name of "a"')], id="no-name"),
        pytest.param("Клиент\na\n", [(2, "Название", 'no name of "a"')], id="no-name-column"),
        pytest.param(
            "Клиент;Название\na;А\nA;А\n", [(3, "Клиент", '"A", and "a" before it')], id="keys-that-differ-by-case"
        ),
        pytest.param("Код;Name\na;А\na;Б\na;А\n", [(3, "Name", '"Б", and "А" in line 2')], id="contradiction"),
        pytest.param(
            "Клиент;Название;С;По\na;А;01.02.2026;31.01.2026\n",
            [(2, "По", "31.01.2026, which is before 01.02.2026")],
            id="ends-before-it-begins",
        ),
        pytest.param(
            "Клиент;Название;С;По\na;А;01.01.2026;31.12.2026\na;;31.12.2026;\n",
            [(3, "С", 'a term of "a" that overlaps with the one in line 2')],
            id="terms-share-a-day",
        ),
        pytest.param(
            "Клиент;Название;Домены\na;А;mail.ru, a.ru\nb;Б;com.ru\n",
            [(2, "Домены", "mail.ru, a public mail provider's"), (3, "Домены", "com.ru, a public mail provider's")],
            id="public-domains",
        ),
        pytest.param(
            "Клиент;Название;Перенос остатка\na;А;да\n",
            [(2, "Перенос остатка", "a package without hours and requests")],
            id="nothing-to-carry-over",
        ),
        pytest.param("Клиент;Название;Специалисты\na;А;да\n", [(2, "Специалисты", '"да"')], id="which-specialist"),
        pytest.param(
            "Клиент;Название;Купон;Купон по\na;А;;01.01.2026\n",
            [(2, "Купон по", "a cell about a coupon")],
            id="coupon-without-code",
        ),
        pytest.param(
            f"Клиент;Название;Купон;Купон с;Купон по\na;А;{A};02.01.2026;01.01.2026\n",
            [(2, "Купон по", "01.01.2026, which is before 02.01.2026")],
            id="coupon-ends-before-it-begins",
        ),
        pytest.param(
            f"{HEAD}\na;А;x@a.ru;7707083893\nb;Б;X@A.ru;7707083893\n",
            [
                (3, "Адреса", 'the clients "a" and "b" both have the address X@A.ru (line 2)'),
                (3, "ИНН", 'the clients "a" and "b" both have the INN 7707083893 (line 2)'),
            ],
            id="one-address-and-inn",
        ),
        pytest.param(
            "Клиент;Название;Домены;Договор\na;А;;\na;;ромашка.рф;12-А\nb;Б;;\nb;;xn--80aa3agjl3d.xn--p1ai;№ 12A\n",
            [
                (5, "Домены", 'the clients "a" and "b" both have the domain xn--80aa3agjl3d.xn--p1ai (line 3)'),
                (5, "Договор", 'the clients "a" and "b" both have the agreement № 12A (line 3)'),
            ],
            id="one-domain-and-agreement-in-two-spellings",
        ),
        pytest.param(
            f"Клиент;Название;Купон\na;А;{A}\nb;Б;7кq4 мх2р 9тrс\n",
            [(3, "Купон", 'the coupon …9тrс is listed twice (of "a" and of "b") (line 2)')],
            id="a-coupon-twice-in-look-alike-letters",
        ),
        pytest.param(
            f"Клиент;Название;Купон;Продлевает\na;А;{A};{B}\na;;{B};{A}\n",
            [
                (
                    3,
                    "Продлевает",
                    f'the coupon …{B[-4:]} of "a" is renewed, by way of others or by itself, by itself (line 2)',
                )
            ],
            id="circle",
        ),
        pytest.param(
            f"Клиент;Название;Купон;Продлевает\na;А;{A};{A}\n",
            [
                (
                    2,
                    "Продлевает",
                    'the coupon …9TRC of "a" is renewed, by way of others or by itself, by itself (line 2)',
                )
            ],
            id="renews-itself",
        ),
        pytest.param(
            f"Клиент;Название;Купон;Продлевает\na;А;{A};{B}\n",
            [(2, "Продлевает", 'a coupon of "a" renews …9TRC, and there is no such coupon')],
            id="renews-unknown",
        ),
        pytest.param(
            f"Клиент;Название;Купон;Продлевает\na;А;{A};\na;;{B};{A}\na;;4444-XXXX-9999;{A}\n",
            [(4, "Продлевает", 'the coupon …9TRC is renewed twice (by coupons of "a" and of "a") (line 3)')],
            id="renewed-twice",
        ),
        pytest.param(
            f"Клиент;Название;Купон;Продлевает\na;А;{A};\nb;Б;{B};{A}\n",
            [(3, "Продлевает", 'a coupon of "b" renews …9TRC, which is a coupon of "a" (line 2)')],
            id="renews-another-client's",
        ),
        pytest.param(
            "Клиент;Название\na;=1+1\n",
            [(2, "Название", "the formula =1+1"), (2, "Название", 'no name of "a"')],
            id="formula",
        ),
    ],
)
def test_problems(text: str, expected: list[tuple[int, str, str]]) -> None:
    """Each with its line and its column as the file calls it, at the later of two rows."""
    assert told(text) == expected


CELLS = {
    "Уровень": "Платный", "Адреса": "нет@", "Домены": "x", "Договор": "12.май", "ИНН": "7707083894", "С": "31/12/2026",
    "По": "завтра", "Часовой пояс": "Moscow", "Менеджер": "Иван", "Обслуживание": "иногда", "Пакет часов": "много",
    "Пакет обращений": "1,5", "Перенос остатка": "может быть", "Цена": "дорого", "Купон": "ab", "Купон с": "x",
    "Купон по": "x", "Уровень купона": "x", "Обслуживание купона": "x", "Купон отозван": "x", "Продлевает": "?",
    "Приостановлен": "x\u200b", "Контакт": "y" * 301, "Специалисты": "\ufffd",
}  # fmt: skip


def test_every_problem_of_every_row_is_told_at_once() -> None:
    """Nobody imports a list twenty times to find twenty mistakes."""
    row = "a;А;" + ";".join(CELLS.values())
    sheet = read(";".join(["Клиент", "Название", *CELLS]) + f"\n{row}\n{row}\n")
    assert [(one.line, one.key) for one in sheet.problems] == [(line, key) for line in (2, 3) for key in CELLS]
    assert all(
        one.file == "clients.csv" and one.found and one.expected and one.remedy.endswith((".", "?"))
        for one in sheet.problems
    )


def test_no_whole_coupon_is_told() -> None:
    """Whoever reads the problems could be served with it."""
    bad, worse = "SECR-ETCO-DE77\u200b", "SECRETCODE-88!"
    text = f"Клиент;Название;Купон;Продлевает\na;А;{bad};{worse}\nb;Б;{A};{A}\nc;В;{A};{B}\n"
    sheet = read(text)
    assert len(sheet.problems) >= 4
    words = fold(" ".join(map(str, sheet.problems)))
    assert not [code for code in (A, B, "SECRETCODE", worse) if fold(code) in words]


def test_what_may_follow_from_another_problem_is_not_told() -> None:
    """A renewal of a coupon that could not be read may be a renewal of that one."""
    text = f"Клиент;Название;Купон;Продлевает\na;А;{A}!;\na;;{B};{A}\n"
    assert [(line, key) for line, key, _ in told(text)] == [(2, "Купон")]


def test_a_date_that_excel_made_of_a_number_is_told() -> None:
    """Agreement 12-5 is 12 May once it was typed into a cell without a format."""
    rows: list[list[object]] = [
        ["Клиент", "Название", "Договор", "С"],
        ["a", "А", date(2026, 5, 12), date(2026, 5, 12)],
    ]
    assert [(one.key, one.found, one.expected) for one in read(workbook(rows)).problems] == [
        ("Договор", '"2026-05-12"', "a number; the spreadsheet holds a date")
    ]


def test_reading_ends_where_nobody_reads_on() -> None:
    """After thousands of problems the rest is not looked at, and that is told."""
    text = "Клиент;Название;ИНН\n" + "".join(f"a{n};А;{n}\n" for n in range(MAX_PROBLEMS + 10))
    sheet = read(text)
    assert len(sheet.problems) == MAX_PROBLEMS
    assert sheet.remarks[-1] == f"clients.csv: only the first {MAX_PROBLEMS} problems are told"


# ── beside what is there ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", Format)
def test_an_export_of_configured_clients_reads_back_without_a_problem(form: Format) -> None:
    """What is configured may be repeated, word by word."""
    known = replace(KNOWN, clients=(ROMASHKA,), coupons=COUPONS)
    sheet = good(write_clients([ROMASHKA], COUPONS, form), known)
    assert (sheet.clients, sheet.coupons) == ((ROMASHKA,), COUPONS)


def test_a_configured_client_is_not_changed_by_an_import() -> None:
    """What the file would change is named."""
    text = 'Клиент;Название;Уровень\nromashka;"ООО ""Ромашка""";base\n'
    configured = Client(key="romashka", name='ООО "Ромашка"', level="ext", inn="7707083893")
    found = '"romashka", which the register has with other values (level, inn)'
    assert told(text, replace(KNOWN, clients=(configured,))) == [(2, "Клиент", found)]


def test_a_list_of_coupons_alone_names_clients_that_there_are() -> None:
    """Configured or imported; a client that nobody knows needs a name."""
    text = f"Клиент;Купон\nromashka;{A}\nother;{B}\n"
    other = Client(key="other", name="Other")
    known = replace(KNOWN, clients=(ROMASHKA,), imported_clients=(other,))
    sheet = good(text, known)
    assert (sheet.clients, [one.client for one in sheet.coupons]) == ((), ["romashka", "other"])
    assert (sheet.has_clients, sheet.has_coupons) == (False, True)
    assert told(text, replace(KNOWN, clients=(ROMASHKA,))) == [(3, "Название", 'no name of "other"')]


def test_what_is_listed_takes_the_place_of_what_was_imported() -> None:
    """An address may move between two clients that are both listed; it may not be taken from one that is not."""
    before = (Client(key="a", name="А", domains=("a.ru",)), Client(key="b", name="Б", domains=("b.ru",)))
    known = replace(KNOWN, imported_clients=before, imported_coupons=(replace(COUPONS[0], client="b"),))
    swapped = f"Клиент;Название;Домены;Купон\na;А;b.ru;\nb;Б;a.ru;{A}\n"
    assert good(swapped, known).clients[0].domains == ("b.ru",)
    taken = "Клиент;Название;Домены\na;А;b.ru\n"
    assert told(taken, known) == [(2, "Домены", 'the clients "b" and "a" both have the domain b.ru (the register)')]


def test_coupons_renew_those_of_the_register() -> None:
    """And none of them twice."""
    known = replace(KNOWN, clients=(ROMASHKA,), imported_coupons=(COUPONS[0],))
    text = f"Клиент;Купон;Продлевает\nromashka;{B};{A}\n"
    assert good(text, known).coupons[0].renews == A
    twice = replace(known, coupons=(Coupon(code="4444-XXXX-9999", client="romashka", renews=A),))
    assert told(text, twice) == [
        (
            2,
            "Продлевает",
            'the coupon …9TRC is renewed twice (by coupons of "romashka" and of "romashka") (the register)',
        )
    ]


def test_what_is_wrong_in_the_register_itself_is_not_the_list_s() -> None:
    """It is told where it stands."""
    clash = (Client(key="x", name="X", domains=("x.ru",)), Client(key="y", name="Y", domains=("x.ru",)))
    good("Клиент;Название\na;А\n", replace(KNOWN, clients=clash, coupons=(Coupon(code=A, client="z", renews=B),)))


# ── round trip ───────────────────────────────────────────────────────────────────────────────────────────────────────

LETTERS = st.characters(categories=("L", "N", "P", "S"), exclude_characters=",;")
LINES = st.text(LETTERS, min_size=1, max_size=12).map(lambda text: f"n{text} =")
SAFE = "abcdefghijkmnpqrstuvwxyz"
NAMES = st.text(SAFE, min_size=1, max_size=6)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@st.composite
def contacts(draw: st.DrawFn, number: int) -> tuple[Contact, ...]:
    found = []
    for place in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(["", f"@Имя {place}", f"-{place} О'Хара", f"=1+{place}"]))
        some = draw(st.lists(NAMES, unique=True, max_size=2, min_size=0 if name else 1))
        addresses = tuple(f"{one}{place}@c{number}.ru" for one in some)
        found.append(Contact(name=name, addresses=addresses, specialist=bool(name) and draw(st.booleans())))
    return tuple(found)


@st.composite
def periods(draw: st.DrawFn) -> tuple[Period, ...]:
    drawn = draw(st.sets(DAYS, max_size=6))
    days: list[date | None] = [*sorted(drawn)]
    days = days[: len(days) // 2 * 2]
    begins, ends = draw(st.tuples(st.booleans(), st.booleans()))
    if days and not begins:
        days[0] = None
    if len(days) > 2 and not ends:
        days[-1] = None
    return tuple(Period(since=since, until=until) for since, until in zip(days[::2], days[1::2], strict=True))


PACKAGES = st.builds(
    Package,
    hours=st.integers(1, 744 * 3600).map(lambda seconds: timedelta(seconds=seconds)),
    requests=st.none() | st.integers(1, 10**6),
    carry_over=st.booleans(),
    price=st.none() | st.decimals(0, 10**6, places=2),
)


@st.composite
def registers(draw: st.DrawFn) -> tuple[list[Client], list[Coupon]]:
    clients: list[Client] = []
    coupons: list[Coupon] = []
    for number in range(draw(st.integers(1, 4))):
        key = f"c{number}"
        clients.append(
            Client(
                key=key,
                name=draw(LINES).strip(),
                level=draw(st.sampled_from(["", "base", "ext"])),
                hours=draw(st.sampled_from(Hours)),
                contacts=draw(contacts(number)),
                domains=tuple(f"{one}-{number}.ru" for one in draw(st.lists(NAMES, unique=True, max_size=2))),
                agreements=tuple(
                    f"+{number}/{one}" for one in draw(st.lists(st.integers(0, 99), unique=True, max_size=3))
                ),
                inn=draw(st.sampled_from(["", ["7707083893", "500100732259", "0323100080", "016600031375"][number]])),
                periods=draw(periods()),
                suspended=draw(st.sampled_from(["", "не оплачено; с мая", "@долг"])),
                zone=draw(st.sampled_from([None, ZoneInfo("Europe/Kyiv")])),
                manager=draw(st.sampled_from(["", "anna"])),
                package=draw(st.none() | PACKAGES),
            )
        )
        for place in range(draw(st.integers(0, 3))):
            since, until = sorted(draw(st.tuples(DAYS, DAYS)))
            coupons.append(
                Coupon(
                    code=f"7KQ4-{number}{place}MX-9TRC",
                    client=key,
                    level=draw(st.sampled_from(["", "ext"])),
                    hours=draw(st.sampled_from(Hours)),
                    since=draw(st.sampled_from([None, since])),
                    until=draw(st.sampled_from([None, until])),
                    revoked=draw(st.none() | DAYS),
                    renews=coupons[-1].code if place and draw(st.booleans()) else "",
                )
            )
    return clients, coupons


@settings(max_examples=60)
@given(registers(), st.sampled_from(Format))
def test_what_is_written_reads_back_equal(register: tuple[Sequence[Client], Sequence[Coupon]], form: Format) -> None:
    """Everything that a client and a coupon hold, in either format."""
    sheet = good(write_clients(*register, form))
    assert list(sheet.clients) == list(register[0])
    assert list(sheet.coupons) == list(register[1])


def test_coupons_of_clients_that_are_not_listed_are_written_too() -> None:
    """Nothing is lost between the clients."""
    assert good(write_clients([], COUPONS, Format.CSV), replace(KNOWN, clients=(ROMASHKA,))).coupons == COUPONS


def test_the_documentation_names_every_column() -> None:
    """And every name that it gives is understood."""
    page = (Path(__file__).parents[2] / "docs/ru/clients-table.md").read_text("utf-8")
    rows = [line.split("|")[1:3] for line in page.splitlines() if line.startswith("| ") and "Столбец" not in line]
    first = [name.strip() for names, _ in rows for name in names.split(",")]
    assert first == [column.value for column in Column]
    others = [name.strip() for _, names in rows for name in names.split(",")]
    assert [name for name in others if find_column(name) is None] == []
