"""What agents ask about the desk by mail, and what they read: whole walks, exact words, nothing touched."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.model import OutcomeKind
from maild.rehearsal import Rehearsal, SentLetter
from maild.tokens import address_with
from tests.walk.served import CODE, IVAN, IVAN_ADDRESS, OLGA, STRANGER, open_served, order, write
from tests.walk.stage import (
    MALLORY,
    PLAIN,
    SUPPORT,
    ended,
    events,
    last,
    letter,
    reply,
    reply_address,
    summary,
    to,
)
from tests.walk.test_trust import vouched

HERE = Path(__file__).parent
ACCOUNTING = "[organization.acme.accounting]\nprice = 1500\n"


@pytest.fixture(scope="module")
def desk() -> Iterator[Rehearsal]:
    """Two requests, of which Ivan has the first, with an hour and a half of work; a third by a stranger."""
    with open_desk("ru") as desk:
        yield desk


def open_desk(language: str) -> Rehearsal:
    desk = open_served(organization=f'language = "{language}"\n{ACCOUNTING}')
    notification = to(write(desk), IVAN_ADDRESS)
    write(desk, OLGA, f"{CODE}. Факс молчит.", subject="Факс")
    write(desk, STRANGER, "Что с сайтом?", subject="Сайт")
    order(desk, notification, "#взять\n#время 1ч30м")
    return desk


def ask(
    desk: Rehearsal, subject: str = "", text: str = "", *, author: str = IVAN, box: str = SUPPORT
) -> list[SentLetter]:
    """Let somebody write a new letter to Ivan's own address at the desk, which every overview is answered at."""
    settings = desk._policy.mailboxes[SUPPORT]
    address = settings.address_of(settings.desk.agents[0], 0)
    return desk.deliver(letter(text, author=author, to=address, subject=subject), box)


def read(sent: list[SentLetter]) -> str:
    """The text of the one letter that answers."""
    assert summary(sent) == [f"overview {IVAN_ADDRESS}"]
    return to(sent, IVAN_ADDRESS).message.text


def state(desk: Rehearsal) -> object:
    """All that a question must not touch."""
    tickets = desk.tickets()
    return tickets, [desk.clocks(one.id) for one in tickets], [events(desk, one.id) for one in tickets]


ASKED = {
    "ru": "очередь\nстатус ACME-1\nклиент Ромашка\nрасход «Ромашка»\nпомощь",
    "uk": "черга\nстатус ACME-1\nклієнт Ромашка\nвитрати «Ромашка»\nдопомога",
    "en": "queue\nstatus ACME-1\nclient Ромашка\nusage «Ромашка»\nhelp",
}


@pytest.mark.parametrize("language", ASKED)
def test_the_exact_words_of_an_answer(language: str) -> None:
    """Five questions in one letter have one letter with five answers, as `overview.*.txt` has it."""
    with open_desk(language) as desk:
        desk.advance(timedelta(hours=5))  # the fax is overdue by now
        assert read(ask(desk, text=ASKED[language])) == (HERE / f"overview.{language}.txt").read_text("utf-8")


QUESTIONS = {
    "mine": ("мои", "Мої.", "MINE", "мои заявки", "my tickets"),
    "queue": ("очередь", "Черга", "queue", "Очередь!", "#очередь", "# Queue"),
    "overdue": ("просрочено", "прострочено", "overdue", "просроченные"),
    "today": ("сегодня", "сьогодні", "Today"),
    "status": ("статус 1", "Статус: acme-1", "status ACME-1", "статус № 1", "status #1"),
    "client": ("клиент romashka", "клієнт ООО «Ромашка»", "client olga@romashka.example", "Клиент: Romashka"),
    "usage": ("расход romashka", "витрати Ромашка", "usage romashka"),
    "help": ("помощь", "допомога", "help", "?"),
}
HEADINGS = {
    "mine": "Ваши обращения: 1",
    "queue": "Очередь: 3",
    "overdue": "Просроченных обращений нет.",
    "today": "Срок сегодня или раньше: 2",
    "status": "Обращение ACME-1",
    "client": "Клиент ООО «Ромашка» (romashka)",
    "usage": "ООО «Ромашка», ноябрь 2026",
    "help": "Можно спросить:",
}


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in QUESTIONS.items() for line in lines])
def test_a_subject_or_a_line_asks(desk: Rehearsal, name: str, line: str) -> None:
    """In three languages, in any case, with and without a mark; the queue and everything else stay as they are."""
    before = state(desk)
    by_subject = read(ask(desk, subject=line))
    by_line = read(ask(desk, text=f"{line}\n\nС уважением,\nИван Иванов"))
    assert by_subject.startswith(f"{HEADINGS[name]}\n")
    assert by_line == by_subject
    assert ended(desk) is OutcomeKind.COMMAND
    assert last(desk).ticket_id is None
    assert state(desk) == before


def test_tickets_stand_in_the_order_of_the_queue(desk: Rehearsal) -> None:
    """A coupon goes before what came earlier, and each ticket has what is needed to act."""
    text = read(ask(desk, "очередь"))
    assert [line.partition(":")[0] for line in text.splitlines() if line.startswith("ACME-")] == [
        "ACME-2",
        "ACME-1",
        "ACME-3",
    ]


def test_the_address_of_a_ticket_leads_into_it() -> None:
    """A command that Ivan sends there is carried out, and his words reach the customer; nobody else's do."""
    with open_desk("ru") as desk:
        text = read(ask(desk, "очередь"))
        address = next(line for line in text.splitlines() if line.startswith("support+t3."))
        taken = desk.deliver(letter("#взять", author=IVAN, to=address, subject="ACME-3"), SUPPORT)
        assert summary(taken) == [f"receipt {IVAN_ADDRESS}"]
        answered = desk.deliver(letter("Сайт снова открывается.", author=IVAN, to=address, subject="ACME-3"), SUPPORT)
        assert summary(answered) == ["answer petr@nowhere.example"]
        forged = desk.deliver(letter("Ложь.", author=MALLORY, to=address, subject="ACME-3"), SUPPORT)
        assert "petr@nowhere.example" not in [one.recipient for one in forged]


# ── in answer to our letters ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_reply_to_a_notification_asks_with_a_mark() -> None:
    """The customer hears nothing of it and the ticket stays as it is."""
    with open_desk("ru") as desk:
        notification = to(write(desk, OLGA, "Не открывается склад.", subject="Склад"), IVAN_ADDRESS)
        before = state(desk)
        assert read(order(desk, notification, "#очередь")).startswith("Очередь: 4\n")
        assert state(desk) == before


BEFORE = "Так было до этого письма: его ответ и команды здесь ещё не учтены.\n\n"


def test_questions_stand_beside_words_and_commands() -> None:
    """The words reach the customer without the question, the command is carried out, and the question is answered."""
    with open_desk("ru") as desk:
        notification = to(write(desk, OLGA, "Не открывается склад.", subject="Склад"), IVAN_ADDRESS)
        sent = order(desk, notification, "Смотрим.\n#мои\n#взять\n#статус 2")
        assert summary(sent) == ["answer olga@romashka.example", f"overview {IVAN_ADDRESS}", f"receipt {IVAN_ADDRESS}"]
        answer = to(sent, "olga@romashka.example").message
        assert "Смотрим." in answer.text
        for word in ("мои", "статус", "#"):
            assert word not in answer.text
        asked = next(one for one in sent if one.purpose == "overview").message.text
        assert asked.startswith(f"{BEFORE}Ваши обращения: 1\n")
        assert "Обращение ACME-2" in asked


def test_an_answer_and_a_question_without_a_command() -> None:
    """Each goes where it belongs."""
    with open_desk("ru") as desk:
        notification = to(write(desk, OLGA, "Не открывается склад.", subject="Склад"), IVAN_ADDRESS)
        sent = order(desk, notification, "#очередь\nСмотрим.")
        assert summary(sent) == ["answer olga@romashka.example", f"overview {IVAN_ADDRESS}"]
        assert to(sent, IVAN_ADDRESS).message.text.startswith(f"{BEFORE}Очередь: ")


def test_a_command_that_changes_nothing_leaves_the_answer_as_it_is() -> None:
    """Nothing is said of a state before where there is no other one."""
    with open_desk("ru") as desk:
        notification = to(write(desk, OLGA, "Не открывается склад.", subject="Склад"), IVAN_ADDRESS)
        sent = order(desk, notification, "#взять ключи\n#мои")
        assert summary(sent) == [f"overview {IVAN_ADDRESS}", f"receipt {IVAN_ADDRESS}"]
        overview = next(one for one in sent if one.purpose == "overview")
        assert overview.message.text.startswith("Ваши обращения: 1\n")


def test_a_note_and_a_question() -> None:
    """Colleagues read the note, its author the answer, the customer nothing."""
    with open_desk("ru") as desk:
        note = desk._policy.mailboxes[SUPPORT].keyring.note_token(1, IVAN_ADDRESS)
        raw = letter("Клиент сердит.\n#очередь", author=IVAN, to=address_with(note, "support@acme.example"))
        sent = desk.deliver(raw, SUPPORT)
        assert f"overview {IVAN_ADDRESS}" in summary(sent)
        assert "olga@romashka.example" not in [one.recipient for one in sent]
        assert [line.text for line in events(desk, 1) if line.kind == "note" and line.who] == ["Клиент сердит."]


def test_words_alone_ask_nothing_in_a_ticket() -> None:
    """Without a mark they are for the customer, who may be asked the same."""
    with open_desk("ru") as desk:
        notification = to(write(desk, OLGA, "Не открывается склад.", subject="Склад"), IVAN_ADDRESS)
        assert summary(order(desk, notification, "Очередь")) == ["answer olga@romashka.example"]


def test_a_command_of_the_same_word_stays_a_command() -> None:
    """In a ticket #клиент says whose it is, and #помощь asks for the commands."""
    with open_desk("ru") as desk:
        notification = to(write(desk, OLGA, "Не открывается склад.", subject="Склад"), IVAN_ADDRESS)
        sent = order(desk, notification, "#клиент romashka\n#помощь")
        assert summary(sent) == [f"receipt {IVAN_ADDRESS}"]
        assert "\n#взять\n" in sent[0].message.text
        assert (
            "\n#мои\n#очередь\n#беклог\n#просрочено\n#сегодня\n#статус НОМЕР\n#расход КЛИЕНТ\n" in sent[0].message.text
        )


def test_an_answer_is_answered_by_more_questions() -> None:
    """Reply-To of an overview proves the agent; what is no question is told, and leads nowhere."""
    with open_desk("ru") as desk:
        first = to(ask(desk, "очередь"), IVAN_ADDRESS)
        assert reply_address(first.message).startswith("support+t0.")
        second = desk.deliver(reply(first, "мои", author=IVAN), SUPPORT)
        assert read(second).startswith("Ваши обращения: 1\n")
        third = desk.deliver(reply(to(second, IVAN_ADDRESS), "Спасибо, закрыть ACME-1", author=IVAN), SUPPORT)
        assert (ended(desk), summary(third)) == (OutcomeKind.IGNORED, [f"reminder {IVAN_ADDRESS}"])
        assert len(desk.tickets()) == 3


def test_a_reply_to_a_reminder_of_several_asks() -> None:
    """Whatever we write to agents can be asked by."""
    with open_desk("ru") as desk:
        write(desk, OLGA, "Не открывается склад.", subject="Склад")
        sent = desk.advance(timedelta(hours=5))
        reminder = next(one for one in sent if one.recipient == IVAN_ADDRESS and "другие" in one.message.subject)
        assert read(desk.deliver(reply(reminder, "Очередь", author=IVAN), SUPPORT)).startswith("Очередь: 4\n")


def test_without_subaddresses_the_message_id_proves() -> None:
    """The mailbox cannot have a token in its address: a reply is known by what it answers, and shows no address."""
    with open_desk("ru") as desk:
        notification = to(desk.deliver(letter(author=OLGA, to="desk@acme.example"), PLAIN), IVAN_ADDRESS)
        first = desk.deliver(reply(notification, "#очередь", author=IVAN), PLAIN)
        assert "@acme.example" not in read(first)
        second = desk.deliver(reply(to(first, IVAN_ADDRESS), "мои", author=IVAN), PLAIN)
        assert read(second).startswith("Ваши обращения: 1\n")


# ── what is no question ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Очередь", "Сломалась электронная очередь в бухгалтерии."),
        ("Не работает монитор", "Гаснет через минуту."),
        ("", "Сегодня гаснет монитор."),
        ("Клиент недоволен", ""),
        ("Мои доступы", "Не пускает на сервер."),
    ],
)
def test_an_agents_own_request_stays_one(subject: str, text: str) -> None:
    """Whatever it begins with, a letter that says more than a question is a request."""
    with open_desk("ru") as desk:
        assert summary(ask(desk, subject, text)) == ["notification petra@staff.example"]
        assert ended(desk) is OutcomeKind.OPENED


def test_a_customers_letter_that_an_agent_passes_on_is_the_customers() -> None:
    """Whatever the agent writes above it."""
    with open_desk("ru") as desk:
        forward = (
            "очередь\n\n---------- Forwarded message ---------\nFrom: Вера <vera@iris.example>\n"
            "Date: Mon, 23 Nov 2026 08:00:00 +0300\nSubject: Мышь\nTo: <ivan@staff.example>\n\nНе двигается.\n"
        )
        ask(desk, "Fwd: Мышь", forward)
        assert ended(desk) is OutcomeKind.OPENED
        assert desk.tickets()[-1].requester.addr == "vera@iris.example"


def test_a_customer_who_writes_to_an_agents_address_enters_their_own_ticket() -> None:
    """The agent's token says nothing of who writes; what the letter answers does."""
    with open_desk("ru") as desk:
        ack = to(write(desk, OLGA, "Не открывается склад.", subject="Склад"), "olga@romashka.example")
        settings = desk._policy.mailboxes[SUPPORT]
        address = settings.address_of(settings.desk.agents[0], 0)
        desk.deliver(reply(ack, "Открылся.", author=OLGA, to=address, quote=False), SUPPORT)
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.APPENDED, 4)


def test_what_is_nearly_a_question_is_told_so(desk: Rehearsal) -> None:
    """A slip of the pen has a suggestion, and opens no ticket."""
    assert read(ask(desk, "очередъ")).startswith("Непонятно: «очередъ».\nПохоже на: очередь.\n")
    assert read(ask(desk, text="статус АКМЕ1")).startswith("Непонятно: «статус АКМЕ1».\nПохоже на: статус НОМЕР.\n")
    assert read(ask(desk, text="#фыва")).startswith("Непонятно: «#фыва».\nМожно спросить:\nмои\n")
    assert read(ask(desk, text="клиент ромашко")).startswith("Клиента «ромашко» нет.\nЕсть похожие: romashka.\n")
    assert read(ask(desk, text="#клиент Никто")).startswith("Клиента «Никто» нет.\n")
    assert read(ask(desk, text="статус 999")).startswith("Обращения 999 нет.\n")


def test_another_organisations_ticket_is_not_there(desk: Rehearsal) -> None:
    """Nor is its client."""
    desk.deliver(letter(author="x@y.example", to="help@beta.example"), "beta/help")
    assert read(ask(desk, text="статус BETA-1")).startswith("Обращения BETA-1 нет.\n")


def test_more_questions_than_five(desk: Rehearsal) -> None:
    """The first five are answered, and how many are not is said."""
    text = read(ask(desk, text="мои\n" * 7))
    assert text.count("Ваши обращения: 1") == 5
    assert "без ответа: 2." in text


def test_a_client_who_is_not_there_takes_nobodys_place(desk: Rehearsal) -> None:
    """What stands beside other questions is one, is answered, and is counted; what is not looked up is not called empty."""
    text = read(ask(desk, text="помощь\nстатус 77\nклиент Никто\nсегодня\nпросрочено\nмои\nрасход Никто"))
    assert "Клиента «Никто» нет." in text
    assert "У вас нет" not in text
    assert "без ответа: 2." in text


# ── who is not answered ──────────────────────────────────────────────────────────────────────────────────────────────


def test_without_proof_nobody_learns_anything() -> None:
    """A forged From, a stranger with Ivan's address, another agent with it, a Reply-To that points elsewhere."""
    forged = letter("", author=IVAN, to="support@acme.example", subject="очередь")
    elsewhere = letter("#очередь", author=IVAN, subject="", headers=[("Reply-To", MALLORY)])
    with open_desk("ru") as desk:
        for sent in (
            desk.deliver(forged, SUPPORT),
            ask(desk, "очередь", author=MALLORY),
            ask(desk, "очередь", author="petra@staff.example"),
            desk.deliver(elsewhere, SUPPORT),
        ):
            assert "overview" not in [one.purpose for one in sent]
            assert ended(desk) is not OutcomeKind.COMMAND


TRUST = '[organization.acme.trust]\nauthserv_id = "mx.acme.example"\n'


@pytest.mark.parametrize(("word", "told"), [("pass", ["overview"]), ("fail", []), ("none", ["confirmation"])])
def test_our_own_servers_word_proves(word: str, told: list[str]) -> None:
    """A new letter to the support address, without any token: the server has seen that From is genuine."""
    with open_served(organization=TRUST) as desk:
        raw = vouched(letter("", author=IVAN, subject="очередь"), word=word)
        assert [one.purpose for one in desk.deliver(raw, SUPPORT)] == told
        own = vouched(letter("Гаснет.", author=IVAN, subject="Монитор"), word=word)
        assert summary(desk.deliver(own, SUPPORT)) == ["notification petra@staff.example"]


@pytest.mark.parametrize(
    "header",
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "list"),
        ("Return-Path", "<>"),
    ],
)
def test_a_machine_is_not_answered(header: tuple[str, str]) -> None:
    """Two machines must not ask each other for ever."""
    with open_desk("ru") as desk:
        settings = desk._policy.mailboxes[SUPPORT]
        address = settings.address_of(settings.desk.agents[0], 0)
        sent = desk.deliver(letter("очередь", author=IVAN, to=address, subject="", headers=[header]), SUPPORT)
        assert "overview" not in [one.purpose for one in sent]
        assert ended(desk) is not OutcomeKind.COMMAND


def test_the_cap_of_an_agent_holds() -> None:
    """Who has had as many automatic letters as they may have is not answered; the outcome says so."""
    with open_served() as desk:
        box = desk._policy.mailboxes[SUPPORT]
        small = replace(box, desk=replace(box.desk, caps=replace(box.desk.caps, per_agent=2)))
        desk._office.policy = replace(desk._policy, mailboxes={**desk._policy.mailboxes, SUPPORT: small})
        sent = [ask(desk, "очередь") for _ in range(3)]
        assert [len(one) for one in sent] == [1, 1, 0]
        assert "limits.per_agent" in last(desk).outcome.reason
