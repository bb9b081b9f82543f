"""Whom we serve and how: what becomes of a letter with what the register says of its author."""

from datetime import timedelta

import pytest

from maild.model import Status
from maild.sla.target import Moment
from tests.walk.served import CODE, IVAN_ADDRESS, OLGA, STRANGER, due, open_served, order, running, write
from tests.walk.stage import SUPPORT, events, letter, reply, summary, ticket, to

HOUR = timedelta(hours=1)


def test_a_client_is_served_at_their_level() -> None:
    """Client, level and term stand in the ticket, in the acknowledgement and in the notification."""
    with open_served() as desk:
        sent = write(desk)
        found = ticket(desk)
        assert (found.client, found.level, found.standing) == ("romashka", "base", "served")
        assert due(desk, Moment.ANSWERED) == 8 * HOUR
        assert due(desk, Moment.RESOLVED) == timedelta(days=2, hours=6)  # 24 h of 9-hour days
        acknowledged = to(sent, OLGA).message.text
        assert "до 17:00 понедельника, 23 ноября (МСК)" in acknowledged
        assert "ООО «Ромашка»" in acknowledged
        assert "Базовый" in acknowledged
        notified = to(sent, "ivan@staff.example").message.text
        assert "Клиент: ООО «Ромашка», уровень Базовый" in notified
        assert "Ответить до 17:00 понедельника, 23 ноября (МСК)" in notified


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        (OLGA, "", ""),
        ("buh@romashka.example", "", ""),
        ("new.person@romashka.example", "", ""),
        ("somebody@mail.romashka.example", "", ""),
        (STRANGER, "", "Наш договор № РМ-17/2026."),
        (STRANGER, f"Купон {CODE}", ""),
        (STRANGER, "", "купон 7кq4 мх2р 9тrс"),
        (STRANGER, "", "Купон VIP-2025-77"),
    ],
    ids=["address", "alias", "domain", "subdomain", "agreement", "coupon", "look-alikes", "expired-coupon"],
)
def test_a_client_is_known_by_any_of_their_marks(author: str, subject: str, text: str) -> None:
    """Whatever leads to the client leads to the ticket's client."""
    with open_served(identity='unknown = "ask"') as desk:
        write(desk, author, f"Не печатает. {text}", subject=subject or "Принтер")
        assert ticket(desk).client == "romashka"


def test_a_coupon_grants_its_level_and_place_in_the_queue() -> None:
    """A valid coupon goes before the client's own level; the code is never repeated whole."""
    with open_served() as desk:
        sent = write(desk, text=f"Купон {CODE}. Горит лампочка.")
        assert (ticket(desk).level, ticket(desk).rank) == ("gold", 1)
        assert due(desk, Moment.ANSWERED) == 3 * HOUR
        acknowledged = to(sent, OLGA).message.text
        assert "Купон …9TRC принят" in acknowledged
        assert "31 декабря 2026" in acknowledged
        assert CODE not in acknowledged
        assert all(CODE not in f"{line.kind} {line.text}" for line in events(desk) if line.kind not in ("in", "out"))


def test_a_coupon_quoted_later_brings_a_term_forward_and_never_puts_one_off() -> None:
    """Three hours from the coupon, if that is sooner; else what was promised stands (D13)."""
    with open_served() as desk:
        answered = to(write(desk), OLGA)
        desk.advance(HOUR)
        desk.deliver(reply(answered, f"Купон {CODE}", author=OLGA), SUPPORT)
        assert (ticket(desk).level, due(desk, Moment.ANSWERED)) == ("gold", 4 * HOUR)
        assert due(desk, Moment.RESOLVED) == timedelta(days=2, hours=6)  # promised before, and by no target of gold's
    with open_served() as desk:
        answered = to(write(desk), OLGA)
        desk.advance(7 * HOUR)
        desk.deliver(reply(answered, f"Купон {CODE}", author=OLGA), SUPPORT)
        assert (ticket(desk).level, due(desk, Moment.ANSWERED)) == ("gold", 8 * HOUR)
        assert len([clock for clock in desk.clocks(1) if clock.until is Moment.ANSWERED]) == 1


@pytest.mark.parametrize(
    ("quoted", "said"),
    [("VIP-2025-77", "уже не действует"), ("7KQ4-MX2P-9TRD", "не нашли")],
    ids=["expired", "unknown"],
)
def test_a_coupon_that_grants_nothing_is_told(quoted: str, said: str) -> None:
    """The client is served at their own level and hears what is wrong with the coupon."""
    with open_served() as desk:
        sent = write(desk, text=f"Купон {quoted}. Горит лампочка.")
        assert ticket(desk).level == "base"
        assert said in to(sent, OLGA).message.text


def test_a_stranger_is_served_where_the_desk_says_so() -> None:
    """At the level for strangers, without a promise that it has not."""
    with open_served(identity='unknown_level = "free"') as desk:
        sent = write(desk, STRANGER)
        assert (ticket(desk).client, ticket(desk).level, ticket(desk).standing) == ("", "free", "unknown")
        assert running(desk) == {}
        assert "до " not in to(sent, STRANGER).message.text.partition("Если захотите")[0].partition("обращение")[2]


def test_a_stranger_is_asked_and_terms_run_from_the_answer() -> None:
    """Nothing is promised before; the answer with the agreement's number starts the clocks and is acknowledged."""
    with open_served(identity='unknown = "ask"') as desk:
        sent = write(desk, STRANGER)
        assert running(desk) == {}
        asked = to(sent, STRANGER)
        assert "номер договора" in asked.message.text
        desk.advance(3 * HOUR)
        sent = desk.deliver(reply(asked, "Договор РМ-17/2026", author=STRANGER), SUPPORT)
        assert (ticket(desk).client, ticket(desk).standing) == ("romashka", "served")
        assert due(desk, Moment.ANSWERED) == timedelta(days=1, hours=2)  # 12:00 + 8 h of a 9–18 day
        assert "до 11:00 вторника, 24 ноября (МСК)" in to(sent, STRANGER).message.text
        assert summary(desk.deliver(reply(asked, "Договор РМ-17/2026, жду.", author=STRANGER), SUPPORT)) == [
            "notification ivan@staff.example",
            "notification petra@staff.example",
        ]


def test_agents_see_what_is_due_first_first() -> None:
    """A letter to an answered ticket has a fresh term for its answer, which comes before the older one for the solution."""
    with open_served() as desk:
        notified = to(write(desk), IVAN_ADDRESS)
        answered = to(order(desk, notified, "Выключите и включите."), OLGA)
        text = to(desk.deliver(reply(answered, "Не помогло.", author=OLGA), SUPPORT), IVAN_ADDRESS).message.text
        assert [line.split()[0] for line in text.splitlines() if " до " in line] == ["Ответить", "Решить"]


def test_whoever_has_had_enough_is_told_no_more_by_a_colleagues_letter() -> None:
    """The limit of automatic letters holds for who gets them, whoever it is that says at last who they all are."""
    with open_served(identity='unknown = "ask"', per_address=1) as desk:
        sent = desk.deliver(letter(author=STRANGER, headers=[("Cc", "boris@nowhere.example")]), SUPPORT)
        asked = to(sent, "petr@nowhere.example").message
        threading = [("In-Reply-To", f"<{asked.message_id}>")]
        told = letter(f"Наш купон {CODE}", author="boris@nowhere.example", subject=asked.subject, headers=threading)
        assert "acknowledgement petr@nowhere.example" not in summary(desk.deliver(told, SUPPORT))
        assert ticket(desk).client == "romashka"


def test_a_stranger_is_refused_once() -> None:
    """The request is registered and closed, told once, not counted; who says who they are is served after all."""
    with open_served(identity='unknown = "refuse"') as desk:
        sent = write(desk, STRANGER)
        assert summary(sent) == ["refusal petr@nowhere.example"]
        found = ticket(desk)
        assert (found.status, found.counted) == (Status.CLOSED, False)
        refused = to(sent, STRANGER)
        assert "ACME-1" in refused.message.subject
        again = desk.deliver(reply(refused, "Почему?", author=STRANGER), SUPPORT)
        assert summary(again) == ["notification ivan@staff.example", "notification petra@staff.example"]
        served = desk.deliver(reply(refused, "Наш договор РМ-17/2026", author=STRANGER), SUPPORT)
        assert "acknowledgement petr@nowhere.example" in summary(served)
        assert (ticket(desk).status, ticket(desk).counted) == (Status.OPEN, True)


@pytest.mark.parametrize(
    ("author", "standing", "said"),
    [
        ("lutik@lutik.example", "suspended", "приостановлено"),
        ("pion@pion.example", "expired", "31 октября 2026 года"),
        ("tulip@tulip.example", "not-yet-valid", "1 декабря 2026 года"),
    ],
)
def test_a_contract_that_does_not_hold(author: str, standing: str, said: str) -> None:
    """A person decides, and nothing is promised; where the desk refuses, the refusal says why and since when."""
    with open_served() as desk:
        sent = write(desk, author)
        assert (ticket(desk).standing, ticket(desk).level, running(desk)) == (standing, "", {})
        assert "acknowledgement" in summary(sent)[0]
    key = standing.replace("-", "_")
    with open_served(identity=f'{key} = "refuse"') as desk:
        sent = write(desk, author)
        assert summary(sent) == [f"refusal {author}"]
        assert said in to(sent, author).message.text


def test_a_conflict_goes_to_a_person() -> None:
    """The coupon of one client from the address of another: nobody is guessed, agents see both."""
    with open_served() as desk:
        sent = write(desk, text="Купон АБВ-2026-11. Горит лампочка.")
        found = ticket(desk)
        assert (found.client, found.standing, found.level) == ("", "conflict", "")
        notified = to(sent, "ivan@staff.example").message.text
        assert "Адрес olga@romashka.example: ООО «Ромашка» (romashka)" in notified
        assert "Купон …611: " in notified
        assert "(iris)" in notified
        assert "#клиент КЛЮЧ" in notified
        assert "iris" not in to(sent, OLGA).message.text.casefold()


@pytest.mark.parametrize(
    "text", ["Есть новости?", "Мы «Ромашка», договор РМ-17/2026."], ids=["nothing-new", "their-word"]
)
def test_a_conflict_is_decided_by_no_second_letter(text: str) -> None:
    """Whoever writes again from one of the two clients' address is no less in doubt: a person decides, and nobody is told a term."""
    with open_served() as desk:
        sent = write(desk, OLGA, "Наш купон АБВ-2026-11.")
        again = desk.deliver(reply(to(sent, OLGA), text, author=OLGA), SUPPORT)
        assert summary(again) == ["notification ivan@staff.example", "notification petra@staff.example"]
        assert (ticket(desk).standing, ticket(desk).client, running(desk)) == ("conflict", "", {})


def test_subaddresses_are_no_other_guessers() -> None:
    """One box has as many names as its owner likes behind a "+": all of them guess together."""
    with open_served(identity="guesses = 2") as desk:
        for n in range(2):
            write(desk, f"olga+{n}@romashka.example", f"Купон FQ{n}4-MX2P-9TRC", subject=f"Попытка {n}")
        write(desk, "olga+x@romashka.example", f"Купон {CODE}", subject="Последняя")
        assert ticket(desk).level == "base"


def test_guessing_coupons_is_throttled() -> None:
    """After so many that do not exist not even a right one is looked at, and the answer does not tell."""
    with open_served(identity='unknown_level = "free"\nguesses = 2') as desk:
        for number in range(2):
            write(desk, STRANGER, f"Купон 7KQ4-MX2P-{number}TRC", subject=f"Вопрос {number}")
        sent = write(desk, STRANGER, f"Купон {CODE}", subject="Вопрос 3")
        assert (ticket(desk).client, ticket(desk).coupon) == ("", "")
        assert "проверит специалист" in to(sent, STRANGER).message.text
        desk.advance(timedelta(days=1, hours=1))
        write(desk, STRANGER, f"Купон {CODE}", subject="Вопрос 4")
        assert ticket(desk).client == "romashka"


@pytest.mark.parametrize("headers", [(), (("Auto-Submitted", "auto-generated"),)], ids=["plain", "automatic"])
def test_machines_are_neither_asked_nor_refused(headers: tuple[tuple[str, str], ...]) -> None:
    """A letter of a machine that the configuration names opens its ticket, whatever the register says."""
    with open_served(identity='unknown = "refuse"', organization='notifiers = ["robot@monitor.example"]') as desk:
        sent = desk.deliver(letter(author="robot@monitor.example", headers=headers), SUPPORT)
        assert ticket(desk).status is Status.NEW
        assert "refusal" not in " ".join(summary(sent))


def test_the_quota_counts_requests_not_repeats_or_refusals() -> None:
    """Beyond it the customer hears of paid work; another month begins anew."""
    quota = '[organization.acme.quota]\nper_month = 2\noffer = "Следующие обращения платные: 1 000 ₽."\n'
    with open_served(organization=quota) as desk:
        first, second = write(desk, subject="Первый"), write(desk, subject="Второй")
        assert all("платные" not in to(sent, OLGA).message.text for sent in (first, second))
        third = write(desk, subject="Третий")
        assert "1 000 ₽" in to(third, OLGA).message.text
        assert "обращение № 3 в текущем месяце" in to(third, OLGA).message.text
        assert "в обслуживание входит: 2" in to(third, "ivan@staff.example").message.text
        desk.advance(timedelta(days=8))  # December
        assert "платные" not in to(write(desk, subject="Четвёртый"), OLGA).message.text


def test_several_requests_in_one_letter_are_a_hint() -> None:
    """Agents are told that a letter looks like several requests; there is one ticket, and the customer hears nothing of it."""
    text = "Добрый день!\n1. Не печатает принтер в бухгалтерии.\n2. Прошу завести почту новому сотруднику Сидорову.\n3. Когда обновят 1С?"
    with open_served() as desk:
        sent = write(desk, text=text)
        assert len(desk.tickets()) == 1
        assert "несколько" in to(sent, "ivan@staff.example").message.text
        assert "несколько" not in to(sent, OLGA).message.text
