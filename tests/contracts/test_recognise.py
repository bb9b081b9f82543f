"""Whose letter it is: every kind of evidence, every pair of kinds, and what a client is owed on the day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from maild.contracts.client import Client, Contact, Coupon, Period
from maild.contracts.found import Found, FoundCoupon, RegisterPolicy, guess_digest
from maild.contracts.keys import Evidence
from maild.contracts.lookalikes import fold
from maild.contracts.recognise import recognise
from maild.contracts.recognition import CouponState, Recognition, Standing
from maild.sla.target import Hours
from tests.contracts.letters import STRANGER, look_up, read

TODAY = date(2026, 11, 27)
POLICY = RegisterPolicy(levels=frozenset({"base", "emergency"}), guesses_by_author=3, guesses_by_all=10)

ROSE = Client(
    key="rose", name="ООО «Ромашка»", level="base", agreements=("12/2025-ТП",), inn="7707083893", domains=("rose.ru",),
    contacts=(Contact(name="Петров Пётр Петрович", addresses=("petrov@rose.ru", "rose@gmail.com"), specialist=True), Contact(name="Анна Белова", addresses=("anna@rose.ru",))),
)  # fmt: skip
LILY = Client(
    key="lily", name="ТОВ «Лилия»", level="base", agreements=("Д-77/К",), inn="7830002293", domains=("lily.ua",),
    contacts=(Contact(name="Коваль Мар’яна", addresses=("koval@lily.ua", "lily@ukr.net"), specialist=True),),
)  # fmt: skip
ROSES = Coupon(
    code="7KQ4-MX2P-9TR5", client="rose", level="emergency", hours=Hours.ROUND_THE_CLOCK, until=date(2026, 12, 31)
)
LILYS = Coupon(code="VIP-2025-77", client="lily")


def of(
    text: str = "Не печатает касса.", *, author: str = STRANGER, clients: tuple[Client, ...] = (ROSE, LILY),
    coupons: tuple[Coupon, ...] = (ROSES, LILYS), today: date = TODAY, policy: RegisterPolicy = POLICY, name: str = "",
    subject: str = "Вопрос", quoted: str = "", **found: object,
) -> Recognition:  # fmt: skip
    clues = read(text, author=author, name=name, subject=subject, quoted=quoted)
    said = recognise(clues, look_up(clues, clients, coupons, **found), policy, today)
    shown = " ".join(said.evidence) + said.quoted
    assert not any(coupon.code in shown or fold(coupon.code) in fold(shown) for coupon in coupons)
    assert len(said.guessed) == said.guesses
    return said


# ── one kind of evidence ─────────────────────────────────────────────────────────────────────────────────────────────

ALONE: Mapping[Evidence, Mapping[str, object]] = {
    Evidence.TOKEN: {"ticket_client": ROSE},
    Evidence.ADDRESS: {"author": "Petrov+crm@Rose.RU"},
    Evidence.ALIAS: {"author": "rose@gmail.com"},
    Evidence.DOMAIN: {"author": "new@office.rose.ru"},
    Evidence.COUPON: {"text": "Купон 7КQ4 МХ2Р 9ТR5"},
    Evidence.AGREEMENT: {"text": "По договору № 12/2025-ТП не работает касса"},
    Evidence.INN: {"text": "ИНН 7707 083 893"},
    Evidence.SPECIALIST: {"text": "Не работает.\n\nС уважением,\nПетров П. П."},
    Evidence.ORGANIZATION: {"text": "Организация: Ромашка, ООО\nНе работает"},
}


@pytest.mark.parametrize("kind", ALONE)
def test_alone(kind: Evidence) -> None:
    """Each kind of evidence leads to the client by itself, and the last line of evidence says which it was."""
    said = of(**ALONE[kind])  # type: ignore[arg-type]
    assert (said.standing, said.client) == (Standing.SERVED, ROSE)
    assert said.evidence[-1].endswith("client rose")
    assert kind in said.evidence[-1] or kind is Evidence.TOKEN
    assert said.finding().verdict.startswith("client rose: served, level ")


def test_nothing() -> None:
    """A letter without evidence is nobody's, and says what was looked for."""
    said = of("Где купить? тел. 123-45-67", author="someone@else.ru")
    assert (said.standing, said.client, said.coupon_state, said.guesses, said.level) == (
        Standing.UNKNOWN,
        None,
        None,
        0,
        "",
    )
    assert said.evidence == ("looked for 1 address, 1 domain: in no register",)
    assert recognise(read(author=""), Found(), POLICY, TODAY).evidence == ("nothing in the letter leads to a client",)


# ── pairs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

PARTS: Mapping[str, Mapping[Evidence, Mapping[str, object]]] = {
    "rose": {**ALONE, Evidence.DOMAIN: {"author": "new@rose.ru"}},
    "lily": {
        Evidence.TOKEN: {"ticket_client": LILY}, Evidence.ADDRESS: {"author": "koval@lily.ua"}, Evidence.ALIAS: {"author": "lily@ukr.net"},
        Evidence.DOMAIN: {"author": "new@lily.ua"}, Evidence.COUPON: {"text": "Купон VIP-2025-77"},
        Evidence.AGREEMENT: {"text": "Договор Д-77/К"}, Evidence.INN: {"text": "ИНН 7830002293"},
        Evidence.SPECIALIST: {"text": "Відповідальна особа: Мар’яна Коваль"}, Evidence.ORGANIZATION: {"text": "Компания: ТОВ Лилия"},
    },
}  # fmt: skip
OF_THE_AUTHOR = {Evidence.ADDRESS, Evidence.ALIAS, Evidence.DOMAIN}
WEAK = {Evidence.SPECIALIST, Evidence.ORGANIZATION}
PERSONAL = {Evidence.TOKEN, Evidence.ADDRESS, Evidence.ALIAS}
PAIRS = [(one, other) for one, other in permutations(Evidence, 2) if not {one, other} <= OF_THE_AUTHOR]


def both(first: Mapping[str, object], second: Mapping[str, object]) -> Recognition:
    texts = [str(part["text"]) for part in (first, second) if "text" in part]
    return of(**{**first, **second, "text": "\n\n".join(texts)})  # type: ignore[arg-type]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_pair_agrees(one: Evidence, other: Evidence) -> None:
    """Two kinds that name one client name that client, and both are said, the stronger last."""
    said = both(PARTS["rose"][one], PARTS["rose"][other])
    assert (said.standing, said.client) == (Standing.SERVED, ROSE)
    assert len([line for line in said.evidence if line.endswith("client rose")]) >= 2


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_pair_differs(one: Evidence, other: Evidence) -> None:
    """Two kinds that name different clients are a conflict that names both, but for a domain beside a known person and for names."""
    said = both(PARTS["rose"][one], PARTS["lily"][other])
    if (one in PERSONAL and other is Evidence.DOMAIN) or (other in WEAK and one not in WEAK):
        assert (said.standing, said.client) == (Standing.SERVED, ROSE)
        assert any("client lily" in line and "set aside" in line for line in said.evidence)
    elif (other in PERSONAL and one is Evidence.DOMAIN) or (one in WEAK and other not in WEAK):
        assert (said.standing, said.client) == (Standing.SERVED, LILY)
    else:
        assert (said.standing, said.client, said.coupon, said.level) == (Standing.CONFLICT, None, None, "")
        assert "rose" in said.evidence[-1]
        assert "lily" in said.evidence[-1]
        assert {(lead.kind, lead.clients) for lead in said.leads} == {(one, (ROSE,)), (other, (LILY,))}


def test_what_contradicts_itself_is_shown_to_people() -> None:
    """As it is written, coupons shortened; names that only confirm are left out, and where nothing contradicts there is nothing."""
    said = of("Купон VIP-2025-77, договор 12/2025-ТП.\n\nКоваль Мар’яна")
    shown = {lead.kind: (lead.shown, lead.clients) for lead in said.leads}
    assert shown == {Evidence.COUPON: ("…577", (LILY,)), Evidence.AGREEMENT: ("12/2025-ТП", (ROSE,))}
    assert of("Договор 12/2025-ТП").leads == ()


@pytest.mark.parametrize("kind", [Evidence.ADDRESS, Evidence.ALIAS])
def test_a_contractor(kind: Evidence) -> None:
    """Whose address a client names writes for the client, from the domain of another one too."""
    addresses = ("master@rose.ru",) if kind is Evidence.ADDRESS else ("koval@lily.ua", "master@rose.ru")
    lily = replace(LILY, contacts=(Contact(addresses=addresses),))
    said = of(author="master@rose.ru", clients=(ROSE, lily))
    assert (said.standing, said.client) == (Standing.SERVED, lily)
    assert said.evidence[0] == "domain rose.ru: client rose, set aside: the person is known"


def test_one_address_of_two() -> None:
    """An address that two clients have leads to neither."""
    lily = replace(LILY, contacts=(Contact(addresses=("petrov@rose.ru",)),))
    assert of(author="petrov@rose.ru", clients=(ROSE, lily)).standing is Standing.CONFLICT


def test_a_domain_that_the_desk_calls_public_proves_nothing() -> None:
    """Also where the register came to have it before the desk said so."""
    public = replace(POLICY, public_domains=frozenset({"rose.ru"}))
    assert of(author="new@rose.ru", policy=public).standing is Standing.UNKNOWN
    assert of(author="anna@rose.ru", policy=public).client == ROSE


def test_the_closer_domain() -> None:
    """Of a domain and the one it is below, the closer one counts."""
    branch = replace(LILY, domains=("north.rose.ru",))
    assert of(author="new@pc.north.rose.ru", clients=(ROSE, branch)).client == branch
    assert of(author="new@south.rose.ru", clients=(ROSE, branch)).client == ROSE


def test_the_exact_address() -> None:
    """An address as it is written counts before the one without its subaddress."""
    lily = replace(LILY, contacts=(Contact(addresses=("petrov+lily@rose.ru",)),))
    assert of(author="petrov+lily@rose.ru", clients=(ROSE, lily)).client == lily
    assert of(author="petrov+other@rose.ru", clients=(ROSE, lily)).client == ROSE


def test_branches() -> None:
    """A key of several clients names whichever of them the rest names, weak evidence included; alone, a person decides."""
    branch = replace(LILY, inn=ROSE.inn)
    clients = (ROSE, branch)
    assert of("ИНН 7707083893", clients=clients).standing is Standing.CONFLICT
    assert of("ИНН 7707083893", clients=clients, author="koval@lily.ua").client == branch
    assert of("ИНН 7707083893\nОрганизация: Ромашка", clients=clients).client == ROSE
    assert of("ИНН 7707083893\nДоговор: Д-77/К", clients=clients).client == branch
    shared = (ROSE, replace(LILY, agreements=ROSE.agreements))
    said = of("Договор: 12/2025-ТП\nИНН: 7830002293", clients=shared)
    assert said.client == shared[1]
    assert said.evidence[-1] == "inn 7830002293 in the new words: client lily"  # what tells them apart decides


def test_common_names() -> None:
    """A name that several have leads to nobody by itself, and to whom the rest names with it."""
    lily = replace(LILY, contacts=(Contact(name="Петров Павел", specialist=True),))
    signed = "Не работает.\n\nПетров П. П."
    assert of(signed, clients=(ROSE, lily)).standing is Standing.UNKNOWN
    assert of(signed + "\n\nОрганизация: Лилия", clients=(ROSE, lily)).client == lily
    assert of("Не работает.\n\nПавел Петров", clients=(ROSE, lily)).client == lily
    assert of("Не работает.\n\nАнна Белова").standing is Standing.UNKNOWN  # in the contract nobody names her


def test_plain_numbers_only_confirm() -> None:
    """Another's agreement or INN that nobody calls one contradicts nobody; on its own it leads to its client."""
    foreign = "Не проводится счёт Д-77/К, реквизиты 7830002293."
    assert of(foreign, author="petrov@rose.ru").client == ROSE
    assert of(foreign).client == LILY
    assert of("Не проводится счёт 12/2025-ТП контрагента 7830002293").standing is Standing.CONFLICT
    assert of("Контрагент с ИНН 7830002293", author="petrov@rose.ru").standing is Standing.CONFLICT


def test_form() -> None:
    """A form that tells no author is whose its fields say."""
    said = of("Организация: ООО «Ромашка»\nИНН: 7707083893\nДоговор: 12/2025-TП\nКупон: нет\n\nНе печатает", author="")
    assert (said.standing, said.client, said.coupon_state) == (Standing.SERVED, ROSE, None)
    wrong = of("ИНН: 7707083894", clients=(replace(ROSE, inn="7707083894"),))
    assert wrong.evidence == ("inn 7707083894 in the new words (its check digits are wrong): client rose",)


# ── coupons ──────────────────────────────────────────────────────────────────────────────────────────────────────────

DAYS = {
    "no dates": ({"until": None}, CouponState.VALID),
    "its last day": ({"until": TODAY}, CouponState.VALID),
    "the day after": ({"until": date(2026, 11, 26)}, CouponState.EXPIRED),
    "its first day": ({"since": TODAY}, CouponState.VALID),
    "the day before": ({"since": date(2026, 11, 28)}, CouponState.NOT_YET_VALID),
    "revoked today": ({"revoked": TODAY}, CouponState.REVOKED),
    "revoked tomorrow": ({"revoked": date(2026, 11, 28)}, CouponState.VALID),
    "revoked and expired": ({"revoked": TODAY, "until": date(2026, 1, 1)}, CouponState.REVOKED),
}


@pytest.mark.parametrize(("change", "state"), DAYS.values(), ids=DAYS)
@pytest.mark.parametrize("author", [STRANGER, "petrov@rose.ru"], ids=["stranger", "client"])
def test_days(change: Mapping[str, object], state: CouponState, author: str) -> None:
    """A coupon grants its level and hours on its days only; on any day it says who writes, who is served at their own level."""
    coupon = replace(ROSES, **change)  # type: ignore[arg-type]
    said = of(f"Купон {ROSES.code}", coupons=(coupon,), author=author)
    assert (said.standing, said.client, said.coupon_state, said.quoted, said.guesses) == (
        Standing.SERVED,
        ROSE,
        state,
        "…9TR5",
        0,
    )
    if state is CouponState.VALID:
        assert (said.level, said.hours, said.coupon) == ("emergency", Hours.ROUND_THE_CLOCK, coupon)
    else:
        assert (said.level, said.hours, said.coupon) == ("base", Hours.WORKING, None)


@pytest.mark.parametrize(
    ("since", "state"),
    [(None, CouponState.RENEWED), (TODAY, CouponState.RENEWED), (date(2026, 11, 28), CouponState.VALID)],
    ids=["at once", "today", "tomorrow"],
)
def test_renewed(since: date | None, state: CouponState) -> None:
    """A renewal takes the place from its first day on, also of a coupon that has expired, also when it is revoked later."""
    later = Coupon(code="3CJ7-W4QK-H6M2", client="rose", renews=ROSES.code, since=since)
    assert of(f"Купон {ROSES.code}", coupons=(ROSES, later)).coupon_state is state
    expired = replace(ROSES, until=date(2026, 1, 1))
    expected = CouponState.RENEWED if state is CouponState.RENEWED else CouponState.EXPIRED
    assert of(f"Купон {ROSES.code}", coupons=(expired, later)).coupon_state is expected
    assert of(f"Купон {ROSES.code}", coupons=(ROSES, replace(later, revoked=TODAY))).coupon_state is state


def test_without_a_level() -> None:
    """A coupon without a level of its own grants the client's, with its own hours."""
    said = of(f"Купон {ROSES.code}", coupons=(replace(ROSES, level=""),))
    assert (said.level, said.hours) == ("base", Hours.ROUND_THE_CLOCK)


def test_several_coupons() -> None:
    """Of a client's valid coupons the one that lasts longest counts, before any that do not hold; two clients' are a conflict."""
    soon = Coupon(code="3CJ7-W4QK-H6M2", client="rose", until=date(2026, 12, 1), level="base")
    old = Coupon(code="OLD-2019-1", client="rose", until=date(2019, 12, 31))
    open_end = Coupon(code="ABC-2025-5", client="rose", level="emergency")
    text = "Купон OLD-2019-1, купон 3CJ7-W4QK-H6M2, купон 7KQ4-MX2P-9TR5"
    assert of(text, coupons=(soon, old, ROSES)).coupon == ROSES
    assert of(text, coupons=(soon, old)).coupon == soon
    assert of(text + ", купон ABC-2025-5", coupons=(soon, old, ROSES, open_end)).coupon == open_end
    said = of(text, coupons=(old, replace(soon, until=date(2026, 1, 1))))
    assert (said.coupon_state, said.quoted) == (CouponState.EXPIRED, "…91")
    both_clients = of(f"Купон {ROSES.code}, купон {LILYS.code}")
    assert (both_clients.standing, both_clients.coupon) == (Standing.CONFLICT, None)


def test_a_code_of_several_words() -> None:
    """It is shown by its own end, not by that of the one word which could have been a code by itself."""
    code = Coupon(code="РОЗА-САД-50", client="rose")
    for text in ("РОЗА-САД-50", "роза-сад-50", "№ РОЗА САД 50"):
        assert of(f"Купон {text}", coupons=(code,)).quoted == "…Д50"
    assert of("Купон № РОЗАЛИНА САД 50", coupons=(replace(code, code="РОЗАЛИНА-САД-50"),)).quoted == "…АД50"


def test_coupon_and_address() -> None:
    """A client's own coupon from their address grants its level; another client's is a conflict, an unknown one nothing."""
    assert of(f"Купон {ROSES.code}", author="petrov@rose.ru").level == "emergency"
    assert of(f"Купон {ROSES.code}", author="koval@lily.ua").standing is Standing.CONFLICT
    unknown = of("Купон 3CJ7-W4QK-H6M2", author="petrov@rose.ru")
    assert (unknown.standing, unknown.level, unknown.coupon_state, unknown.quoted) == (
        Standing.SERVED,
        "base",
        CouponState.UNKNOWN,
        "…H6M2",
    )
    assert of("Купон 3CJ7-W4QK-H6M2").standing is Standing.UNKNOWN


def test_foreign_coupons_nobody_calls_one() -> None:
    """They count where the letter speaks of coupons, or something else names their client; a list of tries does not."""
    assert of("Вот: VIP-2025-77").standing is Standing.UNKNOWN
    assert of("Вот: VIP-2025-77", author="koval@lily.ua").coupon == LILYS
    assert of("Вот: VIP-2025-77", author="petrov@rose.ru").client == ROSE
    assert of("Наш купон, которым мы пользуемся: просим помочь. VIP-2025-77").client == LILY
    first_five = " ".join(f"ABC-2025-{n}" for n in range(60, 64))
    assert of(f"Наш купон не помню. {first_five} VIP-2025-77").client == LILY
    assert of(f"Наш купон не помню. {first_five} ABC-2025-64 VIP-2025-77").client is None
    tries = " ".join(f"VIP-2025-{n}" for n in range(60, 90))
    assert of(f"Наш купон не помню. {tries}").standing is Standing.UNKNOWN
    assert of(f"Наш купон не помню. {tries}").guesses == 0
    assert of("серийный номер 7KQ4-MX2P-9TR5").client == ROSE  # nobody comes by a code of ours by trying


# ── guessing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

WRONG = ["3CJ7-W4QK-H6M2", "4CJ7-W4QK-H6M2", "5CJ7-W4QK-H6M2", "6CJ7-W4QK-H6M2"]


@pytest.mark.parametrize(
    "text", [f"Купон {ROSES.code}", f"Купон {WRONG[0]}", f"Купон {LILYS.code}"], ids=["ours", "unknown", "foreign"]
)
@pytest.mark.parametrize(
    "before", [{"guesses": 3}, {"guesses": 99}, {"guesses_by_all": 10}], ids=["author", "far beyond", "all"]
)
def test_unheard(text: str, before: Mapping[str, int]) -> None:
    """After too many guesses a coupon is not looked at, and the outcome is the same whether it exists or not."""
    said = of(text, **before)  # type: ignore[arg-type]
    assert (said.standing, said.client, said.coupon, said.coupon_state, said.guesses) == (
        Standing.UNKNOWN,
        None,
        None,
        CouponState.UNHEARD,
        0,
    )
    assert len(said.evidence) == 2


def test_heard_until_the_bound() -> None:
    """One guess below the bound a coupon is heard."""
    assert of(f"Купон {ROSES.code}", guesses=2).client == ROSE
    assert of(f"Купон {ROSES.code}", guesses_by_all=9).client == ROSE


@pytest.mark.parametrize("author", ["petrov@rose.ru", "rose@gmail.com", "new@rose.ru"])
def test_a_flood_locks_no_client_out(author: str) -> None:
    """The bound of the whole organisation is for strangers; that of an author is for everybody, who is served as they are."""
    assert of(f"Купон {ROSES.code}", author=author, guesses_by_all=10_000).coupon == ROSES
    own = of(f"Купон {ROSES.code}", author=author, guesses=3)
    assert (own.standing, own.client, own.level, own.coupon_state) == (
        Standing.SERVED,
        ROSE,
        "base",
        CouponState.UNHEARD,
    )


def test_within_one_letter() -> None:
    """Coupons behind too many unknown ones are not heard in the same letter; those before them are."""
    tries = ", ".join(f"купон {code}" for code in WRONG[:3])
    said = of(f"{tries}, купон {ROSES.code}")
    assert (said.standing, said.guesses, said.coupon_state) == (Standing.UNKNOWN, 3, CouponState.UNKNOWN)
    assert of(f"купон {ROSES.code}, {tries}").client == ROSE
    assert of(f"{', '.join(f'купон {code}' for code in WRONG[:2])}, купон {ROSES.code}").client == ROSE
    assert of(f"Купон {WRONG[0]}, купон {ROSES.code}", guesses=2).client is None
    assert of(f"Купон {WRONG[0]}. Купон {WRONG[0]}").guesses == 1


def test_plain_words_are_not_heard_behind_guesses() -> None:
    """Nor is what nobody calls a coupon."""
    tries = ", ".join(f"купон {code}" for code in WRONG[:3])
    assert of(f"{tries}. Вот: VIP-2025-77").client is None
    assert of("Купон? VIP-2025-77", guesses=3).client is None


def test_the_same_guess_again() -> None:
    """A wrong code that stands in the quotation of every letter of a thread is one guess."""
    first = of(f"Купон {WRONG[0]}")
    assert first.guessed == (guess_digest(fold(WRONG[0])),)
    again = of("Ну что там?", quoted=f"> Купон {WRONG[0]}", guessed=frozenset(first.guessed))
    assert (again.guesses, again.coupon_state) == (0, CouponState.UNKNOWN)
    assert WRONG[0] not in repr(first)


@pytest.mark.parametrize(
    "text",
    ["Договор 3CJ7-W4QK-H6M2", "тел. 8-916-123-45-67, заказ № 4455667 от 12.05.2026", "ключ лицензии 3CJ7-W4QK-H6M2", "Купон от 12.05.2026", "ИНН 7707083894"],
)  # fmt: skip
def test_no_guess(text: str) -> None:
    """An agreement, a telephone, a date, an order, a licence is no guess."""
    said = of(text)
    assert (said.guesses, said.coupon_state, said.quoted) == (0, None, "")


def test_a_mistyped_coupon() -> None:
    """A wrong check character is told to whoever explains the letter, and the client whom a slip concerns is served."""
    said = of("Купон 7KQ4-MX2P-9TR6", author="petrov@rose.ru")
    assert said.evidence[0] == "coupon …9TR6 in the new words (its check character is wrong): in no register"
    assert (said.guesses, said.client) == (1, ROSE)


# ── the contract ─────────────────────────────────────────────────────────────────────────────────────────────────────

YEAR = Period(since=date(2026, 1, 1), until=date(2026, 12, 31))
STANDINGS = {
    "no periods": ({}, TODAY, Standing.SERVED, ""),
    "inside": ({"periods": (YEAR,)}, TODAY, Standing.SERVED, ""),
    "the first day": ({"periods": (YEAR,)}, date(2026, 1, 1), Standing.SERVED, ""),
    "the day before": ({"periods": (YEAR,)}, date(2025, 12, 31), Standing.NOT_YET_VALID, "the next contract period begins on 2026-01-01"),
    "the last day": ({"periods": (YEAR,)}, date(2026, 12, 31), Standing.SERVED, ""),
    "the day after": ({"periods": (YEAR,)}, date(2027, 1, 1), Standing.EXPIRED, "the contract's last day was 2026-12-31"),
    "no beginning": ({"periods": (Period(until=TODAY),)}, date(1999, 1, 1), Standing.SERVED, ""),
    "no end": ({"periods": (Period(since=TODAY),)}, date(2099, 1, 1), Standing.SERVED, ""),
    "in a gap": (
        {"periods": (Period(until=date(2026, 6, 30)), Period(since=date(2027, 1, 1)))}, TODAY, Standing.EXPIRED,
        "the contract's last day was 2026-06-30, the next contract period begins on 2027-01-01",
    ),
    "suspended": ({"suspended": "долг 12 000 ₽"}, TODAY, Standing.SUSPENDED, "suspended: долг 12 000 ₽"),
    "suspended and expired": ({"suspended": "долг", "periods": (YEAR,)}, date(2030, 1, 1), Standing.SUSPENDED, "suspended: долг"),
    "no such level": ({"level": "gold"}, TODAY, Standing.LEVEL_UNKNOWN, "level gold is not in the configuration"),
    "expired, no such level": ({"level": "gold", "periods": (YEAR,)}, date(2030, 1, 1), Standing.EXPIRED, "the contract's last day was 2026-12-31"),
    "no level": ({"level": ""}, TODAY, Standing.SERVED, ""),
}  # fmt: skip


@pytest.mark.parametrize(("change", "today", "standing", "why"), STANDINGS.values(), ids=STANDINGS)
def test_standing(change: Mapping[str, object], today: date, standing: Standing, why: str) -> None:
    """Each way in which a contract does not hold is an outcome of its own, says why, and names the client and their level."""
    client = replace(ROSE, **change)  # type: ignore[arg-type]
    said = of(author="petrov@rose.ru", clients=(client,), coupons=(), today=today)
    assert (said.standing, said.client, said.level) == (standing, client, client.level)
    assert said.evidence[-1] == (why or "address petrov@rose.ru: client rose")


def test_coupon_of_a_client_without_a_contract() -> None:
    """A coupon that holds mends no contract that does not; a coupon's own level must exist as well."""
    text = f"Купон {ROSES.code}"
    said = of(text, clients=(replace(ROSE, suspended="долг"),), coupons=(ROSES,))
    assert (said.standing, said.coupon_state, said.coupon, said.level) == (
        Standing.SUSPENDED,
        CouponState.VALID,
        ROSES,
        "emergency",
    )
    gold = of(text, coupons=(replace(ROSES, level="gold"),))
    assert (gold.standing, gold.level) == (Standing.LEVEL_UNKNOWN, "gold")
    spent = of(text, coupons=(replace(ROSES, level="gold", until=date(2026, 1, 1)),))
    assert (spent.standing, spent.level) == (Standing.SERVED, "base")


def test_hours() -> None:
    """A client's own hours count where no coupon says otherwise; with a valid coupon, the coupon's."""
    clients = (replace(ROSE, hours=Hours.ROUND_THE_CLOCK),)
    assert of(author="petrov@rose.ru", clients=clients, coupons=()).hours is Hours.ROUND_THE_CLOCK
    assert (
        of(f"Купон {ROSES.code}", clients=clients, coupons=(replace(ROSES, hours=Hours.WORKING),)).hours
        is Hours.WORKING
    )


def test_only_what_was_asked_for_counts() -> None:
    """A coupon in the answer that the letter does not quote says nothing."""
    clues = read("Не печатает")
    found = Found(coupons=(FoundCoupon(key=fold(ROSES.code), coupon=ROSES, client=ROSE),))
    assert recognise(clues, found, POLICY, TODAY).standing is Standing.UNKNOWN


def test_evidence_is_bounded() -> None:
    """However many clients a letter leads to, its evidence can be read."""
    clients = tuple(replace(ROSE, key=f"c{n}", agreements=(f"A-{n}/7",), contacts=(), domains=()) for n in range(200))
    text = "\n".join(f"Договор A-{n}/7" for n in range(200))
    said = of(text, clients=clients, coupons=())
    assert said.standing is Standing.CONFLICT
    assert len(said.evidence) <= 30
    assert "clients c0, c1, c2, c3, c4 …: a person decides" in said.evidence[-1]
    two = of(text, clients=clients[:2], coupons=())
    assert two.evidence[-1] == "the letter may be of clients c0, c1: a person decides"
    assert max(map(len, said.evidence)) < 300
