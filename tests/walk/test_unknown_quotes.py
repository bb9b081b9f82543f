"""Answers whose quotation nobody can tell from their words: a customer's line in it is no order of the agent's."""

import pytest

from maild.model import OutcomeKind, Purpose, Status
from maild.rehearsal import SentLetter
from tests.walk.stage import ANNA, IVAN, SUPPORT, ended, letter, open_desk, summary, ticket
from tests.walk.steered import open_steered
from tests.walk.test_passing_on import OLGA_ADDRESS
from tests.walk.test_releasing import answer, passed
from tests.walk.test_shared_mailbox import BY_IVAN, put
from tests.walk.test_trust import TRUSTING, vouched

ASKED = "Помогите\n#закрыть\n\nАнна Петрова"
RECEIPT = ["receipt ivan@staff.example"]
HEADERS = [
    "Анна Петрова 23.11.2026 09:10",  # no colon, no address
    "anna@client.example ⇒ 23/11/2026",
    "Анна Петрова, 23 ноября, сообщает следующее:",
    "ანა პეტროვა <anna@client.example> წერს",
    "보낸 사람 Анна Петрова\n날짜 2026-11-23 09:10",
    "____ 元のメッセージ ____",
    "~~~~~~~~~~~~~~~~~~~~~",
    "* * *",
    "",
]


def sent(header: str, words: str, asked: str = ASKED) -> bytes:
    """Return an answer from the mailbox as a client keeps it that marks no line of the quotation."""
    return letter(f"{words}\n\n{header}\n{asked}\n", author=BY_IVAN, to=ANNA, subject="Re: [ACME-1] Не печатает")


def not_done(letters: list[SentLetter]) -> list[str]:
    """Return the commands that a receipt says were not carried out."""
    text = next(one for one in letters if one.purpose is Purpose.RECEIPT).message.text
    return [line.partition(": ")[2].partition(" (")[0] for line in text.splitlines() if line.startswith("Не сделано")]


@pytest.mark.parametrize("header", HEADERS)
def test_the_customers_lines_below_a_header_that_nobody_knows(header: str) -> None:
    """The answer counts, the lines order nothing, and the agent hears of the one that looks as if it did."""
    with open_desk() as desk:
        desk.deliver(letter(ASKED), SUPPORT)
        letters = put(desk, sent(header, "Заменили картридж."))
        assert (ticket(desk, 1).status, ended(desk)) == (Status.WAITING, OutcomeKind.APPENDED)
        assert (summary(letters), not_done(letters)) == (RECEIPT, ["#закрыть"])


@pytest.mark.parametrize("header", [one for one in HEADERS if one])
def test_what_the_customer_hid_below_such_a_header(header: str) -> None:
    """A line that our reading of their letter did not show us, but their client's does show the agent."""
    with open_desk() as desk:
        desk.deliver(letter("Помогите\n-- \n#закрыть"), SUPPORT)
        for n, asked in enumerate(("Помогите\n-- \n#закрыть", "Помогите\n#закрыть")):
            letters = put(desk, sent(header, f"Заменили картридж {n}.", asked))
            assert (ticket(desk, 1).status, not_done(letters)) == (Status.WAITING, ["#закрыть"])


@pytest.mark.parametrize("header", HEADERS)
def test_the_agents_own_commands_above_it(header: str) -> None:
    """They are carried out, the customer's lines hold nothing up; at the top even the same words are the agent's."""
    with open_desk() as desk:
        desk.deliver(letter(ASKED), SUPPORT)
        letters = put(desk, sent(header, "Заменили картридж.\n\n#взять\n#решено"))
        assert (ticket(desk, 1).status, not_done(letters)) == (Status.RESOLVED, ["#закрыть"])
        put(desk, sent(header, "#закрыть\n\nЗаменили картридж."))
        assert ticket(desk, 1).status is Status.CLOSED


def test_a_customers_letter_that_an_agent_answers_to_us() -> None:
    """Our server vouches for the agent, whose own client quotes the customer's letter without a word about it."""
    with open_desk(TRUSTING) as desk:
        desk.deliver(letter(ASKED), SUPPORT)
        words = f"Замените картридж.\n\n{ASKED}"
        mine = letter(
            words, author=IVAN, subject="Re: [ACME-1] Не печатает", headers=[("In-Reply-To", "<1@x.example>")]
        )
        letters = desk.deliver(vouched(mine), SUPPORT)
        assert summary(letters) == ["answer anna@client.example", *RECEIPT]
        assert (ticket(desk, 1).status, not_done(letters)) == (Status.WAITING, ["#закрыть"])


def test_a_units_lines_are_no_orders_either() -> None:
    """Whoever a request was passed on to has written what looks like one, and stands quoted in what an agent sends."""
    with open_steered() as desk:
        answer(desk, passed(desk), "Исправлено в версии 9.\n#закрыть")
        words = "Скачайте версию 9.\n\nИсправлено в версии 9.\n#закрыть"
        letters = put(desk, letter(words, author=BY_IVAN, to=OLGA_ADDRESS, subject="Re: [ACME-1] Не печатает"))
        assert (ticket(desk, 1).status, not_done(letters)) == (Status.WAITING, ["#закрыть"])
