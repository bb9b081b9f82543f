"""The admin's rules, played through real letters: what customers hear, what agents see, what becomes of the ticket."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.model import OutcomeKind, Purpose, Status
from maild.rehearsal import Rehearsal
from maild.rules.condition import Seen
from maild.rules.sight import Decided, Sight
from maild.sla.clock import Wait
from maild.sla.target import Moment
from tests.walk.served import HEAD_ADDRESS, IVAN, IVAN_ADDRESS, OLGA, STRANGER, open_served, order, running, write
from tests.walk.stage import SUPPORT, ended, events, last, letter, reply, summary, ticket, to
from tests.walk.steered import STEERING, open_steered, purposes, say

OLGA_ADDRESS = "olga@romashka.example"
STRANGER_ADDRESS = "petr@nowhere.example"
AGENTS = [f"notification {IVAN_ADDRESS}", f"notification {HEAD_ADDRESS}"]


def kinds(desk: Rehearsal) -> list[str]:
    return [one.kind for one in events(desk)]


# ── what a request is ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_says_what_a_request_is() -> None:
    """Category, severity, place in the queue and tags are the rule's, the terms are those of the category."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Упал сервер, ничего не работает!")
        one = ticket(desk)
        assert (one.category, one.severity, one.rank, one.tags) == ("outage", "critical", 0, ("авария",))
        assert running(desk)[Moment.ANSWERED].target.name == "outage-answer"
        words = to(sent, OLGA_ADDRESS).message.text
        assert "Авария" in words
        assert "Критическая" in words
        assert "авария" in to(sent, IVAN_ADDRESS).message.text


PRIORITIES = """
[organization.acme.rule.first]
when.words = "переезд"
then.priority = "first"
[organization.acme.rule.early]
when.words = "отпуск"
then.priority = "early"
[organization.acme.rule.late]
when.words = "опрос"
then.priority = "late"
"""


@pytest.mark.parametrize(
    ("text", "rank"),
    [("Готовимся к переезду", 0), ("Готовимся к отпуску", 1), ("Готовимся к уборке", 2), ("Готовимся к опросу", 3)],
)
def test_a_rule_gives_a_place_in_the_queue(text: str, rank: int) -> None:
    """It stands when a person says later what the request is; only what comes out of queue goes before it."""
    with open_steered(PRIORITIES) as desk:
        sent = write(desk, OLGA, text)
        assert ticket(desk).rank == rank
        order(desk, to(sent, IVAN_ADDRESS), "#категория вопрос\n#важность низкая")
        assert (ticket(desk).category, ticket(desk).severity, ticket(desk).rank) == ("question", "low", rank)
        order(desk, to(sent, IVAN_ADDRESS), "#важность критическая")
        assert ticket(desk).rank == 0


def test_a_rule_raises_the_level() -> None:
    """The terms are those of the level that the rule names, whatever the client's own is."""
    raised = '[organization.acme.rule.gold]\nwhen.words = "переезд"\nthen.level = "gold"\n'
    with open_steered(raised) as desk:
        write(desk, OLGA, "Готовимся к переезду")
        assert ticket(desk).level == "gold"
        assert running(desk)[Moment.ANSWERED].target.name == "gold-answer"
        write(desk, OLGA, "Готовимся к отпуску", subject="Другое")
        assert ticket(desk).level == "base"


def test_the_findings_tell_every_rule_in_order() -> None:
    """Those that matched with their evidence, the others with the first condition that failed."""
    with open_steered() as desk:
        write(desk, OLGA, "Выходит ошибка. Версия 8.3.22")
        decision = last(desk).decision
        assert decision is not None
        (finding,) = (one for one in decision.findings if one.step == "rules")
        assert finding.verdict == "fault"
        assert finding.evidence[0].startswith("outage: no: ")
        assert finding.evidence[1].startswith("fault: matched: ")
        assert "rule" in kinds(desk)


def test_the_findings_tell_what_was_looked_for() -> None:
    """What a checklist asks for is there or lacking, each with what shows it."""
    items = '[organization.acme.rule.more]\nwhen.words = "ошибка"\nthen.ask = ["contact", "inventory"]\n'
    items += '[organization.acme.missing.inventory]\ntext = "номер"\nthere = { matches = "№[0-9]+" }\n'
    with open_steered(items) as desk:
        write(desk, OLGA, "Выходит ошибка. Версия 8.3.22, тел. +7 916 123-45-67")
        decision = last(desk).decision
        assert decision is not None
        (finding,) = (one for one in decision.findings if one.step == "asked")
        assert finding.verdict == "screenshot, inventory"
        assert [line.split(": ")[:2] for line in finding.evidence] == [
            ["version", "there"], ["screenshot", "lacking"], ["contact", "there"], ["inventory", "lacking"],
        ]  # fmt: skip
        assert "+7 916 123-45-67" in finding.evidence[2]
        assert "№[0-9]+" in finding.evidence[3]


def test_agents_read_hints_of_rules_and_of_the_text() -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, "Выходит ошибка. Версия 8.3.22")
        assert "Проверьте журнал." in to(sent, IVAN_ADDRESS).message.text
        assert "Проверьте журнал." not in to(sent, OLGA_ADDRESS).message.text


def test_only_the_team_hears() -> None:
    """A request that goes to a team does not ring at everybody's."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Не проходит проводка по складу")
        one = ticket(desk)
        assert (one.team, one.unit, one.agent) == ("accounting", "books", "petra")
        assert summary(sent) == sorted([f"acknowledgement {OLGA_ADDRESS}", f"notification {HEAD_ADDRESS}"])
        assert "Отдел учёта" in to(sent, OLGA_ADDRESS).message.text
        assert one.status is Status.NEW


# ── grounds ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_refused_at_once_by_a_rule() -> None:
    """Registered, closed, not counted, without terms; the author is told why and what to do; nobody else is rung up."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Ты дурак")
        one = ticket(desk)
        assert (one.status, one.counted, one.ground, one.ground_state) == (Status.CLOSED, False, "abuse", "refused")
        assert desk.clocks(one.id) == ()
        assert summary(sent) == [f"refusal {OLGA_ADDRESS}"]
        words = sent[0].message.text
        assert "Письма с бранью мы не рассматриваем." in words
        assert "Напишите ещё раз, без брани." in words
        assert ended(desk) is OutcomeKind.OPENED


FILES = '[organization.acme.attachments]\nmax_size = "1KB"\n'


@pytest.mark.parametrize(
    ("author", "text", "subject", "purpose"),
    [
        (OLGA, "Ты дурак", "Отчёт", Purpose.REFUSAL),
        (OLGA, "Здравствуйте", "???", Purpose.POSTPONEMENT),
        (STRANGER, "Не печатает", "Отчёт", Purpose.REFUSAL),
        (OLGA, "Не печатает", "Отчёт", Purpose.ACKNOWLEDGEMENT),
    ],
)
def test_whatever_the_author_hears_names_the_files_that_are_not_taken(
    author: str, text: str, subject: str, purpose: Purpose
) -> None:
    """Who writes again then sends them as they are taken: in both parts of the letter, and not what is taken."""
    files = {"a.txt": b"a" * 1000, "b.txt": b"b" * 1001}
    with open_served(identity='unknown = "refuse"', organization=STEERING + FILES) as desk:
        (told, *_) = desk.deliver(letter(text, author=author, subject=subject, attachments=files), SUPPORT)
        assert told.purpose is purpose
        for words in (told.message.text, told.message.html or ""):
            assert "Эти файлы мы принять не смогли:" in words
            assert "– b.txt: файл слишком велик, принимаем не больше 1\u00a0КБ" in words
            assert "a.txt" not in words
        (told, *_) = desk.deliver(letter(text, author="Ян <jan@new.example>", subject=subject), SUPPORT)
        assert "Эти файлы" not in told.message.text


def test_who_writes_again_after_a_rules_refusal_is_owed_an_answer() -> None:
    """A person reads it, within a term that begins with this letter (D12); of a stranger who has to say who they are, none does."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Ты дурак")
        desk.advance(timedelta(hours=1))
        told = say(desk, sent, "Простите. Не открывается отчёт о продажах", OLGA)
        assert summary(told) == sorted(AGENTS)
        assert ticket(desk).status is Status.OPEN
        clocks = running(desk)
        assert {Moment.ANSWERED, Moment.RESOLVED} <= clocks.keys()
        assert {one.started_at for one in clocks.values()} == {desk.now}
        assert "Ответить до" in to(told, IVAN_ADDRESS).message.text
    with open_served(identity='unknown = "ask"', organization=STEERING) as desk:
        sent = write(desk, STRANGER, "Ты дурак")
        say(desk, sent, "Простите. Не открывается отчёт о продажах", STRANGER)
        assert ticket(desk).status is Status.OPEN
        assert not running(desk)


def test_the_same_ground_is_told_once() -> None:
    """A8: the second letter is refused as well, silently; after a month its author hears again."""
    with open_steered() as desk:
        write(desk, OLGA, "Ты дурак")
        assert write(desk, OLGA, "Сам дурак", subject="И ещё") == []
        assert ticket(desk).ground_state == "refused"
        assert "not acknowledged" in kinds(desk)
        desk.advance(timedelta(days=31))
        assert purposes(write(desk, OLGA, "Опять дураки", subject="Снова")) == [Purpose.REFUSAL]


def test_others_are_told_their_own_ground() -> None:
    with open_steered() as desk:
        write(desk, OLGA, "Ты дурак")
        assert purposes(write(desk, STRANGER, "Ты дурак")) == [Purpose.REFUSAL]


@pytest.mark.parametrize(
    "headers",
    [
        [("Authentication-Results", "mx.acme.example; dmarc=fail header.from=romashka.example")],
        [("Authentication-Results", "mx.acme.example; spf=fail smtp.mailfrom=romashka.example")],
        [("Received-SPF", "Fail (mx.acme.example: domain of x does not designate)")],
    ],
    ids=["dmarc", "spf", "received-spf"],
)
def test_a_forged_sender_is_refused_by_nobody_but_a_person(headers: list[tuple[str, str]]) -> None:
    """Or a stranger could have us send refusals to whomever they like."""
    with open_steered() as desk:
        sent = desk.deliver(letter("Ты дурак", author=OLGA, headers=headers), SUPPORT)
        assert ticket(desk).ground_state == "proposed"
        assert Purpose.REFUSAL not in purposes(sent)
        assert "#отказать" in to(sent, IVAN_ADDRESS).message.text


def test_a_signed_letter_that_was_forwarded_is_not_called_forged() -> None:
    with open_steered() as desk:
        headers = [("Authentication-Results", "mx; spf=fail smtp.mailfrom=x; dkim=pass header.d=romashka.example")]
        desk.deliver(letter("Ты дурак", author=OLGA, headers=headers), SUPPORT)
        assert ticket(desk).ground_state == "refused"


@pytest.mark.parametrize(
    "headers", [[("Auto-Submitted", "auto-generated")], [("Return-Path", "<>")]], ids=["machine", "null sender"]
)
def test_machines_are_never_refused(headers: list[tuple[str, str]]) -> None:
    with open_steered() as desk:
        sent = desk.deliver(letter("Ты дурак", author=OLGA, headers=headers), SUPPORT)
        assert not [one for one in sent if one.recipient == OLGA_ADDRESS]
        assert ticket(desk).ground_state == "proposed"


def test_proposed_to_a_person_who_confirms_by_one_word() -> None:
    """Until then the request is served as any other; then its author is told, once, and it counts as the ground says."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Винда не грузится")
        assert summary(sent) == sorted([f"acknowledgement {OLGA_ADDRESS}", *AGENTS])
        assert running(desk)
        notification = to(sent, IVAN_ADDRESS)
        assert "Не наша программа" in notification.message.text
        assert "Не наша программа" not in to(sent, OLGA_ADDRESS).message.text
        told = order(desk, notification, "#отказать")
        assert summary(told) == sorted([f"receipt {IVAN_ADDRESS}", f"refusal {OLGA_ADDRESS}"])
        one = ticket(desk)
        assert (one.status, one.ground_state, one.counted) == (Status.CLOSED, "refused", True)
        assert not running(desk)
        assert "Обратитесь к её производителю." in to(told, OLGA_ADDRESS).message.text


def test_refused_in_the_agents_own_words() -> None:
    """Then the customer gets those, and no second letter."""
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Винда не грузится"), IVAN_ADDRESS)
        told = order(desk, notification, "#отказать\nЗдесь мы, увы, не поможем.")
        assert summary(told) == sorted([f"answer {OLGA_ADDRESS}", f"receipt {IVAN_ADDRESS}"])
        assert ticket(desk).status is Status.CLOSED


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#отказать не наша", "Клиенту отправляется отказ."),
        ("#отложить мало сведений", "Клиенту отправляется письмо о том, что обращение отложено."),
        ("#предложить обучение", "Клиенту отправляется предложение платной работы."),
        ("#отказать не наша\nЗдесь мы не поможем.", "Остальной текст вашего письма отправлен клиенту."),
        ("#категория вопрос", "Клиенту ничего не отправлено."),
    ],
)
def test_the_receipt_says_what_the_customer_is_sent(line: str, said: str) -> None:
    with open_steered() as desk:
        told = order(desk, to(write(desk, OLGA, "Ничего особенного"), IVAN_ADDRESS), line)
        receipt = to(told, IVAN_ADDRESS).message.text
        assert [one for one in receipt.splitlines() if "лиент" in one and "отправл" in one] == [said]


def test_a_named_ground() -> None:
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Ничего особенного"), IVAN_ADDRESS)
        order(desk, notification, "#отказать не наша")
        assert ticket(desk).ground == "foreign"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#отказать", "назовите его"),
        ("#отказать ерунда", "такого названия нет"),
        ("#отказать мало сведений", "такого названия нет"),
        ("#обслужить", "не отказано"),
    ],
    ids=["none proposed", "unknown", "of another effect", "nothing to take back"],
)
def test_words_about_grounds_that_change_nothing(line: str, said: str) -> None:
    with open_steered() as desk:
        before = write(desk, OLGA, "Ничего особенного")
        was = ticket(desk)
        told = order(desk, to(before, IVAN_ADDRESS), line)
        assert said in to(told, IVAN_ADDRESS).message.text
        assert ticket(desk) == was


def test_a_proposal_is_dismissed() -> None:
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Винда не грузится"), IVAN_ADDRESS)
        terms = running(desk)
        told = order(desk, notification, "#обслужить")
        assert "основание: Не наша программа → нет" in to(told, IVAN_ADDRESS).message.text
        assert (ticket(desk).ground, ticket(desk).ground_state) == ("", "")
        assert running(desk) == terms


def test_what_a_rule_refused_is_served_after_all() -> None:
    """The agents did not hear of it; one who looks it up takes it back, and terms run from then."""
    with open_steered() as desk:
        sent = desk.deliver(
            letter("Ты дурак", author=OLGA, headers=[("Received-SPF", "fail")]), SUPPORT
        )  # so that Ivan has something to answer
        notification = to(sent, IVAN_ADDRESS)
        order(desk, notification, "#отказать")
        assert ticket(desk).status is Status.CLOSED
        order(desk, notification, "#обслужить")
        one = ticket(desk)
        assert (one.status, one.ground_state, one.counted) == (Status.OPEN, "", True)
        assert running(desk)


def test_put_off_by_a_rule() -> None:
    """The solution rests, the customer hears what is wanted; their letter goes on where it stood."""
    with open_steered() as desk:
        sent = desk.deliver(letter("Помогите", author=OLGA, subject="???"), SUPPORT)
        one = ticket(desk)
        assert (one.status, one.ground, one.ground_state) == (Status.WAITING, "unclear", "postponed")
        assert summary(sent) == sorted([*AGENTS, f"postponement {OLGA_ADDRESS}"])
        assert "Опишите, что вы делали" in to(sent, OLGA_ADDRESS).message.text
        assert running(desk)[Moment.RESOLVED].pauses[-1].reason is Wait.CUSTOMER
        say(desk, sent, "Не открывается отчёт о продажах", OLGA)
        assert ticket(desk).status is Status.OPEN
        assert not running(desk)[Moment.RESOLVED].resting


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_asked_for_what_the_checklist_lacks() -> None:
    """The acknowledgement lists it, the ticket waits; what the letter has is not asked for."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Выходит ошибка. Версия 8.3.22.1923")
        assert (ticket(desk).asked, ticket(desk).status) == (("screenshot",), Status.WAITING)
        words = to(sent, OLGA_ADDRESS).message.text
        assert "снимок экрана с ошибкой" in words
        assert "номер версии программы" not in words
        assert running(desk)[Moment.RESOLVED].resting
        assert not running(desk)[Moment.ANSWERED].resting


def test_asked_without_waiting() -> None:
    """A phone number helps with an outage, and nobody waits for it: the terms run, nobody is chased (CB-25)."""
    phone = """
[organization.acme.missing.contact]
wait = false
[organization.acme.rule.phone]
when.category = "outage"
then.ask = "contact"
"""
    with open_steered(phone) as desk:
        sent = write(desk, OLGA, "Упал сервер")
        assert "телефон" in to(sent, OLGA_ADDRESS).message.text
        assert (ticket(desk).asked, ticket(desk).status) == (("contact",), Status.NEW)
        assert not running(desk)[Moment.RESOLVED].resting
        assert Purpose.CHASER not in purposes(desk.advance(timedelta(days=15)))


def test_a_file_that_is_not_taken_is_not_what_was_asked_for() -> None:
    """A screenshot counts once somebody can open it."""
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
    asked = '[organization.acme.attachments]\nmax_size = "{}"\n'
    for size, lacking in (("90KB", ("screenshot",)), ("200KB", ())):
        own = STEERING.replace('[organization.acme.missing.screenshot]\ntext = "снимок экрана с ошибкой"\n', "")
        with open_served(organization=own + asked.format(size)) as desk:
            sent = write(desk, OLGA, "Выходит ошибка. Версия 8.3.22")
            assert ticket(desk).asked == ("screenshot",)
            mine = to(sent, OLGA_ADDRESS)
            desk.deliver(reply(mine, "Вот", author=OLGA, attachments={"экран.png": picture}), SUPPORT)
            assert ticket(desk).asked == lacking


def test_a_silent_customer_is_reminded_once_then_given_up() -> None:
    with open_steered() as desk:
        write(desk, OLGA, "Выходит ошибка")
        assert Purpose.CHASER not in purposes(desk.advance(timedelta(days=2, hours=23)))
        chaser = [one for one in desk.advance(timedelta(hours=2)) if one.purpose is Purpose.CHASER]
        assert [one.recipient for one in chaser] == [OLGA_ADDRESS]
        assert "номер версии программы" in chaser[0].message.text
        sent = desk.advance(timedelta(days=8))
        assert [one.recipient for one in sent if one.purpose is Purpose.CLOSING] == [OLGA_ADDRESS]
        assert [one.recipient for one in sent if "так и не ответил" in one.message.text] == [IVAN_ADDRESS, HEAD_ADDRESS]
        assert Purpose.CHASER not in purposes(sent)
        assert ticket(desk).status is Status.CLOSED
        assert not running(desk)


def test_an_answer_ends_the_chase() -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, "Выходит ошибка")
        say(desk, sent, "Версия 8.3.22.1923", OLGA)
        assert ticket(desk).asked == ("screenshot",)
        assert ticket(desk).status is Status.OPEN
        later = purposes(desk.advance(timedelta(days=15)))
        assert Purpose.CHASER not in later
        assert Purpose.CLOSING not in later


def test_nobody_is_chased_while_we_owe_the_answer() -> None:
    """The agent has taken over: what they ask is theirs to remember."""
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Выходит ошибка"), IVAN_ADDRESS)
        order(desk, notification, "Посмотрим и без снимка.")
        later = purposes(desk.advance(timedelta(days=15)))
        assert Purpose.CHASER not in later
        assert Purpose.CLOSING not in later


def test_a_letter_opens_what_was_given_up() -> None:
    with open_steered() as desk:
        write(desk, OLGA, "Выходит ошибка")
        closing = next(one for one in desk.advance(timedelta(days=11)) if one.purpose is Purpose.CLOSING)
        desk.deliver(reply(closing, "Вот номер: 8.3.22.1923", author=OLGA), SUPPORT)
        assert ticket(desk).status is Status.OPEN


# ── passing on ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_passed_on_for_good() -> None:
    """The office outside gets words and files and answers the customer, who is told to whom it went (FN-17)."""
    with open_steered() as desk:
        raw = letter("Вопрос в налоговую", author=OLGA, attachments={"декларация.pdf": b"%PDF-1.4 x"})
        sent = desk.deliver(raw, SUPPORT)
        passing = to(sent, "office@tax.example")
        assert passing.purpose is Purpose.PASSING
        assert [one.name for one in passing.message.attachments] == ["декларация.pdf"]
        assert [one.addr for one in passing.message.reply_to] == [OLGA_ADDRESS]
        words = to(sent, OLGA_ADDRESS).message.text
        assert "Налоговая" in words
        assert "Она ответит вам сама." in words
        assert ticket(desk).status is Status.CLOSED
        assert not running(desk)


def test_nothing_is_asked_or_offered_about_what_is_passed_on_for_good() -> None:
    """Somebody else answers: neither the checklist nor paid work nor answers of ours stand in the way."""
    more = '[organization.acme.rule.more]\nwhen.words = "налоговая"\nthen = { category = "fault", offer = "training", faq = "password" }\n'
    with open_steered(more) as desk:
        sent = write(desk, OLGA, "Что скажет налоговая?")
        one = ticket(desk)
        assert (one.status, one.category, one.asked, one.offer, one.faq) == (Status.CLOSED, "fault", (), "", ())
        words = to(sent, OLGA_ADDRESS).message.text
        for unsaid in ("пришлите, пожалуйста", "Обучение", "faq/password"):
            assert unsaid not in words
        assert desk.advance(timedelta(days=20)) == []


def test_passed_on_to_be_heard_of() -> None:
    """A third party's answer comes into the ticket, not to the customer; meanwhile the solution rests."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Где исходный код?")
        assert ticket(desk).status is Status.WAITING
        assert running(desk)[Moment.RESOLVED].pauses[-1].reason is Wait.THIRD_PARTY
        passing = to(sent, "dev@maker.example")
        answered = desk.deliver(reply(passing, "Исправим в версии 9.", author="dev@maker.example"), SUPPORT)
        assert ended(desk) is OutcomeKind.APPENDED
        assert not [one for one in answered if one.recipient == OLGA_ADDRESS]
        assert "Исправим в версии 9." in to(answered, IVAN_ADDRESS).message.text


def test_a_third_partys_words_are_not_told_as_the_customers() -> None:
    """A colleague who is given the request reads what the customer wrote last."""
    with open_steered() as desk:
        passing = to(write(desk, OLGA, "Где исходный код?"), "dev@maker.example")
        answered = desk.deliver(reply(passing, "Исправим в версии 9.", author="dev@maker.example"), SUPPORT)
        given = to(order(desk, to(answered, IVAN_ADDRESS), "#назначить Петра"), HEAD_ADDRESS).message.text
        assert "Последнее письмо клиента:\nГде исходный код?" in given


# ── paid work ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_offered_and_agreed_to() -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, "Нужно обучение для бухгалтера")
        assert "Обучаем удалённо." in to(sent, OLGA_ADDRESS).message.text
        assert (ticket(desk).offer_state, ticket(desk).status) == ("offered", Status.WAITING)
        assert running(desk)[Moment.RESOLVED].pauses[-1].reason is Wait.APPROVAL
        told = say(desk, sent, "Согласны, начинайте", OLGA)
        assert (ticket(desk).offer_state, ticket(desk).status) == ("accepted", Status.OPEN)
        assert not running(desk)[Moment.RESOLVED].resting
        assert summary(told) == sorted(AGENTS)


def test_offered_and_declined() -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, "Нужно обучение для бухгалтера")
        told = say(desk, sent, "Нет, спасибо, не нужно", OLGA)
        assert (ticket(desk).offer_state, ticket(desk).status) == ("declined", Status.CLOSED)
        assert summary(told) == sorted([*AGENTS, f"closing {OLGA_ADDRESS}"])


@pytest.mark.parametrize("text", ["Нам нужно обучение", "Ничего особенного"], ids=["by a rule", "by an agent"])
def test_an_offer_that_nobody_answers_is_given_up(text: str) -> None:
    """Its customer is reminded once of what was offered, then the request is closed."""
    with open_steered() as desk:
        sent = write(desk, OLGA, text)
        if not ticket(desk).offer:
            order(desk, to(sent, IVAN_ADDRESS), "#предложить обучение")
        told = [one for one in desk.advance(timedelta(days=20)) if one.recipient == OLGA_ADDRESS]
        assert purposes(told) == [Purpose.CHASER, Purpose.CLOSING]
        assert ticket(desk).status is Status.CLOSED


def test_a_question_about_an_offer_is_for_a_person() -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, "Нужно обучение для бухгалтера")
        say(desk, sent, "А сколько это займёт времени?", OLGA)
        assert (ticket(desk).offer_state, ticket(desk).status) == ("offered", Status.WAITING)


def test_nobody_else_agrees_for_the_requester() -> None:
    with open_steered() as desk:
        sent = desk.deliver(letter("Нужно обучение", author=OLGA, headers=[("Cc", "boss@romashka.example")]), SUPPORT)
        mine = to(sent, OLGA_ADDRESS)
        desk.deliver(reply(mine, "Согласны", author="boss@romashka.example"), SUPPORT)
        assert ticket(desk, 1).offer_state == "offered"


def test_an_agent_offers_by_a_word() -> None:
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Ничего особенного"), IVAN_ADDRESS)
        told = order(desk, notification, "#предложить обучение")
        assert summary(told) == sorted([f"offer {OLGA_ADDRESS}", f"receipt {IVAN_ADDRESS}"])
        assert ticket(desk).offer_state == "offered"
        say(desk, told, "да, согласен", OLGA)
        assert ticket(desk).offer_state == "accepted"


# ── the FAQ ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_suggested_and_it_helped() -> None:
    """The acknowledgement has the links; a word of the customer's closes the request, and the entry has the credit."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Забыла пароль, не могу войти")
        words = to(sent, OLGA_ADDRESS).message.text
        assert "https://acme.example/faq/password" in words
        assert ticket(desk).faq[0] == "password"
        told = say(desk, sent, "Спасибо, помогло!", OLGA)
        assert ticket(desk).status is Status.CLOSED
        assert not running(desk)
        assert summary(told) == sorted(AGENTS)
        assert "Как восстановить пароль" in to(told, IVAN_ADDRESS).message.text


def test_no_more_than_three_answers_are_suggested() -> None:
    """What rules name comes first, whatever the search finds besides."""
    entries = "".join(
        f'[organization.acme.faq.more{number}]\ntitle = "Ответ {number}"\nanswer = "Так."\n' for number in range(3)
    )
    rule = '[organization.acme.rule.more]\nwhen.words = "счёт"\nthen.faq = ["more0", "more1", "more2"]\n'
    with open_steered(entries + rule) as desk:
        write(desk, OLGA, "Где скачать счёт на оплату?")
        assert ticket(desk).faq == ("more0", "more1", "more2")


def test_it_did_not_help() -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, "Забыла пароль, не могу войти")
        say(desk, sent, "Не помогло, ссылка не открывается", OLGA)
        assert ticket(desk).status is not Status.CLOSED


def test_after_an_agents_answer_thanks_are_the_agents() -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, "Забыла пароль, не могу войти")
        answered = order(desk, to(sent, IVAN_ADDRESS), "Сбросили пароль, он в SMS.")
        say(desk, answered, "Спасибо, помогло!", OLGA)
        assert ticket(desk).status is Status.OPEN  # a person looks; issue 6 knows thanks


def test_an_agent_answers_with_an_entry() -> None:
    """The answer may be a link (CB-11, KL-4, TK-12), and is a person's: the reaction is met."""
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Ничего особенного"), IVAN_ADDRESS)
        told = order(desk, notification, "#faq счёт\nВот здесь:".replace("счёт", "invoice"))
        answer = to(told, OLGA_ADDRESS)
        assert answer.purpose is Purpose.ANSWER
        assert "Вот здесь:" in answer.message.text
        assert "https://acme.example/faq/invoice" in answer.message.text
        assert Moment.ANSWERED not in running(desk)


def test_a_link_alone_is_an_answer() -> None:
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Ничего особенного"), IVAN_ADDRESS)
        told = order(desk, notification, "#faq invoice")
        assert to(told, OLGA_ADDRESS).purpose is Purpose.ANSWER
        assert IVAN not in to(told, OLGA_ADDRESS).message.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#faq invoice", "Клиенту отправлен готовый ответ."),
        ("#faq invoice\n#faq password", "Клиенту отправлены готовые ответы."),
        ("#faq invoice\nВот здесь:", "Остальной текст вашего письма отправлен клиенту."),
    ],
)
def test_the_receipt_says_what_the_customer_was_sent(text: str, said: str) -> None:
    """The letter's own words, where it has any; else what the commands in it name."""
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Ничего особенного"), IVAN_ADDRESS)
        receipt = to(order(desk, notification, text), IVAN_ADDRESS)
        assert said in receipt.message.text.splitlines()


PUT_OFF = """
[organization.acme.ground.later]
name = "Ждёт других"
effect = "postpone"
decided = "rule"
text = "Это появится в новой версии."
wait = "{wait}"
[organization.acme.rule.later]
when.words = "выпуск"
then = {{ postpone = "later", level = "gold" }}
"""


@pytest.mark.parametrize("author", [OLGA, STRANGER])
@pytest.mark.parametrize(
    ("wait", "status"),
    [
        ("release", Status.WAITING),
        ("third_party", Status.WAITING),
        ("customer", Status.OPEN),
        ("approval", Status.OPEN),
    ],
)
def test_a_letter_of_the_customers_ends_no_wait_for_others(author: str, wait: str, status: Status) -> None:
    """Where no solution is promised, too: it joins the request, agents read it, and what was put off stays so.

    Who waits for the customer has what they waited for.
    """
    with open_served(organization=STEERING + PUT_OFF.format(wait=wait)) as desk:
        sent = write(desk, author, "Когда выпуск новой версии?")
        assert (ticket(desk).status, ticket(desk).ground_state) == (Status.WAITING, "postponed")
        assert Moment.RESOLVED not in running(desk)
        told = say(desk, sent, "Ещё подробность: нам нужна печать.", author)
        assert summary(told) == sorted(AGENTS)
        assert ended(desk) is OutcomeKind.APPENDED
        assert (ticket(desk).status, ticket(desk).ground_state) == (
            status,
            "postponed" if status is Status.WAITING else "",
        )
        order(desk, to(told, IVAN_ADDRESS), "#обслужить" if status is Status.WAITING else "#продолжить")
        assert (ticket(desk).status, ticket(desk).ground_state) == (Status.OPEN, "")


@pytest.mark.parametrize(
    ("level", "line", "status"),
    [
        ("gold", "", Status.OPEN),
        ("base", "", Status.OPEN),
        ("gold", "#отложить ждёт других\n", Status.WAITING),
        ("base", "#отложить ждёт других\n", Status.OPEN),  # nothing is unanswered: the promised solution goes on (D12)
    ],
)
def test_whoever_is_asked_meanwhile_ends_the_wait_by_answering(level: str, line: str, status: Status) -> None:
    """From an agent's question on it is the customer who is waited for, unless the agent says otherwise."""
    put_off = PUT_OFF.format(wait="release").replace('"gold"', f'"{level}"')
    with open_served(organization=STEERING + put_off) as desk:
        sent = write(desk, OLGA, "Когда выпуск новой версии?")
        told = order(desk, to(sent, IVAN_ADDRESS), f"{line}А что вам в ней нужно?")
        assert ticket(desk).status is Status.WAITING
        say(desk, told, "Печать.", OLGA)
        assert ticket(desk).status is status
        assert ticket(desk).ground_state == ("postponed" if status is Status.WAITING else "")


# ── further letters ──────────────────────────────────────────────────────────────────────────────────────────────────

LATER = """
[organization.acme.rule.later-outage]
on = "later"
when.words = "упал"
then = { severity = "critical", tags = "упало" }
[organization.acme.rule.later-rude]
on = "later"
when.words = "болван"
then.refuse = "abuse"
"""


def test_a_further_letter_fills_in_what_is_open() -> None:
    with open_steered(LATER) as desk:
        sent = write(desk, OLGA, "Ничего особенного")
        say(desk, sent, "Теперь всё упало", OLGA)
        assert (ticket(desk).severity, ticket(desk).rank, ticket(desk).tags) == ("critical", 0, ("упало",))


def test_a_persons_word_stands() -> None:
    with open_steered(LATER) as desk:
        sent = write(desk, OLGA, "Ничего особенного")
        order(desk, to(sent, IVAN_ADDRESS), "#важность низкая")
        say(desk, sent, "Теперь всё упало", OLGA)
        assert ticket(desk).severity == "low"


def test_nobody_is_refused_in_the_middle_of_a_conversation() -> None:
    with open_steered(LATER) as desk:
        sent = write(desk, OLGA, "Ничего особенного")
        told = say(desk, sent, "Болваны", OLGA)
        assert ticket(desk).ground_state == "proposed"
        assert Purpose.REFUSAL not in purposes(told)


def test_a_stranger_is_asked_who_they_are_and_refused_for_abuse_all_the_same() -> None:
    with open_steered() as desk:
        sent = write(desk, STRANGER, "Ты дурак")
        assert summary(sent) == [f"refusal {STRANGER_ADDRESS}"]


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_that_breaks_us_costs_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter goes to a person with the rule named, nobody is refused, and the admin is told once."""
    with open_steered() as desk:
        box = desk._policy.mailboxes[SUPPORT]
        rules = box.steering.rules.rules

        def bug(_sight: Sight, _decided: Decided) -> Seen:
            raise ZeroDivisionError("a bug of ours")

        broken = tuple(replace(rule, holds=bug) if rule.name == "windows" else rule for rule in rules)
        steering = replace(box.steering, rules=replace(box.steering.rules, rules=broken))
        monkeypatch.setitem(desk._policy.mailboxes, SUPPORT, replace(box, steering=steering))
        sent = write(desk, OLGA, "Ты дурак")
        assert ended(desk) is OutcomeKind.OPENED
        assert ticket(desk).ground_state == ""
        assert summary(sent) == sorted([f"acknowledgement {OLGA_ADDRESS}", "admin admin@staff.example", *AGENTS])
        assert "windows" in to(sent, IVAN_ADDRESS).message.text
        assert "windows" in to(sent, "admin@staff.example").message.text
        again = write(desk, OLGA, "Всё ещё дурак", subject="Снова")
        assert "admin admin@staff.example" not in summary(again)


def test_what_was_put_off_is_taken_up_by_the_customers_answer() -> None:
    """Then it counts as any other, and nobody is told any more that it is put off; the next letter like it hears the ground again."""
    with open_steered() as desk:
        sent = desk.deliver(letter("Помогите", author=OLGA, subject="???"), SUPPORT)
        assert "Обращение отложено: Мало сведений" in to(sent, IVAN_ADDRESS).message.text
        answered = say(desk, sent, "Не открывается отчёт о продажах", OLGA)
        assert (ticket(desk).ground_state, ticket(desk).counted) == ("", True)
        assert "отложено" not in to(answered, IVAN_ADDRESS).message.text
        again = desk.deliver(letter("Снова помогите", author=OLGA, subject="??"), SUPPORT)
        assert Purpose.POSTPONEMENT in purposes(again)


def test_an_agents_entry_helped() -> None:
    """The link that an agent answered with has the credit, as a suggested one has."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Ничего особенного")
        answered = order(desk, to(sent, IVAN_ADDRESS), "#faq invoice")
        say(desk, answered, "Помогло, спасибо", OLGA)
        assert ticket(desk).status is Status.CLOSED
        decision = last(desk).decision
        assert decision is not None
        assert decision.helped == ("invoice",)


def test_who_waits_has_no_place_in_the_queue() -> None:
    with open_steered() as desk:
        first = write(desk, OLGA, "Ничего особенного")
        waiting = write(desk, OLGA, "Выходит ошибка", subject="Другое")
        assert "в очереди" in to(first, IVAN_ADDRESS).message.text
        assert "в очереди" not in to(waiting, IVAN_ADDRESS).message.text


def test_what_is_not_taken_of_a_further_letter_is_named_too() -> None:
    """Its author hears of it at once; the letter itself is in the request; what is taken is worth no letter."""
    with open_steered('[organization.acme.attachments]\nrefused = "program"\n') as desk:
        sent = write(desk, OLGA, "Ничего особенного")
        mine = to(sent, OLGA_ADDRESS)
        octets = b"MZ" + bytes(200)
        raw = reply(mine, "Вот программа", author=OLGA, attachments={"setup.exe": octets})
        told = desk.deliver(raw, SUPPORT)
        assert ended(desk) is OutcomeKind.APPENDED
        assert "setup.exe" in to(told, OLGA_ADDRESS).message.text
        assert "setup.exe" in to(told, IVAN_ADDRESS).message.text
        raw = reply(mine, "А вот отчёт", author=OLGA, attachments={"report.pdf": b"%PDF-1.4 x"})
        assert OLGA_ADDRESS not in [one.recipient for one in desk.deliver(raw, SUPPORT)]
