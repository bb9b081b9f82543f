"""A letter that another hand sent is its author's: a web form's, and a customer's that an agent passes on."""

from email.message import EmailMessage

import pytest

from maild.model import OutcomeKind, Role, Status
from maild.outbox.serialize import serialize
from maild.rehearsal import Rehearsal
from tests.walk.stage import (
    ANNA,
    BORIS,
    CONFIG,
    IVAN,
    MALLORY,
    SUPPORT,
    ended,
    events,
    last,
    letter,
    open_desk,
    outside,
    reply,
    summary,
    ticket,
    to,
)
from tests.walk.test_trust import TRUSTING, vouched

FORM = "Сайт <noreply@site.example>"
FORMS = """
[organization.acme.form.site]
sender = "noreply@site.example"
"""
WORDS = "Здравствуйте! Не открывается накладная № 4512 от 12.11.2026: программа пишет «нет доступа»."
FILLED = f"Имя: Анна Петрова\nE-mail: anna@client.example\nТелефон: +7 900 000-00-00\nСообщение: {WORDS}\n"
FORWARD = f"""Коллеги, это от ключевого клиента, не тяните.

-------- Пересылаемое сообщение --------
23.11.2026, 08:55, "Анна Петрова" <anna@client.example>:

{WORDS}
-------- Конец пересылаемого сообщения --------
"""
REPEATS = CONFIG.replace('window = "0s"', 'window = "7d"', 1)


@pytest.fixture
def desk() -> Rehearsal:
    return open_desk(CONFIG + FORMS)


def forwarded(text: str = FORWARD, **given: str) -> bytes:
    return letter(text, author=IVAN, subject="Fwd: Накладная", **given)  # type: ignore[arg-type]


def attached(inner: bytes, text: str = "Посмотрите письмо во вложении.", author: str = IVAN) -> bytes:
    """Return a letter with another one attached, as "forward as attachment" makes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = author, "support@acme.example", "Fwd: Накладная"
    message["Message-ID"] = "<outer-1@mua.example>"
    message.set_content(text)
    octets = serialize(message).replace(
        b"Content-Type: text/plain", b'Content-Type: multipart/mixed; boundary="b1"\r\nX-Inner: text/plain', 1
    )
    head, _, _ = octets.partition(b"\r\n\r\n")
    parts = [
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode(),
        b"Content-Type: message/rfc822\r\n\r\n" + inner,
    ]
    head = b"\r\n".join(
        line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-transfer", b"x-inner"))
    )
    return head + b"\r\n\r\n" + b"".join(b"--b1\r\n" + part + b"\r\n" for part in parts) + b"--b1--\r\n"


def people(desk: Rehearsal) -> list[tuple[str, Role]]:
    return [(one.address.key, one.role) for one in ticket(desk).participants]


def steps(desk: Rehearsal) -> dict[str, str]:
    decision = last(desk).decision
    assert decision is not None
    return {finding.step: finding.verdict for finding in decision.findings}


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_form_opens_the_ticket_of_who_filled_it_in(desk: Rehearsal) -> None:
    """They are acknowledged and answered; the form is told nothing and takes no part."""
    with desk:
        sent = desk.deliver(letter(FILLED, author=FORM, subject="Заявка с сайта"), SUPPORT)
        assert [one.recipient for one in outside(sent)] == ["anna@client.example"]
        assert people(desk) == [("anna@client.example", Role.REQUESTER)]
        desk.deliver(reply(to(sent, IVAN), "Доступ открыт.", author=IVAN), SUPPORT)
        assert ended(desk) is OutcomeKind.APPENDED
        assert [one.recipient for one in outside(desk._stage.sent)][-1] == "anna@client.example"
        assert WORDS in to(sent, IVAN).message.text
        assert "form" in " ".join(str(line) for line in events(desk, 1))


def test_a_form_that_says_it_is_a_machine_is_a_request_all_the_same(desk: Rehearsal) -> None:
    """The same letter from an address that is no form's is a machine's, and nobody is acknowledged."""
    marks = [("Auto-Submitted", "auto-generated"), ("Precedence", "bulk")]
    with desk:
        sent = desk.deliver(letter(FILLED, author=FORM, headers=marks), SUPPORT)
        assert [one.recipient for one in outside(sent)] == ["anna@client.example"]
        desk.deliver(letter(FILLED, author="noreply@other.example", headers=marks), SUPPORT)
        assert outside(desk._stage.sent) == outside(sent)


def test_a_form_without_an_address_is_answered_nowhere(desk: Rehearsal) -> None:
    """The ticket opens, nothing goes to the form, and an agent who answers is told that there is nowhere to."""
    with desk:
        sent = desk.deliver(letter("Имя: Анна\nСообщение: перезвоните\n", author=FORM), SUPPORT)
        assert (ended(desk), outside(sent)) == (OutcomeKind.OPENED, [])
        assert people(desk) == []
        told = desk.deliver(reply(to(sent, IVAN), "Перезвоню.", author=IVAN), SUPPORT)
        assert outside(told) == []
        assert "Отправить ваш ответ некуда" in to(told, IVAN).message.text


def test_what_was_filled_in_is_told_where_nobody_can_be_answered() -> None:
    """Agents see the name and the mistyped address; two people whose addresses cannot be read stay two."""
    words = "Прошу перезвонить мне по вопросу подключения к сервису электронной отчётности."
    with open_desk(REPEATS + FORMS) as desk:
        for number, name in enumerate(("Анна", "Борис"), start=1):
            filled = f"Имя: {name}\nE-mail: {name}(at)client.example\nСообщение: {words}\n"
            sent = desk.deliver(letter(filled, author=FORM), SUPPORT)
            assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.OPENED, number)
            assert f"Имя: {name}\nE-mail: {name}(at)client.example" in to(sent, IVAN).message.text


def test_a_form_that_names_an_agent_answers_nobody(desk: Rehearsal) -> None:
    """Anybody can write a colleague's address into a form."""
    with desk:
        filled = FILLED.replace("anna@client.example", "ivan@staff.example")
        assert outside(desk.deliver(letter(filled, author=FORM), SUPPORT)) == []
        filled = FILLED.replace("anna@client.example", "help@acme.example")
        assert outside(desk.deliver(letter(filled, author=FORM), SUPPORT)) == []


def test_two_people_who_fill_in_the_same_words_are_two() -> None:
    """And one who sends the form twice is one."""
    with open_desk(REPEATS + FORMS) as desk:
        desk.deliver(letter(FILLED, author=FORM), SUPPORT)
        desk.deliver(letter(FILLED.replace("anna@", "boris@").replace("Анна Петрова", "Борис"), author=FORM), SUPPORT)
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.OPENED, 2)
        desk.deliver(letter(FILLED, author=FORM), SUPPORT)
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.DUPLICATE, 1)


# ── forwards ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "octets", [forwarded(), attached(letter(WORDS, subject="Накладная"))], ids=["inline", "attached"]
)
def test_an_agents_forward_opens_the_customers_ticket(desk: Rehearsal, octets: bytes) -> None:
    """The customer is acknowledged; the agent's words above are for agents, in this letter and in all that follow."""
    with desk:
        sent = desk.deliver(octets, SUPPORT)
        assert (ended(desk), people(desk)) == (OutcomeKind.OPENED, [("anna@client.example", Role.REQUESTER)])
        assert [one.recipient for one in outside(sent)] == ["anna@client.example"]
        told = to(sent, "petra@staff.example").message
        assert WORDS in told.text
        assert ("не тяните" in told.text) != ("во вложении" in told.text)
        assert told.author is not None
        assert told.author.name.startswith("Анна Петрова")
        assert "Переслано через: Иван Иванов <ivan@staff.example>" in told.text
        desk.deliver(reply(to(sent, "petra@staff.example"), "Доступ открыт.", author="petra@staff.example"), SUPPORT)
        for one in outside(desk._stage.sent):
            assert one.recipient == "anna@client.example"
            assert not one.message.in_reply_to, "an agent's Message-ID is no customer's business"
            assert "не тяните" not in one.message.text + (one.message.html or "")
            assert "во вложении" not in one.message.text + (one.message.html or "")
        assert desk.tickets()[0].subject == "Накладная"


def test_a_customers_forward_stays_the_customers(desk: Rehearsal) -> None:
    """Who passes on a stranger's letter is who asks; the stranger hears nothing."""
    with desk:
        sent = desk.deliver(letter(FORWARD, author=BORIS, subject="Fwd: Накладная"), SUPPORT)
        assert [one.recipient for one in outside(sent)] == [BORIS]
        assert people(desk) == [(BORIS, Role.REQUESTER)]


def test_a_forward_that_names_nobody_is_the_agents(desk: Rehearsal) -> None:
    """Outlook shows names alone: then the agent is who can be asked."""
    with desk:
        octets = forwarded(FORWARD.replace(" <anna@client.example>", ""))
        assert outside(desk.deliver(octets, SUPPORT)) == []
        assert people(desk) == [("ivan@staff.example", Role.REQUESTER)]


def test_people_whom_the_agent_copied_do_not_join(desk: Rehearsal) -> None:
    """The agent's Cc are colleagues: the customer's answers are not for them."""
    with desk:
        desk.deliver(
            letter(FORWARD, author=IVAN, subject="Fwd: Накладная", headers=[("Cc", "boss@staff.example")]), SUPPORT
        )
        assert people(desk) == [("anna@client.example", Role.REQUESTER)]


def test_what_an_agent_forwards_finds_its_ticket(desk: Rehearsal) -> None:
    """The customer wrote to the agent instead of the desk; a stranger's letter under that number enters nothing."""
    with desk:
        sent = desk.deliver(letter(), SUPPORT)
        (ack,) = outside(sent)
        number = desk.tickets()[0].number
        desk.deliver(letter(FORWARD, author=IVAN, subject=f"Fwd: Re: [{number}] Не печатает принтер"), SUPPORT)
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.APPENDED, 1)
        assert ticket(desk).status is Status.NEW
        strangers = FORWARD.replace("anna@client.example", "mallory@evil.example")
        desk.deliver(letter(strangers, author=IVAN, subject=f"Fwd: Re: [{number}] Не печатает принтер"), SUPPORT)
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.OPENED, 2)
        assert ack.recipient == "anna@client.example"


def test_a_forged_agent_gains_nothing(desk: Rehearsal) -> None:
    """From proves nothing: a forward under an agent's name makes a request of whom it names, and no agent's answer."""
    with desk:
        opened = desk.deliver(letter(), SUPPORT)
        desk.deliver(forwarded(FORWARD.replace("anna@client.example", "mallory@evil.example")), SUPPORT)
        assert (ended(desk), people(desk)) == (OutcomeKind.OPENED, [("mallory@evil.example", Role.REQUESTER)])
        assert summary(outside(opened)) == ["acknowledgement anna@client.example"]
        assert all(one.purpose == "acknowledgement" for one in outside(desk._stage.sent))


@pytest.mark.parametrize(("word", "proven"), [("pass", True), ("fail", False), ("none", False)])
def test_who_is_not_proven_to_pass_it_on_speaks_as_no_colleague(word: str, proven: bool) -> None:
    """What stands above the forwarded letter is told as an agent's only where our mail server vouches for From."""
    with open_desk(TRUSTING) as desk:
        told = to(desk.deliver(vouched(forwarded(), word=word), SUPPORT), "petra@staff.example").message
        for text in (told.text, told.html or ""):
            assert ("без кода сотрудника" not in text) is proven
            assert ("Сопроводительные слова (клиент их не видит)" in text) is proven
            assert "не тяните" in text


def test_the_customers_own_letter_and_its_forward_are_one_request() -> None:
    """Anna wrote to the desk and to the agent, who passes hers on: one ticket, one acknowledgement."""
    with open_desk(REPEATS) as desk:
        desk.deliver(letter(WORDS, subject="Накладная"), SUPPORT)
        desk.deliver(forwarded(), SUPPORT)
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.DUPLICATE, 1)
        desk.deliver(attached(letter(WORDS, subject="Накладная")), SUPPORT)
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.DUPLICATE, 1)
        assert len(outside(desk._stage.sent)) == 1


@pytest.mark.parametrize(
    "raw",
    [
        attached(letter(WORDS, subject="")).replace(b"Subject: Fwd:", b"Subject:"),
        attached(letter("", subject="", attachments={"a.pdf": b"%PDF"})).replace(b"Subject: Fwd:", b"Subject:"),
        letter(
            FORWARD, author=IVAN, subject="Опять этот склочник", headers=[("References", "<private@staff.example>")]
        ),
    ],
    ids=["attached", "attached, no words", "in the text"],
)
def test_what_an_agent_put_around_a_letter_stays_here(desk: Rehearsal, raw: bytes) -> None:
    """A customer's letter without a subject gets none from the agent, nor the agent's words, nor the ids of their thread."""
    with desk:
        ack = to(desk.deliver(raw, SUPPORT), "anna@client.example")
        assert ack.message.subject == "Re: [ACME-1] Без темы"
        assert (ack.message.in_reply_to, ack.message.references) == ((), ())
        assert "вложении" not in " ".join(line.text for line in events(desk, 1))


def test_an_attached_machines_letter_is_no_customers(desk: Rehearsal) -> None:
    """An agent who passes on a bounce asks about it: it is the agent's request."""
    bounce = letter(
        "Сообщение не доставлено.", author="MAILER-DAEMON@mx.example", headers=[("Auto-Submitted", "auto-replied")]
    )
    with desk:
        assert outside(desk.deliver(attached(bounce), SUPPORT)) == []
        assert people(desk) == [("ivan@staff.example", Role.REQUESTER)]


def of(author: str, words: str, subject: str = "Отчёт", **fields: str) -> bytes:
    return letter(words, author=author, subject=subject, headers=[(k.replace("_", "-"), v) for k, v in fields.items()])


@pytest.mark.parametrize(
    "inner",
    [
        of("news@shop.example", "Скидки!", List_Id="<news.shop.example>"),
        of("cron@shop.example", "Готово.", Auto_Submitted="auto-generated"),
        of("cron@shop.example", "Готово.", Return_Path="<>"),
    ],
    ids=["list", "auto-generated", "null reverse-path"],
)
def test_nothing_answers_a_machine_whose_letter_is_passed_on(desk: Rehearsal, inner: bytes) -> None:
    """It is a request, as the agent means it to be, but nobody asked for an answer by itself."""
    with desk:
        assert outside(desk.deliver(attached(inner), SUPPORT)) == []
        assert ended(desk) is OutcomeKind.OPENED
        assert "not acknowledged" in [line.kind for line in events(desk)]


@pytest.mark.parametrize(
    ("author", "subject", "words"),
    [
        (
            "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
            "Undelivered Mail Returned to Sender",
            "I could not deliver your message.\n\n<petr@client.example>: host mx said: 550 5.1.1 User unknown",
        ),
        ("Анна <anna@client.example>", "Автоответ: Отпуск", "Здравствуйте! Я в отпуске до 5 мая."),
    ],
    ids=["bounce", "auto-reply"],
)
def test_nothing_answers_a_machine_in_the_text(desk: Rehearsal, author: str, subject: str, words: str) -> None:
    """Of a letter that was forwarded inline nothing is left but its author, subject and words: these tell."""
    with desk:
        text = (
            f"-------- Пересылаемое сообщение --------\nОт: {author}\nДата: 23.11.2026 8:55\nТема: {subject}\n\n{words}"
        )
        assert outside(desk.deliver(forwarded(text), SUPPORT)) == []
        assert people(desk) == [("ivan@staff.example", Role.REQUESTER)]  # whose question it is


def test_explain_says_whose_letter_it_is(desk: Rehearsal) -> None:
    """Each step has its verdict, for a wrapped letter and for any other."""
    with desk:
        desk.deliver(forwarded(), SUPPORT)
        assert "Анна Петрова <anna@client.example>" in steps(desk)["unwrap"]
        desk.deliver(letter("Да.\n\n-- \nАнна"), SUPPORT)
        assert steps(desk)["unwrap"] == "nothing is wrapped in it"
        assert steps(desk)["reply"] == "a part is hidden"
        desk.deliver(letter("Да.", author=MALLORY), SUPPORT)
        assert steps(desk)["reply"] == "all of it is new"


def test_a_copied_customer_is_not_the_author(desk: Rehearsal) -> None:
    """Who is named in the agent's own words wrote nothing."""
    with desk:
        words = "Позвоните Анне <anna@client.example>, она просила."
        assert outside(desk.deliver(letter(words, author=IVAN, headers=[("Cc", ANNA)]), SUPPORT)) == []
