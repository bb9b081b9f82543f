"""Paid work by an agent's command: what the customer reads, what it costs, what their consent is bound to."""

from datetime import timedelta

import pytest

from maild.model import Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.clock import Wait
from maild.sla.target import Moment
from tests.walk import steered
from tests.walk.served import IVAN_ADDRESS, OLGA, open_served, order, running, write
from tests.walk.stage import BORIS, SUPPORT, events, reply
from tests.walk.stage import letter as mail
from tests.walk.steered import open_steered, purposes
from tests.walk.test_orders import lines
from tests.walk.test_passing_on import OLGA_ADDRESS, body, opened, to


def offer(desk: Rehearsal, command: str) -> SentLetter:
    """Let Ivan offer something to Olga; what she gets."""
    return to(order(desk, opened(desk), command), OLGA_ADDRESS)


def say(desk: Rehearsal, answered: SentLetter, text: str) -> list[SentLetter]:
    """Let Olga answer a letter."""
    return desk.deliver(reply(answered, text, author=OLGA), SUPPORT)


def test_work_of_its_own_for_a_sum() -> None:
    """One letter: the agent's words, the work, the sum, and that it begins after the consent (KR-12); meanwhile clocks wait."""
    with open_steered() as desk:
        notification = opened(desk)
        sent = order(desk, notification, "Перенесём базу за два дня.\n#предложить 15,5 тыс. руб за перенос базы")
        assert purposes(sent) == [Purpose.OFFER, Purpose.RECEIPT]
        assert body(to(sent, OLGA_ADDRESS)) == (
            "Здравствуйте, Ольга!\n\n"
            "Пишем о вашем обращении ACME-1.\n\n"
            "Перенесём базу за два дня.\n\n"
            "То, о чём вы просите, не входит в обслуживание, но мы можем сделать это за отдельную плату:\n"
            "перенос базы: 15\xa0500\xa0₽\n\n"
            "Если вы согласны, ответьте на это письмо словом «согласен» или «согласна»: работу начнём только после этого. "
            "Если нет, ответьте «отказываюсь».\n\n"
            "Если захотите что-нибудь уточнить, просто спросите в ответ на это письмо.\n\n"
            "ООО «Акме»\nsupport@acme.example\n"
        )
        assert lines(sent)[0] == (
            "Сделано: #предложить 15,5 тыс. руб за перенос базы (предложено: нет → перенос базы, 15\xa0500\xa0₽)"
        )
        (one,) = desk.tickets()
        assert (one.offer, one.offer_name, one.offer_price, one.offer_currency) == ("", "перенос базы", "15500", "₽")
        assert (one.offer_state, one.status) == ("offered", Status.WAITING)
        assert running(desk)[Moment.RESOLVED].pauses[-1].reason is Wait.APPROVAL
        assert Moment.ANSWERED not in running(desk)  # a person has answered
        told = say(desk, to(sent, OLGA_ADDRESS), "Согласна, начинайте.")
        assert (
            "Клиент согласен на платную работу: перенос базы, 15\xa0500\xa0₽ («согласна», «начинайте»)\nМожно приступать."
            in to(told, IVAN_ADDRESS).message.text
        )
        assert not running(desk)[Moment.RESOLVED].resting


@pytest.mark.parametrize(
    ("command", "told", "read"),
    [
        (
            "#предложить обучение",
            "Обучение, 1\xa0500\xa0₽\xa0за\xa0час",
            "Обучение: 1\xa0500\xa0₽\xa0за\xa0час\nОбучаем удалённо.",
        ),
        ("#предложить обучение 15000", "Обучение, 15\xa0000\xa0₽", "Обучение: 15\xa0000\xa0₽\nОбучаем удалённо."),
        ("#предложить 900 ₽ в час обучение", "Обучение, 900\xa0₽\xa0за\xa0час", "Обучение: 900\xa0₽\xa0за\xa0час"),
        ("#запропонувати 1 200 грн Налаштування", "Налаштування, 1\xa0200\xa0₴", "Налаштування: 1\xa0200\xa0₴"),
        ("#offer $1,500.50 Setup", "Setup, 1\xa0500,50\xa0$", "Setup: 1\xa0500,50\xa0$"),
    ],
)
def test_what_is_understood_is_shown(command: str, told: str, read: str) -> None:
    """In the receipt as in the customer's letter."""
    with open_steered() as desk:
        sent = order(desk, opened(desk), command)
        assert lines(sent)[0] == f"Сделано: {command} (предложено: нет → {told})"
        assert read in body(to(sent, OLGA_ADDRESS))


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (
            "#предложить обученье",
            "такого названия нет; есть Обучение",
        ),
        (
            "#предложить Отчёт за 2025",
            (
                "такой услуги нет; есть Обучение; для другой работы назовите сумму с валютой: "
                "#предложить УСЛУГА | УСЛУГА 15000 | 15 000 ₽ ЧТО"
            ),
        ),
        (
            "#предложить 15 000 ₽",
            "не понятно, что стоит после команды; пишут так: #предложить УСЛУГА | УСЛУГА 15000 | 15 000 ₽ ЧТО",
        ),
        (
            "#предложить обучение\n#faq password",
            "другая команда письма уже пишет клиенту, и иначе; отправьте их разными письмами",
        ),
    ],
)
def test_what_may_be_a_slip_is_not_offered(command: str, why: str) -> None:
    """A year is no sum: without a currency only what the organisation has ready has a price."""
    with open_steered() as desk:
        sent = order(desk, opened(desk), f"Вот что мы предлагаем.\n{command}")
        assert purposes(sent) == [Purpose.RECEIPT]
        assert f"Не сделано: {command.splitlines()[0]} ({why})" in lines(sent)
        assert desk.tickets()[0].offer_state == ""


def test_without_a_catalogue_a_sum_is_needed() -> None:
    with open_served() as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), "#предложить настройка")
        assert "готовых услуг в настройке нет; назовите сумму с валютой" in lines(sent)[0]


def test_a_refusal_closes_politely_and_names_what_was_refused() -> None:
    with open_steered() as desk:
        letter = offer(desk, "#предложить 15 000 ₽ Перенос базы")
        closing = to(say(desk, letter, "Нет, спасибо, дорого."), OLGA_ADDRESS)
        assert "Вы отказались от платной работы «Перенос базы», поэтому мы закрыли обращение." in body(closing)
        assert desk.tickets()[0].status is Status.CLOSED


def test_a_new_offer_replaces_the_old_one() -> None:
    """Yes to the old letter is for a person to read; yes to the new one counts, for the new sum."""
    with open_steered() as desk:
        notification = opened(desk)
        first = to(order(desk, notification, "#предложить 15 000 ₽ Перенос базы"), OLGA_ADDRESS)
        desk.advance(timedelta(hours=1))
        again = order(desk, notification, "#предложить 20 000 ₽ Перенос базы")
        assert "предложено: Перенос базы, 15\xa0000\xa0₽ → Перенос базы, 20\xa0000\xa0₽" in lines(again)[0]
        told = say(desk, first, "Согласна")
        assert desk.tickets()[0].offer_state == "offered"
        assert "Согласна" in to(told, IVAN_ADDRESS).message.text
        say(desk, to(again, OLGA_ADDRESS), "Согласна")
        one = desk.tickets()[0]
        assert (one.offer_state, one.offer_price) == ("accepted", "20000")


def test_yes_after_an_offer_that_has_lapsed_is_read_by_a_person() -> None:
    with open_steered() as desk:
        letter = offer(desk, "#предложить 15 000 ₽ Перенос базы")
        desk.advance(timedelta(days=30))
        assert desk.tickets()[0].offer_state == "lapsed"
        say(desk, letter, "Согласна")
        assert desk.tickets()[0].offer_state == "lapsed"


def test_yes_to_an_offer_that_was_taken_back_is_read_by_a_person() -> None:
    """The letter had left: she has two offers and may mean either."""
    with open_steered() as desk:
        notification = opened(desk)
        order(desk, notification, "#предложить 15 000 ₽ Перенос базы")
        second = to(order(desk, notification, "#предложить 10 000 ₽ Перенос базы"), OLGA_ADDRESS)
        undone = order(desk, notification, "#отмена")
        assert "письмо уже ушло, и вернуть его нельзя" in lines(undone)[0]
        say(desk, second, "Согласна")
        assert desk.tickets()[0].offer_state == "lapsed"


# ── consent ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_consent_is_told_with_the_words_that_decided() -> None:
    """To agents, in the history, and in what `maild explain` prints."""
    with open_steered() as desk:
        letter = offer(desk, "#предложить 15 000 ₽ Перенос базы")
        told = to(say(desk, letter, "Добрый день! Согласна, выставляйте счёт."), IVAN_ADDRESS)
        assert (
            "Клиент согласен на платную работу: Перенос базы, 15\xa0000\xa0₽ («согласна», «выставляйте»)"
            in told.message.text
        )
        assert "to Перенос базы, 15\xa0000\xa0₽: «согласна», «выставляйте»" in [one.text for one in events(desk)]
        assert "its requester agrees to the paid work: «согласна», «выставляйте»" in desk.settled[-1].outcome.reason


def test_an_unclear_yes_is_asked_about_once() -> None:
    """Agents read the letter and why it settles nothing; the customer is asked for a plain word, which then counts."""
    with open_steered() as desk:
        sent = say(desk, offer(desk, "#предложить 15 000 ₽ Перенос базы"), "Давайте попробуем")
        question = to(sent, OLGA_ADDRESS)
        assert question.purpose is Purpose.CHASER
        assert body(question) == (
            "Здравствуйте, Ольга!\n\n"
            "Пишем о вашем обращении ACME-1: мы предложили вам платную работу и не поняли по вашему ответу, согласны ли вы.\n\n"
            "Перенос базы: 15\xa0000\xa0₽\n\n"
            "Ответьте, пожалуйста, на это письмо одним словом: «согласен» или «не согласен». "
            "Без ясного согласия мы к работе не приступим.\n\n"
            "ООО «Акме»\nsupport@acme.example\n"
        )
        told = to(sent, IVAN_ADDRESS).message.text
        assert (
            "Это ответ на предложение платной работы, но ни согласия, ни отказа в нём не видно («давайте»). "
            "Клиента попросили ответить одним словом, согласен ли он."
        ) in told
        assert desk.tickets()[0].offer_state == "offered"
        again = say(desk, question, "Ок")
        assert OLGA_ADDRESS not in [one.recipient for one in again]
        say(desk, question, "Согласна")
        assert desk.tickets()[0].offer_state == "accepted"


@pytest.mark.parametrize(("text", "state"), [("не согласна", "declined"), ("Не согласен.", "declined")])
def test_the_question_is_answered_by_no(text: str, state: str) -> None:
    with open_steered() as desk:
        question = to(say(desk, offer(desk, "#предложить 15 000 ₽ Перенос базы"), "Ок"), OLGA_ADDRESS)
        say(desk, question, text)
        assert desk.tickets()[0].offer_state == state


def test_what_answers_an_agents_own_words_is_not_asked_about() -> None:
    """They may have asked something else: "14 hours, is that all right?"."""
    with open_steered() as desk:
        notification = opened(desk)
        order(desk, notification, "#предложить 15 000 ₽ Перенос базы")
        answer = to(order(desk, notification, "Начнём в среду, удобно ли вам это?"), OLGA_ADDRESS)
        sent = say(desk, answer, "Ок, давайте в среду")
        assert OLGA_ADDRESS not in [one.recipient for one in sent]


@pytest.mark.parametrize("text", ["Да.", "Да, давайте.", "Нет.", "Yes please"])
def test_a_bare_word_to_an_agent_settles_no_offer(text: str) -> None:
    """A yes to "can we connect at ten?" costs nothing, and "no" closes nothing; plain consent counts wherever it stands."""
    with open_steered() as desk:
        notification = opened(desk)
        order(desk, notification, "#предложить 15 000 ₽ Перенос базы")
        answer = to(order(desk, notification, "Подключиться завтра в 10 удобно?"), OLGA_ADDRESS)
        told = to(say(desk, answer, text), IVAN_ADDRESS).message.text
        assert "ни согласия, ни отказа в нём не видно" in told
        assert (desk.tickets()[0].offer_state, desk.tickets()[0].status) == ("offered", Status.OPEN)
        say(desk, answer, "Да, согласна.")
        assert desk.tickets()[0].offer_state == "accepted"


def test_what_is_made_out_of_a_request_has_no_offer() -> None:
    """Neither what was offered in the first one, nor what it costs."""
    with open_steered() as desk:
        notification = opened(desk)
        order(desk, notification, "#предложить 15 000 ₽ Перенос базы")
        order(desk, notification, "#разделить Касса не принимает пароль.")
        made = next(one for one in desk.tickets() if one.id == 2)
        assert {value for name, value in vars(made).items() if name.startswith("offer")} == {"", False}


def test_a_new_offer_may_be_asked_about_again() -> None:
    with open_steered() as desk:
        notification = opened(desk)
        for price in (15000, 20000):
            letter = to(order(desk, notification, f"#предложить {price} ₽ Перенос базы"), OLGA_ADDRESS)
            assert OLGA_ADDRESS in [one.recipient for one in say(desk, letter, "Ок")]


@pytest.mark.parametrize(
    "text",
    [
        "А НДС включён?",
        "Согласна, если успеете до пятницы",
        "Согласна на 3000",
        "Дороговато, но давайте обсудим",
        "Спасибо, поняла",
    ],
)
def test_what_is_no_attempt_at_consent_is_for_agents_alone(text: str) -> None:
    with open_steered() as desk:
        sent = say(desk, offer(desk, "#предложить 15 000 ₽ Перенос базы"), text)
        assert OLGA_ADDRESS not in [one.recipient for one in sent]
        assert "ни согласия, ни отказа в нём не видно" in to(sent, IVAN_ADDRESS).message.text
        assert desk.tickets()[0].offer_state == "offered"


def test_whoever_is_copied_agrees_to_nothing() -> None:
    """Nor is asked: only the requester pays."""
    with open_steered() as desk:
        raw = mail("Программа падает.", author=OLGA, headers=[("Cc", BORIS)])
        notification = to(desk.deliver(raw, SUPPORT), IVAN_ADDRESS)
        letter = to(order(desk, notification, "#предложить 15 000 ₽ Перенос базы"), OLGA_ADDRESS)
        for text in ("Согласен", "Ок"):
            sent = desk.deliver(reply(letter, text, author=BORIS), SUPPORT)
            assert {one.recipient for one in sent}.isdisjoint({OLGA_ADDRESS, BORIS})
        assert desk.tickets()[0].offer_state == "offered"


def test_a_forged_consent_counts_for_nothing() -> None:
    """From and the number are anybody's to write; without a token or an id of ours the requester has not spoken."""
    with open_steered() as desk:
        offer(desk, "#предложить 15 000 ₽ Перенос базы")
        for text in ("Согласна", "Ок"):
            sent = desk.deliver(mail(text, author=OLGA, subject="Re: [ACME-1] Не печатает принтер"), SUPPORT)
            assert OLGA_ADDRESS not in [one.recipient for one in sent]
        assert desk.tickets()[0].offer_state == "offered"


def test_the_question_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        steered, "STEERING", steered.STEERING.replace('remind = "3d"', 'remind = "3d"\nconsent = false')
    )
    with open_steered() as desk:
        sent = say(desk, offer(desk, "#предложить 15 000 ₽ Перенос базы"), "Ок")
        assert OLGA_ADDRESS not in [one.recipient for one in sent]


def test_an_autoreply_is_not_asked() -> None:
    with open_steered() as desk:
        letter = offer(desk, "#предложить 15 000 ₽ Перенос базы")
        raw = reply(letter, "Хорошо", author=OLGA, headers=[("Auto-Submitted", "auto-replied")])
        assert desk.deliver(raw, SUPPORT) == []
