"""Mail programs as they are: each answers a real notification, and the customer gets its words and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.ingest.parse import parse
from maild.rehearsal import Rehearsal, SentLetter
from tests.clients.programs import PROGRAMS, Account, s_nail_below
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.walk.stage import IVAN, SUPPORT, letter, open_desk, summary, to

WORDS = "Здравствуйте, Анна!\n\nПерезагрузите принтер и напишите, помогло ли."
ANSWER = f"{WORDS}\n\nООО «Акме»\nsupport@acme.example\n\n-- \nОбращение ACME-1, код"


def leaks(answer: SentLetter, notification: SentLetter) -> list[str]:
    """Return what of the notification, and of the agent's own address, the customer got to read anywhere in the answer."""
    lines = {line.strip() for line in notification.message.text.splitlines() if len(line.strip()) > 3}
    read = f"{answer.message.text}\n{answer.message.html}\n{answer.octets.decode('ascii')}"
    return [line for line in (*lines, "ivan@staff.example", "##-") if line in read]


@pytest.fixture
def desk() -> Iterator[Rehearsal]:
    with open_desk() as desk:
        yield desk


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """Ivan's mailbox on servers of its own."""
    home = tmp_path / "home"
    home.mkdir()
    dovecot = Dovecot(tmp_path)
    dovecot.start()
    try:
        with SmtpServer().in_thread() as smtp:
            yield Account(dovecot=dovecot, smtp=smtp, home=home, name="Ivan Ivanov", address="ivan@staff.example")
    finally:
        dovecot.close()


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_customer_gets_the_words_alone(desk: Rehearsal, account: Account, program: str) -> None:
    """Fetched by IMAP, answered with the program's own quotation, sent by its own SMTP: the words arrive, and only they."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    account.dovecot.append(notification.octets)
    PROGRAMS[program](account, WORDS)
    sent = account.smtp.letters  # nmh writes to Reply-To and From, which both are ours
    reply_to = notification.message.reply_to[0].addr
    assert [one.recipient for one in sent] in ([reply_to], [reply_to, "support@acme.example"])
    assert "> " in parse(sent[0].octets).text
    answers = [answer for one in sent for answer in desk.deliver(one.octets, SUPPORT)]
    assert summary(answers) == ["answer anna@client.example"]
    assert answers[0].message.text.startswith(ANSWER)
    assert leaks(answers[0], notification) == []


def test_words_below_the_quotation_reach_the_customer_alone(desk: Rehearsal, account: Account) -> None:
    """Who answers below what they quote says it there: the words go out, and nothing of our notification."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    account.dovecot.append(notification.octets)
    s_nail_below(account, WORDS)
    (sent,) = account.smtp.letters
    answers = desk.deliver(sent.octets, SUPPORT)
    assert summary(answers) == ["answer anna@client.example"]
    assert answers[0].message.text.startswith(ANSWER)
    assert leaks(answers[0], notification) == []
