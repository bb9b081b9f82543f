"""What customers think of our work, played through: they are asked once, answer with a word or a letter that is ready, and change their minds."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import update

from maild.desk.survey import with_question
from maild.model import Address, Draft, OutboxState, OutcomeKind, Purpose, Rating, Status, Ticket
from maild.rehearsal import Rehearsal, SentLetter
from maild.store.schema import outbox
from maild.store.surveys import find_questions, verdicts_of
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, STRANGER, open_served, order, write
from tests.walk.stage import PLAIN, START, SUPPORT, events, last, letter, reply, reply_address, summary, ticket, to
from tests.walk.test_orders import RECEIPT
from tests.walk.test_shared_mailbox import BY_IVAN, answer

OLGA_ADDRESS = "olga@romashka.example"
PAVEL = "Павел <pavel@romashka.example>"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RESOLVED = '[organization.acme.satisfaction]\nask = "resolved"\n'
CLOSED = '[organization.acme.satisfaction]\nask = "closed"\n'
WINDOW = '[organization.acme.confirmation]\nwithin = "3d"\n'
QUESTION = "Как мы справились? Нажмите на слово и отправьте готовое письмо или просто ответьте этим словом:\n"
WORDS = ["Отлично", "Нормально", "Плохо"]
TEXT = """Здравствуйте, Ольга!

Мы закончили работу над вашим обращением ACME-1.

Как мы справились? Нажмите на слово и отправьте готовое письмо или просто ответьте этим словом:
Отлично <mailto:{to}?subject=%5BACME-1%5D%20%D0%9E%D1%82%D0%BB%D0%B8%D1%87%D0%BD%D0%BE&body=%D0%9E%D1%82%D0%BB%D0%B8%D1%87%D0%BD%D0%BE%0D%0A%0D%0AACME-1:{token}>
Нормально <mailto:{to}?subject=%5BACME-1%5D%20%D0%9D%D0%BE%D1%80%D0%BC%D0%B0%D0%BB%D1%8C%D0%BD%D0%BE&body=%D0%9D%D0%BE%D1%80%D0%BC%D0%B0%D0%BB%D1%8C%D0%BD%D0%BE%0D%0A%0D%0AACME-1:{token}>
Плохо <mailto:{to}?subject=%5BACME-1%5D%20%D0%9F%D0%BB%D0%BE%D1%85%D0%BE&body=%D0%9F%D0%BB%D0%BE%D1%85%D0%BE%0D%0A%0D%0AACME-1:{token}>

Если вопрос не решён, ответьте на это письмо: обращение откроется снова.

ООО «Акме»
support@acme.example

{dashes}
Это письмо отправлено автоматически. Обращение ACME-1, код {token}"""
NOTICE = """##- Ответ выше этой строки прочитает клиент: Ольга <olga@romashka.example> -##

Клиент оценил нашу работу: Плохо
Статус обращения: решено
От: Ольга <olga@romashka.example>

Плохо. Долго.
"""


def solve(desk: Rehearsal, text: str = "Поправили.\n#решено") -> SentLetter:
    """Return what Olga gets when an agent has solved her request."""
    return to(order(desk, to(write(desk), IVAN_ADDRESS), text), OLGA_ADDRESS)


def say(desk: Rehearsal, sent: SentLetter, text: str, author: str = OLGA) -> list[SentLetter]:
    return desk.deliver(reply(sent, text, author=author), SUPPORT)


def touch(sent: SentLetter, word: str, author: str = OLGA, words: str = "") -> bytes:
    """Return the letter that a mail program begins when a word is touched, sent as it is or with `words` above."""
    assert sent.message.html
    links = {text: unescape(href) for href, text in re.findall(r'<a href="([^"]+)">([^<]+)</a>', sent.message.html)}
    parts = urlsplit(links[word])
    fields = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    body = fields["body"][0].replace("\r\n", "\n")
    return letter(f"{words}{body}\n", author=author, to=unquote(parts.path), subject=fields["subject"][0])


def verdicts(desk: Rehearsal) -> list[tuple[str, bool]]:
    with desk._office.database.read() as connection:
        return [(one.value, one.counts) for one in verdicts_of(connection, 1)]


# ── the question ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_is_asked_unless_the_organisation_wants_it() -> None:
    with open_served() as desk:
        assert "Как мы справились" not in solve(desk).message.text


def test_it_stands_in_the_letter_that_tells_of_the_end() -> None:
    """In the answer, or in our own words; and no letter holds a link that anything could follow."""
    with open_served(organization=RESOLVED) as desk:
        answer = solve(desk)
        assert answer.purpose is Purpose.ANSWER
        assert answer.message.text.startswith(f"Поправили.\n\n{QUESTION}Отлично <mailto:support+t1.")
    with open_served(organization=RESOLVED + WINDOW) as desk:
        told = solve(desk, "#решено")
        assert told.purpose is Purpose.RESOLUTION
        assert f"закроем обращение.\n\n{QUESTION}Отлично <mailto:" in told.message.text
    for one in (answer, told):
        assert one.message.html
        assert "http" not in one.message.html + one.message.text
        assert re.findall(r'href="(\w+):[^"]*">(\w+)<', one.message.html) == [("mailto", word) for word in WORDS]


def test_where_no_letter_goes_out_one_asks_by_itself() -> None:
    """In these words; marked as a machine's."""
    with open_served(organization=RESOLVED) as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), "#решено")
        assert summary(sent) == [RECEIPT, f"satisfaction {OLGA_ADDRESS}"]
        asked = to(sent, OLGA_ADDRESS).message
        address = reply_address(asked)
        token = address.partition("+")[2].partition("@")[0]
        assert asked.text == TEXT.format(to=address, token=token, dashes="-- ")
        assert asked.header("auto-submitted") == "auto-generated"


def test_an_answer_from_the_mailbox_itself_asks_in_a_letter_of_its_own() -> None:
    """The customer has the agent's letter already; the command in it brings the question."""
    with open_served(organization=RESOLVED) as desk:
        request = letter(author=OLGA)
        desk.deliver(request, SUPPORT)
        octets = answer(request, "Поправили.\n#решено", author=BY_IVAN)
        assert summary(desk.deliver(octets, SUPPORT, sent=True)) == [RECEIPT, f"satisfaction {OLGA_ADDRESS}"]


def test_a_receipt_shows_our_letter_without_the_addresses() -> None:
    with open_served(organization=RESOLVED + WINDOW) as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), "#решено")
        shown = to(sent, IVAN_ADDRESS).message.text
        assert "мы считаем, что вопрос решён." in shown
        assert "mailto" not in shown


def test_once_about_each_request() -> None:
    """Opened again and solved again, the customer is left alone; the first question may still be answered."""
    with open_served(organization=RESOLVED) as desk:
        asked = solve(desk)
        opened = say(desk, asked, "Не работает.")
        sent = order(desk, to(opened, IVAN_ADDRESS), "Теперь работает.\n#решено")
        assert "Как мы справились" not in to(sent, OLGA_ADDRESS).message.text
        say(desk, to(sent, OLGA_ADDRESS), "Отлично")
        assert verdicts(desk) == [("good", True)]


def test_only_the_requester_is_asked() -> None:
    """Who gets a copy of the answer reads the same words without the question."""
    with open_served(organization=RESOLVED) as desk:
        sent = desk.deliver(letter(author=OLGA, headers=[("Cc", PAVEL)]), SUPPORT)
        sent = order(desk, to(sent, IVAN_ADDRESS), "Поправили.\n#решено")
        assert "Как мы справились" in to(sent, OLGA_ADDRESS).message.text
        assert "Как мы справились" not in to(sent, "pavel@romashka.example").message.text


def test_whichever_letter_comes_first() -> None:
    """Of one answer to several the requester's asks."""
    olga, pavel = (Address(addr=one) for one in (OLGA_ADDRESS, "pavel@romashka.example"))
    asked = Ticket(
        id=1, number="ACME-1", organization="acme", mailbox=SUPPORT, subject="", status=Status.RESOLVED, requester=olga,
        participants=(), opened_at=START,
    )  # fmt: skip
    letters = tuple(Draft(purpose=Purpose.ANSWER, recipient=one, ticket=asked) for one in (pavel, olga))
    assert [(one.recipient, one.asks) for one in with_question(letters, asked)] == [(pavel, False), (olga, True)]


@pytest.mark.parametrize("line", ["#закрыть спам", "#спам", "#ждать", "#взять"])
def test_nobody_is_asked_about_what_has_not_ended_well(line: str) -> None:
    with open_served(organization=RESOLVED) as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), line)
        assert not [one for one in sent if one.recipient == OLGA_ADDRESS]


def test_a_question_that_was_taken_back_may_be_asked_later() -> None:
    """It had not left; what has left stays asked."""
    with open_served(organization=RESOLVED) as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "#решено")
        with desk._office.database.write() as connection:
            waits = {"state": OutboxState.QUEUED, "sent_at": None, "next_attempt_at": START + DAY}
            connection.execute(update(outbox).where(outbox.c.purpose == Purpose.SATISFACTION).values(waits))
        order(desk, notification, "#отмена")
        assert f"satisfaction {OLGA_ADDRESS}" in summary(order(desk, notification, "#решено"))
        order(desk, notification, "#отмена")
        assert f"satisfaction {OLGA_ADDRESS}" not in summary(order(desk, notification, "#решено"))


def test_at_the_end_of_the_window() -> None:
    """`closed`: by the letter that tells of it, or by one of its own; the resolution asks nothing."""
    with open_served(organization=CLOSED + WINDOW + "tell = true\n") as desk:
        assert "Как мы справились" not in solve(desk, "#решено").message.text
        sent = desk.advance(4 * DAY)
        assert summary(sent) == [f"closing {OLGA_ADDRESS}"]
        text = to(sent, OLGA_ADDRESS).message.text
        assert f"обращение откроется снова.\n\n{QUESTION}Отлично <mailto:" in text
    with open_served(organization=CLOSED + WINDOW) as desk:
        solve(desk, "#решено")
        assert summary(desk.advance(4 * DAY)) == [f"satisfaction {OLGA_ADDRESS}"]
        assert desk.advance(30 * DAY) == []


def test_when_the_customer_closes_it() -> None:
    with open_served(organization=CLOSED + WINDOW) as desk:
        told = solve(desk, "#решено")
        assert summary(say(desk, told, "Да, работает, спасибо!")) == [f"satisfaction {OLGA_ADDRESS}"]
        assert ticket(desk).status is Status.CLOSED


def test_when_an_agent_closes_it() -> None:
    with open_served(organization=CLOSED) as desk:
        assert "Как мы справились" in solve(desk, "Поправили.\n#закрыть").message.text


# ── the answers ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("word", "value"), list(zip(WORDS, Rating, strict=True)))
def test_a_word_is_enough(word: str, value: Rating) -> None:
    """Typed above the quoted letter, or by a letter that was ready: recorded, and the customer hears nothing more."""
    for ready in (False, True):
        with open_served(organization=RESOLVED) as desk:
            asked = solve(desk)
            answered = touch(asked, word) if ready else reply(asked, f"{word.lower()}!", author=OLGA)
            sent = desk.deliver(answered, SUPPORT)
            assert verdicts(desk) == [(value, True)]
            assert last(desk).outcome.kind is OutcomeKind.APPENDED
            heard = [IVAN_ADDRESS, HEAD_ADDRESS] if value is Rating.BAD else []
            assert [one.recipient for one in sent] == heard
            assert [one.text for one in events(desk) if one.kind == "in"][1] in (word, f"{word.lower()}!")


def test_a_ready_letter_says_what_it_says() -> None:
    """Cyrillic survives RFC 6068; subject and body tell the word, the last line leads to the ticket."""
    with open_served(organization=RESOLVED) as desk:
        asked = solve(desk)
        ready = touch(asked, "Нормально")
        token = reply_address(asked.message).partition("+")[2].partition("@")[0]
        found = desk_letter(ready)
        assert found["Subject"] == "[ACME-1] Нормально"
        assert found.get_content() == f"Нормально\n\nACME-1:{token}\n"


def desk_letter(octets: bytes) -> EmailMessage:
    from email import message_from_bytes
    from email.policy import default

    found = message_from_bytes(octets, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_without_subaddresses_the_ready_letter_finds_its_ticket() -> None:
    """It answers nothing and goes to the plain address: the token in its last line leads it."""
    with open_served(organization=RESOLVED) as desk:
        sent = desk.deliver(letter(author=OLGA, to="desk@acme.example"), PLAIN)
        sent = desk.deliver(reply(to(sent, IVAN_ADDRESS), "#решено", author="Иван <ivan@staff.example>"), PLAIN)
        asked = to(sent, OLGA_ADDRESS)
        assert "+" not in asked.message.text.partition("?subject")[0]
        desk.deliver(touch(asked, "Отлично"), PLAIN)
        assert verdicts(desk) == [("good", True)]
        assert len(desk.tickets()) == 1


def test_words_beside_it_stay_and_are_read() -> None:
    """They join the history, the request stays as it is, and its agent reads them; of a bad one the head as well."""
    with open_served(organization=RESOLVED) as desk:
        sent = say(desk, solve(desk), "Плохо. Долго.")
        assert summary(sent) == [f"notification {IVAN_ADDRESS}", f"notification {HEAD_ADDRESS}"]
        assert to(sent, HEAD_ADDRESS).message.text.startswith(NOTICE)
        assert ticket(desk).status is Status.RESOLVED
    with open_served(organization=RESOLVED) as desk:
        sent = desk.deliver(touch(solve(desk), "Отлично", words="Иван очень вежлив\n\n"), SUPPORT)
        assert verdicts(desk) == [("good", True)]
        assert "Иван очень вежлив" in to(sent, IVAN_ADDRESS).message.text
        assert "t1." not in to(sent, IVAN_ADDRESS).message.text.partition("-- ")[0]


def test_a_real_follow_up_opens_it_again() -> None:
    """As any letter, and the verdict counts as well."""
    with open_served(organization=RESOLVED) as desk:
        sent = say(desk, solve(desk), "Плохо, всё ещё не работает")
        assert ticket(desk).status is Status.OPEN
        assert verdicts(desk) == [("bad", True)]
        assert summary(sent) == [f"notification {IVAN_ADDRESS}", f"notification {HEAD_ADDRESS}"]
    with open_served(organization=RESOLVED + '[organization.acme.answers]\nfollowups = "team"\n') as desk:
        sent = say(
            desk, solve(desk), "Плохо, всё ещё не работает"
        )  # the head, who is told as one of the team, is told once
        assert summary(sent) == [f"notification {IVAN_ADDRESS}", f"notification {HEAD_ADDRESS}"]
    with open_served(organization=RESOLVED) as desk:
        asked = solve(desk)
        desk.deliver(reply(asked, "Нормально", author=OLGA, attachments={"снимок.pdf": b"%PDF-1.4"}), SUPPORT)
        assert ticket(desk).status is Status.OPEN


def test_praise_beside_what_is_open_is_none() -> None:
    with open_served(organization=RESOLVED) as desk:
        say(desk, solve(desk), "Отлично, но принтер не печатает")
        assert verdicts(desk) == []
        assert ticket(desk).status is Status.OPEN


def test_a_changed_mind() -> None:
    """The latest word counts, all are kept."""
    with open_served(organization=RESOLVED) as desk:
        asked = solve(desk)
        for word in ("Плохо", "Нормально", "Отлично"):
            desk.deliver(touch(asked, word), SUPPORT)
            desk.advance(HOUR)
        assert verdicts(desk) == [("bad", False), ("fair", False), ("good", True)]
        assert [one.text for one in events(desk) if one.kind == "verdict"][-1] == "good, in 'Отлично', instead of fair"


@pytest.mark.parametrize("text", ["Спасибо, отлично!", "Отлично", "Нормально. Всё работает."])
def test_in_the_window_it_may_confirm_as_well(text: str) -> None:
    with open_served(organization=RESOLVED + WINDOW) as desk:
        assert say(desk, solve(desk, "#решено"), text) == []
        assert len(verdicts(desk)) == 1
        assert ticket(desk).status is Status.CLOSED


@pytest.mark.parametrize("text", ["Плохо", "Нормально, спасибо"])
def test_other_verdicts_leave_the_window_open(text: str) -> None:
    with open_served(organization=RESOLVED + WINDOW) as desk:
        say(desk, solve(desk, "#решено"), text)
        assert ticket(desk).status is Status.RESOLVED
        desk.advance(4 * DAY)
        assert ticket(desk).status is Status.CLOSED


def test_too_late() -> None:
    """A ready letter stays in the history and does not count; typed words are a letter like any other."""
    with open_served(organization=RESOLVED + 'within = "7d"\n') as desk:
        asked = solve(desk)
        desk.advance(7 * DAY - HOUR)
        desk.deliver(touch(asked, "Плохо"), SUPPORT)
        assert verdicts(desk) == [("bad", True)]
        desk.advance(2 * HOUR)
        assert desk.deliver(touch(asked, "Отлично"), SUPPORT) == []
        assert verdicts(desk) == [("bad", True)]
        assert events(desk)[-2].text == "good, too late to count"
        desk.advance(30 * DAY)  # far beyond reopen_within
        assert desk.deliver(touch(asked, "Нормально"), SUPPORT) == []
        assert (len(desk.tickets()), verdicts(desk)) == (1, [("bad", True)])
        assert ticket(desk).status is Status.RESOLVED
        say(desk, asked, "Плохо")
        assert len(desk.tickets()) == 2


def test_while_it_is_worked_on_a_word_answers_something_else() -> None:
    """ "Отлично" to what an agent proposes is no verdict, and reaches the agent; a ready letter is one, and wakes nobody."""
    with open_served(organization=RESOLVED) as desk:
        asked = solve(desk)
        opened = say(desk, asked, "Не работает.")
        sent = order(desk, to(opened, IVAN_ADDRESS), "Мастер приедет в среду, хорошо?")
        assert f"notification {IVAN_ADDRESS}" in summary(say(desk, to(sent, OLGA_ADDRESS), "Отлично"))
        assert verdicts(desk) == []
        assert ticket(desk).status is Status.OPEN
        order(desk, to(opened, IVAN_ADDRESS), "Какая модель?")
        assert desk.deliver(touch(asked, "Нормально"), SUPPORT) == []
        assert verdicts(desk) == [("fair", True)]
        assert ticket(desk).status is Status.WAITING
        desk.deliver(touch(asked, "Плохо", words="Модель десять двадцать\n\n"), SUPPORT)  # with the answer in it
        assert verdicts(desk) == [("fair", False), ("bad", True)]
        assert ticket(desk).status is Status.OPEN


# ── whose word is none ───────────────────────────────────────────────────────────────────────────────────────────────


def _touched(asked: SentLetter) -> bytes:
    return touch(asked, "Плохо", author=STRANGER)


def _answered(asked: SentLetter) -> bytes:
    return reply(asked, "Плохо", author=STRANGER)


def _in_her_name(asked: SentLetter) -> bytes:
    return reply(asked, "Плохо", author=STRANGER, headers=[("Reply-To", OLGA)])


def _answers_elsewhere(asked: SentLetter) -> bytes:
    return reply(asked, "Плохо", author=OLGA, headers=[("Reply-To", STRANGER)])


def _by_number(_asked: SentLetter) -> bytes:
    return letter("Плохо", author=OLGA, subject="[ACME-1] Плохо")


@pytest.mark.parametrize("attempt", [_touched, _answered, _in_her_name, _answers_elsewhere, _by_number])
def test_a_stranger_with_the_letter_does_not_vote(attempt: Callable[[SentLetter], bytes]) -> None:
    """Whoever it was forwarded to: by a word that they touch, an answer, a name in Reply-To or in From alone, the number."""
    with open_served(organization=RESOLVED) as desk:
        desk.deliver(attempt(solve(desk)), SUPPORT)
        assert verdicts(desk) == []


def _their_own(mine: SentLetter, _hers: SentLetter) -> bytes:
    return reply(mine, "Плохо", author=PAVEL)


def _her_word(_mine: SentLetter, hers: SentLetter) -> bytes:
    return touch(hers, "Плохо", author=PAVEL)


def _her_name(mine: SentLetter, _hers: SentLetter) -> bytes:
    return reply(mine, "Плохо", author=OLGA, quote=False)


@pytest.mark.parametrize("attempt", [_their_own, _her_word, _her_name])
def test_who_is_copied_does_not_vote_for_the_requester(attempt: Callable[[SentLetter, SentLetter], bytes]) -> None:
    """Neither in their own name, nor with the requester's letter, nor with their own and the requester's name in From."""
    with open_served(organization=RESOLVED) as desk:
        sent = desk.deliver(letter(author=OLGA, headers=[("Cc", PAVEL)]), SUPPORT)
        sent = order(desk, to(sent, IVAN_ADDRESS), "Поправили.\n#решено")
        desk.deliver(attempt(to(sent, "pavel@romashka.example"), to(sent, OLGA_ADDRESS)), SUPPORT)
        assert verdicts(desk) == []
        assert len(desk.tickets()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        [("Auto-Submitted", "auto-replied")],
        [("X-Autoreply", "yes")],
        [("Precedence", "bulk"), ("List-Id", "<all.romashka.example>")],
    ],
)
def test_a_machine_never_votes(headers: list[tuple[str, str]]) -> None:
    with open_served(organization=RESOLVED) as desk:
        sent = desk.deliver(reply(solve(desk), "Отлично", author=OLGA, headers=headers), SUPPORT)
        assert [one for one in sent if one.recipient == OLGA_ADDRESS] == []
        assert verdicts(desk) == []


def test_nor_does_one_that_writes_of_its_own_accord() -> None:
    """The letter that was ready, sent by a program: it joins the ticket, and is nobody's word."""
    with open_served(organization=RESOLVED) as desk:
        ready = touch(solve(desk), "Отлично")
        desk.deliver(ready.replace(b"Subject:", b"Auto-Submitted: auto-generated\r\nSubject:", 1), SUPPORT)
        assert last(desk).ticket_id == 1
        assert verdicts(desk) == []


def test_a_quotation_is_no_vote() -> None:
    """Our own three words come back in every answer."""
    with open_served(organization=RESOLVED) as desk:
        asked = solve(desk)
        for text in ("", "Добрый день!", "Смотрите ниже."):
            say(desk, asked, text)
        desk.deliver(letter(asked.message.text, author=OLGA, subject="Fwd: " + asked.message.subject), SUPPORT)
        assert verdicts(desk) == []


def test_it_is_kept_whose_work_it_was() -> None:
    """As it stood when the customer was asked, with the term in which an answer counts; nobody's is who solved it."""
    with open_served(organization=RESOLVED) as desk:
        solve(desk, "#решено")
        with desk._office.database.read() as connection:
            (question,) = find_questions(connection, [1]).values()
        assert question.until - question.at == 14 * DAY
        assert (question.agent, question.client) == ("ivan", "romashka")


# ── a request that was merged after the question ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("word", "stored"), [("Отлично", "good"), ("Плохо", "bad")])
def test_a_verdict_on_a_request_that_was_merged_since_counts_for_that_one(word: str, stored: str) -> None:
    """It was asked about that one; what the other comes to, the verdict leaves alone."""
    with open_served(organization=RESOLVED) as desk:
        first = to(write(desk), IVAN_ADDRESS)
        asked = to(order(desk, first, "Поправили.\n#решено"), OLGA_ADDRESS)
        second = to(write(desk, text="Мигает зелёная лампочка.", subject="Ещё вопрос"), IVAN_ADDRESS)
        order(desk, first, "#открыть")
        order(desk, first, "#объединить с ACME-2")
        order(desk, second, "#решено")
        told = desk.deliver(touch(asked, word), SUPPORT)
        assert summary(told) == (
            [] if word == "Отлично" else [f"notification {IVAN_ADDRESS}", f"notification {HEAD_ADDRESS}"]
        )
        assert verdicts(desk) == [(stored, True)]
        with desk._office.database.read() as connection:
            assert verdicts_of(connection, 2) == []
        assert (last(desk).ticket_id, ticket(desk, 2).status) == (2, Status.RESOLVED)
        assert any(f"about ACME-1: {stored}" in one.text for one in events(desk, 2) if one.kind == "verdict")


def test_a_word_to_a_merged_request_is_no_verdict_on_what_is_worked_on() -> None:
    """Only the letter that we had ready says which of the two is meant."""
    with open_served(organization=RESOLVED) as desk:
        first = to(write(desk), IVAN_ADDRESS)
        asked = to(order(desk, first, "Поправили.\n#решено"), OLGA_ADDRESS)
        write(desk, text="Мигает зелёная лампочка.", subject="Ещё вопрос")
        order(desk, first, "#открыть")
        order(desk, first, "#объединить с ACME-2")
        say(desk, asked, "Отлично")
        assert (last(desk).ticket_id, verdicts(desk)) == (2, [])
