"""Whose word counts as an agent's: two of token, From and our own mail server; what has less waits for a confirmation."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from maild.model import OutcomeKind, Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.store.schema import obeyed, work
from tests.walk.stage import (
    ANNA,
    CONFIG,
    IVAN,
    MALLORY,
    PETRA,
    PLAIN,
    START,
    SUPPORT,
    ended,
    events,
    last,
    letter,
    open_desk,
    reply,
    reply_address,
    summary,
    ticket,
    to,
)

PRIVATE = "ivan.private@mail.example"  # an address of his that the configuration names
PHONE = "ivan-phone@mail.example"  # one that it does not
TRUSTING = CONFIG.replace(
    "[organization.acme.mailbox.support]",
    '[organization.acme.trust]\nauthserv_id = "mx.acme.example"\nconfirm_within = "1d"\n[organization.acme.mailbox.support]',
).replace('address = "ivan@staff.example"', f'address = "ivan@staff.example"\naliases = ["{PRIVATE}"]')
TO_ANNA = ["answer anna@client.example"]
ASKED = ["confirmation ivan@staff.example"]
WORDS = "Готово, проверьте."


@pytest.fixture
def trusting() -> Iterator[Rehearsal]:
    with open_desk(TRUSTING) as desk:
        yield desk


def vouched(octets: bytes, domain: str = "staff.example", word: str = "pass") -> bytes:
    """Return a letter as our mail server hands it over, with its word on From's domain."""
    head = f"Authentication-Results: mx.acme.example;\r\n dmarc={word} header.from={domain}\r\n"
    return f"{head}Received: from a.example by mx.acme.example with ESMTPS id 1\r\n".encode() + octets


def opened(desk: Rehearsal, mailbox: str = SUPPORT) -> SentLetter:
    """Return Ivan's notification of a new request."""
    address = {SUPPORT: "support@acme.example", PLAIN: "desk@acme.example"}[mailbox]
    return to(desk.deliver(letter(to=address), mailbox), IVAN)


def threaded(notification: SentLetter, text: str = WORDS, author: str = IVAN, **given: object) -> bytes:
    """Return a letter about the ticket without any token: its own thread, the number in the subject."""
    number = notification.message.subject.partition("]")[0] + "]"
    return letter(text, author=author, subject=f"Re: {number} Не печатает принтер", **given)  # type: ignore[arg-type]


def asks(desk: Rehearsal, sent: list[SentLetter]) -> SentLetter:
    """Return the question that went to Ivan, after a look that nothing else has happened."""
    assert summary(sent) == ASKED
    assert ended(desk) is OutcomeKind.IGNORED
    assert "not proven" in [line.kind for line in events(desk)]
    return to(sent, IVAN)


# ── two of three ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("word", ["pass", "none", "temperror"])
def test_token_and_from(trusting: Rehearsal, word: str) -> None:
    """The agent's own answer to the notification goes out, whatever our server could find out short of a forgery."""
    answer = vouched(reply(opened(trusting), WORDS, author=IVAN), word=word)
    assert summary(trusting.deliver(answer, SUPPORT)) == TO_ANNA


def test_from_and_our_server(trusting: Rehearsal) -> None:
    """Without any token: an agent writes about a ticket by its number, from the registered address, and our server vouches."""
    sent = trusting.deliver(vouched(threaded(opened(trusting))), SUPPORT)
    assert summary(sent) == TO_ANNA
    assert to(sent, ANNA).message.text.startswith(WORDS)


def test_from_and_our_server_by_the_customers_letter(trusting: Rehearsal) -> None:
    """An agent who was put in copy answers the customer's own letter, and us: that is an answer in the ticket, too."""
    known = "first@client.example"
    trusting.deliver(letter(headers=[("Message-ID", f"<{known}>")]), SUPPORT)
    answer = letter(WORDS, author=IVAN, headers=[("In-Reply-To", f"<{known}>"), ("References", f"<{known}>")])
    assert summary(trusting.deliver(vouched(answer), SUPPORT)) == TO_ANNA


def test_commands_without_a_token(trusting: Rehearsal) -> None:
    """And commands are obeyed."""
    sent = trusting.deliver(vouched(threaded(opened(trusting), "#решено")), SUPPORT)
    assert "receipt ivan@staff.example" in summary(sent)
    assert ticket(trusting).status is Status.RESOLVED


def test_token_and_our_server_from_an_alias(trusting: Rehearsal) -> None:
    """From another address of the agent's: the answer goes out, and shows the customer nothing of that address."""
    answer = vouched(reply(opened(trusting), WORDS, author=PRIVATE), domain="mail.example")
    sent = trusting.deliver(answer, SUPPORT)
    assert summary(sent) == TO_ANNA
    assert PRIVATE.encode() not in to(sent, ANNA).octets


def test_in_their_own_request_they_are_the_customer_at_any_address(trusting: Rehearsal) -> None:
    """Asked from one address and gone on from the other, it is no answer to themselves, and commands nothing."""
    sent = trusting.deliver(letter(author=PRIVATE), SUPPORT)
    later = trusting.deliver(vouched(threaded(to(sent, PETRA), "И сканер.\n#закрыть")), SUPPORT)
    assert {one.purpose for one in later} == {Purpose.NOTIFICATION}
    assert (ended(trusting), ticket(trusting).status) == (OutcomeKind.APPENDED, Status.NEW)
    assert [one.kind for one in events(trusting)].count("in") == 2


def test_an_alias_with_our_server_alone_is_asked(trusting: Rehearsal) -> None:
    """It is not the registered address, so that one of three is left."""
    asks(
        trusting, trusting.deliver(vouched(threaded(opened(trusting), author=PRIVATE), domain="mail.example"), SUPPORT)
    )


def test_an_alias_with_the_token_alone_is_asked(trusting: Rehearsal) -> None:
    """Whoever forges the one has the other from a forwarded notification."""
    asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PRIVATE), SUPPORT))


def test_an_agents_own_request_is_a_request(trusting: Rehearsal) -> None:
    """A new letter of an agent about no ticket opens one, as always; vouched for, it comes without a warning."""
    for octets, warned in ((letter(author=IVAN), True), (vouched(letter("Другое", author=IVAN)), False)):
        sent = trusting.deliver(octets, SUPPORT)
        assert ended(trusting) is OutcomeKind.OPENED
        assert ("без кода сотрудника" in to(sent, PETRA).message.text) is warned


def test_an_agent_asks_about_the_desk_in_a_new_letter(trusting: Rehearsal) -> None:
    """Our server vouches for them; of a letter that has From alone they are asked whether it is theirs."""
    opened(trusting)
    sent = trusting.deliver(vouched(letter("мои", author=IVAN, subject="")), SUPPORT)
    assert summary(sent) == ["overview ivan@staff.example"]
    assert summary(trusting.deliver(letter("мои", author=IVAN, subject=""), SUPPORT)) == ASKED
    assert (ended(trusting), len(trusting.tickets())) == (OutcomeKind.IGNORED, 1)


OVERVIEW = ["overview ivan@staff.example"]


@pytest.mark.parametrize(
    ("subject", "text", "answered"),
    [
        ("", "#очередь", "Очередь: 1\n"),
        ("#мои", "", "У вас нет открытых обращений.\n"),
        ("Вопрос", "#очередь\n#взять\n\n-- \nИван", "Очередь: 1\n"),
        ("", "#взять", "Непонятно: «#взять».\n"),
        ("Обращение", "#взять\n#время 15 мин\n\n-- \nИван", "Непонятно: «#взять».\n"),
        ("", "#фыва\n#йцук", "Непонятно: «#фыва».\n"),
        ("очередъ", "", "Непонятно: «очередъ».\n"),
    ],
)
def test_what_is_only_asked_or_ordered_waits_for_a_yes(subject: str, text: str, answered: str) -> None:
    """Nothing configured: no ticket in the agent's name, nobody is shown anything, and after the yes it is answered."""
    with open_desk() as desk:
        opened(desk)
        (question,) = desk.deliver(letter(text, author=IVAN, subject=subject), SUPPORT)
        assert (question.purpose, question.recipient) == (Purpose.CONFIRMATION, "ivan@staff.example")
        assert question.message.text.startswith(
            "От вашего имени пришло письмо с вопросами или командами. Ваше ли оно, проверить не удалось, поэтому оно "
            f"отложено: на него не отвечено, ничего не сделано.\n\nОт: {IVAN}\nТема: {subject or 'без темы'}\n\n"
        )
        sent = desk.deliver(reply(question, "да", author=IVAN), SUPPORT)
        assert summary(sent) == OVERVIEW
        assert sent[0].message.text.startswith(answered)
        assert len(desk.tickets()) == 1
        assert summary(desk.deliver(reply(question, "да", author=IVAN), SUPPORT)) == ASKED  # once


@pytest.mark.parametrize("headers", [[], [("Reply-To", MALLORY)]], ids=["nothing else", "Reply-To"])
def test_a_forged_question_leaks_nothing(headers: list[tuple[str, str]]) -> None:
    """The registered address alone hears of it; a no ends it."""
    with open_desk() as desk:
        opened(desk)
        (question,) = desk.deliver(letter("#очередь", author=IVAN, subject="", headers=headers), SUPPORT)
        assert "ACME-1" not in question.message.text
        assert summary(desk.deliver(reply(question, "нет", author=IVAN), SUPPORT)) == ASKED
        assert len(desk.tickets()) == 1


def test_what_our_server_calls_forged_is_not_even_asked_about(trusting: Rehearsal) -> None:
    assert trusting.deliver(vouched(letter("#очередь", author=IVAN, subject=""), word="fail"), SUPPORT) == []
    assert (ended(trusting), trusting.tickets()) == (OutcomeKind.IGNORED, [])


@pytest.mark.parametrize(
    ("subject", "text"),
    [("Монитор", "#срочно\nГаснет."), ("Клиент недоволен", ""), ("Монитор", "#важное"), ("# Монитор", "# dmesg")],
)
def test_an_agents_ordinary_request_stays_one(subject: str, text: str) -> None:
    with open_desk() as desk:
        assert summary(desk.deliver(letter(text, author=IVAN, subject=subject), SUPPORT)) == [
            "notification petra@staff.example"
        ]
        assert ended(desk) is OutcomeKind.OPENED


@pytest.mark.parametrize("word", ["fail", "reject"])
def test_our_servers_bad_word_outweighs_a_token(trusting: Rehearsal, word: str) -> None:
    """Token and From, but the domain disowns the letter: a stolen token, or mail that was broken on its way. The agent is asked."""
    asks(trusting, trusting.deliver(vouched(reply(opened(trusting), WORDS, author=IVAN), word=word), SUPPORT))


def test_answers_wanted_elsewhere_take_the_power_away(trusting: Rehearsal) -> None:
    """Token, From and server, but Reply-To is a stranger's; the agent's own other address is none."""
    notification = opened(trusting)
    elsewhere = vouched(reply(notification, WORDS, author=IVAN, headers=[("Reply-To", MALLORY)]))
    asks(trusting, trusting.deliver(elsewhere, SUPPORT))
    own = reply(notification, WORDS, author=IVAN, headers=[("Reply-To", PRIVATE)])
    assert summary(trusting.deliver(own, SUPPORT)) == TO_ANNA


# ── what is not proven ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_question(trusting: Rehearsal) -> None:
    """Who, about what, which words, until when, and what to do; nothing in it opens the ticket."""
    notification = opened(trusting)
    question = asks(trusting, trusting.deliver(reply(notification, WORDS, author=PHONE), SUPPORT))
    assert question.message.subject == "Это ваше письмо? Не печатает принтер"
    assert question.message.text.split("\n-- \n")[0].strip() == (
        "От вашего имени пришло письмо в обращении ACME-1. Ваше ли оно, проверить не удалось, поэтому оно отложено: "
        "клиенту ничего не отправлено, команды не выполнены.\n\n"
        f"От: {PHONE}\nТема: Re: [ACME-1] Не печатает принтер\n\n{WORDS}\n\n"
        "Если письмо ваше, ответьте на это письмо одним словом: да. Тогда всё, что в нём написано, будет сделано. "
        "Подтвердить можно до 09:00 вторника, 24 ноября (МСК).\n"
        "Если письмо не ваше, ничего делать не нужно. Можно ответить: нет. Тогда его уже никто не подтвердит."
    )
    token = reply_address(notification.message).partition("+")[2].partition("@")[0]
    assert token.encode() not in question.octets


def test_the_question_names_all_that_a_yes_sets_going(trusting: Rehearsal) -> None:
    """All words, to a command far below, every file that would go to the customer, and who else gets it; in text and HTML."""
    words = "Готово. " * 400 + "\n\nХВОСТ\n#закрыть"
    kept = reply(
        opened(trusting), words, author=PHONE, attachments={"акт.pdf": b"%PDF", "ivan.vcf": b"x"},
        headers=[("Cc", f"Мэллори <{MALLORY}>, {PETRA}")],
    )  # fmt: skip
    question = asks(trusting, trusting.deliver(kept, SUPPORT)).message
    for text in (question.text, question.html or ""):
        assert text.count("#закрыть") == 2  # where it stands, and among the commands
        assert "акт.pdf" in text
        assert "ivan.vcf" not in text
        assert "ХВОСТ" in text
        assert "не показан" not in text
    assert f"\n\nВместе с клиентом ответ получат:\nМэллори <{MALLORY}>\n\n" in question.text
    assert PETRA not in question.text


def _notes_address(notification: SentLetter) -> str:
    found = re.search(r"support\+n\d+\.[a-z2-7]{16}@acme\.example", notification.message.text)
    assert found is not None, notification.message.text
    return found[0]


@pytest.mark.parametrize("address", ["answers", "notes"])
@pytest.mark.parametrize("more", [0, 1])
def test_a_yes_confirms_nothing_that_was_not_shown(trusting: Rehearsal, address: str, more: int) -> None:
    """Beyond what a question can show a yes is not enough: the question says so, and so does what answers a yes."""
    notification = opened(trusting)
    words = ("Готово. " * 500)[:3999] + "!" + "?" * more
    whom = _notes_address(notification) if address == "notes" else None
    asked = trusting.deliver(reply(notification, words, author=PHONE, to=whom), SUPPORT)
    question = asks(trusting, asked)
    told = question.message.text.split("\n-- \n")[0]
    trusting.advance(timedelta(minutes=1))
    sent = trusting.deliver(reply(question, "да", author=IVAN), SUPPORT)
    if not more:
        assert words in told
        assert "одним словом: да" in told
        assert summary(sent) == ([] if address == "notes" else TO_ANNA)
        return
    assert told.strip().endswith(
        " …\n\nДальше в письме ещё текст, который здесь не показан, знаков: 1. Поэтому подтвердить его нельзя.\n\n"
        "Если письмо ваше, отправьте его ещё раз ответом на уведомление об обращении. "
        "Если не ваше, ничего делать не нужно."
    )
    assert summary(sent) == ASKED
    assert sent[0].message.subject == "Письмо слишком длинное: Не печатает принтер"
    assert sent[0].message.text.split("\n-- \n")[0].strip() == (
        "Письмо в обращении ACME-1 длиннее, чем maild мог вам показать, поэтому одного «да» мало: с ним ничего не "
        "сделано. Если оно ваше, отправьте его ещё раз ответом на уведомление об обращении."
    )
    assert ticket(trusting, 1).status is Status.NEW
    assert "note" not in [one.kind for one in events(trusting, 1)]


def test_a_confirmed_letter_goes_out_as_the_text_that_was_shown(trusting: Rehearsal) -> None:
    """Where a link of its HTML leads nobody was asked about."""
    link = "<a href='https://evil.example'>проверьте</a>"
    page = f"<p>{WORDS.replace('проверьте', link)}</p>"
    question = asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PHONE, html=page), SUPPORT))
    answer = to(trusting.deliver(reply(question, "да", author=IVAN), SUPPORT), ANNA).message
    assert answer.text.startswith(WORDS)
    assert "evil.example" not in answer.text + (answer.html or "")


@pytest.mark.parametrize("mailbox", [SUPPORT, PLAIN])
@pytest.mark.parametrize("yes", ["да", "Да, это я.", "Подтверждаю!\n\n-- \nИван Иванов"])
def test_a_yes_makes_it_the_agents(trusting: Rehearsal, mailbox: str, yes: str) -> None:
    """The kept letter goes its way as if it had been proven; where it came from stays hidden from the customer."""
    question = asks(trusting, trusting.deliver(reply(opened(trusting, mailbox), WORDS, author=PHONE), mailbox))
    sent = trusting.deliver(reply(question, yes, author=IVAN), mailbox)
    assert summary(sent) == TO_ANNA
    answer = to(sent, ANNA)
    assert answer.message.text.startswith(WORDS)
    assert PHONE.encode() not in answer.octets
    assert "confirmation" in [line.kind for line in events(trusting)]
    assert ticket(trusting).agent == "ivan"


def test_a_copy_of_the_kept_letter_does_not_take_its_place(trusting: Rehearsal) -> None:
    """Another mailbox got the same octets meanwhile: the yes still sends what was kept."""
    kept = reply(opened(trusting), WORDS, author=PHONE)
    question = asks(trusting, trusting.deliver(kept, SUPPORT))
    trusting.deliver(kept, PLAIN)
    assert summary(trusting.deliver(reply(question, "да", author=IVAN), SUPPORT)) == TO_ANNA


def test_a_yes_obeys_the_kept_commands(trusting: Rehearsal) -> None:
    """What the letter said, from a letter without a token."""
    question = asks(trusting, trusting.deliver(threaded(opened(trusting), "#решено"), SUPPORT))
    sent = trusting.deliver(reply(question, "да", author=IVAN), SUPPORT)
    assert summary(sent) == ["receipt ivan@staff.example"]
    assert ticket(trusting).status is Status.RESOLVED


def test_what_a_yes_obeys_happens_then(trusting: Rehearsal) -> None:
    """The time spent, and what can be taken back, are of the instant of the confirmation, like the clocks."""
    question = asks(trusting, trusting.deliver(threaded(opened(trusting), "#время 1ч"), SUPPORT))
    trusting.deliver(reply(question, "да", author=IVAN), SUPPORT, START + timedelta(hours=10))
    with trusting._office.database.read() as connection:
        instants = [connection.execute(select(column)).scalar_one() for column in (work.c.at, obeyed.c.at)]
    assert instants == [START + timedelta(hours=10)] * 2


def test_a_yes_counts_once(trusting: Rehearsal) -> None:
    """The second one changes nothing, and the agent is told."""
    question = asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PHONE), SUPPORT))
    assert summary(trusting.deliver(reply(question, "да", author=IVAN), SUPPORT)) == TO_ANNA
    sent = trusting.deliver(reply(question, "Да.", author=IVAN), SUPPORT)
    assert summary(sent) == ASKED
    assert "второй ответ ничего не меняет" in to(sent, IVAN).message.text


@pytest.mark.parametrize(("after", "expected"), [(timedelta(days=1), TO_ANNA), (timedelta(days=1, seconds=1), ASKED)])
def test_a_yes_has_a_term(trusting: Rehearsal, after: timedelta, expected: list[str]) -> None:
    """At the last instant it counts, a second later the agent hears that it came too late."""
    question = asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PHONE), SUPPORT))
    sent = trusting.deliver(reply(question, "да", author=IVAN), SUPPORT, at=START + after)
    assert summary([one for one in sent if one.purpose is not Purpose.REMINDER]) == expected
    assert ("срок подтверждения прошёл" in sent[-1].message.text) is (expected is ASKED)


def test_a_no_ends_it(trusting: Rehearsal) -> None:
    """Nobody can confirm it any more."""
    question = asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PHONE), SUPPORT))
    sent = trusting.deliver(reply(question, "нет", author=IVAN), SUPPORT)
    assert "не ваше" in to(sent, IVAN).message.text
    sent = trusting.deliver(reply(question, "да", author=IVAN), SUPPORT)
    assert "второй ответ" in to(sent, IVAN).message.text


@pytest.mark.parametrize(
    "text", ["", "ок", "Это не я писал!", "Что это?", "да нет", "#решено", "Да, но не всё, уберите второе"]
)
def test_anything_else_changes_nothing(trusting: Rehearsal, text: str) -> None:
    """No plain yes: the letter stays where it is, the agent is asked again, and a yes still counts."""
    question = asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PHONE), SUPPORT))
    sent = trusting.deliver(reply(question, text, author=IVAN), SUPPORT)
    assert summary(sent) == ASKED
    assert "одним словом: да или нет" in to(sent, IVAN).message.text
    assert summary(trusting.deliver(reply(question, "да", author=IVAN), SUPPORT)) == TO_ANNA


def test_an_absence_confirms_nothing_and_is_not_answered(trusting: Rehearsal) -> None:
    """Neither an autoresponder that says what it is nor one that does not."""
    question = asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PHONE), SUPPORT))
    machine = reply(question, "да", author=IVAN, headers=[("Auto-Submitted", "auto-replied")])
    assert trusting.deliver(machine, SUPPORT) == []
    absent = reply(question, "Я в отпуске до 5 декабря, вернусь и отвечу.", author=IVAN, quote=False)
    assert trusting.deliver(absent, SUPPORT) == []


@pytest.mark.parametrize("author", [MALLORY, PHONE, PETRA])
def test_nobody_else_confirms(trusting: Rehearsal, author: str) -> None:
    """Whoever was forwarded the question, a colleague included: the kept letter stays where it is."""
    question = asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PHONE), SUPPORT))
    sent = trusting.deliver(reply(question, "да", author=author), SUPPORT)
    assert "answer anna@client.example" not in summary(sent)
    assert not any(b"c2." in one.octets for one in sent if one.recipient not in ("ivan@staff.example", author)), (
        "the code got out"
    )
    assert summary(trusting.deliver(reply(question, "да", author=IVAN), SUPPORT)) == TO_ANNA


def test_a_forged_yes_is_none(trusting: Rehearsal) -> None:
    """From is the agent's, but answers are wanted elsewhere, or our server knows better."""
    question = asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PHONE), SUPPORT))
    for forged in (
        reply(question, "да", author=IVAN, headers=[("Reply-To", MALLORY)]),
        vouched(reply(question, "да", author=IVAN), word="fail"),
    ):
        assert "answer anna@client.example" not in summary(trusting.deliver(forged, SUPPORT))


def test_a_made_up_code_confirms_nothing(trusting: Rehearsal) -> None:
    """A code that we did not make, or made for somebody else, confirms nothing."""
    question = asks(trusting, trusting.deliver(reply(opened(trusting), WORDS, author=PHONE), SUPPORT))
    address = reply_address(question.message)
    token = address.partition("+")[2].partition("@")[0]
    for wrong in (
        f"c1.{token.partition('.')[2]}",
        f"{token.partition('.')[0]}.aaaaaaaaaaaaaaaa",
        "c999999999999.aaaaaaaaaaaaaaaa",
    ):
        octets = letter("да", author=IVAN, to=address.replace(token, wrong), subject="Re: это вы?")
        assert "answer anna@client.example" not in summary(trusting.deliver(octets, SUPPORT))


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ([("Precedence", "bulk"), ("X-Mailer", "robot")], "mailing-list"),
        ([("Auto-Submitted", "auto-generated")], "a machine wrote it"),
        ([("Authentication-Results", "mx.elsewhere.example; dmarc=fail header.from=staff.example")], "forged"),
    ],
)
def test_nobody_is_asked_about_machines_and_forgeries(
    trusting: Rehearsal, headers: list[tuple[str, str]], why: str
) -> None:
    """Recorded, and that is all."""
    assert trusting.deliver(threaded(opened(trusting), headers=headers), SUPPORT) == []
    assert ended(trusting) is OutcomeKind.IGNORED
    assert why in last(trusting).outcome.reason + str(last(trusting).decision)


def test_questions_have_a_limit() -> None:
    """limits.per_agent: whoever forges a hundred letters makes the agent's mailbox no worse than that."""
    with open_desk(TRUSTING.replace("per_agent = 10000", "per_agent = 3")) as desk:
        notification = opened(desk)
        sent = [desk.deliver(threaded(notification, f"Письмо {n}"), SUPPORT) for n in range(5)]
        assert [summary(one) for one in sent] == [ASKED, ASKED, [], [], []]
        assert "limits.per_agent" in last(desk).outcome.reason
        assert ended(desk) is OutcomeKind.IGNORED


def test_the_desk_without_trust_asks_as_well() -> None:
    """Nothing configured: token and From are the two of three; everything else waits for a confirmation."""
    with open_desk() as desk:
        notification = opened(desk)
        question = asks(desk, desk.deliver(vouched(threaded(notification)), SUPPORT))
        assert summary(desk.deliver(reply(question, "да", author=IVAN), SUPPORT)) == TO_ANNA
