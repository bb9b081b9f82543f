"""Whole letters as people write them, in Russian, Ukrainian and English, and whose they are."""

import pytest

from maild.contracts.client import Client, Contact, Coupon
from maild.contracts.found import RegisterPolicy
from maild.contracts.keys import Evidence
from maild.contracts.recognise import recognise
from maild.contracts.recognition import CouponState, Standing
from tests.contracts.letters import look_up, read
from tests.contracts.test_recognise import LILY, LILYS, ROSE, ROSES, TODAY

THIRD = Client(
    key="third", name="Завод «Третий»", agreements=("ТП 45/24",), inn="500100732259", domains=("zavod3.ru",),
    contacts=(Contact(name="Anna Petrova", addresses=("a.petrova@zavod3.ru",), specialist=True),),
)  # fmt: skip
OLD = Coupon(code="АБВ-123", client="third", until=TODAY.replace(year=2025))

LETTERS = {
    "a coupon typed with the Russian layout": (
        """Добрый день!

Третий день не можем провести реализацию, пишет «Недостаточно товара на складе 2», хотя остаток 14 шт.
Заказ № 4455 от 24.11.2026 на 125 000 руб. Сервер 192.168.1.10, платформа 8.3.25.1336.
Купон на поддержку 7КQ4-МХ2Р-9ТR5.

С уважением,
главный бухгалтер Белова
тел. +7 (495) 123-45-67 доб. 12""",
        "b.home@mail.ru", Standing.SERVED, "rose", CouponState.VALID,
    ),
    "the coupon in the letter that is answered": (
        """Всё то же самое, ошибка повторяется.

> 24.11.2026 10:15, support@acme.example пишет:
>> Здравствуйте! Прошу помочь, наш купон 7KQ4-
>> MX2P-9TR5.""",
        "b.home@mail.ru", Standing.SERVED, "rose", CouponState.VALID,
    ),
    "an agreement in a sentence": (
        "Коллеги, по договору сопровождения № 12/2025-ТП от 15 января 2025 г. просим обновить конфигурацию до версии 3.0.150.",
        "b.home@mail.ru", Standing.SERVED, "rose", None,
    ),
    "Ukrainian, an agreement": (
        "Доброго дня! Згідно з договором №Д-77/К прошу допомогти: не друкуються чеки.\nЗ повагою,\nМар’яна Коваль",
        "m@ukr.net", Standing.SERVED, "lily", None,
    ),
    "English, a name in the signature": (
        "Hello,\n\nthe scheduler stopped at 03:00 AM with error 0x80070005, build 10.0.19045.\n\nBest regards,\nAnna Petrova\nHead of IT",
        "anna.p@outlook.com", Standing.SERVED, "third", None,
    ),
    "requisites below": (
        "Прошу выставить счёт.\n\nООО «Ромашка»\nИНН/КПП 7707083893/770701001\nр/с 40702810900000001234 в ПАО Банк, БИК 044525225",
        "info@rose-shop.ru", Standing.SERVED, "rose", None,
    ),
    "another client's requisites from a known address": (
        "Не загружается контрагент: ТОВ «Лилия», ИНН 7830002293. Пишет, что реквизиты неверны.",
        "anna@rose.ru", Standing.CONFLICT, "", None,
    ),
    "another client's name from a known address": (
        "Не загружается накладная\nОрганизация: ТОВ «Лилия»\nВыручайте!", "anna@rose.ru", Standing.SERVED, "rose", None,
    ),
    "an old coupon of the customer's own making": (
        "Здравствуйте. Купон: АБВ-123. Когда приедет инженер?", "x@gmail.com", Standing.SERVED, "third", CouponState.EXPIRED,
    ),
    "a coupon that nobody gave out": (
        "Здравствуйте. Купон: АБВ-124. Когда приедет инженер?", "x@gmail.com", Standing.UNKNOWN, "", CouponState.UNKNOWN,
    ),
    "a coupon and an address that differ": (
        "Пишу с ящика коллег, наш купон 7KQ4 MX2P 9TR5", "koval@lily.ua", Standing.CONFLICT, "", CouponState.VALID,
    ),
    "an agreement with a space": ("Контракт ТП 45/24, станок не отвечает", "x@gmail.com", Standing.SERVED, "third", None),
    "nothing but numbers": (
        "Заказ 12-3456789, счёт №77 от 01.02.2026, трек RA123456789RU, договорились на 15:30, VIN XTA210990Y2766389.",
        "x@gmail.com", Standing.UNKNOWN, "", None,
    ),
    "asking for a coupon": (
        "Подскажите, сколько стоит купон на 12 месяцев и где взять договор? Нам на 25 мест.", "x@gmail.com", Standing.UNKNOWN, "", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "author", "standing", "client", "state"), LETTERS.values(), ids=LETTERS)
def test_whose(text: str, author: str, standing: Standing, client: str, state: CouponState | None) -> None:
    """Whose letter it is, and what became of its coupon."""
    clues = read(text, author=author)
    said = recognise(clues, look_up(clues, (ROSE, LILY, THIRD), (ROSES, LILYS, OLD)), RegisterPolicy(levels=frozenset({"base", "emergency"})), TODAY)  # fmt: skip
    assert (said.standing, said.client.key if said.client else "", said.coupon_state) == (standing, client, state), (
        said.evidence
    )
    assert (said.guesses == 1) == (state is CouponState.UNKNOWN)


def test_few_lookups() -> None:
    """An ordinary letter asks the register a handful of questions."""
    for text, author, *_ in LETTERS.values():
        clues = read(text, author=author)
        assert len(clues.lookups) + len(clues.coupons) <= 30
        assert len(clues.of(Evidence.ADDRESS)) == 1
