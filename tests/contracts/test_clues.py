"""What is found in a letter, under which key, and what is not."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.contracts.clues import MAX_KEYS, find_client_clues
from maild.contracts.coupons import issue_code
from maild.contracts.keys import Evidence, is_valid_inn, name_keys, organization_key
from maild.contracts.lookalikes import alike, fold
from maild.contracts.prose import MAX_TEXT
from maild.model import Message, Said
from tests.contracts.letters import read
from tests.pace import find_growth, find_growth_between

CODE = "7KQ4-MX2P-9TR5"
KEY = fold(CODE)


def presented(text: str, **more: str) -> list[str]:
    """The likeliest key of each thing that a letter calls a coupon, or writes like one of ours."""
    return [clue.keys[0] for clue in read(text, **more).of(Evidence.COUPON) if clue.claimed]


def keys(text: str, kind: Evidence, *, claimed: bool | None = None, **more: str) -> set[str]:
    clues = read(text, **more).of(kind)
    return {key for clue in clues if claimed in (None, clue.claimed) for key in clue.keys}


OURS = {
    "in a sentence": "Здравствуйте! Прошу принять в работу, купон 7KQ4-MX2P-9TR5. Не печатает касса.",
    "alone": "7KQ4-MX2P-9TR5",
    "spaces": "Купон 7KQ4 MX2P 9TR5, спасибо",
    "small, in one": "7kq4mx2p9tr5",
    "Cyrillic letters": "купон 7КQ4-МХ2Р-9ТR5",
    "small Cyrillic letters": "купон 7кq4 мх2р 9тr5",
    "the word and a colon": "купон: 7KQ4-MX2P-9TR5",
    "the word and a sign": "Купон №7KQ4-MX2P-9TR5",
    "the word in a case": "по купону «7KQ4-MX2P-9TR5» прошу",
    "Ukrainian": "Код купона на підтримку: 7KQ4-MX2P-9TR5. Дякую!",
    "English": "Our coupon code is 7KQ4-MX2P-9TR5, please hurry.",
    "broken at a line end": "купон 7KQ4-MX2P-\n9TR5",
    "broken in a quote": "> купон 7KQ4-MX2P-\n> 9TR5",
    "letter by letter": "Coupon: 7 K Q 4 - M X 2 P - 9 T R 5",
    "in brackets": "(7KQ4-MX2P-9TR5)",
    "behind a form's label": "Купон:\n7KQ4-MX2P-9TR5\nТелефон: 123",
    "with an invisible character": "ку\u00adпон 7KQ4-\u200bMX2P-9TR5",
    "full width": "купон ７ＫＱ４－ＭＸ２Ｐ－９ＴＲ５",
    "in bold": "Купон *7KQ4-MX2P-9TR5*",
    "in a cell": "| Купон | 7KQ4-MX2P-9TR5 |",
    "with other dashes": "7KQ4—MX2P–9TR5",
    "behind a number": "Заявка 5 7KQ4-MX2P-9TR5",
}


@pytest.mark.parametrize("text", OURS.values(), ids=OURS)
def test_our_coupons(text: str) -> None:
    """A code of ours is found however it is written, and what is found first is it."""
    assert presented(text)[0] == KEY


@pytest.mark.parametrize("where", ["subject", "quoted", "text"])
def test_where_it_stood(where: str) -> None:
    """Subject, new words and quoted text are read, and the clue says which, the first place first."""
    places = {"subject": "the subject", "quoted": "the whole text", "text": "the new words"}
    clues = read(**{"text": "Не печатает.", where: f"купон {CODE}"})
    assert [clue.place for clue in clues.of(Evidence.COUPON)] == [places[where]]
    both = read(f"купон {CODE}", subject=f"купон {CODE}", quoted=f"> купон {CODE}")
    assert [clue.place for clue in both.of(Evidence.COUPON)] == ["the subject"]


def test_both_subjects() -> None:
    """Of a letter that was passed on, its own subject and the wrapping's are read."""
    for own, outer in ((f"купон {CODE}", "Fwd"), ("Вопрос", f"купон {CODE}"), (f"купон {CODE}",) * 2):
        said = Said(wrapped="forward", subject=own, text="Не печатает")
        found = find_client_clues(Message(subject=outer, text="Не печатает"), said, None).of(Evidence.COUPON)
        assert [(clue.keys, clue.place) for clue in found] == [((KEY,), "the subject")]


@settings(max_examples=400)
@given(st.integers(0, 2**32), st.data())
def test_any_spelling(seed: int, data: st.DataObject) -> None:
    """Any issued code is found, whichever letters are replaced by look-alikes, in any case, with any dashes, spaces, line ends."""
    code = issue_code(random.Random(seed).randrange)
    between = st.sampled_from(["", "-", " ", "–", " - ", "\n", "-\n> ", "\u2011", "\xa0", "\u200b", "—"])
    spelt = "".join(data.draw(between) if one == "-" else data.draw(st.sampled_from(alike(one))) for one in code)
    before = data.draw(st.sampled_from(["Купон ", "наш код:\n", "", "(", "Здравствуйте.\n\n", "№ ", "> "]))
    after = data.draw(st.sampled_from(["", ".", ", спасибо", ")", "\nС уважением", " - наш купон"]))
    assert fold(code) in presented(f"{before}{spelt}{after}")


FOREIGN = {
    "after the word": ("Купон VIP-2025-77, прошу помочь", "VIP-2025-77"),
    "with a colon": ("купон: АБВ-123", "АБВ-123"),
    "in quotes": ("по купону «АБВ-123»", "АБВ-123"),
    "with a sign": ("Купон № 12345", "12345"),
    "called a code": ("Код купона: 12345", "12345"),
    "spaces": ("Купон VIP 2025 77, спасибо", "VIP 2025 77"),
    "with words between": ("купон на техническую поддержку: VIP-2025-77", "VIP-2025-77"),
    "a slash": ("купон ТП/2025/0007.", "ТП/2025/0007"),
    "English": ("our coupon no. VIP-2025-77 please", "VIP-2025-77"),
    "at a line's end": ("Купон: VIP-2025-77\nДоговор: 5", "VIP-2025-77"),
}


@pytest.mark.parametrize(("text", "code"), FOREIGN.values(), ids=FOREIGN)
def test_foreign_coupons(text: str, code: str) -> None:
    """What a letter calls a coupon is one, whoever made it; a foreign code has no check character that could be wrong."""
    assert not any(clue.doubt for clue in read(text).of(Evidence.COUPON))
    assert fold(code) in presented(text)[:1]


NONE = {
    "the word alone": "У нас есть купон на обслуживание, но он истёк",
    "a sum": "Купон на 5000 рублей",
    "a larger sum": "купон на 15000 руб. скидки",
    "a date": "Купон от 12.05.2026 не действует",
    "until a date": "купон до 31.12.2026",
    "a question": "Как получить купон? Договор № 77",
    "a field left empty": "Купон: нет\nТелефон: +7 916 123-45-67",
    "our own words quoted": "> Купон …9TR5 принят",
    "an order": "Заказ № 123456 от 12.05.2026",
    "a telephone": "тел. +7 (916) 123-45-67, 8-800-555-35-35",
    "an error": "ошибка 0x80004005 в модуле 1C77",
    "a serial number like ours": "серийный номер 7KQ4-MX2P-9TR5",
    "a licence key like ours": "License key: 7KQ4-MX2P-9TR5",
    "an identifier": "550e8400-e29b-41d4-a716-446655440000",
    "a part of more": "7KQ4-MX2P-9TR5-7KQ4",
    "a sum of years": "2024 2025 2026",
    "an address of a page": "https://shop.example/?code=7KQ4MX2P9TR5XX77",
    "a percentage": "купон 15% скидки",
    "words of our letters": "тсрк мхнк ркст",
    "an office": "купон для офиса 25 и склада 36",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_no_coupon(text: str) -> None:
    """What is not presented as a coupon is no guess."""
    assert presented(text) == []


AGREEMENTS = {
    "a number": ("Договор № 12/2025-ТП", "12/2025-ТП"),
    "in the dative": ("По договору №Д-15 от 01.02.2025 не работает", "Д-15"),
    "with a date between": ("договор на обслуживание от 01.02.2025 № 12/2025-ТП", "12/2025-ТП"),
    "a field": ("Договор: 77\nИНН: 1", "77"),
    "called a number": ("номер договора: 12-А", "12-А"),
    "no sign": ("по договору 12/2025 не работает", "12/2025"),
    "a space in it": ("Контракт ТП 12/2025, оплачен", "ТП 12/2025"),
    "Ukrainian": ("Договір № 5-К від 1 січня", "5-К"),
    "English": ("Our support agreement No. 77/A of 12 May", "77/A"),
    "a contract": ("contract number: C-2025-9", "C-2025-9"),
    "Latin letters": ("договор № 12/2025-TП", "12/2025-ТП"),
    "the word breaks": ("до\u00adго\u00adвор № 7", "7"),
}


@pytest.mark.parametrize(("text", "number"), AGREEMENTS.values(), ids=AGREEMENTS)
def test_agreements(text: str, number: str) -> None:
    """What a letter calls an agreement is looked up."""
    assert fold(number) in keys(text, Evidence.AGREEMENT, claimed=True)


def test_plain_numbers() -> None:
    """A word with letter and digit may be an agreement or a coupon that nobody calls one; bare digits and dates may not."""
    text = "Прошу по 12/2025-ТП. Заказ 123456, 12.05.2026, 05/2026, 1C77, info2@client7.ru"
    assert keys(text, Evidence.AGREEMENT) == {fold("12/2025-ТП")}
    assert keys(text, Evidence.COUPON, claimed=False) == {fold("12/2025-ТП")}
    assert not keys(f"{CODE}, {CODE.replace('-', '')}", Evidence.AGREEMENT)  # of our shape: a coupon
    assert not keys(
        "договор 2024 года, договор от 12.05.2026, по договору звоните 5 дней", Evidence.AGREEMENT, claimed=True
    )


@pytest.mark.parametrize(
    ("number", "valid"),
    [("7707083893", True), ("7707083894", False), ("500100732259", True), ("500100732258", False), ("500100732269", False), ("7830002293", True), ("0000000000", False), ("770708389", False), ("77070838931", False), ("", False), ("٧٧٠٧٠٨٣٨٩٣", False)],
)  # fmt: skip
def test_inn_check(number: str, valid: bool) -> None:
    """The check digits are those of the Federal Tax Service; a wrong digit anywhere is noticed."""
    assert is_valid_inn(number) is valid


@pytest.mark.parametrize(
    ("text", "key", "doubt"),
    [
        ("ИНН 7707083893", "7707083893", ""),
        ("ИНН: 7707083893\nКупон: нет", "7707083893", ""),
        ("ИНН/КПП 7707083893/770701001", "7707083893", ""),
        ("инн 7707 083 893", "7707083893", ""),
        ("ИНН 500100732259", "500100732259", ""),
        ("наши реквизиты 7707083893", "7707083893", ""),
        ("ИНН 7707083894", "7707083894", "its check digits are wrong"),
        ("ІПН 1234567890", "1234567890", "its check digits are wrong"),
    ],
)
def test_inns(text: str, key: str, doubt: str) -> None:
    """A valid INN is a clue anywhere, after the word an invalid one is too, and says so."""
    clues = read(text).of(Evidence.INN)
    assert [(clue.keys, clue.doubt) for clue in clues] == [((key,), doubt)]


@pytest.mark.parametrize(
    "text", ["звоните 9161234567", "длинный 77070838931", "счёт 40702810900000001234", "в длинный 7707083893"]
)
def test_no_inn(text: str) -> None:
    """Other digits are none, nor do words that only end like it count."""
    assert {clue.claimed for clue in read(text).of(Evidence.INN)} <= {False}
    assert not keys(text, Evidence.INN, claimed=True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Не работает.\n\nС уважением,\nПетров П. П.", "Петров П. П."),
        ("Не работает.\n-- \nПётр Петров\nООО Ромашка", "Пётр Петров"),
        ("Не работает.\nС уважением, Пётр Петров, инженер", "Пётр Петров"),
        ("ответственный специалист Петров П. П. просит", "Петров П. П."),
        ("Ответственный специалист: Петров Пётр Петрович", "Петров Пётр Петрович"),
        ("Уповноважена особа: Мар’яна Коваль", "Мар’яна Коваль"),
        ("Responsible person: Anna Petrova", "Anna Petrova"),
        ("Regards,\nA. Petrova", "A. Petrova"),
        ("> С уважением,\n> Петров Пётр", "Петров Пётр"),
    ],
)
def test_people(text: str, name: str) -> None:
    """Who signs, and who is said to answer for it, is looked up."""
    assert set(name_keys(name)) <= keys(text, Evidence.SPECIALIST)


def test_display_name() -> None:
    """The author's own name counts; a name within a sentence does not."""
    assert set(name_keys("Пётр Петров")) <= keys("", Evidence.SPECIALIST, name="Пётр Петров")
    assert not keys("Вчера Пётр Петров говорил, что заработает.", Evidence.SPECIALIST)


def test_form() -> None:
    """The lines of a web form are clues of their kinds; its sender is not its author."""
    clues = read("Организация: ООО «Ромашка»\nИНН: 7707083893\nДоговор: Д-15\nКупон: АБВ-123\nНе печатает", author="")
    found = {clue.kind: clue.keys[0] for clue in clues.clues if clue.claimed}
    assert found == {
        Evidence.ORGANIZATION: organization_key("Ромашка"), Evidence.INN: "7707083893",
        Evidence.AGREEMENT: fold("Д-15"), Evidence.COUPON: fold("АБВ-123"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("author", "addresses", "domains"),
    [
        ("Anna@Client.RU", {"anna@client.ru"}, {"client.ru"}),
        ("anna+crm@sub.client.ru", {"anna+crm@sub.client.ru", "anna@sub.client.ru"}, {"sub.client.ru", "client.ru"}),
        ("anna@gmail.com", {"anna@gmail.com"}, set()),
        ("anna@firma.kiev.ua", {"anna@firma.kiev.ua"}, {"firma.kiev.ua"}),
        ("", set(), set()),
        ("nobody", set(), set()),
    ],
)
def test_author(author: str, addresses: set[str], domains: set[str]) -> None:
    """The author's address, with and without its subaddress, and the domains that may be a client's."""
    clues = read("", author=author)
    assert {key for kind, key in clues.lookups if kind is Evidence.ADDRESS} == addresses
    assert {key for kind, key in clues.lookups if kind is Evidence.ALIAS} == addresses
    assert {key for kind, key in clues.lookups if kind is Evidence.DOMAIN} == domains


FLOODS = {
    "coupons": lambda n: f"купон {issue_code(random.Random(n).randrange)}\n",
    "foreign": lambda n: f"купон: VIP-{n}-77\n",
    "words": lambda n: f"a{n}b-{n} ",
    "agreements": lambda n: f"договор № {n}/2025 ТП А\n",
    "inns": lambda n: f"ИНН {1000000000 + n}\n",
    "names": lambda n: f"Петров{'абвгдежзик'[n % 10]}{'абвгдежзик'[n // 10 % 10]} Пётр\n",
    "organizations": lambda n: f"Организация: Ромашка {n}\n",
}


@pytest.mark.parametrize("kind", FLOODS)
def test_bounded(kind: str) -> None:
    """However much a stranger writes, few keys are looked up."""
    clues = read("".join(map(FLOODS[kind], range(3000))))
    assert len(clues.lookups) + len(clues.coupons) <= MAX_KEYS
    assert 10 < len(clues.clues) <= MAX_KEYS
    assert all(len(clue.shown) <= 200 for clue in clues.clues)


def test_exact_bounds() -> None:
    """Twenty claims of a kind are kept, the first ones, and forty words that nobody calls anything."""
    claims = read("\n".join(f"договор № {n}/2025" for n in range(30))).of(Evidence.AGREEMENT)
    assert [clue.keys[0] for clue in claims] == [f"{n}/2025" for n in range(20)]
    plain = read(" ".join(f"a{n}b-{n}" for n in range(100, 160)))
    assert len(plain.of(Evidence.COUPON)) == len(plain.of(Evidence.AGREEMENT)) == 40


def test_a_flood_hides_no_claim() -> None:
    """What is called a coupon in the new words is found behind a thousand words that may be one."""
    assert KEY in presented("".join(f"a{n}b-{n} " for n in range(1000)) + f"\nкупон {CODE}")


SHAPES = ["Добрый день, программа не открывает отчёт. ", "купон: ABC-123 ", "7KQ4-MX2P-9TR5 ", "7KQ4-MX2P-9TR", "кк4к", "7", "7-", "договор на № ", "инн 7707083893 ", "\n", "Петров Пётр\n", "ответственный ", "> > > \n", "\u200bа", "ﬀй ", "a1b2c3d4 ", "....", "2026-11-27 23:01:02.123 [t-12] id=8f3a9c12-aa01-4bcd\n"]  # fmt: skip


@pytest.mark.parametrize("piece", SHAPES)
def test_speed(piece: str) -> None:
    """Four times the letter takes four times as long up to the bound; beyond it, no longer; and never long."""

    def look(text: str) -> None:
        read(text, quoted="> x")

    text = piece * (4 * MAX_TEXT // len(piece))
    assert find_growth(look, text[:MAX_TEXT], slow=0.6) == ""  # 8 to 65 ms where nothing else runs
    assert find_growth_between(look, text[:MAX_TEXT], text, growth=2, slow=0.6) == ""
